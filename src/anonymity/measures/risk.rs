//! The risk that a row is found to be a certain person's.

use crate::anonymity::ClassSizes;

/// The prosecutor's risk: the attacker knows that the person is in the table.
///
/// Rows that are suppressed are in no class and not at risk; they are counted apart.
///
/// # References
/// El Emam, Dankar: *Protecting Privacy Using k-Anonymity*, JAMIA 2008.
///
/// # Examples
/// ```
/// use consentric::anonymity::{ClassSizes, Risk};
/// let risk = Risk::of(&ClassSizes::from_sizes([1, 4]));
/// assert_eq!((risk.highest(), risk.average_record(), risk.average_class()), (1.0, 0.4, 0.625));
/// assert_eq!((risk.n_uniques(), risk.n_rows_above(0.3)), (1, 1));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    sizes: ClassSizes,
}

impl Risk {
    /// Reads the risk off the sizes of classes.
    pub fn of(sizes: &ClassSizes) -> Self {
        Self { sizes: sizes.clone() }
    }

    /// Gives one over the smallest class, 0 without a class.
    pub fn highest(&self) -> f64 {
        if self.sizes.min() == 0 { 0.0 } else { 1.0 / self.sizes.min() as f64 }
    }

    /// Gives the average over rows: classes over rows.
    pub fn average_record(&self) -> f64 {
        if self.sizes.n_rows() == 0 { 0.0 } else { self.sizes.n_classes() as f64 / self.sizes.n_rows() as f64 }
    }

    /// Gives the average over classes, every class counted once whatever its size.
    pub fn average_class(&self) -> f64 {
        if self.sizes.n_classes() == 0 {
            return 0.0;
        }
        let sum: f64 = self.sizes.histogram().iter().map(|(size, n)| *n as f64 / *size as f64).sum();
        sum / self.sizes.n_classes() as f64
    }

    /// Gives the rows that are alone in their class.
    pub fn n_uniques(&self) -> u64 {
        self.sizes.below(2).1
    }

    /// Gives the rows whose risk, one over the size of their class, is above a threshold.
    pub fn n_rows_above(&self, threshold: f64) -> u64 {
        let risky = self.sizes.histogram().iter().filter(|(size, _)| 1.0 / *size as f64 > threshold);
        risky.map(|(size, n)| size * n).sum()
    }
}
