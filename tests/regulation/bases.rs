//! Lawful bases other than consent (section 7).

use serde_json::{Value, json};

use crate::case::*;

/// Someone is called back on the UK's list of recognised interests.
fn recognised_interest() -> Case {
    let activity = json!({"lawful_basis": "recognised_legitimate_interest", "annex1_condition": "crime_prevention"});
    interest_in("fraud_prevention").living_in("GB").without("/activity/balancing_assessment").activity(activity)
}

fn on(basis: &str, fields: Value) -> Case {
    delivery().activity(json!({ "lawful_basis": basis }).with(fields))
}

#[test]
fn gdpr_6_1_b_and_edpb_2_2019_a_contract_carries_no_marketing() {
    delivery().allows("CONTRACT").obliges([]);
    delivery().purpose("newsletter").denies("NO_LAWFUL_BASIS");
    let necessary = json!({"adm_necessary_for_contract": true});
    delivery().purpose("segmentation_marketing").activity(necessary).denies("NO_LAWFUL_BASIS");
}

#[test]
fn cjeu_c_252_21_a_contract_carries_profiling_it_needs() {
    let case = delivery().purpose("credit_risk_scoring");
    case.denies("NO_LAWFUL_BASIS");
    case.activity(json!({"adm_necessary_for_contract": true})).allows("CONTRACT");
}

#[test]
fn gdpr_6_1_c_and_6_3_a_legal_obligation_names_its_law() {
    on("legal_obligation", json!({"law_ref": "AO 147"})).allows("LEGAL_OBLIGATION");
    on("legal_obligation", json!({})).denies("NO_LAWFUL_BASIS");
}

#[test]
fn gdpr_6_1_d_vital_interests_need_nothing_more() {
    on("vital_interests", json!({})).purpose("product_safety_recall").allows("VITAL_INTERESTS");
    on("no_interests", json!({})).purpose("product_safety_recall").denies("NO_LAWFUL_BASIS");
}

#[test]
fn gdpr_6_1_e_a_public_task_names_its_law() {
    on("public_task", json!({"law_ref": "EGovG 1"})).allows("PUBLIC_TASK");
    on("public_task", json!({})).denies("NO_LAWFUL_BASIS");
}

#[test]
fn gdpr_6_1_f_a_legitimate_interest_was_weighed() {
    interest().allows("LEGITIMATE_INTEREST").obliges([]);
    interest().without("/activity/balancing_assessment").denies("NO_LAWFUL_BASIS");
}

#[test]
fn gdpr_recital_47_public_authorities_have_no_legitimate_interest() {
    interest().activity(json!({"controller_is_public_authority": false})).allows("LEGITIMATE_INTEREST");
    interest().activity(json!({"controller_is_public_authority": true})).denies("NO_LAWFUL_BASIS");
}

#[test]
fn canada_knows_no_legitimate_interest() {
    for code in ["ES", "GB", "BR"] {
        interest().living_in(code).allows("LEGITIMATE_INTEREST");
    }
    for code in ["CA", "CA-QC", "CA-ON"] {
        interest().living_in(code).denies("NO_LAWFUL_BASIS");
    }
}

#[test]
fn gdpr_recital_38_no_interest_outweighs_a_child_in_marketing_and_profiling() {
    for purpose in ["email_marketing", "segmentation_marketing", "credit_risk_scoring"] {
        let case = interest_in(purpose).born("2008-06-01");
        case.turns("2026-06-01", Deny("CHILD"), Allow("LEGITIMATE_INTEREST"));
        case.without("/customer/birth_date").allows("LEGITIMATE_INTEREST");
    }
    interest().born("2012-06-01").allows("LEGITIMATE_INTEREST");
}

#[test]
fn gdpr_13_1_and_21_4_an_interest_is_told_with_the_right_to_object() {
    interest().turns("2026-01-05", Deny("NO_NOTICE"), Allow("LEGITIMATE_INTEREST"));
    interest().without_events().denies("NO_NOTICE");
    interest().amend(json!({"right_to_object": false})).denies("NO_NOTICE");
    interest().amend_without("right_to_object").denies("NO_NOTICE");
    interest().amend(json!({"covers": ["pricing"]})).denies("NO_NOTICE");
    interest().amend(json!({"covers": ["pricing", "product_research"]})).allows("LEGITIMATE_INTEREST");
    recognised_interest().without_events().denies("NO_NOTICE");
    recognised_interest().amend(json!({"right_to_object": false})).denies("NO_NOTICE");
}

#[test]
fn uk_gdpr_6_1_ea_recognised_interests_stand_in_annex_1() {
    recognised_interest().allows("LEGITIMATE_INTEREST");
    recognised_interest().without("/activity/annex1_condition").denies("NO_LAWFUL_BASIS");
    recognised_interest().living_in("ES").denies("NO_LAWFUL_BASIS");
    let newsletter = notice("2026-01-05", ["newsletter"]);
    recognised_interest().purpose("newsletter").event(newsletter).denies("NO_LAWFUL_BASIS");
}

#[test]
fn uk_duaa_70_recognised_interests_are_in_force_since_5_february_2026() {
    recognised_interest().turns("2026-02-05", Deny("NO_LAWFUL_BASIS"), Allow("LEGITIMATE_INTEREST"));
}

#[test]
fn lgpd_7_x_credit_protection_is_a_basis_in_brazil_alone() {
    let case = on("credit_protection", json!({})).purpose("credit_risk_scoring").living_in("BR");
    case.allows("CREDIT_PROTECTION");
    for code in ["ES", "GB", "CA"] {
        case.clone().living_in(code).denies("NO_LAWFUL_BASIS");
    }
}

#[test]
fn pipeda_4_3_implied_consent_is_a_basis_in_canada_alone() {
    implied_consent().allows("IMPLIED_CONSENT");
    for code in ["ES", "GB", "BR"] {
        implied_consent().living_in(code).denies("NO_LAWFUL_BASIS");
    }
}

#[test]
fn gdpr_6_1_without_a_basis_nothing_is_lawful() {
    let case = delivery();
    case.allows("CONTRACT");
    case.clone().activity(json!({"lawful_basis": null})).denies("NO_LAWFUL_BASIS");
    case.clone().activity(json!({"lawful_basis": "good_reasons"})).denies("NO_LAWFUL_BASIS");
    case.without("/activity/lawful_basis").denies("NO_LAWFUL_BASIS");
}

#[test]
fn gdpr_9_2_other_bases_reach_special_data_under_a_named_condition() {
    let law = json!({"law_ref": "L-1"});
    let bases = [
        (on("contract", json!({})), "CONTRACT"),
        (on("legal_obligation", law.clone()), "LEGAL_OBLIGATION"),
        (on("public_task", law), "PUBLIC_TASK"),
        (on("vital_interests", json!({})), "VITAL_INTERESTS"),
        (interest(), "LEGITIMATE_INTEREST"),
        (recognised_interest(), "LEGITIMATE_INTEREST"),
    ];
    for (case, reason) in bases {
        case.allows(reason);
        for category in ["health", "criminal_offence"] {
            let special = case.clone().categories([category]);
            special.denies("SPECIAL_CATEGORY");
            special.activity(json!({"art9_condition": "9(2)(h)"})).allows(reason);
        }
    }
}

#[test]
fn inside_a_basis_its_condition_comes_before_special_data_before_the_child_before_the_notice() {
    let case = interest_in("email_marketing");
    case.allows("LEGITIMATE_INTEREST");
    let case = case.without_events();
    case.denies("NO_NOTICE");
    let case = case.born("2012-01-31");
    case.denies("CHILD");
    let case = case.categories(["health"]);
    case.denies("SPECIAL_CATEGORY");
    case.without("/activity/balancing_assessment").denies("NO_LAWFUL_BASIS");
}

#[test]
fn a_grant_does_not_make_up_for_a_missing_basis() {
    newsletter().allows("CONSENT");
    newsletter().activity(json!({"lawful_basis": null})).denies("NO_LAWFUL_BASIS");
}

#[test]
fn a_withdrawal_does_not_touch_contract_law_or_vital_interests() {
    let gone = |case: Case| case.event(withdrawn("2026-02-01"));
    gone(delivery()).allows("CONTRACT");
    gone(on("legal_obligation", json!({"law_ref": "L-1"}))).allows("LEGAL_OBLIGATION");
    gone(on("vital_interests", json!({}))).allows("VITAL_INTERESTS");
    gone(newsletter()).denies("CONSENT_WITHDRAWN");
}

#[test]
fn edpb_05_2020_121_no_other_basis_steps_in_after_a_withdrawal() {
    let fallback = json!({
        "fallback_basis": "legitimate_interest", "balancing_assessment": "LIA-1", "law_ref": "L-1", "soft_opt_in": true,
    });
    let case = newsletter().operation("use").activity(fallback).event(notice("2026-01-05", ["newsletter"]));
    case.allows("CONSENT");
    case.clone().event(withdrawn("2026-02-01")).denies("CONSENT_WITHDRAWN");
    case.without_events().event(notice("2026-01-05", ["newsletter"])).denies("NO_CONSENT");
}

#[test]
fn gdpr_recital_38_segments_and_profiles_of_a_child_are_profiling_whatever_the_purpose() {
    let child = interest().born("2008-06-02");
    child.allows("LEGITIMATE_INTEREST");
    for profiling in [json!({"operation": "segment"}), json!({"profiled": true})] {
        child.clone().request(profiling.clone()).denies("CHILD");
        interest().request(profiling).allows("LEGITIMATE_INTEREST");
    }
    child.request(json!({"profiled": false})).allows("LEGITIMATE_INTEREST");
}

#[test]
fn uk_gdpr_6_1_ea_a_recognised_interest_reaches_minors() {
    let child = recognised_interest().operation("segment").born("2010-01-01");
    child.allows("LEGITIMATE_INTEREST");
    let weighed = json!({"lawful_basis": "legitimate_interest", "balancing_assessment": "LIA-1"});
    child.activity(weighed).denies("CHILD");
}

#[test]
fn lgpd_11_no_named_condition_stands_in_for_specific_consent() {
    let case = delivery().categories(["address", "health"]).activity(json!({"art9_condition": "9(2)(h)"}));
    case.allows("CONTRACT");
    case.clone().living_in("BR").denies("SPECIAL_CATEGORY");
    case.living_in("BR").categories(["address"]).allows("CONTRACT");
}

#[test]
fn a_basis_that_is_none_here_is_named_before_special_data() {
    implied_consent().living_in("ES").categories(["health"]).denies("NO_LAWFUL_BASIS");
    interest().living_in("CA").categories(["health"]).denies("NO_LAWFUL_BASIS");
}

// ---- electronic marketing ----

#[test]
fn eprivacy_13_2_own_similar_products_are_offered_to_buyers() {
    soft_opt_in().allows("SOFT_OPT_IN").obliges(["offer_opt_out_in_message"]);
    soft_opt_in().activity(json!({"soft_opt_in": false})).denies("NO_CONSENT");
    soft_opt_in().request(json!({"product_line": "kitchen"})).denies("NO_CONSENT");
    soft_opt_in().without("/request/product_line").denies("NO_CONSENT");
    soft_opt_in().amend(json!({"opt_out_offered": false})).denies("NO_CONSENT");
    soft_opt_in().amend_without("opt_out_offered").denies("NO_CONSENT");
    soft_opt_in().request(json!({"opt_out_in_message": false})).denies("NO_CONSENT");
    soft_opt_in().without("/request/opt_out_in_message").denies("NO_CONSENT");
    soft_opt_in().turns("2026-01-08", Deny("NO_CONSENT"), Allow("SOFT_OPT_IN"));
}

#[test]
fn eprivacy_13_2_a_standing_withdrawal_ends_the_soft_opt_in() {
    let case = soft_opt_in().event(withdrawn("2026-03-01"));
    case.turns("2026-03-01", Allow("SOFT_OPT_IN"), Deny("CONSENT_WITHDRAWN"));
    case.clone().activity(json!({"soft_opt_in": false})).denies("CONSENT_WITHDRAWN");
    let elsewhere = json!({"purposes": ["pricing"]});
    case.clone().event(given("2026-02-01")).denies("CONSENT_WITHDRAWN");
    case.clone().event(given("2026-03-01")).denies("CONSENT_WITHDRAWN");
    case.clone().event(given("2026-04-01").with(elsewhere.clone())).denies("CONSENT_WITHDRAWN");
    case.event(given("2026-04-01")).turns("2026-04-01", Deny("CONSENT_WITHDRAWN"), Allow("SOFT_OPT_IN"));
    soft_opt_in().event(withdrawn("2026-03-01").with(elsewhere)).allows("SOFT_OPT_IN");
}

#[test]
fn eprivacy_13_letters_and_calls_by_people_are_not_electronic() {
    let case = soft_opt_in().activity(json!({"soft_opt_in": false}));
    for channel in ["post", "phone_live"] {
        case.clone().request(json!({ "channel": channel })).allows("LEGITIMATE_INTEREST").obliges([]);
    }
    for channel in ["email", "sms", "push"] {
        case.clone().request(json!({ "channel": channel })).denies("NO_CONSENT");
    }
    case.clone().without("/request/channel").denies("NO_CONSENT");
    case.clone().operation("use").allows("LEGITIMATE_INTEREST");
    case.purpose("product_research").event(notice("2026-01-05", ["product_research"])).allows("LEGITIMATE_INTEREST");
}

#[test]
fn uk_pecr_22_holds_for_electronic_mail_in_the_united_kingdom() {
    let case = soft_opt_in().living_in("GB");
    case.allows("SOFT_OPT_IN").obliges(["offer_opt_out_in_message"]);
    case.activity(json!({"soft_opt_in": false})).denies("NO_CONSENT");
}
