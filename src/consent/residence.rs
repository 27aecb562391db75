//! Where a customer lives, and since when.

use super::law::LawCode;
use crate::time::Timestamp;

/// The stays of a customer; of those that have begun the newest counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Residence {
    pub(super) stays: Vec<Stay>,
}

/// From an instant on the laws of some places apply.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Stay {
    /// `None` for always.
    pub(super) from: Option<Timestamp>,
    pub(super) codes: Vec<LawCode>,
}

impl Residence {
    /// The laws that apply at the instant, in the order they were named; empty if not known.
    pub(super) fn codes_at(&self, at: Timestamp) -> &[LawCode] {
        let begun = self.stays.iter().filter(|stay| stay.from.is_none_or(|from| from <= at));
        begun.max_by_key(|stay| stay.from).map_or(&[], |stay| &stay.codes)
    }

    /// Notes that a stay begins, in a place nobody knows so far.
    pub(super) fn begin(&mut self, from: Option<Timestamp>) {
        if !self.stays.iter().any(|stay| stay.from == from) {
            self.stays.push(Stay { from, codes: Vec::new() });
        }
    }

    pub(super) fn add(&mut self, from: Option<Timestamp>, code: LawCode) {
        match self.stays.iter_mut().find(|stay| stay.from == from) {
            Some(stay) => stay.codes.push(code),
            None => self.stays.push(Stay { from, codes: vec![code] }),
        }
    }

    pub(super) fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        self.stays.iter().filter_map(|stay| stay.from).filter(|from| *from > after).min()
    }
}
