//! Algorithms of the `linfa` library as strategies.
//!
//! [`Adapter`] takes any of them that fits and predicts. [`LinfaKMeans`] and [`LinfaMixture`] are adapted more closely:
//! they obey the seed of the run and assign by our own distances and densities. This is the only module whose public
//! signatures name types of `linfa`.
//!
//! What linfa 0.8.1 does with data that do not fit (it panics on zero rows, gives empty segments for more segments than
//! customers, and burns all rounds on NaN) is prevented by checks before the call.

mod adapter;
mod kmeans;
mod mixture;
mod refused;

pub use adapter::Adapter;
pub use kmeans::LinfaKMeans;
pub use mixture::LinfaMixture;
