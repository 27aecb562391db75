//! Records and receipts of consent that another program, an auditor or the customer himself can read.
//!
//! A [`ConsentRecord`] says of one customer and one purpose what was agreed to, under which notice, with whom and since
//! when: [`to_27560`](ConsentRecord::to_27560) gives the document with every mandatory field of ISO/IEC TS 27560,
//! [`to_json_ld`](ConsentRecord::to_json_ld) the same in terms of the Data Privacy Vocabulary. A [`ConsentReceipt`] is
//! the customer's copy. A [`ConsentStatus`] says in one word where the consent stands.
//!
//! The ledger and the register know the statements and the rules; what they cannot know (addresses, places, contacts)
//! comes as [`RecordDetails`]. A mandatory field cannot be missing and a text cannot be blank: the types do not allow it.
//!
//! # References
//! ISO/IEC TS 27560:2023, *Privacy technologies - Consent record information structure*; W3C Data Privacy Vocabularies
//! and Controls Community Group, *Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV*, 2024; GDPR
//! Art. 7(1), 13, 30.

mod account;
mod details;
mod document;
mod error;
mod json;
mod json_ld;
mod party;
mod receipt;
mod record;
mod status;
mod text;

pub use details::RecordDetails;
pub use document::{
    EventType, Information, NoticeReference, PiiProcessing, ProcessingPurpose, RecordDocument, RecordedEvent,
    SchemaVersion,
};
pub use error::DocumentProblem;
pub use party::{Party, PartyType};
pub use receipt::{ConsentReceipt, ReceiptDocument};
pub use record::ConsentRecord;
pub use status::ConsentStatus;
pub use text::{AtLeastOne, RecordText};
