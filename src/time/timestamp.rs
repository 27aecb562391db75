//! An instant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Date, TimeError};

/// An instant in UTC, in microseconds since 1970-01-01T00:00:00Z.
///
/// Written and read as RFC 3339 text with an offset; text without an offset is refused, since it names no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Gives the instant `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Gives the microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with an offset, such as `2026-01-31T09:30:00Z` or `2026-01-31T10:30:00+01:00`.
    ///
    /// # Errors
    /// [`TimeError::Form`] for any other form, [`TimeError::Range`] outside the years 1 to 9999 and behind
    /// 9999-12-30T22:00:00Z, where the instants of the calendar library end.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| {
            let is_last = |day: &str| Date::parse(day).is_ok_and(|day| day.days_since(Date::MAX) >= -1);
            if text.get(..10).is_some_and(is_last) { TimeError::Range } else { TimeError::Form }
        })?;
        let instant = Self(parsed.as_microsecond());
        if instant < Date::MIN.start() || instant.0 >= Date::MAX.start().0 + 86_400_000_000 {
            return Err(TimeError::Range);
        }
        Ok(instant)
    }

    /// The instant `days` times 86 400 seconds later; beyond the range of instants, the last one.
    pub(crate) const fn plus_whole_days(self, days: u32) -> Self {
        Self(self.0.saturating_add(days as i64 * MICROS_A_DAY))
    }

    /// The whole days from the first instant of a day.
    pub(crate) const fn whole_days_since(self, day: Date) -> i64 {
        self.0.div_euclid(MICROS_A_DAY) - day.days() as i64
    }

    /// The same time of day some calendar months later; a missing day becomes the last of the month.
    pub(crate) fn plus_months(self, months: u16) -> Self {
        let day = self.date();
        let time_of_day = self.0.rem_euclid(MICROS_A_DAY);
        Self(day.plus_months(months).start().0.saturating_add(time_of_day))
    }

    /// Gives the civil day of the instant in UTC; instants outside the calendar give its first or last day.
    pub fn date(self) -> Date {
        let days = self.0.div_euclid(86_400_000_000).clamp(i64::from(Date::MIN.days()), i64::from(Date::MAX.days()));
        // Clamped to the range just above, so the fallback is never taken.
        Date::from_days(days as i32).unwrap_or(Date::MAX)
    }
}

const MICROS_A_DAY: i64 = 86_400_000_000;

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(f, "{instant}"),
            Err(_) => write!(f, "{} us after 1970-01-01T00:00:00Z", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::parse(text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_applied_and_their_absence_is_refused() {
        let instant = Timestamp::parse("2026-01-31T10:30:00+01:00").unwrap();
        assert_eq!(instant.to_string(), "2026-01-31T09:30:00Z");
        assert_eq!(Timestamp::parse("2026-01-31T10:30:00"), Err(TimeError::Form));
    }

    #[test]
    fn months_end_on_the_last_day_they_have() {
        let plus = |text: &str, months| Timestamp::parse(text).unwrap().plus_months(months).to_string();
        assert_eq!(plus("2024-02-29T13:30:00Z", 12), "2025-02-28T13:30:00Z");
        assert_eq!(plus("2024-02-29T13:30:00.000001Z", 24), "2026-02-28T13:30:00.000001Z");
        assert_eq!(plus("2023-11-15T00:00:00Z", 24), "2025-11-15T00:00:00Z");
        let last = Timestamp::parse("9999-12-01T00:00:00Z").unwrap();
        assert_eq!(last.plus_months(24), Date::MAX.start());
    }

    #[test]
    fn extremes_neither_panic_nor_wrap() {
        for micros in [i64::MIN, i64::MAX] {
            let instant = Timestamp::from_micros(micros);
            assert!(!instant.to_string().is_empty());
            assert!(instant.date() == Date::MIN || instant.date() == Date::MAX);
        }
    }
}
