//! Frequent values that stay, and the rest together.

use std::collections::BTreeSet;

use crate::anonymity::criterion::within;
use crate::anonymity::{AnonymityError, Hierarchy, TableColumn};

/// Builds a hierarchy in which the most frequent values stay and the rest becomes `other`, ever more of them.
///
/// Frequencies are taken once and frozen: the hierarchy does not follow the data afterwards. Of equally frequent values the
/// one that is first by its bytes stays longer.
///
/// # Privacy
/// Which values are frequent is learned from data; a hierarchy that is published tells it.
///
/// # Examples
/// ```
/// use consentric::anonymity::Priority;
/// let frequencies = [("walk", 40), ("bus", 90), ("car", 90), ("boat", 1)];
/// let modes = Priority::new(frequencies, &[2, 1]).build("mode")?;
/// let label = |level, mode| modes.label(level, modes.value(mode).unwrap());
/// assert_eq!((label(1, "car"), label(1, "walk"), label(2, "car")), (Some("car"), Some("other"), Some("other")));
/// assert_eq!(label(2, "bus"), Some("bus"));
/// # Ok::<(), consentric::anonymity::AnonymityError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct Priority {
    frequencies: Vec<(String, u64)>,
    keep: Vec<usize>,
    other: String,
}

impl Priority {
    /// Takes all values that may occur with their frequencies, and how many stay at every level from 1 upwards.
    pub fn new<S: Into<String>>(frequencies: impl IntoIterator<Item = (S, u64)>, keep: &[usize]) -> Self {
        let frequencies = frequencies.into_iter().map(|(value, n)| (value.into(), n)).collect();
        Self { frequencies, keep: keep.to_vec(), other: "other".to_owned() }
    }

    /// Takes values and frequencies of a column as it is now.
    pub fn of_column(column: &TableColumn, keep: &[usize]) -> Self {
        let mut counts = vec![0u64; column.n_texts()];
        for code in column.text_codes().iter() {
            if let Some(n) = counts.get_mut(code as usize) {
                *n += 1;
            }
        }
        Self::new((0u32..).zip(counts).map(|(code, n)| (column.text(code), n)), keep)
    }

    /// Sets the label of the rest. Default: `other`.
    pub fn with_other(mut self, label: &str) -> Self {
        label.clone_into(&mut self.other);
        self
    }

    /// Builds the hierarchy; its values stand in the order of their bytes.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] without a value or if a level does not keep fewer values than that below it;
    /// [`AnonymityError::Hierarchy`] if a value comes twice or is the label of the rest.
    ///
    /// # Complexity
    /// `O(values · (log values + levels))`.
    pub fn build(&self, name: &str) -> Result<Hierarchy, AnonymityError> {
        within("number of values", self.frequencies.len() as f64, !self.frequencies.is_empty(), "1 or more")?;
        let mut below = self.frequencies.len();
        for keep in &self.keep {
            within("number of values that stay", *keep as f64, *keep < below, "fewer than at the level below")?;
            below = *keep;
        }
        let mut ordered: Vec<&(String, u64)> = self.frequencies.iter().collect();
        ordered.sort_by(|(one, n_one), (other, n_other)| n_other.cmp(n_one).then_with(|| one.cmp(other)));
        let kept: Vec<BTreeSet<&str>> = self
            .keep
            .iter()
            .map(|keep| ordered.iter().take(*keep).map(|(value, _)| value.as_str()).collect())
            .collect();
        let mut values: Vec<&str> = self.frequencies.iter().map(|(value, _)| value.as_str()).collect();
        values.sort_unstable();
        if let Some(row) = values.iter().position(|value| *value == self.other) {
            return Err(AnonymityError::Hierarchy {
                source_name: name.to_owned(),
                line: row as u64 + 1,
                problem: format!("value `{}` is the label of the rest; choose another label", self.other),
            });
        }
        let label = |kept: &BTreeSet<&str>, value: &str| {
            if kept.contains(value) { value.to_owned() } else { self.other.clone() }
        };
        let row = |value: &&str| {
            let labels = kept.iter().map(|kept| label(kept, value));
            std::iter::once((*value).to_owned()).chain(labels).collect::<Vec<_>>()
        };
        Hierarchy::from_rows(name, &values.iter().map(row).collect::<Vec<_>>())
    }
}

impl std::fmt::Debug for Priority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Priority({} values, kept {:?})", self.frequencies.len(), self.keep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anonymity::{ColumnType, Role};

    #[test]
    fn ties_stay_by_value_and_the_order_of_rows_does_not_matter() {
        let texts = ["c", "b", "a", "c", "b", "d"];
        let column = |texts: &[&str]| {
            TableColumn::new("x", Role::Quasi, ColumnType::Categorical, texts.iter().copied()).unwrap()
        };
        let mut reversed = texts;
        reversed.reverse();
        for texts in [texts, reversed] {
            let hierarchy = Priority::of_column(&column(&texts), &[3, 1, 0]).with_other("~").build("x").unwrap();
            let labels =
                |level| ["a", "b", "c", "d"].map(|v| hierarchy.label(level, hierarchy.value(v).unwrap()).unwrap());
            assert_eq!(labels(1), ["a", "b", "c", "~"]);
            assert_eq!(labels(2), ["~", "b", "~", "~"]);
            assert_eq!(labels(3), ["~"; 4]);
            assert!(hierarchy.has_root());
        }
    }

    #[test]
    fn levels_that_do_not_join_more_and_values_named_other_are_refused() {
        for keep in [&[2][..], &[1, 1]] {
            let built = Priority::new([("a", 1), ("b", 2)], keep).build("x");
            assert!(matches!(built, Err(AnonymityError::OutOfRange { .. })));
        }
        for frequencies in [[("a", 1), ("a", 2)], [("a", 1), ("other", 2)]] {
            assert!(matches!(Priority::new(frequencies, &[1]).build("x"), Err(AnonymityError::Hierarchy { .. })));
        }
    }
}
