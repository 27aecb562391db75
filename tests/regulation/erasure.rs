//! Erasure, and the new life after it (section 9).

use serde_json::{Value, json};

use crate::case::*;

/// Erased between the first and the second of March, known again from an import of the tenth on.
fn back_again(case: Case) -> Case {
    case.and_events([erasure_requested("2026-03-01"), erasure_completed("2026-03-02"), imported("2026-03-10")])
}

#[test]
fn gdpr_17_1_an_erasure_request_acts_at_once() {
    let case = newsletter().event(erasure_requested("2026-03-01"));
    case.turns("2026-03-01", Allow("CONSENT"), Deny("ERASED"));
    for operation in ["store", "use", "segment", "aggregate", "ask_consent", "share", "disclose", "use_derived"] {
        case.clone().operation(operation).denies("ERASED");
    }
}

#[test]
fn ccpa_1798_105_an_erasure_request_acts_at_once() {
    let case = segmentation("US-CA").event(erasure_requested("2026-03-01"));
    case.turns("2026-03-01", Allow("NO_OPT_OUT"), Deny("ERASED"));
}

#[test]
fn nothing_lifts_an_erasure_request_before_its_completion() {
    let case = newsletter().event(erasure_requested("2026-03-01"));
    for event in [given("2026-03-02"), imported("2026-03-02"), collected("2026-03-02", ["email"])] {
        let case = case.clone().event(event);
        case.denies("ERASED");
        case.event(erasure_completed("2026-03-03")).denies("ERASED");
    }
}

#[test]
fn gdpr_17_3_b_a_legal_duty_outlives_the_erasure() {
    let erased = |basis: &str, law: Value| {
        let case = delivery().purpose("suppression_list").operation("store").event(erasure_requested("2026-03-01"));
        case.activity(json!({"lawful_basis": basis, "law_ref": law}))
    };
    erased("legal_obligation", json!("GDPR 21(3)")).allows("LEGAL_OBLIGATION");
    erased("public_task", json!("L-1")).allows("PUBLIC_TASK");
    erased("legal_obligation", json!(null)).denies("ERASED");
    erased("public_task", json!(null)).denies("ERASED");
    for basis in ["contract", "vital_interests", "legitimate_interest", "consent"] {
        erased(basis, json!("L-1")).denies("ERASED");
    }
}

#[test]
fn gdpr_17_3_e_legal_claims_on_hold_outlive_the_erasure() {
    let erased = |hold: bool| {
        let case = delivery().purpose("legal_claims").event(erasure_requested("2026-03-01"));
        case.activity(json!({ "legal_hold": hold }))
    };
    erased(true).allows("CONTRACT");
    erased(false).denies("ERASED");
    erased(true).purpose("legal_record_keeping").denies("ERASED");
}

#[test]
fn a_consent_a_collection_or_an_import_after_the_completion_starts_a_new_life() {
    let erased = newsletter().event(erasure_requested("2026-03-01")).event(erasure_completed("2026-03-02"));
    erased.denies("ERASED");
    let returned = |at: &str| erased.clone().event(given(at));
    returned("2026-03-02").denies("ERASED");
    returned("2026-03-02T00:00:00.000001Z").allows("CONSENT");
    returned("2026-03-10").turns("2026-03-10", Deny("ERASED"), Allow("CONSENT"));
    for event in [imported("2026-03-10"), collected("2026-03-10", ["email"])] {
        erased.clone().event(event).turns("2026-03-10", Deny("ERASED"), Deny("NO_CONSENT"));
    }
    erased.clone().event(imported("2026-03-02")).denies("ERASED");
    erased.clone().event(imported("2026-03-02T00:00:00.000001Z")).denies("NO_CONSENT");
    erased.event(purchase("2026-03-10")).event(notice("2026-03-10", ["newsletter"])).denies("ERASED");
}

#[test]
fn a_new_life_ends_with_the_next_erasure_request() {
    let case = back_again(newsletter()).event(given("2026-03-11"));
    case.allows("CONSENT");
    case.event(erasure_requested("2026-05-01")).turns("2026-05-01", Allow("CONSENT"), Deny("ERASED"));
}

#[test]
fn a_new_life_voids_grants_and_their_confirmations() {
    back_again(newsletter()).denies("NO_CONSENT");
    back_again(newsletter()).event(given("2026-03-11")).allows("CONSENT");
    let double = newsletter().activity(json!({"require_double_opt_in": true})).event(confirmed("2026-01-11"));
    double.allows("CONSENT");
    back_again(double.clone()).event(given("2026-03-11")).denies("CONSENT_PENDING");
    back_again(double).event(given("2026-03-11")).event(confirmed("2026-03-12")).allows("CONSENT");
}

#[test]
fn a_new_life_voids_notices_purchases_and_collections() {
    back_again(interest()).denies("NO_NOTICE");
    back_again(interest()).event(notice("2026-03-11", ["product_research"])).allows("LEGITIMATE_INTEREST");
    let told_again = back_again(soft_opt_in()).event(notice("2026-03-11", ["email_marketing"]));
    told_again.denies("NO_CONSENT");
    told_again.event(purchase("2026-03-11")).allows("SOFT_OPT_IN");
    let kept = delivery().activity(json!({"retention_days": 365})).event(collected("2026-01-01", ["address"]));
    kept.allows("CONTRACT");
    back_again(kept.clone()).denies("RETENTION");
    back_again(kept).event(collected("2026-03-11", ["address"])).allows("CONTRACT");
}

#[test]
fn a_new_life_voids_opt_ins() {
    let minor = ads("US-CA").born("2011-01-01").event(opt_in("2026-01-10", "sale_share"));
    minor.allows("OPTED_IN");
    back_again(minor.clone()).denies("MINOR_NO_OPT_IN");
    back_again(minor).event(opt_in("2026-03-11", "sale_share")).allows("OPTED_IN");
}

#[test]
fn a_new_life_voids_what_happened_up_to_the_completion_instant() {
    let completed = newsletter_after_purchase().without_events().event(erasure_completed("2026-03-02"));
    let completed = completed.event(imported("2026-03-10"));
    completed.clone().event(purchase("2026-03-02")).denies("NO_CONSENT");
    completed.event(purchase("2026-03-02T00:00:00.000001Z")).allows("IMPLIED_CONSENT");
}

#[test]
fn a_no_outlives_both_erasure_and_re_import() {
    let no = |event| back_again(newsletter().event(event));
    no(withdrawn("2026-02-01")).denies("CONSENT_WITHDRAWN");
    no(refused("2026-02-01")).denies("CONSENT_REFUSED");
    no(objection("2026-02-01", "direct_marketing")).denies("OBJECTED");
    no(gpc("2026-02-01")).denies("OBJECTED");
    no(withdrawn("2026-02-01")).event(given("2026-03-11")).allows("CONSENT");
    back_again(ads("US-VA").event(opt_out("2026-02-01", "targeted_ads"))).denies("OPTED_OUT");
    back_again(ads("US-CA").event(gpc("2026-02-01"))).denies("OPTED_OUT");
    back_again(ads("US-CA")).allows("NO_OPT_OUT");
}

#[test]
fn a_new_life_counts_strings_of_its_own_only() {
    back_again(tcf_share().without_events().event(tcf("2026-02-27"))).denies("NO_CONSENT");
    let erased = tcf_share().without_events().event(erasure_completed("2026-03-02")).event(imported("2026-03-10"));
    erased.clone().event(tcf("2026-03-02")).denies("NO_CONSENT");
    erased.event(tcf("2026-03-02T00:00:00.000001Z")).allows("CONSENT");
    back_again(tcf_share().without_events()).event(tcf("2026-03-11")).allows("CONSENT");
}

#[test]
fn an_erasure_request_voids_nothing_of_what_is_exempt_from_it() {
    let claims = interest_in("legal_claims").activity(json!({"legal_hold": true}));
    let requested = claims.event(erasure_requested("2026-03-01"));
    requested.allows("LEGITIMATE_INTEREST");
    requested.activity(json!({"legal_hold": false})).denies("ERASED");
}

#[test]
fn an_erasure_request_beats_a_completion_of_the_same_instant() {
    let case = newsletter().event(erasure_completed("2026-03-02")).event(given("2026-03-10"));
    case.clone().event(erasure_requested("2026-03-02")).denies("ERASED");
    case.event(erasure_requested("2026-03-01T23:59:59.999999Z")).allows("CONSENT");
}
