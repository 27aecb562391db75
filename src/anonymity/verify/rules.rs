//! Every criterion by its definition, as plainly as it can be said.

use std::collections::BTreeMap;

use super::class::{Class, Whole};
use crate::anonymity::criterion::{Attack, EntropyEstimator, PopulationEstimator, Profit, Rule};
use crate::anonymity::{AbsentClasses, AnonymityError, Criterion, Hierarchy};

/// What a criterion may look at beside the class.
pub(super) struct Context<'a> {
    /// Released rows.
    pub(super) n: u64,
    /// All rows of the input.
    pub(super) n_population: u64,
    pub(super) wholes: &'a [Whole],
    /// Entropy-based information loss of a class, for profitability.
    pub(super) information_loss: &'a dyn Fn(&Class) -> f64,
}

/// Whether a kept class with a released row keeps a criterion.
pub(super) fn keeps(class: &Class, criterion: &Criterion, context: &Context<'_>) -> Result<bool, AnonymityError> {
    let n = class.n;
    let about = |column: &str| {
        let place = context.wholes.iter().position(|whole| whole.name == column);
        let found = place.and_then(|place| Some((class.sensitive.get(place)?, context.wholes.get(place)?)));
        found.ok_or_else(|| AnonymityError::NotVerified { problem: format!("column `{column}` was not counted") })
    };
    Ok(match &criterion.rule {
        Rule::KAnonymity { k } => n >= *k,
        Rule::DistinctL { column, l } => about(column)?.0.len() as u64 >= *l,
        Rule::EntropyL { column, l, estimator } => entropy(about(column)?.0, n, *l, *estimator),
        Rule::RecursiveL { column, c, l } => recursive(about(column)?.0, *c, *l),
        Rule::TEqual { column, t } => {
            let (counts, whole) = about(column)?;
            let values = whole.counts.keys().chain(counts.keys()).collect::<std::collections::BTreeSet<_>>();
            let apart: i128 = values.into_iter().map(|value| excess(counts, whole, *value, n, context.n).abs()).sum();
            at_most(apart as f64, 2.0 * t * n as f64 * context.n as f64)
        }
        Rule::TOrdered { column, t, order } => {
            let (counts, whole) = about(column)?;
            ordered(counts, whole, order.as_deref(), n, context.n, *t)?
        }
        Rule::THierarchical { column, t, hierarchy } => {
            let (counts, whole) = about(column)?;
            let apart = hierarchical(counts, whole, hierarchy, n, context.n)?;
            at_most(apart as f64, t * hierarchy.height() as f64 * n as f64 * context.n as f64)
        }
        Rule::Beta { column, beta, enhanced } => {
            let (counts, whole) = about(column)?;
            counts.iter().all(|(value, count)| {
                let (q, p) = (*count as f64 / n as f64, share(whole, *value, context.n));
                let bound = if *enhanced { beta.min(-p.ln()) } else { *beta };
                (q - p) / p <= bound + TOLERANCE
            })
        }
        Rule::DeltaDisclosure { column, delta } => {
            let (counts, whole) = about(column)?;
            counts.iter().all(|(value, count)| {
                let (q, p) = (*count as f64 / n as f64, share(whole, *value, context.n));
                (q / p).log2().abs() < delta + TOLERANCE
            })
        }
        Rule::DeltaPresence { low, high } => {
            let share = n as f64 / class.n_population as f64;
            share >= low - TOLERANCE && share <= high + TOLERANCE
        }
        Rule::KMap { k } => class.n_population >= *k,
        Rule::KMapEstimated { k, population, significance, estimator } => {
            n >= estimated(*k, *population, *significance, *estimator, context)
        }
        Rule::Profitability { attack, profit } => {
            profitable(class, *attack, *profit, (context.information_loss)(class))
        }
        Rule::AverageRisk { .. } | Rule::SampleUniqueness { .. } => true,
    })
}

/// Whether a class of the population without a released row is allowed.
pub(super) fn keeps_absent(criterion: &Criterion, is_checked: bool) -> bool {
    match criterion.rule {
        Rule::DeltaPresence { low, .. } if is_checked => low <= TOLERANCE,
        _ => true,
    }
}

/// Whether absent classes are tested.
pub(super) fn checks_absent(asked: AbsentClasses, criteria: &[Criterion]) -> bool {
    let sets_a_size = criteria.iter().any(|criterion| {
        matches!(
            criterion.rule,
            Rule::KAnonymity { .. }
                | Rule::DistinctL { .. }
                | Rule::EntropyL { .. }
                | Rule::RecursiveL { .. }
                | Rule::KMapEstimated { .. }
                | Rule::Profitability { attack: Attack::ProsecutorNoAttack, .. }
        )
    });
    asked == AbsentClasses::Check || !sets_a_size
}

/// Whether the kept classes together keep a criterion of the sample.
pub(super) fn sample_keeps(sizes: &[u64], criterion: &Criterion) -> bool {
    let rows: u64 = sizes.iter().sum();
    if rows == 0 {
        return true;
    }
    match criterion.rule {
        Rule::AverageRisk { limit } => sizes.len() as f64 / rows as f64 <= limit + TOLERANCE,
        Rule::SampleUniqueness { limit } => {
            sizes.iter().filter(|n| **n == 1).count() as f64 / rows as f64 <= limit + TOLERANCE
        }
        _ => true,
    }
}

/// What a class pays its publisher, the loss of an attack deducted if one pays the attacker.
pub(super) fn payout(profit: Profit, information_loss: f64, success: f64) -> f64 {
    let attacked = profit.gain * success - profit.cost > 0.0;
    profit.benefit * (1.0 - information_loss) - if attacked { profit.loss * success } else { 0.0 }
}

fn profitable(class: &Class, attack: Attack, profit: Profit, information_loss: f64) -> bool {
    let n = match attack {
        Attack::Prosecutor | Attack::ProsecutorNoAttack => class.n,
        Attack::Journalist | Attack::JournalistNoAttack => class.n_population,
    };
    match attack {
        Attack::Prosecutor | Attack::Journalist => payout(profit, information_loss, 1.0 / n as f64) > 0.0,
        Attack::ProsecutorNoAttack | Attack::JournalistNoAttack => {
            n as f64 >= (profit.gain / profit.cost).floor() + 1.0
        }
    }
}

fn entropy(counts: &BTreeMap<u32, u64>, n: u64, l: f64, estimator: EntropyEstimator) -> bool {
    if (counts.len() as f64) < l.ceil() {
        return false;
    }
    let n = n as f64;
    match estimator {
        EntropyEstimator::Shannon => {
            let sum: f64 = counts.values().map(|f| *f as f64 * (*f as f64).ln()).sum();
            sum <= n * (n.ln() - l.ln()) + 1e-12 * n * (1.0 + n.ln())
        }
        EntropyEstimator::Grassberger => {
            let sum: f64 = counts.values().map(|f| *f as f64 * grassberger(*f)).sum();
            sum <= n * (grassberger(n as u64) - l.ln()) + TOLERANCE * n
        }
    }
}

fn grassberger(n: u64) -> f64 {
    let even = n - n % 2;
    if even == 0 {
        return -EULER_MASCHERONI - std::f64::consts::LN_2;
    }
    let first = 2.0 - EULER_MASCHERONI - std::f64::consts::LN_2;
    (1..even / 2).fold(first, |sum, j| sum + 2.0 / (2.0 * j as f64 + 1.0))
}

fn recursive(counts: &BTreeMap<u32, u64>, c: f64, l: u64) -> bool {
    let mut sorted: Vec<u64> = counts.values().copied().collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let tail: u64 = sorted.iter().skip(usize::try_from(l).unwrap_or(usize::MAX) - 1).sum();
    sorted.len() as u64 >= l && sorted.first().is_some_and(|most| (*most as f64) < c * tail as f64)
}

/// f_v·N - P_v·n.
fn excess(counts: &BTreeMap<u32, u64>, whole: &Whole, value: u32, n: u64, n_all: u64) -> i128 {
    let of = |counts: &BTreeMap<u32, u64>| i128::from(counts.get(&value).copied().unwrap_or(0));
    of(counts) * i128::from(n_all) - of(&whole.counts) * i128::from(n)
}

fn share(whole: &Whole, value: u32, n_all: u64) -> f64 {
    whole.counts.get(&value).copied().unwrap_or(0) as f64 / n_all as f64
}

fn ordered(
    counts: &BTreeMap<u32, u64>,
    whole: &Whole,
    order: Option<&[String]>,
    n: u64,
    n_all: u64,
    t: f64,
) -> Result<bool, AnonymityError> {
    let mut places: Vec<(usize, u32)> = Vec::with_capacity(whole.n_values);
    for value in 0..whole.n_values as u32 {
        let text = whole.texts.get(value as usize).map_or("", String::as_str);
        let place = match order {
            Some(order) => order.iter().position(|listed| listed == text),
            None => whole.ranks.get(value as usize).map(|rank| *rank as usize),
        };
        let place = place.ok_or_else(|| AnonymityError::NotVerified {
            problem: format!("a value of column `{}` is not in its declared order", whole.name),
        })?;
        places.push((place, value));
    }
    places.sort_unstable();
    if places.len() < 2 {
        return Ok(true);
    }
    let (mut running, mut sum) = (0i128, 0i128);
    for (_, value) in &places {
        running += excess(counts, whole, *value, n, n_all);
        sum += running.abs();
    }
    Ok(at_most(sum as f64, t * (places.len() - 1) as f64 * n as f64 * n_all as f64))
}

/// The cost of moving the class to the table along the hierarchy, times height, n and N.
fn hierarchical(
    counts: &BTreeMap<u32, u64>,
    whole: &Whole,
    hierarchy: &Hierarchy,
    n: u64,
    n_all: u64,
) -> Result<i128, AnonymityError> {
    // What every node has too much or too little, from the leaves up.
    let mut extras: BTreeMap<u32, i128> = BTreeMap::new();
    for value in 0..whole.n_values as u32 {
        let text = whole.texts.get(value as usize).map_or("", String::as_str);
        let leaf = hierarchy.value(text).ok_or_else(|| AnonymityError::NotVerified {
            problem: format!("a value of column `{}` is not in its hierarchy", whole.name),
        })?;
        *extras.entry(leaf).or_default() -= excess(counts, whole, value, n, n_all);
    }
    let mut cost = 0;
    for level in 1..hierarchy.n_levels() {
        let mut parents: BTreeMap<u32, (i128, i128)> = BTreeMap::new();
        for (child, extra) in &extras {
            let parent = parents.entry(hierarchy.group(level, *child).unwrap_or(0)).or_default();
            if *extra > 0 { parent.0 += extra } else { parent.1 -= extra }
        }
        cost += parents.values().map(|(more, less)| level as i128 * more.min(less)).sum::<i128>();
        extras = parents.into_iter().map(|(node, (more, less))| (node, more - less)).collect();
    }
    Ok(cost)
}

/// The least class size that estimated k-map asks for.
fn estimated(k: u64, population: u64, significance: f64, estimator: PopulationEstimator, context: &Context<'_>) -> u64 {
    let mean = k as f64 * context.n_population as f64 / population as f64;
    let none = (-mean).exp();
    let (start, whole) = match estimator {
        PopulationEstimator::Poisson => (0u64, 1.0),
        PopulationEstimator::ZeroTruncated => (1, 1.0 - none),
    };
    let mut term = none;
    for i in 1..=start {
        term *= mean / i as f64;
    }
    let (mut j, mut sum) = (start, term / whole);
    let limit = k.min(context.n);
    while sum < 1.0 - significance && j < limit {
        j += 1;
        term *= mean / j as f64;
        sum += term / whole;
    }
    limit.min(j + 1)
}

// Both sides are rounded once from whole numbers; only where they are equal does the last bit matter.
fn at_most(found: f64, allowed: f64) -> bool {
    found <= allowed * (1.0 + TOLERANCE)
}

const TOLERANCE: f64 = 1e-12;
const EULER_MASCHERONI: f64 = 0.577_215_664_901_532_9;
