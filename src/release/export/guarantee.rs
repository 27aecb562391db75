//! The manifest of an export.

use super::ExportPlan;
use super::cells::Judged;
use super::exported::ExportRow;
use crate::release::ReleaseError;
use crate::release::ledger::{Receipt, Verdict};
use crate::release::manifest::{Control, Manifest, ManifestParts, Technique};

/// Says what an export guarantees, from what is shown and from the receipt of the ledger.
pub(super) fn manifest(
    plan: &ExportPlan,
    judged: &Judged,
    rows: &[ExportRow],
    receipt: &Receipt,
    is_kept: bool,
) -> Result<Manifest, ReleaseError> {
    let threshold = plan.threshold.n();
    let counts = || rows.iter().filter_map(|row| row.n?.figure.whole());
    let below = counts().filter(|n| *n < threshold).count();
    let mut parts = ManifestParts::new("segment export")
        .with_parameter("threshold", threshold)
        .with_parameter_text("dominance", plan.dominance.to_string())
        .with_achieved("shown_cells", receipt.verdicts.len() as u64)
        .with_achieved("shown_counts_below_threshold", below as u64)
        .with_technique(Technique::Pseudonymization)
        .with_technique(Technique::Aggregation)
        .with_technique(Technique::LocalSuppression)
        .with_technique(Technique::Rounding)
        .with_control(Control::Pseudonyms, "customers stand in the ledger under keyed pseudonyms only")?
        .with_control(Control::Aggregation, format!("gate: {below} shown numbers under {threshold} customers"))?
        .with_control(Control::SuppressionAudit, "exact audit of elimination, intervals and unions: passed")?
        .with_differencing(receipt);
    if let Some(least) = counts().min() {
        parts = parts.with_achieved("smallest_shown_count", least);
    }
    for (name, range, measure) in plan.features() {
        let (lower, upper, width) = (range.lower(), range.upper(), range.width());
        let text = format!("{} over {lower}..{upper}, width {width}, in 1e-{}", measure.name(), range.decimals());
        parts = parts.with_parameter_text(format!("feature {name}"), text);
        parts = parts.with_technique(Technique::TopAndBottomCoding);
    }
    for (reason, n) in judged.gated.n_hidden_by_reason() {
        parts = parts.with_hidden(reason.code(), n as u64);
    }
    // PRIVACY: beside frozen figures, an interval of today's would tell how much has changed since.
    let anew = receipt.verdicts.iter().all(|verdict| *verdict == Verdict::Released);
    if let Some(width) = judged.narrowest(threshold).filter(|_| anew) {
        parts = parts.with_narrowest_interval(format!("{}.{:02}", width / 100, width % 100));
    }
    if is_kept {
        let evidence = format!("release r{} of ledger {}", receipt.release, receipt.head);
        parts = parts.with_control(Control::DifferencingLedger, evidence)?;
    }
    Ok(Manifest::of(parts)?)
}
