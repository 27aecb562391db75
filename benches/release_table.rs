//! What it costs to decide which figures of a profile may leave.

#[path = "../tests/model/naive_table.rs"]
#[expect(dead_code, reason = "the enumeration is for tests; the made-up profile is shared")]
mod naive_table;

use consentric::release::table::{
    Cell, CellId, Column, Contributions, Measure, Relation, ReleasePolicy, Table, TableBuilder, Threshold,
};
use criterion::{Criterion, criterion_group, criterion_main};

/// The gate over 40 columns of 200 segments: rules, complements, audit, rounding.
fn gate(criterion: &mut Criterion) {
    let table = naive_table::profile(200, 7);
    let policy = ReleasePolicy::new(Threshold::EXPORT);
    let gated = table.gate(&policy).expect("a pattern");
    println!("release/gate/ours/200_segments: {} of {} cells hidden", gated.hidden().count(), table.n_cells());
    let mut group = criterion.benchmark_group("release/gate/ours");
    group.sample_size(10);
    group.bench_function("200_segments", |bencher| bencher.iter(|| table.gate(&policy).expect("a pattern")));
    group.finish();
}

/// A two-way table of 40 columns in which `n` cells are hidden, at least two in each of their rows and columns.
fn hidden(n: usize) -> (Table, Vec<CellId>) {
    let (n_rows, n_columns) = (200, 40);
    let mut builder = TableBuilder::new();
    let column = builder.column(Column::new("customers", Measure::Count));
    let count = |row: usize, column: usize| 50 + (row as u64 * 7_919 + column as u64 * 104_729) % 997;
    let mut cell = |n| builder.cell(Cell::new(column, Contributions::count(n)));
    let inner: Vec<Vec<CellId>> =
        (0..n_rows).map(|row| (0..n_columns).map(|column| cell(count(row, column))).collect()).collect();
    let rows: Vec<CellId> =
        (0..n_rows).map(|row| cell((0..n_columns).map(|column| count(row, column)).sum())).collect();
    let columns: Vec<CellId> =
        (0..n_columns).map(|column| cell((0..n_rows).map(|row| count(row, column)).sum())).collect();
    for (cells, total) in inner.iter().zip(&rows) {
        builder.relation(Relation::new(*total, cells.clone()));
    }
    for (column, total) in columns.iter().enumerate() {
        builder.relation(Relation::new(*total, inner.iter().map(|row| row[column])));
    }
    // Two a row, the second of one row above the first of the next, the last above the first: cycles.
    let chain = (0..n).map(|place| inner[place / 2][(place / 2 + place % 2) % n_columns.min(n / 2)]);
    let cells = chain.collect();
    (builder.build().expect("a table"), cells)
}

fn audit(criterion: &mut Criterion) {
    for n in [40, 400] {
        let (table, cells) = hidden(n);
        let audit = table.audit(cells.iter().copied());
        let determined = audit.determined().expect("elimination").len();
        let narrowest = audit.intervals().expect("intervals").into_iter().filter_map(|(_, i)| Some(i.hi? - i.lo)).min();
        println!("release/audit/{n}_hidden: {determined} determined, narrowest interval {narrowest:?}");
        let mut group = criterion.benchmark_group("release/audit/elimination");
        group
            .bench_function(format!("{n}_hidden"), |bencher| bencher.iter(|| audit.determined().expect("elimination")));
        group.finish();
        let mut group = criterion.benchmark_group("release/audit/interval");
        group.sample_size(10);
        group.bench_function(format!("{n}_hidden"), |bencher| bencher.iter(|| audit.intervals().expect("intervals")));
        group.finish();
    }
}

criterion_group!(benches, gate, audit);
criterion_main!(benches);
