//! Anonymises a table; learn here how to search, verify and write.

mod answer;
mod args;
mod asked;
#[expect(dead_code, reason = "every flag works here")]
#[path = "../shared/failure.rs"]
mod failure;
mod input;
#[path = "../shared/threads.rs"]
mod threads;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use consentric::anonymity::{
    AnonymityError, Anonymization, Microaggregation, Mondrian, Nearest, Outcome, SearchBudget, Solution, Table,
};

use answer::{Answer, Times};
use args::{Args, Model};
use failure::Failure;

fn main() -> ExitCode {
    let args = Args::parse();
    match threads::on(args.threads, || run(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.exit(),
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let started = now();
    if args.model != Model::FullDomain && args.evaluate_at.is_some() {
        return Err(Failure::Usage("`--evaluate-at` goes with `--model full-domain`".to_owned()));
    }
    warn(args)?;
    if let Some(path) = &args.out {
        target(path)?;
    }
    let table = input::table(args)?;
    let subset = input::subset(args, &table)?;
    let asked = asked::asked(args, subset)?;
    let (outcome, search) = search(args, &asked, &table)?;
    let solution = match outcome {
        Outcome::Solved(solution) => solution,
        Outcome::NoSolution(nearest) => {
            let times = Times { search, total: started.ms() };
            Answer::unsolved(&nearest, &times).print()?;
            return Err(Failure::Refused(lacking(&nearest)));
        }
    };
    // What is not anonymous is shown as numbers only.
    let verified = match solution.claims().anonymous.then(|| solution.verify(&asked, args.separator)) {
        Some(Err(refusal)) if args.evaluate_at.is_some() => {
            eprintln!("{refusal}");
            None
        }
        Some(verified) => Some(verified?),
        None => None,
    };
    let times = Times { search, total: started.ms() };
    let answer = Answer::solved(solution.claims(), verified.is_some(), &times);
    match (&args.out, verified) {
        (None, _) => answer.print(),
        (Some(_), None) => {
            answer.print()?;
            let why = "the table is not anonymous at this node, so nothing is written";
            Err(Failure::Refused(why.to_owned()))
        }
        (Some(path), Some(verified)) => write(path, verified.as_bytes(), || answer.print()),
    }
}

/// What the nearest node lacks.
fn lacking(nearest: &Nearest) -> String {
    match (&nearest.node, nearest.forbidden_by) {
        (None, criterion) => {
            format!("no solution: the table as a whole does not keep {}", criterion.unwrap_or("what is asked"))
        }
        (Some(node), Some(criterion)) => {
            format!("no solution; node {node:?} came nearest, where {criterion} is broken at any limit")
        }
        (Some(node), None) => format!(
            "no solution; node {node:?} came nearest: {} rows would be suppressed, {} may be",
            nearest.suppressed, nearest.allowed
        ),
    }
}

/// Says which flags do nothing here, and refuses to write what nothing protects.
fn warn(args: &Args) -> Result<(), Failure> {
    let local = args.model != Model::FullDomain;
    let idle = [
        (local && args.suppression > 0.0, "--suppression"),
        (local && args.budget_checks.is_some(), "--budget-checks"),
        (local && args.budget_ms.is_some(), "--budget-ms"),
        (local && !args.levels.is_empty(), "--levels"),
    ];
    for (_, flag) in idle.iter().filter(|(is_idle, _)| *is_idle) {
        eprintln!("`{flag}` does nothing with this model");
    }
    if !args.has_criterion() {
        if args.out.is_some() && args.subset.is_none() {
            return Err(Failure::Usage("no criterion: what nothing protects is not written; give `--k`".to_owned()));
        }
        eprintln!("no criterion: nothing is protected; give `--k`");
    }
    Ok(())
}

/// Runs the model as often as asked; every run gives the same.
fn search<'a>(args: &Args, asked: &'a Anonymization, table: &'a Table) -> Result<(Outcome<'a>, Vec<f64>), Failure> {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..args.repeat {
        drop(last.take());
        let started = now();
        last = Some(once(args, asked, table)?);
        times.push(started.ms());
    }
    let outcome = last.ok_or_else(|| Failure::Usage("`--repeat` needs a run".to_owned()))?;
    Ok((outcome, times))
}

fn once<'a>(args: &Args, asked: &'a Anonymization, table: &'a Table) -> Result<Outcome<'a>, AnonymityError> {
    let node: Option<Solution<'a>> = match &args.evaluate_at {
        Some(node) => Some(asked.evaluate(table, node)?),
        None => None,
    };
    if let Some(solution) = node {
        return Ok(Outcome::Solved(solution));
    }
    match args.model {
        Model::FullDomain => {
            let mut budget = SearchBudget::unlimited();
            if let Some(n) = args.budget_checks {
                budget = budget.with_checks(n);
            }
            if let Some(ms) = args.budget_ms {
                let started = now();
                budget = budget.with_clock(move || started.ms() >= ms as f64);
            }
            asked.search(table, &budget)
        }
        Model::Mondrian => asked.mondrian(table, Mondrian::Strict),
        Model::MondrianRelaxed => asked.mondrian(table, Mondrian::Relaxed),
        Model::HierarchyMondrian => asked.mondrian(table, Mondrian::AlongHierarchies),
        Model::Mdav => asked.microaggregate(table, Microaggregation::Mdav),
        Model::MdavHybrid => asked.microaggregate(table, Microaggregation::Hybrid),
        Model::KAligned => asked.microaggregate(table, Microaggregation::KAligned),
    }
}

/// Whether a file can appear there, asked before the work and not after it.
fn target(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let problem = if path.is_dir() {
        "is a folder"
    } else if !folder.is_dir() {
        "its folder does not exist"
    } else {
        return Ok(());
    };
    Err(Failure::Refused(format!("{}: {problem}", path.display())))
}

/// Writes beside the target, lets `between` speak, then renames, so that the file appears whole or not at all.
fn write(path: &Path, bytes: &[u8], between: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let refused = |error: std::io::Error| Failure::Refused(format!("{}: {error}", path.display()));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let part = path.with_file_name(format!(".{name}.part-{}", std::process::id()));
    let written = fs::write(&part, bytes)
        .map_err(refused)
        .and_then(|()| between())
        .and_then(|()| fs::rename(&part, path).map_err(refused));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

#[derive(Clone, Copy)]
struct Started(Instant);

impl Started {
    fn ms(self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }
}

#[expect(clippy::disallowed_methods, reason = "the program, not the library, measures its own time")]
fn now() -> Started {
    Started(Instant::now())
}
