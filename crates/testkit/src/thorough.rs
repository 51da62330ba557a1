//! How many cases are run by tests that try many damages, and which tests only CI runs.

/// Every how many cases one is run: `sample`, or in CI (the variable `CI` is `true`) 1, so that every case is run.
///
/// A developer's run takes a minute; CI runs all cases before a change lands.
pub fn one_of(sample: usize) -> usize {
    if std::env::var_os("CI").is_some_and(|value| value == "true") { 1 } else { sample }
}

/// True, with a message, for a developer's run of a test that takes seconds to reach a limit of the program. A cheaper
/// test must show the same behaviour in every run.
pub fn is_for_ci(what: &str) -> bool {
    let is_skipped = one_of(2) > 1;
    if is_skipped {
        eprintln!("skipped: {what} (CI=true runs it)");
    }
    is_skipped
}
