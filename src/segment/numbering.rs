//! How segments get their numbers: the largest is 0.

use std::cmp::Ordering;

use crate::warning::Warning;

/// Segments whose numbers can be changed.
pub(crate) trait Numbered: Sized {
    /// Gives the number of rows of each segment.
    fn sizes(&self) -> Vec<u64>;

    /// Gives the centre of a segment; the number is below the length of [`sizes`](Numbered::sizes).
    fn centre(&self, segment: usize) -> &[f64];

    /// Gives segment `order[i]` the number `i` and assigns all rows again.
    ///
    /// Assigning again rather than renaming, since a row at the same distance from two segments belongs to the lower
    /// number: the labels of a fit must be what its model says.
    fn reorder(self, order: &[usize]) -> Self;
}

/// Numbers segments by falling size, ties by the lexicographically smaller centre.
///
/// # Complexity
/// One assignment of all rows if a number changes; more only if rows lie at the same distance from two segments.
pub(crate) fn by_falling_size<N: Numbered>(mut segments: N) -> N {
    loop {
        let order = order_of(&segments);
        if order.iter().enumerate().all(|(new, &old)| new == old) {
            return segments;
        }
        // INVARIANT: this ends. A row in doubt only moves to a segment with a lower number, which is one at least as
        // large, so the sizes in falling order grow lexicographically with every turn that changes them.
        segments = segments.reorder(&order);
    }
}

/// Counts the labels.
pub(crate) fn count(labels: &[u32], n_segments: usize) -> Vec<u64> {
    let mut sizes = vec![0; n_segments];
    for &label in labels {
        if let Some(size) = sizes.get_mut(label as usize) {
            *size += 1;
        }
    }
    sizes
}

/// Warns of segments without a row, if there are any.
pub(crate) fn empty_warning(sizes: &[u64]) -> Option<Warning> {
    let segments = sizes.iter().filter(|&&size| size == 0).count();
    (segments > 0).then_some(Warning::EmptySegments { segments })
}

/// Gives for every new number the old one.
fn order_of<N: Numbered>(segments: &N) -> Vec<usize> {
    let sizes = segments.sizes();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| {
        let larger_first = sizes.get(b).cmp(&sizes.get(a));
        larger_first.then_with(|| lexicographic(segments.centre(a), segments.centre(b)))
    });
    order
}

fn lexicographic(a: &[f64], b: &[f64]) -> Ordering {
    // Not `total_cmp`: 0 and -0 are equal.
    let by_value = |(a, b): (&f64, &f64)| a.partial_cmp(b).unwrap_or(Ordering::Equal);
    a.iter().zip(b).map(by_value).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain {
        sizes: Vec<u64>,
        centres: Vec<[f64; 2]>,
    }

    impl Numbered for Plain {
        fn sizes(&self) -> Vec<u64> {
            self.sizes.clone()
        }

        fn centre(&self, segment: usize) -> &[f64] {
            &self.centres[segment]
        }

        fn reorder(self, order: &[usize]) -> Self {
            Self {
                sizes: order.iter().map(|&old| self.sizes[old]).collect(),
                centres: order.iter().map(|&old| self.centres[old]).collect(),
            }
        }
    }

    #[test]
    fn larger_segments_come_first_and_equal_ones_by_their_centre() {
        let centres = vec![[5.0, 0.0], [1.0, 2.0], [1.0, -2.0], [9.0, 9.0]];
        let numbered = by_falling_size(Plain { sizes: vec![2, 3, 3, 7], centres });
        assert_eq!(numbered.sizes, [7, 3, 3, 2]);
        assert_eq!(numbered.centres, [[9.0, 9.0], [1.0, -2.0], [1.0, 2.0], [5.0, 0.0]]);
    }

    #[test]
    fn counting_ignores_what_is_no_segment() {
        assert_eq!(count(&[0, 2, 2, 9], 3), [1, 0, 2]);
    }
}
