//! Tables from CSV.

use std::collections::BTreeMap;
use std::io::{self, Read};

use csv::ByteRecord;

use super::{AnonymityError, Codes, ColumnType, Role, Table, TableColumn};
use crate::record::{Dictionary, RowGuard, TooLong};

/// Reads a table from CSV; every column needs a role before the first row is read.
///
/// The separator is given, quotes are honoured, header texts are trimmed, cell texts are not. Blank lines are skipped and
/// counted. Text is UTF-8, a byte order mark is skipped.
///
/// # Examples
/// ```
/// use consentric::anonymity::{ColumnType, Role, TableReader};
/// let csv = "age;disease;note\n34;flu;\n36;angina;x\n";
/// let table = TableReader::new()
///     .with_separator(b';')
///     .with_column("age", Role::Quasi, ColumnType::Numeric)
///     .with_column("disease", Role::Sensitive, ColumnType::Categorical)
///     .with_others(Role::Insensitive)
///     .read("patients.csv", csv.as_bytes())?;
/// assert_eq!((table.n_rows(), table.column("note")?.n_missing()), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TableReader {
    separator: u8,
    columns: Vec<(String, Role, Option<ColumnType>)>,
    others: Option<Role>,
    null_marks: Vec<String>,
    max_row_bytes: u64,
}

impl TableReader {
    /// Reads with `,` between cells; no column has a role yet.
    pub const fn new() -> Self {
        Self {
            separator: b',',
            columns: Vec::new(),
            others: None,
            null_marks: Vec::new(),
            max_row_bytes: MAX_ROW_BYTES,
        }
    }

    /// Sets the byte between cells. Default: `,`.
    pub const fn with_separator(mut self, separator: u8) -> Self {
        self.separator = separator;
        self
    }

    /// Says what a column is.
    pub fn with_column(mut self, name: &str, role: Role, column_type: ColumnType) -> Self {
        self.columns.push((name.to_owned(), role, Some(column_type)));
        self
    }

    /// Says what a column is, but not how its values compare: they are categories, and results say that nobody said so.
    pub fn with_untyped_column(mut self, name: &str, role: Role) -> Self {
        self.columns.push((name.to_owned(), role, None));
        self
    }

    /// Says what every column is that has not been named. Default: an error that names it.
    pub const fn with_others(mut self, role: Role) -> Self {
        self.others = Some(role);
        self
    }

    /// Declares a text that means "missing", as the empty one does.
    pub fn with_null_mark(mut self, mark: &str) -> Self {
        self.null_marks.push(mark.to_owned());
        self
    }

    /// Sets how many bytes one row may have. Default: 1 MiB.
    pub const fn with_max_row_bytes(mut self, n: u64) -> Self {
        self.max_row_bytes = n;
        self
    }

    /// Reads the table.
    ///
    /// # Errors
    /// [`AnonymityError::UntypedColumn`], [`AnonymityError::UnknownColumn`], [`AnonymityError::DuplicateColumn`] for the
    /// header; [`AnonymityError::RowLength`], [`AnonymityError::Cell`], [`AnonymityError::Read`] with the place;
    /// [`AnonymityError::Empty`] without a row.
    ///
    /// # Complexity
    /// `O(bytes)`; memory 4 bytes a cell while reading, 1 to 4 after, and the different texts.
    pub fn read(&self, source_name: &str, reader: impl Read) -> Result<Table, AnonymityError> {
        let mut rows = Rows::new(source_name, self.separator, self.max_row_bytes, reader)?;
        let empty = || AnonymityError::Empty { source_name: source_name.to_owned() };
        if !rows.advance()? {
            return Err(empty());
        }
        let mut columns = self.columns(&rows)?;
        let mut n_rows = 0u64;
        while rows.advance()? {
            if rows.row.len() != columns.len() {
                let (line, found, expected) = (rows.line, rows.row.len(), columns.len());
                return Err(AnonymityError::RowLength { source_name: source_name.to_owned(), line, found, expected });
            }
            if n_rows >= u64::from(u32::MAX) {
                return Err(AnonymityError::TooLarge { what: "rows", limit: u64::from(u32::MAX) });
            }
            for (column, cell) in columns.iter_mut().zip(&rows.row) {
                let text = std::str::from_utf8(cell).map_err(|_| AnonymityError::Cell {
                    source_name: source_name.to_owned(),
                    row: n_rows,
                    column: column.name.clone(),
                    problem: "not UTF-8",
                })?;
                column.codes.push(column.dictionary.code(text)?);
            }
            n_rows += 1;
        }
        if n_rows == 0 {
            return Err(empty());
        }
        let columns = columns.into_iter().map(|column| column.finish(source_name, &self.null_marks));
        let mut table = Table::from_columns(source_name, columns.collect::<Result<_, _>>()?)?;
        table.n_blank_lines = rows.n_blank_lines;
        Ok(table)
    }

    fn columns<R: Read>(&self, header: &Rows<R>) -> Result<Vec<Reading>, AnonymityError> {
        let mut declared = BTreeMap::new();
        for (name, role, column_type) in &self.columns {
            if declared.insert(name.as_str(), (*role, *column_type)).is_some() {
                return Err(AnonymityError::DuplicateColumn { column: name.clone() });
            }
        }
        let mut columns: Vec<Reading> = Vec::with_capacity(header.row.len());
        for (place, cell) in header.row.iter().enumerate() {
            let name = std::str::from_utf8(cell).map(str::trim);
            let name = name.map_err(|_| header.read_error(header.line, "a column name is not UTF-8"))?.to_owned();
            // PRIVACY: a file without a header would show the values of its first row here.
            let shown = || if looks_like_data(&name) { format!("number {}", place + 1) } else { name.clone() };
            if columns.iter().any(|column| column.name == name) {
                return Err(AnonymityError::DuplicateColumn { column: shown() });
            }
            let others = self.others.map(|role| (role, None));
            let Some((role, column_type)) = declared.remove(name.as_str()).or(others) else {
                return Err(AnonymityError::UntypedColumn { column: shown() });
            };
            columns.push(Reading { name, role, column_type, dictionary: Dictionary::new(), codes: Vec::new() });
        }
        match declared.keys().next() {
            Some(name) => Err(AnonymityError::UnknownColumn { column: (*name).to_owned(), n_columns: columns.len() }),
            None => Ok(columns),
        }
    }
}

impl Default for TableReader {
    fn default() -> Self {
        Self::new()
    }
}

struct Reading {
    name: String,
    role: Role,
    column_type: Option<ColumnType>,
    dictionary: Dictionary,
    codes: Vec<u32>,
}

impl Reading {
    fn finish(self, source_name: &str, null_marks: &[String]) -> Result<TableColumn, AnonymityError> {
        let codes = Codes::narrowest(&self.codes);
        let texts = self.dictionary.into_texts();
        let column_type = self.column_type.unwrap_or_default();
        let column = TableColumn::from_codes(&self.name, self.role, column_type, texts, codes, null_marks);
        let column = column.map_err(|error| match error {
            AnonymityError::Cell { row, column, problem, .. } => {
                AnonymityError::Cell { source_name: source_name.to_owned(), row, column, problem }
            }
            other => other,
        })?;
        Ok(if self.column_type.is_none() { column.with_assumed_type() } else { column })
    }
}

/// The rows of a file, with their lines.
struct Rows<R> {
    source_name: String,
    max_row_bytes: u64,
    csv: csv::Reader<RowGuard<io::Chain<io::Cursor<Vec<u8>>, R>>>,
    row: ByteRecord,
    /// The line on which the row starts, 1-based.
    line: u64,
    n_blank_lines: u64,
}

impl<R: Read> Rows<R> {
    fn new(source_name: &str, separator: u8, max_row_bytes: u64, mut reader: R) -> Result<Self, AnonymityError> {
        let mut start = Vec::new();
        (&mut reader).take(3).read_to_end(&mut start).map_err(|error| AnonymityError::Read {
            source_name: source_name.to_owned(),
            problem: error.to_string(),
        })?;
        if start == [0xEF, 0xBB, 0xBF] {
            start.clear();
        }
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            // The length of a row is checked where its line is known.
            .flexible(true)
            .delimiter(separator)
            .buffer_capacity(1 << 16)
            .from_reader(RowGuard::new(io::Cursor::new(start).chain(reader), max_row_bytes));
        let source_name = source_name.to_owned();
        Ok(Self { source_name, max_row_bytes, csv, row: ByteRecord::new(), line: 1, n_blank_lines: 0 })
    }

    /// Goes to the next row that is not blank; `false` at the end.
    fn advance(&mut self) -> Result<bool, AnonymityError> {
        let (line, byte) = (self.csv.position().line(), self.csv.position().byte());
        self.csv.get_mut().renew();
        let found = self.csv.read_byte_record(&mut self.row).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|cause| cause.is::<TooLong>()) => {
                self.read_error(line, "the row is too long; a quote may be open")
            }
            csv::ErrorKind::Io(error) => {
                AnonymityError::Read { source_name: self.source_name.clone(), problem: error.to_string() }
            }
            // With bytes and rows of any length the csv crate makes no other kind.
            _ => self.read_error(line, "not readable as CSV"),
        })?;
        let (next_line, next_byte) = (self.csv.position().line(), self.csv.position().byte());
        if !found {
            // INVARIANT: behind the last row stand line ends only, two of them the guard's; one if the row had none.
            self.n_blank_lines += (next_byte - byte).saturating_sub(2);
            return Ok(false);
        }
        // The budget stops a row somewhere in the read-ahead; this makes the limit the same for every chunking.
        if next_byte - byte > self.max_row_bytes {
            return Err(self.read_error(line, "the row is too long; a quote may be open"));
        }
        let inside = self.row.iter().flatten().filter(|byte| **byte == b'\n').count() as u64;
        // A row that the end of the file cuts off has no line end of its own.
        let is_cut_off = self.csv.get_ref().is_end(next_byte);
        self.line = next_line.saturating_sub(inside + u64::from(!is_cut_off)).max(line);
        self.n_blank_lines += self.line - line;
        if is_cut_off {
            return Err(self.read_error(self.line, "a quote is open"));
        }
        Ok(true)
    }

    fn read_error(&self, line: u64, problem: &str) -> AnonymityError {
        AnonymityError::Read { source_name: self.source_name.clone(), problem: format!("line {line}: {problem}") }
    }
}

/// Whether a text of the first line is more likely a value than a name.
fn looks_like_data(text: &str) -> bool {
    text.chars().count() > 64
        || text.contains('@')
        || text.chars().filter(char::is_ascii_digit).count() * 2 > text.len()
}

const MAX_ROW_BYTES: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn reader() -> TableReader {
        TableReader::new().with_column("age", Role::Quasi, ColumnType::Numeric).with_others(Role::Insensitive)
    }

    fn read(text: &str) -> Result<Table, AnonymityError> {
        reader().read("t.csv", text.as_bytes())
    }

    fn texts(table: &Table, column: &str) -> Vec<String> {
        let column = table.column(column).unwrap();
        (0..table.n_rows()).map(|row| column.text_at(row).to_owned()).collect()
    }

    #[test]
    fn blank_lines_are_skipped_and_counted_wherever_they_stand() {
        for (text, n_blank) in [
            ("age,city\n1,a\n2,b", 0),
            ("age,city\n1,a\n2,b\n", 0),
            ("age,city\n1,a\n2,b\n\n", 1),
            ("\n\nage,city\n\n1,a\n\n\n2,b\n\n\n", 7),
            ("age,city\r\n1,a\r\n\r\n2,b\r\n\r\n", 2),
            ("age,city\n1,a\n2,\"b\n\nc\"\n\n", 1),
        ] {
            let table = read(text).unwrap();
            assert_eq!((table.n_rows(), table.n_blank_lines()), (2, n_blank), "{text:?}");
        }
    }

    #[test]
    fn header_texts_are_trimmed_and_cells_are_not() {
        let table = read("\u{feff} age ,\tcity\r\n 1 , Bonn \r\n1.0,Bonn\r\n").unwrap();
        assert_eq!(texts(&table, "city"), [" Bonn ", "Bonn"]);
        assert_eq!((table.column("age").unwrap().n_texts(), table.column("age").unwrap().n_values()), (2, 1));
    }

    #[test]
    fn quotes_hold_separators_quotes_and_line_ends() {
        let table = read("age,city\n3,\"[27, 47[\"\n4,\"say \"\"x\"\"\"\n5,\"a\nb\"\n").unwrap();
        assert_eq!(texts(&table, "city"), ["[27, 47[", "say \"x\"", "a\nb"]);
    }

    #[test]
    fn errors_name_the_place_and_never_the_value() {
        for (text, shown) in [
            ("", "t.csv: no row, so there is nobody to protect"),
            ("\n\r\n", "t.csv: no row, so there is nobody to protect"),
            ("age,city\n", "t.csv: no row, so there is nobody to protect"),
            ("age,city\n\n1,\"a\nb\"\n\n2\n", "t.csv: line 6 has 1 cells, the header 2"),
            ("age,city\n1,a\n2,b,c\n", "t.csv: line 3 has 3 cells, the header 2"),
            ("age,city\n1,a\n \n", "t.csv: line 3 has 1 cells, the header 2"),
            ("age,city\n1,a\n\n2,\"b\n", "t.csv: line 4: a quote is open"),
            ("age,age\n1,a\n", "column `age` is named twice"),
            ("age,4711,4711\n1,a,b\n", "column `number 3` is named twice"),
            ("city\nBonn\n", "no column `age`; the table has 1 others"),
            (
                "age,city\n1,a\nanna,b\n",
                "t.csv: row 1, column `age`: not a finite number; declare the column categorical or mend the cell",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), shown, "{text:?}");
        }
        let bytes = b"age,city\n1,a\n2,\xff\n";
        assert_eq!(
            reader().read("t.csv", &bytes[..]).unwrap_err().to_string(),
            "t.csv: row 1, column `city`: not UTF-8"
        );
        let untyped = TableReader::new().read("t.csv", &b"anna@example.org,x\n1,2\n"[..]).unwrap_err().to_string();
        assert!(untyped.starts_with("column `number 1` has no role"), "{untyped}");
    }

    #[test]
    fn a_row_that_is_too_long_is_refused_with_its_line() {
        let text = format!("age,city\n1,a\n2,{}\n", "x".repeat(100));
        let read = |n| reader().with_max_row_bytes(n).read("t.csv", text.as_bytes());
        assert_eq!(read(103).unwrap().n_rows(), 2);
        assert!(read(102).unwrap_err().to_string().starts_with("t.csv: line 3: the row is too long"));
        assert!(read(20).unwrap_err().to_string().contains("too long"));
    }

    #[test]
    fn columns_without_a_declared_type_say_so() {
        let table = reader().with_untyped_column("city", Role::Sensitive).read("t.csv", &b"age,city,x\n1,2,3\n"[..]);
        let table = table.unwrap();
        let assumed: Vec<bool> = table.columns().iter().map(TableColumn::is_type_assumed).collect();
        assert_eq!(assumed, [false, true, true]);
    }
}
