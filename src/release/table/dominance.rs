//! When a few customers make up a figure.

use std::fmt;

use super::contributions::TOP;
use super::{Contributions, TableError};

/// Rules against figures that a few customers make up.
///
/// With the absolute contributions `x_1 >= x_2 >= …` and their sum `T`, a figure is hidden if
/// - (n, k): `x_1 + … + x_n > (k/100)·T`,
/// - p%: `T - x_1 - x_2 < (p/100)·x_1`,
/// - pq: `(q/100)·(T - x_1 - x_2) < (p/100)·x_1`.
///
/// The default is (2, 85) and 10 %, both at once.
///
/// # References
/// Hundepool et al.: *Statistical Disclosure Control*, Wiley 2012, chapter 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dominance {
    concentration: Option<(usize, i128)>,
    /// p and q; q is 100 for the p% rule.
    ambiguity: Option<(i128, i128)>,
}

impl Default for Dominance {
    fn default() -> Self {
        Self { concentration: Some((2, 85)), ambiguity: Some((10, 100)) }
    }
}

impl fmt::Display for Dominance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((n, k)) = self.concentration {
            write!(f, "({n}, {k})")?;
        }
        if let Some((p, q)) = self.ambiguity {
            write!(f, "{}{p} %", if self.concentration.is_some() { " and " } else { "" })?;
            if q != 100 {
                write!(f, " of {q} %")?;
            }
        }
        Ok(())
    }
}

impl Dominance {
    /// Demands that the `n` largest contributions make up at most `k` percent.
    ///
    /// # Errors
    /// [`TableError::Parameter`] unless `n` is 1 to 10 and `k` 1 to 99.
    pub fn concentration(n: usize, k: u32) -> Result<Self, TableError> {
        let error = |parameter, allowed| TableError::Parameter { rule: "(n, k) dominance", parameter, allowed };
        if !(1..=TOP).contains(&n) {
            return Err(error("n", "use 1 to 10"));
        }
        if !(1..=99).contains(&k) {
            return Err(error("k", "use 1 to 99 percent"));
        }
        Ok(Self { concentration: Some((n, i128::from(k))), ambiguity: None })
    }

    /// Demands that the second largest contributor cannot estimate the largest to within `p` percent.
    ///
    /// # Errors
    /// [`TableError::Parameter`] unless `p` is 1 to 99.
    pub fn p_percent(p: u32) -> Result<Self, TableError> {
        Self::prior_posterior(p, 100)
    }

    /// Demands that somebody who knows each contribution to within `q` percent cannot get it to within `p` percent.
    ///
    /// # Errors
    /// [`TableError::Parameter`] unless `1 <= p < q <= 100`.
    pub fn prior_posterior(p: u32, q: u32) -> Result<Self, TableError> {
        if p < 1 || p >= q || q > 100 {
            let allowed = "use 1 <= p < q <= 100 percent";
            return Err(TableError::Parameter { rule: "the p% and pq rules", parameter: "p", allowed });
        }
        Ok(Self { concentration: None, ambiguity: Some((i128::from(p), i128::from(q))) })
    }

    /// Demands both these rules and those of `other`; where both have a rule of a kind, that of `other` holds.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            concentration: other.concentration.or(self.concentration),
            ambiguity: other.ambiguity.or(self.ambiguity),
        }
    }

    /// Whether the figure is made up by a few.
    pub(super) fn breaks(&self, cell: &Contributions) -> bool {
        let total = cell.absolute;
        let rest = total.saturating_sub(cell.largest(2));
        let concentrated = self.concentration.is_some_and(|(n, k)| cell.largest(n) * 100 > k * total);
        concentrated || self.ambiguity.is_some_and(|(p, q)| q * rest < p * cell.largest(1))
    }

    /// How far from its value a reader must be kept, rounded up; negative if the rules ask for nothing.
    pub(super) fn protection(&self, cell: &Contributions) -> i128 {
        let total = cell.absolute;
        let rest = total.saturating_sub(cell.largest(2));
        let concentration =
            self.concentration.map_or(i128::MIN, |(n, k)| ceil_div(cell.largest(n) * 100, k).saturating_sub(total));
        let ambiguity =
            self.ambiguity.map_or(i128::MIN, |(p, q)| ceil_div(cell.largest(1) * p, q).saturating_sub(rest));
        concentration.max(ambiguity)
    }
}

/// The quotient rounded up; `divisor` is positive.
fn ceil_div(value: i128, divisor: i128) -> i128 {
    value.div_euclid(divisor) + i128::from(value.rem_euclid(divisor) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(amounts: &[i128]) -> Contributions {
        Contributions::per_customer(amounts.iter().copied(), None).unwrap()
    }

    #[test]
    fn two_customers_with_more_than_85_percent_dominate() {
        let rule = Dominance::concentration(2, 85).unwrap();
        assert!(rule.breaks(&cell(&[50, 36, 14])));
        assert!(!rule.breaks(&cell(&[50, 35, 15])));
    }

    #[test]
    fn the_second_largest_must_not_come_within_ten_percent_of_the_largest() {
        let rule = Dominance::p_percent(10).unwrap();
        assert!(rule.breaks(&cell(&[100, 50, 5, 4])));
        assert!(!rule.breaks(&cell(&[100, 50, 6, 4])));
        assert_eq!(rule.protection(&cell(&[100, 50, 5, 4])), 1);
        let sharper = Dominance::prior_posterior(10, 50).unwrap();
        assert!(sharper.breaks(&cell(&[100, 50, 15, 4])));
        assert!(!sharper.breaks(&cell(&[100, 50, 16, 4])));
    }

    #[test]
    fn both_default_rules_act_at_once() {
        let rule = Dominance::default();
        assert!(rule.breaks(&cell(&[50, 36, 14])));
        assert!(rule.breaks(&cell(&[100, 2, 2, 2, 1])));
        assert!(!rule.breaks(&cell(&[10; 50])));
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        assert!(Dominance::concentration(0, 85).is_err() && Dominance::concentration(11, 85).is_err());
        assert!(Dominance::concentration(2, 100).is_err() && Dominance::p_percent(0).is_err());
        assert!(Dominance::prior_posterior(30, 30).is_err() && Dominance::prior_posterior(10, 101).is_err());
    }
}
