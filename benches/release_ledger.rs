//! What it costs to hold a release against a hundred earlier ones.
//!
//! 100,000 customers in 200 segments, 40 columns; between two releases of a segment more customers change than the
//! threshold, so that every comparison is made and none ends in a frozen cell.

use consentric::release::ledger::{
    CellDefinition, LedgerKey, Measure, PlannedCell, PlannedRelease, Population, ReleaseLedger, SetForm,
};
use consentric::time::Timestamp;
use criterion::{Criterion, criterion_group, criterion_main};

const N_CUSTOMERS: u32 = 100_000;
const N_SEGMENTS: u32 = 200;
const N_COLUMNS: u64 = 40;

/// A number that looks drawn at random.
fn mix(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The release of a day: all customers are others than the day before, as those of a campaign are.
fn plan(population: &Population, day: u64, n_columns: u64) -> PlannedRelease<'_> {
    let mut plan = PlannedRelease::new(population, Timestamp::from_micros(day as i64), 50).expect("a threshold");
    let mut rows = vec![Vec::new(); N_SEGMENTS as usize];
    for row in 0..N_CUSTOMERS {
        let segment = mix(u64::from(row) + day * u64::from(N_CUSTOMERS)) % u64::from(N_SEGMENTS);
        rows[segment as usize].push(row);
    }
    let mut sets = vec![plan.add_members(0..N_CUSTOMERS).expect("rows")];
    sets.extend(rows.into_iter().map(|rows| plan.add_members(rows).expect("rows")));
    plan.add_relation(sets[0], &sets[1..]).expect("parts of the margin");
    for column in 0..n_columns {
        let value = |row: u32| (mix(u64::from(row) * 64 + column) % 1000) as i64;
        let name = format!("column {column}");
        let values = plan.add_contributions(name.clone(), (0..N_CUSTOMERS).map(value).collect()).expect("values");
        for (place, members) in sets.iter().enumerate() {
            let cell = (place > 0).then(|| format!("segment {place}"));
            let definition = CellDefinition::new("ads", "tiers", Measure::Mean(name.clone())).with_cell(cell);
            plan.add_cell(PlannedCell::figure(definition, *members, values, "500")).expect("a cell");
        }
    }
    plan
}

fn population(day: u64) -> Population {
    let first = day * u64::from(N_CUSTOMERS);
    Population::new("shop", (first..first + u64::from(N_CUSTOMERS)).map(u64::to_be_bytes))
}

fn ledger(criterion: &mut Criterion) {
    let path = std::env::temp_dir().join(format!("consentric-bench-ledger-{}", std::process::id()));
    let key = LedgerKey::from_bytes([7; 32]);
    let mut ledger = ReleaseLedger::create(&path, &key, 50, SetForm::Sketch).expect("a ledger");
    for day in 0..100 {
        let population = population(day);
        let assessment = ledger.would(&plan(&population, day, N_COLUMNS)).expect("verdicts");
        ledger.commit(assessment).expect("a release");
    }
    println!("release/ledger: {} releases, {} cells", ledger.n_releases(), ledger.n_cells());
    let population = population(100);
    let plan = plan(&population, 100, N_COLUMNS);
    criterion.benchmark_group("release/ledger/ours").sample_size(10).bench_function("100_releases", |bencher| {
        bencher.iter(|| ledger.would(&plan).expect("verdicts"));
    });
    drop(ledger);
    for ending in ["", ".head"] {
        let mut name = path.clone().into_os_string();
        name.push(ending);
        std::fs::remove_file(name).expect("the file of the ledger");
    }
}

criterion_group!(benches, ledger);
criterion_main!(benches);
