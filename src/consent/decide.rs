//! The order of the rules: the first that answers, decides.

use super::case::{Case, Reads};
use super::decision::DecidedBy;
use super::history::{History, Kinds, Visible};
use super::law::{Family, LawCode};
use super::rules::consent::Newest;
use super::rules::{erasure, everywhere};
use super::verdict::{Strictness, Verdict};
use super::{Activity, Decision, Flags, Ledger, Obligations, Operation, Purpose, Question, Reason, Register, Request};
use crate::time::Timestamp;

/// Says whether the operation on this customer's data may be done for the purpose at the time, and why.
///
/// Pure: no clock, no input or output, no randomness; the order in which events arrived plays no part. First the rules
/// that hold everywhere: a known customer, the person's own rights, a registered purpose, erasure, retention,
/// minimisation. Then every law that applies to the customer judges; one denial denies. What cannot be read denies.
///
/// # Privacy
/// The decision carries no personal data.
///
/// # Complexity
/// `O(e)` for the `e` events of the customer; no allocation unless the request names a profile.
///
/// # References
/// GDPR Art. 5-9, 13, 15-18, 20-22, 25, 28, 44-49; UK GDPR Art. 22A-22D; Cal. Civ. Code 1798.100-1798.140; LGPD
/// Art. 7, 11, 14, 20; PIPEDA 4.3; CASL s. 10; P-39.1 s. 4.1, 8.1, 12.1; EDPB Guidelines 05/2020.
pub fn decide(ledger: &Ledger, register: &Register, request: &Request<'_>) -> Decision {
    match ledger.history(request.customer) {
        // SPEC: GDPR Art. 25(2), without an entry nobody is processed.
        None => decision(Reason::UnknownSubject, register, request),
        Some(history) => decide_history(history, register, request),
    }
}

pub(super) fn decide_history(history: History<'_>, register: &Register, request: &Request<'_>) -> Decision {
    Resolved::of(request.question, register).judge(history, register, request)
}

/// A question with what the register says of its purpose.
pub(super) struct Resolved<'a> {
    question: &'a Question,
    registered: Option<(&'a Purpose, Flags, &'a Activity)>,
    reads: Reads,
}

impl<'a> Resolved<'a> {
    pub(super) fn of(question: &'a Question, register: &'a Register) -> Self {
        let registered = question.purpose.as_ref().and_then(|purpose| {
            let flags = register.flags(purpose)?;
            Some((purpose, flags, register.activity(purpose)?))
        });
        Self { question, registered, reads: Reads::of(question, register) }
    }

    pub(super) fn all(questions: &'a [Question], register: &'a Register) -> Vec<Self> {
        questions.iter().map(|question| Self::of(question, register)).collect()
    }

    /// Decides about the customer of a history, whose id plays no part.
    pub(super) fn decide(&self, history: History<'_>, register: &Register, at: Timestamp) -> Decision {
        self.judge(history, register, &self.question.about("", at))
    }

    fn judge(&self, history: History<'_>, register: &Register, request: &Request<'_>) -> Decision {
        let says = |reason| decision(reason, register, request);
        let visible = Visible::new(history, request.at, request.known_at, request.profile);
        if !history.is_described() && visible.is_empty() {
            return says(Reason::UnknownSubject);
        }
        let codes = history.residence().map_or(&[][..], |residence| residence.codes_at(request.at));
        // SPEC: GDPR Art. 15 and 20; what a person may ask for is there before any purpose is looked at.
        match request.question.operation {
            Operation::Access => return says(Reason::RightExercise),
            Operation::Explain => return says(Reason::RightExercise).with_obligations(EXPLANATION),
            Operation::Port => return says(everywhere::port(codes, register, request.question)),
            _ => {}
        }
        let Some((purpose, flags, activity)) = self.registered else {
            return says(Reason::PurposeUnknown);
        };
        if everywhere::is_anonymous(request.question) {
            return says(Reason::Anonymous);
        }
        let mut case =
            Case { visible, register, activity, purpose, flags, request: *request, reads: self.reads, newest: None };
        if case.visible.may_hold(Kinds::ERASURE) {
            match erasure::state(&case) {
                erasure::State::Standing => return says(Reason::Erased),
                erasure::State::VoidUntil(until) => case.visible.void_until = until,
            }
        }
        if let Some(reason) = everywhere::judge(&case) {
            return says(reason);
        }
        case.newest = Newest::of(&case);
        judge(&case, codes, register)
    }
}

/// Rows 8 to 13, once for each law that applies.
fn judge(case: &Case<'_>, codes: &[LawCode], register: &Register) -> Decision {
    let mut verdicts = Strictness::new();
    if codes.is_empty() {
        let law = register.unstated_law();
        verdicts.add(0, law.judge(case), DecidedBy::Unstated);
    }
    for code in codes {
        let mut known = false;
        for law in register.laws_of(code) {
            known = true;
            let family = law.in_force(case.at()).family;
            verdicts.add(family.rank(), law.judge(case), DecidedBy::of_code(code, Some(family)));
        }
        if !known {
            verdicts.add(0, Verdict::new(Reason::UnknownJurisdiction), DecidedBy::of_code(code, None::<Family>));
        }
    }
    let (verdict, law) = verdicts.whole();
    let decision = decision(verdict.reason(), register, &case.request).with_obligations(verdict.obligations());
    decision.by(law.unwrap_or(DecidedBy::Everywhere))
}

fn decision(reason: Reason, register: &Register, request: &Request<'_>) -> Decision {
    Decision::new(reason, request.at).under(register.policy_hash(), request.known_at)
}

// SPEC: GDPR Art. 15(1)(h); CJEU C-203/22.
const EXPLANATION: Obligations = Obligations::PROCEDURE_AND_PRINCIPLES
    .and(Obligations::INPUT_DATA_USED)
    .and(Obligations::SIGNIFICANCE_AND_CONSEQUENCES);
