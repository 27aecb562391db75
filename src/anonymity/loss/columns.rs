//! What the loss of a node needs to know of one quasi-identifier.

use crate::anonymity::Hierarchy;

/// One quasi-identifier: only the values that the data hold, numbered in the order of the hierarchy.
#[derive(Debug)]
pub(in crate::anonymity) struct QuasiColumn {
    /// Of every value, its number in the hierarchy.
    pub(in crate::anonymity) values: Vec<u32>,
    /// Values of the hierarchy: H.
    pub(in crate::anonymity) n_values: u64,
    pub(in crate::anonymity) height: usize,
    /// Of every level.
    pub(in crate::anonymity) levels: Vec<Level>,
}

/// A column at one level.
#[derive(Debug)]
pub(in crate::anonymity) struct Level {
    /// Of every value, the least value of the data with the same label.
    pub(in crate::anonymity) leaders: Vec<u32>,
    /// Of every value, the values of the hierarchy with its label: c.
    pub(in crate::anonymity) sizes: Vec<u32>,
    /// Labels that the data have.
    pub(in crate::anonymity) n_labels: u64,
    /// Σ c over all released rows.
    pub(in crate::anonymity) total: u128,
    /// -Σ n(v)·log2(n(v)/n(g(v))).
    pub(in crate::anonymity) entropy: f64,
    /// Released rows of every label that has any.
    pub(in crate::anonymity) label_rows: Vec<u64>,
    /// Whether all labels are the root.
    pub(in crate::anonymity) is_root: bool,
}

impl QuasiColumn {
    /// Takes the values of the hierarchy that occur, ascending, with the released rows of each.
    pub(in crate::anonymity) fn new(hierarchy: &Hierarchy, values: Vec<u32>, counts: &[u64]) -> Self {
        let levels = (0..hierarchy.n_levels()).map(|level| Level::new(hierarchy, level, &values, counts)).collect();
        Self { values, n_values: hierarchy.n_values() as u64, height: hierarchy.height(), levels }
    }

    /// The share of the hierarchy that the label of a value covers.
    pub(in crate::anonymity) fn share(&self, level: usize, value: usize) -> f64 {
        let size = self.levels.get(level).and_then(|level| level.sizes.get(value)).copied().unwrap_or(0);
        f64::from(size) / self.n_values as f64
    }
}

impl Level {
    fn new(hierarchy: &Hierarchy, level: usize, values: &[u32], counts: &[u64]) -> Self {
        let mut leaders = Vec::with_capacity(values.len());
        let mut sizes = Vec::with_capacity(values.len());
        let mut of_group = vec![u32::MAX; hierarchy.n_values()];
        let mut group_counts = vec![0_u64; values.len()];
        let (mut n_labels, mut total) = (0, 0);
        for (place, (value, count)) in (0_u32..).zip(values.iter().zip(counts)) {
            let group = hierarchy.group(level, *value).unwrap_or(*value);
            let size = hierarchy.group_size(level, *value).unwrap_or(1);
            let mut leader = place;
            if let Some(known) = of_group.get_mut(group as usize) {
                if *known == u32::MAX {
                    *known = place;
                    n_labels += 1;
                }
                leader = *known;
            }
            leaders.push(leader);
            sizes.push(size);
            total += u128::from(*count) * u128::from(size);
            if let Some(sum) = group_counts.get_mut(leader as usize) {
                *sum += count;
            }
        }
        let mut entropy = 0.0;
        for (leader, count) in leaders.iter().zip(counts).filter(|(_, count)| **count > 0) {
            let group = group_counts.get(*leader as usize).copied().unwrap_or(1);
            entropy -= *count as f64 * (*count as f64 / group as f64).log2();
        }
        let is_root = hierarchy.has_root() && level == hierarchy.height();
        let label_rows = group_counts.into_iter().filter(|rows| *rows > 0).collect();
        Self { leaders, sizes, n_labels, total, entropy, label_rows, is_root }
    }
}
