//! Solely automated significant decisions (section 13).

use serde_json::{Value, json};

use crate::case::*;

const ARTICLE_22_3: [&str; 3] = ["human_intervention", "express_view", "contest"];
const ARTICLE_22C: [&str; 4] = ["information", "representations", "human_intervention", "contest"];

/// A loan decided on legitimate interest in the United Kingdom.
fn british_loan() -> Case {
    let activity = json!({
        "lawful_basis": "legitimate_interest", "balancing_assessment": "LIA-1", "adm_safeguards": ARTICLE_22C,
    });
    loan_decision("GB").activity(activity).event(notice("2026-01-05", ["credit_decision"]))
}

#[test]
fn gdpr_22_1_a_significant_decision_is_not_made_by_machine_alone() {
    let case = delivery().operation("automated_decision").activity(json!({"adm_safeguards": ARTICLE_22_3}));
    case.allows("CONTRACT").obliges([]);
    case.clone().request(json!({"significant": false})).allows("CONTRACT").obliges([]);
    case.clone().request(json!({"significant": true})).denies("ADM_NOT_PERMITTED");
    case.request(json!({"significant": true})).operation("use").allows("CONTRACT");
}

#[test]
fn a_purpose_that_decides_is_significant_whatever_the_request_says() {
    let case = loan_decision("ES").activity(json!({"adm_safeguards": []}));
    case.denies("ADM_NOT_PERMITTED");
    case.clone().request(json!({"significant": false})).denies("ADM_NOT_PERMITTED");
    case.operation("use").allows("CONTRACT");
}

#[test]
fn gdpr_22_3_the_person_gets_the_safeguards() {
    for code in [json!("ES"), Value::Null] {
        let case = loan_decision("ES").living_in(code);
        case.allows("CONTRACT").obliges(ARTICLE_22_3);
        for missing in ARTICLE_22_3 {
            let others: Vec<_> = ARTICLE_22_3.into_iter().filter(|safeguard| *safeguard != missing).collect();
            case.clone().activity(json!({ "adm_safeguards": others })).denies("ADM_NOT_PERMITTED");
        }
        case.without("/activity/adm_safeguards").denies("ADM_NOT_PERMITTED");
    }
}

#[test]
fn gdpr_22_2_a_a_contract_must_need_the_decision() {
    let case = delivery().operation("automated_decision").request(json!({"significant": true}));
    let case = case.activity(json!({"adm_safeguards": ARTICLE_22_3}));
    case.denies("ADM_NOT_PERMITTED");
    case.activity(json!({"adm_necessary_for_contract": true})).allows("CONTRACT").obliges(ARTICLE_22_3);
}

#[test]
fn gdpr_22_2_b_a_law_must_authorise_the_decision() {
    let case = loan_decision("ES").activity(json!({"lawful_basis": "legal_obligation", "law_ref": "L-1"}));
    case.denies("ADM_NOT_PERMITTED");
    case.activity(json!({"adm_authorised_by_law": true})).allows("LEGAL_OBLIGATION").obliges(ARTICLE_22_3);
}

#[test]
fn gdpr_22_2_c_consent_to_the_decision_is_explicit() {
    let case = loan_decision("ES").activity(json!({"lawful_basis": "consent"})).event(given("2026-01-10"));
    case.denies("ADM_NOT_PERMITTED");
    case.clone().amend(json!({"explicit": false})).denies("ADM_NOT_PERMITTED");
    case.clone().amend(json!({"explicit": true})).allows("EXPLICIT_CONSENT").obliges(ARTICLE_22_3);
    case.amend(json!({"explicit_for": ["automated_decision"]})).allows("EXPLICIT_CONSENT").obliges(ARTICLE_22_3);
}

#[test]
fn gdpr_22_2_no_other_basis_carries_the_decision() {
    for basis in ["legitimate_interest", "public_task", "vital_interests"] {
        let fields = json!({"lawful_basis": basis, "law_ref": "L-1", "balancing_assessment": "LIA-1"});
        let case = loan_decision("ES").activity(fields).activity(json!({"adm_authorised_by_law": true}));
        let case = case.event(notice("2026-01-05", ["credit_decision"]));
        case.denies("ADM_NOT_PERMITTED");
    }
    loan_decision("ES").allows("CONTRACT");
}

#[test]
fn wp_251_a_human_who_can_overrule_is_in_the_loop() {
    let case = loan_decision("ES").activity(json!({"adm_safeguards": []}));
    let reviewed = |meaningful: bool, can_override: bool| {
        let review = json!({"meaningful": meaningful, "reviewer_can_override": can_override});
        case.clone().request(json!({ "human_review": review }))
    };
    reviewed(true, true).allows("HUMAN_IN_LOOP");
    reviewed(true, false).denies("ADM_NOT_PERMITTED");
    reviewed(false, true).denies("ADM_NOT_PERMITTED");
    reviewed(true, true).born("2010-01-01").allows("HUMAN_IN_LOOP");
    for code in ["GB", "BR", "CA", "CA-QC"] {
        reviewed(true, true).living_in(code).allows("HUMAN_IN_LOOP");
    }
}

#[test]
fn the_basis_and_special_data_are_tested_before_the_decision() {
    let review = json!({"human_review": {"meaningful": true, "reviewer_can_override": true}});
    let case = loan_decision("ES").request(review);
    case.allows("HUMAN_IN_LOOP");
    case.clone().activity(json!({"lawful_basis": null})).denies("NO_LAWFUL_BASIS");
    case.categories(["health"]).denies("SPECIAL_CATEGORY");
}

#[test]
fn gdpr_recital_71_no_machine_decides_about_a_minor() {
    for code in [json!("ES"), json!("GB"), Value::Null] {
        let safeguards = [&ARTICLE_22_3[..], &ARTICLE_22C[..]].concat();
        let case = loan_decision("ES").living_in(code).activity(json!({ "adm_safeguards": safeguards }));
        case.born("2008-06-01").turns("2026-06-01", Deny("CHILD"), Allow("CONTRACT"));
    }
    let ordinary = delivery().operation("automated_decision").born("2010-06-01");
    ordinary.allows("CONTRACT");
    for code in ["BR", "CA", "CA-QC"] {
        loan_decision(code).born("2010-06-01").allows("CONTRACT");
    }
}

#[test]
fn cjeu_c_634_21_a_score_on_which_the_recipient_draws_strongly_is_a_decision() {
    let handed_over = |draws: bool| {
        let recipient = json!({"id": "bank", "role": "third_party", "draws_strongly_on_score": draws});
        delivery().operation("share").request(json!({"significant": true})).recipient(recipient)
    };
    handed_over(false).allows("CONTRACT");
    handed_over(true).denies("ADM_NOT_PERMITTED");
    handed_over(true).request(json!({"significant": false})).allows("CONTRACT");
    handed_over(true).operation("sell").denies("ADM_NOT_PERMITTED");
    handed_over(true).operation("disclose").denies("ADM_NOT_PERMITTED");
    handed_over(true).operation("use").allows("CONTRACT");
    let permitted = json!({"adm_necessary_for_contract": true, "adm_safeguards": ARTICLE_22_3});
    handed_over(true).activity(permitted.clone()).allows("CONTRACT").obliges(ARTICLE_22_3);
    handed_over(false).activity(permitted).allows("CONTRACT").obliges([]);
}

#[test]
fn uk_gdpr_22a_any_basis_carries_the_decision_since_5_february_2026() {
    let case = british_loan();
    case.turns("2026-02-05", Deny("ADM_NOT_PERMITTED"), Allow("LEGITIMATE_INTEREST"));
    case.allows("LEGITIMATE_INTEREST").obliges(ARTICLE_22C);
    case.living_in("ES").activity(json!({"adm_safeguards": ARTICLE_22_3})).denies("ADM_NOT_PERMITTED");
    let consent = british_loan().activity(json!({"lawful_basis": "consent"})).event(given("2026-01-10"));
    consent.allows("CONSENT").obliges(ARTICLE_22C);
}

#[test]
fn uk_gdpr_22c_the_person_gets_the_four_safeguards() {
    for missing in ARTICLE_22C {
        let others: Vec<_> = ARTICLE_22C.into_iter().filter(|safeguard| *safeguard != missing).collect();
        british_loan().activity(json!({ "adm_safeguards": others })).denies("ADM_NOT_PERMITTED");
    }
    british_loan().allows("LEGITIMATE_INTEREST").obliges(ARTICLE_22C);
}

#[test]
fn uk_gdpr_22b_4_a_recognised_interest_does_not_carry_the_decision() {
    let recognised = json!({"lawful_basis": "recognised_legitimate_interest", "annex1_condition": "crime_prevention"});
    let case = british_loan().activity(recognised);
    case.denies("ADM_NOT_PERMITTED");
    case.operation("use").allows("LEGITIMATE_INTEREST");
}

#[test]
fn uk_gdpr_before_5_february_2026_article_22_holds() {
    let case = loan_decision("GB").at("2026-02-04T23:59:59.999999Z");
    case.allows("CONTRACT").obliges(ARTICLE_22_3);
    case.activity(json!({"adm_safeguards": ARTICLE_22C})).denies("ADM_NOT_PERMITTED");
    loan_decision("GB").at("2026-02-05").denies("ADM_NOT_PERMITTED");
}

#[test]
fn lgpd_20_the_decision_is_reviewed_on_request() {
    let case = loan_decision("BR").without("/activity/adm_safeguards");
    case.allows("CONTRACT").obliges(["review_on_request"]);
    case.clone().operation("use").allows("CONTRACT").obliges([]);
    case.activity(json!({"lawful_basis": null})).denies("NO_LAWFUL_BASIS");
}

#[test]
fn quebec_12_1_the_person_is_told_and_heard() {
    let case = loan_decision("CA-QC").without("/activity/adm_safeguards");
    case.allows("CONTRACT").obliges(["inform_of_automated_decision", "opportunity_for_observations"]);
    case.clone().operation("use").allows("CONTRACT").obliges([]);
    case.clone().living_in("CA").allows("CONTRACT").obliges([]);
    case.living_in("ES").denies("ADM_NOT_PERMITTED");
}

#[test]
fn gdpr_recital_71_an_unknown_age_is_a_childs_where_children_are_addressed() {
    for fields in [json!({"child_directed": true}), json!({"age_check": "disregarded"})] {
        let case = loan_decision("ES").activity(fields);
        case.allows("CONTRACT").obliges(ARTICLE_22_3);
        case.without("/customer/birth_date").denies("CHILD");
    }
    loan_decision("ES").without("/customer/birth_date").allows("CONTRACT");
}

#[test]
fn gdpr_22_2_c_of_several_grants_at_one_instant_each_is_explicit() {
    let case = loan_decision("ES").activity(json!({"lawful_basis": "consent"}));
    let (explicit, plain) = (given("2026-01-10").with(json!({"explicit": true})), given("2026-01-10"));
    case.clone().event(explicit.clone()).allows("EXPLICIT_CONSENT");
    case.clone().and_events([explicit.clone(), plain.clone()]).denies("ADM_NOT_PERMITTED");
    case.and_events([plain, explicit]).denies("ADM_NOT_PERMITTED");
}

#[test]
fn gdpr_22_2_c_a_consent_string_is_never_explicit() {
    let case = tcf_share().operation("automated_decision").request(json!({"significant": true}));
    let case = case.activity(json!({"adm_safeguards": ARTICLE_22_3}));
    let case = case.event(given("2026-01-10").with(json!({"explicit": true})));
    case.denies("ADM_NOT_PERMITTED");
    case.without("/request/tcf_purpose").allows("EXPLICIT_CONSENT").obliges(ARTICLE_22_3);
}
