//! Cells that hang together through relations, as a system of equations.

use super::{Measure, Table};

/// Cells that hang together, numbered from 0, and the relations between them.
///
/// Structural zeros are left out of the equations: everybody knows them.
pub(super) struct System {
    /// Place in the table of every cell, ascending.
    pub(super) cells: Vec<usize>,
    pub(super) relations: Vec<Equation>,
    /// For every cell the equations it is in, with its sign.
    pub(super) equations_of: Vec<Vec<(usize, i8)>>,
    /// For every cell how far its value lies above the least that a reader knows it must be.
    pub(super) slack: Vec<i128>,
    pub(super) value: Vec<i128>,
    /// Whether the figures are counts.
    pub(super) integral: bool,
}

/// `total - parts = 0`.
pub(super) struct Equation {
    /// Place among the relations of the table.
    pub(super) relation: usize,
    pub(super) terms: Vec<(usize, i8)>,
}

impl System {
    /// Splits the table into systems that share no cell, ordered by their first cell.
    pub(super) fn all(table: &Table) -> Vec<Self> {
        let n = table.cells.len();
        let mut of_cell: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (place, relation) in table.relations.iter().enumerate() {
            for cell in std::iter::once(&relation.total).chain(&relation.parts) {
                if let Some(list) = of_cell.get_mut(cell.0) {
                    list.push(place);
                }
            }
        }
        let mut local: Vec<usize> = vec![usize::MAX; n];
        let mut seen = Mask::new(n);
        let mut seen_relation = Mask::new(table.relations.len());
        let mut systems = Vec::new();
        for first in 0..n {
            if !seen.insert(first) {
                continue;
            }
            let (mut cells, mut relations, mut next) = (vec![first], Vec::new(), 0);
            while let Some(cell) = cells.get(next).copied() {
                next += 1;
                for relation in list(&of_cell, cell) {
                    if !seen_relation.insert(*relation) {
                        continue;
                    }
                    relations.push(*relation);
                    let Some(members) = table.relations.get(*relation) else { continue };
                    for other in std::iter::once(&members.total).chain(&members.parts) {
                        if seen.insert(other.0) {
                            cells.push(other.0);
                        }
                    }
                }
            }
            cells.sort_unstable();
            // By what they say, so that the order in which a table is written changes ties only.
            relations.sort_by_key(|place| {
                let relation = table.relations.get(*place);
                let total =
                    relation.and_then(|relation| table.cells.get(relation.total.0)).map(|cell| &cell.contributions);
                let size = total.map(|total| (total.total, total.n_customers));
                (size, relation.map(|relation| relation.parts.len()), *place)
            });
            systems.push(Self::of(table, cells, &relations, &mut local));
        }
        systems
    }

    fn of(table: &Table, cells: Vec<usize>, relations: &[usize], local: &mut [usize]) -> Self {
        let mut system = Self {
            relations: Vec::with_capacity(relations.len()),
            equations_of: vec![Vec::new(); cells.len()],
            slack: Vec::with_capacity(cells.len()),
            value: Vec::with_capacity(cells.len()),
            integral: true,
            cells,
        };
        for (place, id) in system.cells.iter().enumerate() {
            if let Some(slot) = local.get_mut(*id) {
                *slot = place;
            }
            let Some(cell) = table.cells.get(*id) else { continue };
            let column = table.column_of(cell);
            system.integral &= column.is_some_and(|column| column.measure.is_count());
            let total = cell.contributions.total;
            // What customers may take away is bounded by the declared range; without one, nothing is known but that
            // they took away no more than all amounts together.
            let least = match column.and_then(|column| column.range) {
                _ if column.is_none_or(|column| column.measure == Measure::Count) => 0,
                Some(range) => range.lower().min(0).saturating_mul(cell.contributions.n_customers.into()),
                None if total == cell.contributions.absolute => 0,
                None => -cell.contributions.absolute,
            };
            system.value.push(total);
            system.slack.push(total.saturating_sub(least).max(0));
        }
        for id in relations {
            let Some(relation) = table.relations.get(*id) else { continue };
            let place = system.relations.len();
            let members = std::iter::once((relation.total, 1)).chain(relation.parts.iter().map(|part| (*part, -1)));
            let known = |cell: usize| table.cells.get(cell).is_some_and(|cell| cell.structural_zero);
            let terms: Vec<(usize, i8)> = members
                .filter(|(cell, _)| !known(cell.0))
                .filter_map(|(cell, sign)| Some((*local.get(cell.0)?, sign)))
                .collect();
            for (cell, sign) in &terms {
                if let Some(list) = system.equations_of.get_mut(*cell) {
                    list.push((place, *sign));
                }
            }
            system.relations.push(Equation { relation: *id, terms });
        }
        system
    }

    pub(super) fn n_cells(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn terms(&self, equation: usize) -> &[(usize, i8)] {
        self.relations.get(equation).map_or(&[], |equation| equation.terms.as_slice())
    }

    pub(super) fn equations(&self, cell: usize) -> &[(usize, i8)] {
        list(&self.equations_of, cell)
    }

    pub(super) fn slack(&self, cell: usize) -> i128 {
        self.slack.get(cell).copied().unwrap_or(0)
    }

    pub(super) fn value(&self, cell: usize) -> i128 {
        self.value.get(cell).copied().unwrap_or(0)
    }

    /// The hidden cells that hang together with `start` through equations, and these equations; both ascending.
    pub(super) fn component(&self, hidden: &Mask, start: usize) -> Component {
        let mut seen = Mask::new(self.n_cells());
        let mut seen_equation = Mask::new(self.relations.len());
        seen.insert(start);
        let (mut cells, mut equations, mut next) = (vec![start], Vec::new(), 0);
        while let Some(cell) = cells.get(next).copied() {
            next += 1;
            for (equation, _) in self.equations(cell) {
                if !seen_equation.insert(*equation) {
                    continue;
                }
                equations.push(*equation);
                cells.extend(
                    self.terms(*equation).iter().map(|term| term.0).filter(|c| hidden.has(*c) && seen.insert(*c)),
                );
            }
        }
        cells.sort_unstable();
        equations.sort_unstable();
        Component { cells, equations }
    }

    /// All components of hidden cells, ordered by their first cell.
    pub(super) fn components(&self, hidden: &Mask) -> Vec<Component> {
        let mut seen = Mask::new(self.n_cells());
        let mut all = Vec::new();
        for cell in 0..self.n_cells() {
            if hidden.has(cell) && !seen.has(cell) {
                let component = self.component(hidden, cell);
                for cell in &component.cells {
                    seen.insert(*cell);
                }
                all.push(component);
            }
        }
        all
    }
}

/// Hidden cells that hang together and the equations they are in.
pub(super) struct Component {
    pub(super) cells: Vec<usize>,
    pub(super) equations: Vec<usize>,
}

/// A set of places; what is out of range is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mask(Vec<bool>);

impl Mask {
    pub(super) fn new(n: usize) -> Self {
        Self(vec![false; n])
    }

    pub(super) fn has(&self, place: usize) -> bool {
        self.0.get(place).copied().unwrap_or(false)
    }

    /// Says whether the place was new.
    pub(super) fn insert(&mut self, place: usize) -> bool {
        self.0.get_mut(place).is_some_and(|slot| !std::mem::replace(slot, true))
    }

    pub(super) fn remove(&mut self, place: usize) {
        if let Some(slot) = self.0.get_mut(place) {
            *slot = false;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter(|(_, set)| **set).map(|(place, _)| place)
    }
}

pub(super) fn list<T>(lists: &[Vec<T>], place: usize) -> &[T] {
    lists.get(place).map_or(&[], Vec::as_slice)
}
