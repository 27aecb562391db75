//! Which segments of a release stay hidden, and why.

use std::collections::BTreeMap;
use std::fmt;

use super::table::{Cell, CellId, Column, Contributions, GatedTable, Measure, Reason, Relation, TableBuilder};
use super::{KAnonymity, ReleaseError};
use crate::segment::SegmentId;

/// A hidden segment with all reasons, for the controller.
///
/// # Privacy
/// Tells which of the hidden segments are small, which no output may: it does not serialise, and `Debug` shows no reason.
#[derive(Clone, PartialEq, Eq)]
pub struct HiddenSegment {
    id: Option<SegmentId>,
    reasons: Vec<Reason>,
}

impl HiddenSegment {
    pub(super) const fn new(id: Option<SegmentId>, reasons: Vec<Reason>) -> Self {
        Self { id, reasons }
    }

    /// Gives the number of the segment, `None` for the customers in no segment.
    pub const fn id(&self) -> Option<SegmentId> {
        self.id
    }

    /// Gives all reasons, ascending.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}

impl fmt::Debug for HiddenSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) => write!(f, "HiddenSegment({id})"),
            None => f.write_str("HiddenSegment(none)"),
        }
    }
}

/// What stays hidden.
#[derive(Default)]
pub(super) struct Hidden {
    /// Places of the hidden segments, ascending.
    pub(super) segments: Vec<usize>,
    /// Whether the number of customers in no segment is hidden.
    pub(super) no_segment: bool,
    /// The same, with reasons.
    pub(super) reasons: Vec<HiddenSegment>,
}

impl Hidden {
    /// Hides what is smaller than k and what would give that away.
    ///
    /// # Errors
    /// [`ReleaseError::NothingToShow`] if no segment is left, [`ReleaseError::Table`] for a k that is out of range.
    pub(super) fn choose(sizes: &[u64], n_no_segment: u64, policy: &KAnonymity) -> Result<Self, ReleaseError> {
        let mut builder = TableBuilder::new();
        let customers = builder.column(Column::new("customers", Measure::Count));
        let cell = |n: u64| Cell::new(customers, Contributions::count(n));
        // PRIVACY: the total is published in any case, so it is what the gate must reckon with.
        let total = builder.cell(cell(sizes.iter().sum::<u64>() + n_no_segment).must_publish());
        // That a segment has nobody is told by a warning; it is no cell, and no protection for another.
        let mut place_of: Vec<(Option<usize>, CellId)> = Vec::new();
        for (place, n) in sizes.iter().enumerate().filter(|(_, n)| **n > 0) {
            place_of.push((Some(place), builder.cell(cell(*n))));
        }
        if n_no_segment > 0 {
            place_of.push((None, builder.cell(cell(n_no_segment))));
        }
        builder.relation(Relation::new(total, place_of.iter().map(|(_, cell)| *cell)));
        let nothing = ReleaseError::NothingToShow { k: policy.k() };
        let gated = match builder.build()?.gate(&(*policy).try_into()?) {
            Err(super::table::TableError::NoPattern { .. }) => return Err(nothing),
            gated => gated?,
        };
        let hidden = Self::of(sizes, &place_of, &gated);
        if hidden.segments.len() == sizes.len() { Err(nothing) } else { Ok(hidden) }
    }

    fn of(sizes: &[u64], place_of: &[(Option<usize>, CellId)], gated: &GatedTable) -> Self {
        let mut by_place: BTreeMap<usize, Vec<Reason>> = (0..sizes.len())
            .filter(|place| sizes.get(*place) == Some(&0))
            .map(|place| (place, vec![Reason::Zero]))
            .collect();
        let mut hidden = Self::default();
        let mut outside = None;
        for (place, cell) in place_of.iter().filter(|(_, cell)| gated.cell(*cell).shown().is_none()) {
            let reasons: Vec<Reason> = gated.reasons(*cell).collect();
            match place {
                Some(place) => _ = by_place.insert(*place, reasons),
                None => {
                    hidden.no_segment = true;
                    outside = Some(HiddenSegment { id: None, reasons });
                }
            }
        }
        hidden.segments = by_place.keys().copied().collect();
        let id = |place: usize| Some(SegmentId(place as u32));
        hidden.reasons =
            by_place.into_iter().map(|(place, reasons)| HiddenSegment { id: id(place), reasons }).collect();
        hidden.reasons.extend(outside);
        hidden
    }

    /// Counts by the rule that hid them, under the names of the audit event.
    pub(super) fn n_by_reason(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for reason in self.reasons.iter().flat_map(HiddenSegment::reasons) {
            *counts.entry(format!("hidden_{reason}")).or_insert(0) += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(sizes: &[u64], n_no_segment: u64) -> Result<Hidden, ReleaseError> {
        Hidden::choose(sizes, n_no_segment, &KAnonymity::new(20).unwrap())
    }

    #[test]
    fn one_small_segment_takes_the_smallest_visible_one_with_it() {
        let hidden = choose(&[100, 7, 30, 50], 0).unwrap();
        assert_eq!(hidden.segments, [1, 2]);
        let reasons: Vec<&[Reason]> = hidden.reasons.iter().map(HiddenSegment::reasons).collect();
        assert_eq!(reasons, [[Reason::BelowThreshold], [Reason::Complement]]);
        assert_eq!(format!("{:?}", hidden.reasons), "[HiddenSegment(1), HiddenSegment(2)]");
    }

    #[test]
    fn two_small_segments_that_are_many_together_stand_alone() {
        assert_eq!(choose(&[100, 12, 30, 13], 0).unwrap().segments, [1, 3]);
        assert_eq!(choose(&[100, 2, 30, 3], 0).unwrap().segments, [1, 2, 3]);
    }

    #[test]
    fn few_customers_without_a_segment_are_hidden_like_a_segment() {
        let hidden = choose(&[100, 40], 3).unwrap();
        assert!(hidden.no_segment);
        assert_eq!(hidden.segments, [1]);
        assert_eq!(hidden.reasons.last().unwrap().id(), None);
    }

    #[test]
    fn many_customers_without_a_segment_protect_a_small_one() {
        let hidden = choose(&[100, 7], 30).unwrap();
        assert!(hidden.no_segment);
        assert_eq!(hidden.segments, [1]);
    }

    #[test]
    fn nothing_is_shown_if_all_would_be_hidden() {
        assert!(choose(&[12, 12, 12], 0).is_err());
        assert!(choose(&[30, 3], 0).is_err());
    }

    #[test]
    fn a_segment_of_nobody_hides_no_other() {
        let hidden = choose(&[100, 0, 30], 0).unwrap();
        assert_eq!(hidden.segments, [1]);
        assert_eq!(hidden.n_by_reason(), BTreeMap::from([("hidden_zero".to_owned(), 1)]));
    }

    #[test]
    fn whatever_is_hidden_is_many_and_of_two_segments_however_many_there_are() {
        for n in [2u64, 3, 10, 100, 2_000] {
            let sizes: Vec<u64> = (0..n).map(|i| 1 + i * 7_919 % 60).chain([500]).collect();
            let hidden = choose(&sizes, 0).unwrap();
            let sum: u64 = hidden.segments.iter().map(|place| sizes[*place]).sum();
            assert!(hidden.segments.is_empty() || (sum >= 20 && hidden.segments.len() > 1), "{n}");
            assert!(sizes.iter().enumerate().all(|(place, size)| *size >= 20 || hidden.segments.contains(&place)));
        }
    }
}
