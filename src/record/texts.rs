//! Many short texts in one allocation.

use super::RecordError;

/// Texts one after the other, with the place where each ends: 4 bytes a text beside the text itself.
#[derive(Clone, Default)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) -> Result<(), RecordError> {
        let end = u32::try_from(self.bytes.len() + text.len())
            .map_err(|_| RecordError::TooLarge { what: "bytes of text in one column", limit: u64::from(u32::MAX) })?;
        self.bytes.push_str(text);
        self.ends.push(end);
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text at `index`, empty for an index out of range.
    pub(crate) fn at(&self, index: usize) -> &str {
        let end = self.ends.get(index).copied().unwrap_or(0) as usize;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0) as usize;
        self.bytes.get(start..end).unwrap_or_default()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        (0..self.len()).map(|index| self.at(index))
    }

    /// Gives back what growth reserved beyond the texts.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub(crate) fn allocated_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4
    }
}
