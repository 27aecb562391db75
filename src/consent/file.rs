//! A file of consent: register and events.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::{ConsentError, ConsentPolicy, ConsentSource, Decision, Ledger, Purpose, Register, Request};
use crate::record::Customers;
use crate::time::Timestamp;

/// A ledger with the register under which it is asked, as read from a file of JSON lines.
///
/// The first line may be `{"register":{…},"activities":{PURPOSE:{…}}}`; without it every purpose of the built-in
/// catalogue rests on consent. The other lines are those of [`Ledger::read_jsonl`].
///
/// # Examples
/// ```
/// use consentric::consent::{ConsentFile, LawfulBasis, Purpose};
/// let lines = concat!(
///     r#"{"activities":{"fraud_prevention":{"lawful_basis":"legitimate_interest","balancing_assessment":"LIA-7"}}}"#, "\n",
///     r#"{"customer_id":17,"jurisdiction":"DE"}"#,
/// );
/// let file = ConsentFile::read("consent.jsonl", lines.as_bytes())?;
/// let activity = file.register().activity(&Purpose::parse("fraud_prevention")?);
/// assert_eq!(activity.and_then(|activity| activity.lawful_basis()), Some(LawfulBasis::LegitimateInterest));
/// # Ok::<(), consentric::consent::ConsentError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConsentFile {
    ledger: Ledger,
    register: Register,
}

impl ConsentFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Those of [`read`](ConsentFile::read), with the path as name of the source.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ConsentError> {
        let source_name = path.as_ref().display().to_string();
        match File::open(&path) {
            Ok(file) => Self::read(&source_name, BufReader::with_capacity(1 << 16, file)),
            Err(error) => Err(ConsentError::Io { source_name, error }),
        }
    }

    /// Reads lines.
    ///
    /// # Errors
    /// Those of [`Ledger::read_jsonl`]; [`ConsentError::Line`] for a register that cannot be read,
    /// [`ConsentError::RegisterMisplaced`] for one on a later line.
    pub fn read(source_name: &str, source: impl BufRead) -> Result<Self, ConsentError> {
        let (ledger, register) = Ledger::read_with_register(source_name, source)?;
        Ok(Self { ledger, register: register.unwrap_or_else(|| Register::of_consent().clone()) })
    }

    /// Gives the ledger.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Gives the register.
    pub const fn register(&self) -> &Register {
        &self.register
    }
}

impl ConsentPolicy for ConsentFile {
    fn decide(&self, request: &Request<'_>) -> Decision {
        self.ledger.under(&self.register).decide(request)
    }

    fn allowed_categories(&self, purpose: &Purpose) -> Option<Vec<String>> {
        self.ledger.under(&self.register).allowed_categories(purpose)
    }

    fn source(&self) -> ConsentSource<'_> {
        self.ledger.source()
    }

    fn has_later_events(&self, at: Timestamp) -> bool {
        self.ledger.has_events_after(at)
    }

    fn n_not_in(&self, customers: &Customers) -> u64 {
        self.ledger.n_not_in(customers)
    }
}
