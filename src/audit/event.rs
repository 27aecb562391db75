//! One thing that was done.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::time::Timestamp;

/// What was done; the codes are stable and only ever added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Customers were judged for a purpose.
    Consent,
    /// Identifiers became pseudonyms, undeclared columns were dropped.
    Protect,
    /// Features were computed.
    Features,
    /// Customers were segmented.
    Segment,
    /// Aggregates were released, or refused.
    Release,
    /// A protection was switched off by name.
    Dangerous,
}

/// What came of it. Closed: a decision has no third outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// There was nothing to decide.
    None,
    /// Allowed.
    Allow,
    /// Denied.
    Deny,
}

/// One thing that was done, with counts and column names.
///
/// # Privacy
/// Has no field for a value of a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AuditEvent {
    /// Place in the trail, from 0.
    pub seq: u64,
    /// The time of the run, as its caller gave it.
    pub at: Timestamp,
    /// Who acted.
    pub actor: String,
    /// What was done.
    pub action: Action,
    /// For which purpose.
    pub purpose: String,
    /// What came of it. Closed: a decision has no third outcome.
    pub outcome: Outcome,
    /// In words, such as a reason code or the setting that was switched off.
    pub detail: String,
    /// Counts by name.
    pub counts: BTreeMap<String, u64>,
    /// Names of columns or features concerned.
    pub columns: Vec<String>,
}

impl Action {
    const fn code(self) -> u16 {
        match self {
            Self::Consent => 1,
            Self::Protect => 2,
            Self::Features => 3,
            Self::Segment => 4,
            Self::Release => 5,
            Self::Dangerous => 6,
        }
    }
}

impl Outcome {
    pub(crate) const fn of(allowed: bool) -> Self {
        if allowed { Self::Allow } else { Self::Deny }
    }

    const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Allow => 1,
            Self::Deny => 2,
        }
    }
}

impl AuditEvent {
    /// The canonical bytes that are hashed: fixed order, big endian, texts with their length before them.
    ///
    /// Reason, policy hash and subject tag are zero: this trail keeps counts, not single decisions. What it keeps is in
    /// the payload, whose digest is part of the entry.
    pub(super) fn entry(&self) -> Vec<u8> {
        let mut payload = Sha256::new();
        let mut text = |text: &str| {
            payload.update((text.len() as u64).to_be_bytes());
            payload.update(text.as_bytes());
        };
        // Every list says how long it is, so that no two payloads have the same bytes.
        text(&self.detail);
        text(&self.counts.len().to_string());
        for (name, count) in &self.counts {
            text(name);
            text(&count.to_string());
        }
        text(&self.columns.len().to_string());
        for column in &self.columns {
            text(column);
        }
        let empty = self.detail.is_empty() && self.counts.is_empty() && self.columns.is_empty();
        let payload: [u8; 32] = if empty { Sha256::digest([]).into() } else { payload.finalize().into() };
        entry_bytes(self.seq, self.at, &self.actor, self.action.code(), &self.purpose, self.outcome.code(), 0, &payload)
    }
}

#[expect(clippy::too_many_arguments, reason = "the fields of the entry in their fixed order, called from one place")]
fn entry_bytes(
    seq: u64,
    at: Timestamp,
    actor: &str,
    action: u16,
    purpose: &str,
    outcome: u8,
    reason: u16,
    payload: &[u8; 32],
) -> Vec<u8> {
    let mut bytes = vec![1u8];
    let short_text = |bytes: &mut Vec<u8>, text: &str| {
        // A longer name is cut at the limit of its length field, between two characters.
        let mut end = text.len().min(usize::from(u16::MAX));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let cut = text.get(..end).unwrap_or_default();
        bytes.extend((cut.len() as u16).to_be_bytes());
        bytes.extend(cut.as_bytes());
    };
    bytes.extend(seq.to_be_bytes());
    bytes.extend(at.as_micros().to_be_bytes());
    short_text(&mut bytes, actor);
    bytes.extend(action.to_be_bytes());
    short_text(&mut bytes, purpose);
    bytes.push(outcome);
    bytes.extend(reason.to_be_bytes());
    bytes.extend([0; 64]);
    bytes.extend(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::tree::leaf;
    use super::*;

    #[test]
    fn an_entry_hashes_to_the_published_vector() {
        let at = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        let empty: [u8; 32] = Sha256::digest([]).into();
        let bytes = entry_bytes(0, at, "svc:shop", 1, "newsletter", 2, 1, &empty);
        assert_eq!(bytes.len(), 140);
        let hex: String = leaf(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "67364ea3ed9ea58cd704c33144c59c44d7262e866cab033a1c495238bbb64a3d");
    }
}
