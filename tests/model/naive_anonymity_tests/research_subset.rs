//! The table of eight as a population of which rows 0, 1, 3, 4 and 6 are released: N = 5, table p 2, q 2, r 1.
//!
//! Node (1, 1): (X, L) n 3 of 4 with p, q, r; (Y, M) n 1 of 2 with p; (X, M) n 1 of 1 with q; (Y, L) n 0 of 1.

use super::table_of_eight::{GS, table_of_eight};
use super::{all_close, close, failing, with};
use crate::naive::{AbsentClasses, Attacker, Criterion, Metric, Problem, evaluate, search};

fn released() -> Problem {
    with(&table_of_eight(), |p| p.subset = Some(vec![0, 1, 3, 4, 6]))
}

fn columns(metric: Metric, gs: f64) -> Vec<f64> {
    evaluate(&with(&released(), |p| (p.metric, p.gs) = (metric, gs)), &[1, 1]).per_column
}

fn single(metric: Metric, gs: f64) -> f64 {
    evaluate(&with(&released(), |p| (p.metric, p.gs) = (metric, gs)), &[1, 1]).loss[0]
}

#[test]
fn counts_see_rows_of_the_subset_only() {
    let found = evaluate(&released(), &[1, 1]);
    assert_eq!((found.suppressed, found.classes, found.min_class, found.outside_subset), (2, 1, Some(3), 3));
    assert_eq!(failing(&found), ["X/M", "Y/M"]);
    assert_eq!(found.output.iter().map(|row| row.0).collect::<Vec<_>>(), [0, 1, 3, 4, 6]);
    // floor(0.4·5) = 2, floor(0.39·5) = 1.
    assert!(evaluate(&with(&released(), |p| p.suppression = 0.4), &[1, 1]).admissible);
    assert!(!evaluate(&with(&released(), |p| p.suppression = 0.39), &[1, 1]).admissible);
}

/// City: A = 3·2 = 6, B = 2·2 = 4, low = gF·1.25. Age: A = 3·2 = 6, B = 3 + 3 = 6, low = gF.
#[test]
fn losses_at_every_gs() {
    let wanted = [
        // S = 1.5 + 1 and 1.2 + 1.2.
        [1.25 / 3.75, 1.4 / 4.0],
        // S = 1.5 + 0.34·1 + 1.32 and 1.2 + 0.34·1.2 + 1.32.
        [1.91 / 3.75, 1.928 / 4.0],
        [2.25 / 3.75, 2.2 / 4.0],
        // S = 0.68·1.5 + 2 and 0.68·1.2 + 2; low 0.85 and 0.68.
        [2.17 / 4.15, 2.136 / 4.32],
        [0.4, 0.4],
    ];
    // City: a 3, b 1 of X's 4; c alone in Y. Age: 1 1, 2 2 of L's 3; 3 alone in M. Failed: X 1, Y 1; M 2.
    let city = -(3.0 * 0.75f64.log2() + 0.25f64.log2());
    let age = -((1.0f64 / 3.0).log2() + 2.0 * (2.0f64 / 3.0).log2());
    for (at, gs) in GS.into_iter().enumerate() {
        let (sf, gf) = [(0.0, 1.0), (0.66, 1.0), (1.0, 1.0), (1.0, 0.68), (1.0, 0.0)][at];
        all_close(&columns(Metric::Loss, gs), &wanted[at]);
        all_close(&columns(Metric::Nue, gs), &[gf * city, gf * age]);
        all_close(&columns(Metric::Nmnue, gs), &[gf * city + sf * 2.0, gf * age]);
        let partly = (3.0 * gf / 2.0 + 2.0 * sf) / 5.0;
        all_close(&columns(Metric::NmPrecision, gs), &[partly, partly]);
        close(single(Metric::Aecs, gs), 5.0 / (sf + gf));
        close(single(Metric::DmStar, gs), 9.0 + 1.0 + 1.0);
        close(single(Metric::Dm, gs), 9.0 + 5.0 * 2.0);
        // (X, L): IL = log 4/log 20; 1/3 and 1/4 are no attack (5/3 < 2).
        let first = 4.0f64.log10() / 20.0f64.log10();
        close(single(Metric::Ebil, gs), gf * 3.0 * first + sf * 2.0);
        close(single(Metric::Payout, gs), gf * 30.0 * first + sf * 20.0);
        close(single(Metric::PayoutJournalist, gs), gf * 30.0 * first + sf * 20.0);
    }
}

/// All classes kept: the journalist sees (Y, M) as one of two, an attack at 1/2; the prosecutor as one of one.
#[test]
fn the_two_monetary_metrics_differ_by_the_population() {
    let loss = |metric: Metric| {
        let problem = with(&released(), |p| (p.metric, p.criteria) = (metric, vec![Criterion::Inclusion]));
        evaluate(&problem, &[1, 1]).loss[0]
    };
    let log20 = 20.0f64.log10();
    let (four, six) = (4.0f64.log10() / log20, 6.0f64.log10() / log20);
    let il = 30.0 * four + 10.0 * six + 10.0 * six;
    close(loss(Metric::Payout), il + 6.0 + 6.0);
    close(loss(Metric::PayoutJournalist), il + 3.0 + 6.0);
}

#[test]
fn each_rule_fails_the_classes_worked_out_by_hand() {
    let s = || "s".to_owned();
    let cases: Vec<(Criterion, &[&str])> = vec![
        (Criterion::K(1), &[]),
        (Criterion::K(3), &["X/M", "Y/M"]),
        (Criterion::K(4), &["X/L", "X/M", "Y/M"]),
        (Criterion::KMapTable(2), &["X/M"]),
        (Criterion::KMapTable(3), &["X/M", "Y/M"]),
        // 3/4, 1/2 and 1; the class of which nobody is released has 0.
        (Criterion::DeltaPresence { lo: 0.0, hi: 0.75 }, &["X/M"]),
        (Criterion::DeltaPresence { lo: 0.6, hi: 1.0 }, &["Y/M"]),
        (Criterion::Inclusion, &[]),
        // (X, L) has a third each where the table has 2/5, 2/5, 1/5: half of 1/15 + 1/15 + 2/15.
        (Criterion::TEqual { column: s(), t: 0.1333 }, &["X/L", "X/M", "Y/M"]),
        (Criterion::TEqual { column: s(), t: 0.1334 }, &["X/M", "Y/M"]),
        // p alone: 3/5; q alone: 3/5.
        (Criterion::TEqual { column: s(), t: 0.6 }, &[]),
        // (1 + 2)/15 over 2; p alone (3 + 1)/5 over 2; q alone (2 + 1)/5 over 2.
        (Criterion::TOrdered { column: s(), t: 0.1 }, &["X/M", "Y/M"]),
        (Criterion::TOrdered { column: s(), t: 0.3 }, &["Y/M"]),
        // 2/15 over the root; p alone 2/5 within u at half height and 1/5 over the root.
        (Criterion::THierarchical { column: s(), t: 0.1334 }, &["X/M", "Y/M"]),
        (Criterion::THierarchical { column: s(), t: 0.4 }, &[]),
        // r: 2/3; p and q alone: 3/2, -ln 2/5 = 0.916.
        (Criterion::Beta { column: s(), beta: 0.67, enhanced: false }, &["X/M", "Y/M"]),
        (Criterion::Beta { column: s(), beta: 1.5, enhanced: false }, &[]),
        (Criterion::Beta { column: s(), beta: 1.5, enhanced: true }, &["X/M", "Y/M"]),
        // r: log2(5/3) = 0.737; alone log2(5/2) = 1.32.
        (Criterion::DeltaDisclosure { column: s(), delta: 0.74 }, &["X/M", "Y/M"]),
        (Criterion::DeltaDisclosure { column: s(), delta: 1.33 }, &[]),
        // (Y, M) pays 10·(1 - 0.598) less 6 at π = 1, less 3 at π = 1/2.
        (Criterion::Profitability(Attacker::Prosecutor), &["X/M", "Y/M"]),
        (Criterion::Profitability(Attacker::Journalist), &["X/M"]),
        (Criterion::Profitability(Attacker::ProsecutorNoAttack), &["X/M", "Y/M"]),
        (Criterion::Profitability(Attacker::JournalistNoAttack), &["X/M", "Y/M"]),
        // 3 classes in 5 rows; 1 in 3.
        (Criterion::AverageRisk(0.6), &[]),
        // One of two must go: 2/4 <= 0.5; X/M and Y/M have equal shares, row 4 comes before row 6.
        (Criterion::AverageRisk(0.5), &["Y/M"]),
        (Criterion::SampleUniqueness(0.25), &["Y/M"]),
        (Criterion::SampleUniqueness(0.0), &["X/M", "Y/M"]),
    ];
    for (rule, wanted) in cases {
        let problem = with(&released(), |p| p.criteria = vec![rule.clone()]);
        let found = evaluate(&problem, &[1, 1]);
        assert_eq!(failing(&found), wanted, "{rule:?}");
    }
}

/// r is in the population only: d stays 3, so the distance of p alone is (1/2 + 0)/2, not (1/2)/1.
#[test]
fn values_of_the_population_count_in_the_ordered_distance() {
    let fails = |t: f64| {
        let problem = with(&released(), |p| {
            p.subset = Some(vec![0, 1, 4, 6]);
            p.criteria = vec![Criterion::TOrdered { column: "s".to_owned(), t }];
        });
        failing(&evaluate(&problem, &[1, 1])).contains(&"Y/M".to_owned())
    };
    assert!(!fails(0.25));
    assert!(fails(0.24));
}

#[test]
fn an_absent_class_forbids_the_node_unless_skipped_under_a_size_floor() {
    let presence = Criterion::DeltaPresence { lo: 0.1, hi: 1.0 };
    let found = |absent: AbsentClasses, floor: bool| {
        let problem = with(&released(), |p| {
            (p.absent, p.suppression) = (absent, 1.0);
            p.criteria = vec![presence.clone()];
            if floor {
                p.criteria.push(Criterion::K(1));
            }
        });
        let found = evaluate(&problem, &[1, 1]);
        assert_eq!(found.absent_violations, 1);
        (found.forbidden, found.admissible)
    };
    assert_eq!(found(AbsentClasses::Check, true), (true, false));
    assert_eq!(found(AbsentClasses::Check, false), (true, false));
    assert_eq!(found(AbsentClasses::Skip, true), (false, true));
    assert_eq!(found(AbsentClasses::Skip, false), (true, false));
}

#[test]
fn presence_is_closed_with_a_small_tolerance() {
    use crate::naive::criteria::presence;
    assert!(presence(1, 10, 0.1, 0.1));
    assert!(presence(3, 10, 0.1 + 0.2, 1.0));
    assert!(presence(0, 7, 0.0, 0.5));
    assert!(!presence(0, 7, 0.001, 0.5));
    assert!(!presence(1, 3, 0.0, 0.333_333));
}

#[test]
fn an_infinite_loss_is_still_a_solution_and_the_lowest_node_wins() {
    let problem = with(&released(), |p| (p.metric, p.gs, p.criteria) = (Metric::Aecs, 0.0, vec![Criterion::Inclusion]));
    let best = search(&problem).best.unwrap();
    assert_eq!((best.node, best.loss), (vec![0, 0], vec![f64::INFINITY]));
}
