//! Sorting the rows of one part by key.

use super::element::Element;

/// Sorts by the lowest `bits` of the rest of the key; equal ones keep their order.
///
/// Least significant digit first; digits in which all agree cost nothing but their count.
pub(super) fn sort<E: Element>(elements: &mut Vec<E>, other: &mut Vec<E>, bits: u32) {
    if elements.len() <= SMALL {
        elements.sort_by_key(|element| element.rest());
        return;
    }
    let n_digits = bits.div_ceil(DIGIT);
    let mut shift = 0;
    for _ in 0..n_digits {
        if by_digit(elements, other, shift) {
            std::mem::swap(elements, other);
        }
        shift += DIGIT;
    }
}

/// Whether the elements now lie in `other`: not if all agree.
#[expect(clippy::indexing_slicing, reason = "a digit is below the number of counters; places end at the length")]
fn by_digit<E: Element>(elements: &[E], other: &mut Vec<E>, shift: u32) -> bool {
    let digit = |element: &E| (element.rest() >> shift) as usize & (N_DIGITS - 1);
    let mut places = [0u32; N_DIGITS];
    for element in elements {
        places[digit(element)] += 1;
    }
    if elements.first().is_some_and(|first| places[digit(first)] as usize == elements.len()) {
        return false;
    }
    let mut sum = 0;
    for place in &mut places {
        sum += std::mem::replace(place, sum);
    }
    other.resize(elements.len(), E::default());
    let other = other.as_mut_slice();
    for element in elements {
        let place = &mut places[digit(element)];
        other[*place as usize] = *element;
        *place += 1;
    }
    true
}

const DIGIT: u32 = 8;
const N_DIGITS: usize = 1 << DIGIT;
/// Up to here comparisons are faster.
const SMALL: usize = 96;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anonymity::classes::element::{NarrowRow, WideRow};

    #[test]
    fn sorting_is_stable_at_every_width() {
        let mut state = 1u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 11
        };
        let keys: Vec<u64> = (0..5000).map(|_| random() & 0xFF_0000_07FF).collect();
        let mut wide: Vec<WideRow> = (0..).zip(&keys).map(|(row, key)| WideRow::new(*key, row)).collect();
        sort(&mut wide, &mut Vec::new(), 40);
        assert!(wide.is_sorted_by_key(|element| (element.rest(), element.row())));
        let mut narrow: Vec<NarrowRow> = (0..).zip(&keys).map(|(row, key)| NarrowRow::new(*key & 7, row)).collect();
        sort(&mut narrow, &mut Vec::new(), 3);
        assert!(narrow.is_sorted_by_key(|element| (element.rest(), element.row())));
        assert_eq!(narrow.len(), 5000);
    }
}
