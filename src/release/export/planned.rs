//! The shown cells of an export as the ledger is asked about them.

use super::cells::{Cells, Group, Judged};
use super::definition::Definition;
use super::exported::ExportCell;
use crate::release::ReleaseError;
use crate::release::ledger::{PlannedCell, PlannedRelease, Population, Verdict};
use crate::release::table::Figure;
use crate::time::Timestamp;

/// A plan with the group and the column of each of its cells.
pub(super) struct Planned<'a> {
    pub(super) release: PlannedRelease<'a>,
    pub(super) cells: Vec<(usize, usize, Figure)>,
    at: Timestamp,
}

impl<'a> Planned<'a> {
    pub(super) fn of(
        population: &'a Population,
        cells: &Cells,
        judged: &Judged,
        definition: &Definition,
        threshold: u64,
        at: Timestamp,
    ) -> Result<Self, ReleaseError> {
        let mut release = PlannedRelease::new(population, at, threshold)?;
        let mut sets = Vec::with_capacity(cells.groups.len());
        for (_, rows) in &cells.groups {
            sets.push(release.add_members(rows.iter().copied())?);
        }
        let mut columns = Vec::with_capacity(cells.features.len());
        for feature in &cells.features {
            columns.push(release.add_contributions(&feature.name, feature.values.clone())?);
        }
        let mut planned = Vec::new();
        for (group, ((kind, _), members)) in cells.groups.iter().zip(&sets).enumerate() {
            let label = label(*kind);
            if let Some(figure) = judged.cell(group, 0).shown() {
                let own = label.as_deref().map_or_else(|| definition.everybody(), |label| definition.count(label));
                release.add_cell(PlannedCell::count(own, *members, figure.written()))?;
                planned.push((group, 0, figure));
            }
            for (column, (feature, values)) in cells.features.iter().zip(&columns).enumerate() {
                let Some(figure) = judged.cell(group, column + 1).shown() else { continue };
                let own = definition.figure(&feature.name, feature.range, feature.measure, label.as_deref());
                let cell = PlannedCell::figure(own, *members, *values, figure.written());
                release.add_cell(cell.with_rounding(format!("{}", figure.step())).without_n())?;
                planned.push((group, column + 1, figure));
            }
        }
        // Hidden parts stand in the relations too: what a margin leaves beside the shown ones is theirs.
        for (margin, parts) in &cells.relations {
            if let Some(margin) = sets.get(*margin) {
                let parts: Vec<_> = parts.iter().filter_map(|part| sets.get(*part)).copied().collect();
                release.add_relation(*margin, &parts)?;
            }
        }
        Ok(Self { release, cells: planned, at })
    }

    /// The figure that leaves for a cell, by its verdict; `None` if none may.
    pub(super) fn figure(&self, cell: usize, verdict: &Verdict) -> Option<ExportCell> {
        let (_, _, figure) = self.cells.get(cell)?;
        match verdict {
            Verdict::Released => Some(ExportCell { figure: *figure, at: self.at }),
            Verdict::Frozen { figures, at, .. } => {
                let figure = figures.first().and_then(|text| Figure::read(text))?;
                Some(ExportCell { figure, at: *at })
            }
            Verdict::Withheld { .. } | Verdict::Refused { .. } => None,
        }
    }
}

/// The label of a group in its definition; none for all customers.
fn label(group: Group) -> Option<String> {
    match group {
        Group::Everybody => None,
        Group::Other => Some("other".to_owned()),
        Group::Segment(id) => Some(id.to_string()),
        Group::NoSegment => Some("no segment".to_owned()),
    }
}
