//! A digest of 32 bytes.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::Sha256;

/// A digest of 32 bytes, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Takes the bytes of a digest computed elsewhere.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Gives the SHA-256 of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(Sha256::digest(bytes).into())
    }

    /// Gives the SHA-256 of a list of texts, each behind its length so that no two lists have the same bytes.
    pub fn of_texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        use sha2::Digest as _;
        let mut hash = Sha256::new();
        for text in texts {
            hash.update((text.as_ref().len() as u64).to_be_bytes());
            hash.update(text.as_ref().as_bytes());
        }
        Self(hash.finalize().into())
    }

    /// Gives the SHA-256 of a list of numbers by their bits, such as centroids or cut points.
    pub fn of_numbers(numbers: impl IntoIterator<Item = f64>) -> Self {
        use sha2::Digest as _;
        let mut hash = Sha256::new();
        for number in numbers {
            // Both zeros are the same cut.
            let number = if number == 0.0 { 0.0 } else { number };
            hash.update(number.to_bits().to_be_bytes());
        }
        Self(hash.finalize().into())
    }

    /// Gives the bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 hexadecimal digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
