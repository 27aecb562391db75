//! Counts by reason, as far as they may leave.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// Who was known, allowed and refused, with the counts that may leave.
///
/// # Privacy
/// A count from 1 to k - 1 is hidden, and so is whatever would let a reader work it out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Customers who were known.
    pub n_known: ReleasedCount,
    /// Customers who were allowed.
    pub n_allowed: ReleasedCount,
    /// Customers refused, by the reason code of the decision.
    pub refused: BTreeMap<&'static str, ReleasedCount>,
}

/// A count that may be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleasedCount {
    /// The count.
    Shown(u64),
    /// Hidden, for its own sake or to protect another.
    Suppressed,
}

impl ReleasedCount {
    /// Gives the count, `None` if hidden.
    pub const fn shown(self) -> Option<u64> {
        match self {
            Self::Shown(n) => Some(n),
            Self::Suppressed => None,
        }
    }
}

impl Serialize for ReleasedCount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.shown().serialize(serializer)
    }
}

impl Coverage {
    /// The counts that are shown, by the names of the audit event.
    pub(super) fn shown(&self) -> BTreeMap<String, u64> {
        let allowed = ("allowed", self.n_allowed);
        let all = self.refused.iter().map(|(reason, n)| (*reason, *n)).chain([allowed]);
        all.filter_map(|(name, n)| Some((name.to_owned(), n.shown()?))).collect()
    }

    /// Hides what describes fewer than `k` customers; `k` 0 or 1 hides nothing.
    ///
    /// `left_out` are allowed customers who are in no segment for want of a purchase: with the number segmented known,
    /// a few of them would show in the number allowed.
    pub(crate) fn released(n_known: u64, refused: &BTreeMap<&'static str, u64>, left_out: u64, k: u64) -> Self {
        let total: u64 = refused.values().sum();
        let n_allowed = n_known.saturating_sub(total);
        let hidden_total = total > 0 && total < k;
        let mut hidden: Vec<&'static str> = Vec::new();
        let small = |n: u64| n > 0 && n < k;
        if hidden_total {
            hidden.extend(refused.keys());
        } else {
            hidden.extend(refused.iter().filter(|(_, n)| small(**n)).map(|(reason, _)| *reason));
            // PRIVACY: the sum of all reasons is known from the two totals, so a single hidden count, or several that
            // together are fewer than k, could be worked out. The smallest visible one goes with them.
            let mut visible: Vec<(u64, &'static str)> =
                refused.iter().filter(|(_, n)| **n >= k.max(1)).map(|(reason, n)| (*n, *reason)).collect();
            visible.sort_unstable_by(|a, b| b.cmp(a));
            while !hidden.is_empty() && (hidden.len() < 2 || sum(refused, &hidden) < k) {
                match visible.pop() {
                    Some((_, reason)) => hidden.push(reason),
                    None => break,
                }
            }
        }
        let count = |hide: bool, n: u64| if hide { ReleasedCount::Suppressed } else { ReleasedCount::Shown(n) };
        Self {
            // Few refusals in all would show as the difference of the totals; so would few customers who are left out.
            n_known: count(hidden_total || small(left_out), n_known),
            n_allowed: count(small(n_allowed) || small(left_out), n_allowed),
            refused: refused.iter().map(|(reason, n)| (*reason, count(hidden.contains(reason), *n))).collect(),
        }
    }
}

fn sum(refused: &BTreeMap<&'static str, u64>, hidden: &[&'static str]) -> u64 {
    refused.iter().filter(|(reason, _)| hidden.contains(reason)).map(|(_, n)| n).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn released(refused: &[(&'static str, u64)], k: u64) -> Coverage {
        Coverage::released(1000, &refused.iter().copied().collect(), 0, k)
    }

    #[test]
    fn a_single_small_count_takes_the_smallest_visible_one_with_it() {
        let coverage = released(&[("A", 3), ("B", 50), ("C", 90)], 20);
        assert_eq!(coverage.refused["A"], ReleasedCount::Suppressed);
        assert_eq!(coverage.refused["B"], ReleasedCount::Suppressed);
        assert_eq!(coverage.refused["C"], ReleasedCount::Shown(90));
        assert_eq!(coverage.n_known, ReleasedCount::Shown(1000));
    }

    #[test]
    fn few_refusals_in_all_hide_the_total() {
        let coverage = released(&[("A", 3), ("B", 4)], 20);
        assert_eq!(coverage.n_known, ReleasedCount::Suppressed);
        assert!(coverage.refused.values().all(|n| *n == ReleasedCount::Suppressed));
        assert_eq!(coverage.n_allowed, ReleasedCount::Shown(993));
    }

    #[test]
    fn several_small_counts_that_together_are_many_protect_one_another() {
        let coverage = released(&[("A", 15), ("B", 15), ("C", 90)], 20);
        assert_eq!(coverage.refused["C"], ReleasedCount::Shown(90));
        assert_eq!(coverage.refused["A"], ReleasedCount::Suppressed);
    }
}
