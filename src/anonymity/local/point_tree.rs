//! The points that are left, so that the farthest and the nearest are found without looking at all.
//!
//! Boxes around the points bound their distances. A bound is computed by the same operations in the same order as a
//! distance, and each of them rounds monotonically; so it bounds the *rounded* distance, and what is skipped could not
//! have been chosen, ties included.

use std::collections::BinaryHeap;

use super::points::Scores;

/// A binary tree of boxes over the points that are left.
#[derive(Debug)]
pub(super) struct PointTree<'a> {
    points: &'a Scores,
    n_left: usize,
    /// Points when the boxes were last laid out.
    n_built: usize,
    n_leaves: usize,
    /// Node after node from the root at 1, leaves last: least and largest coordinate of every column.
    boxes: Vec<(f64, f64)>,
    /// Of every node, its lowest point; `NONE` if nothing is left in it.
    lowest: Vec<u32>,
    /// Of every leaf, its points.
    leaves: Vec<Leaf>,
    /// Of every point, its leaf.
    leaf_of: Vec<u32>,
    /// Exact sum of the coordinates that are left, in units of 2^-80.
    sums: Vec<i128>,
}

#[derive(Clone, Debug, Default)]
struct Leaf {
    points: Vec<u32>,
    /// Column after column, in the order of `points`.
    coordinates: Vec<f64>,
}

/// Squared distance and point; the bits of a distance order as it does, because it is never negative.
type Found = (u64, u32);

impl<'a> PointTree<'a> {
    pub(super) fn new(points: &'a Scores) -> Self {
        let mut sums = vec![0; points.n_columns()];
        for point in 0..points.len() as u32 {
            for (sum, score) in sums.iter_mut().zip(points.at(point)) {
                *sum += exact(*score);
            }
        }
        let mut tree = Self {
            points,
            n_left: 0,
            n_built: 0,
            n_leaves: 1,
            boxes: Vec::new(),
            lowest: Vec::new(),
            leaves: Vec::new(),
            leaf_of: vec![0; points.len()],
            sums,
        };
        tree.build((0..points.len() as u32).collect());
        tree
    }

    pub(super) const fn len(&self) -> usize {
        self.n_left
    }

    /// Gives what is left, ascending.
    pub(super) fn left(&self) -> Vec<u32> {
        let mut left: Vec<u32> = self.leaves.iter().flat_map(|leaf| leaf.points.iter().copied()).collect();
        left.sort_unstable();
        left
    }

    /// Gives the mean of what is left: the exact sum, rounded once, over the number of points.
    pub(super) fn centroid(&self) -> Vec<f64> {
        self.sums.iter().map(|sum| *sum as f64 / UNIT / self.n_left as f64).collect()
    }

    /// Gives the point farthest from a place, the lowest of equals.
    pub(super) fn farthest(&self, place: &[f64]) -> Option<u32> {
        // The lowest of equals is the largest of complements.
        let mut best: Option<Found> = None;
        self.seek_farthest(1, self.most(1, place), place, &mut best);
        best.map(|(_, point)| !point)
    }

    /// Takes out the `k` points nearest to a place, the lowest of equals first; ascending.
    pub(super) fn take_nearest(&mut self, place: &[f64], k: usize) -> Vec<u32> {
        let mut best = BinaryHeap::with_capacity(k + 1);
        self.seek_nearest(1, self.least(1, place), place, k, &mut best);
        let mut found: Vec<u32> = best.into_iter().map(|(_, point)| point).collect();
        found.sort_unstable();
        self.remove(&found);
        found
    }

    fn build(&mut self, mut members: Vec<u32>) {
        self.n_left = members.len();
        self.n_built = members.len();
        self.n_leaves = members.len().div_ceil(LEAF).next_power_of_two();
        self.boxes = vec![(f64::INFINITY, f64::NEG_INFINITY); 2 * self.n_leaves * self.points.n_columns()];
        self.lowest = vec![NONE; 2 * self.n_leaves];
        self.leaves = vec![Leaf::default(); self.n_leaves];
        self.lay_out(1, &mut members);
        for node in (1..2 * self.n_leaves).rev() {
            self.refresh(node);
        }
    }

    /// Halves the members along their widest column, down to the leaves.
    fn lay_out(&mut self, node: usize, members: &mut [u32]) {
        if let Some(place) = node.checked_sub(self.n_leaves) {
            for point in members.iter() {
                if let Some(leaf) = self.leaf_of.get_mut(*point as usize) {
                    *leaf = place as u32;
                }
            }
            if let Some(leaf) = self.leaves.get_mut(place) {
                leaf.points = members.to_vec();
                leaf.gather(self.points);
            }
            return;
        }
        let mut ends = vec![(f64::INFINITY, f64::NEG_INFINITY); self.points.n_columns()];
        for point in members.iter() {
            for (end, score) in ends.iter_mut().zip(self.points.at(*point)) {
                *end = (end.0.min(*score), end.1.max(*score));
            }
        }
        let width = |place: &usize| ends.get(*place).map_or(0.0, |end| end.1 - end.0);
        let widest = (0..ends.len()).max_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or(0);
        let middle = members.len() / 2;
        if members.len() > 1 {
            let points = self.points;
            let score = |point: u32| points.at(point).get(widest).copied().unwrap_or(0.0);
            members.select_nth_unstable_by(middle, |a, b| score(*a).total_cmp(&score(*b)).then(a.cmp(b)));
        }
        let (low, high) = members.split_at_mut(middle);
        self.lay_out(2 * node, low);
        self.lay_out(2 * node + 1, high);
    }

    /// Takes points out, and draws the boxes closer.
    fn remove(&mut self, found: &[u32]) {
        let mut touched: Vec<usize> = Vec::with_capacity(found.len());
        for point in found {
            for (sum, score) in self.sums.iter_mut().zip(self.points.at(*point)) {
                *sum -= exact(*score);
            }
            let place = self.leaf_of.get(*point as usize).map_or(0, |leaf| *leaf as usize);
            if let Some(leaf) = self.leaves.get_mut(place) {
                leaf.points.retain(|other| other != point);
                touched.push(place + self.n_leaves);
            }
        }
        self.n_left -= found.len();
        if 2 * self.n_left < self.n_built && self.n_left > LEAF {
            let left = self.left();
            self.build(left);
            return;
        }
        touched.sort_unstable();
        touched.dedup();
        for node in &touched {
            if let Some(leaf) = self.leaves.get_mut(node - self.n_leaves) {
                leaf.gather(self.points);
            }
        }
        while touched.first().is_some_and(|node| *node > 0) {
            for node in &touched {
                self.refresh(*node);
            }
            for node in &mut touched {
                *node /= 2;
            }
            touched.dedup();
        }
    }

    /// Draws the box of a node around its points or its children.
    fn refresh(&mut self, node: usize) {
        let d = self.points.n_columns();
        let (mut lowest, mut ends) = (NONE, [(f64::INFINITY, f64::NEG_INFINITY)].repeat(d));
        if let Some(leaf) = node.checked_sub(self.n_leaves).and_then(|place| self.leaves.get(place)) {
            lowest = leaf.points.iter().copied().min().unwrap_or(NONE);
            if lowest != NONE {
                for (end, coordinates) in ends.iter_mut().zip(leaf.coordinates.chunks_exact(leaf.points.len())) {
                    for score in coordinates {
                        *end = (end.0.min(*score), end.1.max(*score));
                    }
                }
            }
        } else {
            for child in [2 * node, 2 * node + 1] {
                lowest = lowest.min(self.lowest.get(child).copied().unwrap_or(NONE));
                for (end, other) in ends.iter_mut().zip(self.ends(child)) {
                    *end = (end.0.min(other.0), end.1.max(other.1));
                }
            }
        }
        if let Some(place) = self.lowest.get_mut(node) {
            *place = lowest;
        }
        if let Some(place) = self.boxes.get_mut(node * d..(node + 1) * d) {
            place.copy_from_slice(&ends);
        }
    }

    fn ends(&self, node: usize) -> &[(f64, f64)] {
        let d = self.points.n_columns();
        self.boxes.get(node * d..(node + 1) * d).unwrap_or_default()
    }

    /// The largest squared distance a point of a node may have, with its lowest point; 0 and none for an empty node.
    fn most(&self, node: usize, place: &[f64]) -> Option<Found> {
        let lowest = self.lowest.get(node).copied().filter(|lowest| *lowest != NONE)?;
        let sum = self.ends(node).iter().zip(place).fold(0.0, |sum, (end, at)| {
            let (low, high) = (end.0 - at, end.1 - at);
            sum + (low * low).max(high * high)
        });
        Some((f64::to_bits(sum), !lowest))
    }

    /// The least squared distance a point of a node may have, with its lowest point.
    fn least(&self, node: usize, place: &[f64]) -> Option<Found> {
        let lowest = self.lowest.get(node).copied().filter(|lowest| *lowest != NONE)?;
        let sum = self.ends(node).iter().zip(place).fold(0.0, |sum, (end, at)| {
            let apart = (end.0 - at).max(at - end.1).max(0.0);
            sum + apart * apart
        });
        Some((f64::to_bits(sum), lowest))
    }

    fn seek_farthest(&self, node: usize, bound: Option<Found>, place: &[f64], best: &mut Option<Found>) {
        if bound <= *best {
            return;
        }
        if let Some(leaf) = node.checked_sub(self.n_leaves).and_then(|leaf| self.leaves.get(leaf)) {
            let mut squares = [0.0; LEAF];
            leaf.squares(place, &mut squares);
            for (square, point) in squares.iter().zip(&leaf.points) {
                *best = (*best).max(Some((square.to_bits(), !point)));
            }
            return;
        }
        let (low, high) = (2 * node, 2 * node + 1);
        let (low, high) = ((self.most(low, place), low), (self.most(high, place), high));
        let (first, second) = if low.0 >= high.0 { (low, high) } else { (high, low) };
        self.seek_farthest(first.1, first.0, place, best);
        self.seek_farthest(second.1, second.0, place, best);
    }

    fn seek_nearest(&self, node: usize, bound: Option<Found>, place: &[f64], k: usize, best: &mut BinaryHeap<Found>) {
        let Some(bound) = bound else { return };
        if best.len() >= k && best.peek().is_some_and(|worst| bound > *worst) {
            return;
        }
        if let Some(leaf) = node.checked_sub(self.n_leaves).and_then(|leaf| self.leaves.get(leaf)) {
            let mut squares = [0.0; LEAF];
            leaf.squares(place, &mut squares);
            for (square, point) in squares.iter().zip(&leaf.points) {
                let found = (square.to_bits(), *point);
                if best.len() < k {
                    best.push(found);
                } else if let Some(mut worst) = best.peek_mut()
                    && found < *worst
                {
                    *worst = found;
                }
            }
            return;
        }
        let (low, high) = (2 * node, 2 * node + 1);
        let (low, high) = ((self.least(low, place), low), (self.least(high, place), high));
        // An empty node comes before everything and ends at once.
        let (first, second) = if low.0 <= high.0 { (low, high) } else { (high, low) };
        self.seek_nearest(first.1, first.0, place, k, best);
        self.seek_nearest(second.1, second.0, place, k, best);
    }
}

impl Leaf {
    /// Copies the coordinates of its points next to each other.
    fn gather(&mut self, points: &Scores) {
        self.coordinates.clear();
        for column in 0..points.n_columns() {
            let scores = self.points.iter().map(|point| points.at(*point).get(column).copied().unwrap_or(0.0));
            self.coordinates.extend(scores);
        }
    }

    /// The squared distance of every point: squares summed in the order of columns.
    fn squares(&self, place: &[f64], squares: &mut [f64; LEAF]) {
        if self.points.is_empty() {
            return;
        }
        for (at, coordinates) in place.iter().zip(self.coordinates.chunks_exact(self.points.len())) {
            for (square, score) in squares.iter_mut().zip(coordinates) {
                *square += (score - at) * (score - at);
            }
        }
    }
}

/// A coordinate in units of 2^-80: the sum of z-scores stays under their number, so it never leaves 128 bits.
fn exact(score: f64) -> i128 {
    (score * UNIT) as i128
}

/// 2^80.
const UNIT: f64 = 1_208_925_819_614_629_174_706_176.0;
/// Points of one leaf at most.
const LEAF: usize = 32;
/// No point.
const NONE: u32 = u32::MAX;
