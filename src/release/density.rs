//! Where the customers lie, in hexagons of at least k of them.

use std::collections::BTreeMap;

use linfa_linalg::eigh::{EigSort, Eigh};
use ndarray::Array2;

use crate::feature::Features;
use crate::segment::SegmentId;

/// Customers on the first two principal components of the scaled features, counted in hexagons.
///
/// # Privacy
/// A hexagon is listed only if at least k customers are in it; how many is told in five steps, not exactly.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Density {
    /// The two axes.
    pub axes: [Axis; 2],
    /// Distance from the centre of a hexagon to its corners, in units of the axes; the corners point up and down.
    pub radius: f64,
    /// The hexagons by row, then column.
    pub bins: Vec<Bin>,
    /// Share of the customers who are in no listed hexagon; `None` if these are between 1 and k - 1.
    pub share_left_out: Option<f64>,
}

/// One principal component.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Axis {
    /// Its share of the variance, 0 to 1.
    pub explained: f64,
    /// The weight of every feature, in the order of the features; the largest is positive.
    pub loadings: Vec<f64>,
}

/// One hexagon.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Bin {
    /// Centre on the first axis.
    pub x: f64,
    /// Centre on the second axis.
    pub y: f64,
    /// How many customers, from 1 (few) to 5 (most).
    pub step: u8,
    /// The segment most of them are in, if it is shown and holds at least k of them.
    pub segment: Option<SegmentId>,
}

impl Density {
    /// Counts the customers in hexagons; `None` without two features that vary.
    pub(super) fn of(features: &Features, labels: &[Option<SegmentId>], hidden: &[usize], k: u64) -> Option<Self> {
        let (axes, scores) = principal_components(&features.x)?;
        let spread = scores.iter().map(|[x, _]| x * x).sum::<f64>() / scores.len() as f64;
        // The width is a share of the spread, not of the range: the range would tell where the farthest customer is.
        let radius = spread.sqrt() * WIDTH_OF_BIN / 3f64.sqrt();
        if !(radius.is_finite() && radius > 0.0) {
            return None;
        }
        let mut counts: BTreeMap<(i64, i64), BTreeMap<Option<SegmentId>, u64>> = BTreeMap::new();
        // `hidden` is ascending.
        for ([x, y], label) in scores.iter().zip(labels) {
            let label = label.filter(|segment| hidden.binary_search(&segment.index()).is_err());
            *counts.entry(hexagon(*x, *y, radius)).or_default().entry(label).or_insert(0) += 1;
        }
        let size = |bin: &BTreeMap<Option<SegmentId>, u64>| bin.values().sum::<u64>();
        let most = counts.values().map(size).max().unwrap_or(0);
        let listed: Vec<_> = counts.iter().filter(|(_, bin)| size(bin) >= k).collect();
        let left_out = labels.len() as u64 - listed.iter().map(|(_, bin)| size(bin)).sum::<u64>();
        let bins = listed
            .into_iter()
            .map(|((row, column), bin)| {
                let (x, y) = centre(*row, *column, radius);
                let largest = bin.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
                let segment = largest.and_then(|(label, n)| label.filter(|_| *n >= k));
                Bin { x, y, step: step(size(bin), k, most), segment }
            })
            .collect();
        let share = left_out as f64 / labels.len() as f64;
        Some(Self { axes, radius, bins, share_left_out: (left_out == 0 || left_out >= k).then_some(share) })
    }
}

/// How many of five equal steps on a logarithmic scale from `k` to `most` the count has reached.
fn step(count: u64, k: u64, most: u64) -> u8 {
    let range = (most as f64 / k as f64).ln();
    if range <= 0.0 {
        return 5;
    }
    // Between 0 and 5.
    1 + ((count as f64 / k as f64).ln() / range * 5.0).floor().clamp(0.0, 4.0) as u8
}

/// Row and column of the hexagon that holds a point; corners point up and down, odd rows are shifted by half a width.
fn hexagon(x: f64, y: f64, radius: f64) -> (i64, i64) {
    let guess = (y / (1.5 * radius)).round() as i64;
    let nearest = |row: i64| {
        let width = 3f64.sqrt() * radius;
        let shift = if row.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
        let column = (x / width - shift).round() as i64;
        let (cx, cy) = centre(row, column, radius);
        ((x - cx) * (x - cx) + (y - cy) * (y - cy), (row, column))
    };
    // The nearest centre lies in the nearest row or one beside it.
    [nearest(guess - 1), nearest(guess), nearest(guess + 1)]
        .into_iter()
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map_or((0, 0), |(_, place)| place)
}

fn centre(row: i64, column: i64, radius: f64) -> (f64, f64) {
    let shift = if row.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
    ((column as f64 + shift) * 3f64.sqrt() * radius, row as f64 * 1.5 * radius)
}

/// The first two principal components and the place of every customer on them.
///
/// # References
/// Pearson: *On lines and planes of closest fit to systems of points in space*, 1901.
fn principal_components(x: &Array2<f64>) -> Option<([Axis; 2], Vec<[f64; 2]>)> {
    let (n, d) = x.dim();
    if n < 2 || d < 2 {
        return None;
    }
    let means = x.mean_axis(ndarray::Axis(0))?;
    let centred = x - &means;
    let covariance = centred.t().dot(&centred) / (n - 1) as f64;
    if !covariance.iter().all(|value| value.is_finite()) {
        return None;
    }
    let (values, vectors) = covariance.eigh().ok()?.sort_eig_desc();
    let total: f64 = values.iter().filter(|value| **value > 0.0).sum();
    let axis = |place: usize| -> Option<Axis> {
        let mut loadings: Vec<f64> = vectors.column(place).to_vec();
        let largest = loadings.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
        if largest < 0.0 {
            loadings.iter_mut().for_each(|loading| *loading = -*loading);
        }
        Some(Axis { explained: values.get(place)?.max(0.0) / total, loadings })
    };
    let axes = [axis(0)?, axis(1)?];
    if !axes.iter().all(|axis| axis.explained.is_finite()) {
        return None;
    }
    let on = |row: ndarray::ArrayView1<'_, f64>, axis: &Axis| {
        row.iter().zip(&axis.loadings).map(|(x, l)| x * l).sum::<f64>()
    };
    let scores = centred.rows().into_iter().map(|row| [on(row, &axes[0]), on(row, &axes[1])]).collect();
    Some((axes, scores))
}

/// Width of a hexagon in standard deviations of the first axis.
const WIDTH_OF_BIN: f64 = 0.3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_within_a_radius_of_the_centre_of_its_hexagon() {
        for i in 0..2000 {
            let (x, y) = ((f64::from(i) * 0.37).sin() * 5.0, (f64::from(i) * 0.11).cos() * 5.0);
            let (row, column) = hexagon(x, y, 0.4);
            let (cx, cy) = centre(row, column, 0.4);
            assert!(((x - cx).powi(2) + (y - cy).powi(2)).sqrt() <= 0.4 + 1e-12);
        }
    }

    #[test]
    fn steps_run_from_one_to_five() {
        assert_eq!((step(20, 20, 500), step(500, 20, 500), step(20, 20, 20)), (1, 5, 5));
    }
}
