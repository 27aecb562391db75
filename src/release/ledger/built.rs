//! A plan turned into keyed sets, each customer looked at once.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::atoms::Atoms;
use super::estimate::BucketCounts;
use super::key::{Keys, Token};
use super::plan::PlannedRelease;
use super::set::{MemberSet, PairSet, Shape};
use super::siphash::siphash;
use super::{Digest, LedgerError};

/// What a set of the ledger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The members of released cells.
    Published,
    /// What a margin leaves beside a part; both are sets of the same release.
    Complement {
        /// The margin.
        margin: u32,
        /// The part.
        part: u32,
    },
    /// What all shown parts of a margin leave: its hidden cells together.
    Hidden {
        /// The margin.
        margin: u32,
    },
}

/// A set of a plan.
pub(super) struct BuiltSet {
    pub(super) kind: Kind,
    /// The shown parts beside which a margin leaves the set; for hidden cells only.
    pub(super) parts: Vec<u32>,
    pub(super) members: MemberSet,
    /// The columns that are told of it: 0 for the number of customers, else a place in [`Built::columns`].
    pub(super) columns: Vec<u32>,
}

/// A plan as keyed sets: published ones in the order of the plan, then those that can be worked out from them.
pub(super) struct Built {
    pub(super) sets: Vec<BuiltSet>,
    pub(super) atoms: Atoms,
    /// The element of each row.
    pub(super) elements: Vec<u64>,
    /// Names of the columns, the number of customers first.
    pub(super) columns: Vec<String>,
    /// The column of each cell.
    pub(super) cell_columns: Vec<u32>,
    /// The cells over each published set.
    pub(super) cells_of: Vec<Vec<usize>>,
    /// The pairs of a published set in a column.
    pub(super) pairs: BTreeMap<(u32, u32), PairSet>,
}

impl Built {
    pub(super) fn of(plan: &PlannedRelease<'_>, keys: &Keys, shape: Shape) -> Result<Self, LedgerError> {
        let population = plan.population;
        let rows: Vec<u32> = (0..population.n() as u32).collect();
        let tokens: Vec<Token> = rows
            .par_chunks(CHUNK)
            .flat_map_iter(|rows| {
                rows.iter().map(|row| keys.token(population.name(), population.id(*row as usize).unwrap_or_default()))
            })
            .collect();
        let elements: Vec<u64> = tokens.iter().map(|token| token.element).collect();
        check_different(&elements)?;
        let atoms = Atoms::of(rows.len(), &plan.sets);
        let (columns, cell_columns) = columns(plan);
        let mut cells_of = vec![Vec::new(); plan.sets.len()];
        for (place, cell) in plan.cells.iter().enumerate() {
            if let Some(cells) = cells_of.get_mut(cell.members.0 as usize) {
                cells.push(place);
            }
        }
        let (sets, pairs) = Default::default();
        let mut built = Self { sets, atoms, elements, columns, cell_columns, cells_of, pairs };
        let counts = built.published(plan, shape);
        built.derive(plan, &counts);
        built.pair(plan, &tokens, shape);
        Ok(built)
    }

    /// The members of the sets of the plan; gives their wide counts.
    fn published(&mut self, plan: &PlannedRelease<'_>, shape: Shape) -> Vec<Vec<u32>> {
        let parts: Vec<(Vec<u32>, super::set::Set)> = self
            .atoms
            .rows
            .par_iter()
            .map(|rows| {
                let elements: Vec<u64> =
                    rows.iter().filter_map(|row| self.elements.get(*row as usize)).copied().collect();
                (shape.count(&elements), shape.set(&elements))
            })
            .collect();
        let unions: Vec<(Vec<u32>, super::set::Set)> = self
            .atoms
            .of_set
            .par_iter()
            .map(|atoms| {
                let mut union = (vec![0; shape.n_buckets()], shape.set(&[]));
                for (counts, set) in atoms.iter().filter_map(|atom| parts.get(*atom as usize)) {
                    union.0.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
                    union.1.add(set);
                }
                union
            })
            .collect();
        let mut told: Vec<Vec<u32>> = vec![Vec::new(); plan.sets.len()];
        for (cell, column) in plan.cells.iter().zip(&self.cell_columns) {
            if let Some(told) = told.get_mut(cell.members.0 as usize) {
                told.push(*column);
                if cell.shows_n {
                    told.push(0);
                }
            }
        }
        let mut wide = Vec::with_capacity(unions.len());
        for ((counts, set), mut columns) in unions.into_iter().zip(told) {
            columns.sort_unstable();
            columns.dedup();
            let members = MemberSet { counts: BucketCounts::of(&counts), set };
            self.sets.push(BuiltSet { kind: Kind::Published, parts: Vec::new(), members, columns });
            wide.push(counts);
        }
        wide
    }

    /// Adds what can be worked out: a margin less a part, and a margin less all its shown parts.
    fn derive(&mut self, plan: &PlannedRelease<'_>, counts: &[Vec<u32>]) {
        let mut known: BTreeMap<(u64, u64), Vec<u32>> = BTreeMap::new();
        let identity = |atoms: &[u32]| atoms.iter().fold(0, |all, atom| all ^ siphash(IDENTITY, [u64::from(*atom), 0]));
        for (set, atoms) in self.sets.iter().zip(&self.atoms.of_set) {
            known.entry((set.members.n(), identity(atoms))).or_default().extend(&set.columns);
        }
        for relation in &plan.relations {
            let Some(told) = self.sets.get(relation.margin as usize).map(|set| set.columns.clone()) else { continue };
            // Columns that hide the same parts leave the same set.
            let mut shown: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
            for column in told {
                let tells = |part: &&u32| self.tells(**part, column);
                shown.entry(relation.parts.iter().filter(tells).copied().collect()).or_default().push(column);
            }
            let mut wanted: Vec<(Kind, Vec<u32>, Vec<u32>)> = Vec::new();
            for (parts, columns) in &shown {
                for part in parts {
                    match wanted.iter_mut().find(|(_, own, _)| own == &[*part]) {
                        Some((_, _, all)) => all.extend(columns),
                        None => {
                            let kind = Kind::Complement { margin: relation.margin, part: *part };
                            wanted.push((kind, vec![*part], columns.clone()));
                        }
                    }
                }
                wanted.push((Kind::Hidden { margin: relation.margin }, parts.clone(), columns.clone()));
            }
            for (kind, parts, mut columns) in wanted {
                let (Some(margin), Some(wide)) =
                    (self.sets.get(relation.margin as usize), counts.get(relation.margin as usize))
                else {
                    continue;
                };
                let (mut set, mut wide) = (margin.members.set.clone(), wide.clone());
                let mut own = self.atoms.of_set.get(relation.margin as usize).map_or(0, |atoms| identity(atoms));
                for part in &parts {
                    let place = *part as usize;
                    if let (Some(built), Some(counts), Some(atoms)) =
                        (self.sets.get(place), counts.get(place), self.atoms.of_set.get(place))
                    {
                        // INVARIANT: the plan takes no relation whose parts have members that the margin lacks.
                        let _ = set.take(&built.members.set);
                        wide.iter_mut().zip(counts).for_each(|(sum, count)| *sum = sum.saturating_sub(*count));
                        own ^= identity(atoms);
                    }
                }
                columns.sort_unstable();
                let told = known.entry((set.n(), own)).or_default();
                if set.n() == 0 || columns.iter().all(|column| told.contains(column)) {
                    continue;
                }
                told.extend(&columns);
                let members = MemberSet { counts: BucketCounts::of(&wide), set };
                let parts = if matches!(kind, Kind::Hidden { .. }) { parts } else { Vec::new() };
                self.sets.push(BuiltSet { kind, parts, members, columns });
            }
        }
    }

    fn tells(&self, set: u32, column: u32) -> bool {
        self.sets.get(set as usize).is_some_and(|set| set.columns.binary_search(&column).is_ok())
    }

    /// The pairs of every set in every column that a cell shows.
    fn pair(&mut self, plan: &PlannedRelease<'_>, tokens: &[Token], shape: Shape) {
        // Values of one name are one column, so cells of it share pairs only if they share values.
        let mut wanted: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
        for (cell, column) in plan.cells.iter().zip(&self.cell_columns) {
            if let Some(values) = cell.contributions {
                wanted.entry(values.0).or_default().insert(cell.members.0, *column);
            }
        }
        // Column by column, so that the sets of all atoms are there for a few columns at a time only.
        let pairs: Vec<Vec<((u32, u32), PairSet)>> = wanted
            .par_iter()
            .map(|(values, sets)| {
                let Some((name, values)) = plan.columns.get(*values as usize) else { return Vec::new() };
                let key = column_key(name);
                let used: Vec<bool> =
                    self.atoms.sets.iter().map(|own| own.iter().any(|set| sets.contains_key(set))).collect();
                let parts: Vec<Option<PairSet>> = self
                    .atoms
                    .rows
                    .par_iter()
                    .zip(&used)
                    .map(|(rows, used)| {
                        let (pairs, members): (Vec<u64>, Vec<u64>) = rows
                            .iter()
                            .filter_map(|row| Some((tokens.get(*row as usize)?, values.get(*row as usize)?)))
                            .map(|(token, value)| (token.pair(key, *value), token.element))
                            .unzip();
                        used.then(|| shape.pairs(&pairs, &members))
                    })
                    .collect();
                let union = |set: &u32| {
                    let mut union = shape.empty_pairs();
                    let atoms = self.atoms.of_set.get(*set as usize).map_or(&[][..], Vec::as_slice);
                    for part in atoms.iter().filter_map(|atom| parts.get(*atom as usize)?.as_ref()) {
                        union.add(part);
                    }
                    union
                };
                sets.iter().map(|(set, column)| ((*set, *column), union(set))).collect()
            })
            .collect();
        self.pairs.extend(pairs.into_iter().flatten());
    }
}

/// Names of the columns, the count first, and the column of each cell.
fn columns(plan: &PlannedRelease<'_>) -> (Vec<String>, Vec<u32>) {
    let mut names = vec![String::new()];
    let mut places: BTreeMap<&str, u32> = BTreeMap::from([("", 0)]);
    let mut of_cells = Vec::with_capacity(plan.cells.len());
    for cell in &plan.cells {
        // A measure is told apart by what it measures: the contributions it is given, by their name.
        let name =
            cell.contributions.and_then(|values| plan.columns.get(values.0 as usize)).map_or("", |(name, _)| name);
        of_cells.push(*places.entry(name).or_insert_with(|| {
            names.push(name.to_owned());
            names.len() as u32 - 1
        }));
    }
    (names, of_cells)
}

/// The word that stands for a column in its pairs.
fn column_key(name: &str) -> u64 {
    let digest = Digest::of_texts([name]);
    digest.as_bytes().iter().take(8).fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// No two customers may share an element: they would cancel in a set.
fn check_different(elements: &[u64]) -> Result<(), LedgerError> {
    let mut sorted: Vec<(u64, u32)> = elements.iter().copied().zip(0..).collect();
    sorted.par_sort_unstable();
    let twice = sorted.iter().zip(sorted.iter().skip(1)).find(|(a, b)| a.0 == b.0);
    twice.map_or(Ok(()), |(_, second)| Err(LedgerError::Twice { row: second.1 as usize }))
}

/// Rows whose tokens are made in one task.
const CHUNK: usize = 4096;
/// Key of the words that stand for atoms within one plan.
const IDENTITY: [u64; 2] = [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210];
