//! How anonymous a table is: all numbers of the measures, class by class.

use super::classes::{Values, number_key, read_values};
use super::distance;
use super::table::NaiveTable;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensitiveMode {
    Separate,
    Joint,
    Composite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Value,
    Exclude,
    Error,
}

#[derive(Clone, Debug)]
pub struct MeasureOptions {
    pub mode: SensitiveMode,
    /// Columns declared as numbers and as categories; a column in neither is taken as categories and says so.
    pub numeric: Vec<String>,
    pub categorical: Vec<String>,
    pub missing: Missing,
    /// Rows whose quasi-identifiers all hold this label are suppressed.
    pub suppressed_label: String,
    /// Rows of the original table, where it is at hand.
    pub n_raw: Option<u64>,
    /// Do suppressed rows count in P_v? Their sensitive cells are still in the table.
    pub suppressed_in_table: bool,
}

impl Default for MeasureOptions {
    fn default() -> Self {
        Self {
            mode: SensitiveMode::Separate,
            numeric: Vec::new(),
            categorical: Vec::new(),
            missing: Missing::Value,
            suppressed_label: "*".to_owned(),
            n_raw: None,
            suppressed_in_table: true,
        }
    }
}

#[derive(Clone, Debug)]
pub struct NaiveMeasures {
    /// All rows read.
    pub n: u64,
    pub n_missing: BTreeMap<String, u64>,
    pub n_suppressed: u64,
    /// Rows left out for a missing cell.
    pub n_excluded: u64,
    /// Rows in classes.
    pub n_out: u64,
    /// Classes of the quasi-identifiers: their rows.
    pub classes: Vec<Vec<usize>>,
    pub k: u64,
    pub risk: NaiveRisk,
    pub c_avg_released: f64,
    pub c_avg_raw: f64,
    pub dm: u64,
    pub cm: Option<f64>,
    pub max_class: u64,
    pub mean_class: f64,
    pub median_class: f64,
    pub per_sensitive: Vec<NaiveSensitive>,
    /// The worst over the sensitive columns; none without one.
    pub worst: Option<NaiveSensitive>,
    pub witnesses: BTreeMap<String, NaiveWitness>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NaiveRisk {
    pub highest: f64,
    pub average_record: f64,
    pub average_class: f64,
    pub uniques: u64,
    pub marketer: f64,
}

/// The measures of one sensitive column.
#[derive(Clone, Debug, PartialEq)]
pub struct NaiveSensitive {
    pub column: String,
    pub numeric: bool,
    pub assumed_type: bool,
    pub n_values: u64,
    pub n_classes: u64,
    pub alpha: f64,
    pub l_distinct: u64,
    pub l_entropy: f64,
    /// None if l is 1.
    pub recursive_c: Option<f64>,
    pub beta: f64,
    /// None: infeasible.
    pub beta_enhanced: Option<f64>,
    pub beta_capped: f64,
    pub delta: f64,
    /// None: infinite.
    pub delta_strict: Option<f64>,
    pub t: f64,
    pub t_equal: f64,
    pub t_ordered: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NaiveWitness {
    pub first_row: usize,
    pub class: Vec<String>,
    pub column: Option<String>,
    pub value: Option<String>,
}

/// A sensitive column and the classes it is read on.
pub struct Part {
    pub column: String,
    pub values: Values,
    pub classes: Vec<Vec<usize>>,
    pub numeric: bool,
    pub assumed_type: bool,
}

/// Measures a table. Fails on `Missing::Error` with row and column, and on a table without a class.
pub fn measure(
    table: &NaiveTable,
    qi: &[String],
    sensitive: &[String],
    options: &MeasureOptions,
) -> Result<NaiveMeasures, String> {
    let columns: Vec<String> = qi.iter().chain(sensitive).cloned().collect();
    let mut n_missing = BTreeMap::new();
    for column in &columns {
        let missing: Vec<usize> = (0..table.rows.len()).filter(|&row| table.cell(row, column).is_empty()).collect();
        if options.missing == Missing::Error && !missing.is_empty() {
            return Err(format!("row {}, column `{column}`: no value", missing[0]));
        }
        n_missing.insert(column.clone(), missing.len() as u64);
    }
    let is_suppressed = |row: usize| qi.iter().all(|column| table.cell(row, column) == options.suppressed_label);
    let is_excluded = |row: usize| {
        options.missing == Missing::Exclude && columns.iter().any(|column| table.cell(row, column).is_empty())
    };
    let all = 0..table.rows.len();
    let n_suppressed = all.clone().filter(|&row| is_suppressed(row)).count() as u64;
    let n_excluded = all.clone().filter(|&row| !is_suppressed(row) && is_excluded(row)).count() as u64;
    let inside: Vec<usize> = all.clone().filter(|&row| !is_suppressed(row) && !is_excluded(row)).collect();
    let of_table: Vec<usize> =
        all.filter(|&row| !is_excluded(row) && (options.suppressed_in_table || !is_suppressed(row))).collect();

    let key = |row: usize, column: &String| {
        let cell = table.cell(row, column);
        let number = options.numeric.contains(column) && cell != options.suppressed_label;
        if number { number_key(cell) } else { cell.to_owned() }
    };
    let group = |by: &[String]| -> Vec<Vec<usize>> {
        let mut found: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for &row in &inside {
            found.entry(by.iter().map(|column| key(row, column)).collect()).or_default().push(row);
        }
        let mut classes: Vec<Vec<usize>> = found.into_values().collect();
        classes.sort();
        classes
    };

    let classes = group(qi);
    if classes.is_empty() {
        return Err("no row is in a class".to_owned());
    }
    let mut parts: Vec<Part> = Vec::new();
    if options.mode == SensitiveMode::Composite && !sensitive.is_empty() {
        let cells: Vec<String> = (0..table.rows.len())
            .map(|row| sensitive.iter().map(|column| key(row, column)).collect::<Vec<_>>().join("\u{1f}"))
            .collect();
        parts.push(Part {
            column: sensitive.join("+"),
            values: values(&cells, false, &of_table),
            classes: classes.clone(),
            numeric: false,
            assumed_type: false,
        });
    } else {
        for column in sensitive {
            let numeric = options.numeric.contains(column);
            let cells: Vec<String> = (0..table.rows.len())
                .map(|row| if is_excluded(row) { String::new() } else { table.cell(row, column).to_owned() })
                .collect();
            let by: Vec<String> = match options.mode {
                SensitiveMode::Joint => {
                    qi.iter().chain(sensitive.iter().filter(|other| *other != column)).cloned().collect()
                }
                _ => qi.to_vec(),
            };
            parts.push(Part {
                column: column.clone(),
                values: values(&cells, numeric, &of_table),
                classes: group(&by),
                numeric,
                assumed_type: !numeric && !options.categorical.contains(column),
            });
        }
    }

    let sizes: Vec<(u64, u64)> = classes.iter().map(|rows| (rows.len() as u64, rows.len() as u64)).collect();
    let n_out = inside.len() as u64;
    let k = sizes.iter().map(|size| size.0).min().unwrap();
    let n_raw = options.n_raw.unwrap_or(table.rows.len() as u64);
    let mut sorted: Vec<u64> = sizes.iter().map(|size| size.0).collect();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    let median =
        if sorted.len() % 2 == 1 { sorted[middle] as f64 } else { (sorted[middle - 1] + sorted[middle]) as f64 / 2.0 };

    let mut report = super::measure_report::Report::default();
    let first = classes.iter().find(|rows| rows.len() as u64 == k).unwrap();
    report.witness_of_size(table, qi, first);
    let per_sensitive: Vec<NaiveSensitive> = parts.iter().map(|part| report.column(table, qi, part)).collect();
    let worst = report.worst(table, qi, &per_sensitive, &parts);
    let cm = parts
        .iter()
        .map(|part| {
            let minority: u64 =
                classes.iter().map(|rows| rows.len() as u64 - part.values.counts(rows).iter().max().unwrap()).sum();
            (n_suppressed + minority) as f64 / n_raw as f64
        })
        .reduce(f64::max);
    Ok(NaiveMeasures {
        n: table.rows.len() as u64,
        n_missing,
        n_suppressed,
        n_excluded,
        n_out,
        k,
        risk: risk(&sizes),
        c_avg_released: n_out as f64 / (classes.len() as u64 * k) as f64,
        c_avg_raw: n_raw as f64 / (classes.len() as u64 * k) as f64,
        dm: sizes.iter().map(|size| size.0 * size.0).sum::<u64>() + n_suppressed * n_raw,
        cm,
        max_class: *sorted.last().unwrap(),
        mean_class: n_out as f64 / classes.len() as f64,
        median_class: median,
        classes,
        per_sensitive,
        worst,
        witnesses: report.witnesses(),
    })
}

/// Risks of classes given as (n, pcount): prosecutor where both are equal, else journalist; and the marketer's.
pub fn risk(sizes: &[(u64, u64)]) -> NaiveRisk {
    let rows: u64 = sizes.iter().map(|size| size.0).sum();
    let single: Vec<f64> = sizes.iter().map(|size| 1.0 / size.1 as f64).collect();
    NaiveRisk {
        highest: single.iter().copied().fold(0.0, f64::max),
        average_record: sizes.iter().map(|size| size.0 as f64 / size.1 as f64).sum::<f64>() / rows as f64,
        average_class: single.iter().sum::<f64>() / sizes.len() as f64,
        uniques: sizes.iter().filter(|size| size.1 == 1).count() as u64,
        marketer: sizes.iter().map(|size| size.0 as f64 / size.1 as f64).sum::<f64>() / rows as f64,
    }
}

/// Rows whose own risk 1/pcount is above the threshold.
pub fn rows_above(sizes: &[(u64, u64)], threshold: f64) -> u64 {
    sizes.iter().filter(|size| 1.0 / size.1 as f64 > threshold).map(|size| size.0).sum()
}

/// Rows in classes smaller than k.
pub fn rows_below(sizes: &[(u64, u64)], k: u64) -> u64 {
    sizes.iter().filter(|size| size.0 < k).map(|size| size.0).sum()
}

/// Distinct tuples over rows.
pub fn distinction(table: &NaiveTable, columns: &[&str]) -> f64 {
    tuples(table, columns).len() as f64 / table.rows.len() as f64
}

/// Share of the pairs of rows that differ.
pub fn separation(table: &NaiveTable, columns: &[&str]) -> f64 {
    let pairs = |n: u64| n * (n - 1);
    let equal: u64 = tuples(table, columns).values().map(|&n| pairs(n)).sum();
    let all = pairs(table.rows.len() as u64);
    (all - equal) as f64 / all as f64
}

fn tuples<'a>(table: &'a NaiveTable, columns: &[&str]) -> BTreeMap<Vec<&'a str>, u64> {
    let mut found = BTreeMap::new();
    for row in 0..table.rows.len() {
        let tuple: Vec<&str> = columns.iter().map(|column| table.cell(row, column)).collect();
        *found.entry(tuple).or_insert(0) += 1;
    }
    found
}

/// The values of a column, P_v over the rows that count; a value that occurs in none of them is no value.
fn values(cells: &[String], numeric: bool, of_table: &[usize]) -> Values {
    let kept: Vec<String> = of_table.iter().map(|&row| cells[row].clone()).collect();
    let small = read_values(&kept, numeric, None);
    let mut of_row = vec![usize::MAX; cells.len()];
    for (at, &row) in of_table.iter().enumerate() {
        of_row[row] = small.of_row[at];
    }
    let mut values = Values { domain: small.domain, of_row, table: Vec::new() };
    values.table = values.counts(of_table);
    values
}

/// exp(H), counts in falling order so that equal classes give equal numbers.
pub fn entropy_number(f: &[u64]) -> f64 {
    let n = distance::sum(f) as f64;
    let mut counts: Vec<u64> = f.iter().copied().filter(|&count| count > 0).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    (-counts.iter().map(|&count| count as f64 / n * (count as f64 / n).ln()).sum::<f64>()).exp()
}

/// r_1/(r_l + … + r_d); infinite if the class has fewer than l values.
pub fn recursive_number(f: &[u64], l: u64) -> f64 {
    let mut counts: Vec<u64> = f.iter().copied().filter(|&count| count > 0).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts[0] as f64 / counts.iter().skip(l as usize - 1).sum::<u64>() as f64
}

/// ½ Σ|q - p|.
pub fn equal_number(f: &[u64], p: &[u64]) -> f64 {
    let total: i128 = distance::extras(f, p).iter().map(|extra| extra.abs()).sum();
    let area = i128::from(distance::sum(f)) * i128::from(distance::sum(p));
    total as f64 / (2 * area) as f64
}

/// The ordered distance; 0 with one value.
pub fn ordered_number(f: &[u64], p: &[u64]) -> f64 {
    if f.len() < 2 {
        return 0.0;
    }
    let area = i128::from(distance::sum(f)) * i128::from(distance::sum(p));
    distance::ordered_sum(f, p) as f64 / ((f.len() as i128 - 1) * area) as f64
}
