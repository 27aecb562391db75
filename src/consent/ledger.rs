//! Who said what, when.

use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::fmt;

use indexmap::{IndexMap, IndexSet};
use sha2::{Digest as _, Sha256};

use super::history::History;
use super::law::LawCode;
use super::residence::Residence;
use super::{ConsentError, Event, EventKind};
use crate::record::Customers;
use crate::time::{Date, Timestamp};

/// What customers said about the use of their data: events, appended and never changed.
///
/// White space around a customer's id is no part of it. In which order events arrive never matters: they are judged by
/// the time they took effect. An event with an id is taken once; without one, a repetition changes no decision.
///
/// # Privacy
/// Redacted `Debug`, neither `Display` nor `Serialize`. Free text of events is not kept.
///
/// # Complexity
/// 24 bytes an event, 32 more if it has an id, and one entry a customer; equal statements are held once.
///
/// # Examples
/// ```
/// use consentric::consent::{Event, Ledger, Purpose, Question, Reason, Register, decide};
/// use consentric::time::Timestamp;
/// let purpose = Purpose::parse("segmentation_marketing")?;
/// let mut ledger = Ledger::new();
/// ledger.append("anna", Event::withdrawn(Timestamp::parse("2026-03-01T00:00:00Z")?, &purpose))?;
/// ledger.append("anna", Event::given(Timestamp::parse("2026-01-01T00:00:00Z")?, &purpose, "v1", "web_form"))?;
///
/// let question = Question::segment(&purpose);
/// let at = Timestamp::parse("2026-06-01T00:00:00Z")?;
/// let decision = decide(&ledger, Register::of_consent(), &question.about("anna", at));
/// assert_eq!(decision.reason(), Reason::ConsentWithdrawn);
/// assert!(!decision.is_allow());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Ledger {
    entries: IndexMap<Box<str>, Entry>,
    /// Every different statement once: most events of a ledger repeat a handful.
    pub(super) kinds: IndexSet<EventKind>,
    /// Every different residence once; the first is the unknown one.
    pub(super) residences: IndexSet<Residence>,
    pub(super) profiles: IndexSet<Box<str>>,
    /// Digest of the content of each event that has an id, by digest of the id.
    seen: HashMap<Digest, Digest>,
    n_events: u64,
    /// Whether the events were made up.
    simulated: bool,
}

/// Half of a SHA-256: two different texts of one digest are not found in practice.
type Digest = [u8; 16];

/// What is held of one customer.
#[derive(Clone, Default)]
pub(super) struct Entry {
    pub(super) events: Vec<Held>,
    pub(super) residence: u32,
    pub(super) birth_date: Option<Date>,
    /// The kinds of events that occur.
    pub(super) kinds: u32,
    /// Known apart from any event.
    pub(super) described: bool,
}

/// An event with its kind and profile as codes.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub(super) at: Timestamp,
    pub(super) recorded_at: Timestamp,
    pub(super) kind: u32,
    /// 0 for none, else one more than the place of the name.
    pub(super) profile: u32,
}

impl Ledger {
    /// Gives a ledger in which nobody said anything, so that everybody is refused.
    pub fn new() -> Self {
        Self {
            entries: IndexMap::new(),
            kinds: IndexSet::new(),
            residences: IndexSet::from([Residence::default()]),
            profiles: IndexSet::new(),
            seen: HashMap::new(),
            n_events: 0,
            simulated: false,
        }
    }

    /// Adds an event of a customer, who is known from then on.
    ///
    /// An event whose id was seen with the same content is not added again.
    ///
    /// # Errors
    /// [`ConsentError::EmptyCustomer`]; [`ConsentError::EventConflict`] if its id was seen with another content or
    /// customer; [`ConsentError::TooLarge`] above 2^32 - 1 different statements.
    ///
    /// # Complexity
    /// `O(1)` amortised.
    pub fn append(&mut self, customer: &str, event: Event) -> Result<(), ConsentError> {
        let customer = customer.trim();
        if customer.is_empty() {
            return Err(ConsentError::EmptyCustomer);
        }
        if self.repeats(customer, &event)? {
            return Ok(());
        }
        let bit = event.kind.bit();
        let profile = match event.profile {
            None => 0,
            Some(name) => code(self.profiles.insert_full(name).0 + 1, "different profiles")?,
        };
        let kind = code(self.kinds.insert_full(event.kind).0, "different consent statements")?;
        let entry = self.entry_mut(customer)?;
        entry.kinds |= bit;
        let events = &mut entry.events;
        // Most customers have one to three events: grow by one as long as that is cheap.
        if events.len() == events.capacity() && events.len() < 4 {
            events.reserve_exact(1);
        }
        events.push(Held { at: event.at, recorded_at: event.recorded_at, kind, profile });
        self.n_events += 1;
        Ok(())
    }

    /// Whether the event was seen before, by its id.
    fn repeats(&mut self, customer: &str, event: &Event) -> Result<bool, ConsentError> {
        let Some(id) = &event.event_id else { return Ok(false) };
        let content = serde_json::to_vec(&(customer, event)).unwrap_or_default();
        let content = digest(&content);
        match self.seen.entry(digest(id.as_bytes())) {
            MapEntry::Occupied(seen) if *seen.get() == content => Ok(true),
            MapEntry::Occupied(_) => Err(ConsentError::EventConflict),
            MapEntry::Vacant(empty) => {
                empty.insert(content);
                Ok(false)
            }
        }
    }

    /// Makes a customer known who was never asked.
    ///
    /// # Errors
    /// [`ConsentError::EmptyCustomer`].
    pub fn know(&mut self, customer: &str) -> Result<(), ConsentError> {
        self.describe(customer, &Subject::new())
    }

    /// Makes a customer known and notes where he lives and when he was born.
    ///
    /// What the subject leaves open does not change what is known.
    ///
    /// # Errors
    /// [`ConsentError::EmptyCustomer`]; [`ConsentError::Conflict`] if something else was noted before;
    /// [`ConsentError::TooLarge`] above 2^32 - 1 different residences.
    pub fn describe(&mut self, customer: &str, subject: &Subject) -> Result<(), ConsentError> {
        let customer = customer.trim();
        if customer.is_empty() {
            return Err(ConsentError::EmptyCustomer);
        }
        let residence = match self.residences.get_index_of(&subject.residence) {
            Some(known) => known,
            None => self.residences.insert_full(subject.residence.clone()).0,
        };
        let residence = code(residence, "different residences")?;
        let entry = self.entry_mut(customer)?;
        if residence != 0 {
            if entry.residence != 0 && entry.residence != residence {
                return Err(ConsentError::Conflict { key: "jurisdiction" });
            }
            entry.residence = residence;
        }
        if let Some(birth_date) = subject.birth_date {
            if entry.birth_date.is_some_and(|known| known != birth_date) {
                return Err(ConsentError::Conflict { key: "birth_date" });
            }
            entry.birth_date = Some(birth_date);
        }
        entry.described = true;
        Ok(())
    }

    /// Marks the events as made up, so that every output says so.
    #[cfg(feature = "synth")]
    pub(crate) fn simulated(mut self) -> Self {
        self.simulated = true;
        self
    }

    /// Says whether the events were made up by a generator.
    pub const fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// Gives the number of known customers.
    pub fn n_customers(&self) -> usize {
        self.entries.len()
    }

    /// Gives the number of events.
    pub const fn n_events(&self) -> u64 {
        self.n_events
    }

    /// Gives the ids of the known customers in the order in which they came.
    ///
    /// # Privacy
    /// The ids are the customers' own.
    pub fn customers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.keys().map(AsRef::as_ref)
    }

    /// Says whether a customer is known.
    pub fn contains(&self, customer: &str) -> bool {
        self.entries.contains_key(customer.trim())
    }

    /// Gives the number of known customers whom the data does not hold.
    ///
    /// # Complexity
    /// `O(m log n)` for `m` known customers and `n` in the data.
    pub fn n_not_in(&self, customers: &Customers) -> u64 {
        self.entries.keys().filter(|customer| !customers.contains(customer)).count() as u64
    }

    /// Says whether a customer said something after `at`.
    ///
    /// # Complexity
    /// `O(n)` for `n` events.
    pub fn has_events_after(&self, at: Timestamp) -> bool {
        self.entries.values().any(|entry| entry.events.iter().any(|event| event.at > at))
    }

    pub(super) fn history(&self, customer: &str) -> Option<History<'_>> {
        self.entries.get(customer.trim()).map(|entry| History::new(self, entry))
    }

    /// The customer's dense index: customers are numbered in the order in which they came.
    pub(super) fn index_of(&self, customer: &str) -> Option<usize> {
        self.entries.get_index_of(customer.trim())
    }

    pub(super) fn at_index(&self, index: usize) -> Option<(&str, History<'_>)> {
        self.entries.get_index(index).map(|(customer, entry)| (&**customer, History::new(self, entry)))
    }

    /// Gives back memory that was reserved for more events.
    pub(super) fn shrink(&mut self) {
        for entry in self.entries.values_mut() {
            entry.events.shrink_to_fit();
        }
        self.entries.shrink_to_fit();
    }

    /// White space around an id is no part of it, as in the record readers: a withdrawal of `7 ` is one of `7`.
    fn entry_mut(&mut self, customer: &str) -> Result<&mut Entry, ConsentError> {
        // Looked up by reference first: the key is only allocated for a new customer.
        let index = match self.entries.get_index_of(customer) {
            Some(index) => index,
            None => self.entries.insert_full(customer.into(), Entry::default()).0,
        };
        match self.entries.get_index_mut(index) {
            Some((_, entry)) => Ok(entry),
            // Found or inserted just above, so the limit is never reported.
            None => Err(ConsentError::TooLarge { what: "customers", limit: u64::from(u32::MAX) }),
        }
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ledger({} customers, {} events)", self.n_customers(), self.n_events)
    }
}

/// Where a customer lives and when he was born, as far as known.
///
/// # Privacy
/// Redacted `Debug`, not serialisable.
#[derive(Clone, Default)]
#[must_use]
pub struct Subject {
    pub(super) residence: Residence,
    pub(super) birth_date: Option<Date>,
}

impl Subject {
    /// Gives a customer of whom nothing is known; the strictest rules hold.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a jurisdiction by its ISO 3166 code, such as `DE` or `US-CA`; of several the strictest rule holds.
    ///
    /// A code whose law is not shipped is taken, and denies every decision with `UNKNOWN_JURISDICTION` unless the
    /// register brings a law for it.
    pub fn with_jurisdiction(mut self, code: &str) -> Self {
        self.residence.add(None, LawCode::parse(code));
        self
    }

    /// Adds a jurisdiction that applies from an instant on, instead of those before.
    pub fn with_jurisdiction_from(mut self, from: Timestamp, code: &str) -> Self {
        self.residence.add(Some(from), LawCode::parse(code));
        self
    }

    /// Notes the date of birth.
    pub const fn with_birth_date(mut self, birth_date: Date) -> Self {
        self.birth_date = Some(birth_date);
        self
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(..)")
    }
}

fn code(index: usize, what: &'static str) -> Result<u32, ConsentError> {
    u32::try_from(index).map_err(|_| ConsentError::TooLarge { what, limit: u64::from(u32::MAX) })
}

fn digest(bytes: &[u8]) -> Digest {
    let whole: [u8; 32] = Sha256::digest(bytes).into();
    let mut half = Digest::default();
    half.copy_from_slice(whole.split_at(16).0);
    half
}
