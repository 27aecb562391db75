//! Sets of members and of pairs as the ledger keeps them.

use super::estimate::{BucketCounts, BucketMarks, bucket, n_buckets};
use super::{CharacteristicSketch, DifferenceSketch, KeyedSet, NDifferent};

/// In which form a ledger keeps sets. Closed: a third form would be another version of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetForm {
    /// Sketches that tell differences up to a capacity.
    Sketch,
    /// Keyed sets, element by element: exact at any size, as large as the sets.
    Exact,
}

/// How a ledger keeps sets; fixed when it is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) form: SetForm,
    pub(super) capacity: usize,
}

/// A set in one of the two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Sketch(CharacteristicSketch),
    Exact(KeyedSet),
}

/// The members of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MemberSet {
    pub(super) counts: BucketCounts,
    pub(super) set: Set,
}

/// The pairs (member, contribution) of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PairSet {
    pub(super) marks: BucketMarks,
    pub(super) set: Set,
}

/// What a comparison means for a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    /// Equal.
    Not,
    /// By fewer than the threshold, or by an unknown number.
    Few,
    /// By at least the threshold.
    Enough,
}

impl Shape {
    pub(super) fn n_buckets(self) -> usize {
        n_buckets(self.capacity)
    }

    pub(super) fn empty_pairs(self) -> PairSet {
        PairSet { marks: BucketMarks::empty(self.n_buckets()), set: self.set(&[]) }
    }

    pub(super) fn set(self, elements: &[u64]) -> Set {
        match self.form {
            SetForm::Sketch => Set::Sketch(CharacteristicSketch::of(self.capacity, elements.iter().copied())),
            SetForm::Exact => Set::Exact(KeyedSet::of(elements.iter().copied())),
        }
    }

    /// Counts of members in buckets, before they are cut to their narrow form.
    pub(super) fn count(self, elements: &[u64]) -> Vec<u32> {
        let n_buckets = self.n_buckets();
        let mut counts = vec![0u32; n_buckets];
        for element in elements {
            if let Some(count) = counts.get_mut(bucket(*element, n_buckets)) {
                *count += 1;
            }
        }
        counts
    }

    /// The pairs of some members, whose elements are given beside them.
    pub(super) fn pairs(self, pairs: &[u64], members: &[u64]) -> PairSet {
        let n_buckets = self.n_buckets();
        let mut marks = BucketMarks::empty(n_buckets);
        for (pair, member) in pairs.iter().zip(members) {
            marks.insert(bucket(*member, n_buckets), *pair);
        }
        PairSet { marks, set: self.set(pairs) }
    }
}

impl Set {
    pub(super) fn n(&self) -> u64 {
        match self {
            Self::Sketch(sketch) => sketch.n(),
            Self::Exact(set) => set.n(),
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        match (self, other) {
            (Self::Sketch(own), Self::Sketch(other)) => own.add_disjoint(other),
            (Self::Exact(own), Self::Exact(other)) => own.add_disjoint(other),
            // INVARIANT: a ledger keeps all sets in one form.
            _ => {}
        }
    }

    /// `false` if the other set is not part of this one.
    pub(super) fn take(&mut self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sketch(own), Self::Sketch(other)) => own.take_subset(other),
            (Self::Exact(own), Self::Exact(other)) => own.take_subset(other),
            _ => false,
        }
    }

    fn n_different(&self, other: &Self, at_least: u64) -> NDifferent {
        match (self, other) {
            (Self::Sketch(own), Self::Sketch(other)) => own.n_different_from(other, at_least),
            (Self::Exact(own), Self::Exact(other)) => own.n_different(other),
            _ => NDifferent::Undecodable,
        }
    }
}

impl MemberSet {
    pub(super) fn n(&self) -> u64 {
        self.set.n()
    }

    /// How far the members of two sets are apart.
    pub(super) fn apart(&self, other: &Self, threshold: u64) -> Apart {
        if self.n().abs_diff(other.n()) >= threshold {
            return Apart::Enough;
        }
        let at_least = self.counts.at_least(&other.counts, threshold);
        if at_least >= threshold {
            return Apart::Enough;
        }
        judge(self.set.n_different(&other.set, at_least), threshold)
    }
}

impl PairSet {
    pub(super) fn add(&mut self, other: &Self) {
        self.marks.add(&other.marks);
        self.set.add(&other.set);
    }

    /// `false` if the other pairs are not part of these.
    pub(super) fn take(&mut self, other: &Self) -> bool {
        self.marks.take(&other.marks);
        self.set.take(&other.set)
    }

    /// How many of the same members contribute something else.
    pub(super) fn apart(&self, other: &Self, threshold: u64) -> Apart {
        let at_least = self.marks.n_changed_at_least(&other.marks);
        if at_least >= threshold {
            return Apart::Enough;
        }
        // Each changed customer has one pair on either side.
        match self.set.n_different(&other.set, at_least.saturating_mul(2)) {
            NDifferent::Exactly(n) => judge(NDifferent::Exactly(n.div_ceil(2)), threshold),
            // Sets of the same size differ by more than their sizes say only beyond the capacity.
            other => judge(other, threshold),
        }
    }
}

fn judge(found: NDifferent, threshold: u64) -> Apart {
    match found {
        NDifferent::Exactly(0) => Apart::Not,
        NDifferent::Exactly(n) | NDifferent::AtLeast(n) if n >= threshold => Apart::Enough,
        // PRIVACY: what cannot be decoded counts as small; that it is large is proven by the counts alone.
        NDifferent::Exactly(_) | NDifferent::AtLeast(_) | NDifferent::Undecodable => Apart::Few,
    }
}
