//! Profiles, merged and split (section 14).

use serde_json::{Value, json};

use crate::case::*;

/// The newsletter is allowed to profile `a`; nothing is known of profile `b`.
fn profile_a() -> Case {
    newsletter().amend(json!({"profile": "a"})).request(json!({"profile": "a"}))
}

fn on(profile: &str, event: Value) -> Value {
    event.with(json!({ "profile": profile }))
}

#[test]
fn without_a_profile_every_event_of_the_customer_counts() {
    let case = profile_a().event(on("b", withdrawn("2026-02-01")));
    case.allows("CONSENT");
    case.without("/request/profile").denies("CONSENT_WITHDRAWN");
    profile_a().without("/request/profile").allows("CONSENT");
}

#[test]
fn a_profile_counts_its_own_events_and_those_without_a_profile() {
    profile_a().allows("CONSENT");
    profile_a().request(json!({"profile": "b"})).denies("NO_CONSENT");
    newsletter().request(json!({"profile": "b"})).allows("CONSENT");
    profile_a().event(on("a", withdrawn("2026-02-01"))).denies("CONSENT_WITHDRAWN");
    profile_a().event(on("b", withdrawn("2026-02-01"))).allows("CONSENT");
    profile_a().event(withdrawn("2026-02-01")).denies("CONSENT_WITHDRAWN");
}

#[test]
fn a_merge_joins_both_histories_and_their_tombstones() {
    let case = profile_a().event(on("b", withdrawn("2026-02-01"))).event(merged("2026-03-01", ["a", "b"]));
    case.turns("2026-03-01", Allow("CONSENT"), Deny("CONSENT_WITHDRAWN"));
    let other = case.request(json!({"profile": "b"}));
    other.turns("2026-03-01", Deny("CONSENT_WITHDRAWN"), Deny("CONSENT_WITHDRAWN"));
    other.event(on("a", given("2026-04-01"))).allows("CONSENT");
    let erased = profile_a().event(on("b", erasure_requested("2026-02-01"))).event(merged("2026-03-01", ["b", "a"]));
    erased.turns("2026-03-01", Allow("CONSENT"), Deny("ERASED"));
}

#[test]
fn merges_chain() {
    let case = profile_a().event(on("c", withdrawn("2026-02-01"))).event(merged("2026-03-01", ["a", "b"]));
    case.allows("CONSENT");
    case.event(merged("2026-04-01", ["b", "c"])).turns("2026-04-01", Allow("CONSENT"), Deny("CONSENT_WITHDRAWN"));
    let three = profile_a().event(on("c", withdrawn("2026-02-01"))).event(merged("2026-03-01", ["a", "b", "c"]));
    three.denies("CONSENT_WITHDRAWN");
}

#[test]
fn a_split_gives_each_side_its_own_events_back() {
    let case = profile_a().event(on("b", withdrawn("2026-02-01"))).event(merged("2026-03-01", ["a", "b"]));
    let case = case.event(split("2026-04-01", ["a", "b"]));
    case.turns("2026-04-01", Deny("CONSENT_WITHDRAWN"), Allow("CONSENT"));
    case.clone().request(json!({"profile": "b"})).denies("CONSENT_WITHDRAWN");
    let again = case.event(merged("2026-05-01", ["a", "b"]));
    again.turns("2026-05-01", Allow("CONSENT"), Deny("CONSENT_WITHDRAWN"));
}

#[test]
fn a_split_leaves_the_unlabelled_events_to_both_sides() {
    let case = profile_a().event(merged("2026-03-01", ["a", "b"])).event(split("2026-04-01", ["a", "b"]));
    case.allows("CONSENT");
    case.clone().request(json!({"profile": "b"})).denies("NO_CONSENT");
    let no = case.event(withdrawn("2026-03-15"));
    no.denies("CONSENT_WITHDRAWN");
    no.request(json!({"profile": "b"})).denies("CONSENT_WITHDRAWN");
}

#[test]
fn a_merge_or_split_of_others_changes_nothing() {
    let no_of_b = profile_a().event(on("b", withdrawn("2026-02-01")));
    no_of_b.clone().event(merged("2026-03-01", ["b", "c"])).allows("CONSENT");
    let linked = no_of_b.event(merged("2026-03-01", ["a", "b"]));
    linked.clone().event(split("2026-04-01", ["c", "d"])).denies("CONSENT_WITHDRAWN");
    linked.clone().event(split("2026-02-15", ["a", "b"])).denies("CONSENT_WITHDRAWN");
    linked.event(split("2026-04-01", ["a", "b"])).allows("CONSENT");
}

#[test]
fn a_merge_not_yet_known_does_not_link() {
    let merge = merged("2026-03-01", ["a", "b"]).with(json!({"recorded_at": "2026-05-01T00:00:00Z"}));
    let case = profile_a().event(on("b", withdrawn("2026-02-01"))).event(merge);
    case.clone().request(json!({"known_at": "2026-04-30T23:59:59.999999Z"})).allows("CONSENT");
    case.request(json!({"known_at": "2026-05-01T00:00:00Z"})).denies("CONSENT_WITHDRAWN");
}

#[test]
fn a_split_of_the_same_instant_does_not_part_what_was_merged() {
    let case = profile_a().event(on("b", withdrawn("2026-02-01"))).event(merged("2026-03-01", ["a", "b"]));
    case.clone().event(split("2026-03-01", ["a", "b"])).denies("CONSENT_WITHDRAWN");
    case.event(split("2026-03-01T00:00:00.000001Z", ["a", "b"])).allows("CONSENT");
}

#[test]
fn a_split_parts_only_the_profiles_it_names() {
    let case = profile_a().event(on("b", withdrawn("2026-02-01"))).event(merged("2026-03-01", ["a", "b", "c"]));
    for profiles in [["b", "d"], ["a", "d"]] {
        case.clone().event(split("2026-04-01", profiles)).denies("CONSENT_WITHDRAWN");
    }
    let parted = case.event(split("2026-04-01", ["a", "b"])).event(split("2026-04-01", ["b", "c"]));
    parted.allows("CONSENT");
}
