//! Cases that are allowed as they stand, so that a test states only what differs.

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value, json};

use crate::ask::{Answer, ask};

pub use Expected::{Allow, Deny};

/// A decision with its reason.
#[derive(Clone, Copy)]
pub enum Expected {
    Allow(&'static str),
    Deny(&'static str),
}

/// One case in the input format of the program `decide`, with the register it is judged under.
#[derive(Clone)]
pub struct Case {
    register: Option<Value>,
    body: Value,
}

impl Case {
    /// An adult in `jurisdiction` without any event.
    pub fn new(jurisdiction: impl Into<Value>, activity: Value, request: Value) -> Self {
        let body = json!({
            "id": "case",
            "customer": {"jurisdiction": jurisdiction.into(), "birth_date": "1990-01-31"},
            "activity": activity,
            "events": [],
            "request": {"at": "2026-06-01T12:00:00Z", "data_categories": ["email"]},
        });
        Self { register: None, body }.request(request)
    }

    /// Replaces the built-in tables.
    pub fn register(mut self, register: Value) -> Self {
        self.register = Some(register);
        self
    }

    /// Adds an event as the last to arrive. A statement without `purposes` is about the purpose of the request.
    pub fn event(mut self, mut event: Value) -> Self {
        if event["type"].as_str().unwrap().starts_with("consent_") && event.get("purposes").is_none() {
            event["purposes"] = json!([self.body["request"]["purpose"]]);
        }
        self.events().push(event);
        self
    }

    /// Adds several events in their order of arrival.
    pub fn and_events<const N: usize>(self, events: [Value; N]) -> Self {
        events.into_iter().fold(self, Self::event)
    }

    /// Removes every event.
    pub fn without_events(mut self) -> Self {
        self.events().clear();
        self
    }

    /// Changes the event that arrived last.
    pub fn amend(mut self, fields: Value) -> Self {
        merge(self.events().last_mut().unwrap(), fields);
        self
    }

    /// Removes a field of the event that arrived last.
    pub fn amend_without(mut self, field: &str) -> Self {
        self.events().last_mut().unwrap().as_object_mut().unwrap().remove(field).unwrap();
        self
    }

    pub fn customer(self, fields: Value) -> Self {
        self.change(json!({ "customer": fields }))
    }

    pub fn activity(self, fields: Value) -> Self {
        self.change(json!({ "activity": fields }))
    }

    pub fn request(self, fields: Value) -> Self {
        self.change(json!({ "request": fields }))
    }

    pub fn recipient(self, fields: Value) -> Self {
        self.request(json!({ "recipient": fields }))
    }

    /// Changes any part of the case; objects are merged, everything else is replaced.
    pub fn change(mut self, fields: Value) -> Self {
        merge(&mut self.body, fields);
        self
    }

    /// Removes the field that a JSON pointer names.
    pub fn without(mut self, pointer: &str) -> Self {
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        self.body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(field).unwrap();
        self
    }

    pub fn living_in(self, jurisdiction: impl Into<Value>) -> Self {
        self.customer(json!({ "jurisdiction": jurisdiction.into() }))
    }

    pub fn born(self, date: &str) -> Self {
        self.customer(json!({ "birth_date": date }))
    }

    pub fn operation(self, operation: &str) -> Self {
        self.request(json!({ "operation": operation }))
    }

    pub fn purpose(self, purpose: &str) -> Self {
        self.request(json!({ "purpose": purpose }))
    }

    pub fn categories<const N: usize>(self, categories: [&str; N]) -> Self {
        self.request(json!({ "data_categories": &categories[..] }))
    }

    /// The same case, asked at another time.
    pub fn at(&self, time: &str) -> Self {
        self.clone().request(json!({ "at": instant(time) }))
    }

    #[track_caller]
    pub fn allows(&self, reason: &'static str) -> Allowed {
        Allowed(self.expects(Allow(reason)))
    }

    #[track_caller]
    pub fn denies(&self, reason: &'static str) -> Answer {
        self.expects(Deny(reason))
    }

    #[track_caller]
    pub fn expects(&self, expected: Expected) -> Answer {
        let answer = ask(self.register.as_ref(), &self.body);
        let (allow, reason) = match expected {
            Allow(reason) => (true, reason),
            Deny(reason) => (false, reason),
        };
        let word = |allow| if allow { "allow" } else { "deny" };
        assert!(
            answer.allow == allow && answer.reason == reason,
            "expected {} {reason}, found {} {} for\n{}",
            word(allow),
            word(answer.allow),
            answer.reason,
            serde_json::to_string_pretty(&self.body).unwrap(),
        );
        assert!(allow || !answer.citations.is_empty(), "{reason} denies without naming the law");
        answer
    }

    /// The answer changes at `time`: `before` one microsecond earlier, `after` at it and one microsecond later.
    #[track_caller]
    pub fn turns(&self, time: &str, before: Expected, after: Expected) {
        self.at(&earlier(time)).expects(before);
        self.at(time).expects(after);
        self.at(&later(time)).expects(after);
    }

    fn events(&mut self) -> &mut Vec<Value> {
        self.body["events"].as_array_mut().unwrap()
    }
}

/// An allowed answer, for a look at its obligations.
pub struct Allowed(Answer);

impl Allowed {
    /// Exactly these obligations come with the answer.
    #[track_caller]
    pub fn obliges<const N: usize>(self, obligations: [&str; N]) {
        assert_eq!(self.0.obligations, BTreeSet::from(obligations.map(str::to_owned)));
    }

    /// The law whose reason stands.
    pub fn named(self) -> Option<String> {
        self.0.jurisdiction
    }
}

/// Events that differ in a field or two from the usual one.
pub trait With {
    fn with(self, fields: Value) -> Self;
}

impl With for Value {
    fn with(mut self, fields: Value) -> Self {
        merge(&mut self, fields);
        self
    }
}

/// A full time; a date stands for its midnight.
pub fn instant(time: &str) -> String {
    if time.len() == "2026-03-01".len() { format!("{time}T00:00:00Z") } else { time.to_owned() }
}

/// One microsecond earlier.
pub fn earlier(time: &str) -> String {
    (instant(time).parse::<Timestamp>().unwrap() - 1.microsecond()).to_string()
}

/// One microsecond later.
pub fn later(time: &str) -> String {
    (instant(time).parse::<Timestamp>().unwrap() + 1.microsecond()).to_string()
}

fn merge(into: &mut Value, fields: Value) {
    match (into, fields) {
        (Value::Object(into), Value::Object(fields)) => {
            for (key, value) in fields {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, value) => *into = value,
    }
}

// ---- cases ----

/// Spain: the newsletter is sent on consent.
pub fn newsletter() -> Case {
    let request = json!({"operation": "contact", "purpose": "newsletter", "channel": "email"});
    Case::new("ES", json!({"lawful_basis": "consent"}), request).event(given("2026-01-10T10:00:00Z"))
}

/// Spain: health data are used for research on explicit consent.
pub fn health_research() -> Case {
    let request = json!({"operation": "use", "purpose": "product_research", "data_categories": ["health"]});
    let grant = given("2026-01-10T10:00:00Z").with(json!({"explicit": true, "data_categories": ["health"]}));
    Case::new("ES", json!({"lawful_basis": "consent"}), request).event(grant)
}

/// Spain: the address is used to deliver what was ordered.
pub fn delivery() -> Case {
    let request = json!({"operation": "use", "purpose": "service_delivery", "data_categories": ["address"]});
    Case::new("ES", json!({"lawful_basis": "contract"}), request)
}

/// Spain: research on legitimate interest, with a notice that names the right to object.
pub fn interest() -> Case {
    interest_in("product_research")
}

/// Spain: `purpose` on legitimate interest, with a notice that names the right to object.
pub fn interest_in(purpose: &str) -> Case {
    let request = json!({"operation": "use", "purpose": purpose, "data_categories": ["purchase_history"]});
    let activity = json!({"lawful_basis": "legitimate_interest", "balancing_assessment": "LIA-1"});
    Case::new("ES", activity, request).event(notice("2026-01-05", [purpose]))
}

/// Spain: own similar products are advertised by e-mail to someone who bought, without consent.
pub fn soft_opt_in() -> Case {
    interest_in("email_marketing")
        .operation("contact")
        .activity(json!({"soft_opt_in": true}))
        .request(json!({"channel": "email", "product_line": "garden", "opt_out_in_message": true}))
        .event(purchase("2026-01-08"))
}

/// Spain: a paper kept because a law says so, for the defence of legal claims.
pub fn legal_claim(operation: &str) -> Case {
    let request = json!({"operation": operation, "purpose": "legal_claims", "data_categories": ["invoices"]});
    Case::new("ES", json!({"lawful_basis": "legal_obligation", "law_ref": "Código de Comercio 30"}), request)
}

/// Spain: data collected for delivery are used for research, with an assessment of compatibility.
pub fn further_use() -> Case {
    let activity = json!({
        "original_purpose": "service_delivery",
        "original_basis": "contract",
        "compatibility_assessment": {
            "ref": "CA-7",
            "outcome": "compatible",
            "factors": ["link", "context", "nature", "consequences", "safeguards"],
            "safeguards": ["pseudonymisation"],
        },
    });
    delivery()
        .purpose("product_research")
        .activity(activity)
        .request(json!({"pseudonymised": true}))
        .event(notice("2026-01-05", ["product_research"]))
}

/// Spain: the address is handed to the parcel service, a processor.
pub fn parcel_service() -> Case {
    let recipient = json!({
        "id": "parcels",
        "role": "processor",
        "agreement": {
            "kind": "art28",
            "valid_from": "2026-01-01T00:00:00Z",
            "valid_to": "2027-01-01T00:00:00Z",
            "purposes": ["service_delivery"],
            "data_categories": ["address", "name"],
        },
        "due_diligence": {
            "assessed_at": "2026-02-01T00:00:00Z",
            "valid_to": "2026-12-01T00:00:00Z",
            "outcome": "sufficient_guarantees",
        },
    });
    delivery().operation("disclose").recipient(recipient)
}

/// `jurisdiction`: a loan is decided by machine alone, as the contract needs it, with the safeguards of Art. 22(3).
pub fn loan_decision(jurisdiction: &str) -> Case {
    let activity = json!({
        "lawful_basis": "contract",
        "adm_necessary_for_contract": true,
        "adm_safeguards": ["human_intervention", "express_view", "contest"],
    });
    let request =
        json!({"operation": "automated_decision", "purpose": "credit_decision", "data_categories": ["income"]});
    Case::new(jurisdiction, activity, request)
}

/// A US state: purchases are segmented for the controller's own marketing.
pub fn segmentation(state: &str) -> Case {
    let activity =
        json!({"lawful_basis": null, "regime": "opt_out", "notice_at_collection": ["segmentation_marketing"]});
    let request = json!({
        "operation": "segment", "purpose": "segmentation_marketing", "data_categories": ["purchase_history"],
    });
    Case::new(state, activity, request)
}

/// A US state: religion is segmented without any consent.
pub fn religion(state: &str) -> Case {
    segmentation(state).categories(["religion"])
}

/// The explicit grant that a US state asks for sensitive data.
pub fn given_for_religion(at: &str) -> Value {
    given(at).with(json!({"explicit": true, "data_categories": ["religion"]}))
}

/// A US state: purchases are sold.
pub fn sale(state: &str) -> Case {
    transfer(state, "sell", "data_sale")
}

/// A US state: browsing is shared for targeted advertising.
pub fn ads(state: &str) -> Case {
    transfer(state, "share", "third_party_advertising")
}

fn transfer(state: &str, operation: &str, purpose: &str) -> Case {
    let activity = json!({"lawful_basis": null, "regime": "opt_out", "notice_at_collection": [purpose]});
    let request = json!({
        "operation": operation, "purpose": purpose, "data_categories": ["browsing_history"],
        "recipient": {"id": "partner", "role": "third_party", "contract": true},
    });
    Case::new(state, activity, request)
}

/// Canada: purchases are used on implied consent after a notice that offered to opt out.
pub fn implied_consent() -> Case {
    let request = json!({"operation": "use", "purpose": "product_research", "data_categories": ["purchase_history"]});
    Case::new("CA", json!({"lawful_basis": "implied_consent"}), request)
        .event(notice("2026-01-05", ["product_research"]).with(json!({"opt_out_offered": true})))
}

/// Canada: the newsletter goes to someone who bought.
pub fn newsletter_after_purchase() -> Case {
    let request = json!({"operation": "contact", "purpose": "newsletter", "channel": "email"});
    Case::new("CA", json!({"lawful_basis": "implied_consent", "casl": true}), request).event(purchase("2026-01-08"))
}

/// Spain: an advertising vendor gets the browsing history on a TCF string.
pub fn tcf_share() -> Case {
    let request = json!({
        "operation": "share", "purpose": "third_party_advertising", "data_categories": ["browsing_history"],
        "tcf_purpose": 3,
        "recipient": {"id": "dsp", "role": "third_party", "tcf_vendor": 755, "agreement": {"kind": "tcf"}},
    });
    Case::new("ES", json!({"lawful_basis": "consent"}), request).event(tcf("2026-03-10"))
}

// ---- events ----

fn event(kind: &str, at: &str, fields: Value) -> Value {
    let mut event = json!({"at": instant(at), "type": kind});
    merge(&mut event, fields);
    event
}

fn nothing_more() -> Value {
    Value::Object(Map::new())
}

pub fn given(at: &str) -> Value {
    let proof = json!({"notice_version": "v3", "method": "web_form", "affirmative": true, "by": "self"});
    event("consent_given", at, proof)
}

/// What proves that a parent is one.
pub fn parental_verification() -> Value {
    json!("signed_form")
}

pub fn given_by_parent(at: &str) -> Value {
    given(at).with(json!({"by": "parent", "parental_verification": parental_verification()}))
}

pub fn refused(at: &str) -> Value {
    event("consent_refused", at, nothing_more())
}

pub fn withdrawn(at: &str) -> Value {
    event("consent_withdrawn", at, nothing_more())
}

pub fn invalidated(at: &str) -> Value {
    event("consent_invalidated", at, nothing_more())
}

pub fn requested(at: &str) -> Value {
    event("consent_requested", at, nothing_more())
}

pub fn confirmed(at: &str) -> Value {
    event("consent_confirmed", at, nothing_more())
}

/// A notice that names the right to object.
pub fn notice<const N: usize>(at: &str, covers: [&str; N]) -> Value {
    event("notice_shown", at, json!({"version": "v3", "covers": &covers[..], "right_to_object": true}))
}

pub fn objection(at: &str, scope: &str) -> Value {
    event("objection", at, json!({ "scope": scope }))
}

/// A rejection that shows compelling grounds.
pub fn objection_rejected(at: &str, scope: &str) -> Value {
    event("objection_rejected", at, json!({"scope": scope, "compelling_grounds": true}))
}

pub fn restricted(at: &str) -> Value {
    event("restriction_set", at, json!({"ground": "accuracy"}))
}

/// A lifting of which the person was told before.
pub fn lifted(at: &str) -> Value {
    event("restriction_lifted", at, json!({"informed": true}))
}

pub fn erasure_requested(at: &str) -> Value {
    event("erasure_requested", at, nothing_more())
}

pub fn erasure_completed(at: &str) -> Value {
    event("erasure_completed", at, nothing_more())
}

pub fn imported(at: &str) -> Value {
    event("imported", at, json!({"source": "crm"}))
}

pub fn collected<const N: usize>(at: &str, categories: [&str; N]) -> Value {
    event("collected", at, json!({ "data_categories": &categories[..] }))
}

pub fn rectified<const N: usize>(at: &str, categories: [&str; N]) -> Value {
    event("rectified", at, json!({ "data_categories": &categories[..] }))
}

pub fn opt_out(at: &str, right: &str) -> Value {
    event("opt_out", at, json!({"right": right, "via": "request"}))
}

/// A two-step opt-in of the person's own.
pub fn opt_in(at: &str, right: &str) -> Value {
    event("opt_in", at, json!({"right": right, "two_step": true, "by": "self"}))
}

pub fn opt_in_by_parent(at: &str, right: &str) -> Value {
    opt_in(at, right).with(json!({"by": "parent", "parental_verification": parental_verification()}))
}

pub fn gpc(at: &str) -> Value {
    event("signal", at, json!({"gpc": true}))
}

/// A GPP string in which `field` says `value` and all other fields say "did not opt out".
pub fn gpp(at: &str, field: &str, value: impl Into<Value>) -> Value {
    let mut fields = json!({"SaleOptOut": 2, "SharingOptOut": 2, "TargetedAdvertisingOptOut": 2, "Gpc": false});
    fields[field] = value.into();
    event("signal", at, json!({ "gpp_usnat": fields }))
}

/// A TCF string made at `at` that grants purpose 3 to vendor 755 and discloses it.
pub fn tcf(at: &str) -> Value {
    let string = json!({
        "created": instant(at), "purposes_consent": [1, 3], "vendors_consent": [755], "disclosed_vendors": [755],
    });
    event("signal", at, json!({ "tcf": string }))
}

pub fn purchase(at: &str) -> Value {
    event("purchase", at, json!({"product_line": "garden", "opt_out_offered": true}))
}

pub fn activity(at: &str) -> Value {
    event("activity", at, json!({"detail": "store visit"}))
}

pub fn merged<const N: usize>(at: &str, profiles: [&str; N]) -> Value {
    event("identities_merged", at, json!({ "profiles": &profiles[..] }))
}

pub fn split<const N: usize>(at: &str, profiles: [&str; N]) -> Value {
    event("identities_split", at, json!({ "profiles": &profiles[..] }))
}
