//! Who is involved.

use serde::{Deserialize, Serialize};

use super::RecordText;

/// Who is involved in the processing; other parts of a record refer to it by its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The id.
    pub party_id: RecordText,
    /// The postal address.
    pub party_address: RecordText,
    /// The name.
    pub party_name: RecordText,
    /// How to reach it about privacy.
    pub party_contact: RecordText,
    /// What part it has.
    pub party_type: PartyType,
}

/// What part somebody has in the processing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PartyType {
    /// Decides why and how.
    Controller,
    /// Decides together with others.
    JointController,
    /// Processes on behalf of a controller.
    Processor,
    /// A processor's processor.
    SubProcessor,
    /// Gets the data.
    Recipient,
    /// Anybody else who gets the data.
    ThirdParty,
    /// Supervises.
    Authority,
}

impl PartyType {
    /// Says whether the party answers for the processing.
    pub const fn is_controller(self) -> bool {
        matches!(self, Self::Controller | Self::JointController)
    }

    /// The name of the Data Privacy Vocabulary.
    pub(super) const fn dpv(self) -> &'static str {
        match self {
            Self::Controller => "dpv:DataController",
            Self::JointController => "dpv:JointDataControllers",
            Self::Processor => "dpv:DataProcessor",
            Self::SubProcessor => "dpv:DataSubProcessor",
            Self::Recipient => "dpv:Recipient",
            Self::ThirdParty => "dpv:ThirdParty",
            Self::Authority => "dpv:DataProtectionAuthority",
        }
    }
}
