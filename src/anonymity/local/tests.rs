//! The local models beside slow twins that were written from the rules alone.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::prepared::Prepared;
use super::super::*;
use super::points::Points;
use super::{aligned, mdav};

/// Rows of small whole numbers, the last column the sensitive one.
#[derive(Clone, Debug)]
struct Case {
    rows: Vec<Vec<u32>>,
    numeric: Vec<bool>,
    k: u64,
}

impl Case {
    fn n_quasi(&self) -> usize {
        self.numeric.len()
    }

    fn table(&self) -> Table {
        let texts = |place: usize| self.rows.iter().map(|row| row[place].to_string()).collect::<Vec<_>>();
        let column = |place: usize| {
            let (role, numeric) = match self.numeric.get(place) {
                Some(numeric) => (Role::Quasi, *numeric),
                None => (Role::Sensitive, false),
            };
            let column_type = if numeric { ColumnType::Numeric } else { ColumnType::Categorical };
            TableColumn::new(&name(place), role, column_type, texts(place).iter().map(String::as_str)).unwrap()
        };
        Table::from_columns("case", (0..=self.n_quasi()).map(column).collect()).unwrap()
    }

    fn plan(&self) -> Anonymization {
        let plan = Anonymization::new().with_criterion(Criterion::k_anonymity(self.k).unwrap());
        (0..self.n_quasi()).fold(plan, |plan, place| plan.with_quasi_as_is(&name(place)))
    }

    fn plan_of_hierarchies(&self) -> Anonymization {
        let rows: Vec<Vec<String>> =
            (0..8).map(|v| vec![v.to_string(), format!("p{}", v / 2), format!("q{}", v / 4), "*".to_owned()]).collect();
        let hierarchy = Hierarchy::from_rows("eight", &rows).unwrap();
        let plan = Anonymization::new().with_criterion(Criterion::k_anonymity(self.k).unwrap());
        (0..self.n_quasi()).fold(plan, |plan, place| plan.with_quasi(&name(place), &hierarchy))
    }

    fn sensitive(&self) -> String {
        name(self.n_quasi())
    }
}

fn name(place: usize) -> String {
    format!("c{place}")
}

fn cases(numeric: impl Strategy<Value = bool> + Clone + 'static, values: u32) -> impl Strategy<Value = Case> {
    (1usize..=3, 1usize..=60, 1u64..=6).prop_flat_map(move |(m, n, k)| {
        let row = prop::collection::vec(0..values, m + 1);
        (prop::collection::vec(row, n), prop::collection::vec(numeric.clone(), m))
            .prop_map(move |(rows, numeric)| Case { rows, numeric, k })
    })
}

fn solved(outcome: Outcome<'_>) -> Option<Solution<'_>> {
    match outcome {
        Outcome::Solved(solution) => Some(solution),
        Outcome::NoSolution(_) => None,
    }
}

/// Rows by their labels.
fn classes(solution: &Solution<'_>) -> BTreeMap<Vec<String>, Vec<usize>> {
    let mut classes: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for row in 0..solution.table.n_rows() {
        if solution.recoding.is_in.as_ref().is_none_or(|is_in| is_in[row]) {
            let labels = (0..solution.recoding.columns.len()).map(|c| solution.recoding.text(c, row).to_owned());
            classes.entry(labels.collect()).or_default().push(row);
        }
    }
    classes
}

fn groups(solution: &Solution<'_>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = classes(solution).into_values().collect();
    groups.sort();
    groups
}

/// What to prefer, and the two halves.
type Halves = ((usize, usize, usize), Vec<usize>, Vec<usize>);

/// Strict Mondrian as the rules read, with any further rule for a class.
fn naive_strict(case: &Case, rows: Vec<usize>, passes: &dyn Fn(&[usize]) -> bool, done: &mut Vec<Vec<usize>>) {
    let (n, k) = (rows.len(), case.k as usize);
    let values = |rows: &[usize], c: usize| {
        // Single digits sort as numbers and as text alike.
        let mut values: Vec<u32> = rows.iter().map(|row| case.rows[*row][c]).collect();
        values.sort();
        values.dedup();
        values
    };
    let all: Vec<usize> = (0..case.rows.len()).collect();
    let width = |c: usize| {
        let (own, whole) = (values(&rows, c), values(&all, c));
        if own.len() == 1 {
            0.0
        } else if case.numeric[c] {
            f64::from(own[own.len() - 1] - own[0]) / f64::from(whole[whole.len() - 1] - whole[0])
        } else {
            (own.len() - 1) as f64 / (whole.len() - 1) as f64
        }
    };
    let mut order: Vec<usize> = (0..case.n_quasi()).collect();
    order.sort_by(|a, b| width(*b).partial_cmp(&width(*a)).unwrap());
    for c in order {
        let mut best: Option<Halves> = None;
        for last in values(&rows, c) {
            let (left, right): (Vec<usize>, Vec<usize>) = rows.iter().partition(|row| case.rows[**row][c] <= last);
            if left.len() < k || right.len() < k || !passes(&left) || !passes(&right) {
                continue;
            }
            let lost = if n / k < 8 { n / k - left.len() / k - right.len() / k } else { 0 };
            let key = (lost, left.len().abs_diff(right.len()), left.len());
            if best.as_ref().is_none_or(|best| key < best.0) {
                best = Some((key, left, right));
            }
        }
        if let Some((_, left, right)) = best {
            naive_strict(case, left, passes, done);
            naive_strict(case, right, passes, done);
            return;
        }
    }
    done.push(rows);
}

/// Exact sum: whole multiples of 2^-80.
fn centroid(points: &[Vec<f64>], left: &[usize]) -> Vec<f64> {
    let unit = 2f64.powi(80);
    let sum = |c: usize| left.iter().map(|point| (points[*point][c] * unit) as i128).sum::<i128>();
    (0..points[0].len()).map(|c| sum(c) as f64 / unit / left.len() as f64).collect()
}

fn square(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).fold(0.0, |sum, square| sum + square)
}

/// Maximum distance to average vector, looking at every distance.
fn naive_mdav(points: &[Vec<f64>], k: usize) -> Vec<Vec<usize>> {
    let mut left: Vec<usize> = (0..points.len()).collect();
    let mut done = Vec::new();
    let farthest = |left: &[usize], from: &[f64]| {
        let mut best = left[0];
        for point in left {
            if square(&points[*point], from) > square(&points[best], from) {
                best = *point;
            }
        }
        best
    };
    let take = |left: &mut Vec<usize>, from: usize| {
        let mut near = left.clone();
        // Stable: the lowest of equals first.
        near.sort_by(|a, b| {
            square(&points[*a], &points[from]).partial_cmp(&square(&points[*b], &points[from])).unwrap()
        });
        near.truncate(k);
        near.sort();
        left.retain(|point| !near.contains(point));
        near
    };
    while left.len() >= 3 * k {
        let r = farthest(&left, &centroid(points, &left));
        let s = farthest(&left, &points[r]);
        done.push(take(&mut left, r));
        done.push(take(&mut left, s));
    }
    if left.len() >= 2 * k {
        let r = farthest(&left, &centroid(points, &left));
        done.push(take(&mut left, r));
    }
    if !left.is_empty() {
        done.push(left);
    }
    done
}

/// The z-scores by their definition.
fn scores(case: &Case) -> Vec<Vec<f64>> {
    let n = case.rows.len() as f64;
    let mut points = vec![Vec::new(); case.rows.len()];
    for c in 0..case.n_quasi() {
        let numbers: Vec<f64> = case.rows.iter().map(|row| f64::from(row[c])).collect();
        let mean = numbers.iter().sum::<f64>() / n;
        let deviation = (numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        let is_constant = numbers.iter().all(|number| *number == numbers[0]);
        for (point, number) in points.iter_mut().zip(numbers) {
            point.push(if is_constant { 0.0 } else { (number - mean) / deviation });
        }
    }
    points
}

fn as_sizes(classes: Vec<Vec<u32>>) -> Vec<Vec<usize>> {
    classes.into_iter().map(|class| class.into_iter().map(|point| point as usize).collect()).collect()
}

/// Whether a class keeps a rule on the sensitive column by its definition, with a margin for rounding.
fn keeps(case: &Case, rows: &[usize], rule: usize) -> bool {
    let value = |row: usize| case.rows[row][case.n_quasi()];
    let count = |rows: &[usize], v: u32| rows.iter().filter(|row| value(**row) == v).count() as f64;
    let all: Vec<usize> = (0..case.rows.len()).collect();
    let (n, n_all) = (rows.len() as f64, all.len() as f64);
    let mut present: Vec<u32> = all.iter().map(|row| value(*row)).collect();
    present.sort();
    present.dedup();
    let q: Vec<f64> = present.iter().map(|v| count(rows, *v) / n).collect();
    let p: Vec<f64> = present.iter().map(|v| count(&all, *v) / n_all).collect();
    let n_distinct = q.iter().filter(|q| **q > 0.0).count();
    match rule {
        0 => n_distinct >= 2,
        1 => n_distinct >= 2 && -q.iter().filter(|q| **q > 0.0).map(|q| q * q.ln()).sum::<f64>() >= 1.5f64.ln() - 1e-9,
        2 => {
            let mut falling: Vec<f64> = q.iter().copied().filter(|q| *q > 0.0).collect();
            falling.sort_by(|a, b| b.partial_cmp(a).unwrap());
            falling.len() >= 2 && falling[0] < 3.0 * falling[1..].iter().sum::<f64>() + 1e-9
        }
        3 => q.iter().zip(&p).map(|(q, p)| (q - p).abs()).sum::<f64>() / 2.0 <= 0.3 + 1e-9,
        4 => {
            let mut running = 0.0;
            let apart: f64 = q
                .iter()
                .zip(&p)
                .map(|(q, p)| {
                    running += q - p;
                    f64::abs(running)
                })
                .sum();
            apart <= 0.2 * (present.len() - 1) as f64 + 1e-9
        }
        5 => q.iter().zip(&p).all(|(q, p)| *q == 0.0 || (q - p) / p <= 1.0 + 1e-9),
        6 => q.iter().zip(&p).all(|(q, p)| *q == 0.0 || (q / p).log2().abs() < 1.5 + 1e-9),
        _ => q.iter().zip(&p).all(|(q, p)| *q == 0.0 || (q - p) / p <= f64::min(2.0, -p.ln()) + 1e-9),
    }
}

fn criterion(case: &Case, rule: usize) -> Criterion {
    let column = &case.sensitive();
    match rule {
        0 => Criterion::l_distinct(column, 2),
        1 => Criterion::l_entropy(column, 1.5, EntropyEstimator::Shannon),
        2 => Criterion::l_recursive(column, 3.0, 2),
        3 => Criterion::t_equal(column, 0.3),
        4 => Criterion::t_ordered(column, 0.2),
        5 => Criterion::beta_basic(column, 1.0),
        6 => Criterion::delta_disclosure(column, 1.5),
        _ => Criterion::beta_enhanced(column, 2.0),
    }
    .unwrap()
}

const N_RULES: usize = 8;

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn strict_mondrian_cuts_as_its_naive_twin(case in cases(any::<bool>(), 8)) {
        let (table, plan) = (case.table(), case.plan());
        let found = solved(plan.mondrian(&table, Mondrian::Strict).unwrap());
        if (case.rows.len() as u64) < case.k {
            prop_assert!(found.is_none());
        } else {
            let mut expected = Vec::new();
            naive_strict(&case, (0..case.rows.len()).collect(), &|_| true, &mut expected);
            expected.sort();
            prop_assert_eq!(groups(&found.unwrap()), expected);
        }
    }

    #[test]
    fn strict_mondrian_with_two_sensitive_values_a_class_cuts_as_its_naive_twin(case in cases(any::<bool>(), 5)) {
        let (table, plan) = (case.table(), case.plan().with_criterion(criterion(&case, 0)));
        let all: Vec<usize> = (0..case.rows.len()).collect();
        let found = solved(plan.mondrian(&table, Mondrian::Strict).unwrap());
        if case.rows.len() < (case.k as usize).max(2) || !keeps(&case, &all, 0) {
            prop_assert!(found.is_none());
        } else {
            let mut expected = Vec::new();
            let floored = Case { k: case.k.max(2), ..case.clone() };
            naive_strict(&floored, all, &|rows| keeps(&case, rows, 0), &mut expected);
            expected.sort();
            prop_assert_eq!(groups(&found.unwrap()), expected);
        }
    }

    #[test]
    fn mdav_groups_as_its_naive_twin(case in cases(Just(true), 4), wide in any::<bool>()) {
        let mut case = case;
        if wide {
            // Few ties: spread the small numbers out.
            for (place, row) in case.rows.iter_mut().enumerate() {
                for (c, value) in row.iter_mut().enumerate() {
                    *value = *value * 1000 + (place as u32 * 37 + c as u32 * 101) % 997;
                }
            }
        }
        let (table, plan) = (case.table(), case.plan());
        let points = Points::new(&Prepared::new(&table, &plan).unwrap()).unwrap();
        let expected = naive_mdav(&scores(&case), case.k as usize);
        prop_assert_eq!(as_sizes(mdav::mdav(&points.scores, case.k as usize)), expected);
    }

    #[test]
    fn every_class_of_every_model_keeps_every_criterion(
        case in cases(any::<bool>(), 8), rule in 0..N_RULES, other in 0..N_RULES,
    ) {
        let table = case.table();
        let with = |plan: Anonymization| {
            plan.with_criterion(criterion(&case, rule)).with_criterion(criterion(&case, other))
        };
        for (cuts, plan) in [
            (Mondrian::Strict, with(case.plan())),
            (Mondrian::Relaxed, with(case.plan())),
            (Mondrian::Relaxed, with(case.plan_of_hierarchies())),
            (Mondrian::AlongHierarchies, with(case.plan_of_hierarchies())),
        ] {
            let Some(found) = solved(plan.mondrian(&table, cuts).unwrap()) else { continue };
            let classes = classes(&found);
            for rows in classes.values() {
                prop_assert!(rows.len() as u64 >= case.k);
                prop_assert!(keeps(&case, rows, rule) && keeps(&case, rows, other));
            }
            prop_assert_eq!(classes.values().map(Vec::len).sum::<usize>(), case.rows.len());
            prop_assert_eq!(classes.len() as u64, found.claims.classes);
            prop_assert_eq!(classes.values().map(Vec::len).min().unwrap() as u64, found.claims.min_class);
            prop_assert_eq!(found.claims.suppressed, 0);
        }
    }

    #[test]
    fn microaggregates_keep_every_criterion_or_are_refused(case in cases(Just(true), 8), rule in 0..N_RULES) {
        let (table, plan) = (case.table(), case.plan().with_criterion(criterion(&case, rule)));
        for method in [Microaggregation::Mdav, Microaggregation::Hybrid, Microaggregation::KAligned] {
            match plan.microaggregate(&table, method).unwrap() {
                Outcome::Solved(found) => {
                    for rows in classes(&found).values() {
                        prop_assert!(rows.len() as u64 >= case.k && keeps(&case, rows, rule));
                    }
                }
                Outcome::NoSolution(nearest) => prop_assert!(nearest.suppressed > 0 && nearest.forbidden_by.is_some()),
            }
        }
    }

    #[test]
    fn k_aligned_classes_hold_k_to_2k_less_1_rows(case in cases(Just(true), 8)) {
        let (table, plan) = (case.table(), case.plan());
        let points = Points::new(&Prepared::new(&table, &plan).unwrap()).unwrap();
        let k = case.k as usize;
        prop_assume!(case.rows.len() >= k);
        let blocks = as_sizes(aligned::blocks(&points.scores, k, 0));
        prop_assert!(blocks.iter().all(|block| block.len() >= k && block.len() < 2 * k));
        let mut rows: Vec<usize> = blocks.into_iter().flatten().collect();
        rows.sort();
        prop_assert_eq!(rows, (0..case.rows.len()).collect::<Vec<_>>());
    }

    #[test]
    fn labels_along_hierarchies_cover_the_values_and_sum_to_the_loss(case in cases(Just(false), 8)) {
        let (table, plan) = (case.table(), case.plan_of_hierarchies());
        for cuts in [Mondrian::Strict, Mondrian::Relaxed, Mondrian::AlongHierarchies] {
            let Some(found) = solved(plan.mondrian(&table, cuts).unwrap()) else { continue };
            let mut losses = 1.0;
            let n = case.rows.len() as f64;
            for c in 0..case.n_quasi() {
                let mut covered = 0.0;
                for (row, values) in case.rows.iter().enumerate() {
                    let label = found.recoding.text(c, row);
                    let v = values[c];
                    let names = [v.to_string(), format!("p{}", v / 2), format!("q{}", v / 4), "*".to_owned()];
                    let level = names.iter().position(|name| name == label);
                    prop_assert!(level.is_some(), "row {} has a label of another value", row);
                    covered += [1.0, 2.0, 4.0, 8.0][level.unwrap()];
                }
                let share = (covered / 8.0 - n / 8.0) / (n - n / 8.0);
                losses *= 1.0 + share;
            }
            let expected = losses.powf(1.0 / case.n_quasi() as f64) - 1.0;
            prop_assert!((found.claims.loss[0] - expected).abs() < 1e-9);
        }
    }
}

fn labels_of(solution: &Solution<'_>, row: usize) -> Vec<String> {
    (0..solution.recoding.columns.len()).map(|c| solution.recoding.text(c, row).to_owned()).collect()
}

fn column_of(name: &str, column_type: ColumnType, texts: &[&str]) -> TableColumn {
    TableColumn::new(name, Role::Quasi, column_type, texts.iter().copied()).unwrap()
}

#[test]
fn labels_are_values_intervals_sets_and_nodes_of_hierarchies() {
    let columns = vec![
        column_of("age", ColumnType::Numeric, &["9", "20", "9.0", "100", "", "20"]),
        column_of("pet", ColumnType::Categorical, &["cat", "ant", "cat", "ant", "bee", "bee"]),
        column_of("place", ColumnType::Categorical, &["Bonn", "Köln", "Bonn", "Bonn", "Köln", "Lille"]),
    ];
    let table = Table::from_columns("labels", columns).unwrap();
    let places = Hierarchy::parse("places", "Bonn;Germany;*\nKöln;Germany;*\nLille;France;*\n").unwrap();
    let plan = |k| {
        let plan = Anonymization::new().with_quasi_as_is("age").with_quasi_as_is("pet");
        plan.with_quasi("place", &places).with_criterion(Criterion::k_anonymity(k).unwrap())
    };
    let whole = plan(6);
    let found = solved(whole.mondrian(&table, Mondrian::Strict).unwrap()).unwrap();
    assert_eq!(labels_of(&found, 3), ["{, [9, 100]}", "{ant, bee, cat}", "*"]);
    // Two columns have no hierarchy, so no label there says that it covers all.
    assert_eq!((found.claims.fully_generalised, found.claims.classes), (0, 1));
    // The missing age spans everything, so age is cut first: nearest the middle is behind the two of 9 and the missing.
    let halves = plan(3);
    let found = solved(halves.mondrian(&table, Mondrian::Strict).unwrap()).unwrap();
    assert_eq!(labels_of(&found, 0), ["{, 9}", "{bee, cat}", "Germany"]);
    assert_eq!(labels_of(&found, 3), ["[20, 100]", "{ant, bee}", "*"]);
    let single = plan(1);
    let found = solved(single.mondrian(&table, Mondrian::Strict).unwrap()).unwrap();
    // 9 and 9.0 are one number and get one text.
    assert_eq!(labels_of(&found, 2), ["9", "cat", "Bonn"]);
    assert_eq!((found.claims.classes, found.claims.loss[0]), (5, 0.0));
}

#[test]
fn means_are_written_so_that_they_read_back_as_they_are() {
    let table =
        Table::from_columns("means", vec![column_of("x", ColumnType::Numeric, &["1", "2", "0.1", "0.1", "0.1", "2"])]);
    let table = table.unwrap();
    let plan = Anonymization::new().with_quasi_as_is("x").with_criterion(Criterion::k_anonymity(3).unwrap());
    let found = solved(plan.microaggregate(&table, Microaggregation::Mdav).unwrap()).unwrap();
    assert_eq!((labels_of(&found, 2), labels_of(&found, 0)), (vec!["0.1".to_owned()], vec![(5.0 / 3.0).to_string()]));
}

#[test]
fn rows_outside_the_subset_move_no_cut_and_no_domain() {
    let table = Table::from_columns("x", vec![column_of("x", ColumnType::Numeric, &["1", "900", "2", "3", "4", "-5"])])
        .unwrap();
    let subset = Subset::of_rows(&table, [0, 2, 3, 4]).unwrap();
    let plan = Anonymization::new().with_quasi_as_is("x").with_criterion(Criterion::k_anonymity(2).unwrap());
    let plan = plan.with_subset(subset);
    let found = solved(plan.mondrian(&table, Mondrian::Strict).unwrap()).unwrap();
    assert_eq!((labels_of(&found, 0), labels_of(&found, 4)), (vec!["[1, 2]".to_owned()], vec!["[3, 4]".to_owned()]));
    assert!((found.claims.loss[0] - 1.0 / 3.0).abs() < 1e-9);
    assert_eq!(found.recoding.is_in.as_deref(), Some(&[true, false, true, true, true, false][..]));
}
