//! Atoms: customers who are in the same sets.

use std::collections::HashMap;

/// The customers of some sets, grouped by the sets they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Atoms {
    /// The rows of each atom, ascending; atoms in the order of their first row.
    pub(super) rows: Vec<Vec<u32>>,
    /// The sets of each atom, ascending.
    pub(super) sets: Vec<Vec<u32>>,
    /// The atoms of each set, ascending.
    pub(super) of_set: Vec<Vec<u32>>,
}

impl Atoms {
    /// Groups `n` rows by the sets they are in; rows in none are left out.
    pub(super) fn of(n: usize, sets: &[Vec<u32>]) -> Self {
        // Every set splits each group in two: those in it move on to a group of their own.
        let mut group = vec![0u32; n];
        let mut members: Vec<Vec<u32>> = vec![Vec::new()];
        for (set, rows) in (0u32..).zip(sets) {
            let mut moved: HashMap<u32, u32> = HashMap::new();
            for row in rows {
                let Some(own) = group.get_mut(*row as usize) else { continue };
                let before = *own;
                *own = *moved.entry(before).or_insert_with(|| {
                    let mut signature = members.get(before as usize).cloned().unwrap_or_default();
                    signature.push(set);
                    members.push(signature);
                    members.len() as u32 - 1
                });
            }
        }
        let mut place: HashMap<u32, usize> = HashMap::new();
        let mut atoms = Self { of_set: vec![Vec::new(); sets.len()], ..Self::default() };
        for (row, group) in (0u32..).zip(&group).filter(|(_, group)| **group != 0) {
            let atom = *place.entry(*group).or_insert_with(|| {
                let signature = members.get(*group as usize).cloned().unwrap_or_default();
                for set in &signature {
                    if let Some(own) = atoms.of_set.get_mut(*set as usize) {
                        own.push(atoms.rows.len() as u32);
                    }
                }
                atoms.sets.push(signature);
                atoms.rows.push(Vec::new());
                atoms.rows.len() - 1
            });
            if let Some(rows) = atoms.rows.get_mut(atom) {
                rows.push(row);
            }
        }
        atoms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_atom_are_in_the_same_sets() {
        let atoms = Atoms::of(7, &[vec![0, 1, 2, 3], vec![2, 3, 4], vec![], vec![0, 1]]);
        assert_eq!(atoms.rows, [vec![0, 1], vec![2, 3], vec![4]]);
        assert_eq!(atoms.sets, [vec![0, 3], vec![0, 1], vec![1]]);
        assert_eq!(atoms.of_set, [vec![0, 1], vec![1, 2], vec![], vec![0]]);
    }
}
