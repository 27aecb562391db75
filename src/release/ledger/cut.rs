//! Smallest cuts: a proof that no combination of rows is small.

use std::collections::BTreeMap;

/// A bound from below on the customers on whom a combination of rows is non-zero; `None` if there are too many rows.
///
/// `entries` holds for each row its atoms and values. An atom that two rows hold with opposite values stays in every
/// combination that takes the two unequally often, an atom of one row in all that take it. So rows are corners of a
/// graph, with one corner more for "not taken", and those taken equally often are one side of a cut: the smallest cut
/// is the bound. Atoms of three rows and more are left out, which only lowers it.
///
/// # Complexity
/// `O(n³)` for the largest connected part of `n` rows.
///
/// # References
/// Stoer, Wagner: *A simple min-cut algorithm*, J. ACM 1997.
pub(super) fn smallest_cut(entries: &[&[(u32, i64)]], weights: &[u64]) -> Option<u64> {
    let mut holders: BTreeMap<u32, Vec<(usize, i64)>> = BTreeMap::new();
    for (row, entries) in entries.iter().enumerate() {
        entries.iter().for_each(|(atom, value)| holders.entry(*atom).or_default().push((row, *value)));
    }
    let weight = |atom: u32| weights.get(atom as usize).copied().unwrap_or(0);
    let mut ground = vec![0u64; entries.len()];
    let mut edges: BTreeMap<usize, BTreeMap<usize, u64>> = BTreeMap::new();
    for (atom, holders) in &holders {
        match holders.as_slice() {
            [(row, _)] => {
                if let Some(own) = ground.get_mut(*row) {
                    *own += weight(*atom);
                }
            }
            [(a, x), (b, y)] if *x == -*y => {
                *edges.entry(*a).or_default().entry(*b).or_default() += weight(*atom);
                *edges.entry(*b).or_default().entry(*a).or_default() += weight(*atom);
            }
            _ => {}
        }
    }
    let mut seen = vec![false; entries.len()];
    let mut bound = u64::MAX;
    for start in 0..entries.len() {
        let mut part = Vec::new();
        let mut open = vec![start];
        while let Some(row) = open.pop() {
            match seen.get_mut(row) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            part.push(row);
            open.extend(edges.get(&row).into_iter().flat_map(BTreeMap::keys));
        }
        if part.len() > MAX_ROWS {
            return None;
        }
        if !part.is_empty() {
            bound = bound.min(cut_of(&part, &edges, &ground));
        }
    }
    Some(bound)
}

/// The smallest cut of some rows and the ground.
fn cut_of(part: &[usize], edges: &BTreeMap<usize, BTreeMap<usize, u64>>, ground: &[u64]) -> u64 {
    let place: BTreeMap<usize, usize> = part.iter().copied().zip(1..).collect();
    let mut weights = vec![vec![0u64; part.len() + 1]; part.len() + 1];
    let mut set = |a: usize, b: usize, weight: u64| {
        if let Some(cell) = weights.get_mut(a).and_then(|row| row.get_mut(b)) {
            *cell = weight;
        }
    };
    for (row, own) in &place {
        let down = ground.get(*row).copied().unwrap_or(0);
        set(*own, 0, down);
        set(0, *own, down);
        for (other, weight) in edges.get(row).into_iter().flatten() {
            if let Some(other) = place.get(other) {
                set(*own, *other, *weight);
            }
        }
    }
    let mut corners: Vec<usize> = (0..=part.len()).collect();
    let mut least = u64::MAX;
    while corners.len() > 1 {
        // The corner most tightly bound to those already taken comes next; the last one's edges are a cut.
        let mut bound: Vec<(usize, u64)> = corners.iter().map(|corner| (*corner, 0)).collect();
        let (mut before, mut last) = (0, (0, 0));
        while let Some(next) = (0..bound.len()).max_by_key(|at| bound.get(*at).map(|(_, weight)| *weight)) {
            let taken = bound.swap_remove(next);
            before = last.0;
            last = taken;
            if let Some(row) = weights.get(taken.0) {
                for (corner, weight) in &mut bound {
                    *weight += row.get(*corner).copied().unwrap_or(0);
                }
            }
        }
        least = least.min(last.1);
        // The last two become one.
        let gone = weights.get(last.0).cloned().unwrap_or_default();
        for corner in &corners {
            let more = gone.get(*corner).copied().unwrap_or(0);
            if let Some(cell) = weights.get_mut(before).and_then(|row| row.get_mut(*corner)) {
                *cell += more;
            }
            if let Some(cell) = weights.get_mut(*corner).and_then(|row| row.get_mut(before)) {
                *cell += more;
            }
        }
        if let Some(cell) = weights.get_mut(before).and_then(|row| row.get_mut(before)) {
            *cell = 0;
        }
        corners.retain(|corner| *corner != last.0);
    }
    least
}

/// Rows of a connected part beyond which no cut is looked for.
const MAX_ROWS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_cut_is_that_of_all_sides() {
        // Three rows in a ring of weights 5, 6, 7 and a ground edge of 2 on the first.
        let rows: [&[(u32, i64)]; 3] = [&[(0, 1), (2, -1), (3, 1)], &[(0, -1), (1, 1)], &[(1, -1), (2, 1)]];
        assert_eq!(smallest_cut(&rows, &[5, 6, 7, 2]), Some(2));
        assert_eq!(smallest_cut(&rows, &[5, 6, 7, 200]), Some(11));
        assert_eq!(smallest_cut(&[&[(0, 1)], &[(1, 3)]], &[8, 9]), Some(8));
    }
}
