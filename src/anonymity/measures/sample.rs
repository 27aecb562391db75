//! The rows of a table that are measured.

use super::settings::{MeasureSettings, MissingValues};
use crate::anonymity::{AnonymityError, Codes, Role, Table, TableColumn};

/// Which columns and rows are measured.
pub(super) struct Sample<'t> {
    pub(super) quasi: Vec<&'t TableColumn>,
    pub(super) sensitive: Vec<&'t TableColumn>,
    pub(super) n_rows: u64,
    pub(super) n_suppressed: u64,
    pub(super) n_left_out: u64,
    /// Rows that are measured, in their order; `None` if all are.
    kept: Option<Vec<u32>>,
}

impl<'t> Sample<'t> {
    pub(super) fn new(table: &'t Table, settings: &MeasureSettings) -> Result<Self, AnonymityError> {
        for name in &settings.order {
            table.column(name)?;
        }
        let of = |role| {
            let mut columns: Vec<&TableColumn> = table.columns_of(role).collect();
            let place = |column: &TableColumn| settings.order.iter().position(|name| name == column.name());
            columns.sort_by_key(|column| place(column).unwrap_or(usize::MAX));
            columns
        };
        let n_rows = table.n_rows() as u64;
        let (quasi, sensitive) = (of(Role::Quasi), of(Role::Sensitive));
        let mut sample = Self { quasi, sensitive, n_rows, n_suppressed: 0, n_left_out: 0, kept: None };
        if sample.quasi.is_empty() {
            return Err(AnonymityError::NoQuasiIdentifier);
        }
        sample.leave_out(table, settings)?;
        if sample.kept.as_ref().is_some_and(Vec::is_empty) {
            let (n_suppressed, n_left_out) = (sample.n_suppressed, sample.n_left_out);
            return Err(AnonymityError::NoRowLeft { n_suppressed, n_left_out });
        }
        Ok(sample)
    }

    /// The row of the table at a place among those that are measured.
    pub(super) fn row(&self, place: u32) -> u32 {
        match &self.kept {
            Some(kept) => kept.get(place as usize).copied().unwrap_or(place),
            None => place,
        }
    }

    /// The values of a column in the rows that are measured.
    pub(super) fn values(&self, column: &TableColumn) -> Codes {
        let codes = column.value_codes();
        let Some(kept) = &self.kept else { return codes };
        let codes: Vec<u32> = kept.iter().map(|row| codes.at(*row as usize).unwrap_or(0)).collect();
        Codes::narrowest(&codes)
    }

    fn leave_out(&mut self, table: &Table, settings: &MeasureSettings) -> Result<(), AnonymityError> {
        let mut is_suppressed = vec![false; 0];
        if let Some(label) = &settings.suppressed_label {
            is_suppressed.resize(table.n_rows(), true);
            for column in &self.quasi {
                let is_label: Vec<bool> =
                    (0..column.n_texts() as u32).map(|code| column.text(code) == label.as_str()).collect();
                for (all, code) in is_suppressed.iter_mut().zip(column.text_codes().iter()) {
                    *all &= is_label.get(code as usize).copied().unwrap_or(false);
                }
            }
        }
        let is_suppressed = |row: usize| is_suppressed.get(row).copied().unwrap_or(false);
        let mut is_missing = vec![false; 0];
        if settings.missing != MissingValues::Value {
            let mut first: Option<(usize, &TableColumn)> = None;
            for column in self.quasi.iter().chain(&self.sensitive) {
                let Some(missing) = column.missing() else { continue };
                is_missing.resize(table.n_rows(), false);
                for (row, code) in column.text_codes().iter().enumerate() {
                    if column.value_of(code) == missing && !is_suppressed(row) {
                        if let Some(place) = is_missing.get_mut(row) {
                            *place = true;
                        }
                        if first.is_none_or(|(before, _)| row < before) {
                            first = Some((row, *column));
                        }
                    }
                }
            }
            if let (Some((row, column)), MissingValues::Error) = (first, settings.missing) {
                return Err(AnonymityError::Cell {
                    source_name: table.name().to_owned(),
                    row: row as u64,
                    column: column.name().to_owned(),
                    problem: "a value is missing; take it as a value, leave the row out, or mend the cell",
                });
            }
        }
        let mut kept = Vec::new();
        for row in 0..table.n_rows() {
            if is_suppressed(row) {
                self.n_suppressed += 1;
            } else if is_missing.get(row).copied().unwrap_or(false) {
                self.n_left_out += 1;
            } else {
                kept.push(row as u32);
            }
        }
        self.kept = (kept.len() < table.n_rows()).then_some(kept);
        Ok(())
    }
}
