//! One class against the whole table.

use super::ratio::Ratio;
use super::value_counts::Cell;
use super::whole::Whole;

/// The sensitive values of one class; every question costs its cells, not the values of the table.
#[derive(Clone, Copy)]
pub(super) struct ClassView<'a> {
    pub(super) n: u64,
    pub(super) cells: &'a [Cell],
    pub(super) whole: &'a Whole,
}

impl ClassView<'_> {
    pub(super) const fn n_distinct(self) -> u64 {
        self.cells.len() as u64
    }

    /// The most frequent value, the first of several.
    pub(super) fn majority(self) -> Cell {
        let first = Cell { value: 0, n: 0 };
        self.cells.iter().fold(first, |most, cell| if cell.n > most.n { *cell } else { most })
    }

    /// Σ f ln f.
    pub(super) fn sum_f_ln_f(self, logs: &Logs) -> f64 {
        self.cells.iter().map(|cell| f64::from(cell.n) * logs.of(cell.n)).sum()
    }

    /// exp(H), natural logarithm.
    pub(super) fn entropy_l(self, logs: &Logs) -> f64 {
        // Equally frequent values, one included, give their number without rounding.
        let first = self.cells.first().map_or(0, |cell| cell.n);
        if self.cells.iter().all(|cell| cell.n == first) {
            return self.cells.len() as f64;
        }
        let n = self.n as f64;
        (n.ln() - self.sum_f_ln_f(logs) / n).exp()
    }

    /// r_1 / (r_l + … + r_d), `None` if the class has fewer values.
    pub(super) fn recursive_c(self, l: u64, counts: &mut Vec<u32>) -> Option<Ratio> {
        counts.clear();
        counts.extend(self.cells.iter().map(|cell| cell.n));
        counts.sort_unstable_by(|one, other| other.cmp(one));
        let before: u64 = counts.iter().take(l.saturating_sub(1) as usize).map(|n| u64::from(*n)).sum();
        let rest = self.n - before;
        (rest > 0).then(|| Ratio::new(counts.first().copied().unwrap_or(0), rest))
    }

    /// The value with the highest f/P, and that with the lowest.
    pub(super) fn most_and_least(self) -> (Cell, Cell) {
        let first = self.cells.first().copied().unwrap_or(Cell { value: 0, n: 0 });
        let share = |cell: Cell| Ratio::new(cell.n, self.total(cell.value));
        self.cells.iter().fold((first, first), |(most, least), cell| {
            let most = if share(*cell).is_above(share(most)) { *cell } else { most };
            let least = if share(least).is_above(share(*cell)) { *cell } else { least };
            (most, least)
        })
    }

    /// q/p of a cell.
    pub(super) fn ratio(self, cell: Cell) -> Ratio {
        let (f, p) = (u128::from(cell.n), u128::from(self.total(cell.value)));
        Ratio::new(f * u128::from(self.whole.n), p * u128::from(self.n))
    }

    /// max(q/p, p/q) of a cell.
    pub(super) fn ratio_either_way(self, cell: Cell) -> Ratio {
        let Ratio { numerator, denominator } = self.ratio(cell);
        Ratio::new(numerator.max(denominator), numerator.min(denominator))
    }

    /// The first value that enhanced beta-likeness cannot allow at any beta.
    pub(super) fn infeasible(self) -> Option<u32> {
        self.cells.iter().find(|cell| self.beta(**cell) > self.bound(cell.value)).map(|cell| cell.value)
    }

    /// (q - p)/p of a cell.
    pub(super) fn beta(self, cell: Cell) -> f64 {
        let Ratio { numerator, denominator } = self.ratio(cell);
        (numerator as i128 - denominator as i128) as f64 / denominator as f64
    }

    /// -ln p, with room for rounding. At least 0, so that values which are not more frequent here always pass.
    pub(super) fn bound(self, value: u32) -> f64 {
        self.whole.logs.get(value as usize).copied().unwrap_or(0.0) * (1.0 + TOLERANCE)
    }

    /// The first value of the table that the class lacks.
    pub(super) fn lacking(self) -> Option<u32> {
        if self.cells.len() == self.whole.totals.len() {
            return None;
        }
        let gap = (0u32..).zip(self.cells).find(|(place, cell)| *place != cell.value);
        Some(gap.map_or(self.cells.len() as u32, |(place, _)| place))
    }

    /// ½ Σ |f·N - P·n|: the positive parts, as both halves are equal.
    pub(super) fn t_equal(self) -> u128 {
        self.cells.iter().map(|cell| self.excess(*cell).max(0) as u128).sum()
    }

    /// f·N - P·n of a cell.
    pub(super) fn excess(self, cell: Cell) -> i128 {
        let expected = i128::from(self.total(cell.value)) * i128::from(self.n);
        i128::from(cell.n) * i128::from(self.whole.n) - expected
    }

    /// Σ_i |Σ_{j<=i} (f_j·N - P_j·n)|.
    ///
    /// Between two values of the class its own sum stands still and that of the table rises, so that the sign changes once.
    pub(super) fn t_ordered(self) -> u128 {
        let (n, whole_n) = (u128::from(self.n), u128::from(self.whole.n));
        let mut sum = 0;
        self.segments(|from, to, turn, rows| {
            let level = rows * whole_n;
            let area = |from: usize, to: usize| n * (self.sum_to(to) - self.sum_to(from));
            sum += (level * (turn - from) as u128).saturating_sub(area(from, turn));
            sum += area(turn, to).saturating_sub(level * (to - turn) as u128);
        });
        sum
    }

    /// Σ_i gap_i·|Σ_{j<=i} (q_j - p_j)|, gaps over the range.
    pub(super) fn t_by_value(self) -> Option<f64> {
        let gaps = self.whole.by_value.as_ref()?;
        let (n, whole_n) = (self.n as f64, self.whole.n as f64);
        let last = gaps.gaps.len() - 1;
        let at = |sums: &[f64], place: usize| sums.get(place.min(last)).copied().unwrap_or(0.0);
        let mut sum = 0.0;
        self.segments(|from, to, turn, rows| {
            let share = rows as f64 / n;
            let gap = |from, to| at(&gaps.gaps, to) - at(&gaps.gaps, from);
            let area = |from, to| (at(&gaps.weighted, to) - at(&gaps.weighted, from)) / whole_n;
            sum += (share * gap(from, turn) - area(from, turn)) + (area(turn, to) - share * gap(turn, to));
        });
        Some(sum.max(0.0))
    }

    /// Σ_levels level·Σ_nodes min(pos, neg); over height·n·N it is the distance.
    pub(super) fn t_hierarchical(self) -> Option<u128> {
        let tree = self.whole.tree.as_ref()?;
        // Of every node with a row of the class: a value under it, its rows in the class, its extra.
        let mut nodes: Vec<(u32, i128, i128)> =
            self.cells.iter().map(|cell| (cell.value, i128::from(cell.n), -self.excess(*cell))).collect();
        let mut sum = 0u128;
        for (level, (groups, totals)) in (1u128..).zip(tree.groups.iter().zip(&tree.totals)) {
            let group = |value: u32| groups.get(value as usize).copied().unwrap_or(0);
            nodes.sort_unstable_by_key(|(value, ..)| (group(*value), *value));
            let mut parents = Vec::with_capacity(nodes.len());
            for children in nodes.chunk_by(|one, other| group(one.0) == group(other.0)) {
                let value = children.first().map_or(0, |(value, ..)| *value);
                let rows: i128 = children.iter().map(|(_, rows, _)| rows).sum();
                let total = totals.get(group(value) as usize).copied().unwrap_or(0);
                let extra = i128::from(total) * i128::from(self.n) - rows * i128::from(self.whole.n);
                // Children without a row of the class have no negative part.
                let negative: i128 = children.iter().map(|(.., extra)| (-extra).max(0)).sum();
                sum += level * negative.min(extra + negative).max(0) as u128;
                parents.push((value, rows, extra));
            }
            nodes = parents;
        }
        Some(sum)
    }

    pub(super) fn total(self, value: u32) -> u64 {
        self.whole.totals.get(value as usize).copied().unwrap_or(1)
    }

    fn sum_to(self, place: usize) -> u128 {
        self.whole.sums.get(place).copied().unwrap_or(0)
    }

    /// Calls back for every stretch of values over which the rows of the class so far stand still: its ends, the place
    /// where the table's share overtakes the class's, and those rows.
    fn segments(self, mut each: impl FnMut(usize, usize, usize, u128)) {
        let d = self.whole.totals.len();
        let mut rows = 0u64;
        let mut from = 0;
        let ends = self.cells.iter().map(|cell| (cell.value as usize, cell.n)).chain([(d, 0)]);
        for (to, n) in ends {
            let level = u128::from(rows) * u128::from(self.whole.n);
            let stretch = self.whole.up_to.get(from..to).unwrap_or_default();
            let turn = from + stretch.partition_point(|up_to| u128::from(*up_to) * u128::from(self.n) < level);
            each(from, to, turn, u128::from(rows));
            rows += u64::from(n);
            from = to;
        }
    }
}

/// Natural logarithms of small counts.
pub(super) struct Logs(Vec<f64>);

impl Logs {
    pub(super) fn new() -> Self {
        Self((0..N_LOGS).map(|n| f64::from(n).ln()).collect())
    }

    pub(super) fn of(&self, n: u32) -> f64 {
        self.0.get(n as usize).copied().unwrap_or_else(|| f64::from(n).ln())
    }
}

const TOLERANCE: f64 = 1e-12;
const N_LOGS: u32 = 1 << 10;
