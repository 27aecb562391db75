//! The rows of a table as keys, equal rows once.

use super::chunk::{Chunk, bits_of};
use super::class_list::{ClassList, Spread};
use super::group::Grouper;
use crate::anonymity::loss::QuasiColumn;
use crate::anonymity::prepared::Prepared;
use crate::anonymity::{AnonymityError, Codes, Hierarchy};

/// The different rows of a table.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) chunks: Vec<Chunk>,
    pub(super) tuples: ClassList,
    /// Of every row, its tuple.
    pub(super) tuple_of_row: Vec<u32>,
}

/// The columns of the search: values that occur, and the code of every row.
pub(super) fn quasi_columns(prepared: &Prepared<'_>) -> Result<(Vec<QuasiColumn>, Vec<Vec<u32>>), AnonymityError> {
    let mut columns = Vec::with_capacity(prepared.quasi.len());
    let mut to_codes = Vec::with_capacity(prepared.quasi.len());
    let is_in = prepared.plan.subset.as_ref().map(|subset| move |row: usize| subset.contains(row));
    for quasi in &prepared.quasi {
        let name = || AnonymityError::NoHierarchy { column: quasi.column.name().to_owned() };
        let hierarchy: &Hierarchy = quasi.hierarchy.ok_or_else(name)?;
        let mut counts = vec![0_u64; hierarchy.n_values()];
        let mut occurs = vec![false; hierarchy.n_values()];
        count(&quasi.codes, &mut counts, &mut occurs, is_in.as_ref());
        let mut to_code = vec![0_u32; hierarchy.n_values()];
        let mut values = Vec::new();
        let mut kept = Vec::new();
        for (value, (n, occurs)) in (0_u32..).zip(counts.iter().zip(&occurs)) {
            if *occurs {
                if let Some(code) = to_code.get_mut(value as usize) {
                    *code = values.len() as u32;
                }
                values.push(value);
                kept.push(*n);
            }
        }
        columns.push(QuasiColumn::new(hierarchy, values, &kept));
        to_codes.push(to_code);
    }
    Ok((columns, to_codes))
}

#[expect(clippy::indexing_slicing, reason = "codes are values of the hierarchy, whose number sizes both slices")]
fn count(codes: &Codes, counts: &mut [u64], occurs: &mut [bool], is_in: Option<&impl Fn(usize) -> bool>) {
    let mut row = 0;
    codes.for_each(|value| {
        occurs[value as usize] = true;
        counts[value as usize] += u64::from(is_in.is_none_or(|is_in| is_in(row)));
        row += 1;
    });
}

impl Packed {
    pub(super) fn new(
        prepared: &Prepared<'_>,
        columns: &[QuasiColumn],
        to_codes: &[Vec<u32>],
        needs_first_rows: bool,
    ) -> Result<Self, AnonymityError> {
        let n_rows = prepared.table.n_rows();
        if u32::try_from(n_rows).is_err() {
            return Err(AnonymityError::TooLarge { what: "rows of one table", limit: u64::from(u32::MAX) });
        }
        let mut keys = vec![0_u64; n_rows];
        let n_bits: u32 = columns.iter().map(bits_of).sum();
        let chunks = if n_bits <= u64::BITS {
            let chunks = side_by_side(columns);
            for (place, quasi) in prepared.quasi.iter().enumerate() {
                let position = chunks.iter().find_map(|chunk| chunk.position(place));
                let (Some((shift, _)), Some(to_code)) = (position, to_codes.get(place)) else { continue };
                place_codes(&quasi.codes, to_code, shift, &mut keys);
            }
            chunks
        } else {
            numbered(prepared, columns, to_codes, &mut keys)
        };
        let (tuples, tuple_of_row) = deduplicate(prepared, &keys, needs_first_rows);
        Ok(Self { chunks, tuples, tuple_of_row })
    }
}

#[expect(clippy::indexing_slicing, reason = "codes are values of the hierarchy, whose number is the table's length")]
fn place_codes(codes: &Codes, to_code: &[u32], shift: u32, keys: &mut [u64]) {
    let mut keys = keys.iter_mut();
    codes.for_each(|value| {
        if let Some(key) = keys.next() {
            *key |= u64::from(to_code[value as usize]) << shift;
        }
    });
}

/// Columns in chunks, the widest first, each where it still fits.
fn side_by_side(columns: &[QuasiColumn]) -> Vec<Chunk> {
    let mut order: Vec<usize> = (0..columns.len()).collect();
    let width = |place: &usize| columns.get(*place).map_or(0, bits_of);
    let n_levels = |place: &usize| columns.get(*place).map_or(1, |column| column.levels.len());
    order.sort_by_key(|place| std::cmp::Reverse(width(place)));
    let mut members: Vec<(u32, usize, Vec<usize>)> = Vec::new();
    for place in order {
        let (bits, levels) = (width(&place), n_levels(&place));
        let fits = |(taken, tables, _): &&mut (u32, usize, Vec<usize>)| {
            taken.saturating_add(bits) <= CHUNK_BITS
                && (tables.saturating_mul(levels)) << (*taken + bits) <= MAX_TABLE_CODES
        };
        match members.iter_mut().find(fits) {
            Some((taken, tables, chunk)) => {
                *taken += bits;
                *tables *= levels;
                chunk.push(place);
            }
            None => members.push((bits, levels, vec![place])),
        }
    }
    let mut shift = 0;
    let chunks = members.iter().map(|(bits, _, members)| {
        let chunk = Chunk::of_columns(columns, members, shift.min(63));
        shift += bits;
        chunk
    });
    chunks.collect()
}

/// Halves of the columns as numbered combinations: two numbers of 32 bits always fit.
fn numbered(prepared: &Prepared<'_>, columns: &[QuasiColumn], to_codes: &[Vec<u32>], keys: &mut [u64]) -> Vec<Chunk> {
    let half = columns.len().div_ceil(2);
    let mut chunks = Vec::with_capacity(2);
    let mut shift = 0;
    let places: Vec<usize> = (0..columns.len()).collect();
    for members in places.chunks(half) {
        let mut numbers = std::collections::BTreeMap::new();
        let mut combinations: Vec<u32> = Vec::new();
        for (row, key) in keys.iter_mut().enumerate() {
            let code = |place: &usize| {
                let value = prepared.quasi.get(*place).and_then(|quasi| quasi.codes.at(row)).unwrap_or(0);
                to_codes.get(*place).and_then(|codes| codes.get(value as usize)).copied().unwrap_or(0)
            };
            let combination: Vec<u32> = members.iter().map(code).collect();
            let next = numbers.len() as u64;
            let number = *numbers.entry(combination).or_insert_with_key(|combination| {
                combinations.extend(combination);
                next
            });
            *key |= number << shift;
        }
        let chunk = Chunk::of_combinations(columns, members, shift, combinations);
        shift += chunk.bits();
        chunks.push(chunk);
    }
    chunks
}

/// Equal rows once, with their counts; and the tuple of every row.
fn deduplicate(prepared: &Prepared<'_>, keys: &[u64], needs_first_rows: bool) -> (ClassList, Vec<u32>) {
    let subset = prepared.plan.subset.as_ref();
    let (keys_of_tuples, tuple_of_row) = Grouper::default().number(keys);
    let n_tuples = keys_of_tuples.len();
    let mut tuples = ClassList { keys: keys_of_tuples, n: vec![0; n_tuples], ..ClassList::default() };
    let is_in = |row: usize| subset.is_none_or(|subset| subset.contains(row));
    if subset.is_some() {
        tuples.n_population = vec![0; n_tuples];
    }
    if needs_first_rows {
        tuples.first_rows = vec![u32::MAX; n_tuples];
    }
    for (row, tuple) in tuple_of_row.iter().enumerate() {
        let tuple = *tuple as usize;
        if let Some(n) = tuples.n_population.get_mut(tuple) {
            *n += 1;
        }
        if is_in(row) {
            if let Some(n) = tuples.n.get_mut(tuple) {
                *n += 1;
            }
            if let Some(first) = tuples.first_rows.get_mut(tuple) {
                *first = (*first).min(row as u32);
            }
        }
    }
    for sensitive in &prepared.sensitive {
        let mut pairs = Vec::with_capacity(tuple_of_row.len());
        let mut row = 0;
        sensitive.codes.for_each(|value| {
            if is_in(row) {
                pairs.push((tuple_of_row.get(row).copied().unwrap_or(0), value, 1));
            }
            row += 1;
        });
        tuples.spreads.push(runs(n_tuples, sensitive.totals.len(), pairs));
    }
    (tuples, tuple_of_row)
}

/// Runs of values from pairs of class and value with a count each, in any order.
pub(super) fn runs(n_classes: usize, n_values: usize, mut triples: Vec<(u32, u32, u32)>) -> Spread {
    triples.sort_unstable_by_key(|(class, value, _)| (u64::from(*class) << 32) | u64::from(*value));
    let mut ends = vec![0; n_classes];
    let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(triples.len());
    let mut last = None;
    for (class, value, count) in triples {
        if last == Some((class, value)) {
            if let Some((_, n)) = pairs.last_mut() {
                *n += count;
            }
        } else {
            pairs.push((value, count));
            last = Some((class, value));
        }
        if let Some(end) = ends.get_mut(class as usize) {
            *end = pairs.len();
        }
    }
    let mut before = 0;
    for end in &mut ends {
        *end = (*end).max(before);
        before = *end;
    }
    Spread::Sparse { n_values, ends, pairs }
}

/// The codes of a key that a table looks up at once.
const CHUNK_BITS: u32 = 12;
/// Codes that all tables of one chunk may hold together: 4 MiB.
const MAX_TABLE_CODES: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_join_equal_values_and_leave_empty_classes_empty() {
        let spread = runs(4, 100, vec![(2, 7, 1), (0, 3, 2), (2, 7, 4), (2, 1, 1)]);
        assert_eq!(spread.run(0), [(3, 2)]);
        assert_eq!(spread.run(1), []);
        assert_eq!(spread.run(2), [(1, 1), (7, 5)]);
        assert_eq!(spread.run(3), []);
    }
}
