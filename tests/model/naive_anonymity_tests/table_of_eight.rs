//! Eight rows without a subset. City: a, b under X; c, d under Y (d does not occur); H = 4. Age: 1, 2 under L; 3, 4, 5
//! under M (5 does not occur); H = 5. Table: p 4, q 3, r 1.
//!
//! Node (1, 1): (X, L) = rows 0 to 3 with p 2, q 1, r 1; (Y, M) = rows 4, 5 with p 2; (X, M) = row 6 with q;
//! (Y, L) = row 7 with q. Node (2, 1): (*, L) = rows 0 1 2 3 7 with p 2, q 2, r 1; (*, M) = rows 4 5 6 with p 2, q 1.

use super::{all_close, close, failing, with};
use crate::naive::{
    Aggregate, Attacker, Criterion, Entropy, Metric, NaiveHierarchy, NaiveTable, Problem, Profit, evaluate, search,
};

pub fn table_of_eight() -> Problem {
    let table = NaiveTable::new(
        &["city", "age", "s"],
        &[
            &["a", "1", "p"],
            &["a", "2", "q"],
            &["b", "1", "p"],
            &["b", "2", "r"],
            &["c", "3", "p"],
            &["c", "4", "p"],
            &["a", "3", "q"],
            &["c", "1", "q"],
        ],
    );
    let city = NaiveHierarchy::new(&[&["a", "X", "*"], &["b", "X", "*"], &["c", "Y", "*"], &["d", "Y", "*"]]);
    let age = NaiveHierarchy::new(&[
        &["1", "L", "*"],
        &["2", "L", "*"],
        &["3", "M", "*"],
        &["4", "M", "*"],
        &["5", "M", "*"],
    ]);
    let mut problem = Problem::new(table, &["city", "age"], vec![city, age]);
    problem.sensitive = vec!["s".to_owned()];
    let kinds = NaiveHierarchy::new(&[&["p", "u", "*"], &["q", "u", "*"], &["r", "v", "*"]]);
    problem.hierarchies.insert("s".to_owned(), kinds);
    problem.criteria = vec![Criterion::K(2)];
    problem.profit = Profit { benefit: 10.0, loss: 6.0, gain: 5.0, cost: 2.0 };
    problem
}

pub const GS: [f64; 5] = [0.0, 0.33, 0.5, 0.66, 1.0];

fn s() -> String {
    "s".to_owned()
}

fn columns(metric: Metric, gs: f64) -> Vec<f64> {
    evaluate(&with(&table_of_eight(), |p| (p.metric, p.gs) = (metric, gs)), &[1, 1]).per_column
}

fn single(node: &[usize], metric: Metric, gs: f64) -> f64 {
    let found = evaluate(&with(&table_of_eight(), |p| (p.metric, p.gs) = (metric, gs)), node);
    assert_eq!(found.loss.len(), 1);
    found.loss[0]
}

/// Node (1, 1) under k = 2: kept 4 + 2 rows, s = 2. City: A = 6·2 = 12, B = 2·2 = 4, low = gF·2. Age: A = 4·2 + 2·3 = 14,
/// B = 3 + 2 = 5, low = gF·1.6.
#[test]
fn loss_by_column_at_every_gs() {
    // sF = 0: S = 12/4 + 4/4 = 4 and 14/5 + 5/5 = 3.8.
    all_close(&columns(Metric::Loss, 0.0), &[2.0 / 6.0, 2.2 / 6.4]);
    // sF = 0.66: S = 3 + 0.34·1 + 0.66·2 = 4.66 and 2.8 + 0.34·1 + 1.32 = 4.46.
    all_close(&columns(Metric::Loss, 0.33), &[2.66 / 6.0, 2.86 / 6.4]);
    // S = 3 + 2 and 2.8 + 2.
    all_close(&columns(Metric::Loss, 0.5), &[3.0 / 6.0, 3.2 / 6.4]);
    // gF = 0.68: S = 2.04 + 2 and 1.904 + 2; low = 1.36 and 1.088.
    all_close(&columns(Metric::Loss, 0.66), &[2.68 / 6.64, 2.816 / 6.912]);
    // gF = 0: S = 2, low = 0.
    all_close(&columns(Metric::Loss, 1.0), &[0.25, 0.25]);
}

/// City: a 3, b 2 of X's 5; c 3 of Y's 3. Age: 1 3, 2 2 of L's 5; 3 2, 4 1 of M's 3. Failed: X 1, Y 1 and M 1, L 1.
#[test]
fn entropies_by_column_at_every_gs() {
    let city = -(3.0 * 0.6f64.log2() + 2.0 * 0.4f64.log2());
    let age = city - (2.0 * (2.0f64 / 3.0).log2() + (1.0f64 / 3.0).log2());
    for (gs, sf, gf) in [(0.0, 0.0, 1.0), (0.33, 0.66, 1.0), (0.5, 1.0, 1.0), (0.66, 1.0, 0.68), (1.0, 1.0, 0.0)] {
        all_close(&columns(Metric::Nue, gs), &[gf * city, gf * age]);
        // Two equal halves: -2·1·log2(1/2) = 2.
        all_close(&columns(Metric::Nmnue, gs), &[gf * city + sf * 2.0, gf * age + sf * 2.0]);
        all_close(&columns(Metric::Precision, gs), &[gf * 0.5, gf * 0.5]);
        // (6·gF/2 + 2·sF)/8.
        let partly = (3.0 * gf + 2.0 * sf) / 8.0;
        all_close(&columns(Metric::NmPrecision, gs), &[partly, partly]);
        all_close(&columns(Metric::Height, gs), &[1.0, 1.0]);
    }
}

#[test]
fn class_sizes_and_discernibility_at_every_gs() {
    for (gs, wanted) in GS.into_iter().zip([8.0, 8.0 / 2.32, 8.0 / 3.0, 8.0 / 2.68, 4.0]) {
        close(single(&[1, 1], Metric::Aecs, gs), wanted);
        close(single(&[1, 1], Metric::DmStar, gs), 16.0 + 4.0 + 1.0 + 1.0);
        close(single(&[1, 1], Metric::Dm, gs), 16.0 + 4.0 + 8.0 * 2.0);
    }
    // Nothing suppressed: two classes, and no divisor at all when kept classes weigh nothing.
    close(single(&[2, 1], Metric::Aecs, 0.5), 4.0);
    assert_eq!(single(&[2, 1], Metric::Aecs, 0.0), f64::INFINITY);
}

/// Shares: (X, L) 2/4·2/5 = 1/5, so IL = 1 - log 5/log 20 = log 4/log 20; (Y, M) 1/2·3/5 = 3/10, so IL = log 6/log 20.
/// Publisher: π = 1/4 is no attack (5/4 < 2), payout 10·(1 - IL); π = 1/2 is one (5/2 > 2), 3 less.
#[test]
fn entropy_based_and_monetary_loss_at_every_gs() {
    let (first, second) = (4.0f64.log10() / 20.0f64.log10(), 6.0f64.log10() / 20.0f64.log10());
    for (gs, sf, gf) in [(0.0, 0.0, 1.0), (0.33, 0.66, 1.0), (0.5, 1.0, 1.0), (0.66, 1.0, 0.68), (1.0, 1.0, 0.0)] {
        close(single(&[1, 1], Metric::Ebil, gs), gf * (4.0 * first + 2.0 * second) + sf * 2.0);
        let kept = 4.0 * 10.0 * first + 2.0 * (10.0 * second + 3.0);
        close(single(&[1, 1], Metric::Payout, gs), gf * kept + sf * 20.0);
        close(single(&[1, 1], Metric::PayoutJournalist, gs), gf * kept + sf * 20.0);
    }
}

/// gs = 0.33: x = (2.66/6, 2.86/6.4) = (0.4433…, 0.446875), floored to ten decimals before the weights.
#[test]
fn aggregates_with_unequal_weights() {
    let loss = |aggregate: Aggregate, city: f64, age: f64| {
        let problem = with(&table_of_eight(), |p| {
            (p.gs, p.aggregate) = (0.33, Some(aggregate));
            p.weights = [("city".to_owned(), city), ("age".to_owned(), age)].into();
        });
        evaluate(&problem, &[1, 1]).loss
    };
    let (x, z) = (0.443_333_333_3, 0.446_875);
    // 6 and 3 are 1 and 1/2.
    all_close(&loss(Aggregate::Arithmetic, 6.0, 3.0), &[(x + z / 2.0) / 2.0]);
    all_close(&loss(Aggregate::Geometric, 6.0, 3.0), &[((1.0 + x) * (1.0 + z / 2.0)).sqrt() - 1.0]);
    all_close(&loss(Aggregate::Sum, 6.0, 3.0), &[x + z / 2.0]);
    all_close(&loss(Aggregate::Max, 6.0, 3.0), &[x]);
    all_close(&loss(Aggregate::Rank, 6.0, 3.0), &[x, z / 2.0]);
    // The order of `rank` is that of the terms, not of the columns.
    all_close(&loss(Aggregate::Rank, 1.0, 1.0), &[z, x]);
    all_close(&loss(Aggregate::Max, 1.0, 2.0), &[z]);
}

#[test]
fn weights_left_out_are_one() {
    let problem = with(&table_of_eight(), |p| {
        p.aggregate = Some(Aggregate::Sum);
        p.weights = [("age".to_owned(), 4.0)].into();
    });
    all_close(&evaluate(&problem, &[1, 1]).loss, &[0.5 / 4.0 + 0.5]);
}

#[test]
fn each_rule_fails_the_classes_worked_out_by_hand() {
    let (xl, ym, xm, yl) = ("X/L", "Y/M", "X/M", "Y/L");
    let all = [xl, xm, yl, ym];
    let most = [xm, yl, ym];
    let short = [xm, yl];
    let shannon = |l: f64| Criterion::EntropyL { column: s(), l, estimator: Entropy::Shannon };
    let grassberger = |l: f64| Criterion::EntropyL { column: s(), l, estimator: Entropy::Grassberger };
    let cases: Vec<(Criterion, &[&str])> = vec![
        (Criterion::K(1), &[]),
        (Criterion::K(2), &short),
        (Criterion::K(3), &most),
        (Criterion::K(4), &most),
        (Criterion::K(5), &all),
        (Criterion::DistinctL { column: s(), l: 1 }, &[]),
        (Criterion::DistinctL { column: s(), l: 3 }, &most),
        (Criterion::DistinctL { column: s(), l: 4 }, &all),
        // (X, L): exp(H) = 2^1.5 = 2.828.
        (shannon(1.0), &[]),
        (shannon(2.82), &most),
        (shannon(2.83), &all),
        // (X, L): 2·G(2) + 2·G(1) = 4·G(1) + 4 <= 4·(G(4) - ln l) as long as ln l <= 5/3; but three values only.
        (grassberger(1.0), &[]),
        (grassberger(3.0), &most),
        (grassberger(3.01), &all),
        // (X, L): 2, 1, 1. Strict: 2 < c·2 at l = 2, 2 < c·1 at l = 3. A single value: r_1 < c·r_1 at l = 1.
        (Criterion::RecursiveL { column: s(), c: 1.0, l: 2 }, &all),
        (Criterion::RecursiveL { column: s(), c: 1.01, l: 2 }, &most),
        (Criterion::RecursiveL { column: s(), c: 2.0, l: 3 }, &all),
        (Criterion::RecursiveL { column: s(), c: 2.01, l: 3 }, &most),
        (Criterion::RecursiveL { column: s(), c: 1.0, l: 1 }, &most),
        (Criterion::RecursiveL { column: s(), c: 1.01, l: 1 }, &[]),
        // Distances 1/8; 1/2; 5/8; 5/8.
        (Criterion::TEqual { column: s(), t: 0.124 }, &all),
        (Criterion::TEqual { column: s(), t: 0.125 }, &most),
        (Criterion::TEqual { column: s(), t: 0.5 }, &short),
        (Criterion::TEqual { column: s(), t: 0.625 }, &[]),
        // Sums of the running differences: 0 1/8 0; 1/2 1/8 0; 1/2 1/8 0; over d - 1 = 2.
        (Criterion::TOrdered { column: s(), t: 0.062 }, &all),
        (Criterion::TOrdered { column: s(), t: 0.0625 }, &most),
        (Criterion::TOrdered { column: s(), t: 0.3125 }, &[]),
        // (X, L): 1/8 over the root. (Y, M): 3/8 within u at half height, 1/8 over the root = 5/16. q alone: 1/2 within
        // u at half height, 1/8 over the root = 3/8.
        (Criterion::THierarchical { column: s(), t: 0.124 }, &all),
        (Criterion::THierarchical { column: s(), t: 0.125 }, &most),
        (Criterion::THierarchical { column: s(), t: 0.3125 }, &short),
        (Criterion::THierarchical { column: s(), t: 0.375 }, &[]),
        // r in (X, L): (1/4 - 1/8)/(1/8) = 1. p in (Y, M): 1, but -ln 1/2 = 0.693. q alone: 5/3, but -ln 3/8 = 0.98.
        (Criterion::Beta { column: s(), beta: 0.99, enhanced: false }, &all),
        (Criterion::Beta { column: s(), beta: 1.0, enhanced: false }, &short),
        (Criterion::Beta { column: s(), beta: 5.0 / 3.0, enhanced: false }, &[]),
        (Criterion::Beta { column: s(), beta: 9.0, enhanced: true }, &most),
        (Criterion::Beta { column: s(), beta: 0.99, enhanced: true }, &all),
        // r in (X, L) and p in (Y, M): log2 2 = 1, strict. q alone: log2(8/3) = 1.415.
        (Criterion::DeltaDisclosure { column: s(), delta: 1.0 }, &all),
        (Criterion::DeltaDisclosure { column: s(), delta: 1.01 }, &short),
        (Criterion::DeltaDisclosure { column: s(), delta: 1.42 }, &[]),
        // Without a subset every class is released whole.
        (Criterion::DeltaPresence { lo: 0.0, hi: 1.0 }, &[]),
        (Criterion::DeltaPresence { lo: 0.0, hi: 0.99 }, &all),
        (Criterion::KMapTable(2), &short),
        (Criterion::Inclusion, &[]),
        // (X, L): 10·(1 - 0.463) > 0. (Y, M): 10·(1 - 0.598) - 3 = 1.02. Alone: 4.02 - 6 and 5.37 - 6.
        (Criterion::Profitability(Attacker::Prosecutor), &short),
        (Criterion::Profitability(Attacker::Journalist), &short),
        // floor(5/2) + 1 = 3.
        (Criterion::Profitability(Attacker::ProsecutorNoAttack), &most),
        (Criterion::Profitability(Attacker::JournalistNoAttack), &most),
        // 4 classes in 8 rows, 2 in 6, 1 in 4.
        (Criterion::AverageRisk(0.5), &[]),
        (Criterion::AverageRisk(0.34), &short),
        (Criterion::AverageRisk(0.3), &most),
        (Criterion::AverageRisk(0.2), &all),
        // 2 of 8 rows are alone.
        (Criterion::SampleUniqueness(0.25), &[]),
        (Criterion::SampleUniqueness(0.0), &short),
    ];
    for (rule, wanted) in cases {
        let problem = with(&table_of_eight(), |p| p.criteria = vec![rule.clone()]);
        let mut wanted = wanted.to_vec();
        wanted.sort_unstable();
        assert_eq!(failing(&evaluate(&problem, &[1, 1])), wanted, "{rule:?}");
    }
}

/// One of the two single rows must go (3/7 <= 0.45): (Y, L) has the smaller shares, (X, M) the lower row.
#[test]
fn the_shortest_prefix_is_ordered_by_size_then_own_loss_then_row() {
    let taken = |metric: Metric| {
        let problem =
            with(&table_of_eight(), |p| (p.metric, p.criteria) = (metric, vec![Criterion::AverageRisk(0.45)]));
        failing(&evaluate(&problem, &[1, 1]))
    };
    assert_eq!(taken(Metric::Loss), ["Y/L"]);
    assert_eq!(taken(Metric::Ebil), ["Y/L"]);
    assert_eq!(taken(Metric::Payout), ["Y/L"]);
    assert_eq!(taken(Metric::Height), ["X/M"]);
    assert_eq!(taken(Metric::DmStar), ["X/M"]);
}

#[test]
fn the_class_at_the_root_everywhere_is_kept_and_counted_apart() {
    let problem = with(&table_of_eight(), |p| {
        p.criteria = vec![Criterion::AverageRisk(0.01), Criterion::SampleUniqueness(0.0)];
    });
    let found = evaluate(&problem, &[2, 2]);
    assert_eq!((found.suppressed, found.classes, found.fully_generalised), (0, 1, 8));
    assert!(found.admissible);
    // A class-based rule can suppress it all the same.
    let found = evaluate(&with(&problem, |p| p.criteria = vec![Criterion::K(9)]), &[2, 2]);
    assert_eq!((found.suppressed, found.classes, found.min_class, found.fully_generalised), (8, 0, None, 0));
}

#[test]
fn rules_combine_by_and_and_name_what_broke() {
    let problem = with(&table_of_eight(), |p| {
        p.criteria = vec![Criterion::K(2), Criterion::DistinctL { column: s(), l: 2 }];
    });
    let found = evaluate(&problem, &[1, 1]);
    assert_eq!(failing(&found), ["X/M", "Y/L", "Y/M"]);
    let broken = |label: &str| &found.failing.iter().find(|class| class.labels.join("/") == label).unwrap().broken;
    assert_eq!(broken("Y/M"), &[1]);
    assert_eq!(broken("X/M"), &[0, 1]);
}

/// k = 2 without suppression: (0, 2) keeps the cities 3, 2, 3 and has x = (0, 1); (1, 2) has (2/6, 1), (2, 1) has
/// (1, 2.2/6.4).
#[test]
fn the_optimum_is_found_and_ties_go_to_the_lowest_node() {
    let found = search(&table_of_eight());
    assert_eq!(found.lattice, 9);
    let best = found.best.unwrap();
    assert_eq!(best.node, [0, 2]);
    close(best.loss[0], 2.0f64.sqrt() - 1.0);
    close(single(&[1, 2], Metric::Loss, 0.5), ((4.0f64 / 3.0) * 2.0).sqrt() - 1.0);
    close(single(&[2, 1], Metric::Loss, 0.5), (2.0f64 * 1.343_75).sqrt() - 1.0);
    // A bound on a column takes nodes away; by height (1, 2) and (2, 1) are equal and (1, 2) has the lower number.
    let bounded = with(&table_of_eight(), |p| {
        p.metric = Metric::Height;
        p.levels.insert("city".to_owned(), (1, 2));
    });
    let found = search(&bounded);
    assert_eq!((found.best.unwrap().node, found.lattice), (vec![1, 2], 6));
    let nothing = search(&with(&table_of_eight(), |p| p.criteria = vec![Criterion::K(9)]));
    assert!(nothing.best.is_none());
    assert_eq!(nothing.nearest.unwrap().suppressed, 8);
    // Limit 1 allows every node.
    let found = search(&with(&table_of_eight(), |p| (p.criteria, p.suppression) = (vec![Criterion::K(9)], 1.0)));
    assert_eq!(found.near.len(), 9);
    assert_eq!(found.best.unwrap().node, [0, 0]);
}
