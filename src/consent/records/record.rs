//! The record of one consent.

use std::fmt;

use super::account::{Account, Said, is_explicit};
use super::document::{
    EventType, Information, NoticeReference, PiiProcessing, ProcessingPurpose, RecordDocument, RecordedEvent,
};
use super::{AtLeastOne, ConsentStatus, DocumentProblem, RecordDetails, RecordText, SchemaVersion, json, json_ld};
use crate::consent::law::{LawCode, shipped};
use crate::consent::{Activity, ConsentError, Ledger, Purpose, Register};
use crate::time::Timestamp;

/// The record of what one customer was asked and said about one purpose, with all that the specification demands.
///
/// # Privacy
/// Not serialisable as it is; the document is, and is made when asked for. `Debug` shows the status only.
///
/// # Examples
/// ```
/// # use consentric::consent::*;
/// # use consentric::time::Timestamp;
/// # let newsletter = Purpose::parse("newsletter")?;
/// # let mut ledger = Ledger::new();
/// # ledger.append("anna", Event::given(Timestamp::parse("2026-01-10T10:00:00Z")?, &newsletter, "v3", "web_form"))?;
/// # let at = Timestamp::parse("2026-06-01T00:00:00Z")?;
/// # let text = RecordText::parse;
/// # let shop = Party {
/// #     party_id: text("shop")?, party_address: text("1 Example Street")?, party_name: text("Example Shop")?,
/// #     party_contact: text("privacy@shop.example")?, party_type: PartyType::Controller,
/// # };
/// let details = RecordDetails {
///     record_id: text("2026-000017")?,
///     principal_id: text("pseudonym-7")?, // a pseudonym: the record then leaves without the customer's id
///     notice: text("https://shop.example/notice")?,
///     language: text("en")?,
///     parties: shop.into(),
///     storage_locations: text("DE")?.into(),
///     withdrawal_method: text("https://shop.example/unsubscribe")?,
///     recipients: vec![],
///     information: vec![text("email")?],
///     retention: Some(text("as long as the subscription")?),
///     jurisdictions: vec![text("DE")?],
///     collection_method: None,
///     rights: vec![],
/// };
/// let record = ConsentRecord::of(&ledger, Register::of_consent(), "anna", &newsletter, at, details)?;
/// let json = serde_json::to_string(record.to_27560())?;
/// assert!(ConsentRecord::read_json(&json)? == record);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # References
/// ISO/IEC TS 27560:2023, clause 6.3; GDPR Art. 7(1).
#[derive(Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    document: RecordDocument,
}

impl ConsentRecord {
    /// Gives the record of a customer's consent to a purpose at an instant.
    ///
    /// Categories are those of the newest grant, else those the register allows, else those of the details; retention
    /// and validity are the register's; jurisdictions are those the ledger knows, else those of the details. The events
    /// are what was asked and said about the purpose, and the lapse of the consent if it lapsed.
    ///
    /// # Errors
    /// [`ConsentError::Document`] with [`UnknownCustomer`](DocumentProblem::UnknownCustomer),
    /// [`UnknownPurpose`](DocumentProblem::UnknownPurpose), [`NoStatement`](DocumentProblem::NoStatement) if nothing
    /// was asked or said, [`Missing`](DocumentProblem::Missing) if nobody fills a mandatory field, and
    /// [`UnknownParty`](DocumentProblem::UnknownParty) or [`PartyTwice`](DocumentProblem::PartyTwice) if the parties do
    /// not fit.
    ///
    /// # Complexity
    /// `O(e log e)` for the `e` events of the customer.
    pub fn of(
        ledger: &Ledger,
        register: &Register,
        customer: &str,
        purpose: &Purpose,
        at: Timestamp,
        details: RecordDetails,
    ) -> Result<Self, ConsentError> {
        let account = Account::of(ledger, register, customer, purpose, at).ok_or(DocumentProblem::UnknownCustomer)?;
        let activity = register.activity(purpose).ok_or(DocumentProblem::UnknownPurpose)?;
        if account.steps.is_empty() {
            return Err(DocumentProblem::NoStatement.into());
        }
        let controllers = controllers(activity, &details)?;
        let events = events(&account, activity, controllers.first(), &details.principal_id)?;
        let newest = account.steps.last().map(|step| step.said);
        let version = match account.newest_grant() {
            Some(grant) => grant.notice_version.as_deref(),
            None => newest.and_then(Said::notice_version),
        };
        let collection_method = match details.collection_method {
            None => optional(newest.and_then(Said::method))?,
            method => method,
        };
        let pii_information = information(&account, register, activity, details.information)?;
        let special_category = pii_information.iter().any(|information| information.special_pii_category);
        let processing = ProcessingPurpose {
            purpose: purpose.clone(),
            lawful_basis: activity.lawful_basis,
            pii_information,
            special_category,
            pii_controllers: controllers,
            collection_method,
            storage_locations: details.storage_locations,
            retention_period: match activity.retention_days {
                Some(days) => duration(days)?,
                None => details.retention.ok_or(DocumentProblem::Missing { field: "retention_period" })?,
            },
            jurisdiction: jurisdictions(ledger, customer, at, details.jurisdictions)?,
            recipient_third_parties: details.recipients,
            withdrawal_method: details.withdrawal_method,
            privacy_rights: details.rights,
        };
        let document = RecordDocument {
            schema_version: SchemaVersion::V1,
            record_id: details.record_id,
            pii_principal_id: details.principal_id,
            as_of: written(at)?,
            consent_status: account.status,
            pii_processing: PiiProcessing {
                privacy_notice: NoticeReference { reference: details.notice, version: optional(version)? },
                language: details.language,
                purposes: processing.into(),
            },
            party_identification: details.parties,
            events,
        };
        Ok(Self::try_from(document)?)
    }

    /// Reads a record from the JSON of its document; written again it gives the same JSON.
    ///
    /// # Privacy
    /// Errors name the place, never a value.
    ///
    /// # Errors
    /// [`ConsentError::Document`] with [`UnknownSchemaVersion`](DocumentProblem::UnknownSchemaVersion) for any schema
    /// but this one; [`Json`](DocumentProblem::Json), [`MissingField`](DocumentProblem::MissingField),
    /// [`UnknownField`](DocumentProblem::UnknownField) and [`NotAsWritten`](DocumentProblem::NotAsWritten) for another
    /// form; [`Blank`](DocumentProblem::Blank) and [`EmptyList`](DocumentProblem::EmptyList);
    /// [`TooLong`](DocumentProblem::TooLong) above 1 MiB.
    pub fn read_json(text: &str) -> Result<Self, ConsentError> {
        Ok(Self::try_from(json::read::<RecordDocument>(text)?)?)
    }

    /// Gives the document with every mandatory field of ISO/IEC TS 27560.
    pub const fn to_27560(&self) -> &RecordDocument {
        &self.document
    }

    /// Gives the record as JSON-LD in terms of the Data Privacy Vocabulary.
    ///
    /// # References
    /// W3C DPVCG, *Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV*, 2024.
    pub fn to_json_ld(&self) -> serde_json::Value {
        json_ld::of(&self.document)
    }

    /// Gives where the consent stood at the instant of the record.
    pub const fn status(&self) -> ConsentStatus {
        self.document.consent_status
    }
}

impl TryFrom<RecordDocument> for ConsentRecord {
    type Error = DocumentProblem;

    fn try_from(document: RecordDocument) -> Result<Self, DocumentProblem> {
        document.check()?;
        Ok(Self { document })
    }
}

impl fmt::Debug for ConsentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConsentRecord({})", self.document.consent_status.as_str())
    }
}

fn controllers(activity: &Activity, details: &RecordDetails) -> Result<AtLeastOne<RecordText>, DocumentProblem> {
    let parties = details.parties.iter().filter(|party| party.party_type.is_controller());
    let ids: Vec<RecordText> = parties.map(|party| party.party_id.clone()).collect();
    let expected = activity.controller.as_deref();
    if expected.is_some_and(|expected| ids.iter().all(|id| id.as_str() != expected)) {
        return Err(DocumentProblem::UnknownParty { field: "pii_controllers" });
    }
    AtLeastOne::try_from(ids).map_err(|_| DocumentProblem::Missing { field: "pii_controllers" })
}

fn information(
    account: &Account<'_>,
    register: &Register,
    activity: &Activity,
    stated: Vec<RecordText>,
) -> Result<AtLeastOne<Information>, DocumentProblem> {
    let granted = account.newest_grant().and_then(|grant| grant.data_categories.as_deref());
    let names = match granted.or(activity.allowed_categories.as_deref()) {
        Some(names) => names.iter().map(|name| RecordText::parse(name)).collect::<Result<_, _>>()?,
        None => stated,
    };
    let of = |pii_type: RecordText| {
        let (catalogue, name) = (&register.catalogue, pii_type.as_str());
        let special = catalogue.is_special(name);
        let sensitive = !special && (catalogue.is_sensitive(name) || catalogue.is_criminal(name));
        Information { pii_type, sensitive_pii_category: sensitive, special_pii_category: special }
    };
    AtLeastOne::try_from(names.into_iter().map(of).collect::<Vec<_>>())
        .map_err(|_| DocumentProblem::Missing { field: "pii_information" })
}

fn jurisdictions(
    ledger: &Ledger,
    customer: &str,
    at: Timestamp,
    stated: Vec<RecordText>,
) -> Result<AtLeastOne<RecordText>, DocumentProblem> {
    let residence = ledger.history(customer).and_then(|history| history.residence());
    let codes = residence.map_or(&[][..], |residence| residence.codes_at(at));
    let known = codes.iter().map(|code| match code {
        LawCode::Shipped(place) => RecordText::parse(shipped(*place).map_or("", |law| law.code)),
        LawCode::Other(name) => RecordText::parse(name),
    });
    let known = known.collect::<Result<Vec<_>, _>>()?;
    AtLeastOne::try_from(if known.is_empty() { stated } else { known })
        .map_err(|_| DocumentProblem::Missing { field: "jurisdiction" })
}

fn events(
    account: &Account<'_>,
    activity: &Activity,
    controller: &RecordText,
    principal: &RecordText,
) -> Result<AtLeastOne<RecordedEvent>, DocumentProblem> {
    let validity_duration = match activity.consent_validity_days {
        Some(days) => duration(days)?,
        None => RecordText::parse("until withdrawn")?,
    };
    let mut event_type = EventType::Regular;
    let mut events = Vec::with_capacity(account.steps.len() + 1);
    for step in &account.steps {
        if let Said::Given(grant) = step.said {
            event_type = if is_explicit(grant) { EventType::Explicit } else { EventType::Regular };
        }
        events.push(RecordedEvent {
            event_time: written(step.at)?,
            validity_duration: validity_duration.clone(),
            entity_id: entity(step.said, controller, principal)?,
            event_type,
            event_state: step.state,
            method: optional(step.said.method())?,
            notice_version: optional(step.said.notice_version())?,
        });
    }
    if let Some(lapsed_at) = account.lapsed_at {
        events.push(RecordedEvent {
            event_time: written(lapsed_at)?,
            validity_duration,
            entity_id: controller.clone(),
            event_type,
            event_state: ConsentStatus::Expired,
            method: None,
            notice_version: None,
        });
    }
    // A request may follow the lapse; both are told in the order of time.
    events.sort_by_key(|event| event.event_time);
    AtLeastOne::try_from(events)
}

/// Who said it. A withdrawal needs no proof, so one that names nobody is the customer's own.
// PRIVACY: who spoke is written as one of five words or an id of the details, never as it stands in the ledger.
fn entity(said: Said<'_>, controller: &RecordText, principal: &RecordText) -> Result<RecordText, DocumentProblem> {
    let own_if_unnamed = matches!(said, Said::Refused(_) | Said::Withdrawn(_) | Said::Confirmed(_));
    match said.by() {
        _ if matches!(said, Said::Asked(_)) => Ok(controller.clone()),
        Some("self") => Ok(principal.clone()),
        Some("controller") => Ok(controller.clone()),
        Some("parent") => RecordText::parse("parent"),
        Some("authority") => RecordText::parse("authority"),
        None if own_if_unnamed => Ok(principal.clone()),
        Some(_) | None => RecordText::parse("unknown"),
    }
}

fn duration(days: u32) -> Result<RecordText, DocumentProblem> {
    RecordText::parse(&format!("P{days}D"))
}

/// A text of the ledger; a blank one says nothing.
fn optional(text: Option<&str>) -> Result<Option<RecordText>, DocumentProblem> {
    text.filter(|text| !text.trim().is_empty()).map(RecordText::parse).transpose()
}

/// An instant that can be written and read again.
fn written(at: Timestamp) -> Result<Timestamp, DocumentProblem> {
    match Timestamp::parse(&at.to_string()) {
        Ok(again) if again == at => Ok(at),
        _ => Err(DocumentProblem::TimeRange),
    }
}
