//! Why features could not be computed.

use crate::time::Date;

/// Why features could not be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FeatureError {
    /// Features from purchases are asked for, and there are none.
    #[error("no purchases are loaded; add them to the customers with `with_transactions`")]
    NoTransactions,
    /// No customer has a purchase in the window.
    #[error("no allowed customer has a purchase from {from} to before {to}; choose another window or analysis date")]
    EmptyWindow {
        /// First day of the window.
        from: Date,
        /// The analysis date, the first day after the window.
        to: Date,
    },
    /// The window has no day.
    #[error("the window has no day; it must start before the analysis date {analysis_date}")]
    Window {
        /// The analysis date.
        analysis_date: Date,
    },
    /// Orders are to be counted and the purchases have no order ids.
    #[error(
        "orders are to be counted, but the purchases have no order ids; name the order column or count purchase days"
    )]
    OrderIdMissing,
    /// Units are asked for and the purchases have none.
    #[error("`units` is asked for, but the purchases have no units; name the units column or leave the feature out")]
    UnitsMissing,
    /// A column is not there or was not declared by the purpose.
    #[error(
        "column `{column}` is not among the columns that the purpose declares; declare it or leave the feature out"
    )]
    NotDeclared {
        /// The column.
        column: String,
    },
    /// A column holds no numbers.
    #[error("column `{column}` holds no numbers; only integer, decimal, money and boolean columns can be features")]
    NotNumeric {
        /// The column.
        column: String,
    },
    /// A name that could mean two opposite things.
    #[error(
        "a feature called `{column}` could count days since the last purchase or up to it; rename it to `recency_days` (low is good)"
    )]
    AmbiguousRecency {
        /// The column.
        column: String,
    },
    /// A value is missing.
    #[error(
        "feature `{column}` is missing for customer {row} of the allowed customers by ascending id; impute it or leave the feature out"
    )]
    Missing {
        /// Place of the customer among the allowed, by ascending id, from 0.
        row: usize,
        /// The feature.
        column: String,
    },
    /// No feature is asked for.
    #[error("no feature is asked for; name at least one")]
    NoFeature,
    /// A scaling or weight is set for a feature that is not asked for.
    #[error("no feature `{column}` to scale or weigh; the features are `{known}`")]
    UnknownFeature {
        /// The feature.
        column: String,
        /// The features there are.
        known: String,
    },
    /// A feature is asked for twice.
    #[error("feature `{column}` is asked for twice")]
    Twice {
        /// The feature.
        column: String,
    },
    /// A sum of amounts is larger than can be held.
    #[error("the amounts of one customer add up to more than can be held exactly")]
    AmountTooLarge,
    /// More purchases than the row numbers can count.
    #[error("more than 4294967295 purchases; split the data")]
    TooManyRows,
    /// A weight is not a positive finite number.
    #[error("the weight of feature `{column}` must be a positive finite number")]
    Weight {
        /// The feature.
        column: String,
    },
    /// A scaled value is not finite.
    #[error("feature `{column}` cannot be scaled: its values are too large for floating point")]
    NotFinite {
        /// The feature.
        column: String,
    },
}
