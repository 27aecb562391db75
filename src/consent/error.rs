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
    /// The source brings a register of purposes.
    #[error(
        "{source_name} line {line}: `register` and `activities` are not read by this version; remove the line and declare the activity in the program"
    )]
    RegisterUnsupported {
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
    /// Two different facts about one customer.
    #[error("`{key}` of the customer differs from an earlier line; keep one of them")]
    Conflict {
        /// The key.
        key: &'static str,
    },
}
