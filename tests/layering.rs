//! Who may import whom: the arrows between the modules point one way.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// For each module those of ours it may import, itself apart.
fn allowed() -> BTreeMap<&'static str, Vec<&'static str>> {
    let ground = vec!["time", "audit", "warning"];
    let mut map = BTreeMap::from([("time", vec![]), ("audit", vec!["time"]), ("warning", vec![])]);
    let mut below = ground;
    for stage in ["record", "consent", "protect", "feature", "segment", "release", "report", "pipeline"] {
        map.insert(stage, below.clone());
        below.push(stage);
        if stage == "segment" {
            // Stands beside the pipeline until the release door.
            map.insert("anonymity", vec!["time", "audit", "warning", "record"]);
            below.push("anonymity");
        }
    }
    // The whole run has one error over all stages.
    map.insert("error", below.clone());
    map.get_mut("pipeline").unwrap().push("error");
    map.insert("synth", vec!["time", "audit", "warning", "record", "consent"]);
    map.insert("prelude", [below, vec!["error", "synth"]].concat());
    map
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The modules of ours that a file names: `crate::module::…`, comments and documentation left out.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // `crate::Error` and `crate::Warning` are the two names of the root.
            found.push(match name.as_str() {
                "Error" => "error".to_owned(),
                "Warning" => "warning".to_owned(),
                _ => name,
            });
        }
    }
    found
}

#[test]
fn modules_import_only_from_below() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed = allowed();
    let mut checked = 0;
    for file in sources(&root) {
        let inside = file.strip_prefix(&root).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let module = first.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let may = allowed.get(module).unwrap_or_else(|| panic!("module `{module}` has no place in the map"));
        for import in imports(&fs::read_to_string(&file).unwrap()) {
            checked += 1;
            assert!(
                import == module || may.contains(&import.as_str()),
                "{}: `{module}` may not import `{import}`",
                inside.display()
            );
        }
    }
    assert!(checked > 50, "only {checked} imports found: the test reads nothing");
}

#[test]
fn the_reader_of_imports_sees_every_form() {
    assert_eq!(imports("use crate::{time::Date, Warning};"), [""]);
    assert_eq!(imports("use crate::time::Date;\n// crate::pipeline\nlet x = crate::Error::Time;"), ["time", "error"]);
}

#[test]
fn no_file_of_code_is_longer_than_600_lines() {
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        assert!(code.lines().count() <= 600, "{}", file.display());
    }
}

#[test]
fn linfa_shows_only_in_its_adapter() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in sources(&root) {
        let inside = file.strip_prefix(&root).unwrap().display().to_string().replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap();
        let public = text.lines().any(|line| {
            line.trim_start().starts_with("pub") && line.contains("linfa::") && !line.contains("segment::linfa")
        });
        assert!(!public || inside.starts_with("segment/linfa"), "{inside}");
    }
}
