//! Whose law is in force, and since when (section 5).

use serde_json::{Value, json};

use crate::case::*;

const EUROPE: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

#[test]
fn every_shipped_jurisdiction_is_supported() {
    let shipped = ["GB", "BR", "CA", "CA-QC", "US-CA", "US-VA", "US-CO", "US-CT", "US-TX", "US-UT", "US-MD"];
    for code in EUROPE.into_iter().chain(shipped) {
        let case = newsletter().living_in(code);
        assert!(case.expects(Allow("CONSENT")).supported, "{code}");
        assert!(case.without_events().denies("NO_CONSENT").supported, "{code}");
    }
}

#[test]
fn a_law_that_is_not_shipped_is_not_guessed() {
    for code in ["US-NY", "US", "CH", "AU", "EL", "DE-BY", "XX"] {
        assert!(!newsletter().living_in(code).denies("UNKNOWN_JURISDICTION").supported, "{code}");
    }
    assert!(!newsletter().living_in(json!(["ES", "US-NY"])).denies("UNKNOWN_JURISDICTION").supported);
    assert!(!newsletter().living_in(json!(["US-NY", "ES"])).denies("UNKNOWN_JURISDICTION").supported);
}

#[test]
fn other_canadian_provinces_follow_the_federal_law() {
    let profiling = |code: &str| implied_consent().operation("segment").living_in(code);
    for province in ["CA", "CA-ON", "CA-BC", "CA-AB"] {
        profiling(province).allows("IMPLIED_CONSENT");
    }
    profiling("CA-QC").denies("NO_CONSENT");
}

#[test]
fn without_a_jurisdiction_the_law_of_the_union_holds_with_the_age_of_16() {
    let case = newsletter().living_in(Value::Null);
    case.allows("CONSENT");
    case.clone().event(withdrawn("2026-02-01")).denies("CONSENT_WITHDRAWN");
    let child = case.without_events().born("2010-01-10");
    child.clone().event(given("2026-01-09T23:59:59.999999Z")).denies("CHILD");
    child.event(given("2026-01-10")).allows("CONSENT");
}

#[test]
fn without_a_jurisdiction_no_interest_is_weighed() {
    interest().allows("LEGITIMATE_INTEREST");
    interest().living_in(Value::Null).denies("UNKNOWN_JURISDICTION");
    delivery().living_in(Value::Null).allows("CONTRACT");
}

#[test]
fn the_history_of_moves_gives_the_law_of_the_request_time() {
    let history = json!([
        {"from": "2026-01-01T00:00:00Z", "code": "ES"}, {"from": "2026-03-01T00:00:00Z", "code": "CA"},
    ]);
    let case = interest().customer(json!({ "jurisdiction_history": history }));
    case.turns("2026-03-01", Allow("LEGITIMATE_INTEREST"), Deny("NO_LAWFUL_BASIS"));
    let unordered = json!([
        {"from": "2026-03-01T00:00:00Z", "code": "ES"}, {"from": "2026-01-01T00:00:00Z", "code": "CA"},
    ]);
    let case = interest().living_in("CA").customer(json!({ "jurisdiction_history": unordered }));
    case.turns("2026-03-01", Deny("NO_LAWFUL_BASIS"), Allow("LEGITIMATE_INTEREST"));
}

#[test]
fn a_withdrawal_an_opt_out_and_an_objection_travel_with_the_person() {
    let moved = |case: Case, from: &str, to: &str| {
        let history =
            json!([{"from": "2020-01-01T00:00:00Z", "code": from}, {"from": "2026-04-01T00:00:00Z", "code": to}]);
        case.customer(json!({ "jurisdiction_history": history }))
    };
    let share = ads("US-CA").activity(json!({"lawful_basis": "consent"})).event(given("2026-01-10"));
    let to_europe = moved(share, "US-CA", "ES");
    to_europe.allows("CONSENT");
    to_europe.event(opt_out("2026-02-01", "sale_share")).denies("OPTED_OUT");
    let to_virginia = moved(segmentation("US-VA"), "ES", "US-VA");
    to_virginia.allows("NO_OPT_OUT");
    to_virginia.clone().event(withdrawn("2026-02-01")).denies("CONSENT_WITHDRAWN");
    to_virginia.event(objection("2026-02-01", "direct_marketing")).denies("OBJECTED");
}

#[test]
fn rules_without_an_effective_date_apply_before_their_law_too() {
    let early = ads("US-MD").born("2005-01-01").at("2022-06-01");
    early.denies("BANNED");
    early.born("2003-01-01").allows("NO_OPT_OUT");
    let early = newsletter().without_events().event(given("2012-01-01")).at("2012-06-01");
    early.allows("CONSENT");
    early.event(withdrawn("2012-05-01")).denies("CONSENT_WITHDRAWN");
}
