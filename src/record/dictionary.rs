//! Texts to codes by first appearance.

use std::hash::{BuildHasher, RandomState};

use super::{RecordError, Texts};

/// Gives equal texts equal codes, numbered by first appearance.
///
/// Beside the texts it holds 4 bytes a slot at a load of 3/8 to 3/4. The hash is keyed anew in every process, so that
/// nobody can choose ids which collide; codes do not depend on it.
pub(crate) struct Dictionary {
    texts: Texts,
    slots: Vec<u32>,
    keys: RandomState,
    last: u32,
}

impl Dictionary {
    pub(crate) fn new() -> Self {
        Self { texts: Texts::default(), slots: vec![FREE; 16], keys: RandomState::new(), last: 0 }
    }

    /// The code of a text, a new one if it has none.
    pub(crate) fn code(&mut self, text: &str) -> Result<u32, RecordError> {
        // Files are often sorted: the text of the row before answers most questions without a hash.
        if self.texts.len() > 0 && self.texts.at(self.last as usize) == text {
            return Ok(self.last);
        }
        let slot = match self.look_up(text) {
            Ok(code) => {
                self.last = code;
                return Ok(code);
            }
            Err(slot) => slot,
        };
        let code = u32::try_from(self.texts.len())
            .ok()
            .filter(|code| *code < LIMIT)
            .ok_or(RecordError::TooLarge { what: "different texts in one column", limit: u64::from(LIMIT) })?;
        self.texts.push(text)?;
        if let Some(free) = self.slots.get_mut(slot) {
            *free = code;
        }
        if self.texts.len() > self.slots.len() / 4 * 3 {
            self.grow();
        }
        self.last = code;
        Ok(code)
    }

    /// The texts in the order of their codes.
    pub(crate) fn into_texts(self) -> Texts {
        self.texts
    }

    /// The code of a text, or the free slot where it belongs.
    fn look_up(&self, text: &str) -> Result<u32, usize> {
        // INVARIANT: the number of slots is a power of two and a quarter of them is free, so that the walk ends.
        let mask = self.slots.len() - 1;
        let mut slot = self.keys.hash_one(text) as usize & mask;
        loop {
            match self.slots.get(slot) {
                Some(&code) if code != FREE => {
                    if self.texts.at(code as usize) == text {
                        return Ok(code);
                    }
                }
                _ => return Err(slot),
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let n_slots = self.slots.len() * 2;
        // The old table goes before the new one comes: all that is in it can be told from the texts.
        self.slots = Vec::new();
        self.slots = vec![FREE; n_slots];
        let mask = n_slots - 1;
        for (code, text) in (0u32..).zip(self.texts.iter()) {
            let mut slot = self.keys.hash_one(text) as usize & mask;
            while self.slots.get(slot).is_some_and(|taken| *taken != FREE) {
                slot = (slot + 1) & mask;
            }
            if let Some(free) = self.slots.get_mut(slot) {
                *free = code;
            }
        }
    }
}

/// Marks a free slot.
const FREE: u32 = u32::MAX;
/// Codes stay below the marks of a free slot and of a customer without a row.
const LIMIT: u32 = u32::MAX - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_numbered_by_first_appearance_and_survive_growth() {
        let mut dictionary = Dictionary::new();
        for n in (0..5000u32).chain((0..5000).rev()) {
            assert_eq!(dictionary.code(&format!("c{n}")).unwrap(), n);
        }
        assert_eq!(dictionary.code("").unwrap(), 5000);
        assert_eq!(dictionary.into_texts().len(), 5001);
    }
}
