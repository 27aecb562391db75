//! Mondrian and microaggregation through the public door: what they promise, and what they lose.

#[path = "shared/adult.rs"]
mod adult;

use adult::Adult;
use consentric::anonymity::{
    Aggregate, AnonymityError, Anonymization, Attack, Claims, ColumnType, Criterion, Hierarchy, Metric,
    Microaggregation, Mondrian, Nearest, Outcome, Profit, Quality, Role, Solution, Subset, Table, TableColumn,
};
use proptest::prelude::*;

const ALL_CUTS: [Mondrian; 3] = [Mondrian::Strict, Mondrian::Relaxed, Mondrian::AlongHierarchies];
const ALL_METHODS: [Microaggregation; 3] =
    [Microaggregation::Mdav, Microaggregation::Hybrid, Microaggregation::KAligned];

fn solved(outcome: Outcome<'_>) -> Solution<'_> {
    match outcome {
        Outcome::Solved(solution) => solution,
        Outcome::NoSolution(nearest) => panic!("{nearest:?}"),
    }
}

fn refused(outcome: Outcome<'_>) -> Nearest {
    match outcome {
        Outcome::Solved(solution) => panic!("{solution:?}"),
        Outcome::NoSolution(nearest) => nearest,
    }
}

fn column(name: &str, role: Role, column_type: ColumnType, texts: &str) -> TableColumn {
    TableColumn::new(name, role, column_type, texts.split_whitespace()).unwrap()
}

fn numbers(columns: &[&str]) -> Table {
    let made = |(place, texts): (usize, &&str)| column(&format!("x{place}"), Role::Quasi, ColumnType::Numeric, texts);
    Table::from_columns("numbers", columns.iter().enumerate().map(made).collect()).unwrap()
}

fn plan(columns: &[&str], k: u64) -> Anonymization {
    let plan = Anonymization::new().with_criterion(Criterion::k_anonymity(k).unwrap());
    columns.iter().fold(plan, |plan, name| plan.with_quasi_as_is(name))
}

fn city() -> Hierarchy {
    Hierarchy::parse("city", "a;X;*\nb;X;*\nc;Y;*\nd;Y;*\ne;Y;*\n").unwrap()
}

fn band() -> Hierarchy {
    Hierarchy::parse("band", "1;1-2;*\n2;1-2;*\n3;3-4;*\n4;3-4;*\n").unwrap()
}

/// Ten rows of two quasi-identifiers and a sensitive column.
fn ten() -> Table {
    let columns = vec![
        column("city", Role::Quasi, ColumnType::Categorical, "a a a b b c c d d a"),
        column("band", Role::Quasi, ColumnType::Categorical, "1 1 2 1 2 3 3 4 3 4"),
        column("s", Role::Sensitive, ColumnType::Categorical, "p q q r q p p q r p"),
    ];
    Table::from_columns("ten", columns).unwrap()
}

fn plan_of_ten(k: u64) -> Anonymization {
    let plan = Anonymization::new().with_quasi("city", &city()).with_quasi("band", &band());
    plan.with_criterion(Criterion::k_anonymity(k).unwrap())
}

#[test]
fn strict_mondrian_cuts_four_ages_in_two_pairs() {
    let table = numbers(&["20 23 31 34"]);
    let asked = plan(&["x0"], 2);
    let found = solved(asked.mondrian(&table, Mondrian::Strict).unwrap());
    let Claims { transformation, loss, suppressed, classes, min_class, anonymous, .. } = found.claims();
    assert_eq!((transformation, *suppressed, *classes, *min_class, *anonymous), (&None, 0, 2, 2, true));
    // Each pair spans 3 of 14 years, and 2 of 4 values: (8 / 4 - 1) / (4 - 1).
    assert!((found.normalised_certainty_penalty() - 3.0 / 14.0).abs() < 1e-12);
    assert!((loss[0] - 0.3333333333).abs() < 1e-12);
}

#[test]
fn relaxed_mondrian_parts_equal_values_that_strict_keeps_together() {
    let table = numbers(&["1 1 1 1 1 1 1 2 2 2"]);
    let asked = plan(&["x0"], 5);
    let strict = solved(asked.mondrian(&table, Mondrian::Strict).unwrap());
    assert_eq!((strict.claims().classes, strict.claims().min_class), (1, 10));
    assert_eq!(strict.normalised_certainty_penalty(), 1.0);
    let relaxed = solved(asked.mondrian(&table, Mondrian::Relaxed).unwrap());
    assert_eq!((relaxed.claims().classes, relaxed.claims().min_class), (2, 5));
    assert_eq!(relaxed.normalised_certainty_penalty(), 0.5);
}

#[test]
fn hierarchy_mondrian_cuts_the_ten_rows_by_region() {
    let (table, asked) = (ten(), plan_of_ten(3));
    let found = solved(asked.mondrian(&table, Mondrian::AlongHierarchies).unwrap());
    // city X | Y falls by (6 * 3 + 4 * 2) / 4 = 6.5, band 1-2 | 3-4 by (5 + 5) * 2 / 3 = 6.67: band is cut first.
    // (X, 1-2): a a a b b by band: 3 of 1, 2 of 2 fail and 1 would have to join. By city: a a a | b b fails.
    // (*, 3-4): c c d d a by band: 3 3 3 | 4 4 fails; by city: Y of four, X of one fails.
    assert_eq!((found.claims().classes, found.claims().min_class), (2, 5));
    // city: (5 * 2 + 5 * 5) / 5 = 7 of 10; band: 10 * 2 / 4 = 5 of 10.
    let (first, second) = ((7.0 - 2.0) / 8.0, (5.0 - 2.5) / 7.5);
    let loss = f64::sqrt((1.0 + first) * (1.0 + second)) - 1.0;
    assert!((found.claims().loss[0] - loss).abs() < 1e-9, "{:?} {loss}", found.claims().loss);
}

#[test]
fn aggregates_and_class_metrics_are_those_of_the_plan() {
    let table = ten();
    let loss = |quality: Quality| {
        let asked = plan_of_ten(3).with_quality(quality);
        solved(asked.mondrian(&table, Mondrian::AlongHierarchies).unwrap()).claims().loss.clone()
    };
    assert_eq!(loss(Quality::new(Metric::Loss).with_aggregate(Aggregate::Rank)), [0.625, 0.3333333333]);
    assert_eq!(loss(Quality::new(Metric::Loss).with_aggregate(Aggregate::Max)), [0.625]);
    assert_eq!(loss(Quality::new(Metric::Dm)), [50.0]);
    assert_eq!(loss(Quality::new(Metric::Aecs)), [5.0]);
    let height = plan_of_ten(3).with_quality(Quality::new(Metric::Height));
    assert!(matches!(height.mondrian(&table, Mondrian::Strict), Err(AnonymityError::Unsupported { .. })));
}

#[test]
fn a_table_that_breaks_a_criterion_as_a_whole_has_no_solution() {
    let (table, asked) = (ten(), plan_of_ten(11));
    for cuts in ALL_CUTS {
        let nearest = refused(asked.mondrian(&table, cuts).unwrap());
        assert_eq!((nearest.suppressed, nearest.allowed, nearest.forbidden_by), (10, 0, Some("k-anonymity")));
    }
    let four_values = plan_of_ten(2).with_criterion(Criterion::l_distinct("s", 4).unwrap());
    let nearest = refused(four_values.mondrian(&table, Mondrian::Strict).unwrap());
    assert_eq!(nearest.forbidden_by, Some("distinct l-diversity"));
    let (table, asked) = (numbers(&["1 2 3"]), plan(&["x0"], 4));
    for method in ALL_METHODS {
        assert_eq!(refused(asked.microaggregate(&table, method).unwrap()).suppressed, 3);
    }
}

#[test]
fn criteria_that_are_not_about_single_classes_are_refused_by_name() {
    let profit = Profit::new(100.0, 10.0, 5.0, 1.0).unwrap();
    let criteria = [
        Criterion::delta_presence(0.1, 0.9).unwrap(),
        Criterion::k_map(2).unwrap(),
        Criterion::average_risk(0.5).unwrap(),
        Criterion::sample_uniqueness(0.5).unwrap(),
        Criterion::profitability(Attack::Prosecutor, profit).unwrap(),
        Criterion::profitability(Attack::JournalistNoAttack, profit).unwrap(),
    ];
    let (table, single) = (ten(), numbers(&["1 2 3 4"]));
    for criterion in criteria {
        let asked = plan_of_ten(2).with_criterion(criterion.clone());
        for cuts in ALL_CUTS {
            let error = asked.mondrian(&table, cuts).unwrap_err();
            assert!(matches!(error, AnonymityError::NotLocal { criterion: name } if name == criterion.name()));
        }
        let asked = plan(&["x0"], 2).with_criterion(criterion);
        for method in ALL_METHODS {
            assert!(matches!(asked.microaggregate(&single, method), Err(AnonymityError::NotLocal { .. })));
        }
    }
}

#[test]
fn columns_that_do_not_fit_the_model_are_refused() {
    let table = ten();
    let as_is = plan(&["city", "band"], 2);
    let error = as_is.mondrian(&table, Mondrian::AlongHierarchies).unwrap_err();
    assert!(matches!(error, AnonymityError::NoHierarchy { column } if column == "city"));
    assert!(as_is.mondrian(&table, Mondrian::Strict).is_ok());
    assert!(matches!(as_is.microaggregate(&table, Microaggregation::Mdav), Err(AnonymityError::Unsupported { .. })));
    let gap = TableColumn::new("x0", Role::Quasi, ColumnType::Numeric, ["1", "", "3"]).unwrap();
    let table = Table::from_columns("gap", vec![gap]).unwrap();
    let error = plan(&["x0"], 1).microaggregate(&table, Microaggregation::Mdav).unwrap_err();
    assert!(matches!(error, AnonymityError::Cell { row: 1, .. }));
    assert!(plan(&["x0"], 1).mondrian(&table, Mondrian::Strict).is_ok());
}

#[test]
fn the_distribution_of_the_whole_table_decides_in_the_second_half_too() {
    // Cut in the middle, either half is within 0.2 of the table only if p and q stay balanced.
    let balanced = vec![
        column("x", Role::Quasi, ColumnType::Numeric, "1 2 3 4 5 6 7 8"),
        column("s", Role::Sensitive, ColumnType::Categorical, "p q p q p q p q"),
    ];
    let sorted = vec![
        column("x", Role::Quasi, ColumnType::Numeric, "1 2 3 4 5 6 7 8"),
        column("s", Role::Sensitive, ColumnType::Categorical, "p p p p q q q q"),
    ];
    let asked = plan(&["x"], 2).with_criterion(Criterion::t_equal("s", 0.2).unwrap());
    let n_classes = |columns: Vec<TableColumn>| {
        let table = Table::from_columns("eight", columns).unwrap();
        solved(asked.mondrian(&table, Mondrian::Strict).unwrap()).claims().classes
    };
    assert_eq!((n_classes(balanced), n_classes(sorted)), (4, 1));
}

#[test]
fn only_rows_of_the_research_subset_are_cut_and_counted() {
    let table = ten();
    let subset = Subset::of_rows(&table, [0, 1, 2, 4, 5, 6]).unwrap();
    let asked = plan_of_ten(2).with_subset(subset.clone());
    for cuts in ALL_CUTS {
        let found = solved(asked.mondrian(&table, cuts).unwrap());
        let claims = found.claims();
        assert_eq!(claims.outside_subset, 4);
        assert!(claims.min_class >= 2 && claims.min_class * claims.classes <= 6);
    }
    assert!(matches!(
        plan_of_ten(7).with_subset(subset).mondrian(&table, Mondrian::Strict).unwrap(),
        Outcome::NoSolution(_)
    ));
    let table = numbers(&["1 900 2 3 800 4"]);
    let subset = Subset::of_rows(&table, [0, 2, 3, 5]).unwrap();
    let asked = plan(&["x0"], 2).with_subset(subset);
    let found = solved(asked.microaggregate(&table, Microaggregation::Mdav).unwrap());
    // Of 1 2 3 4: pairs around 1.5 and 3.5, 4 · 0.25 of 5.
    assert!((found.information_loss().unwrap() - 20.0).abs() < 1e-9);
}

#[test]
fn microaggregation_of_hand_rows_loses_what_the_formula_says() {
    // Around 1 2 3 and 10 11 12: 2 + 2 of 2 · 60.75 + 4 = 125.5.
    let table = numbers(&["1 2 3 10 11 12"]);
    let asked = plan(&["x0"], 3);
    for method in ALL_METHODS {
        let found = solved(asked.microaggregate(&table, method).unwrap());
        assert_eq!((found.claims().classes, found.claims().min_class), (2, 3));
        assert!((found.claims().loss[0] - 100.0 * 4.0 / 125.5).abs() < 1e-9, "{:?}", found.claims().loss);
        assert_eq!(found.information_loss(), Some(found.claims().loss[0]));
    }
    let constant = numbers(&["7 7 7 7 7 7"]);
    assert_eq!(solved(asked.microaggregate(&constant, Microaggregation::Mdav).unwrap()).claims().loss, [0.0]);
}

#[test]
fn numbers_without_a_finite_square_are_still_grouped() {
    let table = numbers(&["1e308 -1e308 1e308 -1e308 9e307 -9e307"]);
    let asked = plan(&["x0"], 2);
    for method in ALL_METHODS {
        let found = solved(asked.microaggregate(&table, method).unwrap());
        assert!(found.claims().loss[0].is_finite() && found.claims().min_class >= 2);
    }
    let found = solved(asked.mondrian(&table, Mondrian::Strict).unwrap());
    assert!(found.normalised_certainty_penalty() < 0.5);
}

fn skewed(n: usize, d: usize) -> (Table, Anonymization) {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64
    };
    let names: Vec<String> = (0..d).map(|place| format!("x{place}")).collect();
    let made = |name: &String| {
        let texts: Vec<String> = (0..n).map(|_| format!("{:.0}", (next() / 1000.0).powi(2))).collect();
        TableColumn::new(name, Role::Quasi, ColumnType::Numeric, texts.iter().map(String::as_str)).unwrap()
    };
    let table = Table::from_columns("skewed", names.iter().map(made).collect()).unwrap();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (table, plan(&names, 5))
}

#[test]
fn one_two_and_eight_threads_give_the_same_result() {
    let on = |n_threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap().install(|| {
            let (table, asked) = skewed(9000, 3);
            let mut all = Vec::new();
            let mut add = |outcome: Outcome<'_>| {
                let found = solved(outcome);
                let ncp = found.normalised_certainty_penalty().to_bits();
                all.push((found.claims().clone(), ncp, found.information_loss().map(f64::to_bits)));
            };
            add(asked.mondrian(&table, Mondrian::Strict).unwrap());
            add(asked.mondrian(&table, Mondrian::Relaxed).unwrap());
            for method in ALL_METHODS {
                add(asked.microaggregate(&table, method).unwrap());
            }
            all
        })
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
}

#[test]
fn hybrid_loses_hardly_more_than_mdav_and_less_than_k_aligned() {
    let (table, asked) = skewed(9000, 3);
    let [exact, hybrid, aligned] =
        ALL_METHODS.map(|method| solved(asked.microaggregate(&table, method).unwrap()).information_loss().unwrap());
    println!("MDAV {exact:.4} %, hybrid {hybrid:.4} %, k-aligned {aligned:.4} %");
    assert!(hybrid <= 1.15 * exact && hybrid < aligned);
}

#[test]
fn strict_mondrian_on_adult_stays_under_the_stated_penalties() {
    let Some(adult) = Adult::read() else { return };
    for (k, most) in [(2, 0.0110), (5, 0.034), (10, 0.060), (25, 0.110), (50, 0.155), (100, 0.222)] {
        let (table, asked) = adult.ordered(&adult::COLUMNS, k);
        let strict = solved(asked.mondrian(&table, Mondrian::Strict).unwrap());
        let relaxed = solved(asked.mondrian(&table, Mondrian::Relaxed).unwrap());
        let (ncp, other) = (strict.normalised_certainty_penalty(), relaxed.normalised_certainty_penalty());
        println!("k = {k}: strict {ncp:.5}, relaxed {other:.5}, at most {most}");
        assert!(ncp <= most && strict.claims().min_class >= k && relaxed.claims().min_class >= k);
    }
}

#[test]
fn hierarchy_mondrian_on_adult_stays_under_the_stated_loss() {
    let Some(adult) = Adult::read() else { return };
    let (table, asked) = adult.categories(&[&adult::COLUMNS[..], &["salary-class"]].concat(), 5);
    let found = solved(asked.mondrian(&table, Mondrian::AlongHierarchies).unwrap());
    println!("geometric loss {:.5} with {} classes", found.claims().loss[0], found.claims().classes);
    assert!(found.claims().loss[0] <= 0.105 && found.claims().min_class >= 5 && found.claims().suppressed == 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_input_of_whole_numbers_panics_and_no_row_is_suppressed(
        rows in prop::collection::vec((-3i64..3, -100_000i64..100_000), 1..80), k in 1u64..8,
    ) {
        let texts = |at: fn(&(i64, i64)) -> i64| rows.iter().map(|row| at(row).to_string()).collect::<Vec<_>>().join(" ");
        let table = numbers(&[&texts(|row| row.0), &texts(|row| row.1)]);
        let asked = plan(&["x0", "x1"], k);
        let mut outcomes = vec![
            asked.mondrian(&table, Mondrian::Strict).unwrap(),
            asked.mondrian(&table, Mondrian::Relaxed).unwrap(),
        ];
        outcomes.extend(ALL_METHODS.map(|method| asked.microaggregate(&table, method).unwrap()));
        for outcome in outcomes {
            match outcome {
                Outcome::Solved(found) => {
                    prop_assert!(found.claims().suppressed == 0 && found.claims().min_class >= k);
                    prop_assert!((0.0..=1.0).contains(&found.normalised_certainty_penalty()));
                }
                Outcome::NoSolution(_) => prop_assert!((rows.len() as u64) < k),
            }
        }
    }
}
