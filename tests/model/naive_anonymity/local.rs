//! References for the local models: MDAV by the book, NCP of a recoding.

/// How a column counts in NCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NcpColumn {
    Numeric,
    Categories,
}

/// Mean over all cells: (max - min)/range for numbers, (distinct - 1)/(domain - 1) for categories. Rows with equal
/// output cells are one class; its extent is read from the original rows.
pub fn ncp(kinds: &[NcpColumn], original: &[Vec<String>], output: &[Vec<String>]) -> f64 {
    assert_eq!(original.len(), output.len());
    let all: Vec<usize> = (0..original.len()).collect();
    let mut total = 0.0;
    for (d, &kind) in kinds.iter().enumerate() {
        let whole = extent(kind, d, &all, original);
        for row in 0..original.len() {
            let class: Vec<usize> = all.iter().copied().filter(|&other| output[other] == output[row]).collect();
            let own = extent(kind, d, &class, original);
            total += if whole == 0.0 { 0.0 } else { own / whole };
        }
    }
    total / (kinds.len() * original.len()) as f64
}

fn extent(kind: NcpColumn, d: usize, rows: &[usize], cells: &[Vec<String>]) -> f64 {
    match kind {
        NcpColumn::Numeric => {
            let numbers: Vec<f64> = rows.iter().map(|&row| cells[row][d].trim().parse().expect("a number")).collect();
            let greatest = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            greatest - numbers.iter().copied().fold(f64::INFINITY, f64::min)
        }
        NcpColumn::Categories => {
            let mut values: Vec<&String> = rows.iter().map(|&row| &cells[row][d]).collect();
            values.sort();
            values.dedup();
            values.len() as f64 - 1.0
        }
    }
}

/// A microaggregation.
#[derive(Clone, Debug)]
pub struct Mdav {
    /// Rows of each class, ascending; classes by their first row.
    pub classes: Vec<Vec<usize>>,
    /// Class means in the original unit, row by row.
    pub output: Vec<Vec<f64>>,
    /// 100·SSE/SST on z-scores; 0 if SST is 0.
    pub information_loss: f64,
}

/// Plain MDAV, all distances every time. None if there are fewer than k rows.
pub fn mdav(rows: &[Vec<f64>], k: usize) -> Option<Mdav> {
    if k == 0 || rows.len() < k {
        return None;
    }
    let scores = z_scores(rows);
    let mut left: Vec<usize> = (0..rows.len()).collect();
    let mut classes: Vec<Vec<usize>> = Vec::new();
    while left.len() >= 3 * k {
        let r = farthest(&scores, &left, &centroid(&scores, &left));
        let s = farthest(&scores, &left, &scores[r]);
        classes.push(take_nearest(&scores, &mut left, r, k));
        classes.push(take_nearest(&scores, &mut left, s, k));
    }
    if left.len() >= 2 * k {
        let r = farthest(&scores, &left, &centroid(&scores, &left));
        classes.push(take_nearest(&scores, &mut left, r, k));
    }
    if !left.is_empty() {
        classes.push(left);
    }
    for class in &mut classes {
        class.sort_unstable();
    }
    classes.sort();

    let mut output = vec![Vec::new(); rows.len()];
    let mut within = 0.0;
    for class in &classes {
        let mean = centroid(rows, class);
        let middle = centroid(&scores, class);
        for &row in class {
            output[row] = mean.clone();
            within += squared_distance(&scores[row], &middle);
        }
    }
    let all: Vec<usize> = (0..rows.len()).collect();
    let middle = centroid(&scores, &all);
    let total: f64 = scores.iter().map(|row| squared_distance(row, &middle)).sum();
    let information_loss = if total == 0.0 { 0.0 } else { 100.0 * within / total };
    Some(Mdav { classes, output, information_loss })
}

/// (x - mean)/deviation with n - 1; 0 in a constant column.
pub fn z_scores(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let all: Vec<usize> = (0..rows.len()).collect();
    let mean = centroid(rows, &all);
    let mut scores = rows.to_vec();
    for (d, &mean) in mean.iter().enumerate() {
        let squares: f64 = rows.iter().map(|row| (row[d] - mean).powi(2)).sum();
        let deviation = (squares / (rows.len() as f64 - 1.0)).sqrt();
        let constant = rows.iter().all(|row| row[d] == rows[0][d]);
        for row in &mut scores {
            row[d] = if constant { 0.0 } else { (row[d] - mean) / deviation };
        }
    }
    scores
}

fn centroid(rows: &[Vec<f64>], which: &[usize]) -> Vec<f64> {
    let mut sums = vec![0.0; rows[which[0]].len()];
    for &row in which {
        for (sum, x) in sums.iter_mut().zip(&rows[row]) {
            *sum += x;
        }
    }
    sums.iter().map(|sum| sum / which.len() as f64).collect()
}

fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The lowest row among the farthest.
fn farthest(rows: &[Vec<f64>], left: &[usize], from: &[f64]) -> usize {
    let mut best = left[0];
    for &row in left {
        if squared_distance(&rows[row], from) > squared_distance(&rows[best], from) {
            best = row;
        }
    }
    best
}

/// Takes the k nearest of a row out of those left: itself first if it is there, then by distance, then by row.
fn take_nearest(rows: &[Vec<f64>], left: &mut Vec<usize>, of: usize, k: usize) -> Vec<usize> {
    let mut order = left.clone();
    order.sort_by(|&a, &b| {
        let (near, far) = (squared_distance(&rows[a], &rows[of]), squared_distance(&rows[b], &rows[of]));
        (b == of).cmp(&(a == of)).then(near.total_cmp(&far)).then(a.cmp(&b))
    });
    order.truncate(k);
    left.retain(|row| !order.contains(row));
    order
}
