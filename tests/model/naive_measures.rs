//! Every measure written as its definition, on text tuples in a plain map; compared to 1e-9.

use std::collections::BTreeMap;

use consentric::anonymity::{ColumnType, Likeness, Measures, Role, SensitiveMode, Table, TableColumn};

/// Value counts of every class.
type Classes = BTreeMap<Vec<String>, BTreeMap<Vec<u64>, u64>>;

pub fn compare(table: &Table, measures: &Measures<'_>) {
    let of = |role| table.columns_of(role).collect::<Vec<_>>();
    let (quasi, sensitive) = (of(Role::Quasi), of(Role::Sensitive));
    let asked: Vec<(Vec<&TableColumn>, Vec<&TableColumn>)> = match measures.mode() {
        SensitiveMode::Separate => sensitive.iter().map(|s| (quasi.clone(), vec![*s])).collect(),
        SensitiveMode::Composite => vec![(quasi.clone(), sensitive.clone())],
        SensitiveMode::Joint => {
            let others =
                |s: &TableColumn| sensitive.iter().copied().filter(|o| o.name() != s.name()).collect::<Vec<_>>();
            sensitive.iter().map(|s| ([quasi.clone(), others(s)].concat(), vec![*s])).collect()
        }
    };
    let mut k = u64::MAX;
    for n in classes(table, &quasi, &sensitive).values().map(|values| values.values().sum::<u64>()) {
        k = k.min(n);
    }
    assert_eq!(measures.k(), k);
    let worst = measures.disclosure().unwrap();
    let overall_l = measures.attributes().iter().map(|a| a.disclosure().l_distinct()).min().unwrap();
    assert_eq!(worst.l_distinct(), overall_l);
    let mut overall_c: Option<f64> = None;
    for ((by, columns), attribute) in asked.iter().zip(measures.attributes()) {
        let classes = classes(table, by, columns);
        let found = attribute.disclosure();
        let n_all = table.n_rows() as f64;
        let mut whole: BTreeMap<Vec<u64>, u64> = BTreeMap::new();
        for (value, n) in classes.values().flatten() {
            *whole.entry(value.clone()).or_default() += n;
        }
        let mut l_distinct = u64::MAX;
        let (mut alpha, mut beta, mut delta, mut equal, mut ordered) = (0f64, 0f64, 0f64, 0f64, 0f64);
        let (mut entropy, mut feasible, mut complete, mut minority) = (f64::INFINITY, true, true, 0);
        for class in classes.values() {
            let n: u64 = class.values().sum();
            let q = |value: &Vec<u64>| class.get(value).copied().unwrap_or(0) as f64 / n as f64;
            let p = |value: &Vec<u64>| whole[value] as f64 / n_all;
            l_distinct = l_distinct.min(class.len() as u64);
            minority += n - class.values().max().unwrap();
            entropy = entropy.min((-class.keys().map(|v| q(v) * q(v).ln()).sum::<f64>()).exp());
            let (mut distance, mut sum, mut sums) = (0f64, 0f64, 0f64);
            for value in whole.keys() {
                let (q, p) = (q(value), p(value));
                alpha = alpha.max(q);
                beta = beta.max((q - p) / p);
                if q > p + 1e-12 && (q - p) / p > -p.ln() * (1.0 + 1e-12) {
                    feasible = false;
                }
                if q > 0.0 {
                    delta = delta.max((q / p).ln().abs());
                } else {
                    complete = false;
                }
                distance += (q - p).abs();
                sum += q - p;
                sums += sum.abs();
            }
            equal = equal.max(distance / 2.0);
            ordered = ordered.max(if whole.len() > 1 { sums / (whole.len() - 1) as f64 } else { 0.0 });
        }
        let rarest = whole.values().map(|n| -(*n as f64 / n_all).ln()).fold(0f64, f64::max);
        assert_eq!(
            (found.l_distinct(), attribute.n_classes(), attribute.n_values()),
            (l_distinct, classes.len() as u64, whole.len() as u64)
        );
        assert_eq!(found.n_minority(), minority);
        close(found.alpha(), alpha);
        close(found.l_entropy(), entropy);
        close(found.beta(), beta);
        close(found.beta_capped(), beta.min(rarest));
        close(found.delta(), delta);
        assert_eq!(found.delta_strict().is_finite(), complete);
        assert_eq!(matches!(found.beta_enhanced(), Likeness::Feasible(_)), feasible);
        close(found.t_equal(), equal);
        match attribute.column_type() {
            ColumnType::Numeric => {
                close(found.t_ordered().unwrap(), ordered);
                close(found.t(), ordered);
            }
            ColumnType::Categorical => close(found.t(), equal),
        }
        match (found.recursive_c(), recursive_c(&classes, l_distinct)) {
            (Some(one), Some(other)) => close(one, other),
            (one, other) => assert_eq!(one, other),
        }
        overall_c = match (overall_c, recursive_c(&classes, overall_l)) {
            (Some(one), Some(other)) => Some(one.max(other)),
            (one, other) => one.or(other),
        };
    }
    match (worst.recursive_c(), overall_c) {
        (Some(one), Some(other)) => close(one, other),
        (one, other) => assert_eq!(one, other),
    }
    let highest = |read: fn(&consentric::anonymity::Disclosure) -> f64| {
        measures.attributes().iter().map(|a| read(a.disclosure())).fold(0f64, f64::max)
    };
    close(worst.alpha(), highest(|d| d.alpha()));
    close(worst.t(), highest(|d| d.t()));
    close(worst.beta_capped(), highest(|d| d.beta_capped()));
}

fn classes(table: &Table, by: &[&TableColumn], sensitive: &[&TableColumn]) -> Classes {
    let ranks: Vec<Vec<u32>> = sensitive.iter().map(|column| column.ranks()).collect();
    let mut classes = Classes::new();
    for row in 0..table.n_rows() {
        let key = by.iter().map(|column| column.text_at(row).to_owned()).collect();
        let value = |(column, ranks): (&&TableColumn, &Vec<u32>)| {
            u64::from(ranks[column.value_of(column.text_codes().at(row).unwrap()) as usize])
        };
        let value = sensitive.iter().zip(&ranks).map(value).collect();
        *classes.entry(key).or_default().entry(value).or_default() += 1;
    }
    classes
}

fn recursive_c(classes: &Classes, l: u64) -> Option<f64> {
    let of = |class: &BTreeMap<Vec<u64>, u64>| {
        let mut counts: Vec<u64> = class.values().copied().collect();
        counts.sort_unstable();
        counts.reverse();
        counts[0] as f64 / counts[l as usize - 1..].iter().sum::<u64>() as f64
    };
    (l > 1).then(|| classes.values().map(of).fold(0.0, f64::max))
}

fn close(one: f64, other: f64) {
    assert!((one - other).abs() <= 1e-9 * other.abs().max(1.0), "{one} is not {other}");
}
