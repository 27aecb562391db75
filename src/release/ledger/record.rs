//! A release as a record of the ledger.

use std::collections::{BTreeMap, BTreeSet};

use super::built::{Built, BuiltSet, Kind};
use super::plan::PlannedRelease;
use super::state::State;
use super::wire::Writer;
use super::{CellId, Digest, Verdict};

/// The payload of the record of a release: its released cells, their sets, and the exact sets for the window.
pub(super) fn payload(plan: &PlannedRelease<'_>, built: &Built, verdicts: &[Verdict], state: &State) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.long(plan.at.as_micros() as u64);
    writer.text(plan.population.name());
    writer.number(built.columns.len() as u32);
    built.columns.iter().for_each(|column| writer.text(column));

    let released: Vec<usize> =
        (0..plan.cells.len()).filter(|cell| verdicts.get(*cell) == Some(&Verdict::Released)).collect();
    let cells: Vec<_> =
        released.iter().filter_map(|cell| Some((plan.cells.get(*cell)?, *built.cell_columns.get(*cell)?))).collect();
    let population = plan.population.name();
    let tables: BTreeMap<Digest, Digest> =
        cells.iter().map(|(cell, _)| (cell.definition.table(population), cell.definition.frozen())).collect();
    writer.number(tables.len() as u32);
    for (table, frozen) in &tables {
        writer.digest(table);
        writer.digest(frozen);
    }

    let shown: BTreeSet<u32> = cells.iter().map(|(cell, _)| cell.members.0).collect();
    let used = |place: &u32, set: &BuiltSet| match set.kind {
        Kind::Published => shown.contains(place),
        Kind::Complement { margin, part } => shown.contains(&margin) && shown.contains(&part),
        Kind::Hidden { margin } => shown.contains(&margin) && set.parts.iter().all(|part| shown.contains(part)),
    };
    let sets: Vec<_> = (0u32..).zip(&built.sets).filter(|(place, set)| used(place, set)).collect();
    let local: BTreeMap<u32, u32> = sets.iter().map(|(place, _)| *place).zip(0..).collect();
    let place = |set: u32| local.get(&set).copied().unwrap_or(0);
    writer.number(sets.len() as u32);
    for (_, set) in &sets {
        let (kind, margin, part) = match set.kind {
            Kind::Published => (0, 0, 0),
            Kind::Complement { margin, part } => (1, place(margin), place(part)),
            Kind::Hidden { margin } => (2, place(margin), 0),
        };
        writer.byte(kind);
        writer.number(margin);
        writer.number(part);
        let parts: Vec<u32> = set.parts.iter().map(|part| place(*part)).collect();
        writer.numbers(&parts);
        writer.numbers(&set.columns);
        writer.members(&set.members);
    }

    writer.number(cells.len() as u32);
    for (cell, column) in &cells {
        writer.digest(&cell.definition.id(population));
        writer.number(place(cell.members.0));
        writer.number(*column);
        writer.text(&cell.rounding);
        writer.number(cell.figures.len() as u32);
        cell.figures.iter().for_each(|figure| writer.text(figure));
        let mut pairs = Writer::default();
        if let Some(own) = built.pairs.get(&(cell.members.0, *column)) {
            pairs.pairs(own);
        }
        writer.number(pairs.0.len() as u32);
        writer.0.extend(pairs.0);
    }

    let frozen: BTreeSet<CellId> = verdicts
        .iter()
        .filter_map(|verdict| if let Verdict::Frozen { earlier, .. } = verdict { Some(*earlier) } else { None })
        .collect();
    writer.number(frozen.len() as u32);
    for id in &frozen {
        writer.number(id.release);
        writer.number(id.cell);
    }
    window(&mut writer, built, &shown, place, &frozen, state, plan.population.name());
    writer.0
}

/// The exact sets of the release: its own, and those behind the figures that it shows again.
fn window(
    writer: &mut Writer,
    built: &Built,
    shown: &BTreeSet<u32>,
    place: impl Fn(u32) -> u32,
    frozen: &BTreeSet<CellId>,
    state: &State,
    population: &str,
) {
    let first_set = state.sets.len() as u32;
    let mut sets_of: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for (rows, sets) in built.atoms.rows.iter().zip(&built.atoms.sets) {
        let sets: Vec<u32> = sets.iter().filter(|set| shown.contains(set)).map(|set| first_set + place(*set)).collect();
        if !sets.is_empty() {
            for element in rows.iter().filter_map(|row| built.elements.get(*row as usize)) {
                sets_of.insert(*element, sets.clone());
            }
        }
    }
    let again: BTreeSet<u32> =
        frozen.iter().filter_map(|id| Some(state.cells.get(state.cell_place(*id)? as usize)?.set)).collect();
    for set in again {
        let known = state.population(population).and_then(|population| state.exact(population, set));
        for element in known.unwrap_or_default() {
            sets_of.entry(element).or_default().push(set);
        }
    }
    let mut patterns: BTreeMap<Vec<u32>, Vec<u64>> = BTreeMap::new();
    for (element, sets) in sets_of {
        patterns.entry(sets).or_default().push(element);
    }
    writer.number(patterns.len() as u32);
    for (sets, elements) in &patterns {
        writer.numbers(sets);
        writer.longs(elements);
    }
}
