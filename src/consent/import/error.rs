//! Why a source could not be imported.

use super::object::Fault;
use crate::consent::{ConsentError, JsonProblem};

/// What is wrong with a line of an imported source; no variant holds a value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportProblem {
    /// Not UTF-8 text.
    #[error("not UTF-8 text; save the file as UTF-8")]
    NotUtf8,
    /// A key or cell that is needed is not there.
    #[error("missing")]
    Missing,
    /// Another JSON type than the key asks for.
    #[error("wrong JSON type")]
    WrongType,
    /// No instant.
    #[error("no instant; write RFC 3339 with an offset such as `2026-01-31T09:30:00Z`")]
    Time,
    /// A statement from after the import.
    #[error("lies after the time of the import; check the clock and the offset of the source")]
    LaterThanImport,
    /// A customer without an id.
    #[error("the customer id is empty; leave customers without an id out")]
    EmptyCustomer,
    /// A purpose of the source for which the importer knows none of ours.
    #[error("names a purpose that is not known; say which it is with `with_purpose`, or `ignoring`")]
    UnknownPurpose,
    /// The importer was told of no purpose at all.
    #[error("no purpose is named; say which there are with `with_purpose`")]
    NoPurpose,
    /// An event that is no statement about consent.
    #[error("no event of consent; leave other events out")]
    NoConsentEvent,
    /// A text longer than the limit.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// More entries than the limit.
    #[error("more than {limit} entries")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// Two columns of one name.
    #[error("two columns have this name")]
    ColumnTwice,
    /// A row with more or fewer cells than the header.
    #[error("{found} cells where the header has {expected}; is a quote or separator missing?")]
    RowLength {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// A line break inside a cell: an open quote would swallow the rows behind it.
    #[error("a cell holds a line break; is a quote open? leave columns of free text out")]
    LineBreak,
}

impl Fault {
    pub(super) fn at(self, source_name: &str, line: u64) -> ConsentError {
        let source_name = source_name.to_owned();
        match self {
            Self::Json { column, problem } => ConsentError::Json { source_name, line, column, problem },
            Self::Key { key, problem } => ConsentError::Import { source_name, line, key, problem },
        }
    }
}

impl Fault {
    pub(super) const fn of_line(problem: ImportProblem) -> Self {
        Self::Key { key: None, problem }
    }

    pub(super) fn of_key(key: &str, problem: ImportProblem) -> Self {
        Self::Key { key: Some(key.into()), problem }
    }

    pub(super) const fn of_json(column: u64, problem: JsonProblem) -> Self {
        Self::Json { column, problem }
    }
}
