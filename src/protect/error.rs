//! Why customers could not be protected.

/// Why customers could not be protected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtectError {
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes for a key: {reason}")]
    NoRandomness {
        /// What it said.
        reason: String,
    },
    /// A name in a pseudonym domain is empty or longer than 4 GiB.
    #[error("a pseudonym domain needs a name, a recipient and a purpose, none empty")]
    Domain,
    /// A column that the purpose declares is not there.
    #[error("the purpose declares column `{column}`, the customer table has no such column")]
    UnknownColumn {
        /// The column.
        column: String,
    },
    /// A column that the purpose declares names the person directly.
    #[error("the purpose declares column `{column}`, an identifier; identifiers never enter an analysis")]
    Identifier {
        /// The column.
        column: String,
    },
}
