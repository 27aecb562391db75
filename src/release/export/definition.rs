//! What is frozen with an export.

use super::{ExportPlan, FeatureMeasure, FeatureRange};
use crate::release::ReleaseError;
use crate::release::ledger::{CellDefinition, Digest, Measure, ReleaseLedger};
use crate::segment::Segmentation;

/// The names under which the ledger knows the cells of an export.
///
/// # Privacy
/// Model and key stand as names under the ledger key: whoever knows all customers but one could try out which value of
/// that one gives a plain digest of the centroids.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) purpose: String,
    /// The name of model and scales.
    pub(super) model: Digest,
    /// The name of the key of pseudonyms and its domain.
    key: Digest,
}

impl Definition {
    pub(super) fn of(
        segmentation: &Segmentation<'_>,
        plan: &ExportPlan,
        ledger: &ReleaseLedger,
    ) -> Result<Self, ReleaseError> {
        let model = ledger.name_of(&model(segmentation, plan)?);
        // PRIVACY: pseudonyms of another key would differ for everybody, so that nothing would be found to be close.
        let key = ledger.name_of(&Digest::of(&segmentation.features.domain_mark.bytes()));
        let name = plan.definition.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| {
            let ranges = plan.features.iter().map(|(name, (range, measure))| described(name, *range, *measure));
            let frozen = Digest::of_texts(std::iter::once(model.to_string()).chain(ranges)).to_string();
            format!("model {}", frozen.get(..16).unwrap_or_default())
        });
        Ok(Self { name, purpose: segmentation.run.purpose.clone(), model, key })
    }

    /// The number of all customers: the same figure in every definition, so that it can be frozen in all.
    pub(super) fn everybody(&self) -> CellDefinition {
        CellDefinition::new(&self.purpose, "", Measure::Count).with_cuts(self.key)
    }

    /// The number of customers of a part of the table.
    pub(super) fn count(&self, label: &str) -> CellDefinition {
        self.cell(Measure::Count, Digest::of_texts([self.key.to_string()]), Some(label))
    }

    /// A figure of a feature; without a label that of all customers.
    pub(super) fn figure(
        &self,
        name: &str,
        range: FeatureRange,
        measure: FeatureMeasure,
        label: Option<&str>,
    ) -> CellDefinition {
        let frozen = Digest::of_texts([self.key.to_string(), described(name, range, measure)]);
        let measure = match measure {
            FeatureMeasure::Mean => Measure::Mean(name.to_owned()),
            FeatureMeasure::Sum => Measure::Sum(name.to_owned()),
        };
        self.cell(measure, frozen, label)
    }

    fn cell(&self, measure: Measure, frozen: Digest, label: Option<&str>) -> CellDefinition {
        let cell = CellDefinition::new(&self.purpose, &self.name, measure).with_centroids(self.model).with_cuts(frozen);
        cell.with_cell(label)
    }
}

/// Everything that decides who is in which segment.
fn model(segmentation: &Segmentation<'_>, plan: &ExportPlan) -> Result<Digest, ReleaseError> {
    let features = segmentation.features;
    let names = features.columns().iter().map(|column| column.name.clone());
    let identity = match (segmentation.model.centroids(), &plan.model_version) {
        (Some(centroids), _) => {
            let scales = features.scales.iter().flat_map(|scale| [scale.center, scale.spread, scale.factor]);
            let kinds = features.scales.iter().map(|scale| format!("{:?} {:?}", scale.transform, scale.scale));
            let numbers = Digest::of_numbers(centroids.iter().copied().chain(scales)).to_string();
            Digest::of_texts(kinds.chain([numbers])).to_string()
        }
        (None, Some(version)) => version.clone(),
        (None, None) => return Err(ReleaseError::NoModelIdentity { strategy: segmentation.strategy.clone() }),
    };
    let n_segments = segmentation.n_segments().to_string();
    Ok(Digest::of_texts([segmentation.strategy.clone(), n_segments, identity].into_iter().chain(names)))
}

fn described(name: &str, range: FeatureRange, measure: FeatureMeasure) -> String {
    let (lower, upper, width) = (range.lower(), range.upper(), range.width());
    format!("{name} {measure:?} {lower}..{upper}:{width}e-{}", range.decimals())
}
