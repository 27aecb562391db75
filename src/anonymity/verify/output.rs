//! The bytes that would be written.

use std::fmt;

use crate::anonymity::{Role, Solution};

/// A table as it would be written: CSV with a header, not yet verified.
///
/// Only the released rows, in the order of the input; identifiers are left out.
///
/// # Privacy
/// Not to be handed to anybody before [`Solution::verify`]; `Debug` shows its size.
#[derive(Clone, PartialEq, Eq)]
pub struct Output {
    pub(super) bytes: Vec<u8>,
    pub(super) separator: u8,
}

impl Output {
    /// Takes bytes from elsewhere, for instance a file that was written before.
    pub const fn from_bytes(bytes: Vec<u8>, separator: u8) -> Self {
        Self { bytes, separator }
    }

    /// Gives the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Solution<'_> {
    /// Writes the released rows as CSV in memory.
    ///
    /// # Complexity
    /// `O(cells)`.
    pub fn render(&self, separator: u8) -> Output {
        let columns = self.table.columns();
        let kept: Vec<usize> = (0..columns.len())
            .filter(|place| columns.get(*place).is_some_and(|column| column.role() != Role::Identifier))
            .collect();
        let recoded: Vec<Option<usize>> =
            kept.iter().map(|place| self.recoding.columns.iter().position(|column| column.place == *place)).collect();
        let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        // Writing to memory does not fail; if it did, the verifier would miss the rows.
        let header = kept.iter().filter_map(|place| columns.get(*place)).map(|column| column.name());
        let _ = writer.write_record(header);
        for row in 0..self.table.n_rows() {
            let is_in = self.recoding.is_in.as_ref().is_none_or(|is_in| is_in.get(row).copied().unwrap_or(false));
            if !is_in {
                continue;
            }
            let cells = kept.iter().zip(&recoded).map(|(place, recoded)| match recoded {
                Some(column) => self.recoding.text(*column, row),
                None => columns.get(*place).map_or("", |column| column.text_at(row)),
            });
            let _ = writer.write_record(cells);
        }
        Output { bytes: writer.into_inner().unwrap_or_default(), separator }
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Output({} bytes)", self.bytes.len())
    }
}
