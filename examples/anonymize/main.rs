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
    AnonymityError, Anonymization, Microaggregation, Mondrian, Outcome, SearchBudget, Solution, Table,
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
    let table = input::table(args)?;
    let subset = input::subset(args, &table)?;
    let asked = asked::asked(args, subset)?;
    let (outcome, search) = search(args, &asked, &table)?;
    let solution = match outcome {
        Outcome::Solved(solution) => solution,
        Outcome::NoSolution(nearest) => {
            let times = Times { search, total: started.ms() };
            Answer::unsolved(&nearest, &times).print();
            let lacks = match nearest.forbidden_by {
                Some(criterion) => format!("{criterion} is broken there at any limit"),
                None => format!("{} rows would be suppressed, {} may be", nearest.suppressed, nearest.allowed),
            };
            let node = nearest.node.map_or_else(String::new, |node| format!("; node {node:?} came nearest"));
            return Err(Failure::Refused(format!("no solution{node}: {lacks}")));
        }
    };
    // What is not anonymous is shown as numbers only.
    let verified = if solution.claims().anonymous { Some(solution.verify(&asked, args.separator)?) } else { None };
    let times = Times { search, total: started.ms() };
    if let Some(path) = &args.out {
        let verified = verified.as_ref().ok_or_else(|| {
            Failure::Refused("the table is not anonymous at this node, so nothing is written".to_owned())
        })?;
        write(path, verified.as_bytes())?;
    }
    Answer::solved(solution.claims(), verified.is_some(), &times).print();
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

/// Writes beside the target, then renames, so that the file appears whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let refused = |error: &std::io::Error| Failure::Refused(format!("{}: {error}", path.display()));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let part = path.with_file_name(format!(".{name}.part-{}", std::process::id()));
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&part);
        refused(&error)
    })
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
