//! Where a consent stands, in one word.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::account::Account;
use crate::consent::{Ledger, Purpose, Register};
use crate::time::Timestamp;

/// Where a consent stands, by the terms of the Data Privacy Vocabulary.
///
/// The newest statement alone decides; of one instant the restrictive one. A grant whose proof is not whole is
/// `ConsentUnknown`, never `ConsentGiven`: another program may take that word for a yes.
///
/// A status is no decision: it knows neither objections nor the data that is asked for. Ask
/// [`decide`](crate::consent::decide) before using anything.
///
/// # Examples
/// ```
/// use consentric::consent::{ConsentStatus, Event, Ledger, Purpose, Register};
/// use consentric::time::Timestamp;
/// let newsletter = Purpose::parse("newsletter")?;
/// let mut ledger = Ledger::new();
/// ledger.append("anna", Event::given(Timestamp::parse("2026-01-10T10:00:00Z")?, &newsletter, "v3", "web_form"))?;
/// let at = Timestamp::parse("2026-06-01T00:00:00Z")?;
/// let status = ConsentStatus::of(&ledger, Register::of_consent(), "anna", &newsletter, at);
/// assert_eq!(status.as_str(), "ConsentGiven");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
/// W3C Data Privacy Vocabulary 2, `dpv:ConsentStatus`; the list is that of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConsentStatus {
    /// Asked, not answered.
    Requested,
    /// Asked, and the answer was put off: the newest request has the method `deferred`.
    RequestDeferred,
    /// Nothing is known, or what was said proves nothing.
    Unknown,
    /// The customer said no.
    Refused,
    /// The customer took the consent back.
    Withdrawn,
    /// The controller ended the consent: a withdrawal by `controller`.
    Revoked,
    /// An authority or the controller declared it void.
    Invalidated,
    /// Given.
    Given,
    /// Given again while an earlier grant stood.
    RenewedGiven,
    /// Given, and older than the register lets a consent hold.
    Expired,
}

impl ConsentStatus {
    /// Every status, in the order of a consent's life.
    pub const ALL: &'static [Self] = &[
        Self::Requested,
        Self::RequestDeferred,
        Self::Unknown,
        Self::Refused,
        Self::Withdrawn,
        Self::Revoked,
        Self::Invalidated,
        Self::Given,
        Self::RenewedGiven,
        Self::Expired,
    ];

    /// Gives the status of a customer's consent to a purpose at an instant, from what is known today.
    ///
    /// Grants up to a completed erasure do not count; what was refused or withdrawn does.
    ///
    /// # Complexity
    /// `O(e log e)` for the `e` events of the customer.
    pub fn of(ledger: &Ledger, register: &Register, customer: &str, purpose: &Purpose, at: Timestamp) -> Self {
        Account::of(ledger, register, customer, purpose, at).map_or(Self::Unknown, |account| account.status)
    }

    /// Gives the term, such as `ConsentGiven`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "ConsentRequested",
            Self::RequestDeferred => "ConsentRequestDeferred",
            Self::Unknown => "ConsentUnknown",
            Self::Refused => "ConsentRefused",
            Self::Withdrawn => "ConsentWithdrawn",
            Self::Revoked => "ConsentRevoked",
            Self::Invalidated => "ConsentInvalidated",
            Self::Given => "ConsentGiven",
            Self::RenewedGiven => "RenewedConsentGiven",
            Self::Expired => "ConsentExpired",
        }
    }

    /// Gives the status of a term, `None` for any other text.
    pub fn parse(term: &str) -> Option<Self> {
        Self::ALL.iter().find(|status| status.as_str() == term).copied()
    }

    pub(super) const fn is_given(self) -> bool {
        matches!(self, Self::Given | Self::RenewedGiven)
    }
}

impl Serialize for ConsentStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ConsentStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let term = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&term).ok_or_else(|| serde::de::Error::custom("no status of the vocabulary"))
    }
}
