//! Certain lower bounds of differences, from counts in buckets: the size estimate that is independent of the sketch.

/// How many elements of a set fall in each bucket.
///
/// The sum of the absolute differences of two such vectors never exceeds the number of elements that are in one set
/// only: what it calls large is large for certain, and most pairs of cells are told apart by it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BucketCounts(Box<[u16]>);

impl BucketCounts {
    pub(super) fn new(counts: Vec<u16>) -> Self {
        Self(counts.into_boxed_slice())
    }

    /// Counts beyond 65,535 are cut there; a cut never makes two counts differ by more.
    pub(super) fn of(wide: &[u32]) -> Self {
        Self(wide.iter().map(|count| u16::try_from(*count).unwrap_or(u16::MAX)).collect())
    }

    pub(super) fn counts(&self) -> &[u16] {
        &self.0
    }

    /// The lower bound of the difference, exact up to `limit` and anything at or above `limit` beyond.
    #[inline]
    pub(super) fn at_least(&self, other: &Self, limit: u64) -> u64 {
        let mut sum = 0;
        for (a, b) in self.0.chunks(CHUNK).zip(other.0.chunks(CHUNK)) {
            let part: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
            sum += u64::from(part);
            // PERF: cells that have little in common are told apart within the first chunks.
            if sum >= limit {
                break;
            }
        }
        sum
    }
}

/// A sum of the pairs of each bucket of members.
///
/// Members keep their bucket, so in two sets of the same members each bucket whose sums differ holds at least one whose
/// contribution changed: the number of such buckets never exceeds the number of changed customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BucketMarks(Box<[u8]>);

impl BucketMarks {
    pub(super) fn new(marks: Vec<u8>) -> Self {
        Self(marks.into_boxed_slice())
    }

    pub(super) fn empty(n_buckets: usize) -> Self {
        Self(vec![0; n_buckets].into_boxed_slice())
    }

    pub(super) fn marks(&self) -> &[u8] {
        &self.0
    }

    #[inline]
    pub(super) fn insert(&mut self, bucket: usize, pair: u64) {
        if let Some(mark) = self.0.get_mut(bucket) {
            // The upper bits of an element are as good as any.
            *mark = mark.wrapping_add((pair >> 48) as u8);
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mark, other)| *mark = mark.wrapping_add(*other));
    }

    pub(super) fn take(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mark, other)| *mark = mark.wrapping_sub(*other));
    }

    pub(super) fn n_changed_at_least(&self, other: &Self) -> u64 {
        self.0.iter().zip(&other.0).filter(|(a, b)| a != b).count() as u64
    }
}

/// The bucket of an element among a power of two of them.
#[inline]
pub(super) const fn bucket(element: u64, n_buckets: usize) -> usize {
    (element as usize) & n_buckets.wrapping_sub(1)
}

/// Buckets of a ledger whose sketches have a capacity: enough that a difference beyond the capacity shows as large.
pub(super) fn n_buckets(capacity: usize) -> usize {
    capacity.saturating_mul(2).next_power_of_two().clamp(256, 1 << 16)
}

const CHUNK: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_counts_never_exceed_the_true_difference() {
        let a = BucketCounts::of(&[70_000, 5, 0]);
        let b = BucketCounts::of(&[80_000, 7, 1]);
        assert_eq!(a.at_least(&b, u64::MAX), 3);
        assert_eq!(a.at_least(&a, 1), 0);
    }

    #[test]
    fn a_changed_pair_changes_the_mark_of_its_bucket_only() {
        let mut a = BucketMarks::empty(256);
        let mut b = BucketMarks::empty(256);
        a.insert(3, 5 << 48);
        b.insert(3, 6 << 48);
        a.insert(9, 7 << 48);
        b.insert(9, 7 << 48);
        assert_eq!(a.n_changed_at_least(&b), 1);
    }
}
