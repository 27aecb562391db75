//! HubSpot's subscriptions.

use std::io::BufRead;

use super::batch::{Batch, Proof};
use super::object::{self, Fault, Object, each_line};
use super::word::Word;
use super::{Import, ImportProblem, Importer};
use crate::consent::ConsentError;

impl Importer {
    /// Reads JSON lines of HubSpot's communication preferences: an answer of the interface of version 3
    /// (`recipient`, `subscriptionStatuses`) or 4 (`results`), or one subscription a line.
    ///
    /// `SUBSCRIBED` is a consent only with the `legalBasis` `CONSENT_WITH_NOTICE`; its method is known if
    /// `legalBasisExplanation` says something, which itself is not kept. `UNSUBSCRIBED` is a withdrawal and
    /// `NOT_SPECIFIED` never asked. `NOT_SUBSCRIBED` cannot tell never asked from unsubscribed: it is a withdrawal where
    /// a legal basis or a brand- or account-wide source shows that something was decided, else a refusal. Without a
    /// `timestamp` an answer holds from the import on, and a yes is not proven. A subscription is known by `id` or
    /// `subscriptionId`, or by its name.
    ///
    /// # Errors
    /// Those of [`read_json`](Importer::read_json).
    ///
    /// # References
    /// HubSpot API reference: *Communication preferences*, versions 3 and 4.
    pub fn read_hubspot(&self, source: impl BufRead) -> Result<Import, ConsentError> {
        let mut batch = Batch::new(self);
        each_line(&self.source, source, |line| {
            let lists = [object::objects(line, "subscriptionStatuses")?, object::objects(line, "results")?];
            match lists.into_iter().flatten().next() {
                Some(entries) => entries.into_iter().try_for_each(|entry| self.subscription(entry, line, &mut batch)),
                None => self.subscription(line, line, &mut batch),
            }
        })?;
        Ok(batch.finish())
    }

    fn subscription(&self, entry: &Object, line: &Object, batch: &mut Batch<'_>) -> Result<(), Fault> {
        let keys = self.customer_keys(&["recipient", "subscriberIdString"]);
        let whose = if keys.iter().any(|key| entry.contains_key(*key)) { entry } else { line };
        let customer = object::customer(whose, &keys)?;
        batch.know(&customer);
        let either = |first: &str, second: &str| match object::id(entry, first)? {
            None => object::id(entry, second),
            found => Ok(found),
        };
        let id = either("subscriptionId", "id")?;
        let name = either("subscriptionName", "name")?;
        let told = |name: &&str| self.purposes.contains_key(*name) || self.ignored.contains(*name);
        let (id, name) = (id.as_deref(), name.as_deref());
        let name = id.filter(told).or(name).or(id).ok_or_else(|| Fault::of_key("name", ImportProblem::Missing))?;
        let Some(purpose) = self.purpose("name", name)? else { return Ok(()) };
        let status = object::text(entry, STATUS)?.ok_or_else(|| Fault::of_key(STATUS, ImportProblem::Missing))?;
        let basis = object::text(entry, "legalBasis")?;
        let explained = is_explained(entry)?;
        let is_wide =
            matches!(object::text(entry, "sourceOfStatus")?, Some("PORTAL_WIDE_STATUS" | "BRAND_WIDE_STATUS"));
        let consented = basis == Some("CONSENT_WITH_NOTICE");
        let time = object::instant(entry, TIME)?;
        let word = match status {
            "SUBSCRIBED" if consented && time.is_some() => Word::Given,
            "UNSUBSCRIBED" => Word::Withdrawn,
            "NOT_SUBSCRIBED" if basis.is_some() || explained || is_wide => Word::Withdrawn,
            "NOT_SUBSCRIBED" => Word::Refused,
            "NOT_SPECIFIED" => return Ok(()),
            _ => Word::Unclear,
        };
        let at = match time {
            Some(at) => batch.timely(TIME, at)?,
            None => self.imported_at,
        };
        let proof = Proof {
            notice_version: object::text(entry, &self.notice_key)?,
            method: explained.then_some("hubspot.consent_with_notice").filter(|_| consented),
        };
        batch.say(&customer, at, &purpose, word, proof);
        Ok(())
    }
}

/// Whether the legal basis is explained.
// PRIVACY: the explanation is free text of any length; that there is one is all that is kept.
fn is_explained(entry: &Object) -> Result<bool, Fault> {
    match entry.get(EXPLANATION) {
        None | Some(serde_json::Value::Null) => Ok(false),
        Some(serde_json::Value::String(text)) => Ok(!text.trim().is_empty()),
        Some(_) => Err(Fault::of_key(EXPLANATION, ImportProblem::WrongType)),
    }
}

const STATUS: &str = "status";
const TIME: &str = "timestamp";
const EXPLANATION: &str = "legalBasisExplanation";
