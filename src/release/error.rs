//! Why nothing was released.

use super::ledger::LedgerError;
use super::manifest::ManifestError;
use super::table::TableError;

/// Why nothing was released.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// k below 2 protects nobody.
    #[error("k-anonymity with k = {k} protects nobody; use at least 2, 20 is a good start")]
    Threshold {
        /// The threshold asked for.
        k: u64,
    },
    /// Even all customers together are fewer than k.
    #[error("fewer than {k} customers in all, so nothing may be released; gather more or lower k")]
    TooFewCustomers {
        /// The threshold.
        k: u64,
    },
    /// Customers of the run said no while it ran.
    #[error("{n} customers of the run may not be used any more; run again without them")]
    ConsentChanged {
        /// How many.
        n: u64,
    },
    /// No segment can be shown without giving away a hidden one.
    #[error(
        "no segment of at least {k} customers can be shown without giving a smaller one away; ask for fewer segments"
    )]
    NothingToShow {
        /// The threshold.
        k: u64,
    },
    /// The model tells of fewer than k customers.
    #[error(
        "a centroid or a scale tells of fewer than {k} customers, so the model is personal data; ask for fewer segments, more rounds, or z-scores"
    )]
    ModelIsPersonal {
        /// The threshold.
        k: u64,
    },
    /// The model has no centroids to write.
    #[error("models of strategy `{strategy}` cannot be written to a file yet")]
    ModelNotWritable {
        /// Name of the strategy.
        strategy: String,
    },
    /// A table of the release was refused.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The release ledger gave no verdict or took no entry.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The manifest could not be written.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A range of an export names a feature that is not there.
    #[error("the export declares a range of `{feature}`, which is no feature of the run; correct the name")]
    UnknownFeature {
        /// The name.
        feature: String,
    },
    /// A range of an export cannot be used.
    #[error("range of a feature: {problem}")]
    FeatureRange {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The model has no centroids that could be frozen with the definition of an export.
    #[error(
        "models of strategy `{strategy}` have no centroids, so nothing shows that two exports are of one segmentation; name a version of the model"
    )]
    NoModelIdentity {
        /// Name of the strategy.
        strategy: String,
    },
    /// The definition of an export was released with other centroids, ranges or pseudonyms.
    #[error(
        "definition `{definition}` was exported with another model, other ranges or another key of pseudonyms; take those again, or give the definition a new name"
    )]
    OtherDefinition {
        /// Name of the definition.
        definition: String,
    },
    /// A model file has another version.
    #[error("model file: version {found} of the format; this crate reads version {known}")]
    ModelVersion {
        /// Version of the file.
        found: u32,
        /// Version that can be read.
        known: u32,
    },
    /// A model file was changed.
    #[error("model file: the checksum does not match, the file was changed; take an unchanged copy")]
    ModelChecksum,
    /// A model file cannot be read.
    #[error("model file: {problem}")]
    ModelFile {
        /// What is wrong with it.
        problem: &'static str,
    },
}
