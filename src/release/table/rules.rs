//! The rules that look at one cell, or at several as one.

use std::collections::BTreeSet;

use super::audit::Room;
use super::{Cell, Column, Contributions, Measure, Reason, ReleasePolicy, Table};

/// The rules of a policy over the cells of a table.
pub(super) struct Rules<'a> {
    table: &'a Table,
    policy: &'a ReleasePolicy,
}

impl<'a> Rules<'a> {
    pub(super) const fn new(table: &'a Table, policy: &'a ReleasePolicy) -> Self {
        Self { table, policy }
    }

    /// All reasons why each cell must be hidden for its own sake.
    pub(super) fn primary(&self) -> Vec<BTreeSet<Reason>> {
        let mut all: Vec<BTreeSet<Reason>> = self.table.cells.iter().map(|cell| self.of_cell(cell)).collect();
        let mut add = |cell: super::CellId, reason| {
            let known = self.table.cells.get(cell.0).is_none_or(|cell| cell.structural_zero);
            if let (Some(reasons), false) = (all.get_mut(cell.0), known) {
                reasons.insert(reason);
            }
        };
        for attribute in &self.table.attributes {
            if let Some(rule) = &self.policy.diversity {
                attribute.uniform(rule).for_each(|cell| add(cell, Reason::Diversity));
            }
            if let Some(rule) = &self.policy.closeness {
                attribute.distant(rule).for_each(|cell| add(cell, Reason::Closeness));
            }
        }
        // SPEC: section 10, when a cell is hidden, its count is hidden too. A count may have a count of its own.
        let mut open: Vec<usize> =
            (0..all.len()).filter(|cell| all.get(*cell).is_some_and(|r| !r.is_empty())).collect();
        while let Some(cell) = open.pop() {
            let Some(count) = self.table.cells.get(cell).and_then(|cell| cell.count) else { continue };
            let known = self.table.cells.get(count.0).is_none_or(|cell| cell.structural_zero);
            if let (Some(reasons), false) = (all.get_mut(count.0), known) {
                if reasons.is_empty() {
                    open.push(count.0);
                }
                reasons.insert(Reason::CountOfHidden);
            }
        }
        all
    }

    fn of_cell(&self, cell: &Cell) -> BTreeSet<Reason> {
        let mut reasons = BTreeSet::new();
        let Some(column) = self.table.column_of(cell) else { return reasons };
        if cell.structural_zero {
            return reasons;
        }
        reasons.extend(cell.hidden_for);
        let own = &cell.contributions;
        let threshold = self.policy.threshold_of(column).n();
        let few = |n: u64| (1..threshold).contains(&n);
        if few(own.n_customers) {
            reasons.insert(Reason::BelowThreshold);
        }
        if own.n_customers == 0 || own.total == 0 {
            reasons.insert(Reason::Zero);
        }
        if own.n_customers > 0 && own.n_households.is_some_and(|n| n < threshold) {
            reasons.insert(Reason::FewHouseholds);
        }
        if let (Measure::Share, Some(of)) = (column.measure, cell.of) {
            // The reader has the rest, too: it is a cell like the share itself.
            let rest = of.saturating_sub(own.n_customers);
            let everybody = own.n_customers == 0 || rest == 0 || few(own.n_customers);
            if few(rest) || (column.sensitive && everybody) {
                reasons.insert(Reason::GroupDisclosure);
            }
        }
        if !column.measure.is_count() {
            if self.policy.dominance().breaks(own) {
                reasons.insert(Reason::Dominance);
            }
            if self.policy.width_of(column).is_none() {
                reasons.insert(Reason::NoWidth);
            }
        }
        reasons
    }

    /// What a reader must not learn about a cell that is hidden for its own sake.
    pub(super) fn protection(&self, place: usize) -> Option<Protection> {
        let cell = self.table.cells.get(place)?;
        let column = self.table.column_of(cell)?;
        if column.measure.is_count() {
            return Some(Protection::Count { threshold: self.policy.threshold_of(column).n().into() });
        }
        let width = self.policy.width_of(column).unwrap_or(1);
        Some(Protection::Sum { distance: width.max(self.policy.dominance().protection(&cell.contributions)).max(1) })
    }

    /// What hiding a cell costs: the customers behind it; `None` if it, or the count that goes with it, must stay.
    pub(super) fn cost(&self, place: usize) -> Option<u64> {
        let cell = self.table.cells.get(place)?;
        let count_stays = cell.count.and_then(|count| self.table.cells.get(count.0)).is_some_and(|c| c.must_publish);
        (!cell.structural_zero && !cell.must_publish && !count_stays).then_some(cell.contributions.n_customers)
    }

    /// Whether a cell is a zero that everybody knows.
    pub(super) fn is_known(&self, place: usize) -> bool {
        self.table.cells.get(place).is_some_and(|cell| cell.structural_zero)
    }

    /// Whether the hidden parts of a relation, whose sum a reader can compute, pass as one cell.
    ///
    /// They do if the total is hidden, and if all parts are: then their sum is the total, a cell that is shown.
    pub(super) fn union_passes(&self, relation: usize, hidden: impl Fn(usize) -> bool) -> bool {
        let Some(relation) = self.table.relations.get(relation) else { return true };
        if hidden(relation.total.0) {
            return true;
        }
        let parts = || relation.parts.iter().filter_map(|part| self.table.cells.get(part.0).map(|cell| (part.0, cell)));
        let open = || parts().filter(|(place, _)| hidden(*place));
        if open().next().is_none() || parts().all(|(place, cell)| hidden(place) || cell.structural_zero) {
            return true;
        }
        let union = Contributions::union(open().map(|(_, cell)| &cell.contributions), relation.disjoint);
        let columns: Vec<&Column> = open().filter_map(|(_, cell)| self.table.column_of(cell)).collect();
        let threshold = columns.iter().map(|column| self.policy.threshold_of(column).n()).max().unwrap_or(u64::MAX);
        let sums = columns.iter().any(|column| !column.measure.is_count());
        union.n_customers >= threshold
            && union.total != 0
            && union.n_households.is_none_or(|n| n >= threshold)
            && !(sums && self.policy.dominance().breaks(&union))
    }
}

/// How far a reader must be kept from a hidden figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// The interval must be this wide and reach this far up.
    Count { threshold: i128 },
    /// The interval must reach this far to both sides, or down to the least there can be.
    Sum { distance: i128 },
}

impl Protection {
    /// Whether a reader who knows that the figure lies in `room` around its value is kept far enough.
    pub(super) fn holds(self, value: i128, slack: i128, room: Room) -> bool {
        let up = |least: i128| room.up.is_none_or(|up| up >= least);
        match self {
            // SPEC: section 10, audit (b), counts: hi - lo >= threshold and hi >= threshold.
            Self::Count { threshold } => up(threshold - room.down) && up(threshold - value),
            // SPEC: section 10, audit (b), sums: hi >= T + U and lo <= max(0, T - U).
            Self::Sum { distance } => up(distance) && room.down >= distance.min(slack),
        }
    }

    /// Pairs of shifts (up, down) each of which would be enough; 0 asks for none.
    pub(super) fn shifts(self, value: i128, slack: i128) -> Vec<(i128, i128)> {
        match self {
            Self::Count { threshold } => {
                let up = (threshold - value).max(0);
                let pair = (up, threshold - up);
                // Up alone is enough from any value; with small room up, the rest may be down.
                if pair.1 <= slack { vec![(threshold, 0), pair] } else { vec![(threshold, 0)] }
            }
            Self::Sum { distance } => vec![(distance, distance.min(slack))],
        }
    }
}
