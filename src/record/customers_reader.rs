//! Customer tables from files and structs.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Serialize;

use super::builder::{ColumnBuilder, Refused};
use super::customers::ascending;
use super::rows::RowsText;
use super::source::{Lines, Place, Source};
use super::{CellProblem, Customers, Field, RecordError, Schema, Texts, transactions_reader::MAX_ROW_BYTES};
use crate::time::Zone;

/// Reads a customer table, one row a customer, by a schema that knows every column.
///
/// Cells lose the white space around them; what is empty then is a missing cell, never a guess. Line breaks inside
/// cells become `\n`, blank lines are passed over. Read row by row: beside the columns there is never more than one row and one block of the file.
///
/// # Privacy
/// Errors name file, line and column, never a cell. A column nobody declared is named only if the first line looks
/// like a header throughout (no e-mail address, number, date or long text), else by its number.
///
/// # Examples
/// ```
/// use consentric::record::{Customers, Field, Kind, Role, Schema};
/// let schema = Schema::new("customer_id", [Field::new("age", Role::QuasiIdentifier, Kind::Integer)])?;
/// let customers = Customers::reader(schema).read_csv("crm.csv", "customer_id,age\nc1,31\nc2,\n".as_bytes())?;
/// assert_eq!((customers.len(), customers.n_missing("age")), (2, Some(1)));
/// # Ok::<(), consentric::record::RecordError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct CustomersReader {
    schema: Schema,
    zone: Zone,
    max_row_bytes: u64,
}

impl Customers {
    /// Starts a reader of tables with these columns.
    pub fn reader(schema: Schema) -> CustomersReader {
        CustomersReader::new(schema)
    }
}

impl CustomersReader {
    /// Starts a reader of tables with these columns.
    pub fn new(schema: Schema) -> Self {
        Self { schema, zone: Zone::utc(), max_row_bytes: MAX_ROW_BYTES }
    }

    /// Reads timestamps without an offset as local times of this zone; default UTC.
    pub fn with_zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    /// Refuses rows of more bytes; default 16 MiB.
    pub const fn with_max_row_bytes(mut self, n: u64) -> Self {
        self.max_row_bytes = n;
        self
    }

    /// Reads CSV with a header line, in UTF-8; `source_name` stands for it in errors.
    ///
    /// # Privacy
    /// A column that the schema names as ignored is passed over and not kept.
    ///
    /// # Errors
    /// [`RecordError`] with line and column: for a column that is not declared ([`RecordError::UntypedColumn`]),
    /// declared and absent, or there twice; for rows too long, too short or cut off; for an id that is empty or
    /// appears twice; for a cell that is not of its kind; and for no row at all.
    ///
    /// # Complexity
    /// `O(bytes + n log n)` for `n` customers; memory that of the columns, and 16 bytes a customer while the ids are put
    /// in order.
    pub fn read_csv(&self, source_name: &str, mut reader: impl Read) -> Result<Customers, RecordError> {
        self.read(Source::open(source_name, Lines::OfFile, &mut reader, self.max_row_bytes)?)
    }

    /// Reads a CSV file.
    ///
    /// # Errors
    /// [`RecordError::Io`] if the file cannot be opened; else those of [`read_csv`](CustomersReader::read_csv).
    pub fn read_csv_file(&self, path: &Path) -> Result<Customers, RecordError> {
        let source_name = path.display().to_string();
        match File::open(path) {
            Ok(file) => self.read_csv(&source_name, file),
            Err(error) => Err(RecordError::Io { source_name, error }),
        }
    }

    /// Reads the caller's own structs: fields are columns by their serde names, `None` is a missing cell.
    ///
    /// In errors the source is called `rows`, and struct `i` (from 0) is line `i + 2`: line 1 are the field names.
    ///
    /// # Errors
    /// [`RecordError::NotFlat`] for a row without field names or with nested or flattened values; else those of
    /// [`read_csv`](CustomersReader::read_csv).
    pub fn read_rows(&self, rows: impl IntoIterator<Item = impl Serialize>) -> Result<Customers, RecordError> {
        let mut reader = RowsText::new(rows.into_iter());
        self.read(Source::open("rows", Lines::OfRows, &mut reader, self.max_row_bytes)?)
    }

    fn read(&self, mut source: Source<'_>) -> Result<Customers, RecordError> {
        let (customer, places) = self.places(&source)?;
        let mut ids = Texts::default();
        let mut lines = RowLines::default();
        let mut columns: Vec<(Place, Field, ColumnBuilder)> = places
            .into_iter()
            .zip(self.schema.fields())
            .map(|(place, field)| (place, field.clone(), ColumnBuilder::new(field.kind())))
            .collect();
        while source.next_row()? {
            let id = source.text(&customer)?;
            if id.is_empty() {
                return Err(source.problem(&customer, CellProblem::Empty));
            }
            lines.push(ids.len(), source.line_of(&customer));
            ids.push(id)?;
            for (place, _, builder) in &mut columns {
                builder.push(source.text(place)?, &self.zone).map_err(|refused| match refused {
                    Refused::Cell(problem) => source.problem(place, problem),
                    Refused::Column(error) => error,
                })?;
            }
        }
        ids.shrink_to_fit();
        let columns = columns.into_iter().map(|(_, field, builder)| (field, builder.finish())).collect();
        let (id_order, order) = ascending(&ids)?;
        if let Some((first, second)) = first_duplicate(&ids, &order) {
            return Err(RecordError::DuplicateCustomer {
                source_name: source.name().to_owned(),
                line: lines.at(second),
                column: customer.name,
                first_line: lines.at(first),
            });
        }
        Ok(Customers { ids, id_order, order, columns, history: None })
    }

    /// Finds the customer column and the declared ones; every other must be named as ignored.
    fn places(&self, source: &Source<'_>) -> Result<(Place, Vec<Place>), RecordError> {
        let mut customer = None;
        let mut found = vec![None; self.schema.fields().len()];
        for (at, name) in source.columns().enumerate() {
            let slot = match name {
                Some(name) if name == self.schema.customer() => &mut customer,
                Some(name) => match self.schema.field(name).and_then(|(place, _)| found.get_mut(place)) {
                    Some(slot) => slot,
                    None if self.schema.is_ignored(name) => continue,
                    None => return Err(untyped(source, at)),
                },
                None => return Err(untyped(source, at)),
            };
            if slot.replace(at).is_some() {
                let (source_name, column) = (source.name().to_owned(), name.unwrap_or_default().to_owned());
                return Err(RecordError::DuplicateColumn { source_name, column });
            }
        }
        let place = |at: Option<usize>, name: &str, wanted: &str| match at {
            Some(at) => Ok(Place { at, name: name.to_owned() }),
            None => Err(source.missing_column(name, wanted)),
        };
        let customer = place(customer, self.schema.customer(), "the customer's id")?;
        let rest = found.into_iter().zip(self.schema.fields());
        let rest = rest.map(|(at, field)| place(at, field.name(), "the schema")).collect::<Result<_, _>>()?;
        Ok((customer, rest))
    }
}

/// On which line every row was found; no memory while each row is one line.
#[derive(Default)]
struct RowLines {
    /// From this row on, the line lies that far behind the row.
    steps: Vec<(usize, u64)>,
}

impl RowLines {
    fn push(&mut self, row: usize, line: u64) {
        let ahead = line.saturating_sub(row as u64);
        if self.steps.last().map_or(FIRST_LINE, |step| step.1) != ahead {
            self.steps.push((row, ahead));
        }
    }

    fn at(&self, row: usize) -> u64 {
        let behind = self.steps.partition_point(|step| step.0 <= row);
        let ahead = behind.checked_sub(1).and_then(|last| self.steps.get(last)).map_or(FIRST_LINE, |step| step.1);
        row as u64 + ahead
    }
}

/// The duplicate that comes first in the source: its first and its second row.
fn first_duplicate(ids: &Texts, order: &[u32]) -> Option<(usize, usize)> {
    let equal = |pair: &[u32]| match pair {
        [first, second] => {
            let (first, second) = (*first as usize, *second as usize);
            (ids.at(first) == ids.at(second)).then_some((first, second))
        }
        _ => None,
    };
    order.windows(2).filter_map(equal).min_by_key(|(_, second)| *second)
}

fn untyped(source: &Source<'_>, at: usize) -> RecordError {
    RecordError::UntypedColumn { source_name: source.name().to_owned(), column: source.shown_column(at) }
}

/// Line of row 0 below a header of one line.
const FIRST_LINE: u64 = 2;
