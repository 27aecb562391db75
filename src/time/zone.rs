//! Time zones: which civil day an instant or a local time falls on.

use std::fmt;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::{Date, TimeError, Timestamp};

/// A time zone of the IANA database compiled into the crate.
#[derive(Clone)]
pub struct Zone {
    name: String,
    zone: TimeZone,
    is_utc: bool,
}

impl Zone {
    /// Gives UTC, the zone of every run that names no other.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC, is_utc: true }
    }

    /// Gives the zone of an IANA name such as `Europe/Berlin`.
    ///
    /// # Errors
    /// [`TimeError::Zone`] if the database has no such name.
    pub fn parse(name: &str) -> Result<Self, TimeError> {
        if name == "UTC" {
            return Ok(Self::utc());
        }
        let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| TimeError::Zone)?;
        Ok(Self { name: name.to_owned(), zone, is_utc: false })
    }

    /// Gives the name the zone was asked by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the civil day of an instant in this zone.
    ///
    /// # Errors
    /// [`TimeError::Range`] if the instant is outside the years 1 to 9999.
    pub fn day_of(&self, instant: Timestamp) -> Result<Date, TimeError> {
        if self.is_utc {
            let day = instant.as_micros().div_euclid(86_400_000_000);
            return i32::try_from(day).map_err(|_| TimeError::Range).and_then(Date::from_days);
        }
        let instant = jiff::Timestamp::from_microsecond(instant.as_micros()).map_err(|_| TimeError::Range)?;
        Date::from_civil(self.zone.to_datetime(instant).date())
    }

    /// Reads a cell and gives the civil day on which it falls in this zone.
    ///
    /// RFC 3339 text with an offset is an instant. `YYYYMMDD`, `YYYY-MM-DD` and `YYYY-MM-DD[ T]HH:MM[:SS[.f]]` are
    /// local times of this zone: a local time that a clock change skips moves forward, a doubled one takes the
    /// earlier offset.
    ///
    /// # Errors
    /// [`TimeError::Form`] for any other form, [`TimeError::Calendar`] if the calendar has no such day or time,
    /// [`TimeError::Range`] outside the years 1 to 9999.
    pub fn day_of_text(&self, text: &str) -> Result<Date, TimeError> {
        match Written::parse(text)? {
            Written::Instant(instant) => self.day_of(instant),
            Written::Local(date, _) if self.is_utc => Ok(date),
            Written::Local(date, time) => Date::from_civil(self.local(date, time)?.date()),
        }
    }

    /// Reads a cell of the forms of [`day_of_text`](Zone::day_of_text) and gives the instant, a day being its start.
    ///
    /// # Errors
    /// Those of [`day_of_text`](Zone::day_of_text).
    pub fn instant_of_text(&self, text: &str) -> Result<Timestamp, TimeError> {
        let instant = match Written::parse(text)? {
            Written::Instant(instant) => return Ok(instant),
            Written::Local(date, time) if self.is_utc => {
                let of_day = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
                let micros = of_day * 1_000_000 + i64::from(time.subsec_nanosecond()) / 1000;
                Timestamp::from_micros(date.start().as_micros() + micros)
            }
            Written::Local(date, time) => Timestamp::from_micros(self.local(date, time)?.timestamp().as_microsecond()),
        };
        // The first day of the calendar begins before it in the east; the other end is jiff's to refuse.
        if instant < Date::MIN.start() { Err(TimeError::Range) } else { Ok(instant) }
    }

    fn local(&self, date: Date, time: jiff::civil::Time) -> Result<jiff::ZonedDateTime, TimeError> {
        // jiff's default ("compatible") is the rule we promise: forward over a gap, the earlier offset in a fold.
        self.zone.to_zoned_datetime(date.civil().to_datetime(time)).map_err(|_| TimeError::Range)
    }
}

/// What a cell says before a zone is applied.
enum Written {
    Instant(Timestamp),
    Local(Date, jiff::civil::Time),
}

impl Written {
    fn parse(text: &str) -> Result<Self, TimeError> {
        let bytes = text.as_bytes();
        if matches!(bytes.len(), 8 | 10) {
            return Ok(Self::Local(Date::parse(text)?, jiff::civil::Time::midnight()));
        }
        if bytes.len() < 16 || bytes.len() > 64 || !text.is_ascii() {
            return Err(TimeError::Form);
        }
        let (day, rest) = text.split_at(10);
        let date = Date::parse(day)?;
        if !rest.starts_with(['T', 't', ' ']) {
            return Err(TimeError::Form);
        }
        let clock = rest.get(1..).unwrap_or_default();
        if clock.contains(['Z', 'z', '+', '-']) {
            return Ok(Self::Instant(Timestamp::parse(text)?));
        }
        Ok(Self::Local(date, clock_time(clock)?))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name)
    }
}

/// Reads `HH:MM[:SS[.f]]`.
fn clock_time(clock: &str) -> Result<jiff::civil::Time, TimeError> {
    let (whole, fraction) = clock.split_once('.').map_or((clock, None), |(whole, fraction)| (whole, Some(fraction)));
    if fraction.is_some_and(|f| f.is_empty() || f.len() > 9 || !f.bytes().all(|b| b.is_ascii_digit())) {
        return Err(TimeError::Form);
    }
    let mut parts = [0i8; 3];
    let mut n = 0;
    for part in whole.split(':') {
        let slot = parts.get_mut(n).ok_or(TimeError::Form)?;
        if part.len() != 2 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TimeError::Form);
        }
        *slot = part.parse().map_err(|_| TimeError::Form)?;
        n += 1;
    }
    if n < 2 || (fraction.is_some() && n < 3) {
        return Err(TimeError::Form);
    }
    let nanoseconds = fraction.unwrap_or_default().bytes().chain(std::iter::repeat(b'0')).take(9);
    let nanosecond = nanoseconds.fold(0i32, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    let [hour, minute, second] = parts;
    // A leap second (60) is folded into the last second of its minute, as POSIX clocks do.
    jiff::civil::Time::new(hour, minute, second.min(if second == 60 { 59 } else { second }), nanosecond)
        .map_err(|_| TimeError::Calendar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_falls_on_different_days_in_three_zones() {
        let text = "2026-03-31T23:59:59Z";
        for (zone, day) in [("UTC", "2026-03-31"), ("Asia/Tokyo", "2026-04-01"), ("America/New_York", "2026-03-31")] {
            assert_eq!(Zone::parse(zone).unwrap().day_of_text(text).unwrap().to_string(), day, "{zone}");
        }
    }

    #[test]
    fn a_skipped_local_day_moves_forward() {
        let samoa = Zone::parse("Pacific/Apia").unwrap();
        assert_eq!(samoa.day_of_text("2011-12-30").unwrap().to_string(), "2011-12-31");
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        assert_eq!(berlin.day_of_text("2026-03-29 02:30").unwrap().to_string(), "2026-03-29");
    }

    #[test]
    fn forms_that_are_not_listed_are_refused() {
        for text in [
            "",
            "2026-1-1",
            "2026-01-01T",
            "2026-01-01T9:00",
            "2026-01-01 25:00",
            "01/02/2026",
            "2026-01-01T10:00:00.",
            "2026-01-01_10:00",
        ] {
            assert!(Zone::utc().day_of_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_local_time_is_an_instant_only_through_its_zone() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        for (text, instant) in [
            ("2026-01-31", "2026-01-30T23:00:00Z"),
            ("2026-07-31 10:30:00.25", "2026-07-31T08:30:00.25Z"),
            ("2026-01-31T10:30:00Z", "2026-01-31T10:30:00Z"),
        ] {
            assert_eq!(berlin.instant_of_text(text).unwrap().to_string(), instant);
        }
        let (tokyo, york) = (Zone::parse("Asia/Tokyo").unwrap(), Zone::parse("America/New_York").unwrap());
        assert_eq!(tokyo.instant_of_text("0001-01-01"), Err(TimeError::Range));
        assert_eq!(york.instant_of_text("9999-12-31 23:00"), Err(TimeError::Range));
        assert!(Zone::utc().instant_of_text("9999-12-31 23:59:59.999999").is_ok());
    }
}
