//! The row `other`: hidden segments as one.

use super::{Contributions, Threshold};

/// What becomes of the customers of hidden segments. Closed: nothing is dropped silently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuppressBin {
    /// No segment is hidden.
    Unneeded,
    /// These segments leave as one row, ascending: at least two of them, and enough customers together.
    Row(Vec<usize>),
    /// There is no such row; so many customers are left out.
    Band {
        /// At least so many.
        at_least: u64,
        /// At most so many.
        at_most: u64,
    },
}

impl SuppressBin {
    /// Chooses which segments leave as the row `other`, from who is in each.
    ///
    /// Segments of fewer customers or households than `threshold` are hidden. If only one of them has customers, or all
    /// together are too few, the smallest visible one joins them; ties by place. Empty segments are hidden, but are no
    /// protection for another.
    ///
    /// # Privacy
    /// The row is a cell of the table like any other: add it, with its relation to its segments, and let the
    /// [gate](super::Table::gate) judge it.
    ///
    /// # Examples
    /// ```
    /// use consentric::release::table::{Contributions, SuppressBin, Threshold};
    ///
    /// let segments = [400, 7, 90].map(Contributions::count);
    /// assert_eq!(SuppressBin::choose(&segments, Threshold::INTERNAL), SuppressBin::Row(vec![1, 2]));
    /// ```
    pub fn choose(segments: &[Contributions], threshold: Threshold) -> Self {
        let few = |n: u64| n < threshold.n();
        let short = |one: &Contributions| few(one.n_customers()) || one.n_households.is_some_and(few);
        let (hidden, visible): (Vec<usize>, Vec<usize>) =
            (0..segments.len()).partition(|place| segments.get(*place).is_some_and(short));
        if hidden.is_empty() {
            return Self::Unneeded;
        }
        let passes = |members: &[usize]| {
            let of = || members.iter().filter_map(|place| segments.get(*place));
            of().filter(|one| one.n_customers() > 0).count() >= 2 && !short(&Contributions::union(of(), true))
        };
        if hidden.iter().all(|place| segments.get(*place).is_some_and(|one| one.n_customers() == 0)) {
            // Nobody is left out.
            return Self::Unneeded;
        }
        if passes(&hidden) {
            return Self::Row(hidden);
        }
        let smallest = visible.into_iter().min_by_key(|place| segments.get(*place).map(Contributions::n_customers));
        let mut joined = hidden.clone();
        joined.extend(smallest);
        joined.sort_unstable();
        if passes(&joined) {
            return Self::Row(joined);
        }
        let left_out: u64 =
            hidden.iter().filter_map(|place| segments.get(*place)).map(Contributions::n_customers).sum();
        let at_least = left_out - left_out % threshold.n();
        Self::Band { at_least, at_most: at_least.saturating_add(threshold.n() - 1) }
    }
}
