//! What a column of a table says.

use super::ContributionRange;

/// What the figures of a column are.
///
/// # Privacy
/// There is no minimum, maximum, quantile or list of values: those are values of single customers. A histogram is a
/// column of counts over [`FrozenCuts`](super::FrozenCuts). The list is closed: each kind needs its own proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many customers.
    Count,
    /// A sum over customers.
    Sum,
    /// A mean per customer; a reader who knows the number of customers has the sum.
    Mean,
    /// A share of customers; a reader who knows of how many has the count.
    Share,
}

impl Measure {
    /// Whether the additive figure behind it is a count.
    pub(super) const fn is_count(self) -> bool {
        matches!(self, Self::Count | Self::Share)
    }
}

/// One column of a table: what is measured, and within which range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub(super) name: String,
    pub(super) measure: Measure,
    pub(super) range: Option<ContributionRange>,
    pub(super) decimals: u8,
    pub(super) sensitive: bool,
}

impl Column {
    /// Declares a column.
    pub fn new(name: impl Into<String>, measure: Measure) -> Self {
        Self { name: name.into(), measure, range: None, decimals: 0, sensitive: false }
    }

    /// Declares the range of one customer's contribution; a tenth of it is the protection width by default.
    #[must_use]
    pub const fn with_range(mut self, range: ContributionRange) -> Self {
        self.range = Some(range);
        self
    }

    /// Says that figures are in units of 10^-`decimals`, as money in cents (default 0, at most 18).
    #[must_use]
    pub const fn with_decimals(mut self, decimals: u8) -> Self {
        self.decimals = if decimals > 18 { 18 } else { decimals };
        self
    }

    /// Marks a share of a sensitive attribute: that nobody or everybody has it is hidden, too (default no).
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Gives the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives what is measured.
    pub const fn measure(&self) -> Measure {
        self.measure
    }
}

/// Place of a column in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub(super) usize);

impl ColumnId {
    /// Gives the place, from 0.
    pub const fn index(self) -> usize {
        self.0
    }
}
