//! Mondrian between the values of ordered columns.
//!
//! The columns are tried from the widest to the narrowest; the first that has an allowed cut is cut.

use super::ordered::{Ordered, Runs};
use super::parts::{Cutter, Part};
use super::passes::Judge;

/// Cuts a part in two between values, or, relaxed, between rows of one value.
#[derive(Debug)]
pub(super) struct BetweenValues<'a> {
    pub(super) columns: &'a [Ordered<'a>],
    pub(super) judge: &'a Judge<'a>,
    /// Whether rows of one value may be parted.
    pub(super) is_relaxed: bool,
}

/// What is used again from part to part.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    counts: Vec<u32>,
    runs: Vec<Runs>,
    order: Vec<(f64, usize)>,
}

/// A place to cut: all rows before `rank`, and the first `n_of_rank` rows of it.
#[derive(Clone, Copy, Debug)]
struct Place {
    rank: u32,
    n_of_rank: u32,
    n_left: u64,
}

impl Cutter for BetweenValues<'_> {
    type Scratch = Scratch;

    fn scratch(&self) -> Scratch {
        Scratch { runs: vec![Vec::new(); self.columns.len()], ..Scratch::default() }
    }

    fn cut(&self, part: &mut Part, scratch: &mut Scratch) -> Vec<Part> {
        let n = part.rows.len() as u64;
        if n < self.judge.floor().saturating_mul(2) {
            return Vec::new();
        }
        let Scratch { counts, runs, order } = scratch;
        order.clear();
        for ((place, column), runs) in self.columns.iter().enumerate().zip(runs.iter_mut()) {
            column.runs(&part.rows, counts, runs);
            if runs.len() > 1 {
                order.push((column.width(runs), place));
            }
        }
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let total = if self.judge.needs_counts() { self.judge.count(part.rows.iter().copied()) } else { Vec::new() };
        // Equal values are parted only where no column can be cut between its values: a cut through the most frequent
        // value of the widest column would narrow neither half.
        let splits: &[bool] = if self.is_relaxed { &[false, true] } else { &[false] };
        for splits in splits {
            for (_, place) in order.iter() {
                let (Some(column), Some(runs)) = (self.columns.get(*place), runs.get(*place)) else { continue };
                if let Some(found) = self.place(column, runs, *splits, part, &total) {
                    return halves(column, part, found);
                }
            }
        }
        Vec::new()
    }
}

impl BetweenValues<'_> {
    /// The best allowed place in a column, within a value too if that `splits`.
    fn place(
        &self,
        column: &Ordered<'_>,
        runs: &[(u32, u32)],
        splits: bool,
        part: &Part,
        total: &[u64],
    ) -> Option<Place> {
        let n = part.rows.len() as u64;
        let mut places = Vec::new();
        let mut n_left = 0;
        for (rank, count) in runs {
            let inner = if splits { 1 } else { *count };
            for n_of_rank in inner..=*count {
                places.push(Place { rank: *rank, n_of_rank, n_left: n_left + u64::from(n_of_rank) });
            }
            n_left += u64::from(*count);
        }
        let floor = self.judge.floor();
        places.retain(|place| place.n_left >= floor && n - place.n_left >= floor);
        let rank = |place: &&Place| preference(n, floor, place.n_left);
        let best = places.iter().min_by_key(rank).copied()?;
        if !self.judge.needs_counts() {
            return Some(best);
        }
        let left = self.judge.count(part.rows.iter().copied().filter({
            let mut is_left = is_left(column, best);
            move |row| is_left(*row)
        }));
        if self.pass(n, best, &left, total) {
            return Some(best);
        }
        // One pass over the rows in the order of their values shows every other place.
        let mut rows: Vec<(u32, u32)> = part.rows.iter().map(|row| (column.rank(*row), *row)).collect();
        rows.sort_unstable();
        let mut left = vec![0; self.judge.width()];
        let mut rows = rows.into_iter();
        let mut n_left = 0;
        places.retain(|place| {
            for (_, row) in rows.by_ref().take((place.n_left - n_left) as usize) {
                self.judge.add(row, &mut left);
            }
            n_left = place.n_left;
            self.pass(n, *place, &left, total)
        });
        places.iter().min_by_key(rank).copied()
    }

    fn pass(&self, n: u64, place: Place, left: &[u64], total: &[u64]) -> bool {
        let right: Vec<u64> = total.iter().zip(left).map(|(total, left)| total - left).collect();
        self.judge.passes(place.n_left, left) && self.judge.passes(n - place.n_left, &right)
    }
}

/// What to prefer of two cuts: the one nearer the middle; in a part of few classes first the one that loses fewer.
///
/// A half of `a·k + r` rows makes at most `a` classes. A cut at a multiple of k loses none of the `n / k` there could be.
// SPEC: the boundary nearest the middle, preferring one that leaves a multiple of k; of two equally good the lower.
fn preference(n: u64, k: u64, n_left: u64) -> (u64, u64, u64) {
    let lost = if n / k < FEW_CLASSES { n / k - n_left / k - (n - n_left) / k } else { 0 };
    (lost, (2 * n_left).abs_diff(n), n_left)
}

/// Whether a row lies before a place; to be asked for every row in order.
fn is_left<'a>(column: &'a Ordered<'a>, place: Place) -> impl FnMut(u32) -> bool + Clone + use<'a> {
    let mut n_open = place.n_of_rank;
    move |row| match column.rank(row).cmp(&place.rank) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Greater => false,
        std::cmp::Ordering::Equal if n_open == 0 => false,
        std::cmp::Ordering::Equal => {
            n_open -= 1;
            true
        }
    }
}

fn halves(column: &Ordered<'_>, part: &Part, place: Place) -> Vec<Part> {
    let mut is_left = is_left(column, place);
    let (left, right): (Vec<u32>, Vec<u32>) = part.rows.iter().partition(|row| is_left(**row));
    [left, right].map(|rows| Part { rows, nodes: Vec::new() }).into()
}

/// Classes from which on the nearest boundary is taken whatever it leaves.
const FEW_CLASSES: u64 = 8;
