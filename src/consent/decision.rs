//! The question and its answer.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Activity, Reason};
use crate::time::Timestamp;

/// What is to be done with the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Compute features and put the customer in a segment.
    Segment,
}

/// What is asked: which operation, for which activity, at what time.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Request<'a> {
    operation: Operation,
    activity: &'a Activity,
    at: Timestamp,
    known_at: Option<Timestamp>,
}

impl<'a> Request<'a> {
    /// Asks whether a customer may be segmented for the activity at the instant.
    pub const fn segment(activity: &'a Activity, at: Timestamp) -> Self {
        Self { operation: Operation::Segment, activity, at, known_at: None }
    }

    /// Answers with what had reached us by `known_at` only. Default: with all that is known today.
    pub const fn with_known_at(mut self, known_at: Timestamp) -> Self {
        self.known_at = Some(known_at);
        self
    }

    /// Gives the operation.
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// Gives the activity.
    pub const fn activity(&self) -> &'a Activity {
        self.activity
    }

    /// Gives the instant that is asked about.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Gives the instant whose knowledge counts, `None` for today's.
    pub const fn known_at(&self) -> Option<Timestamp> {
        self.known_at
    }
}

/// May it be done, and why.
///
/// # Privacy
/// Carries no personal data: neither the customer nor any value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Decision {
    reason: Reason,
    obligations: &'static [&'static str],
    as_of: Timestamp,
    /// Whether the articles behind the reason were looked at.
    cited: bool,
}

impl Decision {
    /// Gives the decision of a reason; whether it allows is the reason's matter, so the two never disagree.
    pub const fn new(reason: Reason, as_of: Timestamp) -> Self {
        Self { reason, obligations: &[], as_of, cited: true }
    }

    pub(super) const fn with_obligations(mut self, obligations: &'static [&'static str]) -> Self {
        self.obligations = obligations;
        self
    }

    /// For an allowance that rests on somebody's word and on no article.
    pub(super) const fn without_citation(mut self) -> Self {
        self.cited = false;
        self
    }

    /// Says whether the operation is allowed.
    pub const fn is_allow(&self) -> bool {
        self.reason.is_allow()
    }

    /// Gives the reason.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// Gives the articles and sections behind the reason.
    pub const fn citations(&self) -> &'static [&'static str] {
        if self.cited { self.reason.citations() } else { &[] }
    }

    /// Gives what must be done beside, such as `inform_data_subject_of_right_to_withdraw`.
    pub fn obligations(&self) -> impl ExactSizeIterator<Item = &'static str> + use<> {
        self.obligations.iter().copied()
    }

    /// Gives the instant the decision is about.
    pub const fn as_of(&self) -> Timestamp {
        self.as_of
    }

    const fn verb(&self) -> &'static str {
        if self.is_allow() { "allow" } else { "deny" }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} at {}", self.verb(), self.reason, self.as_of)?;
        for (n, citation) in self.citations().iter().enumerate() {
            write!(f, "{}{citation}", if n == 0 { " (" } else { "; " })?;
        }
        if self.citations().is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Decision", 5)?;
        out.serialize_field("decision", self.verb())?;
        out.serialize_field("reason", &self.reason)?;
        out.serialize_field("obligations", self.obligations)?;
        out.serialize_field("citations", self.citations())?;
        out.serialize_field("as_of", &self.as_of)?;
        out.end()
    }
}
