//! A problem as files and as arguments of the program `anonymize`.

use super::problem::{AbsentClasses, Attacker, Criterion, Entropy, KMapEstimator, Metric, Problem};
use std::fs;
use std::io;
use std::path::Path;

/// Writes `data.csv`, `data_hierarchy_<column>.csv` and, with R, `subset.csv` into the folder and gives the arguments.
/// The subset is written as row numbers, or as rows with the header of the data where that names the same rows.
pub fn to_files(problem: &Problem, folder: &Path) -> io::Result<Vec<String>> {
    fs::create_dir_all(folder)?;
    let mut arguments: Vec<String> = Vec::new();
    let mut flag = |name: &str, value: String| arguments.extend([format!("--{name}"), value]);

    let data = folder.join("data.csv");
    fs::write(&data, problem.table.to_text(';'))?;
    flag("data", data.display().to_string());
    flag("separator", ";".to_owned());
    for (column, hierarchy) in &problem.hierarchies {
        fs::write(folder.join(format!("data_hierarchy_{column}.csv")), hierarchy.to_text())?;
    }
    flag("hierarchies", folder.display().to_string());
    flag("qi", problem.qi.join(","));
    if !problem.sensitive.is_empty() {
        flag("sensitive", problem.sensitive.join(","));
        let kind = |column: &String| if problem.numeric.contains(column) { "numeric" } else { "categorical" };
        let types: Vec<String> = problem.sensitive.iter().map(|column| format!("{column}:{}", kind(column))).collect();
        flag("types", types.join(","));
    }
    if let Some(rows) = &problem.subset {
        let file = folder.join("subset.csv");
        fs::write(&file, subset_text(problem, rows))?;
        flag("subset", file.display().to_string());
    }
    for (name, value) in criteria(problem) {
        flag(name, value);
    }
    if needs_profit(problem) {
        let profit = problem.profit;
        flag("profit", format!("{},{},{},{}", profit.benefit, profit.loss, profit.gain, profit.cost));
    }
    if problem.subset.is_some() {
        flag("absent-classes", if problem.absent == AbsentClasses::Check { "check" } else { "skip" }.to_owned());
    }
    flag("suppression", problem.suppression.to_string());
    flag("metric", problem.metric.name().to_owned());
    if let Some(aggregate) = problem.aggregate {
        flag("aggregate", aggregate.name().to_owned());
    }
    flag("gs", problem.gs.to_string());
    if !problem.weights.is_empty() {
        let weights: Vec<String> =
            problem.weights.iter().map(|(column, weight)| format!("{column}={weight}")).collect();
        flag("weights", weights.join(","));
    }
    if !problem.levels.is_empty() {
        let levels: Vec<String> = problem.levels.iter().map(|(name, (lo, hi))| format!("{name}={lo}..{hi}")).collect();
        flag("levels", levels.join(","));
    }
    Ok(arguments)
}

/// Rows of a subset given as rows of the data: each takes the first equal row not yet taken.
pub fn resolve_subset(problem: &Problem, wanted: &[Vec<String>]) -> Option<Vec<usize>> {
    let mut taken = Vec::new();
    for row in wanted {
        let found = (0..problem.table.rows.len()).find(|at| &problem.table.rows[*at] == row && !taken.contains(at))?;
        taken.push(found);
    }
    taken.sort_unstable();
    Some(taken)
}

fn subset_text(problem: &Problem, rows: &[usize]) -> String {
    let cells: Vec<Vec<String>> = rows.iter().map(|&row| problem.table.rows[row].clone()).collect();
    // An even number of rows: the form with the header of the data, as long as it says the same.
    if rows.len().is_multiple_of(2) && resolve_subset(problem, &cells).as_deref() == Some(rows) {
        let mut table = problem.table.clone();
        table.rows = cells;
        return table.to_text(';');
    }
    let numbers: Vec<String> = rows.iter().map(usize::to_string).collect();
    format!("row\n{}\n", numbers.join("\n"))
}

/// One flag per kind of rule; rules of several columns share a flag.
fn criteria(problem: &Problem) -> Vec<(&'static str, String)> {
    let several = problem.sensitive.len() > 1;
    let of = |column: &str, text: String| if several { format!("{column}={text}") } else { text };
    let mut flags: Vec<(&'static str, String)> = Vec::new();
    let mut add = |name: &'static str, value: String| match flags.iter_mut().find(|flag| flag.0 == name) {
        Some(flag) => {
            flag.1.push(',');
            flag.1.push_str(&value);
        }
        None => flags.push((name, value)),
    };
    for rule in &problem.criteria {
        match rule {
            Criterion::K(k) => add("k", k.to_string()),
            Criterion::DistinctL { column, l } => add("l", of(column, format!("distinct:{l}"))),
            Criterion::EntropyL { column, l, estimator: Entropy::Shannon } => {
                add("l", of(column, format!("entropy:{l}")));
            }
            Criterion::EntropyL { column, l, estimator: Entropy::Grassberger } => {
                add("l", of(column, format!("entropy-grassberger:{l}")));
            }
            Criterion::RecursiveL { column, c, l } => add("l", of(column, format!("recursive:{c},{l}"))),
            Criterion::TEqual { column, t } => add("t", of(column, format!("equal:{t}"))),
            Criterion::TOrdered { column, t } => add("t", of(column, format!("ordered:{t}"))),
            Criterion::THierarchical { column, t } => add("t", of(column, format!("hierarchical:{t}"))),
            Criterion::Beta { column, beta, enhanced } => {
                add("beta", of(column, format!("{}:{beta}", if *enhanced { "enhanced" } else { "basic" })));
            }
            Criterion::DeltaDisclosure { column, delta } => add("delta-disclosure", of(column, delta.to_string())),
            Criterion::DeltaPresence { lo, hi } => add("delta-presence", format!("{lo},{hi}")),
            Criterion::KMapTable(k) => add("k-map", k.to_string()),
            Criterion::KMapEstimated { k, population, significance, estimator } => {
                add("k-map", k.to_string());
                add("population", population.to_string());
                add("significance", significance.to_string());
                let name = match estimator {
                    KMapEstimator::Poisson => "poisson",
                    KMapEstimator::ZeroTruncated => "zero-truncated",
                };
                add("estimator", name.to_owned());
            }
            // The subset alone says it.
            Criterion::Inclusion => {}
            Criterion::Profitability(attacker) => {
                let name = match attacker {
                    Attacker::Prosecutor => "prosecutor",
                    Attacker::Journalist => "journalist",
                    Attacker::ProsecutorNoAttack => "prosecutor-no-attack",
                    Attacker::JournalistNoAttack => "journalist-no-attack",
                };
                add("profitability", name.to_owned());
            }
            Criterion::AverageRisk(limit) => add("average-risk", limit.to_string()),
            Criterion::SampleUniqueness(limit) => add("sample-uniqueness", limit.to_string()),
        }
    }
    flags
}

/// Does the metric need the four numbers of the profitability models?
pub fn needs_profit(problem: &Problem) -> bool {
    matches!(problem.metric, Metric::Payout | Metric::PayoutJournalist)
        || problem.criteria.iter().any(|rule| matches!(rule, Criterion::Profitability(_)))
}
