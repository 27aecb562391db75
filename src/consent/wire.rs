//! The JSON form of events and of lines about customers.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::event::{Answer, GppUsnat};
use super::{Event, EventKind, Grant, LineProblem, ObjectionScope, Purpose, Purposes, Right, Signal};
use crate::time::Timestamp;

/// The keys of a line as they are written; what they mean is judged afterwards.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Line {
    #[serde(skip_serializing)]
    pub(super) register: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    pub(super) activities: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    pub(super) customer_id: Option<CustomerId>,
    #[serde(skip_serializing)]
    pub(super) jurisdiction: Option<Codes>,
    #[serde(skip_serializing)]
    pub(super) jurisdiction_history: Option<Vec<Stay>>,
    #[serde(skip_serializing)]
    pub(super) birth_date: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_at: Option<Box<str>>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    event_type: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purposes: Option<Vec<Box<str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice_version: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affirmative: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parental_verification: Option<Verification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explicit: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explicit_for: Option<Box<[Box<str>]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_categories: Option<Box<[Box<str>]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    controllers: Option<Box<[Box<str>]>>,
    /// `Some(None)` for a written null, which proves nothing.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "written")]
    bundled_with_contract: Option<Option<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    despite_restriction: Option<bool>,
    /// `Some(Null)` for a written null, which is no yes.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "written")]
    value: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    informed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpc: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpp_usnat: Option<GppUsnat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tcf: Option<Object>,
}

impl Line {
    /// Says whether the line names an event.
    pub(super) const fn has_event(&self) -> bool {
        self.event_type.is_some()
    }

    /// The keys of a line that describes a customer and names no event. Any other key could be half an event, such as
    /// a withdrawal written in other words, and must be reported, not passed over.
    pub(super) const DESCRIPTION: [&'static str; 4] =
        ["customer_id", "jurisdiction", "jurisdiction_history", "birth_date"];

    pub(super) fn into_event(self) -> Result<Event, LineProblem> {
        let name = self.event_type.as_deref().ok_or(LineProblem::MissingKey { key: "type" })?;
        let other = OTHER_EVENTS.iter().find(|other| **other == name);
        let at = instant("at", self.at.as_deref())?.ok_or(LineProblem::MissingKey { key: "at" })?;
        let recorded_at = instant("recorded_at", self.recorded_at.as_deref())?.unwrap_or(at);
        let kind = match (name, other) {
            (_, Some(name)) => EventKind::Other { name },
            ("consent_given", _) => EventKind::ConsentGiven(Box::new(self.into_grant()?)),
            ("consent_refused", _) => EventKind::ConsentRefused { purposes: purposes(self.purposes)? },
            ("consent_withdrawn", _) => EventKind::ConsentWithdrawn { purposes: purposes(self.purposes)? },
            ("consent_invalidated", _) => EventKind::ConsentInvalidated { purposes: purposes(self.purposes)? },
            ("consent_requested", _) => EventKind::ConsentRequested { purposes: purposes(self.purposes)? },
            ("objection", _) => EventKind::Objection { scope: scope(self.scope.as_deref())? },
            ("restriction_set", _) => EventKind::RestrictionSet,
            ("restriction_lifted", _) => EventKind::RestrictionLifted { informed: self.informed.unwrap_or(false) },
            ("erasure_requested", _) => EventKind::ErasureRequested,
            ("erasure_completed", _) => EventKind::ErasureCompleted,
            ("opt_out", _) => EventKind::OptOut { right: right(self.right.as_deref())? },
            ("signal", _) => EventKind::Signal(self.signal()?),
            _ => return Err(LineProblem::UnknownType),
        };
        Ok(Event { at, recorded_at, kind })
    }

    fn into_grant(self) -> Result<Grant, LineProblem> {
        Ok(Grant {
            purposes: purposes(self.purposes)?,
            notice_version: self.notice_version,
            method: self.method,
            affirmative: self.affirmative,
            by: self.by,
            parental_verification: self.parental_verification.is_some_and(|verification| verification.is_done()),
            explicit: self.explicit.unwrap_or(false),
            explicit_for: self.explicit_for.unwrap_or_default(),
            data_categories: self.data_categories,
            controllers: self.controllers,
            bundled_with_contract: self.bundled_with_contract.is_some_and(|bundled| bundled != Some(false)),
            despite_restriction: self.despite_restriction.unwrap_or(false),
            value: match &self.value {
                None => Answer::Absent,
                Some(serde_json::Value::Bool(true)) => Answer::Yes,
                Some(serde_json::Value::String(text)) if matches!(text.as_str(), "yes" | "granted") => Answer::Yes,
                Some(_) => Answer::Unclear,
            },
        })
    }

    fn signal(&self) -> Result<Signal, LineProblem> {
        let signal = Signal { gpc: self.gpc, gpp_usnat: self.gpp_usnat, tcf: self.tcf.is_some() };
        // A signal of which nothing is understood could be an opt-out.
        if signal.gpc.is_none() && signal.gpp_usnat.is_none() && !signal.tcf {
            return Err(LineProblem::MissingKey { key: "gpc`, `gpp_usnat` or `tcf" });
        }
        Ok(signal)
    }

    fn of_event(event: &Event) -> Self {
        let mut line = Self {
            at: Some(event.at.to_string().into()),
            recorded_at: (event.recorded_at != event.at).then(|| event.recorded_at.to_string().into()),
            event_type: Some(event.kind.name().into()),
            ..Self::default()
        };
        match &event.kind {
            EventKind::ConsentGiven(grant) => line.set_grant(grant),
            EventKind::ConsentRefused { purposes }
            | EventKind::ConsentWithdrawn { purposes }
            | EventKind::ConsentInvalidated { purposes }
            | EventKind::ConsentRequested { purposes } => line.purposes = Some(names(purposes)),
            EventKind::Objection { scope } => {
                line.scope = Some(match scope {
                    ObjectionScope::DirectMarketing => DIRECT_MARKETING.into(),
                    ObjectionScope::ProfilingForDirectMarketing => PROFILING_FOR_DIRECT_MARKETING.into(),
                    ObjectionScope::All => ALL.into(),
                    ObjectionScope::Purpose(purpose) => purpose.as_str().into(),
                });
            }
            EventKind::RestrictionLifted { informed } => line.informed = Some(*informed),
            EventKind::OptOut { right } => {
                line.right = RIGHTS.iter().find(|(_, known)| known == right).map(|(name, _)| Box::from(*name));
            }
            EventKind::Signal(signal) => {
                line.gpc = signal.gpc;
                line.gpp_usnat = signal.gpp_usnat;
                line.tcf = signal.tcf.then_some(Object);
            }
            EventKind::RestrictionSet
            | EventKind::ErasureRequested
            | EventKind::ErasureCompleted
            | EventKind::Other { .. } => {}
        }
        line
    }

    fn set_grant(&mut self, grant: &Grant) {
        let set = |flag: bool| flag.then_some(true);
        self.purposes = Some(names(&grant.purposes));
        self.notice_version = grant.notice_version.clone();
        self.method = grant.method.clone();
        self.affirmative = grant.affirmative;
        self.by = grant.by.clone();
        self.parental_verification = set(grant.parental_verification).map(Verification::Done);
        self.explicit = set(grant.explicit);
        self.explicit_for = (!grant.explicit_for.is_empty()).then(|| grant.explicit_for.clone());
        self.data_categories = grant.data_categories.clone();
        self.controllers = grant.controllers.clone();
        self.bundled_with_contract = set(grant.bundled_with_contract).map(Some);
        self.despite_restriction = set(grant.despite_restriction);
        self.value = match grant.value {
            Answer::Absent => None,
            Answer::Yes => Some(serde_json::Value::Bool(true)),
            Answer::Unclear => Some(serde_json::Value::Null),
        };
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Line::of_event(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Whole(line) = Whole::deserialize(deserializer)?;
        line.into_event().map_err(serde::de::Error::custom)
    }
}

/// A line that is a JSON object; serde would fill a structure from an array too, by position.
pub(super) struct Whole(pub(super) Line);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectOnly;

        impl<'de> Visitor<'de> for ObjectOnly {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Whole, A::Error> {
                Line::deserialize(MapAccessDeserializer::new(map)).map(Whole)
            }
        }

        deserializer.deserialize_map(ObjectOnly)
    }
}

/// A customer id written as text or as a whole number.
pub(super) struct CustomerId(pub(super) Box<str>);

impl<'de> Deserialize<'de> for CustomerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;

        impl Visitor<'_> for TextOrNumber {
            type Value = CustomerId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }

            fn visit_str<E>(self, text: &str) -> Result<CustomerId, E> {
                Ok(CustomerId(text.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<CustomerId, E> {
                Ok(CustomerId(number.to_string().into()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<CustomerId, E> {
                Ok(CustomerId(number.to_string().into()))
            }
        }

        deserializer.deserialize_any(TextOrNumber)
    }
}

/// One jurisdiction or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Codes {
    One(Box<str>),
    Several(Vec<Box<str>>),
}

/// From when on a customer lived where.
#[derive(Deserialize)]
pub(super) struct Stay {
    pub(super) code: Option<Codes>,
}

/// Whether, or how, it was checked that a parent spoke.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Verification {
    Done(bool),
    By(Box<str>),
}

impl Verification {
    fn is_done(&self) -> bool {
        match self {
            Self::Done(done) => *done,
            Self::By(method) => !method.is_empty(),
        }
    }
}

/// A JSON object whose content is not read.
#[derive(Clone, Copy)]
struct Object;

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map::<&str, bool, _>([])
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::collections::BTreeMap::<Box<str>, IgnoredAny>::deserialize(deserializer).map(|_| Object)
    }
}

/// Tells a written null from a key that is not there.
fn written<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn instant(key: &'static str, text: Option<&str>) -> Result<Option<Timestamp>, LineProblem> {
    text.map(Timestamp::parse).transpose().map_err(|_| LineProblem::Time { key })
}

fn purposes(texts: Option<Vec<Box<str>>>) -> Result<Purposes, LineProblem> {
    let texts = texts.ok_or(LineProblem::MissingKey { key: "purposes" })?;
    if texts.is_empty() {
        return Err(LineProblem::EmptyList { key: "purposes" });
    }
    let all = texts.iter().any(|text| &**text == ALL);
    let named = texts.iter().filter(|text| &***text != ALL).map(|text| Purpose::parse(text)).collect::<Result<_, _>>();
    Ok(Purposes { all, named: named.map_err(|_| LineProblem::Purpose { key: "purposes" })? })
}

fn names(purposes: &Purposes) -> Vec<Box<str>> {
    let all = purposes.all.then(|| Box::from(ALL));
    all.into_iter().chain(purposes.named.iter().map(|purpose| purpose.as_str().into())).collect()
}

fn scope(text: Option<&str>) -> Result<ObjectionScope, LineProblem> {
    match text.ok_or(LineProblem::MissingKey { key: "scope" })? {
        DIRECT_MARKETING => Ok(ObjectionScope::DirectMarketing),
        PROFILING_FOR_DIRECT_MARKETING => Ok(ObjectionScope::ProfilingForDirectMarketing),
        ALL => Ok(ObjectionScope::All),
        text => Purpose::parse(text).map(ObjectionScope::Purpose).map_err(|_| LineProblem::Purpose { key: "scope" }),
    }
}

fn right(text: Option<&str>) -> Result<Right, LineProblem> {
    let text = text.ok_or(LineProblem::MissingKey { key: "right" })?;
    RIGHTS.iter().find(|(name, _)| *name == text).map(|(_, right)| *right).ok_or(LineProblem::UnknownRight)
}

const ALL: &str = "*";
const DIRECT_MARKETING: &str = "direct_marketing";
const PROFILING_FOR_DIRECT_MARKETING: &str = "profiling_for_direct_marketing";

const RIGHTS: [(&str, Right); 7] = [
    ("sale_share", Right::SaleShare),
    ("sale", Right::Sale),
    ("targeted_ads", Right::TargetedAds),
    ("profiling", Right::Profiling),
    ("adm", Right::Adm),
    ("limit_sensitive", Right::LimitSensitive),
    (ALL, Right::All),
];

/// Events that this version keeps by name.
const OTHER_EVENTS: [&str; 11] = [
    "notice_shown",
    "consent_confirmed",
    "objection_rejected",
    "rectified",
    "collected",
    "imported",
    "opt_in",
    "purchase",
    "activity",
    "identities_merged",
    "identities_split",
];
