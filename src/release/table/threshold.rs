//! How many distinct customers a figure needs.

use std::str::FromStr;

use super::TableError;

/// The least number of distinct customers (and households, if declared) behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u32);

impl Threshold {
    /// What leaves the house: 50.
    pub const EXPORT: Self = Self(50);
    /// What stays inside: 10.
    pub const INTERNAL: Self = Self(10);

    /// Demands `n` distinct customers.
    ///
    /// # Errors
    /// [`TableError::Threshold`] outside 2 to 100,000.
    pub const fn new(n: u64) -> Result<Self, TableError> {
        if n < 2 || n > 100_000 { Err(TableError::Threshold { found: n }) } else { Ok(Self(n as u32)) }
    }

    /// Gives the number of customers.
    pub const fn n(self) -> u64 {
        self.0 as u64
    }
}

impl FromStr for Threshold {
    type Err = TableError;

    /// Reads a threshold from a setting.
    ///
    /// # Errors
    /// [`TableError::ThresholdUnreadable`] if it is no number: an unreadable threshold denies.
    fn from_str(text: &str) -> Result<Self, TableError> {
        Self::new(text.trim().parse().map_err(|_| TableError::ThresholdUnreadable)?)
    }
}
