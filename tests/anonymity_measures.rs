//! What measures of anonymity promise: every number by its definition, each with the class that sets it.

#[path = "model/naive_measures.rs"]
mod naive;

use consentric::anonymity::{
    AnonymityError, ClassCounts, ClassSizes, Codes, ColumnType, Criterion, EntropyEstimator, GroundDistance, Hierarchy,
    Likeness, Measure, MeasureSettings, Measures, MissingValues, PopulationRisk, Risk, Role, SensitiveMode, Table,
    TableColumn, TableReader,
};
use proptest::prelude::*;

const CATEGORY: ColumnType = ColumnType::Categorical;
const NUMBER: ColumnType = ColumnType::Numeric;

fn column(name: &str, role: Role, column_type: ColumnType, texts: &[&str]) -> TableColumn {
    TableColumn::new(name, role, column_type, texts.iter().copied()).unwrap()
}

/// One quasi-identifier and one sensitive column, a word of letters a class: each letter is a row's sensitive value.
fn words(classes: &[&str]) -> Table {
    let (mut quasi, mut sensitive) = (Vec::new(), Vec::new());
    for (class, word) in classes.iter().enumerate() {
        for letter in word.chars() {
            quasi.push(format!("c{class}"));
            sensitive.push(letter.to_string());
        }
    }
    let texts = |texts: &[String], name, role| {
        TableColumn::new(name, role, CATEGORY, texts.iter().map(String::as_str)).unwrap()
    };
    let columns = vec![texts(&quasi, "q", Role::Quasi), texts(&sensitive, "s", Role::Sensitive)];
    Table::from_columns("words", columns).unwrap()
}

fn measure(table: &Table) -> Measures<'_> {
    Measures::of(table, &MeasureSettings::new()).unwrap()
}

fn close(one: f64, other: f64) {
    assert!((one - other).abs() <= 1e-12 * other.abs().max(1.0), "{one} is not {other}");
}

#[test]
fn the_class_of_the_worked_example_has_its_known_measures() {
    // Class (X, 1-2) of node (1, 1) holds p, q, p, r, q; the other rows of the table are its complement.
    let table = words(&["pqprq", "ppqr", "p"]);
    let measures = measure(&table);
    let first = Measures::of(&words(&["pqprq"]), &MeasureSettings::new()).unwrap().disclosure().unwrap().l_entropy();
    assert!((first - 2.871_745_887_5).abs() < 1e-10);
    assert_eq!((measures.k(), measures.n_classes(), measures.dm()), (1, 3, 42));
    let shortfall = |criterion: Result<Criterion, AnonymityError>| measures.shortfall(&criterion.unwrap()).unwrap();
    // t equal 0.1, t ordered 0.05, basic beta 1/3 hold for the first class and fail for the others.
    assert_eq!(shortfall(Criterion::t_equal("s", 0.1 + 1e-9)).first().unwrap().first_row(), 9);
    assert_eq!(shortfall(Criterion::t_equal("s", 0.1 - 1e-9)).first().unwrap().first_row(), 0);
    assert_eq!(shortfall(Criterion::t_ordered("s", 0.05 + 1e-9)).first().unwrap().first_row(), 9);
    assert_eq!(shortfall(Criterion::t_ordered("s", 0.05 - 1e-9)).first().unwrap().first_row(), 0);
    assert_eq!(shortfall(Criterion::beta_basic("s", 1.0 / 3.0 + 1e-9)).first().unwrap().first_row(), 9);
    assert_eq!(shortfall(Criterion::beta_basic("s", 1.0 / 3.0 - 1e-9)).first().unwrap().first_row(), 0);
    // delta of the criterion counts in bits.
    let delta = 0.287_682_072_5 / std::f64::consts::LN_2;
    assert_eq!(shortfall(Criterion::delta_disclosure("s", delta + 1e-9)).first().unwrap().first_row(), 9);
    assert_eq!(shortfall(Criterion::delta_disclosure("s", delta - 1e-9)).first().unwrap().first_row(), 0);
}

#[test]
fn a_first_table_by_hand() {
    // P = a:3 b:2 c:1 of 6; classes aab, abc.
    let table = words(&["aab", "abc"]);
    let measures = measure(&table);
    let found = measures.disclosure().unwrap();
    close(found.alpha(), 2.0 / 3.0);
    assert_eq!(found.l_distinct(), 2);
    close(found.l_entropy(), 3.0 / 2f64.powf(2.0 / 3.0));
    close(found.recursive_c().unwrap(), 2.0);
    close(found.beta(), 1.0);
    // (1/3 - 1/6)/(1/6) = 1 is at most -ln 1/6; (2/3 - 1/2)/(1/2) = 1/3 at most ln 2.
    assert_eq!(found.beta_enhanced(), Likeness::Feasible(found.beta()));
    close(found.beta_capped(), 1.0);
    close(found.delta(), 2f64.ln());
    assert_eq!(found.delta_strict(), f64::INFINITY);
    close(found.t(), 1.0 / 6.0);
    assert_eq!(found.t_ordered(), None);
    assert_eq!((measures.c_avg_released(), measures.c_avg_raw(), measures.dm()), (1.0, 1.0, 18));
    close(measures.cm().unwrap(), 3.0 / 6.0);
    let value = |measure| measures.witness(measure).unwrap();
    assert_eq!((value(Measure::Alpha).first_row(), value(Measure::Alpha).value()), (0, Some("a")));
    assert_eq!((value(Measure::Beta).first_row(), value(Measure::Beta).value()), (3, Some("c")));
    assert_eq!((value(Measure::DeltaStrict).first_row(), value(Measure::DeltaStrict).value()), (0, Some("c")));
    assert_eq!((value(Measure::RecursiveC).first_row(), value(Measure::RecursiveC).value()), (0, Some("a")));
    assert_eq!(value(Measure::LEntropy).class(), ["c0"]);
    assert_eq!((value(Measure::K).column(), value(Measure::T).column()), (None, Some("s")));
}

#[test]
fn a_second_table_by_hand_with_numbers() {
    // Numbers 1, 2, 4: P = 2, 3, 1 of 6; classes {1, 1, 2, 2} and {2, 4}.
    let table = Table::from_columns(
        "t",
        vec![
            column("q", Role::Quasi, CATEGORY, &["x", "x", "x", "x", "y", "y"]),
            column("s", Role::Sensitive, NUMBER, &["1", "1.0", "2", " 2", "2", "4"]),
        ],
    )
    .unwrap();
    let settings = MeasureSettings::new().with_distance("s", GroundDistance::ByValue);
    let measures = Measures::of(&table, &settings).unwrap();
    let found = measures.disclosure().unwrap();
    // Class y: sums 0 - 1/3, 1/2 - 5/6: (1/3 + 1/3)/2.
    close(found.t_ordered().unwrap(), 1.0 / 3.0);
    close(found.t(), 1.0 / 3.0);
    close(found.t_equal(), 1.0 / 3.0);
    // By value: (1/3·1 + 1/3·2)/3.
    close(found.t_by_value().unwrap(), 1.0 / 3.0);
    close(found.l_entropy(), 2.0);
    close(found.recursive_c().unwrap(), 1.0);
    close(found.beta(), 2.0);
    // (1/2 - 1/6)/(1/6) = 2 is above -ln 1/6 = 1.79.
    assert_eq!(found.beta_enhanced(), Likeness::Infeasible);
    close(found.beta_capped(), 6f64.ln());
    close(found.delta(), 3f64.ln());
    let attribute = &measures.attributes()[0];
    assert_eq!((attribute.n_values(), attribute.n_classes(), attribute.column_type()), (3, 2, NUMBER));
    assert_eq!((measures.class_sizes().mean(), measures.class_sizes().median()), (3.0, 3.0));
}

#[test]
fn uniform_classes_of_two_to_seven_values_have_that_entropy_l() {
    for l in 2..=7u32 {
        for copies in [1, 3, 1000] {
            let word: String = ('a'..).take(l as usize).collect::<String>().repeat(copies);
            let table = words(&[&word, &word]);
            let measures = measure(&table);
            let found = measures.disclosure().unwrap();
            close(found.l_entropy(), f64::from(l));
            assert_eq!(found.l_distinct(), u64::from(l));
            let criterion = Criterion::l_entropy("s", f64::from(l), EntropyEstimator::Shannon).unwrap();
            assert!(measures.shortfall(&criterion).unwrap().is_kept(), "l = {l}");
            let more = Criterion::l_entropy("s", f64::from(l) + 1e-6, EntropyEstimator::Shannon).unwrap();
            assert!(!measures.shortfall(&more).unwrap().is_kept(), "l = {l}");
        }
    }
}

#[test]
fn counts_of_fifty_to_one_give_a_c_of_fifty() {
    let table = words(&[&format!("{}b", "a".repeat(50)), "ab"]);
    let measures = measure(&table);
    close(measures.disclosure().unwrap().recursive_c().unwrap(), 50.0);
    // Strictly less: 50 itself does not do.
    let shortfall = |c| measures.shortfall(&Criterion::l_recursive("s", c, 2).unwrap()).unwrap();
    assert_eq!((shortfall(50.0).n_classes(), shortfall(50.0).n_rows()), (1, 51));
    assert!(shortfall(50.000_001).is_kept());
}

#[test]
fn recursive_c_is_null_where_one_value_makes_a_class() {
    let table = words(&["aaa", "abc"]);
    let measures = measure(&table);
    assert_eq!(measures.disclosure().unwrap().recursive_c(), None);
    assert_eq!(measures.witness(Measure::RecursiveC), None);
}

#[test]
fn a_missing_quasi_identifier_gives_the_same_k_with_one_and_two_columns() {
    let sensitive = ["a", "b", "a", "b"];
    let one = Table::from_columns(
        "one",
        vec![
            column("q", Role::Quasi, CATEGORY, &["", "", "x", "x"]),
            column("s", Role::Sensitive, CATEGORY, &sensitive),
        ],
    )
    .unwrap();
    let two = Table::from_columns(
        "two",
        vec![
            column("q", Role::Quasi, CATEGORY, &["", "", "x", "x"]),
            column("r", Role::Quasi, CATEGORY, &["z", "z", "z", "z"]),
            column("s", Role::Sensitive, CATEGORY, &sensitive),
        ],
    )
    .unwrap();
    assert_eq!((measure(&one).k(), measure(&one).n_classes()), (2, 2));
    assert_eq!((measure(&two).k(), measure(&two).n_classes()), (2, 2));
    assert_eq!(measure(&one).n_missing(), [("q".to_owned(), 2), ("s".to_owned(), 0)]);
}

#[test]
fn missing_values_are_left_out_or_refused_if_asked_for() {
    let table = Table::from_columns(
        "t",
        vec![
            column("q", Role::Quasi, CATEGORY, &["x", "", "x", "y", "y", "y"]),
            column("s", Role::Sensitive, CATEGORY, &["a", "a", "b", "a", "", "b"]),
        ],
    )
    .unwrap();
    let measures = Measures::of(&table, &MeasureSettings::new().with_missing(MissingValues::Exclude)).unwrap();
    assert_eq!((measures.n_rows(), measures.n_left_out(), measures.n_classes(), measures.k()), (6, 2, 2, 2));
    assert_eq!((measures.missing(), measures.dm()), (MissingValues::Exclude, 8));
    // p is over the rows kept: half and half.
    assert_eq!(measures.disclosure().unwrap().t(), 0.0);
    assert_eq!(measures.witness(Measure::K).unwrap().first_row(), 0);
    let error = Measures::of(&table, &MeasureSettings::new().with_missing(MissingValues::Error)).unwrap_err();
    assert!(error.to_string().starts_with("t: row 1, column `q`: a value is missing"), "{error}");
    let all = Table::from_columns("t", vec![column("q", Role::Quasi, CATEGORY, &["", ""])]).unwrap();
    let error = Measures::of(&all, &MeasureSettings::new().with_missing(MissingValues::Exclude)).unwrap_err();
    assert!(matches!(error, AnonymityError::NoRowLeft { n_suppressed: 0, n_left_out: 2 }), "{error}");
}

#[test]
fn a_constant_sensitive_number_has_no_distance() {
    let table = Table::from_columns(
        "t",
        vec![
            column("q", Role::Quasi, CATEGORY, &["x", "x", "y"]),
            column("s", Role::Sensitive, NUMBER, &["7", "7", "7.0"]),
        ],
    )
    .unwrap();
    let settings = MeasureSettings::new().with_distance("s", GroundDistance::ByValue);
    let measures = Measures::of(&table, &settings).unwrap();
    let found = measures.disclosure().unwrap();
    assert_eq!((found.t(), found.t_ordered(), found.t_by_value()), (0.0, Some(0.0), Some(0.0)));
    assert_eq!((found.beta(), found.delta(), found.delta_strict()), (0.0, 0.0, 0.0));
    assert_eq!(found.beta_enhanced(), Likeness::Feasible(0.0));
}

#[test]
fn homogeneous_classes_make_strict_delta_infinite_and_enhanced_beta_infeasible() {
    let table = words(&["aaa", "bb"]);
    let measures = measure(&table);
    let found = measures.disclosure().unwrap();
    assert_eq!((found.alpha(), found.l_distinct(), found.delta_strict()), (1.0, 1, f64::INFINITY));
    assert_eq!(found.beta_enhanced(), Likeness::Infeasible);
    assert_eq!(measures.witness(Measure::BetaEnhanced).unwrap().value(), Some("a"));
    close(found.l_entropy(), 1.0);
    close(found.delta(), 2.5f64.ln());
}

#[test]
fn classes_of_one_and_four_have_an_average_risk_of_04_by_record_and_0625_by_class() {
    let table = words(&["a", "abab"]);
    let measures = measure(&table);
    let risk = measures.risk();
    assert_eq!((risk.highest(), risk.average_record(), risk.average_class(), risk.n_uniques()), (1.0, 0.4, 0.625, 1));
    assert_eq!((risk.n_rows_above(0.25), risk.n_rows_above(0.249)), (1, 5));
    assert_eq!(measures.class_sizes().histogram(), [(1, 1), (4, 1)]);
    close(measures.class_sizes().distinction(), 0.4);
    close(measures.class_sizes().separation(), 1.0 - 12.0 / 20.0);
}

#[test]
fn a_tie_of_two_to_two_costs_two_rows_in_the_classification_metric() {
    let table = words(&["aabb"]);
    close(measure(&table).cm().unwrap(), 0.5);
}

#[test]
fn suppressed_rows_are_in_no_class_and_cost_the_original_table() {
    let table = Table::from_columns(
        "t",
        vec![
            column("q", Role::Quasi, CATEGORY, &["x", "*", "x", "*", "*"]),
            column("r", Role::Quasi, CATEGORY, &["y", "*", "y", "*", "z"]),
            column("s", Role::Sensitive, CATEGORY, &["a", "c", "b", "c", "a"]),
        ],
    )
    .unwrap();
    let settings = MeasureSettings::new().with_suppressed_label("*");
    let measures = Measures::of(&table, &settings).unwrap();
    assert_eq!((measures.n_suppressed(), measures.n_classes(), measures.k()), (2, 2, 1));
    assert_eq!((measures.dm(), measures.cm()), (4 + 1 + 2 * 5, Some(3.0 / 5.0)));
    assert_eq!((measures.c_avg_released(), measures.c_avg_raw()), (1.5, 2.5));
    assert_eq!(measures.attributes()[0].n_values(), 2);
    assert_eq!(measures.witness(Measure::K).unwrap().first_row(), 4);
    // Rows that were dropped instead are counted through the original table.
    let raw = Measures::of(&table, &settings.clone().with_raw_rows(10)).unwrap();
    assert_eq!((raw.dm(), raw.c_avg_raw()), (5 + 7 * 10, 5.0));
    let fewer = Measures::of(&table, &settings.with_raw_rows(4)).unwrap_err();
    assert!(matches!(fewer, AnonymityError::RawRows { found: 4, expected: 5 }));
}

#[test]
fn when_every_row_is_suppressed_there_is_nothing_to_measure() {
    let table = Table::from_columns("t", vec![column("q", Role::Quasi, CATEGORY, &["*", "*"])]).unwrap();
    let error = Measures::of(&table, &MeasureSettings::new().with_suppressed_label("*")).unwrap_err();
    assert!(matches!(error, AnonymityError::NoRowLeft { n_suppressed: 2, n_left_out: 0 }), "{error}");
}

#[test]
fn the_second_class_counts_as_much_as_the_first() {
    let table = words(&["ab", "aa"]);
    let measures = measure(&table);
    close(measures.disclosure().unwrap().t(), 0.25);
    assert_eq!(measures.witness(Measure::T).unwrap().first_row(), 0);
    let table = words(&["aabb", "ab", "bb"]);
    let measures = measure(&table);
    assert_eq!(measures.witness(Measure::T).unwrap().first_row(), 6);
    let shortfall = measures.shortfall(&Criterion::t_equal("s", 0.2).unwrap()).unwrap();
    assert_eq!((shortfall.n_classes(), shortfall.n_rows()), (1, 2));
}

#[test]
fn hierarchical_distance_stays_exact_on_many_rows() {
    // Two classes of 100,000 with 90/10 and 10/90: the distance is 0.4 and does not overflow.
    let hierarchy = Hierarchy::parse("h", "x;*\ny;*\n").unwrap();
    for n in [10_000usize, 100_000, 1_000_000] {
        let row = |row: usize| (row / n, if row.is_multiple_of(10) { 1 - row / n } else { row / n });
        let code = |read: &dyn Fn(usize) -> usize| (0..2 * n).map(|row| ["x", "y"][read(row)]).collect::<Vec<_>>();
        let (quasi, sensitive) = (code(&|r| row(r).0), code(&|r| row(r).1));
        let columns =
            vec![column("q", Role::Quasi, CATEGORY, &quasi), column("s", Role::Sensitive, CATEGORY, &sensitive)];
        let table = Table::from_columns("t", columns).unwrap();
        let settings = MeasureSettings::new().with_distance("s", GroundDistance::Hierarchical(hierarchy.clone()));
        let measures = Measures::of(&table, &settings).unwrap();
        close(measures.disclosure().unwrap().t_hierarchical().unwrap(), 0.4);
        let shortfall = measures.shortfall(&Criterion::t_hierarchical("s", 0.2, &hierarchy).unwrap()).unwrap();
        assert_eq!((shortfall.n_classes(), shortfall.n_rows()), (2, 2 * n as u64));
    }
}

#[test]
fn hierarchical_distance_of_a_tree_by_hand() {
    // a, b under m; c, d under n; height 2. P = 1/4 each. Class aabb: m gives 1/2 to n at level 2, nothing at level 1.
    let hierarchy = Hierarchy::parse("h", "a;m;*\nb;m;*\nc;n;*\nd;n;*\n").unwrap();
    let settings = MeasureSettings::new().with_distance("s", GroundDistance::Hierarchical(hierarchy.clone()));
    let distance = |classes: &[&str]| {
        let table = words(classes);
        let measures = Measures::of(&table, &settings).unwrap();
        measures.disclosure().unwrap().t_hierarchical().unwrap()
    };
    close(distance(&["aabb", "ccdd"]), 0.5);
    close(distance(&["acac", "bdbd"]), 0.25);
    close(distance(&["aaaa", "bbccddcdbb".get(..8).unwrap()]), {
        // P: a 4, b 2, c 3, d 3 of 12; class aaaa: leaf extras a 1/3 - 1; b 1/6: 1/6 moves at level 1, 1/2 at level 2.
        0.5 / 6.0 + 0.5
    });
    let table = words(&["ae"]);
    let error = Measures::of(&table, &settings).unwrap_err();
    assert!(matches!(error, AnonymityError::NotInHierarchy { row: 1, .. }), "{error}");
}

#[test]
fn shortfalls_say_how_many_rows_break_a_threshold_and_what_repairs_it() {
    let table = words(&["a", "ab", "abcabc"]);
    let measures = measure(&table);
    let of = |criterion: Result<Criterion, AnonymityError>| measures.shortfall(&criterion.unwrap()).unwrap();
    let k = of(Criterion::k_anonymity(3));
    assert_eq!((k.n_classes(), k.n_rows(), k.n_rows_to_add(), k.is_kept()), (2, 3, Some(3), false));
    assert_eq!((k.first().unwrap().first_row(), k.criterion()), (0, "k-anonymity"));
    assert!(of(Criterion::k_anonymity(1)).is_kept());
    let l = of(Criterion::l_distinct("s", 3));
    assert_eq!((l.n_classes(), l.n_rows(), l.n_rows_to_add()), (2, 3, Some(3)));
    let beta = of(Criterion::beta_enhanced("s", 100.0));
    assert_eq!((beta.n_classes(), beta.n_rows(), beta.n_rows_to_add()), (1, 1, None));
    let unknown = measures.shortfall(&Criterion::l_distinct("q", 3).unwrap()).unwrap_err();
    assert!(matches!(unknown, AnonymityError::Role { .. }));
    let whole = measures.shortfall(&Criterion::k_map(3).unwrap()).unwrap_err();
    assert!(matches!(whole, AnonymityError::Unsupported { .. }));
}

#[test]
fn grassberger_terms_that_are_negative_do_not_end_the_sum() {
    // G(1) < 0: a class of singletons has a negative sum, one value more must not change the verdict by its order.
    for word in ["aab", "baa", "aba"] {
        let table = words(&[word]);
        let criterion = |l| Criterion::l_entropy("s", l, EntropyEstimator::Grassberger).unwrap();
        let measures = measure(&table);
        let g = |n: u64| match n {
            1 => -0.577_215_664_901_532_9 - 2f64.ln(),
            _ => -0.577_215_664_901_532_9 - 2f64.ln() + 2.0,
        };
        let l = (g(3) - (2.0 * g(2) + g(1)) / 3.0).exp();
        assert!(measures.shortfall(&criterion(l - 1e-9)).unwrap().is_kept());
        assert!(!measures.shortfall(&criterion(l + 1e-9)).unwrap().is_kept());
    }
}

#[test]
fn modes_differ_in_the_classes_of_the_sensitive_columns_and_never_in_k() {
    let table = Table::from_columns(
        "t",
        vec![
            column("q", Role::Quasi, CATEGORY, &["x", "x", "x", "x"]),
            column("s", Role::Sensitive, CATEGORY, &["a", "a", "b", "b"]),
            column("u", Role::Sensitive, CATEGORY, &["1", "2", "1", "1"]),
        ],
    )
    .unwrap();
    let of = |mode| Measures::of(&table, &MeasureSettings::new().with_mode(mode)).unwrap();
    let names = |measures: &Measures<'_>| {
        measures.attributes().iter().map(|a| (a.column().to_owned(), a.n_values(), a.n_classes())).collect::<Vec<_>>()
    };
    let separate = of(SensitiveMode::Separate);
    assert_eq!(names(&separate), [("s".into(), 2, 1), ("u".into(), 2, 1)]);
    assert_eq!(separate.disclosure().unwrap().l_distinct(), 2);
    let joint = of(SensitiveMode::Joint);
    assert_eq!(names(&joint), [("s".into(), 2, 2), ("u".into(), 2, 2)]);
    // Whoever knows u = 2 knows s, and whoever knows s = b knows u.
    assert_eq!(joint.disclosure().unwrap().l_distinct(), 1);
    assert_eq!(joint.witness(Measure::LDistinct).unwrap().class(), ["x", "2"]);
    let composite = of(SensitiveMode::Composite);
    assert_eq!(names(&composite), [("s+u".into(), 3, 1)]);
    assert_eq!((composite.disclosure().unwrap().l_distinct(), composite.disclosure().unwrap().alpha()), (3, 0.5));
    assert_eq!(composite.witness(Measure::Alpha).unwrap().value(), Some("b+1"));
    for measures in [&separate, &joint, &composite] {
        assert_eq!((measures.k(), measures.n_classes(), measures.risk().highest()), (4, 1, 0.25));
    }
}

#[test]
fn debug_of_measures_and_witnesses_shows_no_label() {
    let table = words(&["secret", "hidden"]);
    let measures = measure(&table);
    let witness = measures.witness(Measure::Alpha).unwrap();
    assert_eq!(witness.class(), ["c0"]);
    let shortfall = measures.shortfall(&Criterion::k_anonymity(9).unwrap()).unwrap();
    let shown = format!("{measures:?} {witness:?} {shortfall:?}");
    assert!(!shown.contains("c0") && !shown.contains("\"e\""), "{shown}");
    assert!(shown.contains("class of row 0"), "{shown}");
}

#[test]
fn journalist_and_marketer_risk_count_the_population() {
    let quasi = |texts: &[&str]| column("q", Role::Quasi, CATEGORY, texts);
    let table = Table::from_columns("t", vec![quasi(&["x", "y", "y"])]).unwrap();
    let population = Table::from_columns("p", vec![quasi(&["y", "y", "y", "y", "x", "x", "z"])]).unwrap();
    let risk = PopulationRisk::of(&table, &population, &MeasureSettings::new()).unwrap();
    assert_eq!((risk.highest(), risk.average_class()), (0.5, 0.375));
    close(risk.marketer(), (1.0 / 2.0 + 2.0 / 4.0) / 3.0);
    assert_eq!((risk.n_rows_above(0.3), risk.n_rows_above(0.2)), (1, 3));
    assert_eq!(PopulationRisk::from_counts([(2, 4), (1, 2)]).unwrap(), risk);
    assert!(PopulationRisk::from_counts([(2, 1)]).is_err());
    let small = Table::from_columns("p", vec![quasi(&["x", "y"])]).unwrap();
    let error = PopulationRisk::of(&table, &small, &MeasureSettings::new()).unwrap_err();
    assert!(matches!(error, AnonymityError::NotInData { row: 1, .. }), "{error}");
}

#[test]
fn counts_of_classes_follow_rows_and_round_trip() {
    let mut counts = ClassCounts::new(3).unwrap();
    for n in 0..7u32 {
        counts.insert(n % 2).unwrap();
    }
    assert!(counts.is_k_anonymous());
    let change = counts.remove(&1).unwrap();
    assert!(change.fell_below_k() && !counts.is_k_anonymous());
    assert_eq!((counts.n_classes_below_k(), counts.n_rows_below_k(), counts.n_rows()), (1, 2, 6));
    let text = serde_json::to_string(&counts).unwrap();
    assert_eq!(text, r#"{"k":3,"classes":[[0,4],[1,2]]}"#);
    let read: ClassCounts<u32> = serde_json::from_str(&text).unwrap();
    assert!(read == counts && read.n_rows_below_k() == 2);
    for wrong in [r#"{"k":0,"classes":[]}"#, r#"{"k":1,"classes":[[0,0]]}"#, r#"{"k":1,"classes":[[0,1],[0,1]]}"#] {
        assert!(serde_json::from_str::<ClassCounts<u32>>(wrong).is_err(), "{wrong}");
    }
    assert!(matches!(counts.remove(&9), Err(AnonymityError::NotCounted)));
    assert!(matches!(counts.merge(ClassCounts::new(2).unwrap()), Err(AnonymityError::OtherK { .. })));
    let mut full: ClassCounts<u8> =
        serde_json::from_str(&format!(r#"{{"k":1,"classes":[[0,{}]]}}"#, u64::MAX)).unwrap();
    assert!(full.insert(1).is_err());
    assert_eq!((full.n_rows(), full.count(&1)), (u64::MAX, 0));
}

#[test]
fn tables_without_a_quasi_identifier_or_with_unknown_columns_are_refused() {
    let table = Table::from_columns("t", vec![column("s", Role::Sensitive, CATEGORY, &["a"])]).unwrap();
    assert!(matches!(Measures::of(&table, &MeasureSettings::new()), Err(AnonymityError::NoQuasiIdentifier)));
    let table = words(&["ab"]);
    let order = Measures::of(&table, &MeasureSettings::new().with_order(["nobody"]));
    assert!(matches!(order, Err(AnonymityError::UnknownColumn { .. })));
    let distance = MeasureSettings::new().with_distance("q", GroundDistance::ByValue);
    assert!(matches!(Measures::of(&table, &distance), Err(AnonymityError::Role { .. })));
    let text = MeasureSettings::new().with_distance("s", GroundDistance::ByValue);
    assert!(matches!(Measures::of(&table, &text), Err(AnonymityError::Role { .. })));
}

#[test]
fn adult_is_measured_as_by_definition() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/adult/adult.csv");
    let Ok(text) = std::fs::read(&path) else {
        println!("skipped: {} is absent", path.display());
        return;
    };
    let mut reader = TableReader::new().with_separator(b';').with_others(Role::Insensitive);
    for name in ["sex", "age", "race", "marital-status"] {
        reader = reader.with_column(name, Role::Quasi, CATEGORY);
    }
    reader = reader.with_column("occupation", Role::Sensitive, CATEGORY);
    let table = reader.read("adult.csv", &text[..]).unwrap();
    assert_eq!((table.n_rows(), table.n_blank_lines()), (30_162, 0));
    naive::compare(&table, &measure(&table));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn one_pass_measures_equal_their_definitions(
        rows in proptest::collection::vec((0u8..3, 0u8..3, 0u8..4, 0u8..6), 1..60),
        mode in 0usize..3,
    ) {
        let texts = |read: fn(&(u8, u8, u8, u8)) -> u8| rows.iter().map(|row| read(row).to_string()).collect::<Vec<_>>();
        let make = |name: &str, role, kind, read| {
            TableColumn::new(name, role, kind, texts(read).iter().map(String::as_str)).unwrap()
        };
        let table = Table::from_columns("t", vec![
            make("q", Role::Quasi, CATEGORY, |row| row.0),
            make("r", Role::Quasi, CATEGORY, |row| row.1),
            make("s", Role::Sensitive, CATEGORY, |row| row.2),
            make("u", Role::Sensitive, NUMBER, |row| row.3 * row.3),
        ]).unwrap();
        let mode = [SensitiveMode::Separate, SensitiveMode::Joint, SensitiveMode::Composite][mode];
        let settings = MeasureSettings::new().with_mode(mode);
        naive::compare(&table, &Measures::of(&table, &settings).unwrap());
    }

    #[test]
    fn the_order_of_rows_changes_no_measure(
        rows in proptest::collection::vec((0u8..4, 0u8..4), 1..40),
        seed in any::<u64>(),
    ) {
        let mut shuffled = rows.clone();
        let mut state = seed | 1;
        for place in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(place, (state >> 33) as usize % (place + 1));
        }
        let table = |rows: &[(u8, u8)]| {
            let texts = |read: fn(&(u8, u8)) -> u8| rows.iter().map(|row| read(row).to_string()).collect::<Vec<_>>();
            let make = |name: &str, role, read| {
                TableColumn::new(name, role, NUMBER, texts(read).iter().map(String::as_str)).unwrap()
            };
            Table::from_columns("t", vec![
                make("q", Role::Quasi, |row| row.0), make("s", Role::Sensitive, |row| row.1),
            ]).unwrap()
        };
        let (one, other) = (table(&rows), table(&shuffled));
        let (one, other) = (measure(&one), measure(&other));
        prop_assert_eq!(one.class_sizes(), other.class_sizes());
        let (one, other) = (one.disclosure().unwrap(), other.disclosure().unwrap());
        prop_assert_eq!(
            (one.alpha(), one.l_distinct(), one.l_entropy(), one.recursive_c(), one.beta(), one.beta_enhanced()),
            (other.alpha(), other.l_distinct(), other.l_entropy(), other.recursive_c(), other.beta(), other.beta_enhanced())
        );
        prop_assert_eq!(
            (one.delta(), one.delta_strict(), one.t(), one.t_equal(), one.n_minority()),
            (other.delta(), other.delta_strict(), other.t(), other.t_equal(), other.n_minority())
        );
    }

    #[test]
    fn class_counts_merge_in_any_order_and_forget_what_left(
        parts in proptest::collection::vec(proptest::collection::vec(0u8..6, 0..12), 3),
        extra in proptest::collection::vec(0u8..9, 0..8),
    ) {
        let count = |rows: &[u8]| {
            let mut counts = ClassCounts::new(3).unwrap();
            rows.iter().for_each(|row| { counts.insert(*row).unwrap(); });
            counts
        };
        let of: Vec<_> = parts.iter().map(|part| count(part)).collect();
        let merge = |one: &ClassCounts<u8>, other: &ClassCounts<u8>| {
            let mut sum = one.clone();
            sum.merge(other.clone()).unwrap();
            sum
        };
        let all = count(&parts.concat());
        for sum in [merge(&merge(&of[0], &of[1]), &of[2]), merge(&of[2], &merge(&of[1], &of[0]))] {
            prop_assert!(sum == all);
            prop_assert_eq!(sum.n_classes_below_k(), all.n_classes_below_k());
            prop_assert_eq!(serde_json::to_string(&sum).unwrap(), serde_json::to_string(&all).unwrap());
        }
        let mut back = all.clone();
        extra.iter().for_each(|row| { back.insert(*row).unwrap(); });
        extra.iter().for_each(|row| { back.remove(row).unwrap(); });
        prop_assert!(back == all);
        prop_assert_eq!((back.n_rows_below_k(), back.n_rows()), (all.n_rows_below_k(), all.n_rows()));
        let below = all.class_sizes().below(3);
        prop_assert_eq!(below, (all.n_classes_below_k(), all.n_rows_below_k()));
    }

    #[test]
    fn class_sizes_equal_a_plain_count(
        rows in proptest::collection::vec((any::<u32>(), 0u32..3, prop_oneof![Just(0u32), any::<u32>()]), 1..300),
    ) {
        let mut plain = std::collections::BTreeMap::<_, u64>::new();
        rows.iter().for_each(|row| *plain.entry((row.0 % 97, row.1, row.2)).or_default() += 1);
        let codes = |read: fn(&(u32, u32, u32)) -> u32| Codes::narrowest(&rows.iter().map(read).collect::<Vec<_>>());
        let sizes = ClassSizes::of(&[codes(|row| row.0 % 97), codes(|row| row.1), codes(|row| row.2)]).unwrap();
        prop_assert_eq!(&sizes, &ClassSizes::from_sizes(plain.values().copied()));
        prop_assert_eq!(Risk::of(&sizes).average_record(), plain.len() as f64 / rows.len() as f64);
    }
}
