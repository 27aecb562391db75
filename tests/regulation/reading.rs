//! What cannot be read denies, and the tables a first line replaces (section 15).

use serde_json::{Value, json};

use crate::case::*;

#[test]
fn what_cannot_be_read_denies() {
    newsletter().allows("CONSENT");
    newsletter().event(json!({"at": "2026-03-01T00:00:00Z", "type": "consent_renewed"})).denies("UNREADABLE");
    newsletter().operation("sniff").denies("UNREADABLE");
    for time in [
        json!("yesterday"),
        json!("2026-13-01T00:00:00Z"),
        json!("2026-02-30T00:00:00Z"),
        json!("2026-06-01T25:00:00Z"),
        json!("2026-06-01T12:61:00Z"),
        json!(""),
        json!(1_767_225_600),
    ] {
        newsletter().request(json!({ "at": time })).denies("UNREADABLE");
        newsletter().request(json!({ "known_at": time })).denies("UNREADABLE");
        newsletter().amend(json!({ "at": time })).denies("UNREADABLE");
        newsletter().amend(json!({ "recorded_at": time })).denies("UNREADABLE");
    }
}

#[test]
fn a_wrong_json_type_denies() {
    let wrong: [Case; 8] = [
        newsletter().amend(json!({"affirmative": "true"})),
        newsletter().amend(json!({"purposes": "newsletter"})),
        newsletter().change(json!({"events": {}})),
        newsletter().request(json!({"data_categories": "email"})),
        newsletter().request(json!({"purpose": 7})),
        newsletter().activity(json!({"consent_validity_days": "365"})),
        newsletter().activity(json!({"require_double_opt_in": "yes"})),
        newsletter().customer(json!({"birth_date": 1990})),
    ];
    for case in wrong {
        case.denies("UNREADABLE");
    }
    newsletter().allows("CONSENT");
}

#[test]
fn an_affirmation_may_be_null_and_a_value_anything_both_are_invalid_consent() {
    newsletter().amend(json!({"affirmative": null})).denies("CONSENT_INVALID");
    for value in [json!(7), json!("perhaps"), json!([true]), json!({"yes": true})] {
        newsletter().amend(json!({ "value": value })).denies("CONSENT_INVALID");
    }
    newsletter().amend(json!({"affirmative": true, "value": true})).allows("CONSENT");
}

#[test]
fn notes_and_unknown_keys_change_nothing() {
    let notes =
        json!({"title": "t", "citation": ["c"], "certainty": "high", "note": "n", "expect": {"decision": "deny"}});
    newsletter().change(notes.clone()).allows("CONSENT");
    newsletter().change(notes).event(withdrawn("2026-03-01")).denies("CONSENT_WITHDRAWN");
    newsletter().request(json!({"mood": "good"})).amend(json!({"weather": 7})).allows("CONSENT");
}

#[test]
fn a_register_replaces_the_purposes() {
    let register = |flags: Value| json!({ "purposes": { "letters": flags } });
    let case = |flags: Value| {
        let case =
            newsletter().without_events().purpose("letters").event(given("2026-01-10")).register(register(flags));
        case.event(objection("2026-03-01", "direct_marketing"))
    };
    case(json!({})).allows("CONSENT");
    case(json!({"direct_marketing": true})).denies("OBJECTED");
    case(json!({})).purpose("newsletter").denies("PURPOSE_UNKNOWN");
    let scoring = |flags: Value| delivery().purpose("letters").register(register(flags));
    scoring(json!({})).allows("CONTRACT");
    scoring(json!({"profiling": true})).denies("NO_LAWFUL_BASIS");
}

#[test]
fn a_register_replaces_the_categories() {
    let purposes = json!({"service_delivery": {}, "segmentation_marketing": {}});
    let register = json!({
        "purposes": purposes, "special_categories": ["shoe_size"], "us_sensitive_categories": ["hat_size"],
        "criminal_categories": ["parking"],
    });
    let europe = |category: &str| delivery().categories([category]).register(register.clone());
    europe("address").allows("CONTRACT");
    europe("shoe_size").denies("SPECIAL_CATEGORY");
    europe("parking").denies("SPECIAL_CATEGORY");
    europe("hat_size").allows("CONTRACT");
    let virginia = |category: &str| segmentation("US-VA").categories([category]).register(register.clone());
    virginia("hat_size").denies("NO_CONSENT");
    virginia("purchase_history").allows("NO_OPT_OUT");
}

#[test]
fn a_register_sets_defaults_for_every_purpose() {
    let with = |defaults: Value| {
        newsletter().register(json!({"purposes": {"newsletter": {"direct_marketing": true}}, "defaults": defaults}))
    };
    with(json!({})).allows("CONSENT");
    with(json!({"notice_current": "v4"})).denies("NOTICE_OUTDATED");
    with(json!({"notice_current": "v4"})).activity(json!({"notice_current": "v3"})).allows("CONSENT");
    let expiring = with(json!({"consent_validity_days": 30}));
    expiring.turns("2026-02-09T10:00:00Z", Allow("CONSENT"), Deny("CONSENT_EXPIRED"));
    expiring.activity(json!({"consent_validity_days": 365})).allows("CONSENT");
    with(json!({"retention_days": 30})).denies("RETENTION");
    let other = with(json!({"controller": "B"}));
    other.clone().amend(json!({"controllers": ["B"]})).allows("CONSENT");
    other.amend(json!({"controllers": ["A"]})).denies("CONSENT_SCOPE");
}
