//! Why customers could not be segmented.

/// Why customers could not be segmented.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// The matrix has no row or no column.
    #[error("the feature matrix has {n} rows and {d} columns, at least one of each is needed")]
    Empty {
        /// Rows.
        n: usize,
        /// Columns.
        d: usize,
    },
    /// A value is NaN or infinite.
    #[error("feature column {column} is not finite at row {row}; impute it or drop the row")]
    NotFinite {
        /// First such row, from 0.
        row: usize,
        /// Its first such column, from 0.
        column: usize,
    },
    /// The number of segments is outside what can be built.
    #[error("{n_segments} segments asked for, allowed are 1 to {max}")]
    SegmentCount {
        /// What was asked for.
        n_segments: usize,
        /// The most that can be had.
        max: usize,
    },
    /// Fewer customers than the segments need.
    #[error("{n} customers cannot fill {n_segments} segments of at least {minimum}; ask for fewer segments")]
    TooFewCustomers {
        /// Customers there are.
        n: usize,
        /// Segments asked for.
        n_segments: usize,
        /// Fewest members of a segment.
        minimum: usize,
    },
    /// Fewer different rows than segments.
    #[error("only {distinct} different customers for {n_segments} segments; ask for at most {distinct}")]
    TooFewDistinct {
        /// Different rows.
        distinct: usize,
        /// Segments asked for.
        n_segments: usize,
    },
    /// A setting has no meaning.
    #[error("`{setting}` is out of range; {allowed}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Given starting centroids do not fit the data.
    #[error(
        "starting centroids are {rows} x {columns} and finite = {finite}; needed: {n_segments} x {n_features}, all finite"
    )]
    Start {
        /// Rows given.
        rows: usize,
        /// Columns given.
        columns: usize,
        /// Whether all are finite.
        finite: bool,
        /// Rows needed.
        n_segments: usize,
        /// Columns needed.
        n_features: usize,
    },
    /// The progress hook asked to stop.
    #[error("stopped on request in round {round}")]
    Stopped {
        /// The round.
        round: usize,
    },
    /// The matrix has another width than the model.
    #[error("{found} features given, the model knows {expected}")]
    Width {
        /// Columns given.
        found: usize,
        /// Columns of the model.
        expected: usize,
    },
    /// A strategy gave labels that do not match its input or its model.
    #[error("strategy `{strategy}` broke its contract: {what}")]
    BadFit {
        /// Name of the strategy.
        strategy: String,
        /// What is wrong.
        what: &'static str,
    },
    /// A library behind an adapter refused.
    #[error("{library} refused: {reason}")]
    Library {
        /// The library.
        library: &'static str,
        /// Its reason.
        reason: String,
    },
    /// A strategy of the user's own gives its reason.
    #[error("{0}")]
    Custom(String),
}
