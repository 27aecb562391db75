//! Significant decisions by machine alone.

use super::consent;
use crate::consent::case::Case;
use crate::consent::history::holds;
use crate::consent::law::{Family, RuleSet};
use crate::consent::verdict::Verdict;
use crate::consent::{LawfulBasis, Obligations, Operation, Reason};

/// What the law of automated decisions makes of what the basis allows.
pub(super) fn judge(case: &Case<'_>, rules: &RuleSet, allowed: Verdict) -> Verdict {
    if !applies(case) {
        return allowed;
    }
    // SPEC: WP251, a human who weighs the case and can change it.
    let review = case.question().human_review;
    if review.meaningful && review.reviewer_can_override {
        return allowed.because(Reason::HumanInLoop);
    }
    match rules.family {
        // SPEC: LGPD Art. 20.
        Family::Brazil => return allowed.with(Obligations::REVIEW_ON_REQUEST),
        // SPEC: P-39.1 s. 12.1.
        Family::Quebec => {
            return allowed
                .with(Obligations::INFORM_OF_AUTOMATED_DECISION.and(Obligations::OPPORTUNITY_FOR_OBSERVATIONS));
        }
        Family::Canada | Family::UnitedStates => return allowed,
        Family::Union | Family::Unstated | Family::UnitedKingdom => {}
    }
    // SPEC: GDPR Rec. 71.
    let presumed = case.age_on(case.at()).is_none() && case.activity.presumes_children();
    if case.is_known_minor() || presumed {
        return Verdict::new(Reason::Child);
    }
    let promised = |names: &[&str]| names.iter().all(|name| holds(&case.activity.adm_safeguards, name));
    let basis = case.activity.lawful_basis;
    if rules.safeguarded_decisions {
        // SPEC: UK GDPR Art. 22B(4), 22C.
        let recognised = basis == Some(LawfulBasis::RecognisedLegitimateInterest);
        return if !recognised && promised(&["information", "representations", "human_intervention", "contest"]) {
            let safeguards = Obligations::INFORMATION
                .and(Obligations::REPRESENTATIONS)
                .and(Obligations::HUMAN_INTERVENTION)
                .and(Obligations::CONTEST);
            allowed.with(safeguards)
        } else {
            Verdict::new(Reason::AdmNotPermitted)
        };
    }
    // SPEC: GDPR Art. 22(2)-(3).
    let gate = match basis {
        Some(LawfulBasis::Consent) if is_explicit(case) => Some(Reason::ExplicitConsent),
        Some(LawfulBasis::Contract) if case.activity.adm_necessary_for_contract => Some(Reason::Contract),
        Some(LawfulBasis::LegalObligation) if case.activity.adm_authorised_by_law => Some(Reason::LegalObligation),
        _ => None,
    };
    match gate {
        Some(reason) if promised(&["human_intervention", "express_view", "contest"]) => allowed
            .because(reason)
            .with(Obligations::HUMAN_INTERVENTION.and(Obligations::EXPRESS_VIEW).and(Obligations::CONTEST)),
        _ => Verdict::new(Reason::AdmNotPermitted),
    }
}

// SPEC: GDPR Art. 22(1); CJEU C-634/21, a score the recipient draws strongly on.
fn applies(case: &Case<'_>) -> bool {
    let operation = case.operation();
    let hands_over_score = operation.hands_over()
        && case.question().recipient.as_ref().is_some_and(|recipient| recipient.draws_strongly_on_score);
    case.is_significant() && (operation == Operation::AutomatedDecision || hands_over_score)
}

/// Whether every newest grant is explicit.
fn is_explicit(case: &Case<'_>) -> bool {
    case.question().tcf_purpose.is_none()
        && case.newest.is_some_and(|newest| {
            consent::grants(case, newest.at).all(|grant| grant.explicit || !grant.explicit_for.is_empty())
        })
}
