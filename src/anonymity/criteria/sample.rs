//! Rules over all kept classes together.

use crate::anonymity::criterion::{Criterion, Rule};

/// Average risk and sample uniqueness.
#[derive(Debug, Default)]
pub(in crate::anonymity) struct SampleRules {
    average_risk: Vec<f64>,
    uniqueness: Vec<f64>,
}

impl SampleRules {
    pub(super) fn new(criteria: &[Criterion]) -> Self {
        let mut rules = Self::default();
        for criterion in criteria {
            match criterion.rule {
                Rule::AverageRisk { limit } => rules.average_risk.push(limit),
                Rule::SampleUniqueness { limit } => rules.uniqueness.push(limit),
                _ => {}
            }
        }
        rules
    }

    pub(in crate::anonymity) const fn is_empty(&self) -> bool {
        self.average_risk.is_empty() && self.uniqueness.is_empty()
    }

    /// How many classes have to go, in the order given, each by its rows.
    // INVARIANT: the order starts with the smallest, so both shares only fall and the prefix is the shortest.
    pub(in crate::anonymity) fn prefix(&self, sizes: &[u64]) -> usize {
        let mut rows: u64 = sizes.iter().sum();
        let mut classes = sizes.len() as u64;
        let mut uniques = sizes.iter().filter(|n| **n == 1).count() as u64;
        for (gone, n) in sizes.iter().enumerate() {
            if self.hold(classes, uniques, rows) {
                return gone;
            }
            rows -= n;
            classes -= 1;
            uniques -= u64::from(*n == 1);
        }
        sizes.len()
    }

    fn hold(&self, classes: u64, uniques: u64, rows: u64) -> bool {
        let share = |part: u64| part as f64 / rows as f64;
        rows == 0
            || (self.average_risk.iter().all(|limit| share(classes) <= *limit)
                && self.uniqueness.iter().all(|limit| share(uniques) <= *limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_prefix_goes() {
        let rules = SampleRules { average_risk: vec![0.3], uniqueness: vec![] };
        assert_eq!(rules.prefix(&[1, 1, 2, 5]), 2);
        assert_eq!(rules.prefix(&[4]), 0);
        assert_eq!(rules.prefix(&[3]), 1);
        assert_eq!(rules.prefix(&[]), 0);
        let rules = SampleRules { average_risk: vec![], uniqueness: vec![0.2] };
        assert_eq!(rules.prefix(&[1, 1, 4]), 1);
        assert_eq!(rules.prefix(&[1, 4]), 0);
    }
}
