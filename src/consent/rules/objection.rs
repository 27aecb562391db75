//! Objections, and opt-outs that travel with the person.

use super::consent::Said;
use crate::consent::case::Case;
use crate::consent::history::Kinds;
use crate::consent::law::{Family, RuleSet};
use crate::consent::{EventKind, LawfulBasis, ObjectionScope, Operation, Reason, Right};
use crate::time::Timestamp;

pub(super) fn standing(case: &Case<'_>, rules: &RuleSet) -> Option<Reason> {
    if marketing(case, rules) || other(case) {
        return Some(Reason::Objected);
    }
    let travels = rules.family != Family::UnitedStates && opted_out(case);
    travels.then_some(Reason::OptedOut)
}

/// Whether the newest statement is a grant later than a no, on the basis of consent.
fn is_ended_by_grant(case: &Case<'_>, said_no: Timestamp) -> bool {
    case.activity.rests_on_consent()
        && case.newest.is_some_and(|newest| newest.said == Said::Given && newest.at > said_no)
}

// SPEC: GDPR Art. 21(2)-(3), and 21(5) for signals. A rejection has no effect.
fn marketing(case: &Case<'_>, rules: &RuleSet) -> bool {
    if !case.flags.direct_marketing {
        return false;
    }
    let profiles =
        case.flags.profiling || case.operation() == Operation::Segment || case.question().profiled != Some(false);
    let abroad = rules.family != Family::UnitedStates && !rules.family.is_canadian();
    let newest = case.visible.newest(Kinds::OBJECTION | Kinds::SIGNAL, |kind| match kind {
        EventKind::Objection { scope } => match scope {
            ObjectionScope::DirectMarketing | ObjectionScope::All => true,
            ObjectionScope::ProfilingForDirectMarketing => profiles,
            ObjectionScope::Purpose(purpose) => purpose == case.purpose,
        },
        EventKind::Signal(signal) => abroad && signal.sets_gpc(),
        _ => false,
    });
    newest.is_some_and(|objected| !is_ended_by_grant(case, objected))
}

// SPEC: GDPR Art. 21(1), 18(1)(d).
fn other(case: &Case<'_>) -> bool {
    let reaches = matches!(
        case.activity.lawful_basis,
        Some(LawfulBasis::LegitimateInterest | LawfulBasis::RecognisedLegitimateInterest | LawfulBasis::PublicTask)
    );
    if !reaches || case.flags.direct_marketing {
        return false;
    }
    let names_it = |scope: &ObjectionScope| match scope {
        ObjectionScope::All => true,
        ObjectionScope::Purpose(purpose) => purpose == case.purpose,
        ObjectionScope::DirectMarketing | ObjectionScope::ProfilingForDirectMarketing => false,
    };
    let objected =
        case.visible.newest(Kinds::OBJECTION, |kind| matches!(kind, EventKind::Objection { scope } if names_it(scope)));
    let rejected = case.visible.newest(
        Kinds::OBJECTION_REJECTED,
        |kind| matches!(kind, EventKind::ObjectionRejected { scope, compelling_grounds: true } if names_it(scope)),
    );
    objected.is_some() && objected >= rejected
}

/// An opt-out from days in the United States denies what it governs elsewhere, too.
fn opted_out(case: &Case<'_>) -> bool {
    if !case.visible.may_hold(Kinds::OPT_OUT) {
        return false;
    }
    let newest = case.visible.newest(Kinds::OPT_OUT, |kind| {
        let EventKind::OptOut { right } = kind else { return false };
        let sale = matches!(right, Right::Sale | Right::SaleShare | Right::All);
        let ads = matches!(right, Right::TargetedAds | Right::SaleShare | Right::All);
        let decisions = matches!(right, Right::Profiling | Right::Adm | Right::All);
        let sensitive = matches!(right, Right::LimitSensitive | Right::All);
        (sale && case.operation() == Operation::Sell)
            || (ads && case.operation() == Operation::Share)
            || (decisions && case.is_significant())
            || (sensitive && case.special_or_sensitive(true).next().is_some())
    });
    newest.is_some_and(|opted_out| {
        let granted = case.visible.events(Kinds::GIVEN).any(|(at, kind)| match kind {
            EventKind::ConsentGiven(grant) => at > opted_out && grant.purposes.contains(case.purpose),
            _ => false,
        });
        !(granted && case.activity.rests_on_consent())
    })
}
