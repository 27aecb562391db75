//! Days in months, quarters, years and decades, or in weeks.

use crate::anonymity::criterion::within;
use crate::anonymity::{AnonymityError, Hierarchy};
use crate::time::Date;

/// Builds a calendar over the days from a first to a last.
///
/// Level 0 is the day as `YYYY-MM-DD`, the last level `*`; those between are chosen, finer ones first.
///
/// # Examples
/// ```
/// use consentric::anonymity::{DateLevel, Dates};
/// use consentric::time::Date;
/// let (first, last) = (Date::parse("2023-12-30")?, Date::parse("2024-12-31")?);
/// let days = Dates::new(first, last, &[DateLevel::Month, DateLevel::Quarter, DateLevel::Year]).build("day")?;
/// let day = days.value("2024-02-29").unwrap();
/// let labels: Vec<_> = (0..5).filter_map(|level| days.label(level, day)).collect();
/// assert_eq!(labels, ["2024-02-29", "2024-02", "2024-Q1", "2024", "*"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Dates {
    first: Date,
    last: Date,
    levels: Vec<DateLevel>,
}

/// A unit of the calendar. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DateLevel {
    /// The week of ISO 8601, as `2024-W09`; it nests in nothing but `*`.
    IsoWeek,
    /// The month, as `2024-02`.
    Month,
    /// The quarter, as `2024-Q1`.
    Quarter,
    /// The year, as `2024`.
    Year,
    /// The decade, as `2020s`.
    Decade,
}

impl Dates {
    /// Takes the first and the last day, both in the domain, and the levels between day and `*`.
    pub fn new(first: Date, last: Date, levels: &[DateLevel]) -> Self {
        Self { first, last, levels: levels.to_vec() }
    }

    /// Builds the hierarchy.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] if the last day is before the first or levels do not grow coarser;
    /// [`AnonymityError::Unsupported`] for weeks together with another level, as weeks do not nest in months.
    ///
    /// # Complexity
    /// `O(days · levels)`.
    pub fn build(&self, name: &str) -> Result<Hierarchy, AnonymityError> {
        let n_days = self.last.days_since(self.first);
        within("days from first to last", f64::from(n_days), n_days >= 0, "0 or more")?;
        if self.levels.contains(&DateLevel::IsoWeek) && self.levels.len() > 1 {
            return Err(AnonymityError::Unsupported {
                what: "a level of weeks beside others",
                instead: "weeks do not nest in months or years; take weeks alone, or months",
            });
        }
        let grows = self.levels.windows(2).all(|pair| matches!(pair, [one, other] if one < other));
        within("date levels", self.levels.len() as f64, grows, "finer ones first, each once")?;
        let mut rows = Vec::with_capacity(n_days as usize + 1);
        for days in self.first.days()..=self.last.days() {
            let (year, month, _) = ymd(days);
            let mut row = vec![day(days)];
            row.extend(self.levels.iter().map(|level| match level {
                DateLevel::IsoWeek => iso_week(days),
                DateLevel::Month => format!("{year:04}-{month:02}"),
                DateLevel::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
                DateLevel::Year => format!("{year:04}"),
                DateLevel::Decade => format!("{:04}s", year / 10 * 10),
            }));
            row.push("*".to_owned());
            rows.push(row);
        }
        Hierarchy::from_rows(name, &rows)
    }
}

fn ymd(days: i32) -> (i16, i8, i8) {
    // Days between two dates are dates.
    Date::from_days(days).unwrap_or(Date::MIN).year_month_day()
}

fn day(days: i32) -> String {
    let (year, month, day) = ymd(days);
    format!("{year:04}-{month:02}-{day:02}")
}

// SPEC: ISO 8601: a week belongs to the year of its Thursday and is numbered by it.
fn iso_week(days: i32) -> String {
    // 1970-01-01 was a Thursday, the fourth day of its week.
    let thursday = days - (days + 3).rem_euclid(7) + 3;
    let (year, ..) = ymd(thursday);
    let new_year = Date::from_ymd(year, 1, 1).map_or(thursday, Date::days);
    format!("{year:04}-W{:02}", (thursday - new_year) / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(hierarchy: &Hierarchy, level: usize, day: &str) -> String {
        hierarchy.label(level, hierarchy.value(day).unwrap()).unwrap().to_owned()
    }

    fn dates(first: &str, last: &str, levels: &[DateLevel]) -> Result<Hierarchy, AnonymityError> {
        Dates::new(Date::parse(first).unwrap(), Date::parse(last).unwrap(), levels).build("day")
    }

    #[test]
    fn weeks_belong_to_the_year_of_their_thursday() {
        let weeks = dates("2004-12-25", "2010-01-10", &[DateLevel::IsoWeek]).unwrap();
        for (day, week) in [
            ("2005-01-01", "2004-W53"),
            ("2005-01-02", "2004-W53"),
            ("2005-12-31", "2005-W52"),
            ("2007-01-01", "2007-W01"),
            ("2008-12-28", "2008-W52"),
            ("2008-12-29", "2009-W01"),
            ("2010-01-03", "2009-W53"),
            ("2010-01-04", "2010-W01"),
        ] {
            assert_eq!(label(&weeks, 1, day), week, "{day}");
        }
        assert_eq!(label(&weeks, 2, "2010-01-04"), "*");
    }

    #[test]
    fn the_ends_of_the_calendar_have_weeks_and_decades() {
        let last = dates("9999-12-25", "9999-12-31", &[DateLevel::IsoWeek]).unwrap();
        assert_eq!(label(&last, 1, "9999-12-31"), "9999-W52");
        let all = [DateLevel::Month, DateLevel::Quarter, DateLevel::Year, DateLevel::Decade];
        let first = dates("0001-01-01", "0010-01-01", &all).unwrap();
        assert_eq!((label(&first, 4, "0001-01-01"), label(&first, 4, "0010-01-01")), ("0000s".into(), "0010s".into()));
    }

    #[test]
    fn weeks_under_months_and_levels_out_of_order_are_refused() {
        let weeks = dates("2024-01-01", "2024-02-01", &[DateLevel::IsoWeek, DateLevel::Month]);
        assert!(matches!(weeks, Err(AnonymityError::Unsupported { .. })));
        let order = dates("2024-01-01", "2024-02-01", &[DateLevel::Year, DateLevel::Month]);
        assert!(matches!(order, Err(AnonymityError::OutOfRange { .. })));
        let ends = dates("2024-02-01", "2024-01-01", &[DateLevel::Month]);
        assert!(matches!(ends, Err(AnonymityError::OutOfRange { .. })));
    }
}
