//! Which hidden cells follow from what is shown.

use super::tableau::{Allowance, Tableau, TooLarge};
use crate::release::table::system::{Component, Mask, System};

/// The hidden cells of a component that the equations determine, ascending.
///
/// A cell is determined if its unit vector lies in the row space of the columns of hidden cells: after elimination it
/// is then a basic variable whose row has no other entry.
pub(in crate::release::table) fn determined(
    system: &System,
    component: &Component,
    hidden: &Mask,
    allowance: &mut Allowance,
) -> Result<Vec<usize>, TooLarge> {
    let peeled = peel(system, component, hidden);
    let mut local = vec![usize::MAX; system.n_cells()];
    let rest: Vec<usize> = component.cells.iter().copied().filter(|cell| !peeled.has(*cell)).collect();
    for (place, cell) in rest.iter().enumerate() {
        if let Some(slot) = local.get_mut(*cell) {
            *slot = place;
        }
    }
    let tableau = Tableau::eliminate(&equations(system, component, &local), rest.len(), allowance)?;
    let alone = tableau.basic.iter().zip(&tableau.rows).filter(|(_, row)| row.iter().all(|entry| *entry == 0));
    let mut found: Vec<usize> = alone.filter_map(|(variable, _)| rest.get(*variable).copied()).collect();
    found.extend(peeled.iter());
    found.sort_unstable();
    Ok(found)
}

/// Cells that follow one after the other, each being the only unknown of an equation.
pub(in crate::release::table) fn peel(system: &System, component: &Component, hidden: &Mask) -> Mask {
    let mut known = Mask::new(system.n_cells());
    let unknown = |known: &Mask, equation: usize| -> Option<usize> {
        let mut open =
            system.terms(equation).iter().map(|term| term.0).filter(|cell| hidden.has(*cell) && !known.has(*cell));
        let first = open.next()?;
        open.next().is_none().then_some(first)
    };
    let mut queue: Vec<usize> = component.equations.clone();
    while let Some(equation) = queue.pop() {
        if let Some(cell) = unknown(&known, equation) {
            known.insert(cell);
            queue.extend(system.equations(cell).iter().map(|(equation, _)| *equation));
        }
    }
    known
}

/// The equations of a component over the cells that `local` numbers.
pub(super) fn equations(system: &System, component: &Component, local: &[usize]) -> Vec<Vec<(usize, i8)>> {
    let number = |cell: usize| local.get(cell).copied().filter(|place| *place != usize::MAX);
    let of = |equation: &usize| -> Vec<(usize, i8)> {
        system.terms(*equation).iter().filter_map(|(cell, sign)| Some((number(*cell)?, *sign))).collect()
    };
    component.equations.iter().map(of).filter(|terms| !terms.is_empty()).collect()
}
