//! Release: what of a segmentation may leave.
//!
//! [`KAnonymity`] decides: a segment is shown only if it has at least k customers, and one that is hidden cannot be
//! worked out from the rest. [`Release`] is the first type of the crate that serialises.
//!
//! | door | for | figures |
//! | --- | --- | --- |
//! | [`Segmentation::release`](crate::segment::Segmentation::release) | the house | exact, with quantiles |
//! | [`Segmentation::export`](crate::segment::Segmentation::export) | partners and reports outside | rounded, compared with every earlier export |

mod counts;
mod density;
mod error;
pub mod export;
mod gate;
mod hidden;
pub mod ledger;
pub mod manifest;
mod model_file;
mod name;
mod policy;
mod profile;
mod publish;
pub mod table;

pub use counts::{Coverage, ReleasedCount};
pub use density::{Axis, Bin, Density};
pub use error::ReleaseError;
pub use hidden::HiddenSegment;
pub use model_file::ModelFile;
pub use policy::{Dangerous, KAnonymity};
pub use profile::{FeatureProfile, Profile, Release, SegmentProfile};
pub use publish::Publish;
