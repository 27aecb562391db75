//! Arithmetic modulo the prime 2^61 - 1, in which sets become polynomials.

/// The sum of two residues.
pub(super) const fn add(a: u64, b: u64) -> u64 {
    fold(a + b)
}

/// The difference of two residues.
pub(super) const fn sub(a: u64, b: u64) -> u64 {
    fold(a + PRIME - b)
}

/// The product of two residues.
#[inline]
pub(super) const fn mul(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    // 2^61 = 1, so the upper half is added to the lower.
    fold((product as u64 & PRIME) + (product >> 61) as u64)
}

/// `base` to the power of `exponent`.
pub(super) const fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = mul(result, base);
        }
        base = mul(base, base);
        exponent >>= 1;
    }
    result
}

/// The inverse of a residue; that of 0 is given as 0.
pub(super) const fn inverse(a: u64) -> u64 {
    // Fermat: a^(p - 1) = 1.
    power(a, PRIME - 2)
}

/// The inverses of many residues with one exponentiation; `None` if one of them is 0.
pub(super) fn inverses(values: &[u64]) -> Option<Vec<u64>> {
    let mut before = Vec::with_capacity(values.len());
    let mut product = 1;
    for value in values {
        before.push(product);
        product = mul(product, *value);
    }
    if product == 0 {
        return None;
    }
    let mut rest = inverse(product);
    let mut inverted: Vec<u64> = Vec::with_capacity(values.len());
    for (value, before) in values.iter().zip(&before).rev() {
        inverted.push(mul(rest, *before));
        rest = mul(rest, *value);
    }
    inverted.reverse();
    Some(inverted)
}

/// Takes away the prime once if the value reaches it; values stay below 2^62.
#[inline]
const fn fold(value: u64) -> u64 {
    if value >= PRIME { value - PRIME } else { value }
}

/// The modulus, a Mersenne prime.
pub(super) const PRIME: u64 = (1 << 61) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_wide_integers() {
        for a in [0, 1, 2, 12_345_678_901, PRIME - 2, PRIME - 1] {
            for b in [0, 1, 3, 1 << 60, PRIME - 3, PRIME - 1] {
                assert_eq!(mul(a, b), (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64);
                assert_eq!(add(a, b), (u128::from(a) + u128::from(b)).rem_euclid(u128::from(PRIME)) as u64);
                assert_eq!(add(sub(a, b), b), a);
            }
        }
    }

    #[test]
    fn many_inverses_are_each_the_inverse() {
        let values = [1, 2, 3, PRIME - 1, 1 << 60];
        assert!(inverses(&values).unwrap().iter().zip(&values).all(|(a, b)| mul(*a, *b) == 1));
        assert_eq!(inverses(&[1, 0]), None);
        assert_eq!(inverses(&[]), Some(vec![]));
    }
}
