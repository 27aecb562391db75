//! The snapshot: one door to a ledger that lives.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::due::Clock;
use super::state::State;
use super::watch::Watching;
use crate::consent::decide::decide_history;
use crate::consent::{
    ConsentError, ConsentPolicy, ConsentSource, ConsentWatch, Decision, Event, Ledger, Purpose, Question, Reason,
    Register, Request, Subject, decide,
};
use crate::record::Customers;
use crate::time::Timestamp;

/// A ledger with the answers to some questions compiled to bits: what a service asks on every request.
///
/// Takes the ledger, so that no event passes it by: [`append`](Snapshot::append) returns only after the customer's
/// answers are made anew, and the very next read of any thread sees them. A handle is cheap to clone and may be used from
/// any thread. Answers change with time alone, too (a consent expires, somebody has a birthday, a law comes into force);
/// each customer's are made anew when they are due. A law of one's own whose answers depend on time must say when they
/// change ([`Jurisdiction::next_change`](crate::consent::Jurisdiction::next_change)).
///
/// # Complexity
/// Building: one decision a customer and question, in parallel. Memory beside the ledger: 8 bytes a customer, and 9 bits
/// a customer and question. Selecting: one pass over the bits.
///
/// # Examples
/// ```
/// use consentric::consent::{Event, Ledger, Purpose, Question, Register, Snapshot};
/// use consentric::time::Timestamp;
/// let purpose = Purpose::parse("segmentation_marketing")?;
/// let at = |text: &str| Timestamp::parse(text);
/// let mut ledger = Ledger::new();
/// ledger.append("anna", Event::given(at("2026-01-01T00:00:00Z")?, &purpose, "v1", "web_form"))?;
///
/// let questions = vec![Question::segment(&purpose)];
/// let snapshot = Snapshot::build(ledger, Register::of_consent().clone(), questions, at("2026-02-01T00:00:00Z")?)?;
/// assert!(snapshot.allows("anna", 0, at("2026-02-01T00:00:00Z")?)?);
/// snapshot.append("anna", Event::withdrawn(at("2026-02-01T00:00:00Z")?, &purpose))?;
/// assert!(!snapshot.allows("anna", 0, at("2026-02-01T00:00:00Z")?)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Snapshot {
    state: Arc<RwLock<State>>,
}

impl Snapshot {
    /// Compiles the answers to the questions as of an instant.
    ///
    /// # Errors
    /// [`ConsentError::Questions`] without a question, or with more than 64.
    pub fn build(
        ledger: Ledger,
        register: Register,
        questions: Vec<Question>,
        at: Timestamp,
    ) -> Result<Self, ConsentError> {
        if questions.is_empty() || questions.len() > MAX_QUESTIONS {
            return Err(ConsentError::Questions { n: questions.len(), limit: MAX_QUESTIONS });
        }
        Ok(Self { state: Arc::new(RwLock::new(State::build(ledger, register, questions, at))) })
    }

    /// Adds an event; the next read of any thread sees what it changes.
    ///
    /// # Errors
    /// Those of [`Ledger::append`].
    ///
    /// # Complexity
    /// One decision a question.
    pub fn append(&self, customer: &str, event: Event) -> Result<(), ConsentError> {
        self.write().append(customer, event)
    }

    /// Notes where a customer lives and when he was born.
    ///
    /// # Errors
    /// Those of [`Ledger::describe`].
    pub fn describe(&self, customer: &str, subject: &Subject) -> Result<(), ConsentError> {
        let mut state = self.write();
        state.ledger.describe(customer, subject)?;
        if let Some(index) = state.ledger.index_of(customer) {
            state.decide_again(index);
            let at = state.as_of;
            state.changes.push((index as u32, at));
        }
        Ok(())
    }

    /// Puts another register in place of the present one and makes all answers anew.
    pub fn set_register(&self, register: Register) {
        let mut state = self.write();
        state.clock = Clock::of(&register, &state.questions);
        state.register = register;
        state.rebuild();
        state.rebuilt = state.changes.len() as u64 + 1;
        // The change counts as one, so that the epoch moves on; nobody has this index.
        let at = state.as_of;
        state.changes.push((u32::MAX, at));
    }

    /// Says whether a customer is allowed what a question asks, by its number from 0.
    ///
    /// # Errors
    /// [`ConsentError::BeforeSnapshot`] before the instant for which the snapshot was built;
    /// [`ConsentError::NoQuestion`] for a number beyond the questions.
    ///
    /// # Complexity
    /// One look-up and one byte; a decision if the customer's answers are due.
    pub fn allows(&self, customer: &str, question: usize, now: Timestamp) -> Result<bool, ConsentError> {
        self.reason_for(customer, question, now).map(Reason::is_allow)
    }

    /// Gives the reason of the answer to a question about a customer.
    ///
    /// # Errors
    /// Those of [`allows`](Snapshot::allows).
    pub fn reason_for(&self, customer: &str, question: usize, now: Timestamp) -> Result<Reason, ConsentError> {
        let state = self.read();
        let asked = self.check(&state, question, now)?;
        Ok(reason_of(&state, customer, question, &asked, now))
    }

    /// Gives the numbers of all customers who are allowed what a question asks, ascending; customers are numbered from 0
    /// in the order in which the ledger came to know them.
    ///
    /// # Errors
    /// Those of [`allows`](Snapshot::allows).
    ///
    /// # Complexity
    /// One pass over a bit a customer, after the answers that are due were made anew.
    pub fn select(&self, question: usize, now: Timestamp) -> Result<Vec<u32>, ConsentError> {
        let state = self.fresh(now);
        let asked = self.check(&state, question, now)?;
        if state.is_fresh(now) {
            return Ok(state.select(question));
        }
        // Somebody asked about a later instant before: the past is decided anew.
        let n = state.ledger.n_customers();
        let allowed = |index: &usize| {
            state.ledger.at_index(*index).is_some_and(|(customer, history)| {
                decide_history(history, &state.register, &asked.about(customer, now)).is_allow()
            })
        };
        Ok((0..n).filter(allowed).map(|index| index as u32).collect())
    }

    /// Counts what has changed so far; every append and every change of the register moves it on.
    pub fn epoch(&self) -> u64 {
        self.read().changes.len() as u64
    }

    /// Gives what the ledger gives to `read`, such as the number of its customers.
    pub fn with_ledger<R>(&self, read: impl FnOnce(&Ledger) -> R) -> R {
        read(&self.read().ledger)
    }

    /// Decides about any request, compiled or not.
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        let state = self.read();
        decide(&state.ledger, &state.register, request)
    }

    fn check(&self, state: &State, question: usize, now: Timestamp) -> Result<Question, ConsentError> {
        if now < state.built_at {
            return Err(ConsentError::BeforeSnapshot { built_at: state.built_at });
        }
        let n = state.questions.len();
        state.questions.get(question).cloned().ok_or(ConsentError::NoQuestion { number: question, n })
    }

    /// A state whose answers hold at the instant, unless it lies before what was asked already.
    fn fresh(&self, now: Timestamp) -> RwLockReadGuard<'_, State> {
        let state = self.read();
        if now < state.as_of || state.is_fresh(now) {
            return state;
        }
        drop(state);
        self.write().refresh(now);
        self.read()
    }

    // A thread that panicked elsewhere while holding the lock left a state in which answers may be missing, which deny:
    // bits are cleared first and set last.
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reason_of(state: &State, customer: &str, question: usize, asked: &Question, now: Timestamp) -> Reason {
    let Some(index) = state.ledger.index_of(customer) else { return Reason::UnknownSubject };
    state
        .reason(index, question, now)
        .unwrap_or_else(|| decide(&state.ledger, &state.register, &asked.about(customer, now)).reason())
}

impl ConsentPolicy for Snapshot {
    fn decide(&self, request: &Request<'_>) -> Decision {
        Snapshot::decide(self, request)
    }

    fn reason(&self, request: &Request<'_>) -> Option<Reason> {
        let state = self.read();
        let compiled = request.known_at.is_none() && request.profile.is_none() && request.at >= state.built_at;
        let number = state.questions.iter().position(|question| question == request.question);
        match number.filter(|_| compiled) {
            Some(number) => Some(reason_of(&state, request.customer, number, request.question, request.at)),
            None => Some(decide(&state.ledger, &state.register, request).reason()),
        }
    }

    fn allowed_categories(&self, purpose: &Purpose) -> Option<Vec<String>> {
        let state = self.read();
        let allowed = state.register.activity(purpose)?.allowed_categories()?;
        Some(allowed.map(str::to_owned).collect())
    }

    fn source(&self) -> ConsentSource<'_> {
        if self.read().ledger.is_simulated() { ConsentSource::Simulated } else { ConsentSource::Events }
    }

    fn has_later_events(&self, at: Timestamp) -> bool {
        self.read().ledger.has_events_after(at)
    }

    fn n_not_in(&self, customers: &Customers) -> u64 {
        self.read().ledger.n_not_in(customers)
    }

    fn epoch(&self) -> u64 {
        Snapshot::epoch(self)
    }

    fn watch(
        &self,
        epoch: u64,
        question: &Question,
        at: Timestamp,
        customers: &mut dyn Iterator<Item = &str>,
    ) -> Option<Arc<dyn ConsentWatch>> {
        let state = self.read();
        let mut indices: Vec<u32> =
            customers.filter_map(|customer| state.ledger.index_of(customer)).map(|index| index as u32).collect();
        indices.sort_unstable();
        drop(state);
        Some(Arc::new(Watching { snapshot: self.clone(), question: question.clone(), at, epoch, customers: indices }))
    }
}

impl Snapshot {
    /// How many of the customers were touched since an epoch and are denied now.
    pub(super) fn n_denied_since(&self, epoch: u64, question: &Question, at: Timestamp, customers: &[u32]) -> u64 {
        let state = self.read();
        let denied = |index: u32, at: Timestamp| {
            state.ledger.at_index(index as usize).is_none_or(|(customer, history)| {
                !decide_history(history, &state.register, &question.about(customer, at)).is_allow()
            })
        };
        if state.rebuilt > epoch {
            return customers.iter().filter(|index| denied(**index, at)).count() as u64;
        }
        let since = usize::try_from(epoch).unwrap_or(usize::MAX);
        // What was said since counts, also if it took effect after the instant for which the run asked.
        let mut latest: BTreeMap<u32, Timestamp> = BTreeMap::new();
        for (index, changed_at) in state.changes.get(since..).unwrap_or_default() {
            if customers.binary_search(index).is_ok() {
                let latest = latest.entry(*index).or_insert(at);
                *latest = (*latest).max(*changed_at);
            }
        }
        latest.into_iter().filter(|(index, at)| denied(*index, *at)).count() as u64
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.read();
        write!(f, "Snapshot({} customers, {} questions)", state.ledger.n_customers(), state.questions.len())
    }
}

const MAX_QUESTIONS: usize = 64;
