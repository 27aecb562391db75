//! Ordered values that join their neighbours.

use crate::anonymity::criterion::within;
use crate::anonymity::{AnonymityError, Hierarchy};

/// Builds a hierarchy of values in a declared order, in which every level joins neighbours.
///
/// Fan-outs `[3, 2]` join three values each, then two of the groups each; the last group may be smaller. A group is named
/// after its ends, `first – last`, unless labels are given. The top level is `*` only if asked for.
///
/// # Examples
/// ```
/// use consentric::anonymity::Ordered;
/// let sizes = Ordered::new(["XS", "S", "M", "L", "XL"]).with_fan_outs(&[2, 2]).with_root("*").build("size")?;
/// let label = |level, size| sizes.label(level, sizes.value(size).unwrap());
/// assert_eq!((label(1, "M"), label(2, "S"), label(2, "XL")), (Some("M – L"), Some("XS – L"), Some("XL")));
/// # Ok::<(), consentric::anonymity::AnonymityError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Ordered {
    values: Vec<String>,
    fan_outs: Vec<usize>,
    labels: Vec<(usize, Vec<String>)>,
    name_of: fn(&[&str]) -> String,
    root: Option<String>,
}

impl Ordered {
    /// Takes all values that may occur, in their order.
    pub fn new<S: Into<String>>(values: impl IntoIterator<Item = S>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self { values, fan_outs: Vec::new(), labels: Vec::new(), name_of: ends, root: None }
    }

    /// Sets how many neighbours every level joins, from level 1 upwards. Default: no level.
    pub fn with_fan_outs(mut self, fan_outs: &[usize]) -> Self {
        self.fan_outs = fan_outs.to_vec();
        self
    }

    /// Names the groups of a level, 1 or higher, in their order.
    pub fn with_labels<S: Into<String>>(mut self, level: usize, labels: impl IntoIterator<Item = S>) -> Self {
        self.labels.push((level, labels.into_iter().map(Into::into).collect()));
        self
    }

    /// Names groups by their values, in order. Default: the ends.
    pub const fn with_label_function(mut self, name_of: fn(&[&str]) -> String) -> Self {
        self.name_of = name_of;
        self
    }

    /// Adds a last level with one label for all. Default: none.
    pub fn with_root(mut self, label: &str) -> Self {
        self.root = Some(label.to_owned());
        self
    }

    /// Builds the hierarchy.
    ///
    /// # Errors
    /// [`AnonymityError::OutOfRange`] without a value, for a fan-out below 2, or for labels of a level that is not there or
    /// has another number of groups; [`AnonymityError::Hierarchy`] for a value that comes twice or two groups of one level
    /// with one label.
    ///
    /// # Complexity
    /// `O(values · levels)`.
    pub fn build(&self, name: &str) -> Result<Hierarchy, AnonymityError> {
        within("number of values", self.values.len() as f64, !self.values.is_empty(), "1 or more")?;
        if let Some((level, _)) = self.labels.iter().find(|(level, _)| *level == 0 || *level > self.fan_outs.len()) {
            return Err(AnonymityError::OutOfRange {
                what: "level with labels",
                found: *level as f64,
                allowed: "1 to the number of fan-outs",
            });
        }
        let mut rows: Vec<Vec<String>> = self.values.iter().map(|value| vec![value.clone()]).collect();
        let mut width = 1usize;
        for (level, fan_out) in (1..).zip(&self.fan_outs) {
            within("fan-out", *fan_out as f64, *fan_out >= 2, "2 or more")?;
            width = width.saturating_mul(*fan_out);
            let labels = self.labels_of(name, level, width)?;
            for (group, label) in rows.chunks_mut(width).zip(labels) {
                group.iter_mut().for_each(|row| row.push(label.clone()));
            }
        }
        if let Some(root) = &self.root {
            rows.iter_mut().for_each(|row| row.push(root.clone()));
        }
        Hierarchy::from_rows(name, &rows)
    }

    fn labels_of(&self, name: &str, level: usize, width: usize) -> Result<Vec<String>, AnonymityError> {
        let given = self.labels.iter().rev().find(|(of, _)| *of == level).map(|(_, labels)| labels.clone());
        let labels = given.unwrap_or_else(|| {
            let groups = self.values.chunks(width);
            groups.map(|group| (self.name_of)(&group.iter().map(String::as_str).collect::<Vec<_>>())).collect()
        });
        let n_groups = self.values.len().div_ceil(width);
        within("number of labels", labels.len() as f64, labels.len() == n_groups, "one a group of the level")?;
        // Two groups with one label would be one group.
        let twice =
            labels.iter().enumerate().find(|(place, label)| labels.iter().take(*place).any(|other| other == *label));
        match twice {
            None => Ok(labels),
            Some((group, label)) => Err(AnonymityError::Hierarchy {
                source_name: name.to_owned(),
                line: (group * width) as u64 + 1,
                problem: format!("label `{label}` stands for two groups of level {level}"),
            }),
        }
    }
}

fn ends(group: &[&str]) -> String {
    match group {
        [first, .., last] => format!("{first} – {last}"),
        [only] => (*only).to_owned(),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_join_level_by_level_with_a_smaller_last_group() {
        let build = Ordered::new(('a'..='h').map(String::from)).with_fan_outs(&[3, 2]);
        let hierarchy = build.clone().with_label_function(|group| group.concat()).build("x").unwrap();
        let label = |level, value| hierarchy.label(level, hierarchy.value(value).unwrap()).unwrap();
        assert_eq!((label(1, "c"), label(1, "d"), label(1, "h")), ("abc", "def", "gh"));
        assert_eq!((label(2, "c"), label(2, "h")), ("abcdef", "gh"));
        assert!(!hierarchy.has_root());
        let named = build.with_labels(2, ["low", "high"]).with_root("*").build("x").unwrap();
        assert_eq!(named.label(2, named.value("g").unwrap()), Some("high"));
        assert!(named.has_root());
    }

    #[test]
    fn fan_outs_and_labels_that_do_not_fit_are_refused() {
        let build = || Ordered::new(["a", "b", "c", "d"]);
        for ordered in [
            Ordered::new(Vec::<String>::new()),
            build().with_fan_outs(&[1]),
            build().with_fan_outs(&[2]).with_labels(1, ["x"]),
            build().with_fan_outs(&[2]).with_labels(2, ["x"]),
            build().with_fan_outs(&[2]).with_labels(0, ["x"]),
        ] {
            assert!(matches!(ordered.build("x"), Err(AnonymityError::OutOfRange { .. })));
        }
        let same = build().with_fan_outs(&[2]).with_labels(1, ["x", "x"]).build("x");
        assert!(matches!(same, Err(AnonymityError::Hierarchy { line: 3, .. })));
        let twice = Ordered::new(["a", "a"]).build("x");
        assert!(matches!(twice, Err(AnonymityError::Hierarchy { .. })));
    }
}
