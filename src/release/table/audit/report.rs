//! The audit of a pattern of hidden cells.

use rayon::prelude::*;

use super::tableau::{Allowance, TooLarge};
use super::{Bounds, determined};
use crate::release::table::system::{Component, Mask, System};
use crate::release::table::{CellId, Table};

/// The values that a hidden cell can have, as far as a reader can tell.
///
/// For counts over whole numbers; for sums over all numbers, rounded inwards to whole units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// The least.
    pub lo: i128,
    /// The greatest, `None` without end.
    pub hi: Option<i128>,
}

/// What a reader of a table can work out about the cells that are hidden from him.
///
/// He knows every figure that is shown exactly, all relations, and that no figure lies below what the declared ranges
/// allow. Figures are rounded when they leave, so a reader knows less than is assumed here.
///
/// # Privacy
/// For the controller: intervals narrow down what is hidden.
pub struct Audit {
    parts: Vec<(System, Mask)>,
}

impl Table {
    /// Audits the pattern that hides `hidden`.
    ///
    /// # Examples
    /// ```
    /// use consentric::release::table::{Cell, Column, Contributions, Interval, Measure, Relation, TableBuilder};
    ///
    /// let mut builder = TableBuilder::new();
    /// let customers = builder.column(Column::new("customers", Measure::Count));
    /// let mut cell = |n| builder.cell(Cell::new(customers, Contributions::count(n)));
    /// let (total, a, b, c) = (cell(100), cell(7), cell(30), cell(63));
    /// builder.relation(Relation::new(total, [a, b, c]));
    /// let table = builder.build()?;
    ///
    /// assert_eq!(table.audit([a]).determined()?, [a]);
    /// assert_eq!(table.audit([a, b]).intervals()?[0], (a, Interval { lo: 0, hi: Some(37) }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn audit(&self, hidden: impl IntoIterator<Item = CellId>) -> Audit {
        let mut all = Mask::new(self.cells.len());
        for cell in hidden {
            all.insert(cell.0);
        }
        let part = |system: System| {
            let mut own = Mask::new(system.n_cells());
            for (place, cell) in system.cells.iter().enumerate() {
                if all.has(*cell) {
                    own.insert(place);
                }
            }
            (system, own)
        };
        Audit { parts: System::all(self).into_iter().map(part).collect() }
    }
}

impl Audit {
    /// Gives the hidden cells whose value follows from the relations alone, ascending.
    ///
    /// # Errors
    /// [`TooLarge`] if that cannot be computed exactly.
    ///
    /// # Complexity
    /// `O(relations² · cells)` for each group of hidden cells that hang together.
    ///
    /// # References
    /// Bareiss: *Sylvester's identity and multistep integer-preserving Gaussian elimination*, 1968.
    pub fn determined(&self) -> Result<Vec<CellId>, TooLarge> {
        self.each(|system, hidden, component| determined(system, component, hidden, &mut Allowance::new(MOST_WORK)))
    }

    /// Gives the exact interval of every hidden cell, ascending by cell.
    ///
    /// # Errors
    /// [`TooLarge`] if one cannot be computed exactly.
    ///
    /// # Complexity
    /// Two linear programmes for each cell, solved in integers one from another.
    pub fn intervals(&self) -> Result<Vec<(CellId, Interval)>, TooLarge> {
        self.each(|system, _, component| {
            let mut allowance = Allowance::new(MOST_WORK);
            let mut bounds = Bounds::new(system, component, &mut allowance)?;
            let mut found = Vec::with_capacity(component.cells.len());
            for cell in &component.cells {
                let room = bounds.room(*cell, &mut allowance)?;
                let value = system.value(*cell);
                found.push((*cell, Interval { lo: value - room.down, hi: room.up.map(|up| value + up) }));
            }
            Ok(found)
        })
    }

    /// Runs `judge` over all components, in parallel, and puts what it finds in the order of the cells.
    fn each<T: Named + Send>(
        &self,
        judge: impl Fn(&System, &Mask, &Component) -> Result<Vec<T>, TooLarge> + Sync,
    ) -> Result<Vec<T::Named>, TooLarge>
    where
        T::Named: Ord + Send,
    {
        let jobs: Vec<(&System, &Mask, Component)> = self
            .parts
            .iter()
            .flat_map(|(system, hidden)| system.components(hidden).into_iter().map(move |part| (system, hidden, part)))
            .collect();
        let found: Result<Vec<Vec<T::Named>>, TooLarge> = jobs
            .par_iter()
            .map(|(system, hidden, component)| {
                let found = judge(system, hidden, component)?;
                Ok(found.into_iter().map(|item| item.named(system)).collect())
            })
            .collect();
        let mut found: Vec<T::Named> = found?.into_iter().flatten().collect();
        found.sort_unstable();
        Ok(found)
    }
}

impl std::fmt::Debug for Audit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Audit").field("n_systems", &self.parts.len()).finish_non_exhaustive()
    }
}

/// A finding about a cell of a system that becomes one about a cell of the table.
trait Named {
    type Named;
    fn named(self, system: &System) -> Self::Named;
}

impl Named for usize {
    type Named = CellId;
    fn named(self, system: &System) -> CellId {
        CellId(system.cells.get(self).copied().unwrap_or(self))
    }
}

impl Named for (usize, Interval) {
    type Named = (CellId, Interval);
    fn named(self, system: &System) -> (CellId, Interval) {
        (self.0.named(system), self.1)
    }
}

/// Entries that one component may touch: seconds on one core.
const MOST_WORK: u64 = 1 << 33;
