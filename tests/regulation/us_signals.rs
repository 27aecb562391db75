//! Universal opt-out signals (sections 5 and 10).

use serde_json::json;

use crate::case::*;

#[track_caller]
fn signal_binds(state: &str, from: &str) {
    for case in [sale(state), ads(state)] {
        let case = case.event(gpc("2019-06-01"));
        case.turns(from, Allow("NO_OPT_OUT"), Deny("OPTED_OUT"));
        case.at("2029-01-01").denies("OPTED_OUT");
        case.without_events().at(from).allows("NO_OPT_OUT");
    }
}

#[test]
fn ccr_7025_signal_binds_in_california_since_14_august_2020() {
    signal_binds("US-CA", "2020-08-14");
}

#[test]
fn co_6_1_1306_signal_binds_in_colorado_since_july_2024() {
    signal_binds("US-CO", "2024-07-01");
}

#[test]
fn ct_42_520_e_signal_binds_in_connecticut_since_2025() {
    signal_binds("US-CT", "2025-01-01");
}

#[test]
fn tx_541_055_e_signal_binds_in_texas_since_2025() {
    signal_binds("US-TX", "2025-01-01");
}

#[test]
fn md_14_4707_signal_binds_in_maryland_since_october_2025() {
    signal_binds("US-MD", "2025-10-01");
}

#[test]
fn va_59_1_577_signal_binds_neither_in_virginia_nor_in_utah() {
    for state in ["US-VA", "US-UT"] {
        for case in [sale(state), ads(state)] {
            case.clone().event(gpc("2026-03-01")).allows("NO_OPT_OUT");
            case.clone().event(gpp("2026-03-01", "Gpc", true)).allows("NO_OPT_OUT");
            case.event(opt_out("2026-03-01", "sale_share")).denies("OPTED_OUT");
        }
    }
}

#[test]
fn ccr_7025_signal_acts_from_its_own_time_on() {
    ads("US-CA").event(gpc("2026-03-01")).turns("2026-03-01", Allow("NO_OPT_OUT"), Deny("OPTED_OUT"));
    ads("US-CA").event(gpc("2026-03-01")).amend(json!({"gpc": false})).allows("NO_OPT_OUT");
}

#[test]
fn ccr_7025_signal_binds_pseudonymous_profile() {
    let case = ads("US-CA").without("/customer/birth_date").customer(json!({"pseudonymous": true}));
    case.allows("NO_OPT_OUT");
    for known in [true, false] {
        case.clone().event(gpc("2026-03-01").with(json!({ "known_consumer": known }))).denies("OPTED_OUT");
    }
}

#[test]
fn ccr_7025_signal_binds_known_consumer_and_the_offline_sale() {
    let case = sale("US-CA").request(json!({"channel": "post"}));
    case.allows("NO_OPT_OUT");
    case.event(gpc("2026-03-01").with(json!({"known_consumer": true}))).denies("OPTED_OUT");
}

#[test]
fn ccr_7025_a_later_visit_without_the_signal_means_nothing() {
    let case = ads("US-CA").event(gpc("2026-03-01"));
    case.clone().event(gpc("2026-04-01")).amend(json!({"gpc": false})).denies("OPTED_OUT");
    case.clone().event(gpp("2026-04-01", "Gpc", false)).denies("OPTED_OUT");
    case.event(activity("2026-04-01")).denies("OPTED_OUT");
    ads("US-CA").event(activity("2026-04-01")).allows("NO_OPT_OUT");
}

#[test]
fn ccr_7025_c_signal_beats_an_older_opt_in() {
    let case = ads("US-CA").event(opt_in("2026-02-01", "sale_share"));
    case.allows("OPTED_IN");
    case.event(gpc("2026-03-01")).turns("2026-03-01", Allow("OPTED_IN"), Deny("OPTED_OUT"));
}

#[test]
fn ccr_7025_c_an_opt_in_after_a_signal_follows_a_notice_of_the_conflict() {
    let noticed = json!({"after_conflict_notice": true});
    let case = ads("US-CA").event(gpc("2026-03-01"));
    case.clone().event(opt_in("2026-04-01", "sale_share")).denies("OPTED_OUT");
    let back = case.clone().event(opt_in("2026-04-01", "sale_share").with(noticed.clone()));
    back.turns("2026-04-01", Deny("OPTED_OUT"), Allow("OPTED_IN"));
    back.clone().amend(json!({"two_step": false})).denies("OPTED_OUT");
    back.event(gpc("2026-05-01")).denies("OPTED_OUT");
    let same_instant = case.clone().event(opt_in("2026-03-01", "sale_share").with(noticed.clone()));
    same_instant.denies("OPTED_OUT");
    case.event(opt_in("2026-03-01T00:00:00.000001Z", "sale_share").with(noticed)).allows("OPTED_IN");
}

#[test]
fn ccr_7028_a_only_where_the_newest_opt_out_is_a_signal_the_conflict_is_told() {
    let case = ads("US-CA").event(gpc("2026-03-01")).event(opt_out("2026-03-15", "sale_share"));
    case.clone().event(opt_in("2026-04-01", "sale_share")).allows("OPTED_IN");
    case.event(gpc("2026-03-20")).event(opt_in("2026-04-01", "sale_share")).denies("OPTED_OUT");
}

#[test]
fn a_signal_that_does_not_bind_needs_no_opt_in() {
    let case = ads("US-VA").event(gpc("2026-03-01"));
    case.clone().event(opt_in("2026-02-01", "targeted_ads")).allows("OPTED_IN");
    case.event(opt_in("2026-04-01", "targeted_ads")).allows("OPTED_IN");
}

#[test]
fn a_signal_is_about_sale_and_ads_alone() {
    let notice = json!({"regime": "opt_out", "notice_at_collection": ["credit_decision"]});
    let loan = loan_decision("US-CO").activity(notice);
    for signal in [gpc("2026-03-01"), gpp("2026-03-01", "SaleOptOut", 1)] {
        religion("US-CA").event(signal.clone()).allows("NO_OPT_OUT");
        segmentation("US-CA").event(signal.clone()).allows("NO_OPT_OUT");
        loan.clone().event(signal.clone()).allows("NO_OPT_OUT");
        sale("US-CA").event(signal).denies("OPTED_OUT");
    }
    religion("US-CA").event(opt_out("2026-03-01", "limit_sensitive")).denies("LIMITED_SENSITIVE");
    loan.event(opt_out("2026-03-01", "profiling")).denies("OPTED_OUT");
}

#[test]
fn usnat_fields_with_the_value_1_are_opt_outs_in_every_state() {
    for state in ["US-VA", "US-UT", "US-CO", "US-CT", "US-TX", "US-MD"] {
        sale(state).event(gpp("2026-03-01", "SaleOptOut", 1)).denies("OPTED_OUT");
        ads(state).event(gpp("2026-03-01", "SaleOptOut", 1)).allows("NO_OPT_OUT");
        ads(state).event(gpp("2026-03-01", "TargetedAdvertisingOptOut", 1)).denies("OPTED_OUT");
        sale(state).event(gpp("2026-03-01", "TargetedAdvertisingOptOut", 1)).allows("NO_OPT_OUT");
    }
}

#[test]
fn usnat_in_california_any_1_hits_sale_and_sharing() {
    for field in ["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"] {
        for case in [sale("US-CA"), ads("US-CA")] {
            case.clone().event(gpp("2026-03-01", field, 1)).denies("OPTED_OUT");
            case.clone().event(gpp("2026-03-01", field, 0)).allows("NO_OPT_OUT");
            case.event(gpp("2026-03-01", field, 2)).allows("NO_OPT_OUT");
        }
    }
}

#[test]
fn usnat_gpc_overrides_a_field_that_did_not_opt_out() {
    for state in ["US-CA", "US-CO", "US-CT", "US-TX", "US-MD"] {
        for case in [sale(state), ads(state)] {
            case.clone().event(gpp("2026-03-01", "Gpc", true)).denies("OPTED_OUT");
            case.event(gpp("2026-03-01", "Gpc", false)).allows("NO_OPT_OUT");
        }
    }
    let case = sale("US-CO").event(gpp("2023-03-01", "Gpc", true));
    case.turns("2024-07-01", Allow("NO_OPT_OUT"), Deny("OPTED_OUT"));
}

#[test]
fn usnat_a_field_that_is_missing_opts_out_of_nothing() {
    for state in ["US-CA", "US-VA"] {
        let bare = gpp("2026-03-01", "SaleOptOut", 2);
        for case in [sale(state), ads(state)] {
            let case = case.event(bare.clone()).amend(json!({"gpp_usnat": null}));
            let case = case.amend(json!({"gpp_usnat": {"SaleOptOut": 2}}));
            case.allows("NO_OPT_OUT");
            case.amend(json!({"gpp_usnat": {"SharingOptOut": 1, "SaleOptOut": 1}})).denies("OPTED_OUT");
        }
    }
}
