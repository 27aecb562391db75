//! The JSON form of registers and activities.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::activity::{CompatibilityAssessment, NoticeChange};
use super::catalogue::{Catalogue, Defaults};
use super::{Activity, Flags, LawfulBasis, Purpose, Register, Transfer};

/// An activity as it is written.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ActivityLine {
    lawful_basis: Option<Box<str>>,
    fallback_basis: Option<Box<str>>,
    law_ref: Option<Box<str>>,
    art9_condition: Option<Box<str>>,
    balancing_assessment: Option<Box<str>>,
    annex1_condition: Option<Box<str>>,
    controller: Option<Box<str>>,
    controller_is_public_authority: Option<bool>,
    allowed_categories: Option<Vec<Box<str>>>,
    retention_days: Option<u32>,
    legal_hold: Option<bool>,
    consent_validity_days: Option<u32>,
    require_double_opt_in: Option<bool>,
    reask_cooldown_days: Option<u32>,
    notice_current: Option<Box<str>>,
    notice_changes: Option<Vec<ChangeLine>>,
    information_society_service: Option<bool>,
    child_directed: Option<bool>,
    age_check: Option<Box<str>>,
    original_purpose: Option<Box<str>>,
    original_basis: Option<Box<str>>,
    compatibility_assessment: Option<AssessmentLine>,
    statistical_safeguards: Option<Vec<Box<str>>>,
    adm_safeguards: Option<Vec<Box<str>>>,
    adm_necessary_for_contract: Option<bool>,
    adm_authorised_by_law: Option<bool>,
    soft_opt_in: Option<bool>,
    casl: Option<bool>,
    regime: Option<Box<str>>,
    notice_at_collection: Option<Vec<Box<str>>>,
    preference_centre: Option<bool>,
    safeguards: Option<IgnoredAny>,
    recipients: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct ChangeLine {
    version: Box<str>,
    at: crate::time::Timestamp,
    #[serde(default)]
    material: Option<bool>,
}

#[derive(Deserialize)]
struct AssessmentLine {
    #[serde(default, rename = "ref")]
    reference: Option<Box<str>>,
    #[serde(default)]
    factors: Option<Factors>,
    #[serde(default)]
    outcome: Option<Box<str>>,
    #[serde(default)]
    safeguards: Option<Vec<Box<str>>>,
}

/// The factors that were weighed: their names, or what was found for each.
#[derive(Deserialize)]
#[serde(untagged)]
enum Factors {
    Names(Vec<Box<str>>),
    Findings(BTreeMap<Box<str>, serde_json::Value>),
}

impl Factors {
    fn names(self) -> Vec<Box<str>> {
        match self {
            Self::Names(names) => names,
            Self::Findings(findings) => {
                let weighed = |value: &serde_json::Value| {
                    !matches!(value, serde_json::Value::Null | serde_json::Value::Bool(false))
                };
                findings.into_iter().filter(|(_, found)| weighed(found)).map(|(name, _)| name).collect()
            }
        }
    }
}

impl From<ActivityLine> for Activity {
    fn from(line: ActivityLine) -> Self {
        let yes = |flag: Option<bool>| flag == Some(true);
        let basis = |name: Option<Box<str>>| name.as_deref().and_then(LawfulBasis::parse);
        Self {
            lawful_basis: basis(line.lawful_basis),
            fallback_basis: basis(line.fallback_basis),
            law_ref: line.law_ref,
            art9_condition: line.art9_condition,
            balancing_assessment: line.balancing_assessment,
            annex1_condition: line.annex1_condition,
            controller: line.controller,
            controller_is_public_authority: yes(line.controller_is_public_authority),
            allowed_categories: line.allowed_categories,
            retention_days: line.retention_days,
            legal_hold: yes(line.legal_hold),
            consent_validity_days: line.consent_validity_days,
            require_double_opt_in: yes(line.require_double_opt_in),
            reask_cooldown_days: line.reask_cooldown_days,
            notice_current: line.notice_current,
            notice_changes: line.notice_changes.unwrap_or_default().into_iter().map(ChangeLine::change).collect(),
            information_society_service: line.information_society_service,
            child_directed: yes(line.child_directed),
            age_check_disregarded: line.age_check.as_deref() == Some("disregarded"),
            original_purpose: line.original_purpose,
            original_basis: line.original_basis,
            compatibility_assessment: line.compatibility_assessment.map(|assessment| CompatibilityAssessment {
                reference: assessment.reference,
                factors: assessment.factors.map(Factors::names).unwrap_or_default(),
                outcome: assessment.outcome,
                safeguards: assessment.safeguards.unwrap_or_default(),
            }),
            statistical_safeguards: line.statistical_safeguards.unwrap_or_default(),
            adm_safeguards: line.adm_safeguards.unwrap_or_default(),
            adm_necessary_for_contract: yes(line.adm_necessary_for_contract),
            adm_authorised_by_law: yes(line.adm_authorised_by_law),
            soft_opt_in: yes(line.soft_opt_in),
            casl: yes(line.casl),
            regime_opt_out: line.regime.as_deref() == Some("opt_out"),
            notice_at_collection: line.notice_at_collection.unwrap_or_default(),
            preference_centre: yes(line.preference_centre),
        }
    }
}

impl ChangeLine {
    fn change(self) -> NoticeChange {
        NoticeChange { version: self.version, at: self.at, material: self.material != Some(false) }
    }
}

impl<'de> Deserialize<'de> for Activity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ActivityLine::deserialize(deserializer).map(Self::from)
    }
}

/// A register as it is written; what is absent stays as it is built in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RegisterLine {
    purposes: Option<BTreeMap<Purpose, FlagsLine>>,
    special_categories: Option<Vec<Box<str>>>,
    us_sensitive_categories: Option<Vec<Box<str>>>,
    criminal_categories: Option<Vec<Box<str>>>,
    defaults: Option<DefaultsLine>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DefaultsLine {
    notice_current: Option<Box<str>>,
    controller: Option<Box<str>>,
    consent_validity_days: Option<u32>,
    retention_days: Option<u32>,
}

/// The flags of a purpose: an object of flags, or their names.
#[derive(Deserialize)]
#[serde(untagged)]
enum FlagsLine {
    Object(FlagsObject),
    Names(Vec<Box<str>>),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FlagsObject {
    direct_marketing: Option<bool>,
    profiling: Option<bool>,
    sale_or_share: Option<SaleOrShare>,
    sale: Option<bool>,
    share: Option<bool>,
    statistical: Option<bool>,
    security: Option<bool>,
    legal_claims: Option<bool>,
    significant_decision: Option<bool>,
}

/// `sale` or `share`; a mere true is read as sale.
#[derive(Deserialize)]
#[serde(untagged)]
enum SaleOrShare {
    Named(TransferName),
    Flag(bool),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TransferName {
    Sale,
    Share,
}

impl From<FlagsLine> for Flags {
    fn from(line: FlagsLine) -> Self {
        match line {
            FlagsLine::Object(flags) => {
                let yes = |flag: Option<bool>| flag == Some(true);
                let named = match flags.sale_or_share {
                    Some(SaleOrShare::Named(TransferName::Sale) | SaleOrShare::Flag(true)) => Some(Transfer::Sale),
                    Some(SaleOrShare::Named(TransferName::Share)) => Some(Transfer::Share),
                    Some(SaleOrShare::Flag(false)) | None => None,
                };
                let sale = yes(flags.sale).then_some(Transfer::Sale);
                let share = yes(flags.share).then_some(Transfer::Share);
                Self {
                    direct_marketing: yes(flags.direct_marketing),
                    profiling: yes(flags.profiling),
                    sale_or_share: named.or(sale).or(share),
                    statistical: yes(flags.statistical),
                    security: yes(flags.security),
                    legal_claims: yes(flags.legal_claims),
                    significant_decision: yes(flags.significant_decision),
                }
            }
            FlagsLine::Names(names) => {
                let has = |name: &str| names.iter().any(|known| &**known == name);
                let sale = (has("sale") || has("sale_or_share")).then_some(Transfer::Sale);
                Self {
                    direct_marketing: has("direct_marketing"),
                    profiling: has("profiling"),
                    sale_or_share: sale.or(has("share").then_some(Transfer::Share)),
                    statistical: has("statistical"),
                    security: has("security"),
                    legal_claims: has("legal_claims"),
                    significant_decision: has("significant_decision"),
                }
            }
        }
    }
}

impl RegisterLine {
    /// The register with this catalogue and these activities.
    pub(super) fn into_register(self, activities: Option<BTreeMap<Purpose, Activity>>) -> Register {
        let mut catalogue = Catalogue::built_in();
        if let Some(purposes) = self.purposes {
            catalogue.purposes = purposes.into_iter().map(|(purpose, flags)| (purpose, flags.into())).collect();
        }
        catalogue.special = self.special_categories.unwrap_or(catalogue.special);
        catalogue.sensitive = self.us_sensitive_categories.unwrap_or_else(|| {
            let mut sensitive = catalogue.special.clone();
            sensitive.push("precise_geolocation".into());
            sensitive
        });
        catalogue.criminal = self.criminal_categories.unwrap_or(catalogue.criminal);
        if let Some(defaults) = self.defaults {
            catalogue.defaults = Defaults {
                notice_current: defaults.notice_current,
                controller: defaults.controller,
                consent_validity_days: defaults.consent_validity_days,
                retention_days: defaults.retention_days,
            };
        }
        let mut register = Register::under(Arc::new(catalogue));
        for (purpose, activity) in activities.into_iter().flatten() {
            register.insert(purpose, activity);
        }
        register.hashed()
    }
}
