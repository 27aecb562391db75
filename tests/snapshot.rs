//! What a snapshot promises: its bits are the decisions, at every time, and the next read sees every event.

#[expect(dead_code, reason = "malformed cases are for other tests")]
#[path = "model/cases.rs"]
mod cases;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use consentric::consent::{
    Agreement, ConsentError, ConsentFile, Derived, DueDiligence, Event, Ledger, Operation, Purpose, Question, Reason,
    Recipient, RecipientRole, Register, Snapshot, decide,
};
use consentric::time::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

fn purpose(id: &str) -> Purpose {
    Purpose::parse(id).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn after(instant: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_micros(instant.as_micros() + micros)
}

/// Questions in which every kind of rule has a part.
fn questions() -> Vec<Question> {
    let ask = |operation, id: &str| Question::new(operation, &purpose(id));
    let (from, to) = (at("2025-01-01T00:00:00Z"), at("2026-05-01T00:00:00Z"));
    let processor = Recipient::new(RecipientRole::Processor)
        .with_agreement(
            Agreement::new("art28", from, to, [&purpose("service_delivery")]).with_data_categories(["email"]),
        )
        .with_due_diligence(DueDiligence::sufficient(from, at("2026-01-01T00:00:00Z")))
        .with_contract();
    let advertiser = || Recipient::new(RecipientRole::ThirdParty).with_contract().with_tcf_vendor(755);
    vec![
        Question::segment(&purpose("segmentation_marketing")),
        ask(Operation::Contact, "newsletter").reading(["email"]).for_product_line("garden").with_opt_out_in_message(),
        ask(Operation::Share, "third_party_advertising").reading(["email"]).to(advertiser()),
        ask(Operation::Sell, "data_sale").reading(["email"]).to(advertiser()),
        ask(Operation::Use, "fraud_prevention").reading(["email"]),
        ask(Operation::AskConsent, "third_party_advertising"),
        ask(Operation::AskConsent, "financial_incentive"),
        ask(Operation::AutomatedDecision, "credit_decision").reading(["email"]),
        ask(Operation::Disclose, "service_delivery").reading(["email"]).to(processor),
        ask(Operation::Use, "product_research").reading(["health"]),
        ask(Operation::UseDerived, "pricing").reading(["email"]).of_derived(Derived::computed_at(from)),
        ask(Operation::Share, "email_marketing").reading(["email"]).to(advertiser()).with_tcf_purpose(3),
        ask(Operation::Store, "legal_claims").reading(["email"]),
        ask(Operation::Contact, "email_marketing").reading(["email"]),
    ]
}

/// A register line from random cases.
fn activities(seed: u64) -> Value {
    let mut activities = serde_json::Map::new();
    for (n, question) in questions().iter().enumerate() {
        let id = question.purpose().unwrap().to_string();
        for attempt in 0..50 {
            let case = cases::random_case(seed ^ (n as u64) << 32 ^ attempt << 48);
            if case["request"]["purpose"] == json!(id) && case["activity"].is_object() {
                activities.insert(id.clone(), case["activity"].clone());
            }
        }
        activities.entry(id).or_insert_with(|| json!({"lawful_basis": "consent", "consent_validity_days": 365}));
    }
    json!({"activities": activities})
}

/// A consent file of some customers from random cases, under a register from others.
fn file(seed: u64, n_customers: u64, activities: &Value) -> ConsentFile {
    let mut text = format!("{activities}\n");
    for customer in 0..n_customers {
        let case = cases::random_case(seed.wrapping_add(customer * 7_919));
        let mut line = if case["customer"].is_object() { case["customer"].clone() } else { json!({}) };
        line["customer_id"] = json!(customer.to_string());
        text += &format!("{line}\n");
        for event in case["events"].as_array().unwrap() {
            text += &format!("{}\n", about(customer, event));
        }
    }
    ConsentFile::read("random", text.as_bytes()).unwrap()
}

/// The event as one of the customer, about one of the purposes asked about.
fn about(customer: u64, event: &Value) -> Value {
    let mut event = event.clone();
    event["customer_id"] = json!(customer.to_string());
    let ids: Vec<String> = questions().iter().map(|question| question.purpose().unwrap().to_string()).collect();
    for key in ["purposes", "covers"] {
        if event[key].is_array() && event[key] != json!(["*"]) {
            event[key] = json!(ids);
        }
    }
    event
}

/// The instants at which things happen, and their neighbours.
fn times() -> Vec<Timestamp> {
    let days = ["2025-06-01", "2025-10-01", "2026-01-01", "2026-02-05", "2026-02-28", "2026-05-01", "2026-05-31"];
    let days = days.iter().chain(&["2026-07-01", "2027-01-01", "2027-05-01", "2028-02-29"]);
    let mut times: Vec<Timestamp> = days
        .flat_map(|day| {
            let midnight = at(&format!("{day}T00:00:00Z"));
            [after(midnight, -1), midnight, after(midnight, 43_200_000_000)]
        })
        .collect();
    times.push(at("2040-01-01T00:00:00Z"));
    times
}

fn check(snapshot: &Snapshot, register: &Register, now: Timestamp) -> Result<(), TestCaseError> {
    let selected: Vec<Vec<u32>> = (0..questions().len()).map(|number| snapshot.select(number, now).unwrap()).collect();
    snapshot.with_ledger(|ledger| {
        for (number, question) in questions().iter().enumerate() {
            let mut allowed = Vec::new();
            for (index, customer) in ledger.customers().enumerate() {
                let decision = decide(ledger, register, &question.about(customer, now));
                if decision.is_allow() {
                    allowed.push(index as u32);
                }
            }
            prop_assert_eq!(&selected[number], &allowed, "question {} at {}", number, now);
        }
        Ok(())
    })?;
    let customers: Vec<String> = snapshot.with_ledger(|ledger| ledger.customers().map(str::to_owned).collect());
    for (number, question) in questions().iter().enumerate() {
        for customer in &customers {
            let expected = snapshot.decide(&question.about(customer, now)).reason();
            prop_assert_eq!(snapshot.reason_for(customer, number, now).unwrap(), expected);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(250) })]

    /// Each case checks 14 questions about 6 customers at 34 times, between them appends: 2,800 decisions.
    #[test]
    fn bits_are_the_decisions_at_every_time_and_after_every_event(seed: u64) {
        let file = file(seed, 6, &activities(seed));
        let (ledger, register) = (file.ledger().clone(), file.register().clone());
        let snapshot = Snapshot::build(ledger, register.clone(), questions(), times()[0]).unwrap();
        for (n, now) in times().into_iter().enumerate() {
            check(&snapshot, &register, now)?;
            if n % 3 == 2 {
                let case = cases::random_case(seed.wrapping_mul(31).wrapping_add(n as u64));
                for event in case["events"].as_array().unwrap() {
                    let mut event = about(n as u64 % 8, event);
                    let customer = event["customer_id"].as_str().unwrap().to_owned();
                    event.as_object_mut().unwrap().remove("customer_id");
                    snapshot.append(&customer, serde_json::from_value::<Event>(event).unwrap()).unwrap();
                }
                check(&snapshot, &register, now)?;
                // Somebody asks about the past of the snapshot.
                check(&snapshot, &register, times()[n / 2])?;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(2), ..ProptestConfig::with_cases(10_000) })]

    /// Small cases, many of them: two customers, any instant within a second of one at which something happens.
    #[test]
    fn a_bit_is_the_decision(seed: u64, register in 0..64u64, place in 0..33usize, micros in -1_000_000..1_000_000i64) {
        static REGISTERS: LazyLock<Vec<Value>> = LazyLock::new(|| (0..64).map(activities).collect());
        let file = file(seed, 2, &REGISTERS[register as usize]);
        let register = file.register().clone();
        let snapshot = Snapshot::build(file.ledger().clone(), register.clone(), questions(), times()[0]).unwrap();
        let now = after(times()[place], micros).max(times()[0]);
        check(&snapshot, &register, now)?;
        let case = cases::random_case(!seed);
        if let Some(event) = case["events"].as_array().and_then(|events| events.last()) {
            let mut event = about(seed % 3, event);
            let customer = event["customer_id"].as_str().unwrap().to_owned();
            event.as_object_mut().unwrap().remove("customer_id");
            snapshot.append(&customer, serde_json::from_value::<Event>(event).unwrap()).unwrap();
            check(&snapshot, &register, now)?;
        }
    }
}

fn one(customer: &str) -> Ledger {
    let mut ledger = Ledger::new();
    let given = Event::given(at("2026-01-01T00:00:00Z"), &purpose("newsletter"), "v1", "web_form");
    ledger.append(customer, given).unwrap();
    ledger
}

fn newsletter() -> Vec<Question> {
    vec![Question::new(Operation::Contact, &purpose("newsletter")).over("email")]
}

#[test]
fn the_time_before_the_snapshot_and_questions_it_does_not_know_are_errors() {
    let built = at("2026-02-01T00:00:00Z");
    let snapshot = Snapshot::build(one("anna"), Register::of_consent().clone(), newsletter(), built).unwrap();
    assert!(matches!(snapshot.select(0, after(built, -1)), Err(ConsentError::BeforeSnapshot { .. })));
    assert!(matches!(snapshot.allows("anna", 0, after(built, -1)), Err(ConsentError::BeforeSnapshot { .. })));
    assert!(matches!(snapshot.allows("anna", 1, built), Err(ConsentError::NoQuestion { number: 1, n: 1 })));
    assert!(!snapshot.allows("bert", 0, built).unwrap());
    for n in [0, 65] {
        let questions = vec![newsletter().remove(0); n];
        let error = Snapshot::build(Ledger::new(), Register::new(), questions, built).unwrap_err();
        assert!(matches!(error, ConsentError::Questions { .. }));
    }
}

#[test]
fn a_change_of_the_register_reaches_everybody() {
    let built = at("2026-02-01T00:00:00Z");
    let snapshot = Snapshot::build(one("anna"), Register::of_consent().clone(), newsletter(), built).unwrap();
    let epoch = snapshot.epoch();
    assert_eq!(snapshot.select(0, built).unwrap(), [0]);
    snapshot.set_register(Register::new());
    assert_eq!(snapshot.reason_for("anna", 0, built).unwrap(), Reason::PurposeUnknown);
    assert!(snapshot.select(0, built).unwrap().is_empty());
    assert!(snapshot.epoch() > epoch);
}

#[test]
fn customers_who_come_later_are_answered_in_new_blocks_too() {
    let built = at("2026-02-01T00:00:00Z");
    let snapshot = Snapshot::build(Ledger::new(), Register::of_consent().clone(), newsletter(), built).unwrap();
    for n in 0..9_000 {
        let given = Event::given(at("2026-01-01T00:00:00Z"), &purpose("newsletter"), "v1", "web_form");
        snapshot.append(&n.to_string(), given).unwrap();
    }
    assert_eq!(snapshot.select(0, built).unwrap(), (0..9_000).collect::<Vec<u32>>());
    snapshot.append("8191", Event::withdrawn(built, &purpose("newsletter"))).unwrap();
    assert_eq!(snapshot.select(0, built).unwrap().len(), 8_999);
}

/// Eight readers, one writer: no read after `append` returned sees the old answer.
#[test]
fn no_read_after_an_append_sees_the_old_answer() {
    const ROUNDS: u64 = 2_000;
    let built = at("2026-02-01T00:00:00Z");
    let snapshot = Snapshot::build(one("anna"), Register::of_consent().clone(), newsletter(), built).unwrap();
    // Odd: the newest finished append said no; even: it said yes. A reader that sees the same number before and after
    // its read must see that answer.
    let finished = AtomicU64::new(0);
    let begun = AtomicU64::new(0);
    let done = AtomicBool::new(false);
    let n_judged = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for reader in 0..8 {
            let (snapshot, finished, begun, done, n_judged) = (snapshot.clone(), &finished, &begun, &done, &n_judged);
            scope.spawn(move || {
                let now = at("2027-01-01T00:00:00Z");
                while !done.load(Ordering::SeqCst) {
                    let before = finished.load(Ordering::SeqCst);
                    let allowed = if reader % 2 == 0 {
                        snapshot.allows("anna", 0, now).unwrap()
                    } else {
                        !snapshot.select(0, now).unwrap().is_empty()
                    };
                    if begun.load(Ordering::SeqCst) == before {
                        assert_eq!(allowed, before % 2 == 0, "after {before} appends");
                        n_judged.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
        for round in 1..=ROUNDS {
            let instant = after(built, round as i64);
            begun.store(round, Ordering::SeqCst);
            let event = if round % 2 == 1 {
                Event::withdrawn(instant, &purpose("newsletter"))
            } else {
                Event::given(instant, &purpose("newsletter"), "v1", "web_form")
            };
            snapshot.append("anna", event).unwrap();
            finished.store(round, Ordering::SeqCst);
            // Time for readers to meet a quiet moment.
            if round % 10 == 0 {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        }
        done.store(true, Ordering::SeqCst);
    });
    assert!(n_judged.load(Ordering::SeqCst) > 100, "the readers never met a quiet moment");
}

#[test]
fn who_leaves_during_a_run_stops_its_release() {
    use consentric::prelude::*;
    use consentric::release::ReleaseError;

    let rows: String = (0..60).map(|n| format!("c{n},2026-01-{:02},{}\n", 1 + n % 20, 5 + n)).collect();
    let table =
        TransactionsReader::new().read_csv("t", format!("customer,timestamp,amount\n{rows}").as_bytes()).unwrap();
    let customers = Customers::from_transactions(table).unwrap();
    let marketing = purpose("segmentation_marketing");
    let mut ledger = Ledger::new();
    for n in 0..61 {
        let given = Event::given(at("2026-01-01T00:00:00Z"), &marketing, "v1", "web_form");
        ledger.append(&format!("c{n}"), given).unwrap();
    }
    let (question, run_at) = (Question::segment(&marketing), at("2026-02-01T00:00:00Z"));
    let snapshot = Snapshot::build(ledger, Register::of_consent().clone(), vec![question.clone()], run_at).unwrap();
    let segmented = |change: &dyn Fn()| {
        let consented = customers.consent(&snapshot, &question, run_at).unwrap();
        let features =
            consented.protect(MasterKey::from_bytes([1; 32])).unwrap().features(Rfm::in_last_days(365)).unwrap();
        let segmentation = features.segment(&KMeans::new(2).unwrap(), &FitContext::new(1)).unwrap();
        change();
        segmentation.release(&KAnonymity::new(5).unwrap()).map(|_| ())
    };
    assert_eq!(segmented(&|| {}), Ok(()));
    // Somebody else leaves, and somebody of the run says yes again.
    let withdrawn = |at| Event::withdrawn(at, &marketing);
    assert_eq!(segmented(&|| snapshot.append("c60", withdrawn(run_at)).unwrap()), Ok(()));
    let again = Event::given(at("2026-01-15T00:00:00Z"), &marketing, "v1", "web_form");
    assert_eq!(segmented(&|| snapshot.append("c7", again.clone()).unwrap()), Ok(()));
    // The withdrawal takes effect after the instant the run asked about, and counts all the same.
    let later = at("2026-05-01T00:00:00Z");
    assert_eq!(
        segmented(&|| snapshot.append("c7", withdrawn(later)).unwrap()),
        Err(ReleaseError::ConsentChanged { n: 1 })
    );
    assert_eq!(segmented(&|| snapshot.set_register(Register::new())), Err(ReleaseError::ConsentChanged { n: 60 }));
}
