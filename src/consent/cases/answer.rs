//! What is answered to one line.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::consent::decision::{Decision, serialize_fields};
use crate::consent::{PolicyHash, Reason};

/// What is answered to one line; serialises to one JSON object.
#[derive(Clone, Debug)]
#[must_use]
pub struct Answer {
    pub(super) id: Value,
    pub(super) line: u64,
    pub(super) outcome: Outcome,
    /// Keys nobody knows, each once.
    pub(super) unknown_keys: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Decided(Decision),
    /// A case that could not be read.
    Unreadable {
        error: String,
        policy_hash: PolicyHash,
    },
    /// No case at all.
    Malformed {
        error: String,
    },
}

impl Answer {
    /// Gives the reason.
    pub const fn reason(&self) -> Reason {
        match &self.outcome {
            Outcome::Decided(decision) => decision.reason(),
            Outcome::Unreadable { .. } | Outcome::Malformed { .. } => Reason::Unreadable,
        }
    }

    /// Says whether the operation is allowed.
    pub const fn is_allow(&self) -> bool {
        self.reason().is_allow()
    }

    /// Gives the decision, `None` if the case could not be read, which denies.
    pub const fn decision(&self) -> Option<&Decision> {
        match &self.outcome {
            Outcome::Decided(decision) => Some(decision),
            Outcome::Unreadable { .. } | Outcome::Malformed { .. } => None,
        }
    }

    /// Says whether the line held no case at all: not a JSON object.
    pub const fn is_malformed(&self) -> bool {
        matches!(self.outcome, Outcome::Malformed { .. })
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Answer", 12)?;
        match &self.outcome {
            Outcome::Decided(decision) => {
                out.serialize_field("id", &self.id)?;
                serialize_fields(decision, &mut out)?;
            }
            Outcome::Unreadable { error, policy_hash } => {
                out.serialize_field("id", &self.id)?;
                out.serialize_field("line", &self.line)?;
                out.serialize_field("decision", "deny")?;
                out.serialize_field("reason", &Reason::Unreadable)?;
                out.serialize_field("obligations", &[(); 0])?;
                out.serialize_field("citations", Reason::Unreadable.citations())?;
                out.serialize_field("jurisdiction", &None::<&str>)?;
                out.serialize_field("policy_hash", policy_hash)?;
                out.serialize_field("as_of", &None::<&str>)?;
                out.serialize_field("supported", &true)?;
                out.serialize_field("error", error)?;
            }
            Outcome::Malformed { error } => {
                out.serialize_field("line", &self.line)?;
                out.serialize_field("decision", "deny")?;
                out.serialize_field("reason", &Reason::Unreadable)?;
                out.serialize_field("error", error)?;
            }
        }
        if !self.unknown_keys.is_empty() {
            let warnings: Vec<String> = self.unknown_keys.iter().map(|key| format!("unknown key `{key}`")).collect();
            out.serialize_field("warnings", &warnings)?;
        }
        out.end()
    }
}
