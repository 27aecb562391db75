//! Segments customers from purchases and consent events; learn here how the whole pipeline fits together.

mod args;
#[path = "../shared/choices.rs"]
mod choices;
mod consent_help;
mod document;
mod export;
#[path = "../shared/failure.rs"]
mod failure;
#[path = "../shared/files.rs"]
mod files;
mod output;
mod progress;
mod secret;
mod start;
#[path = "../shared/threads.rs"]
mod threads;
#[path = "../shared/transactions.rs"]
mod transactions;

use std::process::ExitCode;

use clap::Parser;
use consentric::consent::{AssumeLawful, ConsentFile, ConsentPolicy, ConsentSource};
use consentric::pipeline::Progress;
use consentric::prelude::*;
use consentric::segment::linfa::{LinfaKMeans, LinfaMixture};

use args::Args;
use failure::Failure;

fn main() -> ExitCode {
    let args = Args::parse();
    match threads::on(args.threads, || run(&args)) {
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
        Some(path) => Box::new(ConsentFile::open(path)?),
        None => Box::new(consentric::synth::simulated_consent(
            &loaded.transactions,
            &purpose,
            loaded.analysis_date,
            args.seed,
        )),
    };
    let customers = Customers::from_transactions(loaded.transactions)?;
    let hook = |progress: &Progress<'_>| bar.show(progress);
    let (mut exporting, key) = match args.export.open()?.map(export::Opened::parts) {
        Some((plan, ledger, key, path)) => (Some((plan, ledger, path)), key),
        None => (None, MasterKey::generate()?),
    };
    let mut pipeline = Pipeline::for_purpose(purpose)
        .at(at)
        .consent(policy.as_ref())
        .protect(key)
        .features(loaded.rfm)
        .segment(strategy)
        .release(anonymity)
        .with_seed(args.seed)
        .on_progress(&hook);
    if let Some((plan, ledger, _)) = &mut exporting {
        pipeline = pipeline.with_export(plan.clone(), ledger);
    }
    let outcome = pipeline.run(&customers)?;
    bar.finish();
    if let (Some((_, _, path)), Some(export)) = (&exporting, outcome.export()) {
        export::write(path, export)?;
    }

    let settings = output::settings(args, n_segments, loaded.frequency, loaded.is_sample);
    let source = match policy.source() {
        ConsentSource::Simulated => "simulated",
        ConsentSource::Assumed { .. } => "assumed",
        _ => "file",
    };
    output::write(args, &outcome, source, &settings)
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
