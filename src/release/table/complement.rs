//! Which further cells are hidden so that none can be worked out.

use std::collections::BTreeSet;

use super::audit::{Allowance, Bounds, Room, Search, Shift, TooLarge, peel};
use super::rules::{Protection, Rules};
use super::system::{Component, Mask, System};

/// What is hidden of one system.
#[derive(Debug)]
pub(super) enum Pattern {
    /// These cells; the audit passes.
    Hidden(Mask),
    /// All cells: the audit cannot be computed.
    Whole,
}

/// No pattern passes; the place of a relation that cannot be protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unprotected {
    pub(super) relation: usize,
}

/// Grows the hidden cells of a system until the audit passes, then takes back what it can do without.
///
/// `primary` cells are hidden for their own sake, `fixed` ones beside them for another reason. Complements are taken
/// back from the most customers to the fewest, ties by cell.
pub(super) fn protect(
    system: &System,
    rules: &Rules<'_>,
    primary: &Mask,
    fixed: &Mask,
) -> Result<Pattern, Unprotected> {
    let cost: Vec<Option<u64>> = system.cells.iter().map(|cell| rules.cost(*cell)).collect();
    let mut fixed = fixed.clone();
    primary.iter().for_each(|cell| {
        fixed.insert(cell);
    });
    let mut wards: Vec<Ward> = primary
        .iter()
        .filter_map(|cell| {
            let protection = rules.protection(system.cells.get(cell).copied()?)?;
            Some(Ward { cell, protection, proof: None })
        })
        .collect();
    // By size, so that the order in which a table is written changes ties only.
    wards.sort_by_key(|ward| std::cmp::Reverse((cost.get(ward.cell).copied(), system.value(ward.cell))));
    let mut state = State {
        system,
        rules,
        search: Search::new(system, &cost),
        cost: &cost,
        hidden: fixed.clone(),
        wards,
        known: Vec::new(),
        bounds: None,
    };
    match state.grow() {
        Ok(()) => {}
        Err(Stop::TooLarge) => return Ok(Pattern::Whole),
        Err(Stop::Unprotected(relation)) => return Err(relation),
    }
    state.take_back(&fixed);
    // The judge: every proof is checked once more against the final pattern; nothing unaudited is published.
    Ok(if state.passes() { Pattern::Hidden(state.hidden) } else { Pattern::Whole })
}

struct State<'a> {
    system: &'a System,
    rules: &'a Rules<'a>,
    search: Search<'a>,
    cost: &'a [Option<u64>],
    hidden: Mask,
    wards: Vec<Ward>,
    /// Every shift found so far: one that was found for a cell may prove another safe.
    known: Vec<Shift>,
    /// Bounds of a component of the present pattern.
    bounds: Option<Bounds>,
}

/// A cell that must not be narrowed down.
#[derive(Clone)]
struct Ward {
    cell: usize,
    protection: Protection,
    proof: Option<Proof>,
}

/// Why a ward is safe.
#[derive(Clone)]
enum Proof {
    /// Other tables fit what is published.
    Shifts(Vec<Shift>),
    /// Its interval is wide enough, as vertices show.
    Interval,
    /// Its interval is wide enough, as a search over whole numbers shows.
    Exact,
}

enum Stop {
    TooLarge,
    Unprotected(Unprotected),
}

impl From<TooLarge> for Stop {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

impl State<'_> {
    fn grow(&mut self) -> Result<(), Stop> {
        let mut allowance = Allowance::new(GROW_WORK);
        let mut open: BTreeSet<usize> = (0..self.system.relations.len()).collect();
        loop {
            while let Some(equation) = open.pop_first() {
                self.repair_union(equation, &mut open)?;
            }
            for ward in 0..self.wards.len() {
                self.protect_ward(ward, &mut open, &mut allowance)?;
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    fn hide(&mut self, cell: usize, open: &mut BTreeSet<usize>) {
        if self.hidden.insert(cell) {
            self.bounds = None;
            open.extend(self.system.equations(cell).iter().map(|(equation, _)| *equation));
        }
    }

    /// Hides more cells of an equation until the hidden ones pass as one cell.
    fn repair_union(&mut self, equation: usize, open: &mut BTreeSet<usize>) -> Result<(), Stop> {
        while !self.union_passes(equation, None) {
            let mut visible: Vec<(u64, usize)> = self.hideable(self.system.terms(equation).iter().map(|term| term.0));
            visible.sort_unstable();
            let sufficient = visible.iter().find(|(_, cell)| self.union_passes(equation, Some(*cell)));
            match sufficient.or(visible.first()).copied() {
                Some((_, cell)) => self.hide(cell, open),
                None => return Err(self.unprotected(equation)),
            }
        }
        Ok(())
    }

    fn union_passes(&self, equation: usize, more: Option<usize>) -> bool {
        let Some(of) = self.system.relations.get(equation) else { return true };
        let more = more.and_then(|cell| self.system.cells.get(cell)).copied();
        // Cells of the table to cells of the system: both ascend.
        let hidden = |cell: usize| {
            Some(cell) == more || self.system.cells.binary_search(&cell).is_ok_and(|place| self.hidden.has(place))
        };
        self.rules.union_passes(of.relation, hidden)
    }

    fn hideable(&self, cells: impl Iterator<Item = usize>) -> Vec<(u64, usize)> {
        let cost = |cell: usize| self.cost.get(cell).copied().flatten();
        cells.filter(|cell| !self.hidden.has(*cell)).filter_map(|cell| Some((cost(cell)?, cell))).collect()
    }

    fn unprotected(&self, equation: usize) -> Stop {
        let relation = self.system.relations.get(equation).map_or(0, |equation| equation.relation);
        Stop::Unprotected(Unprotected { relation })
    }

    fn protect_ward(&mut self, ward: usize, open: &mut BTreeSet<usize>, allowance: &mut Allowance) -> Result<(), Stop> {
        let Some(Ward { cell, protection, proof }) = self.wards.get(ward) else { return Ok(()) };
        let (cell, protection) = (*cell, *protection);
        // A proof stays good while more is hidden.
        if proof.is_some() {
            return Ok(());
        }
        let proof = loop {
            if let Some(shifts) = self.shifts(cell, protection) {
                break Proof::Shifts(shifts);
            }
            let component = self.system.component(&self.hidden, cell);
            let determined = peel(self.system, &component, &self.hidden).has(cell);
            let (value, slack) = (self.system.value(cell), self.system.slack(cell));
            if !determined
                && self.room(cell, &component, allowance).is_ok_and(|room| protection.holds(value, slack, room))
            {
                break Proof::Interval;
            }
            if let Some(shifts) = self.shifts_by_hiding(cell, protection, open) {
                break Proof::Shifts(shifts);
            }
            // Nothing cheap helps: only the exact interval is left, and what cannot be computed is not published.
            if !determined {
                let room = Bounds::new(self.system, &component, allowance)?.room(cell, allowance);
                match room {
                    Ok(room) if protection.holds(value, slack, room) => break Proof::Exact,
                    Ok(_) => {}
                    Err(TooLarge) => return Err(Stop::TooLarge),
                }
            }
            let own = self.system.equations(cell).iter().flat_map(|(equation, _)| self.system.terms(*equation));
            let near = self.hideable(own.map(|term| term.0)).into_iter().min();
            let far = component.equations.iter().flat_map(|equation| self.system.terms(*equation));
            match near.or_else(|| self.hideable(far.map(|term| term.0)).into_iter().min()) {
                Some((_, other)) => self.hide(other, open),
                None => {
                    let equation = self.system.equations(cell).first().map_or(0, |(equation, _)| *equation);
                    return Err(self.unprotected(equation));
                }
            }
        };
        if let Proof::Shifts(shifts) = &proof {
            self.known.extend(shifts.iter().cloned());
        }
        if let Some(ward) = self.wards.get_mut(ward) {
            ward.proof = Some(proof);
        }
        Ok(())
    }

    /// The room of a cell, from bounds that are kept for the other cells of its component.
    fn room(&mut self, cell: usize, component: &Component, allowance: &mut Allowance) -> Result<Room, TooLarge> {
        let mut bounds = match self.bounds.take() {
            Some(bounds) if bounds.has(cell) => bounds,
            _ => Bounds::new(self.system, component, allowance)?,
        };
        let room = bounds.proven_room(cell, allowance);
        self.bounds = Some(bounds);
        room
    }

    /// Shifts among hidden cells that prove a cell safe.
    fn shifts(&self, cell: usize, protection: Protection) -> Option<Vec<Shift>> {
        // PERF: a cycle moves at least four cells, so most proofs are found for another cell;
        // `release/gate/ours/200_segments`.
        let good = || self.known.iter().filter(|shift| shift.uses(cell) && shift.stays_within(&self.hidden));
        let (up, down) = (good().max_by_key(|shift| shift.of(cell)), good().min_by_key(|shift| shift.of(cell)));
        let by = |shift: Option<&Shift>| shift.map_or(0, |shift| shift.of(cell));
        let room = Room { up: Some(by(up).max(0)), down: -by(down).min(0) };
        if protection.holds(self.system.value(cell), self.system.slack(cell), room) {
            return Some([up, down].into_iter().flatten().cloned().collect());
        }
        let pairs = protection.shifts(self.system.value(cell), self.system.slack(cell));
        pairs.into_iter().find_map(|(up, down)| {
            let wanted = [up, -down].into_iter().filter(|amount| *amount != 0);
            wanted.map(|amount| self.search.among_hidden(&self.hidden, cell, amount)).collect()
        })
    }

    /// Hides the cheapest cells that give a cell its shifts.
    fn shifts_by_hiding(
        &mut self,
        cell: usize,
        protection: Protection,
        open: &mut BTreeSet<usize>,
    ) -> Option<Vec<Shift>> {
        let (up, down) = protection.shifts(self.system.value(cell), self.system.slack(cell)).first().copied()?;
        let mut hidden = self.hidden.clone();
        let (mut shifts, mut new) = (Vec::new(), Vec::new());
        for amount in [up, -down].into_iter().filter(|amount| *amount != 0) {
            let (shift, cells) = self.search.to_hide(&hidden, cell, amount)?;
            for cell in cells {
                hidden.insert(cell);
                new.push(cell);
            }
            shifts.push(shift);
        }
        new.into_iter().for_each(|cell| self.hide(cell, open));
        Some(shifts)
    }

    fn take_back(&mut self, fixed: &Mask) {
        let mut allowance = Allowance::new(TAKE_BACK_WORK);
        let cost = |cell: usize| self.cost.get(cell).copied().flatten().unwrap_or(0);
        let mut complements: Vec<usize> = self.hidden.iter().filter(|cell| !fixed.has(*cell)).collect();
        complements.sort_by_key(|cell| (std::cmp::Reverse(cost(*cell)), *cell));
        for cell in complements {
            let before = self.system.component(&self.hidden, cell);
            self.hidden.remove(cell);
            match self.proofs_without(cell, &before.cells, &mut allowance) {
                Some(proofs) => {
                    for (ward, proof) in proofs {
                        if let Some(ward) = self.wards.get_mut(ward) {
                            ward.proof = Some(proof);
                        }
                    }
                }
                None => {
                    self.hidden.insert(cell);
                }
            }
        }
    }

    /// New proofs for the wards whose proofs rest on `cell`, which is shown again; `None` if one is not safe.
    fn proofs_without(
        &self,
        cell: usize,
        component: &[usize],
        allowance: &mut Allowance,
    ) -> Option<Vec<(usize, Proof)>> {
        if !self.system.equations(cell).iter().all(|(equation, _)| self.union_passes(*equation, None)) {
            return None;
        }
        let mut proofs = Vec::new();
        for (place, ward) in self.wards.iter().enumerate() {
            let rests = match &ward.proof {
                Some(Proof::Shifts(shifts)) => shifts.iter().any(|shift| shift.uses(cell)),
                Some(Proof::Interval | Proof::Exact) => component.binary_search(&ward.cell).is_ok(),
                None => return None,
            };
            if rests {
                proofs.push((place, self.prove(ward, allowance)?));
            }
        }
        Some(proofs)
    }

    fn prove(&self, ward: &Ward, allowance: &mut Allowance) -> Option<Proof> {
        let component = self.system.component(&self.hidden, ward.cell);
        if peel(self.system, &component, &self.hidden).has(ward.cell) {
            return None;
        }
        if let Some(shifts) = self.shifts(ward.cell, ward.protection) {
            return Some(Proof::Shifts(shifts));
        }
        let room = Bounds::new(self.system, &component, allowance).ok()?.proven_room(ward.cell, allowance).ok()?;
        let (value, slack) = (self.system.value(ward.cell), self.system.slack(ward.cell));
        ward.protection.holds(value, slack, room).then_some(Proof::Interval)
    }

    /// The audit of the pattern as it is.
    fn passes(&mut self) -> bool {
        let mut allowance = Allowance::new(GROW_WORK);
        self.bounds = None;
        let wards = std::mem::take(&mut self.wards);
        (0..self.system.relations.len()).all(|equation| self.union_passes(equation, None))
            && wards.iter().all(|ward| self.is_safe(ward, &mut allowance))
    }

    fn is_safe(&mut self, ward: &Ward, allowance: &mut Allowance) -> bool {
        let room = match &ward.proof {
            Some(Proof::Shifts(shifts)) if shifts.iter().all(|shift| shift.is_valid(self.system, &self.hidden)) => {
                let moves = || shifts.iter().map(|shift| shift.of(ward.cell));
                Ok(Room { up: Some(moves().fold(0, i128::max)), down: -moves().fold(0, i128::min) })
            }
            Some(Proof::Interval) => {
                let component = self.system.component(&self.hidden, ward.cell);
                self.room(ward.cell, &component, allowance)
            }
            Some(Proof::Exact) => {
                let component = self.system.component(&self.hidden, ward.cell);
                Bounds::new(self.system, &component, allowance).and_then(|mut all| all.room(ward.cell, allowance))
            }
            _ => return false,
        };
        let (value, slack) = (self.system.value(ward.cell), self.system.slack(ward.cell));
        room.is_ok_and(|room| ward.protection.holds(value, slack, room))
    }
}

/// Entries that growing may touch in one system: a second on one core.
const GROW_WORK: u64 = 1 << 29;
/// Entries that taking back may touch; what is not proven within it stays hidden.
const TAKE_BACK_WORK: u64 = 1 << 25;
