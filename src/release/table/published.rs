//! A table after it was judged.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::precision::Step;
use super::{CellId, Reason};

/// A cell as it leaves. Closed: it is shown or it is not, and nothing tells why.
///
/// # Privacy
/// A cell that is hidden for its own sake and one that protects another are the same value, and serialise as `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedCell {
    /// The rounded figure.
    Shown(Figure),
    /// Nothing.
    Hidden,
}

impl PublishedCell {
    /// Gives the figure, `None` if hidden.
    pub const fn shown(self) -> Option<Figure> {
        match self {
            Self::Shown(figure) => Some(figure),
            Self::Hidden => None,
        }
    }
}

impl Serialize for PublishedCell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.shown().serialize(serializer)
    }
}

/// A rounded decimal: `units · 10^exponent`, a multiple of its step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub(super) units: i128,
    pub(super) exponent: i32,
    pub(super) step: i128,
}

impl Figure {
    /// Gives the figure as a floating-point number, correctly rounded.
    pub fn value(self) -> f64 {
        decimal(self.units, self.exponent)
    }

    /// Gives the step it is rounded to: the true figure lies within half of it.
    pub fn step(self) -> f64 {
        decimal(self.step, self.exponent)
    }

    /// Gives the number that a figure of a count is; `None` for one that is no whole number from 0.
    pub(in crate::release) fn whole(self) -> Option<u64> {
        (self.exponent == 0).then(|| u64::try_from(self.units).ok())?
    }

    /// Gives the share of one published count in another, as finely as a share of so many may be told.
    pub(in crate::release) fn share(part: u64, of: u64) -> Option<Self> {
        let step = Step::of_share(of.max(1))?;
        let (units, exponent) = step.round(part.into(), of.max(1).into())?;
        Some(Self { units, exponent, step: step.value().0 })
    }

    /// Gives the exact text that [`read`](Self::read) takes, for the release ledger.
    pub(in crate::release) fn written(self) -> String {
        format!("{}e{}/{}", self.units, self.exponent, self.step)
    }

    /// Reads what [`written`](Self::written) gave.
    pub(in crate::release) fn read(text: &str) -> Option<Self> {
        let (value, step) = text.split_once('/')?;
        let (units, exponent) = value.split_once('e')?;
        Some(Self { units: units.parse().ok()?, exponent: exponent.parse().ok()?, step: step.parse().ok()? })
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

/// The text of a decimal is read back to the nearest number; it always parses.
fn decimal(units: i128, exponent: i32) -> f64 {
    format!("{units}e{exponent}").parse().unwrap_or(f64::NAN)
}

/// What may leave of a table, and for the controller why the rest may not.
///
/// # Privacy
/// [`GatedTable::cells`] may leave; it is what serialises. The reasons may not: they tell which cells are small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatedTable {
    pub(super) cells: Vec<PublishedCell>,
    pub(super) reasons: Vec<BTreeSet<Reason>>,
}

impl GatedTable {
    /// Gives every cell as it leaves, in the order of the table.
    pub fn cells(&self) -> &[PublishedCell] {
        &self.cells
    }

    /// Gives one cell as it leaves; what is not part of the table is hidden.
    pub fn cell(&self, cell: CellId) -> PublishedCell {
        self.cells.get(cell.0).copied().unwrap_or(PublishedCell::Hidden)
    }

    /// Gives all reasons why a cell is hidden, none if it is shown. For the controller only.
    pub fn reasons(&self, cell: CellId) -> impl Iterator<Item = Reason> {
        self.reasons.get(cell.0).into_iter().flatten().copied()
    }

    /// Gives the hidden cells, ascending.
    pub fn hidden(&self) -> impl Iterator<Item = CellId> {
        let hidden = |(_, cell): &(usize, &PublishedCell)| **cell == PublishedCell::Hidden;
        self.cells.iter().enumerate().filter(hidden).map(|(place, _)| CellId(place))
    }

    /// Counts the hidden cells by rule; one that breaks two counts for both. For the controller only.
    pub fn n_hidden_by_reason(&self) -> BTreeMap<Reason, usize> {
        let mut counts = BTreeMap::new();
        for reason in self.reasons.iter().flatten() {
            *counts.entry(*reason).or_insert(0) += 1;
        }
        counts
    }
}

impl Serialize for GatedTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.cells.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_reads_back_from_its_text() {
        for figure in [Figure { units: -1250, exponent: -2, step: 5 }, Figure { units: 7, exponent: 3, step: 1 }] {
            assert_eq!(Figure::read(&figure.written()), Some(figure));
        }
        for text in ["", "1", "1e2", "1e2/", "xe2/1", "1e2/1/1"] {
            assert_eq!(Figure::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_share_is_no_finer_than_one_customer() {
        let share = Figure::share(33, 100).unwrap();
        assert_eq!((share.value(), share.step()), (0.34, 0.02));
        assert_eq!(Figure::share(0, 0).unwrap().value(), 0.0);
    }
}
