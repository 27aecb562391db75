//! Where customers live, as far as consent depends on it.

use crate::time::{Date, Timestamp};

/// A jurisdiction, down to what decides about consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// Not known: the rules of the Union and the highest age.
    Unstated,
    /// A state of the Union or the European Economic Area, or the United Kingdom.
    Europe {
        consent_age: u8,
    },
    Denmark,
    Brazil,
    Canada,
    Quebec,
    UnitedStates,
    /// A code whose law is not shipped.
    Unsupported,
}

impl Place {
    /// The place of an ISO 3166 code.
    pub(super) fn of_code(code: &str) -> Self {
        // SPEC: GDPR Art. 8(1) and national law; UK DPA 2018 s. 9.
        let consent_age = match code {
            "BE" | "EE" | "FI" | "IS" | "LV" | "MT" | "PT" | "SE" | "GB" => 13,
            "AT" | "BG" | "CY" | "ES" | "IT" | "LT" => 14,
            "CZ" | "FR" | "GR" | "NO" | "SI" => 15,
            "DE" | "HR" | "HU" | "IE" | "LI" | "LU" | "NL" | "PL" | "RO" | "SK" => 16,
            "DK" => return Self::Denmark,
            "BR" => return Self::Brazil,
            "CA-QC" => return Self::Quebec,
            "CA" => return Self::Canada,
            "US-CA" | "US-VA" | "US-CO" | "US-CT" | "US-TX" | "US-UT" | "US-MD" => return Self::UnitedStates,
            _ if is_canadian_province(code) => return Self::Canada,
            _ => return Self::Unsupported,
        };
        Self::Europe { consent_age }
    }

    /// The age in whole years from which one agrees alone, by the law of the day.
    fn consent_age(self, day: Date) -> i16 {
        match self {
            Self::Europe { consent_age } => i16::from(consent_age),
            // SPEC: Databeskyttelsesloven par. 6, 15 instead of 13 since 2024.
            Self::Denmark => {
                if day.year_month_day() < (2024, 1, 1) {
                    13
                } else {
                    15
                }
            }
            // SPEC: LGPD Art. 14.
            Self::Brazil => 12,
            // SPEC: P-39.1 s. 4.1 and 14.
            Self::Quebec => 14,
            Self::Canada | Self::UnitedStates => 13,
            Self::Unstated | Self::Unsupported => 16,
        }
    }

    /// Whether the laws of North America, with their own list of sensitive data, apply.
    pub(super) const fn is_north_american(self) -> bool {
        matches!(self, Self::Canada | Self::Quebec | Self::UnitedStates)
    }
}

/// Whether somebody born on `birth` is, on the UTC day of `at`, under the age of consent of one of the places.
pub(super) fn is_child(places: &[Place], birth: Option<Date>, at: Timestamp) -> bool {
    let Some(birth) = birth else {
        return false;
    };
    let day = at.date();
    let years = age(birth, day);
    let unstated = places.is_empty().then_some(Place::Unstated);
    places.iter().copied().chain(unstated).any(|place| years < place.consent_age(day))
}

/// Whole years; somebody born on 29 February becomes older on 1 March of other years.
fn age(birth: Date, day: Date) -> i16 {
    let (birth_year, birth_month, birth_day) = birth.year_month_day();
    let (year, month, day_of_month) = day.year_month_day();
    year - birth_year - i16::from((month, day_of_month) < (birth_month, birth_day))
}

fn is_canadian_province(code: &str) -> bool {
    code.strip_prefix("CA-").is_some_and(|rest| rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Date::parse(text).unwrap().start()
    }

    #[test]
    fn a_birthday_counts_from_its_first_instant() {
        let birth = Date::parse("2010-06-15").ok();
        let last = Timestamp::from_micros(at("2026-06-15").as_micros() - 1);
        assert!(is_child(&[], birth, last));
        assert!(!is_child(&[], birth, at("2026-06-15")));
    }

    #[test]
    fn a_leap_day_birthday_counts_on_1_march_of_other_years() {
        let birth = Date::parse("2008-02-29").unwrap();
        assert_eq!(age(birth, Date::parse("2023-02-28").unwrap()), 14);
        assert_eq!(age(birth, Date::parse("2023-03-01").unwrap()), 15);
        assert_eq!(age(birth, Date::parse("2024-02-29").unwrap()), 16);
    }

    #[test]
    fn denmark_raised_its_age_in_2024() {
        let birth = Date::parse("2010-03-03").ok();
        assert!(!is_child(&[Place::Denmark], birth, at("2023-12-31")));
        assert!(is_child(&[Place::Denmark], birth, at("2024-01-01")));
    }

    #[test]
    fn codes_outside_the_shipped_list_are_not_guessed() {
        for code in ["US-NY", "US", "UK", "de", "", "CA-Q", "CH"] {
            assert_eq!(Place::of_code(code), Place::Unsupported, "{code}");
        }
        assert_eq!(Place::of_code("CA-ON"), Place::Canada);
    }
}
