//! The shape of `outcome.json`.

use std::collections::BTreeMap;

use consentric::release::{Coverage, Publish, Release, ReleasedCount};
use serde::Serialize;

use crate::failure::Failure;

/// `outcome.json`; keys are stable and only ever added to.
#[derive(Serialize)]
pub struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
    schema: &'static str,
    consent_source: &'a str,
    #[serde(flatten)]
    release: &'a Release,
    /// Arrives with the quality measures of a later version.
    quality: Option<()>,
    /// Arrives with the choice of the number of segments of a later version.
    choice: Option<()>,
    coverage: CoverageSection,
    settings: BTreeMap<&'a str, String>,
}

/// Counts only: the bias of consent arrives with a later version.
#[derive(Serialize)]
struct CoverageSection {
    detail: &'static str,
    n: ReleasedCount,
    n_covered: ReleasedCount,
    coverage: Option<f64>,
    /// Whether a count here or under `refused` is hidden.
    suppressed: bool,
    features: BTreeMap<String, ()>,
    by_segment: Vec<()>,
    refit: Option<()>,
}

impl<'a> Document<'a> {
    pub fn new(release: &'a Release, consent_source: &'a str, settings: &'a [(&'static str, String)]) -> Self {
        let Coverage { n_known, n_allowed, refused, .. } = release.coverage();
        let coverage = match (n_allowed.shown(), n_known.shown()) {
            (Some(allowed), Some(known)) if known > 0 => Some(allowed as f64 / known as f64),
            _ => None,
        };
        Self {
            notice: Some(release.notices().join("; ")).filter(|notice| !notice.is_empty()),
            schema: "consentric.segment_customers/1",
            consent_source,
            release,
            quality: None,
            choice: None,
            coverage: CoverageSection {
                detail: "counts_only",
                n: *n_known,
                n_covered: *n_allowed,
                coverage,
                suppressed: refused.values().chain([n_known, n_allowed]).any(|n| n.shown().is_none()),
                features: BTreeMap::new(),
                by_segment: Vec::new(),
                refit: None,
            },
            settings: settings.iter().map(|(name, value)| (*name, value.clone())).collect(),
        }
    }

    pub fn json(&self) -> Result<String, Failure> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// The model as JSON, if it may leave.
pub fn model_json(model: &impl Publish) -> Result<String, Failure> {
    Ok(model.to_json()? + "\n")
}
