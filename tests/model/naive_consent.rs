//! The slow, obvious twin of the consent engine: spec/consent.md read top down, one function a rule.
//!
//! It works on the JSON of section 15 directly, sorts and rescans as it likes, and knows nothing of
//! the fast engine. Where the text leaves a choice, AMBIGUITIES.md names it.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What the twin says about one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// May the operation be done?
    pub allow: bool,
    /// The stable reason string of section 2.
    pub reason: String,
    /// What must be done along with it; empty for a denial.
    pub obligations: BTreeSet<String>,
    /// False if the denial comes from a jurisdiction that is not shipped.
    pub supported: bool,
}

/// Decides one case; never panics, what cannot be read denies `UNREADABLE`.
pub fn judge(register: Option<&Value>, case: &Value) -> Answer {
    if !schema::readable(register, case) {
        return answer(Err("UNREADABLE"));
    }
    rows_1_to_7(register, case)
}

// ---------------------------------------------------------------------------------------------
// Section 4: precedence, the first row that answers decides
// ---------------------------------------------------------------------------------------------

/// An allow with its reason and obligations, or the reason of a denial.
type Verdict = Result<Allow, &'static str>;

#[derive(Debug, Clone)]
struct Allow {
    reason: &'static str,
    obligations: BTreeSet<&'static str>,
}

fn rows_1_to_7(register: Option<&Value>, case: &Value) -> Answer {
    // SPEC: section 4 row 1, customer never seen
    if field(case, "customer").is_none() {
        return answer(Err("UNKNOWN_SUBJECT"));
    }
    let mut world = World::new(register, case);
    let rows: [fn(&World) -> Option<Verdict>; 7] = [
        row_2_rights,
        row_3_purpose,
        row_4_anonymous,
        row_5_erasure,
        row_6_retention,
        row_6_minimisation,
        row_6_retaliation,
    ];
    for row in rows {
        if let Some(verdict) = row(&world) {
            return answer(verdict);
        }
    }
    // SPEC: section 4 row 6, any other `based_on` goes on as `use`
    if world.operation == "differentiate" {
        world.operation = "use";
    }
    row_7_every_jurisdiction(&world)
}

/// SPEC: section 4 row 2, rights of access, explanation and portability
fn row_2_rights(w: &World) -> Option<Verdict> {
    match w.operation {
        "access" => Some(allow("RIGHT_EXERCISE")),
        "explain" => Some(allow_with(
            "RIGHT_EXERCISE",
            &["procedure_and_principles_actually_applied", "input_data_used", "significance_and_consequences"],
        )),
        "port" => {
            let own_data = matches!(text(Some(w.request), "data_origin"), Some("provided" | "observed"));
            let basis_fits = matches!(w.basis(), Some("consent" | "contract"));
            let in_a_state = w.jurisdictions.iter().any(|j| j.law == Law::Us);
            if own_data && (basis_fits || in_a_state) {
                Some(allow("RIGHT_EXERCISE"))
            } else {
                Some(Err("RIGHT_NOT_APPLICABLE"))
            }
        }
        _ => None,
    }
}

/// SPEC: section 4 row 3, purpose null, not in the catalogue, or no register entry
fn row_3_purpose(w: &World) -> Option<Verdict> {
    let known = text(Some(w.request), "purpose").is_some_and(|purpose| w.tables.knows(purpose));
    let registered = w.activity.is_some();
    if known && registered { None } else { Some(Err("PURPOSE_UNKNOWN")) }
}

/// SPEC: section 4 row 4, an output the release gate declared anonymous
fn row_4_anonymous(w: &World) -> Option<Verdict> {
    let fits = matches!(w.operation, "use_derived" | "share" | "sell" | "disclose" | "store");
    let anonymous = flag(field(w.request, "derived"), "anonymous");
    if fits && anonymous { Some(allow("ANONYMOUS")) } else { None }
}

/// SPEC: section 4 row 5 and section 9 "Erasure"
fn row_5_erasure(w: &World) -> Option<Verdict> {
    if !erasure_standing(w) {
        return None;
    }
    // 17(3)(b): a duty or a public task with its law named
    let by_law = matches!(w.basis(), Some("legal_obligation" | "public_task")) && present(w.activity, "law_ref");
    // legal claims under a legal hold
    let claims = w.purpose_is("legal_claims") && flag(w.activity, "legal_hold");
    if by_law || claims { None } else { Some(Err("ERASED")) }
}

/// SPEC: section 4 row 6, retention
fn row_6_retention(w: &World) -> Option<Verdict> {
    let days = w.register_days("retention_days")?;
    let mut expired = false;
    for category in &w.wanted {
        let newest = w
            .all("collected")
            .filter(|e| names(Some(e), "data_categories").is_some_and(|c| c.contains(&category.as_str())))
            .map(at)
            .max();
        match newest {
            None => expired = true,
            Some(collected) if w.t >= collected + days * DAY => expired = true,
            Some(_) => {}
        }
    }
    if !expired {
        return None;
    }
    if flag(w.activity, "legal_hold") && w.purpose_is("legal_claims") {
        if matches!(w.operation, "store" | "use") {
            return Some(allow("EXEMPT"));
        }
        return None;
    }
    Some(Err("RETENTION"))
}

/// SPEC: section 4 row 6, minimisation
fn row_6_minimisation(w: &World) -> Option<Verdict> {
    let allowed = names(w.activity, "allowed_categories")?;
    let outside = w.wanted.iter().any(|c| !allowed.contains(&c.as_str()));
    if outside { Some(Err("MINIMISATION")) } else { None }
}

/// SPEC: section 4 row 6, no price or service by privacy choice
fn row_6_retaliation(w: &World) -> Option<Verdict> {
    let by_choice =
        matches!(text(Some(w.request), "based_on"), Some("opt_out_status" | "consent_status" | "rights_exercise"));
    if w.operation == "differentiate" && by_choice { Some(Err("RETALIATION")) } else { None }
}

/// SPEC: section 4 row 7, every jurisdiction in force must allow
fn row_7_every_jurisdiction(w: &World) -> Answer {
    let mut allows: Vec<(u8, Allow)> = Vec::new();
    for j in &w.jurisdictions {
        match rows_8_to_13(w, j) {
            Ok(allow) => allows.push((j.rank(), allow)),
            Err(reason) => {
                let mut denial = answer(Err(reason));
                denial.supported = j.law != Law::Unknown;
                return denial;
            }
        }
    }
    let obligations = allows.iter().flat_map(|(_, a)| a.obligations.clone()).collect();
    // the first of the best rank: `min_by_key` keeps the earliest among equals
    match allows.iter().min_by_key(|(rank, _)| *rank) {
        Some((_, best)) => answer(Ok(Allow { reason: best.reason, obligations })),
        // an empty list of codes: nothing is in force that could allow
        None => Answer { supported: false, ..answer(Err("UNKNOWN_JURISDICTION")) },
    }
}

fn rows_8_to_13(w: &World, j: &Jurisdiction) -> Verdict {
    // SPEC: section 5, any other code
    if j.law == Law::Unknown {
        return Err("UNKNOWN_JURISDICTION");
    }
    let rows: [fn(&World, &Jurisdiction) -> Option<Verdict>; 6] = [
        row_8_restriction,
        row_9_objection,
        row_9_travelling_opt_out,
        row_10_ask_consent,
        row_11_stale_derived,
        row_12_recipient,
    ];
    for row in rows {
        if let Some(verdict) = row(w, j) {
            return verdict;
        }
    }
    // SPEC: section 4 row 13
    if j.law == Law::Us { us_state(w, j) } else { elsewhere(w, j) }
}

/// SPEC: section 4 row 8, restriction (GDPR Art. 18)
fn row_8_restriction(w: &World, _: &Jurisdiction) -> Option<Verdict> {
    let newest_set = w.all("restriction_set").map(at).max()?;
    let lifted = w.all("restriction_lifted").any(|e| flag(Some(e), "informed") && at(e) > newest_set);
    if lifted {
        return None;
    }
    let claims = w.purpose_is("legal_claims");
    if w.operation == "store" || (w.operation == "use" && claims) {
        return Some(allow("EXEMPT"));
    }
    if claims {
        return None;
    }
    let despite = w.basis() == Some("consent")
        && grants_newer_than(w, newest_set).is_some_and(|g| g.iter().all(|e| flag(Some(e), "despite_restriction")));
    if despite { None } else { Some(Err("RESTRICTED")) }
}

/// SPEC: section 4 row 9 and section 9, objections
fn row_9_objection(w: &World, j: &Jurisdiction) -> Option<Verdict> {
    let objected =
        if w.purpose_is("direct_marketing") { marketing_objection_standing(w, j) } else { other_objection_standing(w) };
    if objected { Some(Err("OBJECTED")) } else { None }
}

/// SPEC: section 4 row 9 and section 9 "Outside the US"
fn row_9_travelling_opt_out(w: &World, j: &Jurisdiction) -> Option<Verdict> {
    if j.law == Law::Us {
        return None;
    }
    let governs = |right: &str| match right {
        "sale" => w.operation == "sell",
        "targeted_ads" => w.operation == "share",
        "sale_share" => matches!(w.operation, "sell" | "share"),
        "profiling" | "adm" => w.significant(),
        "limit_sensitive" => w.wants_any(&w.tables.us_sensitive),
        _ => false,
    };
    let newest = w
        .all("opt_out")
        .filter(|e| {
            let right = out_right(e);
            if right == "*" { RIGHTS.iter().any(|r| governs(r)) } else { governs(right) }
        })
        .map(at)
        .max()?;
    let granted_since = w.all("consent_given").any(|e| about(e, w.purpose) && at(e) > newest);
    if w.basis() == Some("consent") && granted_since { None } else { Some(Err("OPTED_OUT")) }
}

/// SPEC: section 4 row 10 and section 11
fn row_10_ask_consent(w: &World, j: &Jurisdiction) -> Option<Verdict> {
    if w.operation != "ask_consent" {
        return None;
    }
    let cooling = cooldown_opt_out(w, j) || cooldown_incentive(w, j) || cooldown_reask(w);
    if cooling { Some(Err("COOLDOWN")) } else { Some(allow("NO_OPT_OUT")) }
}

/// SPEC: section 4 row 11, an output made before its inputs were rectified
fn row_11_stale_derived(w: &World, _: &Jurisdiction) -> Option<Verdict> {
    if w.operation != "use_derived" {
        return None;
    }
    let derived = field(w.request, "derived");
    let computed = time(derived, "computed_at");
    let inputs = names(derived, "inputs").unwrap_or_default();
    let stale = w.all("rectified").any(|e| {
        let after = computed.is_none_or(|c| at(e) >= c);
        let meets = match names(Some(e), "data_categories") {
            Some(changed) => inputs.is_empty() || changed.iter().any(|c| inputs.contains(c)),
            None => true,
        };
        after && meets
    });
    if stale { Some(Err("STALE_DERIVED")) } else { None }
}

/// SPEC: section 4 row 12 and section 12
fn row_12_recipient(w: &World, j: &Jurisdiction) -> Option<Verdict> {
    if !matches!(w.operation, "share" | "sell" | "disclose") {
        return None;
    }
    recipient_gate(w, j).err().map(Err)
}

// ---------------------------------------------------------------------------------------------
// Section 5: jurisdictions
// ---------------------------------------------------------------------------------------------

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Law {
    Eu,
    Null,
    Gb,
    Br,
    CaQc,
    Ca,
    Us,
    Unknown,
}

#[derive(Debug, Clone)]
struct Jurisdiction {
    law: Law,
    code: String,
}

impl Jurisdiction {
    /// SPEC: section 5, the shipped codes
    fn of(code: &str) -> Self {
        let province =
            code.strip_prefix("CA-").is_some_and(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_uppercase()));
        let law = match code {
            c if EEA.contains(&c) => Law::Eu,
            "GB" => Law::Gb,
            "BR" => Law::Br,
            "CA-QC" => Law::CaQc,
            "CA" => Law::Ca,
            _ if province => Law::Ca,
            c if US_STATES.contains(&c) => Law::Us,
            _ => Law::Unknown,
        };
        Self { law, code: code.to_owned() }
    }

    fn null() -> Self {
        Self { law: Law::Null, code: String::new() }
    }

    /// SPEC: section 4 row 7, rank EU, GB, BR, CA-QC, CA, US
    fn rank(&self) -> u8 {
        match self.law {
            Law::Eu | Law::Null => 0,
            Law::Gb => 1,
            Law::Br => 2,
            Law::CaQc => 3,
            Law::Ca => 4,
            Law::Us | Law::Unknown => 5,
        }
    }

    /// The country code of section 12 "the customer's own".
    fn country(&self) -> &str {
        match self.law {
            Law::Us => "US",
            Law::Ca | Law::CaQc => "CA",
            _ => &self.code,
        }
    }

    fn canada(&self) -> bool {
        matches!(self.law, Law::Ca | Law::CaQc)
    }

    fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

/// SPEC: section 5, `jurisdiction_history` if present, else `jurisdiction`
fn in_force(customer: Option<&Value>, t: Instant) -> Vec<Jurisdiction> {
    let Some(history) = field_of(customer, "jurisdiction_history").and_then(Value::as_array) else {
        return codes(field_of(customer, "jurisdiction"));
    };
    let started: Vec<&Value> = history.iter().filter(|h| from(h) <= t).collect();
    let Some(newest) = started.iter().map(|h| from(h)).max() else {
        return vec![Jurisdiction::null()];
    };
    started.iter().filter(|h| from(h) == newest).flat_map(|h| codes(field(h, "code"))).collect()
}

fn codes(value: Option<&Value>) -> Vec<Jurisdiction> {
    match value {
        Some(Value::String(code)) => vec![Jurisdiction::of(code)],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(Jurisdiction::of).collect(),
        _ => vec![Jurisdiction::null()],
    }
}

const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO",
];
const US_STATES: [&str; 7] = ["US-CA", "US-VA", "US-CO", "US-CT", "US-TX", "US-UT", "US-MD"];

/// SPEC: section 5, effective dates, all at 00:00 UTC
mod effective {
    use super::{Instant, midnight};
    pub fn gb_automated_decisions() -> Instant {
        midnight(2026, 2, 5)
    }
    pub fn gb_recognised_interest() -> Instant {
        midnight(2026, 2, 5)
    }
    /// From when the universal opt-out signal binds, if ever.
    pub fn signal(code: &str) -> Option<Instant> {
        match code {
            "US-CA" => Some(midnight(2020, 8, 14)),
            "US-CO" => Some(midnight(2024, 7, 1)),
            "US-CT" | "US-TX" => Some(midnight(2025, 1, 1)),
            "US-MD" => Some(midnight(2025, 10, 1)),
            _ => None,
        }
    }
    pub fn ca_automated_decision_opt_out() -> Instant {
        midnight(2027, 1, 1)
    }
    /// The age under which sale and targeted ads need an opt-in.
    pub fn opt_in_age(code: &str, t: Instant) -> i128 {
        match code {
            "US-CT" if t >= midnight(2024, 10, 1) => 18,
            "US-CO" if t >= midnight(2025, 10, 1) => 18,
            _ => 16,
        }
    }
    pub fn ct_minor_ban() -> Instant {
        midnight(2026, 7, 1)
    }
    pub fn tcf_disclosed_vendors() -> Instant {
        midnight(2026, 2, 28)
    }
    pub fn dk_age_15() -> Instant {
        midnight(2024, 1, 1)
    }
}

// ---------------------------------------------------------------------------------------------
// Section 6: consent
// ---------------------------------------------------------------------------------------------

/// The newest statements about the purpose: their kind, and all events of that kind at that instant.
/// SPEC: section 6 "the newest alone decides", ties of section 1
fn newest_statement<'a>(w: &World<'a>) -> Option<(&'static str, Vec<&'a Value>)> {
    let kinds = ["consent_invalidated", "consent_withdrawn", "consent_refused", "consent_given"];
    let statements: Vec<&Value> =
        w.events.iter().copied().filter(|e| kinds.contains(&kind(e)) && about(e, w.purpose)).collect();
    let newest = statements.iter().map(|e| at(e)).max()?;
    for restrictive_first in kinds {
        let found: Vec<&Value> =
            statements.iter().copied().filter(|e| at(e) == newest && kind(e) == restrictive_first).collect();
        if !found.is_empty() {
            return Some((restrictive_first, found));
        }
    }
    None
}

/// The newest statement if it is a grant.
fn newest_grants<'a>(w: &World<'a>) -> Option<Vec<&'a Value>> {
    newest_statement(w).filter(|(kind, _)| *kind == "consent_given").map(|(_, grants)| grants)
}

fn grants_newer_than<'a>(w: &World<'a>, instant: Instant) -> Option<Vec<&'a Value>> {
    newest_grants(w).filter(|grants| grants.iter().all(|e| at(e) > instant))
}

/// SPEC: section 6, the table
fn consent(w: &World, j: &Jurisdiction) -> Verdict {
    match newest_statement(w) {
        None if w.all("consent_requested").any(|e| about(e, w.purpose)) => Err("CONSENT_PENDING"),
        None if w.all("consent_given").any(|e| names(Some(e), "purposes").is_some_and(|p| !p.is_empty())) => {
            Err("CONSENT_SCOPE")
        }
        None => Err("NO_CONSENT"),
        Some(("consent_given", grants)) => grants_pass(w, j, &grants),
        Some((kind, _)) => Err(reason_of_no(kind)),
    }
}

fn reason_of_no(kind: &str) -> &'static str {
    match kind {
        "consent_refused" => "CONSENT_REFUSED",
        "consent_withdrawn" => "CONSENT_WITHDRAWN",
        _ => "CONSENT_INVALID",
    }
}

type Test = fn(&World, &Jurisdiction, &Value) -> Option<&'static str>;

/// SPEC: section 6, tests 1-9 in this order; of several grants at one instant each must pass
fn grants_pass(w: &World, j: &Jurisdiction, grants: &[&Value]) -> Verdict {
    let tests: [Test; 9] = [
        test_1_criminal,
        test_2_proof,
        test_3_age,
        test_4_validity,
        test_5_notice,
        test_6_double_opt_in,
        test_7_controllers,
        test_8_categories,
        test_9_explicit,
    ];
    for test in tests {
        for grant in grants {
            if let Some(reason) = test(w, j, grant) {
                return Err(reason);
            }
        }
    }
    let reason = if w.wants_any(&w.special_here(j)) { "EXPLICIT_CONSENT" } else { "CONSENT" };
    if grants.iter().any(|g| parent_outlived(w, j, g)) {
        return allow_with(reason, &["inform_data_subject_of_right_to_withdraw"]);
    }
    allow(reason)
}

/// SPEC: section 6 test 1, consent does not help with criminal data (Art. 10)
fn test_1_criminal(w: &World, _: &Jurisdiction, _: &Value) -> Option<&'static str> {
    w.wants_any(&w.tables.criminal).then_some("SPECIAL_CATEGORY")
}

/// SPEC: section 6 test 2, proof
fn test_2_proof(_: &World, _: &Jurisdiction, grant: &Value) -> Option<&'static str> {
    let g = Some(grant);
    let value_fits = match grant.get("value") {
        None => true,
        Some(Value::Bool(yes)) => *yes,
        Some(Value::String(word)) => matches!(word.as_str(), "yes" | "granted"),
        Some(_) => false,
    };
    let proven = present(g, "notice_version")
        && present(g, "method")
        && flag(g, "affirmative")
        && matches!(text(g, "by"), Some("self" | "parent"))
        && !flag(g, "bundled_with_contract")
        && !names(g, "purposes").unwrap_or_default().contains(&"*")
        && value_fits;
    (!proven).then_some("CONSENT_INVALID")
}

/// SPEC: section 6 test 3, "Age of consent"
fn test_3_age(w: &World, j: &Jurisdiction, grant: &Value) -> Option<&'static str> {
    if age_test_skipped(w, j) {
        return None;
    }
    if w.presumed_child() {
        return Some("CHILD");
    }
    let needed = age_of_consent(j, at(grant));
    let of_age = w.known_age(at(grant)).is_none_or(|age| age >= needed);
    let by_parent = text(Some(grant), "by") == Some("parent");
    match (of_age, by_parent) {
        (true, true) => Some("CONSENT_INVALID"),
        (true, false) => None,
        (false, true) if verified_parent(grant) => None,
        (false, _) => Some("CHILD"),
    }
}

/// SPEC: section 6 "the test is skipped only if `information_society_service` is explicitly false"
fn age_test_skipped(w: &World, j: &Jurisdiction) -> bool {
    matches!(j.law, Law::Eu | Law::Gb | Law::Null) && explicitly_false(w.activity, "information_society_service")
}

/// SPEC: section 6, a parent's grant outlives the birthday with an obligation
fn parent_outlived(w: &World, j: &Jurisdiction, grant: &Value) -> bool {
    let now_of_age = w.known_age(w.t).is_some_and(|age| age >= age_of_consent(j, at(grant)));
    !age_test_skipped(w, j) && text(Some(grant), "by") == Some("parent") && now_of_age
}

/// SPEC: section 6, the table of ages, as of the day of the consent
fn age_of_consent(j: &Jurisdiction, day: Instant) -> i128 {
    match j.law {
        Law::Null | Law::Unknown => 16,
        Law::Br => 12,
        Law::CaQc => 14,
        Law::Ca | Law::Us => 13,
        Law::Eu | Law::Gb => match j.code.as_str() {
            "BE" | "EE" | "FI" | "IS" | "LV" | "MT" | "PT" | "SE" | "GB" => 13,
            "AT" | "BG" | "CY" | "ES" | "IT" | "LT" => 14,
            "DK" if day < effective::dk_age_15() => 13,
            "CZ" | "DK" | "FR" | "GR" | "NO" | "SI" => 15,
            _ => 16,
        },
    }
}

fn verified_parent(event: &Value) -> bool {
    let verified = present(Some(event), "parental_verification") || flag(Some(event), "parental_verification");
    text(Some(event), "by") == Some("parent") && verified
}

/// SPEC: section 6 test 4, validity is half open
fn test_4_validity(w: &World, _: &Jurisdiction, grant: &Value) -> Option<&'static str> {
    let days = w.register_days("consent_validity_days")?;
    (w.t >= at(grant) + days * DAY).then_some("CONSENT_EXPIRED")
}

/// SPEC: section 6 test 5, notice versions
fn test_5_notice(w: &World, _: &Jurisdiction, grant: &Value) -> Option<&'static str> {
    let version = text(Some(grant), "notice_version");
    let changes = objects(w.activity, "notice_changes");
    // a version the list does not know counts as older than every listed one, unless it is the current one
    let is_current = version.is_some() && w.register_text("notice_current") == version;
    let listed = changes.iter().any(|c| text(Some(c), "version") == version);
    if is_current && !listed {
        return None;
    }
    let consented = changes.iter().filter(|c| text(Some(c), "version") == version).map(|c| at(c)).min();
    let outdated = changes.iter().any(|c| {
        let material = !explicitly_false(Some(c), "material");
        let later = consented.is_none_or(|v| at(c) > v);
        material && at(c) <= w.t && later
    });
    let unlisted_current = w.register_text("notice_current").is_some_and(|current| {
        Some(current) != version && !changes.iter().any(|c| text(Some(c), "version") == Some(current))
    });
    (outdated || unlisted_current).then_some("NOTICE_OUTDATED")
}

/// SPEC: section 6 test 6, double opt-in
fn test_6_double_opt_in(w: &World, _: &Jurisdiction, grant: &Value) -> Option<&'static str> {
    if !flag(w.activity, "require_double_opt_in") {
        return None;
    }
    let confirmed = w.all("consent_confirmed").any(|e| about(e, w.purpose) && at(e) >= at(grant));
    (!confirmed).then_some("CONSENT_PENDING")
}

/// SPEC: section 6 test 7, the controllers the person was told of
fn test_7_controllers(w: &World, _: &Jurisdiction, grant: &Value) -> Option<&'static str> {
    let controllers = names(Some(grant), "controllers")?;
    let ours = w.register_text("controller").unwrap_or("A");
    (!controllers.contains(&ours)).then_some("CONSENT_SCOPE")
}

/// SPEC: section 6 test 8, the categories the person was told of
fn test_8_categories(w: &World, _: &Jurisdiction, grant: &Value) -> Option<&'static str> {
    let told = names(Some(grant), "data_categories")?;
    let outside = w.wanted.iter().any(|c| !told.contains(&c.as_str()));
    outside.then_some("CONSENT_SCOPE")
}

/// SPEC: section 6 test 9, explicit consent for each special category
fn test_9_explicit(w: &World, j: &Jurisdiction, grant: &Value) -> Option<&'static str> {
    let explicit_for = names(Some(grant), "explicit_for").unwrap_or_default();
    let told = names(Some(grant), "data_categories").unwrap_or_default();
    let explicit = flag(Some(grant), "explicit");
    let special = w.special_here(j);
    let missing = w.wanted.iter().filter(|c| special.contains(*c)).any(|c| {
        let named = told.contains(&c.as_str());
        !(explicit_for.contains(&c.as_str()) || (explicit && named))
    });
    missing.then_some("SPECIAL_CATEGORY")
}

// ---------------------------------------------------------------------------------------------
// Sections 7, 8 and 14: everywhere but the US
// ---------------------------------------------------------------------------------------------

/// SPEC: section 4 row 13, compatibility, basis, automated decision
fn elsewhere(w: &World, j: &Jurisdiction) -> Verdict {
    let further_purpose = compatibility(w)?;
    let mut allowed = basis(w, j)?;
    if further_purpose {
        allowed.reason = "COMPATIBLE_PURPOSE";
    }
    automated_decision(w, j, allowed)
}

/// SPEC: section 8; true if it applies and is passed
fn compatibility(w: &World) -> Result<bool, &'static str> {
    let Some(original) = text(w.activity, "original_purpose") else {
        return Ok(false);
    };
    if original == w.purpose || matches!(w.basis(), Some("consent" | "legal_obligation")) {
        return Ok(false);
    }
    if text(w.activity, "original_basis") == Some("consent") {
        return Err("PURPOSE_INCOMPATIBLE");
    }
    if !statistics_safeguarded(w) && !assessed_compatible(w) {
        return Err("PURPOSE_INCOMPATIBLE");
    }
    if !w.all("notice_shown").any(|e| notice_covers(e, w.purpose)) {
        return Err("NO_NOTICE");
    }
    Ok(true)
}

/// SPEC: section 8, statistics (5(1)(b), 89(1))
fn statistics_safeguarded(w: &World) -> bool {
    let promised = names(w.activity, "statistical_safeguards").unwrap_or_default();
    let named = promised.contains(&"pseudonymisation") || promised.contains(&"aggregation");
    let kept = flag(Some(w.request), "pseudonymised") || w.operation == "aggregate";
    w.purpose_is("statistical") && named && kept
}

/// SPEC: section 8, an assessment with all five factors
fn assessed_compatible(w: &World) -> bool {
    let assessment = field_of(w.activity, "compatibility_assessment");
    let factors = names(assessment, "factors").unwrap_or_default();
    let complete = ["link", "context", "nature", "consequences", "safeguards"].iter().all(|f| factors.contains(f));
    let promised = names(assessment, "safeguards").unwrap_or_default().contains(&"pseudonymisation");
    let kept = !promised || flag(Some(w.request), "pseudonymised");
    present(assessment, "ref") && text(assessment, "outcome") == Some("compatible") && complete && kept
}

fn notice_covers(notice: &Value, purpose: &str) -> bool {
    names(Some(notice), "covers").unwrap_or_default().contains(&purpose)
}

/// SPEC: sections 6, 7 and 14, the basis of the register entry
fn basis(w: &World, j: &Jurisdiction) -> Verdict {
    if field(w.request, "tcf_purpose").is_some() {
        return tcf(w, j);
    }
    match w.basis() {
        Some("consent") => consent(w, j),
        Some("contract") => contract(w, j),
        Some("legal_obligation") => named_law(w, j, "LEGAL_OBLIGATION"),
        Some("public_task") => named_law(w, j, "PUBLIC_TASK"),
        Some("vital_interests") => with_special_category(w, j, "VITAL_INTERESTS"),
        Some("legitimate_interest") => legitimate_interest(w, j),
        Some("recognised_legitimate_interest") => recognised_interest(w, j),
        Some("credit_protection") if j.law == Law::Br => with_special_category(w, j, "CREDIT_PROTECTION"),
        Some("implied_consent") if j.canada() => implied_consent(w, j),
        _ => Err("NO_LAWFUL_BASIS"),
    }
}

/// SPEC: section 7, special or criminal data under a non-consent basis; section 14 BR
fn special_category(w: &World, j: &Jurisdiction) -> Result<(), &'static str> {
    let special = w.wants_any(&w.tables.special);
    let criminal = w.wants_any(&w.tables.criminal);
    // LGPD 11: sensitive data needs specific consent
    if j.law == Law::Br && special {
        return Err("SPECIAL_CATEGORY");
    }
    if (special || criminal) && !present(w.activity, "art9_condition") {
        return Err("SPECIAL_CATEGORY");
    }
    Ok(())
}

fn with_special_category(w: &World, j: &Jurisdiction, reason: &'static str) -> Verdict {
    special_category(w, j)?;
    allow(reason)
}

/// SPEC: section 7 `contract`
fn contract(w: &World, j: &Jurisdiction) -> Verdict {
    if w.purpose_is("direct_marketing") {
        return Err("NO_LAWFUL_BASIS");
    }
    if w.purpose_is("profiling") && !flag(w.activity, "adm_necessary_for_contract") {
        return Err("NO_LAWFUL_BASIS");
    }
    with_special_category(w, j, "CONTRACT")
}

/// SPEC: section 7 `legal_obligation`, `public_task`
fn named_law(w: &World, j: &Jurisdiction, reason: &'static str) -> Verdict {
    if !present(w.activity, "law_ref") {
        return Err("NO_LAWFUL_BASIS");
    }
    with_special_category(w, j, reason)
}

/// SPEC: section 7 `legitimate_interest`; section 5 null
fn legitimate_interest(w: &World, j: &Jurisdiction) -> Verdict {
    if j.law == Law::Null {
        return Err("UNKNOWN_JURISDICTION");
    }
    let assessed = present(w.activity, "balancing_assessment");
    if !assessed || flag(w.activity, "controller_is_public_authority") || j.canada() {
        return Err("NO_LAWFUL_BASIS");
    }
    special_category(w, j)?;
    let profiles = w.purpose_is("profiling") || w.operation == "segment" || flag(Some(w.request), "profiled");
    let known_minor = w.known_age(w.t).is_some_and(|age| age < 18);
    if known_minor && (w.purpose_is("direct_marketing") || profiles) {
        return Err("CHILD");
    }
    right_to_object_shown(w)?;
    electronic_marketing(w)
}

/// SPEC: section 7 `recognised_legitimate_interest`
fn recognised_interest(w: &World, j: &Jurisdiction) -> Verdict {
    let in_force = j.law == Law::Gb && w.t >= effective::gb_recognised_interest();
    if !in_force || !present(w.activity, "annex1_condition") || w.purpose_is("direct_marketing") {
        return Err("NO_LAWFUL_BASIS");
    }
    special_category(w, j)?;
    right_to_object_shown(w)?;
    allow("LEGITIMATE_INTEREST")
}

/// SPEC: section 7, both legitimate interests need a notice with the right to object
fn right_to_object_shown(w: &World) -> Result<(), &'static str> {
    let shown = w.all("notice_shown").any(|e| notice_covers(e, w.purpose) && flag(Some(e), "right_to_object"));
    if shown { Ok(()) } else { Err("NO_NOTICE") }
}

/// SPEC: section 7 "Electronic marketing"
fn electronic_marketing(w: &World) -> Verdict {
    let electronic = !matches!(text(Some(w.request), "channel"), Some("post" | "phone_live"));
    if !(w.operation == "contact" && w.purpose_is("direct_marketing") && electronic) {
        return allow("LEGITIMATE_INTEREST");
    }
    if withdrawal_standing(w) {
        return Err("CONSENT_WITHDRAWN");
    }
    let line = text(Some(w.request), "product_line");
    let bought = w
        .all("purchase")
        .any(|e| line.is_some() && text(Some(e), "product_line") == line && flag(Some(e), "opt_out_offered"));
    if flag(w.activity, "soft_opt_in") && bought && flag(Some(w.request), "opt_out_in_message") {
        return allow_with("SOFT_OPT_IN", &["offer_opt_out_in_message"]);
    }
    Err("NO_CONSENT")
}

/// A withdrawal that no later grant has lifted.
fn withdrawal_standing(w: &World) -> bool {
    let Some(newest) = w.all("consent_withdrawn").filter(|e| about(e, w.purpose)).map(at).max() else {
        return false;
    };
    !w.all("consent_given").any(|e| about(e, w.purpose) && at(e) > newest)
}

/// SPEC: section 14 CA `implied_consent`, CA-QC
fn implied_consent(w: &World, j: &Jurisdiction) -> Verdict {
    if newest_statement(w).is_some() {
        return consent(w, j);
    }
    if w.wants_any(&w.tables.us_sensitive) {
        return Err("NO_CONSENT");
    }
    let profiling = w.purpose_is("profiling") || w.operation == "segment";
    if j.law == Law::CaQc && profiling {
        return Err("NO_CONSENT");
    }
    if matches!(w.operation, "share" | "sell") {
        return Err("NO_CONSENT");
    }
    if w.operation == "contact" {
        match w.all("purchase").map(at).max() {
            None => return Err("NO_CONSENT"),
            Some(bought) if w.t >= add_months(bought, 24) => return Err("CONSENT_EXPIRED"),
            Some(_) => return with_special_category(w, j, "IMPLIED_CONSENT"),
        }
    }
    special_category(w, j)?;
    let offered = w.all("notice_shown").any(|e| notice_covers(e, w.purpose) && flag(Some(e), "opt_out_offered"));
    if offered { allow("IMPLIED_CONSENT") } else { Err("NO_NOTICE") }
}

/// SPEC: section 14 TCF
fn tcf(w: &World, j: &Jurisdiction) -> Verdict {
    if w.basis() != Some("consent") {
        return Err("NO_LAWFUL_BASIS");
    }
    let strings: Vec<&Value> = w.all("signal").filter(|e| field(e, "tcf").is_some()).collect();
    let Some(newest) = strings.iter().map(|e| at(e)).max() else {
        return Err("NO_CONSENT");
    };
    if let Some(reason) = no_since(w, newest) {
        return Err(reason);
    }
    let strings: Vec<&Value> =
        strings.into_iter().filter(|e| at(e) == newest).filter_map(|e| field(e, "tcf")).collect();
    let tests: [fn(&World, &Value) -> Option<&'static str>; 3] = [tcf_segment, tcf_age, tcf_scope];
    for test in tests {
        for string in &strings {
            if let Some(reason) = test(w, string) {
                return Err(reason);
            }
        }
    }
    if w.wants_any(&w.special_here(j)) || w.wants_any(&w.tables.criminal) {
        return Err("SPECIAL_CATEGORY");
    }
    allow("CONSENT")
}

/// The reason of the newest no in the ledger at or after the instant, the restrictive one first.
fn no_since(w: &World, instant: Instant) -> Option<&'static str> {
    let kinds = ["consent_invalidated", "consent_withdrawn", "consent_refused"];
    let noes: Vec<&Value> = w
        .events
        .iter()
        .copied()
        .filter(|e| kinds.contains(&kind(e)) && about(e, w.purpose) && at(e) >= instant)
        .collect();
    let newest = noes.iter().map(|e| at(e)).max()?;
    kinds.into_iter().find(|k| noes.iter().any(|e| at(e) == newest && kind(e) == *k)).map(reason_of_no)
}

fn tcf_segment(_: &World, string: &Value) -> Option<&'static str> {
    let needs = time(Some(string), "created").is_none_or(|c| c >= effective::tcf_disclosed_vendors());
    (needs && field(string, "disclosed_vendors").is_none()).then_some("CONSENT_INVALID")
}

fn tcf_age(w: &World, string: &Value) -> Option<&'static str> {
    let days = w.register_days("consent_validity_days")?;
    let expired = time(Some(string), "created").is_none_or(|c| w.t >= c + days * DAY);
    expired.then_some("CONSENT_EXPIRED")
}

fn tcf_scope(w: &World, string: &Value) -> Option<&'static str> {
    let purpose = whole(Some(w.request), "tcf_purpose");
    let vendor = whole(field(w.request, "recipient"), "tcf_vendor");
    let holds = |key: &str, wanted: Option<i128>| {
        wholes(Some(string), key).is_some_and(|l| wanted.is_some_and(|n| l.contains(&n)))
    };
    let disclosed = field(string, "disclosed_vendors").is_none() || holds("disclosed_vendors", vendor);
    let all = holds("purposes_consent", purpose) && holds("vendors_consent", vendor) && disclosed;
    (!all).then_some("CONSENT_SCOPE")
}

// ---------------------------------------------------------------------------------------------
// Section 9: erasure, objection
// ---------------------------------------------------------------------------------------------

/// SPEC: section 9 "Erasure": from the request on, until something new after the completion
fn erasure_standing(w: &World) -> bool {
    let requested = w.all("erasure_requested").map(at).max();
    let completed = w.all("erasure_completed").map(at).max();
    match (requested, completed) {
        (None, None) => false,
        (Some(_), None) => true,
        // a request at the instant of a completion is not completed by it: the restrictive wins
        (Some(request), Some(completion)) if request >= completion => true,
        (_, Some(completion)) => {
            let revived =
                |e: &&Value| matches!(kind(e), "consent_given" | "collected" | "imported") && at(e) > completion;
            !w.events.iter().any(revived)
        }
    }
}

/// SPEC: section 9 "Erasure", what is void up to the newest completion
fn without_void(events: Vec<&Value>) -> Vec<&Value> {
    let Some(completion) = events.iter().filter(|e| kind(e) == "erasure_completed").map(|e| at(e)).max() else {
        return events;
    };
    let dies = |e: &Value| {
        // a TCF string is a grant in the form of a signal
        let string = kind(e) == "signal" && field(e, "tcf").is_some() && field(e, "gpc").is_none();
        string
            || matches!(
                kind(e),
                "consent_given" | "consent_confirmed" | "notice_shown" | "opt_in" | "purchase" | "collected"
            )
    };
    events.into_iter().filter(|e| !(dies(e) && at(e) <= completion)).collect()
}

/// SPEC: section 9 "Marketing objection"
fn marketing_objection_standing(w: &World, j: &Jurisdiction) -> bool {
    let profiles =
        w.purpose_is("profiling") || w.operation == "segment" || !explicitly_false(Some(w.request), "profiled");
    let hits = |scope: &str| {
        matches!(scope, "direct_marketing" | "*")
            || scope == w.purpose
            || (scope == "profiling_for_direct_marketing" && profiles)
    };
    let spoken = w.all("objection").filter(|e| hits(text(Some(e), "scope").unwrap_or("*"))).map(at);
    // outside the US and Canada a set GPC is such an objection (21(5))
    let signals_count = !(j.law == Law::Us || j.canada());
    let signalled = w.all("signal").filter(|e| signals_count && gpc_set(e)).map(at);
    let Some(newest) = spoken.chain(signalled).max() else {
        return false;
    };
    let ended = w.basis() == Some("consent") && grants_newer_than(w, newest).is_some();
    !ended
}

/// SPEC: section 9 "Other objection"
fn other_objection_standing(w: &World) -> bool {
    let basis_fits =
        matches!(w.basis(), Some("legitimate_interest" | "recognised_legitimate_interest" | "public_task"));
    if !basis_fits {
        return false;
    }
    let meets = |scope: Option<&str>| scope.is_some_and(|s| s == "*" || s == w.purpose);
    let objections = w.all("objection").filter(|e| meets(text(Some(e), "scope").or(Some("*"))));
    let Some(newest) = objections.map(at).max() else {
        return false;
    };
    let rejected = w
        .all("objection_rejected")
        .any(|e| meets(text(Some(e), "scope")) && flag(Some(e), "compelling_grounds") && at(e) > newest);
    !rejected
}

fn gpc_set(signal: &Value) -> bool {
    flag(Some(signal), "gpc") || flag(field(signal, "gpp_usnat"), "Gpc")
}

// ---------------------------------------------------------------------------------------------
// Section 10: US states, in this order
// ---------------------------------------------------------------------------------------------

/// What an opt-out may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sale,
    Ads,
    Profiling,
    Adm,
    LimitSensitive,
}

fn us_state(w: &World, j: &Jurisdiction) -> Verdict {
    us_1_no_is_a_no(w)?;
    let consented = us_2_consent(w, j)?;
    if consented.is_none() {
        us_3_notice_at_collection(w)?;
    }
    let transfer = us_4_kind_of_transfer(w);
    us_5_bans(w, j, transfer)?;
    let sensitive = us_6_sensitive(w, j, consented.is_some())?;
    let mut allowed = match transfer {
        Some(kind) => {
            us_7_minors(w, j, kind)?;
            us_8_opt_out(w, j, kind)?
        }
        None => us_9_no_transfer(w, j, sensitive)?,
    };
    // SPEC: section 10 item 6, the final allow says EXEMPT
    if sensitive == Sensitive::Exempt {
        allowed.reason = "EXEMPT";
    }
    // SPEC: section 10 item 2, an allow then carries the consent's reason
    if let Some(consented) = consented {
        allowed.reason = consented.reason;
        allowed.obligations.extend(consented.obligations);
    }
    Ok(allowed)
}

/// SPEC: section 10 item 1
fn us_1_no_is_a_no(w: &World) -> Result<(), &'static str> {
    match newest_statement(w) {
        Some((kind, _)) if kind != "consent_given" => Err(reason_of_no(kind)),
        _ => Ok(()),
    }
}

/// SPEC: section 10 item 2
fn us_2_consent(w: &World, j: &Jurisdiction) -> Result<Option<Allow>, &'static str> {
    let opt_out_regime = text(w.activity, "regime") == Some("opt_out");
    let needed = w.purpose == "financial_incentive" || (w.basis() == Some("consent") && !opt_out_regime);
    if needed { consent(w, j).map(Some) } else { Ok(None) }
}

/// SPEC: section 10 item 3
fn us_3_notice_at_collection(w: &World) -> Result<(), &'static str> {
    let told = names(w.activity, "notice_at_collection").unwrap_or_default();
    if told.contains(&w.purpose) { Ok(()) } else { Err("PURPOSE_INCOMPATIBLE") }
}

/// SPEC: section 10 item 4
fn us_4_kind_of_transfer(w: &World) -> Option<Kind> {
    let role = text(field(w.request, "recipient"), "role");
    match w.operation {
        "sell" => Some(Kind::Sale),
        "share" => Some(Kind::Ads),
        "disclose" => match w.tables.sale_or_share(w.purpose) {
            Some("share") => Some(Kind::Ads),
            Some(_) => Some(Kind::Sale),
            None if matches!(role, Some("service_provider" | "contractor" | "processor")) => None,
            None => Some(Kind::Sale),
        },
        _ => None,
    }
}

/// SPEC: section 10 item 5
fn us_5_bans(w: &World, j: &Jurisdiction, transfer: Option<Kind>) -> Result<(), &'static str> {
    let sensitive = w.wants_any(&w.tables.us_sensitive);
    let necessary = flag(Some(w.request), "strictly_necessary_for_requested_product");
    if j.is("US-MD") && sensitive && (transfer == Some(Kind::Sale) || !necessary) {
        return Err("BANNED");
    }
    let bans_minors = j.is("US-MD") || (j.is("US-CT") && w.t >= effective::ct_minor_ban());
    let known_minor = w.known_age(w.t).is_some_and(|age| age < 18);
    if bans_minors && known_minor && transfer.is_some() {
        return Err("BANNED");
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sensitive {
    NotAsked,
    Consented,
    Exempt,
}

/// SPEC: section 10 item 6
fn us_6_sensitive(w: &World, j: &Jurisdiction, consent_passed: bool) -> Result<Sensitive, &'static str> {
    if !w.wants_any(&w.tables.us_sensitive) {
        return Ok(Sensitive::NotAsked);
    }
    match j.code.as_str() {
        "US-VA" | "US-CO" | "US-CT" | "US-TX" => {
            if !consent_passed {
                newest_statement(w).ok_or("NO_CONSENT")?;
                consent(w, j)?;
            }
            if j.is("US-CO") && !flag(w.activity, "preference_centre") && co_lapsed(w) {
                return Err("CONSENT_EXPIRED");
            }
            Ok(Sensitive::Consented)
        }
        "US-UT" => {
            let offered = |e: &Value| notice_covers(e, w.purpose) && flag(Some(e), "sensitive_opt_out_offered");
            if !w.all("notice_shown").any(offered) {
                return Err("NO_NOTICE");
            }
            if opted_out(w, j, Kind::LimitSensitive) {
                return Err("OPTED_OUT");
            }
            Ok(Sensitive::NotAsked)
        }
        "US-CA" if opted_out(w, j, Kind::LimitSensitive) => {
            if w.purpose_is("security") || explicitly_false(Some(w.request), "infers_characteristics") {
                Ok(Sensitive::Exempt)
            } else {
                Err("LIMITED_SENSITIVE")
            }
        }
        _ => Ok(Sensitive::NotAsked),
    }
}

/// SPEC: section 10 item 6, 4 CCR 904-3 Rule 7.08: 24 months since the last interaction
fn co_lapsed(w: &World) -> bool {
    let interactions = w.events.iter().copied().filter(|e| match kind(e) {
        "consent_given" | "consent_confirmed" => about(e, w.purpose),
        "purchase" | "activity" | "opt_in" => true,
        _ => false,
    });
    interactions.map(at).max().is_none_or(|last| w.t >= add_months(last, 24))
}

/// SPEC: section 10 item 7
fn us_7_minors(w: &World, j: &Jurisdiction, kind: Kind) -> Result<(), &'static str> {
    if !w.under(w.t, effective::opt_in_age(&j.code, w.t)) {
        return Ok(());
    }
    let good = effective_opt_ins(w, j, kind).into_iter().any(|e| {
        let by_self = text(Some(e), "by") == Some("self");
        let child_then = w.under(w.t, 13) || w.under(at(e), 13);
        verified_parent(e) || (by_self && !child_then)
    });
    if good { Ok(()) } else { Err("MINOR_NO_OPT_IN") }
}

/// SPEC: section 10 item 8
fn us_8_opt_out(w: &World, j: &Jurisdiction, kind: Kind) -> Verdict {
    if opted_out(w, j, kind) {
        return Err("OPTED_OUT");
    }
    if effective_opt_ins(w, j, kind).is_empty() { allow("NO_OPT_OUT") } else { allow("OPTED_IN") }
}

/// SPEC: section 10 item 9
fn us_9_no_transfer(w: &World, j: &Jurisdiction, sensitive: Sensitive) -> Verdict {
    let online = !explicitly_false(w.activity, "information_society_service");
    if w.operation != "store" && online && w.under(w.t, 13) && !parent_agreed(w, j) {
        return Err("CHILD");
    }
    let in_force = !j.is("US-CA") || w.t >= effective::ca_automated_decision_opt_out();
    let opted_out_of_it = opted_out(w, j, Kind::Profiling) || opted_out(w, j, Kind::Adm);
    if w.significant() && in_force && opted_out_of_it {
        return Err("OPTED_OUT");
    }
    if sensitive == Sensitive::Consented {
        return allow("CONSENT");
    }
    if w.operation == "disclose" { allow("PROCESSOR") } else { allow("NO_OPT_OUT") }
}

/// SPEC: section 10 item 9 (COPPA), verified parental consent or opt-in
fn parent_agreed(w: &World, j: &Jurisdiction) -> bool {
    let by_parent = newest_grants(w).is_some_and(|grants| grants.iter().all(|e| verified_parent(e)));
    let consented = by_parent && consent(w, j).is_ok();
    let opted_in = w.all("opt_in").any(|e| {
        let undone = w.all("opt_out").any(|o| {
            let right = out_right(o);
            (right == "*" || Some(right) == text(Some(e), "right")) && at(o) >= at(e)
        });
        flag(Some(e), "two_step") && verified_parent(e) && !undone
    });
    consented || opted_in
}

/// SPEC: section 10 "Rights": which right hits which kind
fn right_hits(j: &Jurisdiction, right: &str, kind: Kind) -> bool {
    let california = j.is("US-CA");
    match (right, kind) {
        ("*", _) => true,
        ("sale_share", Kind::Sale | Kind::Ads) => true,
        ("sale", Kind::Sale) | ("targeted_ads", Kind::Ads) => true,
        ("sale", Kind::Ads) | ("targeted_ads", Kind::Sale) => california,
        ("profiling", Kind::Profiling) | ("adm", Kind::Adm) | ("limit_sensitive", Kind::LimitSensitive) => true,
        _ => false,
    }
}

/// SPEC: section 10 "Signals": gpc or `Gpc` where and when it binds, a field with 1 in every state
fn signal_hits(w: &World, j: &Jurisdiction, signal: &Value, kind: Kind) -> bool {
    if !matches!(kind, Kind::Sale | Kind::Ads) {
        return false;
    }
    let binds = effective::signal(&j.code).is_some_and(|from| w.t >= from);
    let usnat = field(signal, "gpp_usnat");
    let one = |key: &str| whole(usnat, key) == Some(1);
    let sale = one("SaleOptOut");
    let ads = one("SharingOptOut") || one("TargetedAdvertisingOptOut");
    let by_field = match kind {
        _ if j.is("US-CA") => sale || ads,
        Kind::Sale => sale,
        _ => ads,
    };
    (binds && gpc_set(signal)) || by_field
}

/// The instant of the newest opt-out of this kind, and whether a signal is among the newest.
fn newest_opt_out(w: &World, j: &Jurisdiction, kind: Kind) -> Option<(Instant, bool)> {
    let events = w.all("opt_out").filter(|e| right_hits(j, out_right(e), kind)).map(|e| (at(e), false));
    let signals = w.all("signal").filter(|e| signal_hits(w, j, e, kind)).map(|e| (at(e), true));
    // (instant, true) sorts after (instant, false): at one instant the signal, which asks more, counts
    events.chain(signals).max()
}

/// SPEC: section 10 "An opt-in is effective only if ..."
fn effective_opt_ins<'a>(w: &World<'a>, j: &Jurisdiction, kind: Kind) -> Vec<&'a Value> {
    let newest = newest_opt_out(w, j, kind);
    w.all("opt_in")
        .filter(|e| {
            let right = text(Some(e), "right").is_some_and(|r| right_hits(j, r, kind));
            let beats = match newest {
                None => true,
                Some((out, by_signal)) => at(e) > out && (!by_signal || flag(Some(e), "after_conflict_notice")),
            };
            right && beats && flag(Some(e), "two_step")
        })
        .collect()
}

fn opted_out(w: &World, j: &Jurisdiction, kind: Kind) -> bool {
    newest_opt_out(w, j, kind).is_some() && effective_opt_ins(w, j, kind).is_empty()
}

/// The right an opt-out names; one that names none, or none we know, is of everything.
fn out_right(event: &Value) -> &str {
    text(Some(event), "right").filter(|r| RIGHTS.contains(r)).unwrap_or("*")
}

const RIGHTS: [&str; 6] = ["sale_share", "sale", "targeted_ads", "profiling", "adm", "limit_sensitive"];

// ---------------------------------------------------------------------------------------------
// Section 11: asking again
// ---------------------------------------------------------------------------------------------

/// SPEC: section 11, 12 months after the newest opt-out or binding signal (1798.135(c)(4))
fn cooldown_opt_out(w: &World, j: &Jurisdiction) -> bool {
    if j.law != Law::Us || w.tables.sale_or_share(w.purpose).is_none() {
        return false;
    }
    let events = w.all("opt_out").map(at);
    let signals =
        w.all("signal").filter(|e| signal_hits(w, j, e, Kind::Sale) || signal_hits(w, j, e, Kind::Ads)).map(at);
    events.chain(signals).max().is_some_and(|newest| w.t < add_months(newest, 12))
}

/// SPEC: section 11, 12 months after a no to the incentive (1798.125(b)(3))
fn cooldown_incentive(w: &World, j: &Jurisdiction) -> bool {
    j.law == Law::Us
        && w.purpose == "financial_incentive"
        && newest_refusal(w).is_some_and(|newest| w.t < add_months(newest, 12))
}

/// SPEC: section 11, `reask_cooldown_days`, anywhere (Rec. 32)
fn cooldown_reask(w: &World) -> bool {
    let days = whole(w.activity, "reask_cooldown_days");
    days.is_some_and(|days| newest_refusal(w).is_some_and(|newest| w.t < newest + days * DAY))
}

fn newest_refusal(w: &World) -> Option<Instant> {
    let noes = w.events.iter().filter(|e| matches!(kind(e), "consent_refused" | "consent_withdrawn"));
    noes.filter(|e| about(e, w.purpose)).map(|e| at(e)).max()
}

// ---------------------------------------------------------------------------------------------
// Section 12: recipients and transfers
// ---------------------------------------------------------------------------------------------

fn recipient_gate(w: &World, j: &Jurisdiction) -> Result<(), &'static str> {
    let recipient = field(w.request, "recipient");
    let role = text(recipient, "role").unwrap_or("");
    let known = matches!(
        role,
        "processor"
            | "service_provider"
            | "contractor"
            | "sub_processor"
            | "joint_controller"
            | "controller"
            | "third_party"
    );
    if recipient.is_none() || !known {
        return Err("NO_AGREEMENT");
    }
    if j.law == Law::Us {
        us_agreement(w, recipient)?;
    } else {
        agreement_by_role(w, recipient, role)?;
    }
    transfer(j, recipient)
}

/// SPEC: section 12 "US"
fn us_agreement(w: &World, recipient: Option<&Value>) -> Result<(), &'static str> {
    let valid = agreement_valid(w, field_of(recipient, "agreement"));
    if flag(recipient, "contract") || valid { Ok(()) } else { Err("NO_AGREEMENT") }
}

/// In time, and the purpose listed.
fn agreement_valid(w: &World, agreement: Option<&Value>) -> bool {
    let started = time(agreement, "valid_from").is_some_and(|from| from <= w.t);
    let running = time(agreement, "valid_to").is_some_and(|to| w.t < to);
    let listed = names(agreement, "purposes").unwrap_or_default().contains(&w.purpose);
    started && running && listed
}

/// SPEC: section 12 "Elsewhere by role"
fn agreement_by_role(w: &World, recipient: Option<&Value>, role: &str) -> Result<(), &'static str> {
    let needed = match role {
        "controller" | "third_party" => return Ok(()),
        "joint_controller" => "art26",
        _ => "art28",
    };
    let agreement = field_of(recipient, "agreement");
    if text(agreement, "kind") != Some(needed) || !agreement_valid(w, agreement) {
        return Err("NO_AGREEMENT");
    }
    if role == "sub_processor" && !flag(recipient, "authorised") {
        return Err("NO_AGREEMENT");
    }
    if role != "joint_controller" {
        due_diligence(w, recipient)?;
    }
    let within = names(agreement, "data_categories").unwrap_or_default();
    let outside = w.wanted.iter().any(|c| !within.contains(&c.as_str()));
    if outside { Err("MINIMISATION") } else { Ok(()) }
}

/// SPEC: section 12 `due_diligence`
fn due_diligence(w: &World, recipient: Option<&Value>) -> Result<(), &'static str> {
    let done = field_of(recipient, "due_diligence");
    let assessed = time(done, "assessed_at").is_some_and(|a| a <= w.t);
    let running = time(done, "valid_to").is_some_and(|to| w.t < to);
    let sufficient = text(done, "outcome") == Some("sufficient_guarantees");
    if assessed && running && sufficient { Ok(()) } else { Err("DUE_DILIGENCE") }
}

/// SPEC: section 12, transfers (44-46; C-311/18)
fn transfer(j: &Jurisdiction, recipient: Option<&Value>) -> Result<(), &'static str> {
    let Some(country) = text(recipient, "country") else {
        return Ok(());
    };
    if EEA.contains(&country) || country == j.country() {
        return Ok(());
    }
    let means = field_of(recipient, "transfer");
    let tool = text(means, "tool").unwrap_or("");
    let assessed = present(means, "tia") || flag(means, "tia");
    let adequate = ADEQUATE.contains(&country) || (country == "US" && tool == "adequacy" && flag(means, "certified"));
    if adequate || (matches!(tool, "scc" | "bcr" | "idta") && assessed) { Ok(()) } else { Err("TRANSFER") }
}

const ADEQUATE: [&str; 14] = ["AD", "AR", "CA", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"];

// ---------------------------------------------------------------------------------------------
// Section 13: solely automated significant decisions
// ---------------------------------------------------------------------------------------------

/// SPEC: section 13, after the basis and the special categories
fn automated_decision(w: &World, j: &Jurisdiction, mut basis: Allow) -> Verdict {
    if !automated_applies(w) {
        return Ok(basis);
    }
    let review = field(w.request, "human_review");
    if flag(review, "meaningful") && flag(review, "reviewer_can_override") {
        basis.reason = "HUMAN_IN_LOOP";
        return Ok(basis);
    }
    match j.law {
        Law::Br => return Ok(also(basis, &["review_on_request"])),
        Law::CaQc => return Ok(also(basis, &["inform_of_automated_decision", "opportunity_for_observations"])),
        Law::Ca => return Ok(basis),
        _ => {}
    }
    if w.under(w.t, 18) {
        return Err("CHILD");
    }
    if j.law == Law::Gb && w.t >= effective::gb_automated_decisions() {
        return automated_in_britain(w, basis);
    }
    automated_in_europe(w, basis)
}

fn automated_applies(w: &World) -> bool {
    let draws = flag(field(w.request, "recipient"), "draws_strongly_on_score");
    let handed_over = matches!(w.operation, "share" | "sell" | "disclose") && draws;
    w.significant() && (w.operation == "automated_decision" || handed_over)
}

fn automated_in_britain(w: &World, basis: Allow) -> Verdict {
    let safeguards = ["information", "representations", "human_intervention", "contest"];
    if w.basis() == Some("recognised_legitimate_interest") || !safeguarded(w, &safeguards) {
        return Err("ADM_NOT_PERMITTED");
    }
    Ok(also(basis, &safeguards))
}

fn automated_in_europe(w: &World, basis: Allow) -> Verdict {
    let safeguards = ["human_intervention", "express_view", "contest"];
    if !safeguarded(w, &safeguards) {
        return Err("ADM_NOT_PERMITTED");
    }
    let by_tcf = field(w.request, "tcf_purpose").is_some();
    let explicit =
        |e: &&Value| flag(Some(e), "explicit") || names(Some(e), "explicit_for").is_some_and(|c| !c.is_empty());
    let reason = match w.basis() {
        Some("consent") if !by_tcf && newest_grants(w).is_some_and(|g| g.iter().all(explicit)) => "EXPLICIT_CONSENT",
        Some("contract") if flag(w.activity, "adm_necessary_for_contract") => "CONTRACT",
        Some("legal_obligation") if flag(w.activity, "adm_authorised_by_law") => "LEGAL_OBLIGATION",
        _ => return Err("ADM_NOT_PERMITTED"),
    };
    Ok(also(Allow { reason, ..basis }, &safeguards))
}

fn safeguarded(w: &World, needed: &[&str]) -> bool {
    let promised = names(w.activity, "adm_safeguards").unwrap_or_default();
    needed.iter().all(|s| promised.contains(s))
}

// ---------------------------------------------------------------------------------------------
// The case as the rules see it
// ---------------------------------------------------------------------------------------------

struct World<'a> {
    tables: Tables,
    defaults: Option<&'a Value>,
    customer: Option<&'a Value>,
    activity: Option<&'a Value>,
    request: &'a Value,
    t: Instant,
    operation: &'a str,
    purpose: &'a str,
    /// Requested categories, and the special ones derived features reveal.
    wanted: BTreeSet<String>,
    jurisdictions: Vec<Jurisdiction>,
    /// Visible, of the right profiles, not void; sorted by `at`.
    events: Vec<&'a Value>,
}

impl<'a> World<'a> {
    fn new(register: Option<&'a Value>, case: &'a Value) -> Self {
        let request = &case["request"];
        let customer = field(case, "customer");
        let tables = Tables::of(register);
        let t = at(request);
        let wanted = wanted(&tables, request);
        Self {
            defaults: field_of(register, "defaults"),
            customer,
            activity: field(case, "activity"),
            request,
            t,
            operation: text(Some(request), "operation").unwrap_or(""),
            purpose: text(Some(request), "purpose").unwrap_or(""),
            wanted,
            jurisdictions: in_force(customer, t),
            events: without_void(of_profile(request, visible(case, request))),
            tables,
        }
    }

    fn all(&self, wanted: &'static str) -> impl Iterator<Item = &'a Value> + '_ {
        self.events.iter().copied().filter(move |e| kind(e) == wanted)
    }

    fn basis(&self) -> Option<&'a str> {
        text(self.activity, "lawful_basis")
    }

    fn purpose_is(&self, flag: &str) -> bool {
        self.tables.has_flag(self.purpose, flag)
    }

    fn wants_any(&self, categories: &BTreeSet<String>) -> bool {
        self.wanted.iter().any(|c| categories.contains(c))
    }

    /// SPEC: section 6 test 9, "US, Canada: sensitive"
    fn special_here(&self, j: &Jurisdiction) -> BTreeSet<String> {
        if j.law == Law::Us || j.canada() { self.tables.us_sensitive.clone() } else { self.tables.special.clone() }
    }

    /// SPEC: section 13, what makes a decision significant
    fn significant(&self) -> bool {
        flag(Some(self.request), "significant") || self.purpose_is("significant_decision")
    }

    /// SPEC: section 1, whole years on the UTC date
    fn known_age(&self, instant: Instant) -> Option<i128> {
        let (birth_year, birth_month, birth_day) = parse_date(text(self.customer, "birth_date")?)?;
        let (year, month, day) = civil(instant.div_euclid(DAY));
        let had_birthday = (month, day) >= (birth_month, birth_day);
        Some(year - birth_year - i128::from(!had_birthday))
    }

    /// SPEC: sections 6 and 10: age unknown, and the service is for children or looks away
    fn presumed_child(&self) -> bool {
        let unknown = text(self.customer, "birth_date").is_none();
        unknown && (flag(self.activity, "child_directed") || text(self.activity, "age_check") == Some("disregarded"))
    }

    fn under(&self, instant: Instant, years: i128) -> bool {
        self.presumed_child() || self.known_age(instant).is_some_and(|age| age < years)
    }

    fn register_days(&self, key: &str) -> Option<i128> {
        whole(self.activity, key).or_else(|| whole(self.defaults, key))
    }

    fn register_text(&self, key: &str) -> Option<&'a str> {
        text(self.activity, key).or_else(|| text(self.defaults, key))
    }
}

/// SPEC: section 1, visible events
fn visible<'a>(case: &'a Value, request: &Value) -> Vec<&'a Value> {
    let t = at(request);
    let known_at = time(Some(request), "known_at");
    let mut events: Vec<&Value> = objects(Some(case), "events");
    events.retain(|e| {
        let recorded = time(Some(e), "recorded_at").unwrap_or(at(e));
        at(e) <= t && known_at.is_none_or(|k| recorded <= k)
    });
    events.sort_by_key(|e| at(e));
    events
}

/// SPEC: section 14 "Identity"
fn of_profile<'a>(request: &Value, events: Vec<&'a Value>) -> Vec<&'a Value> {
    let Some(profile) = text(Some(request), "profile") else {
        return events;
    };
    let splits: Vec<&Value> = events.iter().copied().filter(|e| kind(e) == "identities_split").collect();
    let profiles = |e: &Value| -> Vec<String> {
        names(Some(e), "profiles").unwrap_or_default().into_iter().map(str::to_owned).collect()
    };
    let still_merged = |merge: &Value| {
        let joined = profiles(merge);
        !splits
            .iter()
            .any(|split| at(split) > at(merge) && profiles(split).iter().filter(|p| joined.contains(p)).count() >= 2)
    };
    let merges: Vec<Vec<String>> =
        events.iter().filter(|e| kind(e) == "identities_merged" && still_merged(e)).map(|e| profiles(e)).collect();
    let mut linked = BTreeSet::from([profile.to_owned()]);
    for _ in 0..=merges.len() {
        for merge in &merges {
            if merge.iter().any(|p| linked.contains(p)) {
                linked.extend(merge.iter().cloned());
            }
        }
    }
    events.into_iter().filter(|e| text(Some(e), "profile").is_none_or(|p| linked.contains(p))).collect()
}

/// SPEC: section 2 "A derived feature that `reveals` such a category counts as that category"
fn wanted(tables: &Tables, request: &Value) -> BTreeSet<String> {
    let mut wanted: BTreeSet<String> =
        names(Some(request), "data_categories").unwrap_or_default().into_iter().map(str::to_owned).collect();
    for feature in objects(Some(request), "derived_features") {
        let revealed: Vec<&str> = match field(feature, "reveals") {
            Some(Value::String(one)) => vec![one],
            _ => names(Some(feature), "reveals").unwrap_or_default(),
        };
        for category in revealed {
            if tables.special.contains(category)
                || tables.us_sensitive.contains(category)
                || tables.criminal.contains(category)
            {
                wanted.insert(category.to_owned());
            }
        }
    }
    wanted
}

/// SPEC: section 2, the vocabulary, or its replacement in the first line of section 15
struct Tables {
    /// (purpose, its flags; `sale_or_share` is written `sale` or `share`)
    purposes: Vec<(String, Vec<String>)>,
    special: BTreeSet<String>,
    us_sensitive: BTreeSet<String>,
    criminal: BTreeSet<String>,
}

impl Tables {
    fn of(register: Option<&Value>) -> Self {
        let list = |key: &str, built_in: &[&str]| -> BTreeSet<String> {
            let words = names(register, key).unwrap_or_else(|| built_in.to_vec());
            words.into_iter().map(str::to_owned).collect()
        };
        let special = list("special_categories", &SPECIAL);
        let mut us_sensitive = list("us_sensitive_categories", &["precise_geolocation"]);
        us_sensitive.extend(special.iter().cloned());
        let purposes = match field_of(register, "purposes").and_then(Value::as_object) {
            Some(given) => given.iter().map(|(id, flags)| (id.clone(), flags_of(flags))).collect(),
            None => built_in_purposes(),
        };
        Self { purposes, special, us_sensitive, criminal: list("criminal_categories", &["criminal_offence"]) }
    }

    fn flags(&self, purpose: &str) -> Option<&Vec<String>> {
        self.purposes.iter().find(|(id, _)| id == purpose).map(|(_, flags)| flags)
    }

    fn knows(&self, purpose: &str) -> bool {
        self.flags(purpose).is_some()
    }

    fn has_flag(&self, purpose: &str, flag: &str) -> bool {
        self.flags(purpose).is_some_and(|flags| flags.iter().any(|f| f == flag))
    }

    fn sale_or_share(&self, purpose: &str) -> Option<&'static str> {
        if self.has_flag(purpose, "sale") {
            Some("sale")
        } else if self.has_flag(purpose, "share") {
            Some("share")
        } else {
            None
        }
    }
}

fn flags_of(flags: &Value) -> Vec<String> {
    let Some(flags) = flags.as_object() else {
        return Vec::new();
    };
    let mut set = Vec::new();
    for (name, value) in flags {
        match (name.as_str(), value) {
            ("sale_or_share", Value::String(which)) if which == "share" => set.push("share".to_owned()),
            ("sale_or_share", Value::String(_) | Value::Bool(true)) => set.push("sale".to_owned()),
            (_, Value::Bool(true)) => set.push(name.clone()),
            _ => {}
        }
    }
    set
}

fn built_in_purposes() -> Vec<(String, Vec<String>)> {
    let table: [(&str, &[&str]); 18] = [
        ("segmentation_marketing", &["direct_marketing", "profiling"]),
        ("email_marketing", &["direct_marketing"]),
        ("newsletter", &["direct_marketing"]),
        ("third_party_advertising", &["direct_marketing", "profiling", "share"]),
        ("data_sale", &["sale"]),
        ("fraud_prevention", &["security"]),
        ("legal_claims", &["legal_claims"]),
        ("analytics_aggregate", &["statistical"]),
        ("credit_decision", &["profiling", "significant_decision"]),
        ("credit_risk_scoring", &["profiling"]),
        ("service_delivery", &[]),
        ("product_safety_recall", &[]),
        ("public_service", &[]),
        ("legal_record_keeping", &[]),
        ("product_research", &[]),
        ("pricing", &[]),
        ("financial_incentive", &[]),
        ("suppression_list", &[]),
    ];
    table.iter().map(|(id, flags)| ((*id).to_owned(), flags.iter().map(|f| (*f).to_owned()).collect())).collect()
}

const SPECIAL: [&str; 8] = [
    "health",
    "religion",
    "ethnic_origin",
    "political_opinion",
    "union_membership",
    "sexual_life",
    "genetic",
    "biometric_id",
];

// ---------------------------------------------------------------------------------------------
// Reading JSON: null counts as absent; the schema has been checked before
// ---------------------------------------------------------------------------------------------

fn field<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|v| !v.is_null())
}

fn field_of<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a Value> {
    field(value?, key)
}

fn text<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a str> {
    field(value?, key)?.as_str()
}

/// A text that says something: proof and references must not be empty.
fn present(value: Option<&Value>, key: &str) -> bool {
    text(value, key).is_some_and(|s| !s.is_empty())
}

fn flag(value: Option<&Value>, key: &str) -> bool {
    field_of(value, key) == Some(&Value::Bool(true))
}

fn explicitly_false(value: Option<&Value>, key: &str) -> bool {
    field_of(value, key) == Some(&Value::Bool(false))
}

fn names<'a>(value: Option<&'a Value>, key: &str) -> Option<Vec<&'a str>> {
    Some(field_of(value, key)?.as_array()?.iter().filter_map(Value::as_str).collect())
}

fn objects<'a>(value: Option<&'a Value>, key: &str) -> Vec<&'a Value> {
    field_of(value, key).and_then(Value::as_array).map(|list| list.iter().collect()).unwrap_or_default()
}

fn number(value: &Value) -> Option<i128> {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from))
}

fn whole(value: Option<&Value>, key: &str) -> Option<i128> {
    number(field_of(value, key)?)
}

fn wholes(value: Option<&Value>, key: &str) -> Option<Vec<i128>> {
    Some(field_of(value, key)?.as_array()?.iter().filter_map(number).collect())
}

fn time(value: Option<&Value>, key: &str) -> Option<Instant> {
    parse_time(text(value, key)?)
}

fn at(value: &Value) -> Instant {
    time(Some(value), "at").unwrap_or(0)
}

fn from(value: &Value) -> Instant {
    time(Some(value), "from").unwrap_or(0)
}

fn kind(event: &Value) -> &str {
    text(Some(event), "type").unwrap_or("")
}

/// Is the event about this purpose? `*` is all; a no that names no purpose is a no to all.
fn about(event: &Value, purpose: &str) -> bool {
    match names(Some(event), "purposes") {
        Some(purposes) => purposes.contains(&purpose) || purposes.contains(&"*"),
        None => matches!(kind(event), "consent_refused" | "consent_withdrawn" | "consent_invalidated"),
    }
}

fn answer(verdict: Verdict) -> Answer {
    match verdict {
        Ok(allow) => Answer {
            allow: true,
            reason: allow.reason.to_owned(),
            obligations: allow.obligations.into_iter().map(str::to_owned).collect(),
            supported: true,
        },
        Err(reason) => {
            Answer { allow: false, reason: reason.to_owned(), obligations: BTreeSet::new(), supported: true }
        }
    }
}

fn allow(reason: &'static str) -> Verdict {
    allow_with(reason, &[])
}

fn allow_with(reason: &'static str, obligations: &[&'static str]) -> Verdict {
    Ok(Allow { reason, obligations: obligations.iter().copied().collect() })
}

fn also(mut allow: Allow, obligations: &[&'static str]) -> Allow {
    allow.obligations.extend(obligations);
    allow
}

// ---------------------------------------------------------------------------------------------
// Section 1: time
// ---------------------------------------------------------------------------------------------

/// Microseconds since 1970-01-01T00:00:00Z.
type Instant = i128;

const DAY: Instant = 86_400_000_000;

fn midnight(year: i128, month: i128, day: i128) -> Instant {
    days_of(year, month, day) * DAY
}

fn leap(year: i128) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in_month(year: i128, month: i128) -> i128 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01, counted from year 0.
fn days_of(year: i128, month: i128, day: i128) -> i128 {
    let whole_years =
        365 * year + (year + 3).div_euclid(4) - (year + 99).div_euclid(100) + (year + 399).div_euclid(400);
    let whole_months: i128 = (1..month).map(|m| days_in_month(year, m)).sum();
    whole_years + whole_months + (day - 1) - 719_528
}

fn civil(days: i128) -> (i128, i128, i128) {
    let mut year = 1970 + days.div_euclid(366) - 1;
    while days_of(year + 1, 1, 1) <= days {
        year += 1;
    }
    // the estimate may start late for instants before 1970
    while days_of(year, 1, 1) > days {
        year -= 1;
    }
    let mut month = 1;
    while month < 12 && days_of(year, month + 1, 1) <= days {
        month += 1;
    }
    (year, month, days - days_of(year, month, 1) + 1)
}

/// SPEC: section 1, calendar months; a missing day becomes the last day of the month
fn add_months(instant: Instant, months: i128) -> Instant {
    let (year, month, day) = civil(instant.div_euclid(DAY));
    let month_index = year * 12 + (month - 1) + months;
    let (year, month) = (month_index.div_euclid(12), month_index.rem_euclid(12) + 1);
    midnight(year, month, day.min(days_in_month(year, month))) + instant.rem_euclid(DAY)
}

fn digits(text: &str) -> Option<i128> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// `YYYY-MM-DD`
fn parse_date(text: &str) -> Option<(i128, i128, i128)> {
    if text.len() != 10 || !text.is_ascii() || &text[4..5] != "-" || &text[7..8] != "-" {
        return None;
    }
    let (year, month, day) = (digits(&text[0..4])?, digits(&text[5..7])?, digits(&text[8..10])?);
    let valid = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    valid.then_some((year, month, day))
}

/// RFC 3339; digits below the microsecond are cut off.
fn parse_time(text: &str) -> Option<Instant> {
    if !text.is_ascii() || text.len() < 20 || !matches!(&text[10..11], "T" | "t") {
        return None;
    }
    let (year, month, day) = parse_date(&text[0..10])?;
    if &text[13..14] != ":" || &text[16..17] != ":" {
        return None;
    }
    let (hour, minute, second) = (digits(&text[11..13])?, digits(&text[14..16])?, digits(&text[17..19])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut rest = &text[19..];
    let mut micros = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
        if end == 0 {
            return None;
        }
        let six: String = fraction[..end].chars().chain("000000".chars()).take(6).collect();
        micros = digits(&six)?;
        rest = &fraction[end..];
    }
    let offset_minutes = parse_offset(rest)?;
    let seconds = hour * 3_600 + minute * 60 + second - offset_minutes * 60;
    Some(midnight(year, month, day) + seconds * 1_000_000 + micros)
}

/// `Z` or `+hh:mm`, in minutes east
fn parse_offset(text: &str) -> Option<i128> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    if text.len() != 6 || &text[3..4] != ":" {
        return None;
    }
    let (hours, minutes) = (digits(&text[1..3])?, digits(&text[4..6])?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    match &text[0..1] {
        "+" => Some(hours * 60 + minutes),
        "-" => Some(-(hours * 60 + minutes)),
        _ => None,
    }
}

// ---------------------------------------------------------------------------------------------
// Section 15: what can be read at all
// ---------------------------------------------------------------------------------------------

mod schema {
    use super::{Map, Value, number, parse_date, parse_time};

    /// The JSON type of a field. Null is allowed wherever a field may be absent.
    enum Shape {
        Text,
        Flag,
        Whole,
        Texts,
        Wholes,
        Time,
        Date,
        TextOrFlag,
        TextOrTexts,
        Anything,
        Object(&'static [Field]),
        Objects(&'static [Field]),
    }
    use Shape::{Anything, Date, Flag, Object, Objects, Text, TextOrFlag, TextOrTexts, Texts, Time, Whole, Wholes};

    /// (name, shape, must it be there)
    type Field = (&'static str, Shape, bool);

    const fn may(name: &'static str, shape: Shape) -> Field {
        (name, shape, false)
    }

    const fn must(name: &'static str, shape: Shape) -> Field {
        (name, shape, true)
    }

    /// SPEC: section 15, an unknown event type or operation, a malformed time or a wrong JSON type
    pub fn readable(register: Option<&Value>, case: &Value) -> bool {
        let register_fits = register.is_none_or(register_readable);
        register_fits && fits(case, &Object(CASE)) && words_known(case)
    }

    fn register_readable(register: &Value) -> bool {
        let purposes_fit = match register.get("purposes") {
            None | Some(Value::Null) => true,
            Some(Value::Object(purposes)) => purposes.values().all(|flags| fits(flags, &Object(FLAGS))),
            Some(_) => false,
        };
        purposes_fit && fits(register, &Object(REGISTER))
    }

    fn words_known(case: &Value) -> bool {
        let operation = case["request"]["operation"].as_str().unwrap_or("");
        let events = case.get("events").and_then(Value::as_array);
        let types_known =
            events.is_none_or(|list| list.iter().all(|e| EVENT_TYPES.contains(&e["type"].as_str().unwrap_or(""))));
        OPERATIONS.contains(&operation) && types_known
    }

    fn fits(value: &Value, shape: &Shape) -> bool {
        match shape {
            Anything => true,
            Text => value.is_string(),
            Flag => value.is_boolean(),
            Whole => number(value).is_some(),
            Time => value.as_str().is_some_and(|s| parse_time(s).is_some()),
            Date => value.as_str().is_some_and(|s| parse_date(s).is_some()),
            Texts => value.as_array().is_some_and(|l| l.iter().all(Value::is_string)),
            Wholes => value.as_array().is_some_and(|l| l.iter().all(|n| number(n).is_some())),
            TextOrFlag => value.is_string() || value.is_boolean(),
            TextOrTexts => fits(value, &Text) || fits(value, &Texts),
            Object(fields) => value.as_object().is_some_and(|o| object_fits(o, fields)),
            Objects(fields) => value.as_array().is_some_and(|l| l.iter().all(|o| fits(o, &Object(fields)))),
        }
    }

    fn object_fits(object: &Map<String, Value>, fields: &[Field]) -> bool {
        fields.iter().all(|(name, shape, needed)| match object.get(*name) {
            None | Some(Value::Null) => !needed,
            Some(value) => fits(value, shape),
        })
    }

    const OPERATIONS: [&str; 15] = [
        "segment",
        "use",
        "contact",
        "share",
        "sell",
        "disclose",
        "aggregate",
        "store",
        "automated_decision",
        "use_derived",
        "access",
        "port",
        "explain",
        "ask_consent",
        "differentiate",
    ];

    const EVENT_TYPES: [&str; 23] = [
        "notice_shown",
        "consent_requested",
        "consent_confirmed",
        "consent_refused",
        "consent_withdrawn",
        "consent_invalidated",
        "consent_given",
        "objection",
        "objection_rejected",
        "restriction_set",
        "restriction_lifted",
        "erasure_requested",
        "erasure_completed",
        "rectified",
        "collected",
        "imported",
        "opt_out",
        "opt_in",
        "signal",
        "purchase",
        "activity",
        "identities_merged",
        "identities_split",
    ];

    static CASE: &[Field] = &[
        may("id", Text),
        may("customer", Object(CUSTOMER)),
        may("activity", Object(ACTIVITY)),
        may("events", Objects(EVENT)),
        must("request", Object(REQUEST)),
    ];

    static CUSTOMER: &[Field] = &[
        may("jurisdiction", TextOrTexts),
        may("jurisdiction_history", Objects(&[must("from", Time), may("code", TextOrTexts)])),
        may("birth_date", Date),
        may("pseudonymous", Flag),
    ];

    static ACTIVITY: &[Field] = &[
        may("lawful_basis", Text),
        may("fallback_basis", Text),
        may("law_ref", Text),
        may("art9_condition", Text),
        may("balancing_assessment", Text),
        may("annex1_condition", Text),
        may("controller", Text),
        may("controller_is_public_authority", Flag),
        may("allowed_categories", Texts),
        may("retention_days", Whole),
        may("legal_hold", Flag),
        may("consent_validity_days", Whole),
        may("require_double_opt_in", Flag),
        may("reask_cooldown_days", Whole),
        may("notice_current", Text),
        may("notice_changes", Objects(&[may("version", Text), must("at", Time), may("material", Flag)])),
        may("information_society_service", Flag),
        may("child_directed", Flag),
        may("age_check", Text),
        may("original_purpose", Text),
        may("original_basis", Text),
        may(
            "compatibility_assessment",
            Object(&[may("ref", Text), may("factors", Texts), may("outcome", Text), may("safeguards", Texts)]),
        ),
        may("statistical_safeguards", Texts),
        may("adm_safeguards", Texts),
        may("adm_necessary_for_contract", Flag),
        may("adm_authorised_by_law", Flag),
        may("soft_opt_in", Flag),
        may("casl", Flag),
        may("regime", Text),
        may("notice_at_collection", Texts),
        may("preference_centre", Flag),
    ];

    static EVENT: &[Field] = &[
        must("at", Time),
        must("type", Text),
        may("recorded_at", Time),
        may("event_id", Text),
        may("profile", Text),
        may("purposes", Texts),
        may("version", Text),
        may("covers", Texts),
        may("right_to_object", Flag),
        may("opt_out_offered", Flag),
        may("sensitive_opt_out_offered", Flag),
        may("notice_version", Text),
        may("method", Text),
        may("affirmative", Flag),
        may("by", Text),
        may("parental_verification", TextOrFlag),
        may("explicit", Flag),
        may("explicit_for", Texts),
        may("data_categories", Texts),
        may("controllers", Texts),
        may("bundled_with_contract", Flag),
        may("despite_restriction", Flag),
        may("value", Anything),
        may("scope", Text),
        may("grounds", Text),
        may("compelling_grounds", Flag),
        may("ground", Text),
        may("informed", Flag),
        may("source", Text),
        may("right", Text),
        may("via", Text),
        may("two_step", Flag),
        may("after_conflict_notice", Flag),
        may("known_consumer", Flag),
        may("gpc", Flag),
        may(
            "gpp_usnat",
            Object(&[
                may("SaleOptOut", Whole),
                may("SharingOptOut", Whole),
                may("TargetedAdvertisingOptOut", Whole),
                may("Gpc", Flag),
            ]),
        ),
        may(
            "tcf",
            Object(&[
                may("version", Whole),
                may("created", Time),
                may("purposes_consent", Wholes),
                may("vendors_consent", Wholes),
                may("disclosed_vendors", Wholes),
            ]),
        ),
        may("product_line", Text),
        may("detail", Text),
        may("profiles", Texts),
    ];

    static REQUEST: &[Field] = &[
        must("at", Time),
        must("operation", Text),
        may("known_at", Time),
        may("purpose", Text),
        may("data_categories", Texts),
        may("channel", Text),
        may("profile", Text),
        may("recipient", Object(RECIPIENT)),
        may(
            "derived",
            Object(&[may("kind", Text), may("computed_at", Time), may("anonymous", Flag), may("inputs", Texts)]),
        ),
        may("derived_features", Objects(&[may("name", Text), may("reveals", TextOrTexts)])),
        may("data_origin", Text),
        may("significant", Flag),
        may("human_review", Object(&[may("meaningful", Flag), may("reviewer_can_override", Flag)])),
        may("pseudonymised", Flag),
        may("profiled", Flag),
        may("product_line", Text),
        may("opt_out_in_message", Flag),
        may("tcf_purpose", Whole),
        may("infers_characteristics", Flag),
        may("strictly_necessary_for_requested_product", Flag),
        may("based_on", Text),
    ];

    static RECIPIENT: &[Field] = &[
        may("id", Text),
        may("role", Text),
        may("contract", Flag),
        may(
            "agreement",
            Object(&[
                may("kind", Text),
                may("valid_from", Time),
                may("valid_to", Time),
                may("purposes", Texts),
                may("data_categories", Texts),
            ]),
        ),
        may("due_diligence", Object(&[may("assessed_at", Time), may("valid_to", Time), may("outcome", Text)])),
        may("authorised", Flag),
        may("country", Text),
        may("transfer", Object(&[may("tool", Text), may("certified", Flag), may("tia", TextOrFlag)])),
        may("tcf_vendor", Whole),
        may("draws_strongly_on_score", Flag),
    ];

    static FLAGS: &[Field] = &[
        may("direct_marketing", Flag),
        may("profiling", Flag),
        may("sale_or_share", TextOrFlag),
        may("statistical", Flag),
        may("security", Flag),
        may("legal_claims", Flag),
        may("significant_decision", Flag),
    ];

    static REGISTER: &[Field] = &[
        may("special_categories", Texts),
        may("us_sensitive_categories", Texts),
        may("criminal_categories", Texts),
        may(
            "defaults",
            Object(&[
                may("notice_current", Text),
                may("controller", Text),
                may("consent_validity_days", Whole),
                may("retention_days", Whole),
            ]),
        ),
    ];
}
