//! The secret under which the ledger knows customers.

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::siphash::siphash;
use super::{Digest, LedgerError};

/// A secret of 32 bytes under which one release ledger is written; wiped from memory when dropped.
///
/// # Privacy
/// Whoever holds the key **and** the ledger can test whether a known id was in the sets of the last releases. Keep it
/// apart from the ledger and from the key of pseudonyms. Without it the ledger names nobody, before and after an erasure;
/// destroying it makes the whole ledger meaningless, and then nothing may be released against it any more.
pub struct LedgerKey(Zeroizing<[u8; 32]>);

impl LedgerKey {
    /// Draws a fresh key from the operating system.
    ///
    /// # Errors
    /// [`LedgerError::NoRandomness`] if the system has none to give.
    pub fn generate() -> Result<Self, LedgerError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())
            .map_err(|error| LedgerError::NoRandomness { reason: error.to_string() })?;
        Ok(Self(bytes))
    }

    /// Takes a key kept elsewhere; the caller wipes his own copy.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key of one use.
    fn keyed(&self, usage: &[u8]) -> Result<Hmac<Sha256>, LedgerError> {
        let mut derived = Zeroizing::new([0u8; 32]);
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(usage, derived.as_mut_slice())
            .map_err(|_| LedgerError::Key)?;
        Hmac::<Sha256>::new_from_slice(derived.as_slice()).map_err(|_| LedgerError::Key)
    }
}

impl fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

/// The derived keys of a ledger in use.
pub(super) struct Keys {
    customers: Hmac<Sha256>,
    chain: Hmac<Sha256>,
    names: Hmac<Sha256>,
}

/// What the ledger knows of one customer.
#[derive(Clone, Copy)]
pub(super) struct Token {
    /// The element that stands for him in sets, below 2^60.
    pub(super) element: u64,
    /// His own key for the pairs (member, contribution).
    pair: [u64; 2],
}

impl Keys {
    pub(super) fn of(key: &LedgerKey) -> Result<Self, LedgerError> {
        let customers = key.keyed(b"consentric/release-ledger/v1/customers")?;
        let names = key.keyed(b"consentric/release-ledger/v1/names")?;
        Ok(Self { customers, chain: key.keyed(b"consentric/release-ledger/v1/chain")?, names })
    }

    /// The token of a customer in a population.
    pub(super) fn token(&self, population: &str, id: &[u8]) -> Token {
        let mut mac = self.customers.clone();
        mac.update(&(population.len() as u64).to_be_bytes());
        mac.update(population.as_bytes());
        mac.update(id);
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let [element, k0, k1, _] = words(&bytes);
        Token { element: element & ELEMENT_MASK, pair: [k0, k1] }
    }

    /// The name of a secret under this key.
    pub(super) fn name(&self, secret: &Digest) -> Digest {
        let mut mac = self.names.clone();
        mac.update(secret.as_bytes());
        Digest::from_bytes(mac.finalize().into_bytes().into())
    }

    /// The link of a record behind the one before it.
    pub(super) fn link(&self, before: &Digest, parts: &[&[u8]]) -> Digest {
        let mut mac = self.chain.clone();
        mac.update(before.as_bytes());
        for part in parts {
            mac.update(part);
        }
        Digest::from_bytes(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[keys]")
    }
}

impl Token {
    /// The element of the pair of this customer and his contribution to a column, below 2^60.
    ///
    /// The key is the customer's own, so equal contributions of two customers have nothing in common.
    pub(super) fn pair(&self, column: u64, contribution: i64) -> u64 {
        siphash(self.pair, [column, contribution as u64]) & ELEMENT_MASK
    }
}

/// Whether two links are equal, in constant time.
pub(super) fn same(a: &Digest, b: &Digest) -> bool {
    bool::from(a.as_bytes().ct_eq(b.as_bytes()))
}

fn words(bytes: &[u8; 32]) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    words
}

/// Elements lie below 2^60, so that the points where polynomials are evaluated are never among them.
const ELEMENT_MASK: u64 = (1 << 60) - 1;
