//! How fast classes are counted and a table is measured.

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;

use consentric::anonymity::{
    ClassSizes, Codes, ColumnType, MeasureSettings, Measures, Role, Table, TableColumn, TableReader,
};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;

const N_ROWS: usize = 10_000_000;
const SETS: [(&str, [u32; 6]); 3] =
    [("low", [8, 2, 10, 5, 4, 7]), ("mid", [75, 16, 15, 6, 2, 42]), ("high", [100, 2, 1000, 50, 12, 40])];

fn classes(c: &mut Criterion) {
    let mut group = c.benchmark_group("anonymity/classes");
    group.sample_size(10);
    for (name, n_values) in SETS {
        let columns = n_values.map(|n| column(n, N_ROWS));
        let size = format!("10m_x6_{name}");
        for (contender, found) in [("ours", ours(&columns)), ("hash_map", hash_map(&columns)), ("sort", sort(&columns))]
        {
            eprintln!("{size}: {contender}: {} classes, the smallest has {}", found.0, found.1);
        }
        group.bench_function(BenchmarkId::new("ours", &size), |b| b.iter(|| ours(black_box(&columns))));
        group.bench_function(BenchmarkId::new("hash_map", &size), |b| b.iter(|| hash_map(black_box(&columns))));
        group.bench_function(BenchmarkId::new("sort", &size), |b| b.iter(|| sort(black_box(&columns))));
    }
    group.finish();
}

fn measure(c: &mut Criterion) {
    let (quasi, sensitive, table) = adult_like();
    let measures = Measures::of(&table, &MeasureSettings::new()).expect("a table with quasi-identifiers");
    let found = measures.disclosure().expect("a sensitive column");
    let naive_found = naive(&quasi, &sensitive);
    eprintln!(
        "adult_6qi: {} rows, {} classes; ours: k {}, l {:.12}, t {:.12}; naive: k {}, l {:.12}, t {:.12}",
        table.n_rows(),
        measures.n_classes(),
        measures.k(),
        found.l_entropy(),
        found.t_equal(),
        naive_found.0,
        naive_found.1,
        naive_found.2
    );
    let mut group = c.benchmark_group("anonymity/measure");
    group.sample_size(10);
    group.bench_function(BenchmarkId::new("ours", "adult_6qi"), |b| {
        b.iter(|| Measures::of(black_box(&table), &MeasureSettings::new()).map(|measures| measures.k()))
    });
    // The naive contender computes three of the measures only.
    group.bench_function(BenchmarkId::new("naive", "adult_6qi"), |b| {
        b.iter(|| naive(black_box(&quasi), black_box(&sensitive)))
    });
    group.finish();
}

fn ours(columns: &[Codes]) -> (u64, u64) {
    let sizes = ClassSizes::of(columns).expect("columns of one length");
    (sizes.n_classes(), sizes.min())
}

fn hash_map(columns: &[Codes]) -> (u64, u64) {
    let mut counts: HashMap<u64, u64> = HashMap::new();
    packed(columns).into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
    (counts.len() as u64, counts.values().min().copied().unwrap_or(0))
}

fn sort(columns: &[Codes]) -> (u64, u64) {
    let mut keys = packed(columns);
    keys.sort_unstable();
    let sizes = || keys.chunk_by(|one, other| one == other).map(|class| class.len() as u64);
    (sizes().count() as u64, sizes().min().unwrap_or(0))
}

fn packed(columns: &[Codes]) -> Vec<u64> {
    let mut keys = vec![0u64; columns.first().map_or(0, Codes::len)];
    for column in columns {
        let radix = u64::from(column.highest()) + 1;
        keys.iter_mut().zip(column.iter()).for_each(|(key, code)| *key = *key * radix + u64::from(code));
    }
    keys
}

/// Codes of which rank r has the weight r^-0.8.
fn column(n_values: u32, n_rows: usize) -> Codes {
    let mut rng = Xoshiro256Plus::seed_from_u64(u64::from(n_values) * 1_000_003);
    let mut sum = 0.0;
    let sums: Vec<f64> = (1..=n_values)
        .map(|rank| {
            sum += f64::from(rank).powf(-0.8);
            sum
        })
        .collect();
    // The codes of ranks are shuffled, as dictionaries do not know ranks.
    let mut code: Vec<u32> = (0..n_values).collect();
    for place in (1..code.len()).rev() {
        code.swap(place, rng.gen_range(0..=place));
    }
    let codes: Vec<u32> = (0..n_rows)
        .map(|_| {
            let at = rng.gen_range(0.0..sum);
            code[sums.partition_point(|end| *end <= at).min(sums.len() - 1)]
        })
        .collect();
    Codes::narrowest(&codes)
}

type Tuples = Vec<Vec<String>>;

/// Adult with six quasi-identifiers, or a made-up table of its size where Adult is absent.
fn adult_like() -> (Tuples, Vec<String>, Table) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/adult/adult.csv");
    let names = ["age", "sex", "race", "marital-status", "education", "native-country"];
    let table = match std::fs::read(path) {
        Ok(text) => {
            let mut reader = TableReader::new().with_separator(b';').with_others(Role::Insensitive);
            for name in names {
                reader = reader.with_column(name, Role::Quasi, ColumnType::Categorical);
            }
            let reader = reader.with_column("occupation", Role::Sensitive, ColumnType::Categorical);
            reader.read("adult.csv", &text[..]).expect("a file in the known form")
        }
        Err(_) => {
            let text = |n| column(n, 32_561).iter().map(|code| code.to_string()).collect::<Vec<_>>();
            let make = |name, role, n| {
                TableColumn::new(name, role, ColumnType::Categorical, text(n).iter().map(String::as_str))
                    .expect("short texts")
            };
            let mut columns: Vec<TableColumn> =
                names.into_iter().zip([74, 2, 5, 7, 16, 41]).map(|(name, n)| make(name, Role::Quasi, n)).collect();
            columns.push(make("occupation", Role::Sensitive, 14));
            Table::from_columns("made up", columns).expect("columns of one length")
        }
    };
    let rows = 0..table.n_rows();
    let quasi = rows.clone().map(|row| table.columns_of(Role::Quasi).map(|c| c.text_at(row).to_owned()).collect());
    let quasi = quasi.collect();
    let sensitive = table.columns_of(Role::Sensitive).next().expect("one sensitive column");
    let sensitive = rows.map(|row| sensitive.text_at(row).to_owned()).collect();
    (quasi, sensitive, table)
}

/// k, entropy l and t by the definition, classes times values.
fn naive(quasi: &Tuples, sensitive: &[String]) -> (u64, f64, f64) {
    let mut whole: BTreeMap<&str, u64> = BTreeMap::new();
    let mut classes: BTreeMap<&[String], BTreeMap<&str, u64>> = BTreeMap::new();
    for (key, value) in quasi.iter().zip(sensitive) {
        *whole.entry(value).or_default() += 1;
        *classes.entry(key).or_default().entry(value).or_default() += 1;
    }
    let (mut k, mut l, mut t) = (u64::MAX, f64::INFINITY, 0f64);
    for class in classes.values() {
        let n: u64 = class.values().sum();
        let share = |value: &str| class.get(value).copied().unwrap_or(0) as f64 / n as f64;
        k = k.min(n);
        l = l.min((-class.keys().map(|value| share(value) * share(value).ln()).sum::<f64>()).exp());
        let distance = |(value, n): (&&str, &u64)| (share(value) - *n as f64 / sensitive.len() as f64).abs();
        t = t.max(whole.iter().map(distance).sum::<f64>() / 2.0);
    }
    (k, l, t)
}

criterion_group!(benches, classes, measure);
criterion_main!(benches);
