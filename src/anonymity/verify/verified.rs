//! The token that opens the door.

use std::fmt;
use std::io::{self, Write};

use super::{Output, audit};
use crate::anonymity::{AnonymityError, Anonymization, Claims, Solution};

/// An output that keeps what was asked and is what it claims to be; the only one that may be written.
#[derive(Clone, PartialEq)]
pub struct Verified {
    output: Output,
    claims: Claims,
}

impl Solution<'_> {
    /// Checks the rows that would be written, and everything this solution claims, against the input and what was asked.
    ///
    /// Checked are the rows and cells that must not change, every label, whole classes, every criterion, the number of
    /// suppressed rows against the limit, the counts claimed, and the loss to 1e-9.
    ///
    /// # Errors
    /// [`AnonymityError::NotVerified`] with the first claim that does not hold.
    ///
    /// # Complexity
    /// `O(rows · columns · log rows)`, on one thread.
    pub fn verify(&self, asked: &Anonymization, separator: u8) -> Result<Verified, AnonymityError> {
        self.verify_output(asked, self.render(separator))
    }

    /// As [`verify`](Solution::verify), for bytes that were written already or come from elsewhere.
    ///
    /// # Errors
    /// [`AnonymityError::NotVerified`] with the first claim that does not hold.
    pub fn verify_output(&self, asked: &Anonymization, output: Output) -> Result<Verified, AnonymityError> {
        audit::check(self.table(), asked, self.claims(), &output)?;
        Ok(Verified { output, claims: self.claims().clone() })
    }
}

impl Verified {
    /// Gives the bytes that may leave.
    pub fn as_bytes(&self) -> &[u8] {
        self.output.as_bytes()
    }

    /// Gives what was verified.
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Writes the table.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_to(&self, mut writer: impl Write) -> io::Result<()> {
        writer.write_all(self.output.as_bytes())?;
        writer.flush()
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verified({:?})", self.output)
    }
}
