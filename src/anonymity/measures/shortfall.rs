//! How far a table is from what is wanted of it.

use super::class_view::{ClassView, Logs};
use super::extremes::Counted;
use super::measures::Measures;
use super::witness::Witness;
use crate::anonymity::criterion::Rule;
use crate::anonymity::{AnonymityError, Criterion, EntropyEstimator};

/// How many rows break a wanted criterion, and what would repair it.
///
/// # Privacy
/// Names a class through its [`Witness`], which `Debug` redacts.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortfall {
    criterion: &'static str,
    n_classes: u64,
    n_rows: u64,
    n_rows_to_add: Option<u64>,
    first: Option<Witness>,
}

impl Shortfall {
    /// Gives the name of the criterion.
    pub const fn criterion(&self) -> &'static str {
        self.criterion
    }

    /// Says whether the criterion is kept.
    pub const fn is_kept(&self) -> bool {
        self.n_classes == 0
    }

    /// Gives the number of classes that break it.
    pub const fn n_classes(&self) -> u64 {
        self.n_classes
    }

    /// Gives the rows in those classes: suppressing them repairs the table, or generalising them into others.
    ///
    /// Where distributions are compared, suppression changes that of the table too; measure again afterwards.
    pub const fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Gives the least number of rows which, added to the classes that break it, would repair it; for k-anonymity and
    /// distinct l-diversity, where rows with other values are meant.
    pub const fn n_rows_to_add(&self) -> Option<u64> {
        self.n_rows_to_add
    }

    /// Gives the first class that breaks it.
    pub const fn first(&self) -> Option<&Witness> {
        self.first.as_ref()
    }
}

impl Measures<'_> {
    /// Says how far the table is from a criterion.
    ///
    /// # Errors
    /// [`AnonymityError::Role`] if the criterion's column was not measured, [`AnonymityError::Unsupported`] for criteria
    /// that need a population, an order or a hierarchy the measures were not made with, or that look at the whole table.
    ///
    /// # Complexity
    /// `O(c · log c)` over the `c` counts of classes that are not 0.
    pub fn shortfall(&self, criterion: &Criterion) -> Result<Shortfall, AnonymityError> {
        let mut shortfall =
            Shortfall { criterion: criterion.name(), n_classes: 0, n_rows: 0, n_rows_to_add: None, first: None };
        let rule = &criterion.rule;
        if let Rule::KAnonymity { k } = rule {
            let sizes = self.groupings.first().map(|grouping| grouping.sizes.as_slice()).unwrap_or_default();
            let short = sizes.iter().map(|n| k.saturating_sub(u64::from(*n)));
            let failing = sizes.iter().zip(short).enumerate().map(|(class, (n, short))| (class, u64::from(*n), short));
            self.tally(&mut shortfall, failing, 0, None, true);
            return Ok(shortfall);
        }
        let unsupported = |instead| AnonymityError::Unsupported { what: criterion.name(), instead };
        let column = criterion.column().ok_or_else(|| unsupported("read it off the risk, or search with it"))?;
        let counted = self.counted.iter().find(|counted| counted.attribute.name == column);
        let counted = counted
            .ok_or_else(|| AnonymityError::Role { column: column.to_owned(), expected: "sensitive and measured" })?;
        let grouping = self.groupings.get(counted.grouping).ok_or(AnonymityError::NoQuasiIdentifier)?;
        match rule {
            Rule::TOrdered { order: Some(_), .. } => return Err(unsupported("declare the column's own order")),
            Rule::THierarchical { .. } if counted.whole.tree.is_none() => {
                return Err(unsupported("here without its hierarchy; measure with that distance"));
            }
            _ => {}
        }
        let logs = Logs::new();
        let failing = counted.views(grouping).map(|(class, view)| (class, view.n, lacks(rule, view, &logs)));
        let can_add = matches!(rule, Rule::DistinctL { .. });
        self.tally(&mut shortfall, failing, counted.grouping, Some(counted), can_add);
        Ok(shortfall)
    }

    /// Adds up classes, each with its rows and the rows it lacks.
    fn tally(
        &self,
        shortfall: &mut Shortfall,
        classes: impl Iterator<Item = (usize, u64, u64)>,
        grouping: usize,
        counted: Option<&Counted<'_>>,
        can_add: bool,
    ) {
        let mut to_add = 0u64;
        for (class, n, short) in classes.filter(|(_, _, short)| *short > 0) {
            if shortfall.n_classes == 0 {
                let column = counted.map(|counted| counted.attribute.name.as_str());
                shortfall.first = Some(self.witness_of(grouping, class, column, None, shortfall.criterion));
            }
            shortfall.n_classes += 1;
            shortfall.n_rows += n;
            to_add = to_add.saturating_add(short);
        }
        shortfall.n_rows_to_add = can_add.then_some(to_add);
    }
}

/// The rows a class lacks, as far as that is known; 1 if it fails in another way, 0 if it passes.
fn lacks(rule: &Rule, class: ClassView<'_>, logs: &Logs) -> u64 {
    let both = class.n as f64 * class.whole.n as f64;
    let passes = match rule {
        Rule::DistinctL { l, .. } => return l.saturating_sub(class.n_distinct()),
        Rule::EntropyL { l, estimator, .. } => {
            class.n_distinct() as f64 >= l.ceil() && has_entropy(class, *l, *estimator, logs)
        }
        Rule::RecursiveL { c, l, .. } => {
            let ratio = class.recursive_c(*l, &mut Vec::new());
            let is_less = ratio.is_some_and(|ratio| (ratio.numerator as f64) < c * ratio.denominator as f64);
            class.n_distinct() >= *l && is_less
        }
        Rule::TEqual { t, .. } => class.t_equal() as f64 <= t * both,
        Rule::TOrdered { t, .. } => {
            class.t_ordered() as f64 <= t * both * class.whole.totals.len().saturating_sub(1) as f64
        }
        Rule::THierarchical { t, .. } => {
            let height = class.whole.tree.as_ref().map_or(0, |tree| tree.height);
            class.t_hierarchical().is_none_or(|sum| sum as f64 <= t * both * height as f64)
        }
        Rule::Beta { beta, enhanced, .. } => class.cells.iter().all(|cell| {
            let gain = class.beta(*cell);
            gain <= *beta && (!enhanced || gain <= 0.0 || gain <= class.bound(cell.value))
        }),
        Rule::DeltaDisclosure { delta, .. } => {
            class.cells.iter().all(|cell| class.ratio(*cell).value().log2().abs() < *delta)
        }
        _ => true,
    };
    u64::from(!passes)
}

fn has_entropy(class: ClassView<'_>, l: f64, estimator: EntropyEstimator, logs: &Logs) -> bool {
    let n = class.n as f64;
    match estimator {
        EntropyEstimator::Shannon => class.sum_f_ln_f(logs) <= n * (n.ln() - l.ln()) + TOLERANCE * n * (1.0 + n.ln()),
        EntropyEstimator::Grassberger => {
            // Terms can be negative: the sum is complete before it is compared.
            let sum: f64 = class.cells.iter().map(|cell| f64::from(cell.n) * grassberger(u64::from(cell.n))).sum();
            sum <= n * (grassberger(class.n) - l.ln())
        }
    }
}

/// G(n) of Grassberger's estimator.
fn grassberger(n: u64) -> f64 {
    let first = -EULER - std::f64::consts::LN_2;
    if n < 2 { first } else { (1..n / 2).fold(first + 2.0, |sum, j| sum + 2.0 / (2 * j + 1) as f64) }
}

const TOLERANCE: f64 = 1e-12;
/// The constant of Euler and Mascheroni.
const EULER: f64 = 0.577_215_664_901_532_9;
