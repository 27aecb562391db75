//! Who decides whether a customer may be used.

use std::sync::Arc;

use super::{Decision, Ledger, Purpose, Question, Reason, Register, Request, decide};
use crate::record::Customers;
use crate::time::Timestamp;

/// Who may be segmented for an activity at a time; implemented by [`Ledger`], and by stores of your own.
///
/// Object-safe. An own policy must answer equally for equal questions and deny whom it does not know.
///
/// # Privacy
/// The id is the customer's own: a policy must not log it.
pub trait ConsentPolicy: Send + Sync {
    /// Decides about one customer.
    fn decide(&self, request: &Request<'_>) -> Decision;

    /// Gives the categories of data that may be read for a purpose, `None` for no limit. Default: no limit.
    fn allowed_categories(&self, purpose: &Purpose) -> Option<Vec<String>> {
        let _ = purpose;
        None
    }

    /// Gives the reason of the decision alone, `None` if the policy answered about another instant. Default: decides.
    fn reason(&self, request: &Request<'_>) -> Option<Reason> {
        let decision = self.decide(request);
        // An answer about another instant is no answer.
        (decision.as_of() == request.at()).then(|| decision.reason())
    }

    /// Counts what has changed so far. Default: 0, a policy that does not change.
    fn epoch(&self) -> u64 {
        0
    }

    /// Watches over the customers of a run that began at an epoch, so that what leaves at its end respects who left
    /// meanwhile. Default: does not.
    fn watch(
        &self,
        epoch: u64,
        question: &Question,
        at: Timestamp,
        customers: &mut dyn Iterator<Item = &str>,
    ) -> Option<Arc<dyn ConsentWatch>> {
        let _ = (epoch, question, at, customers);
        None
    }

    /// Says where the decisions come from; it is told in every output. Default: a policy of the user's own.
    fn source(&self) -> ConsentSource<'_> {
        ConsentSource::Custom
    }

    /// Says whether something is known that took effect after `at`, which the run cannot respect. Default: not told.
    fn has_later_events(&self, at: Timestamp) -> bool {
        let _ = at;
        false
    }

    /// Gives the number of customers the policy knows and the data does not hold. Default: 0, not told.
    fn n_not_in(&self, customers: &Customers) -> u64 {
        let _ = customers;
        0
    }
}

/// Watches over the customers of one run.
pub trait ConsentWatch: Send + Sync {
    /// Gives how many of them have been denied since the run began.
    fn n_denied(&self) -> u64;
}

/// Asked without a register, a ledger answers by [`Register::of_consent`]: every purpose rests on consent.
impl ConsentPolicy for Ledger {
    fn decide(&self, request: &Request<'_>) -> Decision {
        decide(self, Register::of_consent(), request)
    }

    fn source(&self) -> ConsentSource<'_> {
        if self.is_simulated() { ConsentSource::Simulated } else { ConsentSource::Events }
    }

    fn has_later_events(&self, at: Timestamp) -> bool {
        self.has_events_after(at)
    }

    fn n_not_in(&self, customers: &Customers) -> u64 {
        Ledger::n_not_in(self, customers)
    }
}

/// A ledger asked under a register.
///
/// # Examples
/// ```
/// use consentric::consent::{Activity, ConsentPolicy, LawfulBasis, Ledger, Purpose, Question, Reason, Register};
/// use consentric::time::Timestamp;
/// let purpose = Purpose::parse("segmentation_marketing")?;
/// let register = Register::new().with(&purpose, Activity::on(LawfulBasis::Contract));
/// let mut ledger = Ledger::new();
/// ledger.know("anna")?;
/// let at = Timestamp::parse("2026-06-01T00:00:00Z")?;
/// let question = Question::segment(&purpose);
/// // Marketing is never necessary for a contract.
/// assert_eq!(ledger.under(&register).decide(&question.about("anna", at)).reason(), Reason::NoLawfulBasis);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    ledger: &'a Ledger,
    register: &'a Register,
}

impl Ledger {
    /// Gives the policy that decides from this ledger under a register.
    pub const fn under<'a>(&'a self, register: &'a Register) -> Registered<'a> {
        Registered { ledger: self, register }
    }
}

impl<'a> Registered<'a> {
    pub(super) const fn ledger(&self) -> &'a Ledger {
        self.ledger
    }

    pub(super) const fn register(&self) -> &'a Register {
        self.register
    }
}

impl ConsentPolicy for Registered<'_> {
    fn decide(&self, request: &Request<'_>) -> Decision {
        decide(self.ledger, self.register, request)
    }

    fn allowed_categories(&self, purpose: &Purpose) -> Option<Vec<String>> {
        Some(self.register.activity(purpose)?.allowed_categories()?.map(str::to_owned).collect())
    }

    fn source(&self) -> ConsentSource<'_> {
        self.ledger.source()
    }

    fn has_later_events(&self, at: Timestamp) -> bool {
        self.ledger.has_events_after(at)
    }

    fn n_not_in(&self, customers: &Customers) -> u64 {
        self.ledger.n_not_in(customers)
    }
}

/// Where decisions about consent come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsentSource<'a> {
    /// The events of a ledger.
    Events,
    /// A policy of the user's own, which nobody checked.
    Custom,
    /// Made up for a demonstration.
    Simulated,
    /// Vouched for by the caller.
    Assumed {
        /// The reason the caller gave.
        why: &'a str,
    },
}

impl ConsentSource<'_> {
    /// Gives the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Custom => "custom",
            Self::Simulated => "simulated",
            Self::Assumed { .. } => "assumed",
        }
    }
}

/// Allows everybody, on the word of the caller; every output and the audit say so.
#[derive(Clone, Debug)]
pub struct AssumeLawful {
    why: String,
}

impl AssumeLawful {
    /// Takes the caller's reason, which is written to the audit.
    ///
    /// # Privacy
    /// Switches the consent check off. The lawful basis of every customer is the caller's to prove
    /// (GDPR Art. 5(2)).
    pub fn dangerous(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

impl ConsentPolicy for AssumeLawful {
    fn decide(&self, request: &Request<'_>) -> Decision {
        Decision::new(Reason::Exempt, request.at()).without_citation()
    }

    fn source(&self) -> ConsentSource<'_> {
        ConsentSource::Assumed { why: &self.why }
    }
}
