//! The JSON form of events and of lines about customers.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::grant::Answer;
use super::{
    Event, EventKind, GppUsnat, Grant, LineProblem, Names, Notice, ObjectionScope, OptIn, Purpose, Purposes, Right,
    Signal, Statement, Tcf,
};
use crate::time::Timestamp;

/// The keys of a line as they are written; what they mean is judged afterwards.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Line {
    #[serde(skip_serializing)]
    pub(super) register: Option<serde_json::Value>,
    #[serde(skip_serializing)]
    pub(super) activities: Option<serde_json::Value>,
    #[serde(skip_serializing)]
    pub(super) customer_id: Option<CustomerId>,
    #[serde(skip_serializing)]
    pub(super) jurisdiction: Option<Codes>,
    #[serde(skip_serializing)]
    pub(super) jurisdiction_history: Option<Vec<StayLine>>,
    #[serde(skip_serializing)]
    pub(super) birth_date: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_at: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Box<str>>,
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
    explicit_for: Option<Names>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_categories: Option<Names>,
    #[serde(skip_serializing_if = "Option::is_none")]
    controllers: Option<Names>,
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
    compelling_grounds: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    informed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    two_step: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_conflict_notice: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known_consumer: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpc: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpp_usnat: Option<GppUsnat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tcf: Option<TcfLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covers: Option<Vec<Box<str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right_to_object: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opt_out_offered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitive_opt_out_offered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_line: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profiles: Option<Names>,
    /// Free text that is read and not kept.
    #[serde(skip_serializing)]
    grounds: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    ground: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    detail: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    via: Option<IgnoredAny>,
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

    pub(super) fn into_event(mut self) -> Result<Event, LineProblem> {
        let at = instant("at", self.at.as_deref())?.ok_or(LineProblem::MissingKey { key: "at" })?;
        let recorded_at = instant("recorded_at", self.recorded_at.as_deref())?.unwrap_or(at);
        let (profile, event_id) = (self.profile.take(), self.event_id.take());
        Ok(Event { at, recorded_at, profile, event_id, kind: self.into_kind()? })
    }

    fn into_kind(self) -> Result<EventKind, LineProblem> {
        let name = self.event_type.as_deref().ok_or(LineProblem::MissingKey { key: "type" })?;
        Ok(match name {
            "notice_shown" => EventKind::NoticeShown(Box::new(self.into_notice()?)),
            "consent_requested" => EventKind::ConsentRequested(self.into_statement()?),
            "consent_given" => EventKind::ConsentGiven(Box::new(self.into_grant()?)),
            "consent_confirmed" => EventKind::ConsentConfirmed(self.into_statement()?),
            "consent_refused" => EventKind::ConsentRefused(self.into_statement()?),
            "consent_withdrawn" => EventKind::ConsentWithdrawn(self.into_statement()?),
            "consent_invalidated" => EventKind::ConsentInvalidated(self.into_statement()?),
            "objection" => EventKind::Objection { scope: scope(self.scope.as_deref())? },
            "objection_rejected" => EventKind::ObjectionRejected {
                scope: scope(self.scope.as_deref())?,
                compelling_grounds: self.compelling_grounds.unwrap_or(false),
            },
            "restriction_set" => EventKind::RestrictionSet,
            "restriction_lifted" => EventKind::RestrictionLifted { informed: self.informed.unwrap_or(false) },
            "erasure_requested" => EventKind::ErasureRequested,
            "erasure_completed" => EventKind::ErasureCompleted,
            "rectified" => EventKind::Rectified { data_categories: self.data_categories },
            "collected" => EventKind::Collected { data_categories: self.data_categories.unwrap_or_default() },
            "imported" => EventKind::Imported { source: self.source },
            "opt_out" => EventKind::OptOut { right: right(self.right.as_deref())? },
            "opt_in" => EventKind::OptIn(OptIn {
                right: right(self.right.as_deref())?,
                two_step: self.two_step.unwrap_or(false),
                by: self.by,
                parental_verification: self.parental_verification.is_some_and(|verification| verification.is_done()),
                after_conflict_notice: self.after_conflict_notice.unwrap_or(false),
            }),
            "signal" => EventKind::Signal(Box::new(self.into_signal()?)),
            "purchase" => EventKind::Purchase {
                product_line: self.product_line,
                opt_out_offered: self.opt_out_offered.unwrap_or(false),
            },
            "activity" => EventKind::Activity,
            "identities_merged" => EventKind::IdentitiesMerged { profiles: profiles(self.profiles)? },
            "identities_split" => EventKind::IdentitiesSplit { profiles: profiles(self.profiles)? },
            _ => return Err(LineProblem::UnknownType),
        })
    }

    fn into_statement(self) -> Result<Statement, LineProblem> {
        let purposes = purposes("purposes", self.purposes)?;
        Ok(Statement { purposes, notice_version: self.notice_version, method: self.method, by: self.by })
    }

    fn into_notice(self) -> Result<Notice, LineProblem> {
        Ok(Notice {
            version: self.version,
            covers: purposes("covers", Some(self.covers.unwrap_or_default()))?,
            right_to_object: self.right_to_object.unwrap_or(false),
            opt_out_offered: self.opt_out_offered.unwrap_or(false),
            sensitive_opt_out_offered: self.sensitive_opt_out_offered.unwrap_or(false),
        })
    }

    fn into_grant(self) -> Result<Grant, LineProblem> {
        Ok(Grant {
            purposes: purposes("purposes", self.purposes)?,
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

    fn into_signal(self) -> Result<Signal, LineProblem> {
        let tcf = match self.tcf {
            None => None,
            Some(line) => Some(Tcf {
                version: line.version,
                created: instant("created", line.created.as_deref())?,
                purposes_consent: line.purposes_consent,
                vendors_consent: line.vendors_consent,
                disclosed_vendors: line.disclosed_vendors,
            }),
        };
        let signal = Signal { known_consumer: self.known_consumer, gpc: self.gpc, gpp_usnat: self.gpp_usnat, tcf };
        // A signal of which nothing is understood could be an opt-out.
        if signal.gpc.is_none() && signal.gpp_usnat.is_none() && signal.tcf.is_none() {
            return Err(LineProblem::MissingKey { key: "gpc`, `gpp_usnat` or `tcf" });
        }
        Ok(signal)
    }

    fn of_event(event: &Event) -> Self {
        let mut line = Self {
            at: Some(event.at.to_string().into()),
            recorded_at: (event.recorded_at != event.at).then(|| event.recorded_at.to_string().into()),
            event_id: event.event_id.clone(),
            profile: event.profile.clone(),
            event_type: Some(event.kind.name().into()),
            ..Self::default()
        };
        line.set_kind(&event.kind);
        line
    }

    fn set_kind(&mut self, kind: &EventKind) {
        match kind {
            EventKind::NoticeShown(notice) => {
                self.version = notice.version.clone();
                self.covers = Some(names(&notice.covers));
                self.right_to_object = set(notice.right_to_object);
                self.opt_out_offered = set(notice.opt_out_offered);
                self.sensitive_opt_out_offered = set(notice.sensitive_opt_out_offered);
            }
            EventKind::ConsentGiven(grant) => self.set_grant(grant),
            EventKind::ConsentRequested(statement)
            | EventKind::ConsentConfirmed(statement)
            | EventKind::ConsentRefused(statement)
            | EventKind::ConsentWithdrawn(statement)
            | EventKind::ConsentInvalidated(statement) => {
                self.purposes = Some(names(&statement.purposes));
                self.notice_version = statement.notice_version.clone();
                self.method = statement.method.clone();
                self.by = statement.by.clone();
            }
            EventKind::Objection { scope } => self.scope = Some(scope_name(scope)),
            EventKind::ObjectionRejected { scope, compelling_grounds } => {
                self.scope = Some(scope_name(scope));
                self.compelling_grounds = set(*compelling_grounds);
            }
            EventKind::RestrictionLifted { informed } => self.informed = Some(*informed),
            EventKind::Rectified { data_categories } => self.data_categories = data_categories.clone(),
            EventKind::Collected { data_categories } => self.data_categories = Some(data_categories.clone()),
            EventKind::Imported { source } => self.source = source.clone(),
            EventKind::OptOut { right } => self.right = right_name(*right),
            EventKind::OptIn(opt_in) => {
                self.right = right_name(opt_in.right);
                self.two_step = set(opt_in.two_step);
                self.by = opt_in.by.clone();
                self.parental_verification = set(opt_in.parental_verification).map(Verification::Done);
                self.after_conflict_notice = set(opt_in.after_conflict_notice);
            }
            EventKind::Signal(signal) => {
                self.known_consumer = signal.known_consumer;
                self.gpc = signal.gpc;
                self.gpp_usnat = signal.gpp_usnat;
                self.tcf = signal.tcf.as_ref().map(TcfLine::of);
            }
            EventKind::Purchase { product_line, opt_out_offered } => {
                self.product_line = product_line.clone();
                self.opt_out_offered = set(*opt_out_offered);
            }
            EventKind::IdentitiesMerged { profiles } | EventKind::IdentitiesSplit { profiles } => {
                self.profiles = Some(profiles.clone());
            }
            EventKind::RestrictionSet
            | EventKind::ErasureRequested
            | EventKind::ErasureCompleted
            | EventKind::Activity => {}
        }
    }

    fn set_grant(&mut self, grant: &Grant) {
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

const fn set(flag: bool) -> Option<bool> {
    if flag { Some(true) } else { None }
}

/// A decoded TCF string as it is written.
#[derive(Serialize, Deserialize)]
struct TcfLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Box<str>>,
    #[serde(default)]
    purposes_consent: Box<[u16]>,
    #[serde(default)]
    vendors_consent: Box<[u16]>,
    #[serde(default)]
    disclosed_vendors: Option<Box<[u16]>>,
}

impl TcfLine {
    fn of(tcf: &Tcf) -> Self {
        Self {
            version: tcf.version,
            created: tcf.created.map(|created| created.to_string().into()),
            purposes_consent: tcf.purposes_consent.clone(),
            vendors_consent: tcf.vendors_consent.clone(),
            disclosed_vendors: tcf.disclosed_vendors.clone(),
        }
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
pub(super) struct StayLine {
    #[serde(default)]
    pub(super) from: Option<Box<str>>,
    #[serde(default)]
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

/// Tells a written null from a key that is not there.
fn written<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

pub(super) fn instant(key: &'static str, text: Option<&str>) -> Result<Option<Timestamp>, LineProblem> {
    text.map(Timestamp::parse).transpose().map_err(|_| LineProblem::Time { key })
}

fn purposes(key: &'static str, texts: Option<Vec<Box<str>>>) -> Result<Purposes, LineProblem> {
    let texts = texts.ok_or(LineProblem::MissingKey { key })?;
    if texts.is_empty() && key == "purposes" {
        return Err(LineProblem::EmptyList { key });
    }
    let all = texts.iter().any(|text| &**text == ALL);
    let named = texts.iter().filter(|text| &***text != ALL).map(|text| Purpose::parse(text)).collect::<Result<_, _>>();
    Ok(Purposes { all, named: named.map_err(|_| LineProblem::Purpose { key })? })
}

fn profiles(profiles: Option<Names>) -> Result<Names, LineProblem> {
    profiles.ok_or(LineProblem::MissingKey { key: "profiles" })
}

fn scope_name(scope: &ObjectionScope) -> Box<str> {
    match scope {
        ObjectionScope::DirectMarketing => DIRECT_MARKETING.into(),
        ObjectionScope::ProfilingForDirectMarketing => PROFILING_FOR_DIRECT_MARKETING.into(),
        ObjectionScope::All => ALL.into(),
        ObjectionScope::Purpose(purpose) => purpose.as_str().into(),
    }
}

fn right_name(right: Right) -> Option<Box<str>> {
    RIGHTS.iter().find(|(_, known)| *known == right).map(|(name, _)| Box::from(*name))
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
