//! The table of an export: groups of customers by what is measured of them.

use std::collections::BTreeMap;

use super::{ExportPlan, FeatureMeasure, FeatureRange};
use crate::release::ReleaseError;
use crate::release::table::{
    Cell, CellId, Column, Contributions, GatedTable, Measure, PublishedCell, Reason, Relation, ReleasePolicy,
    SuppressBin, Table, TableBuilder,
};
use crate::segment::Segmentation;

/// Customers who are told of together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// All customers of the run.
    Everybody,
    /// Those of hidden segments.
    Other,
    /// Those of one segment.
    Segment(u32),
    /// Those in no segment.
    NoSegment,
}

/// One column of the table; the number of customers is the first.
pub(super) struct Feature {
    pub(super) name: String,
    pub(super) range: FeatureRange,
    pub(super) measure: FeatureMeasure,
    /// The clamped contribution of each customer.
    pub(super) values: Vec<i64>,
}

/// The groups of an export, margins first, with what must stay hidden for reasons that the table cannot see.
pub(super) struct Cells {
    pub(super) groups: Vec<(Group, Vec<u32>)>,
    /// A margin and its parts, by their places among the groups.
    pub(super) relations: Vec<(usize, Vec<usize>)>,
    pub(super) features: Vec<Feature>,
    contributions: Vec<Vec<Contributions>>,
    must_hide: BTreeMap<(usize, usize), Reason>,
}

/// A table that was judged, by group and column.
pub(super) struct Judged {
    pub(super) table: Table,
    pub(super) gated: GatedTable,
    ids: Vec<Vec<CellId>>,
}

impl Cells {
    /// Groups the customers; the row `other` is chosen here.
    pub(super) fn of(segmentation: &Segmentation<'_>, plan: &ExportPlan) -> Result<Self, ReleaseError> {
        let from = segmentation.features;
        let n = from.n_customers();
        let mut parts: Vec<(Group, Vec<u32>)> =
            (0..segmentation.n_segments()).map(|place| (Group::Segment(place as u32), Vec::new())).collect();
        let mut outside = Vec::new();
        for (row, label) in segmentation.labels.iter().enumerate() {
            match label.and_then(|label| parts.get_mut(label.index())) {
                Some((_, rows)) => rows.push(row as u32),
                None => outside.push(row as u32),
            }
        }
        if !outside.is_empty() {
            parts.push((Group::NoSegment, outside));
        }
        let counts: Vec<Contributions> =
            parts.iter().map(|(_, rows)| Contributions::count(rows.len() as u64)).collect();
        let bin = match SuppressBin::choose(&counts, plan.threshold) {
            SuppressBin::Row(bin) => bin,
            SuppressBin::Unneeded | SuppressBin::Band { .. } => Vec::new(),
        };
        if bin.len() == parts.len() {
            return Err(ReleaseError::NothingToShow { k: plan.threshold.n() });
        }
        let mut groups = vec![(Group::Everybody, (0..n as u32).collect::<Vec<u32>>())];
        if !bin.is_empty() {
            let mut rows: Vec<u32> =
                bin.iter().filter_map(|place| parts.get(*place)).flat_map(|(_, rows)| rows).copied().collect();
            rows.sort_unstable();
            groups.push((Group::Other, rows));
        }
        let first = groups.len();
        let alone = (0..parts.len()).filter(|place| bin.binary_search(place).is_err());
        let mut relations = vec![(0, (1..first).chain(alone.map(|place| place + first)).collect())];
        if !bin.is_empty() {
            relations.push((1, bin.iter().map(|place| place + first).collect()));
        }
        groups.extend(parts);
        let mut features = Vec::with_capacity(plan.features.len());
        for (name, range, measure) in plan.features() {
            let unknown = || ReleaseError::UnknownFeature { feature: name.to_owned() };
            let column = from.columns().iter().position(|column| column.name == name).ok_or_else(unknown)?;
            let values = from.original.column(column).iter().map(|value| range.contribution(*value)).collect();
            features.push(Feature { name: name.to_owned(), range, measure, values });
        }
        let contributions = groups
            .iter()
            .map(|(_, rows)| {
                let mut own = vec![Contributions::count(rows.len() as u64)];
                for feature in &features {
                    let values = rows.iter().filter_map(|row| feature.values.get(*row as usize));
                    let amounts = values.map(|value| i128::from(*value));
                    own.push(Contributions::per_customer(amounts, Some(feature.range.contributions()?))?);
                }
                Ok(own)
            })
            .collect::<Result<_, ReleaseError>>()?;
        Ok(Self { groups, relations, features, contributions, must_hide: BTreeMap::new() })
    }

    /// Hides a cell whatever the rules say.
    pub(super) fn must_hide(&mut self, group: usize, column: usize, reason: Reason) {
        self.must_hide.entry((group, column)).or_insert(reason);
    }

    /// Judges the table until the numbers of customers and the figures over them are hidden together.
    pub(super) fn gate(&mut self, policy: &ReleasePolicy) -> Result<Judged, ReleaseError> {
        loop {
            let judged = self.judge(policy)?;
            let before = self.must_hide.len();
            for group in 0..self.groups.len() {
                let n_hidden = judged.cell(group, 0).shown().is_none();
                for column in 1..=self.features.len() {
                    // SPEC: section 10, when a cell is hidden for what it tells, its count is hidden, too.
                    if !n_hidden && judged.breaks_a_rule(group, column) {
                        self.must_hide(group, 0, Reason::CountOfHidden);
                    }
                    if n_hidden && judged.cell(group, column).shown().is_some() {
                        self.must_hide(group, column, Reason::FigureOfHidden);
                    }
                }
            }
            if self.must_hide.len() == before {
                return Ok(judged);
            }
        }
    }

    fn judge(&self, policy: &ReleasePolicy) -> Result<Judged, ReleaseError> {
        let mut builder = TableBuilder::new();
        let mut columns = vec![builder.column(Column::new(CUSTOMERS, Measure::Count))];
        let mut policy = policy.clone();
        for feature in &self.features {
            let (kind, measure) = match feature.measure {
                FeatureMeasure::Mean => ("mean", Measure::Mean),
                FeatureMeasure::Sum => ("sum", Measure::Sum),
            };
            let name = format!("{kind} {}", feature.name);
            let column = Column::new(&name, measure).with_range(feature.range.contributions()?);
            columns.push(builder.column(column.with_decimals(feature.range.decimals())));
            policy = policy.with_width(name, feature.range.width().into())?;
        }
        let mut ids: Vec<Vec<CellId>> = Vec::with_capacity(self.groups.len());
        for (group, contributions) in self.contributions.iter().enumerate() {
            let own = columns.iter().zip(contributions).enumerate().map(|(place, (column, contributions))| {
                let cell = Cell::new(*column, contributions.clone());
                builder.cell(match self.must_hide.get(&(group, place)) {
                    Some(reason) => cell.must_hide(*reason),
                    None => cell,
                })
            });
            ids.push(own.collect());
        }
        for (margin, parts) in &self.relations {
            for column in 0..columns.len() {
                let id = |group: &usize| ids.get(*group).and_then(|own| own.get(column)).copied();
                if let Some(total) = id(margin) {
                    builder.relation(Relation::new(total, parts.iter().filter_map(id)));
                }
            }
        }
        let table = builder.build()?;
        let gated = table.gate(&policy)?;
        Ok(Judged { table, gated, ids })
    }
}

impl Judged {
    pub(super) fn cell(&self, group: usize, column: usize) -> PublishedCell {
        let id = self.ids.get(group).and_then(|own| own.get(column));
        id.map_or(PublishedCell::Hidden, |id| self.gated.cell(*id))
    }

    /// Whether a rule of the table hides the cell for what it tells itself.
    fn breaks_a_rule(&self, group: usize, column: usize) -> bool {
        let id = self.ids.get(group).and_then(|own| own.get(column));
        let reasons = id.into_iter().flat_map(|id| self.gated.reasons(*id));
        let mut own = reasons.filter(|reason| reason.is_primary());
        own.any(|reason| !matches!(reason, Reason::Withheld | Reason::FigureOfHidden | Reason::CountOfHidden))
    }

    /// All reasons why the number of customers of a group is hidden.
    pub(super) fn reasons(&self, group: usize) -> Vec<Reason> {
        let id = self.ids.get(group).and_then(|own| own.first());
        id.into_iter().flat_map(|id| self.gated.reasons(*id)).collect()
    }

    /// Whether anything is shown.
    pub(super) fn shows(&self) -> bool {
        self.gated.cells().iter().any(|cell| cell.shown().is_some())
    }

    /// The narrowest interval of a hidden number of customers, in hundredths of the threshold; `None` if there is none,
    /// or if it cannot be computed.
    pub(super) fn narrowest(&self, threshold: u64) -> Option<i128> {
        let counts: Vec<CellId> = self.ids.iter().filter_map(|own| own.first()).copied().collect();
        let primary = |id: &CellId| counts.contains(id) && self.gated.reasons(*id).any(Reason::is_primary);
        let intervals = self.table.audit(self.gated.hidden()).intervals().ok()?;
        let widths = intervals.into_iter().filter(|(id, _)| primary(id)).filter_map(|(_, own)| Some(own.hi? - own.lo));
        widths.min().map(|width| width * 100 / i128::from(threshold.max(1)))
    }
}

/// The column of the number of customers.
const CUSTOMERS: &str = "customers";
