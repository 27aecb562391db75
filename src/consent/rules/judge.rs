//! What one shipped law says.

use super::restriction::Restriction;
use super::{asking, automated, basis, compatible, objection, restriction, states, tcf, transfer};
use crate::consent::case::Case;
use crate::consent::history::{Kinds, holds};
use crate::consent::law::{Family, Jurisdiction, RuleSet, Shipped};
use crate::consent::verdict::Verdict;
use crate::consent::{EventKind, Operation, Reason};

/// Judges the case under a law: restriction, objection, the rules of the operation, then the basis.
pub(in crate::consent) fn judge(case: &Case<'_>, law: &Shipped) -> Verdict {
    let rules = law.in_force(case.at());
    match restriction::standing(case) {
        Restriction::None | Restriction::GoesOn => {}
        Restriction::Answers(reason) => return Verdict::new(reason),
    }
    if let Some(reason) = objection::standing(case, rules) {
        return Verdict::new(reason);
    }
    if case.operation() == Operation::AskConsent {
        return Verdict::new(asking::judge(case, rules));
    }
    if is_stale(case) {
        return Verdict::new(Reason::StaleDerived);
    }
    if case.operation().hands_over()
        && let Some(reason) = transfer::stops(case, rules, law.code)
    {
        return Verdict::new(reason);
    }
    if rules.family == Family::UnitedStates { states::judge(case, law) } else { by_basis(case, law, rules) }
}

fn by_basis(case: &Case<'_>, law: &Shipped, rules: &RuleSet) -> Verdict {
    let question = case.question();
    let compatible = match compatible::judge(case) {
        compatible::Compatible::NotAsked => false,
        compatible::Compatible::Yes => true,
        compatible::Compatible::No(reason) => return Verdict::new(reason),
    };
    let verdict = match question.tcf_purpose {
        Some(purpose) => tcf::judge(case, rules, purpose),
        None => basis::judge(case, law, rules),
    };
    if !verdict.is_allow() {
        return verdict;
    }
    let verdict = if compatible { verdict.because(Reason::CompatiblePurpose) } else { verdict };
    automated::judge(case, rules, verdict)
}

// SPEC: GDPR Art. 5(1)(d), 16; what was computed before a correction no longer holds.
fn is_stale(case: &Case<'_>) -> bool {
    if case.operation() != Operation::UseDerived {
        return false;
    }
    let derived = case.question().derived.as_ref();
    let inputs = derived.and_then(|derived| derived.inputs.as_ref());
    let computed_at = derived.and_then(|derived| derived.computed_at);
    case.visible.events(Kinds::RECTIFIED).any(|(at, kind)| {
        let EventKind::Rectified { data_categories } = kind else { return false };
        let meets = match (data_categories, inputs) {
            (Some(corrected), Some(inputs)) => corrected.iter().any(|category| holds(inputs, category)),
            _ => true,
        };
        meets && computed_at.is_none_or(|computed_at| at >= computed_at)
    })
}
