//! A column while it is being read.

use super::column::{Cells, Codes, Missing};
use super::dictionary::Dictionary;
use super::{CellProblem, Column, Currency, Kind, RecordError, Texts, number};
use crate::time::{Date, Zone};

/// Takes cells as text and holds them as their kind.
pub(super) struct ColumnBuilder {
    cells: Growing,
    missing: Missing,
    n_rows: usize,
}

/// The cells of [`Cells`], and for categories the labels so far.
enum Growing {
    Text(Texts),
    Category(Codes, Dictionary),
    Integer(Vec<i64>),
    Decimal(Vec<f64>),
    Money(Vec<i64>, Currency),
    Date(Vec<i32>),
    Timestamp(Vec<i64>),
    Boolean(Vec<bool>),
}

/// Why a cell cannot be taken in.
pub(super) enum Refused {
    Cell(CellProblem),
    Column(RecordError),
}

impl ColumnBuilder {
    pub(super) fn new(kind: Kind) -> Self {
        let cells = match kind {
            Kind::Text => Growing::Text(Texts::default()),
            Kind::Category => Growing::Category(Codes::U8(Vec::new()), Dictionary::new()),
            Kind::Integer => Growing::Integer(Vec::new()),
            Kind::Decimal => Growing::Decimal(Vec::new()),
            Kind::Money(currency) => Growing::Money(Vec::new(), currency),
            Kind::Date => Growing::Date(Vec::new()),
            Kind::Timestamp => Growing::Timestamp(Vec::new()),
            Kind::Boolean => Growing::Boolean(Vec::new()),
        };
        Self { cells, missing: Missing::default(), n_rows: 0 }
    }

    /// Adds the cell of the next row; empty text is a missing cell.
    pub(super) fn push(&mut self, text: &str, zone: &Zone) -> Result<(), Refused> {
        if text.is_empty() {
            self.missing.mark(self.n_rows);
            self.fill()?;
        } else {
            self.read(text, zone)?;
        }
        self.n_rows += 1;
        Ok(())
    }

    /// The column, without spare room.
    pub(super) fn finish(self) -> Column {
        let cells = match self.cells {
            Growing::Text(texts) => Cells::Text(texts),
            Growing::Category(codes, labels) => {
                Cells::Category { codes, levels: labels.into_texts().iter().map(Box::from).collect() }
            }
            Growing::Integer(values) => Cells::Integer(values),
            Growing::Decimal(values) => Cells::Decimal(values),
            Growing::Money(minor, currency) => Cells::Money { minor, digits: currency.digits() },
            Growing::Date(days) => Cells::Date(days),
            Growing::Timestamp(micros) => Cells::Timestamp(micros),
            Growing::Boolean(values) => Cells::Boolean(values),
        };
        let mut column = Column { cells, missing: self.missing };
        column.shrink_to_fit();
        column
    }

    fn read(&mut self, text: &str, zone: &Zone) -> Result<(), Refused> {
        match &mut self.cells {
            Growing::Text(texts) => texts.push(text)?,
            Growing::Category(codes, labels) => codes.push(labels.code(text)?),
            Growing::Integer(values) => values.push(number::integer(text)?),
            Growing::Decimal(values) => values.push(number::decimal(text)?),
            Growing::Money(minor, currency) => {
                minor.push(number::scaled(text, currency.digits(), CellProblem::MinorUnit)?);
            }
            Growing::Date(days) => days.push(Date::parse(text).map_err(CellProblem::Time)?.days()),
            Growing::Timestamp(micros) => {
                micros.push(zone.instant_of_text(text).map_err(CellProblem::Time)?.as_micros());
            }
            Growing::Boolean(values) => values.push(number::boolean(text)?),
        }
        Ok(())
    }

    /// Puts something without meaning in the place of a missing cell.
    fn fill(&mut self) -> Result<(), Refused> {
        match &mut self.cells {
            Growing::Text(texts) => texts.push("")?,
            Growing::Category(codes, _) => codes.push(0),
            Growing::Integer(values) | Growing::Money(values, _) | Growing::Timestamp(values) => values.push(0),
            Growing::Decimal(values) => values.push(0.0),
            Growing::Date(days) => days.push(0),
            Growing::Boolean(values) => values.push(false),
        }
        Ok(())
    }
}

impl From<CellProblem> for Refused {
    fn from(problem: CellProblem) -> Self {
        Self::Cell(problem)
    }
}

impl From<RecordError> for Refused {
    fn from(error: RecordError) -> Self {
        Self::Column(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: Kind, cells: &[&str]) -> Column {
        let mut builder = ColumnBuilder::new(kind);
        for cell in cells {
            assert!(builder.push(cell, &Zone::utc()).is_ok(), "{cell}");
        }
        builder.finish()
    }

    #[test]
    fn every_kind_of_number_comes_back_as_written() {
        let numbers = |kind, cells: &[&str]| {
            let column = column(kind, cells);
            (0..cells.len()).map(|row| column.number(row)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(Kind::Integer, &["7", "", "-3"]), [Some(7.0), None, Some(-3.0)]);
        assert_eq!(numbers(Kind::Decimal, &["0.25", "1e2"]), [Some(0.25), Some(100.0)]);
        assert_eq!(numbers(Kind::Money(Currency::EUR), &["12.34", "-5"]), [Some(12.34), Some(-5.0)]);
        assert_eq!(numbers(Kind::Boolean, &["Yes", "0", ""]), [Some(1.0), Some(0.0), None]);
    }

    #[test]
    fn category_codes_widen_at_256_and_65536_labels() {
        for (n, width) in [(256, 1), (257, 2), (65_536, 2), (65_537, 4)] {
            let mut builder = ColumnBuilder::new(Kind::Category);
            for label in 0..n {
                assert!(builder.push(&label.to_string(), &Zone::utc()).is_ok());
            }
            let Cells::Category { codes, levels } = builder.finish().cells else { panic!() };
            assert_eq!(levels.len(), n);
            let (found, codes): (_, Vec<usize>) = match codes {
                Codes::U8(codes) => (1, codes.into_iter().map(usize::from).collect()),
                Codes::U16(codes) => (2, codes.into_iter().map(usize::from).collect()),
                Codes::U32(codes) => (4, codes.into_iter().map(|code| code as usize).collect()),
            };
            assert_eq!(found, width);
            assert!(codes.into_iter().eq(0..n));
        }
    }
}
