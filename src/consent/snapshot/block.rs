//! The answers about 4096 customers in a row.

use super::due::{Clock, NEVER};
use crate::consent::decide::Resolved;
use crate::consent::{Ledger, Reason, Register};
use crate::time::Timestamp;

/// Customers of a block; a multiple of the bits of a word.
pub(super) const SIZE: usize = 4_096;
const WORDS: usize = SIZE / 64;

/// The answers about up to [`SIZE`] customers: for each question a column of bits and one of reasons, and for each
/// customer the instant from which they no longer hold.
pub(super) struct Block {
    allowed: Vec<u64>,
    reasons: Vec<Reason>,
    due: Vec<Timestamp>,
    /// The least of `due`.
    pub(super) first_due: Timestamp,
}

impl Block {
    pub(super) fn empty(n_questions: usize) -> Self {
        Self { allowed: vec![0; WORDS * n_questions], reasons: Vec::new(), due: Vec::new(), first_due: NEVER }
    }

    pub(super) fn len(&self) -> usize {
        self.due.len()
    }

    /// Appends the answers about the next customer of the ledger.
    pub(super) fn push(&mut self, n_questions: usize) {
        self.due.push(NEVER);
        self.reasons.resize(self.due.len() * n_questions, Reason::UnknownSubject);
    }

    /// Decides again about the customer at a place.
    pub(super) fn decide(&mut self, place: usize, customer: usize, asked: &Asked<'_>) {
        let n_questions = asked.questions.len();
        self.clear(place, n_questions);
        let Some((_, history)) = asked.ledger.at_index(customer) else { return };
        for (number, question) in asked.questions.iter().enumerate() {
            let reason = question.decide(history, asked.register, asked.at).reason();
            if let Some(slot) = self.reasons.get_mut(place * n_questions + number) {
                *slot = reason;
            }
            if reason.is_allow()
                && let Some(word) = self.allowed.get_mut(number * WORDS + place / 64)
            {
                *word |= 1 << (place % 64);
            }
        }
        let due = asked.clock.next_change(history, asked.register, asked.at);
        if let Some(slot) = self.due.get_mut(place) {
            *slot = due;
        }
    }

    /// Allows nothing to the customer at a place.
    pub(super) fn clear(&mut self, place: usize, n_questions: usize) {
        for number in 0..n_questions {
            if let Some(word) = self.allowed.get_mut(number * WORDS + place / 64) {
                *word &= !(1 << (place % 64));
            }
        }
    }

    /// Decides again about everybody whose answers no longer hold at the instant asked about.
    pub(super) fn refresh(&mut self, base: usize, asked: &Asked<'_>) {
        for place in 0..self.len() {
            if self.due.get(place).is_some_and(|due| *due <= asked.at) {
                self.decide(place, base + place, asked);
            }
        }
        self.settle();
    }

    pub(super) fn settle(&mut self) {
        self.first_due = self.due.iter().copied().min().unwrap_or(NEVER);
    }

    pub(super) fn reason(&self, place: usize, question: usize, n_questions: usize) -> Option<Reason> {
        self.reasons.get(place * n_questions + question).copied()
    }

    pub(super) fn due(&self, place: usize) -> Timestamp {
        self.due.get(place).copied().unwrap_or(NEVER)
    }

    fn column(&self, question: usize) -> &[u64] {
        self.allowed.get(question * WORDS..(question + 1) * WORDS).unwrap_or_default()
    }

    pub(super) fn n_allowed(&self, question: usize) -> usize {
        self.column(question).iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Writes the indices of the allowed, ascending; `out` has their number.
    pub(super) fn write_allowed(&self, question: usize, base: usize, out: &mut [u32]) {
        let mut slots = out.iter_mut();
        for (number, word) in self.column(question).iter().enumerate() {
            let mut rest = *word;
            let first = (base + number * 64) as u32;
            while rest != 0 {
                if let Some(slot) = slots.next() {
                    *slot = first + rest.trailing_zeros();
                }
                rest &= rest - 1;
            }
        }
    }
}

/// What is asked about every customer.
pub(super) struct Asked<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) register: &'a Register,
    pub(super) questions: &'a [Resolved<'a>],
    pub(super) clock: &'a Clock,
    pub(super) at: Timestamp,
}
