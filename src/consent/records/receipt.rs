//! The customer's copy.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::document::check_parties;
use super::{
    AtLeastOne, ConsentRecord, ConsentStatus, Party, PiiProcessing, RecordText, RecordedEvent, SchemaVersion, json,
};
use crate::consent::ConsentError;
use crate::time::Timestamp;

/// The customer's copy of a record: what is done, with whom, how to withdraw, and the newest event.
///
/// A receipt is a part of its record under an id of its own. How data is collected and the earlier events stay out.
///
/// # Privacy
/// Not serialisable as it is; the document is. `Debug` shows the status only.
///
/// # References
/// ISO/IEC TS 27560:2023, consent receipts: the mandatory fields of a record are mandatory in a receipt that copies it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsentReceipt {
    document: ReceiptDocument,
}

impl ConsentReceipt {
    /// Gives the receipt of a record.
    pub fn of(record: &ConsentRecord, receipt_id: RecordText) -> Self {
        let record = record.to_27560();
        let mut pii_processing = record.pii_processing.clone();
        let purposes = pii_processing.purposes.iter().cloned().map(|mut purpose| {
            purpose.collection_method = None;
            purpose
        });
        let purposes: Vec<_> = purposes.collect();
        // A list made of at least one entry holds at least one.
        if let Ok(purposes) = AtLeastOne::try_from(purposes) {
            pii_processing.purposes = purposes;
        }
        let document = ReceiptDocument {
            schema_version: record.schema_version,
            receipt_id,
            record_id: record.record_id.clone(),
            pii_principal_id: record.pii_principal_id.clone(),
            as_of: record.as_of,
            consent_status: record.consent_status,
            pii_processing,
            party_identification: record.party_identification.clone(),
            event: record.events.last().clone(),
        };
        Self { document }
    }

    /// Reads a receipt from the JSON of its document; written again it gives the same JSON.
    ///
    /// # Errors
    /// Those of [`ConsentRecord::read_json`].
    pub fn read_json(text: &str) -> Result<Self, ConsentError> {
        let document = json::read::<ReceiptDocument>(text)?;
        check_parties(&document.pii_processing, &document.party_identification).map_err(ConsentError::Document)?;
        Ok(Self { document })
    }

    /// Gives the document.
    pub const fn to_27560(&self) -> &ReceiptDocument {
        &self.document
    }
}

impl fmt::Debug for ConsentReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConsentReceipt({})", self.document.consent_status.as_str())
    }
}

/// The document of a receipt.
///
/// # Privacy
/// Personal data, as the record's. `Debug` shows no text of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReceiptDocument {
    /// How the document is written.
    pub schema_version: SchemaVersion,
    /// Names the receipt.
    pub receipt_id: RecordText,
    /// Names the record it is a part of.
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
    /// The newest event.
    pub event: RecordedEvent,
}

impl fmt::Debug for ReceiptDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiptDocument({})", self.consent_status.as_str())
    }
}
