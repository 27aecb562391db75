//! Why there is no manifest.

/// Why there is no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// A control is claimed without evidence.
    #[error("control `{control}` has no evidence; name what shows that it was applied")]
    NoEvidence {
        /// The control.
        control: &'static str,
    },
    /// A number is not finite.
    #[error("`{name}` is not finite")]
    NotFinite {
        /// Its name.
        name: String,
    },
    /// An analysis lacks its analyst, its document or its signature.
    #[error("a signed analysis needs an analyst, a document and a signature")]
    Unsigned,
    /// The release has no control at all.
    #[error("no control is named; a release without any has no manifest")]
    NoControl,
}
