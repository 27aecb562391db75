//! The secret from which all pseudonym keys come.

use std::fmt;

use zeroize::Zeroizing;

use super::ProtectError;

/// A secret of 32 bytes; wiped from memory when dropped.
///
/// # Privacy
/// Whoever holds it can test whether a known id belongs to a pseudonym. It can be neither copied, nor printed, nor
/// serialised. Keep it away from the data.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Draws a fresh key from the operating system: pseudonyms of two runs then have nothing in common.
    ///
    /// # Errors
    /// [`ProtectError::NoRandomness`] if the system has none to give.
    pub fn generate() -> Result<Self, ProtectError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())
            .map_err(|error| ProtectError::NoRandomness { reason: error.to_string() })?;
        Ok(Self(bytes))
    }

    /// Takes a key kept elsewhere, so that a customer keeps the pseudonym over several runs.
    ///
    /// The caller wipes his own copy.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}
