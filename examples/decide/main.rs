//! Decides cases of consent written as JSON lines; learn here how to ask the decision engine without a pipeline.

#[expect(dead_code, reason = "wrong usage is told by clap here")]
#[path = "../shared/failure.rs"]
mod failure;
mod lines;
#[path = "../shared/threads.rs"]
mod threads;

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use consentric::consent::{Answer, Cases};
use rayon::prelude::*;

use failure::Failure;
use lines::Lines;

/// Decides cases: one JSON object a line in, one decision a line out, in the same order.
///
/// A case holds `customer`, `activity`, `events` and `request`; a first line {"register":{…}} replaces the built-in
/// purposes and categories. What cannot be read denies with UNREADABLE. Exit code 0: every line held a case; 1: some
/// line did not, or reading failed; 2: wrong usage. Without FILE a few cases with comments are decided.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// JSON lines, or - for standard input [default: the bundled examples]
    #[arg(value_name = "FILE|-")]
    file: Option<PathBuf>,

    /// Threads [default: one a core]; the answers do not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match threads::on(args.threads, || run(&args)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => failure.exit(),
    }
}

/// Whether every line held a case.
fn run(args: &Args) -> Result<bool, Failure> {
    let (name, source): (String, Box<dyn BufRead>) = match args.file.as_deref() {
        None => ("examples".to_owned(), Box::new(include_str!("../data/consent_examples.jsonl").as_bytes())),
        Some(path) if path.as_os_str() == "-" => ("standard input".to_owned(), Box::new(std::io::stdin().lock())),
        Some(path) => {
            let name = path.display().to_string();
            let file = std::fs::File::open(path).map_err(|error| Failure::Refused(format!("{name}: {error}")))?;
            (name, Box::new(BufReader::with_capacity(1 << 20, file)))
        }
    };
    let mut lines = Lines::new(name, source);
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let mut cases = Cases::new();
    let mut all_held_cases = true;
    let mut first = true;
    loop {
        let mut batch = lines.batch(BATCH)?;
        if std::mem::take(&mut first)
            && let Some((_, line)) = batch.first()
            && let Some(with_register) = Cases::with_register(lines.name(), line)
        {
            // A register that cannot be read would decide nothing rightly.
            cases = with_register?;
            batch.remove(0);
        } else if batch.is_empty() {
            break;
        }
        // Answers are written in the order of their lines, so the number of threads shows nowhere.
        let answers: Vec<(bool, Vec<u8>)> =
            batch.par_iter().map(|(n, line)| written(&cases.answer(*n, line))).collect();
        for (held_case, text) in answers {
            all_held_cases &= held_case;
            out.write_all(&text)?;
        }
        out.flush()?;
    }
    Ok(all_held_cases)
}

fn written(answer: &Answer) -> (bool, Vec<u8>) {
    let mut text = serde_json::to_vec(answer).unwrap_or_default();
    text.push(b'\n');
    (!answer.is_malformed(), text)
}

/// Lines decided at a time.
const BATCH: usize = 8_192;
