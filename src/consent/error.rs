//! Why consent could not be read or held.

/// Why consent could not be read or held; every variant names the place, none a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConsentError {
    /// There is no customer to judge.
    #[error("no customer to judge; the data is empty")]
    NobodyKnown,
    /// The source holds no line.
    #[error("{source_name}: empty; a line of consent for each customer is needed")]
    NoLines {
        /// File name or other name of the source.
        source_name: String,
    },
    /// Nobody may be used for the purpose.
    #[error(
        "every customer was refused for purpose `{purpose}` ({reasons}); check that data and consent events use the same ids and that consent was given before the time of the run"
    )]
    EverybodyRefused {
        /// The purpose.
        purpose: String,
        /// The reason codes that occurred.
        reasons: String,
    },
    /// The source could not be read.
    #[error("{source_name}: {error}")]
    Io {
        /// File name or other name of the source.
        source_name: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A line is not the JSON it should be.
    #[error("{source_name} line {line}, column {column}: unreadable consent line: {problem}")]
    Json {
        /// File name or other name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
        /// Column at which the reader stopped, in bytes from 1.
        column: u64,
        /// What is wrong there.
        problem: JsonProblem,
    },
    /// A line is JSON, and yet no statement about a customer.
    #[error("{source_name} line {line}: unreadable consent line: {problem}")]
    Line {
        /// File name or other name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: LineProblem,
    },
    /// A line is longer than the limit.
    #[error("{source_name} line {line}: unreadable consent line: longer than {limit} bytes; is a line end missing?")]
    LineTooLong {
        /// File name or other name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A register of purposes where none is read.
    #[error(
        "{source_name} line {line}: `register` and `activities` are read on the first line of a consent file only; move the line or read the file with its register"
    )]
    RegisterMisplaced {
        /// File name or other name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
    },
    /// No purpose id.
    #[error("not a purpose; write 1 to 64 of `a-z`, `0-9`, `_` and `.`, such as `segmentation_marketing`")]
    Purpose,
    /// A customer without an id.
    #[error("the customer id is empty; leave customers without an id out")]
    EmptyCustomer,
    /// Two different facts about one customer.
    #[error("`{key}` of a customer is given twice with different values; keep one of them")]
    Conflict {
        /// The key.
        key: &'static str,
    },
    /// No question, or too many.
    #[error("{n} questions; a snapshot answers 1 to {limit}")]
    Questions {
        /// How many were given.
        n: usize,
        /// The limit.
        limit: usize,
    },
    /// A question that was not compiled.
    #[error("there is no question {number}; the snapshot answers {n}, counted from 0")]
    NoQuestion {
        /// The number that was asked for.
        number: usize,
        /// How many there are.
        n: usize,
    },
    /// A read of a time before the snapshot.
    #[error("the snapshot was built for {built_at} and does not know the time before; ask the ledger")]
    BeforeSnapshot {
        /// The instant for which it was built.
        built_at: crate::time::Timestamp,
    },
    /// Two different events of one id.
    #[error("two different events have one `event_id`; give every event an id of its own")]
    EventConflict,
    /// A line of another system's consent cannot be imported.
    #[error(
        "{source_name} line {line}{}: unreadable consent import: {problem}",
        .key.as_deref().map(|key| format!(", `{key}`")).unwrap_or_default()
    )]
    Import {
        /// Name of the source.
        source_name: String,
        /// Line, from 1.
        line: u64,
        /// Key or column, where the problem has one.
        key: Option<Box<str>>,
        /// What is wrong with it.
        problem: super::ImportProblem,
    },
    /// An import without a name.
    #[error("the source of an import needs a name of 1 to {limit} bytes, such as its file name")]
    ImportSource {
        /// The limit in bytes.
        limit: usize,
    },
    /// A record or receipt could not be made or read.
    #[error("consent record: {0}")]
    Document(#[from] super::DocumentProblem),
    /// More different statements than the narrow codes can number.
    #[error("{what}: more than {limit}; split the ledger")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// What is wrong with the JSON of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonProblem {
    /// No JSON.
    #[error("not JSON; write one object a line")]
    Syntax,
    /// The line ends inside a value.
    #[error("the line ends inside a value; write one whole object a line")]
    Incomplete,
    /// A key appears twice.
    #[error("a key appears twice")]
    DuplicateKey,
    /// A value has another JSON type than its key asks for.
    #[error("wrong JSON type for its key")]
    WrongType,
}

/// What is wrong with a statement about a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineProblem {
    /// Not UTF-8 text.
    #[error("not UTF-8 text; save the file as UTF-8")]
    NotUtf8,
    /// A key that is needed is not there.
    #[error("`{key}` is missing")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// The event type is not in the vocabulary.
    #[error(
        "unknown event `type`; the usual ones are `consent_given`, `consent_refused`, `consent_withdrawn`, `objection`, `erasure_requested`"
    )]
    UnknownType,
    /// The operation is not in the vocabulary.
    #[error(
        "unknown `operation`; allowed are `segment`, `use`, `contact`, `share`, `sell`, `disclose`, `aggregate`, `store`, `automated_decision`, `use_derived`, `access`, `port`, `explain`, `ask_consent` and `differentiate`"
    )]
    UnknownOperation,
    /// The register is not what it should be.
    #[error("unreadable `register` or `activities`; see the documentation of the register's keys")]
    Register,
    /// No instant.
    #[error("`{key}` is no instant; write RFC 3339 with an offset such as `2026-01-31T09:30:00Z`")]
    Time {
        /// The key.
        key: &'static str,
    },
    /// No date.
    #[error("`{key}` is no date; write `2026-01-31`")]
    Date {
        /// The key.
        key: &'static str,
    },
    /// No purpose id.
    #[error("`{key}` holds no purpose; write 1 to 64 of `a-z`, `0-9`, `_` and `.`")]
    Purpose {
        /// The key.
        key: &'static str,
    },
    /// An empty list where at least one entry is needed.
    #[error("`{key}` is an empty list")]
    EmptyList {
        /// The key.
        key: &'static str,
    },
    /// No right of the vocabulary.
    #[error(
        "unknown `right`; allowed are `sale_share`, `sale`, `targeted_ads`, `profiling`, `adm`, `limit_sensitive` and `*`"
    )]
    UnknownRight,
    /// The customer id is empty.
    #[error("`customer_id` is empty; leave customers without an id out")]
    EmptyCustomer,
    /// Two different events of one id.
    #[error("`event_id` was used on an earlier line for another event; give every event an id of its own")]
    EventConflict,
    /// Two different facts about one customer.
    #[error("`{key}` of the customer differs from an earlier line; keep one of them")]
    Conflict {
        /// The key.
        key: &'static str,
    },
}
