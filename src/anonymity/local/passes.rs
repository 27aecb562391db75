//! Whether a class keeps every criterion, from its counts alone.

use std::collections::BTreeMap;

use super::super::criterion::{EntropyEstimator, PopulationEstimator, Rule};
use super::super::prepared::{Prepared, PreparedSensitive};
use super::super::{AnonymityError, Hierarchy};

/// Judges classes by their counts against the distribution of all released rows.
///
/// Counts of a class lie flat: one place per value, sensitive column after sensitive column.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    tests: Vec<Test<'a>>,
    columns: Vec<Counted>,
    /// Released rows: N of the specification.
    n_all: u64,
    floor: u64,
    width: usize,
}

#[derive(Debug)]
struct Counted {
    offset: usize,
    codes: Vec<u32>,
    totals: Vec<u64>,
}

#[derive(Debug)]
struct Test<'a> {
    name: &'static str,
    column: usize,
    kind: Kind<'a>,
}

#[derive(Debug)]
enum Kind<'a> {
    Size { least: u64 },
    Distinct { l: u64 },
    Shannon { l: f64 },
    Grassberger { l: f64, terms: Vec<f64> },
    Recursive { c: f64, l: u64 },
    Equal { t: f64 },
    Ordered { t: f64, order: Vec<usize> },
    Hierarchical { t: f64, hierarchy: &'a Hierarchy, leaves: Vec<u32> },
    Beta { beta: f64, enhanced: bool },
    Delta { delta: f64 },
}

impl<'a> Judge<'a> {
    /// Takes the criteria of a plan.
    ///
    /// # Errors
    /// [`AnonymityError::NotLocal`] for a criterion that is not about single classes of the released rows;
    /// [`AnonymityError::NotInHierarchy`], [`AnonymityError::Cell`] for a sensitive value without a place in the
    /// hierarchy or the declared order; [`AnonymityError::Unsupported`] for a sensitive hierarchy without one top label.
    pub(super) fn new(prepared: &Prepared<'a>) -> Result<Self, AnonymityError> {
        let mut judge = Self { tests: Vec::new(), columns: Vec::new(), n_all: prepared.n, floor: 1, width: 0 };
        for criterion in &prepared.plan.criteria {
            let name = criterion.name();
            let place = |column: &str| prepared.sensitive.iter().position(|found| found.column.name() == column);
            let column = criterion.column().and_then(place).unwrap_or(0);
            let sensitive = || prepared.sensitive.get(column).ok_or(AnonymityError::NoSensitiveColumn { what: name });
            let kind = match &criterion.rule {
                Rule::KAnonymity { k } => Kind::Size { least: *k },
                Rule::KMapEstimated { k, population, significance, estimator } => {
                    let rate = *k as f64 * prepared.table.n_rows() as f64 / *population as f64;
                    let most = (*k).min(prepared.n);
                    Kind::Size { least: estimated_size(most, rate, *significance, *estimator) }
                }
                Rule::DistinctL { l, .. } => Kind::Distinct { l: *l },
                Rule::EntropyL { l, estimator: EntropyEstimator::Shannon, .. } => Kind::Shannon { l: *l },
                Rule::EntropyL { l, estimator: EntropyEstimator::Grassberger, .. } => {
                    Kind::Grassberger { l: *l, terms: grassberger_terms(prepared.n) }
                }
                Rule::RecursiveL { c, l, .. } => Kind::Recursive { c: *c, l: *l },
                Rule::TEqual { t, .. } => Kind::Equal { t: *t },
                Rule::TOrdered { t, order, .. } => {
                    Kind::Ordered { t: *t, order: places(sensitive()?, order.as_deref())? }
                }
                Rule::THierarchical { t, hierarchy, column } => {
                    // The plan outlives the judge, and the hierarchy is part of it.
                    if !hierarchy.has_root() {
                        return Err(AnonymityError::Unsupported {
                            what: "hierarchical t-closeness without one top label",
                            instead: "add a highest level with one label for all",
                        });
                    }
                    let leaves = leaves(sensitive()?, hierarchy, column)?;
                    Kind::Hierarchical { t: *t, hierarchy, leaves }
                }
                Rule::Beta { beta, enhanced, .. } => Kind::Beta { beta: *beta, enhanced: *enhanced },
                Rule::DeltaDisclosure { delta, .. } => Kind::Delta { delta: *delta },
                Rule::DeltaPresence { .. }
                | Rule::KMap { .. }
                | Rule::AverageRisk { .. }
                | Rule::SampleUniqueness { .. }
                | Rule::Profitability { .. } => return Err(AnonymityError::NotLocal { criterion: name }),
            };
            judge.floor = judge.floor.max(match &kind {
                Kind::Size { least } => *least,
                Kind::Distinct { l } | Kind::Recursive { l, .. } => *l,
                Kind::Shannon { l } | Kind::Grassberger { l, .. } => l.ceil() as u64,
                _ => 1,
            });
            judge.tests.push(Test { name, column, kind });
        }
        for sensitive in &prepared.sensitive {
            let totals = sensitive.totals.clone();
            let offset = judge.width;
            judge.width += totals.len();
            judge.columns.push(Counted { offset, codes: sensitive.codes.to_vec(), totals });
        }
        Ok(judge)
    }

    /// The least size of a class that can pass.
    pub(super) const fn floor(&self) -> u64 {
        self.floor
    }

    /// Whether anything but the size of a class decides.
    pub(super) const fn needs_counts(&self) -> bool {
        self.width > 0
    }

    /// How many places the counts of a class have.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Counts a class.
    pub(super) fn count(&self, rows: impl Iterator<Item = u32> + Clone) -> Vec<u64> {
        let mut counts = vec![0; self.width];
        for column in &self.columns {
            let Some(counts) = counts.get_mut(column.offset..) else { continue };
            for row in rows.clone() {
                column.add(row, counts);
            }
        }
        counts
    }

    /// Adds one row to the counts of a class.
    pub(super) fn add(&self, row: u32, counts: &mut [u64]) {
        for column in &self.columns {
            if let Some(counts) = counts.get_mut(column.offset..) {
                column.add(row, counts);
            }
        }
    }

    /// Whether a class of `n` rows with these counts keeps every criterion.
    pub(super) fn passes(&self, n: u64, counts: &[u64]) -> bool {
        n >= self.floor && self.broken(n, counts).is_none()
    }

    /// The first criterion that a class breaks, in the order in which they were named.
    pub(super) fn broken(&self, n: u64, counts: &[u64]) -> Option<&'static str> {
        let keeps = |test: &&Test<'_>| match &test.kind {
            Kind::Size { least } => n >= *least,
            kind => self.columns.get(test.column).is_some_and(|column| {
                let counts = counts.get(column.offset..).and_then(|counts| counts.get(..column.totals.len()));
                counts.is_some_and(|counts| column.keeps(kind, n, self.n_all, counts))
            }),
        };
        self.tests.iter().find(|test| !keeps(test)).map(|test| test.name)
    }
}

impl Counted {
    fn add(&self, row: u32, counts: &mut [u64]) {
        if let Some(count) = self.codes.get(row as usize).and_then(|code| counts.get_mut(*code as usize)) {
            *count += 1;
        }
    }

    // SPEC: section 3; sums and products of counts in 128 bits, one conversion at the comparison.
    fn keeps(&self, kind: &Kind<'_>, n: u64, n_all: u64, counts: &[u64]) -> bool {
        let pairs = || counts.iter().zip(&self.totals).map(|(f, total)| (i128::from(*f), i128::from(*total)));
        let (size, all) = (i128::from(n), i128::from(n_all));
        let both = (size * all) as f64;
        let n_distinct = || counts.iter().filter(|f| **f > 0).count() as u64;
        match kind {
            Kind::Size { least } => n >= *least,
            Kind::Distinct { l } => n_distinct() >= *l,
            Kind::Shannon { l } => {
                let size = n as f64;
                let sum: f64 = counts.iter().filter(|f| **f > 0).map(|f| *f as f64 * (*f as f64).ln()).sum();
                let most = size * (size.ln() - l.ln()) + 1e-12 * size * (1.0 + size.ln());
                n_distinct() as f64 >= l.ceil() && sum <= most
            }
            Kind::Grassberger { l, terms } => {
                let term = |count: u64| terms.get(count as usize).copied().unwrap_or(f64::INFINITY);
                let sum: f64 = counts.iter().filter(|f| **f > 0).map(|f| *f as f64 * term(*f)).sum();
                n_distinct() as f64 >= l.ceil() && sum <= n as f64 * (term(n) - l.ln())
            }
            Kind::Recursive { c, l } => {
                let mut falling: Vec<u64> = counts.iter().copied().filter(|f| *f > 0).collect();
                falling.sort_unstable_by(|a, b| b.cmp(a));
                let tail: u64 = falling.iter().skip(*l as usize - 1).sum();
                falling.len() as u64 >= *l && falling.first().is_some_and(|most| (*most as f64) < c * tail as f64)
            }
            Kind::Equal { t } => {
                let apart: i128 = pairs().map(|(f, total)| (f * all - total * size).abs()).sum();
                apart as f64 <= 2.0 * t * both
            }
            Kind::Ordered { t, order } => {
                let (mut apart, mut running) = (0i128, 0i128);
                for value in order {
                    let (Some(f), Some(total)) = (counts.get(*value), self.totals.get(*value)) else { continue };
                    running += i128::from(*f) * all - i128::from(*total) * size;
                    apart += running.abs();
                }
                apart as f64 <= t * order.len().saturating_sub(1) as f64 * both
            }
            Kind::Hierarchical { t, hierarchy, leaves } => {
                let extras = pairs().map(|(f, total)| total * size - f * all);
                moved(hierarchy, leaves.iter().copied().zip(extras)) as f64 <= t * hierarchy.height() as f64 * both
            }
            Kind::Beta { beta, enhanced } => pairs().filter(|(f, _)| *f > 0).all(|(f, total)| {
                let own = (all as f64 / total as f64).ln();
                let most = if *enhanced { beta.min(own) } else { *beta };
                (f * all - total * size) as f64 <= most * (total * size) as f64
            }),
            Kind::Delta { delta } => pairs()
                .filter(|(f, _)| *f > 0)
                .all(|(f, total)| ((f * all) as f64 / (total * size) as f64).log2().abs() < *delta),
        }
    }
}

/// Sum over all inner nodes of their level times what is moved between their children.
fn moved(hierarchy: &Hierarchy, leaves: impl Iterator<Item = (u32, i128)>) -> i128 {
    let mut extras = BTreeMap::new();
    for (leaf, extra) in leaves {
        *extras.entry(leaf).or_insert(0) += extra;
    }
    let mut sum = 0;
    for level in 1..hierarchy.n_levels() {
        let mut above: BTreeMap<u32, (i128, i128)> = BTreeMap::new();
        for (child, extra) in extras {
            let parent = hierarchy.group(level, child).unwrap_or(child);
            let (pos, neg) = above.entry(parent).or_insert((0, 0));
            *pos += i128::max(extra, 0);
            *neg += i128::max(-extra, 0);
        }
        sum += above.values().map(|(pos, neg)| level as i128 * *pos.min(neg)).sum::<i128>();
        extras = above.into_iter().map(|(parent, (pos, neg))| (parent, pos - neg)).collect();
    }
    sum
}

/// The values of a column in the declared order.
fn places(sensitive: &PreparedSensitive<'_>, order: Option<&[String]>) -> Result<Vec<usize>, AnonymityError> {
    let column = sensitive.column;
    let mut keyed: Vec<(u32, usize)> = Vec::with_capacity(column.n_values());
    match order {
        None => keyed.extend(column.ranks().into_iter().zip(0..)),
        Some(order) => {
            let listed: BTreeMap<&str, u32> = order.iter().map(String::as_str).zip(0..).collect();
            let mut found: Vec<Option<u32>> = vec![None; column.n_values()];
            for text in 0..column.n_texts() as u32 {
                let place = listed.get(column.text(text)).copied();
                if let Some(known) = found.get_mut(column.value_of(text) as usize) {
                    *known = known.or(place);
                }
            }
            for (value, place) in found.into_iter().enumerate() {
                let place = place.ok_or_else(|| AnonymityError::Cell {
                    source_name: "table".to_owned(),
                    row: first_row(sensitive, value),
                    column: column.name().to_owned(),
                    problem: "not in the declared order; add the value",
                })?;
                keyed.push((place, value));
            }
        }
    }
    keyed.sort_unstable();
    Ok(keyed.into_iter().map(|(_, value)| value).collect())
}

/// The leaf of every value of a column.
fn leaves(sensitive: &PreparedSensitive<'_>, hierarchy: &Hierarchy, name: &str) -> Result<Vec<u32>, AnonymityError> {
    let column = sensitive.column;
    let mut found: Vec<Option<u32>> = vec![None; column.n_values()];
    for text in 0..column.n_texts() as u32 {
        if let Some(leaf) = found.get_mut(column.value_of(text) as usize) {
            *leaf = leaf.or_else(|| hierarchy.value(column.text(text)));
        }
    }
    let missing = |value| AnonymityError::NotInHierarchy { row: first_row(sensitive, value), column: name.to_owned() };
    found.into_iter().enumerate().map(|(value, leaf)| leaf.ok_or_else(|| missing(value))).collect()
}

fn first_row(sensitive: &PreparedSensitive<'_>, value: usize) -> u64 {
    sensitive.codes.iter().position(|code| code as usize == value).unwrap_or(0) as u64
}

/// The least class size of estimated k-map, at most `most`.
// SPEC: k' = min(k, N, j + 1), j the least count with CDF(j) >= 1 - significance.
fn estimated_size(most: u64, rate: f64, significance: f64, estimator: PopulationEstimator) -> u64 {
    let wanted = 1.0 - significance;
    // Logarithms, because the first terms of a large rate are under the least number.
    let mut log_term = -rate;
    let (mut sum, start, whole) = match estimator {
        PopulationEstimator::Poisson => (log_term.exp(), 0, 1.0),
        PopulationEstimator::ZeroTruncated => {
            log_term += rate.ln();
            (log_term.exp(), 1, -(-rate).exp_m1())
        }
    };
    let mut count: u64 = start;
    while count + 1 < most && sum / whole < wanted {
        count += 1;
        log_term += (rate / count as f64).ln();
        sum += log_term.exp();
    }
    most.min(count + 1)
}

/// G of Grassberger's estimator for counts from 0 to `n`.
fn grassberger_terms(n: u64) -> Vec<f64> {
    let mut terms = vec![0.0, -EULER - std::f64::consts::LN_2];
    let mut last = -EULER - std::f64::consts::LN_2;
    for count in 2..=n {
        if count % 2 == 0 {
            last += 2.0 / (count - 1) as f64;
        }
        terms.push(last);
    }
    terms
}

/// The constant of Euler and Mascheroni.
const EULER: f64 = 0.577_215_664_901_532_9;
