//! Ledgers from JSON lines.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::jurisdiction::Place;
use super::wire::{Codes, CustomerId, Line, Whole};
use super::{ConsentError, JsonProblem, Ledger, LineProblem, Subject};
use crate::time::Date;

impl Ledger {
    /// Reads a ledger from a file of JSON lines, as [`read_jsonl`](Ledger::read_jsonl) does.
    ///
    /// # Errors
    /// Those of [`read_jsonl`](Ledger::read_jsonl), with the path as name of the source.
    pub fn read_jsonl_file(path: impl AsRef<Path>) -> Result<Self, ConsentError> {
        let source_name = path.as_ref().display().to_string();
        match File::open(&path) {
            Ok(file) => Self::read_jsonl(&source_name, BufReader::with_capacity(1 << 16, file)),
            Err(error) => Err(ConsentError::Io { source_name, error }),
        }
    }

    /// Reads a ledger from JSON lines, one statement about one customer each.
    ///
    /// A line has a `customer_id` (text or a whole number) and either what is known of the customer
    /// (`jurisdiction`, `birth_date`) or an [`Event`](super::Event), or both. Lines may come in any order; blank lines
    /// are skipped; further keys are ignored.
    ///
    /// # Privacy
    /// Errors name source, line and, where the JSON reader knows it, column; never a value.
    ///
    /// # Errors
    /// [`ConsentError::Json`], [`ConsentError::Line`] and [`ConsentError::LineTooLong`] at the first unreadable line:
    /// nothing is skipped, since the line could be a withdrawal. [`ConsentError::RegisterUnsupported`] for a line with
    /// `register` or `activities`. [`ConsentError::Io`] if reading fails.
    ///
    /// # Complexity
    /// `O(bytes)`; memory for the ledger and one line of at most 1 MiB.
    ///
    /// # Examples
    /// ```
    /// use consentric::consent::Ledger;
    /// let lines = concat!(
    ///     r#"{"customer_id":17,"jurisdiction":"DE","birth_date":"1990-01-31"}"#, "\n",
    ///     r#"{"customer_id":17,"at":"2026-01-10T10:00:00Z","type":"consent_refused","purposes":["newsletter"]}"#,
    /// );
    /// let ledger = Ledger::read_jsonl("consent.jsonl", lines.as_bytes())?;
    /// assert_eq!((ledger.n_customers(), ledger.n_events()), (1, 1));
    ///
    /// let error = Ledger::read_jsonl("consent.jsonl", "{\"customer_id\":17,}".as_bytes()).unwrap_err();
    /// assert!(error.to_string().starts_with("consent.jsonl line 1, column 19: "));
    /// # Ok::<(), consentric::consent::ConsentError>(())
    /// ```
    pub fn read_jsonl(source_name: &str, mut source: impl BufRead) -> Result<Self, ConsentError> {
        let mut ledger = Self::new();
        let mut bytes = Vec::new();
        let mut any = false;
        for line in 1.. {
            bytes.clear();
            let mut limited = source.by_ref().take(MAX_LINE + 1);
            let n = limited
                .read_until(b'\n', &mut bytes)
                .map_err(|error| ConsentError::Io { source_name: source_name.to_owned(), error })?;
            if n == 0 {
                break;
            }
            if n as u64 > MAX_LINE {
                return Err(ConsentError::LineTooLong { source_name: source_name.to_owned(), line, limit: MAX_LINE });
            }
            any |= !bytes.trim_ascii().is_empty();
            let text = if line == 1 { bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes) } else { &bytes };
            ledger.read_line(text).map_err(|failure| failure.at(source_name, line))?;
        }
        if !any {
            return Err(ConsentError::NoLines { source_name: source_name.to_owned() });
        }
        ledger.shrink();
        Ok(ledger)
    }

    fn read_line(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let text = std::str::from_utf8(bytes).map_err(|_| LineProblem::NotUtf8)?;
        if text.trim_ascii().is_empty() {
            return Ok(());
        }
        let Whole(mut line) = serde_json::from_str(text).map_err(|error| Failure::of_json(&error, text))?;
        if line.register.is_some() || line.activities.is_some() {
            return Err(Failure::Register);
        }
        let CustomerId(customer) = line.customer_id.take().ok_or(LineProblem::MissingKey { key: "customer_id" })?;
        let subject = subject(&line)?;
        let event = if line.has_event() {
            Some(line.into_event()?)
        } else {
            only_describes(text)?;
            None
        };
        // An event alone makes nobody known before it is visible.
        if event.is_none() || subject.birth_date.is_some() || !subject.places.is_empty() {
            self.describe(&customer, &subject)?;
        }
        match event {
            Some(event) => Ok(self.append(&customer, event)?),
            None => Ok(()),
        }
    }
}

/// Refuses a line without an event type that says more than a description does.
fn only_describes(text: &str) -> Result<(), Failure> {
    let keys: BTreeMap<String, IgnoredAny> =
        serde_json::from_str(text).map_err(|error| Failure::of_json(&error, text))?;
    if keys.keys().all(|key| Line::DESCRIPTION.contains(&key.as_str())) {
        Ok(())
    } else {
        Err(LineProblem::MissingKey { key: "type" }.into())
    }
}

/// Why a line failed, before it is known where it stands.
enum Failure {
    Json { column: u64, problem: JsonProblem },
    Line(LineProblem),
    Register,
    Other(ConsentError),
}

impl Failure {
    fn of_json(error: &serde_json::Error, text: &str) -> Self {
        let problem = match error.classify() {
            Category::Syntax | Category::Io => JsonProblem::Syntax,
            Category::Eof => JsonProblem::Incomplete,
            // PRIVACY: serde's text repeats the value it found; only its fixed beginning is looked at.
            Category::Data if error.to_string().starts_with("duplicate field") => JsonProblem::DuplicateKey,
            Category::Data => JsonProblem::WrongType,
        };
        // A line holds no line break but its last character: a place behind that is its end.
        let column = if error.line() > 1 { text.trim_ascii_end().len() } else { error.column() };
        Self::Json { column: column.max(1) as u64, problem }
    }

    fn at(self, source_name: &str, line: u64) -> ConsentError {
        let source_name = source_name.to_owned();
        match self {
            Self::Json { column, problem } => ConsentError::Json { source_name, line, column, problem },
            Self::Line(problem) => ConsentError::Line { source_name, line, problem },
            Self::Register => ConsentError::RegisterUnsupported { source_name, line },
            Self::Other(error) => error,
        }
    }
}

impl From<LineProblem> for Failure {
    fn from(problem: LineProblem) -> Self {
        Self::Line(problem)
    }
}

impl From<ConsentError> for Failure {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::EmptyCustomer => Self::Line(LineProblem::EmptyCustomer),
            ConsentError::Conflict { key } => Self::Line(LineProblem::Conflict { key }),
            other => Self::Other(other),
        }
    }
}

/// What a line says about the customer apart from an event.
fn subject(line: &Line) -> Result<Subject, LineProblem> {
    let birth_date = line.birth_date.as_deref().map(Date::parse).transpose();
    let birth_date = birth_date.map_err(|_| LineProblem::Date { key: "birth_date" })?;
    let mut places = Vec::new();
    add(&mut places, line.jurisdiction.as_ref());
    // Of everywhere the customer lived the strictest rule holds, which no date of moving can soften.
    for stay in line.jurisdiction_history.iter().flatten() {
        match &stay.code {
            Some(codes) => add(&mut places, Some(codes)),
            None => places.push(Place::Unstated),
        }
    }
    Ok(Subject { places, birth_date })
}

fn add(places: &mut Vec<Place>, codes: Option<&Codes>) {
    match codes {
        None => {}
        Some(Codes::One(code)) => places.push(Place::of_code(code)),
        Some(Codes::Several(codes)) => places.extend(codes.iter().map(|code| Place::of_code(code))),
    }
}

const MAX_LINE: u64 = 1 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
