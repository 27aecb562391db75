//! linfa's Gaussian mixture.

#![expect(clippy::indexing_slicing, reason = "an order is a permutation of the components")]

use linfa::DatasetBase;
use linfa::traits::Fit as _;
use linfa_clustering::GaussianMixtureModel;
use linfa_linalg::cholesky::Cholesky;
use ndarray::{ArrayView2, Axis};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256Plus;
use rayon::prelude::*;

use crate::segment::checks;
use crate::segment::numbering::{self, Numbered};
use crate::segment::table::Table;
use crate::segment::{Fit, FitContext, Model, Round, SegmentError, SegmentId, Strategy};

/// Divides customers by a mixture of Gaussian components with full covariances, fitted by linfa.
///
/// A customer belongs to the component with the largest weighted density. Densities are compared as logarithms, by
/// our own code: linfa's become 0, infinite or NaN for a row far from all components. Segments are numbered by falling
/// size, ties by the lexicographically smaller mean. An empty one gives a warning.
///
/// linfa tells neither its rounds nor a likelihood, so the fit says 0 rounds, and the hook of the context is called
/// once, after the fit. There is no option for restarts, since linfa 0.8.1 goes on from the same state instead.
///
/// # Complexity
/// `O(n_customers · n_segments · n_features²)` a round; memory `O(n_customers · n_segments)`.
///
/// # References
/// Dempster, Laird, Rubin: *Maximum Likelihood from Incomplete Data via the EM Algorithm*, Journal of the Royal
/// Statistical Society B 39, 1977.
#[derive(Clone, Debug)]
#[must_use]
pub struct LinfaMixture {
    n_segments: usize,
    tolerance: f64,
    regularisation: f64,
    max_rounds: usize,
}

impl LinfaMixture {
    /// Gives the strategy for so many segments, with linfa's defaults of the options below.
    ///
    /// # Errors
    /// [`SegmentError::SegmentCount`] outside 1 to 65,535.
    pub fn new(n_segments: usize) -> Result<Self, SegmentError> {
        checks::check_segment_count(n_segments)?;
        Ok(Self { n_segments, tolerance: 1e-3, regularisation: 1e-6, max_rounds: 100 })
    }

    /// Stops once the mean log-likelihood changes by less than `tolerance`, which is above 0. Default 1e-3.
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Adds `regularisation` to every variance, so that no component collapses. Default 1e-6.
    pub fn with_regularisation(mut self, regularisation: f64) -> Self {
        self.regularisation = regularisation;
        self
    }

    /// Allows so many rounds (`max_n_iterations`), at least 1. Default 100; not at rest by then is linfa's error.
    pub fn with_max_rounds(mut self, max_rounds: usize) -> Self {
        self.max_rounds = max_rounds;
        self
    }
}

impl Strategy for LinfaMixture {
    fn name(&self) -> &str {
        "linfa-mixture"
    }

    fn fit(&self, x: ArrayView2<'_, f64>, context: &FitContext<'_>) -> Result<Fit, SegmentError> {
        let n = x.nrows();
        checks::check_matrix(x)?;
        checks::check_magnitude(x)?;
        checks::check_customers(n, self.n_segments)?;
        checks::check_distinct(x, self.n_segments)?;
        let rng = Xoshiro256Plus::seed_from_u64(context.seed());
        let fitted = GaussianMixtureModel::params_with_rng(self.n_segments, rng)
            .tolerance(self.tolerance)
            .reg_covariance(self.regularisation)
            .max_n_iterations(self.max_rounds as u64)
            .fit(&DatasetBase::from(x))
            .map_err(super::refused::refused)?;
        context.report(&Round::new(self.name(), 1, 1, n, f64::NAN))?;

        let table = Table::new(x);
        let assigned = numbering::by_falling_size(Assigned::new(&table, Components::new(&fitted)?));
        let warnings = numbering::empty_warning(&assigned.sizes()).into_iter().collect();
        let labels = assigned.labels.into_iter().map(|label| Some(SegmentId(label))).collect();
        let model = Box::new(assigned.components);
        Ok(Fit { model, labels, converged: true, rounds: 0, warnings })
    }
}

/// Components of a mixture, ready for the densities of rows.
struct Components {
    components: Vec<Component>,
    width: usize,
}

#[derive(Clone)]
struct Component {
    mean: Vec<f64>,
    /// The lower triangle of the Cholesky factor of the covariance, row after row of 1, 2, … numbers.
    factor: Vec<f64>,
    /// Logarithm of the weight, less half that of the determinant. The power of 2π is the same for all components.
    log_scale: f64,
}

impl Components {
    fn new(fitted: &GaussianMixtureModel<f64>) -> Result<Self, SegmentError> {
        let parameters =
            fitted.weights().iter().zip(fitted.means().rows()).zip(fitted.covariances().axis_iter(Axis(0)));
        let component = |((weight, mean), covariance): ((&f64, ndarray::ArrayView1<'_, f64>), ArrayView2<'_, f64>)| {
            let lower = covariance.cholesky().map_err(super::refused::refused)?;
            let factor = lower.rows().into_iter().enumerate();
            let factor = factor.flat_map(|(i, row)| row.iter().copied().take(i + 1).collect::<Vec<f64>>()).collect();
            let half_log_determinant: f64 = lower.diag().iter().map(|value| value.ln()).sum();
            Ok(Component { mean: mean.to_vec(), factor, log_scale: weight.ln() - half_log_determinant })
        };
        let components = parameters.map(component).collect::<Result<Vec<_>, SegmentError>>()?;
        Ok(Self { components, width: fitted.means().ncols() })
    }

    /// Gives the component with the largest weighted log-density, the first of equals.
    fn likeliest(&self, row: &[f64], scratch: &mut Vec<f64>) -> u32 {
        let (mut best, mut largest) = (0, f64::NEG_INFINITY);
        for (component, index) in self.components.iter().zip(0..) {
            let log_density = component.log_density(row, scratch);
            if log_density > largest {
                (best, largest) = (index, log_density);
            }
        }
        best
    }

    fn assign_finite(&self, table: &Table<'_>) -> Vec<u32> {
        let rows = (0..table.n_rows()).into_par_iter();
        rows.map_init(Vec::new, |scratch, row| self.likeliest(table.row(row), scratch)).collect()
    }
}

impl Component {
    /// Gives the logarithm of the weighted density, but for a constant that all components share.
    fn log_density(&self, row: &[f64], solved: &mut Vec<f64>) -> f64 {
        // Forward substitution: L y = x - mean, and |y|² is the squared Mahalanobis distance.
        solved.clear();
        let mut squares = 0.0;
        let mut rest = self.factor.as_slice();
        for (i, (&x, &mean)) in row.iter().zip(&self.mean).enumerate() {
            let Some((factors, next)) = rest.split_at_checked(i + 1) else { break };
            rest = next;
            let known: f64 = factors.iter().zip(solved.iter()).map(|(factor, y)| factor * y).sum();
            let y = (x - mean - known) / factors.last().copied().unwrap_or(1.0);
            squares += y * y;
            solved.push(y);
        }
        self.log_scale - 0.5 * squares
    }
}

impl Model for Components {
    fn n_segments(&self) -> usize {
        self.components.len()
    }

    fn assign(&self, rows: ArrayView2<'_, f64>) -> Vec<Option<SegmentId>> {
        if rows.ncols() != self.width {
            return vec![None; rows.nrows()];
        }
        let table = Table::new(rows);
        let assigned = self.assign_finite(&table);
        let is_finite = |row: &[f64]| row.iter().all(|value| value.is_finite());
        table.rows().zip(assigned).map(|(row, segment)| is_finite(row).then_some(SegmentId(segment))).collect()
    }
}

/// All rows, each with its component.
struct Assigned<'a> {
    table: &'a Table<'a>,
    components: Components,
    labels: Vec<u32>,
}

impl<'a> Assigned<'a> {
    fn new(table: &'a Table<'a>, components: Components) -> Self {
        Self { table, labels: components.assign_finite(table), components }
    }
}

impl Numbered for Assigned<'_> {
    fn sizes(&self) -> Vec<u64> {
        numbering::count(&self.labels, self.components.components.len())
    }

    fn centre(&self, segment: usize) -> &[f64] {
        self.components.components.get(segment).map_or(&[], |component| &component.mean)
    }

    fn reorder(self, order: &[usize]) -> Self {
        let components = order.iter().map(|&old| self.components.components[old].clone()).collect();
        Self::new(self.table, Components { components, width: self.components.width })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_density_is_that_of_the_formula() {
        // Covariance [[4, 2], [2, 5]] has the factor [[2, 0], [1, 2]] and the determinant 16.
        let component = Component { mean: vec![1.0, -1.0], factor: vec![2.0, 1.0, 2.0], log_scale: 0.5 - 4.0f64.ln() };
        // Differences (2, 3): y = (1, 1).
        let found = component.log_density(&[3.0, 2.0], &mut vec![]);
        assert!((found - (0.5 - 4.0f64.ln() - 1.0)).abs() < 1e-15);
    }
}
