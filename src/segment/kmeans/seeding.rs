//! Starting centroids: greedy k-means++.

use rand::Rng;

use super::lloyd::squared_distance;
use super::packed::{LANES, Packed};
use crate::segment::table::Table;

/// Picks `k` rows as starting centroids, each far from those before it.
///
/// A row is drawn with a chance in proportion to its squared distance from the nearest centroid so far. Of
/// `2 + floor(ln k)` rows drawn, the one that leaves the smallest sum of these distances is taken.
///
/// # Complexity
/// `O(n · k · d · ln k)`; memory 8 bytes a row.
///
/// # References
/// Arthur, Vassilvitskii: *k-means++: The Advantages of Careful Seeding*, SODA 2007, with the greedy choice of the
/// authors' own program.
pub(super) fn greedy(table: &Table<'_>, k: usize, rng: &mut impl Rng) -> Vec<f64> {
    let n_candidates = 2 + (k as f64).ln().floor() as usize;
    let mut seeds = Vec::with_capacity(k * table.width());
    let mut near = Near::new(table, n_candidates);
    let mut newest = rng.gen_range(0..table.n_rows() as u64) as usize;
    near.add(table, newest);
    seeds.extend_from_slice(table.row(newest));
    for _ in 1..k {
        let candidates: Vec<usize> = (0..n_candidates).map(|_| near.draw(rng)).collect();
        newest = near.best(table, &candidates);
        near.add(table, newest);
        seeds.extend_from_slice(table.row(newest));
    }
    seeds
}

/// The squared distance of every row to its nearest centroid so far.
struct Near {
    distances: Vec<f64>,
    chunk_rows: usize,
    /// Sum of the distances of each chunk.
    sums: Vec<f64>,
    candidates: Packed,
    /// For each chunk the sums that the candidates would leave.
    sums_with: Vec<Vec<f64>>,
}

impl Near {
    fn new(table: &Table<'_>, n_candidates: usize) -> Self {
        let n_lanes = n_candidates.next_multiple_of(LANES);
        let chunk_rows = table.chunk_rows(n_lanes);
        let n_chunks = table.n_chunks(chunk_rows);
        Self {
            distances: vec![f64::INFINITY; table.n_rows()],
            chunk_rows,
            sums: vec![0.0; n_chunks],
            candidates: Packed::new(&[], table.width()),
            sums_with: vec![vec![0.0; n_lanes]; n_chunks],
        }
    }

    /// Takes note of a new centroid; only distances to it are computed.
    fn add(&mut self, table: &Table<'_>, newest: usize) {
        let centroid = table.row(newest);
        table.for_each_chunk(self.chunk_rows, &mut self.distances, &mut self.sums, |rows, distances, sum| {
            *sum = 0.0;
            for (row, distance) in rows.chunks_exact(table.width()).zip(distances) {
                *distance = distance.min(squared_distance(row, centroid));
                *sum += *distance;
            }
        });
    }

    /// Draws a row with a chance in proportion to its distance.
    fn draw(&self, rng: &mut impl Rng) -> usize {
        let mut rest = rng.gen_range(0.0..1.0) * self.sums.iter().sum::<f64>();
        // Both loops end at the last one with a chance if rounding has eaten the end of the sums.
        let mut chunk = 0;
        for (index, &sum) in self.sums.iter().enumerate().filter(|(_, sum)| **sum > 0.0) {
            chunk = index;
            if rest < sum {
                break;
            }
            rest -= sum;
        }
        let first_row = chunk * self.chunk_rows;
        let distances = self.distances.iter().enumerate().skip(first_row).take(self.chunk_rows);
        let mut drawn = first_row;
        for (row, &distance) in distances.filter(|(_, distance)| **distance > 0.0) {
            drawn = row;
            if rest < distance {
                break;
            }
            rest -= distance;
        }
        drawn
    }

    /// Gives the candidate that leaves the smallest sum of distances, the first of equals.
    fn best(&mut self, table: &Table<'_>, candidates: &[usize]) -> usize {
        let points: Vec<f64> = candidates.iter().flat_map(|&row| table.row(row)).copied().collect();
        self.candidates.load(&points);
        let packed = &self.candidates;
        table.for_each_chunk(self.chunk_rows, &mut self.distances, &mut self.sums_with, |rows, distances, sums| {
            sums.fill(0.0);
            for (row, &mut near) in rows.chunks_exact(table.width()).zip(distances) {
                for (sums, to_candidates) in sums.chunks_exact_mut(LANES).zip(packed.distances(row)) {
                    for (sum, distance) in sums.iter_mut().zip(to_candidates) {
                        *sum += if distance < near { distance } else { near };
                    }
                }
            }
        });
        let sum_with = |lane: usize| self.sums_with.iter().filter_map(|sums| sums.get(lane)).sum::<f64>();
        let sums = candidates.iter().enumerate().map(|(lane, &row)| (sum_with(lane), row));
        let least = sums.reduce(|best, next| if next.0 < best.0 { next } else { best });
        least.map_or(0, |(_, row)| row)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn seeds_are_different_rows_as_long_as_there_are_such() {
        let values: Vec<f64> = (0..900).map(|i| f64::from(i % 9)).collect();
        let table = Table::from_rows(values, 1);
        for seed in 0..20 {
            let mut seeds = greedy(&table, 9, &mut Xoshiro256PlusPlus::seed_from_u64(seed));
            seeds.sort_by(f64::total_cmp);
            assert_eq!(seeds, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        }
    }

    #[test]
    fn a_row_is_drawn_as_often_as_its_distance_says() {
        let table = Table::from_rows([0.0, 1.0, 2.0, 0.0].repeat(200), 1);
        let mut near = Near::new(&table, 2);
        near.add(&table, 0);
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let n_ones = (0..5_000).filter(|_| near.draw(&mut rng) % 4 == 1).count();
        // One fifth expected; 6 standard deviations are 170.
        assert!(n_ones.abs_diff(1_000) < 170, "{n_ones}");
        assert!((0..1_000).all(|_| table.row(near.draw(&mut rng)) != [0.0]));
    }
}
