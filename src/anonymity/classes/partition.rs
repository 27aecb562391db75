//! Dealing rows out to parts by key, block by block.

use std::ops::Range;

use rayon::prelude::*;

use super::element::Element;
use super::key_space::{KeySpace, Word};

/// Rows in parts: every block of rows lies sorted by part, and rows of one part keep their order.
///
/// A block is as large as fits the second-level cache, so that dealing out never leaves it; a part is then read in short
/// runs, one a block. No two threads write to one place.
pub(super) struct Parts<E> {
    elements: Vec<E>,
    /// Of every block, where every part begins, and its end.
    starts: Vec<Box<[u32]>>,
    n_parts: usize,
}

/// How a key divides into part and rest, so that both together tell the key.
#[derive(Clone, Copy)]
pub(super) enum Split {
    /// The part is the high bits: neighbours stay together, for counters by address.
    High { rest_bits: u32 },
    /// The part is the high bits, spread over all parts by the rest: parts are even, for sorting.
    Spread { rest_bits: u32, part_bits: u32 },
}

impl Split {
    /// Parts with a counter for every key, and their number; `None` if most counters would stay 0 or parts be too many.
    pub(super) fn for_counters(space: &KeySpace<'_>) -> Option<(Self, usize)> {
        let worth = (space.n_rows() as u64).saturating_mul(8);
        let n_parts = (space.last() >> COUNTER_BITS) + 1;
        (space.last() < worth && n_parts <= MAX_PARTS)
            .then_some((Self::High { rest_bits: COUNTER_BITS }, n_parts as usize))
    }

    /// Even parts of about [`SORTED`] rows, and their number.
    pub(super) fn for_sorting(space: &KeySpace<'_>) -> (Self, usize) {
        let wanted = (space.n_rows() / SORTED).max(1).ilog2();
        let part_bits = wanted.min(MAX_PARTS.ilog2()).min(space.bits() - 1);
        (Self::Spread { rest_bits: space.bits() - part_bits, part_bits }, 1 << part_bits)
    }

    /// The rest in bits.
    pub(super) const fn rest_bits(self) -> u32 {
        match self {
            Self::High { rest_bits } | Self::Spread { rest_bits, .. } => rest_bits,
        }
    }

    fn apply(self, key: u64) -> (usize, u64) {
        match self {
            Self::High { rest_bits } => ((key >> rest_bits) as usize, key & low(rest_bits)),
            Self::Spread { rest_bits, part_bits } => {
                let rest = key & low(rest_bits);
                // The spread depends on the rest alone, so that it can be taken back.
                let spread = rest.wrapping_mul(ODD) >> 32;
                let high = key.checked_shr(rest_bits).unwrap_or(0);
                (((high ^ spread) & low(part_bits)) as usize, rest)
            }
        }
    }
}

impl<E: Element> Parts<E> {
    /// Deals out all rows.
    pub(super) fn new(space: &KeySpace<'_>, split: Split, n_parts: usize) -> Self {
        if space.bits() <= 32 {
            Self::with_words::<u32>(space, split, n_parts)
        } else {
            Self::with_words::<u64>(space, split, n_parts)
        }
    }

    pub(super) const fn n_parts(&self) -> usize {
        self.n_parts
    }

    /// The rows of a part, in their order, in runs.
    pub(super) fn runs(&self, part: usize) -> impl Iterator<Item = &[E]> {
        self.elements.chunks(BLOCK).zip(&self.starts).map(move |(block, starts)| {
            let at = |place: usize| starts.get(place).map_or(0, |start| *start as usize);
            block.get(at(part)..at(part + 1)).unwrap_or_default()
        })
    }

    fn with_words<W: Word>(space: &KeySpace<'_>, split: Split, n_parts: usize) -> Self {
        let mut elements = vec![E::default(); space.n_rows()];
        let blocks = elements.par_chunks_mut(BLOCK).enumerate();
        let starts = blocks
            .map_init(Vec::<W>::new, |keys, (place, block)| {
                let first = place * BLOCK;
                deal(space, first..first + block.len(), split, n_parts, keys, block)
            })
            .collect();
        Self { elements, starts, n_parts }
    }
}

#[expect(clippy::indexing_slicing, reason = "split gives parts below n_parts; starts end at the length of the block")]
fn deal<W: Word, E: Element>(
    space: &KeySpace<'_>,
    rows: Range<usize>,
    split: Split,
    n_parts: usize,
    keys: &mut Vec<W>,
    block: &mut [E],
) -> Box<[u32]> {
    let first = rows.start as u32;
    space.fill(rows, keys);
    let mut next = vec![0u32; n_parts + 1];
    for key in keys.iter() {
        next[split.apply(key.wide()).0] += 1;
    }
    let mut sum = 0;
    for count in &mut next {
        sum += std::mem::replace(count, sum);
    }
    let starts = next.clone().into_boxed_slice();
    for (row, key) in (first..).zip(keys.iter()) {
        let (part, rest) = split.apply(key.wide());
        let place = &mut next[part];
        block[*place as usize] = E::new(rest, row);
        *place += 1;
    }
    starts
}

const fn low(bits: u32) -> u64 {
    if bits >= 64 { u64::MAX } else { (1 << bits) - 1 }
}

/// Counters of one part, as a power of two: a quarter of a second-level cache of a mebibyte.
const COUNTER_BITS: u32 = 16;
/// Beyond, the ends of the parts of a block no longer fit the first-level cache.
const MAX_PARTS: u64 = 1 << 12;
/// Rows of a part that is sorted: they stay in the first-level cache.
const SORTED: usize = 1 << 11;
/// Rows dealt out at a time.
const BLOCK: usize = 1 << 16;
/// An odd number without pattern: the golden ratio in 64 bits.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anonymity::Codes;
    use crate::anonymity::classes::element::WideRow;

    #[test]
    fn part_and_rest_together_tell_the_key() {
        for split in [Split::High { rest_bits: 5 }, Split::Spread { rest_bits: 5, part_bits: 3 }] {
            let mut seen: Vec<_> = (0..256u64).map(|key| split.apply(key)).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 256);
            assert!(seen.iter().all(|(part, rest)| *part < 8 && *rest < 32));
        }
    }

    #[test]
    fn rows_of_a_part_keep_their_order_over_blocks() {
        let codes: Vec<u32> = (0..3 * BLOCK as u32 + 7).map(|row| row % 61).collect();
        let codes = Codes::narrowest(&codes);
        let space = KeySpace::new(&[&codes]).unwrap();
        let parts = Parts::<WideRow>::new(&space, Split::Spread { rest_bits: 3, part_bits: 3 }, 8);
        let mut n = 0;
        for part in 0..parts.n_parts() {
            let rows: Vec<u32> = parts.runs(part).flatten().map(|element| element.row()).collect();
            assert!(rows.is_sorted());
            n += rows.len();
        }
        assert_eq!(n, space.n_rows());
    }
}
