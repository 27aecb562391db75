//! Segments customers from purchases and consent events; learn here how the whole pipeline fits together.

mod args;
mod document;
#[path = "../shared/failure.rs"]
mod failure;
#[path = "../shared/files.rs"]
mod files;
mod progress;
mod start;
#[path = "../shared/transactions.rs"]
mod transactions;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use consentric::consent::{AssumeLawful, ConsentPolicy, ConsentSource};
use consentric::pipeline::Progress;
use consentric::prelude::*;
use consentric::release::ReleaseError;
use consentric::report::{Report, Table};
use consentric::segment::linfa::{LinfaKMeans, LinfaMixture};

use args::Args;
use document::{Document, model_json};
use failure::Failure;

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.threads {
        None => run(&args),
        Some(threads) => rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(threads))
            .build()
            .map_err(Failure::from)
            .and_then(|pool| pool.install(|| run(&args))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.exit(),
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let n_segments = args.check()?;
    let purpose = Purpose::parse(&args.purpose).map_err(|error| Failure::Usage(error.to_string()))?;
    let k = KAnonymity::new(args.k_anonymity).map_err(|error| Failure::Usage(error.to_string()))?;
    let anonymity = if args.dangerous_without_suppression { k.dangerous().without_suppression() } else { k };
    let strategy = strategy(args, n_segments)?;
    let real_data = args.transactions.transactions.is_some();
    if real_data && args.consent.is_none() && !args.dangerous_assume_lawful {
        return Err(Failure::Refused(
            "no consent events: give `--consent`; consent is never simulated for your own customers".to_owned(),
        ));
    }

    let bar = progress::Bar::new();
    bar.tell("reading");
    let loaded = args.transactions.load()?;
    let at = args.at.unwrap_or_else(|| loaded.analysis_date.start());
    let policy: Box<dyn ConsentPolicy> = match &args.consent {
        _ if args.dangerous_assume_lawful => Box::new(AssumeLawful::dangerous("--dangerous-assume-lawful")),
        Some(path) => Box::new(Ledger::read_jsonl_file(path)?),
        None => Box::new(consentric::synth::simulated_consent(
            &loaded.transactions,
            &purpose,
            loaded.analysis_date,
            args.seed,
        )),
    };
    let customers = Customers::from_transactions(loaded.transactions)?;
    let hook = |progress: &Progress<'_>| bar.show(progress);
    let outcome = Pipeline::for_purpose(purpose)
        .at(at)
        .consent(policy.as_ref())
        .protect(MasterKey::generate()?)
        .features(loaded.rfm)
        .segment(strategy)
        .release(anonymity)
        .with_seed(args.seed)
        .on_progress(&hook)
        .run(&customers)?;
    bar.finish();

    let settings = settings(args, n_segments, loaded.frequency, loaded.is_sample);
    let source = match policy.source() {
        ConsentSource::Simulated => "simulated",
        ConsentSource::Assumed { .. } => "assumed",
        _ => "file",
    };
    write(args, &outcome, source, &settings)
}

fn strategy(args: &Args, n_segments: usize) -> Result<Box<dyn Strategy>, Failure> {
    let usage = |error: consentric::segment::SegmentError| Failure::Usage(error.to_string());
    Ok(match (args.strategy.as_str(), &args.init) {
        ("linfa-k-means", _) => Box::new(LinfaKMeans::new(n_segments).map_err(usage)?),
        ("linfa-mixture", _) => Box::new(LinfaMixture::new(n_segments).map_err(usage)?),
        (_, None) => Box::new(KMeans::new(n_segments).map_err(usage)?),
        (_, Some(path)) => {
            let rows = start::read(path, n_segments)?;
            Box::new(KMeans::new(n_segments).map_err(usage)?.with_start(rows.view()))
        }
    })
}

fn settings(args: &Args, n_segments: usize, frequency: &str, is_sample: bool) -> Vec<(&'static str, String)> {
    let data = if is_sample { "bundled CDNOW sample (Fader & Hardie)" } else { "own file" };
    vec![
        ("data", data.to_owned()),
        ("frequency", frequency.to_owned()),
        ("time_zone", args.transactions.time_zone.clone()),
        ("refunds", name_of(args.transactions.refunds)),
        ("zero_amount", name_of(args.transactions.zero_amount)),
        ("unreadable_rows", if args.transactions.skip_unreadable { "skipped" } else { "refused" }.to_owned()),
        ("start", if args.init.is_some() { "given centroids" } else { "k-means++" }.to_owned()),
        ("strategy", args.strategy.clone()),
        ("segments", n_segments.to_string()),
        ("k_anonymity", args.k_anonymity.to_string()),
        ("seed", args.seed.to_string()),
    ]
}

fn write(args: &Args, outcome: &Outcome, source: &str, settings: &[(&'static str, String)]) -> Result<(), Failure> {
    let release = outcome.release();
    let json = Document::new(release, source, settings).json()?;
    // The report tells strategy, threshold and seed from the release itself.
    let told = ["strategy", "k_anonymity", "seed"];
    let more = settings.iter().filter(|(name, _)| !told.contains(name));
    let report = more.fold(Report::external(release), |report, (name, value)| report.with_setting(name, value));
    let model = outcome.model().ok().map(model_json).transpose()?;
    let files = [("report.html", Some(report.html())), ("outcome.json", Some(json.clone())), ("model.json", model)];
    let written = files::write_all(&args.out, &files)?;
    let mut text = json;
    if !args.json {
        text = format!("{}\n", Table::new(release));
        text += &format!("analysis date {}, frequency in {}\n", release.analysis_date(), frequency(settings));
        if let Err(why @ ReleaseError::ModelNotWritable { .. }) = outcome.model() {
            text += &format!("model.json was not written: {why}\n");
        }
        text.extend(written.iter().map(|path| format!("wrote {}\n", path.display())));
    }
    match std::io::stdout().write_all(text.as_bytes()) {
        // Who reads only the first lines closes the pipe; that is no error.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            return Err(Failure::Refused(format!("standard output: {error}")));
        }
        _ => {}
    }
    let total: Duration = outcome.timings().iter().map(|timing| timing.time).sum();
    eprintln!("segmented in {:.0} ms", total.as_secs_f64() * 1e3);
    Ok(())
}

fn name_of(value: impl ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

fn frequency<'a>(settings: &'a [(&'static str, String)]) -> &'a str {
    settings.iter().find(|(name, _)| *name == "frequency").map_or("", |(_, value)| value)
}
