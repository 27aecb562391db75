//! How far a hidden cell can be narrowed down.

use super::elimination::equations;
use super::integral;
use super::tableau::{Allowance, Tableau, TooLarge};
use crate::release::table::system::{Component, System};

/// How far a cell may lie from its value, as far as a reader can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::release::table) struct Room {
    /// Above, `None` without end.
    pub(in crate::release::table) up: Option<i128>,
    /// Below.
    pub(in crate::release::table) down: i128,
}

/// Exact bounds of the cells of one component: linear programming in integers from the true figures.
///
/// Counts are bounded over whole numbers. A vertex of whole numbers proves its bound; every vertex of a two-way table
/// is one. Where the best vertex is not, a search over whole numbers decides, up to 24 cells.
///
/// # References
/// Dantzig: *Linear Programming and Extensions*, 1963; Bland: *New finite pivoting rules for the simplex method*, 1977.
pub(in crate::release::table) struct Bounds {
    tableau: Tableau,
    /// Ascending.
    cells: Vec<usize>,
    equations: Vec<Vec<(usize, i8)>>,
    slack: Vec<i128>,
    integral: bool,
    /// Least and greatest value of the variable in question in the tables met on the way.
    seen: (i128, i128),
    /// Whether bounds that the vertex does not prove are searched for.
    exact: bool,
}

impl Bounds {
    /// Solves the equations of a component and moves to a vertex.
    pub(in crate::release::table) fn new(
        system: &System,
        component: &Component,
        allowance: &mut Allowance,
    ) -> Result<Self, TooLarge> {
        let cells = component.cells.clone();
        let mut local = vec![usize::MAX; system.n_cells()];
        for (place, cell) in cells.iter().enumerate() {
            if let Some(slot) = local.get_mut(*cell) {
                *slot = place;
            }
        }
        let slack: Vec<i128> = cells.iter().map(|cell| system.slack(*cell)).collect();
        let equations = equations(system, component, &local);
        let tableau = Tableau::eliminate(&equations, cells.len(), allowance)?;
        let mut bounds =
            Self { tableau, cells, equations, slack, integral: system.integral, seen: (0, 0), exact: true };
        bounds.move_to_vertex(allowance)?;
        Ok(bounds)
    }

    /// Whether a cell is one of the component.
    pub(in crate::release::table) fn has(&self, cell: usize) -> bool {
        self.cells.binary_search(&cell).is_ok()
    }

    /// The exact room of a cell of the component.
    pub(in crate::release::table) fn room(&mut self, cell: usize, allowance: &mut Allowance) -> Result<Room, TooLarge> {
        self.room_or_less(cell, true, allowance)
    }

    /// The exact room of a cell, or less of it where that is not to be had: what other tables prove.
    pub(in crate::release::table) fn proven_room(
        &mut self,
        cell: usize,
        allowance: &mut Allowance,
    ) -> Result<Room, TooLarge> {
        self.room_or_less(cell, false, allowance)
    }

    fn room_or_less(&mut self, cell: usize, exact: bool, allowance: &mut Allowance) -> Result<Room, TooLarge> {
        let variable = self.cells.binary_search(&cell).map_err(|_| TooLarge)?;
        let value = self.slack.get(variable).copied().ok_or(TooLarge)?;
        self.seen = (value, value);
        self.exact = exact;
        let (least, most) = (self.least(variable, allowance)?, self.most(variable, allowance)?);
        let (low, high) = self.seen;
        let least = if exact { least.ok_or(TooLarge)? } else { least.unwrap_or(low) };
        let up = match most {
            Most::Endless => None,
            Most::At(most) => Some(most.checked_sub(value).ok_or(TooLarge)?),
            Most::Unproven if exact => return Err(TooLarge),
            Most::Unproven => Some(high.checked_sub(value).ok_or(TooLarge)?),
        };
        Ok(Room { up, down: value.checked_sub(least).ok_or(TooLarge)? })
    }

    /// From the true figures, which need not be a vertex, to one: each free variable goes to zero, or as far as the
    /// basic ones let it and then takes the place of the one in its way.
    fn move_to_vertex(&mut self, allowance: &mut Allowance) -> Result<(), TooLarge> {
        let denominator = i128::from(self.tableau.denominator);
        let slack = |variable: &usize| self.slack.get(*variable).copied().unwrap_or(0);
        let scaled: Option<Vec<i128>> =
            self.tableau.basic.iter().map(|variable| slack(variable).checked_mul(denominator)).collect();
        self.tableau.scaled = scaled.ok_or(TooLarge)?;
        for column in 0..self.tableau.free.len() {
            let Some(variable) = self.tableau.free.get(column).copied() else { continue };
            let value = slack(&variable);
            if value == 0 {
                continue;
            }
            // Going down by `step` adds `entry · step` to every scaled basic value.
            let blocking = self.first_blocked(column, -1)?;
            let blocked = match blocking {
                Some(row) => {
                    let entry = i128::from(self.tableau.entry(row, column));
                    let scaled = self.tableau.scaled.get(row).copied().unwrap_or(0);
                    scaled < entry.checked_neg().and_then(|entry| entry.checked_mul(value)).ok_or(TooLarge)?
                }
                None => false,
            };
            // The variable is set to zero, for a moment perhaps outside the bounds; the exchange brings it back.
            for (row, scaled) in self.tableau.rows.iter().zip(&mut self.tableau.scaled) {
                let entry = i128::from(row.get(column).copied().unwrap_or(0));
                let change = entry.checked_mul(value).and_then(|change| scaled.checked_add(change));
                *scaled = change.ok_or(TooLarge)?;
            }
            if let (true, Some(row)) = (blocked, blocking) {
                self.tableau.exchange(row, column, allowance)?;
            }
        }
        Ok(())
    }

    /// The row whose basic variable reaches zero first when the variable of `column` rises (`direction` 1) or falls
    /// (-1); of equal ones that of the lowest variable.
    fn first_blocked(&self, column: usize, direction: i64) -> Result<Option<usize>, TooLarge> {
        let mut best: Option<(usize, i128, i128, usize)> = None;
        let rows = self.tableau.rows.iter().zip(&self.tableau.scaled).zip(&self.tableau.basic);
        for (place, ((row, scaled), variable)) in rows.enumerate() {
            let entry = i128::from(row.get(column).copied().unwrap_or(0) * direction);
            if entry <= 0 {
                continue;
            }
            let sooner = match best {
                None => true,
                Some((_, least, by, other)) => {
                    let own = scaled.checked_mul(by).ok_or(TooLarge)?;
                    let others = least.checked_mul(entry).ok_or(TooLarge)?;
                    own < others || (own == others && *variable < other)
                }
            };
            if sooner {
                best = Some((place, *scaled, entry, *variable));
            }
        }
        Ok(best.map(|(row, ..)| row))
    }

    /// Of the free columns that move the variable of `row` in `direction` when they rise, that of the lowest variable.
    fn entering(&self, row: usize, direction: i64) -> Option<usize> {
        let entries = self.tableau.rows.get(row)?.iter().zip(&self.tableau.free).enumerate();
        // A free variable that rises takes `entry` times as much from the basic one.
        let improving = entries.filter(|(_, (entry, _))| **entry * direction < 0);
        improving.min_by_key(|(_, (_, variable))| **variable).map(|(column, _)| column)
    }

    /// The least value of a variable, `None` if it is not proven.
    fn least(&mut self, variable: usize, allowance: &mut Allowance) -> Result<Option<i128>, TooLarge> {
        loop {
            self.see(variable);
            let Some(row) = self.tableau.row_of(variable) else {
                // A free variable is zero at the vertex.
                return self.proven(variable, 0, false, allowance);
            };
            let Some(column) = self.entering(row, -1) else {
                let scaled = self.tableau.scaled.get(row).copied().unwrap_or(0);
                let denominator = i128::from(self.tableau.denominator);
                // Figures are whole, so the bound rounds inwards.
                let bound = scaled.div_euclid(denominator) + i128::from(scaled.rem_euclid(denominator) != 0);
                return self.proven(variable, bound, false, allowance);
            };
            // The variable of `row` itself falls, so something is in the way.
            let blocked = self.first_blocked(column, 1)?.ok_or(TooLarge)?;
            self.tableau.exchange(blocked, column, allowance)?;
        }
    }

    fn most(&mut self, variable: usize, allowance: &mut Allowance) -> Result<Most, TooLarge> {
        loop {
            self.see(variable);
            let (row, column) = match self.tableau.row_of(variable) {
                Some(row) => (Some(row), self.entering(row, 1)),
                None => (None, self.tableau.free.iter().position(|free| *free == variable)),
            };
            let Some(column) = column else {
                let Some(scaled) = row.and_then(|row| self.tableau.scaled.get(row)) else { return Err(TooLarge) };
                let bound = scaled.div_euclid(i128::from(self.tableau.denominator));
                return Ok(self.proven(variable, bound, true, allowance)?.map_or(Most::Unproven, Most::At));
            };
            match self.first_blocked(column, 1)? {
                Some(blocked) => self.tableau.exchange(blocked, column, allowance)?,
                // It rises without end. From whole figures it does so in whole steps, too.
                None => return Ok(Most::Endless),
            }
        }
    }

    /// Whether the vertex is a table that may be: for counts, of whole numbers.
    fn is_table(&self) -> bool {
        let denominator = i128::from(self.tableau.denominator);
        !self.integral || denominator == 1 || self.tableau.scaled.iter().all(|scaled| scaled % denominator == 0)
    }

    /// Notes the value of a variable at the present vertex.
    fn see(&mut self, variable: usize) {
        if self.is_table() {
            let scaled = self.tableau.row_of(variable).and_then(|row| self.tableau.scaled.get(row));
            let (scaled, denominator) = (scaled.copied().unwrap_or(0), i128::from(self.tableau.denominator));
            let (low, high) = self.seen;
            // Rounded towards the true value, which is whole.
            let up = scaled.div_euclid(denominator) + i128::from(scaled.rem_euclid(denominator) != 0);
            self.seen = (low.min(up), high.max(scaled.div_euclid(denominator)));
        }
    }

    /// The bound over whole numbers for a linear `bound` that the present vertex attains.
    fn proven(
        &self,
        variable: usize,
        bound: i128,
        most: bool,
        allowance: &mut Allowance,
    ) -> Result<Option<i128>, TooLarge> {
        if self.is_table() {
            return Ok(Some(bound));
        }
        if !self.exact || self.slack.len() > integral::MOST_CELLS {
            return Ok(None);
        }
        integral::bound(&self.equations, &self.slack, variable, bound, most, allowance).map(Some)
    }
}

enum Most {
    At(i128),
    Endless,
    Unproven,
}
