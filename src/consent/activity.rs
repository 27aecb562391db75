//! The register's entry for a purpose.

use serde::{Deserialize, Serialize};

use super::Purpose;
use crate::time::Timestamp;

/// On which ground of the law an activity stands.
///
/// # References
/// GDPR Art. 6(1); UK GDPR Art. 6(1)(ea); LGPD Art. 7(X); PIPEDA 4.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LawfulBasis {
    /// The customer agreed.
    Consent,
    /// Needed for a contract with the customer.
    Contract,
    /// A law demands it.
    LegalObligation,
    /// A task in the public interest.
    PublicTask,
    /// Somebody's life is at stake.
    VitalInterests,
    /// An interest that outweighs the customer's.
    LegitimateInterest,
    /// An interest that the United Kingdom's Annex 1 names.
    RecognisedLegitimateInterest,
    /// Brazil's protection of credit.
    CreditProtection,
    /// Canada's implied consent.
    ImpliedConsent,
}

impl LawfulBasis {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "consent" => Self::Consent,
            "contract" => Self::Contract,
            "legal_obligation" => Self::LegalObligation,
            "public_task" => Self::PublicTask,
            "vital_interests" => Self::VitalInterests,
            "legitimate_interest" => Self::LegitimateInterest,
            "recognised_legitimate_interest" => Self::RecognisedLegitimateInterest,
            "credit_protection" => Self::CreditProtection,
            "implied_consent" => Self::ImpliedConsent,
            _ => return None,
        })
    }
}

/// What the controller does for one purpose, and what makes it lawful: an entry of the [`Register`](super::Register).
///
/// Everything absent is false, none or "no limit". `fallback_basis` is kept for the records and never used: no basis
/// takes over after a withdrawal.
///
/// Reads the JSON object of the register: `{"lawful_basis":"consent","consent_validity_days":365}`.
///
/// # Examples
/// ```
/// use consentric::consent::{Activity, LawfulBasis};
/// let activity = Activity::on(LawfulBasis::Consent).with_consent_validity_days(365).with_double_opt_in();
/// assert_eq!(activity.lawful_basis(), Some(LawfulBasis::Consent));
/// let read: Activity = serde_json::from_str(
///     r#"{"lawful_basis":"consent","consent_validity_days":365,"require_double_opt_in":true}"#,
/// )?;
/// assert_eq!(read, activity);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # References
/// GDPR Art. 5(1)(b)-(e), 6, 13, 30; EDPB Guidelines 05/2020 par. 121-123.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Activity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lawful_basis: Option<LawfulBasis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fallback_basis: Option<LawfulBasis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) law_ref: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) art9_condition: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) balancing_assessment: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) annex1_condition: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) controller: Option<Box<str>>,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) controller_is_public_authority: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allowed_categories: Option<Vec<Box<str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retention_days: Option<u32>,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) legal_hold: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) consent_validity_days: Option<u32>,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) require_double_opt_in: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reask_cooldown_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notice_current: Option<Box<str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notice_changes: Vec<NoticeChange>,
    /// `Some(false)` only: a consent age does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) information_society_service: Option<bool>,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) child_directed: bool,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) age_check_disregarded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) original_purpose: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) original_basis: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compatibility_assessment: Option<CompatibilityAssessment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) statistical_safeguards: Vec<Box<str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) adm_safeguards: Vec<Box<str>>,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) adm_necessary_for_contract: bool,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) adm_authorised_by_law: bool,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) soft_opt_in: bool,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) casl: bool,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) regime_opt_out: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notice_at_collection: Vec<Box<str>>,
    #[serde(skip_serializing_if = "is_unset")]
    pub(super) preference_centre: bool,
}

/// A change of the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeChange {
    /// The version it brought.
    pub version: Box<str>,
    /// When it came into force.
    pub at: Timestamp,
    /// Whether it changed what people agreed to. Default when read: yes.
    #[serde(default = "yes")]
    pub material: bool,
}

/// Serde wants a reference.
const fn is_unset(flag: &bool) -> bool {
    !*flag
}

const fn yes() -> bool {
    true
}

/// Why a purpose is compatible with the one the data was collected for (GDPR Art. 6(4)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CompatibilityAssessment {
    pub(super) reference: Option<Box<str>>,
    pub(super) factors: Vec<Box<str>>,
    pub(super) outcome: Option<Box<str>>,
    pub(super) safeguards: Vec<Box<str>>,
}

impl CompatibilityAssessment {
    /// Gives an assessment that weighed all five factors and found the purposes compatible, under these safeguards.
    pub fn compatible<'a>(reference: &str, safeguards: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            reference: Some(reference.into()),
            factors: FACTORS.iter().map(|factor| Box::from(*factor)).collect(),
            outcome: Some("compatible".into()),
            safeguards: safeguards.into_iter().map(Box::from).collect(),
        }
    }

    /// Whether it is complete and says yes.
    pub(super) fn says_compatible(&self) -> bool {
        stated(self.reference.as_deref())
            && self.outcome.as_deref() == Some("compatible")
            && FACTORS.iter().all(|factor| self.factors.iter().any(|weighed| &**weighed == *factor))
    }
}

/// Whether a text is there and not empty.
pub(super) fn stated(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

// SPEC: GDPR Art. 6(4)(a)-(e).
const FACTORS: [&str; 5] = ["link", "context", "nature", "consequences", "safeguards"];

impl Activity {
    /// Gives an activity on a basis, with no limit and nothing else declared.
    pub fn on(basis: LawfulBasis) -> Self {
        Self { lawful_basis: Some(basis), ..Self::default() }
    }

    /// Gives an activity in an opt-out regime of the United States: no basis, but a notice at collection that named
    /// the purposes.
    pub fn opt_out<'a>(notice_at_collection: impl IntoIterator<Item = &'a Purpose>) -> Self {
        let notice_at_collection = notice_at_collection.into_iter().map(|purpose| purpose.as_str().into()).collect();
        Self { regime_opt_out: true, notice_at_collection, ..Self::default() }
    }

    /// Names the law on which a legal obligation or public task stands.
    pub fn with_law_ref(mut self, law: &str) -> Self {
        self.law_ref = Some(law.into());
        self
    }

    /// Names the condition of GDPR Art. 9(2)(b)-(j) or 10 under which special categories are read.
    pub fn with_art9_condition(mut self, condition: &str) -> Self {
        self.art9_condition = Some(condition.into());
        self
    }

    /// Names the balancing test of a legitimate interest.
    pub fn with_balancing_assessment(mut self, reference: &str) -> Self {
        self.balancing_assessment = Some(reference.into());
        self
    }

    /// Names the condition of the United Kingdom's Annex 1.
    pub fn with_annex1_condition(mut self, condition: &str) -> Self {
        self.annex1_condition = Some(condition.into());
        self
    }

    /// Names the controller. Default: `A`.
    pub fn with_controller(mut self, controller: &str) -> Self {
        self.controller = Some(controller.into());
        self
    }

    /// Limits the categories that may be read. Default: no limit.
    pub fn with_allowed_categories<'a>(mut self, categories: impl IntoIterator<Item = &'a str>) -> Self {
        self.allowed_categories = Some(categories.into_iter().map(Box::from).collect());
        self
    }

    /// Limits how long data is kept after it was collected. Default: no limit.
    pub const fn with_retention_days(mut self, days: u32) -> Self {
        self.retention_days = Some(days);
        self
    }

    /// Holds the data for legal claims.
    pub const fn with_legal_hold(mut self) -> Self {
        self.legal_hold = true;
        self
    }

    /// Limits how long a consent holds. Default: no limit.
    pub const fn with_consent_validity_days(mut self, days: u32) -> Self {
        self.consent_validity_days = Some(days);
        self
    }

    /// Demands that a consent is confirmed.
    pub const fn with_double_opt_in(mut self) -> Self {
        self.require_double_opt_in = true;
        self
    }

    /// Sets how long nobody is asked again after a no. Default: not limited.
    pub const fn with_reask_cooldown_days(mut self, days: u32) -> Self {
        self.reask_cooldown_days = Some(days);
        self
    }

    /// Names the version of the notice that is shown today.
    pub fn with_notice_current(mut self, version: &str) -> Self {
        self.notice_current = Some(version.into());
        self
    }

    /// Adds a change of the notice.
    pub fn with_notice_change(mut self, change: NoticeChange) -> Self {
        self.notice_changes.push(change);
        self
    }

    /// Says that the service is not offered over the internet, so that no age of consent applies in Europe.
    pub const fn offline(mut self) -> Self {
        self.information_society_service = Some(false);
        self
    }

    /// Says that the service is directed at children: an unknown age is then a child's.
    pub const fn child_directed(mut self) -> Self {
        self.child_directed = true;
        self
    }

    /// Names the purpose and basis for which the data was first collected.
    pub fn with_original(mut self, purpose: &Purpose, basis: LawfulBasis) -> Self {
        self.original_purpose = Some(purpose.as_str().into());
        self.original_basis = serde_json::to_value(basis).ok().and_then(|name| name.as_str().map(Box::from));
        self
    }

    /// Adds the assessment that the purpose is compatible with the original one.
    pub fn with_compatibility_assessment(mut self, assessment: CompatibilityAssessment) -> Self {
        self.compatibility_assessment = Some(assessment);
        self
    }

    /// Names the safeguards of statistics, such as `pseudonymisation`.
    pub fn with_statistical_safeguards<'a>(mut self, safeguards: impl IntoIterator<Item = &'a str>) -> Self {
        self.statistical_safeguards = safeguards.into_iter().map(Box::from).collect();
        self
    }

    /// Names the safeguards of automated decisions, such as `human_intervention`.
    pub fn with_adm_safeguards<'a>(mut self, safeguards: impl IntoIterator<Item = &'a str>) -> Self {
        self.adm_safeguards = safeguards.into_iter().map(Box::from).collect();
        self
    }

    /// Says that the automated decision, or the profiling, is necessary for the contract.
    pub const fn with_adm_necessary_for_contract(mut self) -> Self {
        self.adm_necessary_for_contract = true;
        self
    }

    /// Says that a law authorises the automated decision.
    pub const fn with_adm_authorised_by_law(mut self) -> Self {
        self.adm_authorised_by_law = true;
        self
    }

    /// Says that electronic marketing goes to customers of similar products only.
    pub const fn with_soft_opt_in(mut self) -> Self {
        self.soft_opt_in = true;
        self
    }

    /// Says that customers manage their sensitive data themselves, so that Colorado's 24 months do not run.
    pub const fn with_preference_centre(mut self) -> Self {
        self.preference_centre = true;
        self
    }

    /// Gives the basis.
    pub const fn lawful_basis(&self) -> Option<LawfulBasis> {
        self.lawful_basis
    }

    /// Gives the controller.
    pub fn controller(&self) -> &str {
        self.controller.as_deref().unwrap_or("A")
    }

    /// Gives the categories that may be read, `None` for no limit.
    pub fn allowed_categories(&self) -> Option<impl ExactSizeIterator<Item = &str>> {
        self.allowed_categories.as_ref().map(|list| list.iter().map(AsRef::as_ref))
    }

    pub(super) fn rests_on_consent(&self) -> bool {
        self.lawful_basis == Some(LawfulBasis::Consent)
    }

    /// Whether an unknown age is read as a child's.
    pub(super) const fn presumes_children(&self) -> bool {
        self.child_directed || self.age_check_disregarded
    }
}
