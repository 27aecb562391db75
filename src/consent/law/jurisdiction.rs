//! The face of a law.

use std::fmt;

use super::RuleSet;
use super::shipped::shipped_by_code;
use crate::consent::case::Case;
use crate::consent::verdict::{Strictness, Verdict};
use crate::time::Timestamp;

/// A law that judges what was asked; object-safe, so that one of your own can stand beside the shipped ones
/// ([`Register::with_law`](crate::consent::Register::with_law)).
///
/// It is asked only after the rules that hold everywhere let the case pass: a known customer and purpose, no standing
/// erasure, retention, minimisation.
pub trait Jurisdiction: Send + Sync {
    /// Gives the ISO 3166 code, such as `DE` or `US-CA`.
    fn code(&self) -> &str;

    /// Gives the rules in force at the instant.
    fn in_force(&self, at: Timestamp) -> &RuleSet;

    /// Judges a case.
    fn judge(&self, case: &Case<'_>) -> Verdict;

    /// Gives the next instant at which the rules change.
    fn next_change(&self, after: Timestamp) -> Option<Timestamp>;

    /// Names the version of the rules; it is part of every policy hash. Default: `1`.
    fn version(&self) -> &str {
        "1"
    }
}

impl fmt::Debug for dyn Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jurisdiction({})", self.code())
    }
}

/// Gives the shipped law of a code, `None` if there is none.
pub fn jurisdiction(code: &str) -> Option<&'static dyn Jurisdiction> {
    shipped_by_code(code).map(|law| law as &dyn Jurisdiction)
}

/// Several laws at once: any denial denies, with the reason of the first law that denies; if all allow, all their
/// obligations hold.
#[derive(Clone, Copy)]
pub struct Strictest<'a>(
    /// The laws, in order.
    pub &'a [&'a dyn Jurisdiction],
);

impl fmt::Debug for Strictest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|law| law.code())).finish()
    }
}

impl Strictest<'_> {
    /// Judges a case; without a law nothing is allowed.
    pub fn judge(&self, case: &Case<'_>) -> Verdict {
        let mut verdicts = Strictness::new();
        for law in self.0 {
            verdicts.add(law.in_force(case.at()).family.rank(), law.judge(case), ());
        }
        verdicts.whole().0
    }
}
