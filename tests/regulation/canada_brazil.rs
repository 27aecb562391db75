//! Canada and Brazil (section 14).

use serde_json::json;

use crate::case::*;

#[test]
fn pipeda_4_3_a_statement_on_file_decides_before_implied_consent() {
    for case in [implied_consent(), newsletter_after_purchase()] {
        case.allows("IMPLIED_CONSENT").obliges([]);
        case.clone().event(given("2026-03-01")).turns("2026-03-01", Allow("IMPLIED_CONSENT"), Allow("CONSENT"));
        let weak = given("2026-03-01").with(json!({"affirmative": false}));
        case.clone().event(weak).denies("CONSENT_INVALID");
        case.clone().event(refused("2026-03-01")).denies("CONSENT_REFUSED");
        case.clone().event(withdrawn("2026-03-01")).denies("CONSENT_WITHDRAWN");
        case.event(invalidated("2026-03-01")).denies("CONSENT_INVALID");
    }
}

#[test]
fn pipeda_4_3_6_sensitive_data_need_express_consent() {
    let case = implied_consent().categories(["health"]);
    case.denies("NO_CONSENT");
    let grant = given("2026-01-10").with(json!({"explicit": true, "data_categories": ["health"]}));
    case.event(grant).allows("EXPLICIT_CONSENT");
    newsletter_after_purchase().categories(["email", "health"]).denies("NO_CONSENT");
}

#[test]
fn pipeda_4_3_sharing_and_selling_need_express_consent() {
    for operation in ["share", "sell"] {
        let case = implied_consent().operation(operation).recipient(json!({"id": "partner", "role": "third_party"}));
        case.denies("NO_CONSENT");
        case.event(given("2026-01-10")).allows("CONSENT");
    }
    let disclosed = implied_consent().operation("disclose").recipient(json!({"id": "partner", "role": "controller"}));
    disclosed.allows("IMPLIED_CONSENT");
}

#[test]
fn gdpr_10_implied_consent_reaches_criminal_data_under_a_named_condition_only() {
    for case in [implied_consent(), newsletter_after_purchase()] {
        let case = case.categories(["criminal_offence"]);
        case.denies("SPECIAL_CATEGORY");
        case.activity(json!({"art9_condition": "10"})).allows("IMPLIED_CONSENT");
    }
    let untold = implied_consent().without_events().categories(["criminal_offence"]);
    untold.denies("SPECIAL_CATEGORY");
    untold.activity(json!({"art9_condition": "10"})).denies("NO_NOTICE");
    newsletter_after_purchase().without_events().categories(["criminal_offence"]).denies("NO_CONSENT");
}

#[test]
fn casl_10_10_a_purchase_implies_consent_for_24_months() {
    let case = newsletter_after_purchase().without_events().event(purchase("2023-11-15T13:30:00Z"));
    case.turns("2025-11-15T13:30:00Z", Allow("IMPLIED_CONSENT"), Deny("CONSENT_EXPIRED"));
    let again = case.event(purchase("2024-03-15T13:30:00Z"));
    again.turns("2026-03-15T13:30:00Z", Allow("IMPLIED_CONSENT"), Deny("CONSENT_EXPIRED"));
}

#[test]
fn casl_10_9_without_a_purchase_there_is_no_implied_consent() {
    let case = newsletter_after_purchase();
    case.turns("2026-01-08", Deny("NO_CONSENT"), Allow("IMPLIED_CONSENT"));
    let notice = notice("2026-01-05", ["newsletter"]).with(json!({"opt_out_offered": true}));
    case.without_events().event(notice).denies("NO_CONSENT");
}

#[test]
fn pipeda_4_3_other_uses_are_told_with_an_offer_to_opt_out() {
    implied_consent().turns("2026-01-05", Deny("NO_NOTICE"), Allow("IMPLIED_CONSENT"));
    implied_consent().amend(json!({"opt_out_offered": false})).denies("NO_NOTICE");
    implied_consent().amend_without("opt_out_offered").denies("NO_NOTICE");
    implied_consent().amend(json!({"covers": ["pricing"]})).denies("NO_NOTICE");
    implied_consent().without_events().event(purchase("2026-01-08")).denies("NO_NOTICE");
}

#[test]
fn quebec_8_1_profiling_is_off_until_it_is_activated() {
    let province = implied_consent().living_in("CA-QC");
    province.allows("IMPLIED_CONSENT");
    let segmented = province.clone().operation("segment");
    segmented.denies("NO_CONSENT");
    segmented.clone().living_in("CA").allows("IMPLIED_CONSENT");
    segmented.event(given("2026-01-10")).allows("CONSENT");
    let told = notice("2026-01-05", ["credit_risk_scoring"]).with(json!({"opt_out_offered": true}));
    let scored = province.purpose("credit_risk_scoring").event(told);
    scored.denies("NO_CONSENT");
    scored.living_in("CA").allows("IMPLIED_CONSENT");
    newsletter_after_purchase().living_in("CA-QC").allows("IMPLIED_CONSENT");
}

#[test]
fn a_privacy_signal_has_no_statutory_force_in_canada() {
    for code in ["CA", "CA-QC"] {
        newsletter_after_purchase().living_in(code).event(gpc("2026-03-01")).allows("IMPLIED_CONSENT");
        newsletter().living_in(code).event(gpc("2026-03-01")).allows("CONSENT");
    }
    newsletter().event(gpc("2026-03-01")).denies("OBJECTED");
}

#[test]
fn lgpd_8_5_consent_is_revoked_at_any_time() {
    let case = newsletter().living_in("BR").event(withdrawn("2026-03-01"));
    case.turns("2026-03-01", Allow("CONSENT"), Deny("CONSENT_WITHDRAWN"));
}

#[test]
fn lgpd_11_sensitive_data_need_specific_consent() {
    let case = health_research().living_in("BR");
    case.allows("EXPLICIT_CONSENT");
    case.clone().amend(json!({"explicit": false})).denies("SPECIAL_CATEGORY");
    let credit = json!({"lawful_basis": "credit_protection"});
    case.clone().activity(credit.clone()).denies("SPECIAL_CATEGORY");
    case.activity(credit).categories(["income"]).allows("CREDIT_PROTECTION");
}

#[test]
fn brazil_follows_the_rules_on_objection_erasure_and_compatibility() {
    let brazil = |case: Case| case.living_in("BR");
    brazil(interest()).allows("LEGITIMATE_INTEREST");
    brazil(interest()).event(objection("2026-03-01", "product_research")).denies("OBJECTED");
    brazil(newsletter()).event(objection("2026-03-01", "direct_marketing")).denies("OBJECTED");
    brazil(newsletter()).event(erasure_requested("2026-03-01")).denies("ERASED");
    brazil(further_use()).allows("COMPATIBLE_PURPOSE");
    brazil(further_use()).without("/activity/compatibility_assessment").denies("PURPOSE_INCOMPATIBLE");
}
