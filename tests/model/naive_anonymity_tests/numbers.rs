//! Numbers, missing values and a hierarchy without a root. Zip: missing under ?, 1 and 2 under A, 3 and 4 under B, H = 5.
//!
//! Node (1): ? = rows 0, 1 with 2, 2; A = rows 2, 3 with 9, 10; B = rows 4, 5, 6 with 9, 9, 10. Table: 2 twice, 9 three
//! times, 10 twice; N = 7.

use super::{all_close, close, failing, with};
use crate::naive::{
    Criterion, Entropy, Metric, NaiveHierarchy, NaiveTable, Problem, Profit, distance, evaluate, search,
};

fn zips() -> Problem {
    let table = NaiveTable::new(
        &["zip", "x"],
        &[&["", "2"], &["", "2.0"], &["1", "9"], &["2", " 10"], &["3", "9"], &["3", "9"], &["4", "10"]],
    );
    let zip = NaiveHierarchy::new(&[&["", "?"], &["1", "A"], &["2", "A"], &["3", "B"], &["4", "B"]]);
    let mut problem = Problem::new(table, &["zip"], vec![zip]);
    problem.sensitive = vec!["x".to_owned()];
    problem.numeric = vec!["x".to_owned()];
    problem.criteria = vec![Criterion::K(3)];
    problem.profit = Profit { benefit: 10.0, loss: 6.0, gain: 5.0, cost: 2.0 };
    problem
}

fn x() -> String {
    "x".to_owned()
}

#[test]
fn equal_numbers_are_one_value_and_10_stands_after_9() {
    let fails = |rule: Criterion| failing(&evaluate(&with(&zips(), |p| p.criteria = vec![rule]), &[1]));
    // 2 and 2.0 are one value.
    assert_eq!(fails(Criterion::DistinctL { column: x(), l: 2 }), ["?"]);
    // ?: running 10, 4, 0 of 14 over 2 = 1/2. A: -4, -3, 0 of 14 over 2 = 1/4. B: -6, -1, 0 of 21 over 2 = 1/6.
    let ordered = |t: f64| fails(Criterion::TOrdered { column: x(), t });
    assert_eq!(ordered(0.5), [""; 0]);
    assert_eq!(ordered(0.49), ["?"]);
    assert_eq!(ordered(0.25), ["?"]);
    assert_eq!(ordered(0.24), ["?", "A"]);
    assert_eq!(ordered(0.16), ["?", "A", "B"]);
    // As text 10 < 2 < 9: ?: running -4, 6, 0.
    let text = with(&zips(), |p| p.numeric.clear());
    let declared = with(&text, |p| {
        let order = ["2", "2.0", "9", " 10", "10"].map(str::to_owned).to_vec();
        p.orders.insert(x(), order);
    });
    let t = |problem: &Problem, t: f64| {
        failing(&evaluate(&with(problem, |p| p.criteria = vec![Criterion::TOrdered { column: x(), t }]), &[1]))
    };
    // As text the five values are " 10", "10", "2", "2.0", "9". ?: running -2 -4 1 6 0 of 14 over 4 = 13/56.
    assert_eq!(t(&text, 0.2322), [""; 0]);
    assert!(t(&text, 0.232).contains(&"?".to_owned()));
    // In the declared order ?: running 5, 10, 4, 2, 0 of 14 over 4 = 21/56.
    assert!(!t(&declared, 0.375).contains(&"?".to_owned()));
    assert!(t(&declared, 0.374).contains(&"?".to_owned()));
}

#[test]
fn a_missing_value_is_a_class_and_a_top_of_three_labels_is_no_root() {
    let found = evaluate(&with(&zips(), |p| p.criteria = vec![Criterion::K(2)]), &[1]);
    assert_eq!((found.suppressed, found.classes, found.min_class, found.fully_generalised), (0, 3, Some(2), 0));
    let found = evaluate(&with(&zips(), |p| p.criteria = vec![Criterion::AverageRisk(0.4)]), &[1]);
    // 3/7 > 0.4: ? and A have two rows each, ? the smaller share; 2/5 is allowed.
    assert_eq!(failing(&found), ["?"]);
}

/// k = 2: nothing fails. A = 2·1 + 2·2 + 3·2 = 12. k = 3: ? and A fail, s = 4, A = 6, B = 2 + 4 = 6.
#[test]
fn every_metric_with_and_without_suppression() {
    let loss = |metric: Metric, k: u64, gs: f64| {
        let problem = with(&zips(), |p| (p.metric, p.gs, p.criteria) = (metric, gs, vec![Criterion::K(k)]));
        evaluate(&problem, &[1]).loss
    };
    // 2·log2(2/2) for the missing ones, 1 of 2 twice, 2 of 3 and 1 of 3.
    let entropy = 2.0 - (2.0 * (2.0f64 / 3.0).log2() + (1.0f64 / 3.0).log2());
    let r = 2.0f64.log10() / 5.0f64.log10();
    for (gs, sf, gf) in [(0.0, 0.0, 1.0), (0.33, 0.66, 1.0), (0.5, 1.0, 1.0), (0.66, 1.0, 0.68), (1.0, 1.0, 0.0)] {
        all_close(&loss(Metric::Loss, 2, gs), &[gf * (12.0 - 7.0) / (35.0 - 7.0 * gf)]);
        let all = gf * 6.0 / 5.0 + (1.0 - sf) * 6.0 / 5.0 + sf * 4.0;
        all_close(&loss(Metric::Loss, 3, gs), &[(all - gf * 1.4) / (7.0 - gf * 1.4)]);
        all_close(&loss(Metric::Nue, 3, gs), &[gf * entropy]);
        all_close(&loss(Metric::Nmnue, 2, gs), &[gf * entropy]);
        // ? 2 and A 2 of s = 4: -2·2·log2(1/2).
        all_close(&loss(Metric::Nmnue, 3, gs), &[gf * entropy + sf * 4.0]);
        all_close(&loss(Metric::Precision, 3, gs), &[gf]);
        all_close(&loss(Metric::NmPrecision, 3, gs), &[(3.0 * gf + 4.0 * sf) / 7.0]);
        all_close(&loss(Metric::Height, 3, gs), &[1.0]);
        all_close(&loss(Metric::Aecs, 2, gs), &[if gs == 0.0 { f64::INFINITY } else { 7.0 / (3.0 * sf) }]);
        all_close(&loss(Metric::Aecs, 3, gs), &[7.0 / (sf + gf)]);
        all_close(&loss(Metric::DmStar, 3, gs), &[17.0]);
        all_close(&loss(Metric::Dm, 2, gs), &[17.0]);
        all_close(&loss(Metric::Dm, 3, gs), &[9.0 + 28.0]);
        // IL: ? 1 + log(1/5)/log 5 = 0, A and B 1 + log(2/5)/log 5 = log 2/log 5.
        all_close(&loss(Metric::Ebil, 2, gs), &[gf * 5.0 * r]);
        all_close(&loss(Metric::Ebil, 3, gs), &[gf * 3.0 * r + 4.0 * sf]);
        // π = 1/2 costs 3, π = 1/3 nothing.
        all_close(&loss(Metric::Payout, 2, gs), &[gf * (2.0 * 3.0 + 2.0 * (10.0 * r + 3.0) + 3.0 * 10.0 * r)]);
        all_close(&loss(Metric::Payout, 3, gs), &[gf * 30.0 * r + 40.0 * sf]);
    }
}

#[test]
fn each_rule_fails_the_classes_worked_out_by_hand() {
    let none: &[&str] = &[];
    let entropy = |l: f64, estimator: Entropy| Criterion::EntropyL { column: x(), l, estimator };
    let cases: Vec<(Criterion, &[&str])> = vec![
        // A: two of two; B: exp(H) of 2, 1 = 3/2^(2/3) = 1.8899.
        (entropy(2.0, Entropy::Shannon), &["?", "B"]),
        (entropy(1.88, Entropy::Shannon), &["?"]),
        (entropy(1.89, Entropy::Shannon), &["?", "B"]),
        // ?: 2·G(2) <= 2·(G(2) - ln l) at l = 1 only. A: 2·G(1) <= 2·(G(1) + 2 - ln l): ln l <= 2. B: 2·G(2) + G(1) =
        // 3·G(1) + 4 <= 3·(G(1) + 2 - ln l): ln l <= 2/3, l <= 1.948.
        (entropy(1.0, Entropy::Grassberger), none),
        (entropy(1.94, Entropy::Grassberger), &["?"]),
        (entropy(1.95, Entropy::Grassberger), &["?", "B"]),
        (Criterion::RecursiveL { column: x(), c: 2.0, l: 2 }, &["?", "B"]),
        (Criterion::RecursiveL { column: x(), c: 2.1, l: 2 }, &["?"]),
        // ?: 5/7. A: 1/14 + 3/14 = 2/7. B: 5/21 + 1/21 = 2/7.
        (Criterion::TEqual { column: x(), t: 0.715 }, none),
        (Criterion::TEqual { column: x(), t: 0.286 }, &["?"]),
        (Criterion::TEqual { column: x(), t: 0.285 }, &["?", "A", "B"]),
        // ?: 5/2, -ln 2/7 = 1.25. A: 10 3/4. B: 9 5/9.
        (Criterion::Beta { column: x(), beta: 2.5, enhanced: false }, none),
        (Criterion::Beta { column: x(), beta: 2.5, enhanced: true }, &["?"]),
        (Criterion::Beta { column: x(), beta: 0.75, enhanced: true }, &["?"]),
        (Criterion::Beta { column: x(), beta: 0.74, enhanced: true }, &["?", "A"]),
        // ?: log2 7/2 = 1.807. A: log2 7/4 = 0.807. B: log2 14/9 = 0.637.
        (Criterion::DeltaDisclosure { column: x(), delta: 1.81 }, none),
        (Criterion::DeltaDisclosure { column: x(), delta: 0.81 }, &["?"]),
        (Criterion::DeltaDisclosure { column: x(), delta: 0.8 }, &["?", "A"]),
    ];
    for (rule, wanted) in cases {
        let found = evaluate(&with(&zips(), |p| p.criteria = vec![rule.clone()]), &[1]);
        assert_eq!(failing(&found), wanted, "{rule:?}");
    }
}

#[test]
fn a_limit_that_gives_no_whole_row_is_floored() {
    // 4 of 7 rows: 0.58·7 = 4.06, 0.57·7 = 3.99.
    assert!(search(&with(&zips(), |p| p.suppression = 0.58)).best.is_some());
    assert!(search(&with(&zips(), |p| p.suppression = 0.57)).best.is_none());
}

#[test]
fn a_column_of_one_value_has_distance_0() {
    assert!(distance::t_ordered(&[3], &[9], 0.0));
    assert!(distance::t_equal(&[3], &[9], 0.0));
    close(distance::ordered_sum(&[3], &[9]) as f64, 0.0);
}
