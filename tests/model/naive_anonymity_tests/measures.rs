//! The measures of small tables, by hand.

use super::close;
use crate::naive::measure::{distinction, risk, rows_above, rows_below, separation};
use crate::naive::{MeasureOptions, Missing, NaiveMeasures, NaiveTable, SensitiveMode, measure};

fn names(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| (*column).to_owned()).collect()
}

fn figures(table: &NaiveTable, qi: &[&str], sensitive: &[&str], options: &MeasureOptions) -> NaiveMeasures {
    measure(table, &names(qi), &names(sensitive), options).unwrap()
}

/// The worked example at node (1, 1), its last row suppressed. Table: p 5, q 3, r 2. Classes: p 2, q 2, r 1 and p 2, q 1,
/// r 1.
fn output() -> NaiveTable {
    let (x, y) = (["X", "1-2"], ["Y", "3-4"]);
    let rows: Vec<Vec<&str>> =
        [(x, "p"), (x, "q"), (x, "p"), (x, "r"), (x, "q"), (y, "p"), (y, "p"), (y, "q"), (y, "r"), (["*", "*"], "p")]
            .iter()
            .map(|(labels, s)| vec![labels[0], labels[1], s])
            .collect();
    NaiveTable::new(&["city", "band", "s"], &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

#[test]
fn the_worked_example_is_measured() {
    let found = figures(&output(), &["city", "band"], &["s"], &MeasureOptions::default());
    assert_eq!((found.n, found.n_suppressed, found.n_out, found.classes.len(), found.k), (10, 1, 9, 2, 4));
    let s = &found.per_sensitive[0];
    assert!(s.assumed_type);
    assert_eq!((s.n_values, s.n_classes, s.l_distinct), (3, 2, 3));
    close(s.alpha, 0.5);
    close(s.l_entropy, 2.0f64.powf(1.5));
    close(s.recursive_c.unwrap(), 2.0);
    close(s.beta, 1.0 / 3.0);
    close(s.beta_enhanced.unwrap(), 1.0 / 3.0);
    close(s.beta_capped, 1.0 / 3.0);
    close(s.delta, (4.0f64 / 3.0).ln());
    close(s.delta_strict.unwrap(), (4.0f64 / 3.0).ln());
    close(s.t, 0.1);
    close(found.risk.highest, 0.25);
    close(found.risk.average_record, 2.0 / 9.0);
    close(found.risk.average_class, 0.225);
    assert_eq!(found.risk.uniques, 0);
    close(found.c_avg_released, 9.0 / 8.0);
    close(found.c_avg_raw, 10.0 / 8.0);
    assert_eq!(found.dm, 25 + 16 + 10);
    close(found.cm.unwrap(), (1.0 + 3.0 + 2.0) / 10.0);
    assert_eq!(found.max_class, 5);
    close(found.mean_class, 4.5);
    close(found.median_class, 4.5);
}

#[test]
fn witnesses_name_the_class_with_the_lowest_first_row() {
    let found = figures(&output(), &["city", "band"], &["s"], &MeasureOptions::default());
    let of = |name: &str| found.witnesses[name].clone();
    assert_eq!((of("k").first_row, of("k").class), (5, names(&["Y", "3-4"])));
    assert_eq!((of("alpha").first_row, of("alpha").value.as_deref()), (5, Some("p")));
    assert_eq!((of("beta").first_row, of("beta").value.as_deref()), (0, Some("q")));
    assert_eq!((of("delta").first_row, of("t").first_row, of("l_entropy").first_row), (0, 0, 5));
    // Both classes have three values, c is 2/1 in both; nothing is infeasible or infinite.
    assert_eq!(of("recursive_c").first_row, 0);
    assert!(!found.witnesses.contains_key("beta_enhanced") && !found.witnesses.contains_key("delta_strict"));
    assert_eq!(of("l_distinct").first_row, 0);
    let json = found.to_json();
    assert_eq!(json["per_sensitive"][0]["type"], "categorical");
    assert_eq!(json["witnesses"]["k"]["first_row"], 5);
}

/// A rows: (p, u), (q, v), (p, v); B rows: (p, u), (q, u), (q, v).
fn two_sensitive() -> NaiveTable {
    NaiveTable::new(
        &["a", "s", "z"],
        &[&["A", "p", "u"], &["A", "q", "v"], &["A", "p", "v"], &["B", "p", "u"], &["B", "q", "u"], &["B", "q", "v"]],
    )
}

#[test]
fn three_ways_of_several_sensitive_columns() {
    let of = |mode: SensitiveMode| {
        figures(&two_sensitive(), &["a"], &["s", "z"], &MeasureOptions { mode, ..MeasureOptions::default() })
    };
    let separate = of(SensitiveMode::Separate);
    let worst = separate.worst.clone().unwrap();
    assert_eq!((separate.k, worst.l_distinct), (3, 2));
    close(worst.alpha, 2.0 / 3.0);
    close(worst.recursive_c.unwrap(), 2.0);
    close(worst.t, 1.0 / 6.0);
    // Joint: s on (A, u) {p}, (A, v) {q, p}, (B, u) {p, q}, (B, v) {q}; k stays on the quasi-identifiers.
    let joint = of(SensitiveMode::Joint);
    let s = &joint.per_sensitive[0];
    assert_eq!((joint.k, joint.classes.len(), s.n_classes, s.l_distinct, s.recursive_c), (3, 2, 4, 1, None));
    close(s.alpha, 1.0);
    close(s.beta, 1.0);
    // 1 > -ln 1/2.
    assert_eq!((s.beta_enhanced, s.delta_strict), (None, None));
    let lacking = &joint.witnesses["delta_strict"];
    assert_eq!((lacking.first_row, lacking.column.as_deref(), lacking.value.as_deref()), (0, Some("s"), Some("q")));
    assert_eq!(joint.witnesses["beta_enhanced"].value.as_deref(), Some("p"));
    close(s.beta_capped, std::f64::consts::LN_2);
    close(s.delta, std::f64::consts::LN_2);
    // Composite: A pu, qv, pv; B pu, qu, qv; table pu 2, qv 2, pv 1, qu 1.
    let composite = of(SensitiveMode::Composite);
    let tuple = &composite.per_sensitive[0];
    assert_eq!((composite.per_sensitive.len(), tuple.n_values, tuple.l_distinct), (1, 4, 3));
    close(tuple.alpha, 1.0 / 3.0);
    close(tuple.t, 1.0 / 6.0);
    close(tuple.beta, 1.0);
    close(tuple.recursive_c.unwrap(), 1.0);
}

#[test]
fn numbers_have_an_ordered_distance_on_ranks_and_both_are_given() {
    // 1, 10, 100 by rank: A has 1, 1, 10; B has 10, 100, 100. A: 2/3 - 1/3, then 1 - 2/3: (1/3 + 1/3)/2.
    let rows: Vec<[&str; 2]> = vec![["A", "1"], ["A", "1.0"], ["A", "10"], ["B", "10"], ["B", "100"], ["B", "100"]];
    let table = NaiveTable::new(&["a", "x"], &rows.iter().map(<[&str; 2]>::as_slice).collect::<Vec<_>>());
    let options = MeasureOptions { numeric: names(&["x"]), ..MeasureOptions::default() };
    let x = figures(&table, &["a"], &["x"], &options).per_sensitive[0].clone();
    assert!(!x.assumed_type);
    assert_eq!(x.n_values, 3);
    close(x.t_equal, 1.0 / 3.0);
    close(x.t_ordered.unwrap(), 1.0 / 3.0);
    close(x.t, 1.0 / 3.0);
    let text = figures(&table, &["a"], &["x"], &MeasureOptions::default()).per_sensitive[0].clone();
    assert_eq!((text.n_values, text.t_ordered), (4, None));
}

#[test]
fn a_missing_quasi_identifier_gives_the_same_k_with_one_and_with_two() {
    let table = NaiveTable::new(
        &["a", "b", "s"],
        &[&["1", "x", "p"], &["1", "x", "q"], &["", "x", "p"], &["1", "x", "p"], &["", "x", "q"]],
    );
    for qi in [&["a"][..], &["a", "b"]] {
        let found = figures(&table, qi, &["s"], &MeasureOptions::default());
        assert_eq!((found.k, found.classes.len(), found.n_missing["a"]), (2, 2, 2));
    }
    // Left out: p 2, q 1 of three rows are the table.
    let options = MeasureOptions { missing: Missing::Exclude, ..MeasureOptions::default() };
    let found = figures(&table, &["a"], &["s"], &options);
    assert_eq!((found.k, found.n_excluded, found.n_out), (3, 2, 3));
    close(found.per_sensitive[0].t, 0.0);
    let options = MeasureOptions { missing: Missing::Error, ..MeasureOptions::default() };
    let refused = measure(&table, &names(&["a"]), &names(&["s"]), &options).unwrap_err();
    assert_eq!(refused, "row 2, column `a`: no value");
}

#[test]
fn suppressed_rows_stay_in_the_table_or_leave_it() {
    // A: p, q; suppressed: q, q. With them the table is p 1, q 3, without p 1, q 1.
    let table = NaiveTable::new(&["a", "s"], &[&["A", "p"], &["A", "q"], &["*", "q"], &["*", "q"]]);
    let t = |suppressed_in_table: bool| {
        let options = MeasureOptions { suppressed_in_table, ..MeasureOptions::default() };
        figures(&table, &["a"], &["s"], &options).worst.unwrap().t
    };
    close(t(true), 0.25);
    close(t(false), 0.0);
}

#[test]
fn classes_of_1_and_4_have_average_risk_0_4_by_record_and_0_625_by_class() {
    let found = risk(&[(1, 1), (4, 4)]);
    close(found.average_record, 0.4);
    close(found.average_class, 0.625);
    close(found.highest, 1.0);
    assert_eq!(found.uniques, 1);
    assert_eq!(rows_above(&[(1, 1), (4, 4)], 0.25), 1);
    assert_eq!(rows_above(&[(1, 1), (4, 4)], 0.24), 5);
    assert_eq!(rows_below(&[(1, 1), (4, 4)], 4), 1);
}

#[test]
fn the_journalist_and_the_marketer_read_the_population() {
    // 3 of 4 and 1 of 2: (3/4 + 1/2)/4 by record, (1/4 + 1/2)/2 by class.
    let found = risk(&[(3, 4), (1, 2)]);
    close(found.highest, 0.5);
    close(found.average_class, 0.375);
    close(found.marketer, 1.25 / 4.0);
    close(found.average_record, found.marketer);
    assert_eq!(found.uniques, 0);
}

#[test]
fn distinction_and_separation_count_tuples_and_pairs() {
    let table = super::table_of_eight::table_of_eight().table;
    // Cities 3, 2, 3: 3 tuples, 6 + 2 + 6 of 56 ordered pairs are equal.
    close(distinction(&table, &["city"]), 3.0 / 8.0);
    close(separation(&table, &["city"]), 42.0 / 56.0);
    close(distinction(&table, &["city", "age"]), 1.0);
    close(separation(&table, &["city", "age"]), 1.0);
}

#[test]
fn a_tie_costs_every_row_but_one_majority() {
    // p, p, q, q: 2 rows are not of the majority value.
    let table = NaiveTable::new(&["a", "s"], &[&["A", "p"], &["A", "p"], &["A", "q"], &["A", "q"]]);
    close(figures(&table, &["a"], &["s"], &MeasureOptions::default()).cm.unwrap(), 0.5);
    let options = MeasureOptions { n_raw: Some(8), ..MeasureOptions::default() };
    let found = figures(&table, &["a"], &["s"], &options);
    close(found.cm.unwrap(), 0.25);
    close(found.c_avg_raw, 2.0);
    close(found.c_avg_released, 1.0);
}
