//! The program `measure` on the tables of random problems, against the naive twin.

#[path = "shared/example.rs"]
mod example;
#[path = "model/naive_anonymity/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the twin knows more than this test asks")]
mod naive;

use std::fs;
use std::path::Path;
use std::process::Command;

use naive::measure::{MeasureOptions, Missing, SensitiveMode, measure};
use serde_json::Value;

/// Where the two differ, to nine digits.
fn difference(path: &str, ours: &Value, twin: &Value) -> Option<String> {
    match (ours, twin) {
        (Value::Object(a), Value::Object(b)) => {
            b.iter().find_map(|(key, twin)| difference(&format!("{path}/{key}"), a.get(key)?, twin))
        }
        // In joint mode the labels of the other sensitive columns follow.
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() || (path.ends_with("/class") && a.len() > b.len()) => {
            a.iter().zip(b).enumerate().find_map(|(n, (ours, twin))| difference(&format!("{path}/{n}"), ours, twin))
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            ((a - b).abs() > 1e-9 * b.abs().max(1.0)).then(|| format!("{path}: {a}, twin {b}"))
        }
        _ if ours == twin => None,
        // One number may be written in several ways.
        (Value::String(a), Value::String(b)) if a.trim().parse::<f64>().is_ok_and(|a| b.trim().parse() == Ok(a)) => {
            None
        }
        // The twin names no value where several make the figure.
        (Value::String(_), Value::Null) if path.ends_with("/value") => None,
        _ => Some(format!("{path}: {ours}, twin {twin}")),
    }
}

#[test]
fn every_figure_and_witness_is_the_twins() {
    let program = example::built("measure");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("measure_twin");
    fs::create_dir_all(&folder).unwrap();
    let mut n_compared = 0;
    for seed in 0..250u64 {
        let problem = naive::random_problem(seed);
        if problem.sensitive.is_empty() {
            continue;
        }
        let (mode, flag) = match seed % 3 {
            // A composite of one column is that column.
            _ if problem.sensitive.len() == 1 => (SensitiveMode::Separate, "--separate"),
            0 => (SensitiveMode::Separate, "--separate"),
            1 => (SensitiveMode::Joint, "--joint"),
            _ => (SensitiveMode::Composite, "--composite"),
        };
        let (missing, missing_flag) =
            if seed % 2 == 0 { (Missing::Value, "value") } else { (Missing::Exclude, "exclude") };
        let data = folder.join(format!("{seed}.csv"));
        fs::write(&data, problem.table.to_text(';')).unwrap();
        let mut command = Command::new(&program);
        command.arg("--data").arg(&data).args(["--separator", ";", "--qi", &problem.qi.join(",")]);
        command.args(["--sensitive", &problem.sensitive.join(","), flag, "--missing", missing_flag]);
        if !problem.numeric.is_empty() {
            let types: Vec<String> = problem.numeric.iter().map(|name| format!("{name}:numeric")).collect();
            command.args(["--types", &types.join(",")]);
        }
        let output = command.output().unwrap();
        let everybody_is_left_out = missing == Missing::Exclude
            && problem.table.rows.iter().all(|row| {
                let named = problem.table.columns.iter().zip(row);
                named
                    .filter(|(name, _)| problem.qi.contains(name) || problem.sensitive.contains(name))
                    .any(|(_, cell)| cell.is_empty())
            });
        if everybody_is_left_out {
            assert_eq!(output.status.code(), Some(1), "seed {seed}");
            continue;
        }
        assert!(output.status.success(), "seed {seed}: {output:?}");
        let ours: Value = serde_json::from_slice(&output.stdout).unwrap();
        let options = MeasureOptions {
            mode,
            numeric: problem.numeric.clone(),
            missing,
            // Suppressed rows are out of everything here.
            suppressed_in_table: false,
            ..MeasureOptions::default()
        };
        let twin = measure(&problem.table, &problem.qi, &problem.sensitive, &options).unwrap().to_json();
        let mut twin = twin;
        if mode == SensitiveMode::Joint {
            // The twin counts the minority on the quasi-identifiers alone, the library on the classes of the mode.
            twin.as_object_mut().unwrap().remove("cm");
        }
        if mode == SensitiveMode::Composite {
            // Tuples are written and ordered in another way.
            for witness in twin["witnesses"].as_object_mut().unwrap().values_mut() {
                witness.as_object_mut().unwrap().remove("value");
            }
        }
        if let Some(difference) = difference("", &ours, &twin) {
            panic!("seed {seed} {flag} {missing_flag}: {difference}\n{ours}\n{twin}");
        }
        n_compared += 1;
    }
    assert!(n_compared > 100, "{n_compared}");
}
