//! Rules that look at the population: how many of a class are released, and how many there might be.

use crate::anonymity::PopulationEstimator;

/// δ-presence: the share of a class that is released, within bounds, closed.
pub(super) fn is_presence_bounded(n: u64, n_population: u64, low: f64, high: f64) -> bool {
    let share = if n == 0 { 0.0 } else { n as f64 / n_population as f64 };
    share >= low - TOLERANCE && share <= high + TOLERANCE
}

/// The class size that stands for k-map with a population known by its size alone.
// SPEC: k' = min(k, N, j + 1), j the least count with CDF(j) >= 1 - α.
pub(super) fn estimated_floor(
    k: u64,
    n: u64,
    n_all: u64,
    population: u64,
    significance: f64,
    estimator: PopulationEstimator,
) -> u64 {
    let most = k.min(n);
    let lambda = k as f64 * n_all as f64 / population as f64;
    let wanted = 1.0 - significance;
    // The first term underflows for large rates: terms are kept as logarithms.
    let mut log_term = -lambda;
    let (mut cumulative, mut j) = (log_term.exp(), 0_u64);
    let zero = cumulative;
    if estimator == PopulationEstimator::ZeroTruncated {
        cumulative = 0.0;
        log_term += lambda.ln();
        cumulative += log_term.exp();
        j = 1;
    }
    let rest = if estimator == PopulationEstimator::ZeroTruncated { 1.0 - zero } else { 1.0 };
    // PERF: no further than the size that k and N allow.
    while cumulative / rest < wanted && j + 1 < most {
        j += 1;
        log_term += lambda.ln() - (j as f64).ln();
        cumulative += log_term.exp();
    }
    most.min(j + 1)
}

const TOLERANCE: f64 = 1e-12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimated_floor_is_one_above_the_quantile() {
        // Rate 1: CDF 0.3679, 0.7358, 0.9197, 0.9810, 0.9963.
        let floor = |estimator| estimated_floor(10, 1000, 100, 1000, 0.05, estimator);
        assert_eq!(floor(PopulationEstimator::Poisson), 4);
        // Conditioned on above 0: 0.5820, 0.8730, 0.9700.
        assert_eq!(floor(PopulationEstimator::ZeroTruncated), 4);
        assert_eq!(estimated_floor(10, 1000, 1_000_000, 1000, 0.05, PopulationEstimator::Poisson), 10);
        assert_eq!(estimated_floor(10, 3, 100, 100, 0.05, PopulationEstimator::Poisson), 3);
    }

    #[test]
    fn presence_bounds_are_closed() {
        assert!(is_presence_bounded(1, 10, 0.1, 0.3));
        assert!(is_presence_bounded(3, 10, 0.1, 0.3));
        assert!(!is_presence_bounded(0, 10, 0.1, 0.3));
        assert!(!is_presence_bounded(4, 10, 0.1, 0.3));
    }
}
