//! How many cases are run by tests that try many damages, and which tests only CI runs.

use std::env::var_os;

/// Every how many cases one is run: `sample`, or 1 where the variable `HOTFIXCHECK_EVERY_CASE` is `true`.
///
/// A developer's run, and the one before a change lands, take a minute; a weekly one tries every case.
pub fn one_of(sample: usize) -> usize {
    if is_true("HOTFIXCHECK_EVERY_CASE") { 1 } else { sample }
}

/// True, with a message, for a developer's run of a test that takes seconds to reach a limit of the program. A cheaper
/// test must show the same behaviour in every run.
pub fn is_for_ci(what: &str) -> bool {
    let is_skipped = !is_true("CI") && !is_true("HOTFIXCHECK_EVERY_CASE");
    if is_skipped {
        eprintln!("skipped: {what} (CI=true runs it)");
    }
    is_skipped
}

fn is_true(variable: &str) -> bool {
    var_os(variable).is_some_and(|value| value == "true")
}
