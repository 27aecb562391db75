//! Consent from other systems: read whole, then appended, with where it came from.
//!
//! An [`Importer`] reads what another system says of its customers' choices and gives an [`Import`], the events it is
//! in the ledger's words. Every customer of it gets an `imported` event that names the source. Nothing reaches a ledger
//! before all was read.
//!
//! Three rules hold for every source:
//!
//! - *Never asked* is not *refused*: it makes no statement.
//! - A yes comes with its proof or does not count. What the source does not hold (version of the notice, method) stays
//!   absent, and the decision denies.
//! - What cannot be understood is no yes: an unknown status is a `consent_given` whose `affirmative` is null. What
//!   cannot be read stops the import, since it could be a withdrawal.
//!
//! # References
//! GDPR Art. 5(2), 7(1); Salesforce Object Reference, *ContactPointConsent*, *ContactPointTypeConsent*, *Individual*;
//! HubSpot API, *Communication preferences* v3 and v4; Snowplow, *Consent events* (`consent_preferences` 1-0-0,
//! `consent_granted`, `consent_withdrawn`, `consent_document`).

mod batch;
mod error;
mod generic;
mod hubspot;
mod imported;
mod importer;
mod object;
mod salesforce;
mod snowplow;
mod table;
mod word;

pub use error::ImportProblem;
pub use imported::{Import, Imported};
pub use importer::Importer;
pub use table::CsvColumns;
