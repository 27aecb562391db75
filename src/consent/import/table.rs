//! Tables with a column for each purpose.

use std::io::{self, Read};

use csv::ByteRecord;

use super::batch::{Batch, Proof};
use super::object::{Fault, MAX_ENTRIES, parse_instant, short};
use super::word::Word;
use super::{Import, ImportProblem, Importer};
use crate::consent::{ConsentError, Purpose};

/// Which columns of a table hold what; those of the purposes are named by [`Importer::with_purpose`].
#[derive(Clone, Debug)]
#[must_use]
pub struct CsvColumns {
    customer: Box<str>,
    time: Box<str>,
    notice_version: Option<Box<str>>,
    method: Option<Box<str>>,
}

impl CsvColumns {
    /// Names the columns of the customer's id and of the time of the answers.
    pub fn new(customer: &str, time: &str) -> Self {
        Self { customer: customer.into(), time: time.into(), notice_version: None, method: None }
    }

    /// Names the column of the version of the notice. Default: none, so that no consent counts.
    pub fn with_notice_version(mut self, column: &str) -> Self {
        self.notice_version = Some(column.into());
        self
    }

    /// Names the column of the method. Default: none, so that no consent counts.
    pub fn with_method(mut self, column: &str) -> Self {
        self.method = Some(column.into());
        self
    }
}

impl Importer {
    /// Reads comma-separated values with a header: a row for each customer, a column for each purpose.
    ///
    /// An empty cell is *never asked*; the words are those of [`read_json`](Importer::read_json). Columns that are not
    /// named are passed over. A customer may have several rows.
    ///
    /// # Privacy
    /// Errors name source, line and the caller's name of the column, never a cell.
    ///
    /// # Errors
    /// [`ConsentError::Import`] for a missing or doubled column, a row of another length than the header, a time that is
    /// none, a cell with a line break (an open quote would swallow rows) and all else that cannot be read;
    /// [`ConsentError::LineTooLong`] above 1 MiB; [`ConsentError::NoLines`] without a row; [`ConsentError::Io`].
    ///
    /// # Complexity
    /// `O(bytes)`; rows of at most 1 MiB and 1 024 columns.
    ///
    /// # Examples
    /// ```
    /// use consentric::consent::{CsvColumns, Importer, Ledger, Purpose};
    /// use consentric::time::Timestamp;
    /// let table = "id,news,changed,notice,channel\n7,yes,2026-01-10T10:00:00Z,v3,web_form\n8,,,,\n";
    /// let columns = CsvColumns::new("id", "changed").with_notice_version("notice").with_method("channel");
    /// let importer = Importer::new("crm.csv", Timestamp::parse("2026-06-01T00:00:00Z")?)?
    ///     .with_purpose("news", &Purpose::parse("newsletter")?);
    /// let mut ledger = Ledger::new();
    /// importer.read_csv(table.as_bytes(), &columns)?.append_to(&mut ledger)?;
    /// assert_eq!((ledger.n_customers(), ledger.n_events()), (2, 3));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_csv(&self, source: impl Read, columns: &CsvColumns) -> Result<Import, ConsentError> {
        let source_name = &*self.source;
        let guarded = Guarded { inner: source, left: MAX_ROW };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(guarded);
        let mut row = ByteRecord::new();
        let mut layout: Option<Layout> = None;
        let mut batch = Batch::new(self);
        let mut any = false;
        loop {
            reader.get_mut().left = MAX_ROW;
            let line = reader.position().line();
            match reader.read_byte_record(&mut row) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(of_csv(error, source_name, line)),
            }
            let line = row.position().map_or(line, csv::Position::line);
            let at = |fault: Fault| fault.at(source_name, line);
            match &layout {
                None => layout = Some(Layout::of(&row, self, columns).map_err(at)?),
                Some(layout) => {
                    any = true;
                    layout.read(&row, &mut batch, self).map_err(at)?;
                }
            }
        }
        if any { Ok(batch.finish()) } else { Err(ConsentError::NoLines { source_name: source_name.to_owned() }) }
    }
}

/// Where the columns are.
struct Layout {
    n_columns: usize,
    customer: Column,
    time: Column,
    notice_version: Option<Column>,
    method: Option<Column>,
    purposes: Vec<(Column, Purpose)>,
}

struct Column {
    place: usize,
    name: Box<str>,
}

impl Layout {
    fn of(header: &ByteRecord, importer: &Importer, columns: &CsvColumns) -> Result<Self, Fault> {
        if header.len() > MAX_ENTRIES {
            return Err(Fault::of_line(ImportProblem::TooMany { limit: MAX_ENTRIES }));
        }
        if importer.purposes.is_empty() {
            return Err(Fault::of_line(ImportProblem::NoPurpose));
        }
        let find = |name: &str| {
            let is_named = |cell: &[u8]| cell.trim_ascii() == name.trim().as_bytes();
            let mut places = header.iter().enumerate().filter(|(place, cell)| {
                is_named(if *place == 0 { cell.strip_prefix(BYTE_ORDER_MARK).unwrap_or(cell) } else { cell })
            });
            match (places.next(), places.next()) {
                (Some((place, _)), None) => Ok(Column { place, name: name.into() }),
                (None, _) => Err(Fault::of_key(name, ImportProblem::Missing)),
                (Some(_), Some(_)) => Err(Fault::of_key(name, ImportProblem::ColumnTwice)),
            }
        };
        let purposes = importer.purposes.iter().map(|(name, purpose)| Ok((find(name)?, purpose.clone())));
        Ok(Self {
            n_columns: header.len(),
            customer: find(&columns.customer)?,
            time: find(&columns.time)?,
            notice_version: columns.notice_version.as_deref().map(find).transpose()?,
            method: columns.method.as_deref().map(find).transpose()?,
            purposes: purposes.collect::<Result<_, Fault>>()?,
        })
    }

    fn read(&self, row: &ByteRecord, batch: &mut Batch<'_>, importer: &Importer) -> Result<(), Fault> {
        if row.len() != self.n_columns {
            let problem = ImportProblem::RowLength { found: row.len(), expected: self.n_columns };
            return Err(Fault::of_line(problem));
        }
        if row.iter().any(|cell| cell.iter().any(|byte| matches!(byte, b'\n' | b'\r'))) {
            return Err(Fault::of_line(ImportProblem::LineBreak));
        }
        let customer = self.customer.of(row)?;
        let customer = customer.ok_or_else(|| Fault::of_key(&self.customer.name, ImportProblem::EmptyCustomer))?;
        batch.know(customer);
        let time = match self.time.of(row)? {
            Some(text) => Some(batch.timely(&self.time.name, parse_instant(&self.time.name, text)?)?),
            None => None,
        };
        let optional = |column: &Option<Column>| match column {
            Some(column) => column.of(row),
            None => Ok(None),
        };
        let proof = Proof { notice_version: optional(&self.notice_version)?, method: optional(&self.method)? };
        for (column, purpose) in &self.purposes {
            let word = column.of(row)?.map_or(Word::Never, Word::read);
            let at = match (time, word) {
                (Some(at), _) => at,
                (None, Word::Never) => importer.imported_at,
                (None, _) => return Err(Fault::of_key(&self.time.name, ImportProblem::Missing)),
            };
            batch.say(customer, at, purpose, word, proof);
        }
        Ok(())
    }
}

impl Column {
    /// The text of the cell, none if it is empty.
    fn of<'a>(&self, row: &'a ByteRecord) -> Result<Option<&'a str>, Fault> {
        let cell = row.get(self.place).unwrap_or_default();
        let text = std::str::from_utf8(cell).map_err(|_| Fault::of_key(&self.name, ImportProblem::NotUtf8))?;
        short(&self.name, text.trim())
    }
}

/// Hands on so many bytes, and fails at the next: no row grows without end.
struct Guarded<R> {
    inner: R,
    left: usize,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(RowTooLong));
        }
        let n = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(n);
        Ok(n)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("row too long")]
struct RowTooLong;

fn of_csv(error: csv::Error, source_name: &str, line: u64) -> ConsentError {
    let source_name = source_name.to_owned();
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<RowTooLong>()) => {
            ConsentError::LineTooLong { source_name, line, limit: MAX_ROW as u64 }
        }
        csv::ErrorKind::Io(error) => ConsentError::Io { source_name, error },
        // Bytes are read as they are and rows of any length: nothing else is reported.
        _ => ConsentError::Import { source_name, line, key: None, problem: ImportProblem::NotUtf8 },
    }
}

const MAX_ROW: usize = 1 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
