//! How many cases are run by tests that try many damages.

/// Every how many cases one is run: `sample`, or in CI (the variable `CI` is `true`) 1, so that every case is run.
///
/// A developer's run takes a minute; CI runs all cases before a change lands.
pub fn one_of(sample: usize) -> usize {
    if std::env::var_os("CI").is_some_and(|value| value == "true") { 1 } else { sample }
}
