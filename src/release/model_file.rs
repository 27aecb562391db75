//! A fitted model as a file.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{KAnonymity, ReleaseError};
use crate::feature::FittedScale;
use crate::segment::Segmentation;

/// A fitted model with its scaler, as JSON with a checksum: it assigns new customers elsewhere or later.
///
/// # Privacy
/// Written only if every centroid stands for at least k customers: the mean of a few is personal data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    format: String,
    version: u32,
    strategy: String,
    schema: Vec<Column>,
    scaler: Vec<FittedScale>,
    parameters: Parameters,
    segments: Vec<Named>,
    fit: FitFacts,
    contains_personal_data: bool,
    sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Column {
    name: String,
    kind: String,
    unit: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Parameters {
    centroids: Vec<Vec<f64>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Named {
    id: u32,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct FitFacts {
    seed: u64,
    rounds: usize,
    converged: bool,
    analysis_date: String,
    purpose: String,
    decided_at: String,
    crate_version: String,
}

impl Segmentation<'_> {
    /// Gives the model as a file that may leave under `policy`.
    ///
    /// # Errors
    /// [`ReleaseError::ModelIsPersonal`] if a centroid stands for fewer than k customers,
    /// [`ReleaseError::ModelNotWritable`] if the strategy has no centroids.
    pub fn model_file(&self, policy: &KAnonymity) -> Result<ModelFile, ReleaseError> {
        let k = policy.k();
        if self.has_personal_centroids(k) {
            return Err(ReleaseError::ModelIsPersonal { k });
        }
        let not_writable = || ReleaseError::ModelNotWritable { strategy: self.strategy.clone() };
        let centroids = self.model.centroids().ok_or_else(not_writable)?;
        let features = self.features;
        let members = self.members();
        let members: Vec<(usize, &[usize])> = members.iter().map(Vec::as_slice).enumerate().collect();
        let names = super::name::names(features, &members);
        let mut file = ModelFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            strategy: self.strategy.clone(),
            schema: features
                .columns()
                .iter()
                .map(|column| Column {
                    name: column.name.clone(),
                    kind: "number".to_owned(),
                    unit: column.unit.words(),
                })
                .collect(),
            scaler: features.scales.clone(),
            parameters: Parameters { centroids: centroids.outer_iter().map(|row| row.to_vec()).collect() },
            segments: names.into_iter().enumerate().map(|(place, name)| Named { id: place as u32, name }).collect(),
            fit: FitFacts {
                seed: self.seed,
                rounds: self.rounds,
                converged: self.converged,
                analysis_date: features.analysis_date().to_string(),
                purpose: self.run.purpose.clone(),
                decided_at: self.run.at.to_string(),
                crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            contains_personal_data: false,
            sha256: String::new(),
        };
        file.sha256 = file.checksum()?;
        Ok(file)
    }
}

impl Segmentation<'_> {
    /// Whether a centroid stands for fewer than k customers.
    pub(super) fn has_personal_centroids(&self, k: u64) -> bool {
        self.sizes().iter().any(|size| *size < k)
    }
}

impl ModelFile {
    /// Reads a model file and checks its format, version, checksum and shape.
    ///
    /// # Errors
    /// [`ReleaseError::ModelFile`] with what is wrong.
    pub fn parse(json: &str) -> Result<Self, ReleaseError> {
        let problem = |problem| ReleaseError::ModelFile { problem };
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let head: Head = serde_json::from_str(json).map_err(|_| problem("no JSON with `format` and `version`"))?;
        if head.format != FORMAT {
            return Err(problem("`format` is not `consentric-model`"));
        }
        if head.version != VERSION {
            return Err(problem("written by another version of the format; this crate reads version 1"));
        }
        let file: Self = serde_json::from_str(json).map_err(|_| problem("a field is missing or of the wrong type"))?;
        if file.sha256 != file.checksum()? {
            return Err(problem("the checksum does not match: the file was changed"));
        }
        let d = file.schema.len();
        if file.scaler.len() != d || file.parameters.centroids.iter().any(|centroid| centroid.len() != d) {
            return Err(problem("schema, scaler and centroids have different numbers of features"));
        }
        Ok(file)
    }

    /// Gives the segment of one customer by values in original units, and the squared distance in scaled features.
    ///
    /// Ties go to the lower number. `None` if a value is missing, not finite, or the number of values is wrong.
    ///
    /// # Privacy
    /// The result is personal data; ask for consent first.
    ///
    /// # Complexity
    /// `O(n_segments · n_features)`, no allocation.
    pub fn assign(&self, values: &[f64]) -> Option<(u32, f64)> {
        if values.len() != self.scaler.len() || !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let mut best: Option<(u32, f64)> = None;
        for (place, centroid) in self.parameters.centroids.iter().enumerate() {
            let distance: f64 = values
                .iter()
                .zip(&self.scaler)
                .zip(centroid)
                .map(|((value, scale), centre)| scale.apply(*value) - centre)
                .map(|difference| difference * difference)
                .sum();
            if best.is_none_or(|(_, least)| distance < least) {
                best = Some((place as u32, distance));
            }
        }
        best
    }

    /// Gives the names of the features in the order in which [`assign`](Self::assign) takes their values.
    pub fn features(&self) -> impl ExactSizeIterator<Item = &str> {
        self.schema.iter().map(|column| column.name.as_str())
    }

    /// Gives the name of a segment.
    pub fn segment_name(&self, segment: u32) -> Option<&str> {
        self.segments.iter().find(|named| named.id == segment).map(|named| named.name.as_str())
    }

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
