//! The centroids, and who is nearest to which.

#![expect(clippy::indexing_slicing, reason = "segments come from the numbering of this model, which holds whole rows")]

use std::fmt;

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::packed::{LANES, Packed};
use crate::segment::checks;
use crate::segment::table::Table;
use crate::segment::{Model, SegmentError, SegmentId};

/// Centroids that assign every customer to the nearest one.
///
/// Nearest by squared Euclidean distance, of equally near ones the lowest number.
///
/// # Privacy
/// A centroid of few customers is personal data, so none prints.
#[derive(Clone)]
pub struct KMeansModel {
    /// Row after row.
    centroids: Vec<f64>,
    packed: Packed,
    width: usize,
}

/// The nearest centroid of a row and the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Nearest {
    /// Segment of the nearest centroid.
    pub segment: SegmentId,
    /// Squared distance to it.
    pub squared_distance: f64,
    /// Segment of the second nearest centroid and the squared distance to it; `None` if there is only one.
    pub runner_up: Option<(SegmentId, f64)>,
}

impl KMeansModel {
    /// Takes centroids, one in each row; segment `i` is row `i`.
    ///
    /// # Shapes
    /// `centroids`: `(n_segments, n_features)`, scaled like the rows that will be assigned.
    ///
    /// # Errors
    /// [`SegmentError::Empty`] without a row or a column; [`SegmentError::SegmentCount`] above 65,535 rows;
    /// [`SegmentError::NotFinite`] with the first offending row and column.
    ///
    /// # Examples
    /// ```
    /// use consentric::segment::{KMeansModel, SegmentError, SegmentId};
    /// use ndarray::array;
    ///
    /// let model = KMeansModel::new(array![[0.0, 0.0], [4.0, 4.0]])?;
    /// assert_eq!(model.assign_row(&[3.0, 3.5]), Some(SegmentId(1)));
    /// # Ok::<(), SegmentError>(())
    /// ```
    pub fn new(centroids: Array2<f64>) -> Result<Self, SegmentError> {
        checks::check_matrix(centroids.view())?;
        checks::check_segment_count(centroids.nrows())?;
        let width = centroids.ncols();
        Ok(Self::from_rows(centroids.iter().copied().collect(), width))
    }

    /// Takes centroids row after row.
    pub(crate) fn from_rows(centroids: Vec<f64>, width: usize) -> Self {
        Self { packed: Packed::new(&centroids, width), centroids, width: width.max(1) }
    }

    /// Gives the centroids, `(n_segments, n_features)`.
    #[expect(clippy::expect_used, reason = "every way to build a model gives whole rows, so the shape fits")]
    pub fn centroids(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((self.n_centroids(), self.width), &self.centroids).expect("whole rows")
    }

    /// Gives the segment of one row of scaled features, without allocating.
    ///
    /// `None` if the row has another width than the centroids or a value that is not finite.
    ///
    /// # Complexity
    /// `O(n_segments · n_features)`.
    #[inline]
    pub fn assign_row(&self, row: &[f64]) -> Option<SegmentId> {
        if row.len() != self.width || !row.iter().all(|value| value.is_finite()) {
            return None;
        }
        let (segment, distance) = self.packed.nearest(row);
        if distance == f64::INFINITY { self.assign_far(row) } else { Some(SegmentId(segment)) }
    }

    /// Gives the nearest and the second nearest centroid of one row, with their distances.
    ///
    /// `None` where [`assign_row`](KMeansModel::assign_row) gives it. A distance is infinite if its square overflows.
    ///
    /// # Complexity
    /// `O(n_segments · n_features)`.
    pub fn nearest(&self, row: &[f64]) -> Option<Nearest> {
        let first = self.assign_row(row)?;
        let distances = || self.packed.distances(row).flatten().take(self.n_centroids()).zip(0..);
        let squared_distance = distances().nth(first.index()).map_or(f64::INFINITY, |(distance, _)| distance);
        let runner_up = distances()
            .filter(|&(_, segment)| segment != first.0)
            .reduce(|best, next| if next.0 < best.0 { next } else { best })
            .map(|(distance, segment)| (SegmentId(segment), distance));
        Some(Nearest { segment: first, squared_distance, runner_up })
    }

    /// Gives the number of centroids.
    pub(crate) fn n_centroids(&self) -> usize {
        self.centroids.len() / self.width
    }

    /// Gives a centroid; its number is below [`n_centroids`](KMeansModel::n_centroids).
    pub(crate) fn centroid(&self, segment: usize) -> &[f64] {
        &self.centroids[segment * self.width..][..self.width]
    }

    /// Gives the model in which centroid `order[i]` has the number `i`.
    pub(crate) fn reordered(&self, order: &[usize]) -> Self {
        Self::from_rows(order.iter().flat_map(|&old| self.centroid(old)).copied().collect(), self.width)
    }

    pub(crate) fn packed(&self) -> &Packed {
        &self.packed
    }

    /// Assigns a row so far away that the squares of its distances overflow.
    #[cold]
    fn assign_far(&self, row: &[f64]) -> Option<SegmentId> {
        let shrunk = |values: &[f64]| values.iter().map(|value| value * SHRINK).collect::<Vec<f64>>();
        let (segment, _) = Packed::new(&shrunk(&self.centroids), self.width).nearest(&shrunk(row));
        Some(SegmentId(segment))
    }
}

impl Model for KMeansModel {
    fn n_segments(&self) -> usize {
        self.n_centroids()
    }

    fn assign(&self, rows: ArrayView2<'_, f64>) -> Vec<Option<SegmentId>> {
        if rows.ncols() != self.width {
            return vec![None; rows.nrows()];
        }
        let table = Table::new(rows);
        if table.is_large() {
            (0..table.n_rows()).into_par_iter().map(|row| self.assign_row(table.row(row))).collect()
        } else {
            table.rows().map(|row| self.assign_row(row)).collect()
        }
    }

    fn centroids(&self) -> Option<ArrayView2<'_, f64>> {
        Some(self.centroids())
    }
}

impl fmt::Debug for KMeansModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KMeansModel")
            .field("n_segments", &self.n_centroids())
            .field("n_features", &self.width)
            .finish_non_exhaustive()
    }
}

/// 2^-540: the square of the largest number times this is still far below overflow.
const SHRINK: f64 = f64::from_bits((1023 - 540) << 52);

// The numbers of the lanes of the last block stay below 2^32.
const _: () = assert!(checks::MAX_SEGMENTS + LANES < u32::MAX as usize);

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn rows_that_cannot_be_compared_get_no_segment() -> Result<(), SegmentError> {
        let model = KMeansModel::new(array![[0.0, 0.0], [1.0, 1.0]])?;
        let rows = array![[f64::NAN, 0.0], [1.0, 2.0], [0.0, f64::INFINITY]];
        assert_eq!(model.assign(rows.view()), [None, Some(SegmentId(1)), None]);
        assert_eq!(model.assign(array![[1.0]].view()), [None]);
        assert_eq!(model.assign_row(&[1.0, 1.0, 1.0]), None);
        Ok(())
    }

    #[test]
    fn a_row_beyond_the_square_root_of_the_largest_number_still_finds_its_centroid() -> Result<(), SegmentError> {
        let model = KMeansModel::new(array![[0.0], [1e200], [-1e300]])?;
        // From the largest number, 0 and 1e200 are equally far in floating point.
        let rows = array![[9e199], [-1e308], [4e199], [f64::MAX]];
        assert_eq!(model.assign(rows.view()), [1, 2, 0, 0].map(|s| Some(SegmentId(s))));
        Ok(())
    }

    #[test]
    fn the_runner_up_is_the_second_nearest_with_ties_to_the_lower_number() -> Result<(), SegmentError> {
        let model = KMeansModel::new(array![[2.0], [0.0], [2.0], [9.0]])?;
        let found = model.nearest(&[1.5]);
        let runner_up = Some((SegmentId(2), 0.25));
        assert_eq!(found, Some(Nearest { segment: SegmentId(0), squared_distance: 0.25, runner_up }));
        assert_eq!(KMeansModel::new(array![[1.0]])?.nearest(&[0.0]).map(|found| found.runner_up), Some(None));
        Ok(())
    }
}
