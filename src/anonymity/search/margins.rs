//! Levels of a few columns that rule nodes out by themselves, all other columns being as general as they can be.

use rayon::prelude::*;

use super::class_list::ClassList;
use super::frontier::least_levels;
use super::problem::Problem;
use crate::anonymity::loss::QuasiColumn;

/// Which combinations of levels of two, three … columns put more rows under the size floor than may be suppressed.
///
/// Tables of counts are small enough for direct addressing, and one pass over the table serves all levels: this is far
/// less work than the nodes that are ruled out.
// SPEC: the size floor is monotone at any limit: rows under it in a few columns stay under it with all columns.
#[derive(Debug)]
pub(super) struct Margins {
    margins: Vec<Margin>,
    /// Columns of the largest margins.
    order: usize,
    /// Those margins.
    first_of_order: usize,
}

/// A few columns, and which combinations of their levels rule nodes out.
#[derive(Debug)]
struct Margin {
    /// Columns, each with what one of its levels adds to the place in `is_out`.
    columns: Vec<(usize, usize)>,
    is_out: Vec<bool>,
}

/// A column as margins see it: from the least level that it allows by itself.
struct Side {
    least: u8,
    most: u8,
    /// Of every tuple, the number of its label at the least level.
    labels: Vec<u16>,
    n_labels: usize,
    /// Of every level from the least, of every label there the number of what it has become, and how many there are.
    folds: Vec<(Vec<u16>, usize)>,
}

impl Margins {
    pub(super) const fn none() -> Self {
        Self { margins: Vec::new(), order: 1, first_of_order: 0 }
    }

    /// Whether none were counted yet.
    pub(super) const fn is_empty(&self) -> bool {
        self.order == 1
    }

    /// Whether a few columns alone keep a node from being admissible.
    fn rule_out(&self, node: &[u8]) -> bool {
        self.margins.iter().any(|margin| margin.rules_out(node))
    }

    /// Whether those added last do.
    pub(super) fn newly_rule_out(&self, node: &[u8]) -> bool {
        self.margins.iter().skip(self.first_of_order).any(|margin| margin.rules_out(node))
    }

    /// Counts that margins of one column more take; `None` if there are no such margins.
    pub(super) fn n_next_counts(&self, problem: &Problem<'_>, tuples: &ClassList) -> Option<u64> {
        let n_columns = problem.model.columns.len();
        if problem.rules.floor <= 1
            || problem.allowed >= problem.prepared.n
            || self.order >= MAX_ORDER.min(n_columns.saturating_sub(1))
        {
            return None;
        }
        let n_subsets = (0..=self.order).fold(1, |product, taken| product * (n_columns - taken) / (taken + 1));
        (n_subsets <= MAX_SUBSETS).then_some((n_subsets * tuples.len()) as u64)
    }

    /// Adds all margins of one column more.
    pub(super) fn grow(&mut self, problem: &Problem<'_>, tuples: &ClassList) {
        self.order += 1;
        let least = least_levels(problem);
        let columns = 0..problem.model.columns.len();
        let sides: Vec<Option<Side>> =
            columns.into_par_iter().map(|column| Side::new(problem, tuples, &least, column)).collect();
        let subsets = subsets(&problem.widest_first, self.order);
        // INVARIANT: a margin does not depend on others of its order, and they are taken in their order.
        let grown: Vec<Margin> =
            subsets.par_iter().filter_map(|subset| self.margin(problem, tuples, &sides, subset)).collect();
        self.first_of_order = self.margins.len();
        self.margins.extend(grown);
    }

    /// `None` if it rules out nothing that is not ruled out already.
    fn margin(
        &self,
        problem: &Problem<'_>,
        tuples: &ClassList,
        sides: &[Option<Side>],
        subset: &[usize],
    ) -> Option<Margin> {
        let chosen: Vec<&Side> = subset.iter().filter_map(|place| sides.get(*place)?.as_ref()).collect();
        let n_cells = chosen.iter().fold(1_usize, |product, side| product.saturating_mul(side.n_labels));
        if chosen.len() != subset.len() || n_cells > MAX_CELLS.min(tuples.len().max(FEW_CELLS)) {
            return None;
        }
        let mut columns = Vec::with_capacity(subset.len());
        let mut n_combinations = 1;
        for column in subset {
            columns.push((*column, n_combinations));
            n_combinations *= problem.model.columns.get(*column)?.levels.len();
        }
        let mut folding = Folding {
            problem,
            known: self,
            sides: &chosen,
            node: problem.lattice.top().to_vec(),
            margin: Margin { columns, is_out: vec![false; n_combinations] },
            n_found: 0,
        };
        folding.fold(&count(tuples, &chosen), 1, 0);
        (folding.n_found > 0).then_some(folding.margin)
    }
}

impl Margin {
    fn place(&self, node: &[u8]) -> usize {
        let levels = self
            .columns
            .iter()
            .map(|(column, stride)| node.get(*column).map_or(0, |level| usize::from(*level)) * stride);
        levels.sum()
    }

    fn rules_out(&self, node: &[u8]) -> bool {
        self.is_out.get(self.place(node)) == Some(&true)
    }
}

impl Side {
    /// `None` if the column allows no level, or has too many labels for a table of counts.
    fn new(problem: &Problem<'_>, tuples: &ClassList, least: &[u8], place: usize) -> Option<Self> {
        let column = problem.model.columns.get(place)?;
        let (least, most) = (*least.get(place)?, *problem.lattice.max.get(place)?);
        let (numbers, n_labels) = numbered(column, least).filter(|_| least <= most)?;
        let folds = (least..=most).map(|level| {
            let (at_level, n_at_level) = numbered(column, level)?;
            let mut fold = vec![0; n_labels];
            for (from, to) in numbers.iter().zip(at_level) {
                *fold.get_mut(usize::from(*from))? = to;
            }
            Some((fold, n_at_level))
        });
        let folds = folds.collect::<Option<Vec<_>>>()?;
        let number = |code: usize| numbers.get(code).copied().unwrap_or(0);
        let labels = match problem.chunks.iter().find_map(|chunk| chunk.position(place)) {
            Some((shift, bits)) => {
                let mask = super::chunk::mask(bits);
                tuples.keys.iter().map(|key| number(((key >> shift) & mask) as usize)).collect()
            }
            None => tuples.keys.iter().map(|key| number(problem.code(*key, place))).collect(),
        };
        Some(Self { least, most, labels, n_labels, folds })
    }
}

/// Of every code the number of its label at a level, and how many there are.
fn numbered(column: &QuasiColumn, level: u8) -> Option<(Vec<u16>, usize)> {
    let mut numbers: Vec<u16> = Vec::with_capacity(column.values.len());
    let mut n_labels = 0_usize;
    for leader in &column.levels.get(usize::from(level))?.leaders {
        // A code whose leader is not numbered yet leads itself.
        let number = match numbers.get(*leader as usize) {
            Some(number) => *number,
            None => {
                n_labels += 1;
                u16::try_from(n_labels - 1).ok()?
            }
        };
        numbers.push(number);
    }
    Some((numbers, n_labels))
}

/// The folding of one table of counts from level to level.
struct Folding<'f> {
    problem: &'f Problem<'f>,
    known: &'f Margins,
    sides: &'f [&'f Side],
    /// Columns that are folded have their level; the others are as general as they can be.
    node: Vec<u8>,
    margin: Margin,
    n_found: usize,
}

impl Folding<'_> {
    /// Folds the column at `depth` to each of its levels, the columns before it having `n_outer` combinations of labels.
    ///
    /// Says whether any level rules out.
    fn fold(&mut self, cells: &[u32], n_outer: usize, depth: usize) -> bool {
        let Some(side) = self.sides.get(depth) else { return self.note(cells) };
        let Some(column) = self.margin.columns.get(depth).map(|(column, _)| *column) else { return false };
        let n_inner = cells.len() / (n_outer * side.n_labels).max(1);
        let mut folded = Vec::new();
        let mut is_any = false;
        for (level, (fold, n_labels)) in (side.least..=side.most).zip(&side.folds) {
            if let Some(at) = self.node.get_mut(column) {
                *at = level;
            }
            let is_out = self.known.rule_out(&self.node) || {
                join(cells, &mut folded, fold, (side.n_labels, *n_labels), n_inner);
                self.fold(&folded, n_outer * n_labels, depth + 1)
            };
            // More general levels rule out no more.
            if !is_out {
                break;
            }
            is_any = true;
        }
        if let (Some(at), Some(top)) = (self.node.get_mut(column), self.problem.lattice.top().get(column)) {
            *at = *top;
        }
        is_any
    }

    fn note(&mut self, cells: &[u32]) -> bool {
        let floor = self.problem.rules.floor;
        let failed: u64 = cells.iter().map(|n| u64::from(*n)).map(|n| if n < floor { n } else { 0 }).sum();
        let is_out = failed > self.problem.allowed;
        let place = self.margin.place(&self.node);
        if let Some(at) = self.margin.is_out.get_mut(place) {
            *at = is_out;
        }
        self.n_found += usize::from(is_out);
        is_out
    }
}

/// Adds up the cells of labels that become one.
#[expect(clippy::indexing_slicing, reason = "folds hold a number below the labels they lead to for every label")]
fn join(cells: &[u32], into: &mut Vec<u32>, fold: &[u16], (n_from, n_to): (usize, usize), n_inner: usize) {
    into.clear();
    if n_from * n_inner == 0 {
        return;
    }
    into.resize(cells.len() / n_from * n_to, 0);
    for (from, to) in cells.chunks_exact(n_from * n_inner).zip(into.chunks_exact_mut(n_to * n_inner)) {
        if n_inner == 1 {
            for (n, label) in from.iter().zip(fold) {
                to[usize::from(*label)] += n;
            }
            continue;
        }
        for (row, label) in from.chunks_exact(n_inner).zip(fold) {
            let start = usize::from(*label) * n_inner;
            for (sum, n) in to[start..start + n_inner].iter_mut().zip(row) {
                *sum += n;
            }
        }
    }
}

/// The released rows of every combination of labels at the least levels.
#[expect(clippy::indexing_slicing, reason = "a place is below the product of the numbers of labels")]
fn count(tuples: &ClassList, sides: &[&Side]) -> Vec<u32> {
    let n_cells = sides.iter().map(|side| side.n_labels).product();
    let mut cells = vec![0_u32; n_cells];
    let n = tuples.n.iter();
    // INVARIANT: the table has at most `MAX_CELLS` cells, so places fit into 32 bits.
    let place = |place: u32, side: &Side, label: u16| place * side.n_labels as u32 + u32::from(label);
    match sides {
        [a, b] => {
            for ((n, x), y) in n.zip(&a.labels).zip(&b.labels) {
                cells[place(u32::from(*x), b, *y) as usize] += n;
            }
        }
        [a, b, c] => {
            for (((n, x), y), z) in n.zip(&a.labels).zip(&b.labels).zip(&c.labels) {
                cells[place(place(u32::from(*x), b, *y), c, *z) as usize] += n;
            }
        }
        sides => {
            let mut places = vec![0_u32; tuples.len()];
            for side in sides {
                places.iter_mut().zip(&side.labels).for_each(|(at, label)| *at = place(*at, side, *label));
            }
            n.zip(&places).for_each(|(n, place)| cells[*place as usize] += n);
        }
    }
    cells
}

/// All choices of so many columns, each in the order given.
fn subsets(columns: &[usize], size: usize) -> Vec<Vec<usize>> {
    let Some((first, rest)) = columns.split_first().filter(|_| size > 0) else {
        return if size == 0 { vec![Vec::new()] } else { Vec::new() };
    };
    let mut all = subsets(rest, size - 1);
    for subset in &mut all {
        subset.insert(0, *first);
    }
    all.extend(subsets(rest, size));
    all
}

/// Columns of the largest margins.
const MAX_ORDER: usize = 4;
/// Margins of one order.
const MAX_SUBSETS: usize = 1 << 10;
/// Cells of the largest table of counts: 8 MiB.
const MAX_CELLS: usize = 1 << 21;
/// Cells that may be more than the tuples.
const FEW_CELLS: usize = 1 << 18;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_are_all_choices_in_the_order_given() {
        assert_eq!(subsets(&[3, 1, 2], 2), [[3, 1], [3, 2], [1, 2]]);
        assert_eq!(subsets(&[3], 2), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn cells_of_labels_that_become_one_are_added_along_any_column() {
        // Two columns of three and two labels.
        let cells = [1, 2, 3, 4, 5, 6];
        let mut joined = Vec::new();
        join(&cells, &mut joined, &[0, 1, 0], (3, 2), 2);
        assert_eq!(joined, [6, 8, 3, 4]);
        join(&cells, &mut joined, &[0, 0], (2, 1), 1);
        assert_eq!(joined, [3, 7, 11]);
    }

    #[test]
    fn a_margin_counts_every_combination_of_labels() {
        let side =
            |labels: &[u16], n_labels| Side { least: 0, most: 0, labels: labels.to_vec(), n_labels, folds: Vec::new() };
        let tuples = ClassList { keys: vec![0; 3], n: vec![2, 3, 4], ..ClassList::default() };
        let (a, b, c) = (side(&[0, 1, 1], 2), side(&[2, 0, 0], 3), side(&[0, 0, 0], 1));
        let d = side(&[0, 0, 0], 1);
        let expected = [0, 0, 2, 7, 0, 0];
        assert_eq!(count(&tuples, &[&a, &b]), expected);
        assert_eq!(count(&tuples, &[&a, &b, &c]), expected);
        assert_eq!(count(&tuples, &[&a, &b, &c, &d]), expected);
    }
}
