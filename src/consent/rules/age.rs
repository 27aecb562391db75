//! How old somebody is.

use crate::consent::case::Case;
use crate::consent::law::{Family, Jurisdiction, RuleSet, Shipped};
use crate::time::{Date, Timestamp};

/// Whole years from the day of birth; somebody born on 29 February has a birthday on 1 March of other years.
pub(in crate::consent) fn years(born: Date, day: Date) -> i16 {
    let (year, month, day_of_month) = day.year_month_day();
    let (born_year, born_month, born_day) = born.year_month_day();
    year - born_year - i16::from((month, day_of_month) < (born_month, born_day))
}

/// The first instant of the day on which somebody becomes so many years old; the end of time beyond the calendar.
pub(in crate::consent) fn birthday(born: Date, age: i16) -> Timestamp {
    let (year, month, day) = born.year_month_day();
    let year = year.saturating_add(age);
    // Who was born on 29 February waits for 1 March.
    let birthday = Date::from_ymd(year, month, day).or_else(|_| Date::from_ymd(year, 3, 1));
    birthday.map_or(Timestamp::from_micros(i64::MAX), Date::start)
}

/// What the test of age says about a consent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Maturity {
    /// No test applies, or nothing says that it is a child.
    Adult,
    Child,
    /// Nobody knows, and the service expects children.
    PresumedChild,
}

/// Whether somebody could consent alone on the day of `at`, by the law of that day.
// SPEC: GDPR Art. 8(1).
pub(super) fn maturity(case: &Case<'_>, law: &Shipped, at: Timestamp) -> Maturity {
    let rules = law.in_force(at);
    // PERF: consent/build/events/30m; no year has more than 366 days, so most need no calendar.
    let born = case.visible.history().birth_date();
    if born.is_some_and(|born| at.whole_days_since(born) >= i64::from(rules.consent_age) * 366) {
        return Maturity::Adult;
    }
    match case.age_on(at) {
        Some(age) if age < i16::from(rules.consent_age) => Maturity::Child,
        Some(_) => Maturity::Adult,
        None if case.activity.presumes_children() => Maturity::PresumedChild,
        None => Maturity::Adult,
    }
}

/// Whether the law knows no age of consent for this service.
// SPEC: GDPR Art. 8(1), only for information society services.
pub(super) fn is_waived(case: &Case<'_>, rules: &RuleSet) -> bool {
    matches!(rules.family, Family::Union | Family::Unstated | Family::UnitedKingdom)
        && case.activity.information_society_service == Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_day_birthday_counts_on_1_march_of_other_years() {
        let born = Date::parse("2008-02-29").unwrap();
        assert_eq!(years(born, Date::parse("2023-02-28").unwrap()), 14);
        assert_eq!(years(born, Date::parse("2023-03-01").unwrap()), 15);
        assert_eq!(years(born, Date::parse("2024-02-29").unwrap()), 16);
        for age in 12..=18 {
            let day = birthday(born, age).date();
            assert_eq!((years(born, day), years(born, day.plus_days(-1).unwrap())), (age, age - 1));
        }
    }
}
