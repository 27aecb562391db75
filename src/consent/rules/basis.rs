//! The lawful bases outside the United States.

use super::canada;
use super::consent::{self, Said};
use crate::consent::activity::stated;
use crate::consent::case::Case;
use crate::consent::history::Kinds;
use crate::consent::law::{Family, RuleSet, Shipped};
use crate::consent::verdict::Verdict;
use crate::consent::{EventKind, LawfulBasis, Obligations, Operation, Reason};

// SPEC: GDPR Art. 6(1). Order inside a basis: its own condition, special categories, minors, notice.
pub(super) fn judge(case: &Case<'_>, law: &Shipped, rules: &RuleSet) -> Verdict {
    let no = Verdict::new(Reason::NoLawfulBasis);
    let Some(basis) = case.activity.lawful_basis else { return no };
    let allowed = match basis {
        LawfulBasis::Consent => return consent::judge(case, law, rules),
        LawfulBasis::ImpliedConsent if rules.family.is_canadian() => return canada::judge(case, law, rules),
        LawfulBasis::LegitimateInterest if rules.family == Family::Unstated => {
            return Verdict::new(Reason::UnknownJurisdiction);
        }
        _ => match own_condition(case, rules, basis) {
            Some(reason) => reason,
            None => return no,
        },
    };
    if is_special_barred(case, rules) {
        return Verdict::new(Reason::SpecialCategory);
    }
    if allowed != Reason::LegitimateInterest {
        return Verdict::new(allowed);
    }
    // SPEC: GDPR Art. 6(1)(f), Rec. 38 and 71.
    let profiles =
        case.flags.profiling || case.operation() == Operation::Segment || case.question().profiled == Some(true);
    let wary = case.flags.direct_marketing || profiles;
    if basis == LawfulBasis::LegitimateInterest && wary && case.is_known_minor() {
        return Verdict::new(Reason::Child);
    }
    // SPEC: GDPR Art. 13(1), 21(4).
    if !case.has_notice(|notice| notice.right_to_object) {
        return Verdict::new(Reason::NoNotice);
    }
    if basis == LawfulBasis::LegitimateInterest && is_electronic_marketing(case) {
        return soft_opt_in(case);
    }
    Verdict::new(allowed)
}

/// Whether special or criminal data is read that the basis does not carry.
// SPEC: GDPR Art. 9(2)(b)-(j), 10; LGPD Art. 11, in Brazil it needs specific consent.
pub(super) fn is_special_barred(case: &Case<'_>, rules: &RuleSet) -> bool {
    let special = case.special_or_sensitive(false).next().is_some();
    (special && rules.family == Family::Brazil)
        || ((special || case.reads_criminal()) && !stated(case.activity.art9_condition.as_deref()))
}

/// The reason to allow, if the basis' own condition is met.
fn own_condition(case: &Case<'_>, rules: &RuleSet, basis: LawfulBasis) -> Option<Reason> {
    let (activity, flags) = (case.activity, case.flags);
    let (met, reason) = match basis {
        // SPEC: GDPR Art. 6(1)(b); CJEU C-252/21; EDPB 2/2019.
        LawfulBasis::Contract => {
            (!flags.direct_marketing && (!flags.profiling || activity.adm_necessary_for_contract), Reason::Contract)
        }
        // SPEC: GDPR Art. 6(3).
        LawfulBasis::LegalObligation => (stated(activity.law_ref.as_deref()), Reason::LegalObligation),
        LawfulBasis::PublicTask => (stated(activity.law_ref.as_deref()), Reason::PublicTask),
        LawfulBasis::VitalInterests => (true, Reason::VitalInterests),
        // SPEC: GDPR Art. 6(1)(f), Rec. 47.
        LawfulBasis::LegitimateInterest => (
            stated(activity.balancing_assessment.as_deref())
                && !activity.controller_is_public_authority
                && !rules.family.is_canadian(),
            Reason::LegitimateInterest,
        ),
        // SPEC: UK GDPR Art. 6(1)(ea), Annex 1.
        LawfulBasis::RecognisedLegitimateInterest => (
            rules.recognises_interests && stated(activity.annex1_condition.as_deref()) && !flags.direct_marketing,
            Reason::LegitimateInterest,
        ),
        // SPEC: LGPD Art. 7(X).
        LawfulBasis::CreditProtection => (rules.family == Family::Brazil, Reason::CreditProtection),
        LawfulBasis::Consent | LawfulBasis::ImpliedConsent => (false, Reason::NoLawfulBasis),
    };
    met.then_some(reason)
}

fn is_electronic_marketing(case: &Case<'_>) -> bool {
    case.operation() == Operation::Contact
        && case.flags.direct_marketing
        && !matches!(case.question().channel.as_deref(), Some("post" | "phone_live"))
}

// SPEC: ePrivacy Directive Art. 13(2); PECR reg. 22.
fn soft_opt_in(case: &Case<'_>) -> Verdict {
    if case.newest.is_some_and(|newest| newest.said == Said::Withdrawn) {
        return Verdict::new(Reason::ConsentWithdrawn);
    }
    let question = case.question();
    let bought = question.product_line.as_deref().is_some_and(|wanted| {
        case.visible.any(Kinds::PURCHASE, |kind| match kind {
            EventKind::Purchase { product_line, opt_out_offered } => {
                *opt_out_offered && product_line.as_deref() == Some(wanted)
            }
            _ => false,
        })
    });
    if case.activity.soft_opt_in && bought && question.opt_out_in_message {
        Verdict::new(Reason::SoftOptIn).with(Obligations::OFFER_OPT_OUT_IN_MESSAGE)
    } else {
        Verdict::new(Reason::NoConsent)
    }
}
