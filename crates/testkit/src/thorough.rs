//! How much a test that tries many damages tries.

/// One of so many cases is to be tried: of `sample`, and in CI (the variable `CI` is `true`) of one, that is every case.
///
/// A change is tested in a minute by every developer, and whole before it lands.
pub fn one_of(sample: usize) -> usize {
    if std::env::var_os("CI").is_some_and(|value| value == "true") { 1 } else { sample }
}
