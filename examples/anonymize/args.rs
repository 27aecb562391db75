//! The flags of the program.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Anonymises a table: nobody in it stands out any more, and as little as possible is lost.
///
/// Reads a CSV table and a generalisation hierarchy a column, finds the levels that keep every criterion and lose least,
/// verifies the result by a separate check, and prints one JSON object. Columns named neither in --qi nor in
/// --sensitive are taken as insensitive, and the program says so on stderr. Exit code 0: done; 1: refused, failed or no
/// solution, one line on stderr; 2: wrong usage.
#[derive(Parser)]
#[command(version, after_help = AFTER)]
pub struct Args {
    /// The table, CSV with a header
    #[arg(long, value_name = "CSV")]
    pub data: PathBuf,

    /// Byte between cells of --data, --subset and --out
    #[arg(long, default_value = ";", value_name = "C", value_parser = separator)]
    pub separator: u8,

    /// Hierarchies: a folder, or files named `<table>_hierarchy_<column>.csv`, `;` between levels, no header
    #[arg(long, value_name = "DIR|FILES", num_args = 1.., value_delimiter = ',')]
    pub hierarchies: Vec<PathBuf>,

    /// Quasi-identifiers, in order
    #[arg(long, value_name = "a,b,c", value_delimiter = ',', required = true)]
    pub qi: Vec<String>,

    /// Sensitive columns
    #[arg(long, value_name = "s", value_delimiter = ',')]
    pub sensitive: Vec<String>,

    /// How columns compare: col:numeric or col:categorical [default: categorical]
    #[arg(long, value_name = "col:TYPE,…", value_delimiter = ',')]
    pub types: Vec<String>,

    /// Least rows a class
    #[arg(long, value_name = "N")]
    pub k: Option<u64>,

    /// l-diversity: distinct:3, entropy:3, entropy-grassberger:3 or recursive:c,l; for one column: s=distinct:3
    #[arg(long, value_name = "[s=]RULE,…")]
    pub l: Vec<String>,

    /// t-closeness: equal:0.2, ordered:0.2 or hierarchical:0.2
    #[arg(long, value_name = "[s=]RULE,…")]
    pub t: Vec<String>,

    /// beta-likeness: basic:3 or enhanced:3
    #[arg(long, value_name = "[s=]RULE,…")]
    pub beta: Vec<String>,

    /// delta-disclosure privacy
    #[arg(long, value_name = "[s=]D,…")]
    pub delta_disclosure: Vec<String>,

    /// Bounds of the share of the subset in every class; needs --subset
    #[arg(long, value_name = "lo,hi", requires = "subset")]
    pub delta_presence: Option<String>,

    /// Least rows of the population in a class: of the table with --subset, estimated with --population
    #[arg(long, value_name = "K")]
    pub k_map: Option<u64>,

    /// Persons in the population, for --k-map
    #[arg(long, value_name = "P", requires = "k_map")]
    pub population: Option<u64>,

    /// Significance, for --k-map with --population
    #[arg(long, value_name = "A", default_value_t = 0.01)]
    pub significance: f64,

    /// Model of the population, for --k-map with --population
    #[arg(long, value_enum, default_value_t = Estimator::ZeroTruncated)]
    pub estimator: Estimator,

    /// Most classes a row
    #[arg(long, value_name = "R")]
    pub average_risk: Option<f64>,

    /// Largest share of rows alone in their class
    #[arg(long, value_name = "R")]
    pub sample_uniqueness: Option<f64>,

    /// Every class pays although attackers act; needs --profit
    #[arg(long, value_enum, requires = "profit")]
    pub profitability: Option<AttackName>,

    /// Publisher's benefit and loss, attacker's gain and cost, a record each
    #[arg(long, value_name = "b,a,g,c")]
    pub profit: Option<String>,

    /// Rows to release, the table being the population: CSV with the header of the data, or one column `row`, 0-based
    #[arg(long, value_name = "FILE")]
    pub subset: Option<PathBuf>,

    /// Whether delta-presence tests classes without a released row when a class size is asked for
    #[arg(long, value_enum, default_value_t = Absent::Skip)]
    pub absent_classes: Absent,

    /// Share of rows that may be suppressed
    #[arg(long, value_name = "F", default_value_t = 0.0)]
    pub suppression: f64,

    /// What counts as loss
    #[arg(long, value_enum, default_value_t = MetricName::Loss)]
    pub metric: MetricName,

    /// How the losses of columns become one [default: the metric's own]
    #[arg(long, value_enum)]
    pub aggregate: Option<AggregateName>,

    /// Suppression against generalisation: 0 forgives suppression, 1 generalisation
    #[arg(long, value_name = "F", default_value_t = 0.5)]
    pub gs: f64,

    /// Weights of quasi-identifiers [default: 1]
    #[arg(long, value_name = "a=1,b=2", value_delimiter = ',')]
    pub weights: Vec<String>,

    /// Levels that may be taken
    #[arg(long, value_name = "a=0..2,…", value_delimiter = ',')]
    pub levels: Vec<String>,

    /// Look first where monotone criteria would have their optimum; the result is the same
    #[arg(long)]
    pub practical_monotonicity: bool,

    /// How rows become alike
    #[arg(long, value_enum, default_value_t = Model::FullDomain)]
    pub model: Model,

    /// Threads [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Nodes to evaluate at most
    #[arg(long, value_name = "N")]
    pub budget_checks: Option<u64>,

    /// Milliseconds to search at most
    #[arg(long, value_name = "N")]
    pub budget_ms: Option<u64>,

    /// Runs of the search; `ms_search` is their median
    #[arg(long, value_name = "R", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub repeat: u32,

    /// Evaluate one node instead of searching: a level a quasi-identifier
    #[arg(long, value_name = "1,0,2", value_delimiter = ',')]
    pub evaluate_at: Option<Vec<usize>>,

    /// Where the anonymised table goes; it appears only after verification
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Accepted; the output is JSON anyway
    #[arg(long)]
    pub json: bool,
}

impl Args {
    /// Whether anything is asked for that protects somebody.
    pub fn has_criterion(&self) -> bool {
        let lists = [&self.l, &self.t, &self.beta, &self.delta_disclosure];
        self.k.is_some()
            || lists.iter().any(|list| !list.is_empty())
            || self.delta_presence.is_some()
            || self.k_map.is_some()
            || self.average_risk.is_some()
            || self.sample_uniqueness.is_some()
            || self.profitability.is_some()
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Estimator {
    Poisson,
    ZeroTruncated,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum AttackName {
    Prosecutor,
    Journalist,
    ProsecutorNoAttack,
    JournalistNoAttack,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Absent {
    Skip,
    Check,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum MetricName {
    Loss,
    Nue,
    Nmnue,
    Aecs,
    Dm,
    DmStar,
    Precision,
    NmPrecision,
    Height,
    Ebil,
    Payout,
    PayoutJournalist,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum AggregateName {
    Geometric,
    Arithmetic,
    Sum,
    Max,
    Rank,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Model {
    FullDomain,
    Mondrian,
    MondrianRelaxed,
    HierarchyMondrian,
    Mdav,
    MdavHybrid,
    KAligned,
}

fn separator(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n".contains(byte) => Ok(*byte),
        _ => Err("one ASCII character that is no letter, digit, quote or line break".to_owned()),
    }
}

const AFTER: &str = "\
Which model when: one vocabulary for every record, stable over time: full-domain. Mixed columns, least loss:
hierarchy-mondrian. Numbers, such as recency, frequency and spend: mdav.

Example, k = 5 with 2 % of rows suppressed at most:
  anonymize --data adult.csv --hierarchies adult/ --qi age,sex,race --k 5 --suppression 0.02 --out anonymous.csv";
