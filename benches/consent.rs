//! Consent decisions: one alone, and as a filter over many customers beside a map of booleans.

use std::collections::HashMap;
use std::hint::black_box;

use consentric::consent::{Activity, Event, Ledger, ObjectionScope, Purpose, Request, decide};
use consentric::time::Timestamp;
use criterion::{Criterion, criterion_group, criterion_main};

const N_CUSTOMERS: usize = 100_000;
const DAY: i64 = 86_400_000_000;

fn purpose() -> Purpose {
    Purpose::parse("segmentation_marketing").expect("a plain id")
}

fn day(number: i64) -> Timestamp {
    Timestamp::from_micros(number * DAY)
}

fn append(ledger: &mut Ledger, customer: &str, event: Event) {
    ledger.append(customer, event).expect("a customer with an id");
}

fn one(criterion: &mut Criterion) {
    let mut ledger = Ledger::new();
    append(&mut ledger, "anna", Event::given(day(100), &purpose(), "v1", "web_form"));
    append(&mut ledger, "anna", Event::objection(day(150), ObjectionScope::DirectMarketing));
    append(&mut ledger, "anna", Event::given(day(200), &purpose(), "v2", "web_form"));
    let activity = Activity::new(purpose());
    let request = Request::segment(&activity, day(300));
    assert!(decide(&ledger, "anna", &request).is_allow());
    criterion.bench_function("consent/decide/one/3ev", |bencher| {
        bencher.iter(|| decide(black_box(&ledger), black_box("anna"), &request));
    });
}

/// Both contenders count the allowed among the same customers; the map cannot say why, nor what held at another time.
fn filter(criterion: &mut Criterion) {
    let ids: Vec<String> = (0..N_CUSTOMERS).map(|number| format!("{number:08}")).collect();
    let mut ledger = Ledger::new();
    let mut map: HashMap<String, HashMap<String, bool>> = HashMap::new();
    for (number, id) in ids.iter().enumerate() {
        append(&mut ledger, id, Event::given(day(100), &purpose(), "v1", "web_form"));
        let withdrew = number % 5 == 0;
        if withdrew {
            append(&mut ledger, id, Event::withdrawn(day(200), &purpose()));
        }
        map.entry(id.clone()).or_default().insert(purpose().to_string(), !withdrew);
    }
    let activity = Activity::new(purpose());
    let request = Request::segment(&activity, day(300));
    let by_ledger = || ids.iter().filter(|id| decide(&ledger, id, &request).is_allow()).count();
    let by_map = || {
        let allows = |id: &&String| {
            map.get(id.as_str()).and_then(|purposes| purposes.get("segmentation_marketing")) == Some(&true)
        };
        ids.iter().filter(allows).count()
    };
    assert_eq!(by_ledger(), by_map());
    let mut group = criterion.benchmark_group("consent/filter");
    group.bench_function("ledger/100k", |bencher| bencher.iter(|| black_box(by_ledger())));
    group.bench_function("hashmap_bool/100k", |bencher| bencher.iter(|| black_box(by_map())));
    group.finish();
}

criterion_group!(benches, one, filter);
criterion_main!(benches);
