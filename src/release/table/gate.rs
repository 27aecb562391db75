//! The door: from a table to what of it may leave.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::complement::{Pattern, Unprotected, protect};
use super::precision::Step;
use super::rules::Rules;
use super::system::{Mask, System};
use super::{Cell, Column, Figure, GatedTable, Measure, PublishedCell, Reason, ReleasePolicy, Table, TableError};

impl Table {
    /// Decides which figures may leave under `policy`, and rounds them.
    ///
    /// Cells that break a rule are hidden; then the cheapest others from which they could be worked out, until the
    /// audit passes; then each of these is taken back if it passes without. The audit is exact: whatever is published,
    /// no hidden cell that breaks a rule can be computed, nor narrowed down beyond what its protection allows, and the
    /// hidden parts of a relation pass the rules together as one cell.
    ///
    /// # Privacy
    /// The rules assume a reader who knows all shown figures exactly and all rules. He may still learn which cells are
    /// hidden, and what several releases tell when put together.
    ///
    /// # Errors
    /// [`TableError::MustPublish`] if a cell that must be published breaks a rule, [`TableError::NoPattern`] with the
    /// relation that cannot be protected, [`TableError::PolicyColumn`] if the policy names a column that is not there,
    /// [`TableError::Overflow`] if a figure cannot be rounded exactly.
    ///
    /// # Complexity
    /// For each system of cells that hang together: hidden cells times relations for cycles; where cycles do not
    /// decide, two linear programmes for a cell. The same result on any number of threads.
    ///
    /// # References
    /// Fischetti, Salazar: *Models and algorithms for the cell suppression problem*, Management Science 2001;
    /// Cox: *Suppression methodology and statistical disclosure control*, JASA 1980.
    pub fn gate(&self, policy: &ReleasePolicy) -> Result<GatedTable, TableError> {
        policy.check(&self.columns)?;
        let rules = Rules::new(self, policy);
        let mut reasons = rules.primary();
        for (place, (cell, reasons)) in self.cells.iter().zip(&reasons).enumerate() {
            if let (true, Some(reason)) = (cell.must_publish, reasons.first()) {
                return Err(TableError::MustPublish { cell: place, reason: *reason });
            }
        }
        let mut systems: Vec<Judged> =
            System::all(self).into_iter().map(|system| Judged::new(system, &reasons)).collect();
        let mut of_cell = vec![0; self.cells.len()];
        for (place, judged) in systems.iter().enumerate() {
            for cell in &judged.system.cells {
                if let Some(slot) = of_cell.get_mut(*cell) {
                    *slot = place;
                }
            }
        }
        // Hiding a complement hides its count, which lies in another system; this only ever hides more.
        while systems.iter().any(|judged| judged.open) {
            systems.par_iter_mut().for_each(|judged| judged.judge(&rules));
            if let Some(Unprotected { relation }) = systems.iter().find_map(|judged| judged.failed) {
                return Err(TableError::NoPattern { relation });
            }
            let counts: BTreeSet<usize> = systems.iter().flat_map(|judged| judged.counts(self)).collect();
            for cell in counts {
                if self.cells.get(cell).is_some_and(|cell| cell.must_publish) {
                    return Err(TableError::MustPublish { cell, reason: Reason::CountOfHidden });
                }
                if let Some(judged) = of_cell.get(cell).and_then(|place| systems.get_mut(*place)) {
                    judged.fix(cell);
                }
            }
        }
        for judged in &systems {
            for cell in judged.hidden.iter().filter_map(|place| judged.system.cells.get(place)) {
                if let Some(reasons) = reasons.get_mut(*cell) {
                    if judged.whole {
                        reasons.insert(Reason::TooLargeToAudit);
                    } else if reasons.is_empty() {
                        reasons.insert(Reason::Complement);
                    }
                }
            }
        }
        let publish = |(cell, reasons): (&Cell, &BTreeSet<Reason>)| match self.column_of(cell) {
            Some(column) if reasons.is_empty() => figure(cell, column, policy).map(PublishedCell::Shown),
            _ => Ok(PublishedCell::Hidden),
        };
        let cells: Result<Vec<PublishedCell>, TableError> = self.cells.iter().zip(&reasons).map(publish).collect();
        Ok(GatedTable { cells: cells?, reasons })
    }
}

/// A system and what is hidden of it.
struct Judged {
    system: System,
    primary: Mask,
    /// Hidden because a figure is whose count they are.
    fixed: Mask,
    hidden: Mask,
    whole: bool,
    /// Not judged yet, or judged before more was hidden.
    open: bool,
    failed: Option<Unprotected>,
}

impl Judged {
    fn new(system: System, reasons: &[BTreeSet<Reason>]) -> Self {
        let mut primary = Mask::new(system.n_cells());
        let mut open = false;
        for (place, cell) in system.cells.iter().enumerate() {
            if reasons.get(*cell).is_some_and(|reasons| !reasons.is_empty()) {
                open |= primary.insert(place);
            }
        }
        let none = Mask::new(system.n_cells());
        Self { system, hidden: primary.clone(), primary, fixed: none, whole: false, open, failed: None }
    }

    fn judge(&mut self, rules: &Rules<'_>) {
        if !std::mem::take(&mut self.open) || self.whole {
            return;
        }
        match protect(&self.system, rules, &self.primary, &self.fixed) {
            Ok(Pattern::Hidden(hidden)) => self.hidden = hidden,
            Ok(Pattern::Whole) => self.hide_whole(rules),
            Err(failed) => self.failed = Some(failed),
        }
    }

    /// Hides all but structural zeros, which everybody knows; what must be published stands in the way.
    fn hide_whole(&mut self, rules: &Rules<'_>) {
        self.whole = true;
        for (place, cell) in self.system.cells.iter().enumerate() {
            if rules.cost(*cell).is_some() {
                self.hidden.insert(place);
            } else if !rules.is_known(*cell) {
                let equation = self.system.equations(place).first();
                let equation = equation.and_then(|(equation, _)| self.system.relations.get(*equation));
                self.failed = Some(Unprotected { relation: equation.map_or(0, |equation| equation.relation) });
            }
        }
    }

    /// The cells that count the customers of hidden ones.
    fn counts<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = usize> + 'a {
        let hidden = self.hidden.iter().filter_map(|place| self.system.cells.get(place));
        hidden
            .filter_map(|cell| table.cells.get(*cell)?.count)
            .filter(|count| table.cells.get(count.0).is_some_and(|cell| !cell.structural_zero))
            .map(|count| count.0)
    }

    fn fix(&mut self, cell: usize) {
        if let Ok(place) = self.system.cells.binary_search(&cell)
            && !self.primary.has(place)
            && !self.hidden.has(place)
            && self.fixed.insert(place)
        {
            self.open = true;
        }
    }
}

/// The figure of a cell, as finely as its number of customers allows.
fn figure(cell: &Cell, column: &Column, policy: &ReleasePolicy) -> Result<Figure, TableError> {
    let own = &cell.contributions;
    let n = own.n_customers.max(1);
    let width = policy.width_of(column).unwrap_or(i128::MAX);
    if cell.structural_zero || column.measure == Measure::Count {
        return Ok(Figure { units: own.total, exponent: 0, step: 1 });
    }
    let (step, numerator, denominator) = match column.measure {
        Measure::Mean => (Step::of_mean(n, width), own.total, i128::from(n)),
        Measure::Share => {
            let of = cell.of.unwrap_or(n).max(1);
            (Step::of_share(of), own.total, i128::from(of))
        }
        Measure::Sum | Measure::Count => (Step::of_sum(width), own.total, 1),
    };
    let step = step.ok_or(TableError::Overflow)?;
    let (units, exponent) = step.round(numerator, denominator).ok_or(TableError::Overflow)?;
    let decimals = if column.measure.is_count() { 0 } else { i32::from(column.decimals) };
    Ok(Figure { units, exponent: exponent - decimals, step: step.value().0 })
}

#[cfg(test)]
mod tests {
    use super::super::{Contributions, Relation, TableBuilder, Threshold};
    use super::*;

    #[test]
    fn hidden_whole_means_all_but_what_everybody_knows() {
        let mut builder = TableBuilder::new();
        let column = builder.column(Column::new("customers", Measure::Count));
        let total = builder.cell(Cell::new(column, Contributions::count(90)));
        let part = builder.cell(Cell::new(column, Contributions::count(90)));
        let none = builder.cell(Cell::new(column, Contributions::count(0)).structural_zero());
        builder.relation(Relation::new(total, [part, none]));
        let table = builder.build().unwrap();
        let policy = ReleasePolicy::new(Threshold::INTERNAL);
        let mut judged = System::all(&table).into_iter().map(|system| Judged::new(system, &[])).next().unwrap();
        judged.hide_whole(&Rules::new(&table, &policy));
        assert_eq!(judged.hidden.iter().collect::<Vec<_>>(), [0, 1]);
        assert!(judged.whole && judged.failed.is_none());
    }
}
