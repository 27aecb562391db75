//! Currencies and their minor units.

use std::fmt;

use serde::{Serialize, Serializer};

use super::RecordError;

/// A currency by its ISO 4217 letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The US dollar.
    pub const USD: Currency = Currency(*b"USD");
    /// The euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// No currency is known: amounts of two decimals without a unit (ISO 4217 `XXX`).
    pub const NONE: Currency = Currency(*b"XXX");

    /// Reads three letters; lower case is accepted and raised.
    ///
    /// # Errors
    /// [`RecordError::Currency`] for anything but three ASCII letters.
    pub fn parse(text: &str) -> Result<Self, RecordError> {
        match text.as_bytes() {
            [a, b, c] if text.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase(), c.to_ascii_uppercase()]))
            }
            _ => Err(RecordError::Currency),
        }
    }

    /// Gives the number of decimals of the minor unit: 2 for most, 0 for the yen, 3 for the Kuwaiti dinar.
    ///
    /// # References
    /// ISO 4217, list one.
    pub const fn digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// Gives the three letters.
    pub fn code(&self) -> &str {
        // Three ASCII letters by construction.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
