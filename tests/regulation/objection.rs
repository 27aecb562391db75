//! Objections, and opt-outs that travel out of the US (section 9).

use serde_json::json;

use crate::case::*;

#[test]
fn gdpr_21_2_a_marketing_objection_acts_at_once() {
    let case = newsletter().event(objection("2026-03-01", "direct_marketing"));
    case.turns("2026-03-01", Allow("CONSENT"), Deny("OBJECTED"));
    newsletter().event(objection("2026-03-01", "*")).denies("OBJECTED");
    newsletter().event(objection("2026-03-01", "newsletter")).denies("OBJECTED");
    newsletter().event(objection("2026-03-01", "email_marketing")).allows("CONSENT");
}

#[test]
fn gdpr_21_3_a_marketing_objection_beats_every_basis() {
    let bases = json!({"law_ref": "L-1", "balancing_assessment": "LIA-1", "adm_necessary_for_contract": true});
    for basis in ["consent", "legitimate_interest", "legal_obligation", "public_task", "vital_interests", "contract"] {
        let case = newsletter().activity(bases.clone()).activity(json!({ "lawful_basis": basis }));
        case.event(objection("2026-03-01", "direct_marketing")).denies("OBJECTED");
    }
    let law = newsletter().activity(json!({"lawful_basis": "legal_obligation", "law_ref": "L-1"}));
    law.allows("LEGAL_OBLIGATION");
    delivery().event(objection("2026-03-01", "direct_marketing")).allows("CONTRACT");
}

#[test]
fn gdpr_21_2_an_objection_to_profiling_stops_marketing_that_profiles() {
    let case = newsletter().event(objection("2026-03-01", "profiling_for_direct_marketing"));
    case.denies("OBJECTED");
    case.clone().request(json!({"profiled": true})).denies("OBJECTED");
    let plain = case.request(json!({"profiled": false}));
    plain.allows("CONSENT");
    plain.clone().operation("segment").denies("OBJECTED");
    plain.clone().purpose("segmentation_marketing").event(given("2026-01-10")).denies("OBJECTED");
    delivery().event(objection("2026-03-01", "profiling_for_direct_marketing")).allows("CONTRACT");
}

#[test]
fn gdpr_21_3_no_ground_rejects_a_marketing_objection() {
    for scope in ["direct_marketing", "newsletter", "*"] {
        let case = newsletter().event(objection("2026-03-01", scope));
        case.clone().event(objection_rejected("2026-04-01", scope)).denies("OBJECTED");
        case.event(given("2026-04-01")).allows("CONSENT");
    }
}

#[test]
fn a_marketing_objection_ends_with_a_later_grant_where_consent_is_the_basis() {
    let case = newsletter().event(objection("2026-03-01", "direct_marketing"));
    case.clone().event(given("2026-04-01")).turns("2026-04-01", Deny("OBJECTED"), Allow("CONSENT"));
    case.clone().event(given("2026-04-01").with(json!({"purposes": ["email_marketing"]}))).denies("OBJECTED");
    let again = case.clone().event(given("2026-04-01"));
    again.clone().event(objection("2026-05-01", "direct_marketing")).denies("OBJECTED");
    again.event(refused("2026-05-01")).denies("OBJECTED");
    let interest = interest_in("newsletter").event(objection("2026-03-01", "direct_marketing"));
    interest.event(given("2026-04-01")).denies("OBJECTED");
}

#[test]
fn gdpr_21_5_a_privacy_signal_is_a_marketing_objection_outside_the_us_and_canada() {
    for code in ["ES", "GB", "BR"] {
        let case = newsletter().living_in(code);
        case.clone().event(gpc("2026-03-01")).turns("2026-03-01", Allow("CONSENT"), Deny("OBJECTED"));
        case.clone().event(gpp("2026-03-01", "Gpc", true)).denies("OBJECTED");
        case.clone().event(gpp("2026-03-01", "Gpc", false)).allows("CONSENT");
        case.event(gpc("2026-03-01")).event(given("2026-04-01")).allows("CONSENT");
    }
    newsletter().event(gpc("2026-03-01")).amend(json!({"gpc": false})).allows("CONSENT");
    for code in ["US-CA", "US-VA", "CA", "CA-QC"] {
        newsletter().living_in(code).event(gpc("2026-03-01")).allows("CONSENT");
    }
    delivery().event(gpc("2026-03-01")).allows("CONTRACT");
}

#[test]
fn gdpr_21_1_an_objection_stops_interest_and_public_task() {
    let task = delivery().purpose("public_service").activity(json!({"lawful_basis": "public_task", "law_ref": "L-1"}));
    let recognised = json!({"lawful_basis": "recognised_legitimate_interest", "annex1_condition": "crime_prevention"});
    let recognised = interest_in("fraud_prevention").living_in("GB").activity(recognised);
    for (case, purpose, reason) in [
        (interest(), "product_research", "LEGITIMATE_INTEREST"),
        (task, "public_service", "PUBLIC_TASK"),
        (recognised, "fraud_prevention", "LEGITIMATE_INTEREST"),
    ] {
        for scope in [purpose, "*"] {
            case.clone().event(objection("2026-03-01", scope)).turns("2026-03-01", Allow(reason), Deny("OBJECTED"));
        }
        case.clone().event(objection("2026-03-01", "pricing")).allows(reason);
        case.event(objection("2026-03-01", "direct_marketing")).allows(reason);
    }
}

#[test]
fn gdpr_21_1_an_objection_has_no_effect_on_consent_contract_and_law() {
    let objected = |case: Case| {
        let named = case.clone().event(objection("2026-03-01", "service_delivery"));
        (named, case.event(objection("2026-03-01", "*")))
    };
    let law = delivery().activity(json!({"lawful_basis": "legal_obligation", "law_ref": "L-1"}));
    let vital = delivery().activity(json!({"lawful_basis": "vital_interests"}));
    let consent = delivery().activity(json!({"lawful_basis": "consent"})).event(given("2026-01-10"));
    for (case, reason) in
        [(delivery(), "CONTRACT"), (law, "LEGAL_OBLIGATION"), (vital, "VITAL_INTERESTS"), (consent, "CONSENT")]
    {
        let (named, all) = objected(case);
        named.allows(reason);
        all.allows(reason);
    }
    interest().event(objection("2026-03-01", "*")).denies("OBJECTED");
}

#[test]
fn gdpr_18_1_d_an_objection_stands_until_compelling_grounds_are_shown() {
    let case = interest().event(objection("2026-03-01", "product_research"));
    let rejected = case.clone().event(objection_rejected("2026-04-01", "product_research"));
    rejected.turns("2026-04-01", Deny("OBJECTED"), Allow("LEGITIMATE_INTEREST"));
    rejected.clone().amend(json!({"compelling_grounds": false})).denies("OBJECTED");
    rejected.clone().amend_without("compelling_grounds").denies("OBJECTED");
    rejected.event(objection("2026-05-01", "product_research")).denies("OBJECTED");
    case.clone().event(objection_rejected("2026-02-01", "product_research")).denies("OBJECTED");
    case.clone().event(objection_rejected("2026-04-01", "pricing")).denies("OBJECTED");
    case.event(given("2026-04-01")).denies("OBJECTED");
}

// ---- opt-outs from earlier days in a US state ----

#[test]
fn an_opt_out_of_sale_stops_sales_outside_the_us() {
    let sell = sale("ES").activity(json!({"lawful_basis": "consent"})).event(given("2026-01-10"));
    for right in ["sale", "sale_share", "*"] {
        let case = sell.clone().event(opt_out("2026-03-01", right));
        case.turns("2026-03-01", Allow("CONSENT"), Deny("OPTED_OUT"));
    }
    for right in ["targeted_ads", "profiling", "adm", "limit_sensitive"] {
        sell.clone().event(opt_out("2026-03-01", right)).allows("CONSENT");
    }
}

#[test]
fn an_opt_out_of_targeted_ads_stops_sharing_outside_the_us() {
    for code in ["ES", "GB", "BR", "CA"] {
        let share = ads(code).activity(json!({"lawful_basis": "consent"})).event(given("2026-01-10"));
        for right in ["targeted_ads", "sale_share", "*"] {
            share.clone().event(opt_out("2026-03-01", right)).denies("OPTED_OUT");
        }
        for right in ["sale", "profiling", "adm", "limit_sensitive"] {
            share.clone().event(opt_out("2026-03-01", right)).allows("CONSENT");
        }
    }
    newsletter().event(opt_out("2026-03-01", "sale_share")).allows("CONSENT");
}

#[test]
fn an_opt_out_of_profiling_stops_significant_decisions_outside_the_us() {
    for right in ["profiling", "adm", "*"] {
        loan_decision("ES").event(opt_out("2026-03-01", right)).denies("OPTED_OUT");
    }
    loan_decision("ES").event(opt_out("2026-03-01", "sale_share")).allows("CONTRACT");
    delivery().event(opt_out("2026-03-01", "profiling")).allows("CONTRACT");
}

#[test]
fn a_limit_on_sensitive_data_holds_outside_the_us() {
    let case = health_research();
    case.clone().event(opt_out("2026-03-01", "limit_sensitive")).denies("OPTED_OUT");
    case.clone().event(opt_out("2026-03-01", "*")).denies("OPTED_OUT");
    case.event(opt_out("2026-03-01", "sale_share")).allows("EXPLICIT_CONSENT");
    delivery().event(opt_out("2026-03-01", "limit_sensitive")).allows("CONTRACT");
}

#[test]
fn a_travelling_opt_out_ends_with_a_later_grant_where_consent_is_the_basis() {
    let share = ads("ES").activity(json!({"lawful_basis": "consent"})).event(opt_out("2026-03-01", "sale_share"));
    share.clone().event(given("2026-02-28")).denies("OPTED_OUT");
    share.clone().event(given("2026-03-01")).denies("OPTED_OUT");
    share.clone().event(given("2026-03-01T00:00:00.000001Z")).allows("CONSENT");
    share.event(given("2026-03-02").with(json!({"purposes": ["data_sale"]}))).denies("OPTED_OUT");
    let law = json!({"lawful_basis": "vital_interests"});
    let other_basis = sale("ES").activity(law).event(opt_out("2026-03-01", "sale"));
    other_basis.clone().without_events().allows("VITAL_INTERESTS");
    other_basis.event(given("2026-03-02")).denies("OPTED_OUT");
}

#[test]
fn a_limit_on_sensitive_data_travels_with_the_whole_list_of_the_states() {
    for category in ["health", "precise_geolocation"] {
        let case = delivery().categories([category]).activity(json!({"art9_condition": "9(2)(h)"}));
        case.clone().event(opt_out("2026-03-01", "limit_sensitive")).denies("OPTED_OUT");
        case.event(opt_out("2026-03-01", "sale_share")).allows("CONTRACT");
    }
    delivery().event(opt_out("2026-03-01", "limit_sensitive")).allows("CONTRACT");
}

#[test]
fn a_later_grant_ends_a_travelling_opt_out_whatever_else_was_granted() {
    let case = tcf_share().without_events().without("/request/tcf_purpose").event(given("2026-01-10"));
    let case = case.event(opt_out("2026-03-01", "targeted_ads"));
    case.denies("OPTED_OUT");
    let elsewhere = given("2026-04-01").with(json!({"purposes": ["pricing"]}));
    case.clone().event(elsewhere.clone()).denies("OPTED_OUT");
    case.event(elsewhere).event(given("2026-04-02")).allows("CONSENT");
}
