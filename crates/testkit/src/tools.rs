//! Public tools with which the tests compare our results.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// Reports that a test is skipped because a tool is missing, with its Debian package. In CI, where
/// `.ci/install-oracles` installs all of them, a missing tool is a failure.
///
/// # Panics
/// In CI (the variable `CI` is `true`) on Linux.
#[track_caller]
pub fn missing(tool: &str, package: &str) {
    let ci = cfg!(target_os = "linux") && std::env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!ci, "{tool} is not installed: add the Debian package {package} to .ci/install-oracles");
    eprintln!("SKIPPED: {tool} (Debian package {package}) is not installed");
}

/// Runs a tool and returns its output; `None`, after [`missing`], if it is not installed.
///
/// # Panics
/// If the tool fails; in CI also if it is missing.
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
