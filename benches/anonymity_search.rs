//! How fast the optimal full-domain generalisation is found.

use std::hint::black_box;
use std::path::Path;

use consentric::anonymity::{
    AbsentClasses, Anonymization, ColumnType, Criterion, EntropyEstimator, Hierarchy, Outcome, Role, SearchBudget,
    Subset, SuppressionLimit, Table, TableColumn, TableReader,
};
use criterion::{Criterion as Bench, criterion_group, criterion_main};

const QUASI: [&str; 9] =
    ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation", "salary-class"];

fn adult(name: &str) -> Option<Vec<u8>> {
    let found = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/adult").join(name)).ok();
    if found.is_none() {
        println!("skipped: no {name}");
    }
    found
}

fn adult_hierarchy(column: &str) -> Option<Hierarchy> {
    let name = format!("adult_hierarchy_{column}.csv");
    let text = String::from_utf8(adult(&name)?).ok()?;
    Some(Hierarchy::parse(&name, &text).expect("a hierarchy"))
}

fn adult_table(quasi: &[&str], sensitive: Option<&str>) -> Option<(Table, Anonymization)> {
    let mut reader = TableReader::new().with_separator(b';').with_others(Role::Insensitive);
    let mut asked = Anonymization::new().with_criterion(Criterion::k_anonymity(5).expect("k"));
    for column in quasi {
        reader = reader.with_column(column, Role::Quasi, ColumnType::Categorical);
        asked = asked.with_quasi(column, &adult_hierarchy(column)?);
    }
    if let Some(column) = sensitive {
        reader = reader.with_column(column, Role::Sensitive, ColumnType::Categorical);
    }
    Some((reader.read("adult.csv", adult("adult.csv")?.as_slice()).expect("a table"), asked))
}

/// Prints the result once: a time counts only with an equal loss.
fn print(id: &str, outcome: &Outcome<'_>) {
    match outcome {
        Outcome::Solved(solution) => {
            let claims = solution.claims();
            let (node, loss, suppressed) = (&claims.transformation, &claims.loss, claims.suppressed);
            println!("{id}: node {node:?}, loss {loss:?}, {suppressed} suppressed, {} checked", claims.checked);
        }
        Outcome::NoSolution(nearest) => println!("{id}: no solution, nearest {nearest:?}"),
    }
}

fn on_threads(n: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads")
}

fn time(bench: &mut Bench, id: &str, threads: usize, asked: &Anonymization, table: &Table) {
    let pool = on_threads(threads);
    let run = || pool.install(|| asked.search(table, &SearchBudget::unlimited()).expect("an outcome"));
    print(id, &run());
    bench.bench_function(id, |bencher| bencher.iter(|| black_box(run())));
}

fn share(share: f64) -> SuppressionLimit {
    SuppressionLimit::new(share).expect("a share")
}

fn adult9(bench: &mut Bench) {
    let Some((table, asked)) = adult_table(&QUASI, None) else { return };
    for (name, limit) in [("0", 0.0), ("2", 0.02), ("100", 1.0)] {
        let asked = asked.clone().with_suppression(share(limit));
        time(bench, &format!("anonymity/search/ours/adult9_k5_{name}"), 1, &asked, &table);
        let id = format!("anonymity/search/ours_exhaustive/adult9_k5_{name}");
        let run = || asked.search_exhaustively(&table).expect("an outcome");
        print(&id, &run());
        bench.bench_function(&id, |bencher| bencher.iter(|| black_box(run())));
    }
}

fn adult8(bench: &mut Bench) {
    let sensitive = "occupation";
    let quasi: Vec<&str> = QUASI.into_iter().filter(|column| *column != sensitive).collect();
    let (Some((table, asked)), Some(tree)) = (adult_table(&quasi, Some(sensitive)), adult_hierarchy(sensitive)) else {
        return;
    };
    let asked = asked.with_suppression(share(0.02));
    let rules = [
        ("l3", Criterion::l_distinct(sensitive, 3)),
        ("entropy3", Criterion::l_entropy(sensitive, 3.0, EntropyEstimator::Shannon)),
        ("recursive43", Criterion::l_recursive(sensitive, 4.0, 3)),
        ("t_equal", Criterion::t_equal(sensitive, 0.2)),
        ("t_hier", Criterion::t_hierarchical(sensitive, 0.2, &tree)),
    ];
    for (name, rule) in rules {
        let asked = asked.clone().with_criterion(rule.expect("a criterion"));
        time(bench, &format!("anonymity/search/ours/adult8_{name}_2"), 1, &asked, &table);
    }
    let Some(subset) = adult("adult_subset.csv") else { return };
    let rows = TableReader::new().with_separator(b';').with_others(Role::Insensitive);
    let rows = rows.read("adult_subset.csv", subset.as_slice()).expect("rows");
    let asked = asked
        .with_subset(Subset::matching(&table, &rows).expect("a subset"))
        .with_absent_classes(AbsentClasses::Skip)
        .with_criterion(Criterion::delta_presence(0.05, 0.15).expect("bounds"));
    time(bench, "anonymity/search/ours/adult8_presence_2", 1, &asked, &table);
}

/// Eight columns with frequencies falling as rank^-0.8, and hierarchies that make 8,640 nodes of them.
fn synthetic(n_rows: usize) -> (Table, Anonymization) {
    // INVARIANT: xorshift from a fixed seed, the same table on every run.
    let mut state = 42_u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let shapes = [(100, 6), (41, 5), (16, 4), (14, 3), (8, 3), (7, 2), (5, 2), (2, 2_usize)];
    let mut columns = Vec::new();
    let mut asked = Anonymization::new().with_criterion(Criterion::k_anonymity(5).expect("k"));
    for (place, (n_values, n_levels)) in shapes.into_iter().enumerate() {
        let name = format!("q{place}");
        let weights: Vec<f64> = (1..=n_values).map(|rank| f64::from(rank).powf(-0.8)).collect();
        let total: f64 = weights.iter().sum();
        let sums: Vec<f64> = weights
            .iter()
            .scan(0.0, |sum, weight| {
                *sum += weight / total;
                Some(*sum)
            })
            .collect();
        let labels: Vec<String> = (0..n_values).map(|value| value.to_string()).collect();
        let values: Vec<usize> = (0..n_rows)
            .map(|_| {
                let u = uniform();
                sums.iter().position(|sum| u < *sum).unwrap_or(labels.len() - 1)
            })
            .collect();
        let texts = values.iter().map(|value| labels[*value].as_str());
        columns.push(TableColumn::new(&name, Role::Quasi, ColumnType::Categorical, texts).expect("a column"));
        let base: i32 = if n_values > 50 { 4 } else { 2 };
        let rows: Vec<Vec<String>> = (0..n_values)
            .map(|value| {
                let label = |level: usize| match level {
                    0 => value.to_string(),
                    level if level + 1 == n_levels => "*".to_owned(),
                    level => format!("{level}:{}", value / base.pow(level as u32).min(n_values)),
                };
                (0..n_levels).map(label).collect()
            })
            .collect();
        asked = asked.with_quasi(&name, &Hierarchy::from_rows(&name, &rows).expect("a hierarchy"));
    }
    (Table::from_columns("synthetic", columns).expect("a table"), asked)
}

fn synth(bench: &mut Bench) {
    let (table, asked) = synthetic(100_000);
    for (name, limit) in [("0", 0.0), ("2", 0.02)] {
        let asked = asked.clone().with_suppression(share(limit));
        for threads in [1, 2] {
            let id = format!("anonymity/search/ours_{threads}threads/synth100k_8/{name}");
            time(bench, &id, threads, &asked, &table);
        }
    }
    let (table, asked) = synthetic(1_000_000);
    time(bench, "anonymity/search/ours/synth1m_8", 1, &asked.with_suppression(share(0.02)), &table);
}

criterion_group! {
    name = benches;
    config = Bench::default().sample_size(10);
    targets = adult9, adult8, synth
}
criterion_main!(benches);
