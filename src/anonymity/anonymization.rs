//! What is asked of an anonymisation.

use super::criterion::within;
use super::{AnonymityError, Criterion, Hierarchy, Quality, Subset, SuppressionLimit};

/// What an anonymised table must keep, what it may lose, and how columns generalise.
///
/// One value serves all models; each takes it with the table. Quasi-identifiers stand in the order in which
/// [`with_quasi`](Anonymization::with_quasi) names them.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Anonymization {
    pub(super) quasi: Vec<QuasiIdentifier>,
    pub(super) criteria: Vec<Criterion>,
    pub(super) limit: SuppressionLimit,
    pub(super) quality: Quality,
    pub(super) subset: Option<Subset>,
    pub(super) absent_classes: AbsentClasses,
    pub(super) is_monotone_hint: bool,
}

#[derive(Clone, Debug)]
pub(super) struct QuasiIdentifier {
    pub(super) column: String,
    /// `None` only for models that cut without hierarchies.
    pub(super) hierarchy: Option<Hierarchy>,
    pub(super) levels: Option<(usize, usize)>,
}

/// Whether delta-presence tests classes of the population without a released row. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AbsentClasses {
    /// Every such class is tested.
    #[default]
    Check,
    /// Not when a criterion sets a least class size; for comparison with programs that test sizes first.
    Skip,
}

impl Anonymization {
    /// Asks for nothing yet; suppresses no row.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a quasi-identifier that generalises along a hierarchy.
    pub fn with_quasi(mut self, column: &str, hierarchy: &Hierarchy) -> Self {
        self.quasi.push(QuasiIdentifier {
            column: column.to_owned(),
            hierarchy: Some(hierarchy.clone()),
            levels: None,
        });
        self
    }

    /// Adds a quasi-identifier without a hierarchy, for models that cut between its values.
    pub fn with_quasi_as_is(mut self, column: &str) -> Self {
        self.quasi.push(QuasiIdentifier { column: column.to_owned(), hierarchy: None, levels: None });
        self
    }

    /// Restricts the levels of a quasi-identifier, both ends included. Default: all of its hierarchy.
    ///
    /// # Errors
    /// [`AnonymityError::UnknownColumn`] if it is not a quasi-identifier yet, [`AnonymityError::OutOfRange`] for levels
    /// its hierarchy does not have.
    pub fn with_levels(mut self, column: &str, min: usize, max: usize) -> Result<Self, AnonymityError> {
        let n_columns = self.quasi.len();
        let found = self.quasi.iter_mut().find(|quasi| quasi.column == column);
        let quasi = found.ok_or_else(|| AnonymityError::UnknownColumn { column: column.to_owned(), n_columns })?;
        let height = quasi.hierarchy.as_ref().map_or(0, Hierarchy::height);
        within("level", max as f64, min <= max && max <= height, "0 to the height of the hierarchy, least first")?;
        quasi.levels = Some((min, max));
        Ok(self)
    }

    /// Adds a criterion.
    pub fn with_criterion(mut self, criterion: Criterion) -> Self {
        self.criteria.push(criterion);
        self
    }

    /// Sets the share of rows that may be suppressed. Default: 0.
    pub const fn with_suppression(mut self, limit: SuppressionLimit) -> Self {
        self.limit = limit;
        self
    }

    /// Sets what is made least. Default: [`Metric::Loss`](super::Metric::Loss).
    pub fn with_quality(mut self, quality: Quality) -> Self {
        self.quality = quality;
        self
    }

    /// Releases only these rows; the table is the population around them. Default: all rows.
    pub fn with_subset(mut self, subset: Subset) -> Self {
        self.subset = Some(subset);
        self
    }

    /// Sets whether delta-presence tests classes without a released row. Default: [`AbsentClasses::Check`].
    pub const fn with_absent_classes(mut self, absent_classes: AbsentClasses) -> Self {
        self.absent_classes = absent_classes;
        self
    }

    /// Lets a search look first where monotone criteria would have their optimum; the result is the same.
    pub const fn with_practical_monotonicity(mut self) -> Self {
        self.is_monotone_hint = true;
        self
    }
}
