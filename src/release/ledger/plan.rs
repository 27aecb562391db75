//! What is to be released, before it is.

use std::fmt;

use super::{CellDefinition, LedgerError, Measure};
use crate::time::Timestamp;

/// The customers of a run, in the order of their rows.
///
/// # Privacy
/// Holds ids until it is dropped; the ledger keeps none of them.
pub struct Population {
    name: String,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// Place of a set of members in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MembersId(pub(super) u32);

/// Place of a column of contributions in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContributionsId(pub(super) u32);

/// One cell that is to be released.
#[derive(Clone, Debug)]
pub struct PlannedCell {
    pub(super) definition: CellDefinition,
    pub(super) members: MembersId,
    pub(super) contributions: Option<ContributionsId>,
    pub(super) figures: Vec<String>,
    pub(super) rounding: String,
    pub(super) shows_n: bool,
}

/// A release as it is planned: sets of customers, what they contribute, cells over them and how cells add up.
///
/// Sets are given by rows of the population, in the order in which a finding should fall on them last: margins first.
///
/// # Privacy
/// Holds ids and contributions until it is dropped, prints neither.
pub struct PlannedRelease<'a> {
    pub(super) population: &'a Population,
    pub(super) at: Timestamp,
    pub(super) threshold: u64,
    pub(super) sets: Vec<Vec<u32>>,
    pub(super) columns: Vec<(String, Vec<i64>)>,
    pub(super) cells: Vec<PlannedCell>,
    pub(super) relations: Vec<Relation>,
}

/// A margin and the parts it is the sum of.
pub(super) struct Relation {
    pub(super) margin: u32,
    pub(super) parts: Vec<u32>,
}

impl Population {
    /// Takes the ids of all customers of a population; cells are compared within populations of one name.
    pub fn new<T: AsRef<[u8]>>(name: impl Into<String>, ids: impl IntoIterator<Item = T>) -> Self {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for id in ids {
            bytes.extend_from_slice(id.as_ref());
            ends.push(bytes.len());
        }
        Self { name: name.into(), bytes, ends }
    }

    /// Gives the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the number of customers.
    pub fn n(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn id(&self, row: usize) -> Option<&[u8]> {
        let start = row.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.bytes.get(start..*self.ends.get(row)?)
    }
}

impl PlannedCell {
    /// Plans a count over a set of members.
    pub fn count(definition: CellDefinition, members: MembersId, figure: impl Into<String>) -> Self {
        let figures = vec![figure.into()];
        Self { definition, members, contributions: None, figures, rounding: "1".to_owned(), shows_n: true }
    }

    /// Plans a figure over the contributions of a set of members.
    pub fn figure(
        definition: CellDefinition,
        members: MembersId,
        contributions: ContributionsId,
        figure: impl Into<String>,
    ) -> Self {
        Self { contributions: Some(contributions), ..Self::count(definition, members, figure) }
    }

    /// Says to what the figure is rounded, as text; default `1`.
    #[must_use]
    pub fn with_rounding(mut self, rounding: impl Into<String>) -> Self {
        self.rounding = rounding.into();
        self
    }

    /// Says that the number of members is not shown beside the figure; by default it is.
    ///
    /// A cell that shows its number is a count as well and is compared with all others that do.
    #[must_use]
    pub fn without_n(mut self) -> Self {
        self.shows_n = false;
        self
    }
}

impl<'a> PlannedRelease<'a> {
    /// Begins a plan; `threshold` is the largest that any of its cells has.
    ///
    /// # Errors
    /// [`LedgerError::Threshold`] outside 2..=100000.
    pub fn new(population: &'a Population, at: Timestamp, threshold: u64) -> Result<Self, LedgerError> {
        if !(2..=100_000).contains(&threshold) {
            return Err(LedgerError::Threshold { threshold });
        }
        let (sets, columns, cells, relations) = Default::default();
        Ok(Self { population, at, threshold, sets, columns, cells, relations })
    }

    /// Adds a set of members by their rows; a row named twice counts once.
    ///
    /// # Errors
    /// [`LedgerError::Row`] for a row outside the population.
    pub fn add_members(&mut self, rows: impl IntoIterator<Item = u32>) -> Result<MembersId, LedgerError> {
        let n = self.population.n();
        let mut rows: Vec<u32> = rows.into_iter().collect();
        rows.sort_unstable();
        rows.dedup();
        match rows.last() {
            Some(row) if *row as usize >= n => return Err(LedgerError::Row { row: *row as usize, n }),
            _ => {}
        }
        self.sets.push(rows);
        Ok(MembersId(self.sets.len() as u32 - 1))
    }

    /// Adds a column of contributions in whole units, one value a row of the population, clamped to its declared range.
    ///
    /// # Errors
    /// [`LedgerError::Contributions`] for the wrong number of values, [`LedgerError::SameColumn`] for a name that is empty
    /// or there already.
    pub fn add_contributions(
        &mut self,
        column: impl Into<String>,
        values: Vec<i64>,
    ) -> Result<ContributionsId, LedgerError> {
        let n = self.population.n();
        if values.len() != n {
            return Err(LedgerError::Contributions { found: values.len(), n });
        }
        let column = column.into();
        if column.is_empty() || self.columns.iter().any(|(name, _)| *name == column) {
            return Err(LedgerError::SameColumn { column });
        }
        self.columns.push((column, values));
        Ok(ContributionsId(self.columns.len() as u32 - 1))
    }

    /// Adds a column of contributions that are no whole numbers; they are compared by their bits.
    ///
    /// # Errors
    /// [`LedgerError::NotFinite`] for a value that is no number, and those of
    /// [`add_contributions`](Self::add_contributions).
    pub fn add_fractions(&mut self, column: impl Into<String>, values: &[f64]) -> Result<ContributionsId, LedgerError> {
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            return Err(LedgerError::NotFinite { row });
        }
        // Both zeros contribute the same.
        let bits = values.iter().map(|value| if *value == 0.0 { 0 } else { value.to_bits() as i64 });
        self.add_contributions(column, bits.collect())
    }

    /// Adds a cell.
    ///
    /// # Errors
    /// [`LedgerError::Unknown`] if the plan lacks its set or column, [`LedgerError::Measure`] if contributions and measure
    /// do not go together, [`LedgerError::TooLong`] for figures and rounding of more than 4096 bytes.
    pub fn add_cell(&mut self, cell: PlannedCell) -> Result<(), LedgerError> {
        let place = self.cells.len();
        let column = cell.contributions.map(|column| self.columns.get(column.0 as usize));
        if self.sets.get(cell.members.0 as usize).is_none() || column.is_some_and(|column| column.is_none()) {
            return Err(LedgerError::Unknown { place });
        }
        if (cell.definition.measure() == &Measure::Count) != cell.contributions.is_none() {
            return Err(LedgerError::Measure { place });
        }
        let length = cell.figures.iter().map(String::len).sum::<usize>().saturating_add(cell.rounding.len());
        if length > MAX_FIGURES {
            return Err(LedgerError::TooLong { place });
        }
        self.cells.push(cell);
        Ok(())
    }

    /// Says that the figures of `margin` are the sums of those of `parts`, whether or not all of them are shown.
    ///
    /// # Errors
    /// [`LedgerError::Unknown`] if the plan lacks one of the sets, [`LedgerError::NotAPart`] if a part has members that
    /// the margin lacks or that another part has, too.
    pub fn add_relation(&mut self, margin: MembersId, parts: &[MembersId]) -> Result<(), LedgerError> {
        let place = self.relations.len();
        let rows = |id: &MembersId| self.sets.get(id.0 as usize).ok_or(LedgerError::Unknown { place });
        let whole = rows(&margin)?;
        let mut all: Vec<u32> = Vec::new();
        for part in parts {
            all.extend(rows(part)?);
        }
        all.sort_unstable();
        let apart = all.is_sorted_by(|a, b| a < b);
        if !apart || !all.iter().all(|row| whole.binary_search(row).is_ok()) {
            return Err(LedgerError::NotAPart { place });
        }
        self.relations.push(Relation { margin: margin.0, parts: parts.iter().map(|part| part.0).collect() });
        Ok(())
    }
}

/// Bytes of figures and rounding of a cell.
const MAX_FIGURES: usize = 4096;

impl fmt::Debug for Population {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Population({:?}, {} customers)", self.name, self.n())
    }
}

impl fmt::Debug for PlannedRelease<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlannedRelease({} cells over {} sets)", self.cells.len(), self.sets.len())
    }
}
