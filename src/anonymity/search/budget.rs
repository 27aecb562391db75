//! How long a search may go on.

use std::fmt;

/// How long a search may go on; the answer is admissible whenever it stops.
///
/// # Examples
/// ```
/// use consentric::anonymity::SearchBudget;
/// let started = std::time::Instant::now();
/// let budget = SearchBudget::unlimited().with_checks(10_000).with_clock(move || started.elapsed().as_millis() > 500);
/// assert!(format!("{budget:?}").contains("10000"));
/// ```
#[must_use]
pub struct SearchBudget<'c> {
    n_checks: Option<u64>,
    is_over: Option<Box<dyn Fn() -> bool + Sync + 'c>>,
}

impl<'c> SearchBudget<'c> {
    /// Lets the search go on until the optimum is proven.
    pub fn unlimited() -> Self {
        Self { n_checks: None, is_over: None }
    }

    /// Stops after `n` evaluated nodes; the result is the same on every run and any number of threads.
    ///
    /// The most general node is always evaluated, so that there is an answer if it is one.
    pub fn with_checks(mut self, n: u64) -> Self {
        self.n_checks = Some(n);
        self
    }

    /// Stops as soon as `is_over` says so; asked between batches of nodes. The result depends on the clock.
    pub fn with_clock(mut self, is_over: impl Fn() -> bool + Sync + 'c) -> Self {
        self.is_over = Some(Box::new(is_over));
        self
    }

    /// Nodes that may still be evaluated after so many.
    pub(super) fn left(&self, n_checked: u64) -> u64 {
        if self.is_over.as_ref().is_some_and(|is_over| is_over()) {
            return 0;
        }
        self.n_checks.map_or(u64::MAX, |n| n.saturating_sub(n_checked))
    }

    /// Whether the search may end before its proof.
    pub(super) fn is_limited(&self) -> bool {
        self.n_checks.is_some() || self.is_over.is_some()
    }
}

impl Default for SearchBudget<'_> {
    fn default() -> Self {
        Self::unlimited()
    }
}

impl fmt::Debug for SearchBudget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = if self.is_over.is_some() { "a clock" } else { "no clock" };
        match self.n_checks {
            Some(n) => write!(f, "SearchBudget({n} checks, {clock})"),
            None => write!(f, "SearchBudget(no end of checks, {clock})"),
        }
    }
}
