//! What the customer said about the purpose.

use super::age::{self, Maturity};
use crate::consent::activity::stated;
use crate::consent::case::Case;
use crate::consent::grant::Answer;
use crate::consent::history::{Kinds, holds};
use crate::consent::law::{RuleSet, Shipped};
use crate::consent::verdict::Verdict;
use crate::consent::{EventKind, Grant, Obligations, Reason};
use crate::time::Timestamp;

/// The newest statement about the purpose.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::consent) struct Newest {
    pub(in crate::consent) at: Timestamp,
    pub(in crate::consent) said: Said,
}

/// What was said; of one instant the greater wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::consent) enum Said {
    Given,
    Refused,
    Withdrawn,
    Invalidated,
}

impl Newest {
    pub(in crate::consent) fn of(case: &Case<'_>) -> Option<Self> {
        let statements = case.visible.events(Kinds::GIVEN | Kinds::NO);
        let newest = statements.filter_map(|(at, kind)| Some((at, Self::said(kind, case)?))).max();
        newest.map(|(at, said)| Self { at, said })
    }

    /// What an event says about the purpose.
    fn said(kind: &EventKind, case: &Case<'_>) -> Option<Said> {
        let (purposes, said) = match kind {
            EventKind::ConsentGiven(grant) => (&grant.purposes, Said::Given),
            EventKind::ConsentRefused(no) => (&no.purposes, Said::Refused),
            EventKind::ConsentWithdrawn(no) => (&no.purposes, Said::Withdrawn),
            EventKind::ConsentInvalidated(no) => (&no.purposes, Said::Invalidated),
            _ => return None,
        };
        purposes.contains(case.purpose).then_some(said)
    }

    /// The reason to deny, unless it is a grant.
    pub(super) const fn no(self) -> Option<Reason> {
        match self.said {
            Said::Given => None,
            Said::Refused => Some(Reason::ConsentRefused),
            // SPEC: GDPR Art. 7(3), a withdrawal acts from its own time on and needs no proof.
            Said::Withdrawn => Some(Reason::ConsentWithdrawn),
            Said::Invalidated => Some(Reason::ConsentInvalid),
        }
    }
}

/// The newest refusal, withdrawal or invalidation.
pub(super) fn newest_no(case: &Case<'_>) -> Option<Newest> {
    let noes = case.visible.events(Kinds::NO).filter_map(|(at, kind)| Some((at, Newest::said(kind, case)?)));
    noes.max().map(|(at, said)| Newest { at, said })
}

/// Judges the newest statement alone.
// SPEC: GDPR Art. 4(11), 6(1)(a), 7.
pub(super) fn judge(case: &Case<'_>, law: &Shipped, rules: &RuleSet) -> Verdict {
    match case.newest {
        None => Verdict::new(without_statement(case)),
        Some(newest) => match newest.no() {
            Some(reason) => Verdict::new(reason),
            None => judge_grants(case, law, rules, newest.at),
        },
    }
}

fn without_statement(case: &Case<'_>) -> Reason {
    let requested = case.visible.any(Kinds::REQUESTED, |kind| match kind {
        EventKind::ConsentRequested(asked) => asked.purposes.contains(case.purpose),
        _ => false,
    });
    if requested {
        return Reason::ConsentPending;
    }
    // SPEC: GDPR Rec. 32, a consent to one purpose never covers another.
    if case.visible.any(Kinds::GIVEN, |_| true) { Reason::ConsentScope } else { Reason::NoConsent }
}

/// The grants for the purpose of one instant.
pub(super) fn grants<'c>(case: &'c Case<'_>, at: Timestamp) -> impl Iterator<Item = &'c Grant> {
    case.visible.events(Kinds::GIVEN).filter_map(move |(given_at, kind)| match kind {
        EventKind::ConsentGiven(grant) if given_at == at && grant.purposes.contains(case.purpose) => Some(&**grant),
        _ => None,
    })
}

/// Whether the newest statement is a grant after the restriction that holds in spite of it.
// SPEC: GDPR Art. 18(2).
pub(super) fn granted_despite_restriction(case: &Case<'_>, restricted: Timestamp) -> bool {
    case.activity.rests_on_consent()
        && case.newest.is_some_and(|newest| {
            newest.said == Said::Given
                && newest.at > restricted
                && grants(case, newest.at).all(|grant| grant.despite_restriction)
        })
}

/// Judges the grants of the newest instant; each must pass, and the earliest failed test gives the reason.
fn judge_grants(case: &Case<'_>, law: &Shipped, rules: &RuleSet, given_at: Timestamp) -> Verdict {
    // SPEC: GDPR Art. 10, consent does not help.
    if case.reads_criminal() {
        return Verdict::new(Reason::SpecialCategory);
    }
    let failed = grants(case, given_at).filter_map(|grant| test(case, law, rules, grant, given_at).err()).min();
    if let Some(Failure(_, reason)) = failed {
        return Verdict::new(reason);
    }
    let explicit = case.special(rules).next().is_some();
    let verdict = Verdict::new(if explicit { Reason::ExplicitConsent } else { Reason::Consent });
    // SPEC: EDPB 05/2020 par. 149-150, a parent's consent outlives the birthday, and the grown-up is told.
    let outlived = !age::is_waived(case, rules)
        && grants(case, given_at).any(is_by_parent)
        && age::maturity(case, law, case.at()) == Maturity::Adult;
    if outlived { verdict.with(Obligations::INFORM_OF_RIGHT_TO_WITHDRAW) } else { verdict }
}

/// A failed test: its place in the order of tests, then the reason.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Failure(u8, Reason);

fn test(case: &Case<'_>, law: &Shipped, rules: &RuleSet, grant: &Grant, given_at: Timestamp) -> Result<(), Failure> {
    let fail_if = |failed: bool, place: u8, reason: Reason| if failed { Err(Failure(place, reason)) } else { Ok(()) };
    let activity = case.activity;
    fail_if(!is_proven(grant), 2, Reason::ConsentInvalid)?;
    if !age::is_waived(case, rules) {
        mature(case, law, grant, given_at).map_err(|reason| Failure(3, reason))?;
    }
    // SPEC: EDPB 05/2020 par. 110.
    let expired = activity.consent_validity_days.is_some_and(|days| case.at() >= given_at.plus_whole_days(days));
    fail_if(expired, 4, Reason::ConsentExpired)?;
    fail_if(is_notice_outdated(case, grant.notice_version.as_deref()), 5, Reason::NoticeOutdated)?;
    fail_if(activity.require_double_opt_in && !is_confirmed(case, given_at), 6, Reason::ConsentPending)?;
    let controllers = grant.controllers.as_ref();
    fail_if(controllers.is_some_and(|list| !holds(list, activity.controller())), 7, Reason::ConsentScope)?;
    let limits = grant.data_categories.as_ref();
    let covered = limits.is_none_or(|list| case.categories().all(|category| holds(list, category)));
    fail_if(!covered, 8, Reason::ConsentScope)?;
    // SPEC: GDPR Art. 9(2)(a).
    let explicit = |category: &str| {
        holds(&grant.explicit_for, category) || (grant.explicit && limits.is_some_and(|list| holds(list, category)))
    };
    fail_if(case.special(rules).any(|category| !explicit(category)), 9, Reason::SpecialCategory)
}

// SPEC: GDPR Art. 7(1), 7(2), 7(4), Rec. 32; CJEU C-673/17.
pub(in crate::consent) fn is_proven(grant: &Grant) -> bool {
    stated(grant.notice_version.as_deref())
        && stated(grant.method.as_deref())
        && grant.affirmative == Some(true)
        && (is_by_parent(grant) || grant.by.as_deref() == Some("self"))
        && !grant.bundled_with_contract
        && !grant.purposes.is_all()
        && grant.value != Answer::Unclear
}

fn is_by_parent(grant: &Grant) -> bool {
    grant.by.as_deref() == Some("parent")
}

// SPEC: GDPR Art. 8(1)-(2), by the law of the day of the consent.
fn mature(case: &Case<'_>, law: &Shipped, grant: &Grant, given_at: Timestamp) -> Result<(), Reason> {
    match (age::maturity(case, law, given_at), is_by_parent(grant)) {
        (Maturity::PresumedChild, _) | (Maturity::Child, false) => Err(Reason::Child),
        (Maturity::Child, true) if !grant.parental_verification => Err(Reason::Child),
        (Maturity::Adult, true) => Err(Reason::ConsentInvalid),
        (Maturity::Child, true) | (Maturity::Adult, false) => Ok(()),
    }
}

/// Whether a material change of the notice came into force after the version that was agreed to.
fn is_notice_outdated(case: &Case<'_>, agreed: Option<&str>) -> bool {
    let activity = case.activity;
    let changes = &activity.notice_changes;
    let published = |version: &str| {
        let listed = changes.iter().filter(|change| &*change.version == version);
        // Published twice, it is the older one that was surely meant.
        listed.map(|change| change.at).min()
    };
    let agreed = agreed.unwrap_or_default();
    let current = activity.notice_current.as_deref();
    // A current version without a date is in force, and nobody said that it changed little.
    if current.is_some_and(|current| current != agreed && published(current).is_none()) {
        return true;
    }
    let since = published(agreed);
    // A version of which no date is known stands before all others, unless it is the current one.
    if since.is_none() && current == Some(agreed) {
        return false;
    }
    changes.iter().any(|change| change.material && change.at <= case.at() && Some(change.at) > since)
}

fn is_confirmed(case: &Case<'_>, given_at: Timestamp) -> bool {
    case.visible.events(Kinds::CONFIRMED).any(|(at, kind)| match kind {
        EventKind::ConsentConfirmed(confirmed) => at >= given_at && confirmed.purposes.contains(case.purpose),
        _ => false,
    })
}
