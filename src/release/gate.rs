//! The release door: from who is where to what may be said about it.

use indexmap::IndexMap;
use ndarray::ArrayView1;
use rayon::prelude::*;

use super::hidden::Hidden;
use super::name::names;
use super::{Coverage, Density, FeatureProfile, KAnonymity, Profile, Release, ReleaseError, SegmentProfile};
use crate::audit::{Action, Outcome};
use crate::feature::{Features, Unit, quantile};
use crate::segment::{SegmentId, Segmentation};
use crate::warning::Warning;

impl Segmentation<'_> {
    /// Gives the aggregates that may leave under `policy`.
    ///
    /// A segment of fewer than k customers is hidden. If it is the only one, or all hidden ones together are fewer than
    /// k, the smallest others are hidden with them, since the total would give the number away: the sizes go through
    /// the [gate](super::table::Table::gate) as a table with its total. Hidden segments then leave as one profile of
    /// their union.
    ///
    /// # Privacy
    /// k counts customers, not rows. The audit event holds how many segments were shown and hidden, and by which rule;
    /// [`Release::hidden_segments`] tells the controller which.
    ///
    /// # Errors
    /// [`ReleaseError::TooFewCustomers`] if all customers together are fewer than k,
    /// [`ReleaseError::NothingToShow`] if no segment can be shown safely, [`ReleaseError::Table`] for a k above 100,000,
    /// [`ReleaseError::ConsentChanged`] if customers of the run were denied since it began, as far as its policy watches over them (a
    /// [`Snapshot`](crate::consent::Snapshot) does).
    ///
    /// # Complexity
    /// `O(n_customers · n_features · log n_customers)` for the quantiles, parallel over segments and features.
    pub fn release(&self, policy: &KAnonymity) -> Result<Release, ReleaseError> {
        let features = self.features;
        let n = features.n_customers() as u64;
        let k = policy.k();
        if policy.suppresses() && n < k {
            return Err(ReleaseError::TooFewCustomers { k });
        }
        let threshold = if policy.suppresses() { k } else { 0 };
        let members = self.members();
        let is_hidden = |hidden: &Hidden, place: usize| hidden.segments.binary_search(&place).is_ok();
        let no_segment: Vec<usize> = rows_where(&self.labels, |label| label.is_none());
        let sizes: Vec<u64> = members.iter().map(|rows| rows.len() as u64).collect();
        let hidden = match policy.suppresses() {
            true => Hidden::choose(&sizes, no_segment.len() as u64, policy)?,
            false => Hidden::default(),
        };

        let shown: Vec<(usize, &[usize])> = members
            .iter()
            .enumerate()
            .filter(|(place, _)| !is_hidden(&hidden, *place))
            .map(|(place, rows)| (place, rows.as_slice()))
            .collect();
        let everybody: Vec<usize> = (0..features.n_customers()).collect();
        let total = Totals { n, revenue: revenue(features, &everybody) };
        let mut segments: Vec<SegmentProfile> =
            (0..members.len()).map(|place| SegmentProfile::Suppressed(SegmentId(place as u32))).collect();
        for ((place, rows), name) in shown.iter().zip(names(features, &shown)) {
            if let Some(segment) = segments.get_mut(*place) {
                let id = SegmentId(*place as u32);
                *segment = SegmentProfile::Shown(profile(features, rows, Some(id), name, &total));
            }
        }
        let mut rest: Vec<usize> =
            hidden.segments.iter().filter_map(|place| members.get(*place)).flatten().copied().collect();
        if hidden.no_segment {
            rest.extend(&no_segment);
        }
        rest.sort_unstable();
        let other = (!rest.is_empty()).then(|| profile(features, &rest, None, "other".to_owned(), &total));

        let mut run = self.run.clone();
        if !policy.suppresses() {
            run.warnings.push(Warning::NotForRelease);
            let event = run.trail.push(run.at, Action::Dangerous, &run.purpose, Outcome::None);
            "without_suppression".clone_into(&mut event.detail);
        }
        if !hidden.segments.is_empty() {
            run.warnings.push(Warning::Suppressed { segments: hidden.segments.len(), k });
        }
        let event = run.trail.push(run.at, Action::Release, &run.purpose, Outcome::Allow);
        event.detail = format!("k-anonymity, k = {k}");
        event.counts.insert("segments_shown".to_owned(), (sizes.len() - hidden.segments.len()) as u64);
        event.counts.insert("segments_hidden".to_owned(), hidden.segments.len() as u64);
        event.counts.extend(hidden.n_by_reason());
        let model = self.model_file(policy, &run.warnings);
        let event = run.trail.push(run.at, Action::Release, &run.purpose, Outcome::of(model.is_ok()));
        "model file".clone_into(&mut event.detail);
        if model == Err(ReleaseError::ModelIsPersonal { k }) {
            run.warnings.push(Warning::ModelWithheld { k });
        }

        // SPEC: GDPR Art. 7(3); a long run must not publish who left meanwhile. Asked last, right before it leaves.
        match run.n_denied_meanwhile() {
            0 => {}
            n => return Err(ReleaseError::ConsentChanged { n }),
        }
        let refused: u64 = run.refused.values().sum();
        let left_out = run.n_known.saturating_sub(refused).saturating_sub(n);
        let coverage = Coverage::released(run.n_known, &run.refused, left_out, threshold);
        Ok(Release {
            audit_root: run.trail.published(&coverage.shown()).root(),
            model,
            purpose: run.purpose,
            consent_source: run.source,
            decided_at: run.at,
            analysis_date: features.analysis_date(),
            k,
            suppression: policy.suppresses(),
            coverage,
            n_customers: n,
            n_no_segment: (!hidden.no_segment).then_some(no_segment.len() as u64),
            strategy: self.strategy.clone(),
            seed: self.seed,
            rounds: self.rounds,
            converged: self.converged,
            inertia: self.inertia(),
            features: features.columns().to_vec(),
            density: Density::of(features, &self.labels, &hidden.segments, threshold.max(1)),
            segments,
            hidden: hidden.reasons,
            other,
            warnings: run.warnings,
            trail: run.trail,
        })
    }

    pub(super) fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.n_segments()];
        for (row, segment) in self.labels.iter().enumerate() {
            if let Some(rows) = segment.and_then(|segment| members.get_mut(segment.index())) {
                rows.push(row);
            }
        }
        members
    }

    fn inertia(&self) -> Option<f64> {
        let centroids = self.model.centroids().filter(|c| c.dim() == (self.n_segments(), self.features.x.ncols()))?;
        let centroids: Vec<ArrayView1<'_, f64>> = centroids.outer_iter().collect();
        let mut sum = 0.0;
        for (row, label) in self.features.x.rows().into_iter().zip(&self.labels) {
            if let Some(segment) = label {
                let centroid = centroids.get(segment.index())?;
                sum += row.iter().zip(centroid.iter()).map(|(x, c)| (x - c) * (x - c)).sum::<f64>();
            }
        }
        Some(sum)
    }
}

struct Totals {
    n: u64,
    revenue: Option<f64>,
}

/// Aggregates over some rows, in original units.
fn profile(features: &Features, rows: &[usize], id: Option<SegmentId>, name: String, total: &Totals) -> Profile {
    let n = rows.len() as u64;
    let described: Vec<(String, FeatureProfile)> = features
        .columns()
        .par_iter()
        .enumerate()
        .map(|(column, info)| {
            let values = |matrix: &ndarray::Array2<f64>| -> Vec<f64> {
                rows.iter().filter_map(|row| matrix.get((*row, column))).copied().collect()
            };
            let mut original = values(&features.original);
            let mean = mean(&original);
            let mean_scaled = self::mean(&values(&features.x));
            original.par_sort_unstable_by(f64::total_cmp);
            let at = |i, b| quantile(&original, i, b).unwrap_or(f64::NAN);
            let described =
                FeatureProfile { mean, median: at(1, 2), q25: at(1, 4), q75: at(3, 4), mean_scaled, unit: info.unit };
            (info.name.clone(), described)
        })
        .collect();
    let revenue_share = match (revenue(features, rows), total.revenue) {
        (Some(own), Some(all)) if all > 0.0 => Some(own / all),
        _ => None,
    };
    Profile {
        id,
        name,
        n,
        share: n as f64 / total.n as f64,
        revenue_share,
        features: described.into_iter().collect::<IndexMap<_, _>>(),
    }
}

/// Money of some rows, if the total spend is among the features.
fn revenue(features: &Features, rows: &[usize]) -> Option<f64> {
    let column = features
        .columns()
        .iter()
        .position(|column| column.name == "monetary_total" && matches!(column.unit, Unit::Money(_)))?;
    Some(rows.iter().filter_map(|row| features.original.get((*row, column))).sum())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn rows_where(labels: &[Option<SegmentId>], wanted: impl Fn(&Option<SegmentId>) -> bool) -> Vec<usize> {
    labels.iter().enumerate().filter(|(_, label)| wanted(label)).map(|(row, _)| row).collect()
}
