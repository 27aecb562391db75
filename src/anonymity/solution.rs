//! What an anonymisation came to.

use std::fmt;

use super::Table;

/// What a model came to. Closed: there is a solution or there is none.
#[derive(Clone, Debug)]
pub enum Outcome<'a> {
    /// A table that keeps every criterion.
    Solved(Solution<'a>),
    /// Nothing keeps every criterion within the suppression limit.
    NoSolution(Nearest),
}

/// The node that came nearest, and what it lacks.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// One level per quasi-identifier; `None` for models without levels.
    pub node: Option<Vec<usize>>,
    /// Rows that would have to be suppressed there.
    pub suppressed: u64,
    /// Rows that may be.
    pub allowed: u64,
    /// What forbids the node at any limit, if something does.
    pub forbidden_by: Option<&'static str>,
    /// Nodes that were evaluated.
    pub checked: u64,
    /// Nodes there are.
    pub n_nodes: u128,
}

/// A generalised table with what it claims of itself; only a [verified](Solution::verify) one may be written.
///
/// # Privacy
/// Holds personal data until verified: `Debug` shows numbers only.
#[derive(Clone)]
pub struct Solution<'a> {
    pub(super) table: &'a Table,
    pub(super) recoding: Recoding,
    pub(super) claims: Claims,
}

/// What a solution says of itself.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// One level per quasi-identifier; `None` for local models.
    pub transformation: Option<Vec<usize>>,
    /// One number, several for [`Aggregate::Rank`](super::Aggregate::Rank).
    pub loss: Vec<f64>,
    /// Released rows that are suppressed.
    pub suppressed: u64,
    /// Classes that are kept and hold a released row.
    pub classes: u64,
    /// Rows of the smallest of them, 0 without any.
    pub min_class: u64,
    /// Nodes that were evaluated; 0 for local models.
    pub checked: u64,
    /// Nodes there are; 0 for local models.
    pub n_nodes: u128,
    /// How far the loss may be from the least: (loss - least open bound) / loss; 0 if it is proven.
    pub gap: f64,
    /// Whether every criterion is kept within the suppression limit.
    pub anonymous: bool,
    /// Rows of the table that are not released.
    pub outside_subset: u64,
    /// Released rows in the class that is generalised to the root in every column, kept.
    pub fully_generalised: u64,
    /// Classes of the population without a released row that break delta-presence.
    pub absent_violations: u64,
}

/// What becomes of every row.
#[derive(Clone)]
pub(super) struct Recoding {
    /// Quasi-identifiers in the order of the plan.
    pub(super) columns: Vec<RecodedColumn>,
    /// Of every row of the table, whether its class failed; false outside the subset.
    pub(super) is_suppressed: Vec<bool>,
    /// Of every row of the table, whether it is released; `None` if all are.
    pub(super) is_in: Option<Vec<bool>>,
}

/// The labels of one quasi-identifier.
#[derive(Clone)]
pub(super) struct RecodedColumn {
    /// Place in the table.
    pub(super) place: usize,
    pub(super) labels: Vec<String>,
    /// Of every row of the table, the number of its label.
    pub(super) codes: Vec<u32>,
}

impl<'a> Solution<'a> {
    /// Gives what it claims of itself.
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Gives the table it was made of.
    pub const fn table(&self) -> &'a Table {
        self.table
    }
}

impl Recoding {
    /// The text of a quasi-identifier in a row, as it would be written.
    pub(super) fn text(&self, column: usize, row: usize) -> &str {
        if self.is_suppressed.get(row).copied().unwrap_or(true) {
            return SUPPRESSED;
        }
        let column = self.columns.get(column);
        let label = column.and_then(|column| column.labels.get(*column.codes.get(row)? as usize));
        label.map_or(SUPPRESSED, String::as_str)
    }
}

impl fmt::Debug for Solution<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Claims { suppressed, classes, min_class, .. } = self.claims;
        write!(f, "Solution({classes} classes of at least {min_class} rows, {suppressed} rows suppressed)")
    }
}

/// What stands in the quasi-identifiers of a suppressed row.
pub(super) const SUPPRESSED: &str = "*";
