//! Anonymity: how anonymous a table is, and how to make it so.
//!
//! A [`Table`] holds rows in dictionary codes; every column has a [`Role`]. [`Criterion`] says what its classes must
//! keep, [`Quality`] what may be lost, [`Hierarchy`] what a value may become; an [`Anonymization`] holds all three.
//! Stands beside the pipeline: any table will do, not only customers.
//!
//! [`Measures`] says how anonymous a table is as it stands, [`ClassSizes`] and [`ClassCounts`] how large its classes are.
//!
//! # Which model when
//!
//! | what matters | model |
//! | --- | --- |
//! | one vocabulary for every record, stable over time | [full-domain search](Anonymization::search): the proven optimum |
//! | mixed columns, least loss | [`Mondrian::AlongHierarchies`]; without hierarchies [`Mondrian::Strict`] |
//! | numbers, such as recency, frequency and spend | [`Microaggregation::Mdav`], [`Microaggregation::Hybrid`] above 50,000 rows |
//!
//! Greedy top-down recoding and k-member clustering are not offered: their result depends on the order of rows.
//!
//! A [`Solution`] leaves only through [`Solution::verify`], which re-checks the bytes that would be written.

mod anonymization;
mod classes;
mod codes;
mod criteria;
mod criterion;
mod error;
mod hierarchies;
mod hierarchy;
mod local;
mod loss;
mod measures;
mod prepared;
mod quality;
mod role;
mod search;
mod solution;
mod subset;
mod table;
mod table_reader;
mod verify;

pub use anonymization::{AbsentClasses, Anonymization};
pub use classes::{ClassChange, ClassCounts, ClassSizes, Classes};
pub use codes::Codes;
pub use criterion::{Attack, Criterion, EntropyEstimator, PopulationEstimator, Profit, SuppressionLimit};
pub use error::AnonymityError;
pub use hierarchies::{Bands, DateLevel, Dates, Ordered, Prefix, Priority, Side};
pub use hierarchy::Hierarchy;
pub use local::{Microaggregation, Mondrian};
pub use measures::{
    AttributeMeasures, Disclosure, GroundDistance, Likeness, Measure, MeasureSettings, Measures, MissingValues,
    PopulationRisk, Risk, SensitiveMode, Shortfall, Witness,
};
pub use quality::{Aggregate, Metric, Quality};
pub use role::{ColumnType, Role};
pub use search::SearchBudget;
pub use solution::{Claims, Nearest, Outcome, Solution};
pub use subset::Subset;
pub use table::{Table, TableColumn};
pub use table_reader::TableReader;
pub use verify::{Output, Verified};
