//! The export of the main program: its file, its ledger, its keys, and what the controller is told.

#[path = "shared/example.rs"]
mod example;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

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

#[test]
fn an_export_after_an_erasure_shows_the_earlier_total_and_no_other_figure_of_the_same_customers() {
    let folder = folder("export");
    let path = |name: &str| folder.join(name).display().to_string();
    let rows = |gone: usize| -> String {
        let all = (0..400).filter(|i| *i != gone);
        let all = all.map(|i| format!("canary-{i},2026-01-{:02},{}.00\n", i % 28 + 1, 5 + i % 40 + 1_000 * (i / 200)));
        "customer,timestamp,amount\n".to_owned() + &all.collect::<String>()
    };
    let ledger = [
        "--release-ledger".to_owned(),
        path("ledger"),
        "--release-ledger-key".to_owned(),
        path("key"),
        "--analysis-date".to_owned(),
        "2026-02-01".to_owned(),
    ];
    let exported = |gone: usize, at: &str, file: &str| {
        fs::write(path("rows.csv"), rows(gone)).unwrap();
        let fixed = [
            "--transactions",
            &path("rows.csv"),
            "--dangerous-assume-lawful",
            "--segments",
            "3",
            "--out",
            &path("out"),
            "--at",
            at,
            "--export",
            &path(file),
            "--export-range",
            "monetary_total=0..2000:100",
        ]
        .map(str::to_owned);
        let args: Vec<String> = fixed.into_iter().chain(ledger.clone()).collect();
        let output = run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let written = fs::read_to_string(path(file)).unwrap();
        assert!(!written.contains("canary") && !text(&output.stderr).contains("canary"));
        serde_json::from_str::<Value>(&written).unwrap()
    };
    let first = exported(usize::MAX, "2026-02-01", "first.json");
    assert_eq!(first["everybody"]["n"]["value"], 400);
    assert_eq!(first["definition"]["threshold"], 50);
    assert_eq!(first["manifest"]["differencing"]["release"], "r0");
    assert!(first["everybody"]["features"]["monetary_total"]["mean"]["value"].is_number());
    assert!(first["everybody"]["features"]["recency_days"].is_null(), "no range, no mean");
    let second = exported(7, "2026-02-02", "second.json");
    assert_eq!(second["everybody"]["n"], first["everybody"]["n"], "399 would give the one away");
    assert_eq!(second["everybody"]["n"]["as_of"], "2026-02-01T00:00:00Z");
    assert_eq!(second["manifest"]["differencing"]["release"], "r1");
    assert_ne!(second["definition"]["name"], first["definition"]["name"], "the model was fitted again");
    let sizes = |export: &Value| -> Vec<u64> {
        export["segments"].as_array().unwrap().iter().filter_map(|row| row["n"]["value"].as_u64()).collect()
    };
    // A segment is the very same, or another one by many, or hidden.
    let before = sizes(&first);
    for n in sizes(&second) {
        assert!(before.contains(&n) || before.iter().all(|before| before.abs_diff(n) >= 50), "{n}");
    }
    let mut hidden = second["segments"].as_array().unwrap().iter().filter(|row| row["n"].is_null());
    assert!(hidden.all(|row| row["share"].is_null() && row["features"]["monetary_total"]["mean"].is_null()));
    assert!(sizes(&second).len() < sizes(&first).len());
    for key in ["key", "key.pseudonyms"] {
        assert_eq!(fs::read(path(key)).unwrap().len(), 32);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(path(key)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    // A ledger without its key is no ledger, and leaves no file.
    fs::remove_file(path("key")).unwrap();
    let args = ["--dangerous-assume-lawful", "--out", &path("out"), "--export", &path("third.json")];
    let more: Vec<&str> = args.into_iter().chain(ledger[..4].iter().map(String::as_str)).collect();
    let output = run(&more);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("restore it"), "{}", text(&output.stderr));
    assert!(!folder.join("third.json").exists() && !folder.join("key").exists());
}

#[test]
fn an_export_without_a_ledger_warns_and_export_flags_go_together() {
    let folder = folder("export_alone");
    let path = |name: &str| folder.join(name).display().to_string();
    let base = ["--out", &path("out"), "--export", &path("export.json")];
    let output = run(&base);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("warning: without `--release-ledger`"), "{}", text(&output.stderr));
    let written = fs::read_to_string(path("export.json")).unwrap();
    assert!(written.contains("SIMULATED CONSENT") && !written.contains("\"mean\""), "{written}");
    for wrong in [
        &["--export-threshold", "20"][..],
        &["--export", "x", "--release-ledger", "y"],
        &["--export", "x", "--export-threshold", "1"],
        &["--export", "x", "--export-range", "monetary_total=5..1"],
    ] {
        assert_eq!(run(&[wrong, &["--out", &path("out")]].concat()).status.code(), Some(2), "{wrong:?}");
    }
    let output = run(&[&base[..], &["--export-range", "age=0..100"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("`age`, which is no feature"), "{}", text(&output.stderr));
    let help = text(&run(&["--help"]).stdout);
    for flag in ["--export ", "--export-threshold", "--export-range", "--release-ledger ", "--release-ledger-key"] {
        assert!(help.contains(flag), "{flag}");
    }
}

#[test]
fn the_controller_is_told_on_stderr_what_is_hidden_and_why() {
    let folder = folder("controller");
    let path = |name: &str| folder.join(name).display().to_string();
    let rows =
        (0..107).map(|i| format!("c{i},2026-01-10,{}.00\n", if i < 60 { 10 } else { 9_000 * (i / 100) + 1_000 }));
    fs::write(path("rows.csv"), "customer,timestamp,amount\n".to_owned() + &rows.collect::<String>()).unwrap();
    let args =
        ["--transactions", &path("rows.csv"), "--dangerous-assume-lawful", "--segments", "3", "--out", &path("out")];
    let output = run(&args);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stderr);
    let line =
        told.lines().find(|line| line.starts_with("for the controller only: ")).unwrap_or_else(|| panic!("{told}"));
    assert!(
        line.contains("it has fewer than 20 customers") && line.contains("would give a smaller one away"),
        "{line}"
    );
    let shown = text(&output.stdout) + &fs::read_to_string(folder.join("out/outcome.json")).unwrap();
    assert!(!shown.contains("is hidden because"));
}
