//! What happened to a customer's consent.

use std::fmt;

use super::{Grant, Purpose, Signal};
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
    pub(super) profile: Option<Box<str>>,
    pub(super) event_id: Option<Box<str>>,
    pub(super) kind: EventKind,
}

impl Event {
    /// Gives the event of a kind that took effect, and reached us, at the instant.
    pub const fn new(at: Timestamp, kind: EventKind) -> Self {
        Self { at, recorded_at: at, profile: None, event_id: None, kind }
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
        Self::new(at, EventKind::ConsentRefused(purpose.into()))
    }

    /// Gives the withdrawal of the consent to one purpose; it needs no proof.
    pub fn withdrawn(at: Timestamp, purpose: &Purpose) -> Self {
        // SPEC: GDPR Art. 7(3), as easy to withdraw as to give.
        Self::new(at, EventKind::ConsentWithdrawn(purpose.into()))
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

    /// Names the profile (device, account) under which it happened. Default: none, it counts for every profile.
    #[must_use]
    pub fn with_profile(mut self, profile: &str) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// Names the event, so that a second delivery of it is recognised. Default: none.
    #[must_use]
    pub fn with_event_id(mut self, event_id: &str) -> Self {
        self.event_id = Some(event_id.into());
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

    /// Gives the profile under which it happened.
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// Gives the name of the event.
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
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
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A notice was shown.
    NoticeShown(Box<Notice>),
    /// The customer was asked.
    ConsentRequested(Statement),
    /// The customer, or a parent, agreed.
    ConsentGiven(Box<Grant>),
    /// The customer confirmed an earlier consent (double opt-in).
    ConsentConfirmed(Statement),
    /// The customer said no.
    ConsentRefused(Statement),
    /// The consent was taken back.
    ConsentWithdrawn(Statement),
    /// An authority or the controller declared the consent void.
    ConsentInvalidated(Statement),
    /// The customer objected.
    Objection {
        /// To what.
        scope: ObjectionScope,
    },
    /// The controller rejected an objection.
    ObjectionRejected {
        /// To what.
        scope: ObjectionScope,
        /// Whether compelling legitimate grounds were shown; a rejection without them has no effect.
        compelling_grounds: bool,
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
    /// Data was corrected.
    Rectified {
        /// Which categories; `None` for all.
        data_categories: Option<Names>,
    },
    /// Data was collected.
    Collected {
        /// Which categories.
        data_categories: Names,
    },
    /// Data came from another system.
    Imported {
        /// From where.
        source: Option<Box<str>>,
    },
    /// The customer opted out.
    OptOut {
        /// Of what.
        right: Right,
    },
    /// The customer opted in.
    OptIn(OptIn),
    /// The customer's browser or device spoke.
    Signal(Box<Signal>),
    /// The customer bought something.
    Purchase {
        /// The line of products.
        product_line: Option<Box<str>>,
        /// Whether a way out of marketing was offered with it.
        opt_out_offered: bool,
    },
    /// The customer did something else, such as a visit.
    Activity,
    /// Profiles were found to be one person's.
    IdentitiesMerged {
        /// Which.
        profiles: Names,
    },
    /// Profiles were found to be different persons'.
    IdentitiesSplit {
        /// Which.
        profiles: Names,
    },
}

/// A list of plain names.
pub type Names = Box<[Box<str>]>;

impl EventKind {
    /// Gives the name of the vocabulary, such as `consent_given`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NoticeShown(_) => "notice_shown",
            Self::ConsentRequested(_) => "consent_requested",
            Self::ConsentGiven(_) => "consent_given",
            Self::ConsentConfirmed(_) => "consent_confirmed",
            Self::ConsentRefused(_) => "consent_refused",
            Self::ConsentWithdrawn(_) => "consent_withdrawn",
            Self::ConsentInvalidated(_) => "consent_invalidated",
            Self::Objection { .. } => "objection",
            Self::ObjectionRejected { .. } => "objection_rejected",
            Self::RestrictionSet => "restriction_set",
            Self::RestrictionLifted { .. } => "restriction_lifted",
            Self::ErasureRequested => "erasure_requested",
            Self::ErasureCompleted => "erasure_completed",
            Self::Rectified { .. } => "rectified",
            Self::Collected { .. } => "collected",
            Self::Imported { .. } => "imported",
            Self::OptOut { .. } => "opt_out",
            Self::OptIn(_) => "opt_in",
            Self::Signal(_) => "signal",
            Self::Purchase { .. } => "purchase",
            Self::Activity => "activity",
            Self::IdentitiesMerged { .. } => "identities_merged",
            Self::IdentitiesSplit { .. } => "identities_split",
        }
    }

    /// The bit of the kind in a [`Kinds`](super::history::Kinds).
    pub(super) const fn bit(&self) -> u32 {
        use super::history::Kinds;
        match self {
            Self::NoticeShown(_) => Kinds::NOTICE,
            Self::ConsentRequested(_) => Kinds::REQUESTED,
            Self::ConsentGiven(_) => Kinds::GIVEN,
            Self::ConsentConfirmed(_) => Kinds::CONFIRMED,
            Self::ConsentRefused(_) | Self::ConsentWithdrawn(_) | Self::ConsentInvalidated(_) => Kinds::NO,
            Self::Objection { .. } => Kinds::OBJECTION,
            Self::ObjectionRejected { .. } => Kinds::OBJECTION_REJECTED,
            Self::RestrictionSet => Kinds::RESTRICTION,
            Self::RestrictionLifted { .. } => Kinds::RESTRICTION_LIFTED,
            Self::ErasureRequested | Self::ErasureCompleted => Kinds::ERASURE,
            Self::Rectified { .. } => Kinds::RECTIFIED,
            Self::Collected { .. } => Kinds::COLLECTED,
            Self::Imported { .. } => Kinds::IMPORTED,
            Self::OptOut { .. } => Kinds::OPT_OUT,
            Self::OptIn(_) => Kinds::OPT_IN,
            Self::Signal(_) => Kinds::SIGNAL,
            Self::Purchase { .. } => Kinds::PURCHASE,
            Self::Activity => Kinds::ACTIVITY,
            Self::IdentitiesMerged { .. } | Self::IdentitiesSplit { .. } => Kinds::IDENTITY,
        }
    }

    /// Whether a completed erasure before a new life makes the event void; a no outlives it.
    // SPEC: GDPR Art. 17(1); withdrawals, refusals, objections, opt-outs and signals stay.
    pub(super) const fn is_void_after_erasure(&self) -> bool {
        matches!(
            self,
            Self::ConsentGiven(_)
                | Self::ConsentConfirmed(_)
                | Self::NoticeShown(_)
                | Self::OptIn(_)
                | Self::Purchase { .. }
                | Self::Collected { .. }
        )
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

/// What was said about purposes, and how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    pub(super) purposes: Purposes,
    pub(super) notice_version: Option<Box<str>>,
    pub(super) method: Option<Box<str>>,
    pub(super) by: Option<Box<str>>,
}

impl Statement {
    /// Gives the purposes it is about.
    pub const fn purposes(&self) -> &Purposes {
        &self.purposes
    }

    /// Gives the version of the notice that was in force.
    pub fn notice_version(&self) -> Option<&str> {
        self.notice_version.as_deref()
    }

    /// Gives the channel over which it came.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// Gives who said it, such as `self` or `controller`.
    pub fn by(&self) -> Option<&str> {
        self.by.as_deref()
    }
}

impl From<Purposes> for Statement {
    fn from(purposes: Purposes) -> Self {
        Self { purposes, notice_version: None, method: None, by: None }
    }
}

impl From<&Purpose> for Statement {
    fn from(purpose: &Purpose) -> Self {
        Purposes::from(purpose).into()
    }
}

/// A notice that was shown, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    pub(super) version: Option<Box<str>>,
    pub(super) covers: Purposes,
    pub(super) right_to_object: bool,
    pub(super) opt_out_offered: bool,
    pub(super) sensitive_opt_out_offered: bool,
}

impl Notice {
    /// Gives a notice of a version about the purposes, which offers nothing yet.
    pub fn new(version: &str, covers: Purposes) -> Self {
        Self {
            version: Some(version.into()),
            covers,
            right_to_object: false,
            opt_out_offered: false,
            sensitive_opt_out_offered: false,
        }
    }

    /// Says that it named the right to object.
    #[must_use]
    pub const fn with_right_to_object(mut self) -> Self {
        self.right_to_object = true;
        self
    }

    /// Says that it offered a way to opt out.
    #[must_use]
    pub const fn with_opt_out(mut self) -> Self {
        self.opt_out_offered = true;
        self
    }

    /// Says that it offered a way to opt out of the use of sensitive data.
    #[must_use]
    pub const fn with_sensitive_opt_out(mut self) -> Self {
        self.sensitive_opt_out_offered = true;
        self
    }
}

/// An opt-in after or instead of an opt-out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OptIn {
    pub(super) right: Right,
    pub(super) two_step: bool,
    pub(super) by: Option<Box<str>>,
    pub(super) parental_verification: bool,
    pub(super) after_conflict_notice: bool,
}

impl OptIn {
    /// Gives the customer's own two-step opt-in.
    pub fn two_step(right: Right) -> Self {
        Self {
            right,
            two_step: true,
            by: Some("self".into()),
            parental_verification: false,
            after_conflict_notice: false,
        }
    }

    /// Says that the customer was told that it contradicts his browser's signal.
    #[must_use]
    pub const fn after_conflict_notice(mut self) -> Self {
        self.after_conflict_notice = true;
        self
    }

    /// Says that a verified parent gave it.
    #[must_use]
    pub fn by_verified_parent(mut self) -> Self {
        self.by = Some("parent".into());
        self.parental_verification = true;
        self
    }
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
/// Opting out of sale or advertising never stops own segmentation.
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
