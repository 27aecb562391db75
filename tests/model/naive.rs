//! Slow, obvious twins of what the library does fast.

/// What plain Lloyd finds.
pub struct Lloyd {
    pub centroids: Vec<Vec<f64>>,
    pub labels: Vec<u32>,
    pub inertia: f64,
    pub rounds: usize,
    pub converged: bool,
}

/// k-means by the book: all distances of all rows, in every round.
pub fn lloyd(rows: &[Vec<f64>], start: &[Vec<f64>], tolerance: f64, max_rounds: usize) -> Lloyd {
    let k = start.len();
    let still = tolerance * mean_variance(rows);
    let mut centroids = start.to_vec();
    let mut labels = vec![u32::MAX; rows.len()];
    let (mut rounds, mut converged) = (0, false);
    while rounds < max_rounds && !converged {
        rounds += 1;
        let before = std::mem::replace(&mut labels, assign(rows, &centroids));
        let unchanged = before == labels;

        let mut sums = vec![vec![0.0; rows[0].len()]; k];
        let mut counts = vec![0u64; k];
        for (row, &label) in rows.iter().zip(&labels) {
            for (sum, value) in sums[label as usize].iter_mut().zip(row) {
                *sum += value;
            }
            counts[label as usize] += 1;
        }

        // An empty cluster takes the row that is farthest from every centroid it could belong to.
        let mut far: Vec<f64> =
            rows.iter().zip(&labels).map(|(row, &label)| squared_distance(row, &centroids[label as usize])).collect();
        let mut filled = false;
        for empty in 0..k {
            if counts[empty] > 0 {
                continue;
            }
            filled = true;
            let mut farthest = None;
            for row in 0..rows.len() {
                let spare = counts[labels[row] as usize] > 1;
                if spare && farthest.is_none_or(|best: usize| far[row] > far[best]) {
                    farthest = Some(row);
                }
            }
            let row = farthest.expect("more rows than clusters");
            let from = labels[row] as usize;
            for (sum, value) in sums[from].iter_mut().zip(&rows[row]) {
                *sum -= value;
            }
            counts[from] -= 1;
            sums[empty] = rows[row].clone();
            counts[empty] = 1;
            labels[row] = empty as u32;
            for (far, other) in far.iter_mut().zip(rows) {
                *far = far.min(squared_distance(other, &rows[row]));
            }
        }

        let mut shift = 0.0;
        for ((centroid, sum), &count) in centroids.iter_mut().zip(&sums).zip(&counts) {
            let mean: Vec<f64> = sum.iter().map(|sum| sum / count as f64).collect();
            shift += squared_distance(&mean, centroid);
            *centroid = mean;
        }
        converged = !filled && (unchanged || shift <= still);
    }
    let labels = assign(rows, &centroids);
    let inertia = rows.iter().zip(&labels).map(|(row, &label)| squared_distance(row, &centroids[label as usize])).sum();
    Lloyd { centroids, labels, inertia, rounds, converged }
}

/// The nearest centroid of every row, of equally near ones the first.
pub fn assign(rows: &[Vec<f64>], centroids: &[Vec<f64>]) -> Vec<u32> {
    let nearest = |row: &Vec<f64>| {
        let mut best = 0;
        for j in 1..centroids.len() {
            if squared_distance(row, &centroids[j]) < squared_distance(row, &centroids[best]) {
                best = j;
            }
        }
        best as u32
    };
    rows.iter().map(nearest).collect()
}

pub fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        sum += (a - b) * (a - b);
    }
    sum
}

/// Mean of the population variances of the columns.
pub fn mean_variance(rows: &[Vec<f64>]) -> f64 {
    let (n, d) = (rows.len() as f64, rows[0].len());
    let variance = |column: usize| {
        let mean = rows.iter().map(|row| row[column]).sum::<f64>() / n;
        rows.iter().map(|row| (row[column] - mean).powi(2)).sum::<f64>() / n
    };
    (0..d).map(variance).sum::<f64>() / d as f64
}
