//! Consent and lawfulness: may this operation on this customer's data be done for this purpose at this time, and why.
//!
//! A [`Ledger`] holds what customers said and what happened to them, as [`Event`]s that are never changed. A
//! [`Register`] holds the controller's purposes, one [`Activity`] each: the basis, the notices, the limits. [`decide`]
//! judges a [`Request`] under every law that applies to the customer and gives a [`Decision`] with its [`Reason`], the
//! articles behind it and the obligations beside it. The door from [`Customers`](crate::record::Customers) to the next
//! stage asks any [`ConsentPolicy`], which a ledger is.
//!
//! What is unknown, unreadable or under a law that is not shipped means no. Shipped are the GDPR in the 27 states of
//! the Union, Iceland, Liechtenstein and Norway, the United Kingdom, Brazil, Canada with Quebec, and California,
//! Virginia, Colorado, Connecticut, Texas, Utah and Maryland; others can be added ([`Jurisdiction`]).
//!
//! Engineering, not legal advice.

mod activity;
mod case;
mod cases;
mod catalogue;
mod citations;
mod decide;
mod decision;
mod error;
mod event;
mod file;
mod grant;
mod history;
#[cfg(feature = "iab")]
mod iab;
mod import;
mod law;
mod ledger;
mod policy;
mod purpose;
mod question;
mod read;
mod reason;
mod recipient;
mod records;
mod register;
mod register_wire;
mod residence;
mod rules;
mod signal;
mod signal_status;
mod snapshot;
mod stage;
mod verdict;
mod wire;

pub use activity::{Activity, CompatibilityAssessment, LawfulBasis, NoticeChange};
pub use case::Case;
pub use cases::{Answer, Cases};
pub use catalogue::{Flags, Transfer};
pub use decide::decide;
pub use decision::Decision;
pub use error::{ConsentError, JsonProblem, LineProblem};
pub use event::{Event, EventKind, Names, Notice, ObjectionScope, OptIn, Purposes, Right, Statement};
pub use file::ConsentFile;
pub use grant::Grant;
#[cfg(feature = "iab")]
pub use iab::{SignalProblem, SignalReading};
pub use import::{CsvColumns, Import, ImportProblem, Imported, Importer};
pub use law::{Jurisdiction, RuleSet, Strictest, jurisdiction};
pub use ledger::{Ledger, Subject};
pub use policy::{AssumeLawful, ConsentPolicy, ConsentSource, ConsentWatch, Registered};
pub use purpose::Purpose;
pub use question::{Derived, HumanReview, Operation, Question, Request};
pub use reason::Reason;
pub use recipient::{Agreement, DueDiligence, Recipient, RecipientRole, TransferTool};
pub use records::{
    AtLeastOne, ConsentReceipt, ConsentRecord, ConsentStatus, DocumentProblem, EventType, Information, NoticeReference,
    Party, PartyType, PiiProcessing, ProcessingPurpose, ReceiptDocument, RecordDetails, RecordDocument, RecordText,
    RecordedEvent, SchemaVersion,
};
pub use register::{PolicyHash, Register};
pub use signal::{GppUsnat, Signal, Tcf};
pub use signal_status::{OptOutStatus, SignalStatus};
pub use snapshot::Snapshot;
pub use stage::Consented;
pub use verdict::{Obligations, Verdict};

pub(crate) use stage::Run;
