//! From parts and their labels to a solution.

use std::collections::HashMap;

use super::super::prepared::Prepared;
use super::super::solution::{Claims, Nearest, Outcome, RecodedColumn, Recoding, Solution};
use super::labels::ColumnLabels;
use super::parts::Part;
use super::passes::Judge;

/// The classes that a reader of the labels sees: parts with equal labels are one.
#[derive(Debug)]
pub(super) struct Classes {
    /// Of every class its parts, ascending; in the order of first parts.
    parts: Vec<Vec<usize>>,
    /// Rows of every class.
    pub(super) sizes: Vec<u64>,
}

impl Classes {
    /// Joins parts with equal texts in every column; equal texts become one label.
    pub(super) fn new(parts: &[Part], columns: &mut [ColumnLabels]) -> Self {
        for column in columns.iter_mut() {
            let mut known = HashMap::new();
            let codes: Vec<u32> =
                (0..).zip(&column.labels).map(|(code, text)| *known.entry(text).or_insert(code)).collect();
            for code in &mut column.codes {
                *code = codes.get(*code as usize).copied().unwrap_or(*code);
            }
        }
        let mut places = HashMap::new();
        let mut classes = Self { parts: Vec::new(), sizes: Vec::new() };
        for (number, part) in parts.iter().enumerate() {
            let key: Vec<u32> = columns.iter().filter_map(|column| column.codes.get(number).copied()).collect();
            let place = *places.entry(key).or_insert(classes.sizes.len());
            if place == classes.sizes.len() {
                classes.parts.push(Vec::new());
                classes.sizes.push(0);
            }
            if let (Some(found), Some(size)) = (classes.parts.get_mut(place), classes.sizes.get_mut(place)) {
                found.push(number);
                *size += part.rows.len() as u64;
            }
        }
        classes
    }
}

/// Builds the solution, unless a class breaks a criterion.
///
/// Single parts pass before; a class of several may break a rule that is not kept by unions, and parts that were made by
/// size alone may break any other.
pub(super) fn outcome<'a>(
    prepared: &Prepared<'a>,
    judge: &Judge<'_>,
    parts: &[Part],
    columns: Vec<ColumnLabels>,
    classes: &Classes,
    loss: Vec<f64>,
) -> Outcome<'a> {
    let mut failing = 0;
    let mut broken = None;
    for (members, size) in classes.parts.iter().zip(&classes.sizes) {
        let rows = members.iter().filter_map(|part| parts.get(*part)).flat_map(|part| part.rows.iter().copied());
        let found = judge.broken(*size, &if judge.needs_counts() { judge.count(rows) } else { Vec::new() });
        if found.is_some() {
            failing += size;
            broken = broken.or(found);
        }
    }
    if failing > 0 {
        return none(failing, broken);
    }
    // The label of the root, in every column that has one: without hierarchies no label says that it covers all.
    let is_root = |part: usize| {
        columns.iter().zip(&prepared.quasi).all(|(column, quasi)| {
            let root = quasi.hierarchy.filter(|hierarchy| hierarchy.has_root());
            let root = root.and_then(|hierarchy| hierarchy.label(hierarchy.height(), 0));
            let label = column.codes.get(part).and_then(|code| column.labels.get(*code as usize));
            root.is_some() && root == label.map(String::as_str)
        })
    };
    let whole = parts.iter().enumerate().filter(|(number, _)| is_root(*number));
    let fully_generalised = whole.map(|(_, part)| part.rows.len() as u64).sum();
    let n_rows = prepared.table.n_rows();
    let recoded = columns.into_iter().zip(&prepared.quasi).map(|(column, quasi)| {
        let mut codes = vec![0; n_rows];
        for (part, label) in parts.iter().zip(&column.codes) {
            for row in &part.rows {
                if let Some(code) = codes.get_mut(*row as usize) {
                    *code = *label;
                }
            }
        }
        RecodedColumn { place: quasi.place, labels: column.labels, codes }
    });
    let recoding = Recoding {
        columns: recoded.collect(),
        is_suppressed: vec![false; n_rows],
        is_in: prepared.plan.subset.as_ref().map(|_| (0..n_rows).map(|row| prepared.is_in(row)).collect()),
    };
    // Nothing bounds the loss of a greedy model from below but 0.
    let gap = if loss.iter().all(|loss| *loss <= 0.0) { 0.0 } else { 1.0 };
    let claims = Claims {
        transformation: None,
        loss,
        suppressed: 0,
        classes: classes.sizes.len() as u64,
        min_class: classes.sizes.iter().copied().min().unwrap_or(0),
        checked: 0,
        n_nodes: 0,
        gap,
        anonymous: true,
        outside_subset: n_rows as u64 - prepared.n,
        fully_generalised,
        absent_violations: 0,
    };
    Outcome::Solved(Solution { table: prepared.table, recoding, claims })
}

/// No solution: so many rows are in classes that fail, and none may be suppressed.
pub(super) const fn none<'a>(failing: u64, broken: Option<&'static str>) -> Outcome<'a> {
    Outcome::NoSolution(Nearest {
        node: None,
        suppressed: failing,
        allowed: 0,
        forbidden_by: broken,
        checked: 0,
        n_nodes: 0,
    })
}
