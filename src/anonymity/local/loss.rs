//! The loss of a table in which every row has labels of its own.

use super::super::prepared::Prepared;
use super::super::{Aggregate, AnonymityError, Metric};
use super::labels::ColumnLabels;
use super::parts::Part;

/// Says whether a metric has a meaning without levels.
///
/// # Errors
/// [`AnonymityError::Unsupported`] if it has none.
pub(super) const fn check(metric: Metric) -> Result<(), AnonymityError> {
    match metric {
        Metric::Loss | Metric::Aecs | Metric::Dm | Metric::DmStar => Ok(()),
        _ => Err(AnonymityError::Unsupported {
            what: "a metric of levels for a model without levels",
            instead: "take `loss`, `aecs`, `dm` or `dm-star`",
        }),
    }
}

/// The loss by the plan's metric; no row is suppressed.
// SPEC: section 4 with the label of every row: n·c of a class becomes the sum over its parts.
pub(super) fn loss(prepared: &Prepared<'_>, parts: &[Part], columns: &[ColumnLabels], sizes: &[u64]) -> Vec<f64> {
    let quality = &prepared.plan.quality;
    let gs = quality.gs_factor;
    let (suppression, generalisation) =
        (if gs < 0.5 { 2.0 * gs } else { 1.0 }, if gs <= 0.5 { 1.0 } else { 2.0 - 2.0 * gs });
    match quality.metric {
        Metric::Dm | Metric::DmStar => {
            vec![sizes.iter().map(|n| u128::from(*n) * u128::from(*n)).sum::<u128>() as f64]
        }
        Metric::Aecs => vec![prepared.n as f64 / (suppression * sizes.len() as f64)],
        _ => {
            let n = prepared.n as f64;
            let weighted = columns.iter().zip(&prepared.quasi).map(|(column, quasi)| {
                let cells = parts.iter().enumerate();
                let covered: u128 =
                    cells.map(|(number, part)| part.rows.len() as u128 * u128::from(column.covers(number))).sum();
                let domain = column.domain as f64;
                let sum = generalisation * covered as f64 / domain;
                let low = generalisation * n / domain;
                let share = if low < n { ((sum - low) / (n - low)).max(0.0) } else { 0.0 };
                quasi.weight * (share * 1e10).floor() / 1e10
            });
            aggregate(quality.aggregate().unwrap_or(Aggregate::Geometric), weighted.collect())
        }
    }
}

fn aggregate(aggregate: Aggregate, mut losses: Vec<f64>) -> Vec<f64> {
    let m = losses.len() as f64;
    match aggregate {
        Aggregate::Arithmetic => vec![losses.iter().sum::<f64>() / m],
        Aggregate::Geometric => vec![losses.iter().map(|loss| 1.0 + loss).product::<f64>().powf(1.0 / m) - 1.0],
        Aggregate::Sum => vec![losses.iter().sum()],
        Aggregate::Max => vec![losses.iter().copied().fold(0.0, f64::max)],
        Aggregate::Rank => {
            losses.sort_by(|a, b| b.total_cmp(a));
            losses
        }
    }
}
