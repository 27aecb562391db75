//! Rows in memory order, cut into chunks that do not depend on the number of threads.

#![expect(clippy::indexing_slicing, reason = "callers give rows below `n_rows`, and the values are whole rows")]

use std::borrow::Cow;

use ndarray::ArrayView2;
use rayon::prelude::*;

/// Scaled features, row after row.
pub(crate) struct Table<'a> {
    values: Cow<'a, [f64]>,
    width: usize,
}

impl<'a> Table<'a> {
    /// Takes a matrix with at least one column; one that is not row-major is copied.
    pub(crate) fn new(x: ArrayView2<'a, f64>) -> Self {
        let width = x.ncols().max(1);
        let values = match x.to_slice() {
            Some(values) => Cow::Borrowed(values),
            None => Cow::Owned(x.iter().copied().collect()),
        };
        Self { values, width }
    }

    /// Takes values row after row.
    pub(crate) fn from_rows(values: Vec<f64>, width: usize) -> Table<'static> {
        Table { values: Cow::Owned(values), width: width.max(1) }
    }

    /// Gives the number of rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.values.len() / self.width
    }

    /// Gives the number of columns.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Gives a row; its number is below [`n_rows`](Table::n_rows).
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..][..self.width]
    }

    /// Gives the rows in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    /// Gives the matrix.
    #[expect(clippy::expect_used, reason = "both ways to build a table give whole rows, so the shape fits")]
    pub(crate) fn view(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((self.n_rows(), self.width), &self.values).expect("whole rows")
    }

    /// Gives how many rows a chunk has if each chunk keeps `floats` numbers of its own.
    ///
    /// At most 64 chunks, fewer where their numbers would take much memory, and none of few rows.
    pub(crate) fn chunk_rows(&self, floats: usize) -> usize {
        let n_chunks = (MAX_FLOATS / floats.max(1)).clamp(1, MAX_CHUNKS);
        self.n_rows().div_ceil(n_chunks).max(MIN_CHUNK_ROWS)
    }

    /// Gives the number of chunks of so many rows.
    pub(crate) fn n_chunks(&self, chunk_rows: usize) -> usize {
        self.n_rows().div_ceil(chunk_rows.max(1))
    }

    /// Tells whether the work on the rows is worth several threads.
    pub(crate) fn is_large(&self) -> bool {
        self.n_rows() >= PARALLEL_ROWS
    }

    /// Calls `work` for every chunk with its rows, its part of `per_row` and its own of `parts`.
    ///
    /// Which thread does which chunk, and whether there is more than one, is left open; results that are merged in
    /// the order of `parts` are the same in any case.
    pub(crate) fn for_each_chunk<R: Send, P: Send>(
        &self,
        chunk_rows: usize,
        per_row: &mut [R],
        parts: &mut [P],
        work: impl Fn(&[f64], &mut [R], &mut P) + Sync,
    ) {
        let floats = chunk_rows * self.width;
        if self.is_large() && rayon::current_num_threads() > 1 {
            let chunks = self.values.par_chunks(floats).zip(per_row.par_chunks_mut(chunk_rows)).zip(parts);
            chunks.for_each(|((rows, per_row), part)| work(rows, per_row, part));
        } else {
            let chunks = self.values.chunks(floats).zip(per_row.chunks_mut(chunk_rows)).zip(parts);
            chunks.for_each(|((rows, per_row), part)| work(rows, per_row, part));
        }
    }
}

const MAX_CHUNKS: usize = 64;
/// Numbers that all chunks together keep, 32 MiB.
const MAX_FLOATS: usize = 1 << 22;
const MIN_CHUNK_ROWS: usize = 256;
/// Below this many rows starting threads costs more than it saves.
const PARALLEL_ROWS: usize = 20_000;

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn a_transposed_matrix_is_read_by_rows() {
        let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let table = Table::new(x.t());
        assert_eq!(table.rows().collect::<Vec<_>>(), [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]);
        assert_eq!(table.row(1), [2.0, 5.0]);
        assert_eq!(table.view(), x.t());
    }

    #[test]
    fn chunks_depend_on_the_sizes_only() {
        let table = Table::from_rows(vec![0.0; 100_000], 1);
        assert_eq!(table.chunk_rows(64), 1_563);
        assert_eq!(table.chunk_rows(1 << 20), 25_000);
        assert_eq!(table.chunk_rows(usize::MAX), 100_000);
        assert_eq!(Table::from_rows(vec![0.0; 300], 1).chunk_rows(1), 256);
    }

    #[test]
    fn every_row_is_visited_once() {
        let n = 50_001;
        let x = Array2::from_shape_fn((n, 2), |(row, column)| (2 * row + column) as f64);
        let table = Table::new(x.view());
        let chunk_rows = table.chunk_rows(2);
        let (mut per_row, mut parts) = (vec![0.0; n], vec![0usize; table.n_chunks(chunk_rows)]);
        table.for_each_chunk(chunk_rows, &mut per_row, &mut parts, |rows, per_row, part| {
            for (row, out) in rows.chunks_exact(2).zip(per_row) {
                *out += row[1];
                *part += 1;
            }
        });
        assert_eq!(parts.iter().sum::<usize>(), n);
        assert!(per_row.iter().enumerate().all(|(row, &value)| value == (2 * row + 1) as f64));
    }
}
