//! One cell of a table and how cells add up.

use super::{ColumnId, Contributions, Reason};

/// Place of a cell in its table; ties are broken by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(pub(super) usize);

impl CellId {
    /// Gives the place, from 0.
    pub const fn index(self) -> usize {
        self.0
    }
}

/// One figure: a column measured over some customers.
#[derive(Clone, Debug)]
pub struct Cell {
    pub(super) column: ColumnId,
    pub(super) contributions: Contributions,
    pub(super) of: Option<u64>,
    pub(super) count: Option<CellId>,
    pub(super) structural_zero: bool,
    pub(super) must_publish: bool,
    /// Why it is hidden whatever the rules say.
    pub(super) hidden_for: Option<Reason>,
}

impl Cell {
    /// Gives the cell of `column` over the customers of `contributions`.
    pub const fn new(column: ColumnId, contributions: Contributions) -> Self {
        Self {
            column,
            contributions,
            of: None,
            count: None,
            structural_zero: false,
            must_publish: false,
            hidden_for: None,
        }
    }

    /// Says of how many customers a share is.
    #[must_use]
    pub const fn of(mut self, n_customers: u64) -> Self {
        self.of = Some(n_customers);
        self
    }

    /// Names the cell that tells how many customers are behind this one: it is hidden with it.
    #[must_use]
    pub const fn with_count(mut self, count: CellId) -> Self {
        self.count = Some(count);
        self
    }

    /// Declares a zero that everybody may know, as of a product that is not sold in a country.
    #[must_use]
    pub const fn structural_zero(mut self) -> Self {
        self.structural_zero = true;
        self
    }

    /// Demands that the cell is published; if it cannot be, the whole table is refused.
    #[must_use]
    pub const fn must_publish(mut self) -> Self {
        self.must_publish = true;
        self
    }

    /// Hides the cell for a reason that the table cannot see, such as what earlier releases said; it is then protected
    /// like one that breaks a rule.
    #[must_use]
    pub const fn must_hide(mut self, reason: Reason) -> Self {
        self.hidden_for = Some(reason);
        self
    }
}

/// Parts that add up to a total: a margin, a hierarchy, a linked table, the row `other`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    pub(super) total: CellId,
    pub(super) parts: Vec<CellId>,
    pub(super) disjoint: bool,
}

impl Relation {
    /// Says that `parts` add up to `total` and no customer is in two of them.
    pub fn new(total: CellId, parts: impl IntoIterator<Item = CellId>) -> Self {
        Self { total, parts: parts.into_iter().collect(), disjoint: true }
    }

    /// Says that a customer may be in several parts, as in sales by product.
    #[must_use]
    pub const fn overlapping(mut self) -> Self {
        self.disjoint = false;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Measure, ReleasePolicy, TableBuilder, Threshold};
    use super::*;

    #[test]
    fn a_cell_that_must_hide_is_protected_like_one_that_breaks_a_rule() {
        let mut builder = TableBuilder::new();
        let column = builder.column(Column::new("customers", Measure::Count));
        let mut cell = |n, withheld: bool| {
            let cell = Cell::new(column, Contributions::count(n));
            builder.cell(if withheld { cell.must_hide(Reason::Withheld) } else { cell })
        };
        let (total, large, middle, small) = (cell(600, false), cell(300, true), cell(200, false), cell(100, false));
        builder.relation(Relation::new(total, [large, middle, small]));
        let gated = builder.build().unwrap().gate(&ReleasePolicy::new(Threshold::EXPORT)).unwrap();
        assert_eq!(gated.hidden().collect::<Vec<_>>(), [large, small]);
        assert_eq!(gated.reasons(large).collect::<Vec<_>>(), [Reason::Withheld]);
        assert_eq!(gated.reasons(small).collect::<Vec<_>>(), [Reason::Complement]);
    }
}
