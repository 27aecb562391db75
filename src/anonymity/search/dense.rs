//! Grouping by direct addressing: one cell for every combination of labels that a node could have.

use super::chunk::{ChunkTable, mask};
use super::class_list::ClassList;

/// How a key leads to its cell: of every chunk its place, its table, and the cells between two of its numbers.
#[derive(Clone, Copy)]
pub(super) struct Digit<'t> {
    pub(super) shift: u32,
    pub(super) bits: u32,
    pub(super) table: &'t ChunkTable,
    pub(super) stride: u32,
}

/// The digits of a node, the first the least significant, and the number of cells; `None` if cells are too many to be
/// faster than a hash table.
pub(super) fn digits<'t>(
    tables: impl Iterator<Item = (u32, u32, &'t ChunkTable)>,
    n_sources: usize,
) -> Option<(Vec<Digit<'t>>, usize)> {
    let most = n_sources.saturating_mul(CELLS_PER_SOURCE).min(MAX_CELLS);
    let mut n_cells = 1_usize;
    let mut digits = Vec::new();
    for (shift, bits, table) in tables {
        digits.push(Digit { shift, bits, table, stride: n_cells as u32 });
        n_cells = n_cells.saturating_mul(table.leaders.len());
        if n_cells > most {
            return None;
        }
    }
    (!digits.is_empty()).then_some((digits, n_cells))
}

/// Counts the rows of every cell.
pub(super) fn count(source: &ClassList, digits: &[Digit<'_>], n_cells: usize, cells: &mut Vec<u32>) {
    cells.clear();
    cells.resize(n_cells, 0);
    let counted = source.keys.iter().zip(&source.n);
    match digits {
        [a] => add(cells, counted.map(|(key, n)| (a.at(*key), *n))),
        [a, b] => add(cells, counted.map(|(key, n)| (a.at(*key) + b.at(*key), *n))),
        [a, b, c] => add(cells, counted.map(|(key, n)| (a.at(*key) + b.at(*key) + c.at(*key), *n))),
        digits => add(cells, counted.map(|(key, n)| (digits.iter().map(|digit| digit.at(*key)).sum(), *n))),
    }
}

/// Takes the classes out of their cells.
pub(super) fn take(digits: &[Digit<'_>], cells: &[u32], classes: &mut ClassList) {
    classes.keys.clear();
    classes.n.clear();
    let Some((first, others)) = digits.split_first() else { return };
    let leaders = &first.table.leaders;
    for (row, counts) in cells.chunks_exact(leaders.len().max(1)).enumerate() {
        let mut rest = row;
        let mut others_key = 0;
        for digit in others {
            let n_numbers = digit.table.leaders.len().max(1);
            let leader = digit.table.leaders.get(rest % n_numbers).copied().unwrap_or(0);
            others_key |= u64::from(leader) << digit.shift;
            rest /= n_numbers;
        }
        for (n, leader) in counts.iter().zip(leaders) {
            if *n > 0 {
                classes.keys.push(others_key | (u64::from(*leader) << first.shift));
                classes.n.push(*n);
            }
        }
    }
}

/// Numbers classes in the order of their first source, and notes the class of every source.
#[expect(clippy::indexing_slicing, reason = "places are below the product of numbers, which is the number of cells")]
pub(super) fn number(
    source: &ClassList,
    digits: &[Digit<'_>],
    n_cells: usize,
    cells: &mut Vec<u32>,
    classes: &mut ClassList,
    class_of: &mut [u32],
) {
    cells.clear();
    cells.resize(n_cells, 0);
    classes.keys.clear();
    classes.n.clear();
    for ((key, n), class_of) in source.keys.iter().zip(&source.n).zip(class_of) {
        let cell = &mut cells[digits.iter().map(|digit| digit.at(*key)).sum::<u32>() as usize];
        if *cell == 0 {
            classes.keys.push(digits.iter().map(|digit| digit.leader(*key)).sum());
            classes.n.push(0);
            // One more than the class.
            *cell = classes.n.len() as u32;
        }
        *class_of = *cell - 1;
        classes.n[*class_of as usize] += n;
    }
}

#[expect(clippy::indexing_slicing, reason = "places are below the product of numbers, which is the number of cells")]
fn add(cells: &mut [u32], counted: impl Iterator<Item = (u32, u32)>) {
    for (cell, n) in counted {
        cells[cell as usize] += n;
    }
}

impl Digit<'_> {
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "tables have a power of two of codes, masked to its bits")]
    fn at(&self, key: u64) -> u32 {
        self.table.numbers[((key >> self.shift) & mask(self.bits)) as usize] * self.stride
    }

    #[expect(clippy::indexing_slicing, reason = "tables have a power of two of codes, masked to its bits")]
    fn leader(&self, key: u64) -> u64 {
        u64::from(self.table.codes[((key >> self.shift) & mask(self.bits)) as usize]) << self.shift
    }
}

/// Cells for every source up to which direct addressing is faster than a hash table.
const CELLS_PER_SOURCE: usize = 4;
/// Cells of 16 MiB.
const MAX_CELLS: usize = 1 << 22;
