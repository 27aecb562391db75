//! A table and what is asked of it, checked against each other once.

use super::anonymization::QuasiIdentifier;
use super::{AnonymityError, Anonymization, Codes, Hierarchy, Role, Table, TableColumn};

/// What every model starts from.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    pub(super) table: &'a Table,
    pub(super) plan: &'a Anonymization,
    pub(super) quasi: Vec<PreparedQuasi<'a>>,
    /// The sensitive columns that criteria name, in the order of their first naming.
    pub(super) sensitive: Vec<PreparedSensitive<'a>>,
    /// Rows that are released: of the research subset, or all.
    pub(super) n: u64,
}

#[derive(Debug)]
pub(super) struct PreparedQuasi<'a> {
    /// Place in the table.
    pub(super) place: usize,
    pub(super) column: &'a TableColumn,
    pub(super) hierarchy: Option<&'a Hierarchy>,
    /// Of every row, the value of its hierarchy; without one, the value of the column.
    pub(super) codes: Codes,
    /// Least and highest level that may be taken.
    pub(super) levels: (usize, usize),
    /// Divided by the largest.
    pub(super) weight: f64,
}

#[derive(Debug)]
pub(super) struct PreparedSensitive<'a> {
    pub(super) column: &'a TableColumn,
    pub(super) codes: Codes,
    /// Rows released of every value: P_v of the specification.
    pub(super) totals: Vec<u64>,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(table: &'a Table, plan: &'a Anonymization) -> Result<Self, AnonymityError> {
        if plan.quasi.is_empty() {
            return Err(AnonymityError::NoQuasiIdentifier);
        }
        let is_named = |column: &TableColumn| plan.quasi.iter().any(|quasi| quasi.column == column.name());
        if let Some(column) = table.columns_of(Role::Quasi).find(|column| !is_named(column)) {
            return Err(AnonymityError::NoHierarchy { column: column.name().to_owned() });
        }
        let weights = weights(plan)?;
        let mut quasi: Vec<PreparedQuasi<'a>> = Vec::with_capacity(plan.quasi.len());
        for (asked, weight) in plan.quasi.iter().zip(weights) {
            if quasi.iter().any(|before| before.column.name() == asked.column) {
                return Err(AnonymityError::DuplicateColumn { column: asked.column.clone() });
            }
            quasi.push(PreparedQuasi::new(table, asked, weight)?);
        }
        let is_in = |row: usize| plan.subset.as_ref().is_none_or(|subset| subset.contains(row));
        let mut sensitive: Vec<PreparedSensitive<'a>> = Vec::new();
        for criterion in &plan.criteria {
            let Some(name) = criterion.column() else { continue };
            if sensitive.iter().any(|before| before.column.name() == name) {
                continue;
            }
            let column = table.column(name)?;
            if column.role() != Role::Sensitive {
                return Err(AnonymityError::Role { column: name.to_owned(), expected: "sensitive" });
            }
            let codes = column.value_codes();
            let mut totals = vec![0; column.n_values()];
            for (row, code) in codes.iter().enumerate() {
                if is_in(row)
                    && let Some(total) = totals.get_mut(code as usize)
                {
                    *total += 1;
                }
            }
            sensitive.push(PreparedSensitive { column, codes, totals });
        }
        let n = plan.subset.as_ref().map_or(table.n_rows() as u64, super::Subset::n_rows);
        Ok(Self { table, plan, quasi, sensitive, n })
    }

    /// Whether a row is released.
    pub(super) fn is_in(&self, row: usize) -> bool {
        self.plan.subset.as_ref().is_none_or(|subset| subset.contains(row))
    }
}

impl<'a> PreparedQuasi<'a> {
    fn new(table: &'a Table, asked: &'a QuasiIdentifier, weight: f64) -> Result<Self, AnonymityError> {
        let column = table.column(&asked.column)?;
        if column.role() != Role::Quasi {
            return Err(AnonymityError::Role { column: asked.column.clone(), expected: "a quasi-identifier" });
        }
        let place = table.columns.iter().position(|other| other.name() == asked.column).unwrap_or(0);
        let Some(hierarchy) = &asked.hierarchy else {
            let codes = column.value_codes();
            return Ok(Self { place, column, hierarchy: None, codes, levels: (0, 0), weight });
        };
        // The hierarchy speaks of texts as they stand in the source.
        let values: Vec<Option<u32>> =
            (0..column.n_texts() as u32).map(|code| hierarchy.value(column.text(code))).collect();
        let mut codes = Vec::with_capacity(table.n_rows());
        let mut first_missing = None;
        column.text_codes().for_each(|code| {
            let value = values.get(code as usize).copied().flatten();
            if value.is_none() && first_missing.is_none() {
                first_missing = Some(codes.len() as u64);
            }
            codes.push(value.unwrap_or(0));
        });
        if let Some(row) = first_missing {
            return Err(AnonymityError::NotInHierarchy { row, column: asked.column.clone() });
        }
        let levels = asked.levels.unwrap_or((0, hierarchy.height()));
        Ok(Self { place, column, hierarchy: Some(hierarchy), codes: Codes::narrowest(&codes), levels, weight })
    }
}

/// The weight of every quasi-identifier, divided by the largest.
fn weights(plan: &Anonymization) -> Result<Vec<f64>, AnonymityError> {
    let asked = &plan.quality.weights;
    for (name, _) in asked {
        if !plan.quasi.iter().any(|quasi| quasi.column == *name) {
            let n_columns = plan.quasi.len();
            return Err(AnonymityError::UnknownColumn { column: name.clone(), n_columns });
        }
    }
    let of = |name: &str| asked.iter().rev().find(|(column, _)| column == name).map_or(1.0, |(_, weight)| *weight);
    let weights: Vec<f64> = plan.quasi.iter().map(|quasi| of(&quasi.column)).collect();
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if largest > 0.0 {
        Ok(weights.iter().map(|weight| weight / largest).collect())
    } else {
        let allowed = "above 0 for at least one quasi-identifier";
        Err(AnonymityError::OutOfRange { what: "largest weight", found: largest, allowed })
    }
}
