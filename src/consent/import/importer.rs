//! Which source is read, when, and what its names mean.

use std::collections::{BTreeMap, BTreeSet};

use super::ImportProblem;
use super::object::{Fault, MAX_TEXT};
use crate::consent::{ConsentError, Purpose};
use crate::time::Timestamp;

/// Reads consent from other systems.
///
/// It knows the name of the source, which every imported customer keeps as provenance; the instant of the import, at
/// which all of it reached us; and which purposes the names of the source mean. A name that is itself the id of a
/// purpose needs no translation, but for tables and Snowplow, where the translated names are the purposes on offer.
///
/// # Examples
/// ```
/// use consentric::consent::{Importer, Ledger, Purpose, Question, Reason, Register, decide};
/// use consentric::time::Timestamp;
/// let at = Timestamp::parse("2026-06-01T00:00:00Z")?;
/// let lines = r#"{"customer_id":"7","newsletter":"granted","at":"2026-01-10T10:00:00Z"}"#;
/// let mut ledger = Ledger::new();
/// Importer::new("old_shop.jsonl", at)?.read_json(lines.as_bytes())?.append_to(&mut ledger)?;
///
/// // The source does not say which notice was shown: the yes is there and does not count.
/// let question = Question::segment(&Purpose::parse("newsletter")?);
/// let decision = decide(&ledger, Register::of_consent(), &question.about("7", at));
/// assert_eq!(decision.reason(), Reason::ConsentInvalid);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Importer {
    pub(super) source: Box<str>,
    pub(super) imported_at: Timestamp,
    pub(super) purposes: BTreeMap<Box<str>, Purpose>,
    pub(super) ignored: BTreeSet<Box<str>>,
    pub(super) customer_key: Option<Box<str>>,
    pub(super) notice_key: Box<str>,
}

impl Importer {
    /// Gives an importer of a source, named by a file or a system, at the instant of the import.
    ///
    /// # Errors
    /// [`ConsentError::ImportSource`] unless the name has 1 to 256 bytes and is not blank.
    pub fn new(source: &str, imported_at: Timestamp) -> Result<Self, ConsentError> {
        let source = source.trim();
        if source.is_empty() || source.len() > MAX_TEXT {
            return Err(ConsentError::ImportSource { limit: MAX_TEXT });
        }
        Ok(Self {
            source: source.into(),
            imported_at,
            purposes: BTreeMap::new(),
            ignored: BTreeSet::new(),
            customer_key: None,
            notice_key: "notice_version".into(),
        })
    }

    /// Says which purpose a name, id or column of the source means.
    pub fn with_purpose(mut self, name: &str, purpose: &Purpose) -> Self {
        self.purposes.insert(name.trim().into(), purpose.clone());
        self
    }

    /// Passes over what the source says about one of its purposes. Default: a name that is not known is an error.
    pub fn ignoring(mut self, name: &str) -> Self {
        self.ignored.insert(name.trim().into());
        self
    }

    /// Names the JSON key that holds the customer's id. Default: that of the source, such as `customer_id`, `PartyId`,
    /// `recipient` or `user_id`.
    pub fn with_customer_key(mut self, key: &str) -> Self {
        self.customer_key = Some(key.into());
        self
    }

    /// Names the JSON key that holds the version of the notice. Default: `notice_version`, and Snowplow's own.
    pub fn with_notice_key(mut self, key: &str) -> Self {
        self.notice_key = key.into();
        self
    }

    /// The purpose of a name, none if it is passed over.
    pub(super) fn purpose(&self, key: &str, name: &str) -> Result<Option<Purpose>, Fault> {
        match self.purposes.get(name) {
            Some(purpose) => Ok(Some(purpose.clone())),
            None if self.ignored.contains(name) => Ok(None),
            None => match Purpose::parse(name) {
                Ok(purpose) => Ok(Some(purpose)),
                Err(_) => Err(Fault::of_key(key, ImportProblem::UnknownPurpose)),
            },
        }
    }

    /// The keys under which a customer is looked for.
    pub(super) fn customer_keys<'a>(&'a self, defaults: &[&'a str]) -> Vec<&'a str> {
        match &self.customer_key {
            Some(key) => vec![key],
            None => defaults.to_vec(),
        }
    }
}
