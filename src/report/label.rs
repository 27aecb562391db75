//! What features are called by people, and how their values are written.

use super::number::{clean, decimal};
use crate::feature::{FeatureInfo, Unit};
use crate::release::{Profile, Release};

/// One feature as a column: its head, and the medians with the same number of decimals all the way down.
#[derive(Debug)]
pub(super) struct Column<'a> {
    info: &'a FeatureInfo,
    decimals: usize,
}

/// The profiles of the shown segments, by ascending id.
pub(super) fn shown(release: &Release) -> impl Iterator<Item = &Profile> {
    release.segments().iter().filter_map(|segment| segment.profile())
}

/// Number of segments that are hidden.
pub(super) fn n_suppressed(release: &Release) -> u64 {
    release.segments().iter().filter(|segment| segment.profile().is_none()).count() as u64
}

/// The columns of a release, in the order of its features.
pub(super) fn columns(release: &Release) -> Vec<Column<'_>> {
    let column = |info| {
        let medians: Vec<f64> = shown(release).chain(release.other()).filter_map(|p| median(p, info)).collect();
        Column { info, decimals: decimals(info.unit, &medians) }
    };
    release.features().iter().map(column).collect()
}

/// Name and number of a segment, such as `0 champions`.
pub(super) fn segment(profile: &Profile) -> String {
    match profile.id() {
        Some(id) => format!("{id} {}", clean(profile.name())),
        None => clean(profile.name()),
    }
}

impl Column<'_> {
    pub(super) fn head(&self) -> String {
        head(self.info)
    }

    /// The median of a profile with its unit where the head does not tell it.
    pub(super) fn median(&self, profile: &Profile) -> String {
        match median(profile, self.info) {
            None => "–".to_owned(),
            Some(value) if is_recency(self.info) => format!("{} d", decimal(value, self.decimals)),
            Some(value) => decimal(value, self.decimals),
        }
    }
}

/// The head of a column in the words of a shop.
pub(super) fn head(info: &FeatureInfo) -> String {
    match (info.name.as_str(), info.unit) {
        ("recency_days", Unit::Days) => "last order".to_owned(),
        ("frequency", Unit::Orders | Unit::PurchaseDays | Unit::Rows) => info.unit.words(),
        ("monetary_total", unit @ Unit::Money(_)) => format!("spend {}", unit.words()).trim_end().to_owned(),
        (name, unit @ Unit::Money(_)) => format!("{} {}", clean(name), unit.words()).trim_end().to_owned(),
        (name, _) => clean(name),
    }
}

/// What a low and a high value of a feature say about a customer.
#[cfg(feature = "report")]
pub(super) fn ends(info: &FeatureInfo) -> (String, String) {
    match (info.name.as_str(), info.unit) {
        ("recency_days", Unit::Days) => ("bought recently".to_owned(), "bought long ago".to_owned()),
        ("frequency", unit @ (Unit::Orders | Unit::PurchaseDays | Unit::Rows)) => {
            (format!("few {}", unit.words()), format!("many {}", unit.words()))
        }
        ("monetary_total", Unit::Money(_)) => ("low spend".to_owned(), "high spend".to_owned()),
        (name, _) => (format!("low {}", clean(name)), format!("high {}", clean(name))),
    }
}

pub(super) fn is_recency(info: &FeatureInfo) -> bool {
    info.name == "recency_days" && info.unit == Unit::Days
}

fn median(profile: &Profile, info: &FeatureInfo) -> Option<f64> {
    profile.feature(&info.name).map(|feature| feature.median)
}

fn decimals(unit: Unit, values: &[f64]) -> usize {
    if let Unit::Money(currency) = unit {
        return currency.digits() as usize;
    }
    if values.iter().all(|value| value.fract() == 0.0) {
        return 0;
    }
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    match unit {
        Unit::Number if largest < 1.0 => 3,
        Unit::Number if largest < 100.0 => 2,
        _ => 1,
    }
}
