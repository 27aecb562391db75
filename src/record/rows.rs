//! The caller's own structs as a table.

use std::io::{self, Read};

use serde::Serialize;

/// Writes structs as CSV text a batch at a time, so that they take the same way in as a file.
pub(super) struct RowsText<I> {
    rows: I,
    n_taken: u64,
    batch: Vec<u8>,
    at: usize,
    failed: Option<NotFlat>,
}

/// A row that is no struct of simple values.
#[derive(Debug, thiserror::Error)]
#[error("row is no flat struct")]
pub(super) struct NotFlat {
    /// From 0.
    pub(super) row: u64,
}

impl<I> RowsText<I>
where
    I: Iterator,
    I::Item: Serialize,
{
    pub(super) const fn new(rows: I) -> Self {
        Self { rows, n_taken: 0, batch: Vec::new(), at: 0, failed: None }
    }

    fn refill(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        batch.clear();
        self.at = 0;
        if self.n_taken == 0 {
            let Some(first) = self.rows.next() else { return };
            match with_header(&first) {
                Some(text) => batch = text,
                None => return self.failed = Some(NotFlat { row: 0 }),
            }
            self.n_taken = 1;
        }
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(batch);
        while writer.get_ref().len() < BATCH {
            let Some(row) = self.rows.next() else { break };
            // PRIVACY: the text of the error comes from the caller's `Serialize` and may quote a value; it stays here.
            if writer.serialize(row).is_err() {
                self.failed = Some(NotFlat { row: self.n_taken });
                break;
            }
            self.n_taken += 1;
        }
        match writer.into_inner() {
            Ok(batch) => self.batch = batch,
            Err(_) => self.failed = Some(NotFlat { row: self.n_taken }),
        }
    }
}

impl<I> Read for RowsText<I>
where
    I: Iterator,
    I::Item: Serialize,
{
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.batch.len() {
            // The rows before a bad one are read first, so that the first error is the first in the data.
            if let Some(failed) = self.failed.take() {
                return Err(io::Error::other(failed));
            }
            self.refill();
            if self.batch.is_empty()
                && let Some(failed) = self.failed.take()
            {
                return Err(io::Error::other(failed));
            }
        }
        let n = self.batch.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at += n;
        Ok(n)
    }
}

/// The names of the fields and the values of the first row; `None` for what has no field names, such as a tuple.
fn with_header(row: &impl Serialize) -> Option<Vec<u8>> {
    let written = |has_headers| {
        let mut writer = csv::WriterBuilder::new().has_headers(has_headers).from_writer(Vec::new());
        writer.serialize(row).ok()?;
        writer.into_inner().ok()
    };
    let (with, without) = (written(true)?, written(false)?);
    // Without field names the csv crate writes no header, and the first customer would be taken for one.
    (with != without).then_some(with)
}

const BATCH: usize = 1 << 16;
