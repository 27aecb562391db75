//! Events of an import as they are gathered.

use std::collections::HashSet;

use super::object::Fault;
use super::word::Word;
use super::{Import, ImportProblem, Imported, Importer};
use crate::consent::{Event, EventKind, Grant, Purpose, Purposes, Statement};
use crate::time::Timestamp;

/// Events of an import as they are gathered.
pub(super) struct Batch<'a> {
    importer: &'a Importer,
    seen: HashSet<Box<str>>,
    items: Vec<Imported>,
}

/// What a source says of one purpose, beside the word itself.
#[derive(Clone, Copy, Default)]
pub(super) struct Proof<'a> {
    pub(super) notice_version: Option<&'a str>,
    pub(super) method: Option<&'a str>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(importer: &'a Importer) -> Self {
        Self { importer, seen: HashSet::new(), items: Vec::new() }
    }

    pub(super) fn finish(self) -> Import {
        Import { items: self.items }
    }

    /// Notes where a customer came from, once for each import.
    pub(super) fn know(&mut self, customer: &str) {
        if self.seen.insert(customer.into()) {
            let kind = EventKind::Imported { source: Some(self.importer.source.clone()) };
            self.push(customer, self.importer.imported_at, kind);
        }
    }

    /// Refuses what the source dates after the import: a no that is not yet visible would not count.
    pub(super) fn timely(&self, key: &str, at: Timestamp) -> Result<Timestamp, Fault> {
        if at > self.importer.imported_at {
            return Err(Fault::of_key(key, ImportProblem::LaterThanImport));
        }
        Ok(at)
    }

    /// Adds what was said about a purpose; *never asked* adds nothing.
    pub(super) fn say(&mut self, customer: &str, at: Timestamp, purpose: &Purpose, word: Word, proof: Proof<'_>) {
        self.know(customer);
        let statement = |by: Option<&str>| Statement {
            purposes: Purposes::from(purpose),
            notice_version: proof.notice_version.map(Box::from),
            method: proof.method.map(Box::from),
            by: by.map(Box::from),
        };
        let grant = |affirmative| Grant {
            purposes: Purposes::from(purpose),
            notice_version: proof.notice_version.map(Box::from),
            method: proof.method.map(Box::from),
            affirmative,
            by: Some("self".into()),
            ..Grant::unproven()
        };
        let kind = match word {
            Word::Never => return,
            Word::Asked => EventKind::ConsentRequested(statement(None)),
            Word::Given => EventKind::ConsentGiven(Box::new(grant(Some(true)))),
            Word::Unclear => EventKind::ConsentGiven(Box::new(grant(None))),
            Word::Refused => EventKind::ConsentRefused(statement(None)),
            Word::Withdrawn => EventKind::ConsentWithdrawn(statement(None)),
            Word::Lapsed => EventKind::ConsentInvalidated(statement(Some("controller"))),
        };
        self.push(customer, at, kind);
    }

    /// Adds an event of a customer who was noted before.
    pub(super) fn push(&mut self, customer: &str, at: Timestamp, kind: EventKind) {
        let event = Event::new(at, kind).with_recorded_at(self.importer.imported_at);
        self.items.push(Imported { customer: customer.into(), event });
    }
}
