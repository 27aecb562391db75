//! The worst class of every measure.

use super::distance;
use super::measure::{
    NaiveSensitive, NaiveWitness, Part, entropy_number, equal_number, ordered_number, recursive_number,
};
use super::table::NaiveTable;
use std::collections::BTreeMap;

/// Gathers candidates for the witnesses: (name, how bad, witness).
#[derive(Default)]
pub struct Report {
    found: Vec<(String, f64, NaiveWitness)>,
}

impl Report {
    pub fn witness_of_size(&mut self, table: &NaiveTable, qi: &[String], rows: &[usize]) {
        self.found.push(("k".to_owned(), 0.0, witness(table, qi, rows, None, None)));
    }

    /// All measures of one sensitive column.
    pub fn column(&mut self, table: &NaiveTable, qi: &[String], part: &Part) -> NaiveSensitive {
        let Part { column, values, classes, numeric, assumed_type } = part;
        let p = &values.table;
        let all = distance::sum(p) as f64;
        let f: Vec<Vec<u64>> = classes.iter().map(|rows| values.counts(rows)).collect();
        let l = f.iter().map(|f| distance::distinct(f)).min().unwrap();
        let mut note = |name: &str, bad: f64, class: usize, value: Option<usize>| {
            let value = value.map(|v| values.domain[v].clone());
            let seen = witness(table, qi, &classes[class], Some(column.clone()), value);
            self.found.push((name.to_owned(), bad, seen));
        };
        let (mut alpha, mut beta, mut delta) = (0.0f64, f64::NEG_INFINITY, 0.0f64);
        let (mut feasible, mut lacks) = (true, false);
        let mut entropy = f64::INFINITY;
        let (mut recursive, mut equal, mut ordered) = (0.0f64, 0.0f64, 0.0f64);
        for (class, f) in f.iter().enumerate() {
            let n = distance::sum(f) as f64;
            for (v, gain) in distance::gains(f, p) {
                let (share, whole) = (f[v] as f64 / n, p[v] as f64 / all);
                alpha = alpha.max(share);
                note("alpha", share, class, Some(v));
                beta = beta.max(gain);
                note("beta", gain, class, Some(v));
                if gain > 0.0 && gain > -whole.ln() * (1.0 + 1e-12) {
                    feasible = false;
                    note("beta_enhanced", 1.0, class, Some(v));
                }
            }
            for (v, ratio) in distance::ratios(f, p) {
                delta = delta.max(ratio.ln().abs());
                note("delta", ratio.ln().abs(), class, Some(v));
            }
            for v in (0..p.len()).filter(|&v| p[v] > 0 && f[v] == 0) {
                lacks = true;
                note("delta_strict", 1.0, class, Some(v));
            }
            note("l_distinct", -(distance::distinct(f) as f64), class, None);
            entropy = entropy.min(entropy_number(f));
            note("l_entropy", -entropy_number(f), class, None);
            recursive = recursive.max(recursive_number(f, l));
            equal = equal.max(equal_number(f, p));
            ordered = ordered.max(ordered_number(f, p));
            note("t", if *numeric { ordered_number(f, p) } else { equal_number(f, p) }, class, None);
        }
        let least = p.iter().filter(|&&count| count > 0).min().unwrap();
        NaiveSensitive {
            column: column.clone(),
            numeric: *numeric,
            assumed_type: *assumed_type,
            n_values: p.iter().filter(|&&count| count > 0).count() as u64,
            n_classes: classes.len() as u64,
            alpha,
            l_distinct: l,
            l_entropy: entropy,
            recursive_c: if l == 1 { None } else { Some(recursive) },
            beta,
            beta_enhanced: feasible.then_some(beta),
            beta_capped: beta.min(-(*least as f64 / all).ln()),
            delta,
            delta_strict: (!lacks).then_some(delta),
            t: if *numeric { ordered } else { equal },
            t_equal: equal,
            t_ordered: numeric.then_some(ordered),
        }
    }

    /// The worst over the columns; c is read at the smallest distinct l of all columns.
    pub fn worst(
        &mut self,
        table: &NaiveTable,
        qi: &[String],
        columns: &[NaiveSensitive],
        parts: &[Part],
    ) -> Option<NaiveSensitive> {
        let mut worst = columns.first()?.clone();
        let l = columns.iter().map(|column| column.l_distinct).min()?;
        for column in columns {
            worst.alpha = worst.alpha.max(column.alpha);
            worst.l_entropy = worst.l_entropy.min(column.l_entropy);
            worst.beta = worst.beta.max(column.beta);
            worst.beta_capped = worst.beta_capped.max(column.beta_capped);
            worst.delta = worst.delta.max(column.delta);
            worst.t = worst.t.max(column.t);
            worst.t_equal = worst.t_equal.max(column.t_equal);
        }
        worst.column = String::new();
        worst.l_distinct = l;
        worst.beta_enhanced = columns.iter().all(|column| column.beta_enhanced.is_some()).then_some(worst.beta);
        worst.delta_strict = columns.iter().all(|column| column.delta_strict.is_some()).then_some(worst.delta);
        worst.t_ordered = columns.iter().filter_map(|column| column.t_ordered).reduce(f64::max);
        worst.recursive_c = None;
        if l > 1 {
            let mut most = 0.0f64;
            for part in parts {
                for rows in &part.classes {
                    let c = recursive_number(&part.values.counts(rows), l);
                    most = most.max(c);
                    let seen = witness(table, qi, rows, Some(part.column.clone()), None);
                    self.found.push(("recursive_c".to_owned(), c, seen));
                }
            }
            worst.recursive_c = Some(most);
        }
        Some(worst)
    }

    /// The worst candidate of each name; among equals the class with the lowest first row, then the first noted
    /// (columns as named, values in their order).
    pub fn witnesses(self) -> BTreeMap<String, NaiveWitness> {
        let mut best: BTreeMap<String, (f64, NaiveWitness)> = BTreeMap::new();
        let mut most: BTreeMap<String, f64> = BTreeMap::new();
        for (name, bad, _) in &self.found {
            let most = most.entry(name.clone()).or_insert(*bad);
            *most = most.max(*bad);
        }
        for (name, bad, seen) in self.found {
            let most = most[&name];
            if bad < most - 1e-12 * most.abs().max(1.0) {
                continue;
            }
            if best.get(&name).is_none_or(|(_, old)| seen.first_row < old.first_row) {
                best.insert(name, (bad, seen));
            }
        }
        best.into_iter().map(|(name, (_, seen))| (name, seen)).collect()
    }
}

fn witness(
    table: &NaiveTable,
    qi: &[String],
    rows: &[usize],
    column: Option<String>,
    value: Option<String>,
) -> NaiveWitness {
    let class = qi.iter().map(|column| table.cell(rows[0], column).to_owned()).collect();
    NaiveWitness { first_row: rows[0], class, column, value }
}
