//! Codes that lose one character a level.

use crate::anonymity::criterion::within;
use crate::anonymity::{AnonymityError, Hierarchy};

/// Builds a hierarchy of codes of which every level hides one character more.
///
/// All labels have one length. Shorter codes are padded on the side that is kept, and the padding is shown, so that a mask
/// of three always hides three characters of the code. Level 0 is the code itself; the last level is all mask.
///
/// # Examples
/// ```
/// use consentric::anonymity::{Prefix, Side};
/// let postcodes = Prefix::new(5, Side::Right).build("postcode", ["53111", "53113", "1067"])?;
/// let label = |level, code| postcodes.label(level, postcodes.value(code).unwrap());
/// assert_eq!((label(1, "53111"), label(1, "1067"), label(5, "1067")), (Some("5311*"), Some("_106*"), Some("*****")));
/// # Ok::<(), consentric::anonymity::AnonymityError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Prefix {
    length: usize,
    side: Side,
    mask: char,
    pad: char,
}

/// The side of a code that is hidden first. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first characters.
    Left,
    /// The last characters.
    Right,
}

impl Prefix {
    /// Takes the length of the longest code and the side that is hidden first.
    pub const fn new(length: usize, side: Side) -> Self {
        Self { length, side, mask: '*', pad: '_' }
    }

    /// Sets the character that hides others. Default: `*`.
    pub const fn with_mask(mut self, mask: char) -> Self {
        self.mask = mask;
        self
    }

    /// Sets the character that fills up shorter codes. Default: `_`.
    pub const fn with_pad(mut self, pad: char) -> Self {
        self.pad = pad;
        self
    }

    /// Builds the hierarchy over all codes that may occur.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for a length of 0 or above 1,024, or one character for both mask and padding;
    /// [`AnonymityError::Hierarchy`] with its place for a code that is longer than the length, holds mask or padding, or
    /// comes twice.
    ///
    /// # Complexity
    /// `O(codes · length²)`.
    pub fn build<S: AsRef<str>>(
        &self,
        name: &str,
        codes: impl IntoIterator<Item = S>,
    ) -> Result<Hierarchy, AnonymityError> {
        within("length", self.length as f64, (1..=1024).contains(&self.length), "1 to 1,024")?;
        within("characters for mask and padding", 1.0, self.mask != self.pad, "two different ones")?;
        let mut rows = Vec::new();
        for (row, code) in codes.into_iter().enumerate() {
            let code = code.as_ref();
            let wrong = |problem: String| AnonymityError::Hierarchy {
                source_name: name.to_owned(),
                line: row as u64 + 1,
                problem,
            };
            let n = code.chars().count();
            if n > self.length {
                return Err(wrong(format!("code `{code}` has {n} characters, at most {} are allowed", self.length)));
            }
            if code.contains([self.mask, self.pad]) {
                return Err(wrong(format!("code `{code}` holds the mask or the padding; choose others")));
            }
            rows.push(self.labels(code, self.length - n));
        }
        Hierarchy::from_rows(name, &rows)
    }

    fn labels(&self, code: &str, n_pad: usize) -> Vec<String> {
        let padding = std::iter::repeat_n(self.pad, n_pad);
        let padded: Vec<char> = match self.side {
            Side::Right => padding.chain(code.chars()).collect(),
            Side::Left => code.chars().chain(padding).collect(),
        };
        let hidden = |level: usize| {
            let is_hidden = |place: usize| match self.side {
                Side::Right => place + level >= self.length,
                Side::Left => place < level,
            };
            let shown = padded.iter().enumerate();
            shown.map(|(place, shown)| if is_hidden(place) { self.mask } else { *shown }).collect::<String>()
        };
        std::iter::once(code.to_owned()).chain((1..=self.length).map(hidden)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(hierarchy: &Hierarchy, value: &str) -> Vec<String> {
        let value = hierarchy.value(value).unwrap();
        (0..hierarchy.n_levels()).map(|level| hierarchy.label(level, value).unwrap().to_owned()).collect()
    }

    #[test]
    fn characters_go_from_the_chosen_side_and_the_other_is_padded() {
        let right = Prefix::new(3, Side::Right).build("x", ["abc", "b", "äöü"]).unwrap();
        assert_eq!(labels(&right, "abc"), ["abc", "ab*", "a**", "***"]);
        assert_eq!(labels(&right, "b"), ["b", "__*", "_**", "***"]);
        assert_eq!(labels(&right, "äöü"), ["äöü", "äö*", "ä**", "***"]);
        let left = Prefix::new(3, Side::Left).with_mask('#').with_pad('-').build("x", ["abc", "b"]).unwrap();
        assert_eq!(labels(&left, "abc"), ["abc", "#bc", "##c", "###"]);
        assert_eq!(labels(&left, "b"), ["b", "#--", "##-", "###"]);
        assert!(right.has_root() && left.has_root());
    }

    #[test]
    fn codes_that_do_not_fit_are_refused_with_their_place() {
        let prefix = Prefix::new(3, Side::Right);
        for codes in [vec!["abc", "abcd"], vec!["abc", "a_"], vec!["abc", "a*"], vec!["abc", "abc"]] {
            let error = prefix.build("x", &codes).unwrap_err();
            assert!(matches!(error, AnonymityError::Hierarchy { line: 2, .. }), "{error}");
        }
        assert!(matches!(Prefix::new(0, Side::Left).build("x", ["a"]), Err(AnonymityError::OutOfRange { .. })));
        let one = prefix.with_pad('*').build("x", ["a"]);
        assert!(matches!(one, Err(AnonymityError::OutOfRange { .. })));
    }
}
