//! Keyed pseudonyms, one family a domain.

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{MasterKey, ProtectError};

/// Where pseudonyms have meaning: tokens of two domains have nothing in common without the key.
///
/// # References
/// EDPB Guidelines 01/2025 on pseudonymisation, on the pseudonymisation domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PseudonymDomain {
    name: String,
    recipient: String,
    purpose: String,
    epoch: u32,
}

impl PseudonymDomain {
    /// Names the domain, its recipient, its purpose and the epoch of its key.
    ///
    /// # Errors
    /// [`ProtectError::Domain`] if a text is empty.
    pub fn new(
        name: impl Into<String>,
        recipient: impl Into<String>,
        purpose: impl Into<String>,
        epoch: u32,
    ) -> Result<Self, ProtectError> {
        let domain = Self { name: name.into(), recipient: recipient.into(), purpose: purpose.into(), epoch };
        let fits = |text: &String| !text.is_empty() && u32::try_from(text.len()).is_ok();
        if [&domain.name, &domain.recipient, &domain.purpose].into_iter().all(fits) {
            Ok(domain)
        } else {
            Err(ProtectError::Domain)
        }
    }
}

/// Turns ids into pseudonyms of one domain; there is no way back.
pub struct Pseudonymiser {
    keyed: Hmac<Sha256>,
    epoch: u32,
}

/// A pseudonym: 16 bytes that mean nothing outside their domain.
///
/// # Privacy
/// Still personal data. Neither printed nor serialised by accident; [`Pseudonym::expose`] spells it.
#[derive(Clone, Copy)]
pub struct Pseudonym {
    epoch: u32,
    token: [u8; 16],
}

impl Pseudonymiser {
    /// Derives the key of a domain.
    ///
    /// # Errors
    /// None in practice: the length of the key is fixed and allowed; the type is kept for external key sources.
    ///
    /// # References
    /// RFC 5869 (HKDF) with SHA-256; info = `consentric/pseudonym/v1`, then name, recipient and purpose, each behind
    /// its length in 4 bytes, then the epoch.
    pub fn new(key: &MasterKey, domain: &PseudonymDomain) -> Result<Self, ProtectError> {
        let mut derived = Zeroizing::new([0u8; 32]);
        let mut info = b"consentric/pseudonym/v1".to_vec();
        for text in [&domain.name, &domain.recipient, &domain.purpose] {
            info.extend((text.len() as u32).to_be_bytes());
            info.extend(text.as_bytes());
        }
        info.extend(domain.epoch.to_be_bytes());
        Hkdf::<Sha256>::new(None, key.expose())
            .expand(&info, derived.as_mut_slice())
            .map_err(|_| ProtectError::Domain)?;
        let keyed = Hmac::<Sha256>::new_from_slice(derived.as_slice()).map_err(|_| ProtectError::Domain)?;
        Ok(Self { keyed, epoch: domain.epoch })
    }

    /// Gives the pseudonym of a value; `attribute` says what the value is, such as `customer_id`.
    ///
    /// # Privacy
    /// Equal values of one attribute give equal tokens within the domain, and only there.
    ///
    /// # Complexity
    /// One HMAC over attribute and value.
    ///
    /// # References
    /// RFC 2104 (HMAC) with SHA-256 over attribute, a zero byte and value, cut to 16 bytes.
    pub fn pseudonym(&self, attribute: &str, value: &str) -> Pseudonym {
        let mut mac = self.keyed.clone();
        mac.update(attribute.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        let digest = mac.finalize().into_bytes();
        let mut token = [0; 16];
        token.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
        Pseudonym { epoch: self.epoch, token }
    }
}

impl fmt::Debug for Pseudonymiser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonymiser[key {}]", self.epoch)
    }
}

impl Pseudonym {
    /// Gives the bytes, epoch first, for sets under another key.
    pub(crate) fn bytes(&self) -> [u8; 20] {
        let mut bytes = [0; 20];
        let all = self.epoch.to_be_bytes().into_iter().chain(self.token);
        bytes.iter_mut().zip(all).for_each(|(to, from)| *to = from);
        bytes
    }

    /// Gives the text form, `<epoch>-<32 hexadecimal digits>`, for a store or a partner of the domain.
    ///
    /// # Privacy
    /// The text is personal data of the domain: keep it out of logs and reports.
    pub fn expose(&self) -> String {
        use fmt::Write;
        let mut text = format!("{}-", self.epoch);
        for byte in self.token {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

impl PartialEq for Pseudonym {
    // Constant time, so that a guess cannot be refined byte by byte.
    fn eq(&self, other: &Self) -> bool {
        self.epoch == other.epoch && bool::from(self.token.ct_eq(&other.token))
    }
}

impl Eq for Pseudonym {}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[pseudonym]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(name: &str, recipient: &str, epoch: u32) -> String {
        let mut bytes = [0; 32];
        bytes.iter_mut().enumerate().for_each(|(place, byte)| *byte = place as u8);
        let domain = PseudonymDomain::new(name, recipient, "segmentation_marketing", epoch).unwrap();
        let pseudonymiser = Pseudonymiser::new(&MasterKey::from_bytes(bytes), &domain).unwrap();
        pseudonymiser.pseudonym("email", "ada@example.org").expose()
    }

    #[test]
    fn tokens_are_those_of_the_published_vectors() {
        assert_eq!(token("analytics", "own", 1), "1-6d7c6e42c8dc2dea297598602100ea4c");
        assert_eq!(token("analytics", "own", 2), "2-d1ed9f39324421c86871707d1071da8b");
        assert_eq!(token("partner", "esp", 1), "1-05e8a18abe50230e87a8790ec9118196");
    }

    #[test]
    fn neither_key_nor_pseudonym_prints() {
        let key = MasterKey::from_bytes([7; 32]);
        let domain = PseudonymDomain::new("a", "b", "c", 3).unwrap();
        let pseudonymiser = Pseudonymiser::new(&key, &domain).unwrap();
        let shown = format!("{key:?} {pseudonymiser:?} {:?}", pseudonymiser.pseudonym("x", "y"));
        assert_eq!(shown, "[key] Pseudonymiser[key 3] [pseudonym]");
    }
}
