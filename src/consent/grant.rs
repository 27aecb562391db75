//! Whether a grant is worth its name.

use super::event::Answer;
use super::jurisdiction::{Place, is_child};
use super::ledger::History;
use super::{Activity, EventKind, Grant, Reason, Request};
use crate::time::Timestamp;

/// What came out for the newest grants.
pub(super) struct Verdict {
    pub(super) reason: Reason,
    pub(super) obligations: &'static [&'static str],
}

/// A failed test: its place in the order of tests, then the reason.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Failure(u8, Reason);

/// Judges the grants for the request's purpose of one instant; each must pass.
pub(super) fn judge(history: History<'_>, request: &Request<'_>, given_at: Timestamp) -> Verdict {
    let failed = |reason| Verdict { reason, obligations: &[] };
    // SPEC: GDPR Art. 10, consent does not help.
    if request.activity().data_categories().any(|category| category == CRIMINAL_OFFENCE) {
        return failed(Reason::SpecialCategory);
    }
    // The earliest failed test of all grants gives the reason, so that their order does not.
    let first =
        grants(history, request, given_at).filter_map(|grant| test(grant, history, request, given_at).err()).min();
    if let Some(Failure(_, reason)) = first {
        return failed(reason);
    }
    // SPEC: EDPB 05/2020 par. 149-150, a parent's consent outlives the birthday, and the grown-up is told.
    let by_parent = grants(history, request, given_at).any(|grant| grant.by.as_deref() == Some(PARENT));
    let of_age = !is_child(history.places(), history.birth_date(), request.at());
    let obligations: &[&str] = if by_parent && of_age { &["inform_data_subject_of_right_to_withdraw"] } else { &[] };
    let reason = if reads_sensitive(history, request) { Reason::ExplicitConsent } else { Reason::Consent };
    Verdict { reason, obligations }
}

/// Whether every grant of the instant says that it holds in spite of a restriction.
pub(super) fn all_despite_restriction(history: History<'_>, request: &Request<'_>, given_at: Timestamp) -> bool {
    grants(history, request, given_at).all(|grant| grant.despite_restriction)
}

/// Whether a category is read that needs explicit consent where the customer lives.
pub(super) fn reads_sensitive(history: History<'_>, request: &Request<'_>) -> bool {
    request.activity().data_categories().any(|category| is_sensitive(category, request.activity(), history.places()))
}

fn grants<'a>(
    history: History<'a>,
    request: &'a Request<'_>,
    given_at: Timestamp,
) -> impl Iterator<Item = &'a Grant> + use<'a> {
    let purpose = request.activity().purpose();
    history.visible(request).filter_map(move |(at, kind)| match kind {
        EventKind::ConsentGiven(grant) if at == given_at && grant.purposes.contains(purpose) => Some(&**grant),
        _ => None,
    })
}

fn test(grant: &Grant, history: History<'_>, request: &Request<'_>, given_at: Timestamp) -> Result<(), Failure> {
    let activity = request.activity();
    let places = history.places();
    // SPEC: GDPR Art. 7(1), 7(2), 7(4), Rec. 32; CJEU C-673/17.
    let stated = |text: &Option<Box<str>>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let by_parent = grant.by.as_deref() == Some(PARENT);
    let proven = stated(&grant.notice_version)
        && stated(&grant.method)
        && grant.affirmative == Some(true)
        && (by_parent || grant.by.as_deref() == Some("self"))
        && !grant.bundled_with_contract
        && !grant.purposes.is_all()
        && grant.value != Answer::Unclear;
    if !proven {
        return Err(Failure(2, Reason::ConsentInvalid));
    }
    // SPEC: GDPR Art. 8(1)-(2), by the law of the day of the consent.
    match (is_child(places, history.birth_date(), given_at), by_parent) {
        (true, false) => return Err(Failure(3, Reason::Child)),
        (true, true) if !grant.parental_verification => return Err(Failure(3, Reason::Child)),
        (false, true) => return Err(Failure(3, Reason::ConsentInvalid)),
        (true, true) | (false, false) => {}
    }
    if grant.controllers.as_ref().is_some_and(|list| !holds(list, activity.controller())) {
        return Err(Failure(7, Reason::ConsentScope));
    }
    let limits = grant.data_categories.as_ref();
    if limits.is_some_and(|list| !activity.data_categories().all(|category| holds(list, category))) {
        return Err(Failure(8, Reason::ConsentScope));
    }
    // SPEC: GDPR Art. 9(2)(a). The state laws of the United States ask more than this version can judge.
    let in_united_states = places.contains(&Place::UnitedStates);
    let explicit = |category: &str| {
        holds(&grant.explicit_for, category) || (grant.explicit && limits.is_some_and(|list| holds(list, category)))
    };
    let mut sensitive = activity.data_categories().filter(|category| is_sensitive(category, activity, places));
    if sensitive.any(|category| in_united_states || !explicit(category)) {
        return Err(Failure(9, Reason::SpecialCategory));
    }
    Ok(())
}

fn holds(list: &[Box<str>], wanted: &str) -> bool {
    list.iter().any(|entry| &**entry == wanted)
}

fn is_sensitive(category: &str, activity: &Activity, places: &[Place]) -> bool {
    match category {
        _ if activity.is_marked_sensitive(category) => true,
        "health" | "religion" | "ethnic_origin" | "political_opinion" | "union_membership" | "sexual_life"
        | "genetic" | "biometric_id" => true,
        "precise_geolocation" => places.iter().any(|place| place.is_north_american()),
        _ => false,
    }
}

const CRIMINAL_OFFENCE: &str = "criminal_offence";
const PARENT: &str = "parent";
