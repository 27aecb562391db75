//! What a way to segment customers must offer.

use std::fmt;
use std::ops::ControlFlow;

use ndarray::ArrayView2;
use serde::Serialize;

use super::SegmentError;
use crate::warning::Warning;

/// A way to divide customers into segments; implement it to bring your own.
///
/// The pipeline hands over scaled features only: no ids, no customer, nothing that needs consent to be checked again.
/// Before the call it has checked that the matrix has a row and a column and that every value is finite.
/// Take randomness from [`FitContext::seed`] only, and give the same answer at any thread count.
///
/// Object-safe: a comparison runs over `&[&dyn Strategy]`.
pub trait Strategy: Send + Sync {
    /// Gives the name that stands in reports, audit events and benchmark ids.
    fn name(&self) -> &str;

    /// Fits the strategy to scaled features.
    ///
    /// # Shapes
    /// `x`: `(n_customers, n_features)`; the labels of the fit: `n_customers`, in the order of the rows.
    ///
    /// # Errors
    /// A [`SegmentError`] that says what the data lacks; [`SegmentError::Custom`] for a reason of your own.
    fn fit(&self, x: ArrayView2<'_, f64>, context: &FitContext<'_>) -> Result<Fit, SegmentError>;
}

impl<S: Strategy + ?Sized> Strategy for Box<S> {
    fn name(&self) -> &str {
        self.as_ref().name()
    }

    fn fit(&self, x: ArrayView2<'_, f64>, context: &FitContext<'_>) -> Result<Fit, SegmentError> {
        self.as_ref().fit(x, context)
    }
}

impl<S: Strategy + ?Sized> Strategy for &S {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn fit(&self, x: ArrayView2<'_, f64>, context: &FitContext<'_>) -> Result<Fit, SegmentError> {
        (**self).fit(x, context)
    }
}

/// What a fit leaves behind: it assigns new customers without being fitted again.
pub trait Model: Send + Sync {
    /// Gives the number of segments the model knows.
    fn n_segments(&self) -> usize;

    /// Assigns rows of scaled features, one call a batch; `None` is a row that belongs to no segment.
    ///
    /// # Shapes
    /// `rows`: `(n, n_features)`; result: `n`. A row with a value that is not finite, or a matrix of another width,
    /// gives `None`.
    fn assign(&self, rows: ArrayView2<'_, f64>) -> Vec<Option<SegmentId>>;

    /// Gives the centres of the segments in scaled features, `(n_segments, n_features)`, if the model has such.
    fn centroids(&self) -> Option<ArrayView2<'_, f64>> {
        None
    }
}

/// The number of a segment, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SegmentId(pub u32);

impl SegmentId {
    /// Gives the number as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The result of [`Strategy::fit`].
pub struct Fit {
    /// Assigns new customers.
    pub model: Box<dyn Model>,
    /// The segment of every row that was fitted; `None` belongs to no segment.
    pub labels: Vec<Option<SegmentId>>,
    /// Whether the strategy came to rest by its own rule.
    pub converged: bool,
    /// Passes over all rows.
    pub rounds: usize,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

impl fmt::Debug for Fit {
    // PRIVACY: labels are personal data, so only their number shows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fit")
            .field("n_segments", &self.model.n_segments())
            .field("n_labels", &self.labels.len())
            .field("converged", &self.converged)
            .field("rounds", &self.rounds)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// What a strategy is told besides the data.
#[derive(Clone, Copy, Default)]
pub struct FitContext<'a> {
    seed: u64,
    on_round: Option<&'a RoundHook<'a>>,
}

/// A function that sees every round and may stop the fit.
pub type RoundHook<'a> = dyn Fn(&Round<'_>) -> ControlFlow<()> + Sync + 'a;

impl<'a> FitContext<'a> {
    /// Gives a context with the seed for all randomness of the fit.
    pub const fn new(seed: u64) -> Self {
        Self { seed, on_round: None }
    }

    /// Calls `hook` at most once a round; it cannot change the result, only stop the fit.
    #[must_use]
    pub const fn on_round(mut self, hook: &'a RoundHook<'a>) -> Self {
        self.on_round = Some(hook);
        self
    }

    /// Gives the seed.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// Tells the hook, if there is one, about a finished round.
    ///
    /// # Errors
    /// [`SegmentError::Stopped`] if the hook asks to stop.
    pub fn report(&self, round: &Round<'_>) -> Result<(), SegmentError> {
        match self.on_round.map(|hook| hook(round)) {
            Some(ControlFlow::Break(())) => Err(SegmentError::Stopped { round: round.round }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for FitContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FitContext").field("seed", &self.seed).field("on_round", &self.on_round.is_some()).finish()
    }
}

/// One finished round of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Round<'a> {
    /// Name of the strategy.
    pub strategy: &'a str,
    /// Which start this round belongs to, from 0.
    pub start: usize,
    /// Starts in all.
    pub n_starts: usize,
    /// Number of the round within its start, from 1.
    pub round: usize,
    /// Most rounds a start may take.
    pub max_rounds: usize,
    /// Rows that changed their segment.
    pub moved: usize,
    /// What the strategy minimises, after this round.
    pub objective: f64,
}

impl<'a> Round<'a> {
    /// Describes a round of a strategy with a single start; see [`Round::of_start`] for more.
    pub const fn new(strategy: &'a str, round: usize, max_rounds: usize, moved: usize, objective: f64) -> Self {
        Self { strategy, start: 0, n_starts: 1, round, max_rounds, moved, objective }
    }

    /// Says which of how many starts the round belongs to.
    #[must_use]
    pub const fn of_start(mut self, start: usize, n_starts: usize) -> Self {
        self.start = start;
        self.n_starts = n_starts;
        self
    }
}
