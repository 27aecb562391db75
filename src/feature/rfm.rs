//! Recency, frequency and monetary value: what is asked for.

use serde::Serialize;

use super::{FeatureError, FeatureSpec, Scale, Transform};
use crate::time::Date;

/// Recency, frequency and monetary value of every customer in a window of days.
///
/// The window ends the day before the analysis date, so recency is at least 1. Customers without a purchase in it are
/// left out and counted.
///
/// The default features are `recency_days`, `frequency` in purchase days, the unit every input supports, and
/// `monetary_total`; all are scaled by ln(1 + x) and z-scores.
///
/// # References
/// Hughes: *Strategic Database Marketing*, 1994.
#[derive(Clone, Debug, PartialEq)]
pub struct Rfm {
    pub(super) last_days: Option<u32>,
    pub(super) analysis_date: Option<Date>,
    pub(super) unit: FrequencyUnit,
    pub(super) refunds: Refunds,
    pub(super) zero_amount: ZeroAmount,
    pub(super) measures: Vec<Measure>,
}

/// What a frequency counts; it stands beside the name in every output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FrequencyUnit {
    /// Distinct order ids.
    Orders,
    /// Distinct purchase days.
    PurchaseDays,
    /// Rows.
    Rows,
}

/// What becomes of rows whose amount, quantity or price is below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refunds {
    /// They are left out.
    Exclude,
    /// They lower the money and count as no purchase.
    Net,
    /// They lower the money and count as purchases.
    Keep,
}

/// What becomes of rows whose amount, quantity or price is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ZeroAmount {
    /// A free purchase is a purchase.
    Keep,
    /// They are left out.
    Drop,
}

/// A feature from purchases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Measure {
    /// Analysis date minus last purchase day in whole civil days; low is good.
    RecencyDays,
    /// Purchases in the chosen unit.
    Frequency,
    /// Sum of the amounts, exact, rounded once to minor units.
    MonetaryTotal,
    /// Sum divided by frequency.
    MonetaryMean,
    /// Analysis date minus first purchase day.
    TenureDays,
    /// Sum of the units.
    Units,
}

impl Rfm {
    /// Looks at the `days` days before the analysis date.
    pub fn in_last_days(days: u32) -> Self {
        Self { last_days: Some(days), ..Self::whole_history() }
    }

    /// Looks at everything before the analysis date.
    pub fn whole_history() -> Self {
        Self {
            last_days: None,
            analysis_date: None,
            unit: FrequencyUnit::PurchaseDays,
            refunds: Refunds::Exclude,
            zero_amount: ZeroAmount::Keep,
            measures: vec![Measure::RecencyDays, Measure::Frequency, Measure::MonetaryTotal],
        }
    }

    /// Counts back from this day (default: the day of the run's time in the zone of the purchases).
    #[must_use]
    pub const fn as_of(mut self, analysis_date: Date) -> Self {
        self.analysis_date = Some(analysis_date);
        self
    }

    /// Counts frequency in this unit (default: purchase days).
    #[must_use]
    pub const fn counting(mut self, unit: FrequencyUnit) -> Self {
        self.unit = unit;
        self
    }

    /// Treats refunds this way (default: they are left out).
    #[must_use]
    pub const fn with_refunds(mut self, refunds: Refunds) -> Self {
        self.refunds = refunds;
        self
    }

    /// Treats rows without an amount this way (default: they are kept).
    #[must_use]
    pub const fn with_zero_amount(mut self, zero_amount: ZeroAmount) -> Self {
        self.zero_amount = zero_amount;
        self
    }

    /// Computes these features, in this order (default: recency, frequency, monetary total).
    ///
    /// # Errors
    /// [`FeatureError::NoFeature`] without one, [`FeatureError::Twice`] for a repeated one.
    pub fn with_measures(mut self, measures: &[Measure]) -> Result<Self, FeatureError> {
        if measures.is_empty() {
            return Err(FeatureError::NoFeature);
        }
        for (place, measure) in measures.iter().enumerate() {
            if measures.iter().take(place).any(|earlier| earlier == measure) {
                return Err(FeatureError::Twice { column: measure.name().to_owned() });
            }
        }
        self.measures = measures.to_vec();
        Ok(self)
    }

    /// Scales every feature this way instead of by ln(1 + x) and z-scores.
    #[must_use]
    pub fn with_scaling(self, transform: Transform, scale: Scale) -> FeatureSpec {
        FeatureSpec::from(self).with_scaling(transform, scale)
    }
}

impl Measure {
    /// Gives the name in every table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RecencyDays => "recency_days",
            Self::Frequency => "frequency",
            Self::MonetaryTotal => "monetary_total",
            Self::MonetaryMean => "monetary_mean",
            Self::TenureDays => "tenure_days",
            Self::Units => "units",
        }
    }
}
