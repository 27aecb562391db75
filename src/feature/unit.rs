//! What a feature is called and counted in.

use serde::Serialize;

use crate::record::Currency;

/// What a feature is called and counted in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FeatureInfo {
    /// Name in every table, such as `recency_days`.
    pub name: String,
    /// Unit of the values.
    pub unit: Unit,
}

/// The unit of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// Whole civil days.
    Days,
    /// Distinct order ids.
    Orders,
    /// Distinct purchase days.
    PurchaseDays,
    /// Rows of the input.
    Rows,
    /// Major units of a currency.
    Money(Currency),
    /// Pieces bought.
    Pieces,
    /// A number without a declared unit.
    Number,
}

impl Unit {
    /// Gives the unit in words for a table head, empty for a number without one.
    pub fn words(&self) -> String {
        match self {
            Self::Days => "days".to_owned(),
            Self::Orders => "orders".to_owned(),
            Self::PurchaseDays => "purchase days".to_owned(),
            Self::Rows => "rows".to_owned(),
            Self::Money(Currency::NONE) => String::new(),
            Self::Money(currency) => currency.code().to_owned(),
            Self::Pieces => "pieces".to_owned(),
            Self::Number => String::new(),
        }
    }
}
