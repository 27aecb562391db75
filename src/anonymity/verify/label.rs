//! Which labels a value may have.

use crate::anonymity::{Hierarchy, TableColumn};

/// What the label of a value must be.
pub(super) enum Expected<'a> {
    AtLevel { hierarchy: &'a Hierarchy, level: usize },
    Local { hierarchy: Option<&'a Hierarchy> },
}

impl Expected<'_> {
    /// The one label a value may have, where there is but one.
    pub(super) fn own(&self, text: &str) -> Option<String> {
        match self {
            Self::AtLevel { hierarchy, level } => Some(hierarchy.label(*level, hierarchy.value(text)?)?.to_owned()),
            Self::Local { .. } => None,
        }
    }

    /// Whether a local label holds the value of a row.
    pub(super) fn may_be(&self, column: &TableColumn, row: usize, label: &str) -> bool {
        let text = column.text_at(row);
        let Self::Local { hierarchy } = self else { return false };
        if text == label {
            return true;
        }
        if let Some(hierarchy) = hierarchy
            && let Some(value) = hierarchy.value(text)
            && (1..hierarchy.n_levels()).any(|level| hierarchy.label(level, value) == Some(label))
        {
            return true;
        }
        if let Some(inside) = label.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            return inside == text
                || inside.starts_with(&format!("{text}, "))
                || inside.ends_with(&format!(", {text}"))
                || inside.contains(&format!(", {text}, "));
        }
        let number = |text: &str| text.trim().parse::<f64>().ok();
        if let Some((low, high)) =
            label.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|inside| inside.split_once(", "))
            && let (Some(low), Some(high), Some(value)) = (number(low), number(high), number(text))
        {
            return low <= value && value <= high;
        }
        // A mean of its class, which is checked for the class as a whole.
        is_mean(label)
    }

    /// How many values of the hierarchy a label covers.
    pub(super) fn covered(&self, hierarchy: &Hierarchy, text: &str, label: &str) -> u64 {
        let Some(value) = hierarchy.value(text) else { return 0 };
        let size = |level: usize| hierarchy.group_size(level, value).map_or(0, u64::from);
        match self {
            Self::AtLevel { level, .. } => size(*level),
            Self::Local { .. } => {
                let at = (0..hierarchy.n_levels()).find(|level| hierarchy.label(*level, value) == Some(label));
                at.map_or(hierarchy.n_values() as u64, size)
            }
        }
    }

    pub(super) fn is_root(&self, hierarchy: &Hierarchy, label: &str) -> bool {
        match self {
            Self::AtLevel { level, .. } => *level == hierarchy.height(),
            Self::Local { .. } => hierarchy.label(hierarchy.height(), 0) == Some(label),
        }
    }
}

/// Whether a label may be the mean of a class.
pub(super) fn is_mean(label: &str) -> bool {
    label.parse::<f64>().is_ok_and(f64::is_finite)
}
