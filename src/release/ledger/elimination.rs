//! Row spaces of sparse integer matrices.

use std::collections::{BTreeMap, BTreeSet};

use super::cut::smallest_cut;

/// A row of integers over atoms, and the planned sets it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Non-zero entries, by atom.
    entries: Vec<(u32, i64)>,
    /// Planned sets, ascending.
    sources: BTreeSet<u32>,
}

/// Whether a row space singles out a small group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Isolation {
    /// It does not.
    None,
    /// It does, by means of these planned sets.
    Group { sources: BTreeSet<u32> },
    /// Too large to tell; these planned sets are concerned.
    Undecided { sources: BTreeSet<u32> },
}

impl Row {
    pub(super) fn of(atoms: &[u32], sources: BTreeSet<u32>) -> Self {
        Self { entries: atoms.iter().map(|atom| (*atom, 1)).collect(), sources }
    }

    fn leading(&self) -> Option<u32> {
        self.entries.first().map(|(atom, _)| *atom)
    }

    fn at(&self, atom: u32) -> i64 {
        let found = self.entries.binary_search_by_key(&atom, |(atom, _)| *atom);
        found.ok().and_then(|place| self.entries.get(place)).map_or(0, |(_, value)| *value)
    }

    /// `a · self + b · other`, divided by the greatest common divisor; `None` on overflow.
    fn combine(&self, a: i64, other: &Self, b: i64) -> Option<Self> {
        let mut wide: Vec<(u32, i128)> = Vec::with_capacity(self.entries.len() + other.entries.len());
        let (mut left, mut right) = (self.entries.iter().peekable(), other.entries.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some((x, _)), Some((y, _))) => (*x).min(*y),
                (Some((x, _)), None) | (None, Some((x, _))) => *x,
                (None, None) => break,
            };
            let x = left.next_if(|(atom, _)| *atom == next).map_or(0, |(_, value)| *value);
            let y = right.next_if(|(atom, _)| *atom == next).map_or(0, |(_, value)| *value);
            let value = i128::from(a) * i128::from(x) + i128::from(b) * i128::from(y);
            if value != 0 {
                wide.push((next, value));
            }
        }
        let common = wide.iter().fold(0i128, |common, (_, value)| divisor(common, value.abs())).max(1);
        let entries = wide.iter().map(|(atom, value)| Some((*atom, i64::try_from(value / common).ok()?)));
        let entries = entries.collect::<Option<_>>()?;
        Some(Self { entries, sources: self.sources.union(&other.sources).copied().collect() })
    }

    /// This row with the entry at the leading atom of `pivot` taken away.
    fn clear(&self, pivot: &Self) -> Option<Self> {
        let Some(atom) = pivot.leading() else { return Some(self.clone()) };
        let (own, other) = (self.at(atom), pivot.at(atom));
        if own == 0 {
            return Some(self.clone());
        }
        let common = divisor(i128::from(own).abs(), i128::from(other).abs());
        let (a, b) = (i128::from(other) / common, -i128::from(own) / common);
        self.combine(i64::try_from(a).ok()?, pivot, i64::try_from(b).ok()?)
    }

    fn weight(&self, weights: &[u64]) -> u64 {
        self.entries.iter().filter_map(|(atom, _)| weights.get(*atom as usize)).sum()
    }
}

/// Says whether a combination of the rows is non-zero on fewer than `threshold` customers only.
///
/// Atoms of at least `threshold` customers are eliminated first: what is left spans exactly those combinations that are
/// zero on all of them, and only these can single out a small group. Of what is left, rows with enough customers of
/// their own can take part in no such combination and drop out, one after the other; where the smallest cut of the rest is
/// large enough, nothing is to be found either. What still remains is brought to its reduced form, whose rows, and the
/// sums of up to twelve of them, are the groups to look at.
///
/// # Complexity
/// Sparse elimination in exact integers within a fixed budget of steps; beyond it nothing is decided.
pub(super) fn isolates(rows: Vec<Row>, weights: &[u64], threshold: u64) -> Isolation {
    // Atoms are numbered anew, large ones first.
    let mut order: Vec<u32> = (0..weights.len() as u32).collect();
    let weight = |atom: u32| weights.get(atom as usize).copied().unwrap_or(0);
    order.sort_by_key(|atom| (std::cmp::Reverse(weight(*atom)), *atom));
    let mut rank = vec![0u32; weights.len()];
    for (place, atom) in (0u32..).zip(&order) {
        if let Some(rank) = rank.get_mut(*atom as usize) {
            *rank = place;
        }
    }
    let weights: Vec<u64> = order.iter().map(|atom| weight(*atom)).collect();
    let n_large = weights.partition_point(|weight| *weight >= threshold) as u32;
    let sources: BTreeSet<u32> = rows.iter().flat_map(|row| row.sources.iter().copied()).collect();
    let ranked = rows.into_iter().map(|row| {
        let mut entries: Vec<(u32, i64)> =
            row.entries.iter().filter_map(|(atom, value)| Some((*rank.get(*atom as usize)?, *value))).collect();
        entries.sort_unstable_by_key(|(atom, _)| *atom);
        Row { entries, ..row }
    });
    let mut budget = BUDGET;
    let Some(small) = eliminate(ranked.collect(), n_large, &mut budget) else {
        return Isolation::Undecided { sources };
    };
    for mut part in components(small) {
        orient(&mut part);
        drop_dependent(&mut part, &weights);
        let core = peel(part, &weights, threshold);
        let sources: BTreeSet<u32> = core.iter().flat_map(|row| row.sources.iter().copied()).collect();
        // Earlier releases among themselves are out already.
        if sources.is_empty() {
            continue;
        }
        let entries: Vec<&[(u32, i64)]> = core.iter().map(|row| row.entries.as_slice()).collect();
        if smallest_cut(&entries, &weights).is_some_and(|least| least >= threshold) {
            continue;
        }
        match search(core, &weights, threshold, &mut budget) {
            Some(Isolation::None) => {}
            Some(found) => return found,
            None => return Isolation::Undecided { sources },
        }
    }
    Isolation::None
}

/// The rows that are left when all atoms before `n_large` are eliminated.
fn eliminate(rows: Vec<Row>, n_large: u32, budget: &mut u64) -> Option<Vec<Row>> {
    let mut by_leading: BTreeMap<u32, Vec<(usize, Row)>> = BTreeMap::new();
    for (age, row) in rows.into_iter().enumerate() {
        if let Some(leading) = row.leading() {
            by_leading.entry(leading).or_default().push((age, row));
        }
    }
    while let Some(entry) = by_leading.first_entry().filter(|entry| *entry.key() < n_large) {
        let mut rows = entry.remove();
        // PERF: a row less the one before it in time is short, since few customers move from one release to the next;
        // less the first of all it would hold everybody who ever moved. Margins are long and come last.
        rows.sort_by_key(|(age, row)| (row.entries.len() > LONG, *age));
        for (before, (age, row)) in rows.iter().zip(rows.iter().skip(1)) {
            spend(budget, row.entries.len() + before.1.entries.len())?;
            let cleared = row.clear(&before.1)?;
            if let Some(leading) = cleared.leading() {
                by_leading.entry(leading).or_default().push((*age, cleared));
            }
        }
    }
    Some(by_leading.into_values().flatten().map(|(_, row)| row).collect())
}

/// Rows that share no atom, directly or through others, apart from each other.
fn components(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut root: Vec<usize> = (0..rows.len()).collect();
    fn find(root: &mut [usize], mut place: usize) -> usize {
        while let Some(up) = root.get(place).copied().filter(|up| *up != place) {
            let next = root.get(up).copied().unwrap_or(up);
            if let Some(own) = root.get_mut(place) {
                *own = next;
            }
            place = up;
        }
        place
    }
    let mut owner: BTreeMap<u32, usize> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        for (atom, _) in &row.entries {
            let other = *owner.entry(*atom).or_insert(place);
            let (a, b) = (find(&mut root, place), find(&mut root, other));
            if let Some(own) = root.get_mut(a.max(b)) {
                *own = a.min(b);
            }
        }
    }
    let mut parts: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for (place, row) in rows.into_iter().enumerate() {
        parts.entry(find(&mut root, place)).or_default().push(row);
    }
    parts.into_values().collect()
}

/// Drops, again and again, each row with enough customers that no other row has: a combination with it is non-zero on
/// all of them.
fn peel(mut rows: Vec<Row>, weights: &[u64], threshold: u64) -> Vec<Row> {
    let mut rows_of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        row.entries.iter().for_each(|(atom, _)| rows_of.entry(*atom).or_default().push(place));
    }
    let mut alive = vec![true; rows.len()];
    let mut open: Vec<usize> = (0..rows.len()).collect();
    while let Some(place) = open.pop() {
        let Some(row) = rows.get(place).filter(|_| alive.get(place) == Some(&true)) else { continue };
        let alone = |atom: &u32| rows_of.get(atom).is_some_and(|rows| rows.len() == 1);
        let own: u64 = row
            .entries
            .iter()
            .filter(|(atom, _)| alone(atom))
            .filter_map(|(atom, _)| weights.get(*atom as usize))
            .sum();
        if own < threshold {
            continue;
        }
        if let Some(alive) = alive.get_mut(place) {
            *alive = false;
        }
        for (atom, _) in &row.entries {
            if let Some(rows) = rows_of.get_mut(atom) {
                rows.retain(|other| *other != place);
                // Who is alone on an atom now may be next.
                if let [last] = rows.as_slice() {
                    open.push(*last);
                }
            }
        }
    }
    let mut alive = alive.into_iter();
    rows.retain(|_| alive.next() == Some(true));
    rows
}

/// The rows that share an atom with exactly one other row, by row: the other row, and whether the values are equal.
fn neighbours(rows: &[Row]) -> Vec<Vec<(usize, bool)>> {
    let mut holders: BTreeMap<u32, Vec<(usize, i64)>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        row.entries.iter().for_each(|(atom, value)| holders.entry(*atom).or_default().push((place, *value)));
    }
    let mut neighbours = vec![Vec::new(); rows.len()];
    for holders in holders.values() {
        if let [(a, x), (b, y)] = holders.as_slice() {
            for (own, other) in [(a, b), (b, a)] {
                if let Some(list) = neighbours.get_mut(*own) {
                    list.push((*other, x.signum() == y.signum()));
                }
            }
        }
    }
    neighbours
}

/// Turns the signs of rows so that two that share an atom hold it with opposite values, as far as that goes.
fn orient(rows: &mut [Row]) {
    let neighbours = neighbours(rows);
    let mut sign = vec![0i64; rows.len()];
    for start in 0..rows.len() {
        let mut open = vec![(start, 1)];
        while let Some((place, wanted)) = open.pop() {
            match sign.get_mut(place) {
                Some(own) if *own == 0 => *own = wanted,
                _ => continue,
            }
            let list = neighbours.get(place).into_iter().flatten();
            open.extend(list.map(|(other, equal)| (*other, if *equal { -wanted } else { wanted })));
        }
    }
    for (row, sign) in rows.iter_mut().zip(sign).filter(|(_, sign)| *sign < 0) {
        row.entries.iter_mut().for_each(|(_, value)| *value *= sign);
    }
}

/// When rows that hang together add up to nothing, one of them says nothing new: the one with the most customers goes.
fn drop_dependent(rows: &mut Vec<Row>, weights: &[u64]) {
    let neighbours = neighbours(rows);
    let mut seen = vec![false; rows.len()];
    let mut gone = Vec::new();
    for start in 0..rows.len() {
        let (mut part, mut open) = (Vec::new(), vec![start]);
        while let Some(place) = open.pop() {
            match seen.get_mut(place) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            part.push(place);
            open.extend(neighbours.get(place).into_iter().flatten().map(|(other, _)| *other));
        }
        let mut sums: BTreeMap<u32, i128> = BTreeMap::new();
        for (atom, value) in part.iter().filter_map(|place| rows.get(*place)).flat_map(|row| &row.entries) {
            *sums.entry(*atom).or_default() += i128::from(*value);
        }
        if part.len() > 1 && sums.values().all(|sum| *sum == 0) {
            let largest = part.iter().copied().max_by_key(|place| rows.get(*place).map(|row| row.weight(weights)));
            let sources = largest.and_then(|place| rows.get(place)).map(|row| row.sources.clone()).unwrap_or_default();
            // Its planned sets live on in the others: the sum of those is the row that went.
            for place in part.iter().filter(|place| Some(**place) != largest) {
                if let Some(row) = rows.get_mut(*place).filter(|row| !row.sources.is_empty() || !sources.is_empty()) {
                    row.sources.extend(&sources);
                }
            }
            gone.extend(largest);
        }
    }
    gone.sort_unstable();
    for place in gone.into_iter().rev() {
        rows.remove(place);
    }
}

/// Looks for a small group in the span of some rows; `None` if it is too large.
fn search(rows: Vec<Row>, weights: &[u64], threshold: u64, budget: &mut u64) -> Option<Isolation> {
    let small = |row: &Row| !row.entries.is_empty() && row.weight(weights) < threshold && !row.sources.is_empty();
    // A row that does it as it is names the fewest sets.
    if let Some(row) = rows.iter().find(|row| small(row)) {
        return Some(Isolation::Group { sources: row.sources.clone() });
    }
    let mut reduced: Vec<Row> = Vec::new();
    let mut by_leading: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_leading.entry(row.leading()?).or_default().push(row);
    }
    while let Some((_, mut rows)) = by_leading.pop_first() {
        let pivot = (0..rows.len()).min_by_key(|place| rows.get(*place).map(|row| (row.entries.len(), *place)))?;
        let pivot = rows.swap_remove(pivot);
        for row in rows {
            spend(budget, row.entries.len() + pivot.entries.len())?;
            let cleared = row.clear(&pivot)?;
            if let Some(leading) = cleared.leading() {
                by_leading.entry(leading).or_default().push(cleared);
            }
        }
        for row in &mut reduced {
            spend(budget, 1)?;
            if row.at(pivot.leading()?) != 0 {
                spend(budget, row.entries.len() + pivot.entries.len())?;
                *row = row.clear(&pivot)?;
            }
        }
        reduced.push(pivot);
    }
    if let Some(row) = reduced.iter().find(|row| small(row)) {
        return Some(Isolation::Group { sources: row.sources.clone() });
    }
    // SPEC: a group is an indicator; its value at the leading atom of a row says how often it takes that row, brought to
    // a leading entry of 1: once or not at all. So all leading entries of a sum are kept equal.
    let mut sums: Vec<Row> = vec![Row { entries: Vec::new(), sources: BTreeSet::new() }];
    if reduced.len() > MAX_ENUMERATED {
        return None;
    }
    for row in &reduced {
        let own = row.entries.first().map_or(1, |(_, value)| *value);
        let mut more = Vec::with_capacity(sums.len());
        for sum in &sums {
            spend(budget, sum.entries.len() + row.entries.len())?;
            let leading = sum.entries.first().map_or(1, |(_, value)| *value);
            let next = sum.combine(own, row, leading)?;
            if small(&next) {
                return Some(Isolation::Group { sources: next.sources });
            }
            more.push(next);
        }
        sums.extend(more);
    }
    Some(Isolation::None)
}

fn spend(budget: &mut u64, steps: usize) -> Option<()> {
    *budget = budget.checked_sub(steps as u64)?;
    Some(())
}

fn divisor(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Steps of elimination after which nothing is decided.
const BUDGET: u64 = 200_000_000;
/// Atoms of a row beyond which it is taken to be a margin.
const LONG: usize = 4096;
/// Rows of the reduced form whose sums are all looked at.
const MAX_ENUMERATED: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows by the atoms they hold.
    fn found(rows: &[&[u32]], weights: &[u64], threshold: u64) -> Option<Vec<u32>> {
        let rows = rows.iter().zip(0..).map(|(atoms, set)| Row::of(atoms, BTreeSet::from([set]))).collect();
        match isolates(rows, weights, threshold) {
            Isolation::None => None,
            Isolation::Group { sources } | Isolation::Undecided { sources } => Some(sources.into_iter().collect()),
        }
    }

    #[test]
    fn a_small_group_is_found_by_sums_and_differences_of_any_number_of_sets() {
        // A + B + small, A, B.
        assert!(found(&[&[0, 1, 2], &[0], &[1]], &[90, 80, 9], 10).is_some());
        assert_eq!(found(&[&[0, 1, 2], &[0], &[1]], &[90, 80, 10], 10), None);
        // Each segment changes by twelve, but both together only by two.
        let moved: [&[u32]; 4] = [&[0, 2, 3], &[1], &[0], &[1, 2]];
        assert!(found(&moved, &[100, 100, 12, 2], 10).is_some());
        assert_eq!(found(&moved, &[100, 100, 12, 20], 10), None);
        // Twice as much of a group is as good as the group: (A + s) + (B + s) - (A + B).
        assert!(found(&[&[0, 2], &[1, 2], &[0, 1]], &[90, 80, 9], 10).is_some());
    }

    #[test]
    fn every_group_that_trying_all_combinations_finds_is_found() {
        // All families of three sets over four atoms, two of them small.
        let weights = [50, 50, 4, 3];
        let sets: Vec<Vec<u32>> =
            (1u32..16).map(|bits| (0..4).filter(|atom| bits >> atom & 1 == 1).collect()).collect();
        for a in &sets {
            for b in &sets {
                for c in &sets {
                    let family = [a.as_slice(), b, c];
                    let small = (-2i32..=2).any(|x| {
                        (-2i32..=2).any(|y| {
                            (-2i32..=2).any(|z| {
                                let value = |atom: u32| -> i32 {
                                    let times = [x, y, z];
                                    let held = family.iter().zip(times).filter(|(set, _)| set.contains(&atom));
                                    held.map(|(_, times)| times).sum()
                                };
                                let values: Vec<i32> = (0..4).map(value).collect();
                                values[..2] == [0, 0] && values[2..] != [0, 0]
                            })
                        })
                    });
                    assert_eq!(found(&family, &weights, 10).is_some(), small, "{family:?}");
                }
            }
        }
    }
}
