//! What data is used for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ConsentError;

/// What data is used for: an exact id such as `segmentation_marketing`.
///
/// A consent to one purpose never covers another, also not a child or a parent in a dotted name.
///
/// # Examples
/// ```
/// use consentric::consent::Purpose;
/// let purpose = Purpose::parse("segmentation_marketing")?;
/// assert_eq!(purpose.as_str(), "segmentation_marketing");
/// assert!(Purpose::parse("Segmentation, marketing").is_err());
/// # Ok::<(), consentric::consent::ConsentError>(())
/// ```
///
/// # References
/// GDPR Art. 5(1)(b), Rec. 32 and 43.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose(Box<str>);

impl Purpose {
    /// Reads an id of 1 to 64 lower-case letters, digits, `_` and `.`.
    ///
    /// # Errors
    /// [`ConsentError::Purpose`] for anything else.
    pub fn parse(text: &str) -> Result<Self, ConsentError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
        if text.is_empty() || text.len() > MAX_LENGTH || !text.bytes().all(allowed) {
            return Err(ConsentError::Purpose);
        }
        Ok(Self(text.into()))
    }

    /// Gives the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Purpose {
    type Err = ConsentError;

    fn from_str(text: &str) -> Result<Self, ConsentError> {
        Self::parse(text)
    }
}

impl Serialize for Purpose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Purpose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

const MAX_LENGTH: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_1_to_64_plain_characters() {
        assert!(Purpose::parse("a").is_ok());
        assert!(Purpose::parse("a_9.b").is_ok());
        assert!(Purpose::parse(&"a".repeat(64)).is_ok());
        for bad in ["", "A", "a b", "*", "ä", "a-b", "a\n", &"a".repeat(65)] {
            assert!(matches!(Purpose::parse(bad), Err(ConsentError::Purpose)), "{bad:?}");
        }
    }
}
