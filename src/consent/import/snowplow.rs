//! Snowplow's events of consent.

use std::collections::BTreeSet;
use std::io::BufRead;

use serde_json::Value;

use super::batch::{Batch, Proof};
use super::object::{self, Fault, MAX_ENTRIES, Object, each_line};
use super::word::Word;
use super::{Import, ImportProblem, Importer};
use crate::consent::{ConsentError, Purpose};
use crate::time::Timestamp;

impl Importer {
    /// Reads JSON lines of Snowplow's enriched events, as the analytics kits write them
    /// (`unstruct_event_com_snowplowanalytics_snowplow_consent_preferences_1`), or with `schema` and `data`.
    ///
    /// The purposes on offer are those of [`with_purpose`](Importer::with_purpose), by scope or by id of the document.
    /// `allow_all` and `allow_selected` grant the scopes they list; what is on offer and not listed is refused.
    /// `deny_all` refuses and `withdrawn` withdraws everything on offer, `pending` asks, `expired` ends. An
    /// `implicit_consent`, and a yes whose `basisForProcessing` is not `consent`, are no consent. The older
    /// `consent_granted` and `consent_withdrawn` speak for the documents beside them. The notice is `consentVersion` or
    /// the version of the document. `cmp_visible` is passed over; any other event stops the import.
    ///
    /// # Errors
    /// Those of [`read_json`](Importer::read_json); [`ImportProblem::NoPurpose`] if no purpose is on offer.
    ///
    /// # References
    /// Snowplow: *Consent events and GDPR*; Iglu Central `com.snowplowanalytics.snowplow`.
    pub fn read_snowplow(&self, source: impl BufRead) -> Result<Import, ConsentError> {
        let mut batch = Batch::new(self);
        each_line(&self.source, source, |line| self.snowplow(line, &mut batch))?;
        Ok(batch.finish())
    }

    fn snowplow(&self, line: &Object, batch: &mut Batch<'_>) -> Result<(), Fault> {
        if self.purposes.is_empty() {
            return Err(Fault::of_line(ImportProblem::NoPurpose));
        }
        if payload(line, "cmp_visible").is_some() {
            return Ok(());
        }
        let customer = object::customer(line, &self.customer_keys(&["user_id"]))?;
        batch.know(&customer);
        let (key, at) = match object::instant(line, "derived_tstamp")? {
            Some(at) => ("derived_tstamp", at),
            None => {
                let key = "collector_tstamp";
                (key, object::instant(line, key)?.ok_or_else(|| Fault::of_key(key, ImportProblem::Missing))?)
            }
        };
        let at = batch.timely(key, at)?;
        if let Some(data) = payload(line, "consent_preferences") {
            return self.preferences(&customer, at, of_object(data)?, batch);
        }
        if let Some(data) = payload(line, "consent_granted") {
            let expiry = object::instant(of_object(data)?, "expiry")?;
            for (purpose, version) in self.documents(line)? {
                let notice_version = Some(&*version).filter(|version| !version.is_empty());
                let proof = Proof { notice_version, method: Some("snowplow.consent_granted") };
                batch.say(&customer, at, &purpose, Word::Given, proof);
                if let Some(expiry) = expiry {
                    batch.say(&customer, expiry.max(at), &purpose, Word::Lapsed, proof);
                }
            }
            return Ok(());
        }
        if let Some(data) = payload(line, "consent_withdrawn") {
            let proof = Proof { notice_version: None, method: Some("snowplow.consent_withdrawn") };
            let withdrawn = if object::flag(of_object(data)?, "all")? {
                self.on_offer()
            } else {
                self.documents(line)?.into_iter().map(|(purpose, _)| purpose).collect()
            };
            for purpose in withdrawn {
                batch.say(&customer, at, &purpose, Word::Withdrawn, proof);
            }
            return Ok(());
        }
        Err(Fault::of_line(ImportProblem::NoConsentEvent))
    }

    fn preferences(&self, customer: &str, at: Timestamp, data: &Object, batch: &mut Batch<'_>) -> Result<(), Fault> {
        let event = object::text(data, EVENT)?.ok_or_else(|| Fault::of_key(EVENT, ImportProblem::Missing))?;
        let basis = object::text(data, "basisForProcessing")?;
        let proof = Proof {
            notice_version: object::text(data, "consentVersion")?,
            method: Some("snowplow.consent_preferences"),
        };
        let word = match event {
            "allow_all" | "allow_selected" => {
                let word = if basis == Some("consent") { Word::Given } else { Word::Unclear };
                let scopes = self.scopes(data)?;
                for purpose in self.on_offer() {
                    // Of a purpose with several scopes each must be allowed.
                    let mut names = self.purposes.iter().filter(|(_, known)| **known == purpose);
                    let allowed = names.all(|(name, _)| scopes.contains(&**name));
                    batch.say(customer, at, &purpose, if allowed { word } else { Word::Refused }, proof);
                }
                return Ok(());
            }
            "deny_all" => Word::Refused,
            "withdrawn" => Word::Withdrawn,
            "pending" => Word::Asked,
            "expired" => Word::Lapsed,
            _ => Word::Unclear,
        };
        for purpose in self.on_offer() {
            batch.say(customer, at, &purpose, word, proof);
        }
        Ok(())
    }

    /// The purposes on offer, each once.
    fn on_offer(&self) -> BTreeSet<Purpose> {
        self.purposes.values().cloned().collect()
    }

    /// The scopes that were allowed; one that is not known is an error.
    fn scopes<'a>(&self, data: &'a Object) -> Result<BTreeSet<&'a str>, Fault> {
        let list = match data.get(SCOPES) {
            None | Some(Value::Null) => return Err(Fault::of_key(SCOPES, ImportProblem::Missing)),
            Some(Value::Array(list)) if list.len() > MAX_ENTRIES => {
                return Err(Fault::of_key(SCOPES, ImportProblem::TooMany { limit: MAX_ENTRIES }));
            }
            Some(Value::Array(list)) => list,
            Some(_) => return Err(Fault::of_key(SCOPES, ImportProblem::WrongType)),
        };
        let mut scopes = BTreeSet::new();
        for scope in list {
            let scope = scope.as_str().ok_or_else(|| Fault::of_key(SCOPES, ImportProblem::WrongType))?.trim();
            self.offered(SCOPES, scope)?;
            scopes.insert(scope);
        }
        Ok(scopes)
    }

    /// The purposes of the documents beside an event, with the versions.
    fn documents(&self, line: &Object) -> Result<Vec<(Purpose, Box<str>)>, Fault> {
        let documents = beside(line)?;
        if documents.is_empty() {
            return Err(Fault::of_key(DOCUMENT, ImportProblem::Missing));
        }
        let mut found = Vec::new();
        for document in documents {
            let id = object::id(document, "id")?.ok_or_else(|| Fault::of_key("id", ImportProblem::Missing))?;
            let version = object::id(document, "version")?.unwrap_or_default();
            if let Some(purpose) = self.offered("id", &id)? {
                found.push((purpose, version));
            }
        }
        Ok(found)
    }

    /// The purpose of a name that is on offer; none if it is passed over.
    fn offered(&self, key: &str, name: &str) -> Result<Option<Purpose>, Fault> {
        match self.purposes.get(name) {
            Some(purpose) => Ok(Some(purpose.clone())),
            None if self.ignored.contains(name) => Ok(None),
            None => Err(Fault::of_key(key, ImportProblem::UnknownPurpose)),
        }
    }
}

/// What an event of a name says, in either form.
fn payload<'a>(line: &'a Object, name: &str) -> Option<&'a Value> {
    let described = line.get("schema").and_then(Value::as_str).is_some_and(|schema| is_schema(schema, name));
    let enriched = || line.get(&format!("unstruct_event_{VENDOR}_{name}_1")).filter(|data| !data.is_null());
    if described { line.get("data") } else { enriched() }
}

/// The documents beside an event, in either form.
fn beside(line: &Object) -> Result<Vec<&Object>, Fault> {
    if let Some(documents) = object::objects(line, &format!("contexts_{VENDOR}_{DOCUMENT}_1"))? {
        return Ok(documents);
    }
    let contexts = object::objects(line, "contexts")?.unwrap_or_default();
    let documents = contexts.into_iter().filter(|context| {
        context.get("schema").and_then(Value::as_str).is_some_and(|schema| is_schema(schema, DOCUMENT))
    });
    documents.map(|context| of_object(context.get("data").unwrap_or(&Value::Null))).collect()
}

/// Whether a schema is `iglu:<vendor>/<name>/jsonschema/1-…`.
fn is_schema(schema: &str, name: &str) -> bool {
    let rest = schema.strip_prefix("iglu:com.snowplowanalytics.snowplow/").and_then(|rest| rest.strip_prefix(name));
    rest.is_some_and(|rest| rest.starts_with("/jsonschema/1-"))
}

fn of_object(value: &Value) -> Result<&Object, Fault> {
    value.as_object().ok_or_else(|| Fault::of_key("data", ImportProblem::WrongType))
}

const VENDOR: &str = "com_snowplowanalytics_snowplow";
const DOCUMENT: &str = "consent_document";
const EVENT: &str = "eventType";
const SCOPES: &str = "consentScopes";
