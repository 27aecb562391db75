//! The consent door: from customers to those who may be used for one purpose.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use super::{ConsentError, ConsentPolicy, ConsentSource, ConsentWatch, Question, Reason};
use crate::audit::{Action, AuditTrail, Outcome};
use crate::record::{Customers, IdOrder, Role};
use crate::time::Timestamp;
use crate::warning::Warning;

/// Customers who may be used for one purpose at one time, and nobody else.
///
/// Made by [`Customers::consent`] only; whoever holds one need not ask again.
///
/// # Privacy
/// Borrows the customers, copies nothing, and prints only how many there are.
pub struct Consented<'a> {
    pub(crate) customers: &'a Customers,
    /// Rows of the allowed, by ascending id.
    pub(crate) rows: Vec<u32>,
    pub(crate) question: Question,
    pub(crate) run: Run,
}

/// What every later stage has to know about the run so far.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) purpose: String,
    pub(crate) at: Timestamp,
    pub(crate) source: &'static str,
    pub(crate) n_known: u64,
    pub(crate) refused: BTreeMap<&'static str, u64>,
    pub(crate) trail: AuditTrail,
    pub(crate) warnings: Vec<Warning>,
    /// Who of the run's customers left meanwhile.
    pub(crate) watch: Option<Arc<dyn ConsentWatch>>,
}

impl Customers {
    /// Keeps the customers whom `policy` allows for the question's purpose at the instant `at`.
    ///
    /// Every customer is judged once. Who is unknown to the policy is refused.
    ///
    /// # Privacy
    /// The audit event holds the number allowed and the number refused by reason.
    ///
    /// # Errors
    /// [`ConsentError::NobodyKnown`] without a customer, [`ConsentError::EverybodyRefused`] with the reasons if nobody
    /// is left.
    ///
    /// # Complexity
    /// One decision a customer, in parallel; 4 bytes of memory for each who is allowed.
    ///
    /// # References
    /// GDPR Art. 5(1)(a), 6(1), 25(2).
    pub fn consent(
        &self,
        policy: &dyn ConsentPolicy,
        question: &Question,
        at: Timestamp,
    ) -> Result<Consented<'_>, ConsentError> {
        if self.is_empty() {
            return Err(ConsentError::NobodyKnown);
        }
        let sensitive = self.columns.iter().filter(|(field, _)| field.role() == Role::Sensitive);
        let mut question = question.clone();
        let mut dropped = Vec::new();
        // SPEC: GDPR Art. 5(1)(c), 25(2): projected to what the register allows, then decided again.
        if question.dropping
            && let Some(allowed) = question.purpose().and_then(|purpose| policy.allowed_categories(purpose))
        {
            dropped = question.drop_all_but(&allowed);
        }
        let question = &question.with_sensitive(sensitive.map(|(field, _)| field.name()));
        // Before the first decision, so that nothing said during them is missed.
        let epoch = policy.epoch();
        let purpose = question.purpose().map(ToString::to_string).unwrap_or_default();
        let judged: Vec<(Vec<u32>, BTreeMap<&'static str, u64>)> = self
            .order
            .par_chunks(CHUNK)
            .map(|rows| {
                let mut allowed = Vec::with_capacity(rows.len());
                let mut refused = BTreeMap::new();
                for row in rows {
                    let request = question.about(self.ids.at(*row as usize), at);
                    let reason = policy.reason(&request).unwrap_or(Reason::Unreadable);
                    if reason.is_allow() {
                        allowed.push(*row);
                    } else {
                        *refused.entry(reason.as_str()).or_insert(0) += 1;
                    }
                }
                (allowed, refused)
            })
            .collect();
        let mut rows = Vec::with_capacity(judged.iter().map(|(allowed, _)| allowed.len()).sum());
        let mut refused: BTreeMap<&'static str, u64> = BTreeMap::new();
        for (allowed, reasons) in judged {
            rows.extend(allowed);
            for (reason, n) in reasons {
                *refused.entry(reason).or_insert(0) += n;
            }
        }
        if rows.is_empty() {
            return Err(ConsentError::EverybodyRefused {
                purpose: purpose.clone(),
                reasons: refused.into_keys().collect::<Vec<_>>().join(", "),
            });
        }
        // Only the ids of those who may be used decide the order in which they stand.
        let id_order = IdOrder::of(rows.iter().map(|row| self.ids.at(*row as usize)));
        if id_order != self.id_order {
            rows.par_sort_by(|a, b| id_order.compare(self.ids.at(*a as usize), self.ids.at(*b as usize)));
        }
        let mut run = Run {
            purpose: purpose.clone(),
            at,
            source: policy.source().name(),
            n_known: self.len() as u64,
            refused,
            trail: AuditTrail::new("consentric"),
            warnings: Vec::new(),
            watch: policy.watch(epoch, question, at, &mut rows.iter().map(|row| self.ids.at(*row as usize))),
        };
        let event = run.trail.push(at, Action::Consent, &run.purpose, Outcome::Allow);
        event.counts.insert("allowed".to_owned(), rows.len() as u64);
        event.counts.extend(run.refused.iter().map(|(reason, n)| ((*reason).to_owned(), *n)));
        if !dropped.is_empty() {
            run.warnings.push(Warning::DroppedCategories { n: dropped.len() });
            event.columns = dropped;
        }
        let n_without_data = policy.n_not_in(self);
        if n_without_data > 0 {
            event.counts.insert("without_data".to_owned(), n_without_data);
            run.warnings.push(Warning::ConsentForUnknownCustomers);
        }
        if policy.has_later_events(at) {
            run.warnings.push(Warning::LaterConsentEvents);
        }
        match policy.source() {
            ConsentSource::Events | ConsentSource::Custom => {}
            ConsentSource::Simulated => {
                "simulated consent, no real choices".clone_into(&mut event.detail);
                run.warnings.push(Warning::SimulatedConsent);
            }
            ConsentSource::Assumed { why } => {
                let event = run.trail.push(at, Action::Dangerous, &run.purpose, Outcome::None);
                event.detail = format!("assumed lawful: {why}");
                run.warnings.push(Warning::AssumedLawful);
            }
        }
        Ok(Consented { customers: self, rows, question: question.clone(), run })
    }
}

impl Consented<'_> {
    /// Gives the number of customers who are allowed.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Says whether nobody is allowed, which the door prevents.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Gives the number of customers refused, by reason code.
    pub const fn refused(&self) -> &BTreeMap<&'static str, u64> {
        &self.run.refused
    }
}

impl fmt::Debug for Consented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Consented({} of {} customers for {})", self.len(), self.run.n_known, self.run.purpose)
    }
}

impl Run {
    /// How many of the run's customers have been denied since it began.
    pub(crate) fn n_denied_meanwhile(&self) -> u64 {
        self.watch.as_ref().map_or(0, |watch| watch.n_denied())
    }
}

/// Customers judged by one task; results are merged in order, so the number of threads shows nowhere.
const CHUNK: usize = 16_384;
