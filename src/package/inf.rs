//! `update.inf`, `hotfix.inf` and similar files, with facts about the package; and article ids in names
//! (`Q299444i.exe`, `WindowsXP-KB835732-x86-ENU.exe`).

use std::collections::BTreeMap;

use crate::KbId;

/// Names of setup information about the package; others are about its components.
const NAMES: [&str; 2] = ["update.inf", "hotfix.inf"];
/// Keys of `[Strings]` with the article's number, the more reliable ones first.
const NUMBER_KEYS: [&str; 6] =
    ["hotfix_number", "kb_article_number", "kbarticle", "articlenumber", "sp_short_title", "update_number"];
/// Keys with a title.
const TITLE_KEYS: [&str; 4] = ["sp_title", "update_title", "hotfix_title", "title"];

/// The number of digits of an id in a name.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=7;

/// The facts in the setup information.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Information {
    /// The package's title: `Windows 2000 Hotfix (Pre-SP4)`.
    pub title: Option<String>,
    /// The article.
    pub id: Option<KbId>,
}

/// True for the name of a file with setup information, in any case; packages for several service branches have one for
/// each, `update_SP2QFE.inf`.
pub(super) fn is_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || (name.starts_with("update_") && name.ends_with(".inf"))
}

/// Reads the `[Strings]` of a setup information file.
pub(super) fn read(text: &str) -> Information {
    let strings = strings(text);
    let value = |keys: &[&str]| keys.iter().find_map(|key| strings.get(*key)).filter(|value| !value.is_empty());
    let number = NUMBER_KEYS.iter().find_map(|key| {
        let value = strings.get(*key)?;
        // A number alone is an id only under these keys; the number of a service pack is not an id.
        id_in(value).or_else(|| value.parse().ok().filter(|_| value.len() >= 5))
    });
    let title = value(&TITLE_KEYS).cloned();
    let id = number.or_else(|| title.as_deref().and_then(id_in));
    Information { title, id }
}

/// The keys, in lower case, and values of the section `[Strings]`; the first of a key counts.
fn strings(text: &str) -> BTreeMap<String, String> {
    let mut strings = BTreeMap::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            inside = section.split(']').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("strings"));
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| inside && !line.starts_with(';')) else { continue };
        let value = value.trim();
        // In quotation marks a semicolon is text, elsewhere it begins a comment.
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default(),
            None => value.split(';').next().unwrap_or_default().trim(),
        };
        strings.entry(key.trim().to_lowercase()).or_insert_with(|| value.trim().to_owned());
    }
    strings
}

/// The first id in a text: `Q` or `KB` at the beginning of a word, with digits after it.
pub(super) fn id_in(text: &str) -> Option<KbId> {
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    (0..bytes.len()).find_map(|at| {
        let within = at > 0 && bytes[at - 1].is_ascii_alphanumeric();
        let rest = lower.get(at..)?;
        let rest = rest.strip_prefix("kb").or_else(|| rest.strip_prefix('q')).filter(|_| !within)?;
        let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        if !DIGITS.contains(&end) {
            return None;
        }
        rest[..end].parse().ok()
    })
}
