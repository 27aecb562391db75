//! The purposes there are, and the categories of data the law treats apart.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Purpose;

/// What the law attaches to a purpose.
///
/// # Examples
/// ```
/// use consentric::consent::{Flags, Transfer};
/// let flags = Flags { direct_marketing: true, profiling: true, ..Flags::default() };
/// assert_eq!(flags.sale_or_share, None::<Transfer>);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flags {
    /// Direct marketing, which an objection ends at once.
    pub direct_marketing: bool,
    /// Profiling.
    pub profiling: bool,
    /// Sale, or sharing for advertising across contexts.
    pub sale_or_share: Option<Transfer>,
    /// Statistics.
    pub statistical: bool,
    /// Security and fraud.
    pub security: bool,
    /// Legal claims.
    pub legal_claims: bool,
    /// Decisions with legal or similarly significant effects.
    pub significant_decision: bool,
}

/// A kind of transfer from which customers may opt out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Transfer {
    /// Sale.
    Sale,
    /// Sharing for advertising across contexts.
    Share,
}

/// Purposes with their flags, and the categories of data the law treats apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Catalogue {
    pub(super) purposes: BTreeMap<Purpose, Flags>,
    pub(super) special: Vec<Box<str>>,
    pub(super) sensitive: Vec<Box<str>>,
    pub(super) criminal: Vec<Box<str>>,
    pub(super) defaults: Defaults,
}

/// What an activity has that does not say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Defaults {
    pub(super) notice_current: Option<Box<str>>,
    pub(super) controller: Option<Box<str>>,
    pub(super) consent_validity_days: Option<u32>,
    pub(super) retention_days: Option<u32>,
}

impl Catalogue {
    /// The catalogue that comes with the crate.
    pub(super) fn built_in() -> Self {
        let names = |list: &[&str]| list.iter().map(|name| Box::from(*name)).collect();
        // The ids of the table are plain, so none is left out.
        let purposes = BUILT_IN.iter().filter_map(|(id, flags)| Some((Purpose::parse(id).ok()?, *flags))).collect();
        Self {
            purposes,
            special: names(&SPECIAL),
            sensitive: names(&[&SPECIAL[..], &["precise_geolocation"]].concat()),
            criminal: names(&["criminal_offence"]),
            defaults: Defaults::default(),
        }
    }

    pub(super) fn is_special(&self, category: &str) -> bool {
        self.special.iter().any(|special| &**special == category)
    }

    pub(super) fn is_sensitive(&self, category: &str) -> bool {
        self.sensitive.iter().any(|sensitive| &**sensitive == category)
    }

    pub(super) fn is_criminal(&self, category: &str) -> bool {
        self.criminal.iter().any(|criminal| &**criminal == category)
    }
}

// SPEC: GDPR Art. 9(1).
const SPECIAL: [&str; 8] = [
    "health",
    "religion",
    "ethnic_origin",
    "political_opinion",
    "union_membership",
    "sexual_life",
    "genetic",
    "biometric_id",
];

const NONE: Flags = Flags {
    direct_marketing: false,
    profiling: false,
    sale_or_share: None,
    statistical: false,
    security: false,
    legal_claims: false,
    significant_decision: false,
};
const MARKETING: Flags = Flags { direct_marketing: true, ..NONE };
const PROFILING: Flags = Flags { profiling: true, ..NONE };

const BUILT_IN: [(&str, Flags); 18] = [
    ("segmentation_marketing", Flags { profiling: true, ..MARKETING }),
    ("email_marketing", MARKETING),
    ("newsletter", MARKETING),
    ("third_party_advertising", Flags { profiling: true, sale_or_share: Some(Transfer::Share), ..MARKETING }),
    ("data_sale", Flags { sale_or_share: Some(Transfer::Sale), ..NONE }),
    ("fraud_prevention", Flags { security: true, ..NONE }),
    ("legal_claims", Flags { legal_claims: true, ..NONE }),
    ("analytics_aggregate", Flags { statistical: true, ..NONE }),
    ("credit_decision", Flags { significant_decision: true, ..PROFILING }),
    ("credit_risk_scoring", PROFILING),
    ("service_delivery", NONE),
    ("product_safety_recall", NONE),
    ("public_service", NONE),
    ("legal_record_keeping", NONE),
    ("product_research", NONE),
    ("pricing", NONE),
    ("financial_incentive", NONE),
    ("suppression_list", NONE),
];
