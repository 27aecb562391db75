//! The research subset: the rows of a population that are released.

use std::collections::BTreeMap;

use super::{AnonymityError, Table};

/// The rows of a table that are released; the others are the population around them.
///
/// # Privacy
/// `Debug` shows the number of rows only.
#[derive(Clone)]
pub struct Subset {
    is_in: Vec<bool>,
    n: u64,
}

impl Subset {
    /// Takes rows by number, 0-based.
    ///
    /// # Errors
    /// [`AnonymityError::NotInData`] for a row the table does not have or that is named twice,
    /// [`AnonymityError::Empty`] for none.
    pub fn of_rows(table: &Table, rows: impl IntoIterator<Item = u64>) -> Result<Self, AnonymityError> {
        let mut is_in = vec![false; table.n_rows()];
        let mut n = 0;
        for (place, row) in rows.into_iter().enumerate() {
            let missing = || AnonymityError::NotInData { source_name: "research subset".to_owned(), row: place as u64 };
            let found = usize::try_from(row).ok().and_then(|row| is_in.get_mut(row)).ok_or_else(missing)?;
            if std::mem::replace(found, true) {
                return Err(missing());
            }
            n += 1;
        }
        if n == 0 {
            return Err(AnonymityError::Empty { source_name: "research subset".to_owned() });
        }
        Ok(Self { is_in, n })
    }

    /// Finds the rows of another table with the same columns: each takes the first equal row not yet taken.
    ///
    /// # Errors
    /// [`AnonymityError::UnknownColumn`] if the columns differ, [`AnonymityError::NotInData`] for a row without match.
    pub fn matching(table: &Table, rows: &Table) -> Result<Self, AnonymityError> {
        let mut places: BTreeMap<Vec<&str>, Vec<u64>> = BTreeMap::new();
        let columns: Vec<_> = rows.columns().iter().map(|c| table.column(c.name())).collect::<Result<_, _>>()?;
        for column in table.columns() {
            rows.column(column.name())?;
        }
        for row in (0..table.n_rows()).rev() {
            places.entry(columns.iter().map(|c| c.text_at(row)).collect()).or_default().push(row as u64);
        }
        let mut found = Vec::with_capacity(rows.n_rows());
        for row in 0..rows.n_rows() {
            let key: Vec<&str> = rows.columns().iter().map(|c| c.text_at(row)).collect();
            let place = places.get_mut(&key).and_then(Vec::pop);
            found.push(
                place.ok_or_else(|| AnonymityError::NotInData {
                    source_name: rows.name().to_owned(),
                    row: row as u64,
                })?,
            );
        }
        Self::of_rows(table, found)
    }

    /// Gives the number of rows in it.
    pub const fn n_rows(&self) -> u64 {
        self.n
    }

    /// Says whether a row is in it.
    pub fn contains(&self, row: usize) -> bool {
        self.is_in.get(row).copied().unwrap_or(false)
    }
}

impl std::fmt::Debug for Subset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subset({} rows of {})", self.n, self.is_in.len())
    }
}
