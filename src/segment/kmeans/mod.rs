//! k-means: segments around their means.
//!
//! [`KMeans`] holds the settings, [`KMeansFit`] what a fit found, [`KMeansModel`] assigns new customers. Inside:
//! `seeding` picks starting centroids, `lloyd` moves them to rest, `starts` repeats both and keeps the best, and
//! `packed` is the loop over distances that all of them share.

mod labelled;
mod lloyd;
mod model;
mod outcome;
mod packed;
mod seeding;
mod settings;
mod starts;

pub(crate) use labelled::Labelled;
pub use model::{KMeansModel, Nearest};
pub use outcome::KMeansFit;
pub use settings::KMeans;
