//! Who gets data, and what binds them.

use super::Purpose;
use crate::time::Timestamp;

/// Who gets the data.
///
/// # References
/// GDPR Art. 26, 28, 44-49; Cal. Civ. Code 1798.100(d); 11 CCR 7051, 7053.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Recipient {
    pub(super) role: Option<RecipientRole>,
    pub(super) contract: bool,
    pub(super) agreement: Option<Agreement>,
    pub(super) due_diligence: Option<DueDiligence>,
    pub(super) authorised: bool,
    pub(super) country: Option<Box<str>>,
    pub(super) transfer: Option<TransferTool>,
    pub(super) tcf_vendor: Option<u16>,
    pub(super) draws_strongly_on_score: bool,
}

/// What a recipient is to the controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecipientRole {
    /// Processes on the controller's behalf.
    Processor,
    /// A processor, in the words of the United States.
    ServiceProvider,
    /// A contractor, in the words of California.
    Contractor,
    /// A processor's processor.
    SubProcessor,
    /// Decides together with the controller.
    JointController,
    /// Decides alone.
    Controller,
    /// Anybody else.
    ThirdParty,
}

impl RecipientRole {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "processor" => Self::Processor,
            "service_provider" => Self::ServiceProvider,
            "contractor" => Self::Contractor,
            "sub_processor" => Self::SubProcessor,
            "joint_controller" => Self::JointController,
            "controller" => Self::Controller,
            "third_party" => Self::ThirdParty,
            _ => return None,
        })
    }
}

/// An agreement with a recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    pub(super) kind: Option<Box<str>>,
    pub(super) valid_from: Option<Timestamp>,
    pub(super) valid_to: Option<Timestamp>,
    pub(super) purposes: Vec<Box<str>>,
    /// Without any, none is covered.
    pub(super) data_categories: Option<Vec<Box<str>>>,
}

impl Agreement {
    /// Gives an agreement of a kind (`art28`, `art26`), valid from an instant up to another, for some purposes.
    pub fn new<'a>(
        kind: &str,
        valid_from: Timestamp,
        valid_to: Timestamp,
        purposes: impl IntoIterator<Item = &'a Purpose>,
    ) -> Self {
        Self {
            kind: Some(kind.into()),
            valid_from: Some(valid_from),
            valid_to: Some(valid_to),
            purposes: purposes.into_iter().map(|purpose| purpose.as_str().into()).collect(),
            data_categories: None,
        }
    }

    /// Names the categories of data it covers. Default: none, since an agreement sets out what it is about
    /// (GDPR Art. 28(3)).
    #[must_use]
    pub fn with_data_categories<'a>(mut self, categories: impl IntoIterator<Item = &'a str>) -> Self {
        self.data_categories = Some(categories.into_iter().map(Box::from).collect());
        self
    }
}

/// What an assessment of a recipient found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueDiligence {
    pub(super) assessed_at: Option<Timestamp>,
    pub(super) valid_to: Option<Timestamp>,
    pub(super) sufficient: bool,
}

impl DueDiligence {
    /// Gives an assessment that found sufficient guarantees (GDPR Art. 28(1)).
    pub const fn sufficient(assessed_at: Timestamp, valid_to: Timestamp) -> Self {
        Self { assessed_at: Some(assessed_at), valid_to: Some(valid_to), sufficient: true }
    }
}

/// On what a transfer to another country stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferTool {
    /// `scc`, `bcr`, `idta` or `adequacy`.
    pub(super) tool: Option<Box<str>>,
    /// Whether a transfer impact assessment was made.
    pub(super) assessed: bool,
    /// Whether the recipient is certified under the framework with the United States.
    pub(super) certified: bool,
}

impl TransferTool {
    /// Gives a tool (`scc`, `bcr`, `idta`) with its transfer impact assessment (CJEU C-311/18).
    pub fn assessed(tool: &str) -> Self {
        Self { tool: Some(tool.into()), assessed: true, certified: false }
    }

    /// Gives a certification under the framework with the United States.
    pub fn certified() -> Self {
        Self { tool: Some("adequacy".into()), assessed: false, certified: true }
    }
}

impl Recipient {
    /// Gives a recipient of a role, bound by nothing yet.
    pub fn new(role: RecipientRole) -> Self {
        Self { role: Some(role), ..Self::default() }
    }

    /// Says that a contract as the laws of the United States demand it is in place.
    pub const fn with_contract(mut self) -> Self {
        self.contract = true;
        self
    }

    /// Adds the agreement.
    pub fn with_agreement(mut self, agreement: Agreement) -> Self {
        self.agreement = Some(agreement);
        self
    }

    /// Adds the assessment.
    pub fn with_due_diligence(mut self, due_diligence: DueDiligence) -> Self {
        self.due_diligence = Some(due_diligence);
        self
    }

    /// Says that the sub-processor was authorised.
    pub const fn authorised(mut self) -> Self {
        self.authorised = true;
        self
    }

    /// Names the country by its ISO 3166 code. Default: no transfer.
    pub fn in_country(mut self, country: &str) -> Self {
        self.country = Some(country.into());
        self
    }

    /// Adds what a transfer stands on.
    pub fn with_transfer(mut self, tool: TransferTool) -> Self {
        self.transfer = Some(tool);
        self
    }

    /// Names the vendor's number in the Transparency and Consent Framework.
    pub const fn with_tcf_vendor(mut self, number: u16) -> Self {
        self.tcf_vendor = Some(number);
        self
    }

    /// Says that the recipient draws strongly on a score it gets (CJEU C-634/21).
    pub const fn drawing_strongly_on_score(mut self) -> Self {
        self.draws_strongly_on_score = true;
        self
    }
}
