//! Erasure, and what comes after it.

use crate::consent::case::Case;
use crate::consent::history::Kinds;
use crate::consent::{EventKind, LawfulBasis};
use crate::time::Timestamp;

/// What erasure means for a case.
pub(in crate::consent) enum State {
    /// It stands, and the case is not exempt.
    Standing,
    /// Grants and the like up to the instant are void, if there is one.
    VoidUntil(Option<Timestamp>),
}

// SPEC: GDPR Art. 17(1): from the request on, and nothing lifts it before completion; Cal. Civ. Code 1798.105.
pub(in crate::consent) fn state(case: &Case<'_>) -> State {
    let requested = case.visible.newest(Kinds::ERASURE, |kind| matches!(kind, EventKind::ErasureRequested));
    let completed = case.visible.newest(Kinds::ERASURE, |kind| matches!(kind, EventKind::ErasureCompleted));
    let newest_sign = case.visible.newest(Kinds::GIVEN | Kinds::COLLECTED | Kinds::IMPORTED, |kind| {
        matches!(kind, EventKind::ConsentGiven(_) | EventKind::Collected { .. } | EventKind::Imported { .. })
    });
    // Strictly later: at one instant the request stands.
    let new_life = completed > requested && newest_sign > completed;
    let stands = (requested.is_some() || completed.is_some()) && !new_life;
    if stands && !is_exempt(case) { State::Standing } else { State::VoidUntil(completed) }
}

// SPEC: GDPR Art. 17(3)(b) and (e). The first keeps the entry of a suppression list lawful.
fn is_exempt(case: &Case<'_>) -> bool {
    let activity = case.activity;
    let by_law = matches!(activity.lawful_basis, Some(LawfulBasis::LegalObligation | LawfulBasis::PublicTask));
    (by_law && crate::consent::activity::stated(activity.law_ref.as_deref()))
        || (case.flags.legal_claims && activity.legal_hold)
}
