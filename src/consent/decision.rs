//! The answer.

use std::fmt;

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use super::citations::citations;
use super::law::{Family, LawCode, shipped};
use super::{Obligations, PolicyHash, Reason};
use crate::time::Timestamp;

/// May it be done, and why.
///
/// # Privacy
/// Carries no personal data: neither the customer nor any value. The jurisdiction is the law that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Decision {
    reason: Reason,
    obligations: Obligations,
    law: DecidedBy,
    policy_hash: PolicyHash,
    as_of: Timestamp,
    known_at: Option<Timestamp>,
    /// Whether the articles behind the reason were looked at.
    cited: bool,
}

/// The law that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecidedBy {
    /// A rule that holds everywhere.
    Everywhere,
    /// Nobody knows where the customer lives.
    Unstated,
    /// Place in the table of shipped laws.
    Shipped(u8),
    /// A law of the user's, or one nobody knows.
    Other(Family),
}

impl DecidedBy {
    pub(super) fn of_code(code: &LawCode, family: Option<Family>) -> Self {
        match code {
            LawCode::Shipped(place) => Self::Shipped(*place),
            LawCode::Other(_) => Self::Other(family.unwrap_or(Family::Unstated)),
        }
    }

    fn family(self) -> Family {
        match self {
            Self::Everywhere | Self::Unstated => Family::Unstated,
            Self::Shipped(place) => shipped(place).map_or(Family::Unstated, |law| law.family()),
            Self::Other(family) => family,
        }
    }
}

impl Decision {
    /// Gives the decision of a reason; whether it allows is the reason's matter, so the two never disagree.
    pub const fn new(reason: Reason, as_of: Timestamp) -> Self {
        Self {
            reason,
            obligations: Obligations::NONE,
            law: DecidedBy::Everywhere,
            policy_hash: PolicyHash::NONE,
            as_of,
            known_at: None,
            cited: true,
        }
    }

    pub(super) const fn under(mut self, policy_hash: PolicyHash, known_at: Option<Timestamp>) -> Self {
        self.policy_hash = policy_hash;
        self.known_at = known_at;
        self
    }

    pub(super) const fn by(mut self, law: DecidedBy) -> Self {
        self.law = law;
        self
    }

    pub(super) const fn with_obligations(mut self, obligations: Obligations) -> Self {
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

    /// Gives the articles and sections behind the reason, of the law that decided.
    pub fn citations(&self) -> &'static [&'static str] {
        let code = self.jurisdiction().unwrap_or_default();
        if self.cited { citations(self.reason, self.law.family(), code) } else { &[] }
    }

    /// Gives what must be done beside.
    pub const fn obligations(&self) -> Obligations {
        self.obligations
    }

    /// Gives the code of the shipped law that decided; `None` where the rule holds everywhere, the customer's
    /// jurisdiction is not known or its law is not shipped.
    pub fn jurisdiction(&self) -> Option<&'static str> {
        match self.law {
            DecidedBy::Shipped(place) => shipped(place).map(|law| law.code),
            DecidedBy::Everywhere | DecidedBy::Unstated | DecidedBy::Other(_) => None,
        }
    }

    /// Says whether the law that decided is known; if not, the answer is no.
    pub fn is_supported(&self) -> bool {
        self.reason != Reason::UnknownJurisdiction || self.law == DecidedBy::Unstated
    }

    /// Gives the hash of the register and the rule tables.
    pub const fn policy_hash(&self) -> PolicyHash {
        self.policy_hash
    }

    /// Gives the instant the decision is about.
    pub const fn as_of(&self) -> Timestamp {
        self.as_of
    }

    /// Gives the instant whose knowledge counted, `None` for all that was known.
    pub const fn known_at(&self) -> Option<Timestamp> {
        self.known_at
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

/// Writes the fields of a decision into a structure that may have more.
pub(super) fn serialize_fields<S: SerializeStruct>(decision: &Decision, out: &mut S) -> Result<(), S::Error> {
    out.serialize_field("decision", decision.verb())?;
    out.serialize_field("reason", &decision.reason)?;
    out.serialize_field("obligations", &Listed(decision.obligations))?;
    out.serialize_field("citations", decision.citations())?;
    out.serialize_field("jurisdiction", &decision.jurisdiction())?;
    out.serialize_field("policy_hash", &decision.policy_hash)?;
    out.serialize_field("as_of", &decision.as_of)?;
    if let Some(known_at) = decision.known_at {
        out.serialize_field("known_at", &known_at)?;
    }
    out.serialize_field("supported", &decision.is_supported())
}

struct Listed(Obligations);

impl Serialize for Listed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for name in self.0.names() {
            list.serialize_element(name)?;
        }
        list.end()
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Decision", 9)?;
        serialize_fields(self, &mut out)?;
        out.end()
    }
}
