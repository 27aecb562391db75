//! What a release of 100,000 segmented customers costs.

mod shared;

use consentric::consent::{AssumeLawful, Question};
use consentric::feature::Features;
use consentric::prelude::*;
use criterion::{Criterion, criterion_group, criterion_main};
use shared::{at, key, purchases, purpose};

/// RFM of all customers of the shop.
fn features() -> Features {
    let customers = Customers::from_transactions(purchases()).expect("customers");
    let consented = customers.consent(&AssumeLawful::dangerous("benchmark"), &Question::from(purpose()), at());
    consented.expect("all").protect(key()).expect("a key").features(Rfm::whole_history()).expect("features")
}

fn release(criterion: &mut Criterion) {
    let features = features();
    let strategy = KMeans::new(8).expect("a strategy");
    let segmentation = features.segment(&strategy, &FitContext::new(42)).expect("segments");
    let policy = KAnonymity::new(20).expect("k");
    criterion.benchmark_group("release/profile").sample_size(20).bench_function("consentric/100k_x3_k8", |bencher| {
        bencher.iter(|| segmentation.release(&policy).expect("a release"));
    });
}

criterion_group!(benches, release);
criterion_main!(benches);
