//! Whether the sensitive values of a segment tell more than those of everybody.

use super::{CellId, TableError};

/// Least diversity of the sensitive values of a segment. Closed: the two forms that the table release offers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diversity {
    l: f64,
    entropy: bool,
}

impl Diversity {
    /// Demands `l` distinct values.
    ///
    /// # Errors
    /// [`TableError::Parameter`] below 2.
    pub fn distinct(l: u32) -> Result<Self, TableError> {
        if l < 2 {
            Err(parameter("l-diversity", "l", "use at least 2"))
        } else {
            Ok(Self { l: l.into(), entropy: false })
        }
    }

    /// Demands an entropy of at least `ln l`.
    ///
    /// # Errors
    /// [`TableError::Parameter`] unless `l` is finite and above 1.
    pub fn entropy(l: f64) -> Result<Self, TableError> {
        if l.is_finite() && l > 1.0 {
            Ok(Self { l, entropy: true })
        } else {
            Err(parameter("l-diversity", "l", "use a number above 1"))
        }
    }

    /// Says whether a segment with these counts of the sensitive values is diverse enough; an empty one is not.
    ///
    /// # References
    /// Machanavajjhala et al.: *l-diversity*, ICDE 2006.
    pub fn holds(&self, counts: &[u64]) -> bool {
        let distinct = counts.iter().filter(|count| **count > 0).count() as f64;
        if distinct < self.l.ceil() {
            return false;
        }
        if !self.entropy {
            return true;
        }
        let n = counts.iter().map(|count| u128::from(*count)).sum::<u128>() as f64;
        let sum: f64 =
            counts.iter().filter(|count| **count > 0).map(|count| *count as f64 * (*count as f64).ln()).sum();
        // The tolerance lets a uniform segment of l values pass.
        sum <= n * (n.ln() - self.l.ln()) + 1e-12 * n * (1.0 + n.ln())
    }
}

/// Greatest distance of the sensitive values of a segment from those of the population. Closed, as [`Diversity`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    t: f64,
    ordered: bool,
}

impl Closeness {
    /// Demands a total variation distance of at most `t`: all values are equally far apart.
    ///
    /// # Errors
    /// [`TableError::Parameter`] unless `t` is in [0, 1].
    pub fn equal(t: f64) -> Result<Self, TableError> {
        Self::new(t, false)
    }

    /// Demands a mean shift of at most `t` over the values in their declared order.
    ///
    /// # Errors
    /// As [`Closeness::equal`].
    pub fn ordered(t: f64) -> Result<Self, TableError> {
        Self::new(t, true)
    }

    fn new(t: f64, ordered: bool) -> Result<Self, TableError> {
        if (0.0..=1.0).contains(&t) {
            Ok(Self { t, ordered })
        } else {
            Err(parameter("t-closeness", "t", "use a number in [0, 1]"))
        }
    }

    /// Says whether a segment with these counts is close enough to the population; an empty one is not.
    ///
    /// Values that nobody of the population has are no part of the order.
    ///
    /// # References
    /// Li, Li, Venkatasubramanian: *t-closeness*, ICDE 2007.
    pub fn holds(&self, counts: &[u64], population: &[u64]) -> bool {
        let sum = |counts: &[u64]| counts.iter().map(|count| i128::from(*count)).sum::<i128>();
        let (n, all) = (sum(counts), sum(population));
        if n == 0 || counts.len() != population.len() {
            return false;
        }
        let present = || counts.iter().zip(population).filter(|(_, all)| **all > 0);
        let difference = |(own, whole): (&u64, &u64)| {
            i128::from(*own).saturating_mul(all).saturating_sub(i128::from(*whole).saturating_mul(n))
        };
        let (distance, most) = if self.ordered {
            let mut running: i128 = 0;
            let mut distance: i128 = 0;
            for pair in present() {
                running = running.saturating_add(difference(pair));
                distance = distance.saturating_add(running.saturating_abs());
            }
            (distance, (present().count() as f64 - 1.0).max(0.0))
        } else {
            let distance = present().map(|pair| difference(pair).saturating_abs());
            (distance.fold(0, i128::saturating_add), 2.0)
        };
        distance as f64 <= self.t * most * (n as f64) * (all as f64)
    }
}

/// A sensitive attribute: how often each declared value occurs in the population and in every segment.
#[derive(Clone, Debug)]
pub struct Attribute {
    name: String,
    population: Vec<u64>,
    blocks: Vec<Block>,
}

impl Attribute {
    /// Declares an attribute with the counts of its values over the whole population, in declared order.
    pub fn new(name: impl Into<String>, population: impl IntoIterator<Item = u64>) -> Self {
        Self { name: name.into(), population: population.into_iter().collect(), blocks: Vec::new() }
    }

    /// Adds a segment: its counts, and the cells that are hidden if they tell too much.
    #[must_use]
    pub fn with_segment(
        mut self,
        counts: impl IntoIterator<Item = u64>,
        cells: impl IntoIterator<Item = CellId>,
    ) -> Self {
        self.blocks.push(Block { counts: counts.into_iter().collect(), cells: cells.into_iter().collect() });
        self
    }

    pub(super) fn check(&self, n_cells: usize) -> Result<(), TableError> {
        for (place, block) in self.blocks.iter().enumerate() {
            let fits = block.counts.len() == self.population.len()
                && block.counts.iter().zip(&self.population).all(|(own, all)| own <= all);
            if !fits {
                return Err(TableError::Block { attribute: self.name.clone(), block: place });
            }
            if let Some(cell) = block.cells.iter().find(|cell| cell.0 >= n_cells) {
                return Err(TableError::UnknownCell { cell: cell.0 });
            }
        }
        Ok(())
    }

    /// The cells of segments that are not diverse enough.
    pub(super) fn uniform(&self, rule: &Diversity) -> impl Iterator<Item = CellId> {
        self.blocks.iter().filter(|block| !rule.holds(&block.counts)).flat_map(|block| block.cells.iter().copied())
    }

    /// The cells of segments that are too far from the population.
    pub(super) fn distant(&self, rule: &Closeness) -> impl Iterator<Item = CellId> {
        let far = |block: &&Block| !rule.holds(&block.counts, &self.population);
        self.blocks.iter().filter(far).flat_map(|block| block.cells.iter().copied())
    }
}

#[derive(Clone, Debug)]
struct Block {
    counts: Vec<u64>,
    cells: Vec<CellId>,
}

const fn parameter(rule: &'static str, parameter: &'static str, allowed: &'static str) -> TableError {
    TableError::Parameter { rule, parameter, allowed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uniform_segments_of_l_values_have_entropy_l() {
        for l in 2..=7u32 {
            let counts = vec![9; l as usize];
            assert!(Diversity::entropy(f64::from(l)).unwrap().holds(&counts));
            assert!(!Diversity::entropy(f64::from(l) + 1e-6).unwrap().holds(&counts));
            assert!(!Diversity::distinct(l + 1).unwrap().holds(&counts));
        }
    }

    #[test]
    fn distances_are_those_of_the_definition() {
        // p, q, r: 2, 2, 1 of 5 against 5, 3, 2 of 10: equal 0.1, ordered 0.05.
        let (segment, population) = ([2, 2, 1], [5, 3, 2]);
        assert!(Closeness::equal(0.1).unwrap().holds(&segment, &population));
        assert!(!Closeness::equal(0.099).unwrap().holds(&segment, &population));
        assert!(Closeness::ordered(0.05).unwrap().holds(&segment, &population));
        assert!(!Closeness::ordered(0.049).unwrap().holds(&segment, &population));
    }

    #[test]
    fn large_counts_do_not_overflow() {
        let half = u64::MAX / 4;
        let rule = Closeness::equal(0.2).unwrap();
        assert!(!rule.holds(&[half, 0], &[half, half]));
        assert!(rule.holds(&[half / 2, half / 2], &[half, half]));
    }
}
