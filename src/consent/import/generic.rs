//! Lines of `{purpose: status, at}`.

use std::io::BufRead;

use serde_json::Value;

use super::batch::{Batch, Proof};
use super::object::{self, Fault, MAX_ENTRIES, Object, each_line};
use super::word::Word;
use super::{Import, ImportProblem, Importer};
use crate::consent::ConsentError;

impl Importer {
    /// Reads JSON lines of a plain form: `{"customer_id":"7","newsletter":"granted","at":"2026-01-10T10:00:00Z"}`.
    ///
    /// Every key that is not `customer_id`, `at`, `method` or the key of the notice names a purpose; its value is a
    /// status, or an object of `status`, `at`, `method` and notice of its own. A line may also name one purpose in words:
    /// `{"customer_id":"7","purpose":"newsletter","status":"granted","at":…}`.
    ///
    /// Known are `granted`, `refused`, `withdrawn`, `pending`, `expired`, `never_asked` and words like them, the terms of
    /// the Data Privacy Vocabulary, true, false, and null for never asked.
    ///
    /// # Privacy
    /// Errors name source, line and key, never a value.
    ///
    /// # Errors
    /// [`ConsentError::Json`], [`ConsentError::Import`], [`ConsentError::LineTooLong`] at the first line that cannot be
    /// read; [`ConsentError::NoLines`] for an empty source; [`ConsentError::Io`].
    ///
    /// # Complexity
    /// `O(bytes)`; lines of at most 1 MiB and 1 024 keys.
    pub fn read_json(&self, source: impl BufRead) -> Result<Import, ConsentError> {
        let mut batch = Batch::new(self);
        each_line(&self.source, source, |line| self.plain(line, &mut batch))?;
        Ok(batch.finish())
    }

    fn plain(&self, line: &Object, batch: &mut Batch<'_>) -> Result<(), Fault> {
        if line.len() > MAX_ENTRIES {
            return Err(Fault::of_line(ImportProblem::TooMany { limit: MAX_ENTRIES }));
        }
        let customer_keys = self.customer_keys(&["customer_id"]);
        let customer = object::customer(line, &customer_keys)?;
        batch.know(&customer);
        if line.contains_key("purpose") {
            let name =
                object::text(line, "purpose")?.ok_or_else(|| Fault::of_key("purpose", ImportProblem::Missing))?;
            let status = line.get("status").ok_or_else(|| Fault::of_key("status", ImportProblem::Missing))?;
            return self.answer(&customer, ("purpose", name), ("status", status), line, line, batch);
        }
        let reserved = [AT, METHOD, &self.notice_key];
        for (name, value) in line {
            if reserved.contains(&name.as_str()) || customer_keys.contains(&name.as_str()) {
                continue;
            }
            // PRIVACY: a key is named in errors only after it proved to be the id of a purpose or a name of the caller.
            match value {
                Value::Object(own) => {
                    let status = own.get("status").ok_or_else(|| Fault::of_key("status", ImportProblem::Missing))?;
                    self.answer(&customer, ("purpose", name), ("status", status), own, line, batch)?;
                }
                status => self.answer(&customer, ("purpose", name), ("status", status), line, line, batch)?,
            }
        }
        Ok(())
    }

    /// One purpose with its status; what `own` does not say, `line` does.
    fn answer(
        &self,
        customer: &str,
        (key, name): (&str, &str),
        (status_key, status): (&str, &Value),
        own: &Object,
        line: &Object,
        batch: &mut Batch<'_>,
    ) -> Result<(), Fault> {
        let Some(purpose) = self.purpose(key, name)? else { return Ok(()) };
        let word = match status {
            Value::Null => Word::Never,
            Value::Bool(true) => Word::Given,
            Value::Bool(false) => Word::Refused,
            Value::String(text) => object::short(status_key, text.trim())?.map_or(Word::Never, Word::read),
            _ => return Err(Fault::of_key(purpose.as_str(), ImportProblem::WrongType)),
        };
        let at = match object::instant(own, AT)? {
            Some(at) => Some(at),
            None => object::instant(line, AT)?,
        };
        let at = match (at, word) {
            (Some(at), _) => batch.timely(AT, at)?,
            (None, Word::Never) => self.imported_at,
            (None, _) => return Err(Fault::of_key(AT, ImportProblem::Missing)),
        };
        let proof = Proof {
            notice_version: object::text(own, &self.notice_key)?.or(object::text(line, &self.notice_key)?),
            method: object::text(own, METHOD)?.or(object::text(line, METHOD)?),
        };
        batch.say(customer, at, &purpose, word, proof);
        Ok(())
    }
}

const AT: &str = "at";
const METHOD: &str = "method";
