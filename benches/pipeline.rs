//! The whole run over 100,000 customers, from records in memory to the release.

mod shared;

use consentric::prelude::*;
use consentric::synth::simulated_consent;
use criterion::{Criterion, criterion_group, criterion_main};
use shared::{at, key, purchases, purpose};

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

criterion_group!(benches, pipeline);
criterion_main!(benches);
