//! A table before it is judged.

use std::collections::BTreeSet;

use super::{Attribute, Cell, CellId, Column, ColumnId, Relation, TableError};

/// Collects the cells of one release and how they add up.
///
/// Everything that is published together belongs in one table: linked tables share their margins here, or the margins
/// are not seen to be shared.
///
/// # Examples
/// ```
/// use consentric::release::table::{Cell, Column, Contributions, Measure, PublishedCell, ReleasePolicy};
/// use consentric::release::table::{Relation, TableBuilder, Threshold};
///
/// let mut builder = TableBuilder::new();
/// let customers = builder.column(Column::new("customers", Measure::Count));
/// let mut cell = |n| builder.cell(Cell::new(customers, Contributions::count(n)));
/// let (total, small, middle, large) = (cell(500), cell(7), cell(93), cell(400));
/// builder.relation(Relation::new(total, [small, middle, large]));
///
/// let gated = builder.build()?.gate(&ReleasePolicy::new(Threshold::INTERNAL))?;
/// // The total minus the others would tell the small one, so one more is hidden.
/// assert_eq!(gated.cell(small), PublishedCell::Hidden);
/// assert_eq!(gated.cell(middle), PublishedCell::Hidden);
/// assert!(gated.cell(large).shown().is_some());
/// # Ok::<(), consentric::release::table::TableError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TableBuilder {
    columns: Vec<Column>,
    cells: Vec<Cell>,
    relations: Vec<Relation>,
    attributes: Vec<Attribute>,
}

impl TableBuilder {
    /// Gives an empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column.
    pub fn column(&mut self, column: Column) -> ColumnId {
        self.columns.push(column);
        ColumnId(self.columns.len() - 1)
    }

    /// Adds a cell.
    pub fn cell(&mut self, cell: Cell) -> CellId {
        self.cells.push(cell);
        CellId(self.cells.len() - 1)
    }

    /// Adds a relation between cells; its place is its name in errors.
    pub fn relation(&mut self, relation: Relation) {
        self.relations.push(relation);
    }

    /// Adds a sensitive attribute with its distribution in every segment.
    pub fn attribute(&mut self, attribute: Attribute) {
        self.attributes.push(attribute);
    }

    /// Checks that everything fits together.
    ///
    /// # Errors
    /// [`TableError`] names the first cell, column, relation or block that does not fit.
    ///
    /// # Complexity
    /// `O(cells + entries of relations)`, times a logarithm.
    pub fn build(self) -> Result<Table, TableError> {
        let mut names = BTreeSet::new();
        for column in &self.columns {
            if !names.insert(column.name.as_str()) {
                return Err(TableError::SameColumn { column: column.name.clone() });
            }
        }
        for (place, cell) in self.cells.iter().enumerate() {
            self.check_cell(place, cell)?;
        }
        for (place, relation) in self.relations.iter().enumerate() {
            self.check_relation(place, relation)?;
        }
        for attribute in &self.attributes {
            attribute.check(self.cells.len())?;
        }
        Ok(Table { columns: self.columns, cells: self.cells, relations: self.relations, attributes: self.attributes })
    }

    fn check_cell(&self, place: usize, cell: &Cell) -> Result<(), TableError> {
        let column = self.columns.get(cell.column.0).ok_or(TableError::UnknownColumn { cell: place })?;
        let count = &cell.contributions;
        match cell.of {
            Some(of) if of < count.n_customers => return Err(TableError::ShareOfWhat { cell: place }),
            None if column.measure == super::Measure::Share => return Err(TableError::ShareOfWhat { cell: place }),
            _ => {}
        }
        if cell.structural_zero && (count.total != 0 || count.absolute != 0) {
            return Err(TableError::NotZero { cell: place });
        }
        if column.measure.is_count() && count.total != i128::from(count.n_customers) {
            return Err(TableError::NotACount { cell: place });
        }
        match cell.count {
            Some(count) if self.measure(count).is_none_or(|measure| !measure.is_count()) => {
                Err(TableError::UnknownCell { cell: count.0 })
            }
            _ => Ok(()),
        }
    }

    fn check_relation(&self, place: usize, relation: &Relation) -> Result<(), TableError> {
        let members: Vec<CellId> = std::iter::once(relation.total).chain(relation.parts.iter().copied()).collect();
        let distinct: BTreeSet<CellId> = members.iter().copied().collect();
        if relation.parts.is_empty() || distinct.len() != members.len() {
            return Err(TableError::RelationShape { relation: place });
        }
        let mut n_counts = 0;
        let mut difference: i128 = 0;
        for id in &members {
            let cell = self.cells.get(id.0).ok_or(TableError::UnknownCell { cell: id.0 })?;
            n_counts += usize::from(self.measure(*id).is_some_and(super::Measure::is_count));
            let total = cell.contributions.total;
            difference =
                if *id == relation.total { difference.checked_add(total) } else { difference.checked_sub(total) }
                    .ok_or(TableError::Overflow)?;
        }
        if n_counts != 0 && n_counts != members.len() {
            return Err(TableError::RelationKind { relation: place });
        }
        if difference != 0 {
            return Err(TableError::NotAdditive { relation: place });
        }
        Ok(())
    }

    fn measure(&self, cell: CellId) -> Option<super::Measure> {
        self.columns.get(self.cells.get(cell.0)?.column.0).map(|column| column.measure)
    }
}

/// A table that fits together; [`Table::gate`] decides what of it may leave.
///
/// # Privacy
/// Holds exact figures; `Debug` shows how large it is only.
#[derive(Clone)]
pub struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) cells: Vec<Cell>,
    pub(super) relations: Vec<Relation>,
    pub(super) attributes: Vec<Attribute>,
}

impl Table {
    /// Gives the number of cells.
    pub fn n_cells(&self) -> usize {
        self.cells.len()
    }

    /// Gives the columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(super) fn column_of(&self, cell: &Cell) -> Option<&Column> {
        self.columns.get(cell.column.0)
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Table")
            .field("n_cells", &self.cells.len())
            .field("n_relations", &self.relations.len())
            .finish_non_exhaustive()
    }
}
