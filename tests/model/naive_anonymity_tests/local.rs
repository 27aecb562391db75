//! References of the local models.

use super::close;
use crate::naive::local::z_scores;
use crate::naive::{NcpColumn, mdav, ncp};

fn line(values: &[f64]) -> Vec<Vec<f64>> {
    values.iter().map(|&value| vec![value]).collect()
}

/// Mean 59/7: 20 is farthest and takes 12, 1 is farthest from it and takes 2, three are left. Squares within: 1/2, 38, 32.
#[test]
fn mdav_takes_the_two_ends_and_leaves_the_rest() {
    let found = mdav(&line(&[1.0, 2.0, 3.0, 10.0, 11.0, 12.0, 20.0]), 2).unwrap();
    assert_eq!(found.classes, [vec![0, 1], vec![2, 3, 4], vec![5, 6]]);
    assert_eq!(found.output, line(&[1.5, 1.5, 8.0, 8.0, 8.0, 16.0, 16.0]));
    close(found.information_loss, 100.0 * 70.5 / (779.0 - 59.0 * 59.0 / 7.0));
}

#[test]
fn mdav_makes_one_class_around_the_farthest_row_when_fewer_than_3k_are_left() {
    // Mean 5.6: 12 is farthest.
    let found = mdav(&line(&[1.0, 2.0, 3.0, 10.0, 12.0]), 2).unwrap();
    assert_eq!(found.classes, [vec![0, 1, 2], vec![3, 4]]);
    let found = mdav(&line(&[1.0, 2.0, 3.0]), 2).unwrap();
    assert_eq!(found.classes, [vec![0, 1, 2]]);
    close(found.information_loss, 100.0);
    assert!(mdav(&line(&[1.0]), 2).is_none());
}

#[test]
fn mdav_breaks_ties_by_the_lowest_row() {
    // All equal: r = s = row 0; its k go first, then the next.
    let found = mdav(&line(&[5.0; 7]), 2).unwrap();
    assert_eq!(found.classes, [vec![0, 1], vec![2, 3], vec![4, 5, 6]]);
    close(found.information_loss, 0.0);
    // 0 and 4 are equally far from the mean 2: row 0 is r.
    let found = mdav(&line(&[0.0, 4.0, 2.0, 2.0]), 2).unwrap();
    assert_eq!(found.classes, [vec![0, 2], vec![1, 3]]);
}

#[test]
fn every_class_of_mdav_holds_k_to_2k_minus_1_rows() {
    let mut random = crate::naive::NaiveRandom::new(7);
    for n in [5, 14, 15, 16, 40, 83] {
        let rows: Vec<Vec<f64>> = (0..n).map(|_| vec![random.below(50) as f64, random.below(9) as f64, 3.0]).collect();
        let found = mdav(&rows, 5).unwrap();
        assert!(found.classes.iter().all(|class| (5..10).contains(&class.len())), "{n}");
        let mut seen = found.classes.concat();
        seen.sort_unstable();
        assert_eq!(seen, (0..n).collect::<Vec<_>>());
        assert!((0.0..=100.0 + 1e-9).contains(&found.information_loss));
    }
}

#[test]
fn z_scores_use_the_sample_deviation_and_a_constant_column_is_0() {
    // 1, 2, 3: deviation 1 with n - 1.
    let found = z_scores(&[vec![1.0, 4.0], vec![2.0, 4.0], vec![3.0, 4.0]]);
    assert_eq!(found, [[-1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]);
}

/// Ages 10 20 | 30 40 of range 30: 1/3 each. Cities a, b | a, a of domain 2: 1 and 0. Mean of 4/3 + 2 over 8 cells.
#[test]
fn ncp_is_the_mean_share_of_range_and_of_domain() {
    let cells = |rows: &[[&str; 2]]| -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    };
    let original = cells(&[["10", "a"], ["20", "b"], ["30", "a"], ["40", "a"]]);
    let output = cells(&[["[10, 20]", "{a, b}"], ["[10, 20]", "{a, b}"], ["[30, 40]", "a"], ["[30, 40]", "a"]]);
    let kinds = [NcpColumn::Numeric, NcpColumn::Categories];
    close(ncp(&kinds, &original, &output), (4.0 / 3.0 + 2.0) / 8.0);
    close(ncp(&kinds, &original, &original), 0.0);
    let whole = vec![vec!["*".to_owned(), "*".to_owned()]; 4];
    close(ncp(&kinds, &original, &whole), 1.0);
}
