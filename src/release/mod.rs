//! Release: what of a segmentation may leave.
//!
//! [`KAnonymity`] decides: a segment is shown only if it has at least k customers, and one that is hidden cannot be
//! worked out from the rest. [`Release`] is the first type of the crate that serialises.

mod counts;
mod density;
mod error;
mod gate;
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
pub use model_file::ModelFile;
pub use policy::{Dangerous, KAnonymity};
pub use profile::{FeatureProfile, Profile, Release, SegmentProfile};
pub use publish::Publish;
