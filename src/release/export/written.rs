//! The JSON of an export.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::exported::ExportedFeature;
use super::{Export, ExportCell, ExportRow, FeatureMeasure};
use crate::segment::SegmentId;

#[derive(Serialize)]
struct WrittenDefinition<'a> {
    name: &'a str,
    purpose: &'a str,
    population: &'a str,
    strategy: &'a str,
    /// The model under the key of the ledger: equal for equal models, and nothing to try values on.
    model: String,
    n_segments: usize,
    threshold: u64,
    features: &'a [ExportedFeature],
}

#[derive(Serialize)]
struct Consent<'a> {
    source: &'a str,
    notices: &'a [&'static str],
}

#[derive(Serialize)]
struct Band {
    at_least: u64,
    at_most: u64,
}

/// One row with the names of its figures.
struct Row<'a> {
    id: Option<SegmentId>,
    row: &'a ExportRow,
    features: &'a [ExportedFeature],
}

impl Serialize for Export {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = |id, row| Row { id, row, features: &self.features };
        let segments: Vec<Row<'_>> = self.segments.iter().map(|(id, own)| row(Some(*id), own)).collect();
        // The canonical text is a JSON object by construction.
        let manifest: serde_json::Value =
            serde_json::from_str(self.manifest.json()).map_err(serde::ser::Error::custom)?;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", FORMAT)?;
        map.serialize_entry("version", &VERSION)?;
        map.serialize_entry(
            "definition",
            &WrittenDefinition {
                name: &self.definition.name,
                purpose: &self.definition.purpose,
                population: &self.population,
                strategy: &self.strategy,
                model: self.definition.model.to_string(),
                n_segments: self.segments.len(),
                threshold: self.threshold,
                features: &self.features,
            },
        )?;
        map.serialize_entry("at", &self.at)?;
        map.serialize_entry("analysis_date", &self.analysis_date)?;
        map.serialize_entry("consent", &Consent { source: self.consent_source, notices: &self.notices })?;
        map.serialize_entry("everybody", &row(None, &self.everybody))?;
        map.serialize_entry("segments", &segments)?;
        map.serialize_entry("other", &self.other.as_ref().map(|own| row(None, own)))?;
        map.serialize_entry("no_segment", &self.no_segment.as_ref().map(|own| row(None, own)))?;
        map.serialize_entry("left_out", &self.left_out.map(|(at_least, at_most)| Band { at_least, at_most }))?;
        map.serialize_entry("audit_root", &self.audit_root.to_string())?;
        map.serialize_entry("manifest", &manifest)?;
        map.serialize_entry("manifest_sha256", &self.manifest.sha256())?;
        map.end()
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let figures: BTreeMap<&str, (&'static str, Option<ExportCell>)> = self
            .features
            .iter()
            .zip(&self.row.figures)
            .map(|(feature, cell)| (feature.name.as_str(), (feature.measure.name(), *cell)))
            .collect();
        let figures: BTreeMap<&str, BTreeMap<&str, Option<ExportCell>>> =
            figures.into_iter().map(|(name, (measure, cell))| (name, BTreeMap::from([(measure, cell)]))).collect();
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = self.id {
            map.serialize_entry("id", &id)?;
        }
        map.serialize_entry("n", &self.row.n)?;
        map.serialize_entry("share", &self.row.share)?;
        map.serialize_entry("features", &figures)?;
        map.end()
    }
}

impl Serialize for ExportCell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        // A count is written as the whole number it is.
        match self.figure.whole() {
            Some(whole) => map.serialize_entry("value", &whole)?,
            None => map.serialize_entry("value", &self.figure.value())?,
        }
        map.serialize_entry("step", &self.figure.step())?;
        map.serialize_entry("as_of", &self.at)?;
        map.end()
    }
}

impl Serialize for ExportedFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let decimal = |units: i64| units as f64 / 10f64.powi(i32::from(self.range.decimals()));
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("unit", &self.unit.words())?;
        map.serialize_entry("measure", self.measure.name())?;
        map.serialize_entry("lower", &decimal(self.range.lower()))?;
        map.serialize_entry("upper", &decimal(self.range.upper()))?;
        map.serialize_entry("width", &decimal(self.range.width()))?;
        map.end()
    }
}

impl FeatureMeasure {
    /// Gives the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Sum => "sum",
        }
    }
}

const FORMAT: &str = "consentric-segment-export";
const VERSION: u32 = 1;
