//! Customer segmentation that only sees people who may be seen.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::todo)
)]

pub mod audit;
pub mod consent;
mod error;
pub mod feature;
pub mod pipeline;
pub mod prelude;
pub mod protect;
pub mod record;
pub mod release;
pub mod report;
pub mod segment;
#[cfg(feature = "synth")]
pub mod synth;
pub mod time;
mod warning;

pub use error::Error;
pub use warning::Warning;
