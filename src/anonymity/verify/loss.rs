//! Every metric of loss by its formula.

use std::collections::BTreeMap;

use super::rules::payout;
use crate::anonymity::criterion::Rule;
use crate::anonymity::{Aggregate, Anonymization, Hierarchy, Metric};

/// A class with what the metrics ask of it; failed ones with the labels they would have.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    pub(super) n: u64,
    pub(super) n_population: u64,
    pub(super) is_failed: bool,
    /// Of every quasi-identifier, the values of its hierarchy under the class's label.
    pub(super) covered: Vec<u64>,
}

/// A quasi-identifier with its level and the values of all released rows.
pub(super) struct Column<'a> {
    pub(super) hierarchy: &'a Hierarchy,
    /// `None` for local labels.
    pub(super) level: Option<usize>,
    pub(super) weight: f64,
    /// Released rows of every value of level 0, those that are suppressed, and all.
    pub(super) values: BTreeMap<u32, (u64, u64)>,
}

/// The loss, one number or, by rank, several; `None` for a metric that has no meaning for local labels.
pub(super) fn loss(asked: &Anonymization, columns: &[Column<'_>], classes: &[Lost]) -> Option<Vec<f64>> {
    let gs = asked.quality.gs_factor;
    let suppression = if gs < 0.5 { 2.0 * gs } else { 1.0 };
    let generalisation = if gs <= 0.5 { 1.0 } else { 2.0 - 2.0 * gs };
    let n: u64 = classes.iter().map(|class| class.n).sum();
    let s: u64 = classes.iter().filter(|class| class.is_failed).map(|class| class.n).sum();
    let (rows, suppressed) = (n as f64, s as f64);
    let metric = asked.quality.metric();
    let squares = |class: &Lost| (class.n as f64) * class.n as f64;
    if let Some(aggregate) = asked.quality.aggregate() {
        let mut losses = Vec::with_capacity(columns.len());
        for (place, column) in columns.iter().enumerate() {
            let height = column.hierarchy.height() as f64;
            let level = column.level.map(|level| level as f64);
            let relative = |level: f64| if height == 0.0 { 0.0 } else { generalisation * level / height };
            let x = match metric {
                Metric::Loss => share_lost(place, column, classes, generalisation, suppression, rows, suppressed),
                Metric::Precision => relative(level?),
                Metric::NmPrecision => ((rows - suppressed) * relative(level?) + suppressed * suppression) / rows,
                Metric::Height => level?,
                Metric::Nue => entropy_lost(column, generalisation, 0.0)?,
                Metric::NmNue => entropy_lost(column, generalisation, suppression)?,
                _ => return None,
            };
            losses.push(column.weight * x);
        }
        return Some(aggregated(aggregate, losses));
    }
    let n_kept = classes.iter().filter(|class| !class.is_failed).count() as f64;
    let stakes = asked.quality.profit.or_else(|| {
        asked.criteria.iter().find_map(|criterion| match criterion.rule {
            Rule::Profitability { profit, .. } => Some(profit),
            _ => None,
        })
    });
    let sum = |kept: &dyn Fn(&Lost) -> f64, failed: &dyn Fn(&Lost) -> f64| {
        classes.iter().map(|class| if class.is_failed { failed(class) } else { kept(class) }).sum::<f64>()
    };
    let of_class = |class: &Lost| information_loss(columns, class);
    let one = match metric {
        // SPEC: the factors are swapped on purpose.
        Metric::Aecs => rows / (suppression * n_kept + generalisation * f64::from(u8::from(s > 0))),
        Metric::DmStar => sum(&squares, &squares),
        Metric::Dm => sum(&squares, &|class| rows * class.n as f64),
        Metric::Ebil => {
            sum(&|class| generalisation * class.n as f64 * of_class(class), &|class| suppression * class.n as f64)
        }
        Metric::Payout | Metric::PayoutJournalist => {
            let stakes = stakes?;
            let success =
                |class: &Lost| 1.0 / if metric == Metric::Payout { class.n as f64 } else { class.n_population as f64 };
            sum(
                &|class| {
                    let paid = payout(stakes, of_class(class), success(class));
                    generalisation * class.n as f64 * (stakes.benefit - paid)
                },
                &|class| suppression * class.n as f64 * stakes.benefit,
            )
        }
        _ => return None,
    };
    Some(vec![one])
}

/// IL of a class.
pub(super) fn information_loss(columns: &[Column<'_>], class: &Lost) -> f64 {
    let shares = columns
        .iter()
        .zip(&class.covered)
        .map(|(column, covered)| *covered as f64 / column.hierarchy.n_values() as f64);
    let product: f64 = shares.product();
    let values: f64 = columns.iter().map(|column| column.hierarchy.n_values() as f64).product();
    let divisor = values.log10();
    if divisor == 0.0 { 0.0 } else { (1.0 + product.log10() / divisor).clamp(0.0, 1.0) }
}

fn share_lost(
    place: usize,
    column: &Column<'_>,
    classes: &[Lost],
    generalisation: f64,
    suppression: f64,
    rows: f64,
    suppressed: f64,
) -> f64 {
    let covered = |is_failed: bool| -> u128 {
        let some = classes.iter().filter(|class| class.is_failed == is_failed);
        some.map(|class| u128::from(class.n) * u128::from(class.covered.get(place).copied().unwrap_or(0))).sum()
    };
    let values = column.hierarchy.n_values() as f64;
    let of_failed = if suppression == 1.0 {
        suppressed
    } else {
        (1.0 - suppression) * covered(true) as f64 / values + suppression * suppressed
    };
    let whole = generalisation * covered(false) as f64 / values + of_failed;
    let low = generalisation * rows / values;
    if rows == low { 0.0 } else { floor10(((whole - low) / (rows - low)).max(0.0)) }
}

fn entropy_lost(column: &Column<'_>, generalisation: f64, suppression: f64) -> Option<f64> {
    let level = column.level?;
    let group = |value: u32| column.hierarchy.group(level, value).unwrap_or(value);
    let mut groups: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for (value, (failed, all)) in &column.values {
        let counts = groups.entry(group(*value)).or_default();
        counts.0 += failed;
        counts.1 += all;
    }
    let generalised: f64 = column
        .values
        .iter()
        .map(|(value, (_, all))| {
            let (all, of_group) = (*all as f64, groups.get(&group(*value)).map_or(1, |counts| counts.1) as f64);
            all * (all / of_group).log2()
        })
        .sum();
    let s: u64 = groups.values().map(|counts| counts.0).sum();
    let of_failed: f64 = groups
        .values()
        .filter(|counts| counts.0 > 0)
        .map(|counts| counts.0 as f64 * (counts.0 as f64 / s as f64).log2())
        .sum();
    Some(floor10(-generalisation * generalised - suppression * of_failed))
}

fn aggregated(aggregate: Aggregate, mut losses: Vec<f64>) -> Vec<f64> {
    let m = losses.len() as f64;
    match aggregate {
        Aggregate::Arithmetic => vec![losses.iter().sum::<f64>() / m],
        Aggregate::Geometric => vec![losses.iter().map(|loss| 1.0 + loss).product::<f64>().powf(1.0 / m) - 1.0],
        Aggregate::Sum => vec![losses.iter().sum()],
        Aggregate::Max => vec![losses.iter().copied().fold(0.0, f64::max)],
        Aggregate::Rank => {
            losses.sort_by(|a, b| b.total_cmp(a));
            losses
        }
    }
}

fn floor10(x: f64) -> f64 {
    (x * 1e10).floor() / 1e10
}
