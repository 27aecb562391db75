//! Scaling of one column.

use serde::{Deserialize, Serialize};

use super::score::quantile;

/// What is done to a value before it is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Transform {
    /// Nothing.
    None,
    /// ln(1 + x), and -ln(1 - x) for negative x.
    Log1p,
}

/// How a column is brought to a common scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scale {
    /// Not at all.
    None,
    /// (x - mean) / population standard deviation.
    Z,
    /// (x - median) / (q75 - q25).
    Robust,
    /// (x - min) / (max - min).
    MinMax,
}

/// A column's scale with its figures, so that new customers are scaled like those who were fitted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FittedScale {
    /// Done first.
    pub transform: Transform,
    /// How the rest was found.
    pub scale: Scale,
    /// Subtracted from the transformed value.
    pub center: f64,
    /// Divides the difference; 0 for a constant column, which becomes 0 everywhere.
    pub spread: f64,
    /// Multiplies the result: the square root of the weight.
    pub factor: f64,
}

impl Transform {
    /// Applies the transform.
    pub fn apply(self, value: f64) -> f64 {
        match self {
            Self::None => value,
            Self::Log1p => value.signum() * value.abs().ln_1p(),
        }
    }

    fn undo(self, value: f64) -> f64 {
        match self {
            Self::None => value,
            Self::Log1p => value.signum() * value.abs().exp_m1(),
        }
    }
}

impl FittedScale {
    /// Finds the figures of a column of finite values; `weight` multiplies squared distances along it.
    ///
    /// Sums run over the values in their order, so equal columns give equal bits.
    pub(crate) fn fit(values: &[f64], transform: Transform, scale: Scale, weight: f64) -> Self {
        let transformed: Vec<f64> = values.iter().map(|value| transform.apply(*value)).collect();
        let (center, spread) = match scale {
            Scale::None => (0.0, 1.0),
            Scale::Z => mean_and_deviation(&transformed),
            Scale::Robust | Scale::MinMax => {
                let mut ascending = transformed;
                ascending.sort_unstable_by(f64::total_cmp);
                let at = |i, b| quantile(&ascending, i, b).unwrap_or(0.0);
                if scale == Scale::Robust { (at(1, 2), at(3, 4) - at(1, 4)) } else { (at(0, 1), at(1, 1) - at(0, 1)) }
            }
        };
        Self { transform, scale, center, spread, factor: weight.sqrt() }
    }

    /// Scales a value in original units.
    pub fn apply(&self, value: f64) -> f64 {
        if self.spread == 0.0 {
            return 0.0;
        }
        (self.transform.apply(value) - self.center) / self.spread * self.factor
    }

    /// Gives the value in original units that scales to `scaled`.
    pub fn undo(&self, scaled: f64) -> f64 {
        self.transform.undo(scaled / self.factor * self.spread + self.center)
    }

    /// Says whether the scale has no width, so that the column is 0 everywhere.
    pub fn is_constant(&self) -> bool {
        self.spread == 0.0
    }
}

/// Mean and population standard deviation; exactly 0 for equal values.
fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let first = values.first().copied().unwrap_or(0.0);
    if values.iter().all(|value| *value == first) {
        return (first, 0.0);
    }
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_column_becomes_zero_and_nothing_is_divided_by_zero() {
        for scale in [Scale::Z, Scale::Robust, Scale::MinMax] {
            let fitted = FittedScale::fit(&[0.1; 7], Transform::Log1p, scale, 1.0);
            assert!(fitted.is_constant());
            assert_eq!(fitted.apply(0.1), 0.0);
            assert_eq!(fitted.apply(5.0), 0.0);
        }
    }

    #[test]
    fn min_max_runs_from_0_to_1() {
        let fitted = FittedScale::fit(&[4.0, 2.0, 10.0], Transform::None, Scale::MinMax, 1.0);
        assert_eq!([2.0, 4.0, 10.0].map(|value| fitted.apply(value)), [0.0, 0.25, 1.0]);
    }

    #[test]
    fn undo_gives_the_original_back() {
        let values = [3.0, 1.0, -4.0, 100.0];
        let fitted = FittedScale::fit(&values, Transform::Log1p, Scale::Z, 4.0);
        for value in values {
            assert!((fitted.undo(fitted.apply(value)) - value).abs() < 1e-10);
        }
    }

    #[test]
    fn weights_multiply_squared_distances() {
        let plain = FittedScale::fit(&[0.0, 1.0], Transform::None, Scale::MinMax, 1.0);
        let heavy = FittedScale::fit(&[0.0, 1.0], Transform::None, Scale::MinMax, 4.0);
        assert_eq!(plain.apply(1.0) * 2.0, heavy.apply(1.0));
    }
}
