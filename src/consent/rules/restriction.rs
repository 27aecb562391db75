//! Restriction of processing.

use super::consent;
use crate::consent::case::Case;
use crate::consent::history::Kinds;
use crate::consent::{EventKind, Operation, Reason};

/// What a restriction means for a case.
pub(super) enum Restriction {
    None,
    /// It stands, and the case goes on all the same.
    GoesOn,
    Answers(Reason),
}

// SPEC: GDPR Art. 18(1)-(3), 4(2).
pub(super) fn standing(case: &Case<'_>) -> Restriction {
    let Some(set) = case.visible.newest(Kinds::RESTRICTION, |_| true) else { return Restriction::None };
    // Lifted only once the person has been told, and later than it was set.
    let lifted = case
        .visible
        .newest(Kinds::RESTRICTION_LIFTED, |kind| matches!(kind, EventKind::RestrictionLifted { informed: true }));
    if lifted > Some(set) {
        return Restriction::None;
    }
    match case.operation() {
        Operation::Store => Restriction::Answers(Reason::Exempt),
        Operation::Use if case.flags.legal_claims => Restriction::Answers(Reason::Exempt),
        _ if case.flags.legal_claims => Restriction::GoesOn,
        _ if consent::granted_despite_restriction(case, set) => Restriction::GoesOn,
        _ => Restriction::Answers(Reason::Restricted),
    }
}
