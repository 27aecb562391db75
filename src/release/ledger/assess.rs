//! Every planned cell against every earlier one, and against those of its own release.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::built::{Built, BuiltSet, Kind};
use super::combination::{Question, combinations};
use super::plan::PlannedRelease;
use super::set::{Apart, PairSet, Shape};
use super::state::{State, StoredSet};
use super::{Digest, Finding, LedgerError, Verdict};

/// What is needed to judge a plan.
pub(super) struct Judge<'a, 'b, R> {
    pub(super) plan: &'a PlannedRelease<'b>,
    pub(super) built: &'a Built,
    pub(super) state: &'a State,
    pub(super) shape: Shape,
    pub(super) read: R,
}

/// An earlier set that is close to a planned one.
struct Near {
    planned: u32,
    stored: u32,
    apart: Apart,
}

/// What was found about a planned cell; the first of a cell counts.
struct Found {
    finding: Finding,
    /// The earlier cell concerned.
    earlier: Option<u32>,
    /// The earlier cell of the same definition, whose figure may be shown again.
    again: Option<u32>,
}

impl<R: Fn(u64, usize) -> Result<Vec<u8>, LedgerError> + Sync> Judge<'_, '_, R> {
    pub(super) fn verdicts(&self) -> Result<Vec<Verdict>, LedgerError> {
        let population = self.plan.population.name();
        let definitions: Vec<Digest> = self.plan.cells.iter().map(|cell| cell.definition.id(population)).collect();
        let mut seen = BTreeSet::new();
        if let Some(place) = definitions.iter().position(|definition| !seen.insert(definition)) {
            return Err(LedgerError::SameCell { place });
        }
        let mut found: BTreeMap<usize, Found> = BTreeMap::new();
        self.alone(&mut found);
        self.earlier(&definitions, &mut found)?;
        self.own(&mut found);
        self.combined(&mut found);
        let verdict = |cell: usize| {
            let Some(found) = found.get(&cell) else { return Ok(Verdict::Released) };
            let finding = found.finding;
            if finding == Finding::OtherCuts {
                return Ok(Verdict::Refused { finding });
            }
            let stored = |place: u32| Some((self.state.cells.get(place as usize)?, self.state.cell_id(place)?));
            if let Some((cell, earlier)) = found.again.and_then(stored) {
                let release = self.state.releases.get(earlier.release as usize);
                let at = release.map_or(self.plan.at, |release| release.at);
                return Ok(Verdict::Frozen { finding, earlier, figures: cell.figures(&self.read)?, at });
            }
            Ok(Verdict::Withheld { finding, earlier: found.earlier.and_then(|place| self.state.cell_id(place)) })
        };
        (0..self.plan.cells.len()).map(verdict).collect()
    }

    /// What is wrong with a cell whatever else was released.
    fn alone(&self, found: &mut BTreeMap<usize, Found>) {
        let population = self.plan.population.name();
        let mut tables: BTreeMap<Digest, Digest> = BTreeMap::new();
        for (place, cell) in self.plan.cells.iter().enumerate() {
            let (table, frozen) = (cell.definition.table(population), cell.definition.frozen());
            // Within one plan, too, one name of a table stands for one set of cuts.
            let first = *tables.entry(table).or_insert(frozen);
            let known = self.state.tables.get(&table).copied().unwrap_or(first);
            let n = self.set(cell.members.0).map_or(0, |set| set.members.n());
            if known != frozen {
                found.insert(place, Found::plain(Finding::OtherCuts));
            } else if (1..self.plan.threshold).contains(&n) {
                found.insert(place, Found::plain(Finding::TooFew));
            }
        }
    }

    fn earlier(&self, definitions: &[Digest], found: &mut BTreeMap<usize, Found>) -> Result<(), LedgerError> {
        let Some(population) = self.state.population(self.plan.population.name()) else { return Ok(()) };
        let columns: Vec<u32> =
            self.built.columns.iter().map(|name| self.state.column(name).unwrap_or(u32::MAX)).collect();
        let near: Vec<Near> = (0..self.built.sets.len() as u32)
            .into_par_iter()
            .flat_map_iter(|planned| self.near(population, planned, &columns))
            .collect();
        // What a margin leaves can only be worked out while margin and parts are shown anew, so they come first.
        for derived in [false, true] {
            let near: Vec<&Near> = near
                .iter()
                .filter(|near| self.set(near.planned).is_some_and(|set| (set.kind != Kind::Published) == derived))
                .collect();
            self.close(&near, &columns, definitions, population, found);
            // The same members, other contributions.
            let changed: Vec<Vec<(u32, usize, Found)>> = near
                .par_iter()
                .filter(|near| near.apart == Apart::Not)
                .map(|near| self.changed(near, &columns, definitions, population))
                .collect::<Result<_, _>>()?;
            for (set, cell, one) in changed.into_iter().flatten() {
                let column = self.built.cell_columns.get(cell).copied().unwrap_or(0);
                if self.is_derivable(set, column, found) {
                    one.put(found, cell);
                }
            }
        }
        Ok(())
    }

    /// Notes the cells whose members are close to those of an earlier set.
    fn close(
        &self,
        near: &[&Near],
        columns: &[u32],
        definitions: &[Digest],
        population: u32,
        found: &mut BTreeMap<usize, Found>,
    ) {
        for near in near.iter().filter(|near| near.apart == Apart::Few) {
            let (Some(planned), Some(stored)) = (self.set(near.planned), self.stored(near.stored)) else { continue };
            let finding = match (planned.kind, stored.kind) {
                (_, Kind::Hidden { .. }) | (Kind::Hidden { .. }, _) => Finding::HiddenComplement,
                (Kind::Published, Kind::Published) => Finding::Members,
                _ => Finding::Complement,
            };
            for cell in self.cells_of(blamed(near.planned, planned.kind)) {
                let known = |column: u32| columns.get(column as usize).is_some_and(|own| stored.columns.contains(own));
                let mut shared = self.columns_of(cell).filter(|column| known(*column));
                if shared.any(|column| self.is_derivable(near.planned, column, found)) {
                    let again = match finding {
                        Finding::Members => self.again(stored, definitions.get(cell), population),
                        _ => None,
                    };
                    Found { finding, earlier: stored.cells.first().copied(), again }.put(found, cell);
                }
            }
        }
    }

    /// Whether a reader can work out a set in a column from cells that are still to be shown anew.
    fn is_derivable(&self, set: u32, column: u32, found: &BTreeMap<usize, Found>) -> bool {
        let shown = |set: u32| {
            let mut cells = self.cells_of(set).filter(|cell| self.columns_of(*cell).any(|own| own == column));
            cells.any(|cell| !found.contains_key(&cell))
        };
        let Some(built) = self.set(set) else { return false };
        match built.kind {
            Kind::Published => true,
            Kind::Complement { margin, part } => shown(margin) && shown(part),
            Kind::Hidden { margin } => shown(margin) && built.parts.iter().all(|part| shown(*part)),
        }
    }

    fn near(&self, population: u32, planned: u32, columns: &[u32]) -> Vec<Near> {
        let Some(set) = self.set(planned) else { return Vec::new() };
        let told: Vec<u32> = set.columns.iter().filter_map(|column| columns.get(*column as usize)).copied().collect();
        let (n, threshold) = (set.members.n(), self.plan.threshold);
        let sizes = n.saturating_sub(threshold - 1)..=n.saturating_add(threshold - 1);
        let mut near = Vec::new();
        for place in self.state.near(population, sizes) {
            let Some(stored) = self.stored(place) else { continue };
            if stored.columns.iter().any(|column| told.contains(column)) {
                let apart = set.members.apart(&stored.members, threshold);
                if apart != Apart::Enough {
                    near.push(Near { planned, stored: place, apart });
                }
            }
        }
        near
    }

    /// Cells over the same members whose contributions changed for too few.
    fn changed(
        &self,
        near: &Near,
        columns: &[u32],
        definitions: &[Digest],
        population: u32,
    ) -> Result<Vec<(u32, usize, Found)>, LedgerError> {
        let mut changed = Vec::new();
        let (Some(planned), Some(stored)) = (self.set(near.planned), self.stored(near.stored)) else {
            return Ok(changed);
        };
        let blamed = blamed(near.planned, planned.kind);
        let mut told = BTreeSet::new();
        for cell in self.cells_of(blamed) {
            let Some(column) = self.built.cell_columns.get(cell).copied().filter(|column| *column != 0) else {
                continue;
            };
            let Some(global) = columns.get(column as usize).copied() else { continue };
            if !stored.columns.contains(&global) {
                continue;
            }
            if told.insert(column) {
                let own = self.planned_pairs(near.planned, planned.kind, column);
                let earlier = self.stored_pairs(near.stored, global)?;
                // PRIVACY: pairs that cannot be worked out count as changed by few.
                let apart = match (&own, &earlier) {
                    (Some(own), Some(earlier)) => own.apart(earlier, self.plan.threshold),
                    _ => Apart::Few,
                };
                if apart != Apart::Few {
                    told.remove(&column);
                    continue;
                }
            }
            let direct = planned.kind == Kind::Published && stored.kind == Kind::Published;
            let finding = if direct { Finding::Contributions } else { Finding::Complement };
            let again = if direct { self.again(stored, definitions.get(cell), population) } else { None };
            changed.push((near.planned, cell, Found { finding, earlier: stored.cells.first().copied(), again }));
        }
        Ok(changed)
    }

    /// Sets of the plan that are close to each other, and margins that leave too few.
    fn own(&self, found: &mut BTreeMap<usize, Found>) {
        let threshold = self.plan.threshold;
        // What margins leave is looked at in combinations, where it is known which cell gives it away.
        let published = self.built.sets.iter().zip(0..).filter(|(set, _)| set.kind == Kind::Published);
        let mut by_n: Vec<(u64, u32)> = published.map(|(set, place)| (set.members.n(), place)).collect();
        by_n.sort_unstable();
        let pairs: Vec<(u32, u32)> = by_n
            .par_iter()
            .enumerate()
            .flat_map_iter(|(place, (n, a))| {
                let close = move |(other, _): &&(u64, u32)| *other - n < threshold;
                let others = by_n.iter().skip(place + 1).take_while(close);
                others.filter(move |(_, b)| self.few_apart(*a, *b)).map(move |(_, b)| (*a, *b)).collect::<Vec<_>>()
            })
            .collect();
        for (a, b) in pairs {
            let (Some(first), Some(second)) = (self.set(a), self.set(b)) else { continue };
            // The later one in the plan yields.
            for cell in self.cells_of(a.max(b)) {
                if self
                    .columns_of(cell)
                    .any(|column| first.columns.contains(&column) && second.columns.contains(&column))
                {
                    Found::plain(Finding::OwnRelease).put(found, cell);
                }
            }
        }
        for set in &self.built.sets {
            let Kind::Hidden { margin } = set.kind else { continue };
            if set.members.n() >= threshold {
                continue;
            }
            // The smallest shown part has to go with them; without one, the margin.
            let relations = self.plan.relations.iter().filter(|relation| relation.margin == margin);
            let parts = relations.flat_map(|relation| &relation.parts).filter(|part| {
                self.set(**part).is_some_and(|own| own.columns.iter().any(|column| set.columns.contains(column)))
            });
            let smallest = parts.min_by_key(|part| (self.set(**part).map_or(0, |own| own.members.n()), **part));
            for cell in self.cells_of(smallest.copied().unwrap_or(margin)) {
                if self.columns_of(cell).any(|column| set.columns.contains(&column)) {
                    Found::plain(Finding::OwnRelease).put(found, cell);
                }
            }
        }
    }

    /// Combinations of the cells of the last releases with those that may be released so far.
    fn combined(&self, found: &mut BTreeMap<usize, Found>) {
        let population = self.state.population(self.plan.population.name());
        let windows: Vec<_> = population.into_iter().flat_map(|population| self.state.windows(population)).collect();
        // Columns that are told of the same sets give the same answer.
        let mut questions: BTreeMap<Question, Vec<u32>> = BTreeMap::new();
        for (column, name) in (0u32..).zip(&self.built.columns) {
            let open = |set: &u32| {
                let mut cells = self.cells_of(*set).filter(|cell| self.columns_of(*cell).any(|own| own == column));
                cells.any(|cell| !found.contains_key(&cell))
            };
            let planned: Vec<u32> = (0..self.plan.sets.len() as u32).filter(open).collect();
            let global = self.state.column(name);
            let mut stored: Vec<u32> =
                windows.iter().flat_map(|window| window.patterns.iter().flatten()).copied().collect();
            stored.sort_unstable();
            stored.dedup();
            let tells = |set: &u32| {
                self.stored(*set).is_some_and(|set| global.is_some_and(|column| set.columns.contains(&column)))
            };
            stored.retain(tells);
            if !planned.is_empty() {
                questions.entry(Question { planned, stored }).or_default().push(column);
            }
        }
        for (question, columns) in questions {
            for (set, finding) in combinations(&question, &windows, self.built, self.plan.threshold) {
                for cell in self.cells_of(set) {
                    if self.columns_of(cell).any(|column| columns.contains(&column)) {
                        Found::plain(finding).put(found, cell);
                    }
                }
            }
        }
    }

    fn set(&self, place: u32) -> Option<&BuiltSet> {
        self.built.sets.get(place as usize)
    }

    fn stored(&self, place: u32) -> Option<&StoredSet> {
        self.state.sets.get(place as usize)
    }

    fn few_apart(&self, a: u32, b: u32) -> bool {
        let (Some(a), Some(b)) = (self.set(a), self.set(b)) else { return false };
        let comparable = a.columns.iter().any(|column| b.columns.contains(column));
        comparable && a.members.apart(&b.members, self.plan.threshold) == Apart::Few
    }

    /// The cells over a set of the plan.
    fn cells_of(&self, set: u32) -> impl Iterator<Item = usize> + '_ {
        self.built.cells_of.get(set as usize).into_iter().flatten().copied()
    }

    /// The columns that a cell tells of: its own, and the number of customers if it is shown.
    fn columns_of(&self, cell: usize) -> impl Iterator<Item = u32> + '_ {
        let counts = self.plan.cells.get(cell).is_some_and(|cell| cell.shows_n);
        self.built.cell_columns.get(cell).copied().into_iter().chain(counts.then_some(0))
    }

    /// The earlier cell of the same definition over a set, if the window still holds its members.
    fn again(&self, stored: &StoredSet, definition: Option<&Digest>, population: u32) -> Option<u32> {
        let same = |cell: &&u32| {
            self.state.cells.get(**cell as usize).is_some_and(|cell| Some(&cell.definition) == definition)
        };
        let cell = stored.cells.iter().rev().find(same).copied()?;
        let set = self.state.cells.get(cell as usize)?.set;
        self.state
            .windows(population)
            .any(|window| window.patterns.iter().any(|sets| sets.contains(&set)))
            .then_some(cell)
    }

    fn planned_pairs(&self, set: u32, kind: Kind, column: u32) -> Option<PairSet> {
        let pairs = |set: u32| self.built.pairs.get(&(set, column));
        match kind {
            Kind::Published => pairs(set).cloned(),
            Kind::Complement { margin, part } => {
                let mut rest = pairs(margin)?.clone();
                rest.take(pairs(part)?).then_some(rest)
            }
            Kind::Hidden { margin } => {
                let mut rest = pairs(margin)?.clone();
                let parts = &self.set(set)?.parts;
                parts.iter().all(|part| pairs(*part).is_some_and(|part| rest.take(part))).then_some(rest)
            }
        }
    }

    fn stored_pairs(&self, set: u32, column: u32) -> Result<Option<PairSet>, LedgerError> {
        let pairs = |set: u32| {
            let cells = self.stored(set).map_or(&[][..], |set| set.cells.as_slice());
            let cell =
                cells.iter().filter_map(|cell| self.state.cells.get(*cell as usize)).find(|cell| cell.column == column);
            cell.map_or(Ok(None), |cell| cell.pairs(self.shape, &self.read))
        };
        match self.stored(set).map(|set| set.kind) {
            Some(Kind::Published) => pairs(set),
            Some(Kind::Complement { margin, part }) => {
                let (margin, part) = (pairs(margin)?, pairs(part)?);
                Ok(margin.zip(part).and_then(|(mut rest, part)| rest.take(&part).then_some(rest)))
            }
            Some(Kind::Hidden { margin }) => {
                let Some(mut rest) = pairs(margin)? else { return Ok(None) };
                for part in self.stored(set).into_iter().flat_map(|set| &set.parts) {
                    match pairs(*part)? {
                        Some(part) if rest.take(&part) => {}
                        _ => return Ok(None),
                    }
                }
                Ok(Some(rest))
            }
            None => Ok(None),
        }
    }
}

impl Found {
    const fn plain(finding: Finding) -> Self {
        Self { finding, earlier: None, again: None }
    }

    /// Keeps the first finding of a cell, but a figure that can be shown again before one that cannot.
    fn put(self, found: &mut BTreeMap<usize, Self>, cell: usize) {
        match found.get(&cell) {
            Some(known) if known.finding == Finding::OtherCuts => {}
            // Of two earlier figures the later one.
            Some(known) if self.again <= known.again => {}
            _ => {
                found.insert(cell, self);
            }
        }
    }
}

/// The set of the plan whose cells have to yield.
const fn blamed(place: u32, kind: Kind) -> u32 {
    match kind {
        Kind::Published => place,
        Kind::Complement { part, .. } => part,
        Kind::Hidden { margin } => margin,
    }
}
