//! The table seen through a node: classes, and the values of sensitive columns.

use super::problem::Problem;
use std::collections::BTreeMap;

/// Rows with equal labels at one node.
#[derive(Clone, Debug)]
pub struct Class {
    pub labels: Vec<String>,
    /// All rows, those outside R included: pcount is their number.
    pub population: Vec<usize>,
    /// Rows of R: n is their number.
    pub rows: Vec<usize>,
}

impl Class {
    pub fn n(&self) -> u64 {
        self.rows.len() as u64
    }

    pub fn pcount(&self) -> u64 {
        self.population.len() as u64
    }
}

/// What is the same at every node.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Is this row in R?
    pub released: Vec<bool>,
    /// N = |R|.
    pub n: u64,
    pub columns: BTreeMap<String, Values>,
}

/// A sensitive column: the value of each row as a number in the order of the values.
#[derive(Clone, Debug)]
pub struct Values {
    /// Distinct values of the whole input, in order.
    pub domain: Vec<String>,
    pub of_row: Vec<usize>,
    /// P_v: counts over R.
    pub table: Vec<u64>,
}

impl Values {
    /// f_v of these rows.
    pub fn counts(&self, rows: &[usize]) -> Vec<u64> {
        let mut counts = vec![0; self.domain.len()];
        for &row in rows {
            counts[self.of_row[row]] += 1;
        }
        counts
    }
}

impl Frame {
    pub fn new(problem: &Problem) -> Self {
        let n_rows = problem.table.rows.len();
        let released: Vec<bool> = match &problem.subset {
            None => vec![true; n_rows],
            Some(rows) => (0..n_rows).map(|row| rows.contains(&row)).collect(),
        };
        let inside: Vec<usize> = (0..n_rows).filter(|&row| released[row]).collect();
        let mut columns = BTreeMap::new();
        for name in &problem.sensitive {
            let at = problem.table.position(name);
            let cells: Vec<String> = problem.table.rows.iter().map(|row| row[at].clone()).collect();
            let numeric = problem.numeric.contains(name);
            let mut values = read_values(&cells, numeric, problem.orders.get(name));
            values.table = values.counts(&inside);
            columns.insert(name.clone(), values);
        }
        Self { n: inside.len() as u64, released, columns }
    }

    pub fn values(&self, column: &str) -> &Values {
        self.columns.get(column).unwrap_or_else(|| panic!("`{column}` is not sensitive"))
    }
}

/// Distinct values in order: a declared list, numbers by value (equal numbers are one value), text by bytes.
/// A missing number stands before all numbers.
pub fn read_values(cells: &[String], numeric: bool, order: Option<&Vec<String>>) -> Values {
    let keys: Vec<String> = cells.iter().map(|cell| if numeric { number_key(cell) } else { cell.clone() }).collect();
    let mut domain = keys.clone();
    domain.sort();
    domain.dedup();
    if let Some(order) = order {
        domain.sort_by_key(|value| order.iter().position(|listed| listed == value).expect("a value on the list"));
    } else if numeric {
        domain.sort_by(|a, b| as_number(a).total_cmp(&as_number(b)));
    }
    let of_row = keys.iter().map(|key| domain.iter().position(|value| value == key).unwrap()).collect();
    Values { domain, of_row, table: Vec::new() }
}

/// `1`, `1.0` and ` 1 ` are one number; an empty cell stays empty.
pub fn number_key(cell: &str) -> String {
    if cell.is_empty() {
        return String::new();
    }
    let number: f64 = cell.trim().parse().expect("a number");
    format!("{}", if number == 0.0 { 0.0 } else { number })
}

fn as_number(key: &str) -> f64 {
    if key.is_empty() { f64::NEG_INFINITY } else { key.parse().unwrap() }
}

/// All classes of a node, those without a row of R included, in the order of their labels.
pub fn group(problem: &Problem, frame: &Frame, node: &[usize]) -> Vec<Class> {
    let mut found: BTreeMap<Vec<String>, Class> = BTreeMap::new();
    // Labels per column and value are looked up once a node: text in, text out.
    let mut labels: Vec<BTreeMap<&str, &str>> = Vec::new();
    for (column, &level) in problem.qi.iter().zip(node) {
        labels.push(problem.hierarchy(column).rows.iter().map(|row| (row[0].as_str(), row[level].as_str())).collect());
    }
    let positions: Vec<usize> = problem.qi.iter().map(|column| problem.table.position(column)).collect();
    for (row, cells) in problem.table.rows.iter().enumerate() {
        let tuple: Vec<String> = positions
            .iter()
            .zip(&labels)
            .map(|(&at, labels)| (*labels.get(cells[at].as_str()).expect("a value of the hierarchy")).to_owned())
            .collect();
        let class = found.entry(tuple.clone()).or_insert_with(|| Class {
            labels: tuple,
            population: Vec::new(),
            rows: Vec::new(),
        });
        class.population.push(row);
        if frame.released[row] {
            class.rows.push(row);
        }
    }
    found.into_values().collect()
}

/// Does the node put this class at the root of every column?
pub fn is_root(problem: &Problem, node: &[usize]) -> bool {
    problem.qi.iter().zip(node).all(|(column, &level)| {
        let hierarchy = problem.hierarchy(column);
        level == hierarchy.height() && hierarchy.has_root()
    })
}
