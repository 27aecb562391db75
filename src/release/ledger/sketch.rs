//! Sketches that tell how two sets differ.

use super::field::{PRIME, inverses, mul};
use super::polynomial::{Polynomial, falling, interpolate};

/// What two sketches say about the number of elements that are in one of the sets only. Closed: there is no fourth case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NDifferent {
    /// Exactly so many.
    Exactly(u64),
    /// At least so many, for certain.
    AtLeast(u64),
    /// The sketches cannot tell; to be taken for few.
    Undecodable,
}

/// The elements that are in one of two sets only. Closed: there is no fourth case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// All of them, ascending.
    Exactly {
        /// Those of the first set.
        only_first: Vec<u64>,
        /// Those of the second set.
        only_second: Vec<u64>,
    },
    /// More than the sketches can name.
    More,
    /// The sketches cannot tell; to be taken for few.
    Undecodable,
}

/// What a sketch of a set of keyed elements can do.
///
/// # Privacy
/// Elements are HMACs under the ledger key, below 2^60. Without the key they name nobody.
pub trait DifferenceSketch {
    /// Gives the number of elements.
    fn n(&self) -> u64;

    /// Gives the number of elements that are in one of the two sets only.
    fn n_different(&self, other: &Self) -> NDifferent;

    /// Gives the elements that are in one of the two sets only.
    fn difference(&self, other: &Self) -> Difference;

    /// Adds a set that has no element in common with this one.
    fn add_disjoint(&mut self, other: &Self);

    /// Takes away a set whose elements are all in this one; `false` if that cannot be.
    #[must_use]
    fn take_subset(&mut self, other: &Self) -> bool;
}

/// The characteristic polynomial of a set, evaluated at `capacity + 3` points.
///
/// Two sets of elements `x` have polynomials `Π (z - x)`; in their quotient all common elements cancel, and what is left
/// is a fraction whose numerator and denominator have the elements of one set only for roots. A fraction of total degree
/// up to the capacity is determined by that many values and the difference of the sizes, so **every** difference up to
/// the capacity is decoded, and the three values more catch everything beyond with an error of about 2^-120.
///
/// Why this and no other sketch: an invertible Bloom look-up table fails now and then below its capacity and takes thrice
/// the room; syndromes over GF(2^64) decode as surely, yet cost a carry-less multiplication an element and point, which
/// no safe portable code does fast, where one ordinary multiplication does here. Values of disjoint sets multiply, so the
/// sketch of a margin comes from its parts, and that of a complement by division.
///
/// # Complexity
/// `O(capacity)` an element; comparing two sketches `O(capacity)` if they are equal, else `O(capacity²)`; naming the
/// elements of a difference `d` takes `O(d² log p)` more. 8 bytes a point.
///
/// # References
/// Minsky, Trachtenberg, Zippel: *Set reconciliation with nearly optimal communication complexity*, IEEE Trans. Inf.
/// Theory 2003; von zur Gathen, Gerhard: *Modern Computer Algebra*, section 5.8 on rational reconstruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharacteristicSketch {
    n: u64,
    values: Vec<u64>,
}

impl CharacteristicSketch {
    /// Gives the sketch of the empty set.
    pub fn empty(capacity: usize) -> Self {
        Self { n: 0, values: vec![1; capacity.saturating_add(SPARE)] }
    }

    /// Gives the sketch of a set of different elements; of an element above 2^60 the upper four bits are dropped.
    pub fn of(capacity: usize, elements: impl IntoIterator<Item = u64>) -> Self {
        let mut sketch = Self::empty(capacity);
        elements.into_iter().for_each(|element| sketch.insert(element));
        sketch
    }

    /// Adds an element that is not in the set.
    #[inline]
    pub fn insert(&mut self, element: u64) {
        // Points are the largest residues downwards, elements lie below 2^60, so no factor is 0.
        let mut factor = ORIGIN - (element & ((1 << 60) - 1));
        for value in &mut self.values {
            *value = mul(*value, factor);
            factor -= 1;
        }
        self.n += 1;
    }

    /// Gives the largest difference that is decoded for certain.
    pub fn capacity(&self) -> usize {
        self.values.len().saturating_sub(SPARE)
    }

    pub(super) fn values(&self) -> &[u64] {
        &self.values
    }

    /// A sketch as it was stored; values out of range are refused.
    pub(super) fn stored(n: u64, values: Vec<u64>) -> Option<Self> {
        values.iter().all(|value| (1..PRIME).contains(value)).then_some(Self { n, values })
    }

    /// Numerator and denominator of the quotient of the polynomials, as monic polynomials in `ORIGIN - z`.
    fn fraction(&self, other: &Self, at_least: u64) -> Option<(Polynomial, Polynomial)> {
        let inverted = inverses(&other.values)?;
        let negative = !self.n.abs_diff(other.n).is_multiple_of(2);
        let quotients: Vec<u64> = self
            .values
            .iter()
            .zip(&inverted)
            .map(|(a, b)| mul(*a, *b))
            // Turning the axis turns the sign once for each element.
            .map(|quotient| if negative { PRIME - quotient } else { quotient })
            .collect();
        // PERF: a difference is mostly far below the capacity, and the work grows with the square of the points used.
        let quick = usize::try_from(at_least).unwrap_or(usize::MAX).saturating_add(QUICK).min(self.capacity());
        self.reconstruct(other, &quotients, quick).or_else(|| {
            if quick < self.capacity() { self.reconstruct(other, &quotients, self.capacity()) } else { None }
        })
    }

    /// The fraction of total degree up to `degree` that takes all the values.
    fn reconstruct(&self, other: &Self, quotients: &[u64], degree: usize) -> Option<(Polynomial, Polynomial)> {
        let apart = usize::try_from(self.n.abs_diff(other.n)).ok().filter(|apart| *apart <= degree)?;
        let smaller = (degree - apart) / 2;
        let (n_numerator, n_denominator) =
            if self.n >= other.n { (smaller + apart, smaller) } else { (smaller, smaller + apart) };
        let points = n_numerator + n_denominator + 1;
        let (mut before, mut rest) = (falling(points), interpolate(quotients.get(..points)?));
        let (mut denominator_before, mut denominator) = (Polynomial::new(Vec::new()), Polynomial::one());
        while rest.degree().is_some_and(|degree| degree > n_numerator) {
            let (quotient, next) = before.divide(&rest);
            before = std::mem::replace(&mut rest, next);
            let next = denominator_before.minus_product(&quotient, &denominator);
            denominator_before = std::mem::replace(&mut denominator, next);
        }
        let (above, below) = (rest.degree()?, denominator.degree()?);
        // Both polynomials are monic, so the quotient has no factor of its own.
        let sound = rest.leading() == denominator.leading()
            && above as u64 + other.n == below as u64 + self.n
            && above as u64 <= self.n
            && below as u64 <= other.n;
        if !sound {
            return None;
        }
        let (numerator, denominator) = (rest.monic(), denominator.monic());
        let holds = quotients
            .iter()
            .zip(0..)
            .all(|(quotient, point)| numerator.at(point) == mul(*quotient, denominator.at(point)));
        (holds && numerator.common(&denominator).degree() == Some(0)).then_some((numerator, denominator))
    }

    /// The number of different elements when it is known that it is at least `at_least`.
    pub(super) fn n_different_from(&self, other: &Self, at_least: u64) -> NDifferent {
        if self.values.len() != other.values.len() {
            return NDifferent::Undecodable;
        }
        let apart = self.n.abs_diff(other.n);
        if apart as u128 > self.capacity() as u128 {
            return NDifferent::AtLeast(apart);
        }
        if apart == 0 && self.values == other.values {
            return NDifferent::Exactly(0);
        }
        match self.fraction(other, at_least) {
            Some((above, below)) => {
                NDifferent::Exactly((above.degree().unwrap_or(0) + below.degree().unwrap_or(0)) as u64)
            }
            None => NDifferent::Undecodable,
        }
    }
}

impl DifferenceSketch for CharacteristicSketch {
    fn n(&self) -> u64 {
        self.n
    }

    fn n_different(&self, other: &Self) -> NDifferent {
        self.n_different_from(other, 0)
    }

    fn difference(&self, other: &Self) -> Difference {
        match self.n_different(other) {
            NDifferent::Exactly(0) => Difference::Exactly { only_first: Vec::new(), only_second: Vec::new() },
            NDifferent::AtLeast(_) => Difference::More,
            NDifferent::Undecodable => Difference::Undecodable,
            NDifferent::Exactly(n) => {
                let roots = |polynomial: &Polynomial| -> Option<Vec<u64>> {
                    let mut elements: Vec<u64> =
                        polynomial.roots()?.iter().map(|root| ORIGIN.checked_sub(*root)).collect::<Option<_>>()?;
                    elements.sort_unstable();
                    elements.iter().all(|element| *element < 1 << 60).then_some(elements)
                };
                let named = self.fraction(other, n).and_then(|(a, b)| Some((roots(&a)?, roots(&b)?)));
                named.map_or(Difference::Undecodable, |(only_first, only_second)| Difference::Exactly {
                    only_first,
                    only_second,
                })
            }
        }
    }

    fn add_disjoint(&mut self, other: &Self) {
        self.n += other.n;
        for (value, other) in self.values.iter_mut().zip(&other.values) {
            *value = mul(*value, *other);
        }
    }

    fn take_subset(&mut self, other: &Self) -> bool {
        let (Some(n), Some(inverted)) = (self.n.checked_sub(other.n), inverses(&other.values)) else { return false };
        if self.values.len() != other.values.len() {
            return false;
        }
        self.n = n;
        for (value, inverse) in self.values.iter_mut().zip(&inverted) {
            *value = mul(*value, *inverse);
        }
        true
    }
}

/// Values beyond the capacity: they tell a decoded difference from an accident.
pub(super) const SPARE: usize = 3;
/// The point from which the others count down.
const ORIGIN: u64 = PRIME - 1;
/// Points tried first beyond the least possible difference.
const QUICK: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_value_out_of_range_is_refused() {
        assert_eq!(CharacteristicSketch::stored(1, vec![0; 67]), None);
        assert_eq!(CharacteristicSketch::stored(1, vec![PRIME; 67]), None);
        assert!(CharacteristicSketch::stored(1, vec![5; 67]).is_some());
    }

    #[test]
    fn a_changed_value_is_undecodable_and_never_many() {
        let a = CharacteristicSketch::of(64, 0..500);
        let b = CharacteristicSketch::of(64, 10..500);
        assert_eq!(a.n_different(&b), NDifferent::Exactly(10));
        for place in [0, 30, 66] {
            let mut changed = b.clone();
            changed.values[place] ^= 1;
            assert_eq!(a.n_different(&changed), NDifferent::Undecodable, "{place}");
        }
    }
}
