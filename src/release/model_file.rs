//! A fitted model as a file.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::name::names;
use super::{KAnonymity, ReleaseError};
use crate::feature::{FeatureInfo, Features, FittedScale, Scale, Transform};
use crate::segment::Segmentation;
use crate::time::{Date, Timestamp};
use crate::warning::Warning;

/// A fitted model with its scaler, as JSON with a checksum: it assigns new customers elsewhere or later.
///
/// Made by a release or by [`ModelFile::parse`] only.
///
/// # Privacy
/// Exists only if every centroid is the mean of at least k customers and the scaler holds no extreme value: the mean of
/// a few, or the largest spend, is personal data. It says so if consent was simulated or assumed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ModelFile {
    written: Written,
}

/// The form on disk; `Deserialize` stays in here, so that nothing unchecked becomes a [`ModelFile`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    version: u32,
    strategy: String,
    schema: Vec<Column>,
    scaler: Vec<FittedScale>,
    parameters: Parameters,
    segments: Vec<Named>,
    fit: FitFacts,
    consent: ConsentFacts,
    contains_personal_data: bool,
    sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    name: String,
    kind: String,
    unit: String,
    transform: Transform,
    /// Labels of a category; numbers have none.
    levels: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    centroids: Vec<Vec<f64>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    id: u32,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FitFacts {
    seed: u64,
    rounds: usize,
    converged: bool,
    analysis_date: Date,
    purpose: String,
    decided_at: Timestamp,
    /// Not known to the pipeline, which sees records and no files.
    input_sha256: Option<String>,
    crate_version: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentFacts {
    source: String,
    notices: Vec<String>,
}

impl Segmentation<'_> {
    /// The model as a file that may leave under `policy`, with the notices among `warnings`.
    pub(super) fn model_file(&self, policy: &KAnonymity, warnings: &[Warning]) -> Result<ModelFile, ReleaseError> {
        let k = policy.k();
        let features = self.features;
        let not_writable = || ReleaseError::ModelNotWritable { strategy: self.strategy.clone() };
        let centroids = self.model.centroids().ok_or_else(not_writable)?;
        if centroids.dim() != (self.n_segments(), features.x.ncols()) {
            return Err(not_writable());
        }
        let members = self.members();
        let personal = members.iter().any(|rows| (rows.len() as u64) < k)
            || features.scales.iter().any(|scale| scale.scale == Scale::MinMax)
            || !stand_for(&centroids, &members, features);
        if personal {
            return Err(ReleaseError::ModelIsPersonal { k });
        }
        let members: Vec<(usize, &[usize])> = members.iter().map(Vec::as_slice).enumerate().collect();
        let column = |(info, scale): (&FeatureInfo, &FittedScale)| Column {
            name: info.name.clone(),
            kind: "number".to_owned(),
            unit: info.unit.words(),
            transform: scale.transform,
            levels: Vec::new(),
        };
        let mut written = Written {
            format: FORMAT.to_owned(),
            version: VERSION,
            strategy: self.strategy.clone(),
            schema: features.columns().iter().zip(&features.scales).map(column).collect(),
            scaler: features.scales.clone(),
            parameters: Parameters { centroids: centroids.outer_iter().map(|row| row.to_vec()).collect() },
            segments: names(features, &members)
                .into_iter()
                .enumerate()
                .map(|(place, name)| Named { id: place as u32, name })
                .collect(),
            fit: FitFacts {
                seed: self.seed,
                rounds: self.rounds,
                converged: self.converged,
                analysis_date: features.analysis_date(),
                purpose: self.run.purpose.clone(),
                decided_at: self.run.at,
                input_sha256: None,
                crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            consent: ConsentFacts {
                source: self.run.source.to_owned(),
                notices: warnings.iter().filter_map(Warning::notice).map(str::to_owned).collect(),
            },
            contains_personal_data: false,
            sha256: String::new(),
        };
        written.sha256 = written.checksum()?;
        Ok(ModelFile { written })
    }
}

/// Whether every centroid lies close to the mean of its members.
///
/// PRIVACY: labels are counted after the last update, so a centroid that had not come to rest can still be the value of
/// one customer. One that lies where the mean of k or more lies tells no more than that mean.
fn stand_for(centroids: &ArrayView2<'_, f64>, members: &[Vec<usize>], features: &Features) -> bool {
    let n = features.x.nrows() as f64;
    let variance = features.x.columns().into_iter().map(|column| column.var(0.0)).sum::<f64>();
    centroids.outer_iter().zip(members).all(|(centroid, rows)| {
        let mut squared = 0.0;
        for (column, centre) in centroid.iter().enumerate() {
            let values = rows.iter().filter_map(|row| features.x.get((*row, column)));
            let mean = values.sum::<f64>() / rows.len() as f64;
            squared += (mean - centre) * (mean - centre);
        }
        n > 0.0 && squared <= CLOSE * variance
    })
}

impl ModelFile {
    /// Reads a model file and checks its format, version, checksum and shape.
    ///
    /// # Errors
    /// [`ReleaseError::ModelVersion`] for another version, [`ReleaseError::ModelChecksum`] if the file was changed,
    /// [`ReleaseError::ModelFile`] for anything else, with what is wrong.
    pub fn parse(json: &str) -> Result<Self, ReleaseError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let problem = |problem| ReleaseError::ModelFile { problem };
        let head: Head = serde_json::from_str(json).map_err(|_| problem("no JSON with `format` and `version`"))?;
        if head.format != FORMAT {
            return Err(problem("`format` is not `consentric-model`"));
        }
        if head.version != VERSION {
            return Err(ReleaseError::ModelVersion { found: head.version, known: VERSION });
        }
        let written: Written =
            serde_json::from_str(json).map_err(|_| problem("a field is missing, unknown or of the wrong type"))?;
        if written.sha256 != written.checksum()? {
            return Err(ReleaseError::ModelChecksum);
        }
        let (k, d) = (written.parameters.centroids.len(), written.schema.len());
        let widths = written.parameters.centroids.iter().all(|centroid| centroid.len() == d);
        if k == 0 || d == 0 || !widths || written.scaler.len() != d || written.segments.len() != k {
            return Err(problem("schema, scaler, centroids and segments do not match"));
        }
        let scale_works = |scale: &FittedScale| scale.spread >= 0.0 && scale.factor > 0.0;
        if !written.scaler.iter().all(scale_works) {
            return Err(problem("a scale is negative or has no weight"));
        }
        if written.contains_personal_data {
            return Err(problem("it says that it contains personal data, which this version never writes"));
        }
        Ok(Self { written })
    }

    /// Gives the segment of one customer by values in original units, and the squared distance in scaled features.
    ///
    /// Ties go to the lower number. `None` if a value is missing, not finite or too large to scale, or the number of
    /// values is wrong.
    ///
    /// # Privacy
    /// The result is personal data; ask for consent first.
    ///
    /// # Complexity
    /// `O(n_segments · n_features)`, no allocation.
    pub fn assign(&self, values: &[f64]) -> Option<(u32, f64)> {
        let scaler = &self.written.scaler;
        if values.len() != scaler.len() || !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let mut best: Option<(u32, f64)> = None;
        for (place, centroid) in self.written.parameters.centroids.iter().enumerate() {
            let distance: f64 = values
                .iter()
                .zip(scaler)
                .zip(centroid)
                .map(|((value, scale), centre)| scale.apply(*value) - centre)
                .map(|difference| difference * difference)
                .sum();
            if !distance.is_finite() {
                return None;
            }
            if best.is_none_or(|(_, least)| distance < least) {
                best = Some((place as u32, distance));
            }
        }
        best
    }

    /// Gives the names of the features in the order in which [`assign`](Self::assign) takes their values.
    pub fn features(&self) -> impl ExactSizeIterator<Item = &str> {
        self.written.schema.iter().map(|column| column.name.as_str())
    }

    /// Gives the name of a segment.
    pub fn segment_name(&self, segment: u32) -> Option<&str> {
        self.written.segments.iter().find(|named| named.id == segment).map(|named| named.name.as_str())
    }
}

impl Written {
    /// The checksum over the compact JSON with an empty checksum.
    fn checksum(&self) -> Result<String, ReleaseError> {
        let bare = Self { sha256: String::new(), ..self.clone() };
        let bytes =
            serde_json::to_vec(&bare).map_err(|_| ReleaseError::ModelFile { problem: "a value has no JSON form" })?;
        Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

const FORMAT: &str = "consentric-model";
const VERSION: u32 = 1;
/// Share of the total variance by which a centroid may lie off the mean of its members, squared.
const CLOSE: f64 = 1e-3;

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Written {
        let scale = FittedScale::fit(&[1.0, 3.0], Transform::None, Scale::Z, 1.0);
        Written {
            format: FORMAT.to_owned(),
            version: VERSION,
            strategy: "k-means".to_owned(),
            schema: vec![Column {
                name: "visits".to_owned(),
                kind: "number".to_owned(),
                unit: String::new(),
                transform: Transform::None,
                levels: Vec::new(),
            }],
            scaler: vec![scale],
            parameters: Parameters { centroids: vec![vec![-1.0], vec![1.0]] },
            segments: (0..2).map(|id| Named { id, name: format!("segment {id}") }).collect(),
            fit: FitFacts {
                seed: 1,
                rounds: 2,
                converged: true,
                analysis_date: Date::MIN,
                purpose: "newsletter".to_owned(),
                decided_at: Timestamp::from_micros(0),
                input_sha256: None,
                crate_version: "0.1.0".to_owned(),
            },
            consent: ConsentFacts { source: "events".to_owned(), notices: Vec::new() },
            contains_personal_data: false,
            sha256: String::new(),
        }
    }

    /// Parses the file after a change that was signed again.
    fn parse(change: impl FnOnce(&mut Written)) -> Result<ModelFile, ReleaseError> {
        let mut written = written();
        change(&mut written);
        written.sha256 = written.checksum()?;
        ModelFile::parse(&serde_json::to_string(&written).unwrap())
    }

    #[test]
    fn a_resigned_model_of_the_wrong_shape_is_refused() {
        assert_eq!(parse(|_| {}).unwrap().assign(&[2.5]).unwrap().0, 1);
        let changes: [fn(&mut Written); 8] = [
            |written| written.contains_personal_data = true,
            |written| written.scaler.iter_mut().for_each(|scale| scale.factor = 0.0),
            |written| written.scaler.iter_mut().for_each(|scale| scale.spread = -1.0),
            |written| written.parameters.centroids.clear(),
            |written| written.parameters.centroids.iter_mut().for_each(|centroid| centroid.push(0.0)),
            |written| written.scaler.clear(),
            |written| written.segments.clear(),
            |written| {
                written.parameters.centroids.clear();
                written.segments.clear();
            },
        ];
        for change in changes {
            assert!(matches!(parse(change), Err(ReleaseError::ModelFile { .. })));
        }
    }
}
