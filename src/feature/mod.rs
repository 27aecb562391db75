//! Features: from purchases and columns to a matrix with one row a customer.
//!
//! [`Rfm`] gives recency, frequency and monetary value from purchases, [`Columns`] takes numbers from a customer table.
//! Both scale by default, since distances between days and dollars have no meaning. The scaled matrix stays inside
//! [`Features`]; only a [`Strategy`](crate::segment::Strategy) sees it.

mod columns;
mod error;
mod raw;
mod rfm;
mod rfm_table;
mod scale;
mod score;
mod spec;
mod stage;
mod unit;

pub use columns::Columns;
pub use error::FeatureError;
pub use rfm::{FrequencyUnit, Measure, Refunds, Rfm, ZeroAmount};
pub use scale::{FittedScale, Scale, Transform};
pub use score::quantile;
pub use spec::FeatureSpec;
pub use stage::Features;
pub use unit::{FeatureInfo, Unit};

pub(crate) use score::Scores;
