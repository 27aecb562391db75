//! The example of the definition of loss: ten rows, two quasi-identifiers, k = 3.

use super::{all_close, close, failing, with};
use crate::naive::measure::{entropy_number, equal_number, ordered_number};
use crate::naive::{Aggregate, Criterion, Metric, NaiveHierarchy, NaiveTable, Problem, distance, evaluate, search};

fn example() -> Problem {
    let rows = ["a1p", "a1q", "a2p", "b1r", "b2q", "c3p", "c3p", "d4q", "d3r", "a4p"];
    let table = NaiveTable {
        columns: vec!["city".to_owned(), "band".to_owned(), "s".to_owned()],
        rows: rows.iter().map(|row| row.chars().map(String::from).collect()).collect(),
    };
    let city = NaiveHierarchy::new(&[
        &["a", "X", "*"],
        &["b", "X", "*"],
        &["c", "Y", "*"],
        &["d", "Y", "*"],
        &["e", "Y", "*"],
    ]);
    let band = NaiveHierarchy::new(&[&["1", "1-2", "*"], &["2", "1-2", "*"], &["3", "3-4", "*"], &["4", "3-4", "*"]]);
    let mut problem = Problem::new(table, &["city", "band"], vec![city, band]);
    problem.sensitive = vec!["s".to_owned()];
    problem.criteria = vec![Criterion::K(3)];
    problem
}

fn loss_of(node: &[usize], metric: Metric, gs: f64) -> f64 {
    let found = evaluate(&with(&example(), |p| (p.metric, p.gs) = (metric, gs)), node);
    assert_eq!(found.loss.len(), 1);
    found.loss[0]
}

fn columns_of(node: &[usize], gs: f64) -> Vec<f64> {
    evaluate(&with(&example(), |p| p.gs = gs), node).per_column
}

#[test]
fn node_1_1_has_classes_of_5_4_and_1_and_suppresses_the_last() {
    let found = evaluate(&example(), &[1, 1]);
    assert_eq!((found.suppressed, found.classes, found.min_class), (1, 2, Some(4)));
    assert_eq!(failing(&found), ["X/3-4"]);
    assert_eq!(found.failing[0].n, 1);
    assert!(!found.admissible);
    assert_eq!(found.output[9].1, ["*", "*"]);
    assert_eq!(found.output[0].1, ["X", "1-2"]);
}

#[test]
fn node_1_1_has_the_losses_of_the_example() {
    all_close(&columns_of(&[1, 1], 0.5), &[0.425, 0.4]);
    all_close(&columns_of(&[1, 1], 0.25), &[0.3875, 0.366_666_666_6]);
    all_close(&columns_of(&[1, 1], 0.75), &[0.244_444_444_4, 0.228_571_428_5]);
    for (metric, gs, wanted) in [
        (Metric::Loss, 0.5, 0.412_444_689_2),
        (Metric::Nue, 0.5, 19.219_280_948_8),
        (Metric::Nmnue, 0.5, 19.219_280_948_8),
        (Metric::Aecs, 0.5, 10.0 / 3.0),
        (Metric::DmStar, 0.5, 42.0),
        (Metric::Dm, 0.5, 51.0),
        (Metric::Precision, 0.5, 0.5),
        (Metric::NmPrecision, 0.5, 0.55),
        (Metric::Aecs, 0.25, 5.0),
        (Metric::Nue, 0.75, 9.609_640_474_3),
        (Metric::Aecs, 0.75, 4.0),
        (Metric::NmPrecision, 0.75, 0.325),
    ] {
        close(loss_of(&[1, 1], metric, gs), wanted);
    }
}

#[test]
fn node_1_0_has_the_losses_of_the_example() {
    let found = evaluate(&example(), &[1, 0]);
    assert_eq!(found.suppressed, 4);
    assert_eq!(failing(&found), ["X/2", "X/4", "Y/4"]);
    all_close(&found.per_column, &[0.625, 0.4]);
    close(loss_of(&[1, 0], Metric::Nue, 0.5), 9.509_775_004_3);
    close(loss_of(&[1, 0], Metric::Nmnue, 0.5), 16.754_887_502_1);
    close(loss_of(&[1, 0], Metric::Dm, 0.5), 58.0);
    close(loss_of(&[1, 0], Metric::Nmnue, 0.25), 13.132_331_253_2);
}

#[test]
fn the_optimum_moves_with_the_limit_and_the_limit_is_floored() {
    let at = |limit: f64| search(&with(&example(), |p| p.suppression = limit)).best.unwrap();
    let strict = at(0.0);
    assert_eq!(strict.node, [2, 1]);
    close(strict.loss[0], 0.632_993_161_8);
    assert_eq!(at(0.1).node, [1, 1]);
    close(at(0.1).loss[0], 0.412_444_689_2);
    assert_eq!(at(0.099).node, [2, 1]);
}

#[test]
fn class_x_1_2_has_the_figures_of_the_example() {
    let (f, p) = ([2, 2, 1], [5, 3, 2]);
    close(entropy_number(&f), 2.871_745_887_5);
    close(equal_number(&f, &p), 0.1);
    close(ordered_number(&f, &p), 0.05);
    let beta = distance::gains(&f, &p).iter().map(|gain| gain.1).fold(0.0, f64::max);
    close(beta, 1.0 / 3.0);
    let delta = distance::ratios(&f, &p).iter().map(|ratio| ratio.1.ln().abs()).fold(0.0, f64::max);
    close(delta, 0.287_682_072_5);
}

#[test]
fn class_x_1_2_passes_exactly_up_to_its_figures() {
    let fails = |rule: Criterion| {
        let found = evaluate(&with(&example(), |p| p.criteria = vec![rule]), &[1, 1]);
        failing(&found).contains(&"X/1-2".to_owned())
    };
    let s = || "s".to_owned();
    assert!(!fails(Criterion::TEqual { column: s(), t: 0.1 }));
    assert!(fails(Criterion::TEqual { column: s(), t: 0.099_999 }));
    assert!(!fails(Criterion::TOrdered { column: s(), t: 0.05 }));
    assert!(fails(Criterion::TOrdered { column: s(), t: 0.049_999 }));
    assert!(!fails(Criterion::Beta { column: s(), beta: 1.0 / 3.0, enhanced: false }));
    assert!(fails(Criterion::Beta { column: s(), beta: 0.333, enhanced: false }));
    // log2(4/3) = 0.4150 in the criterion, ln in the measure.
    assert!(!fails(Criterion::DeltaDisclosure { column: s(), delta: 0.416 }));
    assert!(fails(Criterion::DeltaDisclosure { column: s(), delta: 0.414 }));
}

#[test]
fn the_default_aggregate_is_the_one_that_was_named() {
    for (metric, aggregate) in [
        (Metric::Loss, Aggregate::Geometric),
        (Metric::Nue, Aggregate::Sum),
        (Metric::Nmnue, Aggregate::Sum),
        (Metric::Precision, Aggregate::Arithmetic),
        (Metric::NmPrecision, Aggregate::Arithmetic),
        (Metric::Height, Aggregate::Sum),
    ] {
        let silent = with(&example(), |p| p.metric = metric);
        let named = with(&silent, |p| p.aggregate = Some(aggregate));
        assert_eq!(evaluate(&silent, &[1, 1]).loss, evaluate(&named, &[1, 1]).loss);
    }
}
