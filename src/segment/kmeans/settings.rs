//! The k-means strategy and its settings.

use ndarray::ArrayView2;

use super::lloyd::Stop;
use super::starts::{Search, Starts};
use super::{KMeansFit, KMeansModel, Labelled};
use crate::segment::checks;
use crate::segment::numbering;
use crate::segment::table::Table;
use crate::segment::{Fit, FitContext, SegmentError, Strategy};

/// Divides customers into segments around their means.
///
/// Lloyd's iteration from greedy k-means++ seeds, repeated from several of them. The labels are a pure function of
/// features, settings and seed: the number of threads has no say. A cluster that runs empty is placed on the row
/// farthest from its centroid. Segments are numbered by falling size, ties by the lexicographically smaller centroid;
/// with [`with_start`](KMeans::with_start) they keep the numbers of the given centroids.
///
/// # Examples
/// ```
/// use consentric::segment::{FitContext, KMeans, SegmentError};
/// use ndarray::array;
///
/// let x = array![[0.1, 0.0], [5.0, 5.2], [0.0, 0.2], [0.2, 0.1], [5.1, 5.0]];
/// let fit = KMeans::new(2)?.fit_model(x.view(), &FitContext::new(42))?;
/// assert_eq!(fit.labels(), [0, 1, 0, 0, 1]);
/// assert_eq!(fit.sizes(), [3, 2]);
/// # Ok::<(), SegmentError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct KMeans {
    n_segments: usize,
    starts: Starts,
    tolerance: f64,
    max_rounds: usize,
    start: Option<Start>,
}

/// Given starting centroids, row after row.
#[derive(Clone)]
struct Start {
    values: Vec<f64>,
    rows: usize,
    columns: usize,
}

impl KMeans {
    /// Gives the strategy for so many segments, with the defaults of the options below.
    ///
    /// # Errors
    /// [`SegmentError::SegmentCount`] outside 1 to 65,535.
    pub fn new(n_segments: usize) -> Result<Self, SegmentError> {
        checks::check_segment_count(n_segments)?;
        let starts = Starts::UntilAgreed;
        Ok(Self { n_segments, starts, tolerance: 1e-4, max_rounds: 300, start: None })
    }

    /// Runs exactly `restarts` starts, at least 1, and keeps the one with the lowest inertia.
    ///
    /// Default: up to 64, fewer once 8 of them lie within a ten-thousandth of the best. Above 50,000 rows the starts
    /// run on a sample of 50,000, and all rows are used from the best centroids on.
    pub fn with_restarts(mut self, restarts: usize) -> Self {
        self.starts = Starts::Fixed(restarts);
        self
    }

    /// Stops once the squared shifts of the centroids sum up to `tolerance` times the mean variance of the features.
    ///
    /// Default 1e-4; 0 runs until the labels stand.
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Stops after so many rounds, at least 1, whether at rest or not. Default 300.
    pub fn with_max_rounds(mut self, max_rounds: usize) -> Self {
        self.max_rounds = max_rounds;
        self
    }

    /// Starts once, from these centroids, and keeps their numbers. Default: seeded starts.
    ///
    /// # Shapes
    /// `centroids`: `(n_segments, n_features)`, finite, scaled like the features.
    pub fn with_start(mut self, centroids: ArrayView2<'_, f64>) -> Self {
        let (rows, columns) = centroids.dim();
        self.start = Some(Start { values: centroids.iter().copied().collect(), rows, columns });
        self
    }

    /// Gives the number of segments.
    pub fn n_segments(&self) -> usize {
        self.n_segments
    }

    /// Fits the strategy and gives more than [`Strategy::fit`]: centroids, sizes and inertia.
    ///
    /// # Shapes
    /// `x`: `(n_customers, n_features)`, finite, already scaled. Row-major is used in place, any other layout is
    /// copied once.
    ///
    /// # Errors
    /// [`SegmentError::Setting`] for an option out of its range or values beyond 1e140;
    /// [`SegmentError::Empty`] without a row or a column;
    /// [`SegmentError::NotFinite`] with the first offending row and column;
    /// [`SegmentError::TooFewCustomers`] with fewer rows than segments;
    /// [`SegmentError::TooFewDistinct`] with fewer different rows than segments;
    /// [`SegmentError::Start`] if given centroids do not fit;
    /// [`SegmentError::Stopped`] if the hook of the context asks for it.
    /// Not coming to rest is no error; see [`KMeansFit::converged`].
    ///
    /// # Complexity
    /// `O(n_customers · n_segments · n_features)` a round; memory 4 bytes a customer for each start that runs at the
    /// same time, 8 more while seeding, and at most 32 MiB of sums.
    ///
    /// # References
    /// Lloyd: *Least squares quantization in PCM*, IEEE Transactions on Information Theory 28, 1982.
    /// Arthur, Vassilvitskii: *k-means++: The Advantages of Careful Seeding*, SODA 2007.
    pub fn fit_model(&self, x: ArrayView2<'_, f64>, context: &FitContext<'_>) -> Result<KMeansFit, SegmentError> {
        self.check_settings()?;
        checks::check_matrix(x)?;
        checks::check_magnitude(x)?;
        checks::check_customers(x.nrows(), self.n_segments)?;
        let start = self.start.as_ref().map(|start| self.checked_start(start, x.ncols())).transpose()?;
        checks::check_distinct(x, self.n_segments)?;

        let table = Table::new(x);
        // A tolerance of 0 asks for no variance.
        let shift = if self.tolerance > 0.0 { self.tolerance * mean_variance(&table) } else { 0.0 };
        let stop = Stop { shift, max_rounds: self.max_rounds };
        let search = Search { name: self.name(), n_segments: self.n_segments, starts: self.starts, stop, context };
        let keeps_numbers = start.is_some();
        let run = match start {
            Some(centroids) => search.run_given(&table, centroids)?,
            None => search.run_seeded(&table)?,
        };
        let model = KMeansModel::from_rows(run.centroids, table.width());
        let labelled = Labelled::known(&table, model, run.labels, run.inertia);
        let labelled = if keeps_numbers { labelled } else { numbering::by_falling_size(labelled) };
        Ok(KMeansFit::new(labelled, run.rounds, run.converged))
    }

    fn check_settings(&self) -> Result<(), SegmentError> {
        if matches!(self.starts, Starts::Fixed(n) if !(1..=MOST_STARTS).contains(&n)) {
            return Err(SegmentError::Setting { setting: "restarts", allowed: "1 to 100000 are allowed" });
        }
        if self.max_rounds == 0 {
            return Err(SegmentError::Setting { setting: "max_rounds", allowed: "at least 1 is needed" });
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return Err(SegmentError::Setting { setting: "tolerance", allowed: "0 or a positive number is needed" });
        }
        Ok(())
    }

    fn checked_start(&self, start: &Start, n_features: usize) -> Result<Vec<f64>, SegmentError> {
        let &Start { ref values, rows, columns } = start;
        let finite = values.iter().all(|value| value.is_finite());
        if finite && rows == self.n_segments && columns == n_features {
            Ok(values.clone())
        } else {
            Err(SegmentError::Start { rows, columns, finite, n_segments: self.n_segments, n_features })
        }
    }
}

impl Strategy for KMeans {
    fn name(&self) -> &str {
        "k-means"
    }

    fn fit(&self, x: ArrayView2<'_, f64>, context: &FitContext<'_>) -> Result<Fit, SegmentError> {
        self.fit_model(x, context).map(KMeansFit::into_fit)
    }
}

impl std::fmt::Debug for KMeans {
    // PRIVACY: starting centroids may be customers, so only whether there are any shows.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KMeans")
            .field("n_segments", &self.n_segments)
            .field("starts", &self.starts)
            .field("tolerance", &self.tolerance)
            .field("max_rounds", &self.max_rounds)
            .field("start", &self.start.is_some())
            .finish()
    }
}

/// Gives the mean of the population variances of the columns.
fn mean_variance(table: &Table<'_>) -> f64 {
    let (n, width) = (table.n_rows() as f64, table.width());
    let mut means = vec![0.0; width];
    for row in table.rows() {
        means.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
    }
    means.iter_mut().for_each(|sum| *sum /= n);
    let mut squares = vec![0.0; width];
    for row in table.rows() {
        squares.iter_mut().zip(row).zip(&means).for_each(|((sum, x), mean)| *sum += (x - mean) * (x - mean));
    }
    squares.iter().sum::<f64>() / n / width as f64
}

/// More would only hide a slip of the pen.
const MOST_STARTS: usize = 100_000;
