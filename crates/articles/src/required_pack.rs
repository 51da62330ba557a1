//! The column of the required service pack: `SP2`, `Service Pack 2`, `2`, `RTM`, `Gold`, and words for "none".

use std::borrow::Cow;

use super::scope_words::SCOPE_WORDS;
use super::vocabulary::{self, Kind};

/// Characters between the numbers of a cell.
const MARKS: [char; 4] = [' ', ',', '/', '+'];

/// The service pack of a cell as the catalogue writes it: `Gold` is `RTM`, `1` is `SP1`. Other text stays.
pub(crate) fn spelled(cell: &str) -> Cow<'_, str> {
    let lower = vocabulary::lower(cell);
    if SCOPE_WORDS.release.iter().any(|word| lower == *word) || cell == "0" {
        return Cow::Borrowed("RTM");
    }
    let is_number = |word: &str| word.len() == 1 && word.bytes().all(|b| b.is_ascii_digit());
    let mut words = cell.split(MARKS).filter(|word| !word.is_empty());
    if !words.next().is_some_and(is_number) || lower.contains("sp") || lower.contains("service") {
        return Cow::Borrowed(cell);
    }
    // `1, 2`; `2 or later`
    let marked = |part| if is_number(part) { "SP" } else { "" };
    let parts = cell.split_inclusive(MARKS);
    Cow::Owned(parts.flat_map(|part| [marked(part.trim_end_matches(MARKS)), part]).collect())
}

/// True for a cell that says that no service pack is required, not that none is known.
pub(crate) fn means_none(cell: &str) -> bool {
    let lower = vocabulary::lower(cell.trim_matches(['(', ')', '[', ']', '.', ' ']));
    matches!(lower.as_str(), "na" | "n.a")
        || vocabulary::meaning(Kind::Nothing, &lower).is_some_and(|meaning| meaning.is_empty() || meaning == "version")
}
