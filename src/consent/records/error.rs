//! Why there is no record.

use crate::consent::JsonProblem;

/// Why a record or receipt could not be made or read; no variant holds a value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentProblem {
    /// A text without a visible character.
    #[error("a text is blank; write what it should say or leave an optional one out")]
    Blank,
    /// A text longer than the limit.
    #[error("a text is longer than {limit} bytes; refer to it by an address instead")]
    TextTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A list without an entry where at least one is needed.
    #[error("a list is empty where at least one entry is needed")]
    EmptyList,
    /// The ledger does not know the customer.
    #[error("the ledger does not know the customer")]
    UnknownCustomer,
    /// The register has no activity for the purpose.
    #[error("the register has no activity for the purpose; declare it with `Register::with`")]
    UnknownPurpose,
    /// Nobody asked and nothing was said: there is no consent to record.
    #[error("nothing was asked or said about the purpose by then; there is no consent to record")]
    NoStatement,
    /// Neither ledger nor register nor details fill a mandatory field.
    #[error("neither ledger nor register says anything for the mandatory field `{field}`; give it with the details")]
    Missing {
        /// The field, by its name in the document.
        field: &'static str,
    },
    /// A field names a party that is not identified, or not in that part.
    #[error("`{field}` names a party that `party_identification` does not hold in that part")]
    UnknownParty {
        /// The field, by its name in the document.
        field: &'static str,
    },
    /// Two parties of one id.
    #[error("two parties have one `party_id`; give every party an id of its own")]
    PartyTwice,
    /// A statement lies outside the calendar and cannot be written.
    #[error("a statement lies outside the years 0001 to 9999 and cannot be written")]
    TimeRange,
    /// A document longer than the limit.
    #[error("the document is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The document is no JSON, or not of this form.
    #[error("line {line}, column {column}: {problem}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, in bytes from 1.
        column: usize,
        /// What is wrong there.
        problem: JsonProblem,
    },
    /// A mandatory field is not there.
    #[error("a mandatory field is missing in what ends at line {line}, column {column}")]
    MissingField {
        /// Line, from 1.
        line: usize,
        /// Column, in bytes from 1.
        column: usize,
    },
    /// A field that the schema does not know, and that would be lost.
    #[error("line {line}, column {column}: the schema knows no such field; reading would lose it")]
    UnknownField {
        /// Line, from 1.
        line: usize,
        /// Column, in bytes from 1.
        column: usize,
    },
    /// A schema this version does not read.
    #[error("unknown `schema_version`; this version reads `27560:2023/consentric-1`")]
    UnknownSchemaVersion,
    /// Written another way than this schema writes, so that reading and writing would change it.
    #[error("the document is not written as its schema writes it; reading would change it")]
    NotAsWritten,
}
