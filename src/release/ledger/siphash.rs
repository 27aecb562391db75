//! SipHash-2-4 of two words.

use siphasher::sip::SipHasher24;

/// The hash of two words under a key of two words.
///
/// # References
/// Aumasson, Bernstein: *SipHash: a fast short-input PRF*, INDOCRYPT 2012.
#[inline]
pub(super) fn siphash(key: [u64; 2], message: [u64; 2]) -> u64 {
    let [k0, k1] = key;
    let [first, second] = message;
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(first.to_le_bytes().into_iter().chain(second.to_le_bytes())) {
        *byte = from;
    }
    SipHasher24::new_with_keys(k0, k1).hash(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vector_of_sixteen_bytes_comes_out() {
        let word = |from: u8| u64::from_le_bytes(std::array::from_fn(|place| from + place as u8));
        // Vector 16 of the reference implementation.
        assert_eq!(siphash([word(0), word(8)], [word(0), word(8)]), 0x3f2a_cc7f_57c2_9bdb);
    }
}
