//! What records, receipts and statuses of consent promise.

use consentric::consent::{
    Activity, AtLeastOne, ConsentError, ConsentReceipt, ConsentRecord, ConsentStatus, DocumentProblem, Event,
    EventKind, EventType, JsonProblem, LawfulBasis, Ledger, Party, PartyType, Purpose, Purposes, RecordDetails,
    RecordText, Register, Subject,
};
use consentric::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "anna.secret@example.org";

fn newsletter() -> Purpose {
    Purpose::parse("newsletter").unwrap()
}

/// Day `n` of a small calendar.
fn day(n: i64) -> Timestamp {
    Timestamp::from_micros(1_750_000_000_000_000 + n * 86_400_000_000)
}

fn text(text: &str) -> RecordText {
    RecordText::parse(text).unwrap()
}

fn event(json: Value) -> Event {
    serde_json::from_value(json).unwrap()
}

fn given(n: i64) -> Event {
    Event::given(day(n), &newsletter(), "v3", "web_form")
}

/// An event of a type on a day, with further keys.
fn said(n: i64, kind: &str, more: Value) -> Event {
    let mut whole = json!({"at": day(n), "type": kind, "purposes": ["newsletter"]});
    for (key, value) in more.as_object().unwrap() {
        whole[key] = value.clone();
    }
    event(whole)
}

fn ledger(events: impl IntoIterator<Item = Event>) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.describe(SECRET, &Subject::new().with_jurisdiction("DE")).unwrap();
    for event in events {
        ledger.append(SECRET, event).unwrap();
    }
    ledger
}

fn register() -> Register {
    Register::new().with(
        &newsletter(),
        Activity::on(LawfulBasis::Consent)
            .with_controller("shop")
            .with_allowed_categories(["email", "health"])
            .with_retention_days(730)
            .with_consent_validity_days(100),
    )
}

fn status(events: impl IntoIterator<Item = Event>, at: i64) -> &'static str {
    ConsentStatus::of(&ledger(events), &register(), SECRET, &newsletter(), day(at)).as_str()
}

fn party(id: &str, party_type: PartyType) -> Party {
    Party {
        party_id: text(id),
        party_address: text("1 Example Street, Berlin"),
        party_name: text("Example Shop"),
        party_contact: text("privacy@shop.example"),
        party_type,
    }
}

fn details() -> RecordDetails {
    RecordDetails {
        record_id: text("record-1"),
        principal_id: text("pseudonym-7"),
        notice: text("https://shop.example/notice"),
        language: text("de"),
        parties: AtLeastOne::from(party("shop", PartyType::Controller)).and(party("mailer", PartyType::Processor)),
        storage_locations: text("DE").into(),
        withdrawal_method: text("https://shop.example/unsubscribe"),
        recipients: vec![text("mailer")],
        information: vec![],
        retention: None,
        jurisdictions: vec![],
        collection_method: None,
        rights: vec![text("access"), text("erasure")],
    }
}

fn record_of(ledger: &Ledger, register: &Register, details: RecordDetails) -> Result<ConsentRecord, ConsentError> {
    ConsentRecord::of(ledger, register, SECRET, &newsletter(), day(50), details)
}

fn record() -> ConsentRecord {
    record_of(&ledger([said(0, "consent_requested", json!({})), given(1)]), &register(), details()).unwrap()
}

fn problem<T>(result: Result<T, ConsentError>) -> DocumentProblem {
    match result {
        Err(ConsentError::Document(problem)) => problem,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("no error"),
    }
}

fn document() -> Value {
    serde_json::to_value(record().to_27560()).unwrap()
}

const MANDATORY: [&str; 28] = [
    "/schema_version",
    "/record_id",
    "/pii_principal_id",
    "/as_of",
    "/consent_status",
    "/pii_processing/privacy_notice/reference",
    "/pii_processing/language",
    "/pii_processing/purposes/0/purpose",
    "/pii_processing/purposes/0/pii_information/0/pii_type",
    "/pii_processing/purposes/0/pii_information/0/special_pii_category",
    "/pii_processing/purposes/0/special_category",
    "/pii_processing/purposes/0/pii_controllers",
    "/pii_processing/purposes/0/storage_locations",
    "/pii_processing/purposes/0/retention_period",
    "/pii_processing/purposes/0/jurisdiction",
    "/pii_processing/purposes/0/recipient_third_parties",
    "/pii_processing/purposes/0/withdrawal_method",
    "/party_identification/0/party_id",
    "/party_identification/0/party_address",
    "/party_identification/0/party_name",
    "/party_identification/0/party_contact",
    "/party_identification/0/party_type",
    "/events/0/event_time",
    "/events/0/validity_duration",
    "/events/0/entity_id",
    "/events/0/event_type",
    "/events/0/event_state",
    "/events",
];

#[test]
fn a_record_carries_every_mandatory_field_and_the_promised_optional_ones() {
    let document = document();
    for pointer in MANDATORY {
        assert!(document.pointer(pointer).is_some_and(|value| !value.is_null()), "{pointer}");
    }
    let purpose = &document["pii_processing"]["purposes"][0];
    assert_eq!(purpose["lawful_basis"], "consent");
    assert_eq!(purpose["collection_method"], "web_form");
    assert_eq!(purpose["privacy_rights"], json!(["access", "erasure"]));
    assert_eq!(purpose["special_category"], true);
    assert_eq!(purpose["retention_period"], "P730D");
    assert_eq!(purpose["jurisdiction"], json!(["DE"]));
    assert_eq!(document["pii_processing"]["privacy_notice"]["version"], "v3");
    assert_eq!(document["events"][1]["validity_duration"], "P100D");
    assert_eq!(document["events"][1]["entity_id"], "pseudonym-7");
    assert_eq!(document["events"][0]["entity_id"], "shop");
}

#[test]
fn a_document_without_any_one_mandatory_field_is_refused() {
    for pointer in MANDATORY {
        let mut document = document();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
        let read = ConsentRecord::read_json(&document.to_string());
        assert!(matches!(problem(read), DocumentProblem::MissingField { .. }), "{pointer}");
    }
}

#[test]
fn a_blank_text_or_an_empty_list_is_refused_wherever_it_stands() {
    for pointer in MANDATORY {
        let mut document = document();
        let value = document.pointer_mut(pointer).unwrap();
        match value {
            Value::String(_) => *value = json!(" \t"),
            Value::Array(_) if pointer.ends_with("recipient_third_parties") => continue,
            Value::Array(_) => *value = json!([]),
            _ => continue,
        }
        assert!(ConsentRecord::read_json(&document.to_string()).is_err(), "{pointer}");
    }
    assert_eq!(RecordText::parse(" \n"), Err(DocumentProblem::Blank));
    assert_eq!(RecordText::parse(&"x".repeat(4097)), Err(DocumentProblem::TextTooLong { limit: 4096 }));
    assert!(AtLeastOne::<RecordText>::try_from(vec![]).is_err());
}

#[test]
fn an_unknown_schema_version_is_refused() {
    let mut document = document();
    document["schema_version"] = json!("27560:2023/consentric-2");
    assert_eq!(problem(ConsentRecord::read_json(&document.to_string())), DocumentProblem::UnknownSchemaVersion);
}

#[test]
fn what_reading_would_lose_or_change_is_refused() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut document = document();
        change(&mut document);
        problem(ConsentRecord::read_json(&document.to_string()))
    };
    assert!(matches!(refused(&|d| d["extra"] = json!(1)), DocumentProblem::UnknownField { .. }));
    assert!(matches!(refused(&|d| d["events"][0]["extra"] = json!(1)), DocumentProblem::UnknownField { .. }));
    assert_eq!(refused(&|d| d["events"][0]["method"] = Value::Null), DocumentProblem::NotAsWritten);
    assert_eq!(refused(&|d| d["as_of"] = json!("2025-08-04T16:06:40+01:00")), DocumentProblem::NotAsWritten);
    let in_order = json!(["shop", "1 Example Street", "Example Shop", "privacy@shop.example", "controller"]);
    assert_eq!(refused(&|d| d["party_identification"][0] = in_order.clone()), DocumentProblem::NotAsWritten);
    let wrong = refused(&|d| d["record_id"] = json!(17));
    assert!(matches!(wrong, DocumentProblem::Json { problem: JsonProblem::WrongType, .. }));
}

#[test]
fn a_key_that_appears_twice_is_refused() {
    let text = document().to_string().replacen("{", r#"{"record_id":"other","#, 1);
    let problem = problem(ConsentRecord::read_json(&text));
    assert!(matches!(problem, DocumentProblem::Json { problem: JsonProblem::DuplicateKey, .. }));
}

#[test]
fn errors_of_reading_show_no_value() {
    for key in ["record_id", "consent_status", "as_of", "schema_version"] {
        for value in [json!(SECRET), json!({ SECRET: SECRET }), json!([SECRET])] {
            let mut document = document();
            document[key] = value;
            if let Err(error) = ConsentRecord::read_json(&document.to_string()) {
                assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
            }
        }
    }
}

#[test]
fn a_document_above_1_mib_is_refused_before_it_is_parsed() {
    let text = " ".repeat((1 << 20) + 1);
    assert_eq!(problem(ConsentRecord::read_json(&text)), DocumentProblem::TooLong { limit: 1 << 20 });
}

#[test]
fn debug_shows_neither_texts_nor_the_customer() {
    let record = record();
    let receipt = ConsentReceipt::of(&record, text("receipt-1"));
    let shown = format!("{record:?} {:?} {receipt:?} {:?} {:?}", record.to_27560(), receipt.to_27560(), details());
    for hidden in ["pseudonym-7", "secret", "Example", "receipt-1"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[test]
fn a_record_names_the_customer_only_by_the_callers_principal_id() {
    assert!(!document().to_string().contains("secret"));
    assert!(!record().to_json_ld().to_string().contains("secret"));
}

#[test]
fn free_text_about_who_spoke_is_not_copied() {
    let events = [given(1), said(2, "consent_withdrawn", json!({ "by": SECRET }))];
    let record = record_of(&ledger(events), &register(), details()).unwrap();
    let document = serde_json::to_value(record.to_27560()).unwrap();
    assert_eq!(document["events"][1]["entity_id"], "unknown");
    assert!(!document.to_string().contains("secret"));
}

#[test]
fn nothing_said_is_no_record() {
    let refused = |events: Vec<Event>| problem(record_of(&ledger(events), &register(), details()));
    assert_eq!(refused(vec![]), DocumentProblem::NoStatement);
    assert_eq!(refused(vec![given(51)]), DocumentProblem::NoStatement);
    assert_eq!(refused(vec![event(json!({"at": day(1), "type": "activity"}))]), DocumentProblem::NoStatement);
}

#[test]
fn an_unknown_customer_or_purpose_is_no_record() {
    let of = |ledger: &Ledger, register: &Register| problem(record_of(ledger, register, details()));
    assert_eq!(of(&Ledger::new(), &register()), DocumentProblem::UnknownCustomer);
    assert_eq!(of(&ledger([given(1)]), &Register::new()), DocumentProblem::UnknownPurpose);
}

#[test]
fn a_mandatory_field_that_nobody_fills_is_named() {
    let bare = Register::new().with(&newsletter(), Activity::on(LawfulBasis::Consent));
    let mut full = details();
    full.information = vec![text("email")];
    full.retention = Some(text("as long as the subscription"));
    assert!(record_of(&ledger([given(1)]), &bare, full.clone()).is_ok());

    let missing = |details| problem(record_of(&ledger([given(1)]), &bare, details));
    let without = RecordDetails { information: vec![], ..full.clone() };
    assert_eq!(missing(without), DocumentProblem::Missing { field: "pii_information" });
    let without = RecordDetails { retention: None, ..full.clone() };
    assert_eq!(missing(without), DocumentProblem::Missing { field: "retention_period" });
    let without = RecordDetails { parties: party("mailer", PartyType::Processor).into(), ..full.clone() };
    assert_eq!(missing(without), DocumentProblem::Missing { field: "pii_controllers" });

    let mut nowhere = Ledger::new();
    nowhere.append(SECRET, given(1)).unwrap();
    assert_eq!(problem(record_of(&nowhere, &bare, full)), DocumentProblem::Missing { field: "jurisdiction" });
}

#[test]
fn parties_must_fit_the_register_and_each_other() {
    let refused = |details| problem(record_of(&ledger([given(1)]), &register(), details));
    let other = RecordDetails { parties: party("other", PartyType::Controller).into(), ..details() };
    assert_eq!(refused(other), DocumentProblem::UnknownParty { field: "pii_controllers" });
    let stranger = RecordDetails { recipients: vec![text("stranger")], ..details() };
    assert_eq!(refused(stranger), DocumentProblem::UnknownParty { field: "recipient_third_parties" });
    let twice = details().parties.and(party("shop", PartyType::ThirdParty));
    assert_eq!(refused(RecordDetails { parties: twice, ..details() }), DocumentProblem::PartyTwice);
}

#[test]
fn no_recipient_is_said_and_not_left_out() {
    let record =
        record_of(&ledger([given(1)]), &register(), RecordDetails { recipients: vec![], ..details() }).unwrap();
    let document = serde_json::to_value(record.to_27560()).unwrap();
    assert_eq!(document["pii_processing"]["purposes"][0]["recipient_third_parties"], json!([]));
}

#[test]
fn an_explicit_consent_is_told_from_a_regular_one() {
    let explicit = said(
        2,
        "consent_given",
        json!({"notice_version": "v3", "method": "form", "affirmative": true, "by": "self", "explicit_for": ["health"]}),
    );
    let record = record_of(&ledger([given(1), explicit]), &register(), details()).unwrap();
    let types: Vec<_> = record.to_27560().events.iter().map(|event| event.event_type).collect();
    assert_eq!(types, [EventType::Regular, EventType::Explicit]);
}

#[test]
fn the_categories_of_the_grant_come_before_those_of_the_register() {
    let narrow = said(
        1,
        "consent_given",
        json!({"notice_version": "v3", "method": "form", "affirmative": true, "by": "self", "data_categories": ["email"]}),
    );
    let record = record_of(&ledger([narrow]), &register(), details()).unwrap();
    let purpose = record.to_27560().pii_processing.purposes.first();
    assert_eq!(purpose.pii_information.iter().count(), 1);
    assert!(!purpose.special_category);
}

#[test]
fn a_lapse_is_an_event_of_its_own_from_its_exact_instant_on() {
    let at = |n| {
        let ledger = ledger([given(1)]);
        let record = ConsentRecord::of(&ledger, &register(), SECRET, &newsletter(), n, details()).unwrap();
        (record.status().as_str(), record.to_27560().events.iter().count())
    };
    let end = day(101);
    assert_eq!(at(Timestamp::from_micros(end.as_micros() - 1)), ("ConsentGiven", 1));
    assert_eq!(at(end), ("ConsentExpired", 2));
}

#[test]
fn an_instant_outside_the_calendar_is_not_written() {
    let ledger = ledger([Event::withdrawn(Timestamp::from_micros(i64::MIN), &newsletter())]);
    assert_eq!(problem(record_of(&ledger, &register(), details())), DocumentProblem::TimeRange);
}

// The table of statuses, a row each.

#[test]
fn asked_is_requested_and_put_off_is_deferred() {
    assert_eq!(status([said(1, "consent_requested", json!({}))], 2), "ConsentRequested");
    let deferred = said(2, "consent_requested", json!({"method": "deferred"}));
    assert_eq!(status([said(1, "consent_requested", json!({})), deferred.clone()], 3), "ConsentRequestDeferred");
    assert_eq!(status([deferred, said(3, "consent_requested", json!({}))], 4), "ConsentRequested");
}

#[test]
fn nothing_or_another_purpose_is_unknown() {
    assert_eq!(status([], 1), "ConsentUnknown");
    let other = Event::given(day(1), &Purpose::parse("pricing").unwrap(), "v1", "web_form");
    assert_eq!(status([other], 2), "ConsentUnknown");
    let nobody = ConsentStatus::of(&Ledger::new(), &register(), SECRET, &newsletter(), day(1));
    assert_eq!(nobody, ConsentStatus::Unknown);
}

#[test]
fn refused_counts_also_after_a_grant() {
    assert_eq!(status([Event::refused(day(1), &newsletter())], 2), "ConsentRefused");
    assert_eq!(status([given(1), Event::refused(day(2), &newsletter())], 3), "ConsentRefused");
    let all = EventKind::ConsentRefused(Purposes::all().into());
    assert_eq!(status([given(1), Event::new(day(2), all)], 3), "ConsentRefused");
}

#[test]
fn withdrawn_by_the_customer_is_told_from_revoked_by_the_controller() {
    let revoked = said(2, "consent_withdrawn", json!({"by": "controller"}));
    assert_eq!(status([given(1), Event::withdrawn(day(2), &newsletter())], 3), "ConsentWithdrawn");
    assert_eq!(status([given(1), revoked.clone()], 3), "ConsentRevoked");
    // Both at one instant: the customer's own word.
    assert_eq!(status([given(1), revoked, Event::withdrawn(day(2), &newsletter())], 3), "ConsentWithdrawn");
}

#[test]
fn invalidated_is_invalidated() {
    assert_eq!(status([given(1), said(2, "consent_invalidated", json!({"by": "authority"}))], 3), "ConsentInvalidated");
}

#[test]
fn given_is_renewed_only_over_a_standing_grant() {
    assert_eq!(status([given(1)], 2), "ConsentGiven");
    assert_eq!(status([given(1), given(50)], 60), "RenewedConsentGiven");
    assert_eq!(status([given(1), Event::withdrawn(day(2), &newsletter()), given(50)], 60), "ConsentGiven");
    // The first lapsed on day 101.
    assert_eq!(status([given(1), given(100)], 150), "RenewedConsentGiven");
    assert_eq!(status([given(1), given(101)], 150), "ConsentGiven");
    // Two of one instant are one.
    let other = Event::given(day(1), &newsletter(), "v3", "app");
    assert_eq!(status([given(1), other], 2), "ConsentGiven");
}

#[test]
fn lapsed_is_expired() {
    assert_eq!(status([given(1)], 100), "ConsentGiven");
    assert_eq!(status([given(1)], 101), "ConsentExpired");
    assert_eq!(status([given(1), given(50)], 101), "RenewedConsentGiven");
}

#[test]
fn a_request_never_ends_a_grant() {
    assert_eq!(status([given(1), said(2, "consent_requested", json!({}))], 3), "ConsentGiven");
}

#[test]
fn a_grant_without_its_whole_proof_is_unknown_and_never_given() {
    let proof = json!({"notice_version": "v3", "method": "form", "affirmative": true, "by": "self"});
    assert_eq!(status([said(1, "consent_given", proof.clone())], 2), "ConsentGiven");
    for (key, value) in [
        ("notice_version", json!(" ")),
        ("method", json!("")),
        ("affirmative", json!(null)),
        ("affirmative", json!(false)),
        ("by", json!("nobody")),
        ("bundled_with_contract", json!(true)),
        ("value", json!("maybe")),
        ("purposes", json!(["*"])),
    ] {
        let mut weak = proof.clone();
        weak[key] = value;
        assert_eq!(status([said(1, "consent_given", weak)], 2), "ConsentUnknown", "{key}");
    }
}

#[test]
fn a_no_outlives_an_erasure_and_a_yes_does_not() {
    let erased = || event(json!({"at": day(3), "type": "erasure_completed"}));
    assert_eq!(status([given(1), erased()], 4), "ConsentUnknown");
    assert_eq!(status([Event::withdrawn(day(1), &newsletter()), erased()], 4), "ConsentWithdrawn");
    assert_eq!(status([given(1), erased(), given(4)], 5), "ConsentGiven");
}

#[test]
fn every_term_can_be_read_back() {
    for status in ConsentStatus::ALL {
        assert_eq!(ConsentStatus::parse(status.as_str()), Some(*status));
        let json = serde_json::to_string(status).unwrap();
        assert_eq!(serde_json::from_str::<ConsentStatus>(&json).unwrap(), *status);
    }
    assert_eq!(ConsentStatus::parse("consentgiven"), None);
}

#[test]
fn a_receipt_is_a_part_of_its_record_under_its_own_id() {
    let record = record();
    let receipt = ConsentReceipt::of(&record, text("receipt-1"));
    let (receipt, record) =
        (serde_json::to_value(receipt.to_27560()).unwrap(), serde_json::to_value(record.to_27560()).unwrap());
    assert_eq!(receipt["receipt_id"], "receipt-1");
    for key in ["schema_version", "record_id", "pii_principal_id", "consent_status", "party_identification"] {
        assert_eq!(receipt[key], record[key], "{key}");
    }
    assert_eq!(receipt["event"], record["events"][1]);
    assert!(receipt.get("events").is_none());
    assert!(receipt["pii_processing"]["purposes"][0].get("collection_method").is_none());
    let read = ConsentReceipt::read_json(&receipt.to_string()).unwrap();
    assert_eq!(serde_json::to_value(read.to_27560()).unwrap(), receipt);
    assert!(ConsentReceipt::read_json(&record.to_string()).is_err());
}

#[test]
fn json_ld_speaks_in_terms_of_the_data_privacy_vocabulary() {
    let json_ld = record().to_json_ld();
    assert_eq!(json_ld["@context"]["dpv"], "https://w3id.org/dpv#");
    assert_eq!(json_ld["@type"], "dpv:ConsentRecord");
    assert_eq!(json_ld["dpv:hasConsentStatus"]["@id"], "dpv:ConsentGiven");
    assert_eq!(json_ld["dpv:hasNotice"]["@type"], "dpv:ConsentNotice");
    let process = &json_ld["dpv:hasProcess"][0];
    assert_eq!(process["dpv:hasLegalBasis"]["@id"], "dpv:Consent");
    assert_eq!(process["dpv:hasPersonalData"][1]["@type"], "dpv:SpecialCategoryPersonalData");
    assert_eq!(process["dpv:hasDataController"][0]["@type"], "dpv:DataController");
    assert_eq!(process["dpv:hasConsentControl"]["@type"], "dpv:WithdrawConsent");
    assert_eq!(json_ld["dpv:hasStatus"][1]["@type"], "dpv:ConsentGiven");
}

/// An event of any kind about the purpose, early or late, proven or not.
fn any_event() -> impl Strategy<Value = Event> {
    let kinds = prop::sample::select(vec![
        "consent_requested",
        "consent_given",
        "consent_confirmed",
        "consent_refused",
        "consent_withdrawn",
        "consent_invalidated",
    ]);
    let by = prop::sample::select(vec![Value::Null, json!("self"), json!("parent"), json!("controller"), json!("x")]);
    (kinds, 0_i64..40, by, any::<bool>(), any::<bool>(), "[a-z ]{0,3}").prop_map(
        |(kind, n, by, affirmative, explicit, method)| {
            let mut more = json!({"notice_version": "v3", "method": method, "affirmative": affirmative});
            more["by"] = by;
            more["explicit"] = json!(explicit);
            said(n, kind, more)
        },
    )
}

fn any_text() -> impl Strategy<Value = RecordText> {
    ".{0,8}[^\\s\\x00-\\x20\u{85}\u{a0}]".prop_filter_map("blank", |text| RecordText::parse(&text).ok())
}

prop_compose! {
    fn any_details()(
        texts in prop::collection::vec(any_text(), 7),
        lists in prop::collection::vec(prop::collection::vec(any_text(), 0..3), 2),
        collection_method in prop::option::of(any_text()),
        with_recipient in any::<bool>(),
    ) -> RecordDetails {
        RecordDetails {
            record_id: texts[0].clone(),
            principal_id: texts[1].clone(),
            notice: texts[2].clone(),
            language: texts[3].clone(),
            storage_locations: AtLeastOne::from(texts[4].clone()).and(texts[5].clone()),
            withdrawal_method: texts[6].clone(),
            recipients: if with_recipient { vec![text("mailer")] } else { vec![] },
            information: lists[0].clone(),
            rights: lists[1].clone(),
            collection_method,
            ..details()
        }
    }
}

proptest! {
    #[test]
    fn records_and_receipts_survive_json_without_loss(
        events in prop::collection::vec(any_event(), 1..6),
        details in any_details(),
        at in 40_i64..200,
    ) {
        let ledger = ledger(events);
        let record = ConsentRecord::of(&ledger, &register(), SECRET, &newsletter(), day(at), details).unwrap();
        let json = serde_json::to_string(record.to_27560()).unwrap();
        let read = ConsentRecord::read_json(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(read.to_27560()).unwrap(), json);
        prop_assert!(read == record);
        let receipt = ConsentReceipt::of(&record, text("receipt"));
        let json = serde_json::to_string(receipt.to_27560()).unwrap();
        prop_assert!(ConsentReceipt::read_json(&json).unwrap() == receipt);
    }

    #[test]
    fn the_order_of_arrival_changes_no_record(events in prop::collection::vec(any_event(), 1..6), at in 40_i64..200) {
        let of = |events: Vec<Event>| {
            ConsentRecord::of(&ledger(events), &register(), SECRET, &newsletter(), day(at), details()).unwrap()
        };
        let mut reversed = events.clone();
        reversed.reverse();
        prop_assert!(of(events) == of(reversed));
    }

    #[test]
    fn hostile_documents_never_panic(text in "[\\[\\]{}\",:a-z0-9 ]{0,60}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = ConsentRecord::read_json(&text);
        let _ = ConsentReceipt::read_json(&String::from_utf8_lossy(&bytes));
    }
}
