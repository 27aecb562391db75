//! Measures the anonymity of a CSV table; learn here how to read a table with roles and ask for every measure.

mod args;
mod document;
#[expect(dead_code, reason = "wrong usage of single flags is told by clap here")]
#[path = "../shared/failure.rs"]
mod failure;

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use consentric::anonymity::{MeasureSettings, Measures, Role, Table, TableReader};

use args::Args;
use document::Document;
use failure::Failure;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.exit(),
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let table = table(args)?;
    let mut settings = MeasureSettings::new()
        .with_mode(args.mode())
        .with_missing(args.missing())
        .with_order(args.qi.iter().chain(&args.sensitive));
    if !args.suppressed_label.is_empty() {
        settings = settings.with_suppressed_label(&args.suppressed_label);
    }
    if let Some(raw) = &args.raw {
        let reader = TableReader::new().with_separator(args.separator).with_others(Role::Insensitive);
        settings = settings.with_raw_rows(read(&reader, raw)?.n_rows() as u64);
    }
    let measures = Measures::of(&table, &settings)?;
    // The text is complete before the first byte is written.
    let mut text = serde_json::to_string(&Document::of(&measures))?;
    text.push('\n');
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

fn table(args: &Args) -> Result<Table, Failure> {
    // Columns without a flag are neither known to others nor sensitive: this program's explicit choice.
    let mut reader = TableReader::new().with_separator(args.separator).with_others(Role::Insensitive);
    let is_named = |name: &String| args.qi.contains(name) || args.sensitive.contains(name);
    if let Some((name, _)) = args.types.iter().find(|(name, _)| !is_named(name)) {
        return Err(Failure::Usage(format!("`--types` names `{name}`, which is in neither `--qi` nor `--sensitive`")));
    }
    let roles = args.qi.iter().map(|name| (name, Role::Quasi));
    for (name, role) in roles.chain(args.sensitive.iter().map(|name| (name, Role::Sensitive))) {
        reader = match args.types.iter().rev().find(|(typed, _)| typed == name) {
            Some((_, column_type)) => reader.with_column(name, role, *column_type),
            None => reader.with_untyped_column(name, role),
        };
    }
    read(&reader, &args.data)
}

fn read(reader: &TableReader, path: &Path) -> Result<Table, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| Failure::Refused(format!("{name}: {error}")))?;
    Ok(reader.read(&name, file)?)
}
