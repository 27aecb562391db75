//! What the program writes and prints.

use std::io::{ErrorKind, Write};
use std::time::Duration;

use clap::ValueEnum;
use consentric::pipeline::Outcome;
use consentric::release::table::Reason;
use consentric::release::{HiddenSegment, ReleaseError};
use consentric::report::{Report, Table};

use crate::args::Args;
use crate::document::{Document, model_json};
use crate::failure::Failure;
use crate::files;

/// Every setting that changes a figure.
pub fn settings(args: &Args, n_segments: usize, frequency: &str, is_sample: bool) -> Vec<(&'static str, String)> {
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

pub fn write(args: &Args, outcome: &Outcome, source: &str, settings: &[(&'static str, String)]) -> Result<(), Failure> {
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
    if let Some(told) = hidden(release.hidden_segments(), release.k()) {
        eprintln!("for the controller only: {told}");
    }
    let total: Duration = outcome.timings().iter().map(|timing| timing.time).sum();
    eprintln!("segmented in {:.0} ms", total.as_secs_f64() * 1e3);
    Ok(())
}

/// Which segments are hidden and why, in one sentence.
fn hidden(segments: &[HiddenSegment], k: u64) -> Option<String> {
    let told = segments.iter().map(|segment| {
        let who = segment.id().map_or_else(|| "the rest in no segment".to_owned(), |id| format!("segment {id}"));
        let why: Vec<String> = segment.reasons().iter().map(|reason| words(*reason, k)).collect();
        format!("{who} is hidden because {}", why.join(" and "))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn words(reason: Reason, k: u64) -> String {
    match reason {
        Reason::BelowThreshold => format!("it has fewer than {k} customers"),
        Reason::Complement => "the total would give a smaller one away".to_owned(),
        Reason::Zero => "it has no customers".to_owned(),
        other => format!("of the rule `{other}`"),
    }
}

fn name_of(value: impl ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

fn frequency<'a>(settings: &'a [(&'static str, String)]) -> &'a str {
    settings.iter().find(|(name, _)| *name == "frequency").map_or("", |(_, value)| value)
}
