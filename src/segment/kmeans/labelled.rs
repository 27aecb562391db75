//! All rows, each with its nearest centroid.

use super::KMeansModel;
use crate::segment::numbering::{self, Numbered};
use crate::segment::table::Table;

/// A model with the labels it gives to the rows of a table.
pub(crate) struct Labelled<'a> {
    table: &'a Table<'a>,
    pub(crate) model: KMeansModel,
    pub(crate) labels: Vec<u32>,
    /// Sum of the squared distances of the rows to their centroids.
    pub(crate) inertia: f64,
}

impl<'a> Labelled<'a> {
    /// Takes labels that are those of the model.
    pub(super) fn known(table: &'a Table<'a>, model: KMeansModel, labels: Vec<u32>, inertia: f64) -> Self {
        Self { table, model, labels, inertia }
    }

    /// Assigns every row of the table, which is as wide as the model.
    pub(crate) fn new(table: &'a Table<'a>, model: KMeansModel) -> Self {
        let chunk_rows = table.chunk_rows(1);
        let mut labels = vec![0; table.n_rows()];
        let mut parts = vec![0.0; table.n_chunks(chunk_rows)];
        table.for_each_chunk(chunk_rows, &mut labels, &mut parts, |rows, labels, inertia| {
            for (row, label) in rows.chunks_exact(table.width()).zip(labels) {
                let (nearest, distance) = model.packed().nearest(row);
                *label = nearest;
                *inertia += distance;
            }
        });
        Self { table, model, labels, inertia: parts.iter().sum() }
    }
}

impl Numbered for Labelled<'_> {
    fn sizes(&self) -> Vec<u64> {
        numbering::count(&self.labels, self.model.n_centroids())
    }

    fn centre(&self, segment: usize) -> &[f64] {
        self.model.centroid(segment)
    }

    fn reorder(self, order: &[usize]) -> Self {
        Self::new(self.table, self.model.reordered(order))
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::segment::SegmentError;

    #[test]
    fn a_row_between_two_centroids_follows_the_new_numbers() -> Result<(), SegmentError> {
        // Row 0 is as far from -1 as from 1; it counts for the lower number, before and after renumbering.
        let x = array![[0.0], [1.0], [-1.0], [-1.0], [-1.0]];
        let table = Table::new(x.view());
        let labelled = Labelled::new(&table, KMeansModel::new(array![[1.0], [-1.0]])?);
        assert_eq!(labelled.labels, [0, 0, 1, 1, 1]);
        let numbered = numbering::by_falling_size(labelled);
        assert_eq!(numbered.labels, [0, 1, 0, 0, 0]);
        assert_eq!(numbered.sizes(), [4, 1]);
        assert_eq!(numbered.inertia, 1.0);
        Ok(())
    }
}
