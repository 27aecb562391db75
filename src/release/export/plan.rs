//! What is exported, and how carefully.

use indexmap::IndexMap;

use super::range::{FeatureMeasure, FeatureRange};
use crate::release::ReleaseError;
use crate::release::table::{Dominance, Threshold};

/// What is exported, and how carefully.
///
/// Sizes and shares of segments always; of each feature with a declared range its mean, or its sum. A feature without
/// a range has neither.
///
/// # Privacy
/// The name of the definition stands for all that is frozen with it: model, scales, ranges, widths. The ledger refuses
/// the same name with others, and compares other names like any earlier export of the population.
///
/// # Examples
/// ```
/// use consentric::release::export::ExportPlan;
///
/// let plan = ExportPlan::new().with_range("monetary_total", "0..2000:50".parse()?).named("value tiers 2026");
/// assert_eq!(plan.threshold().n(), 50);
/// # Ok::<(), consentric::release::ReleaseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ExportPlan {
    pub(super) threshold: Threshold,
    pub(super) dominance: Dominance,
    pub(super) definition: Option<String>,
    pub(super) population: String,
    pub(super) model_version: Option<String>,
    pub(super) features: IndexMap<String, (FeatureRange, FeatureMeasure)>,
}

impl Default for ExportPlan {
    fn default() -> Self {
        Self::new()
    }
}

impl ExportPlan {
    /// Plans sizes and shares of segments over at least 50 customers.
    pub fn new() -> Self {
        Self {
            threshold: Threshold::EXPORT,
            dominance: Dominance::default(),
            definition: None,
            population: "customers".to_owned(),
            model_version: None,
            features: IndexMap::new(),
        }
    }

    /// Demands another number of customers behind every figure (default 50).
    pub const fn with_threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// Replaces the dominance rules (default (2, 85) and 10 %).
    pub const fn with_dominance(mut self, dominance: Dominance) -> Self {
        self.dominance = dominance;
        self
    }

    /// Exports the mean of a feature, each value clamped to `range` (default: no feature).
    pub fn with_range(mut self, feature: impl Into<String>, range: FeatureRange) -> Self {
        self.features.insert(feature.into(), (range, FeatureMeasure::Mean));
        self
    }

    /// Exports the sum of a feature instead of its mean, each value clamped to `range` (default: no feature).
    pub fn with_sum(mut self, feature: impl Into<String>, range: FeatureRange) -> Self {
        self.features.insert(feature.into(), (range, FeatureMeasure::Sum));
        self
    }

    /// Names the definition (default: made from model and ranges, so that a model that is fitted again is another).
    pub fn named(mut self, definition: impl Into<String>) -> Self {
        self.definition = Some(definition.into());
        self
    }

    /// Names the population; exports are compared within populations of one name (default `customers`).
    ///
    /// # Privacy
    /// Customers who may stand in two exports belong to one population, or the exports are never compared.
    pub fn of_population(mut self, population: impl Into<String>) -> Self {
        self.population = population.into();
        self
    }

    /// Vouches for the identity of a model without centroids, such as fixed rules (default: such a model is refused).
    pub fn with_model_version(mut self, version: impl Into<String>) -> Self {
        self.model_version = Some(version.into());
        self
    }

    /// Gives the least number of customers behind a figure.
    pub const fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// Gives the features with their ranges, in their order.
    pub fn features(&self) -> impl Iterator<Item = (&str, FeatureRange, FeatureMeasure)> {
        self.features.iter().map(|(name, (range, measure))| (name.as_str(), *range, *measure))
    }

    /// Checks that every range is one of a feature of the run.
    pub(super) fn check(&self, known: impl Fn(&str) -> bool) -> Result<(), ReleaseError> {
        match self.features.keys().find(|name| !known(name)) {
            Some(feature) => Err(ReleaseError::UnknownFeature { feature: feature.clone() }),
            None => Ok(()),
        }
    }
}
