//! Polynomials over the field, coefficients from the lowest.

use super::field::{PRIME, add, inverse, mul, power, sub};

/// A polynomial without leading zeros; no coefficient is the zero polynomial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Polynomial(Vec<u64>);

impl Polynomial {
    pub(super) fn new(mut coefficients: Vec<u64>) -> Self {
        while coefficients.last() == Some(&0) {
            coefficients.pop();
        }
        Self(coefficients)
    }

    pub(super) fn one() -> Self {
        Self(vec![1])
    }

    /// The degree; `None` for zero.
    pub(super) fn degree(&self) -> Option<usize> {
        self.0.len().checked_sub(1)
    }

    pub(super) fn leading(&self) -> u64 {
        self.0.last().copied().unwrap_or(0)
    }

    pub(super) fn at(&self, x: u64) -> u64 {
        self.0.iter().rev().fold(0, |value, coefficient| add(mul(value, x), *coefficient))
    }

    pub(super) fn times(&self, factor: u64) -> Self {
        Self::new(self.0.iter().map(|coefficient| mul(*coefficient, factor)).collect())
    }

    /// The polynomial divided by its leading coefficient.
    pub(super) fn monic(&self) -> Self {
        self.times(inverse(self.leading()))
    }

    /// `self · (y - root) + constant`.
    pub(super) fn shift_in(&mut self, root: u64, constant: u64) {
        let mut before = constant;
        for coefficient in &mut self.0 {
            let own = *coefficient;
            *coefficient = sub(before, mul(own, root));
            before = own;
        }
        if before != 0 || !self.0.is_empty() {
            self.0.push(before);
        }
        *self = Self::new(std::mem::take(&mut self.0));
    }

    /// Quotient and remainder; the divisor must not be zero (then the quotient is zero).
    pub(super) fn divide(mut self, divisor: &Self) -> (Self, Self) {
        let Some(degree) = divisor.degree() else { return (Self(Vec::new()), self) };
        let scale = inverse(divisor.leading());
        let mut quotient = vec![0; (self.0.len()).saturating_sub(degree)];
        while let Some(own) = self.degree().filter(|own| *own >= degree) {
            let factor = mul(self.leading(), scale);
            let shift = own - degree;
            if let Some(place) = quotient.get_mut(shift) {
                *place = factor;
            }
            for (value, coefficient) in self.0.iter_mut().skip(shift).zip(&divisor.0) {
                *value = sub(*value, mul(factor, *coefficient));
            }
            // The leading coefficient is zero now.
            self = Self::new(self.0);
        }
        (Self::new(quotient), self)
    }

    /// `self - factor · other`.
    pub(super) fn minus_product(&self, factor: &Self, other: &Self) -> Self {
        let length = match (factor.degree(), other.degree()) {
            (Some(a), Some(b)) => a + b + 1,
            _ => 0,
        };
        let mut values = self.0.clone();
        values.resize(values.len().max(length), 0);
        for (shift, factor) in factor.0.iter().enumerate() {
            for (value, coefficient) in values.iter_mut().skip(shift).zip(&other.0) {
                *value = sub(*value, mul(*factor, *coefficient));
            }
        }
        Self::new(values)
    }

    /// The monic greatest common divisor.
    pub(super) fn common(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.clone(), other.clone());
        while b.degree().is_some() {
            let (_, rest) = a.divide(&b);
            a = b;
            b = rest;
        }
        a.monic()
    }

    /// The roots of a polynomial that is a product of different linear factors, ascending; `None` if it is none.
    ///
    /// # References
    /// Cantor, Zassenhaus: *A new algorithm for factoring polynomials over finite fields*, Math. Comp. 1981. The shifts
    /// that the algorithm draws at random are taken in order, so that the same polynomial costs the same work.
    pub(super) fn roots(&self) -> Option<Vec<u64>> {
        let monic = self.monic();
        let degree = monic.degree()?;
        // y^p - y is the product of all linear factors.
        let (_, line) = Self::new(vec![0, 1]).divide(&monic);
        let split = monic.power_of_line(0, PRIME).minus_product(&Self::one(), &line);
        if degree > 0 && split.degree().is_some() {
            return None;
        }
        let mut roots = Vec::with_capacity(degree);
        let mut open = vec![(monic, 1u64)];
        while let Some((polynomial, shift)) = open.pop() {
            match polynomial.degree() {
                None | Some(0) => {}
                Some(1) => roots.push(sub(0, polynomial.0.first().copied().unwrap_or(0))),
                Some(degree) => {
                    let half = polynomial.power_of_line(shift, (PRIME - 1) / 2);
                    let part = polynomial.common(&half.minus_product(&Self::one(), &Self::one()));
                    match part.degree() {
                        Some(own) if own > 0 && own < degree => {
                            let (rest, _) = polynomial.divide(&part);
                            open.push((part, shift + 1));
                            open.push((rest, shift + 1));
                        }
                        _ if shift > MAX_SHIFTS => return None,
                        _ => open.push((polynomial, shift + 1)),
                    }
                }
            }
        }
        roots.sort_unstable();
        Some(roots)
    }

    /// `(y + shift)^exponent` modulo this polynomial.
    fn power_of_line(&self, shift: u64, exponent: u64) -> Self {
        let mut result = Self::one();
        for bit in (0..u64::BITS - exponent.leading_zeros()).rev() {
            let square = Self(Vec::new()).minus_product(&result.times(PRIME - 1), &result);
            (_, result) = square.divide(self);
            if exponent >> bit & 1 == 1 {
                result.shift_in(sub(0, shift), 0);
                (_, result) = result.divide(self);
            }
        }
        result
    }
}

/// The polynomial of lowest degree through the values at 0, 1, 2, …
pub(super) fn interpolate(values: &[u64]) -> Polynomial {
    // Newton's forward differences: the k-th divided by k! is the k-th coefficient over y(y - 1)…(y - k + 1).
    let mut differences = values.to_vec();
    let mut newton = Vec::with_capacity(values.len());
    let mut factorial = 1;
    for order in 0..values.len() as u64 {
        newton.push((differences.first().copied().unwrap_or(0), factorial));
        factorial = mul(factorial, order + 1);
        let next: Vec<u64> =
            differences.iter().zip(differences.iter().skip(1)).map(|(before, after)| sub(*after, *before)).collect();
        differences = next;
    }
    let mut scale = inverse(newton.last().map_or(1, |(_, factorial)| *factorial));
    let mut polynomial = Polynomial(Vec::new());
    for (order, (difference, _)) in newton.iter().enumerate().rev() {
        polynomial.shift_in(order as u64, mul(*difference, scale));
        // 1/(k - 1)! = k/k!
        scale = mul(scale, order as u64);
    }
    polynomial
}

/// The polynomial that is zero at 0, 1, … n - 1.
pub(super) fn falling(n: usize) -> Polynomial {
    let mut polynomial = Polynomial::one();
    for root in 0..n as u64 {
        polynomial.shift_in(root, 0);
    }
    polynomial
}

/// Shifts tried before a factor counts as not splitting; each splits a pair of roots with probability 1/2.
const MAX_SHIFTS: u64 = 512;

/// Checks at compile time that the exponents of Fermat are those of this prime.
const _: () = assert!(power(3, PRIME - 1) == 1);

#[cfg(test)]
mod tests {
    use super::*;

    fn of_roots(roots: &[u64]) -> Polynomial {
        let mut polynomial = Polynomial::one();
        roots.iter().for_each(|root| polynomial.shift_in(*root, 0));
        polynomial
    }

    #[test]
    fn interpolation_gives_back_the_polynomial() {
        let polynomial = Polynomial::new(vec![5, 0, PRIME - 7, 1 << 59, 9]);
        for n in 5..9 {
            let values: Vec<u64> = (0..n).map(|y| polynomial.at(y)).collect();
            assert_eq!(interpolate(&values), polynomial);
        }
        assert_eq!(interpolate(&[]), Polynomial(vec![]));
        assert_eq!(interpolate(&[0, 0]), Polynomial(vec![]));
        assert_eq!(falling(3), of_roots(&[0, 1, 2]));
    }

    #[test]
    fn roots_are_found_and_repeated_ones_are_not_roots_of_a_set() {
        let mut roots: Vec<u64> = (1..40u64).map(|place| power(3, place * 1_000_003)).collect();
        roots.sort_unstable();
        assert_eq!(of_roots(&roots).roots(), Some(roots.clone()));
        assert_eq!(of_roots(&[7, 7]).roots(), None);
        assert_eq!(of_roots(&[PRIME - 1]).roots(), Some(vec![PRIME - 1]));
        assert_eq!(Polynomial::one().roots(), Some(vec![]));
        // -1 is no square modulo this prime, so y^2 + 1 has no roots.
        assert_eq!(Polynomial::new(vec![1, 0, 1]).roots(), None);
    }

    #[test]
    fn division_leaves_a_smaller_rest() {
        let (a, b) = (of_roots(&[1, 2, 3, 4]), of_roots(&[3, 9]));
        let (quotient, rest) = a.clone().divide(&b);
        assert!(rest.degree() < b.degree());
        assert_eq!(a.minus_product(&quotient, &b), rest);
        assert_eq!(a.common(&b), of_roots(&[3]));
    }
}
