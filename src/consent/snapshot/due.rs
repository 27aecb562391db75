//! When a decision could change without any new event.

use crate::consent::history::History;
use crate::consent::question::{Operation, Question};
use crate::consent::rules::age::birthday;
use crate::consent::{EventKind, LawfulBasis, Register};
use crate::time::Timestamp;

/// What makes time matter for a set of questions, whoever is asked about.
pub(super) struct Clock {
    /// Instants at which notices, agreements and assessments begin or end, ascending.
    instants: Vec<Timestamp>,
    /// Days after an event at which a consent, a retention or a cool-down ends.
    days: Vec<u32>,
    /// Calendar months after an event at which a period of a law ends.
    months: Vec<u16>,
}

impl Clock {
    // SPEC: the rules in which time matters: validity, notices, retention (sections 4 to 6), periods of 12 and 24 months
    // (10, 11, 14), agreements and assessments (12). Ages and effective dates are looked up for each customer.
    pub(super) fn of(register: &Register, questions: &[Question]) -> Self {
        let mut clock = Self { instants: Vec::new(), days: Vec::new(), months: Vec::new() };
        for question in questions {
            clock.add_recipient(question);
            if question.operation == Operation::AskConsent {
                clock.months.push(12);
            }
            let Some(activity) = question.purpose.as_ref().and_then(|purpose| register.activity(purpose)) else {
                continue;
            };
            clock.instants.extend(activity.notice_changes.iter().map(|change| change.at));
            clock.days.extend(activity.consent_validity_days);
            clock.days.extend(activity.retention_days);
            clock.days.extend(activity.reask_cooldown_days);
            let canada = activity.lawful_basis == Some(LawfulBasis::ImpliedConsent);
            let sensitive =
                question.data_categories.iter().chain(&question.revealed).any(|category| {
                    question.is_marked_sensitive(category) || register.catalogue.is_sensitive(category)
                });
            if canada || sensitive {
                clock.months.push(24);
            }
        }
        clock.instants.sort_unstable();
        clock.days.sort_unstable();
        clock.days.dedup();
        clock.months.sort_unstable();
        clock.months.dedup();
        clock
    }

    fn add_recipient(&mut self, question: &Question) {
        let Some(recipient) = &question.recipient else { return };
        if let Some(agreement) = &recipient.agreement {
            self.instants.extend(agreement.valid_from);
            self.instants.extend(agreement.valid_to);
        }
        if let Some(assessment) = &recipient.due_diligence {
            self.instants.extend(assessment.assessed_at);
            self.instants.extend(assessment.valid_to);
        }
    }

    /// The first instant after `at` at which an answer about the customer could be another one; often too early, never
    /// too late.
    pub(super) fn next_change(&self, history: History<'_>, register: &Register, at: Timestamp) -> Timestamp {
        let mut next = NEVER;
        let mut note = |instant: Timestamp| {
            if instant > at && instant < next {
                next = instant;
            }
        };
        let later = self.instants.partition_point(|instant| *instant <= at);
        self.instants.get(later).copied().into_iter().for_each(&mut note);
        for held in history.held() {
            note(held.at);
            for days in &self.days {
                note(held.at.plus_whole_days(*days));
                if let Some(EventKind::Signal(signal)) = history.kind(*held)
                    && let Some(created) = signal.tcf.as_ref().and_then(|tcf| tcf.created)
                {
                    note(created.plus_whole_days(*days));
                }
            }
            for months in &self.months {
                note(held.at.plus_months(*months));
            }
        }
        // No year has more than 366 days: for grown-ups no birthday matters any more.
        if let Some(born) = history.birth_date()
            && at.whole_days_since(born) < 18 * 366
        {
            (12..=18).for_each(|age| note(birthday(born, age)));
        }
        if let Some(residence) = history.residence() {
            residence.next_change(at).into_iter().for_each(&mut note);
            for code in residence.stays.iter().flat_map(|stay| &stay.codes) {
                register.laws_of(code).filter_map(|law| law.next_change(at)).for_each(&mut note);
            }
        }
        register.own_laws().filter_map(|law| law.next_change(at)).for_each(&mut note);
        next
    }
}

/// Behind every instant.
pub(super) const NEVER: Timestamp = Timestamp::from_micros(i64::MAX);
