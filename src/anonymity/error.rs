//! Why a table cannot be measured or anonymised.

use crate::record::RecordError;

/// Why a table cannot be measured or anonymised.
///
/// # Privacy
/// Names columns, rows and rules, never a value of a person. Labels of a hierarchy are configuration and may be named.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnonymityError {
    /// A column was given no role.
    #[error("column `{column}` has no role; say what it is, or that it is insensitive")]
    UntypedColumn {
        /// Name of the column.
        column: String,
    },
    /// A column was named that the table does not hold.
    #[error("no column `{column}`; the table has {n_columns} others")]
    UnknownColumn {
        /// Name that was asked for.
        column: String,
        /// Columns of the table.
        n_columns: usize,
    },
    /// Two columns have one name, or one column two roles.
    #[error("column `{column}` is named twice")]
    DuplicateColumn {
        /// Name of the column.
        column: String,
    },
    /// A column has another role than its use needs.
    #[error("column `{column}` is not {expected}; give it that role")]
    Role {
        /// Name of the column.
        column: String,
        /// The role it needs.
        expected: &'static str,
    },
    /// No column is a quasi-identifier.
    #[error("no column is a quasi-identifier; name at least one")]
    NoQuasiIdentifier,
    /// A criterion names no column, or the table no sensitive one.
    #[error("`{what}` needs a sensitive column; name one")]
    NoSensitiveColumn {
        /// The criterion or measure.
        what: &'static str,
    },
    /// There is not one row.
    #[error("{source_name}: no row, so there is nobody to protect")]
    Empty {
        /// Where the table comes from.
        source_name: String,
    },
    /// A cell cannot be read.
    #[error("{source_name}: row {row}, column `{column}`: {problem}")]
    Cell {
        /// Where the table comes from.
        source_name: String,
        /// Row, 0-based, the header not counted.
        row: u64,
        /// Name of the column.
        column: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A line does not have the cells of the header.
    #[error("{source_name}: line {line} has {found} cells, the header {expected}")]
    RowLength {
        /// Where the table comes from.
        source_name: String,
        /// Line of the file, 1-based.
        line: u64,
        /// Cells of the line.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// Columns are not equally long.
    #[error("column number {column} has {found} rows, the first {expected}")]
    ColumnLength {
        /// Place of the column, 0-based.
        column: usize,
        /// Its rows.
        found: usize,
        /// Rows of the first column.
        expected: usize,
    },
    /// Every row is suppressed or left out.
    #[error("no row is left to measure: {n_suppressed} are suppressed, {n_left_out} left out for a missing value")]
    NoRowLeft {
        /// Rows that are suppressed.
        n_suppressed: u64,
        /// Rows left out because a value is missing.
        n_left_out: u64,
    },
    /// A row went that had not come.
    #[error("no row is counted in the class; rows must come before they go")]
    NotCounted,
    /// Counts were made for another k.
    #[error("counts for k = {found} do not merge with counts for k = {expected}; count again with one k")]
    OtherK {
        /// The k of the counts to be merged.
        found: u64,
        /// The k of those they merge with.
        expected: u64,
    },
    /// The original table has fewer rows than what was made of it.
    #[error("the original table has {found} rows, what was made of it {expected}")]
    RawRows {
        /// Rows of the original table.
        found: u64,
        /// Rows of what was made of it.
        expected: u64,
    },
    /// A file cannot be read.
    #[error("{source_name}: {problem}")]
    Read {
        /// Where it comes from.
        source_name: String,
        /// What the reader says.
        problem: String,
    },
    /// A hierarchy does not hold together.
    #[error("{source_name}: line {line}: {problem}")]
    Hierarchy {
        /// File or name of the hierarchy.
        source_name: String,
        /// Line, 1-based.
        line: u64,
        /// What is wrong.
        problem: String,
    },
    /// A value of the data is not in the hierarchy of its column.
    #[error("row {row}, column `{column}`: the value is not in the hierarchy; add it")]
    NotInHierarchy {
        /// Row, 0-based, the header not counted.
        row: u64,
        /// Name of the column.
        column: String,
    },
    /// A quasi-identifier has no hierarchy.
    #[error("no hierarchy for column `{column}`; give one")]
    NoHierarchy {
        /// Name of the column.
        column: String,
    },
    /// A number is out of its range.
    #[error("{what} = {found} is out of range; {allowed}")]
    OutOfRange {
        /// The parameter.
        what: &'static str,
        /// Its value.
        found: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A node has not one level per quasi-identifier, or a level its hierarchy does not have.
    #[error("the node does not fit: {problem}")]
    Node {
        /// What does not fit.
        problem: String,
    },
    /// A model that cuts locally cannot hold to a criterion.
    #[error("`{criterion}` is no criterion of single classes, so this model cannot keep it; use full-domain search")]
    NotLocal {
        /// The criterion.
        criterion: &'static str,
    },
    /// Known, and not offered.
    #[error("{what} is not offered; {instead}")]
    Unsupported {
        /// What was asked for.
        what: &'static str,
        /// The way out.
        instead: &'static str,
    },
    /// More than can be held.
    #[error("{what}: more than {limit}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// A row of the research subset is not in the data.
    #[error("{source_name}: row {row} is not in the data, or not as often")]
    NotInData {
        /// The subset's source.
        source_name: String,
        /// Row of the subset, 0-based, the header not counted.
        row: u64,
    },
    /// The output does not hold what it claims.
    #[error("verification refused the output: {problem}")]
    NotVerified {
        /// The claim that does not hold.
        problem: String,
    },
}

impl From<RecordError> for AnonymityError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::TooLarge { what, limit } => Self::TooLarge { what, limit },
            other => Self::Read { source_name: "table".to_owned(), problem: other.to_string() },
        }
    }
}
