//! Documents from JSON, without loss or not at all.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::{DocumentProblem, SchemaVersion};
use crate::consent::JsonProblem;

/// Reads a document that, written again, gives the same JSON.
pub(super) fn read<T: Serialize + DeserializeOwned>(text: &str) -> Result<T, DocumentProblem> {
    if text.len() > MAX_BYTES {
        return Err(DocumentProblem::TooLong { limit: MAX_BYTES });
    }
    let value: Value = serde_json::from_str(text).map_err(|error| problem(&error))?;
    match value.get("schema_version") {
        Some(Value::String(version)) if version != SchemaVersion::V1.as_str() => {
            return Err(DocumentProblem::UnknownSchemaVersion);
        }
        _ => {}
    }
    let document: T = serde_json::from_str(text).map_err(|error| problem(&error))?;
    // INVARIANT: nothing is lost; a written null, another form of a time or a structure written as a list would be.
    match serde_json::to_value(&document) {
        Ok(again) if again == value => Ok(document),
        _ => Err(DocumentProblem::NotAsWritten),
    }
}

fn problem(error: &serde_json::Error) -> DocumentProblem {
    let (line, column) = (error.line(), error.column());
    let json = |problem| DocumentProblem::Json { line, column, problem };
    match error.classify() {
        Category::Syntax | Category::Io => json(JsonProblem::Syntax),
        Category::Eof => json(JsonProblem::Incomplete),
        Category::Data => {
            // PRIVACY: serde's text repeats the value it found; only its fixed beginning is looked at.
            let text = error.to_string();
            if text.starts_with("missing field") {
                DocumentProblem::MissingField { line, column }
            } else if text.starts_with("unknown field") {
                DocumentProblem::UnknownField { line, column }
            } else if text.starts_with("duplicate field") {
                json(JsonProblem::DuplicateKey)
            } else if text.starts_with("a text is blank") {
                DocumentProblem::Blank
            } else if text.starts_with("a list is empty") {
                DocumentProblem::EmptyList
            } else {
                json(JsonProblem::WrongType)
            }
        }
    }
}

const MAX_BYTES: usize = 1 << 20;
