//! Halving points at multiples of k.

use super::points::Scores;

/// Halves points until a block holds at most `most`, or fewer than `2k`, which cannot be halved.
///
/// A block is cut along its column of largest variance (the first of equals), at the multiple of `k` nearest its middle
/// (the lower of equals); equal numbers go by the order of points.
///
/// # Complexity
/// `O(points · columns · log(points / most))`.
pub(super) fn blocks(points: &Scores, k: usize, most: usize) -> Vec<Vec<u32>> {
    let mut members: Vec<u32> = (0..points.len() as u32).collect();
    let mut done = Vec::new();
    halve(points, k.max(1), most, &mut members, &mut done);
    done
}

fn halve(points: &Scores, k: usize, most: usize, members: &mut [u32], done: &mut Vec<Vec<u32>>) {
    let n = members.len();
    if n <= most || n < k.saturating_mul(2) {
        let mut block = members.to_vec();
        block.sort_unstable();
        done.push(block);
        return;
    }
    let widest = widest(points, members);
    let score = |point: u32| points.at(point).get(widest).copied().unwrap_or(0.0);
    let middle = middle(n, k);
    members.select_nth_unstable_by(middle, |a, b| score(*a).total_cmp(&score(*b)).then(a.cmp(b)));
    let (low, high) = members.split_at_mut(middle);
    if n < SHARED {
        halve(points, k, most, low, done);
        halve(points, k, most, high, done);
        return;
    }
    let mut after = Vec::new();
    rayon::join(|| halve(points, k, most, low, done), || halve(points, k, most, high, &mut after));
    done.append(&mut after);
}

/// The multiple of `k` nearest the middle that leaves `k` on both sides, the lower of two; `n >= 2k`.
const fn middle(n: usize, k: usize) -> usize {
    let below = n / 2 / k * k;
    let above = below + k;
    if below < k || (above <= n - k && above.abs_diff(n - above) < below.abs_diff(n - below)) { above } else { below }
}

/// The column of largest variance, the first of equals.
///
/// Sums are exact, in units of 2^-30, so that the order of points does not matter: the squares of all scores sum to
/// their number, which leaves room for 2^32 points in 128 bits.
fn widest(points: &Scores, members: &[u32]) -> usize {
    let mut sums = vec![(0i128, 0i128); points.n_columns()];
    for point in members {
        for ((sum, squares), score) in sums.iter_mut().zip(points.at(*point)) {
            let units = (score * UNIT).round() as i64;
            *sum += i128::from(units);
            *squares += i128::from(units) * i128::from(units);
        }
    }
    let n = members.len() as i128;
    let spread = |(sum, squares): &(i128, i128)| n * squares - sum * sum;
    let widest = sums.iter().enumerate().max_by_key(|(place, sums)| (spread(sums), std::cmp::Reverse(*place)));
    widest.map_or(0, |(place, _)| place)
}

/// 2^30.
const UNIT: f64 = 1_073_741_824.0;
/// Points from which on the halves of a block are cut side by side.
const SHARED: usize = 4096;
