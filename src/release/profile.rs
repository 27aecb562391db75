//! What is released of every segment.

use std::fmt;

use indexmap::IndexMap;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Coverage, Density, HiddenSegment, ModelFile, ReleaseError};
use crate::audit::{AuditTrail, Root};
use crate::feature::{FeatureInfo, Unit};
use crate::segment::SegmentId;
use crate::time::{Date, Timestamp};
use crate::warning::Warning;

/// Segments as they may leave: aggregates over at least k customers each.
///
/// Made by [`Segmentation::release`](crate::segment::Segmentation::release) only.
///
/// # Privacy
/// What serialises holds no customer, no pseudonym and no figure about fewer than k customers, unless suppression was
/// switched off by [`KAnonymity::dangerous`](super::KAnonymity::dangerous): then [`Release::is_for_release`] is false
/// and every output says so. Beside it a release carries the full [audit](Release::audit) for the controller.
#[derive(Clone, Debug)]
pub struct Release {
    pub(crate) purpose: String,
    pub(crate) consent_source: &'static str,
    pub(crate) decided_at: Timestamp,
    pub(crate) analysis_date: Date,
    pub(crate) k: u64,
    pub(crate) suppression: bool,
    pub(crate) coverage: Coverage,
    pub(crate) n_customers: u64,
    pub(crate) n_no_segment: Option<u64>,
    pub(crate) strategy: String,
    pub(crate) seed: u64,
    pub(crate) rounds: usize,
    pub(crate) converged: bool,
    pub(crate) inertia: Option<f64>,
    pub(crate) features: Vec<FeatureInfo>,
    pub(crate) segments: Vec<SegmentProfile>,
    pub(crate) hidden: Vec<HiddenSegment>,
    pub(crate) other: Option<Profile>,
    pub(crate) density: Option<Density>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) trail: AuditTrail,
    pub(crate) audit_root: Root,
    pub(crate) model: Result<ModelFile, ReleaseError>,
}

/// One segment of a release. Closed: it is shown or it is not.
#[derive(Clone, Debug, PartialEq)]
pub enum SegmentProfile {
    /// A segment of at least k customers.
    Shown(Profile),
    /// A segment that is hidden, for its own sake or to protect another; the two look alike.
    Suppressed(SegmentId),
}

/// Aggregates over the customers of one segment, in the units of the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    pub(crate) id: Option<SegmentId>,
    pub(crate) name: String,
    pub(crate) n: u64,
    pub(crate) share: f64,
    pub(crate) revenue_share: Option<f64>,
    pub(crate) features: IndexMap<String, FeatureProfile>,
}

/// One feature over the customers of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FeatureProfile {
    /// Arithmetic mean.
    pub mean: f64,
    /// Median: the quantile 1/2.
    pub median: f64,
    /// Quantile 1/4.
    pub q25: f64,
    /// Quantile 3/4.
    pub q75: f64,
    /// Mean of the scaled feature, 0 at the mean of all customers when scaled to z-scores. Not in the JSON.
    #[serde(skip)]
    pub mean_scaled: f64,
    /// Unit of all but the scaled mean. Not in the JSON, where it stands once a feature.
    #[serde(skip)]
    pub unit: Unit,
}

impl Release {
    /// Gives the purpose the customers agreed to.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// Gives where the decisions about consent came from: `events`, `simulated` or `assumed`.
    pub const fn consent_source(&self) -> &'static str {
        self.consent_source
    }

    /// Gives the instant at which consent was judged.
    pub const fn decided_at(&self) -> Timestamp {
        self.decided_at
    }

    /// Gives the day from which recency counts back.
    pub const fn analysis_date(&self) -> Date {
        self.analysis_date
    }

    /// Gives the smallest number of customers a figure may describe.
    pub const fn k(&self) -> u64 {
        self.k
    }

    /// Says whether suppression was on; if not, nothing here may be released.
    pub const fn is_for_release(&self) -> bool {
        self.suppression
    }

    /// Gives the lines that every output must begin with: whether consent was made up or assumed, whether this may leave.
    pub fn notices(&self) -> Vec<&'static str> {
        self.warnings.iter().filter_map(Warning::notice).collect()
    }

    /// Gives who was allowed and who was refused, as far as the counts may leave.
    pub const fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Gives the number of customers who were segmented.
    pub const fn n_customers(&self) -> u64 {
        self.n_customers
    }

    /// Gives the number of customers in no segment; `None` if the number is hidden.
    pub const fn n_no_segment(&self) -> Option<u64> {
        self.n_no_segment
    }

    /// Gives the name of the strategy.
    pub fn strategy(&self) -> &str {
        &self.strategy
    }

    /// Gives the seed of the run.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// Gives the rounds the strategy took.
    pub const fn rounds(&self) -> usize {
        self.rounds
    }

    /// Says whether the strategy came to rest.
    pub const fn converged(&self) -> bool {
        self.converged
    }

    /// Gives the sum of squared distances to the own centroid in scaled features, for strategies with centroids.
    pub const fn inertia(&self) -> Option<f64> {
        self.inertia
    }

    /// Gives the features in their order.
    pub fn features(&self) -> &[FeatureInfo] {
        &self.features
    }

    /// Gives all segments by ascending id, hidden ones included as such.
    pub fn segments(&self) -> &[SegmentProfile] {
        &self.segments
    }

    /// Gives which segments are hidden and why, for the controller.
    ///
    /// # Privacy
    /// It is no part of what may leave: it tells which of the hidden segments are small.
    pub fn hidden_segments(&self) -> &[HiddenSegment] {
        &self.hidden
    }

    /// Gives the profile of all hidden segments together, where these are at least two and hold at least k customers.
    pub const fn other(&self) -> Option<&Profile> {
        self.other.as_ref()
    }

    /// Gives the binned picture of the customers, if there are at least two features.
    pub const fn density(&self) -> Option<&Density> {
        self.density.as_ref()
    }

    /// Gives what the reader should know.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Gives the audit events of all stages up to here, for the controller's own records.
    ///
    /// # Privacy
    /// Its counts may be smaller than k: it is no part of what may leave.
    pub const fn audit(&self) -> &AuditTrail {
        &self.trail
    }

    /// Gives the root of the audit trail as far as it is published; see [`AuditTrail::published`].
    pub const fn audit_root(&self) -> Root {
        self.audit_root
    }

    /// Gives the model, which assigns new customers elsewhere or later.
    ///
    /// # Errors
    /// [`ReleaseError::ModelIsPersonal`] if it tells of fewer than k customers, [`ReleaseError::ModelNotWritable`] for
    /// strategies without centroids.
    pub const fn model(&self) -> Result<&ModelFile, &ReleaseError> {
        self.model.as_ref()
    }
}

impl SegmentProfile {
    /// Gives the number of the segment.
    pub fn id(&self) -> SegmentId {
        match self {
            Self::Shown(profile) => profile.id.unwrap_or(SegmentId(u32::MAX)),
            Self::Suppressed(id) => *id,
        }
    }

    /// Gives the profile, `None` if the segment is hidden.
    pub const fn profile(&self) -> Option<&Profile> {
        match self {
            Self::Shown(profile) => Some(profile),
            Self::Suppressed(_) => None,
        }
    }
}

impl Profile {
    /// Gives the number of the segment, `None` for the union of the hidden ones.
    pub const fn id(&self) -> Option<SegmentId> {
        self.id
    }

    /// Gives the name in words.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the number of customers.
    pub const fn n(&self) -> u64 {
        self.n
    }

    /// Gives the share of the segmented customers, 0 to 1.
    pub const fn share(&self) -> f64 {
        self.share
    }

    /// Gives the share of all their money, if the features hold money and its total is not 0.
    pub const fn revenue_share(&self) -> Option<f64> {
        self.revenue_share
    }

    /// Gives a feature by name.
    pub fn feature(&self, name: &str) -> Option<&FeatureProfile> {
        self.features.get(name)
    }

    /// Gives the features in their order.
    pub fn features(&self) -> impl ExactSizeIterator<Item = (&str, &FeatureProfile)> {
        self.features.iter().map(|(name, profile)| (name.as_str(), profile))
    }
}

impl fmt::Display for SegmentProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Suppressed(id) => write!(f, "{id} suppressed"),
            Self::Shown(profile) => {
                if let Some(id) = profile.id {
                    write!(f, "{id} ")?;
                }
                write!(f, "{}: {} customers ({:.1} %)", profile.name, profile.n, profile.share * 100.0)?;
                for (name, feature) in &profile.features {
                    write!(f, ", {name} {:.1} {}", feature.median, feature.unit.words())?;
                }
                Ok(())
            }
        }
    }
}

impl Serialize for SegmentProfile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shown(profile) => profile.serialize(serializer),
            Self::Suppressed(id) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("id", id)?;
                map.serialize_entry("suppressed", &true)?;
                map.end()
            }
        }
    }
}

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("n", &self.n)?;
        map.serialize_entry("share", &self.share)?;
        map.serialize_entry("revenue_share", &self.revenue_share)?;
        map.serialize_entry("features", &self.features)?;
        // Not computed yet; the keys are part of the stable shape.
        for key in ["silhouette", "jaccard", "rule"] {
            map.serialize_entry(key, &None::<f64>)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Consent {
    source: &'static str,
    notices: Vec<&'static str>,
}

impl Serialize for Release {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("purpose", &self.purpose)?;
        map.serialize_entry("decided_at", &self.decided_at)?;
        map.serialize_entry("analysis_date", &self.analysis_date)?;
        map.serialize_entry("k_anonymity", &self.k)?;
        map.serialize_entry("for_release", &self.suppression)?;
        map.serialize_entry("n_known", &self.coverage.n_known)?;
        map.serialize_entry("n_allowed", &self.coverage.n_allowed)?;
        map.serialize_entry("n_customers", &self.n_customers)?;
        map.serialize_entry("refused", &self.coverage.refused)?;
        map.serialize_entry("strategy", &self.strategy)?;
        map.serialize_entry("n_segments", &self.segments.len())?;
        map.serialize_entry("n_no_segment", &self.n_no_segment)?;
        map.serialize_entry("segments", &self.segments)?;
        map.serialize_entry("other", &self.other)?;
        map.serialize_entry("features", &self.features)?;
        map.serialize_entry("inertia", &self.inertia)?;
        map.serialize_entry("rounds", &self.rounds)?;
        map.serialize_entry("converged", &self.converged)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.serialize_entry("consent", &Consent { source: self.consent_source, notices: self.notices() })?;
        map.serialize_entry("audit_root", &self.audit_root.to_string())?;
        map.end()
    }
}
