//! The states of the US, in the order of section 10.

use serde_json::{Value, json};

use crate::case::*;

const STATES: [&str; 7] = ["US-CA", "US-VA", "US-CO", "US-CT", "US-TX", "US-UT", "US-MD"];

#[test]
fn the_items_of_a_state_come_in_their_order() {
    let case = sale("US-CT").categories(["religion"]);
    let case = case.event(opt_out("2026-02-01", "sale"));
    let adult = case.clone().event(given_for_religion("2026-01-10"));
    adult.denies("OPTED_OUT");
    let minor = adult.born("2011-01-31");
    minor.denies("MINOR_NO_OPT_IN");
    let minor = case.born("2011-01-31");
    minor.denies("NO_CONSENT");
    let banned = minor.at("2026-08-01");
    banned.denies("BANNED");
    let case = banned.activity(json!({"notice_at_collection": []}));
    case.denies("PURPOSE_INCOMPATIBLE");
    case.event(withdrawn("2026-02-01")).denies("CONSENT_WITHDRAWN");
}

// ---- items 1 to 3 ----

#[test]
fn a_no_is_a_no_in_every_regime() {
    for state in STATES {
        for (no, reason) in [
            (refused("2026-03-01"), "CONSENT_REFUSED"),
            (withdrawn("2026-03-01"), "CONSENT_WITHDRAWN"),
            (invalidated("2026-03-01"), "CONSENT_INVALID"),
        ] {
            let case = segmentation(state).event(no.clone());
            case.turns("2026-03-01", Allow("NO_OPT_OUT"), Deny(reason));
            case.event(given("2026-04-01")).turns("2026-04-01", Deny(reason), Allow("NO_OPT_OUT"));
            segmentation(state).event(no.with(json!({"purposes": ["pricing"]}))).allows("NO_OPT_OUT");
        }
    }
}

#[test]
fn ccpa_1798_125_b_3_a_financial_incentive_needs_consent_in_every_regime() {
    let case = segmentation("US-CA").operation("use").purpose("financial_incentive");
    case.denies("NO_CONSENT");
    case.clone().event(given("2026-01-10")).allows("CONSENT");
    case.clone().event(given("2026-01-10")).amend(json!({"affirmative": false})).denies("CONSENT_INVALID");
    let other = case.purpose("pricing").activity(json!({"notice_at_collection": ["pricing"]}));
    other.allows("NO_OPT_OUT");
}

#[test]
fn where_consent_is_the_basis_it_must_pass_and_gives_the_reason() {
    let case = ads("US-VA").activity(json!({"lawful_basis": "consent"}));
    let opt_out_regime = case.clone();
    opt_out_regime.allows("NO_OPT_OUT");
    segmentation("US-VA").without("/activity/regime").allows("NO_OPT_OUT");
    let case = case.without("/activity/regime").activity(json!({"notice_at_collection": []}));
    case.denies("NO_CONSENT");
    let case = case.event(given("2026-01-10"));
    case.allows("CONSENT");
    case.clone().activity(json!({"regime": "opt_out"})).denies("PURPOSE_INCOMPATIBLE");
    case.clone().event(opt_in("2026-02-01", "targeted_ads")).allows("CONSENT");
    case.clone().event(opt_out("2026-02-01", "targeted_ads")).denies("OPTED_OUT");
    case.clone().born("2011-01-01").denies("MINOR_NO_OPT_IN");
    case.clone().living_in("US-MD").born("2009-01-01").denies("BANNED");
    let provider = case.operation("disclose").purpose("service_delivery").event(given("2026-01-10"));
    provider.recipient(json!({"role": "service_provider"})).allows("CONSENT");
}

#[test]
fn ccpa_1798_100_a_1_and_ccr_7002_the_purpose_was_told_at_collection() {
    for state in STATES {
        segmentation(state).allows("NO_OPT_OUT");
        let told = |purposes: Value| segmentation(state).activity(json!({ "notice_at_collection": purposes }));
        told(json!(["newsletter"])).denies("PURPOSE_INCOMPATIBLE");
        told(json!([])).denies("PURPOSE_INCOMPATIBLE");
        told(json!(["newsletter", "segmentation_marketing"])).allows("NO_OPT_OUT");
    }
}

#[test]
fn a_consent_that_fails_is_named_before_what_comes_after_it() {
    let case = ads("US-VA").without("/activity/regime").activity(json!({"lawful_basis": "consent"}));
    let case = case.event(opt_out("2026-02-01", "targeted_ads"));
    case.denies("NO_CONSENT");
    case.event(given("2026-01-10")).denies("OPTED_OUT");
    let limited = religion("US-CA").without("/activity/regime").activity(json!({"lawful_basis": "consent"}));
    let limited = limited.request(json!({"infers_characteristics": false}));
    let limited = limited.event(opt_out("2026-03-01", "limit_sensitive"));
    limited.denies("NO_CONSENT");
    limited.event(given_for_religion("2026-01-10")).allows("EXEMPT");
}

// ---- item 4: kinds of transfer ----

#[test]
fn selling_is_a_sale_and_sharing_is_targeted_advertising() {
    for state in ["US-VA", "US-CO", "US-CT", "US-TX", "US-UT", "US-MD"] {
        sale(state).event(opt_out("2026-03-01", "sale")).denies("OPTED_OUT");
        sale(state).event(opt_out("2026-03-01", "targeted_ads")).allows("NO_OPT_OUT");
        ads(state).event(opt_out("2026-03-01", "targeted_ads")).denies("OPTED_OUT");
        ads(state).event(opt_out("2026-03-01", "sale")).allows("NO_OPT_OUT");
    }
}

#[test]
fn ccpa_1798_140_e_a_contracted_provider_is_no_buyer() {
    let handed_to = |role: &str| {
        let case = sale("US-VA").operation("disclose").purpose("service_delivery").recipient(json!({ "role": role }));
        case.activity(json!({"notice_at_collection": ["service_delivery"]}))
    };
    for role in ["service_provider", "contractor", "processor"] {
        handed_to(role).allows("PROCESSOR");
        handed_to(role).event(opt_out("2026-03-01", "*")).allows("PROCESSOR");
    }
    for role in ["third_party", "controller", "joint_controller"] {
        handed_to(role).allows("NO_OPT_OUT");
        handed_to(role).event(opt_out("2026-03-01", "sale")).denies("OPTED_OUT");
        handed_to(role).event(opt_out("2026-03-01", "targeted_ads")).allows("NO_OPT_OUT");
    }
}

#[test]
fn ccr_7050_b_a_provider_may_not_advertise_across_contexts() {
    let handed_over = |case: Case| case.operation("disclose").recipient(json!({"role": "service_provider"}));
    handed_over(ads("US-VA")).allows("NO_OPT_OUT");
    handed_over(ads("US-VA")).event(opt_out("2026-03-01", "targeted_ads")).denies("OPTED_OUT");
    handed_over(ads("US-VA")).event(opt_out("2026-03-01", "sale")).allows("NO_OPT_OUT");
    handed_over(sale("US-VA")).event(opt_out("2026-03-01", "sale")).denies("OPTED_OUT");
    handed_over(sale("US-VA")).event(opt_out("2026-03-01", "targeted_ads")).allows("NO_OPT_OUT");
    handed_over(ads("US-CA")).event(opt_out("2026-03-01", "sale_share")).denies("OPTED_OUT");
}

// ---- item 5: bans ----

#[test]
fn md_14_4707_a_sensitive_data_are_used_only_where_the_product_needs_them() {
    let needed = json!({"strictly_necessary_for_requested_product": true});
    religion("US-MD").denies("BANNED");
    religion("US-MD").event(given_for_religion("2026-01-10")).denies("BANNED");
    religion("US-MD").request(json!({"strictly_necessary_for_requested_product": false})).denies("BANNED");
    religion("US-MD").request(needed.clone()).allows("NO_OPT_OUT");
    segmentation("US-MD").allows("NO_OPT_OUT");
    let sold = sale("US-MD").categories(["religion"]).request(needed).event(given_for_religion("2026-01-10"));
    sold.denies("BANNED");
    sold.categories(["browsing_history"]).allows("NO_OPT_OUT");
}

#[test]
fn md_14_4707_a_nobody_known_to_be_under_18_is_sold_or_advertised_to() {
    for case in [sale("US-MD"), ads("US-MD")] {
        let case = case.born("2008-06-01").event(opt_in("2026-01-10", "sale_share"));
        case.turns("2026-06-01", Deny("BANNED"), Allow("OPTED_IN"));
        case.without("/customer/birth_date").allows("OPTED_IN");
    }
    segmentation("US-MD").born("2009-06-01").allows("NO_OPT_OUT");
}

#[test]
fn ct_sb_1295_nobody_known_to_be_under_18_is_sold_or_advertised_to_since_1_july_2026() {
    for case in [sale("US-CT"), ads("US-CT")] {
        let case = case.born("2009-01-01").event(opt_in("2026-01-10", "sale_share"));
        case.turns("2026-07-01", Allow("OPTED_IN"), Deny("BANNED"));
        case.born("2008-08-01").turns("2026-08-01", Deny("BANNED"), Allow("OPTED_IN"));
    }
    sale("US-CT").born("2008-08-01").turns("2026-08-01", Deny("BANNED"), Allow("NO_OPT_OUT"));
    segmentation("US-CT").born("2009-01-01").at("2026-08-01").allows("NO_OPT_OUT");
    sale("US-VA").born("2009-01-01").at("2026-08-01").allows("NO_OPT_OUT");
}

// ---- item 6: sensitive data ----

/// Sensitive data need a consent that passes.
#[track_caller]
fn sensitive_data_need_consent_in(state: &str) {
    let case = religion(state);
    case.denies("NO_CONSENT");
    case.clone().event(requested("2026-01-10")).denies("NO_CONSENT");
    case.clone().event(given("2026-01-10").with(json!({"purposes": ["pricing"]}))).denies("NO_CONSENT");
    case.clone().event(given("2026-01-10")).denies("SPECIAL_CATEGORY");
    let granted = case.event(given_for_religion("2026-01-10"));
    granted.allows("CONSENT");
    granted.clone().amend(json!({"affirmative": false})).denies("CONSENT_INVALID");
    granted.activity(json!({"consent_validity_days": 30})).denies("CONSENT_EXPIRED");
    segmentation(state).allows("NO_OPT_OUT");
}

#[test]
fn va_59_1_578_a_5_sensitive_data_need_consent() {
    sensitive_data_need_consent_in("US-VA");
}

#[test]
fn co_6_1_1308_7_sensitive_data_need_consent() {
    sensitive_data_need_consent_in("US-CO");
}

#[test]
fn ct_42_520_sensitive_data_need_consent() {
    sensitive_data_need_consent_in("US-CT");
}

#[test]
fn tx_541_101_sensitive_data_need_consent() {
    sensitive_data_need_consent_in("US-TX");
}

#[test]
fn where_some_data_are_sensitive_the_grant_names_those_alone() {
    let grant = given("2026-01-10").with(json!({"explicit_for": ["religion"]}));
    let case = religion("US-VA").event(grant).categories(["purchase_history", "religion"]);
    case.allows("CONSENT");
    case.categories(["health", "religion"]).denies("SPECIAL_CATEGORY");
}

#[test]
fn co_rule_7_08_sensitive_consent_lapses_24_months_after_the_last_interaction() {
    let case = religion("US-CO").event(given_for_religion("2023-01-15T09:00:00Z"));
    case.turns("2025-01-15T09:00:00Z", Allow("CONSENT"), Deny("CONSENT_EXPIRED"));
    let again = "2023-07-15T09:00:00Z";
    for interaction in
        [confirmed(again), purchase(again), activity(again), opt_in(again, "targeted_ads"), given_for_religion(again)]
    {
        let case = case.clone().event(interaction);
        case.turns("2025-07-15T09:00:00Z", Allow("CONSENT"), Deny("CONSENT_EXPIRED"));
    }
}

#[test]
fn co_rule_7_08_a_no_or_a_confirmation_of_something_else_prolongs_nothing() {
    let case = religion("US-CO").event(given_for_religion("2023-01-15T09:00:00Z"));
    let again = "2023-07-15T09:00:00Z";
    let elsewhere = json!({"purposes": ["newsletter"]});
    for no in [
        refused(again).with(elsewhere.clone()),
        withdrawn(again).with(elsewhere),
        opt_out(again, "sale_share"),
        objection(again, "newsletter"),
        confirmed(again).with(json!({"purposes": ["newsletter"]})),
    ] {
        let case = case.clone().event(no);
        case.turns("2025-01-15T09:00:00Z", Allow("CONSENT"), Deny("CONSENT_EXPIRED"));
    }
}

#[test]
fn co_rule_7_08_a_preference_centre_keeps_the_consent() {
    let case = religion("US-CO").event(given_for_religion("2023-01-15T09:00:00Z")).at("2026-06-01");
    case.denies("CONSENT_EXPIRED");
    case.clone().activity(json!({"preference_centre": false})).denies("CONSENT_EXPIRED");
    case.clone().activity(json!({"preference_centre": true})).allows("CONSENT");
    case.living_in("US-VA").allows("CONSENT");
}

#[test]
fn ut_13_61_302_3_sensitive_data_are_used_after_a_notice_until_the_person_opts_out() {
    let told = notice("2026-03-01", ["segmentation_marketing"]).with(json!({"sensitive_opt_out_offered": true}));
    let case = religion("US-UT").event(told);
    case.turns("2026-03-01", Deny("NO_NOTICE"), Allow("NO_OPT_OUT"));
    case.clone().amend(json!({"sensitive_opt_out_offered": false})).denies("NO_NOTICE");
    case.clone().amend_without("sensitive_opt_out_offered").denies("NO_NOTICE");
    case.clone().amend(json!({"covers": ["newsletter"]})).denies("NO_NOTICE");
    case.clone().event(opt_out("2026-04-01", "limit_sensitive")).denies("OPTED_OUT");
    case.clone().event(opt_out("2026-04-01", "*")).denies("OPTED_OUT");
    case.event(opt_out("2026-04-01", "sale_share")).allows("NO_OPT_OUT");
    segmentation("US-UT").event(opt_out("2026-04-01", "limit_sensitive")).allows("NO_OPT_OUT");
}

#[test]
fn ccpa_1798_121_a_limit_on_sensitive_data_is_respected() {
    religion("US-CA").allows("NO_OPT_OUT");
    let limited = religion("US-CA").event(opt_out("2026-03-01", "limit_sensitive"));
    limited.turns("2026-03-01", Allow("NO_OPT_OUT"), Deny("LIMITED_SENSITIVE"));
    religion("US-CA").event(opt_out("2026-03-01", "*")).denies("LIMITED_SENSITIVE");
    religion("US-CA").event(opt_out("2026-03-01", "sale_share")).allows("NO_OPT_OUT");
    limited.clone().event(opt_in("2026-04-01", "limit_sensitive")).allows("NO_OPT_OUT");
    limited.categories(["purchase_history"]).allows("NO_OPT_OUT");
}

#[test]
fn ccpa_1798_121_d_data_from_which_nothing_is_inferred_are_exempt() {
    let limited = religion("US-CA").event(opt_out("2026-03-01", "limit_sensitive"));
    limited.clone().request(json!({"infers_characteristics": true})).denies("LIMITED_SENSITIVE");
    limited.request(json!({"infers_characteristics": false})).allows("EXEMPT");
    religion("US-CA").request(json!({"infers_characteristics": false})).allows("NO_OPT_OUT");
}

#[test]
fn ccr_7027_m_security_is_exempt_from_the_limit() {
    let limited = |purpose: &str| {
        let case = religion("US-CA").operation("use").purpose(purpose).event(opt_out("2026-03-01", "limit_sensitive"));
        case.activity(json!({ "notice_at_collection": [purpose] }))
    };
    limited("fraud_prevention").allows("EXEMPT");
    limited("pricing").denies("LIMITED_SENSITIVE");
    let sold = sale("US-CA").categories(["religion"]).request(json!({"infers_characteristics": false}));
    let sold = sold.event(opt_out("2026-03-01", "limit_sensitive"));
    sold.allows("EXEMPT");
    sold.event(opt_out("2026-03-01", "sale_share")).denies("OPTED_OUT");
}

// ---- item 7: minors ----

#[test]
fn ccpa_1798_120_c_under_16_an_opt_in_is_needed() {
    for state in ["US-CA", "US-VA", "US-TX", "US-UT"] {
        for case in [sale(state), ads(state)] {
            let case = case.born("2010-06-01");
            case.turns("2026-06-01", Deny("MINOR_NO_OPT_IN"), Allow("NO_OPT_OUT"));
            case.event(opt_in("2026-01-10", "sale_share")).at("2026-05-31").allows("OPTED_IN");
        }
        segmentation(state).born("2011-06-01").allows("NO_OPT_OUT");
    }
}

#[test]
fn ccr_7070_under_13_only_a_verified_parent_opts_in() {
    for case in [ads("US-CA").born("2013-06-01"), ads("US-VA").born("2013-06-01")] {
        let case = case.at("2026-05-31T23:59:59.999999Z");
        let right = "sale_share";
        case.denies("MINOR_NO_OPT_IN");
        case.clone().event(opt_in("2026-01-10", right)).denies("MINOR_NO_OPT_IN");
        case.clone().event(opt_in_by_parent("2026-01-10", right)).allows("OPTED_IN");
        case.clone()
            .event(opt_in_by_parent("2026-01-10", right))
            .amend(json!({"by": "self"}))
            .denies("MINOR_NO_OPT_IN");
        let unverified = case.event(opt_in_by_parent("2026-01-10", right)).amend_without("parental_verification");
        unverified.denies("MINOR_NO_OPT_IN");
        unverified.at("2026-06-01").denies("MINOR_NO_OPT_IN");
    }
}

#[test]
fn ccr_7071_from_13_on_a_new_opt_in_of_their_own_counts() {
    let case = ads("US-CA").born("2012-03-01");
    let opted_in = |at: &str| case.clone().event(opt_in(at, "sale_share"));
    opted_in("2025-02-28T23:59:59.999999Z").denies("MINOR_NO_OPT_IN");
    opted_in("2025-03-01").allows("OPTED_IN");
    opted_in("2025-03-01T00:00:00.000001Z").allows("OPTED_IN");
    case.clone().event(opt_in_by_parent("2025-02-28", "sale_share")).allows("OPTED_IN");
    case.clone().event(opt_in_by_parent("2025-06-01", "sale_share")).allows("OPTED_IN");
    opted_in("2025-06-01").amend_without("by").denies("MINOR_NO_OPT_IN");
}

#[test]
fn ct_42_520_a_7_a_minors_opt_in_takes_two_steps_and_names_the_right() {
    let case = ads("US-CT").born("2011-01-01");
    let opted_in = |right: &str| case.clone().event(opt_in("2026-01-10", right));
    opted_in("targeted_ads").allows("OPTED_IN");
    opted_in("sale_share").allows("OPTED_IN");
    opted_in("sale").denies("MINOR_NO_OPT_IN");
    opted_in("targeted_ads").amend(json!({"two_step": false})).denies("MINOR_NO_OPT_IN");
    opted_in("targeted_ads").amend_without("two_step").denies("MINOR_NO_OPT_IN");
    opted_in("targeted_ads").event(opt_out("2026-02-01", "targeted_ads")).denies("MINOR_NO_OPT_IN");
    ads("US-CA").born("2011-01-01").event(opt_in("2026-01-10", "sale")).allows("OPTED_IN");
}

#[test]
fn ct_sb_3_the_opt_in_age_is_18_since_october_2024() {
    for case in [sale("US-CT"), ads("US-CT")] {
        let case = case.born("2008-01-01");
        case.turns("2024-10-01", Allow("NO_OPT_OUT"), Deny("MINOR_NO_OPT_IN"));
        case.event(opt_in("2024-05-01", "sale_share")).at("2024-10-01").allows("OPTED_IN");
    }
    ads("US-CT").born("2008-06-01").turns("2026-06-01", Deny("MINOR_NO_OPT_IN"), Allow("NO_OPT_OUT"));
    ads("US-CT").born("2008-06-01").turns("2024-06-01", Deny("MINOR_NO_OPT_IN"), Allow("NO_OPT_OUT"));
}

#[test]
fn co_sb_24_041_the_opt_in_age_is_18_since_october_2025() {
    for case in [sale("US-CO"), ads("US-CO")] {
        let case = case.born("2009-01-01");
        case.turns("2025-10-01", Allow("NO_OPT_OUT"), Deny("MINOR_NO_OPT_IN"));
        case.event(opt_in("2025-05-01", "sale_share")).at("2025-10-01").allows("OPTED_IN");
    }
    ads("US-CO").born("2008-06-01").turns("2026-06-01", Deny("MINOR_NO_OPT_IN"), Allow("NO_OPT_OUT"));
    ads("US-CO").born("2009-06-01").turns("2025-06-01", Deny("MINOR_NO_OPT_IN"), Allow("NO_OPT_OUT"));
}

#[test]
fn who_addresses_children_or_closes_his_eyes_treats_an_unknown_age_as_under_13() {
    let case = ads("US-CA").without("/customer/birth_date");
    case.allows("NO_OPT_OUT");
    for fields in [json!({"child_directed": true}), json!({"age_check": "disregarded"})] {
        let case = case.clone().activity(fields.clone());
        case.denies("MINOR_NO_OPT_IN");
        case.clone().event(opt_in("2026-01-10", "sale_share")).denies("MINOR_NO_OPT_IN");
        case.event(opt_in_by_parent("2026-01-10", "sale_share")).allows("OPTED_IN");
        ads("US-CA").activity(fields).allows("NO_OPT_OUT");
    }
}

// ---- item 8: opt-outs ----

#[test]
fn ccpa_1798_120_a_sale_and_sharing_are_one_right_in_california() {
    for right in ["sale_share", "sale", "targeted_ads", "*"] {
        for case in [sale("US-CA"), ads("US-CA")] {
            case.event(opt_out("2026-03-01", right)).turns("2026-03-01", Allow("NO_OPT_OUT"), Deny("OPTED_OUT"));
        }
    }
    for right in ["profiling", "adm", "limit_sensitive"] {
        sale("US-CA").event(opt_out("2026-03-01", right)).allows("NO_OPT_OUT");
    }
}

#[test]
fn ct_42_518_sale_and_targeted_ads_are_separate_rights_outside_california() {
    for state in ["US-VA", "US-CO", "US-CT", "US-TX", "US-UT", "US-MD"] {
        for right in ["sale_share", "*"] {
            sale(state).event(opt_out("2026-03-01", right)).denies("OPTED_OUT");
            ads(state).event(opt_out("2026-03-01", right)).denies("OPTED_OUT");
        }
        sale(state).event(opt_out("2026-03-01", "targeted_ads")).allows("NO_OPT_OUT");
        ads(state).event(opt_out("2026-03-01", "sale")).allows("NO_OPT_OUT");
    }
}

#[test]
fn ccr_7028_a_an_opt_out_is_undone_by_a_later_two_step_opt_in() {
    for state in ["US-CA", "US-VA"] {
        let case = ads(state).event(opt_out("2026-03-01", "targeted_ads"));
        case.denies("OPTED_OUT");
        let back = case.clone().event(opt_in("2026-04-01", "targeted_ads"));
        back.turns("2026-04-01", Deny("OPTED_OUT"), Allow("OPTED_IN"));
        back.clone().amend(json!({"two_step": false})).denies("OPTED_OUT");
        back.clone().amend_without("two_step").denies("OPTED_OUT");
        back.event(opt_out("2026-05-01", "targeted_ads")).denies("OPTED_OUT");
        case.clone().event(opt_in("2026-02-01", "targeted_ads")).denies("OPTED_OUT");
        case.event(given("2026-04-01")).denies("OPTED_OUT");
    }
    ads("US-VA").event(opt_out("2026-03-01", "sale_share")).event(opt_in("2026-04-01", "sale")).denies("OPTED_OUT");
}

#[test]
fn a_two_step_opt_in_on_file_is_named_also_without_an_opt_out() {
    ads("US-VA").event(opt_in("2026-03-01", "targeted_ads")).turns(
        "2026-03-01",
        Allow("NO_OPT_OUT"),
        Allow("OPTED_IN"),
    );
    ads("US-VA").event(opt_in("2026-03-01", "sale")).allows("NO_OPT_OUT");
    ads("US-VA").event(opt_in("2026-03-01", "targeted_ads")).amend(json!({"two_step": false})).allows("NO_OPT_OUT");
}

#[test]
fn ccpa_1798_140_ag_an_opt_out_of_sale_stops_neither_segmentation_nor_a_provider() {
    for state in STATES {
        let opted_out = |case: Case| case.event(opt_out("2026-03-01", "sale_share"));
        opted_out(segmentation(state)).allows("NO_OPT_OUT");
        let provider = sale(state).operation("disclose").purpose("service_delivery");
        let provider = provider.activity(json!({"notice_at_collection": ["service_delivery"]}));
        opted_out(provider.recipient(json!({"role": "service_provider"}))).allows("PROCESSOR");
        opted_out(sale(state)).denies("OPTED_OUT");
    }
}

// ---- item 9: no transfer ----

#[test]
fn coppa_a_child_under_13_online_needs_a_verified_parent() {
    let case = segmentation("US-CA").born("2013-06-01").activity(json!({"information_society_service": true}));
    case.turns("2026-06-01", Deny("CHILD"), Allow("NO_OPT_OUT"));
    let child = case.at("2026-05-31");
    child.clone().event(given_by_parent("2026-01-10")).allows("NO_OPT_OUT");
    child.clone().event(given_by_parent("2026-01-10")).amend_without("parental_verification").denies("CHILD");
    child.clone().event(opt_in_by_parent("2026-01-10", "sale_share")).allows("NO_OPT_OUT");
    child.clone().event(opt_in("2026-01-10", "sale_share")).denies("CHILD");
    child.clone().operation("store").allows("NO_OPT_OUT");
    child.activity(json!({"information_society_service": false})).allows("NO_OPT_OUT");
}

#[test]
fn coppa_a_parents_yes_is_a_valid_one_and_stands() {
    let child = segmentation("US-CA").born("2014-01-01").activity(json!({"information_society_service": true}));
    child.clone().event(given_by_parent("2026-01-10")).allows("NO_OPT_OUT");
    child.clone().event(given_by_parent("2026-01-10")).amend(json!({"affirmative": false})).denies("CHILD");
    let opted_in = child.event(opt_in_by_parent("2026-01-10", "sale_share"));
    opted_in.allows("NO_OPT_OUT");
    opted_in.clone().amend(json!({"two_step": false})).denies("CHILD");
    opted_in.clone().event(opt_out("2026-01-09", "sale_share")).allows("NO_OPT_OUT");
    opted_in.clone().event(opt_out("2026-01-10", "sale_share")).denies("CHILD");
    opted_in.clone().event(opt_out("2026-03-01", "*")).denies("CHILD");
    opted_in.clone().event(opt_out("2026-03-01", "limit_sensitive")).allows("NO_OPT_OUT");
    opted_in.event(opt_out("2026-03-01", "sale_share")).turns("2026-03-01", Allow("NO_OPT_OUT"), Deny("CHILD"));
}

#[test]
fn coppa_holds_in_every_state_and_for_those_who_address_children() {
    for state in STATES {
        let case = segmentation(state).activity(json!({"information_society_service": true}));
        case.allows("NO_OPT_OUT");
        case.clone().born("2014-01-01").denies("CHILD");
        let unknown = case.without("/customer/birth_date");
        unknown.allows("NO_OPT_OUT");
        unknown.clone().activity(json!({"child_directed": true})).denies("CHILD");
        unknown.activity(json!({"age_check": "disregarded"})).denies("CHILD");
    }
}

/// A loan is decided by machine alone under the law of a US state.
fn loan_in(state: &str) -> Case {
    let activity = json!({"lawful_basis": null, "regime": "opt_out", "notice_at_collection": ["credit_decision"]});
    loan_decision(state).activity(activity)
}

#[test]
fn the_rules_without_a_transfer_come_after_sensitive_data_and_the_child_before_the_opt_out() {
    let child = religion("US-VA").born("2014-01-01");
    child.denies("NO_CONSENT");
    child.categories(["purchase_history"]).denies("CHILD");
    let limited = religion("US-CA").born("2014-01-01").event(opt_out("2026-03-01", "limit_sensitive"));
    limited.denies("LIMITED_SENSITIVE");
    let loan = loan_in("US-VA").event(opt_out("2026-03-01", "profiling"));
    loan.denies("OPTED_OUT");
    loan.born("2014-01-01").denies("CHILD");
}

#[test]
fn va_59_1_577_an_opt_out_of_profiling_stops_significant_decisions() {
    for state in ["US-VA", "US-CO", "US-CT", "US-TX", "US-UT", "US-MD"] {
        loan_in(state).allows("NO_OPT_OUT");
        for right in ["profiling", "adm", "*"] {
            loan_in(state).event(opt_out("2026-03-01", right)).denies("OPTED_OUT");
        }
        loan_in(state).event(opt_out("2026-03-01", "sale_share")).allows("NO_OPT_OUT");
        segmentation(state).event(opt_out("2026-03-01", "profiling")).allows("NO_OPT_OUT");
    }
    let ordinary = segmentation("US-VA").operation("automated_decision").event(opt_out("2026-03-01", "profiling"));
    ordinary.allows("NO_OPT_OUT");
    ordinary.request(json!({"significant": true})).denies("OPTED_OUT");
}

#[test]
fn va_59_1_577_a_later_two_step_opt_in_undoes_the_opt_out_of_profiling() {
    let case = loan_in("US-VA").event(opt_out("2026-03-01", "profiling"));
    let back = case.clone().event(opt_in("2026-04-01", "profiling"));
    back.turns("2026-04-01", Deny("OPTED_OUT"), Allow("NO_OPT_OUT"));
    back.amend(json!({"two_step": false})).denies("OPTED_OUT");
    case.clone().event(opt_in("2026-03-01", "profiling")).denies("OPTED_OUT");
    case.event(opt_in("2026-04-01", "sale_share")).denies("OPTED_OUT");
}

#[test]
fn ccr_7200_b_and_7221_californias_opt_out_of_automated_decisions_acts_since_2027() {
    for right in ["profiling", "adm"] {
        let case = loan_in("US-CA").event(opt_out("2026-03-01", right));
        case.turns("2027-01-01", Allow("NO_OPT_OUT"), Deny("OPTED_OUT"));
    }
    loan_in("US-CA").at("2027-01-01").allows("NO_OPT_OUT");
}

#[test]
fn without_a_transfer_the_reason_names_consent_provider_or_no_opt_out() {
    segmentation("US-VA").allows("NO_OPT_OUT").obliges([]);
    religion("US-VA").event(given_for_religion("2026-01-10")).allows("CONSENT").obliges([]);
    segmentation("US-VA").event(given("2026-01-10")).allows("NO_OPT_OUT");
    let provider = segmentation("US-VA").operation("disclose");
    provider
        .recipient(json!({"id": "crm", "role": "service_provider", "contract": true}))
        .allows("PROCESSOR")
        .obliges([]);
}
