//! Strings of the Transparency and Consent Framework (section 14).

use serde_json::{Value, json};

use crate::case::*;

fn string(fields: Value) -> Case {
    tcf_share().amend(json!({ "tcf": fields }))
}

#[test]
fn iab_tcf_the_newest_string_decides() {
    tcf_share().allows("CONSENT").obliges([]);
    tcf_share().turns("2026-03-10", Deny("NO_CONSENT"), Allow("CONSENT"));
    let refused = tcf("2026-04-10").with(json!({"tcf": {"purposes_consent": []}}));
    tcf_share().event(refused.clone()).turns("2026-04-10", Allow("CONSENT"), Deny("CONSENT_SCOPE"));
    tcf_share().event(refused).event(tcf("2026-05-10")).allows("CONSENT");
}

#[test]
fn iab_tcf_a_string_decides_instead_of_grants() {
    let granted = tcf_share().without_events().event(given("2026-01-10"));
    granted.denies("NO_CONSENT");
    granted.without("/request/tcf_purpose").allows("CONSENT");
    string(json!({"vendors_consent": []})).event(given("2026-04-01")).denies("CONSENT_SCOPE");
    tcf_share().event(given("2026-04-01")).amend(json!({"affirmative": false})).allows("CONSENT");
    tcf_share().event(requested("2026-04-01")).allows("CONSENT");
}

#[test]
fn iab_tcf_consent_is_the_only_basis() {
    for basis in [json!("vital_interests"), json!("contract"), json!("legitimate_interest"), Value::Null] {
        let fields = json!({"lawful_basis": basis, "balancing_assessment": "LIA-1"});
        let case = tcf_share().activity(fields).event(notice("2026-01-05", ["third_party_advertising"]));
        case.denies("NO_LAWFUL_BASIS");
    }
    tcf_share().allows("CONSENT");
}

#[test]
fn iab_tcf_a_later_no_in_the_ledger_beats_the_string() {
    for (no, reason) in [(refused("2026-04-01"), "CONSENT_REFUSED"), (withdrawn("2026-04-01"), "CONSENT_WITHDRAWN")] {
        let case = tcf_share().event(no);
        case.turns("2026-04-01", Allow("CONSENT"), Deny(reason));
        case.clone().event(requested("2026-04-02")).denies(reason);
        case.event(tcf("2026-05-01")).turns("2026-05-01", Deny(reason), Allow("CONSENT"));
    }
    tcf_share().event(withdrawn("2026-03-09")).allows("CONSENT");
    tcf_share().event(withdrawn("2026-04-01").with(json!({"purposes": ["data_sale"]}))).allows("CONSENT");
}

#[test]
fn iab_tcf_2_3_strings_made_since_28_february_2026_disclose_their_vendors() {
    let made = |at: &str, disclosed: Value| string(json!({"created": at, "disclosed_vendors": disclosed}));
    made("2026-02-27T23:59:59.999999Z", Value::Null).allows("CONSENT");
    made("2026-02-28T00:00:00Z", Value::Null).denies("CONSENT_INVALID");
    made("2026-02-28T00:00:00.000001Z", Value::Null).denies("CONSENT_INVALID");
    made("2026-02-28T00:00:00Z", json!([755])).allows("CONSENT");
    made("2026-02-28T00:00:00Z", json!([12])).denies("CONSENT_SCOPE");
    made("2026-02-27T23:59:59.999999Z", json!([12])).denies("CONSENT_SCOPE");
}

#[test]
fn iab_tcf_a_string_expires_with_the_validity_of_consent() {
    let case = tcf_share().activity(json!({"consent_validity_days": 30}));
    case.turns("2026-04-09", Allow("CONSENT"), Deny("CONSENT_EXPIRED"));
    tcf_share().at("2036-03-10").allows("CONSENT");
}

#[test]
fn iab_tcf_purpose_and_vendor_are_named() {
    string(json!({"purposes_consent": [3]})).allows("CONSENT");
    string(json!({"purposes_consent": [1, 4]})).denies("CONSENT_SCOPE");
    string(json!({"vendors_consent": [12]})).denies("CONSENT_SCOPE");
    tcf_share().request(json!({"tcf_purpose": 4})).denies("CONSENT_SCOPE");
    tcf_share().recipient(json!({"tcf_vendor": 12})).denies("CONSENT_SCOPE");
    tcf_share().without("/request/recipient/tcf_vendor").denies("CONSENT_SCOPE");
}

#[test]
fn iab_tcf_a_string_carries_no_special_data() {
    tcf_share().categories(["browsing_history", "health"]).denies("SPECIAL_CATEGORY");
    tcf_share().categories(["browsing_history", "precise_geolocation"]).allows("CONSENT");
}

#[test]
fn iab_tcf_the_tests_of_a_string_come_in_their_order() {
    let case = tcf_share().categories(["health"]);
    case.denies("SPECIAL_CATEGORY");
    let case = case.amend(json!({"tcf": {"purposes_consent": []}}));
    case.denies("CONSENT_SCOPE");
    let case = case.activity(json!({"consent_validity_days": 30}));
    case.denies("CONSENT_EXPIRED");
    let case = case.amend(json!({"tcf": {"disclosed_vendors": null}}));
    case.denies("CONSENT_INVALID");
    case.activity(json!({"lawful_basis": "vital_interests"})).denies("NO_LAWFUL_BASIS");
}

#[test]
fn iab_tcf_of_several_strings_at_one_instant_each_must_pass() {
    let refused = tcf("2026-03-10").with(json!({"tcf": {"purposes_consent": []}}));
    tcf_share().event(tcf("2026-03-10")).allows("CONSENT");
    tcf_share().event(refused.clone()).denies("CONSENT_SCOPE");
    tcf_share().without_events().event(refused).event(tcf("2026-03-10")).denies("CONSENT_SCOPE");
}

#[test]
fn iab_tcf_of_several_noes_the_newest_beats_the_string() {
    let case = tcf_share().event(refused("2026-02-01"));
    case.allows("CONSENT");
    case.event(withdrawn("2026-04-01")).denies("CONSENT_WITHDRAWN");
}

#[test]
fn iab_tcf_a_no_beats_a_string_of_the_same_instant() {
    tcf_share().event(withdrawn("2026-03-10")).denies("CONSENT_WITHDRAWN");
    tcf_share().event(withdrawn("2026-03-09T23:59:59.999999Z")).allows("CONSENT");
}

#[test]
fn iab_tcf_a_string_of_unknown_age_is_invalid() {
    string(json!({"created": null})).denies("CONSENT_INVALID");
}

#[test]
fn gdpr_10_a_string_carries_no_criminal_data() {
    tcf_share().categories(["browsing_history", "criminal_offence"]).denies("SPECIAL_CATEGORY");
    tcf_share().categories(["browsing_history", "email"]).allows("CONSENT");
}

#[test]
fn iab_tcf_of_several_strings_that_fail_the_earliest_test_names_the_reason() {
    let case = tcf_share().without_events().activity(json!({"consent_validity_days": 30}));
    let at = |fields: Value| tcf("2026-05-20").with(json!({ "tcf": fields }));
    let (undated, undisclosed) = (at(json!({"created": null})), at(json!({"disclosed_vendors": null})));
    let (old, elsewhere) = (at(json!({"created": "2026-01-01T00:00:00Z"})), at(json!({"purposes_consent": []})));
    for (first, second, reason) in [
        (&undated, &old, "CONSENT_INVALID"),
        (&undisclosed, &old, "CONSENT_INVALID"),
        (&undated, &elsewhere, "CONSENT_INVALID"),
        (&old, &elsewhere, "CONSENT_EXPIRED"),
    ] {
        case.clone().and_events([first.clone(), second.clone()]).denies(reason);
        case.clone().and_events([second.clone(), first.clone()]).denies(reason);
    }
}
