//! Consent: the newest statement decides, and a grant must stand its tests (section 6).

use serde_json::{Value, json};

use crate::case::*;

// ---- the newest statement ----

#[test]
fn a_request_without_an_answer_is_pending() {
    let case = newsletter().without_events();
    case.denies("NO_CONSENT");
    let asked = case.clone().event(requested("2026-02-01"));
    asked.turns("2026-02-01", Deny("NO_CONSENT"), Deny("CONSENT_PENDING"));
    case.clone().event(requested("2026-02-01").with(json!({"purposes": ["pricing"]}))).denies("NO_CONSENT");
    let granted_elsewhere = asked.clone().event(given("2026-01-10").with(json!({"purposes": ["pricing"]})));
    granted_elsewhere.denies("CONSENT_PENDING");
    asked.event(given("2026-03-01")).allows("CONSENT");
}

#[test]
fn gdpr_6_1_a_consent_is_given_for_this_purpose() {
    let case = newsletter().without_events();
    case.denies("NO_CONSENT");
    let elsewhere = case.event(given("2026-01-10").with(json!({"purposes": ["email_marketing"]})));
    elsewhere.denies("CONSENT_SCOPE");
    elsewhere.event(given("2026-01-10")).allows("CONSENT");
}

#[test]
fn gdpr_recital_42_a_refusal_denies_also_after_a_grant() {
    newsletter().without_events().event(refused("2026-03-01")).denies("CONSENT_REFUSED");
    newsletter().event(refused("2026-03-01")).turns("2026-03-01", Allow("CONSENT"), Deny("CONSENT_REFUSED"));
    newsletter().event(refused("2026-01-09")).allows("CONSENT");
}

#[test]
fn gdpr_7_3_withdrawing_is_as_easy_as_giving() {
    let bare = withdrawn("2026-03-01");
    newsletter().event(bare.clone()).denies("CONSENT_WITHDRAWN");
    newsletter().event(bare.with(json!({"method": "phone_call"}))).denies("CONSENT_WITHDRAWN");
    newsletter().without_events().event(withdrawn("2026-03-01")).denies("CONSENT_WITHDRAWN");
    newsletter().event(withdrawn("2026-03-01").with(json!({"purposes": ["pricing"]}))).allows("CONSENT");
}

#[test]
fn gdpr_7_3_a_new_grant_ends_a_withdrawal() {
    let case = newsletter().event(withdrawn("2026-03-01")).event(given("2026-04-01"));
    case.turns("2026-04-01", Deny("CONSENT_WITHDRAWN"), Allow("CONSENT"));
}

#[test]
fn an_invalidated_consent_denies() {
    newsletter().event(invalidated("2026-03-01")).turns("2026-03-01", Allow("CONSENT"), Deny("CONSENT_INVALID"));
    newsletter().event(invalidated("2026-03-01")).event(given("2026-03-02")).allows("CONSENT");
}

#[test]
fn a_request_never_ends_a_grant() {
    newsletter().event(requested("2026-03-01")).allows("CONSENT");
    newsletter().event(withdrawn("2026-02-01")).event(requested("2026-03-01")).denies("CONSENT_WITHDRAWN");
    newsletter().event(refused("2026-02-01")).event(requested("2026-03-01")).denies("CONSENT_REFUSED");
}

#[test]
fn an_invalid_newest_grant_denies_over_an_older_valid_one() {
    let weak = given("2026-03-01").with(json!({"affirmative": false}));
    newsletter().event(weak.clone()).turns("2026-03-01", Allow("CONSENT"), Deny("CONSENT_INVALID"));
    newsletter().event(weak).event(given("2026-03-02")).allows("CONSENT");
}

// ---- the tests of a grant, in their order ----

#[test]
fn the_tests_of_a_grant_come_in_their_order() {
    let case = newsletter().categories(["email", "health"]);
    let case = case.amend(json!({"explicit": true, "data_categories": ["email", "health"], "controllers": ["A"]}));
    case.allows("EXPLICIT_CONSENT").obliges([]);
    let case = case.amend_without("explicit");
    case.denies("SPECIAL_CATEGORY");
    let case = case.amend(json!({"controllers": ["B"]}));
    case.denies("CONSENT_SCOPE");
    let case = case.activity(json!({"require_double_opt_in": true}));
    case.denies("CONSENT_PENDING");
    let case = case.activity(json!({"notice_current": "v9"}));
    case.denies("NOTICE_OUTDATED");
    let case = case.activity(json!({"consent_validity_days": 30}));
    case.denies("CONSENT_EXPIRED");
    let case = case.born("2015-01-31");
    case.denies("CHILD");
    let case = case.amend(json!({"affirmative": false}));
    case.denies("CONSENT_INVALID");
    case.categories(["email", "health", "criminal_offence"]).denies("SPECIAL_CATEGORY");
}

#[test]
fn of_several_grants_that_fail_at_one_instant_the_earliest_test_names_the_reason() {
    // A child's parent agreed twice at once; what all grants of an instant share, such as their age in days, is the case's.
    let child = newsletter().born("2015-01-31").without_events().categories(["email", "health"]);
    let at = "2026-01-10";
    let parent = |fields: Value| given_by_parent(at).with(fields);
    let (unclear, own) = (parent(json!({"affirmative": false})), given(at));
    let (old_notice, elsewhere) = (parent(json!({"notice_version": "v2"})), parent(json!({"controllers": ["B"]})));
    let (fewer, not_explicit) = (parent(json!({"data_categories": ["email"]})), parent(json!({})));
    let valid = json!({"consent_validity_days": 30});
    let current = json!({"notice_current": "v3"});
    let double = json!({"notice_current": "v3", "require_double_opt_in": true});
    for (activity, first, second, reason) in [
        (json!({}), &unclear, &own, "CONSENT_INVALID"),
        (valid, &own, &not_explicit, "CHILD"),
        (json!({"consent_validity_days": 30}), &unclear, &not_explicit, "CONSENT_INVALID"),
        (current, &own, &old_notice, "CHILD"),
        (double, &old_notice, &not_explicit, "NOTICE_OUTDATED"),
        (json!({}), &elsewhere, &not_explicit, "CONSENT_SCOPE"),
        (json!({}), &fewer, &not_explicit, "CONSENT_SCOPE"),
    ] {
        let case = child.clone().activity(activity);
        case.clone().and_events([first.clone(), second.clone()]).denies(reason);
        case.and_events([second.clone(), first.clone()]).denies(reason);
    }
}

#[test]
fn a_grant_for_another_purpose_at_the_same_instant_plays_no_part() {
    let elsewhere = given("2026-01-10T10:00:00Z").with(json!({"purposes": ["pricing"], "bundled_with_contract": true}));
    newsletter().event(elsewhere.clone()).allows("CONSENT");
    newsletter().event(elsewhere.with(json!({"purposes": ["newsletter"]}))).denies("CONSENT_INVALID");
}

#[test]
fn gdpr_10_consent_does_not_reach_criminal_data() {
    let case = newsletter().operation("use");
    let all = json!({
        "explicit": true, "data_categories": ["email", "criminal_offence"], "explicit_for": ["criminal_offence"],
    });
    let case = case.amend(all);
    case.allows("CONSENT");
    case.categories(["email", "criminal_offence"]).denies("SPECIAL_CATEGORY");
}

#[test]
fn gdpr_7_1_a_grant_has_its_notice_version_its_method_and_its_giver() {
    newsletter().allows("CONSENT");
    for field in ["notice_version", "method", "by"] {
        newsletter().amend_without(field).denies("CONSENT_INVALID");
    }
    newsletter().amend(json!({"by": "neighbour"})).denies("CONSENT_INVALID");
}

#[test]
fn cjeu_c_673_17_silence_and_a_ticked_box_are_no_consent() {
    newsletter().amend(json!({"affirmative": true})).allows("CONSENT");
    newsletter().amend(json!({"affirmative": false})).denies("CONSENT_INVALID");
    newsletter().amend(json!({"affirmative": null})).denies("CONSENT_INVALID");
    newsletter().amend_without("affirmative").denies("CONSENT_INVALID");
}

#[test]
fn gdpr_7_4_consent_is_not_bundled_with_a_contract() {
    newsletter().amend(json!({"bundled_with_contract": false})).allows("CONSENT");
    newsletter().amend(json!({"bundled_with_contract": true})).denies("CONSENT_INVALID");
}

#[test]
fn only_a_clear_yes_counts_as_the_value_of_a_grant() {
    for value in [json!(true), json!("yes"), json!("granted")] {
        newsletter().amend(json!({ "value": value })).allows("CONSENT");
    }
    for value in [json!(false), json!("no"), json!("denied"), json!("maybe"), json!(1), json!(["yes"]), json!({})] {
        newsletter().amend(json!({ "value": value })).denies("CONSENT_INVALID");
    }
}

#[test]
fn edpb_05_2020_110_consent_expires_with_its_validity() {
    let case = newsletter().activity(json!({"consent_validity_days": 90}));
    case.turns("2026-04-10T10:00:00Z", Allow("CONSENT"), Deny("CONSENT_EXPIRED"));
    let renewed = case.event(given("2026-03-01T10:00:00Z"));
    renewed.turns("2026-05-30T10:00:00Z", Allow("CONSENT"), Deny("CONSENT_EXPIRED"));
    newsletter().at("2046-01-10").allows("CONSENT");
}

#[test]
fn gdpr_7_2_a_material_change_of_the_notice_outdates_older_consent() {
    let change = |fields: Value| {
        let change = json!({"version": "v4", "at": "2026-03-01T00:00:00Z"}).with(fields);
        let known = json!({"version": "v3", "at": "2025-01-01T00:00:00Z", "material": true});
        newsletter().activity(json!({ "notice_changes": [known, change] }))
    };
    change(json!({"material": true})).turns("2026-03-01", Allow("CONSENT"), Deny("NOTICE_OUTDATED"));
    change(json!({})).turns("2026-03-01", Allow("CONSENT"), Deny("NOTICE_OUTDATED"));
    change(json!({"material": false})).allows("CONSENT");
    change(json!({"material": true})).amend(json!({"notice_version": "v4"})).allows("CONSENT");
}

#[test]
fn notice_versions_are_ordered_by_their_time_not_by_their_place_in_the_list() {
    let changes = json!([
        {"version": "v4", "at": "2026-02-01T00:00:00Z", "material": true},
        {"version": "v2", "at": "2024-01-01T00:00:00Z", "material": true},
        {"version": "v5", "at": "2026-04-01T00:00:00Z", "material": false},
        {"version": "v3", "at": "2025-01-01T00:00:00Z", "material": true},
    ]);
    let case = newsletter().activity(json!({ "notice_changes": changes }));
    case.turns("2026-02-01", Allow("CONSENT"), Deny("NOTICE_OUTDATED"));
    case.amend(json!({"notice_version": "v4"})).allows("CONSENT");
}

#[test]
fn a_current_notice_that_differs_and_is_not_listed_is_a_material_change() {
    let current = |version: &str| newsletter().activity(json!({ "notice_current": version }));
    current("v3").allows("CONSENT");
    current("v4").denies("NOTICE_OUTDATED");
    current("v4").amend(json!({"notice_version": "v4"})).allows("CONSENT");
    let listed = |material: bool| {
        let change = json!({"version": "v4", "at": "2026-03-01T00:00:00Z", "material": material});
        current("v4").activity(json!({ "notice_changes": [change] }))
    };
    listed(false).allows("CONSENT");
    listed(true).turns("2026-03-01", Allow("CONSENT"), Deny("NOTICE_OUTDATED"));
}

#[test]
fn gdpr_7_2_a_later_material_change_outdates_also_the_current_version() {
    let changes = |from: &str| {
        json!([
            {"version": from, "at": "2025-01-01T00:00:00Z", "material": true},
            {"version": "v4", "at": "2026-03-01T00:00:00Z", "material": true},
        ])
    };
    let case = newsletter().activity(json!({"notice_current": "v3"}));
    // Listed, the version has its place among the changes; not listed, it came after all of them.
    case.clone().activity(json!({"notice_changes": changes("v3")})).denies("NOTICE_OUTDATED");
    case.activity(json!({"notice_changes": changes("v2")})).allows("CONSENT");
    newsletter().activity(json!({"notice_changes": changes("v2")})).denies("NOTICE_OUTDATED");
}

#[test]
fn a_version_published_twice_is_as_old_as_its_first_publication() {
    let changes = |again: &str| {
        json!([
            {"version": "v3", "at": "2025-01-01T00:00:00Z", "material": true},
            {"version": "v4", "at": "2026-03-01T00:00:00Z", "material": true},
            {"version": again, "at": "2026-05-01T00:00:00Z", "material": false},
        ])
    };
    let case = newsletter().activity(json!({"notice_changes": changes("v3")}));
    case.turns("2026-03-01", Allow("CONSENT"), Deny("NOTICE_OUTDATED"));
    newsletter()
        .amend(json!({"notice_version": "v5"}))
        .activity(json!({"notice_changes": changes("v5")}))
        .allows("CONSENT");
}

#[test]
fn a_double_opt_in_is_confirmed_at_or_after_the_grant() {
    let case = newsletter().activity(json!({"require_double_opt_in": true}));
    case.denies("CONSENT_PENDING");
    case.clone().event(confirmed("2026-01-10T09:59:59.999999Z")).denies("CONSENT_PENDING");
    case.clone().event(confirmed("2026-01-10T10:00:00Z")).allows("CONSENT");
    case.clone().event(confirmed("2026-01-10T10:00:00.000001Z")).allows("CONSENT");
    case.clone().event(confirmed("2026-02-01")).turns("2026-02-01", Deny("CONSENT_PENDING"), Allow("CONSENT"));
    case.clone().event(confirmed("2026-02-01").with(json!({"purposes": ["pricing"]}))).denies("CONSENT_PENDING");
    case.event(confirmed("2026-02-01")).event(given("2026-03-01")).denies("CONSENT_PENDING");
}

#[test]
fn gdpr_recital_42_consent_reaches_the_controllers_it_names() {
    newsletter().amend(json!({"controllers": ["A", "B"]})).allows("CONSENT");
    newsletter().amend(json!({"controllers": ["B"]})).denies("CONSENT_SCOPE");
    newsletter().amend(json!({"controllers": ["B"]})).activity(json!({"controller": "B"})).allows("CONSENT");
    newsletter().activity(json!({"controller": "B"})).allows("CONSENT");
}

#[test]
fn consent_reaches_the_categories_it_names() {
    newsletter().amend(json!({"data_categories": ["email", "name"]})).allows("CONSENT");
    newsletter().amend(json!({"data_categories": ["name"]})).denies("CONSENT_SCOPE");
    newsletter().amend(json!({"data_categories": ["email"]})).categories(["email", "name"]).denies("CONSENT_SCOPE");
    newsletter().categories(["email", "name"]).allows("CONSENT");
}

#[test]
fn gdpr_9_2_a_special_categories_need_explicit_consent() {
    let case = health_research();
    case.allows("EXPLICIT_CONSENT");
    case.clone().amend(json!({"explicit": false})).denies("SPECIAL_CATEGORY");
    case.clone().amend_without("data_categories").denies("SPECIAL_CATEGORY");
    let named = case.clone().amend_without("explicit").amend(json!({"explicit_for": ["health"]}));
    named.allows("EXPLICIT_CONSENT");
    named.amend_without("data_categories").allows("EXPLICIT_CONSENT");
    case.categories(["purchase_history"]).amend_without("data_categories").allows("CONSENT");
}

#[test]
fn gdpr_9_2_a_every_special_category_must_be_named() {
    let case = health_research().categories(["health", "religion"]).amend_without("data_categories");
    let named = |names: &[&str]| case.clone().amend(json!({"explicit": false, "explicit_for": names}));
    named(&["health", "religion"]).allows("EXPLICIT_CONSENT");
    named(&["health"]).denies("SPECIAL_CATEGORY");
    named(&[]).denies("SPECIAL_CATEGORY");
}

#[test]
fn precise_geolocation_needs_explicit_consent_in_the_us_and_in_canada_alone() {
    let case = health_research().categories(["precise_geolocation"]);
    let explicit = case.clone().amend(json!({"data_categories": ["precise_geolocation"]}));
    let plain = explicit.clone().amend(json!({"explicit": false}));
    for code in ["US-CA", "US-UT", "CA", "CA-QC"] {
        explicit.clone().living_in(code).event(notice_of_opt_out()).allows("EXPLICIT_CONSENT");
        plain.clone().living_in(code).event(notice_of_opt_out()).denies("SPECIAL_CATEGORY");
    }
    for code in ["ES", "GB", "BR"] {
        explicit.clone().living_in(code).allows("CONSENT");
        plain.clone().living_in(code).allows("CONSENT");
    }
}

/// The notice that Utah asks for before sensitive data are used.
fn notice_of_opt_out() -> Value {
    notice("2026-01-05", ["product_research"]).with(json!({"sensitive_opt_out_offered": true}))
}
