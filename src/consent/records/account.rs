//! What was asked and said about one purpose, one after the other.

use super::ConsentStatus;
use crate::consent::history::{Kinds, Visible};
use crate::consent::rules::consent::is_proven;
use crate::consent::{EventKind, Grant, Ledger, Purpose, Register, Statement};
use crate::time::Timestamp;

/// What was asked and said about one purpose by an instant, and where the consent stands then.
pub(super) struct Account<'a> {
    pub(super) steps: Vec<Step<'a>>,
    pub(super) status: ConsentStatus,
    /// When the standing grant lapsed, if it did.
    pub(super) lapsed_at: Option<Timestamp>,
}

/// One thing that was asked or said.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) at: Timestamp,
    pub(super) said: Said<'a>,
    /// Where the consent stood through it.
    pub(super) state: ConsentStatus,
}

/// The kinds of steps.
#[derive(Clone, Copy)]
pub(super) enum Said<'a> {
    Asked(&'a Statement),
    Given(&'a Grant),
    Confirmed(&'a Statement),
    Refused(&'a Statement),
    Withdrawn(&'a Statement),
    Invalidated(&'a Statement),
}

impl<'a> Account<'a> {
    /// `None` if the ledger holds no such customer.
    pub(super) fn of(
        ledger: &'a Ledger,
        register: &Register,
        customer: &str,
        purpose: &Purpose,
        at: Timestamp,
    ) -> Option<Self> {
        let mut visible = Visible::new(ledger.history(customer)?, at, None, None);
        // SPEC: GDPR Art. 17; grants up to a completed erasure are void, a no outlives it.
        visible.void_until = visible.newest(Kinds::ERASURE, |kind| matches!(kind, EventKind::ErasureCompleted));
        let kinds = Kinds::REQUESTED | Kinds::GIVEN | Kinds::CONFIRMED | Kinds::NO;
        let mut said: Vec<(Timestamp, Said<'a>)> =
            visible.events(kinds).filter_map(|(at, kind)| Some((at, Said::about(kind, purpose)?))).collect();
        // In which order events arrived plays no part; of one instant the restrictive one comes last.
        said.sort_by(|(at, said), (other_at, other)| (at, said.order()).cmp(&(other_at, other.order())));
        let validity = register.activity(purpose).and_then(|activity| activity.consent_validity_days);
        Some(Self::fold(said, validity, at))
    }

    fn fold(said: Vec<(Timestamp, Said<'a>)>, validity: Option<u32>, now: Timestamp) -> Self {
        let end = |given_at: Timestamp| validity.map(|days| given_at.plus_whole_days(days));
        // The instant of the proven grant that stands, and the state; a request counts until something is said.
        let mut standing: Option<Timestamp> = None;
        let mut status = ConsentStatus::Unknown;
        let mut answered = false;
        let mut steps = Vec::with_capacity(said.len());
        for (at, said) in said {
            let state = match said {
                Said::Asked(request) if is_deferred(request) => ConsentStatus::RequestDeferred,
                Said::Asked(_) => ConsentStatus::Requested,
                Said::Confirmed(_) => status,
                Said::Given(grant) if !is_proven(grant) => ConsentStatus::Unknown,
                Said::Given(_) => match standing {
                    Some(earlier) if earlier == at => status,
                    Some(earlier) if end(earlier).is_none_or(|end| at < end) => ConsentStatus::RenewedGiven,
                    _ => ConsentStatus::Given,
                },
                Said::Refused(_) => ConsentStatus::Refused,
                Said::Withdrawn(no) if no.by() == Some("controller") => ConsentStatus::Revoked,
                Said::Withdrawn(_) => ConsentStatus::Withdrawn,
                Said::Invalidated(_) => ConsentStatus::Invalidated,
            };
            match said {
                Said::Asked(_) if answered => {}
                Said::Asked(_) => status = state,
                Said::Confirmed(_) => {}
                _ => {
                    answered = true;
                    status = state;
                    standing = state.is_given().then_some(at);
                }
            }
            steps.push(Step { at, said, state });
        }
        let lapsed_at = standing.and_then(end).filter(|end| *end <= now);
        if lapsed_at.is_some() {
            status = ConsentStatus::Expired;
        }
        Self { steps, status, lapsed_at }
    }

    /// The newest grant, whatever came after it.
    pub(super) fn newest_grant(&self) -> Option<&'a Grant> {
        self.steps.iter().rev().find_map(|step| match step.said {
            Said::Given(grant) => Some(grant),
            _ => None,
        })
    }
}

impl<'a> Said<'a> {
    fn about(kind: &'a EventKind, purpose: &Purpose) -> Option<Self> {
        let said = match kind {
            EventKind::ConsentGiven(grant) => return grant.purposes.contains(purpose).then_some(Self::Given(grant)),
            EventKind::ConsentRequested(statement) => Self::Asked(statement),
            EventKind::ConsentConfirmed(statement) => Self::Confirmed(statement),
            EventKind::ConsentRefused(statement) => Self::Refused(statement),
            EventKind::ConsentWithdrawn(statement) => Self::Withdrawn(statement),
            EventKind::ConsentInvalidated(statement) => Self::Invalidated(statement),
            _ => return None,
        };
        said.statement().is_some_and(|statement| statement.purposes.contains(purpose)).then_some(said)
    }

    fn statement(self) -> Option<&'a Statement> {
        match self {
            Self::Given(_) => None,
            Self::Asked(said)
            | Self::Confirmed(said)
            | Self::Refused(said)
            | Self::Withdrawn(said)
            | Self::Invalidated(said) => Some(said),
        }
    }

    /// Rank at one instant, then whether it is the restrictive one of its rank, then all that a record tells of it, so
    /// that nothing is left to the order of arrival.
    fn order(self) -> impl Ord + use<'a> {
        let (rank, restrictive) = match self {
            Self::Asked(request) => (0, is_deferred(request)),
            Self::Given(grant) => (1, !is_proven(grant)),
            Self::Confirmed(_) => (2, false),
            Self::Refused(_) => (3, false),
            // A withdrawal by the customer is told before one by the controller.
            Self::Withdrawn(no) => (4, no.by() != Some("controller")),
            Self::Invalidated(_) => (5, false),
        };
        let (is_regular, categories) = match self {
            Self::Given(grant) => (!is_explicit(grant), grant.data_categories.as_deref()),
            _ => (true, None),
        };
        (rank, restrictive, is_regular, categories, self.notice_version(), self.method(), self.by())
    }

    pub(super) fn notice_version(self) -> Option<&'a str> {
        match self {
            Self::Given(grant) => grant.notice_version.as_deref(),
            other => other.statement().and_then(|said| said.notice_version.as_deref()),
        }
    }

    pub(super) fn method(self) -> Option<&'a str> {
        match self {
            Self::Given(grant) => grant.method.as_deref(),
            other => other.statement().and_then(|said| said.method.as_deref()),
        }
    }

    pub(super) fn by(self) -> Option<&'a str> {
        match self {
            Self::Given(grant) => grant.by.as_deref(),
            other => other.statement().and_then(|said| said.by.as_deref()),
        }
    }
}

/// Whether a consent is an express one, in whole or for some categories.
pub(super) fn is_explicit(grant: &Grant) -> bool {
    grant.explicit || !grant.explicit_for.is_empty()
}

fn is_deferred(request: &Statement) -> bool {
    request.method() == Some("deferred")
}
