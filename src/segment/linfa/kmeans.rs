//! linfa's k-means.

#![expect(
    clippy::indexing_slicing,
    reason = "labels are below the number of centroids, which have one size and `width` sums each"
)]

use linfa::DatasetBase;
use linfa::traits::Fit as _;
use ndarray::ArrayView2;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256Plus;

use crate::segment::checks;
use crate::segment::kmeans::{KMeansModel, Labelled};
use crate::segment::numbering::{self, Numbered};
use crate::segment::table::Table;
use crate::segment::{Fit, FitContext, Round, SegmentError, SegmentId, Strategy};
use crate::warning::Warning;

/// Divides customers by the k-means of linfa, for comparison with [`KMeans`](crate::segment::KMeans).
///
/// It moves a centroid to the mean of its rows and of the old centroid, which is not quite Lloyd's iteration, and does
/// not place empty clusters anew. Segments are assigned by the nearest of linfa's centroids with our own distances,
/// numbered by falling size, ties by the lexicographically smaller centroid. An empty one gives a warning.
///
/// linfa does not tell its rounds, so the fit says 0. Whether it came to rest is found by one more of its steps. The
/// hook of the context is called once, after the fit.
///
/// # Complexity
/// `O(n_customers · n_segments · n_features)` a round.
///
/// # References
/// Pakhira: *A Modified k-means Algorithm to Avoid Empty Clusters*, International Journal of Recent Trends in
/// Engineering 1, 2009.
#[derive(Clone, Debug)]
#[must_use]
pub struct LinfaKMeans {
    n_segments: usize,
    restarts: usize,
    tolerance: f64,
    max_rounds: usize,
}

impl LinfaKMeans {
    /// Gives the strategy for so many segments, with linfa's defaults of the options below.
    ///
    /// # Errors
    /// [`SegmentError::SegmentCount`] outside 1 to 65,535.
    pub fn new(n_segments: usize) -> Result<Self, SegmentError> {
        checks::check_segment_count(n_segments)?;
        Ok(Self { n_segments, restarts: 10, tolerance: 1e-4, max_rounds: 300 })
    }

    /// Runs so many starts (`n_runs`), at least 1, and keeps the best. Default 10.
    pub fn with_restarts(mut self, restarts: usize) -> Self {
        self.restarts = restarts;
        self
    }

    /// Stops once the root of the sum of the squared shifts of the centroids is below `tolerance`, which is above 0.
    /// Default 1e-4.
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Stops a start after so many rounds (`max_n_iterations`), at least 1. Default 300.
    pub fn with_max_rounds(mut self, max_rounds: usize) -> Self {
        self.max_rounds = max_rounds;
        self
    }
}

impl Strategy for LinfaKMeans {
    fn name(&self) -> &str {
        "linfa-k-means"
    }

    fn fit(&self, x: ArrayView2<'_, f64>, context: &FitContext<'_>) -> Result<Fit, SegmentError> {
        let n = x.nrows();
        checks::check_matrix(x)?;
        checks::check_magnitude(x)?;
        checks::check_customers(n, self.n_segments)?;
        checks::check_distinct(x, self.n_segments)?;
        let rng = Xoshiro256Plus::seed_from_u64(context.seed());
        let fitted = linfa_clustering::KMeans::params_with_rng(self.n_segments, rng)
            .n_runs(self.restarts)
            .tolerance(self.tolerance)
            .max_n_iterations(self.max_rounds as u64)
            .fit(&DatasetBase::from(x))
            .map_err(super::refused::refused)?;

        let table = Table::new(x);
        let model = KMeansModel::new(fitted.centroids().clone())?;
        let labelled = numbering::by_falling_size(Labelled::new(&table, model));
        context.report(&Round::new(self.name(), 1, 1, n, labelled.inertia))?;

        let converged = next_shift(&table, &labelled) < self.tolerance;
        let mut warnings = vec![];
        if !converged {
            warnings.push(Warning::NotConverged { rounds: self.max_rounds });
        }
        // Counted from the labels: linfa's own `cluster_count` is that of its last run, not of its best.
        warnings.extend(numbering::empty_warning(&labelled.sizes()));
        let Labelled { model, labels, .. } = labelled;
        let labels = labels.into_iter().map(|label| Some(SegmentId(label))).collect();
        Ok(Fit { model: Box::new(model), labels, converged, rounds: 0, warnings })
    }
}

/// Gives how far linfa's next step would move the centroids.
fn next_shift(table: &Table<'_>, labelled: &Labelled<'_>) -> f64 {
    let width = table.width();
    let sizes = labelled.sizes();
    let mut sums: Vec<f64> = labelled.model.centroids().iter().copied().collect();
    for (row, &label) in table.rows().zip(&labelled.labels) {
        let sums = &mut sums[label as usize * width..][..width];
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    let centroids = labelled.model.centroids();
    let shifts = sums.iter().zip(&centroids).enumerate().map(|(i, (sum, centroid))| {
        let n = 1 + sizes[i / width];
        (sum / n as f64 - centroid).powi(2)
    });
    shifts.sum::<f64>().sqrt()
}
