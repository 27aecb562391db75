//! Who decides whether a customer may be used.

use super::{Activity, Decision, Ledger, Reason, Request, decide};
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
    fn decide(&self, customer: &str, activity: &Activity, at: Timestamp) -> Decision;

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

impl ConsentPolicy for Ledger {
    fn decide(&self, customer: &str, activity: &Activity, at: Timestamp) -> Decision {
        decide(self, customer, &Request::segment(activity, at))
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
    fn decide(&self, _customer: &str, _activity: &Activity, at: Timestamp) -> Decision {
        Decision::new(Reason::Exempt, at).without_citation()
    }

    fn source(&self) -> ConsentSource<'_> {
        ConsentSource::Assumed { why: &self.why }
    }
}
