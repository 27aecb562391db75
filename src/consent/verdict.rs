//! What one law says, and what it asks beside.

use super::Reason;

/// What one law says about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verdict {
    reason: Reason,
    obligations: Obligations,
}

impl Verdict {
    /// Gives the verdict of a reason; whether it allows is the reason's matter.
    pub const fn new(reason: Reason) -> Self {
        Self { reason, obligations: Obligations::NONE }
    }

    /// Adds obligations.
    pub const fn with(mut self, obligations: Obligations) -> Self {
        self.obligations = self.obligations.and(obligations);
        self
    }

    /// Gives the reason.
    pub const fn reason(self) -> Reason {
        self.reason
    }

    /// Gives the obligations.
    pub const fn obligations(self) -> Obligations {
        self.obligations
    }

    /// Says whether it allows.
    pub const fn is_allow(self) -> bool {
        self.reason.is_allow()
    }

    pub(super) const fn because(mut self, reason: Reason) -> Self {
        self.reason = reason;
        self
    }
}

/// What several laws said so far: the first denial, or the allowance of the lowest rank with the obligations of all.
pub(super) struct Strictness<L> {
    standing: Option<(u8, Reason, L)>,
    obligations: Obligations,
}

impl<L> Strictness<L> {
    pub(super) const fn new() -> Self {
        Self { standing: None, obligations: Obligations::NONE }
    }

    /// Adds what one law said, with the rank of the law.
    pub(super) fn add(&mut self, rank: u8, verdict: Verdict, law: L) {
        let stands = match &self.standing {
            None => true,
            Some((_, reason, _)) if !reason.is_allow() => false,
            Some((lowest, ..)) => !verdict.is_allow() || rank < *lowest,
        };
        self.obligations = self.obligations.and(verdict.obligations);
        if stands {
            self.standing = Some((rank, verdict.reason, law));
        }
    }

    /// The whole verdict and the law whose reason stands; without a law nothing is allowed.
    pub(super) fn whole(self) -> (Verdict, Option<L>) {
        match self.standing {
            Some((_, reason, law)) if reason.is_allow() => (Verdict::new(reason).with(self.obligations), Some(law)),
            Some((_, reason, law)) => (Verdict::new(reason), Some(law)),
            None => (Verdict::new(Reason::UnknownJurisdiction), None),
        }
    }
}

/// What must be done beside an allowed operation: a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Obligations(u16);

impl Obligations {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Explain the procedure and the principles that were actually applied (GDPR Art. 15(1)(h), C-203/22).
    pub const PROCEDURE_AND_PRINCIPLES: Self = Self(1);
    /// Explain which data went in.
    pub const INPUT_DATA_USED: Self = Self(1 << 1);
    /// Explain significance and consequences.
    pub const SIGNIFICANCE_AND_CONSEQUENCES: Self = Self(1 << 2);
    /// Tell the grown-up that a parent's consent can be withdrawn (EDPB 05/2020 par. 149-150).
    pub const INFORM_OF_RIGHT_TO_WITHDRAW: Self = Self(1 << 3);
    /// Offer a way out in every message (ePrivacy Art. 13(2)).
    pub const OFFER_OPT_OUT_IN_MESSAGE: Self = Self(1 << 4);
    /// Review on request (LGPD Art. 20).
    pub const REVIEW_ON_REQUEST: Self = Self(1 << 5);
    /// Tell that the decision was automated (Quebec P-39.1 s. 12.1).
    pub const INFORM_OF_AUTOMATED_DECISION: Self = Self(1 << 6);
    /// Let the person say something to somebody (Quebec P-39.1 s. 12.1).
    pub const OPPORTUNITY_FOR_OBSERVATIONS: Self = Self(1 << 7);
    /// Give information about the decision (UK GDPR Art. 22C).
    pub const INFORMATION: Self = Self(1 << 8);
    /// Let the person make representations (UK GDPR Art. 22C).
    pub const REPRESENTATIONS: Self = Self(1 << 9);
    /// Let the person obtain human intervention (GDPR Art. 22(3)).
    pub const HUMAN_INTERVENTION: Self = Self(1 << 10);
    /// Let the person express a view (GDPR Art. 22(3)).
    pub const EXPRESS_VIEW: Self = Self(1 << 11);
    /// Let the person contest the decision (GDPR Art. 22(3)).
    pub const CONTEST: Self = Self(1 << 12);

    /// Gives the union of both sets.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Says whether all of `other` is among them.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Gives the stable names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().enumerate().filter(move |(bit, _)| self.0 >> bit & 1 == 1).map(|(_, name)| *name)
    }
}

/// Name by bit.
const NAMES: [&str; 13] = [
    "procedure_and_principles_actually_applied",
    "input_data_used",
    "significance_and_consequences",
    "inform_data_subject_of_right_to_withdraw",
    "offer_opt_out_in_message",
    "review_on_request",
    "inform_of_automated_decision",
    "opportunity_for_observations",
    "information",
    "representations",
    "human_intervention",
    "express_view",
    "contest",
];
