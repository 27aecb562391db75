//! Why a table was refused.

/// Why a table, a rule or a policy was refused.
///
/// # Privacy
/// Columns, cells and relations are named by their place; no figure of a cell appears.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A threshold is out of range.
    #[error("threshold {found} is out of range; use 2 to 100000 distinct customers")]
    Threshold {
        /// The threshold asked for.
        found: u64,
    },
    /// A threshold is not a number.
    #[error("the threshold is not a whole number; nothing is released without one")]
    ThresholdUnreadable,
    /// A parameter of a rule is out of range.
    #[error("`{parameter}` of {rule} is out of range; {allowed}")]
    Parameter {
        /// The rule.
        rule: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// What is allowed.
        allowed: &'static str,
    },
    /// The lower end of a range lies above the upper end.
    #[error("the lower end of the range of contributions lies above the upper end")]
    Range,
    /// Cut points are not strictly ascending.
    #[error("cut point {place} does not lie above the one before it")]
    Cuts {
        /// Place of the cut point.
        place: usize,
    },
    /// Contributions or figures are too large for exact arithmetic.
    #[error("figures are too large for exact arithmetic; use a coarser unit")]
    Overflow,
    /// A relation or a cell names a cell, a column or a count that is not there.
    #[error("cell {cell} is not part of the table")]
    UnknownCell {
        /// The cell named.
        cell: usize,
    },
    /// A cell names a column that is not there.
    #[error("cell {cell} names a column that is not part of the table")]
    UnknownColumn {
        /// The cell.
        cell: usize,
    },
    /// Two columns have the same name.
    #[error("column `{column}` is declared twice")]
    SameColumn {
        /// The name.
        column: String,
    },
    /// A policy names a column that the table lacks.
    #[error("the policy names column `{column}`, which the table lacks; correct the name")]
    PolicyColumn {
        /// The name.
        column: String,
    },
    /// A share does not say of how many customers it is one, or of fewer than it counts.
    #[error("cell {cell} is a share, but not of a number of customers that holds its own")]
    ShareOfWhat {
        /// The cell.
        cell: usize,
    },
    /// A cell that is declared a structural zero is not zero.
    #[error("cell {cell} is declared a structural zero but is not zero")]
    NotZero {
        /// The cell.
        cell: usize,
    },
    /// A cell of a column of counts or shares holds amounts.
    #[error("cell {cell} is in a column of counts but its customers do not contribute one each")]
    NotACount {
        /// The cell.
        cell: usize,
    },
    /// A relation names one cell twice, or nothing.
    #[error("relation {relation} has no parts or names a cell twice")]
    RelationShape {
        /// The relation.
        relation: usize,
    },
    /// A relation joins counts and sums.
    #[error("relation {relation} joins counts and sums")]
    RelationKind {
        /// The relation.
        relation: usize,
    },
    /// The parts of a relation do not add up to its total.
    #[error("the parts of relation {relation} do not add up to its total; margins are totals over all their customers")]
    NotAdditive {
        /// The relation.
        relation: usize,
    },
    /// The counts of a sensitive attribute have different lengths, or a segment has more than the population.
    #[error("block {block} of sensitive attribute `{attribute}` does not fit the population")]
    Block {
        /// Name of the attribute.
        attribute: String,
        /// Place of the block.
        block: usize,
    },
    /// A cell that must be published breaks a rule itself.
    #[error("cell {cell} must be published but may not be: {reason}; drop it or widen it")]
    MustPublish {
        /// The cell.
        cell: usize,
        /// The first rule it breaks.
        reason: super::Reason,
    },
    /// No pattern of hidden cells protects the table.
    #[error("no pattern of hidden cells protects relation {relation}; let one of its cells be hidden")]
    NoPattern {
        /// The relation.
        relation: usize,
    },
}
