//! Ledgers from JSON lines.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::law::LawCode;
use super::register_wire::RegisterLine;
use super::wire::{Codes, CustomerId, Line, StayLine, Whole, instant};
use super::{Activity, ConsentError, JsonProblem, Ledger, LineProblem, Purpose, Register, Subject};
use crate::time::{Date, Timestamp};

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
    /// nothing is skipped, since the line could be a withdrawal. [`ConsentError::RegisterMisplaced`] for a line with
    /// `register` or `activities`, which [`ConsentFile`](super::ConsentFile) reads. [`ConsentError::Io`] if reading fails.
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
    pub fn read_jsonl(source_name: &str, source: impl BufRead) -> Result<Self, ConsentError> {
        Self::read_with_register(source_name, source).and_then(|(ledger, register)| match register {
            None => Ok(ledger),
            Some(_) => Err(ConsentError::RegisterMisplaced { source_name: source_name.to_owned(), line: 1 }),
        })
    }

    pub(super) fn read_with_register(
        source_name: &str,
        mut source: impl BufRead,
    ) -> Result<(Self, Option<Register>), ConsentError> {
        let (mut ledger, mut register) = (Self::new(), None);
        let mut bytes = Vec::new();
        let (mut any, mut begun) = (false, false);
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
            // The register may stand on the first line that is not blank, and nowhere else.
            let first = any && !std::mem::replace(&mut begun, any);
            let read = ledger.read_line(text, if first { Some(&mut register) } else { None });
            read.map_err(|failure| failure.at(source_name, line))?;
        }
        if !any {
            return Err(ConsentError::NoLines { source_name: source_name.to_owned() });
        }
        ledger.shrink();
        Ok((ledger, register))
    }

    fn read_line(&mut self, bytes: &[u8], register: Option<&mut Option<Register>>) -> Result<(), Failure> {
        let text = std::str::from_utf8(bytes).map_err(|_| LineProblem::NotUtf8)?;
        if text.trim_ascii().is_empty() {
            return Ok(());
        }
        let Whole(mut line) = serde_json::from_str(text).map_err(|error| Failure::of_json(&error, text))?;
        if line.register.is_some() || line.activities.is_some() {
            let place = register.ok_or(Failure::Register)?;
            *place = Some(register_of(line)?);
            return Ok(());
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
        if event.is_none() || subject.birth_date.is_some() || !subject.residence.stays.is_empty() {
            self.describe(&customer, &subject)?;
        }
        match event {
            Some(event) => Ok(self.append(&customer, event)?),
            None => Ok(()),
        }
    }
}

/// The register of a first line; without activities every purpose rests on consent.
fn register_of(line: Line) -> Result<Register, LineProblem> {
    let catalogue = match line.register {
        None => RegisterLine::default(),
        Some(value) => serde_json::from_value(value).map_err(|_| LineProblem::Register)?,
    };
    let activities: Option<BTreeMap<Purpose, Activity>> =
        line.activities.map(serde_json::from_value).transpose().map_err(|_| LineProblem::Register)?;
    Ok(match activities {
        Some(activities) => catalogue.into_register(Some(activities)),
        None => catalogue.into_register(None).resting_on_consent(),
    })
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
            Self::Register => ConsentError::RegisterMisplaced { source_name, line },
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
            ConsentError::EventConflict => Self::Line(LineProblem::EventConflict),
            ConsentError::Conflict { key } => Self::Line(LineProblem::Conflict { key }),
            other => Self::Other(other),
        }
    }
}

/// What a line says about the customer apart from an event.
fn subject(line: &Line) -> Result<Subject, LineProblem> {
    subject_of(line.birth_date.as_deref(), line.jurisdiction.as_ref(), line.jurisdiction_history.as_deref())
}

/// Where a customer lives and when he was born, from what is written; a history counts in place of a single place.
pub(super) fn subject_of(
    birth_date: Option<&str>,
    jurisdiction: Option<&Codes>,
    history: Option<&[StayLine]>,
) -> Result<Subject, LineProblem> {
    let mut subject = Subject::new();
    let birth_date = birth_date.map(Date::parse).transpose();
    subject.birth_date = birth_date.map_err(|_| LineProblem::Date { key: "birth_date" })?;
    match history {
        None => add(&mut subject, None, jurisdiction),
        Some(stays) => {
            for stay in stays {
                let from = instant("from", stay.from.as_deref())?;
                add(&mut subject, from, stay.code.as_ref());
            }
        }
    }
    Ok(subject)
}

fn add(subject: &mut Subject, from: Option<Timestamp>, codes: Option<&Codes>) {
    match codes {
        // From then on nobody knows where.
        None if from.is_some() => subject.residence.begin(from),
        None => {}
        Some(Codes::One(code)) => subject.residence.add(from, LawCode::parse(code)),
        Some(Codes::Several(codes)) => {
            subject.residence.begin(from);
            // A list that names no law is no law that is known.
            if codes.is_empty() {
                subject.residence.add(from, LawCode::parse(""));
            }
            for code in codes {
                subject.residence.add(from, LawCode::parse(code));
            }
        }
    }
}

const MAX_LINE: u64 = 1 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
