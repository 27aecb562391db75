//! Classes as the reader of the output sees them.

use std::collections::BTreeMap;

/// Rows with equal labels.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    /// Released rows.
    pub(super) n: u64,
    /// All rows, those of the population around them counted.
    pub(super) n_population: u64,
    /// Of every sensitive column that a criterion names, the released rows of each value.
    pub(super) sensitive: Vec<BTreeMap<u32, u64>>,
    /// The number of its first released row, 0-based among the rows of the table.
    pub(super) first_row: usize,
    /// A released row in it, or one of the population.
    pub(super) example: usize,
}

/// A sensitive column over all released rows.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    pub(super) name: String,
    /// P_v of the specification, values without a released row left out.
    pub(super) counts: BTreeMap<u32, u64>,
    /// Of every value, its place in the declared order.
    pub(super) ranks: Vec<u32>,
    /// Values there are in the input, the population counted.
    pub(super) n_values: usize,
    /// The text of every value.
    pub(super) texts: Vec<String>,
}
