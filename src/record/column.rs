//! The cells of one column.

use super::Texts;

/// The cells of one column in the narrowest form; a missing cell is marked, never guessed.
pub(crate) struct Column {
    pub(crate) cells: Cells,
    pub(crate) missing: Missing,
}

/// The values; what stands at a missing row has no meaning.
pub(crate) enum Cells {
    Text(Texts),
    Category {
        codes: Codes,
        levels: Vec<Box<str>>,
    },
    Integer(Vec<i64>),
    Decimal(Vec<f64>),
    /// Minor units.
    Money {
        minor: Vec<i64>,
        digits: u32,
    },
    /// Days since 1970-01-01.
    Date(Vec<i32>),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Timestamp(Vec<i64>),
    Boolean(Vec<bool>),
}

/// Dictionary codes of 1, 2 or 4 bytes, widened only when the labels run out.
pub(crate) enum Codes {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

/// Which rows are missing; no memory while none is.
#[derive(Default)]
pub(crate) struct Missing {
    words: Vec<u64>,
}

impl Missing {
    pub(crate) fn mark(&mut self, row: usize) {
        if self.words.len() <= row / 64 {
            self.words.resize(row / 64 + 1, 0);
        }
        if let Some(word) = self.words.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(crate) fn is(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }
}

impl Codes {
    pub(crate) fn push(&mut self, code: u32) {
        match self {
            Self::U8(codes) => match u8::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => {
                    *self = Self::U16(codes.iter().map(|code| u16::from(*code)).collect());
                    self.push(code);
                }
            },
            Self::U16(codes) => match u16::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => {
                    *self = Self::U32(codes.iter().map(|code| u32::from(*code)).collect());
                    self.push(code);
                }
            },
            Self::U32(codes) => codes.push(code),
        }
    }

    fn shrink_to_fit(&mut self) {
        match self {
            Self::U8(codes) => codes.shrink_to_fit(),
            Self::U16(codes) => codes.shrink_to_fit(),
            Self::U32(codes) => codes.shrink_to_fit(),
        }
    }

    const fn allocated_bytes(&self) -> usize {
        match self {
            Self::U8(codes) => codes.capacity(),
            Self::U16(codes) => codes.capacity() * 2,
            Self::U32(codes) => codes.capacity() * 4,
        }
    }
}

impl Column {
    /// Gives back what growth reserved beyond the cells.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.missing.words.shrink_to_fit();
        match &mut self.cells {
            Cells::Text(texts) => texts.shrink_to_fit(),
            Cells::Category { codes, levels } => {
                codes.shrink_to_fit();
                levels.shrink_to_fit();
            }
            Cells::Integer(values) | Cells::Money { minor: values, .. } | Cells::Timestamp(values) => {
                values.shrink_to_fit();
            }
            Cells::Decimal(values) => values.shrink_to_fit(),
            Cells::Date(values) => values.shrink_to_fit(),
            Cells::Boolean(values) => values.shrink_to_fit(),
        }
    }

    pub(crate) fn allocated_bytes(&self) -> usize {
        let cells = match &self.cells {
            Cells::Text(texts) => texts.allocated_bytes(),
            Cells::Category { codes, levels } => {
                let texts: usize = levels.iter().map(|level| level.len()).sum();
                codes.allocated_bytes() + levels.capacity() * size_of::<Box<str>>() + texts
            }
            Cells::Integer(values) | Cells::Money { minor: values, .. } | Cells::Timestamp(values) => {
                values.capacity() * 8
            }
            Cells::Decimal(values) => values.capacity() * 8,
            Cells::Date(values) => values.capacity() * 4,
            Cells::Boolean(values) => values.capacity(),
        };
        cells + self.missing.words.capacity() * 8
    }

    /// The cell as a number: counts and decimals as they are, money in major units, booleans as 0 and 1.
    pub(crate) fn number(&self, row: usize) -> Option<f64> {
        if self.missing.is(row) {
            return None;
        }
        match &self.cells {
            Cells::Integer(values) => values.get(row).map(|value| *value as f64),
            Cells::Decimal(values) => values.get(row).copied(),
            Cells::Money { minor, digits } => minor.get(row).map(|value| *value as f64 / 10f64.powi(*digits as i32)),
            Cells::Boolean(values) => values.get(row).map(|value| f64::from(u8::from(*value))),
            Cells::Text(_) | Cells::Category { .. } | Cells::Date(_) | Cells::Timestamp(_) => None,
        }
    }
}
