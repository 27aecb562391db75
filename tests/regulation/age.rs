//! The age of consent and the parent's consent (section 6).

use serde_json::{Value, json};

use crate::case::*;

const AGES_OF_CONSENT: [(i32, &str); 8] = [
    (13, "BE EE FI IS LV MT PT SE GB"),
    (14, "AT BG CY ES IT LT"),
    (15, "CZ DK FR GR NO SI"),
    (16, "DE HR HU IE LI LU NL PL RO SK"),
    (12, "BR"),
    (14, "CA-QC"),
    (13, "CA CA-ON"),
    (13, "US-CA US-VA US-CO US-CT US-TX US-UT US-MD"),
];

/// A newsletter to someone who reaches `age` on 2026-01-10.
fn turning(code: impl Into<Value>, age: i32) -> Case {
    newsletter().without_events().living_in(code).born(&format!("{}-01-10", 2026 - age))
}

/// Whoever consents on the eve of the birthday is a child, on the birthday no more.
#[track_caller]
fn comes_of_age(code: impl Into<Value>, age: i32) {
    let case = turning(code, age);
    case.clone().event(given("2026-01-09T23:59:59.999999Z")).denies("CHILD");
    case.clone().event(given("2026-01-10")).allows("CONSENT");
    case.event(given("2026-01-10T00:00:00.000001Z")).allows("CONSENT");
}

#[test]
fn gdpr_8_1_each_state_has_its_age_of_consent() {
    for (age, codes) in AGES_OF_CONSENT {
        for code in codes.split(' ') {
            comes_of_age(code, age);
        }
    }
    comes_of_age(Value::Null, 16);
}

#[test]
fn uk_dpa_9_the_age_of_consent_is_13() {
    comes_of_age("GB", 13);
}

#[test]
fn lgpd_14_the_age_of_consent_is_12() {
    comes_of_age("BR", 12);
}

#[test]
fn quebec_p_39_1_s_4_1_the_age_of_consent_is_14() {
    comes_of_age("CA-QC", 14);
    comes_of_age("CA-ON", 13);
}

#[test]
fn of_several_jurisdictions_the_highest_age_binds() {
    comes_of_age(json!(["SE", "DE"]), 16);
    comes_of_age(json!(["DE", "SE"]), 16);
}

#[test]
fn gdpr_8_1_the_age_is_that_of_the_day_of_the_consent() {
    let case = turning("DE", 16).event(given("2026-01-09"));
    case.at("2036-01-01").denies("CHILD");
    case.event(given("2026-01-11")).at("2036-01-01").allows("CONSENT");
}

#[test]
fn databeskyttelsesloven_6_the_age_was_13_until_2024_and_is_15_since() {
    let case = newsletter().living_in("DK").born("2010-06-01").without_events();
    case.clone().event(given("2023-12-31T23:59:59.999999Z")).allows("CONSENT");
    case.clone().event(given("2024-01-01")).denies("CHILD");
    case.clone().event(given("2024-01-01T00:00:00.000001Z")).denies("CHILD");
    case.clone().event(given("2023-05-31T23:59:59.999999Z")).denies("CHILD");
    case.event(given("2023-06-01")).allows("CONSENT");
}

#[test]
fn gdpr_8_1_only_information_society_services_have_an_age_of_consent() {
    let offline = |code: Value, online: bool| {
        let case = turning(code, 13).born("2016-01-10").event(given("2026-01-10"));
        case.activity(json!({ "information_society_service": online }))
    };
    for code in [json!("ES"), json!("GB"), Value::Null] {
        offline(code.clone(), false).allows("CONSENT");
        offline(code.clone(), true).denies("CHILD");
        offline(code, true).without("/activity/information_society_service").denies("CHILD");
    }
    for code in ["BR", "CA", "CA-QC", "US-CA"] {
        offline(json!(code), false).denies("CHILD");
    }
}

#[test]
fn gdpr_8_2_a_parent_consents_for_a_child_with_proof_of_being_one() {
    let case = turning("DE", 16).born("2014-05-01");
    case.clone().event(given_by_parent("2026-01-10")).allows("CONSENT").obliges([]);
    case.clone().event(given_by_parent("2026-01-10")).amend_without("parental_verification").denies("CHILD");
    case.event(given("2026-01-10")).denies("CHILD");
}

#[test]
fn edpb_05_2020_149_a_parents_consent_outlives_the_birthday_and_the_person_is_told() {
    let case = turning("DE", 16).born("2014-05-01").event(given_by_parent("2026-01-10"));
    case.at("2030-04-30T23:59:59.999999Z").allows("CONSENT").obliges([]);
    for time in ["2030-05-01", "2030-05-01T00:00:00.000001Z", "2040-01-01"] {
        case.at(time).allows("CONSENT").obliges(["inform_data_subject_of_right_to_withdraw"]);
    }
    case.event(withdrawn("2030-06-01")).at("2030-06-02").denies("CONSENT_WITHDRAWN");
}

#[test]
fn nobody_is_the_parent_of_someone_of_age() {
    let case = turning("DE", 16);
    case.clone().event(given_by_parent("2026-01-09T23:59:59.999999Z")).allows("CONSENT");
    case.clone().event(given_by_parent("2026-01-10")).denies("CONSENT_INVALID");
    case.event(given_by_parent("2026-01-10T00:00:00.000001Z")).denies("CONSENT_INVALID");
}

#[test]
fn gdpr_recital_38_an_unknown_age_is_that_of_an_adult_unless_children_are_addressed() {
    let case = newsletter().without("/customer/birth_date");
    case.allows("CONSENT");
    case.clone().activity(json!({"child_directed": false})).allows("CONSENT");
    case.clone().activity(json!({"child_directed": true})).denies("CHILD");
    case.activity(json!({"age_check": "disregarded"})).denies("CHILD");
    newsletter().activity(json!({"child_directed": true})).allows("CONSENT");
}

#[test]
fn edpb_05_2020_149_where_no_age_is_asked_no_parents_consent_outlives_it() {
    let case =
        turning("DE", 16).event(given_by_parent("2026-01-10")).activity(json!({"information_society_service": false}));
    case.allows("CONSENT").obliges([]);
    case.activity(json!({"information_society_service": true})).denies("CONSENT_INVALID");
}
