//! Released rows as points: numbers, and their z-scores.

use super::super::prepared::{Prepared, PreparedQuasi};
use super::super::{AnonymityError, ColumnType};

/// Released rows as points of standardised numbers, in the order of rows.
#[derive(Debug)]
pub(super) struct Points {
    /// Of every point, its row in the table.
    pub(super) rows: Vec<u32>,
    /// Of every column, the number of every point.
    pub(super) numbers: Vec<Vec<f64>>,
    pub(super) scores: Scores,
}

/// The z-scores of points.
#[derive(Debug)]
pub(super) struct Scores {
    /// Point after point, its columns.
    scores: Vec<f64>,
    n_columns: usize,
    n: usize,
}

impl Points {
    /// # Errors
    /// [`AnonymityError::Unsupported`] for a categorical column, [`AnonymityError::Cell`] for a released row without a
    /// number.
    pub(super) fn new(prepared: &Prepared<'_>) -> Result<Self, AnonymityError> {
        let rows: Vec<u32> = (0..prepared.table.n_rows() as u32).filter(|row| prepared.is_in(*row as usize)).collect();
        let numbers: Vec<Vec<f64>> =
            prepared.quasi.iter().map(|quasi| numbers(prepared, quasi, &rows)).collect::<Result<_, _>>()?;
        let n_columns = numbers.len();
        let mut scores = vec![0.0; rows.len() * n_columns];
        for (place, numbers) in numbers.iter().enumerate() {
            let scale = Scale::of(numbers);
            for (score, number) in scores.iter_mut().skip(place).step_by(n_columns).zip(numbers) {
                *score = scale.score(*number);
            }
        }
        let scores = Scores { scores, n_columns, n: rows.len() };
        Ok(Self { rows, numbers, scores })
    }
}

impl Scores {
    /// The scores of some points, in their order.
    pub(super) fn of(&self, members: &[u32]) -> Self {
        let scores = members.iter().flat_map(|point| self.at(*point)).copied().collect();
        Self { scores, n_columns: self.n_columns, n: members.len() }
    }

    pub(super) const fn len(&self) -> usize {
        self.n
    }

    pub(super) const fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// The z-scores of a point.
    pub(super) fn at(&self, point: u32) -> &[f64] {
        let start = point as usize * self.n_columns;
        self.scores.get(start..start + self.n_columns).unwrap_or_default()
    }
}

/// Where the numbers of a column lie and how far they spread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    mean: f64,
    deviation: f64,
    /// What numbers are divided by before anything is squared: 1 unless they are too large.
    unit: f64,
}

impl Scale {
    /// Takes the sample deviation, over one row less than there are; 0 for a constant column.
    pub(super) fn of(numbers: &[f64]) -> Self {
        let (mean, deviation) = moments(numbers.iter().copied());
        if mean.is_finite() && deviation.is_finite() {
            return Self { mean, deviation, unit: 1.0 };
        }
        let unit = numbers.iter().fold(0.0, |most: f64, number| most.max(number.abs()));
        let (mean, deviation) = moments(numbers.iter().map(|number| number / unit));
        Self { mean, deviation, unit }
    }

    /// The z-score of a number.
    pub(super) fn score(&self, number: f64) -> f64 {
        if self.deviation > 0.0 { (number / self.unit - self.mean) / self.deviation } else { 0.0 }
    }

    /// Whether all numbers are equal.
    pub(super) fn is_constant(&self) -> bool {
        self.deviation <= 0.0
    }
}

fn moments(numbers: impl ExactSizeIterator<Item = f64> + Clone) -> (f64, f64) {
    let n = numbers.len() as f64;
    let ends = |(least, most): (f64, f64), number: f64| (least.min(number), most.max(number));
    let (least, most) = numbers.clone().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
    if least >= most {
        // Rounding of the mean must not make a constant column vary.
        return (least, 0.0);
    }
    let mean = numbers.clone().sum::<f64>() / n;
    let squares: f64 = numbers.map(|number| (number - mean) * (number - mean)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

fn numbers(prepared: &Prepared<'_>, quasi: &PreparedQuasi<'_>, rows: &[u32]) -> Result<Vec<f64>, AnonymityError> {
    let column = quasi.column;
    if column.column_type() != ColumnType::Numeric {
        return Err(AnonymityError::Unsupported {
            what: "microaggregation of a categorical column",
            instead: "declare the column numeric if it holds numbers, or take Mondrian",
        });
    }
    let by_text: Vec<Option<f64>> =
        (0..column.n_texts() as u32).map(|code| column.number(column.value_of(code))).collect();
    let codes = column.text_codes();
    let number = |row: &u32| {
        let code = codes.at(*row as usize)?;
        by_text.get(code as usize).copied().flatten()
    };
    let missing = |row: u32| AnonymityError::Cell {
        source_name: prepared.table.name().to_owned(),
        row: u64::from(row),
        column: column.name().to_owned(),
        problem: "missing, and a mean needs a number; impute it or leave the row out",
    };
    rows.iter().map(|row| number(row).ok_or_else(|| missing(*row))).collect()
}
