//! The register's entry for a purpose.

use serde::{Deserialize, Serialize};

use super::Purpose;

/// On which ground of the law an activity stands.
///
/// This version judges [`Consent`](LawfulBasis::Consent) only; a decision on any other basis denies with
/// [`NO_LAWFUL_BASIS`](super::Reason::NoLawfulBasis).
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

/// What the controller does for a purpose: on which basis, reading which categories of data.
///
/// `purchase_history` is always among the categories. A consent that was limited to some categories must cover all
/// that are declared here.
///
/// # Examples
/// ```
/// use consentric::consent::{Activity, Purpose};
/// let activity = Activity::new(Purpose::parse("segmentation_marketing")?).reading(["age"]);
/// assert!(activity.is_direct_marketing());
/// assert_eq!(activity.data_categories().collect::<Vec<_>>(), ["age", "purchase_history"]);
/// # Ok::<(), consentric::consent::ConsentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Activity {
    purpose: Purpose,
    basis: LawfulBasis,
    controller: Box<str>,
    /// Ascending, each once.
    data_categories: Vec<Box<str>>,
    /// Those of them that the schema of the data calls sensitive.
    sensitive: Vec<Box<str>>,
}

impl Activity {
    /// Gives the activity of controller `A` on the basis of consent, reading `purchase_history` only.
    pub fn new(purpose: Purpose) -> Self {
        Self {
            purpose,
            basis: LawfulBasis::Consent,
            controller: "A".into(),
            data_categories: vec![PURCHASE_HISTORY.into()],
            sensitive: Vec::new(),
        }
    }

    /// Declares further categories or fields of data that are read. Default: none.
    pub fn reading<I>(mut self, data_categories: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.data_categories.extend(data_categories.into_iter().map(|category| Box::from(category.as_ref())));
        self.data_categories.sort_unstable();
        self.data_categories.dedup();
        self
    }

    /// Puts the activity on another basis, which this version denies. Default: [`LawfulBasis::Consent`].
    pub fn with_basis(mut self, basis: LawfulBasis) -> Self {
        self.basis = basis;
        self
    }

    /// Names the controller, which a consent limited to some controllers must list. Default: `A`.
    pub fn with_controller(mut self, controller: &str) -> Self {
        self.controller = controller.into();
        self
    }

    /// Marks declared categories as sensitive, so that a grant must name them explicitly.
    pub(crate) fn with_sensitive<'a>(mut self, categories: impl Iterator<Item = &'a str>) -> Self {
        self.sensitive.extend(categories.map(Box::from));
        self
    }

    pub(super) fn is_marked_sensitive(&self, category: &str) -> bool {
        self.sensitive.iter().any(|marked| &**marked == category)
    }

    /// Gives the purpose.
    pub const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// Gives the basis.
    pub const fn basis(&self) -> LawfulBasis {
        self.basis
    }

    /// Gives the controller.
    pub fn controller(&self) -> &str {
        &self.controller
    }

    /// Gives the declared categories and fields of data, ascending.
    pub fn data_categories(&self) -> impl ExactSizeIterator<Item = &str> {
        self.data_categories.iter().map(AsRef::as_ref)
    }

    /// Says whether the purpose is direct marketing, which an objection ends at once.
    ///
    /// A purpose outside the built-in catalogue counts as direct marketing: objections then stop more, never less.
    pub fn is_direct_marketing(&self) -> bool {
        self.purpose.catalogued().is_none_or(|flags| flags.direct_marketing)
    }

    /// Says whether the purpose profiles; a purpose outside the built-in catalogue counts as profiling.
    pub fn is_profiling(&self) -> bool {
        self.purpose.catalogued().is_none_or(|flags| flags.profiling)
    }
}

impl From<Purpose> for Activity {
    fn from(purpose: Purpose) -> Self {
        Self::new(purpose)
    }
}

const PURCHASE_HISTORY: &str = "purchase_history";
