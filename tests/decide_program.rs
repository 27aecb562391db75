//! What the program `decide` promises: one answer a line, in order, whatever the lines hold.

#[path = "shared/example.rs"]
mod example;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

fn program() -> Command {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    Command::new(PROGRAM.get_or_init(|| example::built("decide")))
}

fn decide(input: &[u8], args: &[&str]) -> Output {
    let mut child = program()
        .args(args)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The program may end before it has read everything.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn answers(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn case(id: &str) -> Value {
    json!({
        "id": id,
        "customer": {"jurisdiction": "ES", "birth_date": "1990-01-31"},
        "activity": {"lawful_basis": "consent"},
        "events": [{
            "at": "2026-01-10T10:00:00Z", "type": "consent_given", "purposes": ["newsletter"],
            "notice_version": "v3", "method": "web_form", "affirmative": true, "by": "self",
        }],
        "request": {
            "at": "2026-06-01T12:00:00Z", "operation": "contact", "purpose": "newsletter",
            "data_categories": ["email"], "channel": "email",
        },
    })
}

fn changed(pointer: &str, value: Value) -> Value {
    let mut case = case("c");
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    case.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(key.to_owned(), value);
    case
}

#[test]
fn the_examples_are_decided_as_their_expectations_say() {
    let text = include_str!("../examples/data/consent_examples.jsonl");
    let output = decide(text.as_bytes(), &[]);
    assert!(output.status.success());
    let answers = answers(&output);
    assert_eq!(answers.len(), text.lines().count());
    for (case, answer) in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).zip(&answers) {
        let expect = &case["expect"];
        assert_eq!(answer["id"], case["id"]);
        assert_eq!(answer["decision"], expect["decision"], "{}", case["title"]);
        assert_eq!(answer["reason"], expect["reason"], "{}", case["title"]);
        assert!(answer.get("warnings").is_none(), "{answer}");
    }
    // Without a file the same cases are decided.
    assert_eq!(program().output().unwrap().stdout, output.stdout);
}

#[test]
fn an_answer_has_every_field_and_the_policy_hash_is_that_of_the_activity() {
    let other = changed("/activity/consent_validity_days", json!(365));
    let output = decide(format!("{}\n{}\n{}\n", case("a"), case("b"), other).as_bytes(), &[]);
    let answers = answers(&output);
    let keys: Vec<&str> = answers[0].as_object().unwrap().keys().map(String::as_str).collect();
    let expected =
        ["as_of", "citations", "decision", "id", "jurisdiction", "obligations", "policy_hash", "reason", "supported"];
    assert_eq!(keys, expected);
    assert_eq!(answers[0]["jurisdiction"], "ES");
    assert_eq!(answers[0]["supported"], true);
    assert_eq!(answers[0]["policy_hash"], answers[1]["policy_hash"]);
    assert_ne!(answers[0]["policy_hash"], answers[2]["policy_hash"]);
}

#[test]
fn lines_that_hold_no_case_deny_with_their_number_and_the_others_are_decided() {
    let input = format!("\u{feff}{}\n\nnot json\n[]\n{}\n{{\"id\":", case("a"), case("b"));
    let output = decide(&[input.as_bytes(), b"\n\xff\xfe\n"].concat(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let answers = answers(&output);
    let reasons: Vec<_> = answers.iter().map(|answer| answer["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["CONSENT", "UNREADABLE", "UNREADABLE", "CONSENT", "UNREADABLE", "UNREADABLE"]);
    assert_eq!(answers[1]["line"], 3);
    assert_eq!(answers[2]["line"], 4);
    assert!(answers[1].get("id").is_none());
    assert!(answers[1]["error"].as_str().unwrap().contains("not JSON"));
    assert_eq!(answers[5]["line"], 7);
}

#[test]
fn cases_that_cannot_be_read_deny_with_their_id_and_show_no_value() {
    let unreadable = [
        changed("/request/at", json!("canary")),
        changed("/request/at", json!("2026-06-01T12:00:00")),
        changed("/request/at", Value::Null),
        changed("/request/operation", json!("canary")),
        changed("/request/known_at", json!("canary")),
        changed("/request/data_categories", json!("canary")),
        changed("/request/significant", json!("canary")),
        changed("/customer/birth_date", json!("canary")),
        changed("/customer/jurisdiction", json!(7)),
        changed("/activity/consent_validity_days", json!("canary")),
        changed("/activity/consent_validity_days", json!(-1)),
        changed("/activity/lawful_basis", json!(true)),
        changed("/events", json!({"canary": 1})),
        changed("/events", json!([{"at": "2026-01-10T10:00:00Z", "type": "canary"}])),
        changed("/events", json!([{"at": "canary", "type": "activity"}])),
        changed("/events", json!([{"at": "2026-01-10T10:00:00Z", "type": "consent_withdrawn", "purposes": "canary"}])),
        changed("/request", Value::Null),
    ];
    let input: String = unreadable.iter().map(|case| format!("{case}\n")).collect();
    let output = decide(input.as_bytes(), &[]);
    assert!(output.status.success(), "every line held a case");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("canary"));
    let answers = answers(&output);
    assert_eq!(answers.len(), unreadable.len());
    for (case, answer) in unreadable.iter().zip(&answers) {
        assert_eq!((&answer["id"], &answer["decision"]), (&json!("c"), &json!("deny")), "{case}");
        assert_eq!(answer["reason"], "UNREADABLE", "{case}");
        assert!(!answer["citations"].as_array().unwrap().is_empty());
    }
}

#[test]
fn doubtful_grants_are_invalid_and_not_unreadable() {
    let grant = |key: &str, value: Value| {
        let mut case = case("c");
        case["events"][0][key] = value;
        case
    };
    let cases = [
        grant("affirmative", Value::Null),
        grant("value", json!({"a": [1]})),
        grant("purposes", json!(["newsletter", "*"])),
    ];
    let input: String = cases.iter().map(|case| format!("{case}\n")).collect();
    for answer in answers(&decide(input.as_bytes(), &[])) {
        assert_eq!(answer["reason"], "CONSENT_INVALID");
    }
}

#[test]
fn unknown_keys_are_named_and_those_for_people_passed_over() {
    let mut case = case("c");
    case["title"] = json!("for people");
    case["request"]["colour"] = json!({"a": 1});
    case["events"][0]["note"] = json!("for people");
    case["events"][0]["ip"] = json!("10.0.0.1");
    let answer = answers(&decide(case.to_string().as_bytes(), &[])).remove(0);
    assert_eq!(answer["reason"], "CONSENT");
    let mut warnings: Vec<_> =
        answer["warnings"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    warnings.sort_unstable();
    assert_eq!(warnings, ["unknown key `colour`", "unknown key `ip`"]);
}

#[test]
fn a_register_on_the_first_line_replaces_purposes_categories_and_defaults() {
    let register = json!({"register": {
        "purposes": {"newsletter": {}, "club": {"direct_marketing": true}},
        "special_categories": ["email"],
        "defaults": {"consent_validity_days": 30},
    }});
    let mut club = case("club");
    club["request"]["purpose"] = json!("club");
    let mut unknown = case("unknown");
    unknown["request"]["purpose"] = json!("email_marketing");
    let mut long = case("long");
    long["activity"]["consent_validity_days"] = json!(3_650);
    let input = format!("{register}\n{}\n{club}\n{unknown}\n{long}\n", case("a"));
    let output = decide(input.as_bytes(), &[]);
    assert!(output.status.success());
    let reasons: Vec<_> = answers(&output).iter().map(|answer| answer["reason"].clone()).collect();
    assert_eq!(reasons, ["CONSENT_EXPIRED", "CONSENT_SCOPE", "PURPOSE_UNKNOWN", "SPECIAL_CATEGORY"]);

    let output = decide(format!("{}\n{}\n", json!({"register": {"purposes": 7}}), case("a")).as_bytes(), &[]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 1"));
}

#[test]
fn answers_are_the_same_bytes_at_any_number_of_threads() {
    let text = include_str!("../examples/data/consent_examples.jsonl").repeat(800);
    let one = decide(text.as_bytes(), &["--threads", "1"]);
    let two = decide(text.as_bytes(), &["--threads", "2"]);
    assert_eq!(one.stdout, two.stdout);
    assert_eq!(answers(&one).len(), 800 * 13);
}

#[test]
fn an_endless_line_is_one_answer() {
    let input = format!("{}\n{}\n", "x".repeat(3 << 20), case("a"));
    let output = decide(input.as_bytes(), &[]);
    let reasons: Vec<_> = answers(&output).iter().map(|answer| answer["reason"].clone()).collect();
    assert_eq!(reasons, ["UNREADABLE", "CONSENT"]);
}

#[test]
fn no_line_is_no_answer_and_a_missing_file_is_named() {
    let output = decide(b"", &[]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let output = program().arg("/nonexistent/cases.jsonl").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nonexistent/cases.jsonl"));
    assert_eq!(program().arg("--threads").arg("0").output().unwrap().status.code(), Some(2));
}
