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

#[test]
fn of_several_laws_that_allow_the_first_in_rank_is_named() {
    let named = |codes: [&str; 2], at: &str| {
        newsletter()
            .without_events()
            .event(given("2020-01-10"))
            .living_in(json!(codes))
            .at(at)
            .allows("CONSENT")
            .named()
    };
    let ranks = ["ES", "GB", "BR", "CA-QC", "CA", "US-CA"];
    for at in ["2025-06-01", "2026-06-01"] {
        for (place, first) in ranks.iter().enumerate() {
            for second in &ranks[place + 1..] {
                assert_eq!(named([first, second], at).as_deref(), Some(*first));
                assert_eq!(named([second, first], at).as_deref(), Some(*first));
            }
        }
        for code in EUROPE {
            assert_eq!(named(["GB", code], at).as_deref(), Some(code));
        }
        assert_eq!(named(["FR", "ES"], at).as_deref(), Some("FR"));
        for state in ["US-CA", "US-VA", "US-CO", "US-CT", "US-TX", "US-UT", "US-MD"] {
            assert_eq!(named([state, "CA"], at).as_deref(), Some("CA"));
        }
    }
}

#[test]
fn of_several_laws_that_allow_the_first_in_rank_gives_the_reason() {
    let notice = json!({"regime": "opt_out", "notice_at_collection": ["newsletter"]});
    let case = newsletter().activity(notice);
    case.clone().living_in("US-VA").allows("NO_OPT_OUT");
    for codes in [json!(["ES", "US-VA"]), json!(["US-VA", "ES"]), json!(["CA", "US-VA"]), json!(["US-VA", "CA"])] {
        case.clone().living_in(codes).allows("CONSENT");
    }
}

#[test]
fn a_denial_comes_without_the_obligations_of_a_law_that_allows() {
    let case = loan_decision("BR").without("/activity/adm_safeguards");
    case.allows("CONTRACT").obliges(["review_on_request"]);
    for codes in [json!(["BR", "ES"]), json!(["ES", "BR"])] {
        let answer = case.clone().living_in(codes).denies("ADM_NOT_PERMITTED");
        assert!(answer.obligations.is_empty());
    }
}

#[test]
fn a_province_is_two_capital_letters_and_no_other_code_of_canada_is_known() {
    newsletter().living_in("CA-ON").allows("CONSENT");
    for code in ["CA-", "CA-O", "CA-ONT", "CA-on", "CA-oN", "CA-1N", "CA-QC2"] {
        newsletter().living_in(code).denies("UNKNOWN_JURISDICTION");
    }
}

#[test]
fn a_stay_in_a_place_nobody_knows_falls_under_the_rules_for_nobody_knows_where() {
    let history = |code: Value| {
        json!([
            {"from": "2026-01-01T00:00:00Z", "code": "ES"}, {"from": "2026-03-01T00:00:00Z", "code": code},
        ])
    };
    let case = interest().customer(json!({"jurisdiction_history": history(Value::Null)}));
    case.turns("2026-03-01", Allow("LEGITIMATE_INTEREST"), Deny("UNKNOWN_JURISDICTION"));
    interest().customer(json!({"jurisdiction_history": history(json!("FR"))})).allows("LEGITIMATE_INTEREST");
}

#[test]
fn stays_that_begin_at_one_instant_are_one_stay_in_whatever_order() {
    let stay = |from: &str, code: Value| json!({"from": from, "code": code});
    let (before, known) = (stay("2025-01-01T00:00:00Z", json!("CA")), stay("2026-01-01T00:00:00Z", json!("ES")));
    let unknown = stay("2026-01-01T00:00:00Z", Value::Null);
    for history in [json!([before, known, unknown]), json!([before, unknown, known])] {
        interest().customer(json!({ "jurisdiction_history": history })).allows("LEGITIMATE_INTEREST");
    }
}
