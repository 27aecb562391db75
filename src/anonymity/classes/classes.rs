//! Which row is in which class.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::element::{Element, NarrowRow, WideRow};
use super::key_space::KeySpace;
use super::partition::{Parts, Split};
use super::{ClassSizes, direct, radix_sort};
use crate::anonymity::{AnonymityError, Codes};

/// The class of every row, classes numbered in the order of their first rows.
///
/// # Privacy
/// Tells which rows are alike: `Debug` shows numbers only.
///
/// # Examples
/// ```
/// use consentric::anonymity::{Classes, Codes};
/// let classes = Classes::of(&[Codes::narrowest(&[7, 2, 7]), Codes::narrowest(&[0, 0, 0])])?;
/// assert_eq!((classes.ids(), classes.first_rows(), classes.sizes()), (&[0, 1, 0][..], &[0, 1][..], &[2, 1][..]));
/// # Ok::<(), consentric::anonymity::AnonymityError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Classes {
    ids: Vec<u32>,
    first_rows: Vec<u32>,
    sizes: Vec<u32>,
}

impl Classes {
    /// Puts rows with equal codes in one class.
    ///
    /// # Errors
    /// As [`ClassSizes::of`].
    ///
    /// # Complexity
    /// `O(rows · columns)`; at most 16 bytes a row beside the columns, 4 more for keys of more than 64 bits.
    pub fn of(columns: &[Codes]) -> Result<Self, AnonymityError> {
        Self::of_columns(&columns.iter().collect::<Vec<_>>())
    }

    pub(in crate::anonymity) fn of_columns(columns: &[&Codes]) -> Result<Self, AnonymityError> {
        Ok(Self::of_space(&KeySpace::new(columns)?))
    }

    /// Gives the class of every row.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Gives the first row of every class.
    pub fn first_rows(&self) -> &[u32] {
        &self.first_rows
    }

    /// Gives the number of rows of every class.
    pub fn sizes(&self) -> &[u32] {
        &self.sizes
    }

    /// Gives the number of classes.
    pub const fn n_classes(&self) -> usize {
        self.first_rows.len()
    }

    /// Gives how many classes have how many rows.
    pub fn class_sizes(&self) -> ClassSizes {
        ClassSizes::from_sizes(self.sizes.iter().copied().map(u64::from))
    }

    pub(super) fn of_space(space: &KeySpace<'_>) -> Self {
        if let Some((ids, first_rows)) = direct::ids(space) {
            let mut sizes = vec![0u32; first_rows.len()];
            for id in &ids {
                if let Some(size) = sizes.get_mut(*id as usize) {
                    *size += 1;
                }
            }
            return Self { ids, first_rows, sizes };
        }
        let (split, n_parts) = Split::for_sorting(space);
        let first_row_of = if split.rest_bits() <= 32 {
            first_row_of(space.n_rows(), Parts::<NarrowRow>::new(space, split, n_parts), split.rest_bits())
        } else {
            first_row_of(space.n_rows(), Parts::<WideRow>::new(space, split, n_parts), split.rest_bits())
        };
        Self::numbered(first_row_of)
    }

    /// Numbers classes by first row, given the first row of the class of every row.
    fn numbered(mut ids: Vec<u32>) -> Self {
        let (mut first_rows, mut sizes) = (Vec::new(), Vec::new());
        for row in 0..ids.len() {
            let first = ids.get(row).copied().unwrap_or_default();
            let id = if first as usize == row {
                first_rows.push(first);
                sizes.push(0);
                first_rows.len() as u32 - 1
            } else {
                // The first row comes before this one and has its number already.
                ids.get(first as usize).copied().unwrap_or_default()
            };
            if let Some(place) = ids.get_mut(row) {
                *place = id;
            }
            if let Some(size) = sizes.get_mut(id as usize) {
                *size += 1;
            }
        }
        Self { ids, first_rows, sizes }
    }
}

impl std::fmt::Debug for Classes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Classes({} rows, {} classes)", self.ids.len(), self.n_classes())
    }
}

fn first_row_of<E: Element>(n_rows: usize, parts: Parts<E>, rest_bits: u32) -> Vec<u32> {
    // Every row is in one part, so that each place is written once.
    let mut firsts = Vec::with_capacity(n_rows);
    firsts.resize_with(n_rows, || AtomicU32::new(0));
    (0..parts.n_parts()).into_par_iter().for_each_init(
        || (Vec::new(), Vec::new()),
        |(elements, other), part| {
            elements.clear();
            parts.runs(part).for_each(|run| elements.extend_from_slice(run));
            radix_sort::sort(elements, other, rest_bits);
            for class in elements.chunk_by(|one, other| one.rest() == other.rest()) {
                let first = class.first().map_or(0, |element| element.row());
                for place in class.iter().filter_map(|element| firsts.get(element.row() as usize)) {
                    place.store(first, Ordering::Relaxed);
                }
            }
        },
    );
    drop(parts);
    firsts.into_iter().map(AtomicU32::into_inner).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Codes with a fixed pattern and an upper end.
    fn codes(n: u64, highest: u64, seed: u64) -> Codes {
        let mix =
            |row: u64| (row ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(row | 1) >> 20;
        Codes::narrowest(&(0..n).map(|row| (mix(row) % (highest + 1)) as u32).collect::<Vec<_>>())
    }

    fn compare(columns: &[Codes]) {
        let classes = Classes::of(columns).unwrap();
        let mut ids = BTreeMap::new();
        let mut sizes = Vec::new();
        for row in 0..columns[0].len() {
            let key: Vec<_> = columns.iter().map(|column| column.at(row)).collect();
            let id = *ids.entry(key).or_insert_with(|| {
                assert_eq!(classes.first_rows()[sizes.len()] as usize, row);
                sizes.push(0u32);
                sizes.len() as u32 - 1
            });
            sizes[id as usize] += 1;
            assert_eq!(classes.ids()[row], id, "row {row}");
        }
        assert_eq!(classes.sizes(), sizes);
        assert_eq!(ClassSizes::of(columns).unwrap(), classes.class_sizes());
    }

    #[test]
    fn every_way_to_count_finds_the_same_classes() {
        compare(&[codes(1, 0, 1)]);
        compare(&[codes(70_000, 40, 1), codes(70_000, 20, 2)]);
        compare(&[codes(70_000, 700, 1), codes(70_000, 400, 2)]);
        compare(&[codes(140_000, 3000, 1), codes(140_000, 4000, 2), codes(140_000, 1, 3)]);
        compare(&[codes(9_000, u64::from(u32::MAX) - 1, 1), codes(9_000, 3, 2)]);
        compare(&[codes(9_000, 70_000, 1), codes(9_000, 70_000, 1), codes(9_000, 70_000, 1)]);
        let wide = codes(5_000, u64::from(u32::MAX), 9);
        compare(&[wide.clone(), codes(5_000, 3, 2), wide.clone(), codes(5_000, 5, 4), wide]);
    }

    #[test]
    fn rows_that_are_all_alike_or_all_different_are_counted() {
        compare(&[Codes::U32(vec![u32::MAX; 70_000]), Codes::U32(vec![1 << 30; 70_000])]);
        compare(&[Codes::U32((0..70_000).collect()), Codes::U32((0..70_000).rev().map(|row| row << 8).collect())]);
    }

    #[test]
    fn classes_do_not_depend_on_the_number_of_threads() {
        let columns = [codes(200_000, 3000, 5), codes(200_000, 900, 6)];
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| (Classes::of(&columns).unwrap(), ClassSizes::of(&columns).unwrap()))
        };
        assert!(on(1) == on(2) && on(2) == on(8));
    }

    #[test]
    fn debug_shows_numbers_only() {
        let classes = Classes::of(&[Codes::narrowest(&[7, 2, 7])]).unwrap();
        assert_eq!(format!("{classes:?}"), "Classes(3 rows, 2 classes)");
    }
}
