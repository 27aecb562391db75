//! How fast ids become pseudonyms.

use std::hint::black_box;

use consentric::protect::{MasterKey, PseudonymDomain, Pseudonymiser};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn pseudonym(criterion: &mut Criterion) {
    let domain = PseudonymDomain::new("bench", "own", "segmentation_marketing", 1).expect("a domain");
    let pseudonymiser = Pseudonymiser::new(&MasterKey::from_bytes([7; 32]), &domain).expect("a key");
    let ids: Vec<String> = (0..10_000).map(|i| format!("{i:07}")).collect();
    let mut group = criterion.benchmark_group("protect/pseudonym");
    group.throughput(Throughput::Elements(ids.len() as u64));
    group.bench_function("hmac_sha256/10k", |bencher| {
        bencher.iter(|| {
            for id in &ids {
                black_box(pseudonymiser.pseudonym("customer_id", id));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, pseudonym);
criterion_main!(benches);
