//! Classes of the rows that are measured.

use super::sample::Sample;
use crate::anonymity::{AnonymityError, Classes, Codes, TableColumn};

/// The classes of some columns.
pub(super) struct Grouping<'t> {
    pub(super) columns: Vec<&'t TableColumn>,
    pub(super) ids: Vec<u32>,
    pub(super) sizes: Vec<u32>,
    /// First rows of the classes in the table; classes are numbered by them.
    first_rows: Vec<u32>,
}

impl<'t> Grouping<'t> {
    pub(super) fn new(sample: &Sample<'t>, columns: Vec<&'t TableColumn>) -> Result<Self, AnonymityError> {
        let codes: Vec<Codes> = columns.iter().map(|column| sample.values(column)).collect();
        let classes = Classes::of(&codes)?;
        let first_rows = classes.first_rows().iter().map(|place| sample.row(*place)).collect();
        let (ids, sizes) = (classes.ids().to_vec(), classes.sizes().to_vec());
        Ok(Self { columns, ids, sizes, first_rows })
    }

    pub(super) const fn n_classes(&self) -> usize {
        self.sizes.len()
    }

    pub(super) fn first_row(&self, class: usize) -> u64 {
        self.first_rows.get(class).copied().map_or(0, u64::from)
    }

    pub(super) fn labels(&self, class: usize) -> Vec<String> {
        let row = self.first_row(class) as usize;
        self.columns.iter().map(|column| column.text_at(row).to_owned()).collect()
    }

    /// The smallest class, the first of several.
    pub(super) fn smallest(&self) -> usize {
        let smallest = self.sizes.iter().enumerate().min_by_key(|(_, size)| **size);
        smallest.map_or(0, |(class, _)| class)
    }
}
