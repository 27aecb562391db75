//! The laws that come with the crate.

use super::rule_set::{Family, RuleSet, SensitiveRule};
use super::{Jurisdiction, RuleSet as Rules};
use crate::consent::case::Case;
use crate::consent::rules;
use crate::consent::verdict::Verdict;
use crate::time::{Date, Timestamp};

/// A law that comes with the crate.
#[derive(Debug)]
pub(in crate::consent) struct Shipped {
    pub(in crate::consent) code: &'static str,
    /// Rules and the instant from which they hold, ascending; the first hold for ever before.
    versions: &'static [(Timestamp, RuleSet)],
}

impl Shipped {
    pub(in crate::consent) fn family(&self) -> Family {
        self.versions.first().map_or(Family::Unstated, |(_, rules)| rules.family)
    }
}

impl Jurisdiction for Shipped {
    fn code(&self) -> &str {
        self.code
    }

    fn in_force(&self, at: Timestamp) -> &Rules {
        let begun = self.versions.iter().rev().find(|(from, _)| *from <= at);
        begun.or(self.versions.first()).map_or(&STRICT, |(_, rules)| rules)
    }

    fn judge(&self, case: &Case<'_>) -> Verdict {
        rules::judge(case, self)
    }

    fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        self.versions.iter().map(|(from, _)| *from).find(|from| *from > after)
    }
}

/// A code as a customer's entry holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::consent) enum LawCode {
    /// Place in the table of shipped laws.
    Shipped(u8),
    /// Another code; some register may know its law.
    Other(Box<str>),
}

impl LawCode {
    pub(in crate::consent) fn parse(code: &str) -> Self {
        let known = if is_canadian_province(code) { "CA" } else { code };
        match LAWS.iter().position(|law| law.code == known) {
            Some(place) => Self::Shipped(place as u8),
            None => Self::Other(code.into()),
        }
    }
}

pub(in crate::consent) fn shipped(place: u8) -> Option<&'static Shipped> {
    LAWS.get(usize::from(place))
}

pub(in crate::consent) fn shipped_by_code(code: &str) -> Option<&'static Shipped> {
    match LawCode::parse(code) {
        LawCode::Shipped(place) => shipped(place),
        LawCode::Other(_) => None,
    }
}

/// A Canadian province or territory without a law of its own here.
fn is_canadian_province(code: &str) -> bool {
    code != "CA-QC"
        && code.strip_prefix("CA-").is_some_and(|rest| rest.len() == 2 && rest.bytes().all(|b| b.is_ascii_uppercase()))
}

/// For customers of whom nobody knows where they live.
// SPEC: GDPR Art. 25(2), the rules of the Union and the highest age.
pub(in crate::consent) static UNSTATED: Shipped =
    Shipped { code: "", versions: &[(ALWAYS, RuleSet::of(Family::Unstated, 16))] };

const STRICT: RuleSet = RuleSet::of(Family::Unstated, 16);

const ALWAYS: Timestamp = Timestamp::from_micros(i64::MIN);

const fn day(year: i64, month: i64, day: i64) -> Timestamp {
    // Days from the civil date, counted in eras of 400 years that begin on 1 March.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    assert!(days > Date::MIN.days() as i64, "a day of the calendar");
    Timestamp::from_micros(days * 86_400_000_000)
}

/// A member state whose age of consent never changed.
macro_rules! union {
    ($code:literal, $age:literal) => {
        Shipped { code: $code, versions: &[(ALWAYS, RuleSet::of(Family::Union, $age))] }
    };
}

// SPEC: GDPR Art. 8(1) and national law; UK DPA 2018 s. 9; LGPD Art. 14; P-39.1 s. 4.1 and 14.
static LAWS: [Shipped; 41] = [
    union!("BE", 13),
    union!("EE", 13),
    union!("FI", 13),
    union!("IS", 13),
    union!("LV", 13),
    union!("MT", 13),
    union!("PT", 13),
    union!("SE", 13),
    union!("AT", 14),
    union!("BG", 14),
    union!("CY", 14),
    union!("ES", 14),
    union!("IT", 14),
    union!("LT", 14),
    union!("CZ", 15),
    union!("FR", 15),
    union!("GR", 15),
    union!("NO", 15),
    union!("SI", 15),
    union!("DE", 16),
    union!("HR", 16),
    union!("HU", 16),
    union!("IE", 16),
    union!("LI", 16),
    union!("LU", 16),
    union!("NL", 16),
    union!("PL", 16),
    union!("RO", 16),
    union!("SK", 16),
    // SPEC: Databeskyttelsesloven par. 6, 15 instead of 13 since 2024.
    Shipped {
        code: "DK",
        versions: &[(ALWAYS, RuleSet::of(Family::Union, 13)), (day(2024, 1, 1), RuleSet::of(Family::Union, 15))],
    },
    // SPEC: Data (Use and Access) Act 2025 s. 70 and 80; SI 2026/82.
    Shipped {
        code: "GB",
        versions: &[
            (ALWAYS, RuleSet::of(Family::UnitedKingdom, 13)),
            (day(2026, 2, 5), RuleSet::of(Family::UnitedKingdom, 13).with_data_use_act()),
        ],
    },
    Shipped { code: "BR", versions: &[(ALWAYS, RuleSet::of(Family::Brazil, 12))] },
    Shipped { code: "CA", versions: &[(ALWAYS, RuleSet::of(Family::Canada, 13))] },
    Shipped { code: "CA-QC", versions: &[(ALWAYS, RuleSet::of(Family::Quebec, 14))] },
    // SPEC: 11 CCR 7025 (signal); 11 CCR 7200(b) and 7221 (automated decisions).
    Shipped {
        code: "US-CA",
        versions: &[
            (ALWAYS, CALIFORNIA),
            (day(2020, 8, 14), CALIFORNIA.with_signal()),
            (day(2027, 1, 1), CALIFORNIA.with_signal().with_opt_out_of_decisions(true)),
        ],
    },
    Shipped { code: "US-VA", versions: &[(ALWAYS, RuleSet::state(SensitiveRule::OptIn))] },
    // SPEC: C.R.S. 6-1-1306(1)(a)(IV) (signal); Colo. SB 24-041 (minors).
    Shipped {
        code: "US-CO",
        versions: &[
            (ALWAYS, COLORADO),
            (day(2024, 7, 1), COLORADO.with_signal()),
            (day(2025, 10, 1), COLORADO.with_signal().with_opt_in_age(18)),
        ],
    },
    // SPEC: Conn. SB 3 (2023) (opt-in); Conn. 42-520(e) (signal); Conn. SB 1295 (2025) (ban).
    Shipped {
        code: "US-CT",
        versions: &[
            (ALWAYS, CONNECTICUT),
            (day(2024, 10, 1), CONNECTICUT.with_opt_in_age(18)),
            (day(2025, 1, 1), CONNECTICUT.with_opt_in_age(18).with_signal()),
            (day(2026, 7, 1), CONNECTICUT.with_opt_in_age(18).with_signal().with_ban_of_minors()),
        ],
    },
    // SPEC: Tex. 541.055(e).
    Shipped { code: "US-TX", versions: &[(ALWAYS, TEXAS), (day(2025, 1, 1), TEXAS.with_signal())] },
    Shipped { code: "US-UT", versions: &[(ALWAYS, RuleSet::state(SensitiveRule::OptOutWithNotice))] },
    // SPEC: Md. 14-4707.
    Shipped { code: "US-MD", versions: &[(ALWAYS, MARYLAND), (day(2025, 10, 1), MARYLAND.with_signal())] },
];

const CALIFORNIA: RuleSet =
    RuleSet::state(SensitiveRule::Limit).with_one_right_of_sale().with_opt_out_of_decisions(false);
const COLORADO: RuleSet = RuleSet::state(SensitiveRule::FreshOptIn);
const CONNECTICUT: RuleSet = RuleSet::state(SensitiveRule::OptIn);
const TEXAS: RuleSet = RuleSet::state(SensitiveRule::OptIn);
const MARYLAND: RuleSet = RuleSet::state(SensitiveRule::StrictlyNecessary).with_ban_of_minors();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effective_days_are_those_of_the_calendar() {
        for law in &LAWS {
            for (from, _) in law.versions.iter().skip(1) {
                assert_eq!(from.date().start(), *from, "{}", law.code);
            }
        }
        assert_eq!(day(2026, 2, 5).to_string(), "2026-02-05T00:00:00Z");
        assert_eq!(day(2024, 1, 1).to_string(), "2024-01-01T00:00:00Z");
    }

    #[test]
    fn versions_ascend_and_codes_are_single() {
        for law in &LAWS {
            assert!(law.versions.is_sorted_by_key(|(from, _)| *from), "{}", law.code);
            assert_eq!(LAWS.iter().filter(|other| other.code == law.code).count(), 1, "{}", law.code);
        }
    }

    #[test]
    fn codes_outside_the_shipped_list_are_not_guessed() {
        for code in ["US-NY", "US", "UK", "de", "", "CA-Q", "CA-on", "CH"] {
            assert_eq!(LawCode::parse(code), LawCode::Other(code.into()), "{code}");
        }
        assert_eq!(LawCode::parse("CA-ON"), LawCode::parse("CA"));
        assert_ne!(LawCode::parse("CA-QC"), LawCode::parse("CA"));
    }
}
