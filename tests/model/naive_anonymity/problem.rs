//! What is asked: the table, its roles, the rules and the measure of loss.

use super::table::{NaiveHierarchy, NaiveTable};
use std::collections::BTreeMap;

/// A whole full-domain problem.
#[derive(Clone, Debug)]
pub struct Problem {
    pub table: NaiveTable,
    pub qi: Vec<String>,
    pub sensitive: Vec<String>,
    /// Sensitive columns that hold numbers; all others hold text.
    pub numeric: Vec<String>,
    /// Declared orders of sensitive values; else numbers by value, text by bytes.
    pub orders: BTreeMap<String, Vec<String>>,
    pub hierarchies: BTreeMap<String, NaiveHierarchy>,
    /// Rows of the research subset R, ascending; all rows if there is none.
    pub subset: Option<Vec<usize>>,
    pub criteria: Vec<Criterion>,
    pub absent: AbsentClasses,
    pub suppression: f64,
    pub metric: Metric,
    pub aggregate: Option<Aggregate>,
    pub gs: f64,
    /// Weights of quasi-identifiers; 1 where none is given.
    pub weights: BTreeMap<String, f64>,
    /// Least and greatest level of a column, both included.
    pub levels: BTreeMap<String, (usize, usize)>,
    pub profit: Profit,
}

impl Problem {
    /// k-anonymity without a subset, no suppression, metric `loss`: everything else is set afterwards.
    pub fn new(table: NaiveTable, qi: &[&str], hierarchies: Vec<NaiveHierarchy>) -> Self {
        Self {
            table,
            qi: qi.iter().map(|name| (*name).to_owned()).collect(),
            sensitive: Vec::new(),
            numeric: Vec::new(),
            orders: BTreeMap::new(),
            hierarchies: qi.iter().map(|name| (*name).to_owned()).zip(hierarchies).collect(),
            subset: None,
            criteria: Vec::new(),
            absent: AbsentClasses::Check,
            suppression: 0.0,
            metric: Metric::Loss,
            aggregate: None,
            gs: 0.5,
            weights: BTreeMap::new(),
            levels: BTreeMap::new(),
            profit: Profit { benefit: 100.0, loss: 100.0, gain: 100.0, cost: 30.0 },
        }
    }

    pub fn hierarchy(&self, column: &str) -> &NaiveHierarchy {
        self.hierarchies.get(column).unwrap_or_else(|| panic!("no hierarchy of `{column}`"))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Criterion {
    K(u64),
    DistinctL { column: String, l: u64 },
    EntropyL { column: String, l: f64, estimator: Entropy },
    RecursiveL { column: String, c: f64, l: u64 },
    TEqual { column: String, t: f64 },
    TOrdered { column: String, t: f64 },
    THierarchical { column: String, t: f64 },
    Beta { column: String, beta: f64, enhanced: bool },
    DeltaDisclosure { column: String, delta: f64 },
    DeltaPresence { lo: f64, hi: f64 },
    KMapTable(u64),
    KMapEstimated { k: u64, population: f64, significance: f64, estimator: KMapEstimator },
    Inclusion,
    Profitability(Attacker),
    AverageRisk(f64),
    SampleUniqueness(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entropy {
    Shannon,
    Grassberger,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KMapEstimator {
    Poisson,
    ZeroTruncated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attacker {
    Prosecutor,
    Journalist,
    ProsecutorNoAttack,
    JournalistNoAttack,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsentClasses {
    Check,
    Skip,
}

/// b, a, g and c of the profitability models.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profit {
    pub benefit: f64,
    pub loss: f64,
    pub gain: f64,
    pub cost: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    Loss,
    Nue,
    Nmnue,
    Precision,
    NmPrecision,
    Height,
    Aecs,
    DmStar,
    Dm,
    Ebil,
    Payout,
    PayoutJournalist,
}

impl Metric {
    pub const ALL: [Self; 12] = [
        Self::Loss,
        Self::Nue,
        Self::Nmnue,
        Self::Precision,
        Self::NmPrecision,
        Self::Height,
        Self::Aecs,
        Self::DmStar,
        Self::Dm,
        Self::Ebil,
        Self::Payout,
        Self::PayoutJournalist,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Nue => "nue",
            Self::Nmnue => "nmnue",
            Self::Precision => "precision",
            Self::NmPrecision => "nm-precision",
            Self::Height => "height",
            Self::Aecs => "aecs",
            Self::DmStar => "dm-star",
            Self::Dm => "dm",
            Self::Ebil => "ebil",
            Self::Payout => "payout",
            Self::PayoutJournalist => "payout-journalist",
        }
    }

    /// The aggregate of a metric that has one value per column.
    pub fn default_aggregate(self) -> Option<Aggregate> {
        match self {
            Self::Loss => Some(Aggregate::Geometric),
            Self::Nue | Self::Nmnue | Self::Height => Some(Aggregate::Sum),
            Self::Precision | Self::NmPrecision => Some(Aggregate::Arithmetic),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Geometric,
    Arithmetic,
    Sum,
    Max,
    Rank,
}

impl Aggregate {
    pub const ALL: [Self; 5] = [Self::Geometric, Self::Arithmetic, Self::Sum, Self::Max, Self::Rank];

    pub fn name(self) -> &'static str {
        match self {
            Self::Geometric => "geometric",
            Self::Arithmetic => "arithmetic",
            Self::Sum => "sum",
            Self::Max => "max",
            Self::Rank => "rank",
        }
    }
}
