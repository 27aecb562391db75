//! JSON with one form only.

use std::collections::BTreeMap;

/// A JSON value with one way to write it: sorted keys, no space, no number with a fraction.
///
/// Fractions are texts in decimal, since two programs write one float in two ways; so are integers that a float cannot
/// hold. Whoever reads the text and writes it again by RFC 8785 gets the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Integer(u64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn object<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    pub(super) fn write(&self) -> String {
        let mut written = String::new();
        self.write_to(&mut written);
        written
    }

    fn write_to(&self, to: &mut String) {
        match self {
            Self::Null => to.push_str("null"),
            Self::Integer(value) if *value <= EXACT => to.push_str(&value.to_string()),
            Self::Integer(value) => write_text(&value.to_string(), to),
            Self::Text(text) => write_text(text, to),
            Self::List(values) => {
                to.push('[');
                for (place, value) in values.iter().enumerate() {
                    if place > 0 {
                        to.push(',');
                    }
                    value.write_to(to);
                }
                to.push(']');
            }
            Self::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().collect();
                // SPEC: RFC 8785 section 3.2.3 sorts keys by their UTF-16 units.
                fields.sort_by_cached_key(|(name, _)| name.encode_utf16().collect::<Vec<u16>>());
                to.push('{');
                for (place, (name, value)) in fields.into_iter().enumerate() {
                    if place > 0 {
                        to.push(',');
                    }
                    write_text(name, to);
                    to.push(':');
                    value.write_to(to);
                }
                to.push('}');
            }
        }
    }
}

fn write_text(text: &str, to: &mut String) {
    to.push('"');
    for character in text.chars() {
        match character {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\u{8}' => to.push_str("\\b"),
            '\t' => to.push_str("\\t"),
            '\n' => to.push_str("\\n"),
            '\u{c}' => to.push_str("\\f"),
            '\r' => to.push_str("\\r"),
            control if control < ' ' => to.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => to.push(other),
        }
    }
    to.push('"');
}

/// The largest integer up to which a float holds every one.
const EXACT: u64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_texts_escaped_in_one_way() {
        let json = Json::object([
            ("b", Json::List(vec![Json::Integer(1), Json::Null, Json::Integer(u64::MAX)])),
            ("a", Json::text("\u{1}\"\\\n€")),
            ("B", Json::object([])),
        ]);
        assert_eq!(json.write(), "{\"B\":{},\"a\":\"\\u0001\\\"\\\\\\n€\",\"b\":[1,null,\"18446744073709551615\"]}");
        let parsed: serde_json::Value = serde_json::from_str(&json.write()).unwrap();
        assert_eq!(parsed.to_string(), json.write());
    }
}
