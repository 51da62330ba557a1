//! The ids that a bulletin's text has for updates and vulnerabilities.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::vocabulary::pattern;
use hotfixcheck_types::KbId;

pub(crate) static HEADLINE: LazyLock<Regex> = pattern!(
    r"(?:[(\x{ff08}] ?(?:(?:KB|kb|Kb|Q|[Aa]rticle|[Aa]rtikel)[ \x{a0}]?[:#-]?[ \x{a0}]?)?|\[(?:KB|kb|Q)[ :#-]?)([0-9]{6,7}) ?[)\x{ff09}\]]"
);
/// Pages also have long hyphens, or none after the first letters (MS09-069 ja-jp).
static CVE: LazyLock<Regex> = pattern!(
    r"(?-u:\b)(?:CVE|CAN|cve|can)[-\x{2010}-\x{2013}]?((?:19|20)[0-9]{2})[-\x{2010}-\x{2013}]([0-9]{4,7})(?-u:\b)"
);
static NAMED: LazyLock<Regex> = pattern!(r"[(\x{ff08}]KB[ \x{a0}]?([0-9]{6,7})[)\x{ff09}]");
/// The updates of bulletins from 2013 on have no letters in the list of software: `Windows 7 (3019978)` (MS15-004).
static UNMARKED: LazyLock<Regex> = pattern!(r"[(\x{ff08}]([2-5][0-9]{6})[)\x{ff09}]");

/// The id in brackets at the end of a heading: `Word 2003 Viewer (887979)` (MS05-023).
pub(crate) fn bracketed_id(heading: &str) -> Option<KbId> {
    let found = HEADLINE.captures_iter(heading).last()?;
    (found.get(0)?.end() == heading.trim_end().len()).then(|| found.get(1)?.as_str().parse().ok())?
}

/// The id of several mentions, if all have the same.
pub(crate) fn only(mut ids: impl Iterator<Item = KbId>) -> Option<KbId> {
    let first = ids.next()?;
    ids.all(|id| id == first).then_some(first)
}

/// The vulnerabilities that a text names.
pub(crate) fn cves_of(text: &str) -> BTreeSet<String> {
    let id = |found: regex::Captures<'_>| Some(format!("CVE-{}-{}", found.get(1)?.as_str(), found.get(2)?.as_str()));
    // Most cells and lines name none, and groups are costly.
    if !CVE.is_match(text) {
        return BTreeSet::new();
    }
    CVE.captures_iter(text).filter(|found| !is_misprinted(found)).filter_map(id).collect()
}

/// Why an id of a vulnerability is left out: longer numbers do not begin with 0.
pub const MISPRINTED_ID: &str = "a misprinted id of a vulnerability";

/// The ids in a text that are none: `CAN-2004-00597` (MS05-009 ja-jp).
pub(crate) fn misprinted_cves(text: &str) -> impl Iterator<Item = &str> {
    CVE.captures_iter(text).filter(is_misprinted).filter_map(|found| Some(found.get(0)?.as_str()))
}

fn is_misprinted(found: &regex::Captures<'_>) -> bool {
    found.get(2).is_some_and(|number| number.len() > 4 && number.as_str().starts_with('0'))
}

/// The updates that a text names in brackets.
pub(crate) fn named_updates(text: &str) -> BTreeSet<KbId> {
    if !NAMED.is_match(text) {
        return BTreeSet::new();
    }
    NAMED.captures_iter(text).filter_map(|found| found.get(1)?.as_str().parse().ok()).collect()
}

/// The updates that a text names by their numbers alone, with the position of each.
pub(crate) fn unmarked_updates(text: &str) -> impl Iterator<Item = (usize, KbId)> {
    UNMARKED.captures_iter(text).filter_map(|found| Some((found.get(0)?.start(), found.get(1)?.as_str().parse().ok()?)))
}

/// The text without these updates, and without the words between two of them.
pub(crate) fn without_updates(text: &str) -> Cow<'_, str> {
    const BETWEEN: [&str; 6] = [" and", " und", " et", " e", " y", " \u{304a}\u{3088}\u{3073}"];
    let bare = NAMED.replace_all(text, "");
    if !UNMARKED.is_match(&bare) {
        return bare;
    }
    let bare = UNMARKED.replace_all(&bare, "").into_owned();
    let mut name = bare.trim_end();
    while let Some(rest) = BETWEEN.iter().find_map(|word| name.strip_suffix(word)) {
        name = rest.trim_end();
    }
    Cow::Owned(name.to_owned())
}
