//! The stages between records and segments, and the whole run, on made-up purchases.

use std::collections::{HashMap, HashSet};
use std::hint::black_box;

use consentric::consent::{Activity, AssumeLawful, Purpose};
use consentric::feature::{Features, Rfm};
use consentric::prelude::*;
use consentric::protect::{PseudonymDomain, Pseudonymiser};
use consentric::synth::{Shop, simulated_consent};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const N: u64 = 100_000;

fn purchases() -> Transactions {
    TransactionsReader::new().read_rows(Shop::new(N, 42).transactions()).expect("the shop writes what the reader reads")
}

fn purpose() -> Purpose {
    Purpose::parse("segmentation_marketing").expect("a purpose of the catalogue")
}

fn at() -> Timestamp {
    Timestamp::parse("2025-07-01T00:00:00Z").expect("a time")
}

fn key() -> MasterKey {
    MasterKey::from_bytes([7; 32])
}

fn protect(criterion: &mut Criterion) {
    let domain = PseudonymDomain::new("bench", "own", "segmentation_marketing", 1).expect("a domain");
    let pseudonymiser = Pseudonymiser::new(&key(), &domain).expect("a key");
    let ids: Vec<String> = (0..10_000).map(|i| format!("{i:07}")).collect();
    criterion.benchmark_group("protect/pseudonym").bench_function("hmac_sha256/10k", |bencher| {
        bencher.iter(|| {
            for id in &ids {
                black_box(pseudonymiser.pseudonym("customer_id", id));
            }
        });
    });
}

/// What a script would do: one hash map, floats, days in a set.
fn rfm_by_hash_map(rows: &[(String, i32, f64)], end: i32) -> HashMap<&str, (i32, usize, f64)> {
    let mut state: HashMap<&str, (i32, HashSet<i32>, f64)> = HashMap::new();
    for (customer, day, amount) in rows {
        let entry = state.entry(customer).or_insert((i32::MIN, HashSet::new(), 0.0));
        entry.0 = entry.0.max(*day);
        entry.1.insert(*day);
        entry.2 += amount;
    }
    state.into_iter().map(|(customer, (last, days, sum))| (customer, (end - last, days.len(), sum))).collect()
}

fn feature(criterion: &mut Criterion) {
    let customers = Customers::from_transactions(purchases()).expect("customers");
    let lawful = AssumeLawful::dangerous("benchmark");
    let activity = Activity::from(purpose());
    let rows: Vec<(String, i32, f64)> = Shop::new(N, 42)
        .transactions()
        .map(|p| (p.customer, Date::parse(&p.timestamp).expect("a day").days(), p.amount.parse().expect("a number")))
        .collect();
    let mut group = criterion.benchmark_group("feature/rfm");
    group.sample_size(20);
    group.bench_function("consentric/100k", |bencher| {
        let protected = || customers.consent(&lawful, &activity, at()).expect("all").protect(key()).expect("a key");
        bencher.iter_batched(protected, |p| p.features(Rfm::whole_history()).expect("features"), BatchSize::LargeInput);
    });
    group.bench_function("hash_map/100k", |bencher| {
        bencher.iter(|| rfm_by_hash_map(black_box(&rows), at().date().days()));
    });
    group.finish();
}

fn features(customers: &Customers) -> Features {
    let consented = customers.consent(&AssumeLawful::dangerous("benchmark"), &Activity::from(purpose()), at());
    consented.expect("all").protect(key()).expect("a key").features(Rfm::whole_history()).expect("features")
}

fn release(criterion: &mut Criterion) {
    let customers = Customers::from_transactions(purchases()).expect("customers");
    let features = features(&customers);
    let strategy = KMeans::new(8).expect("a strategy");
    let segmentation = features.segment(&strategy, &FitContext::new(42)).expect("segments");
    let policy = KAnonymity::new(20).expect("k");
    criterion.benchmark_group("release/profile").sample_size(20).bench_function("consentric/100k_x3_k8", |bencher| {
        bencher.iter(|| segmentation.release(&policy).expect("a release"));
    });
}

fn pipeline(criterion: &mut Criterion) {
    let purchases = purchases();
    let ledger = simulated_consent(&purchases, &purpose(), at().date(), 42);
    let customers = Customers::from_transactions(purchases).expect("customers");
    let run = || {
        Pipeline::for_purpose(purpose())
            .at(at())
            .consent(&ledger)
            .protect(key())
            .features(Rfm::whole_history())
            .segment(KMeans::new(5).expect("a strategy"))
            .release(KAnonymity::new(20).expect("k"))
            .with_seed(42)
            .run(&customers)
            .expect("a release")
    };
    let release = run().release().clone();
    eprintln!("pipeline/run/consentric/100k: {} customers, inertia {:?}", release.n_customers(), release.inertia());
    let mut group = criterion.benchmark_group("pipeline/run");
    group.sample_size(10).bench_function("consentric/100k", |bencher| bencher.iter(run));
    group.finish();
}

criterion_group!(benches, protect, feature, release, pipeline);
criterion_main!(benches);
