//! Consent decisions: one alone, a snapshot built from events, and a filter over many customers beside the ways people
//! do it by hand.
//!
//! The large sizes take some gigabytes and a minute to set up; with `--test` they shrink.

use std::collections::HashMap;
use std::hint::black_box;

use consentric::consent::{
    Activity, Event, EventKind, LawfulBasis, Ledger, ObjectionScope, Operation, Purpose, Question, Recipient,
    RecipientRole, Register, Snapshot, Subject, decide,
};
use consentric::time::{Date, Timestamp};
use criterion::{Criterion, criterion_group, criterion_main};

const DAY: i64 = 86_400_000_000;

fn purpose(id: &str) -> Purpose {
    Purpose::parse(id).expect("a plain id")
}

fn marketing() -> Purpose {
    purpose("segmentation_marketing")
}

fn day(number: i64) -> Timestamp {
    Timestamp::from_micros((20_000 + number) * DAY)
}

fn append(ledger: &mut Ledger, customer: &str, event: Event) {
    ledger.append(customer, event).expect("a customer with an id");
}

fn is_test() -> bool {
    std::env::args().any(|argument| argument == "--test")
}

fn one(criterion: &mut Criterion) {
    let activity = Activity::on(LawfulBasis::Consent).with_consent_validity_days(3_650).with_retention_days(3_650);
    let register = Register::new().with(&marketing(), activity);
    let question = Question::segment(&marketing());
    let mut group = criterion.benchmark_group("consent/decide/one");
    for n_events in [3, 20] {
        let mut ledger = Ledger::new();
        let born = Date::parse("1990-01-31").expect("a date");
        let subject = Subject::new().with_jurisdiction("DE").with_birth_date(born);
        ledger.describe("anna", &subject).expect("a customer with an id");
        for number in 0..n_events {
            let event = match number % 5 {
                0 => Event::given(day(number), &marketing(), "v1", "web_form"),
                1 => {
                    let data_categories = Box::new(["purchase_history".into()]);
                    Event::new(day(number), EventKind::Collected { data_categories })
                }
                2 => Event::objection(day(number), ObjectionScope::Purpose(purpose("newsletter"))),
                3 => Event::new(day(number), EventKind::Purchase { product_line: None, opt_out_offered: true }),
                _ => Event::new(day(number), EventKind::Activity),
            };
            append(&mut ledger, "anna", event);
        }
        assert!(decide(&ledger, &register, &question.about("anna", day(300))).is_allow());
        group.bench_function(format!("{n_events}ev"), |bencher| {
            bencher.iter(|| decide(black_box(&ledger), &register, &question.about(black_box("anna"), day(300))));
        });
    }
    group.finish();
}

/// Eight questions as a marketing department asks them.
fn questions() -> Vec<Question> {
    let contact = |id: &str| Question::new(Operation::Contact, &purpose(id)).reading(["email"]).over("email");
    let processor = Recipient::new(RecipientRole::ServiceProvider).with_contract();
    vec![
        Question::segment(&marketing()),
        contact("newsletter"),
        contact("email_marketing"),
        Question::new(Operation::Share, &purpose("third_party_advertising")).to(processor.clone()),
        Question::new(Operation::Sell, &purpose("data_sale")).to(processor),
        Question::new(Operation::Aggregate, &purpose("analytics_aggregate")),
        Question::new(Operation::AskConsent, &marketing()),
        Question::new(Operation::Use, &purpose("service_delivery")),
    ]
}

/// Three events a customer: a grant for one or two purposes, a purchase, and for every fifth a withdrawal.
fn many(n_customers: usize) -> Ledger {
    let mut ledger = Ledger::new();
    let codes = ["DE", "FR", "US-CA", "GB", "ES"];
    for number in 0..n_customers {
        let id = format!("{number:08}");
        let born = Date::from_days(3_000 + (number % 9_000) as i32).expect("a day");
        let subject = Subject::new().with_jurisdiction(codes[number % codes.len()]).with_birth_date(born);
        ledger.describe(&id, &subject).expect("a customer with an id");
        let asked = if number % 3 == 0 { purpose("newsletter") } else { marketing() };
        let at = |offset: i64| day(offset + (number % 97) as i64);
        append(&mut ledger, &id, Event::given(at(0), &asked, "v1", "web_form"));
        append(&mut ledger, &id, Event::new(at(5), EventKind::Purchase { product_line: None, opt_out_offered: true }));
        let last =
            if number % 5 == 0 { Event::withdrawn(at(9), &asked) } else { Event::new(at(9), EventKind::Activity) };
        append(&mut ledger, &id, last);
    }
    ledger
}

/// Kilobytes that the process holds now, and held at most.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let read = |key: &str| {
        let line = status.lines().find(|line| line.starts_with(key));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
    };
    (read("VmRSS:"), read("VmHWM:"))
}

/// All contenders select the same customers for the first question.
///
/// The map of booleans knows no time, no proof, no objection, no law, no reason, and forgets who was never asked. The
/// plain column of booleans knows the same, and must be computed by somebody beforehand.
fn filter(criterion: &mut Criterion) {
    let n_customers = if is_test() { 20_000 } else { 10_000_000 };
    let size = if is_test() { "20k" } else { "10m" };
    let ledger = many(n_customers);
    let n_events = ledger.n_events();
    let (before, _) = memory();
    let snapshot = Snapshot::build(ledger, Register::of_consent().clone(), questions(), day(200)).expect("questions");
    let (after, peak) = memory();
    eprintln!(
        "consent/build/events: {n_events} events, {} questions; beside the ledger {} B an event held, {} B at the peak",
        questions().len(),
        (after - before) * 1_024 / n_events,
        peak.saturating_sub(before) * 1_024 / n_events,
    );

    let mut group = criterion.benchmark_group("consent/build/events");
    group.sample_size(10);
    let label = if is_test() { "60k" } else { "30m" };
    group.bench_function(label, |bencher| {
        // Setting the register makes all answers anew: what building does, without making the ledger again.
        bencher.iter(|| snapshot.set_register(Register::of_consent().clone()));
    });
    group.finish();

    let mut group = criterion.benchmark_group("consent/filter");
    group.sample_size(10);
    let selected = snapshot.select(0, day(200)).expect("a question");
    group.bench_function(format!("snapshot/{size}"), |bencher| {
        bencher.iter(|| black_box(snapshot.select(0, day(200))));
    });
    let mut columnar = vec![false; n_customers];
    for index in &selected {
        columnar[*index as usize] = true;
    }
    let by_column = || {
        let rows = columnar.iter().enumerate().filter(|(_, allowed)| **allowed);
        rows.map(|(row, _)| row as u32).collect::<Vec<u32>>()
    };
    assert_eq!(by_column(), selected);
    group.bench_function(format!("columnar_bool/{size}"), |bencher| bencher.iter(|| black_box(by_column())));
    drop(snapshot);
    let map: HashMap<u32, HashMap<&str, bool>> =
        (0..n_customers).map(|row| (row as u32, HashMap::from([("segmentation_marketing", columnar[row])]))).collect();
    let by_map = || {
        let allows =
            |row: &u32| map.get(row).and_then(|purposes| purposes.get("segmentation_marketing")) == Some(&true);
        (0..n_customers as u32).filter(allows).collect::<Vec<u32>>()
    };
    assert_eq!(by_map(), selected);
    group.bench_function(format!("hashmap_bool/{size}"), |bencher| bencher.iter(|| black_box(by_map())));
    group.finish();
}

criterion_group!(benches, one, filter);
criterion_main!(benches);
