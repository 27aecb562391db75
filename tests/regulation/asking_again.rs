//! When a person may be asked again (section 11).

use serde_json::json;

use crate::case::*;

fn ask_for_ads(code: &str) -> Case {
    ads(code).operation("ask_consent")
}

#[test]
fn ccpa_1798_135_c_4_an_opt_out_is_respected_for_12_months() {
    for right in ["sale_share", "sale", "targeted_ads"] {
        let case = ask_for_ads("US-CA").event(opt_out("2025-05-15T08:00:00Z", right));
        case.turns("2026-05-15T08:00:00Z", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
        let again = case.event(opt_out("2025-08-01", right));
        again.turns("2026-08-01", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
    }
    ask_for_ads("US-CA").allows("NO_OPT_OUT");
}

#[test]
fn ccpa_1798_135_c_4_only_sale_and_sharing_wait() {
    let case = ask_for_ads("US-CA").event(opt_out("2026-05-15", "sale_share"));
    case.clone().purpose("data_sale").denies("COOLDOWN");
    case.clone().purpose("newsletter").allows("NO_OPT_OUT");
    case.clone().living_in("US-VA").denies("COOLDOWN");
    case.living_in("ES").allows("NO_OPT_OUT");
}

#[test]
fn ccr_7025_a_binding_signal_is_respected_for_12_months() {
    let case = ask_for_ads("US-CA").event(gpc("2025-05-15T08:00:00Z"));
    case.turns("2026-05-15T08:00:00Z", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
    case.living_in("US-VA").at("2025-06-01").allows("NO_OPT_OUT");
    let string = ask_for_ads("US-VA").event(gpp("2025-05-15", "TargetedAdvertisingOptOut", 1));
    string.turns("2026-05-15", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
    let string = ask_for_ads("US-VA").purpose("data_sale").event(gpp("2025-05-15", "SaleOptOut", 1));
    string.turns("2026-05-15", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
}

#[test]
fn ccpa_1798_125_b_3_a_refused_incentive_is_not_offered_for_12_months() {
    let case = ask_for_ads("US-CA").purpose("financial_incentive");
    case.allows("NO_OPT_OUT");
    for no in [refused("2025-05-15T08:00:00Z"), withdrawn("2025-05-15T08:00:00Z")] {
        let case = case.clone().event(no);
        case.turns("2026-05-15T08:00:00Z", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
        case.clone().living_in("ES").at("2025-06-01").allows("NO_OPT_OUT");
    }
    let elsewhere = refused("2025-05-15").with(json!({"purposes": ["newsletter"]}));
    case.event(elsewhere).at("2025-06-01").allows("NO_OPT_OUT");
}

#[test]
fn gdpr_recital_32_asking_again_waits_as_long_as_the_register_says() {
    for code in ["ES", "GB", "BR", "CA", "US-CA"] {
        let case = newsletter().living_in(code).operation("ask_consent").activity(json!({"reask_cooldown_days": 90}));
        case.allows("NO_OPT_OUT");
        for no in [refused("2026-03-01T08:00:00Z"), withdrawn("2026-03-01T08:00:00Z")] {
            let case = case.clone().event(no);
            case.turns("2026-05-30T08:00:00Z", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
            let again = case.clone().event(refused("2026-04-01T08:00:00Z"));
            again.turns("2026-06-30T08:00:00Z", Deny("COOLDOWN"), Allow("NO_OPT_OUT"));
            case.without("/activity/reask_cooldown_days").at("2026-03-02").allows("NO_OPT_OUT");
        }
        let elsewhere = refused("2026-03-01").with(json!({"purposes": ["pricing"]}));
        case.event(elsewhere).at("2026-03-02").allows("NO_OPT_OUT");
    }
}

#[test]
fn gdpr_21_2_asking_for_marketing_consent_is_marketing_too() {
    for code in ["ES", "US-CA"] {
        let case = newsletter().living_in(code).operation("ask_consent");
        let objected = case.event(objection("2026-03-01", "direct_marketing"));
        objected.turns("2026-03-01", Allow("NO_OPT_OUT"), Deny("OBJECTED"));
    }
}

#[test]
fn never_asked_is_not_refused() {
    let case = newsletter().without_events();
    case.denies("NO_CONSENT");
    case.operation("ask_consent").allows("NO_OPT_OUT");
}

#[test]
fn an_invalidation_is_no_refusal_and_lets_one_ask_at_once() {
    for code in ["ES", "US-CA"] {
        let case = newsletter().living_in(code).operation("ask_consent").activity(json!({"reask_cooldown_days": 90}));
        case.clone().event(invalidated("2026-05-15")).allows("NO_OPT_OUT");
        case.event(withdrawn("2026-05-15")).denies("COOLDOWN");
    }
}
