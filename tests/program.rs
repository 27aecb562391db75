//! The main program: its figures, its files, its exit codes and its errors.

#[path = "shared/example.rs"]
mod example;
#[path = "model/rfm.rs"]
mod model;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

const CDNOW: &str = include_str!("../examples/data/cdnow_sample.csv");

/// The built program, next to this test's own binary.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| example::built("segment_customers"))
}

/// A folder of its own for one test, emptied first.
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn run(args: &[&str]) -> Output {
    Command::new(program()).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs with `--json` and gives the document.
fn json(args: &[&str]) -> Value {
    let output = run(&[args, &["--json"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn close(found: &Value, wanted: f64, what: &str) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{what}: {found} is no number"));
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{what}: {found} instead of {wanted}");
}

/// Checks every figure of the document against the slow twins, for segments grown from `start`.
fn check_against_twins(document: &Value, table: &model::Table, start: &[[f64; 3]]) {
    let x = model::scaled(table);
    let (labels, inertia) = model::lloyd(&x, start, 1e-4);
    let names = ["recency_days", "frequency", "monetary_total"];
    let money: f64 = table.values.iter().map(|row| row[2]).sum();
    assert_eq!(document["n_customers"], table.customers.len());
    close(&document["inertia"], inertia, "inertia");
    for segment in document["segments"].as_array().unwrap() {
        let id = segment["id"].as_u64().unwrap() as usize;
        let rows: Vec<&[f64; 3]> =
            table.values.iter().zip(&labels).filter(|(_, label)| **label == id).map(|(row, _)| row).collect();
        assert_eq!(segment["n"], rows.len(), "size of segment {id}");
        close(&segment["share"], rows.len() as f64 / table.customers.len() as f64, "share");
        close(&segment["revenue_share"], rows.iter().map(|row| row[2]).sum::<f64>() / money, "revenue share");
        for (column, name) in names.iter().enumerate() {
            let values: Vec<f64> = rows.iter().map(|row| row[column]).collect();
            let found = &segment["features"][name];
            close(&found["mean"], values.iter().sum::<f64>() / values.len() as f64, name);
            close(&found["median"], model::quantile(&values, 1, 2), name);
            close(&found["q25"], model::quantile(&values, 1, 4), name);
            close(&found["q75"], model::quantile(&values, 3, 4), name);
        }
    }
}

const START: [[f64; 3]; 4] = [[1.0, -0.5, -0.5], [-1.0, 1.5, 1.5], [0.5, -0.5, 0.5], [-1.5, 0.0, 0.0]];

fn write_start(folder: &Path) -> String {
    let path = folder.join("start.csv");
    let rows: Vec<String> = START.iter().map(|row| format!("{},{},{}", row[0], row[1], row[2])).collect();
    fs::write(&path, format!("a,b,c\n{}\n", rows.join("\n"))).unwrap();
    path.display().to_string()
}

#[test]
fn figures_on_the_whole_sample_agree_with_the_slow_computation() {
    let folder = folder("whole_sample");
    let start = write_start(&folder);
    let out = folder.join("out").display().to_string();
    let document =
        json(&["--dangerous-assume-lawful", "--init", &start, "--segments", "4", "--k-anonymity", "20", "--out", &out]);
    let table = model::cdnow(CDNOW, model::days("19980701"), |_| true);
    assert_eq!(table.customers.len(), 2357);
    assert_eq!(document["analysis_date"], "1998-07-01");
    assert_eq!(document["consent_source"], "assumed");
    assert_eq!(document["segments"].as_array().unwrap().len(), 4);
    check_against_twins(&document, &table, &START);
}

#[test]
fn figures_of_the_consenting_half_agree_with_the_slow_computation() {
    let folder = folder("consenting_half");
    let start = write_start(&folder);
    let path = |name: &str| folder.join(name).display().to_string();
    fs::write(path("purchases.csv"), CDNOW).unwrap();
    // Even ids consent, of these every tenth withdraws; odd ids refuse; ids above 20,000 are never heard of.
    let allowed = |id: u64| id <= 20_000 && id.is_multiple_of(2) && !id.is_multiple_of(20);
    let mut lines = String::new();
    let ids: std::collections::BTreeSet<&str> = CDNOW.lines().skip(1).map(|line| &line[..5]).collect();
    let [mut refused, mut withdrawn, mut unknown] = [0u64; 3];
    for text in &ids {
        let id: u64 = text.parse().unwrap();
        let statement = |kind: &str, day: &str| {
            format!(
                "{{\"customer_id\":\"{text}\",\"at\":\"{day}T00:00:00Z\",\"type\":\"{kind}\",\"purposes\":[\"segmentation_marketing\"],\"notice_version\":\"v1\",\"method\":\"letter\",\"affirmative\":true,\"by\":\"self\"}}\n"
            )
        };
        if id > 20_000 {
            unknown += 1;
        } else if id.is_multiple_of(2) {
            if id.is_multiple_of(20) {
                // Written before the grant it ends: only the effective time counts.
                lines += &statement("consent_withdrawn", "1998-01-02");
                withdrawn += 1;
            }
            lines += &statement("consent_given", "1997-01-01");
        } else {
            lines += &statement("consent_refused", "1997-01-01");
            refused += 1;
        }
    }
    fs::write(path("consent.jsonl"), lines).unwrap();
    let document = json(&[
        "--transactions",
        &path("purchases.csv"),
        "--column",
        "customer=master_id",
        "--column",
        "timestamp=date",
        "--consent",
        &path("consent.jsonl"),
        "--init",
        &start,
        "--segments",
        "4",
        "--out",
        &path("out"),
    ]);
    let table = model::cdnow(CDNOW, model::days("19980701"), allowed);
    assert_eq!(document["consent_source"], "file");
    assert_eq!(document["n_known"], ids.len());
    assert_eq!(document["n_allowed"], table.customers.len());
    assert_eq!(document["refused"]["CONSENT_REFUSED"], refused);
    assert_eq!(document["refused"]["CONSENT_WITHDRAWN"], withdrawn);
    assert_eq!(document["refused"]["UNKNOWN_SUBJECT"], unknown);
    check_against_twins(&document, &table, &START);
}

#[test]
fn the_default_run_writes_a_table_and_three_files_that_all_say_that_consent_is_simulated() {
    let folder = folder("default_run");
    let output = run(&["--out", &folder.display().to_string()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let notice = "SIMULATED CONSENT: made for this demonstration, no real choices";
    let table = text(&output.stdout);
    assert!(table.starts_with(notice), "{table}");
    assert!(table.lines().take_while(|line| !line.starts_with("wrote")).all(|line| line.chars().count() <= 100));
    let document = fs::read_to_string(folder.join("outcome.json")).unwrap();
    assert!(document.lines().nth(1).unwrap().contains(notice));
    let report = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(report.contains(notice));
    for forbidden in ["<script", "https://", "src=", "@import"] {
        assert!(!report.contains(forbidden), "{forbidden}");
    }
    assert_eq!(report.matches("http://").count(), report.matches("http://www.w3.org/2000/svg").count());
    assert!(report.len() < 1_000_000);
    let model = fs::read_to_string(folder.join("model.json")).unwrap();
    assert!(model.contains(notice));
    let model = consentric::release::ModelFile::parse(&model).unwrap();
    assert_eq!(model.features().collect::<Vec<_>>(), ["recency_days", "frequency", "monetary_total"]);
    assert!(model.assign(&[1.0, 10.0, 500.0]).is_some());
}

#[test]
fn same_seed_gives_the_same_files_at_1_2_and_8_threads() {
    let files = |threads: &str| {
        let folder = folder(&format!("threads_{threads}"));
        assert!(run(&["--out", &folder.display().to_string(), "--threads", threads]).status.success());
        ["outcome.json", "report.html", "model.json"].map(|name| fs::read(folder.join(name)).unwrap())
    };
    let one = files("1");
    assert_eq!(one, files("2"));
    assert_eq!(one, files("8"));
}

#[test]
fn no_customer_id_stands_in_any_output() {
    let folder = folder("no_ids");
    let path = |name: &str| folder.join(name).display().to_string();
    let mut rows = "customer,timestamp,amount\n".to_owned();
    for i in 0..200 {
        rows += &format!("canary-{i}@example.org,2026-01-{:02},{}.00\n", i % 28 + 1, i + 1);
    }
    fs::write(path("rows.csv"), rows).unwrap();
    let output = run(&["--transactions", &path("rows.csv"), "--dangerous-assume-lawful", "--out", &path("out")]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut all = text(&output.stdout) + &text(&output.stderr);
    for entry in fs::read_dir(folder.join("out")).unwrap() {
        all += &fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    assert!(!all.contains("canary"));
    assert!(all.contains("ASSUMED LAWFUL"));
}

#[test]
fn consent_is_never_simulated_for_own_data() {
    let folder = folder("no_consent");
    fs::write(folder.join("rows.csv"), "customer,timestamp,amount\na,2026-01-01,1.00\n").unwrap();
    let output = run(&["--transactions", &folder.join("rows.csv").display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("never simulated"));
}

#[test]
fn flags_of_later_versions_answer_not_yet() {
    for args in [
        &["--segments", "auto"][..],
        &["--rules", "x.json"],
        &["--statistics-purpose", "analytics_aggregate"],
        &["--strategy", "dbscan"],
        &["--strategy", "ward"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains("not work yet"), "{args:?}: {}", text(&output.stderr));
    }
    assert_eq!(run(&["--strategy", "tea-leaves"]).status.code(), Some(2));
    assert_eq!(run(&["--no-such-flag"]).status.code(), Some(2));
    assert_eq!(run(&["--k-anonymity", "1"]).status.code(), Some(2));
}

#[test]
fn other_strategies_run_on_the_sample() {
    for strategy in ["linfa-k-means", "linfa-mixture"] {
        let out = folder(strategy).display().to_string();
        let document = json(&["--strategy", strategy, "--segments", "3", "--out", &out]);
        assert_eq!(document["strategy"], strategy);
        assert_eq!(document["n_segments"], 3);
    }
}

/// Bad input: a name, the purchases, the consent lines (`None`: all consent), what the one line of error must say.
type Bad = (&'static str, String, Option<&'static str>, &'static [&'static str]);

fn bad_inputs() -> Vec<Bad> {
    let header = "customer,timestamp,amount\n";
    let good: String = (0..40).map(|i| format!("c{i},2026-01-{:02},{}.00\n", i % 28 + 1, i % 9 + 1)).collect();
    let with = |row: &str| format!("{header}{good}{row}\n");
    vec![
        ("empty", String::new(), None, &["rows.csv", "empty"]),
        ("header_only", header.to_owned(), None, &["rows.csv", "no row"]),
        ("missing_column", "customer,amount\na,1.00\n".to_owned(), None, &["rows.csv", "line 1", "`timestamp`"]),
        ("nan_amount", with("c1,2026-01-01,NaN"), None, &["rows.csv line 42", "`amount`", "finite"]),
        ("infinite_amount", with("c1,2026-01-01,inf"), None, &["rows.csv line 42", "`amount`", "finite"]),
        ("date_out_of_range", with("c1,2026-02-30,1.00"), None, &["rows.csv line 42", "`timestamp`", "calendar"]),
        ("year_zero", with("c1,0000-01-01,1.00"), None, &["rows.csv line 42", "`timestamp`", "0001"]),
        ("short_row", with("c1,2026-01-01"), None, &["rows.csv line 42", "2 cells"]),
        (
            "mixed_currency",
            "customer,timestamp,amount,currency\na,2026-01-01,1.00,EUR\nb,2026-01-01,1.00,USD\n".to_owned(),
            None,
            &["rows.csv line 3", "`currency`", "EUR"],
        ),
        ("unreadable_consent", with(""), Some("{\"customer_id\":\"c1\"}\n{oops\n"), &["consent.jsonl line 2"]),
        (
            "unknown_consent_event",
            with(""),
            Some("{\"customer_id\":\"c1\",\"at\":\"2026-01-01T00:00:00Z\",\"type\":\"nodded\"}\n"),
            &["consent.jsonl line 1"],
        ),
        (
            "everybody_refused",
            with(""),
            Some("{\"customer_id\":\"c1\"}\n"),
            &["UNKNOWN_SUBJECT", "segmentation_marketing"],
        ),
        (
            "fewer_customers_than_segments",
            format!("{header}a,2026-01-01,1.00\nb,2026-01-02,2.00\n"),
            None,
            &["segments"],
        ),
    ]
}

#[test]
fn each_bad_input_gets_one_clear_line_and_leaves_nothing_behind() {
    for (name, rows, consent, wanted) in bad_inputs() {
        let folder = folder(&format!("bad_{name}"));
        let path = |name: &str| folder.join(name).display().to_string();
        fs::write(path("rows.csv"), rows).unwrap();
        let mut args = vec!["--transactions".to_owned(), path("rows.csv"), "--out".to_owned(), path("out")];
        match consent {
            None => args.push("--dangerous-assume-lawful".to_owned()),
            Some(lines) => {
                fs::write(path("consent.jsonl"), lines).unwrap();
                args.extend(["--consent".to_owned(), path("consent.jsonl")]);
            }
        }
        let output = run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}: {error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{name}: {error}");
        for part in wanted {
            assert!(error.contains(part), "{name}: `{part}` is not in: {error}");
        }
        assert!(output.stdout.is_empty(), "{name}");
        assert!(!folder.join("out").exists(), "{name}: something was written");
    }
}

#[test]
fn negative_amounts_are_refunds_and_left_out_by_default() {
    let folder = folder("refunds");
    let path = |name: &str| folder.join(name).display().to_string();
    let mut rows = "customer,timestamp,amount\n".to_owned();
    for i in 0..60 {
        rows += &format!("c{i},2026-01-{:02},10.00\nc{i},2026-01-30,-4.00\n", i % 28 + 1);
    }
    fs::write(path("rows.csv"), rows).unwrap();
    let mean = |refunds: &str, is_told: bool| {
        let args = ["--transactions", &path("rows.csv"), "--dangerous-assume-lawful", "--segments", "1"];
        let document = json(&[&args[..], &["--out", &path("out"), "--refunds", refunds]].concat());
        let mut codes = document["warnings"].as_array().unwrap().iter().map(|warning| &warning["code"]);
        assert_eq!(codes.any(|code| code == "REFUNDS_LEFT_OUT"), is_told);
        document["segments"][0]["features"]["monetary_total"]["mean"].as_f64().unwrap()
    };
    assert_eq!((mean("exclude", true), mean("net", false), mean("keep", false)), (10.0, 6.0, 6.0));
}

#[test]
fn consent_for_somebody_without_purchases_is_a_warning() {
    let folder = folder("unknown_customer");
    let path = |name: &str| folder.join(name).display().to_string();
    let mut rows = "customer,timestamp,amount\n".to_owned();
    let mut lines = String::new();
    for i in 0..80 {
        rows += &format!("c{i},2026-01-{:02},{}.00\n", i % 28 + 1, i % 7 + 1);
    }
    for i in 0..90 {
        lines += &format!(
            "{{\"customer_id\":\"c{i}\",\"at\":\"2025-01-01T00:00:00Z\",\"type\":\"consent_given\",\"purposes\":[\"segmentation_marketing\"],\"notice_version\":\"v1\",\"method\":\"letter\",\"affirmative\":true,\"by\":\"self\"}}\n"
        );
    }
    fs::write(path("rows.csv"), rows).unwrap();
    fs::write(path("consent.jsonl"), lines).unwrap();
    let document = json(&[
        "--transactions",
        &path("rows.csv"),
        "--consent",
        &path("consent.jsonl"),
        "--segments",
        "2",
        "--out",
        &path("out"),
    ]);
    let codes: Vec<&str> =
        document["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"CONSENT_FOR_UNKNOWN_CUSTOMERS"), "{codes:?}");
    assert_eq!(document["n_allowed"], 80);
}

#[test]
fn a_folder_in_the_way_leaves_the_other_files_as_they_were() {
    let folder = folder("in_the_way");
    let out = folder.display().to_string();
    fs::create_dir(folder.join("model.json")).unwrap();
    fs::write(folder.join("report.html"), "of yesterday").unwrap();
    let output = run(&["--out", &out]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr).lines().count(), 1);
    assert_eq!(fs::read_to_string(folder.join("report.html")).unwrap(), "of yesterday");
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_lost_standard_output_is_a_failure_and_a_closed_pipe_is_none() {
    let out = folder("lost_output").display().to_string();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let lost = Command::new(program()).args(["--json", "--out", &out]).stdout(full).output().unwrap();
    assert_eq!(lost.status.code(), Some(1));
    let mut child =
        Command::new(program()).args(["--json", "--out", &out]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn settings_that_change_a_figure_stand_in_the_document() {
    let out = folder("settings").display().to_string();
    let document = json(&["--refunds", "net", "--zero-amount", "drop", "--at", "1998-07-01", "--out", &out]);
    assert_eq!(document["settings"]["refunds"], "net");
    assert_eq!(document["settings"]["zero_amount"], "drop");
    assert_eq!(document["decided_at"], "1998-07-01T00:00:00Z");
}

#[test]
fn rows_that_are_left_out_are_told() {
    let folder = folder("left_out");
    let path = |name: &str| folder.join(name).display().to_string();
    let mut rows = "customer,timestamp,amount\n".to_owned();
    for i in 0..60 {
        rows += &format!("c{i},2026-01-{:02},{}.00\n,2026-01-01,5.00\n", i % 28 + 1, i % 7 + 1);
    }
    rows += "c1,2026-01-01,oops\n";
    fs::write(path("rows.csv"), rows).unwrap();
    let args =
        ["--transactions", &path("rows.csv"), "--dangerous-assume-lawful", "--skip-unreadable", "--segments", "2"];
    let document = json(&[&args[..], &["--out", &path("out")]].concat());
    let text = document["warnings"].as_array().unwrap().iter().find(|warning| warning["code"] == "ROWS_LEFT_OUT");
    let text = text.unwrap()["text"].as_str().unwrap();
    assert!(text.contains("60 rows without a customer and 1 unreadable rows"), "{text}");
}

#[test]
fn defaults_are_those_that_help_tells() {
    let out = folder("k216").display().to_string();
    let d = json(&["--out", &out]);
    assert_eq!(d["decided_at"], "1998-07-01T00:00:00Z");
    assert_eq!(d["n_segments"], 5);
    assert_eq!(d["features"][2]["unit"]["money"], "USD");
    assert_eq!(d["for_release"], true);
    let d = json(&["--out", &out, "--analysis-date", "1998-08-01", "--dangerous-without-suppression"]);
    assert_eq!(d["analysis_date"], "1998-08-01");
    assert_eq!(d["decided_at"], "1998-08-01T00:00:00Z");
    assert_eq!(d["for_release"], false);
}
fn own(name: &str, rows: &str, more: &[&str]) -> Value {
    let f = folder(name);
    fs::write(f.join("rows.csv"), rows).unwrap();
    let (r, o) = (f.join("rows.csv").display().to_string(), f.join("out").display().to_string());
    json(
        &[
            &["--transactions", &r, "--out", &o, "--dangerous-assume-lawful", "--segments", "1", "--k-anonymity", "2"],
            more,
        ]
        .concat(),
    )
}
const ROWS: &str = "customer,timestamp,amount,order\na,2026-01-05T23:30:00Z,10.4,x\na,2026-01-05T10:00:00Z,0,x\na,2026-01-05T11:00:00Z,0,y\nb,2026-01-05T23:30:00Z,10.4,p\nb,2026-01-05T10:00:00Z,0,p\nb,2026-01-05T11:00:00Z,0,q\n";

#[test]
fn each_flag_changes_its_figure() {
    let f = |name: &str, more: &[&str]| {
        let d = own(name, ROWS, more);
        (
            d["segments"][0]["features"]["frequency"]["mean"].as_f64().unwrap(),
            d["analysis_date"].as_str().unwrap().to_owned(),
            d["segments"][0]["features"]["monetary_total"]["mean"].as_f64().unwrap(),
        )
    };
    assert_eq!(f("k210a", &[]).0, 2.0);
    assert_eq!(f("k210b", &["--frequency", "rows"]).0, 3.0);
    assert_eq!(f("k210c", &["--frequency", "days"]).0, 1.0);
    assert_eq!(f("k210d", &["--frequency", "rows", "--zero-amount", "drop"]).0, 1.0);
    assert_eq!(f("k210e", &["--time-zone", "Asia/Tokyo"]).1, "2026-01-07");
    assert_eq!(f("k210f", &["--currency", "JPY"]).2, 10.0);
}

#[test]
fn flags_that_do_not_go_together_are_wrong_usage() {
    let out = folder("k220").display().to_string();
    for a in [
        &["--consent", "x.jsonl"][..],
        &["--init", "x.csv", "--strategy", "linfa-k-means"],
        &["--column", "customer=x"],
    ] {
        assert_eq!(run(&[a, &["--out", &out]].concat()).status.code(), Some(2), "{a:?}");
    }
}

#[test]
fn a_start_with_columns_in_another_order_is_refused() {
    let f = folder("k222");
    let (o, p) = (f.display().to_string(), f.join("s.csv"));
    fs::write(&p, "frequency,recency_days,monetary_total\n0,1,0\n1,-1,1\n").unwrap();
    let r = run(&["--init", &p.display().to_string(), "--segments", "2", "--out", &o]);
    assert_eq!(r.status.code(), Some(1));
    assert!(text(&r.stderr).contains("order"));
}

#[test]
fn an_old_model_does_not_outlive_a_run_that_writes_none() {
    let f = folder("k223");
    let o = f.display().to_string();
    fs::write(f.join("model.json"), "old").unwrap();
    let r = run(&["--strategy", "linfa-mixture", "--segments", "3", "--out", &o]);
    assert!(r.status.success());
    assert!(!f.join("model.json").exists());
    assert!(text(&r.stdout).contains("model.json was not written"));
}

#[test]
fn a_start_is_the_same_from_csv_and_from_raw_numbers() {
    let f = folder("k228");
    let o = f.display().to_string();
    let csv = write_start(&f);
    let b: Vec<u8> = START.iter().flatten().flat_map(|v| (*v as f32).to_le_bytes()).collect();
    fs::write(f.join("s.f32"), b).unwrap();
    let b: Vec<u8> = START.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
    fs::write(f.join("s.f64"), b).unwrap();
    let go = |p: &str| json(&["--init", p, "--segments", "4", "--out", &o])["segments"].clone();
    assert_eq!(go(&csv), go(&f.join("s.f32").display().to_string()));
    assert_eq!(go(&csv), go(&f.join("s.f64").display().to_string()));
}

#[test]
fn the_register_on_the_first_line_of_the_consent_file_decides() {
    let folder = folder("register");
    let out = folder.display().to_string();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow_sample.csv");
    let customers: std::collections::BTreeSet<&str> =
        CDNOW.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let grants: String = customers
        .iter()
        .map(|id| {
            let key = format!(r#""customer_id":"{id}","at":"1998-01-01T00:00:00Z""#);
            let proof = r#""notice_version":"v1","method":"letter","affirmative":true,"by":"self""#;
            format!("{{{key},\"type\":\"consent_given\",\"purposes\":[\"segmentation_marketing\"],{proof}}}\n")
        })
        .collect();
    let consent = folder.join("consent.jsonl");
    let path = consent.display().to_string();
    let go = |register: &str| {
        fs::write(&consent, format!("{register}{grants}")).unwrap();
        let columns = ["--column", "customer=master_id", "--column", "timestamp=date"];
        run(&[&["--transactions", sample, "--consent", &path, "--out", &out, "--json"][..], &columns].concat())
    };
    let n_allowed = |output: &Output| serde_json::from_slice::<Value>(&output.stdout).unwrap()["n_allowed"].clone();
    let activity = |fields: &str| format!("{{\"activities\":{{\"segmentation_marketing\":{{{fields}}}}}}}\n");
    assert_eq!(n_allowed(&go("")), customers.len());
    let long = activity(r#""lawful_basis":"consent","consent_validity_days":181"#);
    // The analysis date is missing from the flags: it is the day after the last purchase, 1998-07-01.
    let held = go(&long);
    assert!(!held.status.success() && text(&held.stderr).contains("CONSENT_EXPIRED"), "{}", text(&held.stderr));
    assert_eq!(n_allowed(&go(&activity(r#""lawful_basis":"consent","consent_validity_days":182"#))), customers.len());
    let other = go(&activity(r#""lawful_basis":"contract""#));
    assert!(text(&other.stderr).contains("NO_LAWFUL_BASIS"), "{}", text(&other.stderr));
    let broken = go("{\"activities\":{\"segmentation_marketing\":{\"consent_validity_days\":\"canary\"}}}\n");
    assert!(text(&broken.stderr).contains("consent.jsonl line 1") && !text(&broken.stderr).contains("canary"));
}
