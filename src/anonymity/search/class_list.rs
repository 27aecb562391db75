//! Classes of a node, or the different rows of the table.

/// Classes, each with its key and counts.
#[derive(Clone, Debug, Default)]
pub(super) struct ClassList {
    /// The codes of all quasi-identifiers, those of the least value with each label.
    pub(super) keys: Vec<u64>,
    /// Released rows.
    pub(super) n: Vec<u32>,
    /// Rows of the population; empty if all rows are released.
    pub(super) n_population: Vec<u32>,
    /// First released row; empty unless a rule needs it.
    pub(super) first_rows: Vec<u32>,
    /// Of every sensitive column.
    pub(super) spreads: Vec<Spread>,
}

/// How the released rows of every class spread over the values of a sensitive column.
#[derive(Clone, Debug)]
pub(super) enum Spread {
    /// A count for every value, class after class.
    Dense { n_values: usize, counts: Vec<u32> },
    /// Runs of values that occur, ascending, with their counts; `ends` says where the run of a class ends.
    Sparse { n_values: usize, ends: Vec<usize>, pairs: Vec<(u32, u32)> },
}

impl ClassList {
    pub(super) const fn len(&self) -> usize {
        self.keys.len()
    }

    /// The population of a class.
    pub(super) fn population(&self, class: usize) -> u64 {
        let counts = if self.n_population.is_empty() { &self.n } else { &self.n_population };
        counts.get(class).copied().map_or(0, u64::from)
    }

    /// Bytes it takes.
    pub(super) fn n_bytes(&self) -> usize {
        let counts = 4 * (self.n.len() + self.n_population.len() + self.first_rows.len());
        8 * self.keys.len() + counts + self.spreads.iter().map(Spread::n_bytes).sum::<usize>()
    }

    /// A copy that takes no more memory than it needs.
    pub(super) fn compact(&self) -> Self {
        self.clone()
    }
}

impl Spread {
    /// Without a class.
    pub(super) fn new(n_values: usize) -> Self {
        if n_values <= DENSE {
            Self::Dense { n_values, counts: Vec::new() }
        } else {
            Self::Sparse { n_values, ends: Vec::new(), pairs: Vec::new() }
        }
    }

    pub(super) const fn n_values(&self) -> usize {
        match self {
            Self::Dense { n_values, .. } | Self::Sparse { n_values, .. } => *n_values,
        }
    }

    /// Writes the values of a class that occur, ascending, with their counts.
    pub(super) fn counts(&self, class: usize, into: &mut Vec<(u32, u64)>) {
        into.clear();
        match self {
            Self::Dense { n_values, counts } => {
                let row = counts.get(class * n_values..(class + 1) * n_values).unwrap_or_default();
                into.extend((0..).zip(row).filter(|(_, n)| **n > 0).map(|(value, n)| (value, u64::from(*n))));
            }
            Self::Sparse { .. } => into.extend(self.run(class).iter().map(|(value, n)| (*value, u64::from(*n)))),
        }
    }

    /// How many values of a class occur.
    pub(super) fn n_distinct(&self, class: usize) -> u64 {
        match self {
            Self::Dense { n_values, counts } => {
                let row = counts.get(class * n_values..(class + 1) * n_values).unwrap_or_default();
                row.iter().map(|n| u64::from(*n > 0)).sum()
            }
            Self::Sparse { .. } => self.run(class).len() as u64,
        }
    }

    /// The run of a class; empty if counts are dense.
    pub(super) fn run(&self, class: usize) -> &[(u32, u32)] {
        match self {
            Self::Dense { .. } => &[],
            Self::Sparse { ends, pairs, .. } => {
                let start = class.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
                let end = ends.get(class).copied().unwrap_or(start);
                pairs.get(start..end).unwrap_or_default()
            }
        }
    }

    const fn n_bytes(&self) -> usize {
        match self {
            Self::Dense { counts, .. } => 4 * counts.len(),
            Self::Sparse { ends, pairs, .. } => 8 * (ends.len() + pairs.len()),
        }
    }
}

/// Up to so many values a dense row is kept.
const DENSE: usize = 64;
