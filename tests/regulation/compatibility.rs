//! Use for another purpose than the one the data were collected for (section 8).

use serde_json::{Value, json};

use crate::case::*;

/// Purchases are counted for statistics, under pseudonyms.
fn statistics() -> Case {
    let case = further_use().purpose("analytics_aggregate").without("/activity/compatibility_assessment");
    case.activity(json!({"statistical_safeguards": ["pseudonymisation"]}))
        .without_events()
        .event(notice("2026-01-05", ["analytics_aggregate"]))
}

#[test]
fn gdpr_6_4_another_purpose_must_be_compatible() {
    further_use().allows("COMPATIBLE_PURPOSE").obliges([]);
    let unassessed = further_use().without("/activity/compatibility_assessment");
    unassessed.denies("PURPOSE_INCOMPATIBLE");
    unassessed.clone().activity(json!({"original_purpose": "product_research"})).allows("CONTRACT");
    unassessed.without("/activity/original_purpose").allows("CONTRACT");
}

#[test]
fn gdpr_6_4_consent_and_legal_obligation_need_no_compatibility() {
    let unassessed = further_use().without("/activity/compatibility_assessment");
    unassessed.denies("PURPOSE_INCOMPATIBLE");
    let law = json!({"lawful_basis": "legal_obligation", "law_ref": "L-1"});
    unassessed.clone().activity(law).allows("LEGAL_OBLIGATION");
    unassessed.activity(json!({"lawful_basis": "consent"})).event(given("2026-01-10")).allows("CONSENT");
}

#[test]
fn edpb_05_2020_55_data_collected_on_consent_are_not_used_further() {
    further_use().allows("COMPATIBLE_PURPOSE");
    further_use().activity(json!({"original_basis": "consent"})).denies("PURPOSE_INCOMPATIBLE");
    statistics().allows("COMPATIBLE_PURPOSE");
    statistics().activity(json!({"original_basis": "consent"})).denies("PURPOSE_INCOMPATIBLE");
}

#[test]
fn gdpr_6_4_an_assessment_names_all_five_factors_and_its_outcome() {
    let assessed = |fields: Value| further_use().activity(json!({ "compatibility_assessment": fields }));
    further_use().allows("COMPATIBLE_PURPOSE");
    further_use().without("/activity/compatibility_assessment/ref").denies("PURPOSE_INCOMPATIBLE");
    further_use().without("/activity/compatibility_assessment/outcome").denies("PURPOSE_INCOMPATIBLE");
    assessed(json!({"outcome": "incompatible"})).denies("PURPOSE_INCOMPATIBLE");
    let factors = ["link", "context", "nature", "consequences", "safeguards"];
    for missing in factors {
        let others: Vec<_> = factors.into_iter().filter(|factor| *factor != missing).collect();
        assessed(json!({ "factors": others })).denies("PURPOSE_INCOMPATIBLE");
    }
}

#[test]
fn gdpr_6_4_e_a_promised_pseudonymisation_is_kept() {
    let rows = further_use().request(json!({"pseudonymised": false}));
    rows.denies("PURPOSE_INCOMPATIBLE");
    further_use().without("/request/pseudonymised").denies("PURPOSE_INCOMPATIBLE");
    let other = json!({"compatibility_assessment": {"safeguards": ["access_control"]}});
    rows.activity(other).allows("COMPATIBLE_PURPOSE");
}

#[test]
fn gdpr_5_1_b_and_89_1_statistics_are_compatible_under_safeguards_that_hold() {
    let promise = |safeguards: Value| statistics().activity(json!({ "statistical_safeguards": safeguards }));
    statistics().allows("COMPATIBLE_PURPOSE");
    promise(json!(["aggregation"])).allows("COMPATIBLE_PURPOSE");
    promise(json!(["access_control"])).denies("PURPOSE_INCOMPATIBLE");
    promise(json!([])).denies("PURPOSE_INCOMPATIBLE");
    let rows = statistics().request(json!({"pseudonymised": false}));
    rows.denies("PURPOSE_INCOMPATIBLE");
    rows.operation("aggregate").allows("COMPATIBLE_PURPOSE");
    let research = statistics().purpose("product_research").event(notice("2026-01-05", ["product_research"]));
    research.denies("PURPOSE_INCOMPATIBLE");
}

#[test]
fn gdpr_13_3_a_further_purpose_is_told_before() {
    further_use().turns("2026-01-05", Deny("NO_NOTICE"), Allow("COMPATIBLE_PURPOSE"));
    further_use().without_events().denies("NO_NOTICE");
    further_use().amend(json!({"covers": ["service_delivery"]})).denies("NO_NOTICE");
    further_use().amend(json!({"right_to_object": false})).allows("COMPATIBLE_PURPOSE");
}

#[test]
fn a_compatible_purpose_still_needs_its_basis() {
    let case = further_use().activity(json!({"lawful_basis": null}));
    case.denies("NO_LAWFUL_BASIS");
    let case = case.without_events();
    case.denies("NO_NOTICE");
    case.activity(json!({"original_basis": "consent"})).denies("PURPOSE_INCOMPATIBLE");
    let interest = json!({"lawful_basis": "legitimate_interest", "balancing_assessment": "LIA-1"});
    let weighed = further_use().activity(interest);
    weighed.allows("COMPATIBLE_PURPOSE");
    weighed.amend(json!({"right_to_object": false})).denies("NO_NOTICE");
    further_use().categories(["health"]).denies("SPECIAL_CATEGORY");
}
