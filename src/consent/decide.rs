//! The rules, first that answers decides.

use super::grant::{self, Verdict};
use super::jurisdiction::Place;
use super::ledger::History;
use super::{Decision, EventKind, LawfulBasis, Ledger, ObjectionScope, Operation, Reason, Request, Right};
use crate::time::Timestamp;

/// Says whether the operation on this customer's data may be done for the purpose at the time, and why.
///
/// Pure: no clock, no input or output, no randomness; the order in which events arrived plays no part. In this order:
/// a customer nobody knows, a law that is not shipped, a standing erasure, restriction, marketing objection or opt-out
/// denies; so does any basis but consent. Then the newest statement about the purpose decides alone; of statements of
/// one instant the most restrictive. A grant counts with its proof only.
///
/// This version is stricter than the law where it cannot judge: nothing lifts an erasure, customers in the United
/// States need consent too, every opt-out signal objects to marketing everywhere, and an opt-in lifts no opt-out (a
/// later grant does).
///
/// # Complexity
/// `O(e)` for the `e` events of the customer, no allocation.
///
/// # References
/// GDPR Art. 4(11), 6(1)(a), 7, 8, 9, 17, 18, 21; EDPB Guidelines 05/2020.
pub fn decide(ledger: &Ledger, customer: &str, request: &Request<'_>) -> Decision {
    let denied = |reason| Decision::new(reason, request.at());
    // SPEC: GDPR Art. 25(2), without an entry nobody is processed.
    let Some(history) = ledger.history(customer) else {
        return denied(Reason::UnknownSubject);
    };
    let standing = Standing::gather(history, request);
    if let Some(reason) = standing.stops(history, request) {
        return denied(reason);
    }
    let given_at = match standing.newest {
        None if standing.requested => return denied(Reason::ConsentPending),
        None if standing.granted_other => return denied(Reason::ConsentScope),
        None => return denied(Reason::NoConsent),
        // SPEC: GDPR Art. 7(3), withdrawal acts from its own time on.
        Some((_, Statement::Refused)) => return denied(Reason::ConsentRefused),
        Some((_, Statement::Withdrawn)) => return denied(Reason::ConsentWithdrawn),
        Some((_, Statement::Invalidated)) => return denied(Reason::ConsentInvalid),
        Some((at, Statement::Given)) => at,
    };
    let Verdict { reason, obligations } = grant::judge(history, request, given_at);
    Decision::new(reason, request.at()).with_obligations(obligations)
}

/// What stands at the time of the request.
#[derive(Default)]
struct Standing {
    /// Whether any event is visible.
    any: bool,
    erased: bool,
    /// Something happened that this version cannot judge.
    unreadable: bool,
    restricted: Option<Timestamp>,
    lifted: Option<Timestamp>,
    objected: Option<Timestamp>,
    opted_out: Option<Timestamp>,
    newest: Option<(Timestamp, Statement)>,
    requested: bool,
    granted_other: bool,
}

/// A statement about the purpose; of one instant the greater wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Statement {
    Given,
    Refused,
    Withdrawn,
    Invalidated,
}

impl Standing {
    fn gather(history: History<'_>, request: &Request<'_>) -> Self {
        let purpose = request.activity().purpose();
        let mut standing = Self::default();
        for (at, kind) in history.visible(request) {
            standing.any = true;
            let said = match kind {
                EventKind::ConsentGiven(grant) => {
                    standing.granted_other = true;
                    (&grant.purposes, Statement::Given)
                }
                EventKind::ConsentRefused { purposes } => (purposes, Statement::Refused),
                EventKind::ConsentWithdrawn { purposes } => (purposes, Statement::Withdrawn),
                EventKind::ConsentInvalidated { purposes } => (purposes, Statement::Invalidated),
                EventKind::ConsentRequested { purposes } => {
                    standing.requested |= purposes.contains(purpose);
                    continue;
                }
                other => {
                    standing.note(at, other, history, request);
                    continue;
                }
            };
            if said.0.contains(purpose) {
                standing.newest = standing.newest.max(Some((at, said.1)));
            }
        }
        standing
    }

    fn note(&mut self, at: Timestamp, kind: &EventKind, history: History<'_>, request: &Request<'_>) {
        let activity = request.activity();
        let at = Some(at);
        match kind {
            // SPEC: GDPR Art. 17(1); nothing lifts it in this version.
            EventKind::ErasureRequested | EventKind::ErasureCompleted => self.erased = true,
            // A merge could bring another profile's no along, so until merges are judged, nobody merged is used.
            EventKind::Other { name: "identities_merged" | "identities_split" } => self.unreadable = true,
            EventKind::RestrictionSet => self.restricted = self.restricted.max(at),
            // SPEC: GDPR Art. 18(3), lifted only once the person has been told.
            EventKind::RestrictionLifted { informed: true } => self.lifted = self.lifted.max(at),
            EventKind::Objection { scope } => {
                // SPEC: GDPR Art. 21(2)-(3). Segmenting profiles, so both marketing scopes reach it; Art. 21(1) does not
                // reach what rests on consent.
                let names_it = match scope {
                    ObjectionScope::Purpose(purpose) => purpose == activity.purpose(),
                    ObjectionScope::DirectMarketing
                    | ObjectionScope::ProfilingForDirectMarketing
                    | ObjectionScope::All => true,
                };
                if names_it && activity.is_direct_marketing() {
                    self.objected = self.objected.max(at);
                }
            }
            // SPEC: GDPR Art. 21(5), objecting by automated means.
            EventKind::Signal(signal) => {
                if signal.opts_out() && activity.is_direct_marketing() {
                    self.objected = self.objected.max(at);
                }
            }
            EventKind::OptOut { right } => {
                let hits = match right {
                    Right::Profiling | Right::Adm | Right::All => true,
                    Right::LimitSensitive => grant::reads_sensitive(history, request),
                    Right::SaleShare | Right::Sale | Right::TargetedAds => false,
                };
                if hits {
                    self.opted_out = self.opted_out.max(at);
                }
            }
            EventKind::RestrictionLifted { informed: false }
            | EventKind::ConsentGiven(_)
            | EventKind::ConsentRefused { .. }
            | EventKind::ConsentWithdrawn { .. }
            | EventKind::ConsentInvalidated { .. }
            | EventKind::ConsentRequested { .. }
            | EventKind::Other { .. } => {}
        }
    }

    /// What denies before the statements about the purpose are weighed.
    fn stops(&self, history: History<'_>, request: &Request<'_>) -> Option<Reason> {
        let Operation::Segment = request.operation();
        if !self.any && !history.is_described() {
            return Some(Reason::UnknownSubject);
        }
        if self.erased {
            return Some(Reason::Erased);
        }
        if self.unreadable {
            return Some(Reason::Unreadable);
        }
        if history.places().contains(&Place::Unsupported) {
            return Some(Reason::UnknownJurisdiction);
        }
        let rests_on_consent = request.activity().basis() == LawfulBasis::Consent;
        // "After" is strictly later: at one instant the restrictive event wins.
        let granted = match self.newest {
            Some((at, Statement::Given)) if rests_on_consent => Some(at),
            _ => None,
        };
        if self.restricted.is_some() && self.restricted >= self.lifted {
            // SPEC: GDPR Art. 18(2), with the data subject's consent.
            let despite = granted.filter(|at| Some(*at) > self.restricted);
            if !despite.is_some_and(|at| grant::all_despite_restriction(history, request, at)) {
                return Some(Reason::Restricted);
            }
        }
        if self.objected.is_some() && granted <= self.objected {
            return Some(Reason::Objected);
        }
        if self.opted_out.is_some() && granted <= self.opted_out {
            return Some(Reason::OptedOut);
        }
        (!rests_on_consent).then_some(Reason::NoLawfulBasis)
    }
}
