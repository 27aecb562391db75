//! Exact fractions that are only compared.

use std::cmp::Ordering;

/// A fraction of counts. INVARIANT: numerator times the denominator of any it is compared with fits 128 bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ratio {
    pub(super) numerator: u128,
    pub(super) denominator: u128,
}

impl Ratio {
    pub(super) fn new(numerator: impl Into<u128>, denominator: impl Into<u128>) -> Self {
        Self { numerator: numerator.into(), denominator: denominator.into() }
    }

    pub(super) fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        let product = |one: u128, two: u128| one.saturating_mul(two);
        product(self.numerator, other.denominator).cmp(&product(other.numerator, self.denominator))
    }

    pub(super) fn is_above(self, other: Self) -> bool {
        self.compare(other) == Ordering::Greater
    }
}
