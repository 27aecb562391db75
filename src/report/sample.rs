//! Releases made by hand for the tests of this module.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::audit::AuditTrail;
use crate::feature::{FeatureInfo, Unit};
use crate::record::Currency;
use crate::release::{
    Axis, Bin, Coverage, Density, FeatureProfile, Profile, Release, ReleaseError, ReleasedCount, SegmentProfile,
};
use crate::segment::SegmentId;
use crate::time::{Date, Timestamp};
use crate::warning::Warning;

/// A release of five segments by recency, frequency and spend; two more are hidden.
pub(super) fn release() -> Release {
    let rows = [
        ("hibernating, lower spend", 540, 0.072, [457.0, 1.0, 14.96], [0.62, -0.71, -0.93]),
        ("about to sleep", 412, 0.138, [391.5, 1.0, 41.55], [0.41, -0.64, 0.12]),
        ("potential loyalists", 301, 0.174, [98.0, 3.0, 73.2], [-0.38, 0.47, 0.36]),
        ("champions", 218, 0.412, [24.0, 8.0, 259.35], [-1.94, 1.86, 1.57]),
        ("need attention", 133, 0.127, [164.0, 4.0, 148.1], [-0.11, 0.83, 1.02]),
    ];
    let segments = rows.iter().enumerate().map(|(id, (name, n, revenue, medians, scaled))| {
        SegmentProfile::Shown(profile(Some(id as u32), name, *n, Some(*revenue), &RFM, medians, scaled))
    });
    let mut segments: Vec<SegmentProfile> = segments.collect();
    segments.extend([5, 6].map(|id| SegmentProfile::Suppressed(SegmentId(id))));
    Release {
        purpose: "segmentation_marketing".to_owned(),
        consent_source: "events",
        audit_root: AuditTrail::new("sample").root(),
        model: Err(ReleaseError::ModelIsPersonal { k: 20 }),
        decided_at: Timestamp::parse("1998-07-01T00:00:00Z").unwrap(),
        analysis_date: Date::from_ymd(1998, 7, 1).unwrap(),
        k: 20,
        suppression: true,
        coverage: coverage(),
        n_customers: 1_640,
        n_no_segment: Some(0),
        strategy: "k-means".to_owned(),
        seed: 42,
        rounds: 17,
        converged: true,
        inertia: Some(1_234.5),
        features: infos(&RFM),
        segments,
        hidden: Vec::new(),
        other: Some(profile(None, "other", 36, Some(0.077), &RFM, &[201.0, 5.0, 311.0], &[0.1, 1.0, 1.9])),
        density: Some(density()),
        warnings: vec![Warning::Suppressed { segments: 2, k: 20 }],
        trail: AuditTrail::new("test"),
    }
}

/// A release over the given features with one segment and no density.
pub(super) fn single(features: &[(&str, Unit)], name: &str) -> Release {
    let zeros = vec![0.0; features.len()];
    let medians: Vec<f64> = (0..features.len()).map(|index| index as f64 * 3.25).collect();
    Release {
        features: infos(features),
        segments: vec![SegmentProfile::Shown(profile(Some(0), name, 1_640, None, features, &medians, &zeros))],
        other: None,
        density: None,
        warnings: Vec::new(),
        ..release()
    }
}

/// A release in which every segment is hidden and only all together show.
pub(super) fn all_hidden() -> Release {
    let mut release = release();
    release.segments = (0..3).map(|id| SegmentProfile::Suppressed(SegmentId(id))).collect();
    release.density = None;
    release
}

fn infos(features: &[(&str, Unit)]) -> Vec<FeatureInfo> {
    features.iter().map(|(name, unit)| FeatureInfo { name: (*name).to_owned(), unit: *unit }).collect()
}

fn profile(
    id: Option<u32>,
    name: &str,
    n: u64,
    revenue_share: Option<f64>,
    features: &[(&str, Unit)],
    medians: &[f64],
    scaled: &[f64],
) -> Profile {
    let figures = features.iter().zip(medians).zip(scaled).map(|(((name, unit), median), mean_scaled)| {
        let (mean, q25, q75) = (median * 1.1, median * 0.8, median * 1.3);
        ((*name).to_owned(), FeatureProfile { mean, median: *median, q25, q75, mean_scaled: *mean_scaled, unit: *unit })
    });
    Profile {
        id: id.map(SegmentId),
        name: name.to_owned(),
        n,
        share: n as f64 / 1_640.0,
        revenue_share,
        features: figures.collect::<IndexMap<_, _>>(),
    }
}

fn coverage() -> Coverage {
    let refused = [
        ("CONSENT_REFUSED", ReleasedCount::Shown(217)),
        ("CONSENT_WITHDRAWN", ReleasedCount::Suppressed),
        ("NO_CONSENT", ReleasedCount::Shown(401)),
        ("UNKNOWN_SUBJECT", ReleasedCount::Suppressed),
    ];
    Coverage {
        n_known: ReleasedCount::Shown(2_357),
        n_allowed: ReleasedCount::Shown(1_640),
        refused: refused.into_iter().collect::<BTreeMap<_, _>>(),
    }
}

/// About sixty hexagons in the shape of shop data: a dense side of people long gone, a tail of good customers.
fn density() -> Density {
    let radius = 0.28;
    let (across, down) = (radius * 3f64.sqrt(), radius * 1.5);
    let mut bins = Vec::new();
    for row in -5..=5 {
        for column in -6..=7 {
            let x = (f64::from(column) + if row % 2 == 0 { 0.0 } else { 0.5 }) * across;
            let y = f64::from(row) * down;
            let left = (-((x + 1.6).powi(2) / 0.7 + (y - 0.1).powi(2) / 1.1)).exp();
            let right = 0.7 * (-((x - 1.3).powi(2) / 2.8 + (y - 0.35 * x + 0.3).powi(2) / 0.5)).exp();
            let height = left.max(right);
            if height < 0.13 {
                continue;
            }
            let segment = match (x, y) {
                (x, y) if x < -0.8 && y < 0.05 => Some(0),
                (x, _) if x < -0.8 => Some(1),
                (x, _) if x < 0.35 => None,
                (x, _) if x < 1.25 => Some(2),
                (x, y) if x < 1.9 && y < 0.3 => Some(4),
                _ => Some(3),
            };
            bins.push(Bin { x, y, step: (height * 5.0).ceil() as u8, segment: segment.map(SegmentId) });
        }
    }
    Density {
        axes: [
            Axis { explained: 0.713, loadings: vec![-0.58, 0.61, 0.54] },
            Axis { explained: 0.194, loadings: vec![0.79, 0.13, 0.6] },
        ],
        radius,
        bins,
        share_left_out: Some(0.083),
    }
}

pub(super) const RFM: [(&str, Unit); 3] =
    [("recency_days", Unit::Days), ("frequency", Unit::PurchaseDays), ("monetary_total", Unit::Money(Currency::USD))];
