//! The five stages behind one builder.
//!
//! The builder asks for what it needs in the order of the stages; until then `run` does not exist. Options come last.

mod builder;
mod outcome;
mod run;

pub use builder::{Dangerous, Pipeline, state};
pub use outcome::{Outcome, Progress, Stage, Timing};
