//! The class that sets a measure.

use std::fmt;

/// The class that sets a measure, and the value that does it.
///
/// Of several equal ones it is the class with the lowest first row.
///
/// # Privacy
/// Labels and value are those of persons in a class that stands out: `Debug` shows row, column and rule only.
#[derive(Clone, PartialEq, Eq)]
pub struct Witness {
    pub(super) first_row: u64,
    pub(super) class: Vec<String>,
    pub(super) column: Option<String>,
    pub(super) value: Option<String>,
    pub(super) rule: &'static str,
}

impl Witness {
    /// Gives the first row of the class, 0-based, the header not counted.
    pub const fn first_row(&self) -> u64 {
        self.first_row
    }

    /// Gives the labels of the class: its quasi-identifiers in order; in joint mode, then the other sensitive columns.
    pub fn class(&self) -> &[String] {
        &self.class
    }

    /// Gives the sensitive column, if the measure looks at one.
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// Gives the sensitive value that sets the measure, if one does.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Gives the rule in words.
    pub const fn rule(&self) -> &'static str {
        self.rule
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // PRIVACY: labels and value stay out.
        let column = self.column.as_deref().unwrap_or("-");
        write!(f, "Witness(class of row {}, column `{column}`, {})", self.first_row, self.rule)
    }
}
