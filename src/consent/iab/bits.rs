//! Bits of web-safe base64 without padding, six a character, most significant first.

use super::SignalProblem;

/// A place in a segment; reads past the last character fail.
///
/// Unlike a reader of bytes it never makes up zero bits for a string that was cut off.
pub(super) struct Bits<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    /// Starts at the first bit of a segment.
    pub(super) const fn new(segment: &'a str) -> Self {
        Self { text: segment.as_bytes(), at: 0 }
    }

    /// How many bits were read.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// Reads one bit.
    pub(super) fn bit(&mut self) -> Result<bool, SignalProblem> {
        let value = self.text.get(self.at / 6).copied().and_then(sextet).ok_or(SignalProblem::Unreadable)?;
        let bit = value >> (5 - self.at % 6) & 1;
        self.at += 1;
        Ok(bit == 1)
    }

    /// Reads a number of at most 16 bits.
    pub(super) fn number(&mut self, n_bits: u8) -> Result<u16, SignalProblem> {
        let mut number = 0_u16;
        for _ in 0..n_bits {
            number = number << 1 | u16::from(self.bit()?);
        }
        Ok(number)
    }

    /// Passes over bits that must be there.
    pub(super) fn skip(&mut self, n_bits: usize) -> Result<(), SignalProblem> {
        self.at += n_bits;
        if self.at <= self.text.len() * 6 { Ok(()) } else { Err(SignalProblem::Unreadable) }
    }

    /// Reads a number in Fibonacci coding, at least 1, which ends with two set bits.
    pub(super) fn fibonacci(&mut self) -> Result<u16, SignalProblem> {
        let (mut number, mut last) = (0_u16, false);
        // 22 values fit, 1 to 28 657; a longer code is no number of ours.
        let (mut value, mut next) = (1_u16, 2_u16);
        for _ in 0..23 {
            let bit = self.bit()?;
            if bit && last {
                return Ok(number);
            }
            if bit {
                number = number.checked_add(value).ok_or(SignalProblem::Unreadable)?;
            }
            (value, next) = (next, value.saturating_add(next));
            last = bit;
        }
        Err(SignalProblem::Unreadable)
    }
}

/// The alphabet of web-safe base64.
pub(super) const fn is_base64(byte: u8) -> bool {
    sextet(byte).is_some()
}

const fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Writes bits; the tests make strings with it that no platform publishes.
    #[derive(Default)]
    pub(in crate::consent::iab) struct Writer(Vec<bool>);

    impl Writer {
        pub(in crate::consent::iab) fn number(mut self, n_bits: u32, number: u64) -> Self {
            self.0.extend((0..n_bits).rev().map(|place| number >> place & 1 == 1));
            self
        }

        /// Bits written `0` and `1`.
        pub(in crate::consent::iab) fn bits(mut self, text: &str) -> Self {
            self.0.extend(text.bytes().filter(|byte| *byte != b' ').map(|byte| byte == b'1'));
            self
        }

        pub(in crate::consent::iab) fn fibonacci(mut self, mut number: u64) -> Self {
            let series = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597];
            let largest = series.iter().rposition(|value| *value <= number).unwrap();
            let mut code = vec![false; largest + 1];
            for place in (0..=largest).rev() {
                if series[place] <= number {
                    number -= series[place];
                    code[place] = true;
                }
            }
            assert_eq!(number, 0);
            self.0.extend(code);
            self.0.push(true);
            self
        }

        pub(in crate::consent::iab) fn text(mut self) -> String {
            while !self.0.len().is_multiple_of(6) {
                self.0.push(false);
            }
            let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let value = |bits: &[bool]| bits.iter().fold(0, |value, bit| value * 2 + usize::from(*bit));
            self.0.chunks(6).map(|bits| char::from(alphabet[value(bits)])).collect()
        }
    }

    #[test]
    fn bits_come_most_significant_first() {
        let mut bits = Bits::new("DBA");
        assert_eq!(bits.number(6), Ok(3));
        assert_eq!(bits.number(5), Ok(0));
        assert_eq!(bits.bit(), Ok(true));
        assert_eq!(bits.position(), 12);
        assert_eq!(bits.skip(6), Ok(()));
        assert_eq!(bits.bit(), Err(SignalProblem::Unreadable));
        assert_eq!(bits.skip(1), Err(SignalProblem::Unreadable));
    }

    #[test]
    fn every_character_of_the_alphabet_has_its_own_value() {
        let values: std::collections::BTreeSet<_> = (0..=u8::MAX).filter_map(sextet).collect();
        assert_eq!(values.len(), 64);
        assert_eq!((0..=u8::MAX).filter(|byte| is_base64(*byte)).count(), 64);
    }

    #[test]
    fn fibonacci_codes_of_the_standard_are_read() {
        for (code, number) in
            [("11", 1), ("011", 2), ("0011", 3), ("1011", 4), ("00011", 5), ("10011", 6), ("01011", 7)]
        {
            assert_eq!(Bits::new(&Writer::default().bits(code).text()).fibonacci(), Ok(number));
        }
        for number in 1..2_000 {
            let text = Writer::default().fibonacci(number).text();
            assert_eq!(Bits::new(&text).fibonacci().map(u64::from), Ok(number));
        }
    }

    #[test]
    fn endless_and_overflowing_fibonacci_codes_are_unreadable() {
        for code in ["0".repeat(60), "10".repeat(30), format!("{}11", "10".repeat(11)), "01".to_owned()] {
            let text = Writer::default().bits(&code).text();
            assert_eq!(Bits::new(&text).fibonacci(), Err(SignalProblem::Unreadable), "{code}");
        }
    }
}
