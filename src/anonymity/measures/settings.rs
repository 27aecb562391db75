//! What is measured, and how.

use crate::anonymity::Hierarchy;

/// What [`Measures::of`](super::Measures::of) measures. Every option has a default that needs no thought.
///
/// # Examples
/// ```
/// use consentric::anonymity::{MeasureSettings, MissingValues, SensitiveMode};
/// let settings = MeasureSettings::new()
///     .with_mode(SensitiveMode::Joint)
///     .with_missing(MissingValues::Exclude)
///     .with_suppressed_label("*");
/// # let _ = settings;
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct MeasureSettings {
    pub(super) mode: SensitiveMode,
    pub(super) missing: MissingValues,
    pub(super) suppressed_label: Option<String>,
    pub(super) n_raw: Option<u64>,
    pub(super) order: Vec<String>,
    pub(super) distances: Vec<(String, GroundDistance)>,
}

/// How several sensitive columns are measured. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SensitiveMode {
    /// Each on the classes of the quasi-identifiers.
    #[default]
    Separate,
    /// Each on the classes of the quasi-identifiers and all other sensitive columns, as if those were known.
    Joint,
    /// All together as one column: the tuple of their values.
    Composite,
}

/// What a missing value in a quasi-identifier or sensitive column is. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MissingValues {
    /// One more value, equal to itself.
    #[default]
    Value,
    /// A reason to leave the row out of all classes and distributions; such rows are counted.
    Exclude,
    /// An error that names the first such cell.
    Error,
}

/// How far apart two values of a column are, where neither equality nor rank says it. Closed.
#[derive(Clone, Debug)]
pub enum GroundDistance {
    /// The difference of the two numbers over the range of the column.
    ByValue,
    /// The height at which the two values meet in a hierarchy, over its height.
    Hierarchical(Hierarchy),
}

impl MeasureSettings {
    /// Measures every sensitive column by itself; a missing value is a value; no row is suppressed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how several sensitive columns are measured. Default: [`SensitiveMode::Separate`].
    pub const fn with_mode(mut self, mode: SensitiveMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets what a missing value is. Default: [`MissingValues::Value`].
    pub const fn with_missing(mut self, missing: MissingValues) -> Self {
        self.missing = missing;
        self
    }

    /// Takes rows whose quasi-identifiers all hold this text as suppressed: not measured, but counted. Default: none.
    pub fn with_suppressed_label(mut self, label: &str) -> Self {
        self.suppressed_label = Some(label.to_owned());
        self
    }

    /// Sets the number of rows of the original table; those that are not in the table are suppressed. Default: the
    /// table's own.
    pub const fn with_raw_rows(mut self, n: u64) -> Self {
        self.n_raw = Some(n);
        self
    }

    /// Sets the order of columns in labels and results; columns not named follow in the order of the table.
    pub fn with_order<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.order = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Also measures t-closeness of a sensitive column by another distance.
    pub fn with_distance(mut self, column: &str, distance: GroundDistance) -> Self {
        self.distances.push((column.to_owned(), distance));
        self
    }
}
