//! What is sensitive: one column, or several as one.

use std::collections::BTreeMap;

use super::sample::Sample;
use crate::anonymity::{AnonymityError, Classes, Codes, ColumnType, TableColumn};

/// A sensitive column, or the tuple of several, with its values in their declared order.
pub(super) struct Attribute<'t> {
    pub(super) name: String,
    pub(super) columns: Vec<&'t TableColumn>,
    pub(super) column_type: ColumnType,
    pub(super) is_type_assumed: bool,
    /// Of every value in order, its value in each column.
    values: Vec<Vec<u32>>,
}

impl<'t> Attribute<'t> {
    /// One column, and the place of the value of every row in order.
    pub(super) fn of_column(sample: &Sample<'t>, column: &'t TableColumn) -> (Self, Vec<u32>) {
        let codes = sample.values(column);
        let mut is_present = vec![false; column.n_values()];
        for code in codes.iter() {
            if let Some(present) = is_present.get_mut(code as usize) {
                *present = true;
            }
        }
        let mut values: Vec<(u32, u32)> = (0u32..).zip(column.ranks()).map(|(value, rank)| (rank, value)).collect();
        values.retain(|(_, value)| is_present.get(*value as usize).copied().unwrap_or(false));
        values.sort_unstable();
        let mut place_of = vec![0u32; column.n_values()];
        for (place, (_, value)) in (0u32..).zip(&values) {
            if let Some(target) = place_of.get_mut(*value as usize) {
                *target = place;
            }
        }
        let places = codes.iter().map(|code| place_of.get(code as usize).copied().unwrap_or(0)).collect();
        let attribute = Self {
            name: column.name().to_owned(),
            columns: vec![column],
            column_type: column.column_type(),
            is_type_assumed: column.is_type_assumed(),
            values: values.into_iter().map(|(_, value)| vec![value]).collect(),
        };
        (attribute, places)
    }

    /// The tuple of several columns, in the order of the first, then the second, …
    pub(super) fn of_columns(
        sample: &Sample<'t>,
        columns: &[&'t TableColumn],
    ) -> Result<(Self, Vec<u32>), AnonymityError> {
        let codes: Vec<Codes> = columns.iter().map(|column| sample.values(column)).collect();
        let classes = Classes::of(&codes)?;
        let ranks: Vec<Vec<u32>> = columns.iter().map(|column| column.ranks()).collect();
        let mut ordered = BTreeMap::new();
        for (class, row) in (0u32..).zip(classes.first_rows()) {
            let values: Vec<u32> = codes.iter().map(|codes| codes.at(*row as usize).unwrap_or(0)).collect();
            let rank = |(value, ranks): (&u32, &Vec<u32>)| ranks.get(*value as usize).copied().unwrap_or(0);
            let key: Vec<u32> = values.iter().zip(&ranks).map(rank).collect();
            ordered.insert(key, (class, values));
        }
        let mut place_of = vec![0u32; classes.n_classes()];
        for (place, (class, _)) in (0u32..).zip(ordered.values()) {
            if let Some(target) = place_of.get_mut(*class as usize) {
                *target = place;
            }
        }
        let places = classes.ids().iter().map(|class| place_of.get(*class as usize).copied().unwrap_or(0)).collect();
        let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
        let attribute = Self {
            name: names.join("+"),
            columns: columns.to_vec(),
            column_type: ColumnType::Categorical,
            is_type_assumed: false,
            values: ordered.into_values().map(|(_, values)| values).collect(),
        };
        Ok((attribute, places))
    }

    pub(super) const fn n_values(&self) -> usize {
        self.values.len()
    }

    /// The text of a value; of a tuple, its texts with `+` between.
    pub(super) fn label(&self, value: u32) -> String {
        let values = self.values.get(value as usize).map(Vec::as_slice).unwrap_or_default();
        let texts: Vec<&str> =
            self.columns.iter().zip(values).map(|(column, value)| column.text_of_value(*value)).collect();
        texts.join("+")
    }

    /// The number of a value of a single numeric column; `None` for a missing one.
    pub(super) fn number(&self, value: u32) -> Option<f64> {
        let (column, value) = (self.columns.first()?, self.values.get(value as usize)?.first()?);
        column.number(*value)
    }
}
