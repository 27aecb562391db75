//! Ledger, register and the answers compiled from them.

use super::block::{Asked, Block, SIZE};
use super::due::{Clock, NEVER};
use crate::consent::ConsentError;
use crate::consent::decide::Resolved;
use crate::consent::{Event, Ledger, Question, Reason, Register};
use crate::time::Timestamp;

/// Everything behind one lock: whoever reads sees the answers of one ledger, whole.
// INVARIANT: block `b` holds the customers `b * SIZE ..` of the ledger; an answer holds from `as_of` up to its
// customer's due instant; every change of the ledger goes through `append`.
pub(super) struct State {
    pub(super) ledger: Ledger,
    pub(super) register: Register,
    pub(super) questions: Vec<Question>,
    pub(super) clock: Clock,
    pub(super) blocks: Vec<Block>,
    pub(super) built_at: Timestamp,
    /// The latest instant for which the answers were brought up to date.
    pub(super) as_of: Timestamp,
    first_due: Timestamp,
    /// The customers of all appends and when what was appended took effect, in order; its length is the epoch.
    pub(super) changes: Vec<(u32, Timestamp)>,
    /// Epoch of the last change of the register.
    pub(super) rebuilt: u64,
}

impl State {
    pub(super) fn build(ledger: Ledger, register: Register, questions: Vec<Question>, at: Timestamp) -> Self {
        let clock = Clock::of(&register, &questions);
        let mut state = Self {
            ledger,
            register,
            questions,
            clock,
            blocks: Vec::new(),
            built_at: at,
            as_of: at,
            first_due: NEVER,
            changes: Vec::new(),
            rebuilt: 0,
        };
        state.rebuild();
        state
    }

    pub(super) fn rebuild(&mut self) {
        let n = self.ledger.n_customers();
        let n_questions = self.questions.len();
        let resolved = Resolved::all(&self.questions, &self.register);
        let asked = Asked {
            ledger: &self.ledger,
            register: &self.register,
            questions: &resolved,
            clock: &self.clock,
            at: self.as_of,
        };
        let make = |number: usize| {
            let mut block = Block::empty(n_questions);
            let base = number * SIZE;
            for place in 0..SIZE.min(n - base) {
                block.push(n_questions);
                block.decide(place, base + place, &asked);
            }
            block.settle();
            block
        };
        let blocks = in_order(n.div_ceil(SIZE), make);
        self.blocks = blocks;
        self.first_due = self.blocks.iter().map(|block| block.first_due).min().unwrap_or(NEVER);
    }

    /// Whether every answer holds at the instant.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        now >= self.as_of && now < self.first_due
    }

    /// Brings every answer up to a later instant.
    pub(super) fn refresh(&mut self, now: Timestamp) {
        if now <= self.as_of {
            return;
        }
        self.as_of = now;
        if now < self.first_due {
            return;
        }
        let resolved = Resolved::all(&self.questions, &self.register);
        let asked =
            Asked { ledger: &self.ledger, register: &self.register, questions: &resolved, clock: &self.clock, at: now };
        for (number, block) in self.blocks.iter_mut().enumerate().filter(|(_, block)| block.first_due <= now) {
            block.refresh(number * SIZE, &asked);
        }
        self.first_due = self.blocks.iter().map(|block| block.first_due).min().unwrap_or(NEVER);
    }

    pub(super) fn append(&mut self, customer: &str, event: Event) -> Result<(), ConsentError> {
        let n_questions = self.questions.len();
        // The customer's bits go first: whatever happens next, nothing is allowed on old knowledge.
        if let Some(index) = self.ledger.index_of(customer)
            && let Some(block) = self.blocks.get_mut(index / SIZE)
        {
            block.clear(index % SIZE, n_questions);
        }
        let at = event.at();
        let appended = self.ledger.append(customer, event);
        if let Some(index) = self.ledger.index_of(customer) {
            self.decide_again(index);
            if appended.is_ok() {
                self.changes.push((index as u32, at));
            }
        }
        appended
    }

    /// Decides about a customer again, who may be the first of a new block.
    pub(super) fn decide_again(&mut self, index: usize) {
        let n_questions = self.questions.len();
        let (number, place) = (index / SIZE, index % SIZE);
        while self.blocks.len() <= number {
            self.blocks.push(Block::empty(n_questions));
        }
        let resolved = Resolved::all(&self.questions, &self.register);
        let asked = Asked {
            ledger: &self.ledger,
            register: &self.register,
            questions: &resolved,
            clock: &self.clock,
            at: self.as_of,
        };
        let Some(block) = self.blocks.get_mut(number) else { return };
        while block.len() <= place {
            block.push(n_questions);
        }
        block.decide(place, index, &asked);
        let due = block.due(place);
        // Too early is harmless: whoever is found not to be due is left as he is.
        block.first_due = block.first_due.min(due);
        self.first_due = self.first_due.min(due);
    }

    /// The reason compiled for a customer, if it holds at the instant.
    pub(super) fn reason(&self, index: usize, question: usize, now: Timestamp) -> Option<Reason> {
        let block = self.blocks.get(index / SIZE)?;
        let place = index % SIZE;
        if now < self.as_of || now >= block.due(place) {
            return None;
        }
        block.reason(place, question, self.questions.len())
    }

    pub(super) fn select(&self, question: usize) -> Vec<u32> {
        let n_allowed: Vec<usize> = self.blocks.iter().map(|block| block.n_allowed(question)).collect();
        let mut selected = vec![0; n_allowed.iter().sum()];
        let mut parts = Vec::with_capacity(self.blocks.len());
        let mut rest = selected.as_mut_slice();
        for n in n_allowed {
            let (part, behind) = rest.split_at_mut_checked(n).unwrap_or_default();
            parts.push(part);
            rest = behind;
        }
        for (number, (part, block)) in parts.into_iter().zip(&self.blocks).enumerate() {
            block.write_allowed(question, number * SIZE, part);
        }
        selected
    }
}

/// Makes blocks on threads of its own, in order.
// INVARIANT: nothing here runs on the pool of rayon. The state is behind a lock, and workers of the pool may wait for
// it: work handed to them would wait for ever.
fn in_order(n: usize, make: impl Fn(usize) -> Block + Sync) -> Vec<Block> {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from).min(n.max(1));
    let share = n.div_ceil(n_threads).max(1);
    let make = &make;
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..n_threads)
            .map(|part| {
                let range = (part * share).min(n)..((part + 1) * share).min(n);
                scope.spawn(move || range.map(make).collect::<Vec<Block>>())
            })
            .collect();
        let made: Vec<_> = parts.into_iter().map(|part| part.join()).collect();
        // If a part panicked (in a law of the user's) nobody has an answer: everybody is decided live.
        let whole: Result<Vec<Vec<Block>>, _> = made.into_iter().collect();
        whole.unwrap_or_default().into_iter().flatten().collect()
    })
}
