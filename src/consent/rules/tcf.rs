//! Strings of the Transparency and Consent Framework in place of grants.

use super::consent;
use crate::consent::case::Case;
use crate::consent::history::Kinds;
use crate::consent::law::RuleSet;
use crate::consent::verdict::Verdict;
use crate::consent::{EventKind, Reason, Tcf};
use crate::time::Timestamp;

// SPEC: IAB Europe TCF v2.2 and v2.3.
pub(super) fn judge(case: &Case<'_>, rules: &RuleSet, purpose: u16) -> Verdict {
    if !case.activity.rests_on_consent() {
        return Verdict::new(Reason::NoLawfulBasis);
    }
    // A string is a grant: one from before a completed erasure is void with the other grants.
    let fresh = |at: Timestamp| case.visible.void_until.is_none_or(|until| at > until);
    let strings = || {
        case.visible.events(Kinds::SIGNAL).filter_map(move |(at, kind)| match kind {
            EventKind::Signal(signal) if fresh(at) => signal.tcf.as_ref().map(|tcf| (at, tcf)),
            _ => None,
        })
    };
    let newest = strings().map(|(at, _)| at).max();
    let Some(newest) = newest else { return Verdict::new(Reason::NoConsent) };
    // A later no in the ledger beats it, whatever grants say; of one instant the no wins.
    if let Some(no) = consent::newest_no(case).filter(|no| no.at >= newest)
        && let Some(reason) = no.no()
    {
        return Verdict::new(reason);
    }
    let failed = strings().filter(|(at, _)| *at == newest).filter_map(|(_, tcf)| test(case, tcf, purpose)).min();
    if let Some((_, reason)) = failed {
        return Verdict::new(reason);
    }
    if case.special(rules).next().is_some() || case.reads_criminal() {
        return Verdict::new(Reason::SpecialCategory);
    }
    Verdict::new(Reason::Consent)
}

/// The first failed test of a string with its place.
fn test(case: &Case<'_>, tcf: &Tcf, purpose: u16) -> Option<(u8, Reason)> {
    let Some(created) = tcf.created else { return Some((1, Reason::ConsentInvalid)) };
    if created >= DISCLOSED_VENDORS_FROM && tcf.disclosed_vendors.is_none() {
        return Some((1, Reason::ConsentInvalid));
    }
    if case.activity.consent_validity_days.is_some_and(|days| case.at() >= created.plus_whole_days(days)) {
        return Some((2, Reason::ConsentExpired));
    }
    let vendor = case.question().recipient.as_ref().and_then(|recipient| recipient.tcf_vendor);
    let lists = |list: &[u16]| vendor.is_some_and(|vendor| list.contains(&vendor));
    let granted = tcf.purposes_consent.contains(&purpose)
        && lists(&tcf.vendors_consent)
        && tcf.disclosed_vendors.as_ref().is_none_or(|disclosed| lists(disclosed));
    (!granted).then_some((3, Reason::ConsentScope))
}

/// 2026-02-28T00:00:00Z: strings made from then on need the segment of disclosed vendors.
const DISCLOSED_VENDORS_FROM: Timestamp = Timestamp::from_micros(1_772_236_800_000_000);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_segment_is_due_from_28_february_2026() {
        assert_eq!(DISCLOSED_VENDORS_FROM.to_string(), "2026-02-28T00:00:00Z");
    }
}
