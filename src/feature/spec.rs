//! Which features, from where, scaled how.

use super::{Columns, FeatureError, Rfm, Scale, Transform};

/// Which features to compute and how to scale them; made from [`Rfm`] or [`Columns`].
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSpec {
    pub(super) source: Source,
    /// Changes to the default scaling, by feature; `None` means every feature.
    pub(super) scaling: Vec<(Option<String>, Scaling)>,
}

/// Where the values come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    Rfm(Rfm),
    Columns(Columns),
}

/// A change to how a feature is scaled; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scaling {
    pub(super) transform: Option<Transform>,
    pub(super) scale: Option<Scale>,
    pub(super) weight: Option<f64>,
}

impl FeatureSpec {
    /// Scales every feature this way (default: counts, money and recency ln(1 + x), other numbers as they are, then
    /// z-scores).
    #[must_use]
    pub fn with_scaling(mut self, transform: Transform, scale: Scale) -> Self {
        self.scaling.push((None, Scaling { transform: Some(transform), scale: Some(scale), weight: None }));
        self
    }

    /// Scales one feature this way; later calls win.
    #[must_use]
    pub fn with_scaling_of(mut self, feature: &str, transform: Transform, scale: Scale) -> Self {
        let change = Scaling { transform: Some(transform), scale: Some(scale), weight: None };
        self.scaling.push((Some(feature.to_owned()), change));
        self
    }

    /// Multiplies squared distances along one feature by `weight` (default 1).
    #[must_use]
    pub fn with_weight_of(mut self, feature: &str, weight: f64) -> Self {
        let change = Scaling { transform: None, scale: None, weight: Some(weight) };
        self.scaling.push((Some(feature.to_owned()), change));
        self
    }

    /// Refuses a change to a feature that is not there, which would otherwise be lost without a word.
    pub(super) fn check_names<'a>(&self, features: impl Iterator<Item = &'a str>) -> Result<(), FeatureError> {
        let known: Vec<&str> = features.collect();
        match self.scaling.iter().filter_map(|(name, _)| name.as_deref()).find(|name| !known.contains(name)) {
            Some(name) => Err(FeatureError::UnknownFeature { column: name.to_owned(), known: known.join("`, `") }),
            None => Ok(()),
        }
    }

    /// The scaling of one feature after all changes.
    pub(super) fn scaling_of(
        &self,
        feature: &str,
        transform: Transform,
    ) -> Result<(Transform, Scale, f64), FeatureError> {
        let mut now = (transform, Scale::Z, 1.0);
        for (name, change) in &self.scaling {
            if name.as_deref().is_none_or(|name| name == feature) {
                now =
                    (change.transform.unwrap_or(now.0), change.scale.unwrap_or(now.1), change.weight.unwrap_or(now.2));
            }
        }
        if now.2.is_finite() && now.2 > 0.0 {
            Ok(now)
        } else {
            Err(FeatureError::Weight { column: feature.to_owned() })
        }
    }
}

impl From<Rfm> for FeatureSpec {
    fn from(rfm: Rfm) -> Self {
        Self { source: Source::Rfm(rfm), scaling: Vec::new() }
    }
}

impl From<Columns> for FeatureSpec {
    fn from(columns: Columns) -> Self {
        Self { source: Source::Columns(columns), scaling: Vec::new() }
    }
}

impl From<&FeatureSpec> for FeatureSpec {
    fn from(spec: &FeatureSpec) -> Self {
        spec.clone()
    }
}
