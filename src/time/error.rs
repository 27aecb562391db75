//! Why a piece of text is no point in time.

/// Why a piece of text is no point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The text has none of the accepted forms.
    #[error("not a date or time; write `2026-01-31`, `20260131`, `2026-01-31T09:30:00` or `2026-01-31T09:30:00Z`")]
    Form,
    /// The form is right, the calendar has no such day or time.
    #[error("no such day or time in the calendar")]
    Calendar,
    /// The year is outside 0001 to 9999.
    #[error("outside the years 0001 to 9999")]
    Range,
    /// The time zone is not in the IANA database.
    #[error("unknown time zone; use an IANA name such as `Europe/Berlin`")]
    Zone,
}
