//! Which nodes of a lattice are still open, and the bound of each.

use super::incumbent::Incumbent;
use super::lattice::{Lattice, is_below};
use super::margins::Margins;
use super::problem::Problem;
use crate::anonymity::loss::QuasiColumn;

/// All nodes of a lattice that fits into memory.
#[derive(Debug)]
pub(super) struct Frontier {
    /// Of every node, the key under which its loss cannot be.
    bounds: Vec<f64>,
    is_closed: Vec<bool>,
    /// Nodes by their first bound.
    order: Vec<u32>,
    /// Before it in the order, all nodes are closed.
    cursor: usize,
    strides: Vec<usize>,
    /// Of every node and column, what suppressed rows add to the bound; empty until something does.
    raises: Vec<f32>,
}

impl Frontier {
    /// Takes the whole lattice, of at most [`MAX_NODES`] nodes.
    pub(super) fn new(problem: &Problem<'_>) -> Self {
        let lattice = &problem.lattice;
        let n_nodes = lattice.n_nodes as usize;
        let mut bounds = Vec::with_capacity(n_nodes);
        let mut heights: Vec<u32> = Vec::with_capacity(n_nodes);
        let is_closed = vec![false; n_nodes];
        let strides: Vec<usize> = lattice.strides().iter().map(|stride| *stride as usize).collect();
        for_each(lattice.bottom(), lattice.top(), lattice, &strides, |_, node| {
            bounds.push(problem.bounds.key(&problem.model, node));
            heights.push(node.iter().map(|level| u32::from(*level)).sum());
        });
        let mut order: Vec<u32> = (0..n_nodes as u32).collect();
        let key = |id: &u32| (bounds.get(*id as usize).copied().unwrap_or(0.0), heights.get(*id as usize).copied());
        if problem.bounds.is_separable {
            order.sort_by(|a, b| key(a).0.total_cmp(&key(b).0));
        } else {
            order.sort_by_key(|id| key(id).1);
        }
        let mut frontier = Self { bounds, is_closed, order, cursor: 0, strides, raises: Vec::new() };
        frontier.close_by_columns(problem);
        frontier
    }

    /// Closes all open nodes that margins rule out.
    pub(super) fn close_by_margins(&mut self, problem: &Problem<'_>, incumbent: &Incumbent, margins: &Margins) {
        let Self { bounds, is_closed, strides, .. } = self;
        let lattice = &problem.lattice;
        for_each(lattice.bottom(), lattice.top(), lattice, strides, |id, node| {
            let (Some(closed), Some(bound)) = (is_closed.get_mut(id), bounds.get(id)) else { return };
            *closed = *closed || (incumbent.is_open(*bound) && margins.newly_rule_out(node));
        });
    }

    /// Closes levels at which a column alone has too many rows under the size floor, the others being general.
    fn close_by_columns(&mut self, problem: &Problem<'_>) {
        let lattice = &problem.lattice;
        for (place, least) in least_levels(problem).into_iter().enumerate() {
            let Some(closed) = least.checked_sub(1).filter(|closed| lattice.min.get(place) <= Some(closed)) else {
                continue;
            };
            let mut node = lattice.top().to_vec();
            if let Some(level) = node.get_mut(place) {
                *level = closed;
            }
            self.close_below(lattice, &node);
        }
    }

    /// Chooses the next nodes to evaluate, at most `most`: of every chain upwards from an open node of the least bound,
    /// one near its end. Empty if no node is open.
    // PERF: general nodes have few classes, and what fails there closes most; halving chains took 1.5 times as long in
    // `anonymity/search/ours/adult9_k5_2`.
    pub(super) fn choose(&mut self, problem: &Problem<'_>, incumbent: &Incumbent, most: usize) -> Vec<Vec<u8>> {
        while let Some(id) = self.order.get(self.cursor)
            && !self.is_open(problem, incumbent, *id as usize, None)
        {
            self.cursor += 1;
        }
        let mut chosen: Vec<Vec<u8>> = Vec::with_capacity(most);
        let mut node = Vec::new();
        let mut chain = Vec::new();
        let mut n_looked = 0;
        for id in self.order.iter().skip(self.cursor) {
            if chosen.len() == most || n_looked == MAX_LOOKS {
                break;
            }
            let id = *id as usize;
            if !self.is_open(problem, incumbent, id, None) {
                continue;
            }
            n_looked += 1;
            problem.lattice.levels(id as u128, &mut node);
            let is_covered = chosen.iter().any(|other| is_below(&node, other));
            if is_covered || !self.is_open(problem, incumbent, id, Some(&node)) {
                continue;
            }
            self.climb(problem, incumbent, id, &mut node, &mut chain);
            let high = chain.get(chain.len() * 9 / 10).copied().unwrap_or(id);
            problem.lattice.levels(high as u128, &mut node);
            if !chosen.contains(&node) {
                chosen.push(node.clone());
            }
        }
        chosen
    }

    /// The chain from a node upwards: always the open parent of the least bound.
    fn climb(&self, problem: &Problem<'_>, incumbent: &Incumbent, id: usize, node: &mut [u8], chain: &mut Vec<usize>) {
        chain.clear();
        chain.push(id);
        let mut id = id;
        loop {
            let mut next: Option<(f64, usize, usize)> = None;
            let columns = node.iter().zip(&problem.lattice.max).zip(&self.strides).enumerate();
            for (column, ((level, max), stride)) in columns {
                let parent = id + stride;
                if level < max && self.is_open(problem, incumbent, parent, None) {
                    let bound = self.bounds.get(parent).copied().unwrap_or(f64::INFINITY);
                    if next.is_none_or(|(least, ..)| bound < least) {
                        next = Some((bound, parent, column));
                    }
                }
            }
            let Some((_, parent, column)) = next else { return };
            if let Some(level) = node.get_mut(column) {
                *level += 1;
            }
            id = parent;
            chain.push(id);
        }
    }

    fn is_open(&self, problem: &Problem<'_>, incumbent: &Incumbent, id: usize, node: Option<&[u8]>) -> bool {
        let (Some(bound), Some(false)) = (self.bounds.get(id), self.is_closed.get(id)) else { return false };
        incumbent.is_open(*bound) && !node.is_some_and(|node| incumbent.is_settled(problem, *bound, node))
    }

    /// Closes one node.
    pub(super) fn close(&mut self, lattice: &Lattice, node: &[u8]) {
        if let Some(closed) = self.is_closed.get_mut(lattice.id(node) as usize) {
            *closed = true;
        }
    }

    /// Closes a node and all that are more special.
    pub(super) fn close_below(&mut self, lattice: &Lattice, node: &[u8]) {
        let Self { is_closed, strides, .. } = self;
        for_each(lattice.bottom(), node, lattice, strides, |id, _| {
            if let Some(closed) = is_closed.get_mut(id) {
                *closed = true;
            }
        });
    }

    /// Raises the bounds of all nodes more general than one to that key.
    pub(super) fn raise_above(&mut self, lattice: &Lattice, node: &[u8], key: f64) {
        let Self { bounds, strides, .. } = self;
        for_each(node, lattice.top(), lattice, strides, |id, _| {
            if let Some(bound) = bounds.get_mut(id) {
                *bound = bound.max(key);
            }
        });
    }

    /// Raises the bounds of all nodes more special than one by what its suppressed rows add to every column.
    pub(super) fn raise_below(&mut self, problem: &Problem<'_>, incumbent: &Incumbent, node: &[u8], raise: &[f64]) {
        let width = raise.len();
        if self.bounds.len() * width > MAX_RAISES {
            return;
        }
        self.raises.resize(self.bounds.len() * width, 0.0);
        // Rounded down: a bound may be too low, never too high.
        let raise: Vec<f32> = raise.iter().map(|raise| (raise * (1.0 - ROUNDING)) as f32).collect();
        let Self { bounds, is_closed, strides, raises, .. } = self;
        let lattice = &problem.lattice;
        for_each(lattice.bottom(), node, lattice, strides, |id, node| {
            let (Some(false), Some(bound)) = (is_closed.get(id), bounds.get_mut(id)) else { return };
            let Some(own) = raises.get_mut(id * width..(id + 1) * width) else { return };
            for (own, raise) in own.iter_mut().zip(&raise) {
                *own = own.max(*raise);
            }
            if !incumbent.is_open(*bound) {
                return;
            }
            let columns = problem.bounds.columns.iter().zip(node).zip(own.iter());
            let key = problem.model.combine.key(columns.map(|((column, level), own)| {
                column.get(usize::from(*level)).copied().unwrap_or(0.0) + f64::from(*own)
            }));
            *bound = bound.max(key);
        });
    }

    /// How many nodes are open.
    pub(super) fn n_open(&self, incumbent: &Incumbent) -> u64 {
        let nodes = self.bounds.iter().zip(&self.is_closed);
        nodes.filter(|(bound, closed)| !**closed && incumbent.is_open(**bound)).count() as u64
    }

    /// The least bound of all open nodes.
    pub(super) fn least_open(&self, incumbent: &Incumbent) -> Option<f64> {
        let open =
            self.bounds.iter().zip(&self.is_closed).filter(|(bound, closed)| !**closed && incumbent.is_open(**bound));
        open.map(|(bound, _)| *bound).min_by(f64::total_cmp)
    }
}

/// Of every column, the least level that does not rule a node out by itself; one above the highest if none does.
// SPEC: the size floor is monotone at any limit: rows under it in one column alone stay under it with all columns.
pub(super) fn least_levels(problem: &Problem<'_>) -> Vec<u8> {
    let rules_out = |column: &QuasiColumn, level: u8| {
        let rows = column.levels.get(usize::from(level)).map_or(&[][..], |level| &level.label_rows);
        rows.iter().filter(|rows| **rows < problem.rules.floor).sum::<u64>() > problem.allowed
    };
    let levels = problem.lattice.bottom().iter().zip(problem.lattice.top());
    let columns = problem.model.columns.iter().zip(levels);
    columns
        .map(|(column, (min, max))| (*min..=*max).find(|level| !rules_out(column, *level)).unwrap_or(*max + 1))
        .collect()
}

/// Calls with every node between two, ends included.
fn for_each(from: &[u8], to: &[u8], lattice: &Lattice, strides: &[usize], mut call: impl FnMut(usize, &[u8])) {
    let mut node = from.to_vec();
    let mut id = lattice.id(from) as usize;
    loop {
        call(id, &node);
        let mut is_done = true;
        for (place, level) in node.iter_mut().enumerate().rev() {
            let (Some(least), Some(most), Some(stride)) = (from.get(place), to.get(place), strides.get(place)) else {
                continue;
            };
            if *level < *most {
                *level += 1;
                id += stride;
                is_done = false;
                break;
            }
            id -= stride * usize::from(*level - *least);
            *level = *least;
        }
        if is_done {
            return;
        }
    }
}

/// More nodes than these come one after the other instead.
pub(super) const MAX_NODES: u128 = 1 << 20;
/// Nodes times columns up to which bounds are raised by suppressed rows: 64 MiB.
const MAX_RAISES: usize = 1 << 24;
/// Open nodes that are looked at for one batch.
const MAX_LOOKS: usize = 512;
/// More than the precision of 32-bit numbers loses.
const ROUNDING: f64 = 1e-6;
