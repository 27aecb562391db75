//! What the register promises: its hash, laws of one's own, dry runs, files, and reading less than was asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use consentric::audit::Action;
use consentric::consent::{
    Activity, Case, CompatibilityAssessment, ConsentError, ConsentFile, ConsentPolicy, Event, EventKind, Flags,
    Jurisdiction, LawfulBasis, Ledger, Notice, Operation, Purpose, Purposes, Question, Reason, Recipient,
    RecipientRole, Register, RuleSet, Signal, Strictest, Subject, Verdict, decide, jurisdiction,
};
use consentric::prelude::{Columns, KAnonymity, KMeans, MasterKey, Pipeline};
use consentric::record::{CustomersReader, Field, Kind, Role, Schema};
use consentric::time::Timestamp;

const MARKETING: &str = "segmentation_marketing";

fn purpose(id: &str) -> Purpose {
    Purpose::parse(id).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn now() -> Timestamp {
    at("2026-06-01T00:00:00Z")
}

fn given() -> Event {
    Event::given(at("2026-01-01T00:00:00Z"), &purpose(MARKETING), "v1", "web_form")
}

fn living_in(code: &str) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.describe("anna", &Subject::new().with_jurisdiction(code)).unwrap();
    ledger.append("anna", given()).unwrap();
    ledger
}

fn reason(ledger: &Ledger, register: &Register) -> Reason {
    decide(ledger, register, &Question::segment(&purpose(MARKETING)).about("anna", now())).reason()
}

/// Swiss customers are judged like German ones, and never on a Monday.
struct Swiss {
    rules: RuleSet,
}

impl Jurisdiction for Swiss {
    fn code(&self) -> &str {
        "CH"
    }

    fn in_force(&self, _: Timestamp) -> &RuleSet {
        &self.rules
    }

    fn judge(&self, case: &Case<'_>) -> Verdict {
        if case.at().date().days().rem_euclid(7) == 4 {
            return Verdict::new(Reason::Restricted);
        }
        Strictest(&[jurisdiction("DE").unwrap(), jurisdiction("FR").unwrap()]).judge(case)
    }

    fn next_change(&self, _: Timestamp) -> Option<Timestamp> {
        None
    }
}

#[test]
fn a_law_of_ones_own_stands_beside_the_shipped_ones() {
    let own = Register::of_consent().clone().with_law(Arc::new(Swiss { rules: RuleSet::european(16) }));
    let ledger = living_in("CH");
    assert_eq!(reason(&ledger, Register::of_consent()), Reason::UnknownJurisdiction);
    // 2026-06-01 is a Monday.
    assert_eq!(reason(&ledger, &own), Reason::Restricted);
    let question = Question::segment(&purpose(MARKETING));
    let tuesday = question.about("anna", at("2026-06-02T00:00:00Z"));
    let decision = decide(&ledger, &own, &tuesday);
    assert_eq!((decision.reason(), decision.is_supported()), (Reason::Consent, true));
    assert_ne!(own.policy_hash(), Register::of_consent().policy_hash());
}

#[test]
fn a_law_of_ones_own_makes_a_shipped_one_only_stricter() {
    struct Never(RuleSet);
    impl Jurisdiction for Never {
        fn code(&self) -> &str {
            "DE"
        }
        fn in_force(&self, _: Timestamp) -> &RuleSet {
            &self.0
        }
        fn judge(&self, _: &Case<'_>) -> Verdict {
            Verdict::new(Reason::Banned)
        }
        fn next_change(&self, _: Timestamp) -> Option<Timestamp> {
            None
        }
    }
    struct Always(RuleSet);
    impl Jurisdiction for Always {
        fn code(&self) -> &str {
            "DE"
        }
        fn in_force(&self, _: Timestamp) -> &RuleSet {
            &self.0
        }
        fn judge(&self, _: &Case<'_>) -> Verdict {
            Verdict::new(Reason::Consent)
        }
        fn next_change(&self, _: Timestamp) -> Option<Timestamp> {
            None
        }
    }
    let rules = RuleSet::european(16);
    let never = Register::of_consent().clone().with_law(Arc::new(Never(rules)));
    assert_eq!(reason(&living_in("DE"), &never), Reason::Banned);
    assert_eq!(reason(&living_in("FR"), &never), Reason::Consent);
    let always = Register::of_consent().clone().with_law(Arc::new(Always(rules)));
    let mut asked_only = Ledger::new();
    asked_only.describe("anna", &Subject::new().with_jurisdiction("DE")).unwrap();
    assert_eq!(reason(&asked_only, &always), Reason::NoConsent);
}

#[test]
fn the_strictest_of_no_laws_allows_nothing() {
    struct Nowhere(RuleSet);
    impl Jurisdiction for Nowhere {
        fn code(&self) -> &str {
            "XX"
        }
        fn in_force(&self, _: Timestamp) -> &RuleSet {
            &self.0
        }
        fn judge(&self, case: &Case<'_>) -> Verdict {
            let nothing = Strictest(&[]).judge(case);
            assert!(!nothing.is_allow());
            nothing
        }
        fn next_change(&self, _: Timestamp) -> Option<Timestamp> {
            None
        }
    }
    let own = Register::of_consent().clone().with_law(Arc::new(Nowhere(RuleSet::european(16))));
    assert_eq!(reason(&living_in("XX"), &own), Reason::UnknownJurisdiction);
}

#[test]
fn signals_are_honoured_in_virginia_and_utah_where_the_controller_says_so() {
    let sale = purpose("data_sale");
    let register = Register::new().with(&sale, Activity::opt_out([&sale]));
    let everywhere = register.clone().with_gpc_everywhere();
    let buyer = Recipient::new(RecipientRole::ThirdParty).with_contract();
    let question = Question::new(Operation::Sell, &sale).to(buyer);
    for (code, by_law) in [("US-VA", Reason::NoOptOut), ("US-UT", Reason::NoOptOut), ("US-CA", Reason::OptedOut)] {
        let mut ledger = living_in(code);
        let ask =
            |ledger: &Ledger, register: &Register| decide(ledger, register, &question.about("anna", now())).reason();
        assert_eq!(ask(&ledger, &everywhere), Reason::NoOptOut);
        let signal = EventKind::Signal(Box::new(Signal::gpc(true)));
        ledger.append("anna", Event::new(at("2026-02-01T00:00:00Z"), signal)).unwrap();
        assert_eq!((ask(&ledger, &register), ask(&ledger, &everywhere)), (by_law, Reason::OptedOut), "{code}");
    }
}

#[test]
fn a_purpose_with_an_activity_keeps_it_when_all_others_come_to_rest_on_consent() {
    let pricing = purpose("pricing");
    let register = Register::new().with(&pricing, Activity::on(LawfulBasis::Contract)).resting_on_consent();
    assert_eq!(register.activity(&pricing).unwrap().lawful_basis(), Some(LawfulBasis::Contract));
    assert_eq!(register.activity(&purpose(MARKETING)).unwrap().lawful_basis(), Some(LawfulBasis::Consent));
}

#[test]
fn an_assessment_that_found_purposes_compatible_carries_the_further_use() {
    let (original, further) = (purpose("service_delivery"), purpose("product_research"));
    let activity = Activity::on(LawfulBasis::Contract).with_original(&original, LawfulBasis::Contract);
    let assessed = activity.clone().with_compatibility_assessment(CompatibilityAssessment::compatible("CA-7", []));
    let mut ledger = living_in("ES");
    let notice = EventKind::NoticeShown(Box::new(Notice::new("v1", Purposes::from(&further))));
    ledger.append("anna", Event::new(at("2026-01-01T00:00:00Z"), notice)).unwrap();
    let question = Question::new(Operation::Use, &further);
    let ask = |activity: Activity| {
        decide(&ledger, &Register::new().with(&further, activity), &question.about("anna", now())).reason()
    };
    assert_eq!(ask(activity), Reason::PurposeIncompatible);
    assert_eq!(ask(assessed), Reason::CompatiblePurpose);
}

#[test]
fn the_hash_tells_every_difference_and_nothing_else() {
    let build = || Register::new().with(&purpose("newsletter"), Activity::on(LawfulBasis::Consent));
    assert_eq!(build().policy_hash(), build().policy_hash());
    let flagged = Flags { direct_marketing: true, ..Flags::default() };
    let others = [
        Register::new(),
        build().with_gpc_everywhere(),
        build().with(&purpose("pricing"), Activity::on(LawfulBasis::Consent)),
        build().with_purpose(&purpose("club"), flagged),
        build().with_purpose(&purpose("club"), Flags::default()),
        Register::new().with(&purpose("newsletter"), Activity::on(LawfulBasis::Contract)),
        Register::new().with(&purpose("newsletter"), Activity::on(LawfulBasis::Consent).with_retention_days(1)),
        Register::new().with(&purpose("newsletter"), Activity::on(LawfulBasis::Consent).with_consent_validity_days(1)),
    ];
    let hashes: std::collections::BTreeSet<String> =
        others.iter().chain([&build()]).map(|register| register.policy_hash().to_string()).collect();
    assert_eq!(hashes.len(), others.len() + 1);
    // The order in which activities were added is no difference.
    let (a, b) = (purpose("newsletter"), purpose("pricing"));
    let one = Register::new().with(&a, Activity::default()).with(&b, Activity::default());
    let two = Register::new().with(&b, Activity::default()).with(&a, Activity::default());
    assert_eq!(one.policy_hash(), two.policy_hash());
}

#[test]
fn an_impact_counts_who_would_be_judged_otherwise() {
    let mut ledger = living_in("DE");
    for customer in ["bert", "carl"] {
        ledger.append(customer, given()).unwrap();
    }
    ledger.append("carl", Event::withdrawn(at("2026-02-01T00:00:00Z"), &purpose(MARKETING))).unwrap();
    let stricter =
        Register::new().with(&purpose(MARKETING), Activity::on(LawfulBasis::Consent).with_consent_validity_days(30));
    let question = Question::segment(&purpose(MARKETING));
    let impact = Register::of_consent().impact(&stricter, &ledger, &question, now());
    assert_eq!(impact, BTreeMap::from([((Reason::Consent, Reason::ConsentExpired), 2)]));
}

#[test]
fn an_event_is_taken_once_and_its_id_belongs_to_it() {
    let mut ledger = Ledger::new();
    for _ in 0..2 {
        ledger.append("anna", given().with_event_id("e1")).unwrap();
        ledger.append(" anna ", given().with_event_id("e1")).unwrap();
    }
    assert_eq!(ledger.n_events(), 1);
    let withdrawn = Event::withdrawn(at("2026-02-01T00:00:00Z"), &purpose(MARKETING));
    let conflicts = [("anna", withdrawn.with_event_id("e1")), ("bert", given().with_event_id("e1"))];
    for (customer, event) in conflicts {
        assert!(matches!(ledger.append(customer, event), Err(ConsentError::EventConflict)));
    }
    assert_eq!((ledger.n_events(), ledger.n_customers()), (1, 1));
    let line = r#"{"customer_id":"a","event_id":"e1","at":"2026-01-01T00:00:00Z","type":"activity"}"#;
    let other = line.replace("2026", "2025");
    assert_eq!(Ledger::read_jsonl("c", format!("{line}\n{line}").as_bytes()).unwrap().n_events(), 1);
    let error = Ledger::read_jsonl("c", format!("{line}\n{other}").as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("c line 2:") && error.contains("event_id"), "{error}");
}

#[test]
fn a_file_brings_its_register_on_its_first_line_only() {
    let register = r#"{"register":{"purposes":{"club":{"profiling":true}},"defaults":{"controller":"B"}},"activities":{"club":{"lawful_basis":"consent"}}}"#;
    let event = r#"{"customer_id":"a","at":"2026-01-01T00:00:00Z","type":"consent_given","purposes":["club"],"notice_version":"v1","method":"letter","affirmative":true,"by":"self","controllers":["B"]}"#;
    let file = ConsentFile::read("c", format!("\n{register}\n{event}\n").as_bytes()).unwrap();
    let ask = |id: &str| file.decide(&Question::segment(&purpose(id)).about("a", now())).reason();
    assert_eq!((ask("club"), ask(MARKETING)), (Reason::Consent, Reason::PurposeUnknown));
    assert_eq!(file.register().activity(&purpose("club")).unwrap().controller(), "B");
    let late = ConsentFile::read("c", format!("{event}\n{register}\n").as_bytes()).unwrap_err();
    assert!(matches!(late, ConsentError::RegisterMisplaced { line: 2, .. }), "{late}");
    let without = ConsentFile::read("c", event.as_bytes()).unwrap();
    assert_eq!(without.register().policy_hash(), Register::of_consent().policy_hash());
}

#[test]
fn a_run_may_drop_what_the_register_does_not_allow_and_says_so() {
    let schema = Schema::new(
        "customer",
        [Field::new("age", Role::QuasiIdentifier, Kind::Integer), Field::new("visits", Role::Behaviour, Kind::Integer)],
    )
    .unwrap();
    let rows: String = (0..40).map(|n| format!("c{n},{},{}\n", 20 + n, n)).collect();
    let customers =
        CustomersReader::new(schema).read_csv("c", format!("customer,age,visits\n{rows}").as_bytes()).unwrap();
    let mut ledger = Ledger::new();
    for n in 0..40 {
        ledger.append(&format!("c{n}"), given()).unwrap();
    }
    let allowed = Activity::on(LawfulBasis::Consent).with_allowed_categories(["purchase_history", "visits"]);
    let register = Register::new().with(&purpose(MARKETING), allowed);
    let question = Question::segment(&purpose(MARKETING)).reading(["age", "visits"]);
    let refused = customers.consent(&ledger.under(&register), &question, now()).unwrap_err().to_string();
    assert!(refused.contains("MINIMISATION"), "{refused}");
    let policy = ledger.under(&register);
    let question = question.with_dropping();
    let protected =
        customers.consent(&policy, &question, now()).unwrap().protect(MasterKey::from_bytes([1; 32])).unwrap();
    assert_eq!(protected.columns().map(|field| field.name()).collect::<Vec<_>>(), ["visits"]);
    let outcome = Pipeline::for_purpose(question)
        .at(now())
        .consent(&policy)
        .protect(MasterKey::from_bytes([1; 32]))
        .features(Columns::of(["visits"]).unwrap())
        .segment(KMeans::new(2).unwrap())
        .release(KAnonymity::new(5).unwrap())
        .run(&customers)
        .unwrap();
    let consented = outcome.audit().events().iter().find(|event| event.action == Action::Consent).unwrap();
    assert_eq!(consented.columns, ["age"]);
}

#[test]
fn dropping_never_drops_the_purchases_a_segmentation_reads() {
    let schema = Schema::new("customer", [Field::new("visits", Role::Behaviour, Kind::Integer)]).unwrap();
    let customers = CustomersReader::new(schema).read_csv("c", "customer,visits\nanna,3\n".as_bytes()).unwrap();
    let ledger = living_in("ES");
    let allowing = |categories: &[&str]| {
        let activity = Activity::on(LawfulBasis::Consent).with_allowed_categories(categories.iter().copied());
        let register = Register::new().with(&purpose(MARKETING), activity);
        let question = Question::segment(&purpose(MARKETING)).reading(["visits"]).with_dropping();
        customers.consent(&ledger.under(&register), &question, now()).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(allowing(&["purchase_history"]), Ok(()));
    let refused = allowing(&["visits"]).unwrap_err();
    assert!(refused.contains("MINIMISATION"), "{refused}");
}

#[test]
fn a_column_the_schema_calls_sensitive_needs_explicit_consent_and_no_other_does() {
    let fields = [
        Field::new("debts", Role::Sensitive, Kind::Integer),
        Field::new("illness", Role::Sensitive, Kind::Text),
        Field::new("visits", Role::Behaviour, Kind::Integer),
    ];
    let customers = CustomersReader::new(Schema::new("customer", fields).unwrap())
        .read_csv("c", "customer,debts,illness,visits\nanna,3,none,4\n".as_bytes())
        .unwrap();
    let grant = |explicit_for: &[&str]| {
        let mut json = serde_json::to_value(given()).unwrap();
        json["explicit_for"] = serde_json::json!(explicit_for);
        serde_json::from_value::<Event>(json).unwrap()
    };
    for code in ["ES", "US-VA"] {
        let ask = |explicit_for: &[&str], reads: &[&str]| {
            let mut ledger = Ledger::new();
            ledger.describe("anna", &Subject::new().with_jurisdiction(code)).unwrap();
            ledger.append("anna", grant(explicit_for)).unwrap();
            let question = Question::segment(&purpose(MARKETING)).reading(reads);
            let policy = ledger.under(Register::of_consent());
            customers.consent(&policy, &question, now()).map(|_| ()).map_err(|error| error.to_string())
        };
        assert_eq!(ask(&[], &["visits"]), Ok(()), "{code}");
        let refused = ask(&[], &["illness", "visits"]).unwrap_err();
        assert!(refused.contains("SPECIAL_CATEGORY"), "{refused}");
        assert_eq!(ask(&["illness"], &["illness", "visits"]), Ok(()), "{code}");
        assert!(ask(&["illness"], &["debts", "illness"]).is_err(), "{code}");
    }
}
