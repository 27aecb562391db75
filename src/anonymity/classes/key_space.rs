//! Packed keys: the codes of a row as one number.

use std::borrow::Cow;
use std::ops::Range;

use super::Classes;
use crate::anonymity::{AnonymityError, Codes};

/// The keys of rows: mixed-radix numbers, the first column most significant.
pub(super) struct KeySpace<'a> {
    columns: Vec<(Cow<'a, Codes>, u64)>,
    n_rows: usize,
    /// The highest key.
    last: u64,
}

/// A machine word that holds keys.
pub(super) trait Word: Copy + Default + Send {
    fn append(self, radix: u64, code: u32) -> Self;
    fn wide(self) -> u64;
}

impl<'a> KeySpace<'a> {
    /// Packs columns of equal length into 64 bits.
    ///
    /// Columns that do not fit are packed in turns: the classes of those before become one column. So keys are exact at any
    /// width, and nothing hangs on a hash.
    pub(super) fn new(columns: &[&'a Codes]) -> Result<Self, AnonymityError> {
        let n_rows = columns.first().ok_or(AnonymityError::NoQuasiIdentifier)?.len();
        if let Some((column, other)) = columns.iter().enumerate().find(|(_, column)| column.len() != n_rows) {
            return Err(AnonymityError::ColumnLength { column, found: other.len(), expected: n_rows });
        }
        if n_rows == 0 {
            return Err(AnonymityError::Empty { source_name: "columns".to_owned() });
        }
        if n_rows > u32::MAX as usize {
            return Err(AnonymityError::TooLarge { what: "rows", limit: u64::from(u32::MAX) });
        }
        let mut space = Self { columns: Vec::with_capacity(columns.len()), n_rows, last: 0 };
        for column in columns {
            let radix = u64::from(column.highest()) + 1;
            if space.last_with(radix).is_none() {
                let classes = Classes::of_space(&space);
                let ids = Codes::narrowest(classes.ids());
                let last = classes.n_classes() as u64 - 1;
                space = Self { columns: vec![(Cow::Owned(ids), last + 1)], n_rows, last };
            }
            // Classes and codes have 32 bits each, so that two columns always fit.
            space.last = space.last_with(radix).unwrap_or(u64::MAX);
            space.columns.push((Cow::Borrowed(*column), radix));
        }
        Ok(space)
    }

    pub(super) const fn n_rows(&self) -> usize {
        self.n_rows
    }

    pub(super) const fn last(&self) -> u64 {
        self.last
    }

    /// The bits of the highest key, at least one.
    pub(super) const fn bits(&self) -> u32 {
        64 - (self.last | 1).leading_zeros()
    }

    /// Writes the keys of a range of rows.
    pub(super) fn fill<W: Word>(&self, rows: Range<usize>, keys: &mut Vec<W>) {
        keys.clear();
        keys.resize(rows.len(), W::default());
        for (codes, radix) in &self.columns {
            match codes.as_ref() {
                Codes::U8(codes) => append(codes, &rows, *radix, keys),
                Codes::U16(codes) => append(codes, &rows, *radix, keys),
                Codes::U32(codes) => append(codes, &rows, *radix, keys),
            }
        }
    }

    fn last_with(&self, radix: u64) -> Option<u64> {
        self.last.checked_mul(radix)?.checked_add(radix - 1)
    }
}

impl Word for u32 {
    fn append(self, radix: u64, code: u32) -> Self {
        self.wrapping_mul(radix as u32).wrapping_add(code)
    }

    fn wide(self) -> u64 {
        u64::from(self)
    }
}

impl Word for u64 {
    fn append(self, radix: u64, code: u32) -> Self {
        self.wrapping_mul(radix).wrapping_add(u64::from(code))
    }

    fn wide(self) -> u64 {
        self
    }
}

fn append<W: Word, C: Copy + Into<u32>>(codes: &[C], rows: &Range<usize>, radix: u64, keys: &mut [W]) {
    let codes = codes.get(rows.clone()).unwrap_or_default();
    for (key, code) in keys.iter_mut().zip(codes) {
        *key = key.append(radix, (*code).into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_mixed_radix_numbers_with_the_first_column_first() {
        let (one, two) = (Codes::narrowest(&[0, 2, 1]), Codes::narrowest(&[3, 0, 1]));
        let space = KeySpace::new(&[&one, &two]).unwrap();
        let mut keys = Vec::<u32>::new();
        space.fill(0..3, &mut keys);
        assert_eq!((keys, space.last(), space.bits()), (vec![3, 8, 5], 11, 4));
    }

    #[test]
    fn columns_of_more_than_64_bits_are_packed_in_turns() {
        let wide = Codes::narrowest(&[u32::MAX, 7, u32::MAX, 7]);
        let last = Codes::narrowest(&[1, 1, 0, 1]);
        let space = KeySpace::new(&[&wide, &wide, &wide, &last]).unwrap();
        assert!(space.columns.len() < 4);
        let mut keys = Vec::<u64>::new();
        space.fill(0..4, &mut keys);
        assert_eq!(keys[1], keys[3]);
        assert_ne!(keys[0], keys[2]);
    }

    #[test]
    fn columns_of_unequal_length_are_refused() {
        let (one, two) = (Codes::narrowest(&[0, 2]), Codes::narrowest(&[3]));
        assert!(matches!(
            KeySpace::new(&[&one, &two]),
            Err(AnonymityError::ColumnLength { column: 1, found: 1, expected: 2 })
        ));
        assert!(matches!(KeySpace::new(&[]), Err(AnonymityError::NoQuasiIdentifier)));
        assert!(matches!(KeySpace::new(&[&Codes::narrowest(&[])]), Err(AnonymityError::Empty { .. })));
    }
}
