//! How fast records come in: purchases beside the plain csv crate with serde, and a customer table.

use std::fmt::Write as _;
use std::hint::black_box;

use consentric::record::{Currency, Customers, Field, Kind, Role, Schema, TransactionsReader};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;

const N: u64 = 100_000;

/// What a program without this crate would read; amounts through a float, days as text.
#[derive(Deserialize)]
#[expect(dead_code, reason = "the contender fills the fields, nobody reads them")]
struct Row {
    customer: String,
    timestamp: String,
    amount: f64,
    order: String,
}

fn purchases() -> String {
    let mut text = "customer,timestamp,amount,order\n".to_owned();
    for row in 0..N {
        let (customer, month, day) = (row * 7_919 % 20_011, 1 + row % 12, 1 + row % 28);
        let _ = writeln!(text, "c{customer},2025-{month:02}-{day:02},{}.{:02},o{}", row % 300, row % 100, row / 3);
    }
    text
}

fn customers() -> String {
    let mut text = "id,segment,city,age,spend,score,since,member\n".to_owned();
    for row in 0..N {
        let (id, month, day) = (row * 7_919 % N, 1 + row % 12, 1 + row % 28);
        let _ = writeln!(
            text,
            "c{id},s{},city{},{},{}.{:02},0.{:03},2020-{month:02}-{day:02},{}",
            row % 9,
            row % 3_000,
            18 + row % 70,
            row % 5_000,
            row % 100,
            row % 1_000,
            row % 3 == 0,
        );
    }
    text
}

fn load_transactions(criterion: &mut Criterion) {
    let text = purchases();
    let mut group = criterion.benchmark_group("record/load_transactions");
    group.throughput(Throughput::Elements(N)).sample_size(20);
    group.bench_function("consentric/100k", |bencher| {
        bencher.iter(|| {
            let table = TransactionsReader::new().read_csv("made", black_box(text.as_bytes()));
            assert_eq!(table.map(|table| table.n_rows()).ok(), Some(N as usize));
        });
    });
    group.bench_function("csv_serde/100k", |bencher| {
        bencher.iter(|| {
            let mut reader = csv::Reader::from_reader(black_box(text.as_bytes()));
            let rows: Result<Vec<Row>, csv::Error> = reader.deserialize().collect();
            assert_eq!(rows.map(|rows| rows.len()).ok(), Some(N as usize));
        });
    });
    group.finish();
}

fn load_customers(criterion: &mut Criterion) {
    let text = customers();
    let schema = Schema::new(
        "id",
        [
            Field::new("segment", Role::Behaviour, Kind::Category),
            Field::new("city", Role::QuasiIdentifier, Kind::Category),
            Field::new("age", Role::QuasiIdentifier, Kind::Integer),
            Field::new("spend", Role::Behaviour, Kind::Money(Currency::EUR)),
            Field::new("score", Role::Behaviour, Kind::Decimal),
            Field::new("since", Role::Behaviour, Kind::Date),
            Field::new("member", Role::Behaviour, Kind::Boolean),
        ],
    );
    let Ok(schema) = schema else { return };
    let reader = Customers::reader(schema);
    let mut group = criterion.benchmark_group("record/load_customers");
    group.throughput(Throughput::Elements(N)).sample_size(20);
    group.bench_function("consentric/100k_x8", |bencher| {
        bencher.iter(|| {
            let table = reader.read_csv("made", black_box(text.as_bytes()));
            assert_eq!(table.map(|table| table.len()).ok(), Some(N as usize));
        });
    });
    group.finish();
}

criterion_group!(benches, load_transactions, load_customers);
criterion_main!(benches);
