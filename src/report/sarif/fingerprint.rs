//! Fingerprints and paths, as written in SARIF.

use std::collections::BTreeMap;

use super::super::view::PathView;
use crate::assess;

/// The fingerprint's name; its number increases when its contents change.
const OWN: &str = "hotfixcheck/v1";
/// The only fingerprint that GitHub's code scanning uses. GitHub would hash the text of the line, but a binary has
/// none.
const GITHUB: &str = "primaryLocationLineHash";

/// A fingerprint under both names.
pub(super) fn named(fingerprint: &str) -> BTreeMap<&'static str, String> {
    [OWN, GITHUB].into_iter().map(|name| (name, fingerprint.to_owned())).collect()
}

/// The path as a relative URI reference; its bytes are encoded, UTF-8 or not.
pub(in crate::report) fn uri(path: &PathView) -> String {
    let raw = path.path_raw.as_deref().and_then(bytes_of_hexadecimal);
    assess::uri(raw.as_deref().unwrap_or(path.path.as_bytes()))
}

fn bytes_of_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    text.as_bytes().chunks(2).map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}
