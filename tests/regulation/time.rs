//! When a fact counts: visibility, order, ties, periods, ages (section 1).

use serde_json::json;

use crate::case::*;

#[test]
fn gdpr_7_3_withdrawal_acts_from_its_own_time_on() {
    let case = newsletter().event(withdrawn("2026-03-01"));
    case.turns("2026-03-01", Allow("CONSENT"), Deny("CONSENT_WITHDRAWN"));
}

#[test]
fn a_grant_acts_from_its_own_time_on() {
    newsletter().turns("2026-01-10T10:00:00Z", Deny("NO_CONSENT"), Allow("CONSENT"));
}

#[test]
fn gdpr_5_2_what_we_knew_then_leaves_out_what_was_recorded_later() {
    let letter = withdrawn("2026-02-01").with(json!({"recorded_at": "2026-03-01T00:00:00Z"}));
    let case = newsletter().event(letter);
    let known = |time: &str| case.clone().request(json!({ "known_at": time }));
    known("2026-02-28T23:59:59.999999Z").allows("CONSENT");
    known("2026-03-01T00:00:00Z").denies("CONSENT_WITHDRAWN");
    known("2026-03-01T00:00:00.000001Z").denies("CONSENT_WITHDRAWN");
}

#[test]
fn what_was_true_then_counts_from_the_time_of_effect_whenever_it_was_recorded() {
    let letter = withdrawn("2026-02-01").with(json!({"recorded_at": "2026-03-01T00:00:00Z"}));
    newsletter().event(letter).turns("2026-02-01", Allow("CONSENT"), Deny("CONSENT_WITHDRAWN"));
}

#[test]
fn an_event_without_recording_time_was_recorded_when_it_took_effect() {
    let case = newsletter().event(withdrawn("2026-02-01")).at("2026-06-01");
    case.clone().request(json!({"known_at": "2026-01-31T23:59:59.999999Z"})).allows("CONSENT");
    case.request(json!({"known_at": "2026-02-01T00:00:00Z"})).denies("CONSENT_WITHDRAWN");
}

#[test]
fn knowing_more_later_does_not_show_what_happens_after_the_request() {
    let case = newsletter().event(withdrawn("2026-07-01")).request(json!({"known_at": "2026-12-01T00:00:00Z"}));
    case.turns("2026-07-01", Allow("CONSENT"), Deny("CONSENT_WITHDRAWN"));
}

#[test]
fn events_are_ordered_by_their_effect_never_by_their_arrival() {
    let empty = newsletter().without_events();
    let grant = given("2026-01-10");
    empty.clone().and_events([withdrawn("2026-02-01"), grant.clone()]).denies("CONSENT_WITHDRAWN");
    empty.and_events([grant, withdrawn("2026-01-09")]).allows("CONSENT");
}

#[test]
fn of_two_statements_at_one_instant_the_more_restrictive_wins() {
    let at = "2026-02-01";
    let statements = [
        (given(at), Allow("CONSENT")),
        (refused(at), Deny("CONSENT_REFUSED")),
        (withdrawn(at), Deny("CONSENT_WITHDRAWN")),
        (invalidated(at), Deny("CONSENT_INVALID")),
    ];
    for (weaker, (mild, _)) in statements.iter().enumerate() {
        for (strict, wins) in &statements[weaker..] {
            let empty = newsletter().without_events();
            empty.clone().and_events([mild.clone(), strict.clone()]).expects(*wins);
            empty.and_events([strict.clone(), mild.clone()]).expects(*wins);
        }
    }
}

#[test]
fn of_several_grants_at_one_instant_each_must_pass() {
    let (good, bundled) =
        (given("2026-02-01"), given("2026-02-01").with(json!({"bundled_with_contract": true, "method": "basket"})));
    let also_good = given("2026-02-01").with(json!({"method": "letter"}));
    let empty = newsletter().without_events();
    empty.clone().and_events([good.clone(), also_good]).allows("CONSENT");
    empty.clone().and_events([good.clone(), bundled.clone()]).denies("CONSENT_INVALID");
    empty.and_events([bundled, good]).denies("CONSENT_INVALID");
}

#[test]
fn an_opt_out_beats_an_opt_in_of_the_same_instant() {
    let case = ads("US-VA").event(opt_out("2026-03-01", "targeted_ads"));
    case.clone().event(opt_in("2026-03-01", "targeted_ads")).denies("OPTED_OUT");
    case.event(opt_in("2026-03-01T00:00:00.000001Z", "targeted_ads")).allows("OPTED_IN");
}

#[test]
fn a_restriction_beats_its_lifting_of_the_same_instant() {
    let case = newsletter().event(restricted("2026-03-01"));
    case.clone().event(lifted("2026-03-01")).denies("RESTRICTED");
    case.event(lifted("2026-03-01T00:00:00.000001Z")).allows("CONSENT");
}

#[test]
fn an_objection_beats_its_rejection_of_the_same_instant() {
    let case = interest().event(objection("2026-03-01", "product_research"));
    case.clone().event(objection_rejected("2026-03-01", "product_research")).denies("OBJECTED");
    case.event(objection_rejected("2026-03-01T00:00:00.000001Z", "product_research")).allows("LEGITIMATE_INTEREST");
}

#[test]
fn a_marketing_objection_beats_a_consent_of_the_same_instant() {
    let case = newsletter().event(objection("2026-03-01", "direct_marketing"));
    case.clone().event(given("2026-03-01")).denies("OBJECTED");
    case.event(given("2026-03-01T00:00:00.000001Z")).allows("CONSENT");
}

#[test]
fn a_validity_of_n_days_is_half_open() {
    let case = newsletter().activity(json!({"consent_validity_days": 30}));
    case.turns("2026-02-09T10:00:00Z", Allow("CONSENT"), Deny("CONSENT_EXPIRED"));
}

#[test]
fn months_are_calendar_months_and_a_missing_day_is_the_last_of_the_month() {
    let case = newsletter_after_purchase().without_events();
    let bought = |at| case.clone().event(purchase(at));
    bought("2024-02-29T08:00:00Z").turns("2026-02-28T08:00:00Z", Allow("IMPLIED_CONSENT"), Deny("CONSENT_EXPIRED"));
    bought("2024-03-31T08:00:00Z").turns("2026-03-31T08:00:00Z", Allow("IMPLIED_CONSENT"), Deny("CONSENT_EXPIRED"));
    let asked = ads("US-CA").operation("ask_consent").event(opt_out("2024-02-29T08:00:00Z", "sale_share"));
    asked.turns("2025-02-28T08:00:00Z", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
}

#[test]
fn a_birthday_counts_from_midnight_and_29_february_on_1_march_of_other_years() {
    let case = interest_in("email_marketing");
    case.clone().born("2008-04-15").turns("2026-04-15", Deny("CHILD"), Allow("LEGITIMATE_INTEREST"));
    case.clone().born("2008-02-29").turns("2026-03-01", Deny("CHILD"), Allow("LEGITIMATE_INTEREST"));
    let leap_year = newsletter().without_events().event(given("2024-02-29")).living_in("NL");
    leap_year.clone().born("2008-02-29").allows("CONSENT");
    leap_year.born("2008-03-01").denies("CHILD");
}
