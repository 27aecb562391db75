//! Texts that say something, and lists that hold something.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DocumentProblem;

/// A text of a record: not blank, at most 4 096 bytes, kept as written.
///
/// # Privacy
/// `Debug` shows nothing of it.
///
/// # Examples
/// ```
/// use consentric::consent::RecordText;
/// assert_eq!(RecordText::parse("Example Ltd")?.as_str(), "Example Ltd");
/// assert!(RecordText::parse("  ").is_err());
/// # Ok::<(), consentric::consent::DocumentProblem>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RecordText(Box<str>);

impl RecordText {
    /// Reads a text.
    ///
    /// # Errors
    /// [`DocumentProblem::Blank`], [`DocumentProblem::TextTooLong`].
    pub fn parse(text: &str) -> Result<Self, DocumentProblem> {
        if text.trim().is_empty() {
            return Err(DocumentProblem::Blank);
        }
        if text.len() > MAX_BYTES {
            return Err(DocumentProblem::TextTooLong { limit: MAX_BYTES });
        }
        Ok(Self(text.into()))
    }

    /// Gives the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RecordText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordText(..)")
    }
}

impl TryFrom<&str> for RecordText {
    type Error = DocumentProblem;

    fn try_from(text: &str) -> Result<Self, DocumentProblem> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for RecordText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A list that holds at least one entry.
///
/// # Examples
/// ```
/// use consentric::consent::{AtLeastOne, RecordText};
/// let places = AtLeastOne::from(RecordText::parse("DE")?).and(RecordText::parse("IE")?);
/// assert_eq!(places.iter().count(), 2);
/// assert!(AtLeastOne::<RecordText>::try_from(Vec::new()).is_err());
/// # Ok::<(), consentric::consent::DocumentProblem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtLeastOne<T> {
    first: T,
    rest: Vec<T>,
}

impl<T> AtLeastOne<T> {
    /// Adds an entry.
    #[must_use]
    pub fn and(mut self, next: T) -> Self {
        self.rest.push(next);
        self
    }

    /// Gives the first entry.
    pub const fn first(&self) -> &T {
        &self.first
    }

    /// Gives the last entry.
    pub fn last(&self) -> &T {
        self.rest.last().unwrap_or(&self.first)
    }

    /// Gives the entries in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}

impl<T> From<T> for AtLeastOne<T> {
    fn from(first: T) -> Self {
        Self { first, rest: Vec::new() }
    }
}

impl<T> TryFrom<Vec<T>> for AtLeastOne<T> {
    type Error = DocumentProblem;

    fn try_from(entries: Vec<T>) -> Result<Self, DocumentProblem> {
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(DocumentProblem::EmptyList)?;
        Ok(Self { first, rest: entries.collect() })
    }
}

impl<T: Serialize> Serialize for AtLeastOne<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for AtLeastOne<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Vec::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

const MAX_BYTES: usize = 4096;
