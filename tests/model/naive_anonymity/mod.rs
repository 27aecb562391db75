//! The slow, obvious twin of `anonymity`: tuples of text in plain ordered maps, every node of the lattice, formulas
//! as they are written. It uses nothing of the library, so that both can only agree by being right.

pub mod classes;
pub mod criteria;
pub mod distance;
pub mod evaluate;
pub mod files;
pub mod local;
pub mod loss;
pub mod measure;
pub mod measure_json;
pub mod measure_report;
pub mod problem;
pub mod random;
pub mod sample;
pub mod search;
pub mod table;

pub use classes::{Class, Frame};
pub use evaluate::{Evaluation, Failing, evaluate};
pub use files::to_files;
pub use local::{Mdav, NcpColumn, mdav, ncp};
pub use measure::{MeasureOptions, Missing, NaiveMeasures, SensitiveMode, measure};
pub use problem::*;
pub use random::{NaiveRandom, random_problem};
pub use search::{Search, search};
pub use table::{NaiveHierarchy, NaiveTable};
