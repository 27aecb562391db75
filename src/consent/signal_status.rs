//! What a customer's opt-out signals have come to, to be shown to the customer.

use serde::Serialize;

use super::history::{Kinds, Visible};
use super::law::{Family, RuleSet};
use super::rules::opt_out::{OptedOut, has_opt_in, newest_opt_out, right_hits, signal_hits};
use super::{EventKind, Registered, Transfer};
use crate::time::Timestamp;

/// What a customer's opt-outs and browser signals have come to at an instant; for a page that says so.
///
/// # References
/// 11 CCR 7025(c)(6): since 2026 a business must show whether it has processed the signal as a valid request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SignalStatus {
    /// Sale of personal data, under the laws of the United States that apply.
    pub sale: OptOutStatus,
    /// Targeted advertising across businesses, under the laws of the United States that apply.
    pub targeted_ads: OptOutStatus,
    /// Since when a signal stands as an objection to direct marketing, elsewhere (GDPR Art. 21(5)). A consent that was
    /// given later still holds for its own purpose.
    pub marketing_objection: Option<Timestamp>,
}

/// Whether somebody is opted out. Closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOutStatus {
    /// No opt-out that governs is on file.
    NotOptedOut,
    /// Opted out, and it is honoured.
    OptedOut {
        /// Since when, by the newest opt-out.
        at: Timestamp,
        /// Whether a signal said it, or a choice.
        by_signal: bool,
    },
    /// Was opted out, and effectively opted in again.
    OptedInAgain,
}

impl Registered<'_> {
    /// Gives what a customer's opt-outs and signals have come to; `None` for a customer nobody knows.
    ///
    /// Of several laws the one under which the customer is opted out decides, as in every decision.
    ///
    /// # Privacy
    /// The answer is for the customer's own eyes.
    ///
    /// # Complexity
    /// One pass over the customer's events a law.
    ///
    /// # Examples
    /// ```
    /// use consentric::consent::{Event, EventKind, Ledger, OptOutStatus, Register, Signal, Subject};
    /// use consentric::time::Timestamp;
    /// let mut ledger = Ledger::new();
    /// ledger.describe("anna", &Subject::new().with_jurisdiction("US-CA"))?;
    /// let at = Timestamp::parse("2026-03-01T00:00:00Z")?;
    /// ledger.append("anna", Event::new(at, EventKind::Signal(Box::new(Signal::gpc(true)))))?;
    /// let status = ledger.under(Register::of_consent()).signal_status("anna", at).unwrap();
    /// assert_eq!(status.sale, OptOutStatus::OptedOut { at, by_signal: true });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn signal_status(&self, customer: &str, at: Timestamp) -> Option<SignalStatus> {
        let history = self.ledger().history(customer)?;
        let mut visible = Visible::new(history, at, None, None);
        // Opt-ins from before a completed erasure are void.
        visible.void_until = visible.newest(Kinds::ERASURE, |kind| matches!(kind, EventKind::ErasureCompleted));
        let everywhere = self.register().honours_gpc_everywhere();
        let mut status = SignalStatus {
            sale: OptOutStatus::NotOptedOut,
            targeted_ads: OptOutStatus::NotOptedOut,
            marketing_objection: None,
        };
        let codes = history.residence().map_or(&[][..], |residence| residence.codes_at(at));
        let laws: Vec<&RuleSet> =
            codes.iter().flat_map(|code| self.register().laws_of(code)).map(|law| law.in_force(at)).collect();
        for rules in laws.iter().filter(|rules| rules.family == Family::UnitedStates) {
            let of = |kind| standing(&visible, kind, everywhere, rules);
            status.sale = status.sale.stricter(of(Transfer::Sale));
            status.targeted_ads = status.targeted_ads.stricter(of(Transfer::Share));
        }
        let abroad = |rules: &&RuleSet| rules.family != Family::UnitedStates && !rules.family.is_canadian();
        if codes.is_empty() || laws.iter().any(abroad) {
            let gpc = |kind: &EventKind| matches!(kind, EventKind::Signal(signal) if signal.sets_gpc());
            status.marketing_objection = visible.newest(Kinds::SIGNAL, gpc);
        }
        Some(status)
    }
}

impl OptOutStatus {
    fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::OptedOut { .. }, _) => self,
            (_, Self::OptedOut { .. }) => other,
            (Self::OptedInAgain, _) => self,
            _ => other,
        }
    }
}

fn standing(visible: &Visible<'_>, kind: Transfer, everywhere: bool, rules: &RuleSet) -> OptOutStatus {
    let hits = |right| right_hits(right, kind, rules);
    let opted_out = newest_opt_out(visible, hits, |signal| signal_hits(signal, kind, everywhere, rules));
    match opted_out {
        None => OptOutStatus::NotOptedOut,
        Some(_) if has_opt_in(visible, hits, opted_out, |_, _| true) => OptOutStatus::OptedInAgain,
        Some(OptedOut { at, by_signal }) => OptOutStatus::OptedOut { at, by_signal },
    }
}
