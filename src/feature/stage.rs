//! The features door: from protected customers to a matrix.

use std::fmt;

use ndarray::{Array2, Axis};

use super::raw::RawFeature;
use super::rfm_table::RfmTable;
use super::spec::Source;
use super::{FeatureError, FeatureInfo, FeatureSpec, FittedScale};
use crate::audit::{Action, Outcome};
use crate::consent::Run;
use crate::protect::{Protected, Pseudonym};
use crate::time::Date;
use crate::warning::Warning;

/// Features of lawful customers under pseudonyms: one row a customer, in original units and scaled.
///
/// Made by [`Protected::features`] only.
///
/// # Privacy
/// Rows describe single persons, so the matrices stay inside; a strategy sees the scaled one.
pub struct Features {
    pub(crate) pseudonyms: Vec<Pseudonym>,
    /// Scaled, `(n_customers, n_features)`.
    pub(crate) x: Array2<f64>,
    /// In original units, same shape.
    pub(crate) original: Array2<f64>,
    pub(crate) columns: Vec<FeatureInfo>,
    pub(crate) scales: Vec<FittedScale>,
    pub(crate) analysis_date: Date,
    /// The pseudonym of nobody: equal if and only if key and domain are.
    pub(crate) domain_mark: Pseudonym,
    pub(crate) run: Run,
}

impl Protected<'_> {
    /// Computes and scales features.
    ///
    /// # Privacy
    /// The audit event holds the names of the features and how many rows and customers were left out, by rule.
    ///
    /// # Errors
    /// A [`FeatureError`] that names the feature, or the window, that cannot be had.
    ///
    /// # Complexity
    /// `O(rows + n_customers · n_features)`; sorting the purchase days of each customer adds a logarithm of their
    /// number. Parallel over customers.
    pub fn features(self, spec: impl Into<FeatureSpec>) -> Result<Features, FeatureError> {
        let spec = spec.into();
        let mut run = self.run.clone();
        let (raw, analysis_date, places, counts) = match &spec.source {
            Source::Rfm(rfm) => {
                let table = RfmTable::compute(rfm, &self)?;
                run.warnings.extend(table.warnings);
                (table.features, table.analysis_date, Some(table.places), table.counts)
            }
            Source::Columns(columns) => (columns.compute(&self)?, run.at.date(), None, Default::default()),
        };
        let (n, d) = (raw.first().map_or(0, |feature| feature.values.len()), raw.len());
        spec.check_names(raw.iter().map(|feature| feature.name.as_str()))?;
        let mut x = Array2::zeros((n, d));
        let mut original = Array2::zeros((n, d));
        let mut scales = Vec::with_capacity(d);
        for (place, feature) in raw.iter().enumerate() {
            let fitted = scale(&spec, feature)?;
            if fitted.is_constant() {
                let name = feature.name.clone();
                let same = feature.values.windows(2).all(|pair| pair.first() == pair.last());
                run.warnings.push(if same {
                    Warning::ConstantFeature { feature: name }
                } else {
                    Warning::NoSpread { feature: name }
                });
            }
            for (to, value) in original.index_axis_mut(Axis(1), place).iter_mut().zip(&feature.values) {
                *to = *value;
            }
            for (to, value) in x.index_axis_mut(Axis(1), place).iter_mut().zip(&feature.values) {
                *to = fitted.apply(*value);
                if !to.is_finite() {
                    return Err(FeatureError::NotFinite { column: feature.name.clone() });
                }
            }
            scales.push(fitted);
        }
        let columns: Vec<FeatureInfo> =
            raw.into_iter().map(|feature| FeatureInfo { name: feature.name, unit: feature.unit }).collect();
        run.warnings.extend(unscaled(&x, &columns));

        let event = run.trail.push(run.at, Action::Features, &run.purpose, Outcome::None);
        event.columns = columns.iter().map(|column| column.name.clone()).collect();
        event.counts.insert("customers".to_owned(), n as u64);
        event.counts.extend(counts.into_iter().map(|(name, count)| (name.to_owned(), count)));
        let pseudonyms = match places {
            None => self.pseudonyms,
            Some(places) => places.iter().filter_map(|place| self.pseudonyms.get(*place as usize)).copied().collect(),
        };
        Ok(Features { pseudonyms, x, original, columns, scales, analysis_date, domain_mark: self.domain_mark, run })
    }
}

impl Features {
    /// Gives the number of customers, those without a purchase in the window left out.
    pub fn n_customers(&self) -> usize {
        self.x.nrows()
    }

    /// Gives the names and units of the features in their order.
    pub fn columns(&self) -> &[FeatureInfo] {
        &self.columns
    }

    /// Gives the day from which recency counts back.
    pub const fn analysis_date(&self) -> Date {
        self.analysis_date
    }

    /// Gives what the reader should know so far.
    pub fn warnings(&self) -> &[Warning] {
        &self.run.warnings
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Features({} customers x {} features)", self.n_customers(), self.columns.len())
    }
}

fn scale(spec: &FeatureSpec, feature: &RawFeature) -> Result<FittedScale, FeatureError> {
    let (transform, scale, weight) = spec.scaling_of(&feature.name, feature.transform)?;
    let fitted = FittedScale::fit(&feature.values, transform, scale, weight);
    if fitted.center.is_finite() && fitted.spread.is_finite() {
        Ok(fitted)
    } else {
        Err(FeatureError::NotFinite { column: feature.name.clone() })
    }
}

/// Warns if one column decides almost alone: a deviation over 10 times the smallest, or over 90 % of the variance.
fn unscaled(x: &Array2<f64>, columns: &[FeatureInfo]) -> Option<Warning> {
    let variances: Vec<f64> = x.columns().into_iter().map(|column| column.var(0.0)).collect();
    let total: f64 = variances.iter().sum();
    let (place, largest) = variances.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let smallest = variances.iter().copied().filter(|variance| *variance > 0.0).fold(f64::INFINITY, f64::min);
    let share = largest / total;
    let alone = variances.len() > 1 && (largest.sqrt() > 10.0 * smallest.sqrt() || share > 0.9);
    let feature = columns.get(place)?.name.clone();
    alone.then_some(Warning::Unscaled { feature, share })
}
