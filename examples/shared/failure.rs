//! How a program ends when it cannot do what it was asked.

use std::process::ExitCode;

/// Why a program ends early.
pub enum Failure {
    /// Refused or failed: exit code 1.
    Refused(String),
    /// Wrong usage, or a flag of a later version: exit code 2.
    Usage(String),
}

impl Failure {
    /// A flag that this version does not know how to honour; better to say so than to ignore it.
    pub fn not_yet(flag: &str) -> Self {
        Self::Usage(format!("`{flag}` does not work yet in this version"))
    }

    /// Prints one clear line on stderr and gives the exit code.
    pub fn exit(&self) -> ExitCode {
        let (text, code) = match self {
            Self::Refused(text) => (text, 1),
            Self::Usage(text) => (text, 2),
        };
        eprintln!("error: {text}");
        ExitCode::from(code)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Refused(error.to_string())
    }
}
