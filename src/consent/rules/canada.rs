//! Implied consent in Canada.

use super::{basis, consent};
use crate::consent::case::Case;
use crate::consent::history::Kinds;
use crate::consent::law::{Family, RuleSet, Shipped};
use crate::consent::verdict::Verdict;
use crate::consent::{Operation, Reason};

// SPEC: PIPEDA 4.3; CASL s. 10(9)-(10); P-39.1 s. 8.1.
pub(super) fn judge(case: &Case<'_>, law: &Shipped, rules: &RuleSet) -> Verdict {
    // A statement on file decides first.
    if case.newest.is_some() {
        return consent::judge(case, law, rules);
    }
    Verdict::new(implied(case, rules))
}

fn implied(case: &Case<'_>, rules: &RuleSet) -> Reason {
    let operation = case.operation();
    // SPEC: PIPEDA 4.3.6, sensitive data needs express consent.
    if case.special(rules).next().is_some() {
        return Reason::NoConsent;
    }
    // SPEC: P-39.1 s. 8.1, profiling is off until the person activates it.
    if rules.family == Family::Quebec && (case.flags.profiling || operation == Operation::Segment) {
        return Reason::NoConsent;
    }
    match operation {
        Operation::Share | Operation::Sell => Reason::NoConsent,
        Operation::Contact => match case.visible.newest(Kinds::PURCHASE, |_| true) {
            None => Reason::NoConsent,
            // SPEC: CASL s. 10(10)(a), the anniversary itself is too late.
            Some(purchased) if case.at() >= purchased.plus_months(24) => Reason::ConsentExpired,
            Some(_) if basis::is_special_barred(case, rules) => Reason::SpecialCategory,
            Some(_) => Reason::ImpliedConsent,
        },
        _ if basis::is_special_barred(case, rules) => Reason::SpecialCategory,
        _ if case.has_notice(|notice| notice.opt_out_offered) => Reason::ImpliedConsent,
        _ => Reason::NoNotice,
    }
}
