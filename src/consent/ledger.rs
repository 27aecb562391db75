//! Who said what, when.

use std::fmt;

use indexmap::{IndexMap, IndexSet};

use super::jurisdiction::Place;
use super::{ConsentError, Event, EventKind, Request};
use crate::record::Customers;
use crate::time::{Date, Timestamp};

/// What customers said about the use of their data: events, appended and never changed.
///
/// White space around a customer's id is no part of it. In which order events arrive never matters: they are judged by the time they took effect. Appending the same
/// event twice changes no decision; this version keeps no event ids, so it does not notice the repetition.
///
/// # Privacy
/// Redacted `Debug`, neither `Display` nor `Serialize`. Free text of events is not kept.
///
/// # Complexity
/// 24 bytes an event and one entry a customer; equal statements are held once.
///
/// # Examples
/// ```
/// use consentric::consent::{decide, Activity, Event, Ledger, Purpose, Reason, Request};
/// use consentric::time::Timestamp;
/// let purpose = Purpose::parse("segmentation_marketing")?;
/// let mut ledger = Ledger::new();
/// ledger.append("anna", Event::withdrawn(Timestamp::parse("2026-03-01T00:00:00Z")?, &purpose))?;
/// ledger.append("anna", Event::given(Timestamp::parse("2026-01-01T00:00:00Z")?, &purpose, "v1", "web_form"))?;
///
/// let activity = Activity::new(purpose);
/// let at = Timestamp::parse("2026-06-01T00:00:00Z")?;
/// let decision = decide(&ledger, "anna", &Request::segment(&activity, at));
/// assert_eq!(decision.reason(), Reason::ConsentWithdrawn);
/// assert!(!decision.is_allow());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Ledger {
    entries: IndexMap<Box<str>, Entry>,
    /// Every different statement once: most events of a ledger repeat a handful.
    kinds: IndexSet<EventKind>,
    /// Every different set of places once; the first is the empty one.
    places: IndexSet<Box<[Place]>>,
    n_events: u64,
    /// Whether the events were made up.
    simulated: bool,
}

/// What is held of one customer.
#[derive(Clone, Default)]
pub(super) struct Entry {
    events: Vec<Held>,
    places: u32,
    birth_date: Option<Date>,
    /// Known apart from any event.
    described: bool,
}

/// An event with its kind as a code.
#[derive(Clone, Copy)]
struct Held {
    at: Timestamp,
    recorded_at: Timestamp,
    kind: u32,
}

/// What a decision sees of one customer.
#[derive(Clone, Copy)]
pub(super) struct History<'a> {
    ledger: &'a Ledger,
    entry: &'a Entry,
}

impl Ledger {
    /// Gives a ledger in which nobody said anything, so that everybody is refused.
    pub fn new() -> Self {
        let places = IndexSet::from([Box::default()]);
        Self { entries: IndexMap::new(), kinds: IndexSet::new(), places, n_events: 0, simulated: false }
    }

    /// Adds an event of a customer, who is known from then on.
    ///
    /// # Errors
    /// [`ConsentError::EmptyCustomer`]; [`ConsentError::TooLarge`] above 2^32 - 1 different statements.
    ///
    /// # Complexity
    /// `O(1)` amortised.
    pub fn append(&mut self, customer: &str, event: Event) -> Result<(), ConsentError> {
        let kind = code(self.kinds.insert_full(event.kind).0, "different consent statements")?;
        let events = &mut self.entry_mut(customer)?.events;
        // Most customers have one to three events: grow by one as long as that is cheap.
        if events.len() == events.capacity() && events.len() < 4 {
            events.reserve_exact(1);
        }
        events.push(Held { at: event.at, recorded_at: event.recorded_at, kind });
        self.n_events += 1;
        Ok(())
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
    /// [`ConsentError::TooLarge`] above 2^32 - 1 different lists of jurisdictions.
    pub fn describe(&mut self, customer: &str, subject: &Subject) -> Result<(), ConsentError> {
        let mut places = subject.places.clone();
        places.sort_unstable();
        places.dedup();
        let places = code(self.places.insert_full(places.into()).0, "different lists of jurisdictions")?;
        let entry = self.entry_mut(customer)?;
        if places != 0 {
            if entry.places != 0 && entry.places != places {
                return Err(ConsentError::Conflict { key: "jurisdiction" });
            }
            entry.places = places;
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
        self.entries.get(customer.trim()).map(|entry| History { ledger: self, entry })
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
        let customer = customer.trim();
        if customer.is_empty() {
            return Err(ConsentError::EmptyCustomer);
        }
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

impl<'a> History<'a> {
    /// The events that took effect by the request's time and had reached us by its knowledge, in no order.
    pub(super) fn visible(self, request: &Request<'_>) -> impl Iterator<Item = (Timestamp, &'a EventKind)> + use<'a> {
        let (at, known_at) = (request.at(), request.known_at());
        self.entry
            .events
            .iter()
            .filter(move |event| event.at <= at && known_at.is_none_or(|known_at| event.recorded_at <= known_at))
            .filter_map(move |event| Some((event.at, self.ledger.kinds.get_index(event.kind as usize)?)))
    }

    /// Whether the customer is known apart from any event.
    pub(super) const fn is_described(self) -> bool {
        self.entry.described
    }

    pub(super) const fn birth_date(self) -> Option<Date> {
        self.entry.birth_date
    }

    /// All places whose law applies; empty if not known.
    pub(super) fn places(self) -> &'a [Place] {
        // A code that is not there cannot be; read as a law that is not shipped.
        self.ledger.places.get_index(self.entry.places as usize).map_or(&[Place::Unsupported], |places| places)
    }
}

/// Where a customer lives and when he was born, as far as known.
///
/// # Privacy
/// Redacted `Debug`, not serialisable.
#[derive(Clone, Default)]
#[must_use]
pub struct Subject {
    pub(super) places: Vec<Place>,
    pub(super) birth_date: Option<Date>,
}

impl Subject {
    /// Gives a customer of whom nothing is known; the strictest rules hold.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a jurisdiction by its ISO 3166 code, such as `DE` or `US-CA`; of several the strictest rule holds.
    ///
    /// A code whose law is not shipped is taken, and denies every decision with `UNKNOWN_JURISDICTION`.
    pub fn with_jurisdiction(mut self, code: &str) -> Self {
        self.places.push(Place::of_code(code));
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
