//! What importers of other systems' consent promise.

use consentric::consent::{
    ConsentError, ConsentStatus, CsvColumns, Event, EventKind, Import, ImportProblem, Importer, JsonProblem, Ledger,
    ObjectionScope, Purpose, Question, Reason, Register, decide,
};
use consentric::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "anna.secret@example.org";
const PROOF: &str = r#""notice_version":"v3","method":"web_form","at":"2026-01-10T10:00:00Z""#;

fn purpose(id: &str) -> Purpose {
    Purpose::parse(id).unwrap()
}

fn instant(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn now() -> Timestamp {
    instant("2026-06-01T00:00:00Z")
}

fn importer() -> Importer {
    Importer::new("crm.jsonl", now()).unwrap()
}

/// An importer of a source whose names are not ids of purposes.
fn translating() -> Importer {
    importer().with_purpose("News!", &purpose("newsletter")).with_purpose("Ads!", &purpose("pricing"))
}

fn ledger(import: Import) -> Ledger {
    let mut ledger = Ledger::new();
    import.append_to(&mut ledger).unwrap();
    ledger
}

fn status(ledger: &Ledger, customer: &str, id: &str) -> &'static str {
    ConsentStatus::of(ledger, Register::of_consent(), customer, &purpose(id), now()).as_str()
}

fn reason(ledger: &Ledger, customer: &str, id: &str) -> Reason {
    decide(ledger, Register::of_consent(), &Question::segment(&purpose(id)).about(customer, now())).reason()
}

/// Where an import stopped, and why.
fn stop(result: Result<Import, ConsentError>) -> (u64, Option<String>, ImportProblem) {
    match result {
        Err(ConsentError::Import { line, key, problem, .. }) => (line, key.map(String::from), problem),
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("no error"),
    }
}

fn at_key(line: u64, key: &str, problem: ImportProblem) -> (u64, Option<String>, ImportProblem) {
    (line, Some(key.to_owned()), problem)
}

fn lines(values: &[Value]) -> Vec<u8> {
    values.iter().map(|value| format!("{value}\n")).collect::<String>().into_bytes()
}

// Every source.

#[test]
fn provenance_is_kept_for_every_customer_once() {
    let text = format!(
        "{}\n{}\n{}\n",
        format_args!(r#"{{"customer_id":"7","newsletter":"granted",{PROOF}}}"#),
        format_args!(r#"{{"customer_id":7,"pricing":"refused",{PROOF}}}"#),
        r#"{"customer_id":"8","newsletter":null}"#,
    );
    let import = importer().read_json(text.as_bytes()).unwrap();
    let is_imported = |event: &Event| match event.kind() {
        EventKind::Imported { source } => source.as_deref() == Some("crm.jsonl") && event.at() == now(),
        _ => false,
    };
    let sources: Vec<_> =
        import.iter().filter(|item| is_imported(item.event())).map(|item| item.customer().to_owned()).collect();
    assert_eq!(sources, ["7", "8"]);
    assert!(import.iter().all(|item| item.event().recorded_at() == now()));
    assert_eq!(import.n_events(), 4);
}

#[test]
fn never_asked_is_told_from_refused() {
    let text = format!(r#"{{"customer_id":"7","newsletter":null,"pricing":"refused",{PROOF}}}"#);
    let ledger = ledger(importer().read_json(text.as_bytes()).unwrap());
    assert_eq!(
        (status(&ledger, "7", "newsletter"), status(&ledger, "7", "pricing")),
        ("ConsentUnknown", "ConsentRefused")
    );
    assert_eq!(reason(&ledger, "7", "newsletter"), Reason::NoConsent);
    assert_eq!(reason(&ledger, "7", "pricing"), Reason::ConsentRefused);
}

#[test]
fn a_yes_counts_only_with_notice_and_method() {
    let decided = |proof: &str| {
        let text = format!(r#"{{"customer_id":"7","newsletter":"granted","at":"2026-01-10T10:00:00Z"{proof}}}"#);
        reason(&ledger(importer().read_json(text.as_bytes()).unwrap()), "7", "newsletter")
    };
    assert_eq!(decided(r#","notice_version":"v3","method":"web_form""#), Reason::Consent);
    for proof in ["", r#","method":"web_form""#, r#","notice_version":"v3""#, r#","notice_version":" ","method":"x""#] {
        assert_eq!(decided(proof), Reason::ConsentInvalid, "{proof}");
    }
}

#[test]
fn an_unknown_status_denies_and_is_no_refusal() {
    let text = format!(r#"{{"customer_id":"7","newsletter":"purple",{PROOF}}}"#);
    let ledger = ledger(importer().read_json(text.as_bytes()).unwrap());
    assert_eq!(reason(&ledger, "7", "newsletter"), Reason::ConsentInvalid);
    assert_eq!(status(&ledger, "7", "newsletter"), "ConsentUnknown");
}

#[test]
fn an_unknown_status_beats_an_older_yes() {
    let mut ledger = Ledger::new();
    let given = Event::given(instant("2026-01-01T00:00:00Z"), &purpose("newsletter"), "v3", "web_form");
    ledger.append("7", given).unwrap();
    let text = format!(r#"{{"customer_id":"7","newsletter":"purple",{PROOF}}}"#);
    importer().read_json(text.as_bytes()).unwrap().append_to(&mut ledger).unwrap();
    assert_eq!(reason(&ledger, "7", "newsletter"), Reason::ConsentInvalid);
}

#[test]
fn a_bad_line_imports_nothing_at_all() {
    let text = format!(
        "{}\n{}",
        format_args!(r#"{{"customer_id":"7","newsletter":"granted",{PROOF}}}"#),
        r#"{"customer_id":"8","newsletter":"refused","at":"yesterday"}"#
    );
    assert_eq!(stop(importer().read_json(text.as_bytes())), at_key(2, "at", ImportProblem::Time));
}

#[test]
fn a_statement_from_after_the_import_stops_it() {
    let text = r#"{"customer_id":"7","newsletter":"refused","at":"2026-06-01T00:00:00.000001Z"}"#;
    assert_eq!(stop(importer().read_json(text.as_bytes())), at_key(1, "at", ImportProblem::LaterThanImport));
    let text = r#"{"customer_id":"7","newsletter":"refused","at":"2026-06-01T00:00:00Z"}"#;
    assert!(importer().read_json(text.as_bytes()).is_ok());
}

#[test]
fn a_second_import_of_one_source_changes_no_decision() {
    let text = format!(r#"{{"customer_id":"7","newsletter":"granted",{PROOF}}}"#);
    let mut ledger = ledger(importer().read_json(text.as_bytes()).unwrap());
    importer().read_json(text.as_bytes()).unwrap().append_to(&mut ledger).unwrap();
    assert_eq!(reason(&ledger, "7", "newsletter"), Reason::Consent);
}

#[test]
fn a_no_outlives_erasure_and_reimport() {
    let mut ledger = Ledger::new();
    ledger.append("7", Event::withdrawn(instant("2026-02-01T00:00:00Z"), &purpose("newsletter"))).unwrap();
    ledger.append("7", Event::new(instant("2026-03-01T00:00:00Z"), EventKind::ErasureCompleted)).unwrap();
    let text = format!(r#"{{"customer_id":"7","newsletter":"granted",{PROOF}}}"#);
    importer().read_json(text.as_bytes()).unwrap().append_to(&mut ledger).unwrap();
    assert_eq!(reason(&ledger, "7", "newsletter"), Reason::ConsentWithdrawn);
}

#[test]
fn an_import_needs_a_name() {
    assert!(matches!(Importer::new(" ", now()), Err(ConsentError::ImportSource { limit: 256 })));
    assert!(Importer::new(&"x".repeat(257), now()).is_err());
}

#[test]
fn errors_name_the_place_and_never_a_value() {
    let texts = [
        format!(r#"{{"customer_id":"7","newsletter":"refused","at":"{SECRET}"}}"#),
        format!(r#"{{"customer_id":"7","{SECRET}":"refused",{PROOF}}}"#),
        format!(r#"{{"customer_id":["{SECRET}"],"newsletter":"refused",{PROOF}}}"#),
        format!(r#"{{"customer_id":"7","newsletter":["{SECRET}"],{PROOF}}}"#),
        format!(
            r#"{{"customer_id":"7","newsletter":"refused","method":{{"a":"{SECRET}"}},"at":"2026-01-10T10:00:00Z"}}"#
        ),
        format!(r#"{{"customer_id":"{SECRET}","newsletter":"#),
        format!(r#"{{"{SECRET}":1,"{SECRET}":2}}"#),
        format!(r#"["{SECRET}"]"#),
        format!(r#""{SECRET}""#),
    ];
    for text in texts {
        let error = importer().read_json(text.as_bytes()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        assert!(error.to_string().starts_with("crm.jsonl line 1"), "{error}");
    }
}

#[test]
fn debug_shows_no_customer() {
    let text = format!(r#"{{"customer_id":"{SECRET}","newsletter":"refused",{PROOF}}}"#);
    let import = importer().read_json(text.as_bytes()).unwrap();
    let items: Vec<_> = import.clone().into_iter().collect();
    assert!(!format!("{import:?} {items:?}").contains("secret"));
}

// The plain form.

#[test]
fn plain_words_have_their_meaning() {
    for (word, expected) in [
        (json!("granted"), "ConsentGiven"),
        (json!("Opt-In"), "ConsentGiven"),
        (json!(true), "ConsentGiven"),
        (json!("ConsentGiven"), "ConsentGiven"),
        (json!("denied"), "ConsentRefused"),
        (json!(false), "ConsentRefused"),
        (json!("opt out"), "ConsentWithdrawn"),
        (json!("unsubscribed"), "ConsentWithdrawn"),
        (json!("pending"), "ConsentRequested"),
        (json!("expired"), "ConsentInvalidated"),
        (json!("never_asked"), "ConsentUnknown"),
        (json!(""), "ConsentUnknown"),
        (json!("unknown"), "ConsentUnknown"),
    ] {
        let text = format!(r#"{{"customer_id":"7","newsletter":{word},{PROOF}}}"#);
        let ledger = ledger(importer().read_json(text.as_bytes()).unwrap());
        assert_eq!(status(&ledger, "7", "newsletter"), expected, "{word}");
    }
}

#[test]
fn a_purpose_may_have_an_object_or_a_line_of_its_own() {
    let own = r#"{"customer_id":"7","at":"2026-01-01T00:00:00Z","newsletter":{"status":"granted","at":"2026-01-10T10:00:00Z","notice_version":"v3","method":"web_form"},"pricing":"granted"}"#;
    let imported = ledger(importer().read_json(own.as_bytes()).unwrap());
    assert_eq!(reason(&imported, "7", "newsletter"), Reason::Consent);
    assert_eq!(reason(&imported, "7", "pricing"), Reason::ConsentInvalid);
    let line = format!(r#"{{"customer_id":"7","purpose":"newsletter","status":"granted",{PROOF}}}"#);
    assert_eq!(reason(&ledger(importer().read_json(line.as_bytes()).unwrap()), "7", "newsletter"), Reason::Consent);
}

#[test]
fn names_of_the_source_are_translated_ignored_or_refused() {
    let text = format!(r#"{{"customer_id":"7","News!":"refused","Old!":"refused",{PROOF}}}"#);
    let unknown = at_key(1, "purpose", ImportProblem::UnknownPurpose);
    assert_eq!(stop(translating().read_json(text.as_bytes())), unknown);
    let ledger = ledger(translating().ignoring("Old!").read_json(text.as_bytes()).unwrap());
    assert_eq!(status(&ledger, "7", "newsletter"), "ConsentRefused");
}

#[test]
fn a_status_without_a_time_stops_the_import() {
    let text = r#"{"customer_id":"7","newsletter":"refused"}"#;
    assert_eq!(stop(importer().read_json(text.as_bytes())), at_key(1, "at", ImportProblem::Missing));
}

#[test]
fn a_key_that_appears_twice_stops_the_import() {
    let text = format!(r#"{{"customer_id":"7","newsletter":"refused","newsletter":"granted",{PROOF}}}"#);
    let error = importer().read_json(text.as_bytes()).unwrap_err();
    assert!(matches!(error, ConsentError::Json { line: 1, problem: JsonProblem::DuplicateKey, .. }), "{error}");
}

#[test]
fn hostile_json_is_an_error_at_its_line() {
    let read = |text: &[u8]| importer().read_json(text);
    assert!(matches!(read(b""), Err(ConsentError::NoLines { .. })));
    assert!(matches!(read(b" \n\n"), Err(ConsentError::NoLines { .. })));
    assert_eq!(stop(read(b"\n{\"customer_id\":\"\xff\"}")), (2, None, ImportProblem::NotUtf8));
    assert!(matches!(read(b"[1]"), Err(ConsentError::Json { problem: JsonProblem::WrongType, .. })));
    assert!(matches!(read(b"{"), Err(ConsentError::Json { problem: JsonProblem::Incomplete, .. })));
    assert!(matches!(read(b"{,}"), Err(ConsentError::Json { problem: JsonProblem::Syntax, column: 2, .. })));
    let deep = format!("{{\"customer_id\":{}", "[".repeat(100_000));
    assert!(matches!(read(deep.as_bytes()), Err(ConsentError::Json { .. })));
    assert_eq!(stop(read(b"{}")), at_key(1, "customer_id", ImportProblem::Missing));
    assert_eq!(stop(read(br#"{"customer_id":" "}"#)), at_key(1, "customer_id", ImportProblem::EmptyCustomer));
    assert_eq!(stop(read(br#"{"customer_id":null}"#)), at_key(1, "customer_id", ImportProblem::EmptyCustomer));
    assert_eq!(stop(read(br#"{"customer_id":1.5}"#)), at_key(1, "customer_id", ImportProblem::WrongType));
    let typed = format!(r#"{{"customer_id":"7","newsletter":1,{PROOF}}}"#);
    assert_eq!(stop(read(typed.as_bytes())), at_key(1, "newsletter", ImportProblem::WrongType));
    let long = format!(r#"{{"customer_id":"{}"}}"#, "x".repeat(257));
    assert_eq!(stop(read(long.as_bytes())), at_key(1, "customer_id", ImportProblem::TooLong { limit: 256 }));
    let many = (0..2000).map(|n| format!(r#""p{n}":null"#)).collect::<Vec<_>>().join(",");
    let many = format!(r#"{{"customer_id":"7",{many}}}"#);
    assert_eq!(stop(read(many.as_bytes())), (1, None, ImportProblem::TooMany { limit: 1024 }));
    assert!(matches!(read(&vec![b' '; (1 << 20) + 1]), Err(ConsentError::LineTooLong { line: 1, .. })));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_line() {
    let text = format!("\u{feff}{{\"customer_id\":\"7\",\"newsletter\":\"refused\",{PROOF}}}");
    assert!(importer().read_json(text.as_bytes()).is_ok());
}

// Salesforce.

fn salesforce(more: Value) -> Value {
    let mut line = json!({
        "attributes": {"type": "ContactPointTypeConsent"},
        "PartyId": "0PK1",
        "DataUsePurpose": {"Name": "News!"},
        "PrivacyConsentStatus": "OptIn",
        "CaptureDate": "2026-01-10T10:00:00.000+0000",
        "CaptureSource": "Web form",
        "Notice__c": "v3",
    });
    for (key, value) in more.as_object().unwrap() {
        line[key] = value.clone();
    }
    line
}

fn of_salesforce(values: &[Value]) -> Result<Import, ConsentError> {
    translating().with_notice_key("Notice__c").read_salesforce(&lines(values)[..])
}

#[test]
fn salesforce_statuses_have_their_meaning() {
    for (word, expected) in [
        ("OptIn", "ConsentGiven"),
        ("OptOut", "ConsentWithdrawn"),
        ("Seen", "ConsentRequested"),
        ("NotSeen", "ConsentUnknown"),
        ("Perhaps", "ConsentUnknown"),
    ] {
        let import = of_salesforce(&[salesforce(json!({"PrivacyConsentStatus": word}))]).unwrap();
        assert_eq!(import.n_events(), if word == "NotSeen" { 1 } else { 2 }, "{word}");
        assert_eq!(status(&ledger(import), "0PK1", "newsletter"), expected, "{word}");
    }
}

#[test]
fn salesforce_without_its_notice_or_source_proves_nothing() {
    let decided = |more| reason(&ledger(of_salesforce(&[salesforce(more)]).unwrap()), "0PK1", "newsletter");
    assert_eq!(decided(json!({})), Reason::Consent);
    assert_eq!(decided(json!({"Notice__c": null})), Reason::ConsentInvalid);
    assert_eq!(decided(json!({"CaptureSource": ""})), Reason::ConsentInvalid);
}

#[test]
fn salesforce_effective_dates_bound_a_yes_and_never_a_no() {
    let at = |more, instant: &str| {
        let ledger = ledger(of_salesforce(&[salesforce(more)]).unwrap());
        let at = Timestamp::parse(instant).unwrap();
        ConsentStatus::of(&ledger, Register::of_consent(), "0PK1", &purpose("newsletter"), at).as_str()
    };
    let bounds = || json!({"EffectiveFrom": "2026-02-01T00:00:00Z", "EffectiveTo": "2026-03-01T00:00:00Z"});
    assert_eq!(at(bounds(), "2026-01-31T23:59:59Z"), "ConsentUnknown");
    assert_eq!(at(bounds(), "2026-02-28T23:59:59Z"), "ConsentGiven");
    assert_eq!(at(bounds(), "2026-03-01T00:00:00Z"), "ConsentInvalidated");
    let mut no = bounds();
    no["PrivacyConsentStatus"] = json!("OptOut");
    assert_eq!(at(no.clone(), "2026-01-11T00:00:00Z"), "ConsentWithdrawn");
    assert_eq!(at(no, "2026-04-01T00:00:00Z"), "ConsentWithdrawn");
}

#[test]
fn salesforce_double_opt_in_is_a_confirmation() {
    let import = of_salesforce(&[salesforce(json!({"DoubleConsentCaptureDate": "2026-01-11T00:00:00Z"}))]).unwrap();
    assert!(import.iter().any(|item| matches!(item.event().kind(), EventKind::ConsentConfirmed(_))));
}

#[test]
fn salesforce_purposes_go_by_id_or_name_and_an_unknown_one_stops() {
    let by_id = salesforce(json!({"DataUsePurpose": null, "DataUsePurposeId": "News!"}));
    assert!(of_salesforce(&[by_id]).is_ok());
    let unknown = salesforce(json!({"DataUsePurpose": {"Name": "Something else"}}));
    assert_eq!(stop(of_salesforce(&[unknown])), at_key(1, "DataUsePurpose", ImportProblem::UnknownPurpose));
    let none = salesforce(json!({"DataUsePurpose": null}));
    assert_eq!(stop(of_salesforce(&[none])), at_key(1, "DataUsePurpose", ImportProblem::Missing));
}

#[test]
fn salesforce_lines_that_cannot_be_read_stop_the_import() {
    let stopped = |more| stop(of_salesforce(&[salesforce(json!({})), salesforce(more)]));
    assert_eq!(stopped(json!({"CaptureDate": null})), at_key(2, "CaptureDate", ImportProblem::Missing));
    assert_eq!(stopped(json!({"CaptureDate": "soon"})), at_key(2, "CaptureDate", ImportProblem::Time));
    assert_eq!(
        stopped(json!({"CaptureDate": "2027-01-01T00:00:00Z"})),
        at_key(2, "CaptureDate", ImportProblem::LaterThanImport)
    );
    assert_eq!(
        stopped(json!({"PrivacyConsentStatus": null})),
        at_key(2, "PrivacyConsentStatus", ImportProblem::Missing)
    );
    assert_eq!(
        stopped(json!({"PrivacyConsentStatus": true})),
        at_key(2, "PrivacyConsentStatus", ImportProblem::WrongType)
    );
    assert_eq!(stopped(json!({"PartyId": ""})), at_key(2, "PartyId", ImportProblem::EmptyCustomer));
}

#[test]
fn flags_of_a_salesforce_individual_are_objections_and_never_consent() {
    let line = |solicit: bool, forget: bool| {
        json!({
            "attributes": {"type": "Individual"}, "Id": "0PK1", "LastModifiedDate": "2026-02-01T00:00:00Z",
            "HasOptedOutSolicit": solicit, "HasOptedOutProfiling": false, "ShouldForget": forget,
        })
    };
    assert_eq!(of_salesforce(&[line(false, false)]).unwrap().n_events(), 1);
    let import = of_salesforce(&[line(true, true)]).unwrap();
    let kinds: Vec<_> = import.iter().map(|item| item.event().kind().clone()).collect();
    assert!(kinds.contains(&EventKind::Objection { scope: ObjectionScope::DirectMarketing }));
    assert!(kinds.contains(&EventKind::ErasureRequested));
}

// HubSpot.

fn hubspot(more: Value) -> Value {
    let mut entry = json!({
        "id": "111", "name": "News!", "status": "SUBSCRIBED", "sourceOfStatus": "SUBSCRIPTION_STATUS",
        "legalBasis": "CONSENT_WITH_NOTICE", "legalBasisExplanation": "ticked the box in the shop",
        "timestamp": "2026-01-10T10:00:00Z", "notice_version": "v3",
    });
    for (key, value) in more.as_object().unwrap() {
        entry[key] = value.clone();
    }
    entry
}

fn of_hubspot(entries: &[Value]) -> Result<Import, ConsentError> {
    let line = json!({"recipient": SECRET, "subscriptionStatuses": entries});
    translating().read_hubspot(&lines(&[line])[..])
}

#[test]
fn hubspot_statuses_have_their_meaning() {
    let of = |more| status(&ledger(of_hubspot(&[hubspot(more)]).unwrap()), SECRET, "newsletter");
    assert_eq!(of(json!({})), "ConsentGiven");
    assert_eq!(of(json!({"status": "UNSUBSCRIBED"})), "ConsentWithdrawn");
    assert_eq!(of(json!({"status": "NOT_SPECIFIED"})), "ConsentUnknown");
    assert_eq!(of(json!({"status": "NOT_SUBSCRIBED"})), "ConsentWithdrawn");
    let nothing_decided = json!({"status": "NOT_SUBSCRIBED", "legalBasis": null, "legalBasisExplanation": null});
    assert_eq!(of(nothing_decided.clone()), "ConsentRefused");
    let mut wide = nothing_decided;
    wide["sourceOfStatus"] = json!("PORTAL_WIDE_STATUS");
    assert_eq!(of(wide), "ConsentWithdrawn");
    assert_eq!(of(json!({"status": "PAUSED"})), "ConsentUnknown");
}

#[test]
fn a_hubspot_subscription_is_a_consent_only_with_its_proof() {
    let of = |more| reason(&ledger(of_hubspot(&[hubspot(more)]).unwrap()), SECRET, "newsletter");
    assert_eq!(of(json!({})), Reason::Consent);
    for more in [
        json!({"legalBasis": null}),
        json!({"legalBasis": "LEGITIMATE_INTEREST_CLIENT"}),
        json!({"legalBasisExplanation": " "}),
        json!({"notice_version": null}),
        json!({"timestamp": null}),
    ] {
        assert_eq!(of(more.clone()), Reason::ConsentInvalid, "{more}");
    }
}

#[test]
fn the_explanation_of_a_hubspot_basis_is_not_kept() {
    let import = of_hubspot(&[hubspot(json!({"legalBasisExplanation": "told us by phone, Anna Secret"}))]).unwrap();
    let events: Vec<_> = import.iter().map(|item| serde_json::to_string(item.event()).unwrap()).collect();
    assert!(!events.concat().contains("Secret"));
}

#[test]
fn a_hubspot_basis_that_is_no_consent_claims_no_method() {
    let import = of_hubspot(&[hubspot(json!({"legalBasis": "LEGITIMATE_INTEREST_CLIENT"}))]).unwrap();
    let methods: Vec<_> = import
        .iter()
        .filter_map(|item| match item.event().kind() {
            EventKind::ConsentGiven(grant) => Some(grant.method().is_some()),
            _ => None,
        })
        .collect();
    assert_eq!(methods, [false]);
}

#[test]
fn a_hubspot_no_without_a_time_holds_from_the_import_on() {
    let import = of_hubspot(&[hubspot(json!({"status": "UNSUBSCRIBED", "timestamp": null}))]).unwrap();
    assert!(import.iter().all(|item| item.event().at() == now()));
}

#[test]
fn hubspot_results_of_version_4_name_their_customer_each() {
    let of = |id: &str, status: &str| {
        json!({
            "channel": "EMAIL", "subscriberIdString": id, "subscriptionId": 222, "subscriptionName": "Anything",
            "status": status, "timestamp": "2026-01-10T10:00:00Z",
        })
    };
    let line = json!({"status": "COMPLETE", "results": [of("a@x.example", "UNSUBSCRIBED"), of("b@x.example", "NOT_SPECIFIED")]});
    let importer = importer().with_purpose("222", &purpose("newsletter"));
    let ledger = ledger(importer.read_hubspot(&lines(&[line])[..]).unwrap());
    assert_eq!(status(&ledger, "a@x.example", "newsletter"), "ConsentWithdrawn");
    assert_eq!(reason(&ledger, "b@x.example", "newsletter"), Reason::NoConsent);
}

#[test]
fn hubspot_lines_that_cannot_be_read_stop_the_import() {
    let stopped = |more| stop(of_hubspot(&[hubspot(more)]));
    assert_eq!(stopped(json!({"status": null})), at_key(1, "status", ImportProblem::Missing));
    assert_eq!(stopped(json!({"timestamp": "0"})), at_key(1, "timestamp", ImportProblem::Time));
    assert_eq!(stopped(json!({"name": "Else", "id": null})), at_key(1, "name", ImportProblem::UnknownPurpose));
    assert_eq!(stop(of_hubspot(&[json!(1)])), at_key(1, "subscriptionStatuses", ImportProblem::WrongType));
}

// Snowplow.

fn preferences(event: &str, scopes: Value) -> Value {
    json!({
        "user_id": "u7", "derived_tstamp": "2026-01-10T10:00:00.123Z",
        "unstruct_event_com_snowplowanalytics_snowplow_consent_preferences_1": {
            "eventType": event, "basisForProcessing": "consent", "consentVersion": "3.1",
            "consentUrl": "https://shop.example/privacy", "consentScopes": scopes, "domainsApplied": [],
        },
    })
}

fn of_snowplow(values: &[Value]) -> Result<Import, ConsentError> {
    translating().ignoring("necessary").read_snowplow(&lines(values)[..])
}

fn both(values: &[Value]) -> (&'static str, &'static str) {
    let ledger = ledger(of_snowplow(values).unwrap());
    (status(&ledger, "u7", "newsletter"), status(&ledger, "u7", "pricing"))
}

#[test]
fn snowplow_preferences_have_their_meaning() {
    let scopes = || json!(["necessary", "News!"]);
    assert_eq!(both(&[preferences("allow_all", json!(["News!", "Ads!"]))]), ("ConsentGiven", "ConsentGiven"));
    assert_eq!(both(&[preferences("allow_selected", scopes())]), ("ConsentGiven", "ConsentRefused"));
    for (event, expected) in [
        ("deny_all", "ConsentRefused"),
        ("pending", "ConsentRequested"),
        ("withdrawn", "ConsentWithdrawn"),
        ("expired", "ConsentInvalidated"),
        ("implicit_consent", "ConsentUnknown"),
        ("shrugged", "ConsentUnknown"),
    ] {
        assert_eq!(both(&[preferences(event, scopes())]), (expected, expected), "{event}");
    }
}

#[test]
fn a_snowplow_selection_ends_what_it_leaves_out() {
    let mut later = preferences("allow_selected", json!(["Ads!"]));
    later["derived_tstamp"] = json!("2026-02-10T10:00:00Z");
    let first = preferences("allow_all", json!(["News!", "Ads!"]));
    assert_eq!(both(&[first, later]), ("ConsentRefused", "RenewedConsentGiven"));
}

#[test]
fn a_snowplow_purpose_of_several_scopes_needs_each_of_them() {
    let importer = importer().with_purpose("a", &purpose("newsletter")).with_purpose("b", &purpose("newsletter"));
    let of = |scopes| {
        let import = importer.read_snowplow(&lines(&[preferences("allow_selected", scopes)])[..]).unwrap();
        status(&ledger(import), "u7", "newsletter")
    };
    assert_eq!((of(json!(["a", "b"])), of(json!(["b"]))), ("ConsentGiven", "ConsentRefused"));
}

#[test]
fn a_snowplow_yes_on_another_basis_or_without_a_version_is_no_consent() {
    let key = "unstruct_event_com_snowplowanalytics_snowplow_consent_preferences_1";
    let of = |field: &str, value: Value| {
        let mut line = preferences("allow_all", json!(["News!", "Ads!"]));
        line[key][field] = value;
        reason(&ledger(of_snowplow(&[line]).unwrap()), "u7", "newsletter")
    };
    assert_eq!(of("gdprApplies", json!(true)), Reason::Consent);
    assert_eq!(of("basisForProcessing", json!("legitimate_interests")), Reason::ConsentInvalid);
    assert_eq!(of("basisForProcessing", json!(null)), Reason::ConsentInvalid);
    assert_eq!(of("consentVersion", json!("")), Reason::ConsentInvalid);
}

fn document(name: &str, data: Value, documents: &[&str]) -> Value {
    let contexts: Vec<_> = documents
        .iter()
        .map(|id| {
            json!({
                "schema": "iglu:com.snowplowanalytics.snowplow/consent_document/jsonschema/1-0-0",
                "data": {"id": id, "version": "5"},
            })
        })
        .collect();
    json!({
        "user_id": "u7", "collector_tstamp": "2026-01-10T10:00:00Z", "contexts": contexts,
        "schema": format!("iglu:com.snowplowanalytics.snowplow/{name}/jsonschema/1-0-0"), "data": data,
    })
}

#[test]
fn snowplow_documents_are_granted_and_withdrawn() {
    assert_eq!(both(&[document("consent_granted", json!({}), &["News!"])]), ("ConsentGiven", "ConsentUnknown"));
    let lapsed = document("consent_granted", json!({"expiry": "2026-05-01T00:00:00Z"}), &["News!"]);
    assert_eq!(both(&[lapsed]).0, "ConsentInvalidated");
    let some = document("consent_withdrawn", json!({"all": false}), &["Ads!"]);
    assert_eq!(both(&[some]), ("ConsentUnknown", "ConsentWithdrawn"));
    assert_eq!(
        both(&[document("consent_withdrawn", json!({"all": true}), &[])]),
        ("ConsentWithdrawn", "ConsentWithdrawn")
    );
}

#[test]
fn snowplow_lines_that_cannot_be_read_stop_the_import() {
    let key = "unstruct_event_com_snowplowanalytics_snowplow_consent_preferences_1";
    let stopped = |change: &dyn Fn(&mut Value)| {
        let mut line = preferences("allow_all", json!(["News!"]));
        change(&mut line);
        stop(of_snowplow(&[line]))
    };
    assert_eq!(stopped(&|l| l["user_id"] = json!(null)), at_key(1, "user_id", ImportProblem::EmptyCustomer));
    assert_eq!(
        stopped(&|l| l["derived_tstamp"] = json!("2026-01-10 10:00:00")),
        at_key(1, "derived_tstamp", ImportProblem::Time)
    );
    assert_eq!(stopped(&|l| l["derived_tstamp"] = json!(null)), at_key(1, "collector_tstamp", ImportProblem::Missing));
    assert_eq!(stopped(&|l| l[key]["eventType"] = json!(null)), at_key(1, "eventType", ImportProblem::Missing));
    assert_eq!(
        stopped(&|l| l[key]["consentScopes"] = json!("News!")),
        at_key(1, "consentScopes", ImportProblem::WrongType)
    );
    assert_eq!(
        stopped(&|l| l[key]["consentScopes"] = json!(["Else"])),
        at_key(1, "consentScopes", ImportProblem::UnknownPurpose)
    );
    assert_eq!(stopped(&|l| l[key] = json!([])), at_key(1, "data", ImportProblem::WrongType));
    assert_eq!(stopped(&|l| l[key] = json!(null)), (1, None, ImportProblem::NoConsentEvent));
    let without = document("consent_withdrawn", json!({"all": false}), &[]);
    assert_eq!(stop(of_snowplow(&[without])), at_key(1, "consent_document", ImportProblem::Missing));
    let nothing_on_offer = importer().read_snowplow(&lines(&[preferences("deny_all", json!([]))])[..]);
    assert_eq!(stop(nothing_on_offer), (1, None, ImportProblem::NoPurpose));
}

#[test]
fn a_banner_that_was_only_shown_says_nothing() {
    let line = json!({"unstruct_event_com_snowplowanalytics_snowplow_cmp_visible_1": {"elapsedTime": 1.5}});
    assert_eq!(of_snowplow(&[line]).unwrap().n_events(), 0);
}

// Tables.

fn of_csv(text: impl AsRef<[u8]>) -> Result<Import, ConsentError> {
    let columns = CsvColumns::new("id", "changed").with_notice_version("notice").with_method("channel");
    let importer = Importer::new("crm.csv", now()).unwrap().with_purpose("news", &purpose("newsletter"));
    importer.with_purpose("ads", &purpose("pricing")).read_csv(text.as_ref(), &columns)
}

const HEADER: &str = "id,name,news,ads,changed,notice,channel\n";

#[test]
fn a_table_gives_each_customer_his_answers() {
    let rows =
        "7,Anna,yes,,2026-01-10T10:00:00Z,v3,web_form\n8,\"Ben, B.\",no,purple,2026-01-10T10:00:00Z,,\n9,Cy,,,,,\n";
    let ledger = ledger(of_csv(format!("\u{feff}{HEADER}{rows}")).unwrap());
    assert_eq!(reason(&ledger, "7", "newsletter"), Reason::Consent);
    assert_eq!(status(&ledger, "7", "pricing"), "ConsentUnknown");
    assert_eq!(status(&ledger, "8", "newsletter"), "ConsentRefused");
    assert_eq!(reason(&ledger, "8", "pricing"), Reason::ConsentInvalid);
    assert_eq!(reason(&ledger, "9", "newsletter"), Reason::NoConsent);
}

#[test]
fn a_table_without_columns_of_proof_gives_no_consent() {
    let importer = importer().with_purpose("news", &purpose("newsletter"));
    let table = "id,news,changed\n7,yes,2026-01-10T10:00:00Z\n";
    let ledger = ledger(importer.read_csv(table.as_bytes(), &CsvColumns::new("id", "changed")).unwrap());
    assert_eq!(reason(&ledger, "7", "newsletter"), Reason::ConsentInvalid);
}

#[test]
fn a_table_that_cannot_be_read_stops_at_its_line_and_column() {
    let stopped = |rows: &str| stop(of_csv(format!("{HEADER}{rows}")));
    assert_eq!(stopped("7,A,no,,,,\n"), at_key(2, "changed", ImportProblem::Missing));
    assert_eq!(stopped("7,A,,,,,\n8,B,no,,soon,,\n"), at_key(3, "changed", ImportProblem::Time));
    assert_eq!(stopped("7,A,no,,2026-06-02T00:00:00Z,,\n"), at_key(2, "changed", ImportProblem::LaterThanImport));
    assert_eq!(stopped(" ,A,,,,,\n"), at_key(2, "id", ImportProblem::EmptyCustomer));
    assert_eq!(stopped("7,A\n"), (2, None, ImportProblem::RowLength { found: 2, expected: 7 }));
    assert_eq!(stop(of_csv("id,news,changed,notice,channel\n")), at_key(1, "ads", ImportProblem::Missing));
    let twice = stop(of_csv("id,news,ads,changed,notice,channel,id\n"));
    assert_eq!(twice, at_key(1, "id", ImportProblem::ColumnTwice));
}

#[test]
fn an_open_quote_swallows_no_withdrawal() {
    let rows = "7,A,,,,,\"oops\n8,B,withdrawn,,2026-01-10T10:00:00Z,,\n";
    assert_eq!(stop(of_csv(format!("{HEADER}{rows}"))).2, ImportProblem::LineBreak);
    assert!(of_csv(format!("id,news,ads,changed,notice,channel,\"note\n{rows}")).is_err());
}

#[test]
fn hostile_tables_are_errors() {
    assert!(matches!(of_csv(""), Err(ConsentError::NoLines { .. })));
    assert!(matches!(of_csv(HEADER), Err(ConsentError::NoLines { .. })));
    let mut bytes = format!("{HEADER}7,A,").into_bytes();
    bytes.extend(b"\xff,,,,\n");
    assert_eq!(stop(of_csv(bytes)), at_key(2, "news", ImportProblem::NotUtf8));
    let many = vec!["c"; 100_000].join(",");
    assert_eq!(stop(of_csv(many)), (1, None, ImportProblem::TooMany { limit: 1024 }));
    let million = vec!["c"; 1_000_000].join(",");
    assert!(matches!(of_csv(million), Err(ConsentError::LineTooLong { line: 1, .. } | ConsentError::Import { .. })));
    let long = format!("{HEADER}7,{}", "x".repeat(3 << 20));
    assert!(matches!(of_csv(long), Err(ConsentError::LineTooLong { line: 2, .. })));
    let none = importer().read_csv("id,changed\n7,\n".as_bytes(), &CsvColumns::new("id", "changed"));
    assert_eq!(stop(none), (1, None, ImportProblem::NoPurpose));
}

#[test]
fn errors_of_tables_show_no_cell() {
    for rows in [
        format!("{SECRET},A,no,,soon,,\n"),
        format!("7,A,no,,{SECRET},,\n"),
        format!("{SECRET}\n"),
        format!("{SECRET},\"\n\",,,,,\n"),
    ] {
        let error = of_csv(format!("{HEADER}{rows}")).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    let header_of_a_person = of_csv(format!("{SECRET},A,no\n")).unwrap_err();
    assert!(!format!("{header_of_a_person:?}").contains("secret"));
}

fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\n",
        "\"",
        "null",
        "true",
        "1",
        "\"customer_id\"",
        "\"newsletter\"",
        "\"at\"",
        "\"2026-01-10T10:00:00Z\"",
        "\"granted\"",
        "\"PartyId\"",
        "\"PrivacyConsentStatus\"",
        "\"recipient\"",
        "\"results\"",
        "\"schema\"",
        "\"data\"",
        "id,news,ads,changed,notice,channel\n",
        "7,yes,no,",
        "\u{feff}",
    ];
    let piece = prop_oneof![
        4 => prop::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn hostile_sources_never_panic(bytes in hostile()) {
        let _ = translating().read_json(&bytes[..]);
        let _ = translating().read_salesforce(&bytes[..]);
        let _ = translating().read_hubspot(&bytes[..]);
        let _ = translating().read_snowplow(&bytes[..]);
        let _ = of_csv(&bytes);
    }

    #[test]
    fn a_status_in_any_words_without_proof_never_allows(word in "\\PC{0,20}") {
        let line = json!({"customer_id": "7", "newsletter": word, "at": "2026-01-10T10:00:00Z"});
        let ledger = ledger(importer().read_json(&lines(&[line])[..]).unwrap());
        prop_assert!(!reason(&ledger, "7", "newsletter").is_allow());
    }
}
