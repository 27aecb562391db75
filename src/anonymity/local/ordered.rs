//! A quasi-identifier as values in order.

use super::super::prepared::{Prepared, PreparedQuasi};
use super::super::{ColumnType, Hierarchy, TableColumn};

/// A column whose values stand in order: numbers by size, categories as their hierarchy lists them, else by bytes.
#[derive(Debug)]
pub(super) struct Ordered<'a> {
    /// Of every row, the place of its value.
    pub(super) ranks: Vec<u32>,
    /// Of every place, the text of its value.
    pub(super) texts: Vec<&'a str>,
    /// Of every place, its number; `None` for categories.
    numbers: Option<Vec<f64>>,
    /// Half the largest less half the least released number; halves, because the range of the largest has no double.
    half_range: f64,
    /// Different released values.
    pub(super) n_values: u64,
    /// Of every place and the one behind the last, the number of different released values before it.
    before: Vec<u64>,
}

/// How often the values of one column stand in one part, ascending, those alone that do.
pub(super) type Runs = Vec<(u32, u32)>;

impl<'a> Ordered<'a> {
    pub(super) fn new(prepared: &Prepared<'a>, quasi: &PreparedQuasi<'a>) -> Self {
        let column = quasi.column;
        let is_numeric = column.column_type() == ColumnType::Numeric;
        let (ranks, texts) = match quasi.hierarchy {
            Some(hierarchy) if !is_numeric => (quasi.codes.to_vec(), hierarchy_texts(hierarchy)),
            _ => {
                let ranks = column.ranks();
                let rank = |code: u32| ranks.get(column.value_of(code) as usize).copied().unwrap_or(0);
                let by_text: Vec<u32> = (0..column.n_texts() as u32).map(rank).collect();
                let codes = column.text_codes().iter();
                let rows = codes.map(|code| by_text.get(code as usize).copied().unwrap_or(0)).collect();
                (rows, rank_texts(column, &by_text))
            }
        };
        let numbers = is_numeric.then(|| {
            let mut numbers = vec![f64::NAN; texts.len()];
            for (value, rank) in (0..).zip(column.ranks()) {
                if let (Some(place), Some(number)) = (numbers.get_mut(rank as usize), column.number(value)) {
                    *place = number;
                }
            }
            numbers
        });
        let mut is_present = vec![false; texts.len()];
        for (row, rank) in ranks.iter().enumerate() {
            if prepared.is_in(row)
                && let Some(place) = is_present.get_mut(*rank as usize)
            {
                *place = true;
            }
        }
        let mut before = vec![0];
        let mut n_values = 0;
        for found in &is_present {
            n_values += u64::from(*found);
            before.push(n_values);
        }
        let present = numbers.iter().flatten().zip(&is_present).filter(|(_, found)| **found).map(|(number, _)| *number);
        let (least, most) = present
            .filter(|number| !number.is_nan())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), number| (least.min(number), most.max(number)));
        Self { ranks, texts, numbers, half_range: most / 2.0 - least / 2.0, n_values, before }
    }

    pub(super) fn rank(&self, row: u32) -> u32 {
        self.ranks.get(row as usize).copied().unwrap_or(0)
    }

    /// Whether values are numbers.
    pub(super) const fn is_numeric(&self) -> bool {
        self.numbers.is_some()
    }

    /// Whether a place holds the missing value of a numeric column.
    pub(super) fn is_missing(&self, rank: u32) -> bool {
        self.number(rank).is_some_and(f64::is_nan)
    }

    /// Counts the values of some rows.
    pub(super) fn runs(&self, rows: &[u32], counts: &mut Vec<u32>, runs: &mut Runs) {
        runs.clear();
        // A wide column in a small part: sorting touches fewer places than counting.
        if self.texts.len() / 8 > rows.len() {
            let mut sorted: Vec<u32> = rows.iter().map(|row| self.rank(*row)).collect();
            sorted.sort_unstable();
            let equal = sorted.chunk_by(|a, b| a == b);
            runs.extend(equal.filter_map(|equal| Some((*equal.first()?, equal.len() as u32))));
            return;
        }
        if counts.len() < self.texts.len() {
            counts.resize(self.texts.len(), 0);
        }
        let (mut least, mut most) = (u32::MAX, 0);
        for row in rows {
            let rank = self.rank(*row);
            (least, most) = (least.min(rank), most.max(rank));
            if let Some(count) = counts.get_mut(rank as usize) {
                *count += 1;
            }
        }
        for (rank, count) in (least..=most).zip(counts.iter_mut().skip(least as usize)) {
            if *count > 0 {
                runs.push((rank, std::mem::take(count)));
            }
        }
    }

    /// How much of the whole column some values span, 0 to 1.
    ///
    /// Numbers: their range over the whole range; a missing value among numbers spans all. Categories: different values
    /// less one over all less one.
    // SPEC: normalised certainty penalty of one cell.
    pub(super) fn width(&self, runs: &[(u32, u32)]) -> f64 {
        let (Some((first, _)), Some((last, _))) = (runs.first(), runs.last()) else { return 0.0 };
        if first == last {
            return 0.0;
        }
        match (self.number(*first), self.number(*last)) {
            (Some(least), Some(_)) if least.is_nan() => 1.0,
            (Some(least), Some(most)) => ((most / 2.0 - least / 2.0) / self.half_range).min(1.0),
            _ => (runs.len() - 1) as f64 / (self.n_values - 1) as f64,
        }
    }

    /// How many of the different released values lie between two places, both included.
    pub(super) fn n_between(&self, first: u32, last: u32) -> u64 {
        let before = |place: usize| self.before.get(place).copied().unwrap_or(self.n_values);
        before(last as usize + 1) - before(first as usize)
    }

    pub(super) fn text(&self, rank: u32) -> &'a str {
        self.texts.get(rank as usize).copied().unwrap_or_default()
    }

    fn number(&self, rank: u32) -> Option<f64> {
        self.numbers.as_ref()?.get(rank as usize).copied()
    }
}

fn hierarchy_texts(hierarchy: &Hierarchy) -> Vec<&str> {
    (0..hierarchy.n_values() as u32).map(|value| hierarchy.label(0, value).unwrap_or_default()).collect()
}

/// The first text of every rank.
fn rank_texts<'a>(column: &'a TableColumn, rank_by_text: &[u32]) -> Vec<&'a str> {
    let mut texts = vec![""; column.n_values()];
    for (code, rank) in (0..rank_by_text.len() as u32).zip(rank_by_text).rev() {
        if let Some(place) = texts.get_mut(*rank as usize) {
            *place = column.text(code);
        }
    }
    texts
}
