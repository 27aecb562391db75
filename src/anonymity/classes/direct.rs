//! A counter for every key, while keys are few.

use rayon::prelude::*;

use super::key_space::KeySpace;

/// Rows of every key; most are 0. `None` if the keys are too many for the rows or for a core's own cache.
pub(super) fn counts(space: &KeySpace<'_>) -> Option<Vec<u32>> {
    let n_keys = n_keys(space)?;
    // Sums of integers do not depend on who adds them, so that threads may share the blocks as they like.
    let ranges = (0..space.n_rows().div_ceil(BLOCK)).into_par_iter().with_min_len(16);
    let (counts, _) = ranges
        .fold(
            || (vec![0u32; n_keys], Vec::<u32>::new()),
            |(mut counts, mut keys), block| {
                let first = block * BLOCK;
                space.fill(first..(first + BLOCK).min(space.n_rows()), &mut keys);
                count(&keys, &mut counts);
                (counts, keys)
            },
        )
        .reduce(
            || (Vec::new(), Vec::new()),
            |(one, keys), (other, _)| {
                let (mut longer, shorter) = if one.len() >= other.len() { (one, other) } else { (other, one) };
                for (sum, more) in longer.iter_mut().zip(shorter) {
                    *sum += more;
                }
                (longer, keys)
            },
        );
    Some(counts)
}

/// The class of every row, numbered by first row, by a table over all keys.
pub(super) fn ids(space: &KeySpace<'_>) -> Option<(Vec<u32>, Vec<u32>)> {
    let mut class_of = vec![FREE; n_keys(space)?];
    let mut ids = Vec::with_capacity(space.n_rows());
    let mut first_rows = Vec::new();
    let mut keys = Vec::<u32>::new();
    let mut row = 0u32;
    for first in (0..space.n_rows()).step_by(BLOCK) {
        space.fill(first..(first + BLOCK).min(space.n_rows()), &mut keys);
        for key in &keys {
            // Keys are below the length of the table.
            let Some(class) = class_of.get_mut(*key as usize) else { continue };
            if *class == FREE {
                *class = first_rows.len() as u32;
                first_rows.push(row);
            }
            ids.push(*class);
            row += 1;
        }
    }
    Some((ids, first_rows))
}

/// The number of keys, if a counter for each is worth it.
fn n_keys(space: &KeySpace<'_>) -> Option<usize> {
    let worth = (space.n_rows() as u64).saturating_mul(8).max(1 << 10);
    (space.last() < CACHED.min(worth)).then(|| space.last() as usize + 1)
}

#[expect(clippy::indexing_slicing, reason = "keys are below the number of counters")]
fn count(keys: &[u32], counts: &mut [u32]) {
    for key in keys {
        counts[*key as usize] += 1;
    }
}

/// Keys whose counters fit half of a second-level cache of a mebibyte.
const CACHED: u64 = 1 << 17;
/// Rows whose keys fit a first-level cache.
const BLOCK: usize = 1 << 12;
const FREE: u32 = u32::MAX;
