//! Why the ledger gave no verdict or took no entry.

/// Why the ledger gave no verdict or took no entry; each of them means that nothing is released.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The file could not be read or written.
    #[error("release ledger: the file cannot be {doing}: {reason}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        reason: String,
    },
    /// Another writer holds the ledger.
    #[error(
        "release ledger: another writer holds it; wait for him, or delete the `.lock` file beside it if he is gone for good"
    )]
    Locked,
    /// The file is no release ledger.
    #[error("release ledger: the file is no release ledger")]
    Foreign,
    /// The file has another version.
    #[error("release ledger: version {found} of the format; this crate reads version {known}")]
    Version {
        /// Version of the file.
        found: u32,
        /// Version that can be read.
        known: u32,
    },
    /// The ledger was written under another key.
    #[error("release ledger: written under another key; take the key it was created with")]
    WrongKey,
    /// The ledger was created with other settings.
    #[error("release ledger: created with other settings; open it with its own capacity and form of sets")]
    OtherSettings,
    /// The file ends before its end.
    #[error("release ledger: cut off at byte {at}; restore it, or recover it if a crash cut it")]
    Truncated {
        /// Where the file ends.
        at: u64,
    },
    /// A record does not belong to the chain.
    #[error("release ledger: record {record} was changed or does not follow the one before it; restore the ledger")]
    Broken {
        /// Place of the record, from 0.
        record: u64,
    },
    /// The ledger ends before or beside the head it should reach.
    #[error("release ledger: it does not reach its head; entries are missing, restore the ledger")]
    Rewound,
    /// A write failed before.
    #[error("release ledger: a write failed, so its end is unknown; open it again")]
    Poisoned,
    /// The ledger has moved on since the assessment.
    #[error("release ledger: entries were added since the assessment; ask again")]
    Stale,
    /// Cells of the plan may not be released.
    #[error("{n} cells may not be released; hide them, audit again and ask again")]
    NotReleasable {
        /// How many.
        n: usize,
    },
    /// The plan has no cells.
    #[error("the plan has no cells")]
    NothingPlanned,
    /// The threshold is out of range.
    #[error("threshold {threshold} is outside 2..=100000")]
    Threshold {
        /// The threshold asked for.
        threshold: u64,
    },
    /// The threshold is too large for the sketches of this ledger.
    #[error(
        "threshold {threshold} needs sketches of capacity {needed}, the ledger has {capacity}; create one for this threshold"
    )]
    Capacity {
        /// The threshold of the plan.
        threshold: u64,
        /// The capacity it needs.
        needed: usize,
        /// The capacity of the ledger.
        capacity: usize,
    },
    /// A customer stands in the population twice.
    #[error("customer in row {row} of the population stands there twice; list each customer once")]
    Twice {
        /// The second of the rows.
        row: usize,
    },
    /// A set of members has a row that is not in the population.
    #[error("row {row} is outside the population of {n} customers")]
    Row {
        /// The row asked for.
        row: usize,
        /// Size of the population.
        n: usize,
    },
    /// A column of contributions has the wrong length.
    #[error("contributions have {found} values, the population has {n} customers")]
    Contributions {
        /// Values given.
        found: usize,
        /// Size of the population.
        n: usize,
    },
    /// A contribution is not a number.
    #[error("contribution in row {row} is not finite; impute it or drop the customer")]
    NotFinite {
        /// Its row.
        row: usize,
    },
    /// A cell or relation names a set or column that the plan does not have.
    #[error("cell or relation {place} names a set or a column that the plan does not have")]
    Unknown {
        /// Place of the cell or relation in the plan.
        place: usize,
    },
    /// A part of a relation has members that its margin lacks.
    #[error("relation {place}: a part has members that the margin lacks")]
    NotAPart {
        /// Place of the relation in the plan.
        place: usize,
    },
    /// A cell of a measure over contributions has none, or one of a count has some.
    #[error("cell {place}: a count has no contributions, every other measure needs them")]
    Measure {
        /// Place of the cell in the plan.
        place: usize,
    },
    /// A column of contributions has no name, or one that is taken.
    #[error("column `{column}` has no name of its own; name each column of contributions once")]
    SameColumn {
        /// The name.
        column: String,
    },
    /// The figures of a cell are too long.
    #[error("cell {place}: figures and rounding take more than 4096 bytes")]
    TooLong {
        /// Place of the cell in the plan.
        place: usize,
    },
    /// Two cells of the plan are the same cell.
    #[error("cell {place} stands in the plan twice")]
    SameCell {
        /// Place of the second in the plan.
        place: usize,
    },
    /// The system has no randomness to give.
    #[error("no key could be drawn: {reason}")]
    NoRandomness {
        /// What the system said.
        reason: String,
    },
    /// A key could not be derived.
    #[error("no key could be derived")]
    Key,
}

impl LedgerError {
    /// An error of the file system.
    pub(super) fn io(doing: &'static str) -> impl Fn(std::io::Error) -> Self {
        move |error| Self::Io { doing, reason: error.kind().to_string() }
    }
}
