//! What a release guarantees: settings, achieved values, hidden cells, and what remains of the three risks.
//!
//! A [`Manifest`] is canonical JSON with its SHA-256, made before anything leaves. It never says more than the controls
//! earn:
//!
//! | controls | singling out | linkability | inference |
//! | --- | --- | --- | --- |
//! | pseudonyms only | remains | remains | remains |
//! | aggregation with threshold, k | resisted | remains | remains |
//! | + l or t gate | resisted | remains | may remain |
//! | + differencing ledger and audit | resisted | may remain | may remain |
//! | differential privacy | may remain | may remain | may remain |
//!
//! A level above that takes a [`SignedAnalysis`], which then stands beside it.

mod canonical;
mod error;
mod guarantee;
mod protection;

pub use error::ManifestError;
pub use guarantee::{Manifest, ManifestParts, Technique};
pub use protection::{Control, Level, Protection, Risk, SignedAnalysis};
