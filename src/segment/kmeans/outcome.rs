//! What a k-means fit found.

use std::fmt;

use ndarray::ArrayView2;

use super::{KMeansModel, Labelled};
use crate::segment::numbering::{self, Numbered};
use crate::segment::{Fit, SegmentId};
use crate::warning::Warning;

/// Segments found by [`KMeans`](super::KMeans), with the figures that only k-means has.
///
/// # Privacy
/// Labels and centroids of few customers are personal data, so neither prints.
pub struct KMeansFit {
    model: KMeansModel,
    labels: Vec<u32>,
    sizes: Vec<u64>,
    inertia: f64,
    rounds: usize,
    converged: bool,
}

impl KMeansFit {
    pub(super) fn new(labelled: Labelled<'_>, rounds: usize, converged: bool) -> Self {
        let sizes = labelled.sizes();
        let Labelled { model, labels, inertia, .. } = labelled;
        Self { model, labels, sizes, inertia, rounds, converged }
    }

    /// Gives the model that assigns new customers.
    pub fn model(&self) -> &KMeansModel {
        &self.model
    }

    /// Gives the centroids, `(n_segments, n_features)`.
    pub fn centroids(&self) -> ArrayView2<'_, f64> {
        self.model.centroids()
    }

    /// Gives the segment of every row: the nearest of exactly these centroids, of equally near ones the lowest.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Gives the number of rows of each segment, counted from the labels.
    pub fn sizes(&self) -> &[u64] {
        &self.sizes
    }

    /// Gives the sum of the squared distances of the rows to their centroids, for exactly these labels and centroids.
    pub fn inertia(&self) -> f64 {
        self.inertia
    }

    /// Gives the number of passes over all rows, each of which assigns them and moves the centroids.
    ///
    /// The confirming pass, in which nothing changes, counts. Of several starts these are the passes of the best; the
    /// assignments that give labels to the final centroids and their numbers do not count.
    pub fn rounds(&self) -> usize {
        self.rounds
    }

    /// Tells whether the run came to rest before its round limit.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// Gives what the reader should know about the fit.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = vec![];
        if !self.converged {
            warnings.push(Warning::NotConverged { rounds: self.rounds });
        }
        warnings.extend(numbering::empty_warning(&self.sizes));
        warnings
    }

    /// Gives what every strategy leaves behind.
    pub fn into_fit(self) -> Fit {
        let warnings = self.warnings();
        Fit {
            model: Box::new(self.model),
            labels: self.labels.into_iter().map(|label| Some(SegmentId(label))).collect(),
            converged: self.converged,
            rounds: self.rounds,
            warnings,
        }
    }
}

impl fmt::Debug for KMeansFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KMeansFit")
            .field("model", &self.model)
            .field("n_labels", &self.labels.len())
            .field("rounds", &self.rounds)
            .field("converged", &self.converged)
            .finish_non_exhaustive()
    }
}
