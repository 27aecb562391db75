//! Where others slipped.

use super::close;
use crate::naive::criteria::estimated_k;
use crate::naive::measure::{entropy_number, equal_number, recursive_number};
use crate::naive::{Entropy, KMapEstimator, MeasureOptions, NaiveHierarchy, NaiveTable, distance, measure};

#[test]
fn products_of_counts_do_not_overflow() {
    let hierarchy = NaiveHierarchy::new(&[&["x", "*"], &["y", "*"]]);
    let domain = ["x".to_owned(), "y".to_owned()];
    for half in [10_000, 100_000, 1_000_000, 1 << 40] {
        let (f, p) = ([half / 10 * 9, half - half / 10 * 9], [half, half]);
        assert!(!distance::t_hierarchical(&f, &p, &domain, &hierarchy, 0.2), "{half}");
        assert!(!distance::t_hierarchical(&f, &p, &domain, &hierarchy, 0.399), "{half}");
        assert!(distance::t_hierarchical(&f, &p, &domain, &hierarchy, 0.401), "{half}");
        assert!(!distance::t_equal(&f, &p, 0.2) && !distance::t_ordered(&f, &p, 0.2), "{half}");
    }
}

/// 8, 1, 1 at l = 2: 8·G(8) = 16.656 alone is above 10·(G(10) - ln 2) = 16.111; the two terms of G(1) = -1.270 bring the
/// sum to 14.115.
#[test]
fn grassberger_terms_can_be_negative_and_their_order_does_not_matter() {
    let g1 = distance::grassberger(1);
    close(g1, -0.577_215_664_901_532_9 - 2.0f64.ln());
    assert!(g1 < 0.0);
    close(distance::grassberger(2), g1 + 2.0);
    close(distance::grassberger(3), g1 + 2.0);
    close(distance::grassberger(4), g1 + 2.0 + 2.0 / 3.0);
    close(distance::grassberger(8), g1 + 2.0 + 2.0 / 3.0 + 2.0 / 5.0 + 2.0 / 7.0);
    let limit = 10.0 * (distance::grassberger(10) - 2.0f64.ln());
    assert!(8.0 * distance::grassberger(8) > limit);
    for f in [[8, 1, 1], [1, 8, 1], [1, 1, 8]] {
        assert!(distance::entropy_l(&f, 2.0, Entropy::Grassberger));
        assert!(!distance::entropy_l(&f, 2.0, Entropy::Shannon));
    }
}

#[test]
fn uniform_classes_of_2_to_7_values_have_entropy_l_of_2_to_7() {
    for values in 2..=7 {
        for count in [1, 3, 10] {
            let f = vec![count; values];
            close(entropy_number(&f), values as f64);
            assert!(distance::entropy_l(&f, values as f64, Entropy::Shannon), "{values} x {count}");
            assert!(!distance::entropy_l(&f, values as f64 + 0.001, Entropy::Shannon));
        }
    }
}

#[test]
fn counts_of_50_and_1_need_c_above_50() {
    close(recursive_number(&[1, 50], 2), 50.0);
    assert!(!distance::recursive(&[1, 50], 50.0, 2));
    assert!(distance::recursive(&[1, 50], 50.001, 2));
    assert!(!distance::recursive(&[51, 0], 1000.0, 2));
}

#[test]
fn homogeneous_classes_are_infeasible_and_infinite_where_the_table_is_not_homogeneous() {
    let table = NaiveTable::new(&["a", "s"], &[&["A", "p"], &["A", "p"], &["B", "q"], &["B", "q"]]);
    let found =
        measure(&table, &["a".to_owned()], &["s".to_owned()], &MeasureOptions::default()).unwrap().worst.unwrap();
    assert_eq!((found.beta_enhanced, found.delta_strict, found.recursive_c), (None, None, None));
    close(found.beta, 1.0);
    close(found.t, 0.5);
    assert!(!distance::beta(&[2, 0], &[2, 2], 9.0, true));
    assert!(distance::beta(&[2, 0], &[2, 2], 1.0, false));
    // One value in all: nothing to learn.
    assert!(distance::beta(&[2], &[4], 0.0, true));
    assert!(distance::delta_disclosure(&[2], &[4], 1e-9));
}

#[test]
fn a_constant_number_has_t_0() {
    let table = NaiveTable::new(&["a", "x"], &[&["A", "7"], &["A", "7.0"], &["B", "7"]]);
    let options = MeasureOptions { numeric: vec!["x".to_owned()], ..MeasureOptions::default() };
    let found = measure(&table, &["a".to_owned()], &["x".to_owned()], &options).unwrap();
    assert_eq!((found.per_sensitive[0].t, found.per_sensitive[0].t_ordered), (0.0, Some(0.0)));
}

#[test]
fn t_is_the_worst_of_all_classes_not_of_the_first() {
    let table = NaiveTable::new(
        &["a", "s"],
        &[&["A", "p"], &["A", "q"], &["B", "p"], &["B", "p"], &["C", "q"], &["C", "q"], &["C", "p"], &["C", "q"]],
    );
    let found = measure(&table, &["a".to_owned()], &["s".to_owned()], &MeasureOptions::default()).unwrap();
    close(found.worst.unwrap().t, 0.5);
    assert_eq!(found.witnesses["t"].first_row, 2);
    close(equal_number(&[2, 0], &[4, 4]), 0.5);
}

/// λ = 3·8/16 = 1.5: e^-1.5 = 0.2231, CDF 0.2231 0.5578 0.8088 0.9344 0.9814; without 0: 0.4309 0.7540 0.9155.
#[test]
fn estimated_k_is_the_least_count_and_one_but_never_above_k() {
    let k = |k: u64, significance: f64, estimator: KMapEstimator| {
        estimated_k(k, 1000, 8, 16.0 * k as f64 / 3.0, significance, estimator)
    };
    use KMapEstimator::{Poisson, ZeroTruncated};
    assert_eq!(k(9, 0.05, Poisson), 5);
    assert_eq!(k(9, 0.1, Poisson), 4);
    assert_eq!(k(9, 0.2, Poisson), 3);
    assert_eq!(k(9, 0.5, Poisson), 2);
    assert_eq!(k(9, 0.8, Poisson), 1);
    assert_eq!(k(9, 0.1, ZeroTruncated), 4);
    assert_eq!(k(9, 0.5, ZeroTruncated), 3);
    assert_eq!(k(9, 0.6, ZeroTruncated), 2);
    assert_eq!(k(9, 0.99, ZeroTruncated), 2);
    assert_eq!(k(3, 0.05, Poisson), 3);
    assert_eq!(estimated_k(9, 2, 8, 48.0, 0.05, Poisson), 2);
}

#[test]
fn a_label_under_two_parents_and_a_value_twice_are_refused() {
    let refused = |text: &str| NaiveHierarchy::parse(text).unwrap_err();
    assert_eq!(refused("a;X;*\nb;X;+\n"), "line 2: `X` is under `*` and `+`");
    assert_eq!(refused("a;X\na;X\n"), "line 2: `a` occurs twice");
    assert_eq!(refused("a;X\nb\n"), "line 2: 1 levels where the first line has 2");
    // The same label on two levels is two nodes; the text is as it is.
    let fine = NaiveHierarchy::parse("a;a;*\r\nb;a;*\r\n c;x;*").unwrap();
    assert_eq!((fine.count("a", 0), fine.count("a", 1), fine.size(), fine.height()), (1, 2, 3, 2));
    assert!(fine.has_root());
    assert_eq!(fine.label(" c", 1), Some("x"));
    assert_eq!(fine.label("c", 1), None);
    assert!(!NaiveHierarchy::parse("a;X\nb;Y\n").unwrap().has_root());
}

#[test]
fn tables_are_read_with_quotes_line_ends_and_untrimmed_cells() {
    let text = " a ;b\r\n\"[27, 47[\"; x\r\n\r\n\"he said \"\"no\"\";\";\n";
    let table = NaiveTable::parse(text, ';').unwrap();
    assert_eq!(table.columns, ["a", "b"]);
    assert_eq!(table.rows, [["[27, 47[", " x"], ["he said \"no\";", ""]]);
    assert_eq!(NaiveTable::parse(&table.to_text(';'), ';').unwrap(), table);
    assert_eq!(NaiveTable::parse("a;b\n", ';').unwrap_err(), "the table has no rows");
    assert!(NaiveTable::parse("", ';').is_err());
    assert!(NaiveTable::parse("a;b\n1\n", ';').is_err());
}
