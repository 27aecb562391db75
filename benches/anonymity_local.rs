//! How fast the local models cut, and what they lose.

#[path = "../tests/shared/adult.rs"]
mod adult;

use std::hint::black_box;

use adult::Adult;
use consentric::anonymity::{
    Anonymization, ColumnType, Criterion, Microaggregation, Mondrian, Outcome, Role, Solution, Table, TableColumn,
};
use criterion::{BenchmarkId, Criterion as Bench, criterion_group, criterion_main};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;

fn mondrian(c: &mut Bench) {
    let Some(adult) = Adult::read() else { return };
    let mut group = c.benchmark_group("anonymity/mondrian");
    for k in [5, 50] {
        for (name, cuts) in
            [("strict", Mondrian::Strict), ("relaxed", Mondrian::Relaxed), ("hierarchy", Mondrian::AlongHierarchies)]
        {
            let along = cuts == Mondrian::AlongHierarchies;
            let (table, plan) =
                if along { adult.categories(&adult::COLUMNS, k) } else { adult.ordered(&adult::COLUMNS, k) };
            let found = solved(plan.mondrian(&table, cuts).expect("the columns fit"));
            eprintln!(
                "{name}/adult8_k{k}: NCP {:.5}, loss {:.5}, {} classes",
                found.normalised_certainty_penalty(),
                found.claims().loss[0],
                found.claims().classes
            );
            let size = format!("adult8_k{k}");
            group.bench_function(BenchmarkId::new(name, size), |b| b.iter(|| black_box(plan.mondrian(&table, cuts))));
        }
    }
    group.finish();
}

fn microaggregate(c: &mut Bench) {
    let mut group = c.benchmark_group("anonymity/mdav");
    group.sample_size(10);
    // The long sizes run only when they are asked for by name.
    for (size, n, d, k) in [
        ("10k_x3_k5", 10_000, 3, 5),
        ("26k_x4_k5", 26_000, 4, 5),
        ("50k_x3_k50", 50_000, 3, 50),
        ("1m_x3_k50", 1_000_000, 3, 50),
    ] {
        if n > 10_000 && !std::env::args().any(|argument| argument.contains(size)) {
            continue;
        }
        let (table, plan) = numbers(n, d, k);
        for (name, method) in [
            ("exact", Microaggregation::Mdav),
            ("hybrid", Microaggregation::Hybrid),
            ("k_aligned", Microaggregation::KAligned),
        ] {
            if n > 50_000 && method == Microaggregation::Mdav {
                continue;
            }
            let found = solved(plan.microaggregate(&table, method).expect("numbers"));
            eprintln!("{name}/{size}: information loss {:.4} %", found.information_loss().expect("numbers"));
            group.bench_function(BenchmarkId::new(name, size), |b| {
                b.iter(|| black_box(plan.microaggregate(&table, method)));
            });
        }
    }
    group.finish();
}

fn solved(outcome: Outcome<'_>) -> Solution<'_> {
    match outcome {
        Outcome::Solved(solution) => solution,
        Outcome::NoSolution(nearest) => panic!("{nearest:?}"),
    }
}

/// Numbers of skewed, correlated columns, all different.
fn numbers(n: usize, d: usize, k: u64) -> (Table, Anonymization) {
    let mut rng = Xoshiro256Plus::seed_from_u64(7);
    let mut columns = vec![Vec::with_capacity(n); d];
    for _ in 0..n {
        let shared: f64 = rng.gen_range(0.0..1.0);
        for column in &mut columns {
            let own: f64 = rng.gen_range(0.0..1.0);
            column.push(format!("{:.6}", -100.0 * (1.0 - 0.5 * (shared + own)).ln()));
        }
    }
    let mut plan = Anonymization::new().with_criterion(Criterion::k_anonymity(k).expect("k"));
    let mut made = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let name = format!("x{place}");
        plan = plan.with_quasi_as_is(&name);
        let texts = column.iter().map(String::as_str);
        made.push(TableColumn::new(&name, Role::Quasi, ColumnType::Numeric, texts).expect("numbers"));
    }
    (Table::from_columns("numbers", made).expect("rows"), plan)
}

criterion_group!(benches, mondrian, microaggregate);
criterion_main!(benches);
