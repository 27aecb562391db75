//! A random number generator for one customer.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Random whole numbers that depend on the seed and the customer only.
pub(super) struct Generator(Xoshiro256PlusPlus);

impl Generator {
    /// FNV-1a over seed and id; the generator's own seeding then spreads the bits.
    pub(super) fn of(seed: u64, id: &str) -> Self {
        let bytes = seed.to_le_bytes().into_iter().chain(id.bytes());
        let hash = bytes
            .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Self(Xoshiro256PlusPlus::seed_from_u64(hash))
    }

    /// A number from 0 to `end - 1`, 0 if there is none.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.0.gen_range(0..end) }
    }

    /// How often a chance of one in `odds` fails before it comes, at most `limit` times.
    pub(super) fn failures(&mut self, odds: u64, limit: u64) -> u64 {
        let mut n = 0;
        while n < limit && self.below(odds) != 0 {
            n += 1;
        }
        n
    }
}
