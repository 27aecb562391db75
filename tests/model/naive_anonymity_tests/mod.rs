//! Tables worked out by hand.

mod generator;
mod local;
mod measures;
mod numbers;
mod research_subset;
mod table_of_eight;
mod traps;
mod worked_example;

use crate::naive::{Evaluation, Problem};

/// Equal to nine decimals.
#[track_caller]
pub fn close(found: f64, wanted: f64) {
    assert!(found == wanted || (found - wanted).abs() <= 1e-9, "found {found}, wanted {wanted}");
}

/// Equal to nine decimals, term by term.
#[track_caller]
pub fn all_close(found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len(), "found {found:?}, wanted {wanted:?}");
    for (found, wanted) in found.iter().zip(wanted) {
        close(*found, *wanted);
    }
}

/// Labels of the failing classes, joined by `/`, in order.
pub fn failing(found: &Evaluation) -> Vec<String> {
    let mut labels: Vec<String> = found.failing.iter().map(|class| class.labels.join("/")).collect();
    labels.sort();
    labels
}

/// The same problem with one change.
pub fn with(problem: &Problem, change: impl FnOnce(&mut Problem)) -> Problem {
    let mut problem = problem.clone();
    change(&mut problem);
    problem
}
