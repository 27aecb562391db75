//! What must hold before a strategy starts, and what must hold of its answer.

use std::collections::HashSet;

use ndarray::ArrayView2;

use super::{Fit, SegmentError};

/// The most segments a strategy builds.
pub(crate) const MAX_SEGMENTS: usize = 65_535;

/// Checks that the number of segments is one that can be built.
///
/// # Errors
/// [`SegmentError::SegmentCount`] outside 1 to [`MAX_SEGMENTS`].
pub(crate) fn check_segment_count(n_segments: usize) -> Result<(), SegmentError> {
    if (1..=MAX_SEGMENTS).contains(&n_segments) {
        Ok(())
    } else {
        Err(SegmentError::SegmentCount { n_segments, max: MAX_SEGMENTS })
    }
}

/// Checks that there is a row, a column and nothing that is not finite.
///
/// # Errors
/// [`SegmentError::Empty`]; [`SegmentError::NotFinite`] with the first such row and its first such column.
///
/// # Complexity
/// One pass over `x`.
pub(crate) fn check_matrix(x: ArrayView2<'_, f64>) -> Result<(), SegmentError> {
    let (n, d) = x.dim();
    if n == 0 || d == 0 {
        return Err(SegmentError::Empty { n, d });
    }
    if all_within(x, f64::MAX) {
        return Ok(());
    }
    match x.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((row, column), _)) => Err(SegmentError::NotFinite { row, column }),
        None => Ok(()),
    }
}

/// Checks that squared distances cannot overflow, whatever the number of rows.
///
/// # Errors
/// [`SegmentError::Setting`] if a value is beyond 1e140 in size.
pub(crate) fn check_magnitude(x: ArrayView2<'_, f64>) -> Result<(), SegmentError> {
    if all_within(x, LARGEST) {
        Ok(())
    } else {
        Err(SegmentError::Setting { setting: "features", allowed: "values lie within -1e140 and 1e140; scale them" })
    }
}

/// Checks that every segment can have a customer.
///
/// # Errors
/// [`SegmentError::TooFewCustomers`].
pub(crate) fn check_customers(n: usize, n_segments: usize) -> Result<(), SegmentError> {
    if n < n_segments { Err(SegmentError::TooFewCustomers { n, n_segments, minimum: 1 }) } else { Ok(()) }
}

/// Checks that every segment can have a customer that differs from those of the others.
///
/// # Errors
/// [`SegmentError::TooFewDistinct`].
///
/// # Complexity
/// As [`count_distinct`].
pub(crate) fn check_distinct(x: ArrayView2<'_, f64>, n_segments: usize) -> Result<(), SegmentError> {
    let distinct = count_distinct(x, n_segments);
    if distinct < n_segments { Err(SegmentError::TooFewDistinct { distinct, n_segments }) } else { Ok(()) }
}

/// Gives the number of different rows, or `bound` if there are at least so many.
///
/// # Complexity
/// Stops at the `bound`-th different row: `O(bound · d)` on data without repeats, `O(n · d)` at worst.
pub(crate) fn count_distinct(x: ArrayView2<'_, f64>, bound: usize) -> usize {
    let mut seen: HashSet<Vec<u64>> = HashSet::new();
    let mut bits = Vec::with_capacity(x.ncols());
    for row in x.rows() {
        if seen.len() >= bound {
            break;
        }
        bits.clear();
        // Adding 0 turns -0 into 0, so that equal values have equal bits.
        bits.extend(row.iter().map(|value| (value + 0.0).to_bits()));
        if !seen.contains(&bits) {
            seen.insert(bits.clone());
        }
    }
    seen.len()
}

/// Checks the answer of a strategy that is not ours.
///
/// # Errors
/// [`SegmentError::BadFit`] if the labels are too few or too many, or name a segment that the model does not know.
pub(crate) fn check_fit(strategy_name: &str, fit: &Fit, n: usize) -> Result<(), SegmentError> {
    let n_segments = fit.model.n_segments();
    let what = if n_segments == 0 {
        "its model knows no segment"
    } else if n_segments > MAX_SEGMENTS {
        "its model knows more segments than can be counted"
    } else if fit.labels.len() != n {
        "it did not give one label for each row"
    } else if fit.labels.iter().flatten().any(|segment| segment.index() >= n_segments) {
        "a label names a segment that its model does not know"
    } else {
        return Ok(());
    };
    Err(SegmentError::BadFit { strategy: strategy_name.to_owned(), what })
}

/// Tells whether all values are at most `limit` in size; NaN is not.
fn all_within(x: ArrayView2<'_, f64>, limit: f64) -> bool {
    // Blocks without an early exit inside, so that the compiler vectorises them.
    match x.as_slice_memory_order() {
        Some(values) => {
            values.chunks(1024).all(|block| block.iter().fold(true, |within, value| within & (value.abs() <= limit)))
        }
        None => x.iter().all(|value| value.abs() <= limit),
    }
}

/// Its square times 1e28 values is still finite.
const LARGEST: f64 = 1e140;

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::super::{KMeansModel, SegmentId};
    use super::*;

    #[test]
    fn the_first_value_that_is_not_finite_is_named_by_row_then_column() {
        let mut x = Array2::zeros((5, 3));
        x[[3, 0]] = f64::INFINITY;
        x[[2, 1]] = f64::NAN;
        x[[2, 2]] = f64::NAN;
        let expected = Err(SegmentError::NotFinite { row: 2, column: 1 });
        assert_eq!(check_matrix(x.view()), expected);
        // Column-major memory does not change which one is first.
        assert_eq!(check_matrix(x.t().to_owned().t()), expected);
    }

    #[test]
    fn a_matrix_without_rows_or_columns_is_empty() {
        assert_eq!(check_matrix(Array2::zeros((0, 3)).view()), Err(SegmentError::Empty { n: 0, d: 3 }));
        assert_eq!(check_matrix(Array2::zeros((3, 0)).view()), Err(SegmentError::Empty { n: 3, d: 0 }));
    }

    #[test]
    fn distinct_rows_are_counted_up_to_the_bound_and_zero_has_one_sign() {
        let x = array![[0.0, 1.0], [-0.0, 1.0], [2.0, 1.0], [0.0, 1.0], [3.0, 3.0]];
        assert_eq!(count_distinct(x.view(), 9), 3);
        assert_eq!(count_distinct(x.view(), 2), 2);
    }

    #[test]
    fn a_fit_with_a_wrong_label_or_length_breaks_the_contract() -> Result<(), SegmentError> {
        let fit_of = |labels: Vec<Option<SegmentId>>| -> Result<Fit, SegmentError> {
            let model = Box::new(KMeansModel::new(array![[0.0], [1.0]])?);
            Ok(Fit { model, labels, converged: true, rounds: 1, warnings: vec![] })
        };
        assert!(check_fit("mine", &fit_of(vec![Some(SegmentId(1)), None])?, 2).is_ok());
        for bad in [vec![Some(SegmentId(2)), None], vec![None]] {
            assert!(matches!(check_fit("mine", &fit_of(bad)?, 2), Err(SegmentError::BadFit { .. })));
        }
        Ok(())
    }
}
