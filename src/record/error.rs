//! Why records could not be taken in.

use crate::time::TimeError;

/// Why records could not be taken in; every variant names the place, none a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The source could not be read.
    #[error("{source_name}: {error}")]
    Io {
        /// File name or other name of the source.
        source_name: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The source has no header line.
    #[error("{source_name}: empty; a header line with the column names is needed")]
    NoHeader {
        /// File name or other name of the source.
        source_name: String,
    },
    /// The source has a header and no row.
    #[error("{source_name}: no row below the header")]
    NoRows {
        /// File name or other name of the source.
        source_name: String,
    },
    /// A column that was asked for is not there.
    #[error("{source_name} line 1: no column `{column}` for {wanted}; say which of these it is: {found}")]
    MissingColumn {
        /// File name or other name of the source.
        source_name: String,
        /// The column.
        column: String,
        /// What it was wanted for.
        wanted: String,
        /// The first column names of the source.
        found: String,
    },
    /// A column has neither role nor kind.
    #[error("{source_name} line 1: column `{column}` has no role; declare it in the schema or name it as ignored")]
    UntypedColumn {
        /// File name or other name of the source.
        source_name: String,
        /// The column.
        column: String,
    },
    /// Two columns have one name.
    #[error("{source_name} line 1: column `{column}` appears twice")]
    DuplicateColumn {
        /// File name or other name of the source.
        source_name: String,
        /// The column.
        column: String,
    },
    /// A row has more or fewer cells than the header.
    #[error("{source_name} line {line}: {found} cells, the header has {expected}")]
    RowLength {
        /// File name or other name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
        /// Cells of the row.
        found: u64,
        /// Cells of the header.
        expected: u64,
    },
    /// A row is longer than the limit.
    #[error("{source_name} line {line}: row longer than {limit} bytes; is a quote left open?")]
    RowTooLong {
        /// File name or other name of the source.
        source_name: String,
        /// Line where the row starts, from 1.
        line: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The source ends within a quoted cell.
    #[error("{source_name} line {line}: the row ends inside a quoted cell; is the file cut off, or a quote left open?")]
    OpenQuote {
        /// File name or other name of the source.
        source_name: String,
        /// Line where the row starts, from 1.
        line: u64,
    },
    /// A row of the caller's own has no field names or holds more than simple values.
    #[error(
        "{source_name} line {line}: no flat struct; give structs with named fields of text, numbers, booleans or `Option` of these"
    )]
    NotFlat {
        /// Name of the source.
        source_name: String,
        /// Line, from 1 for the header: row `i` from 0 is line `i + 2`.
        line: u64,
    },
    /// A cell is not UTF-8 text.
    #[error("{source_name} line {line}, column `{column}`: not UTF-8 text; save the file as UTF-8")]
    NotUtf8 {
        /// File name or other name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
        /// The column.
        column: String,
    },
    /// A cell cannot be read as its kind.
    #[error("{source_name} line {line}, column `{column}`: {problem}")]
    Cell {
        /// File name or other name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// What is wrong with it.
        problem: CellProblem,
    },
    /// A customer appears in two rows of a table with one row a customer.
    #[error(
        "{source_name} line {line}, column `{column}`: the customer already appears in line {first_line}; one row a customer"
    )]
    DuplicateCustomer {
        /// File name or other name of the source.
        source_name: String,
        /// Line of the second row, from 1.
        line: u64,
        /// Column of the customer id.
        column: String,
        /// Line of the first row.
        first_line: u64,
    },
    /// Two currencies in one run.
    #[error(
        "{source_name} line {line}, column `{column}`: a second currency, the rows before are in {first}; convert to one currency first"
    )]
    MixedCurrency {
        /// File name or other name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
        /// Column of the currency.
        column: String,
        /// The currency of the rows before.
        first: super::Currency,
    },
    /// No ISO 4217 code.
    #[error("not a currency; write three letters such as `EUR`")]
    Currency,
    /// A schema cannot be built.
    #[error("schema: {problem}")]
    Schema {
        /// What is wrong.
        problem: String,
    },
    /// More rows, customers or text than the narrow codes can number.
    #[error("{what}: more than {limit}; split the data")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

impl RecordError {
    /// Whether a reader that skips unreadable rows may go on behind it.
    pub(super) const fn is_unreadable(&self) -> bool {
        matches!(self, Self::Cell { .. } | Self::NotUtf8 { .. } | Self::RowLength { .. })
    }
}

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CellProblem {
    /// An empty cell where a value is needed.
    #[error("empty, a value is needed")]
    Empty,
    /// Not a decimal number.
    #[error("not a decimal number with `.` as decimal mark, without thousands marks")]
    NotDecimal,
    /// NaN or infinite.
    #[error("not a finite number")]
    NotFinite,
    /// More decimals than are kept.
    #[error("more than 6 decimals")]
    TooPrecise,
    /// Outside what can be held.
    #[error("number out of range")]
    OutOfRange,
    /// Not a whole number.
    #[error("not a whole number")]
    NotInteger,
    /// Neither true nor false.
    #[error("not a boolean; write `true` or `false`")]
    NotBoolean,
    /// Not a currency.
    #[error("not a currency; write three letters such as `EUR`")]
    NotCurrency,
    /// More decimals than the currency's minor unit.
    #[error("more decimals than the currency has")]
    MinorUnit,
    /// No date or time.
    #[error("{0}")]
    Time(TimeError),
}

impl From<TimeError> for CellProblem {
    fn from(error: TimeError) -> Self {
        Self::Time(error)
    }
}
