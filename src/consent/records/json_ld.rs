//! A record in terms of the Data Privacy Vocabulary.

use serde_json::{Value, json};

use super::document::{EventType, Information, ProcessingPurpose, RecordDocument, RecordedEvent};
use super::{Party, RecordText};
use crate::consent::LawfulBasis;

/// The record as JSON-LD.
// SPEC: DPVCG guide to TS 27560: `dpv:ConsentRecord`, notice, `dpv:Process`, parties, status.
pub(super) fn of(document: &RecordDocument) -> Value {
    let processing = &document.pii_processing;
    let parties = || document.party_identification.iter();
    json!({
        "@context": {
            "dpv": "https://w3id.org/dpv#",
            "dct": "http://purl.org/dc/terms/",
        },
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": { "@id": "https://w3id.org/dpv/schema/dpv-27560#record" },
        "dct:hasVersion": document.schema_version.as_str(),
        "dct:identifier": document.record_id,
        "dct:date": document.as_of,
        "dpv:hasDataSubject": { "@type": "dpv:DataSubject", "dct:identifier": document.pii_principal_id },
        "dpv:hasNotice": {
            "@type": "dpv:ConsentNotice",
            "dct:source": processing.privacy_notice.reference,
            "dct:hasVersion": processing.privacy_notice.version,
            "dct:language": processing.language,
        },
        "dpv:hasConsentStatus": { "@id": format!("dpv:{}", document.consent_status.as_str()) },
        "dpv:hasProcess": processing.purposes.iter().map(|purpose| process(purpose, &parties)).collect::<Vec<_>>(),
        "dpv:hasEntity": parties().map(party).collect::<Vec<_>>(),
        "dpv:hasStatus": document.events.iter().map(event).collect::<Vec<_>>(),
    })
}

fn process<'a, I: Iterator<Item = &'a Party>>(purpose: &ProcessingPurpose, parties: &impl Fn() -> I) -> Value {
    let named = |id: &RecordText| parties().find(|known| known.party_id == *id).map_or(Value::Null, reference);
    let places = purpose
        .storage_locations
        .iter()
        .map(|place| json!({ "@type": "dpv:StorageLocation", "dpv:hasLocation": { "dct:title": place } }));
    let duration = json!({ "@type": "dpv:StorageDuration", "dpv:hasDuration": purpose.retention_period });
    json!({
        "@type": "dpv:Process",
        "dpv:hasPurpose": { "@type": "dpv:Purpose", "dct:identifier": purpose.purpose },
        "dpv:hasLegalBasis": { "@id": legal_basis(purpose.lawful_basis) },
        "dpv:hasPersonalData": purpose.pii_information.iter().map(information).collect::<Vec<_>>(),
        "dpv:hasDataController": purpose.pii_controllers.iter().map(named).collect::<Vec<_>>(),
        "dpv:hasDataSource": purpose.collection_method,
        "dpv:hasStorageCondition": places.chain([duration]).collect::<Vec<_>>(),
        "dpv:hasJurisdiction": purpose.jurisdiction,
        "dpv:hasRecipient": purpose.recipient_third_parties.iter().map(named).collect::<Vec<_>>(),
        "dpv:hasConsentControl": { "@type": "dpv:WithdrawConsent", "dct:description": purpose.withdrawal_method },
        "dpv:hasRight": purpose.privacy_rights,
    })
}

fn information(information: &Information) -> Value {
    let class = match (information.special_pii_category, information.sensitive_pii_category) {
        (true, _) => "dpv:SpecialCategoryPersonalData",
        (false, true) => "dpv:SensitivePersonalData",
        (false, false) => "dpv:PersonalData",
    };
    json!({ "@type": class, "dct:identifier": information.pii_type })
}

fn reference(party: &Party) -> Value {
    json!({ "@type": party.party_type.dpv(), "dct:identifier": party.party_id })
}

fn party(party: &Party) -> Value {
    json!({
        "@type": party.party_type.dpv(),
        "dct:identifier": party.party_id,
        "dpv:hasName": party.party_name,
        "dpv:hasAddress": party.party_address,
        "dpv:hasContact": party.party_contact,
    })
}

fn event(event: &RecordedEvent) -> Value {
    let consent = match event.event_type {
        EventType::Regular => "dpv:ExpressedConsent",
        EventType::Explicit => "dpv:ExplicitlyExpressedConsent",
    };
    json!({
        "@type": format!("dpv:{}", event.event_state.as_str()),
        "dct:date": event.event_time,
        "dct:valid": event.validity_duration,
        "dpv:hasLegalBasis": { "@id": consent },
        "dpv:isIndicatedBy": { "dct:identifier": event.entity_id },
        "dpv:hasIndicationMethod": event.method,
        "dpv:hasNotice": event.notice_version,
    })
}

const fn legal_basis(basis: Option<LawfulBasis>) -> &'static str {
    match basis {
        Some(LawfulBasis::Consent) => "dpv:Consent",
        Some(LawfulBasis::ImpliedConsent) => "dpv:ImpliedConsent",
        Some(LawfulBasis::Contract) => "dpv:Contract",
        Some(LawfulBasis::LegalObligation) => "dpv:LegalObligation",
        Some(LawfulBasis::PublicTask) => "dpv:PublicInterest",
        Some(LawfulBasis::VitalInterests) => "dpv:VitalInterest",
        Some(LawfulBasis::LegitimateInterest | LawfulBasis::RecognisedLegitimateInterest) => "dpv:LegitimateInterest",
        Some(LawfulBasis::CreditProtection) | None => "dpv:LegalBasis",
    }
}
