//! A day of the civil calendar.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{TimeError, Timestamp};

/// A day of the proleptic Gregorian calendar, from 0001-01-01 to 9999-12-31.
///
/// Held as days since 1970-01-01, so that differences are exact and cheap.
///
/// # Examples
/// ```
/// use consentric::time::Date;
/// let day = Date::parse("2024-02-29")?;
/// assert_eq!(day.days_since(Date::parse("20240228")?), 1);
/// # Ok::<(), consentric::time::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The first day that can be held, 0001-01-01.
    pub const MIN: Date = Date(-719_162);
    /// The last day that can be held, 9999-12-31.
    pub const MAX: Date = Date(2_932_896);

    /// Gives the day of a year, month and day of the month.
    ///
    /// # Errors
    /// [`TimeError::Calendar`] if there is no such day, [`TimeError::Range`] outside the years 1 to 9999.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Result<Self, TimeError> {
        let civil = jiff::civil::Date::new(year, month, day).map_err(|_| TimeError::Calendar)?;
        Self::from_civil(civil)
    }

    /// Gives the day that lies `days` after 1970-01-01.
    ///
    /// # Errors
    /// [`TimeError::Range`] outside the years 1 to 9999.
    pub const fn from_days(days: i32) -> Result<Self, TimeError> {
        if days < Self::MIN.0 || days > Self::MAX.0 { Err(TimeError::Range) } else { Ok(Self(days)) }
    }

    /// Reads `YYYY-MM-DD` or `YYYYMMDD`.
    ///
    /// # Errors
    /// [`TimeError::Form`] for any other form, [`TimeError::Calendar`] if there is no such day,
    /// [`TimeError::Range`] for the year 0000.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let bytes = text.as_bytes();
        let (year, month, day) = match bytes.len() {
            8 => (number(bytes, 0, 4)?, number(bytes, 4, 6)?, number(bytes, 6, 8)?),
            10 if bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-') => {
                (number(bytes, 0, 4)?, number(bytes, 5, 7)?, number(bytes, 8, 10)?)
            }
            _ => return Err(TimeError::Form),
        };
        // Four and two digits fit their types.
        Self::from_ymd(year as i16, month as i8, day as i8)
    }

    /// Gives the days since 1970-01-01, negative before it.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Gives the number of days from `earlier` to this day, negative if `earlier` is later.
    pub const fn days_since(self, earlier: Date) -> i32 {
        self.0 - earlier.0
    }

    /// Gives the day `days` later (earlier if negative).
    ///
    /// # Errors
    /// [`TimeError::Range`] if the result is outside the years 1 to 9999.
    pub const fn plus_days(self, days: i32) -> Result<Self, TimeError> {
        match self.0.checked_add(days) {
            Some(sum) => Self::from_days(sum),
            None => Err(TimeError::Range),
        }
    }

    /// Gives the first instant of the day in UTC.
    pub const fn start(self) -> Timestamp {
        Timestamp::from_micros(self.0 as i64 * 86_400_000_000)
    }

    /// The same day some months later, or the last of that month; the last day of the calendar beyond it.
    pub(crate) fn plus_months(self, months: u16) -> Self {
        let later = self.civil().saturating_add(jiff::Span::new().months(i32::from(months)));
        Self::from_civil(later).unwrap_or(Self::MAX)
    }

    /// Year, month and day of the month, which compare as dates do.
    pub(crate) fn year_month_day(self) -> (i16, i8, i8) {
        let civil = self.civil();
        (civil.year(), civil.month(), civil.day())
    }

    pub(super) fn from_civil(civil: jiff::civil::Date) -> Result<Self, TimeError> {
        if civil.year() < 1 {
            return Err(TimeError::Range);
        }
        let since = civil.duration_since(jiff::civil::Date::constant(1970, 1, 1));
        // The whole range is under three million days.
        Self::from_days((since.as_secs() / 86_400) as i32)
    }

    pub(super) fn civil(self) -> jiff::civil::Date {
        jiff::civil::Date::constant(1970, 1, 1).saturating_add(jiff::SignedDuration::from_hours(i64::from(self.0) * 24))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.civil();
        write!(f, "{:04}-{:02}-{:02}", civil.year(), civil.month(), civil.day())
    }
}

impl FromStr for Date {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::parse(text)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

fn number(bytes: &[u8], from: usize, to: usize) -> Result<u16, TimeError> {
    let mut value = 0u16;
    for byte in bytes.get(from..to).ok_or(TimeError::Form)? {
        if !byte.is_ascii_digit() {
            return Err(TimeError::Form);
        }
        value = value * 10 + u16::from(byte - b'0');
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_round_trip() {
        for day in [Date::MIN, Date::MAX, Date(0), Date(-1)] {
            assert_eq!(Date::parse(&day.to_string()), Ok(day));
        }
        assert_eq!(Date::MIN.to_string(), "0001-01-01");
        assert_eq!(Date::MAX.to_string(), "9999-12-31");
        assert_eq!(Date::MAX.plus_days(1), Err(TimeError::Range));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        assert_eq!(Date::parse("2023-02-29"), Err(TimeError::Calendar));
        assert_eq!(Date::parse("0000-01-01"), Err(TimeError::Range));
        assert_eq!(Date::parse("2023/01/01"), Err(TimeError::Form));
        assert_eq!(Date::parse("２０２３０１０１"), Err(TimeError::Form));
    }
}
