//! A feature in original units, before scaling.

use super::{Transform, Unit};

/// A feature in original units, one value a customer.
pub(super) struct RawFeature {
    pub(super) name: String,
    pub(super) unit: Unit,
    /// What is done to it by default before it is scaled.
    pub(super) transform: Transform,
    pub(super) values: Vec<f64>,
}
