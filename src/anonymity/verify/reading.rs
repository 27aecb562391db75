//! The output, read back.

use super::Output;
use super::audit::refused;
use crate::anonymity::{AnonymityError, Role, Table, TableColumn};

/// Reads the output and gives the labels of every released row, after the cells that must not change were compared.
pub(super) fn read(
    table: &Table,
    quasi: &[&TableColumn],
    released: &[usize],
    output: &Output,
) -> Result<Vec<Vec<String>>, AnonymityError> {
    let kept: Vec<&TableColumn> = table.columns().iter().filter(|column| column.role() != Role::Identifier).collect();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(output.separator)
        .from_reader(output.as_bytes());
    let unreadable = |_| refused("the output cannot be read as CSV");
    let mut record = csv::StringRecord::new();
    let has_header = reader.read_record(&mut record).map_err(unreadable)?;
    if !has_header || !record.iter().eq(kept.iter().map(|column| column.name())) {
        return Err(refused("the header is not that of the input"));
    }
    let places: Vec<usize> = quasi
        .iter()
        .map(|column| kept.iter().position(|kept| kept.name() == column.name()).unwrap_or(usize::MAX))
        .collect();
    let mut labels = Vec::with_capacity(released.len());
    while reader.read_record(&mut record).map_err(unreadable)? {
        let Some(row) = released.get(labels.len()) else {
            return Err(refused(&format!("more than {} rows", released.len())));
        };
        if record.len() != kept.len() {
            return Err(refused(&format!("row {row} has {} cells, not {}", record.len(), kept.len())));
        }
        for (place, (cell, column)) in record.iter().zip(&kept).enumerate() {
            if !places.contains(&place) && cell != column.text_at(*row) {
                return Err(refused(&format!("row {row}, column `{}` was changed", column.name())));
            }
        }
        labels.push(places.iter().map(|place| record.get(*place).unwrap_or_default().to_owned()).collect());
    }
    if labels.len() == released.len() {
        Ok(labels)
    } else {
        Err(refused(&format!("{} rows, not {}", labels.len(), released.len())))
    }
}
