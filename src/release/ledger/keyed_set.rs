//! Sets kept element by element.

use std::cmp::Ordering;

use super::{Difference, DifferenceSketch, NDifferent};

/// A set of keyed elements kept as it is: exact at any size of the difference.
///
/// # Privacy
/// Holds an element a member. They are HMACs under the ledger key and name nobody without it, but whoever holds both can
/// test every member for certain; the sketch can only be tested against another one close to it.
///
/// # Complexity
/// 8 bytes an element; comparing is linear in both sizes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct KeyedSet {
    /// Ascending, each once.
    elements: Vec<u64>,
}

impl KeyedSet {
    /// Gives the set of some elements; repeated ones count once.
    pub fn of(elements: impl IntoIterator<Item = u64>) -> Self {
        let mut elements: Vec<u64> = elements.into_iter().map(|element| element & ((1 << 60) - 1)).collect();
        elements.sort_unstable();
        elements.dedup();
        Self { elements }
    }

    pub(super) fn elements(&self) -> &[u64] {
        &self.elements
    }

    /// A set as it was stored; elements out of order are refused.
    pub(super) fn stored(elements: Vec<u64>) -> Option<Self> {
        let ascending = elements.is_sorted_by(|a, b| a < b);
        (ascending && elements.last().is_none_or(|last| *last < 1 << 60)).then_some(Self { elements })
    }

    /// Calls `visit` with every element of either set, and on which sides it is.
    fn walk(&self, other: &Self, mut visit: impl FnMut(u64, Ordering)) {
        let (mut a, mut b) = (self.elements.iter().peekable(), other.elements.iter().peekable());
        loop {
            let order = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => x.cmp(y),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return,
            };
            let left = if order == Ordering::Greater { None } else { a.next() };
            let right = if order == Ordering::Less { None } else { b.next() };
            if let Some(element) = left.or(right) {
                visit(*element, order);
            }
        }
    }
}

impl DifferenceSketch for KeyedSet {
    fn n(&self) -> u64 {
        self.elements.len() as u64
    }

    fn n_different(&self, other: &Self) -> NDifferent {
        let mut n = 0;
        self.walk(other, |_, side| n += u64::from(side != Ordering::Equal));
        NDifferent::Exactly(n)
    }

    fn difference(&self, other: &Self) -> Difference {
        let (mut only_first, mut only_second) = (Vec::new(), Vec::new());
        self.walk(other, |element, side| match side {
            Ordering::Less => only_first.push(element),
            Ordering::Greater => only_second.push(element),
            Ordering::Equal => {}
        });
        Difference::Exactly { only_first, only_second }
    }

    fn add_disjoint(&mut self, other: &Self) {
        let mut union = Vec::with_capacity(self.elements.len() + other.elements.len());
        self.walk(other, |element, _| union.push(element));
        self.elements = union;
    }

    fn take_subset(&mut self, other: &Self) -> bool {
        let (mut rest, mut inside) = (Vec::with_capacity(self.elements.len()), true);
        self.walk(other, |element, side| match side {
            Ordering::Less => rest.push(element),
            Ordering::Greater => inside = false,
            Ordering::Equal => {}
        });
        if inside {
            self.elements = rest;
        }
        inside
    }
}
