//! Risk against a table of the population.

use std::collections::{BTreeMap, HashMap};

use super::grouping::Grouping;
use super::sample::Sample;
use super::settings::MeasureSettings;
use crate::anonymity::{AnonymityError, Codes, Table, TableColumn};

/// The journalist's and the marketer's risk: the attacker knows the population, not who of it is in the table.
///
/// # References
/// El Emam, Dankar: *Protecting Privacy Using k-Anonymity*, JAMIA 2008. Dankar, El Emam: *A Method for Evaluating Marketer
/// Re-Identification Risk*, EDBT 2010.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopulationRisk {
    /// Of every pair of rows released and rows of the population, the classes that have it.
    classes: BTreeMap<(u64, u64), u64>,
}

impl PopulationRisk {
    /// Finds the classes of a table in the population, by the quasi-identifiers of the table.
    ///
    /// # Errors
    /// [`AnonymityError::NotInData`] with the first row of a class of which the population has fewer rows than the table;
    /// [`AnonymityError::UnknownColumn`] if the population lacks a quasi-identifier; otherwise as
    /// [`Measures::of`](super::Measures::of).
    ///
    /// # Complexity
    /// `O(rows of both)`.
    pub fn of(table: &Table, population: &Table, settings: &MeasureSettings) -> Result<Self, AnonymityError> {
        let sample = Sample::new(table, settings)?;
        let grouping = Grouping::new(&sample, sample.quasi.clone())?;
        let others: Vec<&TableColumn> =
            sample.quasi.iter().map(|column| population.column(column.name())).collect::<Result<_, _>>()?;
        let codes: Vec<Codes> = others.iter().map(|column| column.value_codes()).collect();
        let all = crate::anonymity::Classes::of(&codes)?;
        let key_of = |row: u32| codes.iter().map(|codes| codes.at(row as usize).unwrap_or(0)).collect::<Vec<u32>>();
        let by_key: HashMap<Vec<u32>, u32> =
            all.first_rows().iter().zip(all.sizes()).map(|(row, size)| (key_of(*row), *size)).collect();
        let translations: Vec<_> =
            sample.quasi.iter().zip(&others).map(|(column, other)| Translation::new(column, other)).collect();
        let mut classes = BTreeMap::new();
        for (class, n) in grouping.sizes.iter().enumerate() {
            let row = grouping.first_row(class);
            let key: Option<Vec<u32>> = translations.iter().map(|translation| translation.at(row as usize)).collect();
            let found = key.and_then(|key| by_key.get(&key).copied()).filter(|found| found >= n);
            let found = found.ok_or_else(|| AnonymityError::NotInData { source_name: table.name().to_owned(), row })?;
            *classes.entry((u64::from(*n), u64::from(found))).or_default() += 1;
        }
        Ok(Self { classes })
    }

    /// Takes for every class its rows in the table and in the population.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] if a class has more rows in the table than in the population.
    pub fn from_counts(counts: impl IntoIterator<Item = (u64, u64)>) -> Result<Self, AnonymityError> {
        let mut classes = BTreeMap::new();
        for (n, population) in counts.into_iter().filter(|(n, _)| *n > 0) {
            if population < n {
                let (what, allowed) = ("rows of a class in the population", "those in the table or more");
                return Err(AnonymityError::OutOfRange { what, found: population as f64, allowed });
            }
            *classes.entry((n, population)).or_default() += 1;
        }
        Ok(Self { classes })
    }

    /// Gives the highest journalist's risk: one over the rows of the population in the rarest class.
    pub fn highest(&self) -> f64 {
        self.classes.keys().map(|(_, population)| *population).min().map_or(0.0, |least| 1.0 / least as f64)
    }

    /// Gives the journalist's risk averaged over rows.
    pub fn average_record(&self) -> f64 {
        self.marketer()
    }

    /// Gives the journalist's risk averaged over classes.
    pub fn average_class(&self) -> f64 {
        let n_classes: u64 = self.classes.values().sum();
        let sum: f64 = self.classes.iter().map(|((_, population), classes)| *classes as f64 / *population as f64).sum();
        if n_classes == 0 { 0.0 } else { sum / n_classes as f64 }
    }

    /// Gives the marketer's risk: the share of rows that is expected to be found if all are matched at random.
    pub fn marketer(&self) -> f64 {
        let n_rows: u128 = self.classes.iter().map(|((n, _), classes)| u128::from(*n) * u128::from(*classes)).sum();
        let share = |(n, population): (u64, u64), classes: u64| {
            (u128::from(n) * u128::from(classes)) as f64 / population as f64
        };
        let sum: f64 = self.classes.iter().map(|(key, classes)| share(*key, *classes)).sum();
        if n_rows == 0 { 0.0 } else { sum / n_rows as f64 }
    }

    /// Gives the rows of the table whose journalist's risk is above a threshold.
    pub fn n_rows_above(&self, threshold: f64) -> u64 {
        let risky = self.classes.iter().filter(|((_, population), _)| 1.0 / *population as f64 > threshold);
        risky.map(|((n, _), classes)| n * classes).sum()
    }
}

/// The values of a column in the codes of the same column of another table.
struct Translation<'a> {
    column: &'a TableColumn,
    codes: Vec<Option<u32>>,
}

impl<'a> Translation<'a> {
    fn new(column: &'a TableColumn, other: &TableColumn) -> Self {
        // Numbers are found by value, texts by text, a missing value by being missing.
        let mut by_text = HashMap::new();
        let mut by_number = HashMap::new();
        for code in 0..other.n_texts() as u32 {
            let value = other.value_of(code);
            by_text.insert(other.text(code), value);
            if let Some(number) = other.number(value) {
                by_number.insert(number.to_bits(), value);
            }
        }
        let translate = |code: u32| {
            let value = column.value_of(code);
            if column.missing() == Some(value) {
                return other.missing();
            }
            let by_number = column.number(value).and_then(|number| by_number.get(&number.to_bits()).copied());
            by_number.or_else(|| by_text.get(column.text(code)).copied())
        };
        Self { column, codes: (0..column.n_texts() as u32).map(translate).collect() }
    }

    fn at(&self, row: usize) -> Option<u32> {
        let code = self.column.text_codes().at(row)?;
        self.codes.get(code as usize).copied().flatten()
    }
}
