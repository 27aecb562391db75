//! A case as it is written.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::consent::question::{Derived, HumanReview, Operation, Question};
use crate::consent::read::subject_of;
use crate::consent::recipient::{Agreement, DueDiligence, Recipient, RecipientRole, TransferTool};
use crate::consent::wire::{Codes, Line, StayLine, instant};
use crate::consent::{Activity, LineProblem, Purpose, Subject};
use crate::time::Timestamp;

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct CaseLine {
    pub(super) id: Value,
    pub(super) customer: Option<CustomerLine>,
    pub(super) activity: Option<Activity>,
    pub(super) events: Option<Vec<Line>>,
    pub(super) request: Option<RequestLine>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CustomerLine {
    jurisdiction: Option<Codes>,
    jurisdiction_history: Option<Vec<StayLine>>,
    birth_date: Option<Box<str>>,
    pseudonymous: Option<bool>,
    id: Option<IgnoredAny>,
}

impl CustomerLine {
    pub(super) fn subject(&self) -> Result<Subject, LineProblem> {
        subject_of(self.birth_date.as_deref(), self.jurisdiction.as_ref(), self.jurisdiction_history.as_deref())
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RequestLine {
    at: Option<Box<str>>,
    known_at: Option<Box<str>>,
    operation: Option<Box<str>>,
    purpose: Option<Box<str>>,
    pub(super) profile: Option<Box<str>>,
    data_categories: Option<Vec<Box<str>>>,
    channel: Option<Box<str>>,
    recipient: Option<RecipientLine>,
    derived: Option<DerivedLine>,
    derived_features: Option<Vec<FeatureLine>>,
    data_origin: Option<Box<str>>,
    significant: Option<bool>,
    human_review: Option<ReviewLine>,
    pseudonymised: Option<bool>,
    profiled: Option<bool>,
    product_line: Option<Box<str>>,
    opt_out_in_message: Option<bool>,
    tcf_purpose: Option<u16>,
    infers_characteristics: Option<bool>,
    strictly_necessary_for_requested_product: Option<bool>,
    based_on: Option<Box<str>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RecipientLine {
    id: Option<IgnoredAny>,
    role: Option<Box<str>>,
    contract: Option<bool>,
    agreement: Option<AgreementLine>,
    due_diligence: Option<DiligenceLine>,
    authorised: Option<bool>,
    country: Option<Box<str>>,
    transfer: Option<TransferLine>,
    tcf_vendor: Option<u16>,
    draws_strongly_on_score: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AgreementLine {
    kind: Option<Box<str>>,
    valid_from: Option<Box<str>>,
    valid_to: Option<Box<str>>,
    purposes: Option<Vec<Box<str>>>,
    data_categories: Option<Vec<Box<str>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DiligenceLine {
    assessed_at: Option<Box<str>>,
    valid_to: Option<Box<str>>,
    outcome: Option<Box<str>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TransferLine {
    tool: Option<Box<str>>,
    /// A reference, or a mere yes.
    tia: Value,
    certified: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DerivedLine {
    kind: Option<Box<str>>,
    computed_at: Option<Box<str>>,
    anonymous: Option<bool>,
    inputs: Option<Vec<Box<str>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FeatureLine {
    name: Option<Box<str>>,
    reveals: Option<Codes>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReviewLine {
    meaningful: Option<bool>,
    reviewer_can_override: Option<bool>,
}

/// What a request asks, and when.
pub(super) struct Asked {
    pub(super) question: Question,
    pub(super) at: Timestamp,
    pub(super) known_at: Option<Timestamp>,
    pub(super) profile: Option<Box<str>>,
}

impl RequestLine {
    pub(super) fn asked(self) -> Result<Asked, LineProblem> {
        let at = instant("at", self.at.as_deref())?.ok_or(LineProblem::MissingKey { key: "at" })?;
        let known_at = instant("known_at", self.known_at.as_deref())?;
        let operation = self.operation.as_deref().ok_or(LineProblem::MissingKey { key: "operation" })?;
        let operation = Operation::parse(operation).ok_or(LineProblem::UnknownOperation)?;
        let yes = |flag: Option<bool>| flag == Some(true);
        // What is no purpose id is no purpose of any catalogue.
        let purpose = self.purpose.as_deref().and_then(|text| Purpose::parse(text).ok());
        let mut question = Question::unnamed(operation, purpose).reading(self.data_categories.unwrap_or_default());
        question.channel = self.channel;
        question.recipient = self.recipient.map(RecipientLine::recipient).transpose()?;
        question.derived = self.derived.map(DerivedLine::derived).transpose()?;
        for feature in self.derived_features.unwrap_or_default() {
            match feature.reveals {
                None => {}
                Some(Codes::One(category)) => question.revealed.push(category),
                Some(Codes::Several(categories)) => question.revealed.extend(categories),
            }
        }
        question.data_origin = self.data_origin;
        question.significant = yes(self.significant);
        if let Some(review) = self.human_review {
            question.human_review = HumanReview {
                meaningful: yes(review.meaningful),
                reviewer_can_override: yes(review.reviewer_can_override),
            };
        }
        question.pseudonymised = yes(self.pseudonymised);
        question.profiled = self.profiled;
        question.product_line = self.product_line;
        question.opt_out_in_message = yes(self.opt_out_in_message);
        question.tcf_purpose = self.tcf_purpose;
        question.infers_characteristics = self.infers_characteristics;
        question.strictly_necessary = yes(self.strictly_necessary_for_requested_product);
        question.based_on = self.based_on;
        Ok(Asked { question, at, known_at, profile: self.profile })
    }
}

impl RecipientLine {
    fn recipient(self) -> Result<Recipient, LineProblem> {
        let agreement = match self.agreement {
            None => None,
            Some(line) => Some(Agreement {
                kind: line.kind,
                valid_from: instant("valid_from", line.valid_from.as_deref())?,
                valid_to: instant("valid_to", line.valid_to.as_deref())?,
                purposes: line.purposes.unwrap_or_default(),
                data_categories: line.data_categories,
            }),
        };
        let due_diligence = match self.due_diligence {
            None => None,
            Some(line) => Some(DueDiligence {
                assessed_at: instant("assessed_at", line.assessed_at.as_deref())?,
                valid_to: instant("valid_to", line.valid_to.as_deref())?,
                sufficient: line.outcome.as_deref() == Some("sufficient_guarantees"),
            }),
        };
        Ok(Recipient {
            role: self.role.as_deref().and_then(RecipientRole::parse),
            contract: self.contract == Some(true),
            agreement,
            due_diligence,
            authorised: self.authorised == Some(true),
            country: self.country,
            transfer: self.transfer.map(|line| TransferTool {
                assessed: match &line.tia {
                    Value::Null | Value::Bool(false) => false,
                    Value::String(text) => !text.trim().is_empty(),
                    _ => true,
                },
                tool: line.tool,
                certified: line.certified == Some(true),
            }),
            tcf_vendor: self.tcf_vendor,
            draws_strongly_on_score: self.draws_strongly_on_score == Some(true),
        })
    }
}

impl DerivedLine {
    fn derived(self) -> Result<Derived, LineProblem> {
        Ok(Derived {
            computed_at: instant("computed_at", self.computed_at.as_deref())?,
            anonymous: self.anonymous == Some(true),
            inputs: self.inputs,
        })
    }
}
