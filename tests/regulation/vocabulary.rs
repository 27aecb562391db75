//! Purposes, their flags, and the categories of data (section 2).

use serde_json::json;

use crate::case::*;

const CATALOGUE: [&str; 18] = [
    "segmentation_marketing",
    "email_marketing",
    "newsletter",
    "third_party_advertising",
    "data_sale",
    "fraud_prevention",
    "legal_claims",
    "analytics_aggregate",
    "credit_decision",
    "credit_risk_scoring",
    "service_delivery",
    "product_safety_recall",
    "public_service",
    "legal_record_keeping",
    "product_research",
    "pricing",
    "financial_incentive",
    "suppression_list",
];

const SPECIAL: [&str; 8] = [
    "health",
    "religion",
    "ethnic_origin",
    "political_opinion",
    "union_membership",
    "sexual_life",
    "genetic",
    "biometric_id",
];

#[test]
fn gdpr_recital_32_a_grant_for_every_purpose_is_not_specific() {
    newsletter().amend(json!({"purposes": ["newsletter", "email_marketing"]})).allows("CONSENT");
    newsletter().amend(json!({"purposes": ["*"]})).denies("CONSENT_INVALID");
    newsletter().amend(json!({"purposes": ["newsletter", "*"]})).denies("CONSENT_INVALID");
}

#[test]
fn a_no_to_every_purpose_reaches_each_of_them() {
    let all = json!({"purposes": ["*"]});
    let other = json!({"purposes": ["pricing"]});
    for (event, reason) in [
        (refused("2026-03-01"), "CONSENT_REFUSED"),
        (withdrawn("2026-03-01"), "CONSENT_WITHDRAWN"),
        (invalidated("2026-03-01"), "CONSENT_INVALID"),
    ] {
        newsletter().event(event.clone().with(all.clone())).denies(reason);
        newsletter().event(event.with(other.clone())).allows("CONSENT");
    }
}

#[test]
fn gdpr_recital_43_consent_to_one_purpose_covers_neither_its_dotted_child_nor_its_parent() {
    let case = newsletter().register(json!({"purposes": {"letters": {}, "letters.weekly": {}}})).without_events();
    for (granted, asked) in [("letters", "letters.weekly"), ("letters.weekly", "letters")] {
        let granted = case.clone().event(given("2026-01-10").with(json!({ "purposes": [granted] }))).purpose(granted);
        granted.allows("CONSENT");
        granted.purpose(asked).denies("CONSENT_SCOPE");
    }
}

#[test]
fn every_purpose_of_the_catalogue_is_known_and_no_other() {
    for purpose in CATALOGUE {
        newsletter().without_events().operation("use").purpose(purpose).event(given("2026-01-10")).allows("CONSENT");
    }
    newsletter().purpose("newsletter.weekly").denies("PURPOSE_UNKNOWN");
    newsletter().purpose("Newsletter").denies("PURPOSE_UNKNOWN");
}

#[test]
fn four_purposes_are_direct_marketing() {
    let marketing = ["segmentation_marketing", "email_marketing", "newsletter", "third_party_advertising"];
    for purpose in CATALOGUE {
        let case = newsletter().without_events().operation("use").purpose(purpose);
        let case = case.event(given("2026-01-10")).event(objection("2026-02-01", "direct_marketing"));
        case.expects(if marketing.contains(&purpose) { Deny("OBJECTED") } else { Allow("CONSENT") });
    }
}

#[test]
fn four_purposes_profile() {
    let marketing = ["segmentation_marketing", "third_party_advertising"];
    for purpose in ["segmentation_marketing", "email_marketing", "newsletter", "third_party_advertising"] {
        let case = newsletter().without_events().operation("use").purpose(purpose).request(json!({"profiled": false}));
        let case = case.event(given("2026-01-10")).event(objection("2026-02-01", "profiling_for_direct_marketing"));
        case.expects(if marketing.contains(&purpose) { Deny("OBJECTED") } else { Allow("CONSENT") });
    }
    let scoring = ["credit_decision", "credit_risk_scoring"];
    for purpose in &CATALOGUE[4..] {
        let case = delivery().purpose(purpose);
        case.expects(if scoring.contains(purpose) { Deny("NO_LAWFUL_BASIS") } else { Allow("CONTRACT") });
    }
}

#[test]
fn two_purposes_sell_or_share() {
    for purpose in CATALOGUE {
        let case = ads("US-CA").operation("ask_consent").purpose(purpose).event(opt_out("2026-05-01", "sale_share"));
        let transfers = ["third_party_advertising", "data_sale"].contains(&purpose);
        case.expects(if transfers { Deny("COOLDOWN") } else { Allow("NO_OPT_OUT") });
    }
}

#[test]
fn one_purpose_is_a_security_purpose() {
    for purpose in CATALOGUE.into_iter().filter(|purpose| *purpose != "financial_incentive") {
        let case = religion("US-CA").operation("use").purpose(purpose);
        let case =
            case.activity(json!({"notice_at_collection": [purpose]})).event(opt_out("2026-05-01", "limit_sensitive"));
        case.expects(if purpose == "fraud_prevention" { Allow("EXEMPT") } else { Deny("LIMITED_SENSITIVE") });
    }
    // An incentive rests on consent wherever it is offered.
    let incentive = religion("US-CA").operation("use").purpose("financial_incentive");
    let incentive = incentive.event(given_for_religion("2026-01-10"));
    incentive.event(opt_out("2026-05-01", "limit_sensitive")).denies("LIMITED_SENSITIVE");
}

#[test]
fn one_purpose_is_a_legal_claim() {
    for purpose in CATALOGUE {
        let case = legal_claim("use").purpose(purpose).event(restricted("2026-05-01"));
        case.expects(if purpose == "legal_claims" { Allow("EXEMPT") } else { Deny("RESTRICTED") });
    }
}

#[test]
fn one_purpose_is_statistical() {
    for purpose in CATALOGUE {
        let case = further_use().purpose(purpose).without("/activity/compatibility_assessment").without_events();
        let case = case.activity(json!({"original_purpose": "something_else"}));
        let case = case.activity(json!({"lawful_basis": "vital_interests", "statistical_safeguards": ["aggregation"]}));
        let case = case.event(notice("2026-01-05", [purpose]));
        let statistical = purpose == "analytics_aggregate";
        case.expects(if statistical { Allow("COMPATIBLE_PURPOSE") } else { Deny("PURPOSE_INCOMPATIBLE") });
    }
}

#[test]
fn one_purpose_is_a_significant_decision() {
    for purpose in CATALOGUE {
        let case = delivery().operation("automated_decision").purpose(purpose);
        let case = case.activity(json!({"lawful_basis": "vital_interests"}));
        let significant = purpose == "credit_decision";
        case.expects(if significant { Deny("ADM_NOT_PERMITTED") } else { Allow("VITAL_INTERESTS") });
    }
}

#[test]
fn gdpr_9_1_names_the_special_categories() {
    for category in SPECIAL {
        delivery().categories(["address", category]).denies("SPECIAL_CATEGORY");
    }
    delivery().categories(["address", "precise_geolocation"]).allows("CONTRACT");
}

#[test]
fn gdpr_10_criminal_offences_stand_beside_the_special_categories() {
    delivery().categories(["address", "criminal_offence"]).denies("SPECIAL_CATEGORY");
    delivery().categories(["address", "name"]).allows("CONTRACT");
}

#[test]
fn precise_geolocation_is_sensitive_in_us_states_and_in_canada() {
    for category in SPECIAL.into_iter().chain(["precise_geolocation"]) {
        segmentation("US-VA").categories([category]).denies("NO_CONSENT");
        implied_consent().categories([category]).denies("NO_CONSENT");
    }
    segmentation("US-VA").categories(["criminal_offence"]).allows("NO_OPT_OUT");
    segmentation("US-VA").categories(["purchase_history"]).allows("NO_OPT_OUT");
    implied_consent().categories(["purchase_history"]).allows("IMPLIED_CONSENT");
}

#[test]
fn cjeu_c_184_20_a_feature_that_reveals_a_special_category_counts_as_one() {
    let derived = |reveals: &str| {
        delivery().request(json!({"derived_features": [{"name": "basket_profile", "reveals": reveals}]}))
    };
    derived("religion").denies("SPECIAL_CATEGORY");
    derived("criminal_offence").denies("SPECIAL_CATEGORY");
    derived("taste").allows("CONTRACT");
    let told = newsletter().amend(json!({"data_categories": ["email"]}));
    let derived =
        |reveals: &str| told.clone().request(json!({"derived_features": [{"name": "f", "reveals": reveals}]}));
    derived("health").denies("CONSENT_SCOPE");
    derived("taste").allows("CONSENT");
    let state = segmentation("US-VA");
    let derived =
        |reveals: &str| state.clone().request(json!({"derived_features": [{"name": "f", "reveals": reveals}]}));
    derived("precise_geolocation").denies("NO_CONSENT");
    derived("taste").allows("NO_OPT_OUT");
}

#[test]
fn a_feature_that_reveals_counts_as_that_category_wherever_categories_count() {
    let derived = |reveals: &str| {
        let case = delivery().activity(json!({"allowed_categories": ["address"], "art9_condition": "9(2)(f)"}));
        case.request(json!({"derived_features": [{"name": "basket_profile", "reveals": reveals}]}))
    };
    for category in ["religion", "criminal_offence", "precise_geolocation"] {
        derived(category).denies("MINIMISATION");
        derived(category).activity(json!({"allowed_categories": ["address", category]})).allows("CONTRACT");
    }
    derived("taste").allows("CONTRACT");
}

#[test]
fn a_register_names_its_own_special_and_criminal_categories() {
    let tables = json!({
        "purposes": {"service_delivery": {}}, "special_categories": ["blood_group"], "us_sensitive_categories": ["wallet"],
        "criminal_categories": ["conviction", "arrest"],
    });
    let case = delivery().register(tables);
    for category in ["blood_group", "conviction", "arrest"] {
        case.clone().categories(["address", category]).denies("SPECIAL_CATEGORY");
    }
    for category in ["wallet", "health", "criminal_offence"] {
        case.clone().categories(["address", category]).allows("CONTRACT");
    }
    let reveals = case.request(json!({"derived_features": [{"name": "basket_profile", "reveals": "blood_group"}]}));
    reveals.denies("SPECIAL_CATEGORY");
}
