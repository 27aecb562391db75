//! Lines of JSON objects in which no key appears twice.

use std::fmt;
use std::io::BufRead;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::{Map, Value};

use super::ImportProblem;
use crate::consent::{ConsentError, JsonProblem};
use crate::time::Timestamp;

/// What is wrong with a line, before it is known which.
pub(super) enum Fault {
    Json { column: u64, problem: JsonProblem },
    Key { key: Option<Box<str>>, problem: ImportProblem },
}

/// An object of a line.
pub(super) type Object = Map<String, Value>;

/// Reads an object a line and hands it on; blank lines are passed over.
pub(super) fn each_line(
    source_name: &str,
    mut source: impl BufRead,
    mut take: impl FnMut(&Object) -> Result<(), Fault>,
) -> Result<(), ConsentError> {
    let mut bytes = Vec::new();
    let mut any = false;
    for line in 1.. {
        bytes.clear();
        let n = std::io::Read::take(&mut source, MAX_LINE + 1)
            .read_until(b'\n', &mut bytes)
            .map_err(|error| ConsentError::Io { source_name: source_name.to_owned(), error })?;
        if n == 0 {
            break;
        }
        if n as u64 > MAX_LINE {
            return Err(ConsentError::LineTooLong { source_name: source_name.to_owned(), line, limit: MAX_LINE });
        }
        let text = if line == 1 { bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes) } else { &bytes };
        if text.trim_ascii().is_empty() {
            continue;
        }
        any = true;
        parse(text).and_then(|object| take(&object)).map_err(|fault| fault.at(source_name, line))?;
    }
    if any { Ok(()) } else { Err(ConsentError::NoLines { source_name: source_name.to_owned() }) }
}

fn parse(bytes: &[u8]) -> Result<Object, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::of_line(ImportProblem::NotUtf8))?;
    match serde_json::from_str(text) {
        Ok(Strict(Value::Object(object))) => Ok(object),
        Ok(Strict(_)) => Err(Fault::of_json(1, JsonProblem::WrongType)),
        Err(error) => {
            let problem = match error.classify() {
                Category::Syntax | Category::Io => JsonProblem::Syntax,
                Category::Eof => JsonProblem::Incomplete,
                // PRIVACY: the only text of its own that a strict value fails with.
                Category::Data if error.to_string().starts_with(DUPLICATE) => JsonProblem::DuplicateKey,
                Category::Data => JsonProblem::WrongType,
            };
            let column = if error.line() > 1 { text.trim_ascii_end().len() } else { error.column() };
            Err(Fault::of_json(column.max(1) as u64, problem))
        }
    }
}

/// The text of a key; absent, null and blank are none.
pub(super) fn text<'a>(object: &'a Object, key: &str) -> Result<Option<&'a str>, Fault> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => short(key, text.trim()),
        Some(_) => Err(Fault::of_key(key, ImportProblem::WrongType)),
    }
}

/// A text within the limit, none if it is empty.
pub(super) fn short<'a>(key: &str, text: &'a str) -> Result<Option<&'a str>, Fault> {
    if text.len() > MAX_TEXT {
        return Err(Fault::of_key(key, ImportProblem::TooLong { limit: MAX_TEXT }));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// The text or whole number of a key, such as an id.
pub(super) fn id(object: &Object, key: &str) -> Result<Option<Box<str>>, Fault> {
    match object.get(key) {
        Some(Value::Number(number)) if number.is_u64() || number.is_i64() => Ok(Some(number.to_string().into())),
        _ => Ok(text(object, key)?.map(Box::from)),
    }
}

/// The customer under the first of some keys that is there.
pub(super) fn customer(object: &Object, keys: &[&str]) -> Result<Box<str>, Fault> {
    let key = keys.iter().find(|key| object.contains_key(**key));
    let Some(key) = key.or(keys.first()) else { return Err(Fault::of_line(ImportProblem::EmptyCustomer)) };
    if !object.contains_key(*key) {
        return Err(Fault::of_key(key, ImportProblem::Missing));
    }
    id(object, key)?.ok_or_else(|| Fault::of_key(key, ImportProblem::EmptyCustomer))
}

/// The instant of a key, none if it is absent or null.
pub(super) fn instant(object: &Object, key: &str) -> Result<Option<Timestamp>, Fault> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => parse_instant(key, text).map(Some),
        Some(_) => Err(Fault::of_key(key, ImportProblem::WrongType)),
    }
}

pub(super) fn parse_instant(key: &str, text: &str) -> Result<Timestamp, Fault> {
    Timestamp::parse(text.trim()).map_err(|_| Fault::of_key(key, ImportProblem::Time))
}

/// Whether a flag is set; absent and null are not.
pub(super) fn flag(object: &Object, key: &str) -> Result<bool, Fault> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(set)) => Ok(*set),
        Some(_) => Err(Fault::of_key(key, ImportProblem::WrongType)),
    }
}

/// The objects of a list, none if it is absent.
pub(super) fn objects<'a>(object: &'a Object, key: &str) -> Result<Option<Vec<&'a Object>>, Fault> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(entries)) if entries.len() > MAX_ENTRIES => {
            Err(Fault::of_key(key, ImportProblem::TooMany { limit: MAX_ENTRIES }))
        }
        Some(Value::Array(entries)) => {
            let objects = entries.iter().map(|entry| entry.as_object());
            let objects: Option<Vec<_>> = objects.collect();
            objects.map(Some).ok_or_else(|| Fault::of_key(key, ImportProblem::WrongType))
        }
        Some(_) => Err(Fault::of_key(key, ImportProblem::WrongType)),
    }
}

/// A value in which no key appears twice: of two answers to one question it is not known which counts.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Strict;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
                Ok(Strict(value.into()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
                Ok(Strict(value.into()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
                Ok(Strict(value.into()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
                Ok(Strict(value.into()))
            }

            fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
                Ok(Strict(value.into()))
            }

            fn visit_unit<E>(self) -> Result<Strict, E> {
                Ok(Strict(Value::Null))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Strict, A::Error> {
                let mut list = Vec::new();
                while let Some(Strict(entry)) = entries.next_element()? {
                    list.push(entry);
                }
                Ok(Strict(Value::Array(list)))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Strict, A::Error> {
                let mut object = Object::new();
                while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
                    if object.insert(key, value).is_some() {
                        return Err(serde::de::Error::custom(DUPLICATE));
                    }
                }
                Ok(Strict(Value::Object(object)))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

const DUPLICATE: &str = "a key appears twice";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const MAX_LINE: u64 = 1 << 20;

/// Bytes of an id, a version, a method or a status.
pub(super) const MAX_TEXT: usize = 256;
/// Keys of a line, columns of a table, entries of a list.
pub(super) const MAX_ENTRIES: usize = 1024;
