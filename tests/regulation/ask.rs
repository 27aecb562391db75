//! The one way from a case to its answer.

use std::collections::BTreeSet;

use consentric::consent::Cases;
use serde_json::{Value, json};

/// What the engine answers to one case.
pub struct Answer {
    pub allow: bool,
    pub reason: String,
    pub obligations: BTreeSet<String>,
    pub supported: bool,
    pub jurisdiction: Option<String>,
    pub citations: Vec<String>,
}

/// Answers `case` under the built-in tables, or under `register`: the object behind the key `register` of a first line.
pub fn ask(register: Option<&Value>, case: &Value) -> Answer {
    let line = register.map(|register| json!({"register": register}).to_string());
    let cases = line.map_or_else(Cases::new, |line| Cases::with_register("test", line.as_bytes()).unwrap().unwrap());
    let answer = serde_json::to_value(cases.answer(1, case.to_string().as_bytes())).unwrap();
    let texts = |key: &str| answer[key].as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned());
    Answer {
        allow: answer["decision"] == "allow",
        reason: answer["reason"].as_str().unwrap().to_owned(),
        obligations: texts("obligations").collect(),
        supported: answer["supported"] != false,
        jurisdiction: answer["jurisdiction"].as_str().map(str::to_owned),
        citations: texts("citations").collect(),
    }
}
