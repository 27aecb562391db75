//! Whether a purpose is compatible with the one the data was collected for.

use crate::consent::case::Case;
use crate::consent::history::holds;
use crate::consent::{LawfulBasis, Operation, Reason};

pub(super) enum Compatible {
    /// The purpose is the original one, or its basis is consent or law.
    NotAsked,
    Yes,
    No(Reason),
}

// SPEC: GDPR Art. 6(4), 5(1)(b), 89(1), 13(3); EDPB 05/2020 par. 55-58.
pub(super) fn judge(case: &Case<'_>) -> Compatible {
    let activity = case.activity;
    let differs = activity.original_purpose.as_deref().is_some_and(|original| original != case.purpose.as_str());
    let own_basis = matches!(activity.lawful_basis, Some(LawfulBasis::Consent | LawfulBasis::LegalObligation));
    if !differs || own_basis {
        return Compatible::NotAsked;
    }
    let from_consent = activity.original_basis.as_deref() == Some("consent");
    if from_consent || !(is_statistics(case) || is_assessed(case)) {
        return Compatible::No(Reason::PurposeIncompatible);
    }
    if !case.has_notice(|_| true) {
        return Compatible::No(Reason::NoNotice);
    }
    Compatible::Yes
}

fn is_statistics(case: &Case<'_>) -> bool {
    let safeguards = &case.activity.statistical_safeguards;
    case.flags.statistical
        && (holds(safeguards, PSEUDONYMISATION) || holds(safeguards, "aggregation"))
        && (case.question().pseudonymised || case.operation() == Operation::Aggregate)
}

fn is_assessed(case: &Case<'_>) -> bool {
    case.activity.compatibility_assessment.as_ref().is_some_and(|assessment| {
        assessment.says_compatible()
            && (case.question().pseudonymised || !holds(&assessment.safeguards, PSEUDONYMISATION))
    })
}

const PSEUDONYMISATION: &str = "pseudonymisation";
