//! The distances of a row to many points at once.

#![expect(clippy::indexing_slicing, reason = "blocks and lanes are counted from the points that `lanes` was sized for")]

/// Points laid out so that the distances of a row to eight of them are one loop over columns.
///
/// The columns of a distance are added one by one in their order, each `(x - c)²` rounded on its own, so a distance
/// has the bits of the plain loop: eight lanes change the speed, never a label.
#[derive(Clone)]
pub(crate) struct Packed {
    /// Block after block of eight points, in a block column after column.
    lanes: Vec<[f64; LANES]>,
    width: usize,
}

/// Points in a block.
pub(crate) const LANES: usize = 8;

impl Packed {
    /// Lays out points given one after another, each of `width` values.
    pub(crate) fn new(points: &[f64], width: usize) -> Self {
        let mut packed = Self { lanes: Vec::new(), width: width.max(1) };
        packed.load(points);
        packed
    }

    /// Replaces the points.
    pub(crate) fn load(&mut self, points: &[f64]) {
        let width = self.width;
        let n_blocks = (points.len() / width).div_ceil(LANES);
        self.lanes.clear();
        // A lane without a point is infinitely far from every row.
        self.lanes.resize(n_blocks * width, [f64::INFINITY; LANES]);
        for (index, point) in points.chunks_exact(width).enumerate() {
            let (block, lane) = (index / LANES, index % LANES);
            for (column, &value) in point.iter().enumerate() {
                self.lanes[block * width + column][lane] = value;
            }
        }
    }

    /// Gives the squared distances of a row, block after block of eight points.
    #[inline]
    pub(crate) fn distances<'a>(&'a self, row: &'a [f64]) -> impl Iterator<Item = [f64; LANES]> + 'a {
        self.lanes.chunks_exact(self.width).map(move |block| {
            let mut sums = [0.0; LANES];
            for (lanes, &x) in block.iter().zip(row) {
                for (sum, &c) in sums.iter_mut().zip(lanes) {
                    let difference = x - c;
                    *sum += difference * difference;
                }
            }
            sums
        })
    }

    /// Gives the nearest point to a row and its squared distance; of equally near ones the first.
    ///
    /// `(0, infinity)` if all squares overflow.
    #[inline]
    pub(crate) fn nearest(&self, row: &[f64]) -> (u32, f64) {
        let (mut nearest, mut least) = (0, f64::INFINITY);
        for (block, distances) in self.distances(row).enumerate() {
            let in_block = min(&distances);
            if in_block < least {
                least = in_block;
                // The lowest lane with this value, found without a branch per lane.
                let equal = distances.iter().rev().fold(0u32, |bits, &d| bits << 1 | u32::from(d == in_block));
                nearest = (block * LANES) as u32 + equal.trailing_zeros();
            }
        }
        (nearest, least)
    }
}

#[inline]
fn min(d: &[f64; LANES]) -> f64 {
    // Not `f64::min`: no value is NaN, and a plain comparison is one instruction.
    let less = |a: f64, b: f64| if b < a { b } else { a };
    let [a, b, c, d, e, f, g, h] = *d;
    less(less(less(a, b), less(c, d)), less(less(e, f), less(g, h)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_many_points_is_found_in_every_lane() {
        for n in [1, 7, 8, 9, 20] {
            let points: Vec<f64> = (0..n).flat_map(|i| [i as f64, -(i as f64)]).collect();
            let packed = Packed::new(&points, 2);
            for i in 0..n {
                assert_eq!(packed.nearest(&[i as f64 + 0.25, -(i as f64)]), (i as u32, 0.0625));
            }
        }
    }

    #[test]
    fn the_first_of_equally_near_points_wins_within_and_across_blocks() {
        let points: Vec<f64> = (0..17).map(|i| if [5, 6, 11, 16].contains(&i) { 1.0 } else { 9.0 }).collect();
        assert_eq!(Packed::new(&points, 1).nearest(&[0.0]).0, 5);
        let points: Vec<f64> = (0..17)
            .map(|i| {
                if i == 16 {
                    -1.0
                } else if i == 9 {
                    1.0
                } else {
                    9.0
                }
            })
            .collect();
        assert_eq!(Packed::new(&points, 1).nearest(&[0.0]).0, 9);
    }
}
