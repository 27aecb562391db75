//! The flags of the program.

use std::path::PathBuf;

use clap::Parser;
use consentric::time::{Date, TimeError, Timestamp};

use crate::consent_help::CONSENT_HELP;
use crate::export::ExportFlags;
use crate::failure::Failure;
use crate::transactions::TransactionFlags;

/// Divides customers into segments, using only those who may be used.
///
/// From purchases and consent events to a table, an HTML report and JSON. Without arguments it runs on the bundled
/// CDNOW sample with simulated consent. Exit code 0: done; 1: refused or failed, one line on stderr; 2: wrong usage.
#[derive(Parser)]
#[command(version, after_help = CONSENT_HELP)]
pub struct Args {
    #[command(flatten)]
    pub transactions: TransactionFlags,

    /// Consent events, one JSON object a line; required with --transactions, see below
    #[arg(long, value_name = "JSONL")]
    pub consent: Option<PathBuf>,

    /// What the segments are for; only consent to exactly this counts
    #[arg(long, default_value = "segmentation_marketing", value_name = "PURPOSE")]
    pub purpose: String,

    /// Purpose under which the bias report may read everybody (not yet)
    #[arg(long, value_name = "PURPOSE")]
    pub statistics_purpose: Option<String>,

    /// Time at which consent is judged, RFC 3339, or a day for its 00:00Z [default: the analysis date]
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub at: Option<Timestamp>,

    /// k-means, linfa-k-means or linfa-mixture; more with later versions
    #[arg(long, default_value = "k-means", value_name = "NAME")]
    pub strategy: String,

    /// Number of segments ("auto" not yet) [default: 5]
    #[arg(long, value_name = "auto|N")]
    pub segments: Option<String>,

    /// Starting centroids of k-means in scaled features, .f64 or .f32 raw little-endian, or .csv with a header
    #[arg(long, value_name = "FILE")]
    pub init: Option<PathBuf>,

    /// Fewest customers behind any figure
    #[arg(long, default_value_t = 20, value_name = "K")]
    pub k_anonymity: u64,

    /// Named rules instead of clusters (not yet)
    #[arg(long, value_name = "JSON")]
    pub rules: Option<PathBuf>,

    /// Folder for report.html, outcome.json and model.json
    #[arg(long, default_value = "target/segment_customers", value_name = "DIR")]
    pub out: PathBuf,

    #[command(flatten)]
    pub export: ExportFlags,

    /// Print outcome.json to stdout instead of the table
    #[arg(long)]
    pub json: bool,

    /// Seed of all randomness
    #[arg(long, default_value_t = 42)]
    pub seed: u64,

    /// Threads [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Use all customers without checking consent, on your word; every output says so
    #[arg(long, conflicts_with = "consent")]
    pub dangerous_assume_lawful: bool,

    /// Show segments of any size; every output is then marked "not for release"
    #[arg(long)]
    pub dangerous_without_suppression: bool,
}

impl Args {
    /// Refuses what this version cannot honour yet, before anything is read.
    pub fn check(&self) -> Result<usize, Failure> {
        if self.rules.is_some() {
            return Err(Failure::not_yet("--rules"));
        }
        if self.statistics_purpose.is_some() {
            return Err(Failure::not_yet("--statistics-purpose"));
        }
        match self.strategy.as_str() {
            "k-means" | "linfa-k-means" | "linfa-mixture" => {}
            "mini-batch" | "mixture" | "dbscan" | "optics" | "ward" | "average" | "complete" | "single"
            | "k-prototypes" | "k-means-min" | "quantiles" | "rules" | "linfa-dbscan" => {
                return Err(Failure::not_yet(&format!("--strategy {}", self.strategy)));
            }
            other => return Err(Failure::Usage(format!("no strategy `{other}`; see `--help`"))),
        }
        if self.init.is_some() && self.strategy != "k-means" {
            return Err(Failure::Usage("`--init` goes with `--strategy k-means`".to_owned()));
        }
        if self.transactions.transactions.is_none() && self.consent.is_some() {
            return Err(Failure::Usage("`--consent` goes with `--transactions`".to_owned()));
        }
        match self.segments.as_deref() {
            None => Ok(5),
            Some("auto") => Err(Failure::not_yet("--segments auto")),
            Some(number) => {
                number.parse().map_err(|_| Failure::Usage(format!("`--segments {number}`: write a number of segments")))
            }
        }
    }
}

fn instant(text: &str) -> Result<Timestamp, TimeError> {
    Date::parse(text).map(Date::start).or_else(|_| Timestamp::parse(text))
}
