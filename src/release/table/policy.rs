//! Everything that decides whether a figure may leave.

use std::collections::BTreeMap;

use super::{Closeness, Column, Diversity, Dominance, TableError, Threshold};
use crate::release::KAnonymity;

/// The rules of a release of a table, fused: one verdict per cell, with all reasons.
///
/// # Privacy
/// Defaults are strict: dominance acts on every sum and mean, and a column without a range or a protection width
/// shows neither. The rules look at one table; what earlier releases give away is not theirs to see.
///
/// # Examples
/// ```
/// use consentric::release::KAnonymity;
/// use consentric::release::table::{Diversity, ReleasePolicy, Threshold};
///
/// let smallest = ReleasePolicy::try_from(KAnonymity::new(20)?)?;
/// let export = ReleasePolicy::new(Threshold::EXPORT).with_diversity(Diversity::distinct(2)?);
/// assert!(smallest.threshold() < export.threshold());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct ReleasePolicy {
    threshold: Threshold,
    dominance: Dominance,
    pub(super) diversity: Option<Diversity>,
    pub(super) closeness: Option<Closeness>,
    thresholds: BTreeMap<String, Threshold>,
    widths: BTreeMap<String, i128>,
}

impl ReleasePolicy {
    /// Demands `threshold` distinct customers behind every figure, and the default dominance rules.
    pub fn new(threshold: Threshold) -> Self {
        Self {
            threshold,
            dominance: Dominance::default(),
            diversity: None,
            closeness: None,
            thresholds: BTreeMap::new(),
            widths: BTreeMap::new(),
        }
    }

    /// Replaces the dominance rules (default (2, 85) and 10 %).
    pub const fn with_dominance(mut self, dominance: Dominance) -> Self {
        self.dominance = dominance;
        self
    }

    /// Hides a sensitive attribute of segments that are too uniform (default off).
    pub const fn with_diversity(mut self, diversity: Diversity) -> Self {
        self.diversity = Some(diversity);
        self
    }

    /// Hides a sensitive attribute of segments that are too far from the population (default off).
    pub const fn with_closeness(mut self, closeness: Closeness) -> Self {
        self.closeness = Some(closeness);
        self
    }

    /// Demands another number of customers for one column (default: the threshold of all).
    pub fn with_column_threshold(mut self, column: impl Into<String>, threshold: Threshold) -> Self {
        self.thresholds.insert(column.into(), threshold);
        self
    }

    /// Declares how closely a customer's value in one column may be known, in its smallest unit (default: a tenth of
    /// the declared range, rounded up).
    ///
    /// # Errors
    /// [`TableError::Parameter`] unless the width is 1 to 2^96.
    pub fn with_width(mut self, column: impl Into<String>, width: i128) -> Result<Self, TableError> {
        if !(1..=1 << 96).contains(&width) {
            let allowed = "use 1 to 2^96 smallest units";
            return Err(TableError::Parameter { rule: "the protection width", parameter: "width", allowed });
        }
        self.widths.insert(column.into(), width);
        Ok(self)
    }

    /// Gives the threshold of columns that have none of their own.
    pub const fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// Gives the dominance rules.
    pub const fn dominance(&self) -> &Dominance {
        &self.dominance
    }

    pub(super) fn threshold_of(&self, column: &Column) -> Threshold {
        self.thresholds.get(&column.name).copied().unwrap_or(self.threshold)
    }

    pub(super) fn width_of(&self, column: &Column) -> Option<i128> {
        self.widths.get(&column.name).copied().or_else(|| {
            let range = column.range?;
            let width = range.upper() - range.lower();
            Some((width.div_euclid(10) + i128::from(width.rem_euclid(10) != 0)).max(1))
        })
    }

    /// A name that fits no column is a typing error that would weaken the policy unseen.
    pub(super) fn check(&self, columns: &[Column]) -> Result<(), TableError> {
        let unknown = |name: &&String| columns.iter().all(|column| column.name != **name);
        match self.thresholds.keys().chain(self.widths.keys()).find(unknown) {
            Some(column) => Err(TableError::PolicyColumn { column: column.clone() }),
            None => Ok(()),
        }
    }
}

impl TryFrom<KAnonymity> for ReleasePolicy {
    type Error = TableError;

    /// Takes k as the threshold.
    ///
    /// # Errors
    /// [`TableError::Threshold`] if k is out of range, or if suppression was switched off: a table has no such switch.
    fn try_from(policy: KAnonymity) -> Result<Self, TableError> {
        let k = if policy.suppresses() { policy.k() } else { 0 };
        Threshold::new(k).map(Self::new)
    }
}
