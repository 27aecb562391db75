//! What must not compile: every forbidden order of stages and every leak.
//!
//! The expected messages are those of Rust 1.95; after a change: `TRYBUILD=overwrite cargo test --test compile_fail`.
//! Another compiler words them differently, so there only the refusal itself is checked.

use std::path::Path;
use std::process::Command;

const RECORDED_WITH: &str = "rustc 1.95.";

#[test]
fn forbidden_orders_and_leaks_do_not_compile() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    if String::from_utf8_lossy(&version.stdout).starts_with(RECORDED_WITH) {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
        return;
    }
    // A case without an expected message passes if it does not compile.
    println!("messages not compared: they were recorded with {RECORDED_WITH}");
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    std::fs::create_dir_all(&copies).unwrap();
    for case in std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()) {
        if case.extension().is_some_and(|ending| ending == "rs") {
            std::fs::copy(&case, copies.join(case.file_name().unwrap())).unwrap();
        }
    }
    trybuild::TestCases::new().compile_fail(copies.join("*.rs"));
}
