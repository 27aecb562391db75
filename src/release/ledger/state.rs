//! What the ledger knows, read from its records.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;

use super::built::Kind;
use super::set::{MemberSet, PairSet, Shape};
use super::wire::Reader;
use super::{CellId, Digest, LedgerError};
use crate::time::Timestamp;

/// The records of a ledger as they are compared with.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) releases: Vec<StoredRelease>,
    pub(super) sets: Vec<StoredSet>,
    pub(super) cells: Vec<StoredCell>,
    /// The frozen part of every table that was released.
    pub(super) tables: BTreeMap<Digest, Digest>,
    populations: BTreeMap<String, u32>,
    columns: BTreeMap<String, u32>,
    by_n: BTreeMap<(u32, u64), Vec<u32>>,
    windows: BTreeMap<u32, VecDeque<Window>>,
}

#[derive(Debug)]
pub(super) struct StoredRelease {
    pub(super) at: Timestamp,
    /// Place of its first cell.
    pub(super) first_cell: u32,
}

#[derive(Debug)]
pub(super) struct StoredSet {
    pub(super) kind: Kind,
    pub(super) parts: Vec<u32>,
    pub(super) members: MemberSet,
    pub(super) columns: Vec<u32>,
    pub(super) cells: Vec<u32>,
}

#[derive(Debug)]
pub(super) struct StoredCell {
    pub(super) release: u32,
    pub(super) definition: Digest,
    pub(super) set: u32,
    pub(super) column: u32,
    /// Where its figures are.
    figures: u64,
    /// Where its pairs are and how many bytes they take; 0 for none.
    pairs: (u64, u32),
}

/// The exact sets of one release.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    /// Elements, ascending, with the pattern of each.
    pub(super) elements: Vec<(u64, u32)>,
    /// The sets of each pattern.
    pub(super) patterns: Vec<Vec<u32>>,
}

impl State {
    pub(super) fn population(&self, name: &str) -> Option<u32> {
        self.populations.get(name).copied()
    }

    pub(super) fn column(&self, name: &str) -> Option<u32> {
        self.columns.get(name).copied()
    }

    /// The sets of a population whose size lies in a range, by size and age.
    pub(super) fn near(&self, population: u32, n: RangeInclusive<u64>) -> impl Iterator<Item = u32> + '_ {
        self.by_n.range((population, *n.start())..=(population, *n.end())).flat_map(|(_, sets)| sets.iter().copied())
    }

    /// The exact sets of the last releases of a population, oldest first.
    pub(super) fn windows(&self, population: u32) -> impl Iterator<Item = &Window> {
        self.windows.get(&population).into_iter().flatten()
    }

    /// The exact members of a set that the window still holds.
    pub(super) fn exact(&self, population: u32, set: u32) -> Option<Vec<u64>> {
        self.windows.get(&population)?.iter().rev().find_map(|window| {
            let has: Vec<bool> = window.patterns.iter().map(|sets| sets.contains(&set)).collect();
            if !has.contains(&true) {
                return None;
            }
            let inside = |pattern: u32| has.get(pattern as usize).copied().unwrap_or(false);
            Some(window.elements.iter().filter(|(_, pattern)| inside(*pattern)).map(|(element, _)| *element).collect())
        })
    }

    pub(super) fn cell_id(&self, cell: u32) -> Option<CellId> {
        let release = self.cells.get(cell as usize)?.release;
        let first = self.releases.get(release as usize)?.first_cell;
        Some(CellId { release, cell: cell.checked_sub(first)? })
    }

    pub(super) fn cell_place(&self, id: CellId) -> Option<u32> {
        let place = self.releases.get(id.release as usize)?.first_cell.checked_add(id.cell)?;
        self.cells.get(place as usize).filter(|cell| cell.release == id.release).map(|_| place)
    }

    /// Takes in a record whose payload begins at `base`; `None` if it is no record.
    pub(super) fn absorb(&mut self, payload: &[u8], base: u64, shape: Shape) -> Option<()> {
        let mut reader = Reader::new(payload);
        let release = self.releases.len() as u32;
        let (first_set, first_cell) = (self.sets.len() as u32, self.cells.len() as u32);
        let at = Timestamp::from_micros(reader.long()? as i64);
        let name = reader.text()?;
        let n_populations = self.populations.len() as u32;
        let population = *self.populations.entry(name).or_insert(n_populations);
        let n_columns = reader.length(4)?;
        let mut columns = Vec::with_capacity(n_columns);
        for _ in 0..n_columns {
            let n = self.columns.len() as u32;
            columns.push(*self.columns.entry(reader.text()?).or_insert(n));
        }
        let n_tables = reader.length(64)?;
        let mut tables = Vec::with_capacity(n_tables);
        for _ in 0..n_tables {
            tables.push((reader.digest()?, reader.digest()?));
        }
        let n_sets = reader.length(9)?;
        for _ in 0..n_sets {
            let (kind, margin, part) = (reader.byte()?, reader.number()?, reader.number()?);
            let inside = |set: u32| ((set as usize) < n_sets).then_some(first_set + set);
            let kind = match kind {
                0 => Kind::Published,
                1 => Kind::Complement { margin: inside(margin)?, part: inside(part)? },
                2 => Kind::Hidden { margin: inside(margin)? },
                _ => return None,
            };
            let parts: Vec<u32> = reader.numbers()?.into_iter().map(inside).collect::<Option<_>>()?;
            let mut told: Vec<u32> =
                reader.numbers()?.iter().map(|column| columns.get(*column as usize).copied()).collect::<Option<_>>()?;
            told.sort_unstable();
            let members = reader.members(shape)?;
            self.by_n.entry((population, members.n())).or_default().push(self.sets.len() as u32);
            self.sets.push(StoredSet { kind, parts, members, columns: told, cells: Vec::new() });
        }
        let n_cells = reader.length(32)?;
        for _ in 0..n_cells {
            let definition = reader.digest()?;
            let (set, column) = (reader.number()?, reader.number()?);
            let set = ((set as usize) < n_sets).then_some(first_set + set)?;
            let column = *columns.get(column as usize)?;
            let figures = base + reader.at() as u64;
            read_figures(&mut reader)?;
            let length = reader.number()?;
            let pairs = (base + reader.at() as u64, length);
            reader.take(length as usize)?;
            self.sets.get_mut(set as usize)?.cells.push(self.cells.len() as u32);
            self.cells.push(StoredCell { release, definition, set, column, figures, pairs });
        }
        let n_frozen = reader.length(8)?;
        for _ in 0..n_frozen {
            let id = CellId { release: reader.number()?, cell: reader.number()? };
            self.cell_place(id)?;
        }
        let window = read_window(&mut reader, self.sets.len() as u32)?;
        if !reader.is_done() {
            return None;
        }
        self.tables.extend(tables);
        self.releases.push(StoredRelease { at, first_cell });
        let windows = self.windows.entry(population).or_default();
        windows.push_back(window);
        if windows.len() > WINDOW {
            windows.pop_front();
        }
        Some(())
    }
}

impl StoredCell {
    /// The figures that the cell showed.
    pub(super) fn figures(
        &self,
        read: impl Fn(u64, usize) -> Result<Vec<u8>, LedgerError>,
    ) -> Result<Vec<String>, LedgerError> {
        let bytes = read(self.figures, FIGURES)?;
        let figures = read_figures(&mut Reader::new(&bytes)).map(|(_, figures)| figures);
        figures.ok_or(LedgerError::Broken { record: u64::from(self.release) })
    }

    /// The pairs of the cell.
    pub(super) fn pairs(
        &self,
        shape: Shape,
        read: impl Fn(u64, usize) -> Result<Vec<u8>, LedgerError>,
    ) -> Result<Option<PairSet>, LedgerError> {
        let (at, length) = self.pairs;
        if length == 0 {
            return Ok(None);
        }
        let bytes = read(at, length as usize)?;
        Reader::new(&bytes).pairs(shape).map(Some).ok_or(LedgerError::Broken { record: u64::from(self.release) })
    }
}

/// The rounding and the figures of a cell.
fn read_figures(reader: &mut Reader<'_>) -> Option<(String, Vec<String>)> {
    let rounding = reader.text()?;
    let n = reader.length(4)?;
    Some((rounding, (0..n).map(|_| reader.text()).collect::<Option<_>>()?))
}

fn read_window(reader: &mut Reader<'_>, n_sets: u32) -> Option<Window> {
    let n_patterns = reader.length(8)?;
    let mut window = Window::default();
    for pattern in 0..n_patterns as u32 {
        let sets = reader.numbers()?;
        if !sets.iter().all(|set| *set < n_sets) {
            return None;
        }
        window.patterns.push(sets);
        window.elements.extend(reader.longs()?.into_iter().map(|element| (element, pattern)));
    }
    window.elements.sort_unstable();
    Some(window)
}

/// Releases whose exact sets are kept for combinations.
const WINDOW: usize = 12;
/// Bytes read at once for the figures of a cell.
const FIGURES: usize = 1 << 16;
