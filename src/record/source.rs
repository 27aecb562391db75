//! Rows of cells with their places, whatever they come from.

use std::io::{self, Read};

use csv::{ByteRecord, StringRecord};

use super::guard::{RowGuard, TooLong};
use super::rows::NotFlat;
use super::{CellProblem, RecordError};

/// A table that is read row by row; every error it makes says where.
pub(super) struct Source<'a> {
    name: String,
    lines: Lines,
    csv: csv::Reader<RowGuard<Input<'a>>>,
    max_row_bytes: u64,
    header: ByteRecord,
    header_prints: bool,
    row: Row,
    line: u64,
    n_rows: u64,
}

type Input<'a> = io::Chain<io::Cursor<Vec<u8>>, &'a mut dyn Read>;

/// The cells of the row: text as a rule, bytes if one of them is not UTF-8, which matters only where it is read.
// PERF: checking a row for UTF-8 in one go, not cell by cell, takes 11 % of the instructions off
// record/load_transactions/consentric/100k (callgrind, without making the data).
#[derive(Default)]
enum Row {
    #[default]
    None,
    Text(StringRecord),
    Bytes(ByteRecord),
}

/// What a line number counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// Lines of a text file.
    OfFile,
    /// Rows of the caller, the header being line 1.
    OfRows,
}

/// A column of the source that is read.
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) name: String,
}

impl<'a> Source<'a> {
    /// Reads the header.
    pub(super) fn open(
        name: &str,
        lines: Lines,
        reader: &'a mut dyn Read,
        max_row_bytes: u64,
    ) -> Result<Self, RecordError> {
        let start = without_byte_order_mark(reader).map_err(|error| of_input(name, error))?;
        let guard = RowGuard::new(io::Cursor::new(start).chain(reader), max_row_bytes);
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            // The length of a row is checked here, where its line is known.
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(guard);
        let mut source = Self {
            name: name.to_owned(),
            lines,
            csv,
            max_row_bytes,
            header: ByteRecord::new(),
            header_prints: false,
            row: Row::None,
            line: 1,
            n_rows: 0,
        };
        if !source.advance()? {
            return Err(match lines {
                Lines::OfFile => RecordError::NoHeader { source_name: source.name },
                Lines::OfRows => RecordError::NoRows { source_name: source.name },
            });
        }
        source.header = source.row.take();
        source.header_prints = source.header.iter().all(looks_like_a_name);
        Ok(source)
    }

    /// Goes to the next row; `false` at the end.
    pub(super) fn next_row(&mut self) -> Result<bool, RecordError> {
        if !self.advance()? {
            return if self.n_rows == 0 {
                Err(RecordError::NoRows { source_name: self.name.clone() })
            } else {
                Ok(false)
            };
        }
        self.n_rows += 1;
        if self.row.n_cells() == self.header.len() {
            return Ok(true);
        }
        Err(RecordError::RowLength {
            source_name: self.name.clone(),
            line: self.line(),
            found: self.row.n_cells() as u64,
            expected: self.header.len() as u64,
        })
    }

    /// The line on which the row starts.
    pub(super) const fn line(&self) -> u64 {
        match self.lines {
            Lines::OfFile => self.line,
            Lines::OfRows => self.n_rows + 1,
        }
    }

    /// The line on which a cell of the row starts.
    pub(super) fn line_of(&self, place: &Place) -> u64 {
        match self.lines {
            Lines::OfFile => self.line + self.row.cells().take(place.at).map(line_breaks).sum::<u64>(),
            Lines::OfRows => self.line(),
        }
    }

    /// The cell without the white space around it.
    pub(super) fn text(&self, place: &Place) -> Result<&str, RecordError> {
        let text = match &self.row {
            Row::None => None,
            Row::Text(cells) => cells.get(place.at),
            Row::Bytes(cells) => std::str::from_utf8(cells.get(place.at).unwrap_or_default()).ok(),
        };
        match text {
            Some(text) => Ok(trimmed(text)),
            None => Err(RecordError::NotUtf8 {
                source_name: self.name.clone(),
                line: self.line_of(place),
                column: place.name.clone(),
            }),
        }
    }

    #[cold]
    pub(super) fn problem(&self, place: &Place, problem: CellProblem) -> RecordError {
        let (source_name, line, column) = (self.name.clone(), self.line_of(place), place.name.clone());
        RecordError::Cell { source_name, line, column, problem }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The column names; one that is no UTF-8 text is `None`.
    pub(super) fn columns(&self) -> impl Iterator<Item = Option<&str>> {
        self.header.iter().map(|name| std::str::from_utf8(name).ok().map(str::trim))
    }

    /// The only column of that name.
    pub(super) fn find(&self, name: &str) -> Result<Option<Place>, RecordError> {
        let mut found = self.columns().enumerate().filter(|(_, column)| *column == Some(name));
        let first = found.next();
        if found.next().is_some() {
            return Err(RecordError::DuplicateColumn { source_name: self.name.clone(), column: name.to_owned() });
        }
        Ok(first.map(|(at, _)| Place { at, name: name.to_owned() }))
    }

    pub(super) fn missing_column(&self, column: &str, wanted: &str) -> RecordError {
        RecordError::MissingColumn {
            source_name: self.name.clone(),
            column: column.to_owned(),
            wanted: wanted.to_owned(),
            found: self.shown_columns(),
        }
    }

    /// The name of a column the caller did not name, as far as it may be printed.
    pub(super) fn shown_column(&self, at: usize) -> String {
        match self.columns().nth(at) {
            Some(Some(name)) if self.header_prints && !name.is_empty() => name.to_owned(),
            _ => format!("number {}", at + 1),
        }
    }

    fn shown_columns(&self) -> String {
        if !self.header_prints {
            return "not shown, since line 1 looks like data".to_owned();
        }
        let names: Vec<String> =
            (0..self.header.len().min(N_SHOWN)).map(|at| format!("`{}`", self.shown_column(at))).collect();
        let more = self.header.len() - names.len();
        if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
    }

    /// Reads a row of any length and finds the line it starts on.
    fn advance(&mut self) -> Result<bool, RecordError> {
        let (line, byte) = (self.csv.position().line(), self.csv.position().byte());
        self.csv.get_mut().renew();
        let mut cells = self.row.take();
        match self.csv.read_byte_record(&mut cells) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(error) => return Err(self.failure(error, line)),
        }
        self.row = match StringRecord::from_byte_record(cells) {
            Ok(cells) => Row::Text(cells),
            Err(error) => Row::Bytes(error.into_byte_record()),
        };
        let (next_line, next_byte) = (self.csv.position().line(), self.csv.position().byte());
        // The budget stops a row somewhere in the read-ahead; this makes the limit the same for every chunking.
        if next_byte - byte > self.max_row_bytes {
            return Err(self.too_long(line));
        }
        self.line = line;
        if next_line != line + 1 {
            // Blank lines before the row, or line breaks in its cells, which end with the row's own.
            let inside = self.row.cells().map(line_breaks).sum::<u64>();
            self.line = next_line.saturating_sub(1 + inside).max(line);
        }
        if self.csv.get_ref().is_end(next_byte) {
            return Err(RecordError::OpenQuote { source_name: self.name.clone(), line: self.line() });
        }
        Ok(true)
    }

    fn too_long(&self, line: u64) -> RecordError {
        let line = match self.lines {
            Lines::OfFile => line,
            Lines::OfRows => self.n_rows + 2,
        };
        RecordError::RowTooLong { source_name: self.name.clone(), line, limit: self.max_row_bytes }
    }

    fn failure(&self, error: csv::Error, line: u64) -> RecordError {
        match error.into_kind() {
            csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|cause| cause.is::<TooLong>()) => {
                self.too_long(line)
            }
            csv::ErrorKind::Io(error) => of_input(&self.name, error),
            // With bytes and rows of any length the csv crate makes no other kind.
            _ => of_input(&self.name, io::Error::other("not readable as CSV")),
        }
    }
}

impl Row {
    fn cells(&self) -> impl Iterator<Item = &[u8]> {
        match self {
            Self::None => None,
            Self::Text(cells) => Some(cells.as_byte_record()),
            Self::Bytes(cells) => Some(cells),
        }
        .into_iter()
        .flatten()
    }

    fn n_cells(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Text(cells) => cells.len(),
            Self::Bytes(cells) => cells.len(),
        }
    }

    /// The cells as bytes, and their room for the next row.
    fn take(&mut self) -> ByteRecord {
        match std::mem::take(self) {
            Self::None => ByteRecord::new(),
            Self::Text(cells) => cells.into_byte_record(),
            Self::Bytes(cells) => cells,
        }
    }
}

/// What the input itself reports: a row of the caller's that cannot be one, or the system's word.
fn of_input(name: &str, error: io::Error) -> RecordError {
    let source_name = name.to_owned();
    match error.get_ref().and_then(|cause| cause.downcast_ref::<NotFlat>()) {
        Some(NotFlat { row }) => RecordError::NotFlat { source_name, line: row + 2 },
        None => RecordError::Io { source_name, error },
    }
}

/// The first bytes of the input, without a UTF-8 byte order mark.
fn without_byte_order_mark(reader: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    // Not left to the csv crate, which misses a mark that arrives in two pieces.
    reader.take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut start)?;
    if start == BYTE_ORDER_MARK {
        start.clear();
    }
    Ok(start)
}

/// Whether a cell of the first line may be printed as a column name.
///
/// PRIVACY: a file without a header shows its first customer here. E-mail addresses, numbers, dates, codes of several
/// digits and long texts are no names; one such cell, and the whole line stays unprinted.
fn looks_like_a_name(cell: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(cell) else { return false };
    let is_number_like = name.chars().any(|c| c.is_numeric()) && !name.chars().any(char::is_alphabetic);
    let many_digits = name.chars().filter(|c| c.is_numeric()).count() >= N_DIGITS_OF_DATA;
    name.len() <= LONGEST_NAME
        && !many_digits
        && !name.contains('@')
        && !name.chars().any(char::is_control)
        && !is_number_like
}

/// The text without the white space around it.
fn trimmed(text: &str) -> &str {
    // Nearly every cell begins and ends with a visible ASCII character and needs no search.
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

fn line_breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

const BUFFER: usize = 1 << 16;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const LONGEST_NAME: usize = 64;
const N_SHOWN: usize = 8;
const N_DIGITS_OF_DATA: usize = 7;
