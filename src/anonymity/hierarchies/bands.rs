//! Numbers in bands.

use crate::anonymity::criterion::within;
use crate::anonymity::{AnonymityError, Hierarchy};

/// Builds bands of growing width over numbers of a fixed step.
///
/// All numbers are given in units of the last decimal: with two decimals 1.50 is 150. A band of width w is `[lo, hi)` with
/// lo = origin + floor((v - origin)/w)·w. What is below or above the range has a code of its own, `< lower` and `>= upper`;
/// the upper end belongs to the latter. The last level is `*`.
///
/// # Examples
/// ```
/// use consentric::anonymity::Bands;
/// let ages = Bands::new(0, 100, &[5, 10]).with_domain(0, 120).build("age")?;
/// let label = |level, age| ages.label(level, ages.value(age).unwrap());
/// assert_eq!((label(1, "20"), label(2, "20")), (Some("[20, 25)"), Some("[20, 30)")));
/// assert_eq!((label(1, "100"), label(3, "100")), (Some(">= 100"), Some("*")));
/// # Ok::<(), consentric::anonymity::AnonymityError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Bands {
    lower: i64,
    upper: i64,
    widths: Vec<i64>,
    origin: i64,
    step: i64,
    decimals: u32,
    domain: (i64, i64),
}

impl Bands {
    /// Takes the range, its upper end not in it, and the widths of the levels, each dividing the next.
    pub fn new(lower: i64, upper: i64, widths: &[i64]) -> Self {
        let domain = (lower, upper.saturating_sub(1));
        Self { lower, upper, widths: widths.to_vec(), origin: lower, step: 1, decimals: 0, domain }
    }

    /// Sets where a band begins. Default: the lower end of the range.
    pub const fn with_origin(mut self, origin: i64) -> Self {
        self.origin = origin;
        self
    }

    /// Sets the step between numbers. Default: 1, in units of the last decimal.
    pub const fn with_step(mut self, step: i64) -> Self {
        self.step = step;
        self
    }

    /// Sets how many decimals the numbers are written with, here and in the data. Default: none.
    pub const fn with_decimals(mut self, decimals: u32) -> Self {
        self.decimals = decimals;
        self
    }

    /// Sets the least and greatest number that may occur, so that those outside the range have a place too. Default: the
    /// range alone.
    pub const fn with_domain(mut self, least: i64, greatest: i64) -> Self {
        self.domain = (least, greatest);
        self
    }

    /// Builds the hierarchy.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] for an empty range or domain, a width or step below 1, a width that does not divide
    /// the next, a width that is no multiple of the step, or more than nine decimals; [`AnonymityError::TooLarge`] for more
    /// than 2²² numbers.
    ///
    /// # Complexity
    /// `O(numbers · levels)`.
    pub fn build(&self, name: &str) -> Result<Hierarchy, AnonymityError> {
        let (least, greatest) = self.domain;
        within("upper end", self.upper as f64, self.lower < self.upper, "above the lower end")?;
        within("greatest number", greatest as f64, least <= greatest, "the least number or more")?;
        within("step", self.step as f64, self.step > 0, "1 or more")?;
        within("decimals", f64::from(self.decimals), self.decimals <= 9, "0 to 9")?;
        let mut narrower = self.step;
        for width in &self.widths {
            let divides = *width > 0 && width % narrower == 0;
            within("width", *width as f64, divides, "a multiple of the step and of the width before")?;
            narrower = *width;
        }
        let n = (i128::from(greatest) - i128::from(least)) / i128::from(self.step) + 1;
        if n > MAX_VALUES {
            return Err(AnonymityError::TooLarge { what: "numbers in one hierarchy", limit: MAX_VALUES as u64 });
        }
        let mut rows = Vec::with_capacity(n as usize);
        let mut number = i128::from(least);
        while number <= i128::from(greatest) {
            let mut row = vec![self.text(number)];
            row.extend(self.widths.iter().map(|width| self.band(number, i128::from(*width))));
            row.push("*".to_owned());
            rows.push(row);
            number += i128::from(self.step);
        }
        Hierarchy::from_rows(name, &rows)
    }

    fn band(&self, number: i128, width: i128) -> String {
        if number < i128::from(self.lower) {
            return format!("< {}", self.text(self.lower.into()));
        }
        if number >= i128::from(self.upper) {
            return format!(">= {}", self.text(self.upper.into()));
        }
        let origin = i128::from(self.origin);
        let low = origin + (number - origin).div_euclid(width) * width;
        format!("[{}, {})", self.text(low), self.text(low + width))
    }

    fn text(&self, number: i128) -> String {
        if self.decimals == 0 {
            return number.to_string();
        }
        let unit = 10u128.pow(self.decimals.min(9));
        let (sign, size) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
        format!("{sign}{}.{:0digits$}", size / unit, size % unit, digits = self.decimals as usize)
    }
}

const MAX_VALUES: i128 = 1 << 22;

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(hierarchy: &Hierarchy, value: &str) -> Vec<String> {
        let value = hierarchy.value(value).unwrap();
        (1..hierarchy.n_levels()).map(|level| hierarchy.label(level, value).unwrap().to_owned()).collect()
    }

    #[test]
    fn a_number_at_an_edge_belongs_to_the_band_that_begins_there() {
        let bands = Bands::new(0, 40, &[5, 20]).with_domain(-3, 50).build("age").unwrap();
        assert_eq!(labels(&bands, "20"), ["[20, 25)", "[20, 40)", "*"]);
        assert_eq!(labels(&bands, "19"), ["[15, 20)", "[0, 20)", "*"]);
        assert_eq!(labels(&bands, "39"), ["[35, 40)", "[20, 40)", "*"]);
        assert_eq!(labels(&bands, "40"), [">= 40", ">= 40", "*"]);
        assert_eq!(labels(&bands, "-1"), ["< 0", "< 0", "*"]);
        assert_eq!((bands.n_values(), bands.has_root()), (54, true));
    }

    #[test]
    fn bands_start_at_the_origin_also_below_it_and_numbers_have_fixed_decimals() {
        let bands = Bands::new(-200, 200, &[150]).with_origin(50).with_step(50).with_decimals(2).build("x").unwrap();
        assert_eq!(labels(&bands, "-1.50")[0], "[-2.50, -1.00)");
        assert_eq!(labels(&bands, "0.50")[0], "[0.50, 2.00)");
        assert_eq!(bands.n_values(), 8);
        assert_eq!(bands.value("0.5"), None);
    }

    #[test]
    fn widths_and_ranges_that_do_not_fit_are_refused() {
        for bands in [
            Bands::new(0, 10, &[4, 6]),
            Bands::new(0, 10, &[0]),
            Bands::new(5, 5, &[1]),
            Bands::new(0, 10, &[3]).with_step(2),
            Bands::new(0, 10, &[2]).with_step(0),
            Bands::new(0, 10, &[2]).with_decimals(10),
            Bands::new(0, 10, &[2]).with_domain(3, 2),
        ] {
            assert!(matches!(bands.build("x"), Err(AnonymityError::OutOfRange { .. })), "{bands:?}");
        }
        let endless = Bands::new(i64::MIN, i64::MAX, &[1]).build("x");
        assert!(matches!(endless, Err(AnonymityError::TooLarge { .. })));
    }
}
