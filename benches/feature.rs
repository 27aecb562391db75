//! Recency, frequency and spend of 100,000 customers, beside what a script would do.

mod shared;

use std::collections::{HashMap, HashSet};
use std::hint::black_box;

use consentric::consent::{AssumeLawful, Question};
use consentric::prelude::*;
use consentric::synth::Shop;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use shared::{N, at, key, purchases, purpose};

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
    let question = Question::from(purpose());
    let rows: Vec<(String, i32, f64)> = Shop::new(N, 42)
        .transactions()
        .map(|p| (p.customer, Date::parse(&p.timestamp).expect("a day").days(), p.amount.parse().expect("a number")))
        .collect();
    let mut group = criterion.benchmark_group("feature/rfm");
    group.sample_size(20);
    group.bench_function("consentric/100k", |bencher| {
        let protected = || customers.consent(&lawful, &question, at()).expect("all").protect(key()).expect("a key");
        bencher.iter_batched(protected, |p| p.features(Rfm::whole_history()).expect("features"), BatchSize::LargeInput);
    });
    group.bench_function("hash_map/100k", |bencher| {
        bencher.iter(|| rfm_by_hash_map(black_box(&rows), at().date().days()));
    });
    group.finish();
}

criterion_group!(benches, feature);
criterion_main!(benches);
