//! Asking again.

use super::opt_out::signal_hits;
use crate::consent::case::Case;
use crate::consent::history::Kinds;
use crate::consent::law::{Family, RuleSet};
use crate::consent::{EventKind, Reason, Signal, Transfer};

const FINANCIAL_INCENTIVE: &str = "financial_incentive";

/// Whether one may ask; never asked is not refused.
// SPEC: Cal. Civ. Code 1798.135(c)(4), 1798.125(b)(3); GDPR Rec. 32. The end of the time itself is free.
pub(super) fn judge(case: &Case<'_>, rules: &RuleSet) -> Reason {
    let in_the_states = rules.family == Family::UnitedStates;
    if in_the_states && case.flags.sale_or_share.is_some() {
        let everywhere = case.register.honours_gpc_everywhere();
        let opts_out = |signal: &Signal| {
            [Transfer::Sale, Transfer::Share].iter().any(|kind| signal_hits(signal, *kind, everywhere, rules))
        };
        let said_no = case.visible.newest(Kinds::OPT_OUT | Kinds::SIGNAL, |kind| match kind {
            EventKind::OptOut { .. } => true,
            EventKind::Signal(signal) => opts_out(signal),
            _ => false,
        });
        if said_no.is_some_and(|said_no| case.at() < said_no.plus_months(12)) {
            return Reason::Cooldown;
        }
    }
    let refused = case.visible.newest(Kinds::NO, |kind| match kind {
        EventKind::ConsentRefused(statement) | EventKind::ConsentWithdrawn(statement) => {
            statement.purposes.contains(case.purpose)
        }
        _ => false,
    });
    if let Some(refused) = refused {
        let incentive = in_the_states && case.purpose.as_str() == FINANCIAL_INCENTIVE;
        if incentive && case.at() < refused.plus_months(12) {
            return Reason::Cooldown;
        }
        if case.activity.reask_cooldown_days.is_some_and(|days| case.at() < refused.plus_whole_days(days)) {
            return Reason::Cooldown;
        }
    }
    Reason::NoOptOut
}
