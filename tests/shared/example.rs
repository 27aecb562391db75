//! The example programs, built once beside the tests.

use std::path::PathBuf;
use std::process::Command;

/// The built program, next to this test's own binary.
pub fn built(name: &str) -> PathBuf {
    let deps = std::env::current_exe().unwrap();
    let profile = deps.parent().unwrap().parent().unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--example", name]);
    build.arg("--target-dir").arg(profile.parent().unwrap());
    // The profile of this very test, so that nothing is built twice.
    build.args(["--profile", if profile.ends_with("release") { "release" } else { "test" }]);
    assert!(build.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
    profile.join("examples").join(name)
}
