//! Quantiles and scores from 1 (worst) to b (best).

/// Gives quantile `i / b` of ascending values, linear between neighbours; `None` without a value or for `i > b`.
///
/// h = (n - 1) i / b is computed in integers, so that a quantile that falls on a value is exactly that value.
///
/// # Complexity
/// `O(1)`.
///
/// # Examples
/// ```
/// use consentric::feature::quantile;
/// assert_eq!(quantile(&[1.0, 2.0, 4.0], 1, 2), Some(2.0));
/// assert_eq!(quantile(&[1.0, 2.0, 4.0], 1, 4), Some(1.5));
/// ```
///
/// # References
/// Hyndman, Fan: *Sample quantiles in statistical packages*, The American Statistician 1996, definition 7.
pub fn quantile(ascending: &[f64], i: usize, b: usize) -> Option<f64> {
    if i > b || b == 0 {
        return None;
    }
    let last = ascending.len().checked_sub(1)?;
    let position = last as u128 * i as u128;
    // At most `last`, since i <= b.
    let below = (position / b as u128) as usize;
    let fraction = (position % b as u128) as f64 / b as f64;
    let value = *ascending.get(below)?;
    if fraction == 0.0 {
        return Some(value);
    }
    let next = *ascending.get(below + 1)?;
    Some(value + fraction * (next - value))
}

/// Cuts a feature into b scores by its quantiles: equal values get equal scores.
///
/// Not public yet: whether low is good must follow from the type of the feature, not from a flag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scores {
    edges: Vec<f64>,
    low_is_good: bool,
}

impl Scores {
    /// Cuts at the quantiles i/`bins` of the values, for 2 to 10 bins; `None` for other numbers or without a value.
    ///
    /// `low_is_good` turns the scores round, as recency needs: bought lately is the best score.
    pub(crate) fn by_quantiles(values: impl IntoIterator<Item = f64>, bins: usize, low_is_good: bool) -> Option<Self> {
        if !(2..=10).contains(&bins) {
            return None;
        }
        let mut ascending: Vec<f64> = values.into_iter().collect();
        ascending.sort_unstable_by(f64::total_cmp);
        let edges = (1..bins).map(|i| quantile(&ascending, i, bins)).collect::<Option<Vec<f64>>>()?;
        Some(Self { edges, low_is_good })
    }

    /// Gives the score of a value: 1 + the number of inner edges strictly below it, turned round if low is good.
    pub(crate) fn score(&self, value: f64) -> u8 {
        // At most 9 edges.
        let below = self.edges.iter().filter(|edge| **edge < value).count() as u8;
        if self.low_is_good { self.edges.len() as u8 + 1 - below } else { below + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_customer_scores_highest_on_every_feature() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let recency = Scores::by_quantiles(values.clone(), 5, true).unwrap();
        let frequency = Scores::by_quantiles(values, 5, false).unwrap();
        assert_eq!((recency.score(1.0), recency.score(99.0)), (5, 1));
        assert_eq!((frequency.score(1.0), frequency.score(99.0)), (1, 5));
    }

    #[test]
    fn ties_share_one_score_and_leave_others_empty() {
        let values = [1.0, 1.0, 1.0, 1.0, 2.0];
        let scores = Scores::by_quantiles(values, 5, false).unwrap();
        assert_eq!(scores.score(1.0), 1);
        assert_eq!(scores.score(2.0), 5);
    }
}
