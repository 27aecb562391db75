//! What the consent stage promises, through its public face.

use consentric::consent::{
    Activity, ConsentError, ConsentPolicy, Decision, Event, EventKind, GppUsnat, JsonProblem, LawfulBasis, Ledger,
    LineProblem, Notice, ObjectionScope, Obligations, Operation, OptIn, Purpose, Purposes, Question, Reason, Recipient,
    RecipientRole, Register, Request, Right, Signal, Subject, decide,
};
use consentric::time::{Date, Timestamp};
use proptest::prelude::*;

const MARKETING: &str = "segmentation_marketing";

fn purpose(id: &str) -> Purpose {
    Purpose::parse(id).unwrap()
}

fn question() -> Question {
    Question::segment(&purpose(MARKETING))
}

/// Day `n` of a small calendar.
fn day(n: i64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000 + n * 86_400_000_000)
}

fn given(n: i64) -> Event {
    Event::given(day(n), &purpose(MARKETING), "v1", "web_form")
}

fn withdrawn(n: i64) -> Event {
    Event::withdrawn(day(n), &purpose(MARKETING))
}

fn event(n: i64, kind: EventKind) -> Event {
    Event::new(day(n), kind)
}

fn ledger(events: impl IntoIterator<Item = Event>) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.know("anna").unwrap();
    for event in events {
        ledger.append("anna", event).unwrap();
    }
    ledger
}

fn reason(events: impl IntoIterator<Item = Event>, at: i64) -> Reason {
    decide(&ledger(events), Register::of_consent(), &question().about("anna", day(at))).reason()
}

/// A grant of day 1 with keys changed or taken away (`null`).
fn grant(changes: serde_json::Value) -> Event {
    let mut json = serde_json::to_value(given(1)).unwrap();
    for (key, value) in changes.as_object().unwrap() {
        match value {
            serde_json::Value::Null if key != "value" && key != "affirmative" => {
                json.as_object_mut().unwrap().remove(key);
            }
            value => json[key] = value.clone(),
        }
    }
    serde_json::from_value(json).unwrap()
}

fn read(text: &str) -> Result<Ledger, ConsentError> {
    Ledger::read_jsonl("consent.jsonl", text.as_bytes())
}

#[test]
fn unknown_and_never_asked_customers_are_refused() {
    let asked = question();
    let request = asked.about("anna", day(9));
    assert_eq!(decide(&Ledger::new(), Register::of_consent(), &request).reason(), Reason::UnknownSubject);
    assert_eq!(decide(&ledger([]), Register::of_consent(), &request).reason(), Reason::NoConsent);
    assert_eq!(
        decide(&ledger([given(1)]), Register::of_consent(), &question().about("bert", day(9))).reason(),
        Reason::UnknownSubject
    );
    assert_eq!(decide(&ledger([given(1)]), Register::of_consent(), &request).reason(), Reason::Consent);
}

#[test]
fn a_customer_of_whom_only_later_events_are_known_is_unknown() {
    let mut ledger = Ledger::new();
    for n in [5, 7] {
        ledger.append("anna", given(n)).unwrap();
    }
    let ask = |at: Timestamp| decide(&ledger, Register::of_consent(), &question().about("anna", at)).reason();
    let first = day(5).as_micros();
    assert_eq!(ask(Timestamp::from_micros(first - 1)), Reason::UnknownSubject);
    assert_eq!([ask(day(5)), ask(day(6)), ask(day(8))], [Reason::Consent; 3]);
    let question = question();
    let unheard = question.about("anna", day(6)).with_known_at(day(4));
    assert_eq!(decide(&ledger, Register::of_consent(), &unheard).reason(), Reason::UnknownSubject);
}

#[test]
fn each_newest_statement_has_its_reason() {
    let about = || Purposes::from(&purpose(MARKETING));
    assert_eq!(reason([event(1, EventKind::ConsentRequested(about().into()))], 9), Reason::ConsentPending);
    let other = Event::given(day(1), &purpose("newsletter"), "v1", "web_form");
    assert_eq!(reason([other], 9), Reason::ConsentScope);
    assert_eq!(reason([given(1), Event::refused(day(2), &purpose(MARKETING))], 9), Reason::ConsentRefused);
    assert_eq!(reason([given(1), withdrawn(2)], 9), Reason::ConsentWithdrawn);
    let invalidated = event(2, EventKind::ConsentInvalidated(about().into()));
    assert_eq!(reason([given(1), invalidated], 9), Reason::ConsentInvalid);
    assert_eq!(reason([withdrawn(1), given(2)], 9), Reason::Consent);
    assert_eq!(reason([given(1), event(2, EventKind::ConsentRequested(about().into()))], 9), Reason::Consent);
    assert_eq!(
        reason([given(1), event(2, EventKind::ConsentWithdrawn(Purposes::all().into()))], 9),
        Reason::ConsentWithdrawn
    );
}

#[test]
fn consent_to_a_parent_or_child_purpose_covers_nothing_else() {
    for id in ["segmentation_marketing.eu", "segmentation"] {
        let event = Event::given(day(1), &purpose(id), "v1", "web_form");
        assert_eq!(reason([event], 9), Reason::ConsentScope, "{id}");
    }
}

#[test]
fn a_statement_acts_from_its_own_instant_on() {
    let ledger = ledger([given(1), withdrawn(5)]);
    let question = question();
    let at = |micros| {
        decide(&ledger, Register::of_consent(), &question.about("anna", Timestamp::from_micros(micros))).reason()
    };
    assert_eq!(at(day(1).as_micros() - 1), Reason::NoConsent);
    assert_eq!(at(day(1).as_micros()), Reason::Consent);
    assert_eq!(at(day(5).as_micros() - 1), Reason::Consent);
    assert_eq!(at(day(5).as_micros()), Reason::ConsentWithdrawn);
}

#[test]
fn at_one_instant_the_restrictive_statement_wins() {
    let about = || Purposes::from(&purpose(MARKETING));
    let ascending = [
        (given(1), Reason::Consent),
        (Event::refused(day(1), &purpose(MARKETING)), Reason::ConsentRefused),
        (withdrawn(1), Reason::ConsentWithdrawn),
        (event(1, EventKind::ConsentInvalidated(about().into())), Reason::ConsentInvalid),
    ];
    for (n, (stronger, expected)) in ascending.iter().enumerate() {
        for (weaker, _) in &ascending[..n] {
            assert_eq!(reason([weaker.clone(), stronger.clone()], 9), *expected);
            assert_eq!(reason([stronger.clone(), weaker.clone()], 9), *expected);
        }
    }
    let unproven = grant(serde_json::json!({"notice_version": null}));
    assert_eq!(reason([given(1), unproven.clone()], 9), Reason::ConsentInvalid);
    assert_eq!(reason([unproven, given(1)], 9), Reason::ConsentInvalid);
    assert_eq!(reason([given(1), Event::objection(day(1), ObjectionScope::All)], 9), Reason::Objected);
    let lifted = event(1, EventKind::RestrictionLifted { informed: true });
    assert_eq!(reason([given(1), event(1, EventKind::RestrictionSet), lifted], 9), Reason::Restricted);
}

#[test]
fn known_at_replays_what_was_known_then() {
    let late = withdrawn(5).with_recorded_at(day(8));
    let ledger = ledger([given(1), late]);
    let question = question();
    let request = question.about("anna", day(6));
    assert_eq!(decide(&ledger, Register::of_consent(), &request.with_known_at(day(7))).reason(), Reason::Consent);
    assert_eq!(
        decide(&ledger, Register::of_consent(), &request.with_known_at(day(8))).reason(),
        Reason::ConsentWithdrawn
    );
    assert_eq!(decide(&ledger, Register::of_consent(), &request).reason(), Reason::ConsentWithdrawn);
}

#[test]
fn an_objection_beats_older_consent_and_yields_to_a_later_grant() {
    let scopes = [
        ObjectionScope::DirectMarketing,
        ObjectionScope::ProfilingForDirectMarketing,
        ObjectionScope::All,
        ObjectionScope::Purpose(purpose(MARKETING)),
    ];
    for scope in scopes {
        assert_eq!(reason([given(1), Event::objection(day(2), scope.clone())], 9), Reason::Objected);
        assert_eq!(reason([Event::objection(day(2), scope.clone()), given(3)], 9), Reason::Consent);
        assert_eq!(
            reason([given(1), Event::objection(day(2), scope.clone()), given(3), withdrawn(4)], 9),
            Reason::Objected
        );
        let opposed = Event::objection(day(2), scope);
        let unproven = grant(serde_json::json!({"at": day(3).to_string(), "method": null}));
        assert_eq!(reason([given(1), opposed, unproven], 9), Reason::ConsentInvalid);
    }
    let other = Event::objection(day(2), ObjectionScope::Purpose(purpose("newsletter")));
    assert_eq!(reason([given(1), other], 9), Reason::Consent);
}

#[test]
fn a_marketing_objection_does_not_reach_statistics_and_purposes_outside_the_catalogue_are_unknown() {
    for (id, expected) in [("analytics_aggregate", Reason::Consent), ("our_own_idea", Reason::PurposeUnknown)] {
        let ledger = ledger([
            Event::given(day(1), &purpose(id), "v1", "web_form"),
            Event::objection(day(2), ObjectionScope::DirectMarketing),
        ]);
        let question = Question::from(purpose(id));
        assert_eq!(decide(&ledger, Register::of_consent(), &question.about("anna", day(9))).reason(), expected, "{id}");
    }
}

#[test]
fn opt_outs_and_signals_deny_what_they_govern_until_a_later_grant() {
    for right in [
        Right::SaleShare,
        Right::Sale,
        Right::TargetedAds,
        Right::LimitSensitive,
        Right::Profiling,
        Right::Adm,
        Right::All,
    ] {
        assert_eq!(reason([given(1), event(2, EventKind::OptOut { right })], 9), Reason::Consent, "{right:?}");
    }
    let advertising =
        Question::new(Operation::Share, &purpose(MARKETING)).to(Recipient::new(RecipientRole::ThirdParty));
    for right in [Right::SaleShare, Right::TargetedAds, Right::All] {
        let opt_out = || event(2, EventKind::OptOut { right });
        let ask = |events: [Event; 2]| {
            decide(&ledger(events), Register::of_consent(), &advertising.about("anna", day(9))).reason()
        };
        assert_eq!(ask([given(1), opt_out()]), Reason::OptedOut);
        assert_eq!(ask([opt_out(), given(3)]), Reason::Consent);
    }
    assert_eq!(reason([given(1), event(2, EventKind::Signal(Box::new(Signal::gpc(true))))], 9), Reason::Objected);
    assert_eq!(reason([given(1), event(2, EventKind::Signal(Box::new(Signal::gpc(false))))], 9), Reason::Consent);
    let signal = |fields: &str| -> Event {
        let json = format!(r#"{{"at":"{}","type":"signal","gpp_usnat":{fields}}}"#, day(2));
        serde_json::from_str(&json).unwrap()
    };
    assert_eq!(reason([given(1), signal(r#"{"SaleOptOut":2,"Gpc":true}"#)], 9), Reason::Objected);
    for fields in [r#"{"SaleOptOut":1}"#, r#"{"SaleOptOut":2,"SharingOptOut":0}"#] {
        assert_eq!(reason([given(1), signal(fields)], 9), Reason::Consent, "{fields}");
    }
}

#[test]
fn erasure_holds_until_a_new_life_and_a_restriction_until_the_customer_was_told() {
    assert_eq!(reason([event(1, EventKind::ErasureRequested), given(2)], 9), Reason::Erased);
    assert_eq!(reason([given(1), event(1, EventKind::ErasureCompleted)], 9), Reason::Erased);
    assert_eq!(reason([event(1, EventKind::ErasureCompleted), given(2)], 9), Reason::Consent);
    let set = || event(2, EventKind::RestrictionSet);
    let lifted = |informed| event(3, EventKind::RestrictionLifted { informed });
    assert_eq!(reason([given(1), set()], 9), Reason::Restricted);
    assert_eq!(reason([given(1), set(), lifted(false)], 9), Reason::Restricted);
    assert_eq!(reason([given(1), set(), lifted(true)], 9), Reason::Consent);
    let later = serde_json::json!({"at": day(3).to_string(), "despite_restriction": true});
    assert_eq!(reason([set(), grant(later)], 9), Reason::Consent);
    assert_eq!(reason([set(), given(3)], 9), Reason::Restricted);
}

#[test]
fn a_grant_without_its_proof_is_invalid_even_over_an_older_good_one() {
    let broken = [
        serde_json::json!({"notice_version": null}),
        serde_json::json!({"notice_version": ""}),
        serde_json::json!({"method": null}),
        serde_json::json!({"affirmative": null}),
        serde_json::json!({"affirmative": false}),
        serde_json::json!({"by": null}),
        serde_json::json!({"by": "shop"}),
        serde_json::json!({"bundled_with_contract": true}),
        serde_json::json!({"purposes": ["*"]}),
        serde_json::json!({"purposes": [MARKETING, "*"]}),
        serde_json::json!({"value": null}),
        serde_json::json!({"value": "no"}),
        serde_json::json!({"value": {"deep": [1]}}),
    ];
    for changes in broken {
        let older = Event::given(day(0), &purpose(MARKETING), "v1", "web_form");
        assert_eq!(reason([older, grant(changes.clone())], 9), Reason::ConsentInvalid, "{changes}");
    }
    for value in ["yes", "granted"] {
        assert_eq!(reason([grant(serde_json::json!({"value": value}))], 9), Reason::Consent);
    }
    assert_eq!(reason([grant(serde_json::json!({"value": true}))], 9), Reason::Consent);
}

#[test]
fn a_limited_consent_covers_only_what_it_names() {
    let limited = || ledger([grant(serde_json::json!({"data_categories": ["purchase_history", "age"]}))]);
    let ask = |question: &Question, ledger: &Ledger| {
        decide(ledger, Register::of_consent(), &question.about("anna", day(9))).reason()
    };
    assert_eq!(ask(&question().reading(["age"]), &limited()), Reason::Consent);
    assert_eq!(ask(&question().reading(["age", "visits"]), &limited()), Reason::ConsentScope);
    let to_b = ledger([grant(serde_json::json!({"controllers": ["B"]}))]);
    assert_eq!(ask(&question(), &to_b), Reason::ConsentScope);
    let register = Register::new().with(&purpose(MARKETING), Activity::on(LawfulBasis::Consent).with_controller("B"));
    assert_eq!(to_b.under(&register).decide(&question().about("anna", day(9))).reason(), Reason::Consent);
}

#[test]
fn special_categories_need_explicit_consent_and_criminal_data_has_none() {
    let ask = |changes, category| {
        let question = question().reading([category]);
        decide(&ledger([grant(changes)]), Register::of_consent(), &question.about("anna", day(9))).reason()
    };
    assert_eq!(ask(serde_json::json!({}), "health"), Reason::SpecialCategory);
    assert_eq!(ask(serde_json::json!({"explicit": true}), "health"), Reason::SpecialCategory);
    assert_eq!(ask(serde_json::json!({"explicit_for": ["health"]}), "health"), Reason::ExplicitConsent);
    let explicit = serde_json::json!({"explicit": true, "data_categories": ["health", "purchase_history"]});
    assert_eq!(ask(explicit, "health"), Reason::ExplicitConsent);
    assert_eq!(
        ask(serde_json::json!({"explicit_for": ["criminal_offence"]}), "criminal_offence"),
        Reason::SpecialCategory
    );
}

#[test]
fn a_child_cannot_agree_alone_and_the_age_is_that_of_the_day() {
    let ask = |code: Option<&str>, birth: &str, changes, at: i64| {
        let mut ledger = Ledger::new();
        let mut subject = Subject::new().with_birth_date(Date::parse(birth).unwrap());
        if let Some(code) = code {
            subject = subject.with_jurisdiction(code);
        }
        ledger.describe("anna", &subject).unwrap();
        ledger.append("anna", grant(changes)).unwrap();
        decide(&ledger, Register::of_consent(), &question().about("anna", day(at)))
    };
    // Day 1 is 2023-11-15.
    let own = || serde_json::json!({});
    assert_eq!(ask(None, "2007-11-15", own(), 9).reason(), Reason::Consent);
    assert_eq!(ask(None, "2007-11-16", own(), 9).reason(), Reason::Child);
    assert_eq!(ask(None, "2007-11-16", own(), 9_999).reason(), Reason::Child);
    assert_eq!(ask(Some("AT"), "2009-11-15", own(), 9).reason(), Reason::Consent);
    assert_eq!(ask(Some("AT"), "2009-11-16", own(), 9).reason(), Reason::Child);
    assert_eq!(ask(Some("US-CA"), "2010-11-15", own(), 9).reason(), Reason::Consent);

    let parent = || serde_json::json!({"by": "parent", "parental_verification": "card"});
    let young = ask(None, "2010-01-01", parent(), 9);
    assert_eq!((young.reason(), young.obligations()), (Reason::Consent, Obligations::NONE));
    let grown = ask(None, "2010-01-01", parent(), 3_000);
    assert_eq!(grown.obligations().names().collect::<Vec<_>>(), ["inform_data_subject_of_right_to_withdraw"]);
    assert_eq!(ask(None, "2010-01-01", serde_json::json!({"by": "parent"}), 9).reason(), Reason::Child);
    assert_eq!(ask(None, "1990-01-01", parent(), 9).reason(), Reason::ConsentInvalid);
}

#[test]
fn a_law_that_is_not_shipped_is_not_guessed() {
    for (codes, expected) in [
        (vec!["DE"], Reason::Consent),
        (vec!["US-NY"], Reason::UnknownJurisdiction),
        (vec!["DE", "CH"], Reason::UnknownJurisdiction),
    ] {
        let mut ledger = ledger([given(1)]);
        let subject = codes.iter().fold(Subject::new(), |subject, code| subject.with_jurisdiction(code));
        ledger.describe("anna", &subject).unwrap();
        assert_eq!(
            decide(&ledger, Register::of_consent(), &question().about("anna", day(9))).reason(),
            expected,
            "{codes:?}"
        );
    }
}

#[test]
fn a_decision_prints_and_serialises_without_the_customer() {
    let decision: Decision = ledger([given(1), withdrawn(2)]).decide(&question().about("anna", day(9)));
    assert_eq!(decision.to_string(), "deny CONSENT_WITHDRAWN at 2023-11-23T22:13:20Z (GDPR Art. 7(3))");
    let hash = Register::of_consent().policy_hash().to_string();
    let expected = format!(
        r#"{{"decision":"deny","reason":"CONSENT_WITHDRAWN","obligations":[],"citations":["GDPR Art. 7(3)"],"jurisdiction":null,"policy_hash":"{hash}","as_of":"2023-11-23T22:13:20Z","supported":true}}"#
    );
    assert_eq!(serde_json::to_string(&decision).unwrap(), expected);
    let text = format!("{:?} {:?}", ledger([given(1)]), given(1));
    assert_eq!(text, "Ledger(1 customers, 1 events) Event(consent_given at 2023-11-15T22:13:20Z)");
}

#[test]
fn a_policy_of_ones_own_takes_the_place_of_a_ledger() {
    struct Nobody;
    impl ConsentPolicy for Nobody {
        fn decide(&self, request: &Request<'_>) -> Decision {
            Decision::new(Reason::NoConsent, request.at())
        }
    }
    let policies: [Box<dyn ConsentPolicy>; 2] = [Box::new(Nobody), Box::new(ledger([given(1)]))];
    let allowed = policies.iter().map(|policy| policy.decide(&question().about("anna", day(9))).is_allow());
    assert_eq!(allowed.collect::<Vec<_>>(), [false, true]);
}

#[test]
fn events_round_trip_through_json() {
    let lines = [
        r#"{"at":"2026-01-10T10:00:00Z","recorded_at":"2026-01-11T10:00:00Z","type":"consent_given","purposes":["newsletter"],"notice_version":"v3","method":"web_form","affirmative":true,"by":"parent","parental_verification":true,"explicit":true,"explicit_for":["health"],"data_categories":["health"],"controllers":["A"],"bundled_with_contract":true,"despite_restriction":true,"value":true}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"consent_refused","purposes":["*"]}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"consent_withdrawn","purposes":["newsletter","email_marketing"]}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"consent_invalidated","purposes":["newsletter"]}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"consent_requested","purposes":["newsletter"]}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"objection","scope":"profiling_for_direct_marketing"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"restriction_lifted","informed":true}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"opt_out","right":"*"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"signal","gpc":true}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"signal","gpp_usnat":{"SaleOptOut":1,"Gpc":false}}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"erasure_requested"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","event_id":"e1","profile":"p1","type":"consent_confirmed","purposes":["newsletter"]}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"objection_rejected","scope":"*","compelling_grounds":true}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"notice_shown","version":"v1","covers":["newsletter"],"right_to_object":true,"opt_out_offered":true,"sensitive_opt_out_offered":true}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"restriction_set"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"erasure_completed"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"rectified"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"rectified","data_categories":["address"]}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"collected","data_categories":["address"]}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"imported","source":"crm"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"opt_in","by":"parent","parental_verification":true,"right":"sale","two_step":true,"after_conflict_notice":true}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"purchase","opt_out_offered":true,"product_line":"garden"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"activity"}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"identities_merged","profiles":["p1","p2"]}"#,
        r#"{"at":"2026-01-10T10:00:00Z","type":"identities_split","profiles":["p1","p2"]}"#,
    ];
    for line in lines {
        let event: Event = serde_json::from_str(line).unwrap();
        let written: serde_json::Value = serde_json::to_value(&event).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(line).unwrap());
        assert_eq!(serde_json::from_value::<Event>(written).unwrap(), event);
    }
    let tcf: Event =
        serde_json::from_str(r#"{"at":"2026-01-10T10:00:00Z","type":"signal","tcf":{"version":2}}"#).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&serde_json::to_string(&tcf).unwrap()).unwrap(), tcf);
    assert!(serde_json::from_str::<Event>(r#"[null,null,"x"]"#).is_err());
}

#[test]
fn a_file_of_lines_becomes_a_ledger() {
    let text = concat!(
        "\u{feff}{\"customer_id\":\"anna\",\"jurisdiction\":\"DE\",\"birth_date\":\"1990-01-31\"}\r\n",
        "\n  \n",
        r#"{"customer_id":"anna","at":"2026-01-10T11:00:00+01:00","type":"consent_given","purposes":["segmentation_marketing"],"notice_version":"v3","method":"web_form","affirmative":true,"by":"self","ip":"unknown key"}"#,
        "\n",
        r#"{"customer_id":17,"jurisdiction":["DE","FR"],"jurisdiction_history":[{"from":"2020-01-01T00:00:00Z","code":"US-NY"}]}"#,
        "\n",
        r#"{"customer_id":"17","at":"2026-01-10T11:00:00Z","type":"consent_refused","purposes":["*"]}"#,
        "\n",
        r#"{"customer_id":"carl","jurisdiction":null}"#,
    );
    let ledger = read(text).unwrap();
    assert_eq!((ledger.n_customers(), ledger.n_events()), (3, 2));
    assert!(ledger.contains("17") && !ledger.contains("bert"));
    let at = Timestamp::parse("2026-06-01T00:00:00Z").unwrap();
    let reasons = ["anna", "17", "carl", "bert"].map(|id| ledger.decide(&question().about(id, at)).reason());
    assert_eq!(reasons, [Reason::Consent, Reason::UnknownJurisdiction, Reason::NoConsent, Reason::UnknownSubject]);
}

#[test]
fn every_unreadable_line_is_named_and_no_value_shown() {
    let column = |line: &str, expected: JsonProblem| match read(&format!("\n\n{line}\n")).unwrap_err() {
        ConsentError::Json { source_name, line, column, problem } => {
            assert_eq!((source_name.as_str(), line, problem), ("consent.jsonl", 3, expected));
            assert!(column > 0);
        }
        other => panic!("{line}: {other}"),
    };
    column(r#"{"customer_id":"canary",}"#, JsonProblem::Syntax);
    column(r#"canary"#, JsonProblem::Syntax);
    column(r#"{"customer_id":"a"} {"customer_id":"canary"}"#, JsonProblem::Syntax);
    column(r#"{"customer_id":"canary","#, JsonProblem::Incomplete);
    column(r#"{"customer_id":"canary","customer_id":"b"}"#, JsonProblem::DuplicateKey);
    column(r#"["canary"]"#, JsonProblem::WrongType);
    column(r#"{"customer_id":1.5}"#, JsonProblem::WrongType);
    column(r#"{"customer_id":["canary"]}"#, JsonProblem::WrongType);
    column(r#"{"customer_id":"canary","jurisdiction":7}"#, JsonProblem::WrongType);
    column(r#"{"customer_id":"a","at":7,"type":"canary"}"#, JsonProblem::WrongType);
    column(
        r#"{"customer_id":"a","at":"2026-01-10T10:00:00Z","type":"consent_given","affirmative":"canary"}"#,
        JsonProblem::WrongType,
    );

    let at = r#""customer_id":"a","at":"2026-01-10T10:00:00Z""#;
    let cases = [
        (r#"{"jurisdiction":"canary"}"#.to_owned(), LineProblem::MissingKey { key: "customer_id" }),
        (r#"{"customer_id":""}"#.to_owned(), LineProblem::EmptyCustomer),
        (r#"{"customer_id":"a","birth_date":"canary"}"#.to_owned(), LineProblem::Date { key: "birth_date" }),
        (format!(r#"{{{at}}}"#), LineProblem::MissingKey { key: "type" }),
        (format!(r#"{{{at},"type":"canary"}}"#), LineProblem::UnknownType),
        (
            r#"{"customer_id":"a","type":"consent_refused","purposes":["*"]}"#.to_owned(),
            LineProblem::MissingKey { key: "at" },
        ),
        (
            r#"{"customer_id":"a","at":"canary","type":"consent_refused","purposes":["*"]}"#.to_owned(),
            LineProblem::Time { key: "at" },
        ),
        (
            format!(r#"{{{at},"recorded_at":"2026-01-10","type":"erasure_requested"}}"#),
            LineProblem::Time { key: "recorded_at" },
        ),
        (format!(r#"{{{at},"type":"consent_withdrawn"}}"#), LineProblem::MissingKey { key: "purposes" }),
        (format!(r#"{{{at},"type":"consent_withdrawn","purposes":[]}}"#), LineProblem::EmptyList { key: "purposes" }),
        (
            format!(r#"{{{at},"type":"consent_withdrawn","purposes":["Canary"]}}"#),
            LineProblem::Purpose { key: "purposes" },
        ),
        (format!(r#"{{{at},"type":"objection"}}"#), LineProblem::MissingKey { key: "scope" }),
        (format!(r#"{{{at},"type":"objection","scope":"The Canary"}}"#), LineProblem::Purpose { key: "scope" }),
        (format!(r#"{{{at},"type":"opt_out","right":"canary"}}"#), LineProblem::UnknownRight),
        (format!(r#"{{{at},"type":"signal"}}"#), LineProblem::MissingKey { key: "gpc`, `gpp_usnat` or `tcf" }),
    ];
    for (text, expected) in cases {
        match read(&format!("\n{text}")).unwrap_err() {
            ConsentError::Line { source_name, line, problem } => {
                assert_eq!((source_name.as_str(), line, problem), ("consent.jsonl", 2, expected), "{text}");
            }
            other => panic!("{text}: {other}"),
        }
        let error = read(&text).unwrap_err();
        assert!(!format!("{error} {error:?}").to_lowercase().contains("canary"), "{error}");
    }
}

#[test]
fn a_column_points_into_the_line() {
    let error = read("{\"customer_id\":\"a\"}\n{\"customer_id\":\"a\",,}\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "consent.jsonl line 2, column 20: unreadable consent line: not JSON; write one object a line"
    );
}

#[test]
fn bytes_that_are_no_text_overlong_lines_and_registers_are_refused() {
    let error = Ledger::read_jsonl("consent.jsonl", &b"\n\xff\n"[..]).unwrap_err();
    assert!(matches!(error, ConsentError::Line { line: 2, problem: LineProblem::NotUtf8, .. }));

    let start = r#"{"customer_id":"a"}"#;
    let limit = 1 << 20;
    let fits = format!("{start}{}\n", " ".repeat(limit - start.len() - 1));
    assert_eq!(read(&fits).unwrap().n_customers(), 1);
    let error = read(&format!("{fits} {fits}")).unwrap_err();
    assert!(matches!(error, ConsentError::LineTooLong { line: 2, .. }), "{error}");

    for key in ["register", "activities"] {
        let error = read(&format!("{{\"{key}\":{{}}}}\n{start}")).unwrap_err();
        assert!(matches!(error, ConsentError::RegisterMisplaced { line: 1, .. }), "{error}");
    }
    let error = Ledger::read_jsonl_file("/nonexistent/consent.jsonl").unwrap_err();
    assert!(matches!(error, ConsentError::Io { .. }));
}

#[test]
fn two_birth_dates_or_jurisdictions_of_one_customer_are_an_error() {
    let first = r#"{"customer_id":"a","jurisdiction":"DE","birth_date":"1990-01-31"}"#;
    assert_eq!(read(&format!("{first}\n{first}\n{{\"customer_id\":\"a\"}}")).unwrap().n_customers(), 1);
    for (second, key) in [(r#""birth_date":"1990-02-01""#, "birth_date"), (r#""jurisdiction":"FR""#, "jurisdiction")] {
        let error = read(&format!("{first}\n{{\"customer_id\":\"a\",{second}}}")).unwrap_err();
        match error {
            ConsentError::Line { line: 2, problem: LineProblem::Conflict { key: found }, .. } => assert_eq!(found, key),
            other => panic!("{other}"),
        }
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![
        4 => Just(given(0).kind().clone()),
        1 => Just(grant(serde_json::json!({"method": null})).kind().clone()),
        1 => Just(grant(serde_json::json!({"despite_restriction": true})).kind().clone()),
        1 => Just(grant(serde_json::json!({"controllers": ["B"]})).kind().clone()),
        1 => Just(Event::given(day(0), &purpose("newsletter"), "v1", "web_form").kind().clone()),
        4 => restrictive(),
        1 => Just(EventKind::RestrictionLifted { informed: true }),
        1 => Just(EventKind::ConsentRequested(Purposes::all().into())),
        1 => Just(EventKind::OptOut { right: Right::Sale }),
    ];
    (0i64..6, 0i64..6, kind).prop_map(|(n, late, kind)| event(n, kind).with_recorded_at(day(n + late)))
}

fn restrictive() -> impl Strategy<Value = EventKind> {
    let purposes = || prop_oneof![Just(Purposes::from(&purpose(MARKETING))), Just(Purposes::all())];
    prop_oneof![
        purposes().prop_map(|purposes| EventKind::ConsentRefused(purposes.into())),
        purposes().prop_map(|purposes| EventKind::ConsentWithdrawn(purposes.into())),
        purposes().prop_map(|purposes| EventKind::ConsentInvalidated(purposes.into())),
        Just(EventKind::Objection { scope: ObjectionScope::DirectMarketing }),
        Just(EventKind::RestrictionSet),
        Just(EventKind::ErasureRequested),
        Just(EventKind::OptOut { right: Right::All }),
        Just(EventKind::Signal(Box::new(Signal::gpc(true)))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arrival_order_and_duplicates_never_matter(
        (events, shuffled) in prop::collection::vec(any_event(), 0..8)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        at in 0i64..8,
        known in 0i64..12,
    ) {
        let question = question();
        let request = question.about("anna", day(at)).with_known_at(day(known));
        let twice = shuffled.iter().chain(&events).cloned();
        let expected = decide(&ledger(events.clone()), Register::of_consent(), &request);
        prop_assert_eq!(decide(&ledger(shuffled.clone()), Register::of_consent(), &request), expected);
        prop_assert_eq!(decide(&ledger(twice), Register::of_consent(), &request), expected);
    }

    #[test]
    fn saying_no_never_turns_a_no_into_a_yes(
        events in prop::collection::vec(any_event(), 0..8),
        kind in restrictive(),
        n in 0i64..8,
        at in 0i64..8,
    ) {
        let before = reason(events.clone(), at);
        let after = reason(events.into_iter().chain([event(n, kind)]), at);
        prop_assert!(before.is_allow() || !after.is_allow(), "{before} became {after}");
    }

    #[test]
    fn what_happens_or_is_recorded_later_changes_nothing(
        events in prop::collection::vec(any_event(), 0..8),
        later in any_event(),
        at in 0i64..8,
    ) {
        let question = question();
        let request = question.about("anna", day(at)).with_known_at(day(at));
        let mut later = serde_json::to_value(&later).unwrap();
        later["recorded_at"] = serde_json::json!(day(at + 1).to_string());
        let later: Event = serde_json::from_value(later).unwrap();
        let before = decide(&ledger(events.clone()), Register::of_consent(), &request);
        let after = decide(&ledger(events.into_iter().chain([later])), Register::of_consent(), &request);
        prop_assert_eq!(before, after);
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in "[\\PC\n{}\":,]{0,80}") {
        let _ = read(&text);
    }
}

#[test]
fn white_space_around_an_id_hides_no_withdrawal() {
    let (given, withdrawn) = ("2026-01-10T00:00:00Z", "2026-02-10T00:00:00Z");
    let purpose = Purpose::parse("segmentation_marketing").unwrap();
    let mut ledger = Ledger::new();
    ledger.append("7", Event::given(Timestamp::parse(given).unwrap(), &purpose, "v1", "web_form")).unwrap();
    ledger.append(" 7\t", Event::withdrawn(Timestamp::parse(withdrawn).unwrap(), &purpose)).unwrap();
    let at = Timestamp::parse("2026-06-01T00:00:00Z").unwrap();
    let question = Question::from(purpose);
    for id in ["7", "7 "] {
        assert_eq!(ledger.decide(&question.about(id, at)).reason(), Reason::ConsentWithdrawn);
    }
    assert!(ledger.know("  ").is_err());
}

#[test]
fn a_line_that_could_be_half_an_event_is_an_error_and_no_description() {
    for line in [
        r#"{"customer_id":"7","event":"consent_withdrawn","time":"2026-01-01T00:00:00Z"}"#,
        r#"{"customer_id":"7","at":"2026-01-01T00:00:00Z","purposes":["newsletter"]}"#,
        r#"{"customer_id":"7","birth_date":"1990-01-31","affirmative":false}"#,
    ] {
        let error = Ledger::read_jsonl("consent.jsonl", line.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("consent.jsonl line 1") && error.contains("`type` is missing"), "{error}");
    }
    let description = r#"{"customer_id":"7","jurisdiction":"DE","birth_date":"1990-01-31"}"#;
    assert!(Ledger::read_jsonl("consent.jsonl", description.as_bytes()).unwrap().contains("7"));
}

#[test]
fn blank_proof_and_a_null_where_a_no_is_needed_prove_nothing() {
    let line = |changed: &str| {
        let proof = r#""notice_version":"v1","method":"letter","affirmative":true,"by":"self""#;
        let at = r#""customer_id":"7","at":"2026-01-01T00:00:00Z","type":"consent_given""#;
        let purposes = r#""purposes":["segmentation_marketing"]"#;
        let (key, value) = changed.split_once(':').unwrap();
        let proof = proof.split(',').filter(|part| !part.starts_with(key)).collect::<Vec<_>>().join(",");
        format!("{{{at},{purposes},{proof},{key}:{value}}}")
    };
    let question = Question::from(purpose(MARKETING));
    let at = Timestamp::parse("2026-06-01T00:00:00Z").unwrap();
    let reason = |changed: &str| {
        let ledger = Ledger::read_jsonl("consent.jsonl", line(changed).as_bytes()).unwrap();
        ledger.decide(&question.about("7", at)).reason()
    };
    assert_eq!(reason(r#""bundled_with_contract":false"#), Reason::Consent);
    for changed in [
        r#""notice_version":"  ""#,
        r#""method":" ""#,
        r#""affirmative":null"#,
        r#""by":"somebody""#,
        r#""bundled_with_contract":null"#,
        r#""bundled_with_contract":true"#,
        r#""value":null"#,
    ] {
        assert_eq!(reason(changed), Reason::ConsentInvalid, "{changed}");
    }
}

#[test]
fn what_a_notice_does_not_say_is_not_taken_as_said() {
    let interest = Activity::on(LawfulBasis::LegitimateInterest).with_balancing_assessment("LIA-1");
    let implied = Activity::on(LawfulBasis::ImpliedConsent);
    let told = |notice: Notice| event(1, EventKind::NoticeShown(Box::new(notice)));
    let notice = || Notice::new("v1", Purposes::from(&purpose("pricing")));
    let ask = |code: &str, activity: &Activity, notice: Notice, question: &Question| {
        let mut ledger = Ledger::new();
        ledger.describe("anna", &Subject::new().with_jurisdiction(code)).unwrap();
        ledger.append("anna", told(notice)).unwrap();
        decide(&ledger, &Register::new().with(&purpose("pricing"), activity.clone()), &question.about("anna", day(9)))
            .reason()
    };
    let plain = Question::new(Operation::Use, &purpose("pricing"));
    let religion = plain.clone().reading(["religion"]);
    let state = Activity::opt_out([&purpose("pricing")]);
    assert_eq!(ask("ES", &interest, notice(), &plain), Reason::NoNotice);
    assert_eq!(ask("ES", &interest, notice().with_right_to_object(), &plain), Reason::LegitimateInterest);
    assert_eq!(ask("CA", &implied, notice(), &plain), Reason::NoNotice);
    assert_eq!(ask("CA", &implied, notice().with_opt_out(), &plain), Reason::ImpliedConsent);
    assert_eq!(ask("US-UT", &state, notice(), &religion), Reason::NoNotice);
    assert_eq!(ask("US-UT", &state, notice().with_sensitive_opt_out(), &religion), Reason::NoOptOut);
    // A grant of one purpose is no grant of all, which would be invalid.
    assert_eq!(reason([given(1)], 9), Reason::Consent);
    let one = event(1, EventKind::ConsentWithdrawn(Purposes::only([purpose("pricing")]).into()));
    assert_eq!(reason([given(1), one], 9), Reason::Consent);
}

#[test]
fn what_an_opt_in_does_not_say_is_not_taken_as_said() {
    let ads = purpose("third_party_advertising");
    let register = Register::new().with(&ads, Activity::opt_out([&ads]));
    let partner = Recipient::new(RecipientRole::ThirdParty).with_contract();
    let question = Question::new(Operation::Share, &ads).to(partner);
    let ask = |born: &str, events: Vec<EventKind>| {
        let mut ledger = Ledger::new();
        let subject = Subject::new().with_jurisdiction("US-CA").with_birth_date(Date::parse(born).unwrap());
        ledger.describe("anna", &subject).unwrap();
        for (n, kind) in events.into_iter().enumerate() {
            ledger.append("anna", event(n as i64, kind)).unwrap();
        }
        decide(&ledger, &register, &question.about("anna", day(9))).reason()
    };
    let opt_in = || OptIn::two_step(Right::SaleShare);
    let in_again = |first: EventKind, opt_in: OptIn| vec![first, EventKind::OptIn(opt_in)];
    let out = || EventKind::OptOut { right: Right::SaleShare };
    let signal = || EventKind::Signal(Box::new(Signal::gpc(true)));
    let (adult, minor, child) = ("1990-01-01", "2009-01-01", "2015-01-01");
    assert_eq!(ask(adult, in_again(out(), opt_in())), Reason::OptedIn);
    assert_eq!(ask(adult, in_again(signal(), opt_in())), Reason::OptedOut);
    assert_eq!(ask(adult, in_again(signal(), opt_in().after_conflict_notice())), Reason::OptedIn);
    assert_eq!(ask(minor, vec![EventKind::OptIn(opt_in())]), Reason::OptedIn);
    assert_eq!(ask(child, vec![EventKind::OptIn(opt_in())]), Reason::MinorNoOptIn);
    assert_eq!(ask(child, vec![EventKind::OptIn(opt_in().by_verified_parent())]), Reason::OptedIn);
}

#[test]
fn a_signal_opts_out_if_any_of_its_parts_does() {
    let fields = |fields: GppUsnat| Signal::gpp_usnat(fields);
    let none = GppUsnat { sale: Some(2), sharing: Some(2), targeted_advertising: Some(0), gpc: Some(false) };
    for set in [
        Signal::gpc(true),
        fields(GppUsnat { sale: Some(1), ..none }),
        fields(GppUsnat { sharing: Some(1), ..none }),
        fields(GppUsnat { targeted_advertising: Some(1), ..none }),
        fields(GppUsnat { gpc: Some(true), ..none }),
    ] {
        assert!(set.opts_out());
    }
    for unset in [Signal::gpc(false), Signal::default(), fields(none), fields(GppUsnat::default())] {
        assert!(!unset.opts_out());
    }
}
