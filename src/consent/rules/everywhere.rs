//! The rules that hold before any law is asked.

use crate::consent::case::Case;
use crate::consent::history::{Kinds, holds};
use crate::consent::law::{Family, LawCode, shipped};
use crate::consent::{EventKind, LawfulBasis, Operation, Question, Reason, Register};

/// Whether the person may take the data along.
// SPEC: GDPR Art. 20(1), WP242; Cal. Civ. Code 1798.130. Inferred data is not ported, legitimate interest neither.
pub(in crate::consent) fn port(codes: &[LawCode], register: &Register, question: &Question) -> Reason {
    let in_a_state = codes.iter().any(|code| match code {
        LawCode::Shipped(place) => shipped(*place).is_some_and(|law| law.family() == Family::UnitedStates),
        LawCode::Other(_) => false,
    });
    let basis = question.purpose.as_ref().and_then(|purpose| register.activity(purpose)?.lawful_basis);
    let from_the_person = matches!(question.data_origin.as_deref(), Some("provided" | "observed"));
    let reached = in_a_state || matches!(basis, Some(LawfulBasis::Consent | LawfulBasis::Contract));
    if from_the_person && reached { Reason::RightExercise } else { Reason::RightNotApplicable }
}

/// Whether what is handled is no longer personal data.
// SPEC: GDPR Rec. 26; Cal. Civ. Code 1798.140(b) and (m).
pub(in crate::consent) fn is_anonymous(question: &Question) -> bool {
    let operation = matches!(
        question.operation,
        Operation::UseDerived | Operation::Share | Operation::Sell | Operation::Disclose | Operation::Store
    );
    operation && question.derived.as_ref().is_some_and(|derived| derived.anonymous)
}

/// Retention, minimisation, retaliation.
pub(in crate::consent) fn judge(case: &Case<'_>) -> Option<Reason> {
    if is_past_retention(case) {
        // SPEC: GDPR Art. 17(3)(e), legal claims.
        let held = case.activity.legal_hold && case.flags.legal_claims;
        match (held, case.question().operation) {
            (true, Operation::Store | Operation::Use) => return Some(Reason::Exempt),
            (true, _) => {}
            (false, _) => return Some(Reason::Retention),
        }
    }
    // SPEC: GDPR Art. 5(1)(c), 25(2).
    if let Some(allowed) = &case.activity.allowed_categories
        && case.categories().any(|category| !holds(allowed, category))
    {
        return Some(Reason::Minimisation);
    }
    // SPEC: Cal. Civ. Code 1798.125(a); GDPR Rec. 42.
    let retaliates = case.question().operation == Operation::Differentiate
        && matches!(case.question().based_on.as_deref(), Some("opt_out_status" | "consent_status" | "rights_exercise"));
    retaliates.then_some(Reason::Retaliation)
}

// SPEC: GDPR Art. 5(1)(e); Cal. Civ. Code 1798.100(a)(3).
fn is_past_retention(case: &Case<'_>) -> bool {
    let Some(days) = case.activity.retention_days else { return false };
    case.categories().any(|category| {
        let collected = case.visible.newest(Kinds::COLLECTED, |kind| match kind {
            EventKind::Collected { data_categories } => holds(data_categories, category),
            _ => false,
        });
        collected.is_none_or(|collected| case.at() >= collected.plus_whole_days(days))
    })
}
