//! How large classes are.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::direct;
use super::element::{Element, Narrow, Wide};
use super::key_space::KeySpace;
use super::partition::{Parts, Split};
use super::radix_sort;
use crate::anonymity::{AnonymityError, Codes, Table};

/// The sizes of all classes of a table: how many classes have how many rows.
///
/// # Examples
/// ```
/// use consentric::anonymity::{ClassSizes, Codes};
/// let (city, age) = (Codes::narrowest(&[0, 0, 1, 1, 0]), Codes::narrowest(&[3, 3, 3, 3, 2]));
/// let sizes = ClassSizes::of(&[city, age])?;
/// assert_eq!((sizes.n_classes(), sizes.min(), sizes.max()), (3, 1, 2));
/// assert_eq!(sizes.histogram(), [(1, 1), (2, 2)]);
/// # Ok::<(), consentric::anonymity::AnonymityError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassSizes {
    histogram: Vec<(u64, u64)>,
    n_rows: u64,
    n_classes: u64,
}

impl ClassSizes {
    /// Counts the rows of every combination of codes.
    ///
    /// # Errors
    /// [`AnonymityError::NoQuasiIdentifier`] without a column, [`AnonymityError::Empty`] without a row,
    /// [`AnonymityError::ColumnLength`] if columns are not equally long, [`AnonymityError::TooLarge`] beyond 2³² rows.
    ///
    /// # Complexity
    /// `O(rows · columns)`; at most 16 bytes a row beside the columns, 4 for keys of up to 42 bits.
    pub fn of(columns: &[Codes]) -> Result<Self, AnonymityError> {
        Ok(Self::of_space(&KeySpace::new(&columns.iter().collect::<Vec<_>>())?))
    }

    /// Counts the rows of every combination of values of some columns of a table, whatever their roles.
    ///
    /// # Errors
    /// [`AnonymityError::UnknownColumn`] for a column the table lacks; otherwise as [`of`](ClassSizes::of).
    pub fn of_table(table: &Table, columns: &[&str]) -> Result<Self, AnonymityError> {
        let columns = columns.iter().map(|name| Ok(table.column(name)?.value_codes()));
        Self::of(&columns.collect::<Result<Vec<_>, AnonymityError>>()?)
    }

    /// Takes the number of rows of every class; those of 0 are none.
    pub fn from_sizes(sizes: impl IntoIterator<Item = u64>) -> Self {
        let mut tally = Tally::default();
        sizes.into_iter().for_each(|size| tally.add(size));
        tally.finish()
    }

    /// Gives the rows in all classes.
    pub const fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Gives the number of classes.
    pub const fn n_classes(&self) -> u64 {
        self.n_classes
    }

    /// Gives the size of the smallest class, 0 without one: the k of the table.
    pub fn min(&self) -> u64 {
        self.histogram.first().map_or(0, |(size, _)| *size)
    }

    /// Gives the size of the largest class, 0 without one.
    pub fn max(&self) -> u64 {
        self.histogram.last().map_or(0, |(size, _)| *size)
    }

    /// Gives rows over classes, 0 without a class.
    pub fn mean(&self) -> f64 {
        if self.n_classes == 0 { 0.0 } else { self.n_rows as f64 / self.n_classes as f64 }
    }

    /// Gives the size in the middle, the mean of two for an even number, 0 without a class.
    pub fn median(&self) -> f64 {
        if self.n_classes == 0 {
            return 0.0;
        }
        let (low, high) = (self.size_at((self.n_classes - 1) / 2), self.size_at(self.n_classes / 2));
        (u128::from(low) + u128::from(high)) as f64 / 2.0
    }

    /// Gives every size with the number of classes that have it, sizes rising.
    pub fn histogram(&self) -> &[(u64, u64)] {
        &self.histogram
    }

    /// Gives the number of classes of fewer than `k` rows, and the rows in them.
    pub fn below(&self, k: u64) -> (u64, u64) {
        let small = self.histogram.iter().take_while(|(size, _)| *size < k);
        small.fold((0, 0), |(classes, rows), (size, n)| (classes + n, rows + size * n))
    }

    /// Gives classes over rows: the share of rows that columns tell apart, the distinction of Motwani and Xu. 0 without a row.
    pub fn distinction(&self) -> f64 {
        if self.n_rows == 0 { 0.0 } else { self.n_classes as f64 / self.n_rows as f64 }
    }

    /// Gives the share of pairs of rows that differ, the separation of Motwani and Xu. 0 for fewer than two rows.
    ///
    /// # References
    /// Motwani, Xu: *Efficient Algorithms for Masking and Finding Quasi-Identifiers*, VLDB workshop 2007.
    pub fn separation(&self) -> f64 {
        let pairs = |n: u64| u128::from(n) * u128::from(n.saturating_sub(1));
        let equal: u128 = self.histogram.iter().map(|(size, n)| pairs(*size) * u128::from(*n)).sum();
        let all = pairs(self.n_rows);
        if all == 0 { 0.0 } else { (all - equal) as f64 / all as f64 }
    }

    pub(super) fn of_space(space: &KeySpace<'_>) -> Self {
        if let Some(counts) = direct::counts(space) {
            return Self::from_sizes(counts.into_iter().map(u64::from));
        }
        let parts = match Split::for_counters(space) {
            Some((split, n_parts)) => by_counters(&Parts::<Narrow>::new(space, split, n_parts), split.rest_bits()),
            None => {
                let (split, n_parts) = Split::for_sorting(space);
                if split.rest_bits() <= 32 {
                    by_sorting(&Parts::<Narrow>::new(space, split, n_parts), split.rest_bits())
                } else {
                    by_sorting(&Parts::<Wide>::new(space, split, n_parts), split.rest_bits())
                }
            }
        };
        parts.finish()
    }

    /// The size of the class at a place, classes in the order of their sizes.
    fn size_at(&self, place: u64) -> u64 {
        let mut before = 0;
        let found = self.histogram.iter().find(|(_, n)| {
            before += n;
            place < before
        });
        found.map_or(0, |(size, _)| *size)
    }
}

/// Counts classes by size.
#[derive(Default)]
struct Tally {
    /// Classes of every small size.
    small: Vec<u64>,
    large: BTreeMap<u64, u64>,
}

impl Tally {
    fn add(&mut self, size: u64) {
        if self.small.is_empty() {
            self.small = vec![0; SMALL];
        }
        match self.small.get_mut(size as usize) {
            Some(n) => *n += 1,
            None => *self.large.entry(size).or_default() += 1,
        }
    }

    fn merge(mut self, other: Self) -> Self {
        if self.small.is_empty() {
            self.small = other.small;
        } else {
            self.small.iter_mut().zip(other.small).for_each(|(n, more)| *n += more);
        }
        other.large.into_iter().for_each(|(size, n)| *self.large.entry(size).or_default() += n);
        self
    }

    fn finish(self) -> ClassSizes {
        let small = (0u64..).zip(self.small).skip(1).filter(|(_, n)| *n > 0);
        let histogram: Vec<(u64, u64)> = small.chain(self.large).collect();
        let n_rows = histogram.iter().map(|(size, n)| size * n).sum();
        let n_classes = histogram.iter().map(|(_, n)| n).sum();
        ClassSizes { histogram, n_rows, n_classes }
    }
}

fn by_counters(parts: &Parts<Narrow>, rest_bits: u32) -> Tally {
    let counted = (0..parts.n_parts()).into_par_iter().fold(
        || (Tally::default(), Vec::new()),
        |(mut tally, mut counts), part| {
            counts.clear();
            counts.resize(1 << rest_bits, 0u32);
            parts.runs(part).for_each(|run| count(run, &mut counts));
            counts.iter().for_each(|n| tally.add(u64::from(*n)));
            (tally, counts)
        },
    );
    counted.map(|(tally, _)| tally).reduce(Tally::default, Tally::merge)
}

#[expect(clippy::indexing_slicing, reason = "the rest of a key is below the number of counters")]
fn count(run: &[Narrow], counts: &mut [u32]) {
    for element in run {
        counts[element.rest() as usize] += 1;
    }
}

fn by_sorting<E: Element>(parts: &Parts<E>, rest_bits: u32) -> Tally {
    let counted = (0..parts.n_parts()).into_par_iter().fold(
        || (Tally::default(), Vec::new(), Vec::new()),
        |(mut tally, mut elements, mut other), part| {
            elements.clear();
            parts.runs(part).for_each(|run| elements.extend_from_slice(run));
            radix_sort::sort(&mut elements, &mut other, rest_bits);
            for class in elements.chunk_by(|one, other| one.rest() == other.rest()) {
                tally.add(class.len() as u64);
            }
            (tally, elements, other)
        },
    );
    counted.map(|(tally, _, _)| tally).reduce(Tally::default, Tally::merge)
}

/// Sizes with a counter of their own.
const SMALL: usize = 1 << 10;
