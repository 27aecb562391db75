//! Random cases: near an allowance, then changed in a few places, with instants that often meet a boundary exactly.

use serde_json::{Map, Value, json};

/// A small generator of its own, so that a seed gives the same case for ever.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    fn some(&mut self, list: &[&str]) -> Vec<String> {
        let n = 1 + self.below(2);
        let mut some: Vec<String> = (0..n).map(|_| self.of(list).to_owned()).collect();
        some.dedup();
        some
    }

    fn flag(&mut self) -> bool {
        self.one_in(2)
    }
}

const PURPOSES: [&str; 18] = [
    "segmentation_marketing",
    "email_marketing",
    "newsletter",
    "third_party_advertising",
    "data_sale",
    "fraud_prevention",
    "legal_claims",
    "analytics_aggregate",
    "credit_decision",
    "credit_risk_scoring",
    "service_delivery",
    "product_safety_recall",
    "public_service",
    "legal_record_keeping",
    "product_research",
    "pricing",
    "financial_incentive",
    "suppression_list",
];
const OPERATIONS: [&str; 15] = [
    "segment",
    "use",
    "contact",
    "share",
    "sell",
    "disclose",
    "aggregate",
    "store",
    "automated_decision",
    "use_derived",
    "access",
    "port",
    "explain",
    "ask_consent",
    "differentiate",
];
const PLACES: [&str; 22] = [
    "DE", "ES", "DK", "IS", "FR", "GB", "BR", "CA", "CA-ON", "CA-QC", "US-CA", "US-VA", "US-CO", "US-CT", "US-TX",
    "US-UT", "US-MD", "US-CA", "US-CO", "GB", "IE", "US-NY",
];
const CATEGORIES: [&str; 7] =
    ["email", "purchase_history", "health", "religion", "precise_geolocation", "criminal_offence", "address"];
const BASES: [&str; 9] = [
    "consent",
    "contract",
    "legal_obligation",
    "public_task",
    "vital_interests",
    "legitimate_interest",
    "recognised_legitimate_interest",
    "credit_protection",
    "implied_consent",
];
/// Instants around which everything happens: effective dates, and others a period apart.
const INSTANTS: [&str; 22] = [
    "2023-12-31T23:59:59.999999Z",
    "2024-01-01T00:00:00Z",
    "2024-02-29T12:00:00Z",
    "2024-07-01T00:00:00Z",
    "2024-10-01T00:00:00Z",
    "2025-01-01T00:00:00Z",
    "2025-02-28T12:00:00Z",
    "2025-05-01T00:00:00Z",
    "2025-05-31T00:00:00Z",
    "2025-10-01T00:00:00Z",
    "2026-01-01T00:00:00Z",
    "2026-02-04T23:59:59.999999Z",
    "2026-02-05T00:00:00Z",
    "2026-02-27T23:59:59.999999Z",
    "2026-02-28T00:00:00Z",
    "2026-02-28T12:00:00Z",
    "2026-05-01T00:00:00Z",
    "2026-05-31T00:00:00Z",
    "2026-06-30T23:59:59.999999Z",
    "2026-07-01T00:00:00Z",
    "2027-01-01T00:00:00Z",
    "2027-05-01T00:00:00Z",
];
const BIRTHS: [&str; 16] = [
    "1980-05-05",
    "1990-01-31",
    "2005-01-01",
    "2007-07-01",
    "2008-02-05",
    "2008-02-29",
    "2009-05-01",
    "2010-01-01",
    "2010-05-01",
    "2011-05-31",
    "2012-02-29",
    "2012-05-01",
    "2013-01-01",
    "2013-05-01",
    "2014-07-01",
    "2016-01-01",
];

/// A case that every reader understands.
pub fn random_case(seed: u64) -> Value {
    let random = &mut Random(seed);
    let purpose = if random.one_in(4) { random.of(&PURPOSES[..5]) } else { random.of(&PURPOSES) };
    let place = random.of(&PLACES);
    let mut activity = activity(random, purpose, place);
    let mut request = request(random, purpose);
    let mut events = events(random, purpose);
    let mut customer = customer(random, place);
    // Half of the cases stay near an allowance: what is needed is there.
    if random.flag() {
        near_an_allowance(random, purpose, &mut activity, &mut request, &mut events);
    }
    let mut case = Map::new();
    case.insert("id".to_owned(), json!(seed.to_string()));
    if random.one_in(60) {
        customer = Value::Null;
    }
    case.insert("customer".to_owned(), customer);
    case.insert("activity".to_owned(), if random.one_in(60) { Value::Null } else { activity });
    case.insert("events".to_owned(), Value::Array(events));
    case.insert("request".to_owned(), request);
    Value::Object(case)
}

/// A case with one thing in it that no reader understands.
pub fn random_malformed_case(seed: u64) -> Value {
    let mut case = random_case(seed);
    let random = &mut Random(!seed);
    let wrong = random.of(&[json!(7.5), json!("nonsense"), json!([7]), json!({"a": 1})]);
    let grant = json!({"at": "2025-01-01T00:00:00Z", "type": "consent_given", "purposes": ["newsletter"]});
    match random.below(9) {
        0 => case["request"]["at"] = wrong,
        1 => case["request"]["operation"] = wrong,
        2 => case["customer"] = json!({"birth_date": wrong}),
        3 => case["request"]["known_at"] = wrong,
        4 => case["events"] = json!([{"at": wrong, "type": "activity"}]),
        5 => case["events"] = json!([{"at": "2025-01-01T00:00:00Z", "type": wrong}]),
        6 => {
            let mut grant = grant;
            grant["explicit"] = if wrong == json!("nonsense") { json!("yes") } else { wrong };
            case["events"] = json!([grant]);
        }
        7 => {
            // Doubtful, not malformed: invalid consent.
            let mut grant = grant;
            grant["affirmative"] = Value::Null;
            grant["value"] = wrong;
            case["events"] = json!([grant]);
        }
        _ => case["activity"] = json!({"lawful_basis": "consent", "consent_validity_days": "many"}),
    }
    case
}

fn customer(random: &mut Random, place: &str) -> Value {
    let mut customer = Map::new();
    let jurisdiction = match random.below(12) {
        0 => Value::Null,
        1 => json!([place, random.of(&PLACES)]),
        2 => json!([]),
        _ => json!(place),
    };
    customer.insert("jurisdiction".to_owned(), jurisdiction);
    if random.one_in(8) {
        let stays: Vec<Value> = (0..1 + random.below(2))
            .map(|n| json!({"from": INSTANTS[4 * n + random.below(4)], "code": random.of(&PLACES)}))
            .collect();
        customer.insert("jurisdiction_history".to_owned(), json!(stays));
    }
    if !random.one_in(4) {
        let birth = if random.flag() { random.of(&BIRTHS[..3]) } else { random.of(&BIRTHS) };
        customer.insert("birth_date".to_owned(), json!(birth));
    }
    Value::Object(customer)
}

fn activity(random: &mut Random, purpose: &str, place: &str) -> Value {
    let mut activity = Map::new();
    let in_states = place.starts_with("US") && random.below(3) > 0;
    let basis = match random.below(10) {
        _ if in_states && random.flag() => Value::Null,
        0..5 => json!("consent"),
        9 if random.one_in(3) => json!("nonsense"),
        _ => json!(random.of(&BASES)),
    };
    activity.insert("lawful_basis".to_owned(), basis);
    let mut put = |random: &mut Random, chance: usize, key: &str, value: Value| {
        if random.one_in(chance) {
            activity.insert(key.to_owned(), value);
        }
    };
    put(random, if in_states { 1 } else { 3 }, "regime", json!("opt_out"));
    let collected = if random.one_in(5) { json!(["pricing"]) } else { json!([purpose]) };
    put(random, if in_states { 1 } else { 3 }, "notice_at_collection", collected);
    put(random, 2, "law_ref", json!("Act s. 1"));
    put(random, 5, "art9_condition", json!("9(2)(j)"));
    put(random, 2, "balancing_assessment", json!("LIA-1"));
    put(random, 2, "annex1_condition", json!("crime_prevention"));
    put(random, 8, "controller", json!("B"));
    put(random, 10, "controller_is_public_authority", json!(true));
    let allowed = random.some(&CATEGORIES);
    put(random, 15, "allowed_categories", json!(allowed));
    let days = random.of(&[30, 365, 3_650]);
    put(random, 12, "retention_days", json!(days));
    put(random, 8, "legal_hold", json!(true));
    put(random, 4, "consent_validity_days", json!(365));
    put(random, 9, "consent_validity_days", json!(30));
    put(random, 7, "require_double_opt_in", json!(true));
    put(random, 5, "reask_cooldown_days", json!(30));
    put(random, 6, "notice_current", json!("v2"));
    let version = random.of(&["v1", "v2", "v3"]);
    let at = random.of(&INSTANTS);
    let mut changes = vec![json!({"version": version, "at": at, "material": random.flag()})];
    if random.flag() {
        changes.push(json!({"version": "v2", "at": random.of(&INSTANTS)}));
    }
    put(random, 6, "notice_changes", json!(changes));
    let service = random.flag();
    put(random, 6, "information_society_service", json!(service));
    put(random, 10, "child_directed", json!(true));
    put(random, 10, "age_check", json!("disregarded"));
    let original = random.of(&PURPOSES);
    put(random, 9, "original_purpose", json!(original));
    let original_basis = random.of(&BASES);
    put(random, 2, "original_basis", json!(original_basis));
    let factors: Vec<&str> = ["link", "context", "nature", "consequences", "safeguards"]
        .into_iter()
        .take(if random.one_in(6) { 4 } else { 5 })
        .collect();
    let outcome = if random.one_in(6) { "incompatible" } else { "compatible" };
    let assessment = json!({"ref": "CA-1", "factors": factors, "outcome": outcome, "safeguards": ["pseudonymisation"]});
    put(random, 2, "compatibility_assessment", assessment);
    put(random, 2, "statistical_safeguards", json!(["pseudonymisation"]));
    let safeguards = if random.flag() {
        json!(["information", "representations", "human_intervention", "contest"])
    } else {
        json!(["human_intervention", "express_view", "contest"])
    };
    put(random, 2, "adm_safeguards", safeguards);
    put(random, 2, "adm_necessary_for_contract", json!(true));
    put(random, 2, "adm_authorised_by_law", json!(true));
    put(random, 2, "soft_opt_in", json!(true));
    put(random, 8, "preference_centre", json!(true));
    Value::Object(activity)
}

fn request(random: &mut Random, purpose: &str) -> Value {
    let mut request = Map::new();
    let at = random.of(&INSTANTS[3..]);
    request.insert("at".to_owned(), json!(at));
    let operation = if random.flag() { random.of(&OPERATIONS[..6]) } else { random.of(&OPERATIONS) };
    request.insert("operation".to_owned(), json!(operation));
    let asked = match random.below(60) {
        0 => Value::Null,
        1 => json!("our_own_idea"),
        _ => json!(purpose),
    };
    request.insert("purpose".to_owned(), asked);
    let plain = random.below(3) > 0;
    let categories = if plain { random.some(&CATEGORIES[..2]) } else { random.some(&CATEGORIES) };
    request.insert("data_categories".to_owned(), json!(categories));
    let recipient = recipient(random, purpose);
    let mut put = |random: &mut Random, chance: usize, key: &str, value: Value| {
        if random.one_in(chance) {
            request.insert(key.to_owned(), value);
        }
    };
    let handed_over = matches!(operation, "share" | "sell" | "disclose");
    put(random, if handed_over { 1 } else { 9 }, "recipient", recipient);
    let known = random.of(&INSTANTS[3..]);
    put(random, 8, "known_at", json!(known));
    put(random, 8, "profile", json!("p1"));
    let channel = random.of(&["email", "post", "phone_live"]);
    put(random, 2, "channel", json!(channel));
    let computed = random.of(&INSTANTS);
    let inputs = random.some(&CATEGORIES);
    let derived = json!({"kind": "label", "computed_at": computed, "inputs": inputs, "anonymous": random.one_in(6)});
    put(random, if operation == "use_derived" { 1 } else { 9 }, "derived", derived);
    let revealed = random.of(&CATEGORIES[1..]);
    put(random, 12, "derived_features", json!([{"name": "f", "reveals": revealed}]));
    let origin = random.of(&["provided", "observed", "inferred"]);
    put(random, if operation == "port" { 1 } else { 9 }, "data_origin", json!(origin));
    let significant = random.below(3) > 0;
    put(random, if operation == "automated_decision" { 1 } else { 6 }, "significant", json!(significant));
    let review = json!({"meaningful": random.flag(), "reviewer_can_override": random.flag()});
    put(random, 8, "human_review", review);
    let pseudonymised = random.flag();
    put(random, 2, "pseudonymised", json!(pseudonymised));
    let profiled = random.flag();
    put(random, 4, "profiled", json!(profiled));
    put(random, 2, "product_line", json!("garden"));
    put(random, 2, "opt_out_in_message", json!(true));
    put(random, 12, "tcf_purpose", json!(3));
    let infers = random.flag();
    put(random, 6, "infers_characteristics", json!(infers));
    put(random, 6, "strictly_necessary_for_requested_product", json!(true));
    let status = random.of(&["opt_out_status", "loyalty", "consent_status", "rights_exercise"]);
    put(random, if operation == "differentiate" { 1 } else { 20 }, "based_on", json!(status));
    Value::Object(request)
}

fn recipient(random: &mut Random, purpose: &str) -> Value {
    let role = random.of(&[
        "processor",
        "service_provider",
        "contractor",
        "sub_processor",
        "joint_controller",
        "controller",
        "third_party",
        "third_party",
        "friend",
    ]);
    let kind = if role == "joint_controller" { "art26" } else { "art28" };
    let kind = if random.one_in(8) { "tcf" } else { kind };
    let mut recipient = json!({"id": "r", "role": role});
    if random.below(3) > 0 {
        recipient["contract"] = json!(true);
    }
    if random.below(5) > 0 {
        let purposes = if random.one_in(8) { json!(["pricing"]) } else { json!([purpose]) };
        recipient["agreement"] = json!({
            "kind": kind, "valid_from": random.of(&INSTANTS[..8]), "valid_to": random.of(&INSTANTS[12..]),
            "purposes": purposes,
        });
        if random.one_in(4) {
            recipient["agreement"]["data_categories"] = json!(random.some(&CATEGORIES));
        }
    }
    if random.below(5) > 0 {
        recipient["due_diligence"] = json!({
            "assessed_at": random.of(&INSTANTS[..8]), "valid_to": random.of(&INSTANTS[12..]),
            "outcome": if random.one_in(6) { "findings" } else { "sufficient_guarantees" },
        });
    }
    if random.below(3) > 0 {
        recipient["authorised"] = json!(true);
    }
    if random.flag() {
        recipient["country"] = json!(random.of(&["DE", "NO", "US", "JP", "ZA", "GB", "BR", "CA"]));
        if random.below(3) > 0 {
            let tia = if random.one_in(3) { Value::Null } else { json!("TIA-1") };
            recipient["transfer"] = json!({
                "tool": random.of(&["scc", "bcr", "idta", "adequacy"]), "tia": tia, "certified": random.flag(),
            });
        }
    }
    if random.flag() {
        recipient["tcf_vendor"] = json!(755);
    }
    if random.one_in(4) {
        recipient["draws_strongly_on_score"] = json!(true);
    }
    recipient
}

fn events(random: &mut Random, purpose: &str) -> Vec<Value> {
    let n = random.below(7);
    (0..n).map(|_| event(random, purpose)).collect()
}

fn event(random: &mut Random, purpose: &str) -> Value {
    let rights = ["sale_share", "sale", "targeted_ads", "profiling", "adm", "limit_sensitive", "*"];
    let purposes = match random.below(8) {
        0 => json!(["pricing"]),
        1 => json!(["pricing", purpose]),
        _ => json!([purpose]),
    };
    let mut event = match random.below(30) {
        0..6 => grant(random, purposes),
        6 => json!({"type": "consent_refused", "purposes": purposes}),
        7 => json!({"type": "consent_withdrawn", "purposes": if random.one_in(3) { json!(["*"]) } else { purposes }}),
        8 => json!({"type": "consent_invalidated", "purposes": purposes}),
        9 => json!({"type": "consent_requested", "purposes": purposes}),
        10 => json!({"type": "consent_confirmed", "purposes": purposes}),
        11 | 12 => json!({
            "type": "notice_shown", "version": "v1", "covers": purposes, "right_to_object": random.below(4) > 0,
            "opt_out_offered": random.below(4) > 0, "sensitive_opt_out_offered": random.below(4) > 0,
        }),
        13 => {
            let scopes = ["direct_marketing", "profiling_for_direct_marketing", "*", purpose, "pricing"];
            json!({"type": "objection", "scope": random.of(&scopes), "grounds": "mine"})
        }
        14 => json!({
            "type": "objection_rejected", "scope": random.of(&["*", purpose, "pricing"]),
            "compelling_grounds": random.flag(),
        }),
        15 => json!({"type": "restriction_set", "ground": "accuracy"}),
        16 => json!({"type": "restriction_lifted", "informed": random.below(4) > 0}),
        17 => json!({"type": "erasure_requested"}),
        18 => json!({"type": "erasure_completed"}),
        19 => json!({"type": "rectified", "data_categories": random.some(&CATEGORIES)}),
        20 | 21 => json!({"type": "collected", "data_categories": CATEGORIES}),
        22 => json!({"type": "imported", "source": "crm"}),
        23 | 24 => json!({"type": "opt_out", "right": random.of(&rights), "via": "request"}),
        25 => json!({
            "type": "opt_in", "right": random.of(&rights), "two_step": random.below(4) > 0,
            "by": random.of(&["self", "parent"]), "parental_verification": random.flag(),
            "after_conflict_notice": random.flag(),
        }),
        26 => signal(random),
        27 => {
            let line = random.of(&["garden", "books"]);
            json!({"type": "purchase", "product_line": line, "opt_out_offered": random.below(4) > 0})
        }
        28 => json!({"type": "activity", "detail": "visit"}),
        _ => {
            let kind = random.of(&["identities_merged", "identities_split"]);
            json!({"type": kind, "profiles": ["p1", "p2"]})
        }
    };
    event["at"] = json!(random.of(&INSTANTS));
    if random.one_in(6) {
        event["recorded_at"] = json!(random.of(&INSTANTS));
    }
    if random.one_in(4) {
        event["profile"] = json!(random.of(&["p1", "p2", "p3"]));
    }
    event
}

fn grant(random: &mut Random, purposes: Value) -> Value {
    let mut grant = json!({
        "type": "consent_given", "purposes": purposes, "notice_version": random.of(&["v1", "v1", "v2"]),
        "method": "web_form", "affirmative": true, "by": if random.one_in(5) { "parent" } else { "self" },
    });
    let mut put = |random: &mut Random, chance: usize, key: &str, value: Value| {
        if random.one_in(chance) {
            grant[key] = value;
        }
    };
    put(random, 2, "parental_verification", json!("card"));
    put(random, 4, "explicit", json!(true));
    let special = random.some(&CATEGORIES[2..6]);
    put(random, 4, "explicit_for", json!(special));
    let limits = if random.flag() { json!(CATEGORIES) } else { json!(random.some(&CATEGORIES)) };
    put(random, 5, "data_categories", limits);
    let controllers = random.some(&["A", "B"]);
    put(random, 10, "controllers", json!(controllers));
    put(random, 5, "despite_restriction", json!(true));
    let doubts = [
        ("notice_version", Value::Null),
        ("method", Value::Null),
        ("affirmative", json!(false)),
        ("by", json!("shop")),
        ("bundled_with_contract", json!(true)),
        ("value", json!("no")),
    ];
    let (key, value) = random.of(&doubts);
    put(random, 12, key, value);
    let yes = random.of(&[json!(true), json!("yes"), json!("granted")]);
    put(random, 12, "value", yes);
    grant
}

fn signal(random: &mut Random) -> Value {
    match random.below(3) {
        0 => json!({"type": "signal", "known_consumer": random.flag(), "gpc": random.below(4) > 0}),
        1 => json!({"type": "signal", "known_consumer": true, "gpp_usnat": {
            "SaleOptOut": random.below(3), "SharingOptOut": random.below(3),
            "TargetedAdvertisingOptOut": random.below(3), "Gpc": random.one_in(4),
        }}),
        _ => tcf(random),
    }
}

fn tcf(random: &mut Random) -> Value {
    let disclosed = match random.below(3) {
        0 => Value::Null,
        1 => json!([755, 7]),
        _ => json!([7]),
    };
    json!({"type": "signal", "tcf": {
        "version": 2, "created": random.of(&INSTANTS[6..]),
        "purposes_consent": if random.one_in(4) { json!([1]) } else { json!([1, 3]) },
        "vendors_consent": if random.one_in(4) { json!([7]) } else { json!([7, 755]) },
        "disclosed_vendors": disclosed,
    }})
}

/// Puts what most allowances need, and nothing that stands against them.
fn near_an_allowance(
    random: &mut Random,
    purpose: &str,
    activity: &mut Value,
    request: &mut Value,
    events: &mut Vec<Value>,
) {
    events.truncate(2);
    let early = random.of(&INSTANTS[..4]);
    let mut grant = grant(random, json!([purpose]));
    grant["at"] = json!(early);
    if random.below(4) > 0 {
        events.push(grant);
    }
    events.push(json!({
        "at": early, "type": "notice_shown", "version": "v1", "covers": [purpose], "right_to_object": true,
        "opt_out_offered": true, "sensitive_opt_out_offered": true,
    }));
    events.push(json!({"at": random.of(&INSTANTS[..16]), "type": "purchase", "product_line": "garden", "opt_out_offered": true}));
    events.push(json!({"at": early, "type": "collected", "data_categories": CATEGORIES}));
    if request.get("tcf_purpose").is_some() {
        let mut string = tcf(random);
        string["at"] = json!(random.of(&INSTANTS[..16]));
        events.push(string);
    }
    if random.below(3) > 0 {
        let object = activity.as_object_mut().unwrap();
        for key in ["retention_days", "allowed_categories", "notice_changes", "notice_current", "original_purpose"] {
            object.remove(key);
        }
    }
    if random.one_in(8) {
        // Electronic marketing to customers.
        activity["lawful_basis"] = json!("legitimate_interest");
        activity["balancing_assessment"] = json!("LIA-1");
        activity["soft_opt_in"] = json!(true);
        request["operation"] = json!("contact");
        request["product_line"] = json!("garden");
        request["opt_out_in_message"] = json!(true);
    }
    if random.below(3) > 0 {
        request["data_categories"] = json!(["email"]);
        request.as_object_mut().unwrap().remove("profile");
    }
}
