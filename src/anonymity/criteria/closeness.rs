//! t-closeness of one class: how far its distribution lies from the table's.

use crate::anonymity::prepared::PreparedSensitive;
use crate::anonymity::{AnonymityError, Hierarchy};

/// t-closeness over values equally far apart.
// SPEC: Σ |f_v·N - P_v·n| <= 2·t·n·N; values that the class lacks add P_v·n each.
pub(super) fn is_equally_close(n: u64, counts: &[(u32, u64)], t: f64, totals: &[u64]) -> bool {
    let n_table = totals.iter().map(|total| i128::from(*total)).sum::<i128>();
    let mut sum = n_table * i128::from(n);
    for (value, count) in counts {
        let expected = i128::from(totals.get(*value as usize).copied().unwrap_or(0)) * i128::from(n);
        sum += (i128::from(*count) * n_table - expected).abs() - expected;
    }
    sum as f64 <= t * (2 * i128::from(n) * n_table) as f64
}

/// Values in a row, a step apart.
#[derive(Debug)]
pub(super) struct Ordered {
    /// Of every value, its place.
    places: Vec<u32>,
    /// Of every place, the released rows with its value.
    totals: Vec<u64>,
    n_table: i128,
}

impl Ordered {
    /// Takes the declared order: of the column, or a list of its texts.
    pub(super) fn new(sensitive: &PreparedSensitive<'_>, order: Option<&[String]>) -> Result<Self, AnonymityError> {
        let column = sensitive.column;
        let places = match order {
            None => column.ranks(),
            Some(order) => ranks_in(sensitive, order)?,
        };
        let mut totals = vec![0; places.len()];
        for (place, total) in places.iter().zip(&sensitive.totals) {
            if let Some(at) = totals.get_mut(*place as usize) {
                *at = *total;
            }
        }
        let n_table = sensitive.totals.iter().map(|total| i128::from(*total)).sum();
        Ok(Self { places, totals, n_table })
    }

    /// Says whether a class is within `t`.
    // SPEC: Σ_i |Σ_{j<=i} (f_j·N - P_j·n)| <= t·(d - 1)·n·N.
    pub(super) fn is_close(&self, n: u64, counts: &[(u32, u64)], t: f64, scratch: &mut Vec<u64>) -> bool {
        scratch.clear();
        scratch.resize(self.totals.len(), 0);
        for (value, count) in counts {
            let place = self.places.get(*value as usize).and_then(|place| scratch.get_mut(*place as usize));
            if let Some(place) = place {
                *place = *count;
            }
        }
        let n = i128::from(n);
        let (mut running, mut sum) = (0_i128, 0_i128);
        for (count, total) in scratch.iter().zip(&self.totals) {
            running += i128::from(*count) * self.n_table - i128::from(*total) * n;
            sum += running.abs();
        }
        let steps = self.totals.len().saturating_sub(1) as i128;
        sum as f64 <= t * (steps * n * self.n_table) as f64
    }
}

fn ranks_in(sensitive: &PreparedSensitive<'_>, order: &[String]) -> Result<Vec<u32>, AnonymityError> {
    let column = sensitive.column;
    let mut ranks = vec![0; column.n_values()];
    let mut places: Vec<(usize, u32)> = Vec::with_capacity(column.n_values());
    for value in 0..column.n_values() as u32 {
        let found = (0..column.n_texts() as u32)
            .filter(|code| column.value_of(*code) == value)
            .find_map(|code| order.iter().position(|text| text == column.text(code)));
        let place = found.ok_or_else(|| not_in_hierarchy(sensitive, value))?;
        places.push((place, value));
    }
    places.sort_unstable();
    for (rank, (_, value)) in (0_u32..).zip(places) {
        if let Some(at) = ranks.get_mut(value as usize) {
            *at = rank;
        }
    }
    Ok(ranks)
}

/// Values at the leaves of a tree, as far apart as the height at which they meet.
#[derive(Debug)]
pub(super) struct Tree {
    /// Of every value, its leaf.
    leaves: Vec<u32>,
    /// Of every leaf, the released rows.
    totals: Vec<u64>,
    /// Of every level above the leaves, the parent of every node of the level below, and how many nodes there are.
    parents: Vec<(Vec<u32>, usize)>,
    n_table: i128,
}

impl Tree {
    /// Takes the hierarchy of the sensitive column.
    pub(super) fn new(sensitive: &PreparedSensitive<'_>, hierarchy: &Hierarchy) -> Result<Self, AnonymityError> {
        if !hierarchy.has_root() {
            let problem = "the highest level has several labels; distances over a hierarchy need one".to_owned();
            return Err(AnonymityError::Hierarchy { source_name: hierarchy.name().to_owned(), line: 1, problem });
        }
        let column = sensitive.column;
        let mut leaves = Vec::with_capacity(column.n_values());
        for value in 0..column.n_values() as u32 {
            let found = (0..column.n_texts() as u32)
                .filter(|code| column.value_of(*code) == value)
                .find_map(|code| hierarchy.value(column.text(code)));
            leaves.push(found.ok_or_else(|| not_in_hierarchy(sensitive, value))?);
        }
        // INVARIANT: only branches that hold a value of the data are kept; the others never add anything.
        let mut below: Vec<u32> = leaves.clone();
        below.sort_unstable();
        below.dedup();
        let place = |values: &[u32], value: u32| values.binary_search(&value).unwrap_or(0) as u32;
        let leaves: Vec<u32> = leaves.iter().map(|value| place(&below, *value)).collect();
        let mut totals = vec![0; below.len()];
        for (leaf, total) in leaves.iter().zip(&sensitive.totals) {
            if let Some(at) = totals.get_mut(*leaf as usize) {
                *at += *total;
            }
        }
        let mut parents = Vec::with_capacity(hierarchy.height());
        for level in 1..hierarchy.n_levels() {
            let groups: Vec<u32> = below.iter().map(|value| hierarchy.group(level, *value).unwrap_or(0)).collect();
            let mut above = groups.clone();
            above.sort_unstable();
            above.dedup();
            parents.push((groups.iter().map(|group| place(&above, *group)).collect(), above.len()));
            below = above;
        }
        let n_table = sensitive.totals.iter().map(|total| i128::from(*total)).sum();
        Ok(Self { leaves, totals, parents, n_table })
    }

    /// Says whether a class is within `t`.
    // SPEC: (1/(n·N)) Σ_nodes (level/height)·min(pos, neg) <= t.
    pub(super) fn is_close(&self, n: u64, counts: &[(u32, u64)], t: f64) -> bool {
        let height = self.parents.len();
        if height == 0 {
            return true;
        }
        let n = i128::from(n);
        let mut extras: Vec<i128> = self.totals.iter().map(|total| i128::from(*total) * n).collect();
        for (value, count) in counts {
            let leaf = self.leaves.get(*value as usize).and_then(|leaf| extras.get_mut(*leaf as usize));
            if let Some(extra) = leaf {
                *extra -= i128::from(*count) * self.n_table;
            }
        }
        let mut cost = 0_i128;
        for (level, (parents, n_nodes)) in (1_i128..).zip(&self.parents) {
            let mut sides = vec![(0_i128, 0_i128); *n_nodes];
            for (parent, extra) in parents.iter().zip(&extras) {
                if let Some((positive, negative)) = sides.get_mut(*parent as usize) {
                    *positive += (*extra).max(0);
                    *negative += (-*extra).max(0);
                }
            }
            cost += sides.iter().map(|(positive, negative)| level * (*positive).min(*negative)).sum::<i128>();
            extras = sides.iter().map(|(positive, negative)| positive - negative).collect();
        }
        cost as f64 <= t * (height as i128 * n * self.n_table) as f64
    }
}

fn not_in_hierarchy(sensitive: &PreparedSensitive<'_>, value: u32) -> AnonymityError {
    let row = sensitive.codes.iter().position(|code| code == value).unwrap_or(0) as u64;
    AnonymityError::NotInHierarchy { row, column: sensitive.column.name().to_owned() }
}
