//! One error over all stages.

use crate::anonymity::AnonymityError;
use crate::consent::ConsentError;
use crate::feature::FeatureError;
use crate::protect::ProtectError;
use crate::record::RecordError;
use crate::release::ReleaseError;
use crate::segment::SegmentError;
use crate::time::TimeError;

/// Why a run gave no result: the error of the stage that refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A date, time or zone cannot be read.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// Records could not be taken in.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Nobody may be used, or the consent events cannot be read.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// Customers could not be protected.
    #[error(transparent)]
    Protect(#[from] ProtectError),
    /// Features could not be computed.
    #[error(transparent)]
    Feature(#[from] FeatureError),
    /// Customers could not be segmented.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// A table cannot be measured or anonymised.
    #[error(transparent)]
    Anonymity(#[from] AnonymityError),
    /// Nothing may be released.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// The progress hook asked to stop.
    #[error("stopped on request before stage `{stage}`")]
    Stopped {
        /// The stage that did not begin.
        stage: &'static str,
    },
}
