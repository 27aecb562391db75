//! What a run did that its reader should know, short of an error.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Something a reader of the result should know; every output carries the list.
///
/// Each has a stable [`code`](Warning::code) and a text with the way out. No warning names a customer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The strategy stopped at its round limit.
    NotConverged {
        /// Rounds that were run.
        rounds: usize,
    },
    /// Segments that no customer belongs to.
    EmptySegments {
        /// How many of them.
        segments: usize,
    },
    /// A feature has the same value for every customer, so it was scaled to 0 and has no effect.
    ConstantFeature {
        /// The feature.
        feature: String,
    },
    /// One feature dominates the distances because the columns are on different scales.
    Unscaled {
        /// The feature with the largest variance.
        feature: String,
        /// Its share of the total variance.
        share: f64,
    },
    /// Counts or values below the release threshold were hidden.
    Suppressed {
        /// Segments hidden, those hidden only to protect another included.
        segments: usize,
        /// The threshold.
        k: u64,
    },
    /// Suppression was switched off by name; the output is not for release.
    NotForRelease,
    /// The consent events were made up for a demonstration.
    SimulatedConsent,
    /// The caller vouched for the lawfulness of the processing instead of giving consent events.
    AssumedLawful,
    /// Categories of data that the register does not allow for the purpose were dropped; the audit names them.
    DroppedCategories {
        /// How many.
        n: usize,
    },
    /// Consent events for customers that the data does not hold; none of them is processed, the audit counts them.
    ConsentForUnknownCustomers,
    /// Purchases of customers that the customer table does not hold were left out; the audit counts them.
    UnmatchedTransactions,
    /// Order ids are used by several customers and count as an order of each; the audit counts them.
    SharedOrders,
    /// Rows without a customer or with a cell that could not be read were left out.
    RowsLeftOut {
        /// Rows without a customer.
        missing_customer: u64,
        /// Rows that could not be read, if the reader was told to skip these.
        unreadable: u64,
    },
    /// Rows are counted as purchases although an order has two or more of them on average.
    RowsCountedAsPurchases,
    /// Rows with an amount, quantity or price below 0 were left out; the audit counts them.
    RefundsLeftOut,
    /// Customers said something after the time at which consent was judged, and it plays no part.
    LaterConsentEvents,
    /// A feature is the same for so many customers that its scale has no width, so it was scaled to 0.
    NoSpread {
        /// The feature.
        feature: String,
    },
    /// The model was not written, since it would tell of fewer than `k` customers.
    ModelWithheld {
        /// The release threshold.
        k: u64,
    },
}

impl Warning {
    /// Gives the line with which every output must begin if this is among its warnings.
    pub fn notice(&self) -> Option<&'static str> {
        match self {
            Self::SimulatedConsent => Some("SIMULATED CONSENT: made for this demonstration, no real choices"),
            Self::AssumedLawful => {
                Some("ASSUMED LAWFUL: no consent was checked, the caller vouched for every customer")
            }
            Self::NotForRelease => Some("NOT FOR RELEASE: suppression was switched off, single customers may show"),
            _ => None,
        }
    }

    /// Gives the stable name of the kind of warning, in capitals with underscores.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotConverged { .. } => "NOT_CONVERGED",
            Self::EmptySegments { .. } => "EMPTY_SEGMENTS",
            Self::ConstantFeature { .. } => "CONSTANT_FEATURE",
            Self::Unscaled { .. } => "UNSCALED",
            Self::Suppressed { .. } => "SUPPRESSED",
            Self::NotForRelease => "NOT_FOR_RELEASE",
            Self::SimulatedConsent => "SIMULATED_CONSENT",
            Self::AssumedLawful => "ASSUMED_LAWFUL",
            Self::DroppedCategories { .. } => "DROPPED_CATEGORIES",
            Self::ConsentForUnknownCustomers => "CONSENT_FOR_UNKNOWN_CUSTOMERS",
            Self::UnmatchedTransactions => "UNMATCHED_TRANSACTIONS",
            Self::SharedOrders => "SHARED_ORDERS",
            Self::RowsLeftOut { .. } => "ROWS_LEFT_OUT",
            Self::RowsCountedAsPurchases => "ROWS_COUNTED_AS_PURCHASES",
            Self::RefundsLeftOut => "REFUNDS_LEFT_OUT",
            Self::LaterConsentEvents => "LATER_CONSENT_EVENTS",
            Self::NoSpread { .. } => "NO_SPREAD",
            Self::ModelWithheld { .. } => "MODEL_WITHHELD",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConverged { rounds } => {
                write!(f, "the segments were still changing after {rounds} rounds; allow more rounds or fewer segments")
            }
            Self::EmptySegments { segments } => {
                write!(f, "{segments} segments have no customer; ask for fewer segments")
            }
            Self::ConstantFeature { feature } => {
                write!(f, "`{feature}` is the same for every customer and has no effect; leave it out")
            }
            Self::Unscaled { feature, share } => write!(
                f,
                "`{feature}` holds {:.0} % of the variance and decides almost alone; scale the features",
                share * 100.0
            ),
            Self::Suppressed { segments, k } => write!(
                f,
                "{} so that none with fewer than {k} customers can be read off; ask for fewer segments",
                if *segments == 1 {
                    "1 segment is hidden".to_owned()
                } else {
                    format!("{segments} segments are hidden")
                }
            ),
            Self::NotForRelease => {
                write!(f, "not for release: suppression was switched off, so single customers may show")
            }
            Self::SimulatedConsent => {
                write!(f, "simulated consent: made for this demonstration, no real choices; pass real consent events")
            }
            Self::AssumedLawful => write!(
                f,
                "no consent was checked: the caller vouched for a lawful basis of every customer; pass consent events"
            ),
            Self::DroppedCategories { n } => {
                write!(f, "the register does not allow {n} of the categories asked for; they were not read")
            }
            Self::ConsentForUnknownCustomers => {
                write!(f, "consent events name customers whom the data does not hold; check that both use the same ids")
            }
            Self::UnmatchedTransactions => {
                write!(f, "purchases of customers who are not in the customer table were left out; check the ids")
            }
            Self::SharedOrders => {
                write!(f, "some order ids are shared by several customers and count for each; check the order column")
            }
            Self::RowsLeftOut { missing_customer, unreadable } => {
                write!(f, "{missing_customer} rows without a customer")?;
                if *unreadable > 0 {
                    write!(f, " and {unreadable} unreadable rows")?;
                }
                write!(f, " were left out; check the file")
            }
            Self::RowsCountedAsPurchases => {
                write!(f, "frequency counts rows, and an order has several of them; count orders instead")
            }
            Self::RefundsLeftOut => {
                write!(f, "rows below 0 were left out as refunds; net them if they should lower the spend")
            }
            Self::LaterConsentEvents => write!(
                f,
                "some customers said something after the time at which consent was judged; judge at a later time to respect it"
            ),
            Self::NoSpread { feature } => write!(
                f,
                "`{feature}` is the same for so many customers that this scale has no width, so it has no effect; use z-scores"
            ),
            Self::ModelWithheld { k } => write!(
                f,
                "the model file was not written: it would tell of fewer than {k} customers; ask for fewer segments, more rounds, or z-scores"
            ),
        }
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Warning", 2)?;
        out.serialize_field("code", self.code())?;
        out.serialize_field("text", &self.to_string())?;
        out.end()
    }
}
