//! The door to the outside.

use super::ExportPlan;
use super::cells::{Cells, Group, Judged};
use super::definition::Definition;
use super::exported::{Export, ExportCell, ExportRow, ExportedFeature};
use super::guarantee::manifest;
use super::planned::Planned;
use crate::audit::{Action, Outcome};
use crate::release::ledger::{Population, ReleaseLedger, Verdict};
use crate::release::table::{Figure, Reason, ReleasePolicy};
use crate::release::{HiddenSegment, ReleaseError};
use crate::segment::{SegmentId, Segmentation};
use crate::warning::Warning;

impl Segmentation<'_> {
    /// Gives what partners and reports outside may see of the segments, and writes it down in the ledger first.
    ///
    /// Sizes, shares and rounded means go through the [gate](crate::release::table::Table::gate); what it shows is held
    /// against every earlier export. A figure that would differ from an earlier one by fewer than the threshold leaves
    /// as it was, with its earlier time, or not at all; then what else must be hidden is worked out again.
    ///
    /// # Privacy
    /// Customers are known to the ledger by their pseudonyms, never by an id, so the key of pseudonyms must stay the
    /// same from export to export: with another one, a definition that is known is refused. Exports under different
    /// purposes have different pseudonyms, so the ledger cannot compare these. Exact figures, quantiles, minimum and
    /// maximum do not leave. Segments of nobody are hidden like small ones.
    ///
    /// # Errors
    /// [`ReleaseError::TooFewCustomers`] if all customers together are fewer than the threshold,
    /// [`ReleaseError::NothingToShow`] if gate and ledger leave nothing, [`ReleaseError::UnknownFeature`] for a range of
    /// no feature, [`ReleaseError::NoModelIdentity`] for a model that cannot be told from another,
    /// [`ReleaseError::OtherDefinition`] if the name was exported with another model, other ranges or another key,
    /// [`ReleaseError::ConsentChanged`] if customers of the run were denied since it began,
    /// [`ReleaseError::Table`] for figures too large for exact arithmetic, [`ReleaseError::Ledger`] for whatever is wrong
    /// with the ledger. Nothing is written to the ledger in any of these cases, but for a failed write itself.
    ///
    /// # Complexity
    /// `O(n_customers · n_features)` for the contributions; the gate; the ledger's `O(capacity)` a customer and figure.
    /// Gate and ledger are asked again as long as a figure is withheld: at most once for each cell.
    pub fn export(&self, plan: &ExportPlan, ledger: &mut ReleaseLedger) -> Result<Export, ReleaseError> {
        let features = self.features;
        let threshold = plan.threshold.n();
        plan.check(|name| features.columns().iter().any(|column| column.name == name))?;
        if (features.n_customers() as u64) < threshold {
            return Err(ReleaseError::TooFewCustomers { k: threshold });
        }
        let at = self.run.at;
        let definition = Definition::of(self, plan, ledger)?;
        let policy = ReleasePolicy::new(plan.threshold).with_dominance(plan.dominance);
        let population = Population::new(&plan.population, features.pseudonyms.iter().map(|own| own.bytes()));
        let mut cells = Cells::of(self, plan)?;
        let (judged, planned, assessment) = loop {
            let judged = cells.gate(&policy)?;
            if !judged.shows() {
                return Err(ReleaseError::NothingToShow { k: threshold });
            }
            let planned = Planned::of(&population, &cells, &judged, &definition, threshold, at)?;
            let assessment = ledger.would(&planned.release)?;
            if assessment.verdicts().iter().any(|verdict| matches!(verdict, Verdict::Refused { .. })) {
                return Err(ReleaseError::OtherDefinition { definition: definition.name });
            }
            let mut releasable = true;
            for (place, verdict) in assessment.verdicts().iter().enumerate() {
                if planned.figure(place, verdict).is_none()
                    && let Some((group, column, _)) = planned.cells.get(place)
                {
                    releasable = false;
                    cells.must_hide(*group, *column, Reason::Withheld);
                }
            }
            if releasable {
                break (judged, planned, assessment);
            }
        };
        let rows = rows(&cells, &planned, assessment.verdicts());
        let mut run = self.run.clone();
        // SPEC: GDPR Art. 7(3); nobody who left meanwhile may stand in a figure, nor in the ledger.
        match run.n_denied_meanwhile() {
            0 => {}
            n => return Err(ReleaseError::ConsentChanged { n }),
        }
        let receipt = ledger.commit(assessment)?;
        let manifest = manifest(plan, &judged, &rows, &receipt, ledger.is_kept())?;

        let event = run.trail.push(run.at, Action::Release, &run.purpose, Outcome::Allow);
        event.detail = format!("export `{}`, threshold = {threshold}, ledger {}", definition.name, receipt.head);
        for (reason, n) in judged.gated.n_hidden_by_reason() {
            event.counts.insert(format!("hidden_{reason}"), n as u64);
        }
        let frozen = receipt.verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Frozen { .. })).count();
        event.counts.insert("cells_frozen".to_owned(), frozen as u64);
        event.counts.insert("cells_shown".to_owned(), receipt.verdicts.len() as u64);
        event.columns = plan.features.keys().cloned().collect();
        let event = run.trail.push(run.at, Action::Release, &run.purpose, Outcome::Allow);
        event.detail = format!("manifest sha256:{}", manifest.sha256());

        let hidden = hidden(&cells, &judged);
        let (mut segments, mut other, mut no_segment) = (Vec::new(), None, None);
        let mut everybody = None;
        for ((group, _), row) in cells.groups.iter().zip(rows) {
            match group {
                Group::Everybody => everybody = Some(row),
                Group::Other => other = Some(row),
                Group::Segment(id) => segments.push((SegmentId(*id), row)),
                Group::NoSegment => no_segment = Some(row),
            }
        }
        let everybody = everybody.unwrap_or(ExportRow { n: None, share: None, figures: Vec::new() });
        let left_out = left_out(&everybody, &segments, &[&other, &no_segment], threshold);
        let unit = |name: &str| features.columns().iter().find(|column| column.name == name).map(|column| column.unit);
        let exported = plan.features().filter_map(|(name, range, measure)| {
            Some(ExportedFeature { name: name.to_owned(), unit: unit(name)?, range, measure })
        });
        Ok(Export {
            features: exported.collect(),
            definition,
            population: plan.population.clone(),
            consent_source: run.source,
            notices: run.warnings.iter().filter_map(Warning::notice).collect(),
            at,
            analysis_date: features.analysis_date(),
            strategy: self.strategy.clone(),
            threshold,
            everybody,
            segments,
            other,
            no_segment,
            left_out,
            manifest,
            receipt,
            hidden,
            audit_root: run.trail.published(&Default::default()).root(),
            trail: run.trail,
        })
    }
}

/// The rows in the order of the groups.
fn rows(cells: &Cells, planned: &Planned<'_>, verdicts: &[Verdict]) -> Vec<ExportRow> {
    let empty = ExportRow { n: None, share: None, figures: vec![None; cells.features.len()] };
    let mut rows = vec![empty; cells.groups.len()];
    for (place, ((group, column, _), verdict)) in planned.cells.iter().zip(verdicts).enumerate() {
        let Some(row) = rows.get_mut(*group) else { continue };
        let cell = planned.figure(place, verdict);
        match column.checked_sub(1) {
            None => row.n = cell,
            Some(feature) => {
                if let Some(slot) = row.figures.get_mut(feature) {
                    *slot = cell;
                }
            }
        }
    }
    // PRIVACY: worked out from what is published, so a share tells nothing more.
    if let Some(all) = rows.first().and_then(|row| row.n) {
        for row in rows.iter_mut().skip(1) {
            row.share = row.n.and_then(|own| {
                let figure = Figure::share(own.figure.whole()?, all.figure.whole()?)?;
                Some(ExportCell { figure, at: own.at.max(all.at) })
            });
        }
    }
    rows
}

/// The band of the number of customers in no row that is shown, worked out from what is published.
fn left_out(
    everybody: &ExportRow,
    segments: &[(SegmentId, ExportRow)],
    more: &[&Option<ExportRow>],
    threshold: u64,
) -> Option<(u64, u64)> {
    let n = |row: &ExportRow| row.n.and_then(|cell| cell.figure.whole());
    let all = n(everybody)?;
    let shown = segments.iter().map(|(_, row)| row).chain(more.iter().filter_map(|row| row.as_ref()));
    let left = all.saturating_sub(shown.filter_map(n).sum());
    let at_least = left - left % threshold.max(1);
    (left > 0).then(|| (at_least, at_least.saturating_add(threshold - 1)))
}

/// Why the number of customers of a segment is hidden.
fn hidden(cells: &Cells, judged: &Judged) -> Vec<HiddenSegment> {
    let hidden = cells.groups.iter().enumerate().filter(|(group, _)| judged.cell(*group, 0).shown().is_none());
    hidden
        .filter_map(|(place, (group, _))| {
            let id = match group {
                Group::Segment(id) => Some(SegmentId(*id)),
                Group::NoSegment => None,
                Group::Everybody | Group::Other => return None,
            };
            Some(HiddenSegment::new(id, judged.reasons(place)))
        })
        .collect()
}
