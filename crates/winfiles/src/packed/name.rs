//! The original name of a packed file: packing replaces the last character by `_` (or `$`).

use hotfixcheck_types::extension;

/// The original name as far as a packed file's header states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum NameHint {
    /// The header states no name, or none that can be part of a file name.
    #[default]
    None,
    /// The last character.
    LastLetter(char),
    /// The part before the dot, the extension, or both.
    Parts {
        /// Before the dot.
        stem: Option<String>,
        /// After the dot.
        extension: Option<String>,
    },
}

impl NameHint {
    /// From an SZDD header, where 0 is "unknown".
    pub(super) fn of_last_letter(byte: u8) -> Self {
        part(&[byte]).and_then(|text| text.chars().next()).map_or(Self::None, Self::LastLetter)
    }

    /// From a KWAJ header.
    pub(super) fn of_parts(stem: Option<&[u8]>, extension: Option<&[u8]>) -> Self {
        match (stem.and_then(part), extension.and_then(part)) {
            (None, None) => Self::None,
            (stem, extension) => Self::Parts { stem, extension },
        }
    }
}

/// Bytes as part of a file name: ASCII only, because code pages differ beyond it, and without separators, which could
/// lead out of the folder.
fn part(bytes: &[u8]) -> Option<String> {
    let fits = |byte: &u8| byte.is_ascii_graphic() && !b"/\\:*?\"<>|".contains(byte);
    (!bytes.is_empty() && bytes.iter().all(fits)).then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// An extension that packed files have besides those of [binaries](extension::binaries): tables of national languages.
const ALSO_PACKED: &str = "nls";
/// Further candidates for the last character of a name.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
/// The most characters of an extension in the names that COMPRESS.EXE knew.
const EXTENSION_CHARS: usize = 3;

/// The possible original names of a packed file called `stored`, the likeliest first. It is one name if the header or
/// the stored name determines it, else every name that differs only in the last character. Never empty.
///
/// A name that does not end in `_` or `$` was packed under its original name.
pub fn original_names(stored: &str, hint: &NameHint) -> Vec<String> {
    let (stored_stem, stored_extension) = match stored.rsplit_once('.') {
        Some((stem, extension)) => (stem, Some(extension)),
        None => (stored, None),
    };
    let renamed;
    let name = match hint {
        NameHint::Parts { stem: Some(stem), extension: Some(extension) } => return vec![format!("{stem}.{extension}")],
        NameHint::Parts { stem: None, extension: Some(extension) } => {
            return vec![format!("{stored_stem}.{extension}")];
        }
        NameHint::Parts { stem: Some(stem), extension: None } => {
            renamed = stored_extension.map_or_else(|| stem.clone(), |extension| format!("{stem}.{extension}"));
            renamed.as_str()
        }
        NameHint::Parts { stem: None, extension: None } | NameHint::None | NameHint::LastLetter(_) => stored,
    };
    let Some(start) = name.strip_suffix(['_', '$']) else {
        return vec![name.to_owned()];
    };
    let upper = start.chars().rev().find(char::is_ascii_alphabetic).is_some_and(|c| c.is_ascii_uppercase());
    let with = |letter: char| {
        let letter = if upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
        format!("{start}{letter}")
    };
    match hint {
        NameHint::LastLetter(letter) => vec![with(*letter)],
        NameHint::None | NameHint::Parts { .. } => candidates(start, with),
    }
}

fn candidates(start: &str, with: impl Fn(char) -> String) -> Vec<String> {
    let extension = start.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    // If nothing was replaced, packing added the underscore to a name whose extension is full or missing.
    let whole = start.strip_suffix('.').unwrap_or(start).to_owned();
    // The more frequent extensions first.
    let known = extension::binaries().chain([ALSO_PACKED]).filter(|known| known.len() == EXTENSION_CHARS);
    let known = known.filter_map(|known| {
        let mut rest = known.strip_prefix(extension.as_str())?.chars();
        rest.next().filter(|_| !extension.is_empty() && rest.next().is_none())
    });
    let letters: Vec<char> = known.chain(LETTERS.chars()).collect();
    let mut names = Vec::with_capacity(letters.len() + 1);
    if extension.chars().count() >= EXTENSION_CHARS {
        names.push(whole.clone());
    }
    names.extend(letters.into_iter().map(with));
    names.push(whole);
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| !name.is_empty() && seen.insert(name.clone()));
    names
}
