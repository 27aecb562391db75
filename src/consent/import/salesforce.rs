//! Salesforce's objects of consent.

use std::io::BufRead;

use serde_json::Value;

use super::batch::{Batch, Proof};
use super::object::{self, Fault, Object, each_line};
use super::word::Word;
use super::{Import, ImportProblem, Importer};
use crate::consent::{ConsentError, EventKind, ObjectionScope, Right};

impl Importer {
    /// Reads JSON lines of Salesforce's `ContactPointConsent`, `ContactPointTypeConsent` and `Individual`, one record
    /// each.
    ///
    /// `PrivacyConsentStatus` is `OptIn`, `OptOut` (a withdrawal), `Seen` (asked, not answered) or `NotSeen` (never
    /// asked); the purpose is `DataUsePurpose.Name` or `DataUsePurposeId`, the time `CaptureDate` or a later
    /// `EffectiveFrom`, the method `CaptureSource`. `DoubleConsentCaptureDate` confirms a consent, `EffectiveTo` ends it.
    /// Of an `Individual` the flags that are set count: objections to solicitation, profiling and processing, opt-outs of
    /// tracking and profiling, and the wish to be forgotten. Salesforce does not hold the version of the notice: name the
    /// custom field that does ([`with_notice_key`](Importer::with_notice_key)), or no consent counts.
    ///
    /// # Errors
    /// Those of [`read_json`](Importer::read_json).
    ///
    /// # References
    /// Salesforce Object Reference: *ContactPointConsent*, *ContactPointTypeConsent*, *Individual*.
    pub fn read_salesforce(&self, source: impl BufRead) -> Result<Import, ConsentError> {
        let mut batch = Batch::new(self);
        each_line(&self.source, source, |line| match line.get(STATUS) {
            None if is_individual(line) => self.individual(line, &mut batch),
            _ => self.contact_point(line, &mut batch),
        })?;
        Ok(batch.finish())
    }

    fn contact_point(&self, line: &Object, batch: &mut Batch<'_>) -> Result<(), Fault> {
        let customer = object::customer(line, &self.customer_keys(&["PartyId", "IndividualId"]))?;
        batch.know(&customer);
        let name = match line.get(PURPOSE) {
            Some(Value::Object(purpose)) => object::text(purpose, "Name")?,
            Some(_) => object::text(line, PURPOSE)?,
            None => None,
        };
        let id = object::text(line, PURPOSE_ID)?;
        let known = id.filter(|id| self.purposes.contains_key(*id) || self.ignored.contains(*id));
        let name = known.or(name).or(id).ok_or_else(|| Fault::of_key(PURPOSE, ImportProblem::Missing))?;
        let Some(purpose) = self.purpose(PURPOSE, name)? else { return Ok(()) };
        let status = object::text(line, STATUS)?.ok_or_else(|| Fault::of_key(STATUS, ImportProblem::Missing))?;
        let word = match status {
            "OptIn" => Word::Given,
            "OptOut" => Word::Withdrawn,
            "Seen" => Word::Asked,
            "NotSeen" => return Ok(()),
            _ => Word::Unclear,
        };
        let captured =
            object::instant(line, CAPTURED)?.ok_or_else(|| Fault::of_key(CAPTURED, ImportProblem::Missing))?;
        let captured = batch.timely(CAPTURED, captured)?;
        let proof = Proof {
            notice_version: object::text(line, &self.notice_key)?,
            method: object::text(line, "CaptureSource")?,
        };
        let from = object::instant(line, "EffectiveFrom")?;
        let confirmed = object::instant(line, "DoubleConsentCaptureDate")?;
        let to = object::instant(line, "EffectiveTo")?;
        // A no holds from the moment it was said; only a yes may begin later.
        let yes = matches!(word, Word::Given | Word::Unclear);
        let at = from.filter(|from| yes && *from > captured).unwrap_or(captured);
        batch.say(&customer, at, &purpose, word, proof);
        if yes {
            if let Some(confirmed) = confirmed {
                batch.push(&customer, confirmed, EventKind::ConsentConfirmed((&purpose).into()));
            }
            if let Some(to) = to {
                batch.say(&customer, to.max(at), &purpose, Word::Lapsed, proof);
            }
        }
        Ok(())
    }

    fn individual(&self, line: &Object, batch: &mut Batch<'_>) -> Result<(), Fault> {
        let customer = object::customer(line, &self.customer_keys(&["Id"]))?;
        batch.know(&customer);
        // When a flag was set is not told: not before the last change, which takes away most.
        let at = match object::instant(line, MODIFIED)? {
            Some(at) => batch.timely(MODIFIED, at)?,
            None => self.imported_at,
        };
        for (key, kinds) in [
            ("HasOptedOutSolicit", vec![EventKind::Objection { scope: ObjectionScope::DirectMarketing }]),
            (
                "HasOptedOutProfiling",
                vec![
                    EventKind::Objection { scope: ObjectionScope::ProfilingForDirectMarketing },
                    EventKind::OptOut { right: Right::Profiling },
                ],
            ),
            ("HasOptedOutProcessing", vec![EventKind::Objection { scope: ObjectionScope::All }]),
            ("HasOptedOutTracking", vec![EventKind::OptOut { right: Right::TargetedAds }]),
            ("ShouldForget", vec![EventKind::ErasureRequested]),
        ] {
            if object::flag(line, key)? {
                for kind in kinds {
                    batch.push(&customer, at, kind);
                }
            }
        }
        Ok(())
    }
}

fn is_individual(line: &Object) -> bool {
    let named = line.get("attributes").and_then(|attributes| attributes.get("type")).and_then(Value::as_str);
    named == Some("Individual") || line.contains_key("HasOptedOutProcessing") || line.contains_key("ShouldForget")
}

const STATUS: &str = "PrivacyConsentStatus";
const PURPOSE: &str = "DataUsePurpose";
const PURPOSE_ID: &str = "DataUsePurposeId";
const CAPTURED: &str = "CaptureDate";
const MODIFIED: &str = "LastModifiedDate";
