//! How far the cells of an output spread, measured on the rows themselves.

use std::collections::HashMap;

use super::super::{ColumnType, Solution};
use super::micro_loss;

impl Solution<'_> {
    /// Gives the normalised certainty penalty: how much of its column a cell spans, on average over all released cells.
    ///
    /// A number spans the range of its class over that of the column, a category the different values of its class less
    /// one over those of the column less one, a suppressed cell everything. A class with missing and present numbers
    /// spans everything. Classes are rows with equal labels, so labels that join parts count against the output.
    ///
    /// # Complexity
    /// `O(rows · columns · log rows)`.
    ///
    /// # References
    /// Xu et al.: *Utility-Based Anonymization Using Local Recoding*, KDD 2006.
    pub fn normalised_certainty_penalty(&self) -> f64 {
        let recoding = &self.recoding;
        let is_in = |row: usize| recoding.is_in.as_ref().is_none_or(|is_in| is_in.get(row).copied().unwrap_or(false));
        let is_kept = |row: usize| !recoding.is_suppressed.get(row).copied().unwrap_or(true);
        let released: Vec<usize> = (0..self.table.n_rows()).filter(|row| is_in(*row)).collect();
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut classes = Vec::with_capacity(released.len());
        for row in released.iter().copied().filter(|row| is_kept(*row)) {
            let key = recoding.columns.iter().filter_map(|column| column.codes.get(row).copied()).collect();
            let next = known.len() as u32;
            classes.push((*known.entry(key).or_insert(next), row));
        }
        let n_suppressed = (released.len() - classes.len()) as f64;
        let mut sum = 0.0;
        for recoded in &recoding.columns {
            let Some(column) = self.table.columns().get(recoded.place) else { continue };
            let values = column.value_codes();
            let value = |row: usize| values.at(row).unwrap_or(0);
            let number = |value: u32| column.number(value).unwrap_or(f64::NAN);
            let all = Spread::of(released.iter().map(|row| value(*row)).collect(), number);
            let mut cells: Vec<(u32, u32)> = classes.iter().map(|(class, row)| (*class, value(*row))).collect();
            cells.sort_unstable();
            sum += n_suppressed;
            for class in cells.chunk_by(|a, b| a.0 == b.0) {
                let spread = Spread::of(class.iter().map(|(_, value)| *value).collect(), number);
                sum += class.len() as f64 * spread.share(&all, column.column_type());
            }
        }
        sum / (released.len() * recoding.columns.len()) as f64
    }

    /// Gives the information loss of a microaggregation in percent: the squared distances of released rows to what they
    /// became over those to the mean of all, on columns divided by their sample deviation.
    ///
    /// `None` if a quasi-identifier does not hold numbers before and after. Without any variation it is 0.
    ///
    /// # Complexity
    /// `O(rows · columns)`.
    ///
    /// # References
    /// Domingo-Ferrer, Mateo-Sanz: *Practical Data-Oriented Microaggregation for Statistical Disclosure Control*, IEEE
    /// TKDE 2002.
    pub fn information_loss(&self) -> Option<f64> {
        micro_loss::of_recoding(self.table, &self.recoding)
    }
}

/// How far some values are apart.
#[derive(Debug)]
struct Spread {
    n_values: usize,
    has_missing: bool,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(mut values: Vec<u32>, number: impl Fn(u32) -> f64) -> Self {
        values.sort_unstable();
        values.dedup();
        let mut spread =
            Self { n_values: values.len(), has_missing: false, least: f64::INFINITY, most: f64::NEG_INFINITY };
        for number in values.into_iter().map(number) {
            spread.has_missing |= number.is_nan();
            (spread.least, spread.most) = (spread.least.min(number), spread.most.max(number));
        }
        spread
    }

    fn share(&self, all: &Self, column_type: ColumnType) -> f64 {
        if self.n_values < 2 {
            return 0.0;
        }
        match column_type {
            ColumnType::Categorical => (self.n_values - 1) as f64 / (all.n_values - 1) as f64,
            ColumnType::Numeric if self.has_missing => 1.0,
            // Halves, because the range of the largest numbers has no double.
            ColumnType::Numeric => ((self.most / 2.0 - self.least / 2.0) / (all.most / 2.0 - all.least / 2.0)).min(1.0),
        }
    }
}
