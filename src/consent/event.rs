//! What happened to a customer's consent.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Purpose;
use crate::time::Timestamp;

/// Something that happened to one customer: when it took effect, when it reached us, what it was.
///
/// Immutable. Reads and writes the JSON `{"at":"2026-01-10T10:00:00Z","type":"consent_given","purposes":["newsletter"],
/// "notice_version":"v3","method":"web_form","affirmative":true,"by":"self"}`; further keys are ignored. Without
/// `recorded_at` the event reached us when it took effect.
///
/// # Privacy
/// Names no customer. Free text such as the grounds of an objection is not kept; `Debug` shows type and time only.
///
/// # Examples
/// ```
/// use consentric::consent::{Event, Purpose};
/// use consentric::time::Timestamp;
/// let purpose = Purpose::parse("newsletter")?;
/// let event = Event::withdrawn(Timestamp::parse("2026-03-01T08:00:00Z")?, &purpose);
/// let json = serde_json::to_string(&event)?;
/// assert_eq!(json, r#"{"at":"2026-03-01T08:00:00Z","type":"consent_withdrawn","purposes":["newsletter"]}"#);
/// assert_eq!(serde_json::from_str::<Event>(&json)?, event);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    pub(super) at: Timestamp,
    pub(super) recorded_at: Timestamp,
    pub(super) kind: EventKind,
}

impl Event {
    /// Gives the event of a kind that took effect, and reached us, at the instant.
    pub const fn new(at: Timestamp, kind: EventKind) -> Self {
        Self { at, recorded_at: at, kind }
    }

    /// Gives the customer's own active consent to one purpose, with its proof.
    pub fn given(at: Timestamp, purpose: &Purpose, notice_version: &str, method: &str) -> Self {
        let grant = Grant {
            purposes: purpose.into(),
            notice_version: Some(notice_version.into()),
            method: Some(method.into()),
            affirmative: Some(true),
            by: Some("self".into()),
            ..Grant::unproven()
        };
        Self::new(at, EventKind::ConsentGiven(Box::new(grant)))
    }

    /// Gives the refusal of one purpose.
    pub fn refused(at: Timestamp, purpose: &Purpose) -> Self {
        Self::new(at, EventKind::ConsentRefused { purposes: purpose.into() })
    }

    /// Gives the withdrawal of the consent to one purpose; it needs no proof.
    pub fn withdrawn(at: Timestamp, purpose: &Purpose) -> Self {
        // SPEC: GDPR Art. 7(3), as easy to withdraw as to give.
        Self::new(at, EventKind::ConsentWithdrawn { purposes: purpose.into() })
    }

    /// Gives an objection.
    pub const fn objection(at: Timestamp, scope: ObjectionScope) -> Self {
        Self::new(at, EventKind::Objection { scope })
    }

    /// Sets when the event reached us. Default: when it took effect.
    #[must_use]
    pub const fn with_recorded_at(mut self, recorded_at: Timestamp) -> Self {
        self.recorded_at = recorded_at;
        self
    }

    /// Gives the instant the event took effect.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Gives the instant the event reached us.
    pub const fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    /// Gives what happened.
    pub const fn kind(&self) -> &EventKind {
        &self.kind
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Event({} at {})", self.kind.name(), self.at)
    }
}

/// What happened, by the names of the vocabulary of events.
///
/// Read in full: `consent_given`, `consent_refused`, `consent_withdrawn`, `consent_invalidated`, `consent_requested`,
/// `objection`, `restriction_set`, `restriction_lifted`, `erasure_requested`, `erasure_completed`, `opt_out`, `signal`.
/// Kept by name, without effect on a decision of this version: `notice_shown`, `consent_confirmed`,
/// `objection_rejected`, `rectified`, `collected`, `imported`, `opt_in`, `purchase`, `activity`, `identities_merged`,
/// `identities_split`. Any other name is an error.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// The customer, or a parent, agreed.
    ConsentGiven(Box<Grant>),
    /// The customer said no.
    ConsentRefused {
        /// To what.
        purposes: Purposes,
    },
    /// The customer took the consent back.
    ConsentWithdrawn {
        /// For what.
        purposes: Purposes,
    },
    /// An authority or the controller declared the consent void.
    ConsentInvalidated {
        /// For what.
        purposes: Purposes,
    },
    /// The customer was asked.
    ConsentRequested {
        /// For what.
        purposes: Purposes,
    },
    /// The customer objected.
    Objection {
        /// To what.
        scope: ObjectionScope,
    },
    /// The customer had the processing restricted.
    RestrictionSet,
    /// The restriction was lifted.
    RestrictionLifted {
        /// Whether the customer was told before; a lifting without that has no effect.
        informed: bool,
    },
    /// The customer asked for erasure.
    ErasureRequested,
    /// The erasure was carried out.
    ErasureCompleted,
    /// The customer opted out.
    OptOut {
        /// Of what.
        right: Right,
    },
    /// The customer's browser or device spoke.
    Signal(Signal),
    /// Another event of the vocabulary, kept by name only.
    #[non_exhaustive]
    Other {
        /// The name.
        name: &'static str,
    },
}

impl EventKind {
    /// Gives the name of the vocabulary, such as `consent_given`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ConsentGiven(_) => "consent_given",
            Self::ConsentRefused { .. } => "consent_refused",
            Self::ConsentWithdrawn { .. } => "consent_withdrawn",
            Self::ConsentInvalidated { .. } => "consent_invalidated",
            Self::ConsentRequested { .. } => "consent_requested",
            Self::Objection { .. } => "objection",
            Self::RestrictionSet => "restriction_set",
            Self::RestrictionLifted { .. } => "restriction_lifted",
            Self::ErasureRequested => "erasure_requested",
            Self::ErasureCompleted => "erasure_completed",
            Self::OptOut { .. } => "opt_out",
            Self::Signal(_) => "signal",
            Self::Other { name } => name,
        }
    }
}

impl fmt::Debug for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventKind({})", self.name())
    }
}

/// The purposes a statement is about: some by name, or all (`*`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Purposes {
    pub(super) all: bool,
    pub(super) named: Box<[Purpose]>,
}

impl Purposes {
    /// Gives every purpose, written `*`.
    pub fn all() -> Self {
        Self { all: true, named: Box::default() }
    }

    /// Gives these purposes.
    pub fn only(purposes: impl IntoIterator<Item = Purpose>) -> Self {
        Self { all: false, named: purposes.into_iter().collect() }
    }

    /// Says whether the statement is about all purposes.
    pub const fn is_all(&self) -> bool {
        self.all
    }

    /// Says whether the statement is about the purpose.
    pub fn contains(&self, purpose: &Purpose) -> bool {
        self.all || self.named.contains(purpose)
    }
}

impl From<&Purpose> for Purposes {
    fn from(purpose: &Purpose) -> Self {
        Self { all: false, named: Box::new([purpose.clone()]) }
    }
}

/// A consent with the fields that prove it.
///
/// Read from JSON as part of an [`Event`]; what is absent there proves nothing.
///
/// # References
/// GDPR Art. 7(1): the controller shall be able to demonstrate that the data subject has consented.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    pub(super) purposes: Purposes,
    pub(super) notice_version: Option<Box<str>>,
    pub(super) method: Option<Box<str>>,
    pub(super) affirmative: Option<bool>,
    pub(super) by: Option<Box<str>>,
    pub(super) parental_verification: bool,
    pub(super) explicit: bool,
    pub(super) explicit_for: Box<[Box<str>]>,
    pub(super) data_categories: Option<Box<[Box<str>]>>,
    pub(super) controllers: Option<Box<[Box<str>]>>,
    pub(super) bundled_with_contract: bool,
    pub(super) despite_restriction: bool,
    pub(super) value: Answer,
}

impl Grant {
    /// A grant of nothing with no proof.
    pub(super) fn unproven() -> Self {
        Self {
            purposes: Purposes::only([]),
            notice_version: None,
            method: None,
            affirmative: None,
            by: None,
            parental_verification: false,
            explicit: false,
            explicit_for: Box::default(),
            data_categories: None,
            controllers: None,
            bundled_with_contract: false,
            despite_restriction: false,
            value: Answer::Absent,
        }
    }

    /// Gives the purposes that were agreed to.
    pub const fn purposes(&self) -> &Purposes {
        &self.purposes
    }

    /// Gives the version of the notice that was shown.
    pub fn notice_version(&self) -> Option<&str> {
        self.notice_version.as_deref()
    }

    /// Gives how the consent was collected.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant").field("purposes", &self.purposes).finish_non_exhaustive()
    }
}

/// What the `value` of a grant said; what was neither is not kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    Absent,
    /// `true`, `"yes"` or `"granted"`.
    Yes,
    Unclear,
}

/// What a customer objected to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObjectionScope {
    /// All direct marketing.
    DirectMarketing,
    /// Profiling for direct marketing, which segmenting is.
    ProfilingForDirectMarketing,
    /// Everything, written `*`.
    All,
    /// One purpose.
    Purpose(Purpose),
}

/// A right to opt out.
///
/// The rights of sale and advertising do not stop own segmentation; `profiling`, `adm` and `*` do, `limit_sensitive`
/// does where special categories of data are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Right {
    /// Sale and sharing for advertising.
    SaleShare,
    /// Sale.
    Sale,
    /// Targeted advertising.
    TargetedAds,
    /// Profiling.
    Profiling,
    /// Automated decisions.
    Adm,
    /// Use of sensitive data.
    LimitSensitive,
    /// All of them, written `*`.
    All,
}

/// What a browser or device said about its user's wishes.
///
/// A set opt-out of any kind counts as an objection to direct marketing, in every jurisdiction (the strict reading of
/// this version). A TCF string is kept as seen and decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signal {
    pub(super) gpc: Option<bool>,
    pub(super) gpp_usnat: Option<GppUsnat>,
    pub(super) tcf: bool,
}

impl Signal {
    /// Gives a Global Privacy Control header.
    pub const fn gpc(set: bool) -> Self {
        Self { gpc: Some(set), gpp_usnat: None, tcf: false }
    }

    /// Says whether any opt-out is set.
    pub fn opts_out(&self) -> bool {
        self.gpc == Some(true) || self.gpp_usnat.is_some_and(|fields| fields.opts_out())
    }
}

/// The opt-out fields of the decoded US national section of a GPP string: 0 not applicable, 1 opted out, 2 not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct GppUsnat {
    #[serde(rename = "SaleOptOut", default, skip_serializing_if = "Option::is_none")]
    sale: Option<u8>,
    #[serde(rename = "SharingOptOut", default, skip_serializing_if = "Option::is_none")]
    sharing: Option<u8>,
    #[serde(rename = "TargetedAdvertisingOptOut", default, skip_serializing_if = "Option::is_none")]
    targeted_advertising: Option<u8>,
    #[serde(rename = "Gpc", default, skip_serializing_if = "Option::is_none")]
    gpc: Option<bool>,
}

impl GppUsnat {
    fn opts_out(self) -> bool {
        // A number the standard does not know is read as an opt-out: unreadable means no.
        let set = |field: Option<u8>| !matches!(field, None | Some(0 | 2));
        self.gpc == Some(true) || set(self.sale) || set(self.sharing) || set(self.targeted_advertising)
    }
}
