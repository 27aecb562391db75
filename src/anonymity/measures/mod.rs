//! How anonymous a table is: every measure in one pass, each with the class that sets it.
//!
//! [`Measures::of`] groups the rows once, counts the sensitive values of every class once, and reads all measures from
//! those counts. [`Measures::shortfall`] says how far the table is from a wanted criterion. [`Risk`] is about finding the
//! row of a person, [`Disclosure`] about learning a sensitive value without finding it.

mod attribute;
mod class_view;
mod disclosure;
mod extremes;
mod grouping;
#[expect(clippy::module_inception, reason = "the main type of the module has its name")]
mod measures;
mod population;
mod ratio;
mod risk;
mod sample;
mod settings;
mod shortfall;
mod value_counts;
mod whole;
mod witness;

pub use disclosure::{Disclosure, Likeness, Measure};
pub use measures::{AttributeMeasures, Measures};
pub use population::PopulationRisk;
pub use risk::Risk;
pub use settings::{GroundDistance, MeasureSettings, MissingValues, SensitiveMode};
pub use shortfall::Shortfall;
pub use witness::Witness;
