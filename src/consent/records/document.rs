//! The document, field by field.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{AtLeastOne, ConsentStatus, DocumentProblem, Party, RecordText};
use crate::consent::{LawfulBasis, Purpose};
use crate::time::Timestamp;

/// The document of a record, with the field names of the specification.
///
/// Beside the mandatory fields it has `as_of` and `consent_status`, the instant it was made for and where the consent
/// stood then.
///
/// # Privacy
/// `pii_principal_id` stands for the customer: the document is personal data. `Debug` shows no text of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordDocument {
    /// How the document is written.
    pub schema_version: SchemaVersion,
    /// Names the record.
    pub record_id: RecordText,
    /// Stands for the customer.
    pub pii_principal_id: RecordText,
    /// The instant the record was made for.
    pub as_of: Timestamp,
    /// Where the consent stood then.
    pub consent_status: ConsentStatus,
    /// What is done with the data.
    pub pii_processing: PiiProcessing,
    /// Who is involved.
    pub party_identification: AtLeastOne<Party>,
    /// What was asked and said, ascending.
    pub events: AtLeastOne<RecordedEvent>,
}

impl RecordDocument {
    /// Whether every field that names a party names an identified one.
    pub(super) fn check(&self) -> Result<(), DocumentProblem> {
        check_parties(&self.pii_processing, &self.party_identification)
    }
}

impl fmt::Debug for RecordDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordDocument({}, {} events)", self.consent_status.as_str(), self.events.iter().count())
    }
}

/// How a document is written; others are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SchemaVersion {
    /// `27560:2023/consentric-1`.
    #[default]
    #[serde(rename = "27560:2023/consentric-1")]
    V1,
}

impl SchemaVersion {
    /// Gives the text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "27560:2023/consentric-1",
        }
    }
}

/// What is done with the data, under which notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PiiProcessing {
    /// The notice.
    pub privacy_notice: NoticeReference,
    /// Language of the notice.
    pub language: RecordText,
    /// What it is done for.
    pub purposes: AtLeastOne<ProcessingPurpose>,
}

/// Which notice was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NoticeReference {
    /// Where it is kept.
    pub reference: RecordText,
    /// Version the newest grant names, or else the newest statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<RecordText>,
}

/// What is done for one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ProcessingPurpose {
    /// The purpose.
    pub purpose: Purpose,
    /// On which ground of the law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lawful_basis: Option<LawfulBasis>,
    /// Which categories of data.
    pub pii_information: AtLeastOne<Information>,
    /// Whether one of them is a special category.
    pub special_category: bool,
    /// Ids of the controllers.
    pub pii_controllers: AtLeastOne<RecordText>,
    /// How it is collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection_method: Option<RecordText>,
    /// Where it is kept.
    pub storage_locations: AtLeastOne<RecordText>,
    /// How long, as an ISO 8601 duration, or by which criteria.
    pub retention_period: RecordText,
    /// Under which laws.
    pub jurisdiction: AtLeastOne<RecordText>,
    /// Ids of those who get it; empty says nobody.
    pub recipient_third_parties: Vec<RecordText>,
    /// How consent is withdrawn.
    pub withdrawal_method: RecordText,
    /// The customer's rights.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub privacy_rights: Vec<RecordText>,
}

/// A category of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Information {
    /// The category.
    pub pii_type: RecordText,
    /// Whether a law calls it sensitive, without being a special category.
    pub sensitive_pii_category: bool,
    /// Whether it is a special category of GDPR Art. 9.
    pub special_pii_category: bool,
}

/// Something that was asked or said, or the lapse of a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedEvent {
    /// When it took effect.
    pub event_time: Timestamp,
    /// How long a consent holds, as an ISO 8601 duration, or `until withdrawn`.
    pub validity_duration: RecordText,
    /// Who said it: the customer's stand-in, a controller's id, `parent`, `authority`, or `unknown`.
    pub entity_id: RecordText,
    /// Kind of consent.
    pub event_type: EventType,
    /// Where the consent stood through it.
    pub event_state: ConsentStatus,
    /// Channel over which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<RecordText>,
    /// Version of the notice in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_version: Option<RecordText>,
}

/// The kinds of consent; a closed list of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// A clear affirmative act (GDPR Art. 4(11)).
    Regular,
    /// An express statement about special categories or decisions (GDPR Art. 9(2)(a), 22(2)(c)).
    Explicit,
}

/// Whether ids are unique, controllers are controllers, and recipients are identified.
pub(super) fn check_parties(processing: &PiiProcessing, parties: &AtLeastOne<Party>) -> Result<(), DocumentProblem> {
    let n_of = |id: &RecordText| parties.iter().filter(|party| party.party_id == *id).count();
    if parties.iter().any(|party| n_of(&party.party_id) > 1) {
        return Err(DocumentProblem::PartyTwice);
    }
    let is_controller =
        |id: &RecordText| parties.iter().any(|party| party.party_id == *id && party.party_type.is_controller());
    for purpose in processing.purposes.iter() {
        if !purpose.pii_controllers.iter().all(is_controller) {
            return Err(DocumentProblem::UnknownParty { field: "pii_controllers" });
        }
        if !purpose.recipient_third_parties.iter().all(|id| n_of(id) == 1) {
            return Err(DocumentProblem::UnknownParty { field: "recipient_third_parties" });
        }
    }
    Ok(())
}
