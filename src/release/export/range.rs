//! Within which range one customer's value of a feature counts.

use std::str::FromStr;

use crate::release::ReleaseError;
use crate::release::table::ContributionRange;

/// The declared range of a feature: values outside it count as its ends, and figures over it are no finer than its
/// protection width allows.
///
/// # Privacy
/// Declare it from what is sensible, never from the data: the largest value is somebody's.
///
/// # Examples
/// ```
/// use consentric::release::export::FeatureRange;
///
/// let spend: FeatureRange = "0..500:25".parse()?;
/// assert_eq!(spend, FeatureRange::new(0, 50_000, 2)?.with_width(2_500)?);
/// # Ok::<(), consentric::release::ReleaseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureRange {
    lower: i64,
    upper: i64,
    decimals: u8,
    width: Option<i64>,
}

/// Which figure of a feature is exported. Closed: two roundings of the same figure tell more than one, so it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureMeasure {
    /// The mean per customer.
    Mean,
    /// The sum over customers.
    Sum,
}

impl FeatureRange {
    /// Takes both ends in units of 10^-`decimals`.
    ///
    /// # Errors
    /// [`ReleaseError::FeatureRange`] unless `lower < upper`, both within 2^53, and at most six decimals.
    pub fn new(lower: i64, upper: i64, decimals: u8) -> Result<Self, ReleaseError> {
        if lower >= upper {
            return Err(refused("the lower end must lie below the upper one"));
        }
        if lower.unsigned_abs().max(upper.unsigned_abs()) > LARGEST || decimals > 6 {
            return Err(refused("the ends must lie within 2^53 smallest units, of at most six decimals"));
        }
        Ok(Self { lower, upper, decimals, width: None })
    }

    /// Declares how closely one customer's value may be known, in the same units (default: a tenth of the range).
    ///
    /// # Errors
    /// [`ReleaseError::FeatureRange`] unless it is at least 1 and within 2^53.
    pub fn with_width(mut self, width: i64) -> Result<Self, ReleaseError> {
        if width < 1 || width.unsigned_abs() > LARGEST {
            return Err(refused("the width must be more than nothing, and within 2^53 smallest units"));
        }
        self.width = Some(width);
        Ok(self)
    }

    /// Gives the lower end in smallest units.
    pub const fn lower(&self) -> i64 {
        self.lower
    }

    /// Gives the upper end in smallest units.
    pub const fn upper(&self) -> i64 {
        self.upper
    }

    /// Gives the number of decimals.
    pub const fn decimals(&self) -> u8 {
        self.decimals
    }

    /// Gives the protection width in smallest units.
    pub const fn width(&self) -> i64 {
        match self.width {
            Some(width) => width,
            None => {
                let range = self.upper - self.lower;
                range / 10 + (range % 10 != 0) as i64
            }
        }
    }

    /// The contribution of one value, in smallest units.
    pub(super) fn contribution(&self, value: f64) -> i64 {
        let scaled = (value * 10f64.powi(i32::from(self.decimals))).round();
        // Ends within 2^53 are exact, and the conversion goes to the nearest end.
        (scaled as i64).clamp(self.lower, self.upper)
    }

    pub(super) fn contributions(&self) -> Result<ContributionRange, ReleaseError> {
        Ok(ContributionRange::new(self.lower.into(), self.upper.into())?)
    }
}

impl FromStr for FeatureRange {
    type Err = ReleaseError;

    /// Reads `LO..HI` or `LO..HI:WIDTH` in decimals, at least two of which count.
    ///
    /// # Errors
    /// [`ReleaseError::FeatureRange`] for another form, and those of [`FeatureRange::new`].
    fn from_str(text: &str) -> Result<Self, ReleaseError> {
        let form = || refused("write LO..HI or LO..HI:WIDTH, as in 0..500:25");
        let (range, width) = match text.split_once(':') {
            Some((range, width)) => (range, Some(width)),
            None => (text, None),
        };
        let (lower, upper) = range.split_once("..").ok_or_else(form)?;
        let all = || [Some(lower), Some(upper), width].into_iter().flatten().map(str::trim);
        let decimals = all().map(|text| text.split_once('.').map_or(0, |(_, after)| after.len())).max().unwrap_or(0);
        let decimals = decimals.max(2);
        let units = |text: &str| units(text.trim(), decimals).ok_or_else(form);
        let range = Self::new(units(lower)?, units(upper)?, u8::try_from(decimals).map_err(|_| form())?)?;
        match width {
            Some(width) => range.with_width(units(width)?),
            None => Ok(range),
        }
    }
}

/// A decimal in units of 10^-`decimals`.
fn units(text: &str, decimals: usize) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, after) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(after) || after.len() > decimals || decimals > 6 {
        return None;
    }
    let units: i64 = format!("{whole}{after:0<decimals$}").parse().ok()?;
    Some(sign * units)
}

fn refused(problem: &'static str) -> ReleaseError {
    ReleaseError::FeatureRange { problem }
}

/// Largest size of an end: whole numbers up to here are exact as floating-point numbers, too.
const LARGEST: u64 = 1 << 53;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_from_text_in_smallest_units() {
        let range: FeatureRange = "-1.5..10:0.125".parse().unwrap();
        assert_eq!((range.lower(), range.upper(), range.decimals(), range.width()), (-1500, 10_000, 3, 125));
        let plain: FeatureRange = "0..365".parse().unwrap();
        assert_eq!((plain.upper(), plain.width()), (36_500, 3_650));
        for text in ["", "1", "1..", "..1", "2..1", "1..1", "0..x", "0..1:0", "0..1:-1", "0..1.0000001", "1e3..2e3"] {
            assert!(text.parse::<FeatureRange>().is_err(), "{text}");
        }
        assert!("0..99999999999999999999".parse::<FeatureRange>().is_err());
    }

    #[test]
    fn values_outside_count_as_the_ends() {
        let range: FeatureRange = "0..500".parse().unwrap();
        let found = [-3.0, 0.004, 12.345, 499.999, 1e300, f64::INFINITY].map(|value| range.contribution(value));
        assert_eq!(found, [0, 0, 1235, 50_000, 50_000, 50_000]);
    }
}
