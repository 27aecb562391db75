//! What the program `measure` promises: stable keys, clear errors without a personal value, exit codes.

#[path = "shared/example.rs"]
mod example;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::{Value, json};

fn measure(args: &[&str]) -> Output {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    Command::new(PROGRAM.get_or_init(|| example::built("measure"))).args(args).output().unwrap()
}

/// A file of its own for every test.
fn file(name: &str, text: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("measure_program");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn measured(name: &str, text: &str, args: &[&str]) -> Value {
    let path = file(name, text);
    let output = measure(&[&["--data", &path, "--qi", "age,city", "--sensitive", "disease"], args].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 1);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(name: &str, text: &str, args: &[&str]) -> String {
    let path = file(name, text);
    let output = measure(&[&["--data", &path, "--qi", "age,city", "--sensitive", "disease"], args].concat());
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(output.stdout.is_empty());
    assert_eq!(error.lines().count(), 1, "{error}");
    error.replace(&path, "FILE")
}

const PATIENTS: &str = "\
age,city,disease,pay
30,Bonn,flu,10
30,Bonn,flu,20
30,Bonn,angina,20
40,Lille,flu,30
40,Lille,cough,10
";

fn keys(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (key, inner) in entries {
                found.push(format!("{path}{key}"));
                keys(inner, &format!("{path}{key}."), found);
            }
        }
        Value::Array(entries) => {
            if let Some(first) = entries.first() {
                keys(first, &format!("{path}[]."), found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_keys_and_numbers_of_the_output_are_the_known_ones() {
    let path = file("known.csv", PATIENTS);
    let args = ["--data", &path, "--qi", "age,city", "--sensitive", "disease,pay", "--types", "pay:numeric"];
    let output = measure(&args);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    // As it stands, so that the order of keys is part of it.
    insta::assert_snapshot!("measure_output", text.trim_end());
    let mut found = Vec::new();
    keys(&serde_json::from_str(&text).unwrap(), "", &mut found);
    for key in ["n", "k", "risk.average_class", "c_avg.raw", "per_sensitive.[].t_ordered", "witnesses.k.first_row"] {
        assert!(found.iter().any(|one| one == key), "{key}");
    }
}

#[test]
fn line_ends_byte_order_mark_quotes_and_separator_change_nothing() {
    let plain = measured("plain.csv", PATIENTS, &[]);
    assert_eq!(measured("crlf.csv", &PATIENTS.replace('\n', "\r\n"), &[]), plain);
    assert_eq!(measured("bom.csv", &format!("\u{feff}{PATIENTS}\n\n"), &[]), plain);
    assert_eq!(measured("quoted.csv", &PATIENTS.replace("Bonn", "\"Bonn\""), &[]), plain);
    assert_eq!(measured("semicolon.csv", &PATIENTS.replace(',', ";"), &["--separator", ";"]), plain);
    assert_eq!(measured("tab.csv", &PATIENTS.replace(',', "\t"), &["--separator", "\\t"]), plain);
    assert_eq!(measured("header.csv", &PATIENTS.replace("age,city", " age ,\tcity "), &[]), plain);
    let label = measured("label.csv", &PATIENTS.replace("Lille", "\"[27, 47[\""), &[]);
    assert_eq!(label["witnesses"]["k"]["class"], json!(["40", "[27, 47["]));
    // Cells are not trimmed.
    assert_eq!(measured("cells.csv", &PATIENTS.replace("30,Bonn,angina", "30,Bonn ,angina"), &[])["k"], 1);
}

#[test]
fn rows_of_the_suppressed_label_are_counted_and_not_measured() {
    let text = format!("{PATIENTS}*,*,cancer,1\n*,Bonn,flu,1\n");
    let found = measured("suppressed.csv", &text, &[]);
    assert_eq!((&found["n"], &found["n_suppressed"], &found["n_classes"]), (&json!(7), &json!(1), &json!(3)));
    assert_eq!(found["dm"], 9 + 4 + 1 + 7);
    let none = measured("suppressed.csv", &text, &["--suppressed-label", ""]);
    assert_eq!((&none["n_suppressed"], &none["n_classes"]), (&json!(0), &json!(4)));
    let other = measured("suppressed.csv", &text.replace("*,*", "-,-"), &["--suppressed-label", "-"]);
    assert_eq!(other["n_suppressed"], 1);
    let all = refused("all.csv", "age,city,disease\n*,*,flu\n", &[]);
    assert!(all.contains("no row is left to measure: 1 are suppressed"), "{all}");
}

#[test]
fn the_original_table_gives_its_number_of_rows() {
    let raw = file("raw.csv", &format!("{PATIENTS}50,Rome,flu,1\n60,Rome,flu,1\n70,Rome,flu,1\n"));
    let found = measured("released.csv", PATIENTS, &["--raw", &raw]);
    assert_eq!(found["c_avg"], json!({"released": 1.25, "raw": 2.0}));
    assert_eq!(found["dm"], 9 + 4 + 3 * 8);
    assert_eq!(found["cm"], 5.0 / 8.0);
    let small = file("small.csv", "age,city,disease\n1,a,b\n");
    let error = refused("released.csv", PATIENTS, &["--raw", &small]);
    assert!(error.contains("the original table has 1 rows, what was made of it 5"), "{error}");
}

#[test]
fn modes_and_missing_values_are_the_flags_choice() {
    let text = PATIENTS.replace("40,Lille,cough", "40,Lille,");
    let found = measured("missing.csv", &text, &[]);
    assert_eq!(found["n_missing"], json!({"age": 0, "city": 0, "disease": 1}));
    assert_eq!((&found["k"], &found["l_distinct"]), (&json!(2), &json!(2)));
    let excluded = measured("missing.csv", &text, &["--missing", "exclude"]);
    assert_eq!((&excluded["n"], &excluded["k"], &excluded["recursive_c"]), (&json!(5), &json!(1), &Value::Null));
    let error = refused("missing.csv", &text, &["--missing", "error"]);
    assert!(error.contains("FILE: row 4, column `disease`: a value is missing"), "{error}");
    let path = file("modes.csv", PATIENTS);
    let columns = |mode| {
        let args = ["--data", &path, "--qi", "age", "--sensitive", "disease,pay", mode];
        let found: Value = serde_json::from_slice(&measure(&args).stdout).unwrap();
        let columns = found["per_sensitive"].as_array().unwrap().iter();
        columns
            .map(|entry| (entry["column"].as_str().unwrap().to_owned(), entry["n_classes"].as_u64().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(columns("--separate"), [("disease".into(), 2), ("pay".into(), 2)]);
    assert_eq!(columns("--joint"), [("disease".into(), 4), ("pay".into(), 4)]);
    assert_eq!(columns("--composite"), [("disease+pay".into(), 2)]);
}

#[test]
fn homogeneous_classes_are_told_in_words() {
    let found = measured("words.csv", "age,city,disease\n1,a,x\n1,a,x\n2,a,y\n", &[]);
    assert_eq!(found["beta_enhanced"], "infeasible");
    assert_eq!(found["delta_strict"], "infinite");
    assert_eq!(found["recursive_c"], Value::Null);
    assert_eq!(found["per_sensitive"][0]["assumed_type"], true);
    assert_eq!(found["witnesses"]["recursive_c"], Value::Null);
    assert_eq!(found["witnesses"]["k"]["first_row"], 2);
}

#[test]
fn what_cannot_be_measured_is_refused_in_one_line_without_a_value() {
    for (name, text, args, shown) in [
        ("empty.csv", "", &[][..], "error: FILE: no row, so there is nobody to protect"),
        ("header_only.csv", "age,city,disease\n", &[], "error: FILE: no row, so there is nobody to protect"),
        ("ragged.csv", "age,city,disease\n1,a,b\n1,a\n", &[], "error: FILE: line 3 has 2 cells, the header 3"),
        ("column.csv", "age,town,disease\n1,a,b\n", &[], "error: no column `city`; the table has 3 others"),
        (
            "number.csv",
            "age,city,disease\n1,a,secret\n",
            &["--types", "disease:numeric"],
            "error: FILE: row 0, column `disease`: not a finite number; declare the column categorical or mend the cell",
        ),
    ] {
        let error = refused(name, text, args);
        assert_eq!(error.trim_end(), shown);
        assert!(!error.contains("secret"));
    }
    let absent = measure(&["--data", "/nowhere/at/all.csv", "--qi", "a", "--sensitive", "b"]);
    assert_eq!(absent.status.code(), Some(1));
    assert!(String::from_utf8(absent.stderr).unwrap().starts_with("error: /nowhere/at/all.csv: "));
    let twice = file("twice.csv", PATIENTS);
    let output = measure(&["--data", &twice, "--qi", "age", "--sensitive", "age"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn wrong_usage_ends_with_two_and_help_with_zero() {
    let path = file("usage.csv", PATIENTS);
    for args in [
        &["--data", &path][..],
        &["--data", &path, "--qi", "age"],
        &["--data", &path, "--qi", "age", "--sensitive", "disease", "--joint", "--composite"],
        &["--data", &path, "--qi", "age", "--sensitive", "disease", "--types", "disease:text"],
        &["--data", &path, "--qi", "age", "--sensitive", "disease", "--types", "pay:numeric"],
        &["--data", &path, "--qi", "age", "--sensitive", "disease", "--missing", "maybe"],
        &["--data", &path, "--qi", "age", "--sensitive", "disease", "--separator", "ab"],
    ] {
        let output = measure(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
    }
    let help = measure(&["--help"]);
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    for flag in ["--data", "--qi", "--sensitive", "--types", "--joint", "--missing", "--suppressed-label", "--raw"] {
        assert!(help.contains(flag), "{flag}");
    }
}

#[test]
fn adult_is_measured_if_it_is_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/adult/adult.csv");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return;
    }
    let path = path.to_str().unwrap();
    let quasi = "sex,age,race,marital-status,education,native-country";
    let args = ["--data", path, "--separator", ";", "--qi", quasi, "--sensitive", "occupation,salary-class"];
    let output = measure(&args);
    assert!(output.status.success());
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found["n"], &found["k"]), (&json!(30_162), &json!(1)));
    assert_eq!(found["risk"]["average_record"], found["n_classes"].as_f64().unwrap() / 30_162.0);
}
