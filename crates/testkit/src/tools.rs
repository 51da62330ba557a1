//! Public tools that tests hold our results against.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// Runs a tool; `None`, with a word on it, where it is not installed.
///
/// # Panics
/// When the tool fails.
pub fn run(tool: &str, package: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    match Command::new(tool).args(arguments).current_dir(folder).env("SOURCE_DATE_EPOCH", "1000000000").output() {
        Ok(output) => {
            assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("SKIPPED: {tool} (Debian package {package}) is not installed");
            None
        }
        Err(error) => panic!("{tool}: {error}"),
    }
}
