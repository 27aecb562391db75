//! What a decision sees of one customer.

use super::EventKind;
use super::ledger::{Entry, Held, Ledger};
use super::residence::Residence;
use crate::time::{Date, Timestamp};

/// Sets of kinds of events, so that a rule that concerns nobody costs one test of a bit.
pub(super) struct Kinds;

impl Kinds {
    pub(super) const NOTICE: u32 = 1;
    pub(super) const REQUESTED: u32 = 1 << 1;
    pub(super) const GIVEN: u32 = 1 << 2;
    pub(super) const CONFIRMED: u32 = 1 << 3;
    pub(super) const NO: u32 = 1 << 4;
    pub(super) const OBJECTION: u32 = 1 << 5;
    pub(super) const OBJECTION_REJECTED: u32 = 1 << 6;
    pub(super) const RESTRICTION: u32 = 1 << 7;
    pub(super) const RESTRICTION_LIFTED: u32 = 1 << 8;
    pub(super) const ERASURE: u32 = 1 << 9;
    pub(super) const RECTIFIED: u32 = 1 << 10;
    pub(super) const COLLECTED: u32 = 1 << 11;
    pub(super) const IMPORTED: u32 = 1 << 12;
    pub(super) const OPT_OUT: u32 = 1 << 13;
    pub(super) const OPT_IN: u32 = 1 << 14;
    pub(super) const SIGNAL: u32 = 1 << 15;
    pub(super) const PURCHASE: u32 = 1 << 16;
    pub(super) const ACTIVITY: u32 = 1 << 17;
    pub(super) const IDENTITY: u32 = 1 << 18;
}

/// One customer's entry in a ledger.
#[derive(Clone, Copy)]
pub(super) struct History<'a> {
    ledger: &'a Ledger,
    entry: &'a Entry,
}

impl<'a> History<'a> {
    pub(super) const fn new(ledger: &'a Ledger, entry: &'a Entry) -> Self {
        Self { ledger, entry }
    }

    /// Whether the customer is known apart from any event.
    pub(super) const fn is_described(self) -> bool {
        self.entry.described
    }

    pub(super) const fn birth_date(self) -> Option<Date> {
        self.entry.birth_date
    }

    pub(super) fn residence(self) -> Option<&'a Residence> {
        self.ledger.residences.get_index(self.entry.residence as usize)
    }

    /// The kinds of events that occur at all.
    pub(super) const fn kinds(self) -> u32 {
        self.entry.kinds
    }

    pub(super) fn held(self) -> &'a [Held] {
        &self.entry.events
    }

    pub(super) fn kind(self, held: Held) -> Option<&'a EventKind> {
        self.ledger.kinds.get_index(held.kind as usize)
    }

    pub(super) fn profile_code(self, name: &str) -> Option<u32> {
        // Codes count from 1; 0 is an event without a profile.
        self.ledger.profiles.get_index_of(name).map(|index| index as u32 + 1)
    }
}

/// The events of a customer that count for one request.
pub(super) struct Visible<'a> {
    history: History<'a>,
    at: Timestamp,
    known_at: Option<Timestamp>,
    /// Codes of the profiles whose events count besides those without a profile; `None` for all.
    profiles: Option<Vec<u32>>,
    /// Grants and what goes with them count only after this completed erasure.
    pub(super) void_until: Option<Timestamp>,
}

impl<'a> Visible<'a> {
    pub(super) fn new(history: History<'a>, at: Timestamp, known_at: Option<Timestamp>, profile: Option<&str>) -> Self {
        let mut visible = Self { history, at, known_at, profiles: None, void_until: None };
        if let Some(profile) = profile {
            visible.profiles = Some(visible.linked_to(profile));
        }
        visible
    }

    pub(super) const fn history(&self) -> History<'a> {
        self.history
    }

    /// Whether an event of one of the kinds occurs in the history, visible or not.
    pub(super) const fn may_hold(&self, kinds: u32) -> bool {
        self.history.kinds() & kinds != 0
    }

    /// The visible events of some kinds, in no order; nothing is looked at if none of them ever occurred.
    pub(super) fn events(&self, kinds: u32) -> impl Iterator<Item = (Timestamp, &'a EventKind)> + '_ {
        let held: &[Held] = if self.may_hold(kinds) { self.history.held() } else { &[] };
        held.iter()
            .filter(|held| self.sees(held))
            .filter_map(|held| Some((held.at, self.history.kind(*held)?)))
            .filter(move |(_, kind)| kind.bit() & kinds != 0)
            .filter(|(at, kind)| self.void_until.is_none_or(|until| *at > until || !kind.is_void_after_erasure()))
    }

    /// The time of the newest visible event for which `matches`.
    pub(super) fn newest(&self, kinds: u32, mut matches: impl FnMut(&EventKind) -> bool) -> Option<Timestamp> {
        self.events(kinds).filter(|(_, kind)| matches(kind)).map(|(at, _)| at).max()
    }

    pub(super) fn any(&self, kinds: u32, mut matches: impl FnMut(&EventKind) -> bool) -> bool {
        self.events(kinds).any(|(_, kind)| matches(kind))
    }

    /// Whether any event is visible.
    pub(super) fn is_empty(&self) -> bool {
        !self.history.held().iter().any(|held| self.sees(held))
    }

    fn sees(&self, held: &Held) -> bool {
        held.at <= self.at
            && self.known_at.is_none_or(|known_at| held.recorded_at <= known_at)
            && (held.profile == 0 || self.profiles.as_ref().is_none_or(|profiles| profiles.contains(&held.profile)))
    }

    /// The profiles that visible merges link to one, directly or over others, and no later split has parted.
    fn linked_to(&self, profile: &str) -> Vec<u32> {
        let mut names = vec![profile];
        let identities: Vec<(Timestamp, &EventKind)> = if self.may_hold(Kinds::IDENTITY) {
            // Merges and splits are seen whatever profile they were recorded under.
            let timely =
                |held: &&Held| held.at <= self.at && self.known_at.is_none_or(|known_at| held.recorded_at <= known_at);
            let held = self.history.held().iter().filter(timely);
            held.filter_map(|held| Some((held.at, self.history.kind(*held)?))).collect()
        } else {
            Vec::new()
        };
        let mut next = 0;
        while let Some(&name) = names.get(next) {
            next += 1;
            for (merged_at, kind) in &identities {
                let EventKind::IdentitiesMerged { profiles } = kind else { continue };
                if !holds(profiles, name) {
                    continue;
                }
                for other in profiles.iter() {
                    let parted = identities.iter().any(|(split_at, kind)| match kind {
                        EventKind::IdentitiesSplit { profiles } => {
                            split_at > merged_at && holds(profiles, name) && holds(profiles, other)
                        }
                        _ => false,
                    });
                    if !parted && !names.contains(&&**other) {
                        names.push(other);
                    }
                }
            }
        }
        names.iter().filter_map(|name| self.history.profile_code(name)).collect()
    }
}

/// Whether a list holds a name.
pub(super) fn holds(list: &[Box<str>], wanted: &str) -> bool {
    list.iter().any(|entry| &**entry == wanted)
}
