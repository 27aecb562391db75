//! All nodes: one level per quasi-identifier.

use crate::anonymity::AnonymityError;
use crate::anonymity::prepared::Prepared;

/// The nodes between the least and the highest levels, numbered with the first quasi-identifier most significant.
#[derive(Debug)]
pub(super) struct Lattice {
    pub(super) min: Vec<u8>,
    pub(super) max: Vec<u8>,
    strides: Vec<u128>,
    pub(super) n_nodes: u128,
}

impl Lattice {
    pub(super) fn new(prepared: &Prepared<'_>) -> Result<Self, AnonymityError> {
        let too_high = |_| AnonymityError::TooLarge { what: "levels of one hierarchy", limit: u64::from(u8::MAX) };
        let level = |level: usize| u8::try_from(level).map_err(too_high);
        let quasi = &prepared.quasi;
        let min = quasi.iter().map(|quasi| level(quasi.levels.0)).collect::<Result<Vec<_>, _>>()?;
        let max = quasi.iter().map(|quasi| level(quasi.levels.1)).collect::<Result<Vec<_>, _>>()?;
        let mut strides = vec![1_u128; min.len()];
        let mut n_nodes = 1_u128;
        for (stride, (min, max)) in strides.iter_mut().zip(min.iter().zip(&max)).rev() {
            *stride = n_nodes;
            // Beyond 2¹²⁸ nodes the number is no longer exact; nothing but its print depends on it.
            n_nodes = n_nodes.saturating_mul(u128::from(max - min) + 1);
        }
        Ok(Self { min, max, strides, n_nodes })
    }

    /// The number of a node.
    pub(super) fn id(&self, node: &[u8]) -> u128 {
        let digits = node.iter().zip(&self.min).zip(&self.strides);
        digits.map(|((level, min), stride)| u128::from(level - min) * stride).sum()
    }

    /// Writes the levels of a node.
    pub(super) fn levels(&self, id: u128, node: &mut Vec<u8>) {
        node.clear();
        let mut rest = id;
        for (stride, min) in self.strides.iter().zip(&self.min) {
            node.push(min + (rest / stride) as u8);
            rest %= stride;
        }
    }

    /// What is added to a number for one level more of a column.
    pub(super) fn strides(&self) -> &[u128] {
        &self.strides
    }

    pub(super) fn bottom(&self) -> &[u8] {
        &self.min
    }

    pub(super) fn top(&self) -> &[u8] {
        &self.max
    }
}

/// Whether a node is another or more special.
pub(super) fn is_below(node: &[u8], other: &[u8]) -> bool {
    node.iter().zip(other).all(|(level, other)| level <= other)
}

/// Levels side by side in one number, so that two nodes are compared at once; only as many as fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Signature(u128);

impl Signature {
    pub(super) fn new(node: &[u8]) -> Self {
        let levels = node.iter().take(16).fold(0, |packed, level| (packed << 8) | u128::from((*level).min(0x7F)));
        Self(levels)
    }

    /// False only if the node is not below: levels that are left out or cut may still differ.
    // SPEC: a borrow out of any byte clears its highest bit.
    pub(super) const fn may_be_below(self, other: Self) -> bool {
        ((other.0 | HIGH_BITS) - self.0) & HIGH_BITS == HIGH_BITS
    }
}

const HIGH_BITS: u128 = 0x8080_8080_8080_8080_8080_8080_8080_8080;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_compare_every_level() {
        for (node, other) in
            [([0, 3, 1], [1, 3, 1]), ([2, 0, 0], [1, 9, 9]), ([0, 0, 5], [9, 9, 4]), ([1, 1, 1], [1, 1, 1])]
        {
            let found = Signature::new(&node).may_be_below(Signature::new(&other));
            assert_eq!(found, is_below(&node, &other), "{node:?} {other:?}");
        }
    }
}
