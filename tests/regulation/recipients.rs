//! Who may receive data, and where (section 12).

use serde_json::{Value, json};

use crate::case::*;

#[test]
fn gdpr_28_3_a_processor_has_an_agreement_in_force() {
    parcel_service().allows("CONTRACT");
    let agreement = |fields: Value| parcel_service().recipient(json!({ "agreement": fields }));
    let from = agreement(json!({"valid_from": "2026-05-01T00:00:00Z"}));
    from.turns("2026-05-01", Deny("NO_AGREEMENT"), Allow("CONTRACT"));
    let to = agreement(json!({"valid_to": "2026-07-01T00:00:00Z"}));
    to.turns("2026-07-01", Allow("CONTRACT"), Deny("NO_AGREEMENT"));
    agreement(json!({"kind": "art26"})).denies("NO_AGREEMENT");
    agreement(json!({"purposes": ["newsletter"]})).denies("NO_AGREEMENT");
    parcel_service().without("/request/recipient/agreement").denies("NO_AGREEMENT");
}

#[test]
fn gdpr_28_every_kind_of_processor_is_held_to_it() {
    for role in ["processor", "service_provider", "contractor"] {
        let case = parcel_service().recipient(json!({ "role": role }));
        case.allows("CONTRACT");
        case.without("/request/recipient/agreement").denies("NO_AGREEMENT");
    }
}

#[test]
fn gdpr_28_2_a_sub_processor_is_authorised() {
    let case = parcel_service().recipient(json!({"role": "sub_processor"}));
    case.denies("NO_AGREEMENT");
    case.clone().recipient(json!({"authorised": false})).denies("NO_AGREEMENT");
    let case = case.recipient(json!({"authorised": true}));
    case.allows("CONTRACT");
    case.clone().without("/request/recipient/agreement").denies("NO_AGREEMENT");
    case.without("/request/recipient/due_diligence").denies("DUE_DILIGENCE");
}

#[test]
fn gdpr_28_1_a_processor_gives_sufficient_guarantees() {
    let diligence = |fields: Value| parcel_service().recipient(json!({ "due_diligence": fields }));
    let from = diligence(json!({"assessed_at": "2026-05-01T00:00:00Z"}));
    from.turns("2026-05-01", Deny("DUE_DILIGENCE"), Allow("CONTRACT"));
    let to = diligence(json!({"valid_to": "2026-07-01T00:00:00Z"}));
    to.turns("2026-07-01", Allow("CONTRACT"), Deny("DUE_DILIGENCE"));
    diligence(json!({"outcome": "insufficient"})).denies("DUE_DILIGENCE");
    parcel_service().without("/request/recipient/due_diligence").denies("DUE_DILIGENCE");
}

#[test]
fn gdpr_28_3_only_the_agreed_categories_are_handed_over() {
    parcel_service().categories(["address", "name"]).allows("CONTRACT");
    parcel_service().categories(["address", "phone"]).denies("MINIMISATION");
}

#[test]
fn gdpr_26_joint_controllers_have_an_arrangement_and_need_no_due_diligence() {
    let case = parcel_service().recipient(json!({"role": "joint_controller", "agreement": {"kind": "art26"}}));
    case.allows("CONTRACT");
    case.clone().without("/request/recipient/due_diligence").allows("CONTRACT");
    case.clone().recipient(json!({"agreement": {"kind": "art28"}})).denies("NO_AGREEMENT");
    case.clone().recipient(json!({"agreement": {"purposes": ["newsletter"]}})).denies("NO_AGREEMENT");
    case.turns("2027-01-01", Allow("CONTRACT"), Deny("NO_AGREEMENT"));
    case.without("/request/recipient/agreement").denies("NO_AGREEMENT");
}

#[test]
fn another_controller_needs_no_agreement_but_a_basis() {
    for role in ["controller", "third_party"] {
        let case = delivery().operation("share").recipient(json!({"id": "carrier", "role": role}));
        case.allows("CONTRACT");
        case.clone().recipient(json!({"agreement": {"kind": "tcf"}})).allows("CONTRACT");
        case.activity(json!({"lawful_basis": null})).denies("NO_LAWFUL_BASIS");
    }
}

#[test]
fn nobody_and_unknown_roles_receive_nothing() {
    for operation in ["share", "sell", "disclose"] {
        let case = parcel_service().operation(operation);
        case.allows("CONTRACT");
        case.clone().without("/request/recipient").denies("NO_AGREEMENT");
        case.clone().recipient(json!({"role": "friend"})).denies("NO_AGREEMENT");
        case.without("/request/recipient/role").denies("NO_AGREEMENT");
    }
    sale("US-CA").without("/request/recipient").denies("NO_AGREEMENT");
    parcel_service().operation("use").without("/request/recipient").allows("CONTRACT");
}

#[test]
fn ccpa_1798_100_d_and_ccr_7051_a_recipient_in_the_us_has_a_contract() {
    for state in ["US-CA", "US-VA"] {
        sale(state).allows("NO_OPT_OUT");
        sale(state).recipient(json!({"contract": false})).denies("NO_AGREEMENT");
        sale(state).without("/request/recipient/contract").denies("NO_AGREEMENT");
    }
}

#[test]
fn ccr_7053_a_valid_agreement_is_a_contract_too() {
    let agreed = |fields: Value| {
        let activity = json!({"lawful_basis": null, "regime": "opt_out", "notice_at_collection": ["service_delivery"]});
        let case = parcel_service().living_in("US-CA").activity(activity);
        case.without("/request/recipient/due_diligence").recipient(json!({ "agreement": fields }))
    };
    agreed(json!({})).allows("PROCESSOR");
    agreed(json!({})).turns("2027-01-01", Allow("PROCESSOR"), Deny("NO_AGREEMENT"));
    agreed(json!({})).turns("2026-01-01", Deny("NO_AGREEMENT"), Allow("PROCESSOR"));
    agreed(json!({"purposes": ["newsletter"]})).denies("NO_AGREEMENT");
}

#[test]
fn the_gate_asks_for_agreement_then_diligence_then_categories_then_transfer() {
    let case = parcel_service();
    case.allows("CONTRACT");
    let case = case.recipient(json!({"country": "ZA"}));
    case.denies("TRANSFER");
    let case = case.categories(["address", "phone"]);
    case.denies("MINIMISATION");
    let case = case.recipient(json!({"due_diligence": {"outcome": "insufficient"}}));
    case.denies("DUE_DILIGENCE");
    case.recipient(json!({"agreement": {"kind": "art26"}})).denies("NO_AGREEMENT");
}

#[test]
fn gdpr_28_an_agreement_or_assessment_without_its_dates_binds_nobody() {
    parcel_service().allows("CONTRACT");
    for (field, reason) in [
        ("agreement/valid_from", "NO_AGREEMENT"),
        ("agreement/valid_to", "NO_AGREEMENT"),
        ("due_diligence/assessed_at", "DUE_DILIGENCE"),
        ("due_diligence/valid_to", "DUE_DILIGENCE"),
    ] {
        parcel_service().without(&format!("/request/recipient/{field}")).denies(reason);
    }
}

// ---- transfers ----

fn parcels_in(country: &str) -> Case {
    parcel_service().recipient(json!({ "country": country }))
}

#[test]
fn gdpr_44_inside_the_eea_and_at_home_nothing_is_transferred() {
    let eea = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";
    for country in eea.split(' ') {
        parcels_in(country).allows("CONTRACT");
    }
    parcels_in("BR").denies("TRANSFER");
    parcels_in("BR").living_in("BR").allows("CONTRACT");
}

#[test]
fn gdpr_45_adequate_countries_receive_data() {
    for country in "AD AR CA CH FO GB GG IL IM JE JP KR NZ UY".split(' ') {
        parcels_in(country).allows("CONTRACT");
    }
    for country in ["ZA", "IN", "CN", "RU", "AU", "US"] {
        parcels_in(country).denies("TRANSFER");
    }
}

#[test]
fn gdpr_45_a_claimed_adequacy_stands_on_the_list() {
    let claimed = |country: &str| parcels_in(country).recipient(json!({"transfer": {"tool": "adequacy"}}));
    claimed("JP").allows("CONTRACT");
    claimed("ZA").denies("TRANSFER");
    claimed("ZA").recipient(json!({"transfer": {"certified": true}})).denies("TRANSFER");
}

#[test]
fn gdpr_45_in_the_us_only_certified_recipients_are_adequate() {
    let claimed = |fields: Value| parcels_in("US").recipient(json!({ "transfer": fields }));
    claimed(json!({"tool": "adequacy", "certified": true})).allows("CONTRACT");
    claimed(json!({"tool": "adequacy", "certified": false})).denies("TRANSFER");
    claimed(json!({"tool": "adequacy"})).denies("TRANSFER");
    claimed(json!({"certified": true})).denies("TRANSFER");
}

#[test]
fn cjeu_c_311_18_clauses_and_binding_rules_come_with_an_assessment() {
    for tool in ["scc", "bcr", "idta"] {
        for country in ["ZA", "US"] {
            let transfer = |tia: Value| parcels_in(country).recipient(json!({"transfer": {"tool": tool, "tia": tia}}));
            transfer(json!("TIA-4")).allows("CONTRACT");
            transfer(Value::Null).denies("TRANSFER");
            parcels_in(country).recipient(json!({"transfer": {"tool": tool}})).denies("TRANSFER");
        }
    }
    parcels_in("ZA").recipient(json!({"transfer": {"tool": "hope", "tia": "TIA-4"}})).denies("TRANSFER");
}

#[test]
fn gdpr_46_other_controllers_abroad_are_held_to_it_too() {
    let case = delivery().operation("share").recipient(json!({"id": "carrier", "role": "controller"}));
    case.allows("CONTRACT");
    case.recipient(json!({"country": "ZA"})).denies("TRANSFER");
}

#[test]
fn the_data_of_americans_stay_at_home_or_are_protected_abroad() {
    let to = |country: &str| sale("US-CA").recipient(json!({ "country": country }));
    for country in ["US", "DE", "JP"] {
        to(country).allows("NO_OPT_OUT");
    }
    to("ZA").denies("TRANSFER");
    to("ZA").recipient(json!({"transfer": {"tool": "scc", "tia": "TIA-4"}})).allows("NO_OPT_OUT");
}

#[test]
fn gdpr_7_3_a_withdrawn_consent_also_blocks_the_processor() {
    let case = parcel_service().activity(json!({"lawful_basis": "consent"})).event(given("2026-01-10"));
    case.event(withdrawn("2026-03-01")).turns("2026-03-01", Allow("CONSENT"), Deny("CONSENT_WITHDRAWN"));
}

#[test]
fn gdpr_44_a_country_nobody_can_read_is_no_home() {
    let case = parcels_in("").living_in(Value::Null);
    case.denies("TRANSFER");
    case.without("/request/recipient/country").allows("CONTRACT");
}

#[test]
fn gdpr_44_each_state_of_the_eea_is_one_for_its_neighbours_too() {
    for country in ["ES", "FR"] {
        parcels_in(country).living_in("DE").allows("CONTRACT");
    }
    parcels_in("ZA").living_in("DE").denies("TRANSFER");
}
