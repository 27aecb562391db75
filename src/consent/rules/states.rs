//! The states of the United States.

use super::consent;
use super::opt_out::{has_opt_in, newest_opt_out, right_hits, signal_hits};
use crate::consent::case::Case;
use crate::consent::history::Kinds;
use crate::consent::law::{Jurisdiction, RuleSet, SensitiveRule, Shipped};
use crate::consent::recipient::RecipientRole;
use crate::consent::verdict::Verdict;
use crate::consent::{EventKind, Operation, OptIn, Reason, Right, Transfer};
use crate::time::Timestamp;

pub(super) fn judge(case: &Case<'_>, law: &Shipped) -> Verdict {
    let rules = law.in_force(case.at());
    // A no is a no in every regime.
    if let Some(reason) = case.newest.and_then(consent::Newest::no) {
        return Verdict::new(reason);
    }
    let activity = case.activity;
    // SPEC: Cal. Civ. Code 1798.125(b)(3).
    let by_consent =
        case.purpose.as_str() == FINANCIAL_INCENTIVE || (activity.rests_on_consent() && !activity.regime_opt_out);
    let mut consented = None;
    if by_consent {
        let verdict = consent::judge(case, law, rules);
        if !verdict.is_allow() {
            return verdict;
        }
        consented = Some(verdict);
    } else if !activity.notice_at_collection.iter().any(|purpose| **purpose == *case.purpose.as_str()) {
        // SPEC: Cal. Civ. Code 1798.100(a)(1) and (c); 11 CCR 7002.
        return Verdict::new(Reason::PurposeIncompatible);
    }
    let kind = kind(case);
    let sensitive = case.special(rules).next().is_some();
    if is_banned(case, rules, kind, sensitive) {
        return Verdict::new(Reason::Banned);
    }
    let passed = if sensitive {
        match sensitive_data(case, law, rules) {
            Ok(passed) => passed,
            Err(reason) => return Verdict::new(reason),
        }
    } else {
        Passed::Plain
    };
    let reason = match kind {
        Some(kind) => match transfer(case, rules, kind) {
            Ok(reason) => reason,
            Err(reason) => return Verdict::new(reason),
        },
        None => match no_transfer(case, law, rules, passed) {
            Ok(reason) => reason,
            Err(reason) => return Verdict::new(reason),
        },
    };
    match (passed, consented) {
        (Passed::Exempt, _) => Verdict::new(Reason::Exempt),
        (_, Some(consented)) => consented,
        (Passed::Plain | Passed::Consented, None) => Verdict::new(reason),
    }
}

/// On what the use of sensitive data stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
    Plain,
    Consented,
    /// The use was limited, and this one is exempt.
    Exempt,
}

/// From which right to opt out the operation is a transfer.
// SPEC: 11 CCR 7050(b); Cal. Civ. Code 1798.140(e)(6), a provider may not advertise across contexts.
fn kind(case: &Case<'_>) -> Option<Transfer> {
    match case.operation() {
        Operation::Sell => Some(Transfer::Sale),
        Operation::Share => Some(Transfer::Share),
        Operation::Disclose => case.flags.sale_or_share.or_else(|| {
            let role = case.question().recipient.as_ref().and_then(|recipient| recipient.role);
            let is_provider = matches!(
                role,
                Some(RecipientRole::ServiceProvider | RecipientRole::Contractor | RecipientRole::Processor)
            );
            (!is_provider).then_some(Transfer::Sale)
        }),
        _ => None,
    }
}

// SPEC: Md. Com. Law 14-4707(a); Conn. SB 1295 (2025).
fn is_banned(case: &Case<'_>, rules: &RuleSet, kind: Option<Transfer>, sensitive: bool) -> bool {
    let strict = rules.sensitive == SensitiveRule::StrictlyNecessary;
    let data = strict && sensitive && (kind == Some(Transfer::Sale) || !case.question().strictly_necessary);
    data || (rules.bans_minors && kind.is_some() && case.is_known_minor())
}

fn sensitive_data(case: &Case<'_>, law: &Shipped, rules: &RuleSet) -> Result<Passed, Reason> {
    match rules.sensitive {
        SensitiveRule::StrictlyNecessary => Ok(Passed::Plain),
        // SPEC: Va. 59.1-578(A)(5); C.R.S. 6-1-1308(7); Conn. 42-520(a)(4); Tex. 541.101.
        SensitiveRule::OptIn | SensitiveRule::FreshOptIn => {
            if case.newest.is_none() {
                return Err(Reason::NoConsent);
            }
            let verdict = consent::judge(case, law, rules);
            if !verdict.is_allow() {
                return Err(verdict.reason());
            }
            let is_stale = rules.sensitive == SensitiveRule::FreshOptIn
                && !case.activity.preference_centre
                && last_interaction(case).is_none_or(|last| case.at() >= last.plus_months(24));
            if is_stale { Err(Reason::ConsentExpired) } else { Ok(Passed::Consented) }
        }
        // SPEC: Utah 13-61-302(3).
        SensitiveRule::OptOutWithNotice => {
            if !case.has_notice(|notice| notice.sensitive_opt_out_offered) {
                return Err(Reason::NoNotice);
            }
            if is_limited(case) { Err(Reason::OptedOut) } else { Ok(Passed::Plain) }
        }
        // SPEC: Cal. Civ. Code 1798.121(d); 11 CCR 7027(m).
        SensitiveRule::Limit => match is_limited(case) {
            false => Ok(Passed::Plain),
            true if case.flags.security || case.question().infers_characteristics == Some(false) => Ok(Passed::Exempt),
            true => Err(Reason::LimitedSensitive),
        },
    }
}

// SPEC: 4 CCR 904-3 Rule 7.08(A); a refusal of any kind prolongs nothing.
fn last_interaction(case: &Case<'_>) -> Option<Timestamp> {
    let kinds = Kinds::CONFIRMED | Kinds::PURCHASE | Kinds::ACTIVITY | Kinds::OPT_IN;
    let other = case.visible.newest(kinds, |kind| match kind {
        EventKind::ConsentConfirmed(confirmed) => confirmed.purposes.contains(case.purpose),
        EventKind::Purchase { .. } | EventKind::Activity | EventKind::OptIn(_) => true,
        _ => false,
    });
    other.max(case.newest.map(|newest| newest.at))
}

/// Whether the use of sensitive data was limited, and no effective opt-in came later.
fn is_limited(case: &Case<'_>) -> bool {
    let hits = |right: Right| matches!(right, Right::LimitSensitive | Right::All);
    let limited = newest_opt_out(&case.visible, hits, |_| false);
    limited.is_some() && !has_opt_in(&case.visible, hits, limited, |_, _| true)
}

fn transfer(case: &Case<'_>, rules: &RuleSet, kind: Transfer) -> Result<Reason, Reason> {
    let hits = |right: Right| right_hits(right, kind, rules);
    let everywhere = case.register.honours_gpc_everywhere();
    let opted_out = newest_opt_out(&case.visible, hits, |signal| signal_hits(signal, kind, everywhere, rules));
    // SPEC: Cal. Civ. Code 1798.120(c); 11 CCR 7070-7071; Conn. 42-520(a)(7).
    let age = age_or_child(case, case.at());
    if age.is_some_and(|age| age < i16::from(rules.opt_in_age)) {
        let suits = |at: Timestamp, opt_in: &OptIn| {
            let by_parent = is_by_verified_parent(opt_in);
            let under_13 = |age: Option<i16>| age.is_some_and(|age| age < CHILD_ONLINE);
            let needs_parent = under_13(age) || under_13(age_or_child(case, at));
            by_parent || (!needs_parent && opt_in.by.as_deref() == Some("self"))
        };
        if !has_opt_in(&case.visible, hits, opted_out, suits) {
            return Err(Reason::MinorNoOptIn);
        }
    }
    let opted_in = has_opt_in(&case.visible, hits, opted_out, |_, _| true);
    match (opted_out, opted_in) {
        (_, true) => Ok(Reason::OptedIn),
        (Some(_), false) => Err(Reason::OptedOut),
        (None, false) => Ok(Reason::NoOptOut),
    }
}

fn no_transfer(case: &Case<'_>, law: &Shipped, rules: &RuleSet, passed: Passed) -> Result<Reason, Reason> {
    let operation = case.operation();
    // SPEC: COPPA, 16 CFR 312.5.
    let online = case.activity.information_society_service != Some(false);
    let child = age_or_child(case, case.at()).is_some_and(|age| age < CHILD_ONLINE);
    if online && child && operation != Operation::Store && !has_parent(case, law, rules) {
        return Err(Reason::Child);
    }
    if case.is_significant() && rules.opt_out_of_decisions {
        let hits = |right: Right| matches!(right, Right::Profiling | Right::Adm | Right::All);
        let opted_out = newest_opt_out(&case.visible, hits, |_| false);
        if opted_out.is_some() && !has_opt_in(&case.visible, hits, opted_out, |_, _| true) {
            return Err(Reason::OptedOut);
        }
    }
    Ok(match (passed, operation) {
        (Passed::Consented, _) => Reason::Consent,
        (_, Operation::Disclose) => Reason::Processor,
        _ => Reason::NoOptOut,
    })
}

/// Whether a verified parent's consent to the purpose holds, or his opt-in that nobody took back.
fn has_parent(case: &Case<'_>, law: &Shipped, rules: &RuleSet) -> bool {
    let consented = case.newest.is_some_and(|newest| {
        newest.said == consent::Said::Given
            && consent::grants(case, newest.at)
                .all(|grant| grant.by.as_deref() == Some("parent") && grant.parental_verification)
    });
    (consented && consent::judge(case, law, rules).is_allow())
        || case.visible.events(Kinds::OPT_IN).any(|(at, kind)| match kind {
            EventKind::OptIn(opt_in) => {
                let taken_back = case.visible.events(Kinds::OPT_OUT).any(|(later, kind)| match kind {
                    EventKind::OptOut { right } => later >= at && (*right == Right::All || *right == opt_in.right),
                    _ => false,
                });
                opt_in.two_step && is_by_verified_parent(opt_in) && !taken_back
            }
            _ => false,
        })
}

fn is_by_verified_parent(opt_in: &OptIn) -> bool {
    opt_in.by.as_deref() == Some("parent") && opt_in.parental_verification
}

/// The age at an instant; where nobody knows and children are expected, a child's.
fn age_or_child(case: &Case<'_>, at: Timestamp) -> Option<i16> {
    case.age_on(at).or_else(|| case.activity.presumes_children().then_some(0))
}

const CHILD_ONLINE: i16 = 13;
const FINANCIAL_INCENTIVE: &str = "financial_incentive";
