//! Lloyd's iteration from given centroids to rest.

#![expect(
    clippy::indexing_slicing,
    reason = "labels are below the number of centroids and rows below that of labels, both by this file"
)]

use super::packed::Packed;
use crate::segment::SegmentError;
use crate::segment::table::Table;

/// When a run ends.
#[derive(Clone, Copy)]
pub(super) struct Stop {
    /// Sum of the squared shifts of all centroids that counts as rest.
    pub(super) shift: f64,
    pub(super) max_rounds: usize,
}

/// Where a run ended.
pub(super) struct Run {
    /// Row after row.
    pub(super) centroids: Vec<f64>,
    /// The nearest of these centroids for every row.
    pub(super) labels: Vec<u32>,
    /// Sum of the squared distances of the rows to exactly these.
    pub(super) inertia: f64,
    pub(super) rounds: usize,
    pub(super) converged: bool,
}

/// What one round did.
pub(super) struct Step {
    pub(super) round: usize,
    pub(super) moved: usize,
    /// Sum of the squared distances of the rows to the means of their clusters.
    pub(super) inertia: f64,
}

/// Moves `centroids` until the labels stand, the centroids hardly shift or the rounds are used up.
///
/// # Errors
/// What `progress` gives.
///
/// # Complexity
/// `O(n · k · d)` a round; memory 4 bytes a row and at most 32 MiB for sums.
///
/// # References
/// Lloyd: *Least squares quantization in PCM*, IEEE Transactions on Information Theory 28, 1982. The stop rule is that
/// of scikit-learn's `KMeans`.
pub(super) fn run(
    table: &Table<'_>,
    mut centroids: Vec<f64>,
    stop: Stop,
    mut progress: impl FnMut(Step) -> Result<(), SegmentError>,
) -> Result<Run, SegmentError> {
    let width = table.width();
    let mut pass = Pass::new(table, centroids.len());
    let (mut rounds, mut converged, mut still) = (0, false, false);
    while rounds < stop.max_rounds && !converged {
        rounds += 1;
        pass.assign_and_sum(table, &centroids);
        let moved = pass.total.moved;
        let n_seeded = pass.fill_empty_clusters(table, &centroids);

        let (mut shift, mut inertia) = (0.0, pass.total.inertia);
        let sums = pass.total.sums.chunks_exact(width);
        for ((centroid, sum), &count) in centroids.chunks_exact_mut(width).zip(sums).zip(&pass.total.counts) {
            if count == 0 {
                continue;
            }
            let mut squares = 0.0;
            for (value, &sum) in centroid.iter_mut().zip(sum) {
                let mean = sum / count as f64;
                squares += (mean - *value) * (mean - *value);
                *value = mean;
            }
            shift += squares;
            // The sum of squares about any point is that about the mean plus this.
            inertia -= count as f64 * squares;
        }
        progress(Step { round: rounds, moved, inertia: inertia.max(0.0) })?;
        // With a filled cluster the labels are not those of the new centroids yet, however little has moved.
        converged = n_seeded == 0 && (moved == 0 || shift <= stop.shift);
        still = n_seeded == 0 && shift == 0.0;
    }
    if !still {
        // The centroids have shifted since the last assignment, and labels belong to the returned ones.
        pass.assign_and_sum(table, &centroids);
    }
    Ok(Run { centroids, labels: pass.labels, inertia: pass.total.inertia, rounds, converged })
}

/// Gives the squared Euclidean distance, columns added in their order.
pub(super) fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + (a - b) * (a - b))
}

/// The buffers of a pass over all rows.
struct Pass {
    packed: Packed,
    chunk_rows: usize,
    labels: Vec<u32>,
    parts: Vec<Sums>,
    total: Sums,
}

/// What a pass adds up, of one chunk or of all.
#[derive(Clone)]
struct Sums {
    /// Cluster after cluster.
    sums: Vec<f64>,
    counts: Vec<u64>,
    inertia: f64,
    moved: usize,
}

impl Pass {
    fn new(table: &Table<'_>, n_floats: usize) -> Self {
        let width = table.width();
        let chunk_rows = table.chunk_rows(n_floats);
        let empty = Sums { sums: vec![0.0; n_floats], counts: vec![0; n_floats / width], inertia: 0.0, moved: 0 };
        Self {
            packed: Packed::new(&[], width),
            chunk_rows,
            labels: vec![u32::MAX; table.n_rows()],
            parts: vec![empty.clone(); table.n_chunks(chunk_rows)],
            total: empty,
        }
    }

    /// Finds the nearest centroid of every row and adds the rows up by it.
    fn assign_and_sum(&mut self, table: &Table<'_>, centroids: &[f64]) {
        let width = table.width();
        let Self { packed, chunk_rows, labels, parts, total } = self;
        packed.load(centroids);
        let packed = &*packed;
        table.for_each_chunk(*chunk_rows, labels, parts, |rows, labels, part| {
            part.clear();
            for (row, label) in rows.chunks_exact(width).zip(labels) {
                let (nearest, distance) = packed.nearest(row);
                part.moved += usize::from(*label != nearest);
                part.inertia += distance;
                *label = nearest;
                part.add(nearest as usize, row);
            }
        });
        total.clear();
        for part in parts {
            total.merge(part);
        }
    }

    /// Gives every empty cluster the row farthest from its centroid, and tells how many there were.
    ///
    /// The row leaves its old cluster. Ties go to the first row; a cluster of one row keeps it.
    fn fill_empty_clusters(&mut self, table: &Table<'_>, centroids: &[f64]) -> usize {
        let empty: Vec<usize> = (0..self.total.counts.len()).filter(|&j| self.total.counts[j] == 0).collect();
        if empty.is_empty() {
            return 0;
        }
        let width = table.width();
        let centroid_of = |label: u32| &centroids[label as usize * width..][..width];
        let mut distances: Vec<f64> =
            table.rows().zip(&self.labels).map(|(row, &label)| squared_distance(row, centroid_of(label))).collect();
        for &cluster in &empty {
            let mut farthest: Option<usize> = None;
            for (row, &distance) in distances.iter().enumerate() {
                let donor_can_spare = self.total.counts[self.labels[row] as usize] > 1;
                if donor_can_spare && farthest.is_none_or(|best| distance > distances[best]) {
                    farthest = Some(row);
                }
            }
            // More rows than clusters, or as many and each with its own row: then no cluster is empty.
            let Some(row) = farthest else { break };
            let from = std::mem::replace(&mut self.labels[row], cluster as u32);
            self.total.move_row(table.row(row), from as usize, cluster);
            self.total.inertia += squared_distance(table.row(row), centroid_of(cluster as u32))
                - squared_distance(table.row(row), centroid_of(from));
            // Rows like this one have a centroid now and are not picked for the next empty cluster.
            for (other, distance) in table.rows().zip(&mut distances) {
                *distance = distance.min(squared_distance(other, table.row(row)));
            }
        }
        empty.len()
    }
}

impl Sums {
    fn clear(&mut self) {
        self.sums.fill(0.0);
        self.counts.fill(0);
        (self.inertia, self.moved) = (0.0, 0);
    }

    fn add(&mut self, cluster: usize, row: &[f64]) {
        let sums = &mut self.sums[cluster * row.len()..][..row.len()];
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
        self.counts[cluster] += 1;
    }

    fn merge(&mut self, other: &Self) {
        for (sum, &more) in self.sums.iter_mut().zip(&other.sums) {
            *sum += more;
        }
        for (count, &more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.inertia += other.inertia;
        self.moved += other.moved;
    }

    /// Moves a row to an empty cluster.
    fn move_row(&mut self, row: &[f64], from: usize, to: usize) {
        let sums = &mut self.sums[from * row.len()..][..row.len()];
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum -= value;
        }
        self.counts[from] -= 1;
        self.sums[to * row.len()..][..row.len()].copy_from_slice(row);
        self.counts[to] = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_on(values: &[f64], start: &[f64], stop: Stop) -> Result<Run, SegmentError> {
        run(&Table::from_rows(values.to_vec(), 1), start.to_vec(), stop, |_| Ok(()))
    }

    const UNTIL_LABELS_STAND: Stop = Stop { shift: 0.0, max_rounds: 100 };

    #[test]
    fn centroids_come_to_rest_at_the_means() -> Result<(), SegmentError> {
        let run = run_on(&[0.0, 1.0, 2.0, 10.0, 12.0], &[0.0, 1.0], UNTIL_LABELS_STAND)?;
        assert_eq!(run.centroids, [1.0, 11.0]);
        assert_eq!(run.inertia, 4.0);
        assert!(run.converged);
        Ok(())
    }

    #[test]
    fn empty_clusters_take_the_farthest_rows_and_never_the_same_value_twice() -> Result<(), SegmentError> {
        // All centroids start at one place: 1 and 2 are empty, and the two farthest rows are equal.
        let run = run_on(&[0.0, 0.0, 5.0, 9.0, 9.0], &[0.0, 0.0, 0.0], UNTIL_LABELS_STAND)?;
        assert_eq!(run.centroids, [0.0, 9.0, 5.0]);
        assert_eq!(run.inertia, 0.0);
        Ok(())
    }

    #[test]
    fn a_run_at_its_round_limit_says_so_and_reports_the_inertia_of_its_centroids() -> Result<(), SegmentError> {
        let run = run_on(&[0.0, 1.0, 2.0, 10.0, 12.0], &[0.0, 1.0], Stop { shift: 0.0, max_rounds: 1 })?;
        assert_eq!((run.rounds, run.converged), (1, false));
        assert_eq!(run.centroids, [0.0, 6.25]);
        assert_eq!(run.inertia, 0.0 + 1.0 + 4.0 + 3.75 * 3.75 + 5.75 * 5.75);
        Ok(())
    }

    #[test]
    fn the_inertia_of_a_step_is_that_of_the_means() -> Result<(), SegmentError> {
        let mut steps = vec![];
        let table = Table::from_rows(vec![0.0, 1.0, 2.0, 10.0, 12.0], 1);
        run(&table, vec![0.0, 1.0], UNTIL_LABELS_STAND, |step| {
            steps.push((step.round, step.moved, step.inertia));
            Ok(())
        })?;
        assert_eq!(steps.first().map(|step| (step.0, step.1)), Some((1, 5)));
        assert_eq!(steps.last().map(|step| (step.1, step.2)), Some((0, 4.0)));
        assert!(steps.is_sorted_by(|a, b| a.2 >= b.2));
        Ok(())
    }
}
