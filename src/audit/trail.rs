//! The events of a run in their order.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::event::{Action, AuditEvent, Outcome};
use super::tree;
use crate::time::Timestamp;

/// The audit events of a run, in the order in which things were done.
///
/// # Privacy
/// Counts and column names only. Counts may be smaller than the release threshold: the trail is for the controller's
/// own records, not for publication.
#[derive(Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct AuditTrail {
    events: Vec<AuditEvent>,
    #[serde(skip)]
    actor: String,
}

/// The root of the Merkle tree over a trail; shown as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root([u8; 32]);

impl AuditTrail {
    pub(crate) fn new(actor: &str) -> Self {
        Self { events: Vec::new(), actor: actor.to_owned() }
    }

    #[expect(clippy::expect_used, reason = "the event asked for was pushed on the line before")]
    pub(crate) fn push(&mut self, at: Timestamp, action: Action, purpose: &str, outcome: Outcome) -> &mut AuditEvent {
        let seq = self.events.len();
        self.events.push(AuditEvent {
            seq: seq as u64,
            at,
            actor: self.actor.clone(),
            action,
            purpose: purpose.to_owned(),
            outcome,
            detail: String::new(),
            counts: BTreeMap::new(),
            columns: Vec::new(),
        });
        self.events.last_mut().expect("pushed on the line above")
    }

    /// Gives the events in their order.
    pub fn events(&self) -> &[AuditEvent] {
        &self.events
    }

    /// Gives the trail as far as it may be published: every count is left out but those of `shown` in the consent event.
    ///
    /// The root of this trail stands in released files. The full root must not: whoever knows its few small counts up
    /// to one can find that one by trying.
    pub fn published(&self, shown: &BTreeMap<String, u64>) -> Self {
        let mut published = self.clone();
        for event in &mut published.events {
            event.counts.clear();
            if event.action == Action::Consent {
                event.counts.clone_from(shown);
            }
        }
        published
    }

    /// Gives the root of the Merkle tree over the events.
    ///
    /// # Complexity
    /// `O(n)` hashes for `n` events.
    ///
    /// # References
    /// RFC 6962 section 2.1.
    pub fn root(&self) -> Root {
        let leaves: Vec<[u8; 32]> = self.events.iter().map(|event| tree::leaf(&event.entry())).collect();
        Root(tree::root(&leaves))
    }
}

impl fmt::Debug for AuditTrail {
    // PRIVACY: counts may be small, so only the number of events shows; `Display` spells them out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditTrail({} events)", self.events.len())
    }
}

impl fmt::Display for AuditTrail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for event in &self.events {
            let action = match event.action {
                Action::Consent => "consent",
                Action::Protect => "protect",
                Action::Features => "features",
                Action::Segment => "segment",
                Action::Release => "release",
                Action::Dangerous => "dangerous",
            };
            let outcome = match event.outcome {
                Outcome::None => "",
                Outcome::Allow => " allowed",
                Outcome::Deny => " denied",
            };
            write!(f, "{} {action}{outcome} for {}", event.seq, event.purpose)?;
            if !event.detail.is_empty() {
                write!(f, ": {}", event.detail)?;
            }
            for (name, count) in &event.counts {
                write!(f, " {name}={count}")?;
            }
            if !event.columns.is_empty() {
                write!(f, " [{}]", event.columns.join(", "))?;
            }
            writeln!(f)?;
        }
        write!(f, "root {}", self.root())
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_to_an_event_changes_the_root() {
        let mut trail = AuditTrail::new("run");
        let at = Timestamp::from_micros(0);
        trail.push(at, Action::Consent, "newsletter", Outcome::Allow).counts.insert("NO_CONSENT".to_owned(), 3);
        let before = trail.root();
        let mut other = trail.clone();
        other.events[0].counts.insert("NO_CONSENT".to_owned(), 4);
        assert_ne!(before, other.root());
        assert_eq!(before, trail.root());
    }
}
