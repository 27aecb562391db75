//! A question about one customer, with what is needed to judge it.

use super::history::{Kinds, Visible};
use super::law::{Family, RuleSet};
use super::register::Register;
use super::rules::consent::Newest;
use super::{Activity, Flags, Operation, Purpose, Question, Request};
use crate::time::Timestamp;

/// A question about one customer, with what is needed to judge it; made by [`decide`](super::decide) only.
///
/// # Privacy
/// `Debug` shows nothing of the customer.
pub struct Case<'a> {
    pub(super) visible: Visible<'a>,
    pub(super) register: &'a Register,
    pub(super) activity: &'a Activity,
    pub(super) purpose: &'a Purpose,
    pub(super) flags: Flags,
    pub(super) request: Request<'a>,
    pub(super) reads: Reads,
    /// The newest statement about the purpose.
    pub(super) newest: Option<Newest>,
}

/// Whether a question reads data the law treats apart, looked up once for all customers.
// PERF: consent/build/events/30m; most questions read none, and need no look at the lists for each customer.
#[derive(Clone, Copy)]
pub(super) struct Reads {
    special: bool,
    sensitive: bool,
    criminal: bool,
}

impl Reads {
    pub(super) fn of(question: &Question, register: &Register) -> Self {
        let catalogue = &register.catalogue;
        let any = |is: &dyn Fn(&str) -> bool| {
            question.data_categories.iter().chain(&question.revealed).any(|category| is(category))
        };
        Self {
            special: any(&|category| question.is_marked_sensitive(category) || catalogue.is_special(category)),
            sensitive: any(&|category| question.is_marked_sensitive(category) || catalogue.is_sensitive(category)),
            criminal: any(&|category| catalogue.is_criminal(category)),
        }
    }
}

impl<'a> Case<'a> {
    /// Gives the instant that is asked about.
    pub const fn at(&self) -> Timestamp {
        self.request.at
    }

    /// Gives the question.
    pub const fn question(&self) -> &'a Question {
        self.request.question
    }

    /// Gives the register's entry for the purpose.
    pub const fn activity(&self) -> &'a Activity {
        self.activity
    }

    /// Gives what the law attaches to the purpose.
    pub const fn flags(&self) -> Flags {
        self.flags
    }

    /// Gives the operation; treating people differently is a use.
    pub fn operation(&self) -> Operation {
        match self.question().operation {
            Operation::Differentiate => Operation::Use,
            other => other,
        }
    }

    /// Gives the customer's age in whole years on the UTC day of an instant, `None` if the birth date is not known.
    pub(super) fn age_on(&self, at: Timestamp) -> Option<i16> {
        let born = self.visible.history().birth_date()?;
        Some(super::rules::age::years(born, at.date()))
    }

    /// Says whether the customer is known to be under 18 at the time of the request.
    pub fn is_known_minor(&self) -> bool {
        self.age_on(self.at()).is_some_and(|age| age < 18)
    }

    /// The categories that count: those asked for, and those the law treats apart that a derived feature reveals.
    // SPEC: CJEU C-184/20.
    pub(super) fn categories(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (question, catalogue) = (self.request.question, &self.register.catalogue);
        let revealed = question.revealed.iter().filter(|category| {
            catalogue.is_special(category) || catalogue.is_sensitive(category) || catalogue.is_criminal(category)
        });
        question.data_categories.iter().chain(revealed).map(|category| &**category)
    }

    /// The categories that need explicit consent under a law.
    pub(super) fn special(&self, rules: &RuleSet) -> impl Iterator<Item = &'a str> + use<'a> {
        let sensitive = rules.family == Family::UnitedStates || rules.family.is_canadian();
        self.special_or_sensitive(sensitive)
    }

    /// The categories on the longer list of the United States and Canada, or on the list of Art. 9.
    pub(super) fn special_or_sensitive(&self, sensitive: bool) -> impl Iterator<Item = &'a str> + use<'a> {
        let (catalogue, question) = (&self.register.catalogue, self.request.question);
        let reads_any = if sensitive { self.reads.sensitive } else { self.reads.special };
        self.categories().take(if reads_any { usize::MAX } else { 0 }).filter(move |category| {
            question.is_marked_sensitive(category)
                || if sensitive { catalogue.is_sensitive(category) } else { catalogue.is_special(category) }
        })
    }

    pub(super) fn reads_criminal(&self) -> bool {
        self.reads.criminal
    }

    /// Whether a decision with significant effects is in question.
    pub(super) const fn is_significant(&self) -> bool {
        self.question().significant || self.flags.significant_decision
    }

    /// Whether a visible notice covers the purpose and says what is asked of it.
    pub(super) fn has_notice(&self, says: impl Fn(&super::Notice) -> bool) -> bool {
        self.visible.any(Kinds::NOTICE, |kind| match kind {
            super::EventKind::NoticeShown(notice) => notice.covers.contains(self.purpose) && says(notice),
            _ => false,
        })
    }
}

impl std::fmt::Debug for Case<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Case({:?})", self.request)
    }
}
