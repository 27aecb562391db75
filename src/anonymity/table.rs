//! A table of which every column has a role.

use std::fmt;

use super::{AnonymityError, Codes, ColumnType, Role};
use crate::record::{Dictionary, Texts, decimal};

/// A table in dictionary codes: what measures and searches work on.
///
/// Made by [`TableReader`](super::TableReader) from CSV, or from columns of the caller's own.
///
/// # Privacy
/// Holds personal data: `Debug` shows the number of rows and columns, nothing else.
#[derive(Clone)]
pub struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<TableColumn>,
    pub(super) n_rows: usize,
    pub(super) n_blank_lines: u64,
}

/// One column of a [`Table`].
///
/// # Privacy
/// Holds personal data: `Debug` shows its name, role and number of different values.
#[derive(Clone)]
pub struct TableColumn {
    name: String,
    role: Role,
    column_type: ColumnType,
    is_type_assumed: bool,
    texts: Texts,
    codes: Codes,
    /// The value of each text: several texts may be one number, or all be marks of a missing value.
    values: Vec<u32>,
    n_values: usize,
    numbers: Vec<f64>,
    missing: Option<u32>,
}

impl Table {
    /// Takes columns of equal length.
    ///
    /// # Errors
    /// [`AnonymityError::Empty`] without a row, [`AnonymityError::DuplicateColumn`] if two have one name,
    /// [`AnonymityError::RowLength`] if they are not equally long.
    pub fn from_columns(name: &str, columns: Vec<TableColumn>) -> Result<Self, AnonymityError> {
        let n_rows = columns.first().map_or(0, TableColumn::n_rows);
        if n_rows == 0 {
            return Err(AnonymityError::Empty { source_name: name.to_owned() });
        }
        for (place, column) in columns.iter().enumerate() {
            if column.n_rows() != n_rows {
                let line = n_rows.min(column.n_rows()) as u64 + 2;
                let (found, expected) = (place, columns.len());
                return Err(AnonymityError::RowLength { source_name: name.to_owned(), line, found, expected });
            }
            if columns.iter().take(place).any(|other| other.name == column.name) {
                return Err(AnonymityError::DuplicateColumn { column: column.name.clone() });
            }
        }
        Ok(Self { name: name.to_owned(), columns, n_rows, n_blank_lines: 0 })
    }

    /// Gives where the table comes from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the number of rows.
    pub const fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Gives the number of blank lines that were skipped.
    pub const fn n_blank_lines(&self) -> u64 {
        self.n_blank_lines
    }

    /// Gives the columns in their order.
    pub fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    /// Gives a column by name.
    ///
    /// # Errors
    /// [`AnonymityError::UnknownColumn`] if there is none.
    pub fn column(&self, name: &str) -> Result<&TableColumn, AnonymityError> {
        self.columns
            .iter()
            .find(|column| column.name == name)
            .ok_or_else(|| AnonymityError::UnknownColumn { column: name.to_owned(), n_columns: self.columns.len() })
    }

    /// Gives the columns of a role, in their order.
    pub fn columns_of(&self, role: Role) -> impl Iterator<Item = &TableColumn> {
        self.columns.iter().filter(move |column| column.role == role)
    }
}

impl TableColumn {
    /// Takes one text a row. An empty text is a missing value.
    ///
    /// # Errors
    /// [`AnonymityError::Cell`] with the row if a numeric column holds text, [`AnonymityError::TooLarge`] beyond 2³²
    /// rows or bytes of different texts.
    pub fn new<'t>(
        name: &str,
        role: Role,
        column_type: ColumnType,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<Self, AnonymityError> {
        let mut dictionary = Dictionary::new();
        let mut codes = Vec::new();
        for text in texts {
            codes.push(dictionary.code(text)?);
        }
        Self::from_codes(name, role, column_type, dictionary.into_texts(), Codes::narrowest(&codes), &[])
    }

    /// Takes texts and the code of each row; `null_marks` are missing values like the empty text.
    pub(super) fn from_codes(
        name: &str,
        role: Role,
        column_type: ColumnType,
        texts: Texts,
        codes: Codes,
        null_marks: &[String],
    ) -> Result<Self, AnonymityError> {
        let mut missing = None;
        let mut values = Vec::with_capacity(texts.len());
        let mut numbers = Vec::new();
        let mut by_number = std::collections::BTreeMap::new();
        let mut n_values = 0;
        for (code, text) in texts.iter().enumerate() {
            let mut fresh = || {
                n_values += 1;
                n_values - 1
            };
            let numeric = column_type == ColumnType::Numeric;
            let is_missing =
                text.is_empty() || null_marks.iter().any(|mark| mark == text) || (numeric && text.trim().is_empty());
            if is_missing {
                let value = *missing.get_or_insert_with(fresh);
                values.push(value);
                if numeric && numbers.len() == value as usize {
                    numbers.push(f64::NAN);
                }
                continue;
            }
            if !numeric {
                values.push(fresh());
                continue;
            }
            let number = decimal(text.trim()).map_err(|_| {
                let row = codes.iter().position(|found| found as usize == code).unwrap_or(0) as u64;
                AnonymityError::Cell {
                    source_name: "table".to_owned(),
                    row,
                    column: name.to_owned(),
                    problem: "not a finite number; declare the column categorical or mend the cell",
                }
            })?;
            // 0 and -0 are one value.
            let number = number + 0.0;
            let value = *by_number.entry(number.to_bits()).or_insert_with(|| {
                numbers.push(number);
                fresh()
            });
            values.push(value);
        }
        Ok(Self {
            name: name.to_owned(),
            role,
            column_type,
            is_type_assumed: false,
            texts,
            codes,
            values,
            n_values: n_values as usize,
            numbers,
            missing,
        })
    }

    /// Gives the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Gives how values compare.
    pub const fn column_type(&self) -> ColumnType {
        self.column_type
    }

    /// Says that nobody declared how values compare: they are texts for want of knowledge. Results name such columns.
    #[must_use]
    pub const fn with_assumed_type(mut self) -> Self {
        self.is_type_assumed = true;
        self
    }

    /// Says whether nobody declared how values compare.
    pub const fn is_type_assumed(&self) -> bool {
        self.is_type_assumed
    }

    /// Gives the number of rows.
    pub const fn n_rows(&self) -> usize {
        self.codes.len()
    }

    /// Gives the number of different values, a missing one counted.
    pub const fn n_values(&self) -> usize {
        self.n_values
    }

    /// Gives the code of the text of every row.
    pub const fn text_codes(&self) -> &Codes {
        &self.codes
    }

    /// Gives the value of every row: codes below [`n_values`](TableColumn::n_values), equal for equal values.
    pub fn value_codes(&self) -> Codes {
        if self.values.iter().enumerate().all(|(code, value)| code == *value as usize) {
            return self.codes.clone();
        }
        let codes: Vec<u32> = self.codes.iter().map(|code| self.value_of(code)).collect();
        Codes::narrowest(&codes)
    }

    /// Gives the value of a text code.
    pub fn value_of(&self, text_code: u32) -> u32 {
        self.values.get(text_code as usize).copied().unwrap_or(0)
    }

    /// Gives the number of different texts.
    pub fn n_texts(&self) -> usize {
        self.texts.len()
    }

    /// Gives the text of a code, as it stood in the source.
    pub fn text(&self, text_code: u32) -> &str {
        self.texts.at(text_code as usize)
    }

    /// Gives the text of a row.
    pub fn text_at(&self, row: usize) -> &str {
        self.codes.at(row).map_or("", |code| self.text(code))
    }

    /// Gives the first text of a value.
    pub fn text_of_value(&self, value: u32) -> &str {
        self.values.iter().position(|found| *found == value).map_or("", |code| self.texts.at(code))
    }

    /// Gives the number of a value; `None` in a categorical column and for a missing value.
    pub fn number(&self, value: u32) -> Option<f64> {
        self.numbers.get(value as usize).copied().filter(|number| !number.is_nan())
    }

    /// Gives the value that stands for a missing one, if a cell is missing.
    pub const fn missing(&self) -> Option<u32> {
        self.missing
    }

    /// Gives the number of missing cells.
    pub fn n_missing(&self) -> u64 {
        let Some(missing) = self.missing else { return 0 };
        self.codes.iter().filter(|code| self.value_of(*code) == missing).count() as u64
    }

    /// Gives the rank of every value in the declared order: numbers by size, texts by bytes, a missing value first.
    pub fn ranks(&self) -> Vec<u32> {
        let mut first_text = vec![""; self.n_values];
        for (text, value) in self.texts.iter().zip(&self.values).rev() {
            if let Some(first) = first_text.get_mut(*value as usize) {
                *first = text;
            }
        }
        let mut order: Vec<u32> = (0..self.n_values as u32).collect();
        let number = |value: u32| self.number(value).unwrap_or(f64::NEG_INFINITY);
        let text = |value: u32| first_text.get(value as usize).copied().unwrap_or_default();
        order.sort_by(|a, b| number(*a).total_cmp(&number(*b)).then_with(|| text(*a).cmp(text(*b))));
        let mut ranks = vec![0; self.n_values];
        for (rank, value) in (0u32..).zip(order) {
            if let Some(place) = ranks.get_mut(value as usize) {
                *place = rank;
            }
        }
        ranks
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({} rows, {} columns)", self.n_rows, self.columns.len())
    }
}

impl fmt::Debug for TableColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TableColumn(`{}`, {:?}, {} values)", self.name, self.role, self.n_values)
    }
}
