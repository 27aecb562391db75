//! The program `anonymize`: flags, JSON, exit codes, files, and the twin's answers through files.

#[path = "shared/example.rs"]
mod example;
#[path = "model/naive_anonymity/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the twin knows more than this test asks")]
mod naive;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| example::built("anonymize"));

fn run(arguments: &[String]) -> Output {
    Command::new(&*PROGRAM).args(arguments).output().unwrap()
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("anonymize").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

const TEN: &str = "city;band;s\na;1;p\na;1;q\na;2;p\nb;1;r\nb;2;q\nc;3;p\nc;3;p\nd;4;q\nd;3;r\na;4;p\n";

/// The worked example as files, and the flags to read it.
fn ten(folder: &Path, data: &str, more: &[&str]) -> Vec<String> {
    fs::write(folder.join("ten.csv"), data).unwrap();
    fs::write(folder.join("ten_hierarchy_city.csv"), "a;X;*\nb;X;*\nc;Y;*\nd;Y;*\ne;Y;*\n").unwrap();
    fs::write(folder.join("ten_hierarchy_band.csv"), "1;1-2;*\n2;1-2;*\n3;3-4;*\n4;3-4;*\n").unwrap();
    let data = folder.join("ten.csv").display().to_string();
    let hierarchies = folder.display().to_string();
    let flags = ["--data", &data, "--hierarchies", &hierarchies, "--qi", "city,band"];
    flags.iter().chain(more).map(|flag| (*flag).to_owned()).collect()
}

fn near(found: &Value, expected: f64) {
    assert!((found.as_f64().unwrap() - expected).abs() < 1e-10, "{found} is not {expected}");
}

#[test]
fn the_worked_example_comes_out_and_the_keys_are_stable() {
    let folder = folder("worked");
    let output = run(&ten(&folder, TEN, &["--k", "3", "--suppression", "0.1", "--repeat", "3"]));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let found = json(&output);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // The order of the text itself, which a parsed object does not keep.
    let text = String::from_utf8(output.stdout).unwrap();
    let keys: Vec<&str> = text.split("\":").filter_map(|before| before.rsplit('"').next()).collect();
    let keys = &keys[..keys.len() - 1];
    insta::assert_snapshot!(keys.join(" "), @"solution transformation loss suppressed classes min_class checked lattice ms_search ms_total peak_rss_mb gap anonymous outside_subset fully_generalised absent_violations verified repeats_ms");
    assert_eq!(found["transformation"], serde_json::json!([1, 1]));
    near(&found["loss"], 0.412_444_689_2);
    assert_eq!((&found["suppressed"], &found["classes"], &found["min_class"]), (&1.into(), &2.into(), &4.into()));
    assert_eq!((&found["lattice"], &found["gap"], &found["verified"]), (&9.into(), &0.0.into(), &true.into()));
    assert_eq!(found["repeats_ms"].as_array().unwrap().len(), 3);
    assert!(said.contains("taken as insensitive, and written unchanged: s"));
}

#[test]
fn a_node_that_is_not_admissible_is_evaluated_but_never_written() {
    let folder = folder("evaluate");
    let mut flags = ten(&folder, TEN, &["--k", "3", "--evaluate-at", "1,0"]);
    let output = run(&flags);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let found = json(&output);
    assert_eq!((&found["anonymous"], &found["verified"]), (&false.into(), &false.into()));
    assert_eq!(found["suppressed"], 4);
    let out = folder.join("out.csv");
    flags.extend(["--out".to_owned(), out.display().to_string()]);
    let output = run(&flags);
    assert_eq!((output.status.code(), &json(&output)["suppressed"]), (Some(1), &4.into()), "the numbers are shown");
    assert!(!out.exists());
    // A node outside the levels that are allowed is shown, too, and never verified.
    let output = run(&ten(&folder, TEN, &["--k", "3", "--evaluate-at", "2,1", "--levels", "city=0..1"]));
    assert_eq!((output.status.code(), &json(&output)["verified"]), (Some(0), &false.into()));
}

#[test]
fn no_solution_is_exit_1_with_nulls_and_no_file() {
    let folder = folder("none");
    let out = folder.join("out.csv").display().to_string();
    let output = run(&ten(&folder, TEN, &["--k", "11", "--out", &out]));
    assert_eq!(output.status.code(), Some(1));
    let found = json(&output);
    assert_eq!(
        (&found["solution"], &found["loss"], &found["transformation"]),
        (&false.into(), &Value::Null, &Value::Null)
    );
    assert!(!Path::new(&out).exists());
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("taken as insensitive"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("error: no solution"));
}

#[test]
fn the_file_holds_every_row_in_order_and_quotes_where_it_must() {
    let folder = folder("out");
    let out = folder.join("out.csv");
    let data = TEN.replace("a;4;p", "a;4;\"p;q\"").replace('\n', "\r\n");
    let shown = out.display().to_string();
    let output = run(&ten(&folder, &data, &["--k", "3", "--suppression", "0.1", "--out", &shown]));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = fs::read_to_string(&out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 11);
    assert_eq!((lines[0], lines[1], lines[10]), ("city;band;s", "X;1-2;p", "*;*;\"p;q\""));
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains(".part-")), "{left:?}");
}

#[test]
fn wrong_usage_is_exit_2_and_bad_input_exit_1_without_a_value() {
    let folder = folder("wrong");
    let code = |more: &[&str]| run(&ten(&folder, TEN, more)).status.code();
    assert_eq!(code(&["--k", "3", "--l", "distinct:2"]), Some(2), "no sensitive column");
    assert_eq!(code(&["--sensitive", "s", "--l", "sideways:2"]), Some(2));
    assert_eq!(code(&["--metric", "payout"]), Some(2));
    assert_eq!(code(&["--no-such-flag"]), Some(2));
    assert_eq!(code(&["--k", "0"]), Some(2));
    assert_eq!(code(&["--k", "2", "--suppression", "1.5"]), Some(2));
    assert_eq!(code(&["--k", "2", "--levels", "city=0..9"]), Some(2));
    assert_eq!(code(&["--out", &folder.join("x.csv").display().to_string()]), Some(2), "no criterion");
    assert_eq!(code(&["--k", "2", "--out", &folder.display().to_string()]), Some(1), "a folder is in the way");
    assert_eq!(code(&["--k", "2", "--evaluate-at", "1"]), Some(1));
    let output = run(&ten(&folder, &TEN.replace("c;3;p", "secret-town;3;p"), &["--k", "3"]));
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("row 5, column `city`") && !said.contains("secret"), "{said}");
    assert!(output.stdout.is_empty());
}

#[cfg(unix)]
#[test]
fn a_reader_that_is_gone_is_exit_1_and_leaves_no_file() {
    let folder = folder("full");
    let out = folder.join("out.csv");
    let shown = out.display().to_string();
    let flags = ten(&folder, TEN, &["--k", "3", "--suppression", "0.1", "--out", &shown]);
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        println!("skipped: no /dev/full here");
        return;
    };
    let output =
        Command::new(&*PROGRAM).args(flags).stdout(full).stderr(std::process::Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!out.exists());
}

#[test]
fn every_model_verifies_what_it_makes() {
    let folder = folder("models");
    let mut data = "x;y\n".to_owned();
    for n in 0..60 {
        data += &format!("{};{}\n", n * n % 97, n * 31 % 41);
    }
    fs::write(folder.join("numbers.csv"), data).unwrap();
    for model in ["mondrian", "mondrian-relaxed", "mdav", "mdav-hybrid", "k-aligned"] {
        let data = folder.join("numbers.csv").display().to_string();
        let out = folder.join(format!("{model}.csv"));
        let shown = out.display().to_string();
        let flags = [
            "--data",
            &data,
            "--qi",
            "x,y",
            "--types",
            "x:numeric,y:numeric",
            "--k",
            "5",
            "--model",
            model,
            "--out",
            &shown,
        ];
        let output = run(&flags.map(str::to_owned));
        assert_eq!(output.status.code(), Some(0), "{model}: {output:?}");
        let found = json(&output);
        assert_eq!((&found["verified"], &found["transformation"]), (&true.into(), &Value::Null), "{model}");
        assert!(found["min_class"].as_u64().unwrap() >= 5);
        assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 61);
    }
    // One class of everybody is a solution.
    let data = folder.join("numbers.csv").display().to_string();
    for model in ["mondrian", "mondrian-relaxed", "mdav"] {
        let flags = ["--data", &data, "--qi", "x,y", "--types", "x:numeric,y:numeric", "--k", "60", "--model", model];
        let output = run(&flags.map(str::to_owned));
        assert_eq!((output.status.code(), &json(&output)["classes"]), (Some(0), &1.into()), "{model}: {output:?}");
    }
    let output = run(&ten(&folder, TEN, &["--k", "3", "--model", "hierarchy-mondrian"]));
    assert_eq!(json(&output)["verified"], true, "{output:?}");
}

#[test]
fn random_problems_come_out_of_files_as_the_twin_says() {
    let folder = folder("twin");
    let mut n_solved = 0;
    for seed in 0..80 {
        let problem = naive::random_problem(seed);
        let flags = naive::to_files(&problem, &folder.join(seed.to_string())).unwrap();
        let (output, twin) = (run(&flags), naive::search(&problem));
        let found = json(&output);
        let Some(best) = twin.best else {
            assert_eq!((output.status.code(), &found["solution"]), (Some(1), &false.into()), "seed {seed}");
            continue;
        };
        n_solved += 1;
        assert_eq!(output.status.code(), Some(0), "seed {seed}: {output:?}");
        let loss: Vec<f64> = match &found["loss"] {
            Value::Array(losses) => losses.iter().map(|loss| loss.as_f64().unwrap()).collect(),
            Value::String(_) => vec![f64::INFINITY],
            loss => vec![loss.as_f64().unwrap()],
        };
        for (ours, theirs) in loss.iter().zip(&best.loss) {
            assert!(ours == theirs || (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0), "seed {seed}: {found}");
        }
        assert_eq!(found["verified"], true, "seed {seed}");
    }
    assert!(n_solved > 30, "{n_solved}");
}
