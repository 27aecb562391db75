//! How much a generalised table has lost.

use super::AnonymityError;
use super::criterion::{Profit, within};

/// What counts as loss. Closed: each has its formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Metric {
    /// Share of the hierarchy that a label covers.
    #[default]
    Loss,
    /// Non-uniform entropy; suppression ignored.
    Nue,
    /// Non-uniform entropy with suppressed rows.
    NmNue,
    /// Average equivalence class size.
    Aecs,
    /// Discernibility: squares of class sizes, suppressed rows against the whole table.
    Dm,
    /// Discernibility without the weight of suppressed rows.
    DmStar,
    /// Level over height.
    Precision,
    /// Level over height with suppressed rows.
    NmPrecision,
    /// Sum of levels.
    Height,
    /// Entropy-based information loss.
    Ebil,
    /// What the publisher gives away, attackers knowing who is in the data.
    Payout,
    /// What the publisher gives away, attackers knowing the population.
    PayoutJournalist,
}

/// How the losses of columns become one. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// Arithmetic mean.
    Arithmetic,
    /// Geometric mean of 1 + loss, less 1.
    Geometric,
    /// Sum.
    Sum,
    /// Maximum.
    Max,
    /// The losses in descending order, compared one after the other.
    Rank,
}

/// What a search makes least: a metric, how columns combine, and what weighs more.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Quality {
    pub(super) metric: Metric,
    pub(super) aggregate: Option<Aggregate>,
    pub(super) gs_factor: f64,
    pub(super) weights: Vec<(String, f64)>,
    pub(super) profit: Option<Profit>,
}

impl Quality {
    /// Takes a metric with its own aggregate, generalisation and suppression weighing equally, no column more than another.
    pub const fn new(metric: Metric) -> Self {
        Self { metric, aggregate: None, gs_factor: 0.5, weights: Vec::new(), profit: None }
    }

    /// Sets how columns combine. Default: the metric's own. Without effect on metrics that are not per column.
    pub const fn with_aggregate(mut self, aggregate: Aggregate) -> Self {
        self.aggregate = Some(aggregate);
        self
    }

    /// Sets how suppression weighs against generalisation: 0 forgives suppression, 1 generalisation. Default: 0.5.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] outside 0 to 1.
    pub fn with_gs_factor(mut self, gs_factor: f64) -> Result<Self, AnonymityError> {
        within("gs factor", gs_factor, (0.0..=1.0).contains(&gs_factor), "0 to 1")?;
        self.gs_factor = gs_factor;
        Ok(self)
    }

    /// Sets the weight of a quasi-identifier. Default: 1. Only ratios count.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] if negative or not finite.
    pub fn with_weight(mut self, column: &str, weight: f64) -> Result<Self, AnonymityError> {
        within("weight", weight, weight.is_finite() && weight >= 0.0, "0 or more")?;
        self.weights.push((column.to_owned(), weight));
        Ok(self)
    }

    /// Sets the stakes for the payout metrics. Default: those of the profitability criterion.
    pub const fn with_profit(mut self, profit: Profit) -> Self {
        self.profit = Some(profit);
        self
    }

    /// Gives the metric.
    pub const fn metric(&self) -> Metric {
        self.metric
    }

    /// Gives how columns combine; `None` for a metric that is not per column.
    pub const fn aggregate(&self) -> Option<Aggregate> {
        let own = match self.metric {
            Metric::Loss => Aggregate::Geometric,
            Metric::Nue | Metric::NmNue | Metric::Height => Aggregate::Sum,
            Metric::Precision | Metric::NmPrecision => Aggregate::Arithmetic,
            Metric::Aecs | Metric::Dm | Metric::DmStar | Metric::Ebil | Metric::Payout | Metric::PayoutJournalist => {
                return None;
            }
        };
        match self.aggregate {
            Some(aggregate) => Some(aggregate),
            None => Some(own),
        }
    }
}

impl Default for Quality {
    fn default() -> Self {
        Self::new(Metric::Loss)
    }
}
