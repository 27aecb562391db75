//! Which classes keep the criteria: counts in, a verdict out; every sum of counts is exact.

mod closeness;
mod distinct_values;
mod population;
mod profit;
mod ratio;
mod rules;
mod sample;

pub(super) use profit::Stakes;
pub(super) use rules::{ClassRules, Verdict};
pub(super) use sample::SampleRules;
