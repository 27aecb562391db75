//! Segments: strategies, models and the stage that holds who is where.
//!
//! A [`Strategy`] looks at scaled features and leaves a [`Fit`]: who is in which segment, and a [`Model`] that assigns
//! new customers. [`KMeans`] is the one to start with; [`linfa`] makes a strategy of any fit-and-predict algorithm of
//! that library; and a strategy of your own is one `impl`.

pub(crate) mod checks;
mod error;
mod kmeans;
pub mod linfa;
mod numbering;
mod stage;
mod strategy;
mod table;

pub use error::SegmentError;
pub use kmeans::{KMeans, KMeansFit, KMeansModel, Nearest};
pub use stage::Segmentation;
pub use strategy::{Fit, FitContext, Model, Round, RoundHook, SegmentId, Strategy};
