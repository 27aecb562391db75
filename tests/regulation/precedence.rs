//! The table of precedence: the first row that answers, decides (section 4).

use serde_json::{Value, json};

use crate::case::*;

/// A model of marketing, used on consent.
fn derived_use() -> Case {
    newsletter()
        .operation("use_derived")
        .request(json!({"derived": {"kind": "model", "computed_at": "2026-03-01T00:00:00Z", "inputs": ["email"]}}))
}

fn standing_erasure(case: Case) -> Case {
    case.event(erasure_requested("2026-05-01"))
}

#[test]
fn gdpr_25_2_a_customer_never_seen_is_denied() {
    newsletter().allows("CONSENT");
    for operation in ["contact", "access", "explain", "port", "store", "ask_consent"] {
        let case = newsletter().operation(operation).change(json!({"customer": null}));
        case.clone().without_events().denies("UNKNOWN_SUBJECT");
        case.denies("UNKNOWN_SUBJECT");
    }
    newsletter().without_events().operation("access").allows("RIGHT_EXERCISE");
}

#[test]
fn the_first_row_that_answers_decides() {
    let case = derived_use().without_events();
    let granted = case.clone().event(given("2026-01-10"));
    granted.allows("CONSENT");
    case.denies("NO_CONSENT");
    let case = case.event(rectified("2026-04-01", ["email"]));
    case.denies("STALE_DERIVED");
    let case = case.event(objection("2026-04-01", "direct_marketing"));
    case.denies("OBJECTED");
    let case = case.event(restricted("2026-04-01"));
    case.denies("RESTRICTED");
    let case = case.living_in("US-NY");
    case.denies("UNKNOWN_JURISDICTION");
    let case = case.activity(json!({"allowed_categories": ["name"]}));
    case.denies("MINIMISATION");
    let case = case.activity(json!({"retention_days": 30}));
    case.denies("RETENTION");
    let case = standing_erasure(case);
    case.denies("ERASED");
    let case = case.request(json!({"derived": {"anonymous": true}}));
    case.allows("ANONYMOUS");
    let case = case.purpose("astrology");
    case.denies("PURPOSE_UNKNOWN");
    case.clone().operation("access").allows("RIGHT_EXERCISE");
    case.change(json!({"customer": null})).denies("UNKNOWN_SUBJECT");
}

// ---- row 2: the rights of access, explanation and portability ----

#[test]
fn gdpr_15_access_is_always_given() {
    let case = newsletter().operation("access");
    case.allows("RIGHT_EXERCISE").obliges([]);
    case.clone().event(withdrawn("2026-02-01")).allows("RIGHT_EXERCISE");
    standing_erasure(case.clone()).allows("RIGHT_EXERCISE");
    case.clone().event(restricted("2026-02-01")).allows("RIGHT_EXERCISE");
    case.clone().request(json!({"data_origin": "inferred"})).allows("RIGHT_EXERCISE");
    case.clone().request(json!({"purpose": null})).allows("RIGHT_EXERCISE");
    case.change(json!({"activity": null})).allows("RIGHT_EXERCISE");
    newsletter().event(withdrawn("2026-02-01")).denies("CONSENT_WITHDRAWN");
}

#[test]
fn ccpa_1798_110_access_is_given_in_us_states_too() {
    let case = |operation: &str| standing_erasure(ads("US-CA").operation(operation).event(opt_out("2026-02-01", "*")));
    case("access").allows("RIGHT_EXERCISE");
    case("access").request(json!({"data_origin": "inferred"})).allows("RIGHT_EXERCISE");
    case("share").denies("ERASED");
}

#[test]
fn gdpr_15_1_h_and_cjeu_c_203_22_an_explanation_tells_what_was_really_done() {
    let told = ["procedure_and_principles_actually_applied", "input_data_used", "significance_and_consequences"];
    let case = newsletter().operation("explain");
    case.allows("RIGHT_EXERCISE").obliges(told);
    case.clone().event(withdrawn("2026-02-01")).allows("RIGHT_EXERCISE").obliges(told);
    standing_erasure(case).allows("RIGHT_EXERCISE").obliges(told);
    standing_erasure(newsletter()).denies("ERASED");
}

#[test]
fn gdpr_20_1_and_wp_242_provided_and_observed_data_are_ported_inferred_data_are_not() {
    let port = |origin: Value| newsletter().operation("port").request(json!({ "data_origin": origin }));
    port(json!("provided")).allows("RIGHT_EXERCISE").obliges([]);
    port(json!("observed")).allows("RIGHT_EXERCISE");
    port(json!("inferred")).denies("RIGHT_NOT_APPLICABLE");
    newsletter().operation("port").denies("RIGHT_NOT_APPLICABLE");
}

#[test]
fn gdpr_20_1_a_only_data_on_consent_or_contract_are_ported() {
    let port = |basis: &str| {
        let port = delivery().operation("port").request(json!({"data_origin": "provided"}));
        port.activity(json!({"lawful_basis": basis, "law_ref": "L-1", "balancing_assessment": "LIA-1"}))
    };
    port("consent").allows("RIGHT_EXERCISE");
    port("contract").allows("RIGHT_EXERCISE");
    for basis in ["legitimate_interest", "legal_obligation", "public_task", "vital_interests"] {
        port(basis).denies("RIGHT_NOT_APPLICABLE");
    }
    standing_erasure(port("consent")).allows("RIGHT_EXERCISE");
}

#[test]
fn ccpa_1798_130_data_are_ported_whatever_the_basis() {
    let port = interest().operation("port").request(json!({"data_origin": "observed"}));
    port.denies("RIGHT_NOT_APPLICABLE");
    port.clone().living_in("CH").denies("RIGHT_NOT_APPLICABLE");
    port.clone().living_in("US-CA").allows("RIGHT_EXERCISE");
    port.clone().living_in("US-VA").allows("RIGHT_EXERCISE");
    port.clone().living_in(json!(["ES", "US-CA"])).allows("RIGHT_EXERCISE");
    port.living_in("US-CA").request(json!({"data_origin": "inferred"})).denies("RIGHT_NOT_APPLICABLE");
}

// ---- row 3: the purpose ----

#[test]
fn gdpr_5_1_b_a_purpose_is_named_known_and_registered() {
    newsletter().allows("CONSENT");
    newsletter().request(json!({"purpose": null})).denies("PURPOSE_UNKNOWN");
    newsletter().purpose("astrology").denies("PURPOSE_UNKNOWN");
}

#[test]
fn gdpr_30_1_b_a_purpose_without_register_entry_is_unknown() {
    newsletter().allows("CONSENT");
    newsletter().change(json!({"activity": null})).denies("PURPOSE_UNKNOWN");
}

// ---- row 4: anonymous output ----

#[test]
fn gdpr_recital_26_anonymous_output_is_free() {
    for operation in ["use_derived", "share", "sell", "disclose", "store"] {
        let output = |anonymous: bool| {
            let output = standing_erasure(newsletter().operation(operation));
            output.request(json!({"derived": {"kind": "aggregate", "anonymous": anonymous}}))
        };
        output(true).allows("ANONYMOUS");
        output(false).denies("ERASED");
    }
}

#[test]
fn ccpa_1798_140_b_and_m_deidentified_output_needs_no_recipient_gate() {
    let output = ads("US-CA").without("/request/recipient").event(opt_out("2026-05-01", "*"));
    output.denies("NO_AGREEMENT");
    output.request(json!({"derived": {"kind": "aggregate", "anonymous": true}})).allows("ANONYMOUS");
}

#[test]
fn only_operations_on_an_output_are_free_when_it_is_anonymous() {
    for operation in ["use", "segment", "contact", "aggregate", "automated_decision"] {
        let case = newsletter().operation(operation).request(json!({"derived": {"anonymous": true}}));
        case.clone().event(withdrawn("2026-02-01")).denies("CONSENT_WITHDRAWN");
        case.allows("CONSENT");
    }
}

// ---- row 6: retention, minimisation, retaliation ----

#[test]
fn gdpr_5_1_e_retention_ends_n_days_after_the_newest_collection() {
    let case = newsletter().activity(json!({"retention_days": 30})).categories(["email", "name"]);
    case.denies("RETENTION");
    let case = case.event(collected("2026-04-01", ["email", "name"]));
    case.turns("2026-05-01", Allow("CONSENT"), Deny("RETENTION"));
    let case = case.event(collected("2026-04-10", ["email"]));
    case.turns("2026-05-01", Allow("CONSENT"), Deny("RETENTION"));
    let case = case.event(collected("2026-04-05", ["name"]));
    case.turns("2026-05-05", Allow("CONSENT"), Deny("RETENTION"));
}

#[test]
fn ccpa_1798_100_a_3_retention_binds_in_california_too() {
    let case = segmentation("US-CA").activity(json!({"retention_days": 30}));
    let case = case.event(collected("2026-04-01", ["purchase_history"]));
    case.turns("2026-05-01", Allow("NO_OPT_OUT"), Deny("RETENTION"));
}

#[test]
fn gdpr_17_3_e_a_legal_hold_keeps_data_for_legal_claims_alone() {
    let held = |operation: &str| {
        let case = legal_claim(operation).activity(json!({"retention_days": 30, "legal_hold": true}));
        case.event(collected("2026-01-01", ["invoices"]))
    };
    held("store").allows("EXEMPT");
    held("use").allows("EXEMPT");
    held("segment").allows("LEGAL_OBLIGATION");
    for operation in ["store", "use", "segment"] {
        held(operation).activity(json!({"legal_hold": false})).denies("RETENTION");
        held(operation).purpose("legal_record_keeping").denies("RETENTION");
    }
    held("store").turns("2026-01-31", Allow("LEGAL_OBLIGATION"), Allow("EXEMPT"));
}

#[test]
fn gdpr_5_1_c_only_allowed_categories_are_used() {
    let case = newsletter().activity(json!({"allowed_categories": ["email", "name"]}));
    case.clone().categories(["email", "name"]).allows("CONSENT");
    case.clone().categories(["email", "phone"]).denies("MINIMISATION");
    case.living_in("US-CA").categories(["phone"]).denies("MINIMISATION");
    newsletter().categories(["email", "phone"]).allows("CONSENT");
}

#[test]
fn ccpa_1798_125_a_exercising_a_right_costs_nothing() {
    let price = |based_on: &str| {
        delivery().operation("differentiate").purpose("pricing").request(json!({ "based_on": based_on }))
    };
    for based_on in ["opt_out_status", "consent_status", "rights_exercise"] {
        price(based_on).denies("RETALIATION");
        price(based_on).living_in("US-CA").denies("RETALIATION");
    }
    price("order_volume").allows("CONTRACT");
    price("consent_status").operation("use").allows("CONTRACT");
    price("order_volume").activity(json!({"lawful_basis": null})).denies("NO_LAWFUL_BASIS");
}

#[test]
fn to_differentiate_on_other_grounds_is_a_use() {
    let case = |operation: &str| legal_claim(operation).request(json!({"based_on": "order_volume"}));
    case("differentiate").event(restricted("2026-03-01")).allows("EXEMPT");
    case("differentiate").purpose("pricing").event(restricted("2026-03-01")).denies("RESTRICTED");
    case("differentiate").allows("LEGAL_OBLIGATION");
}

#[test]
fn inside_row_6_retention_comes_before_minimisation_before_retaliation() {
    let case = delivery().operation("differentiate").purpose("pricing").request(json!({"based_on": "consent_status"}));
    case.denies("RETALIATION");
    let case = case.activity(json!({"allowed_categories": ["name"]}));
    case.denies("MINIMISATION");
    case.activity(json!({"retention_days": 30})).denies("RETENTION");
}

// ---- row 7: several jurisdictions ----

#[test]
fn any_jurisdiction_that_denies_denies_and_the_first_in_list_order_gives_the_reason() {
    let both = |codes: [&str; 2]| {
        let case = segmentation("US-CA").activity(json!({"lawful_basis": "consent", "notice_at_collection": []}));
        case.living_in(json!(codes))
    };
    both(["US-CA", "ES"]).denies("PURPOSE_INCOMPATIBLE");
    both(["ES", "US-CA"]).denies("NO_CONSENT");
    let noticed = |codes| both(codes).activity(json!({"notice_at_collection": ["segmentation_marketing"]}));
    noticed(["US-CA", "ES"]).denies("NO_CONSENT");
    noticed(["US-CA", "US-VA"]).allows("NO_OPT_OUT");
    noticed(["US-CA", "ES"]).event(given("2026-01-10")).allows("CONSENT");
}

#[test]
fn when_all_allow_the_reason_follows_the_rank_of_the_jurisdictions() {
    let case =
        loan_decision("ES").request(json!({"human_review": {"meaningful": true, "reviewer_can_override": true}}));
    let notice_at_collection = json!({"regime": "opt_out", "notice_at_collection": ["credit_decision"]});
    let case = case.activity(notice_at_collection);
    case.clone().living_in("US-CA").allows("NO_OPT_OUT");
    case.clone().living_in(json!(["US-CA", "ES"])).allows("HUMAN_IN_LOOP");
    case.clone().living_in(json!(["US-CA", "CA"])).allows("HUMAN_IN_LOOP");
    case.living_in(json!(["US-CA", "US-VA"])).allows("NO_OPT_OUT");
}

#[test]
fn when_all_allow_the_obligations_are_united() {
    let case = loan_decision("BR");
    let here = ["human_intervention", "express_view", "contest"];
    let quebec = ["inform_of_automated_decision", "opportunity_for_observations"];
    case.allows("CONTRACT").obliges(["review_on_request"]);
    case.clone().living_in("CA-QC").allows("CONTRACT").obliges(quebec);
    case.clone().living_in("ES").allows("CONTRACT").obliges(here);
    case.clone().living_in(json!(["BR", "CA-QC"])).allows("CONTRACT").obliges([
        "review_on_request",
        quebec[0],
        quebec[1],
    ]);
    let all = [here[0], here[1], here[2], "review_on_request", quebec[0], quebec[1]];
    case.living_in(json!(["CA-QC", "BR", "ES"])).allows("CONTRACT").obliges(all);
}

// ---- row 8: restriction ----

#[test]
fn gdpr_18_1_a_restriction_stops_every_use() {
    for operation in ["segment", "use", "contact", "share", "sell", "disclose", "automated_decision", "use_derived"] {
        let case = newsletter().operation(operation).event(restricted("2026-03-01"));
        case.denies("RESTRICTED");
    }
    newsletter().operation("ask_consent").event(restricted("2026-03-01")).denies("RESTRICTED");
    newsletter().event(restricted("2026-03-01")).turns("2026-03-01", Allow("CONSENT"), Deny("RESTRICTED"));
    segmentation("US-CA").event(restricted("2026-03-01")).turns("2026-03-01", Allow("NO_OPT_OUT"), Deny("RESTRICTED"));
}

#[test]
fn gdpr_4_2_aggregating_is_processing_too() {
    let case = newsletter().operation("aggregate");
    case.allows("CONSENT");
    case.event(restricted("2026-03-01")).denies("RESTRICTED");
}

#[test]
fn gdpr_18_2_restricted_data_are_stored() {
    let case = newsletter().without_events().operation("store");
    case.denies("NO_CONSENT");
    case.clone().event(restricted("2026-03-01")).allows("EXEMPT");
    case.event(restricted("2026-03-01")).operation("use").denies("RESTRICTED");
}

#[test]
fn gdpr_18_2_restricted_data_serve_legal_claims() {
    let case = |operation: &str| legal_claim(operation).event(restricted("2026-03-01"));
    case("use").allows("EXEMPT");
    case("store").allows("EXEMPT");
    case("use").activity(json!({"lawful_basis": null})).allows("EXEMPT");
    case("segment").allows("LEGAL_OBLIGATION");
    case("segment").activity(json!({"lawful_basis": null})).denies("NO_LAWFUL_BASIS");
    case("use").purpose("legal_record_keeping").denies("RESTRICTED");
}

#[test]
fn gdpr_18_2_the_person_may_consent_despite_the_restriction() {
    let despite = |at| given(at).with(json!({"despite_restriction": true}));
    let case = newsletter().event(restricted("2026-03-01"));
    case.clone().event(given("2026-03-02")).denies("RESTRICTED");
    case.clone().event(despite("2026-03-02")).allows("CONSENT");
    case.clone().event(despite("2026-02-28")).denies("RESTRICTED");
    case.clone().event(despite("2026-03-01")).denies("RESTRICTED");
    case.clone().event(despite("2026-03-01T00:00:00.000001Z")).allows("CONSENT");
    case.clone().event(despite("2026-03-02")).event(withdrawn("2026-03-03")).denies("RESTRICTED");
    case.event(despite("2026-03-02")).event(restricted("2026-03-03")).denies("RESTRICTED");
    let twice = newsletter().event(restricted("2026-03-01")).event(despite("2026-03-02"));
    twice.clone().event(despite("2026-03-02").with(json!({"method": "letter"}))).allows("CONSENT");
    twice.event(given("2026-03-02")).denies("RESTRICTED");
    let other_basis = delivery().event(restricted("2026-03-01")).event(despite("2026-03-02"));
    other_basis.denies("RESTRICTED");
}

#[test]
fn gdpr_18_3_a_restriction_ends_after_the_person_was_told() {
    let case = newsletter().event(restricted("2026-03-01"));
    case.clone().event(lifted("2026-04-01")).turns("2026-04-01", Deny("RESTRICTED"), Allow("CONSENT"));
    case.clone().event(lifted("2026-04-01")).amend(json!({"informed": false})).denies("RESTRICTED");
    case.clone().event(lifted("2026-04-01")).amend_without("informed").denies("RESTRICTED");
    case.clone().event(lifted("2026-02-01")).denies("RESTRICTED");
    case.event(lifted("2026-04-01")).event(restricted("2026-05-01")).denies("RESTRICTED");
}

// ---- rows 9 to 13 ----

#[test]
fn asking_comes_after_the_objection_and_before_the_basis() {
    let ask = newsletter().without_events().operation("ask_consent");
    ask.allows("NO_OPT_OUT").obliges([]);
    ask.clone().activity(json!({"lawful_basis": null})).allows("NO_OPT_OUT");
    ask.event(objection("2026-05-01", "direct_marketing")).denies("OBJECTED");
}

#[test]
fn gdpr_5_1_d_an_output_is_stale_once_an_input_was_rectified_at_or_after_it() {
    let rectified_at = |at| derived_use().event(rectified(at, ["email"]));
    rectified_at("2026-02-28T23:59:59.999999Z").allows("CONSENT");
    rectified_at("2026-03-01").denies("STALE_DERIVED");
    rectified_at("2026-03-01T00:00:00.000001Z").denies("STALE_DERIVED");
    rectified_at("2026-05-01").turns("2026-05-01", Allow("CONSENT"), Deny("STALE_DERIVED"));
    rectified_at("2026-05-01").operation("use").allows("CONSENT");
}

#[test]
fn gdpr_16_only_the_inputs_of_an_output_make_it_stale() {
    let case = derived_use().event(rectified("2026-05-01", ["address", "phone"]));
    case.allows("CONSENT");
    case.clone().request(json!({"derived": {"inputs": ["email", "phone"]}})).denies("STALE_DERIVED");
    case.without("/request/derived/inputs").denies("STALE_DERIVED");
    derived_use().without("/request/derived/inputs").allows("CONSENT");
}

#[test]
fn gdpr_5_1_d_an_output_of_unknown_time_is_stale_once_an_input_was_rectified() {
    let case = derived_use().without("/request/derived/computed_at");
    case.allows("CONSENT");
    case.clone().event(rectified("2026-02-01", ["address"])).allows("CONSENT");
    case.event(rectified("2026-02-01", ["email"])).denies("STALE_DERIVED");
}

#[test]
fn an_objection_and_a_travelling_opt_out_come_before_the_recipient_gate() {
    let case = interest().operation("share");
    case.denies("NO_AGREEMENT");
    case.clone().event(objection("2026-03-01", "product_research")).denies("OBJECTED");
    case.event(opt_out("2026-03-01", "targeted_ads")).denies("OPTED_OUT");
}

#[test]
fn the_recipient_gate_comes_before_the_basis() {
    let case = parcel_service().activity(json!({"lawful_basis": null}));
    case.denies("NO_LAWFUL_BASIS");
    case.without("/request/recipient").denies("NO_AGREEMENT");
    let case = sale("US-CA").activity(json!({"notice_at_collection": []}));
    case.denies("PURPOSE_INCOMPATIBLE");
    case.recipient(json!({"contract": false})).denies("NO_AGREEMENT");
}

#[test]
fn a_stale_output_is_denied_in_us_states_too() {
    let derived = json!({"derived": {"kind": "label", "computed_at": "2026-03-01T00:00:00Z"}});
    let case = segmentation("US-CA").operation("use_derived").request(derived);
    case.allows("NO_OPT_OUT");
    case.event(rectified("2026-03-01", ["purchase_history"])).denies("STALE_DERIVED");
}
