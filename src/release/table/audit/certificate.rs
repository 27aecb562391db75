//! A second table that a reader cannot tell from the true one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::release::table::system::{Mask, System};

/// How hidden cells can be moved together so that everything shown stays as it is.
///
/// The true figures plus a shift are one more table that fits what is published: it proves that a cell may take
/// another value, which also proves that its unit vector is not in the row space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::release::table) struct Shift(Vec<(usize, i128)>);

impl Shift {
    /// Checks a shift, whatever it was found by: it changes hidden cells only, keeps every equation, and leaves no cell
    /// below the least it can be.
    pub(super) fn checked(system: &System, hidden: &Mask, changes: BTreeMap<usize, i128>) -> Option<Self> {
        let mut sums: BTreeMap<usize, i128> = BTreeMap::new();
        for (cell, change) in &changes {
            if !hidden.has(*cell) || system.slack(*cell).checked_add(*change)? < 0 {
                return None;
            }
            for (equation, sign) in system.equations(*cell) {
                let sum = sums.entry(*equation).or_insert(0);
                *sum = sum.checked_add(i128::from(*sign) * change)?;
            }
        }
        sums.values()
            .all(|sum| *sum == 0)
            .then(|| Self(changes.into_iter().filter(|(_, change)| *change != 0).collect()))
    }

    /// Whether it moves hidden cells only.
    pub(in crate::release::table) fn stays_within(&self, hidden: &Mask) -> bool {
        self.0.iter().all(|(cell, _)| hidden.has(*cell))
    }

    /// Checks it once more against a pattern.
    pub(in crate::release::table) fn is_valid(&self, system: &System, hidden: &Mask) -> bool {
        Self::checked(system, hidden, self.0.iter().copied().collect()).is_some()
    }

    /// How far it moves a cell.
    pub(in crate::release::table) fn of(&self, cell: usize) -> i128 {
        let place = self.0.binary_search_by_key(&cell, |(own, _)| *own);
        place.ok().and_then(|place| self.0.get(place)).map_or(0, |(_, change)| *change)
    }

    /// Whether it moves a cell.
    pub(in crate::release::table) fn uses(&self, cell: usize) -> bool {
        self.of(cell) != 0
    }
}

/// Looks for shifts along cycles of cells: a cell links the two equations it is in, a cell of one equation links it to
/// the outside.
///
/// A cycle is found if there is one. A cell of three or more equations needs several paths at once; these are looked
/// for one after the other. Not to find a shift proves nothing.
pub(in crate::release::table) struct Search<'a> {
    system: &'a System,
    /// Cost of hiding a cell, `None` if it must stay.
    cost: &'a [Option<u64>],
}

impl<'a> Search<'a> {
    pub(in crate::release::table) const fn new(system: &'a System, cost: &'a [Option<u64>]) -> Self {
        Self { system, cost }
    }

    /// A shift of `cell` by `amount` (its sign is the direction) over hidden cells.
    pub(in crate::release::table) fn among_hidden(&self, hidden: &Mask, cell: usize, amount: i128) -> Option<Shift> {
        self.shift(hidden, cell, amount, false).map(|(shift, _)| shift)
    }

    /// A shift of `cell` by `amount` with the cells to hide for it, cheapest by customers hidden; ties by the number
    /// of cells, then by place.
    pub(in crate::release::table) fn to_hide(
        &self,
        hidden: &Mask,
        cell: usize,
        amount: i128,
    ) -> Option<(Shift, Vec<usize>)> {
        self.shift(hidden, cell, amount, true)
    }

    fn shift(&self, hidden: &Mask, cell: usize, amount: i128, extend: bool) -> Option<(Shift, Vec<usize>)> {
        if self.system.slack(cell).checked_add(amount)? < 0 {
            return None;
        }
        let mut left = amount.checked_abs().filter(|left| *left > 0)?;
        // PERF: without hiding more, an interval from bounds that are kept is cheaper than a search by parts;
        // `release/gate/ours/200_segments`.
        let finest = if extend { (left / FINEST_PART).max(1) } else { left };
        let mut work =
            Work { search: self, hidden, extend, cell, unit: left, changes: BTreeMap::new(), pending: BTreeMap::new() };
        // One way for all of it if there is one, else several ways for parts of it.
        while left > 0 {
            work.unit = work.unit.min(left);
            let before = work.changes.clone();
            *work.changes.entry(cell).or_insert(0) += amount.signum() * work.unit;
            work.pending.clear();
            work.disturb(cell, amount.signum() as i8, None);
            let closed = (self.system.equations(cell).len() <= 2 && work.close_cycle()) || work.close_all().is_some();
            if closed {
                left -= work.unit;
            } else if work.unit > finest {
                work.changes = before;
                work.unit = (work.unit / 2).max(finest);
            } else {
                return None;
            }
        }
        let mut all = hidden.clone();
        let new: Vec<usize> = work.changes.keys().copied().filter(|cell| all.insert(*cell)).collect();
        Shift::checked(self.system, &all, work.changes).map(|shift| (shift, new))
    }
}

/// A shift in the making.
struct Work<'a> {
    search: &'a Search<'a>,
    hidden: &'a Mask,
    extend: bool,
    /// The cell to shift; paths avoid it.
    cell: usize,
    /// How much is moved along one path.
    unit: i128,
    /// How far each cell moves.
    changes: BTreeMap<usize, i128>,
    /// Equations that are out of balance, by how many units.
    pending: BTreeMap<usize, i32>,
}

impl Work<'_> {
    /// Notes what a moved cell does to its equations, all but one.
    fn disturb(&mut self, cell: usize, mover: i8, but: Option<usize>) {
        for (equation, sign) in self.search.system.equations(cell) {
            if Some(*equation) != but {
                self.unbalance(*equation, i32::from(sign * mover));
            }
        }
    }

    fn move_by(&mut self, cell: usize, mover: i8) {
        let change = self.changes.entry(cell).or_insert(0);
        *change = change.saturating_add(i128::from(mover) * self.unit);
    }

    fn unbalance(&mut self, equation: usize, by: i32) {
        let balance = self.pending.entry(equation).or_insert(0);
        *balance += by;
        if *balance == 0 {
            self.pending.remove(&equation);
        }
    }

    /// Balances a cell of at most two equations by one cycle, perhaps over the outside.
    fn close_cycle(&mut self) -> bool {
        let outside = 2 * self.search.system.relations.len();
        let mut pending = self.pending.iter();
        let (start, target) = match (pending.next(), pending.next()) {
            (None, _) => return true,
            (Some((equation, balance)), None) => (state(*equation, *balance), outside),
            (Some((first, balance)), Some((second, other))) => (state(*first, *balance), state(*second, -other)),
        };
        let found = self.path(start, |node| node == target, true, false);
        if let Some(path) = &found {
            for (cell, mover) in &path.moves {
                self.move_by(*cell, *mover);
            }
        }
        found.is_some()
    }

    /// Balances one equation after the other; each path ends outside, at an equation that it balances, or at a cell of
    /// several equations, which then want balancing, too.
    fn close_all(&mut self) -> Option<()> {
        let outside = 2 * self.search.system.relations.len();
        for _ in 0..MOST_PATHS {
            let Some((equation, balance)) = self.pending.iter().map(|(e, b)| (*e, *b)).next() else {
                return Some(());
            };
            self.unbalance(equation, -balance.signum());
            let pending = &self.pending;
            let balances = |node: usize| {
                node >= outside || pending.get(&(node / 2)).is_some_and(|other| state(node / 2, -other) == node)
            };
            let path = self.path(state(equation, balance), balances, false, true)?;
            for (cell, mover) in &path.moves {
                self.move_by(*cell, *mover);
            }
            match path.end {
                End::Outside => {}
                End::Equation(end, balance) => self.unbalance(end, balance),
                End::Cell(cell, mover, from) => self.disturb(cell, mover, Some(from)),
            }
        }
        self.pending.is_empty().then_some(())
    }

    /// The cheapest path from a state to a node that `is_target` accepts.
    fn path(&self, start: usize, is_target: impl Fn(usize) -> bool, through: bool, several: bool) -> Option<Path> {
        let system = self.search.system;
        let outside = 2 * system.relations.len();
        let mut frontier = Frontier { best: vec![None; outside + 2], queue: BinaryHeap::new() };
        frontier.offer(start, (0, 0), None);
        while let Some(Reverse((reached, from))) = frontier.queue.pop() {
            if frontier.best.get(from).copied().flatten().is_none_or(|(best, _)| best < reached) {
                continue;
            }
            if from != start && is_target(from) {
                return frontier.path(from, outside);
            }
            let mut offer = |next: usize, mover: i8| {
                let Some(cost) = self.cost(next, mover) else { return };
                let reached = (reached.0.saturating_add(cost), reached.1 + 1);
                let step = Some((from, next, mover));
                match system.equations(next) {
                    [(equation, sign)] if from == outside => {
                        frontier.offer(state(*equation, i32::from(sign * mover)), reached, step);
                    }
                    [_] => frontier.offer(outside, reached, step),
                    [(a, at_a), (b, at_b)] if from < outside => {
                        let (equation, sign) = if *a == from / 2 { (b, at_b) } else { (a, at_a) };
                        frontier.offer(state(*equation, i32::from(sign * mover)), reached, step);
                    }
                    many if several && from < outside && many.len() > 2 => {
                        let new = many.iter().filter(|(equation, sign)| {
                            *equation != from / 2
                                && self.pending.get(equation).is_none_or(|other| other * i32::from(sign * mover) >= 0)
                        });
                        let reached = (reached.0, reached.1.saturating_add(1_000 * new.count() as u32));
                        frontier.offer(outside + 1, reached, step);
                    }
                    _ => {}
                }
            };
            if from < outside {
                let imbalance = if from % 2 == 0 { 1 } else { -1 };
                for (next, sign) in system.terms(from / 2) {
                    offer(*next, -imbalance * sign);
                }
            } else if from == outside && through {
                for next in (0..system.n_cells()).filter(|next| system.equations(*next).len() == 1) {
                    offer(next, 1);
                    offer(next, -1);
                }
            }
        }
        None
    }

    /// What it costs to move a cell, `None` if it cannot be.
    fn cost(&self, cell: usize, mover: i8) -> Option<u64> {
        let cost = if self.hidden.has(cell) || self.changes.contains_key(&cell) {
            0
        } else if self.extend {
            self.search.cost.get(cell).copied().flatten()?.saturating_add(1)
        } else {
            return None;
        };
        let change = self.changes.get(&cell).copied().unwrap_or(0).checked_add(i128::from(mover) * self.unit)?;
        let fits = self.search.system.slack(cell).checked_add(change)? >= 0;
        (cell != self.cell && fits).then_some(cost)
    }
}

/// Customers hidden, then cells.
type Cost = (u64, u32);
/// The state before, the cell and its direction.
type Step = (usize, usize, i8);

struct Frontier {
    best: Vec<Option<(Cost, Option<Step>)>>,
    queue: BinaryHeap<Reverse<(Cost, usize)>>,
}

struct Path {
    moves: Vec<(usize, i8)>,
    end: End,
}

enum End {
    Outside,
    Equation(usize, i32),
    /// A cell of several equations, its direction, and the equation it was reached from.
    Cell(usize, i8, usize),
}

impl Frontier {
    fn offer(&mut self, to: usize, cost: Cost, step: Option<Step>) {
        if let Some(slot) = self.best.get_mut(to)
            && slot.is_none_or(|(best, _)| cost < best)
        {
            *slot = Some((cost, step));
            self.queue.push(Reverse((cost, to)));
        }
    }

    fn path(&self, target: usize, outside: usize) -> Option<Path> {
        let (mut moves, mut at) = (Vec::new(), target);
        while let Some((before, cell, mover)) = self.best.get(at).copied().flatten()?.1 {
            moves.push((cell, mover));
            at = before;
            // Every node is left at most once.
            if moves.len() > self.best.len() {
                return None;
            }
        }
        let (cell, mover) = moves.first().copied()?;
        let end = match target {
            node if node < outside => End::Equation(node / 2, if node % 2 == 0 { 1 } else { -1 }),
            node if node == outside => End::Outside,
            _ => End::Cell(cell, mover, self.best.get(target).copied().flatten()?.1?.0 / 2),
        };
        Some(Path { moves, end })
    }
}

/// An equation that is out of balance by more or by less.
const fn state(equation: usize, balance: i32) -> usize {
    2 * equation + if balance > 0 { 0 } else { 1 }
}

/// A shift is put together from parts no smaller than this share of it.
const FINEST_PART: i128 = 8;
/// Most paths of one part of a shift.
const MOST_PATHS: usize = 128;
