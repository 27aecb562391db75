//! From lines to answers.

use serde_json::Value;

use super::answer::{Answer, Outcome};
use super::case_line::{Asked, CaseLine};
use crate::consent::register_wire::RegisterLine;
use crate::consent::{ConsentError, JsonProblem, Ledger, LineProblem, Register, decide};
use crate::consent::{Decision, Event, Purpose};

/// Answers cases written as JSON, one object each.
///
/// A case holds `customer`, `activity` (the register's entry for the purpose of the request), `events` and `request`.
/// Keys nobody knows are named in the answer's warnings; `title`, `citation`, `certainty`, `note` and `expect` are
/// passed over. What cannot be read denies with `UNREADABLE`.
///
/// # Privacy
/// Answers and errors repeat no value of a case but its `id`.
///
/// # Examples
/// ```
/// use consentric::consent::{Cases, Reason};
/// let case = r#"{"id":1,"customer":{"jurisdiction":"ES"},"activity":{"lawful_basis":"consent"},"events":[],
///     "request":{"at":"2026-06-01T12:00:00Z","operation":"contact","purpose":"newsletter"}}"#;
/// let answer = Cases::new().answer(1, case.as_bytes());
/// assert_eq!(answer.reason(), Reason::NoConsent);
/// assert_eq!(Cases::new().answer(2, b"[").reason(), Reason::Unreadable);
/// ```
#[derive(Clone, Debug)]
pub struct Cases {
    base: Register,
}

impl Cases {
    /// Answers under the built-in catalogue of purposes and categories.
    pub fn new() -> Self {
        Self { base: Register::new() }
    }

    /// Reads the line that may stand first, `{"register":{…}}`; `None` if the line is none.
    ///
    /// # Errors
    /// [`ConsentError::Line`] if it is one and cannot be read.
    pub fn with_register(source_name: &str, line: &[u8]) -> Option<Result<Self, ConsentError>> {
        let object: serde_json::Map<String, Value> = serde_json::from_slice(line).ok()?;
        let register = object.get("register")?;
        if object.contains_key("request") {
            return None;
        }
        Some(match serde_json::from_value::<RegisterLine>(register.clone()) {
            Ok(register) => Ok(Self { base: register.into_register(None) }),
            Err(_) => {
                Err(ConsentError::Line { source_name: source_name.to_owned(), line: 1, problem: LineProblem::Register })
            }
        })
    }

    /// Answers one line, counted from 1.
    ///
    /// # Complexity
    /// `O(bytes)`.
    pub fn answer(&self, line: u64, bytes: &[u8]) -> Answer {
        let mut unknown_keys = Vec::new();
        match read(bytes, &mut unknown_keys) {
            Ok(mut case) => {
                let id = std::mem::take(&mut case.id);
                let outcome = match self.decide(case) {
                    Ok(decision) => Outcome::Decided(decision),
                    Err(problem) => {
                        Outcome::Unreadable { error: problem.to_string(), policy_hash: self.base.policy_hash() }
                    }
                };
                Answer { id, line, outcome, unknown_keys }
            }
            Err(problem) => {
                // Slow, and only for what could not be read: is it a case at all?
                let outcome = |id| match id {
                    Some(id) => {
                        let error = problem.to_string();
                        (id, Outcome::Unreadable { error, policy_hash: self.base.policy_hash() })
                    }
                    None => (Value::Null, Outcome::Malformed { error: problem.to_string() }),
                };
                let object = serde_json::from_slice::<serde_json::Map<String, Value>>(bytes).ok();
                let (id, outcome) = outcome(object.map(|mut object| object.remove("id").unwrap_or(Value::Null)));
                Answer { id, line, outcome, unknown_keys: Vec::new() }
            }
        }
    }

    fn decide(&self, case: CaseLine) -> Result<Decision, LineProblem> {
        let request = case.request.ok_or(LineProblem::MissingKey { key: "request" })?;
        let Asked { mut question, at, known_at, profile } = request.asked()?;
        let events: Vec<Event> =
            case.events.unwrap_or_default().into_iter().map(|line| line.into_event()).collect::<Result<_, _>>()?;
        let mut ledger = Ledger::new();
        if let Some(customer) = case.customer {
            ledger.describe(CUSTOMER, &customer.subject()?).map_err(|_| LineProblem::EmptyCustomer)?;
            for event in events {
                ledger.append(CUSTOMER, event).map_err(|_| LineProblem::EventConflict)?;
            }
        }
        // A person may take along data of an activity without a purpose; no catalogue holds this one.
        if question.purpose.is_none() && case.activity.is_some() {
            question.purpose = Purpose::parse(NO_PURPOSE).ok();
        }
        let register = match (case.activity, question.purpose()) {
            (Some(activity), Some(purpose)) => {
                let mut register = self.base.clone();
                register.insert(purpose.clone(), activity);
                register.hashed()
            }
            _ => self.base.clone(),
        };
        let mut request = question.about(CUSTOMER, at);
        if let Some(known_at) = known_at {
            request = request.with_known_at(known_at);
        }
        if let Some(profile) = &profile {
            request = request.with_profile(profile);
        }
        Ok(decide(&ledger, &register, &request))
    }
}

impl Default for Cases {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads a case and notes the keys nobody knows.
fn read(bytes: &[u8], unknown_keys: &mut Vec<String>) -> Result<CaseLine, JsonProblem> {
    // serde would fill a structure from an array, too.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(JsonProblem::Syntax);
    }
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let mut note = |path: serde_ignored::Path<'_>| {
        let name = match &path {
            serde_ignored::Path::Map { key, .. } => key.as_str(),
            _ => return,
        };
        let known = PASSED_OVER.contains(&name) || unknown_keys.iter().any(|key| key == name);
        if !known && unknown_keys.len() < MAX_WARNINGS {
            unknown_keys.push(name.chars().take(MAX_KEY).collect());
        }
    };
    let case =
        serde_ignored::deserialize(&mut source, &mut note).map_err(|error: serde_json::Error| problem(&error))?;
    source.end().map_err(|error| problem(&error))?;
    Ok(case)
}

fn problem(error: &serde_json::Error) -> JsonProblem {
    use serde_json::error::Category;
    match error.classify() {
        Category::Syntax | Category::Io => JsonProblem::Syntax,
        Category::Eof => JsonProblem::Incomplete,
        // PRIVACY: serde's text repeats the value it found; only its fixed beginning is looked at.
        Category::Data if error.to_string().starts_with("duplicate field") => JsonProblem::DuplicateKey,
        Category::Data => JsonProblem::WrongType,
    }
}

/// Stands in for a purpose that was not named.
const NO_PURPOSE: &str = "_";

/// The one customer of a case.
const CUSTOMER: &str = "customer";

/// Keys for people, and free text that is not kept.
const PASSED_OVER: [&str; 13] = [
    "title",
    "citation",
    "certainty",
    "note",
    "expect",
    "grounds",
    "ground",
    "detail",
    "via",
    "id",
    "safeguards",
    "recipients",
    "customer_id",
];

const MAX_WARNINGS: usize = 20;
const MAX_KEY: usize = 64;
