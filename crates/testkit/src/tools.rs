//! Public tools that tests hold our results against.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// Says that a test skips because a tool is missing, with the Debian package that has it. In CI, where `.ci/install-oracles`
/// installs them all, a missing tool is a failure.
///
/// # Panics
/// In CI (the variable `CI` is `true`) on Linux.
#[track_caller]
pub fn missing(tool: &str, package: &str) {
    let ci = cfg!(target_os = "linux") && std::env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!ci, "{tool} is not installed: add the Debian package {package} to .ci/install-oracles");
    eprintln!("SKIPPED: {tool} (Debian package {package}) is not installed");
}

/// Runs a tool and gives what it prints; `None`, after [`missing`], where it is not installed.
///
/// # Panics
/// When the tool fails; in CI also when it is missing.
#[track_caller]
pub fn run(tool: &str, package: &str, arguments: &[&str], folder: &Path) -> Option<Vec<u8>> {
    match Command::new(tool).args(arguments).current_dir(folder).env("SOURCE_DATE_EPOCH", "1000000000").output() {
        Ok(output) => {
            assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            Some(output.stdout)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            missing(tool, package);
            None
        }
        Err(error) => panic!("{tool}: {error}"),
    }
}
