//! How finely a figure may be told.

/// Step of rounding: 1, 2 or 5 times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    digit: i128,
    exponent: i32,
}

impl Step {
    // SPEC: section 10, precision from n: u·(2n - 1)/2 >= w, so that one customer's value stays in a band of width w
    // for a reader who knows all others, before and after one of them leaves.
    pub(super) fn of_mean(n: u64, width: i128) -> Option<Self> {
        Self::at_least(width.checked_mul(2)?, 2 * i128::from(n) - 1)
    }

    pub(super) fn of_sum(width: i128) -> Option<Self> {
        Self::at_least(width, 1)
    }

    pub(super) fn of_share(n: u64) -> Option<Self> {
        Self::of_mean(n, 1)
    }

    /// The smallest step that is at least `numerator / denominator`, both positive.
    fn at_least(numerator: i128, denominator: i128) -> Option<Self> {
        for exponent in FINEST..=COARSEST {
            let (up, down) = powers(exponent)?;
            for digit in [1, 2, 5] {
                // What is too large for the left side suffices; what is too large for the right side does not.
                let left = denominator.checked_mul(digit).and_then(|left| left.checked_mul(up));
                let enough = match (left, numerator.checked_mul(down)) {
                    (_, None) => false,
                    (None, Some(_)) => true,
                    (Some(left), Some(right)) => left >= right,
                };
                if enough {
                    return Some(Self { digit, exponent });
                }
            }
        }
        None
    }

    /// Rounds `numerator / denominator` to a multiple of the step, halves away from zero.
    pub(super) fn round(self, numerator: i128, denominator: i128) -> Option<(i128, i32)> {
        let (up, down) = powers(self.exponent)?;
        let numerator = numerator.checked_mul(down)?;
        let denominator = denominator.checked_mul(self.digit)?.checked_mul(up)?;
        let twice = numerator.checked_abs()?.checked_mul(2)?.checked_add(denominator)?;
        let steps = twice.checked_div(denominator.checked_mul(2)?)?;
        Some((numerator.signum() * steps.checked_mul(self.digit)?, self.exponent))
    }

    pub(super) fn value(self) -> (i128, i32) {
        (self.digit, self.exponent)
    }
}

/// 10^e for e >= 0, and 10^-e for e < 0.
fn powers(exponent: i32) -> Option<(i128, i128)> {
    let power = 10i128.checked_pow(exponent.unsigned_abs())?;
    Some(if exponent >= 0 { (power, 1) } else { (1, power) })
}

const FINEST: i32 = -18;
const COARSEST: i32 = 37;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_the_smallest_that_keep_the_width() {
        for n in [2u64, 10, 49, 50, 51, 4_999, 5_000, 1_000_000] {
            for width in [1i128, 3, 250, 10_000, 77_777] {
                let step = Step::of_mean(n, width).unwrap();
                let holds = |digit: i128, exponent: i32| {
                    digit as f64 * 10f64.powi(exponent) * (2 * n - 1) as f64 / 2.0 >= width as f64 * (1.0 - 1e-12)
                };
                let smaller = match step.digit {
                    1 => (5, step.exponent - 1),
                    2 => (1, step.exponent),
                    _ => (2, step.exponent),
                };
                assert!(holds(step.digit, step.exponent) && !holds(smaller.0, smaller.1), "{n} {width} {step:?}");
            }
        }
        assert_eq!(Step::of_sum(250).unwrap(), Step { digit: 5, exponent: 2 });
        assert_eq!(Step::of_share(50).unwrap(), Step { digit: 5, exponent: -2 });
    }

    #[test]
    fn rounding_is_symmetric() {
        let step = Step { digit: 5, exponent: 1 };
        assert_eq!(step.round(125, 1), Some((15, 1)));
        assert_eq!(step.round(-125, 1), Some((-15, 1)));
        assert_eq!(step.round(124, 1), Some((10, 1)));
        assert_eq!(Step { digit: 2, exponent: -2 }.round(1, 3), Some((34, -2)));
    }
}
