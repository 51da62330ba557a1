//! Languages: the names in articles, and the language ids of version resources.

use hotfixcheck_winfiles::binary::VersionInfo;

/// The table that ships with the program.
const EMBEDDED: &str = include_str!("../../data/languages.tsv");

/// The id of rows for files in every language.
const EVERY: u16 = 0;
/// The primary language id of all kinds of English.
const ENGLISH: u16 = 9;
/// Ids below this are primary languages: the low ten bits of a language id.
const FIRST_FULL_ID: u16 = 0x400;

/// Words before the excluded languages.
const EXCEPT: [&str; 3] = [" except ", " but ", " other than "];

/// All languages except those of the other rows.
const OTHERS: [&str; 6] = ["other languages", "others", "all other", "andere", "autres", "altre"];

/// A package of many languages, English among them.
const CLIENT_PACK: &str = "international client pack";

/// What the text of a row's language names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LanguageText {
    /// Languages in the table.
    Known,
    /// Those that no other row names.
    Others,
    /// Many languages at once: the International Client Packs of Systems Management Server.
    Many,
    /// None that the table has: `SBCS`.
    Unknown,
}

/// Names of languages with their Windows ids.
#[derive(Clone, Debug)]
pub struct Languages {
    names: Vec<(String, u16)>,
}

/// Why a table of languages cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("table of languages, line {line}: expected a name, a tab and a hexadecimal id")]
pub struct LanguagesError {
    /// The table's line, from 1.
    pub line: usize,
}

impl Languages {
    /// The table that ships with the program.
    ///
    /// # Errors
    /// Never for a released program: a test parses the embedded table.
    pub fn embedded() -> Result<Self, LanguagesError> {
        Self::parse(EMBEDDED)
    }

    /// Reads a table: a line for each name, `name <tab> id`; `#` begins a comment line.
    ///
    /// # Errors
    /// A line without a tab or with an id that is not hexadecimal.
    pub fn parse(text: &str) -> Result<Self, LanguagesError> {
        let mut names = Vec::new();
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let read = line
                .split_once('\t')
                .and_then(|(name, id)| Some((name.trim().to_lowercase(), u16::from_str_radix(id.trim(), 16).ok()?)));
            names.push(read.ok_or(LanguagesError { line: number + 1 })?);
        }
        Ok(Self { names })
    }

    /// The id of the language that a word names, in any case; `None` for a word that is not in the table.
    pub fn id(&self, word: &str) -> Option<u16> {
        let word = word.trim().to_lowercase();
        self.names.iter().find(|(name, _)| *name == word).map(|(_, id)| *id)
    }

    /// True if a file in one of the languages of this text could have this version resource: `German`, `English,
    /// French`, `1031`, `de-de`, `All except Japanese`. A text without any word of the table fits no file.
    pub fn fits(&self, text: &str, version: &VersionInfo) -> bool {
        let lower = text.to_lowercase();
        if let Some((_, excepted)) = EXCEPT.iter().find_map(|word| lower.split_once(word)) {
            return lower.starts_with("all") && !self.fits_one_of(excepted, version);
        }
        self.fits_one_of(&lower, version)
    }

    fn fits_one_of(&self, text: &str, version: &VersionInfo) -> bool {
        self.ids(text).iter().any(|&wanted| {
            wanted == EVERY
                || wanted & 0x3ff == ENGLISH && self.may_be_english(version)
                || language_ids(version).any(|id| id == wanted || (wanted < FIRST_FULL_ID && id & 0x3ff == wanted))
        })
    }

    /// Which kind of language text a row has.
    pub fn uses(&self, text: &str) -> LanguageText {
        let lower = text.to_lowercase();
        match () {
            () if lower.starts_with(CLIENT_PACK) => LanguageText::Many,
            () if OTHERS.iter().any(|word| lower.contains(word)) => LanguageText::Others,
            () if EXCEPT.iter().any(|word| lower.contains(word)) || !self.ids(text).is_empty() => LanguageText::Known,
            () => LanguageText::Unknown,
        }
    }

    /// The ids of the languages that a text names: by name, number or tag.
    fn ids(&self, text: &str) -> Vec<u16> {
        let whole = self.id_of(text);
        if let Some(id) = whole {
            return vec![id];
        }
        let parts = text
            .split([',', '/', ';', '&', '+'])
            .flat_map(|part| part.split(" and ").flat_map(|part| part.split(" or ")));
        parts.filter_map(|part| self.id_of(part)).collect()
    }

    /// The id of one name, number or tag: `German`, `1031`, `001031 German (Germany)`, `de-de`.
    fn id_of(&self, text: &str) -> Option<u16> {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let ends = text[digits..].starts_with(' ') || digits == text.len();
        if (4..=6).contains(&digits) && ends {
            return text[..digits].parse().ok().map(|id: u16| if id & 0x3ff == ENGLISH { ENGLISH } else { id });
        }
        // `de-de`
        let primary = || text.split_once('-').filter(|(primary, _)| primary.len() == 2).map(|(primary, _)| primary);
        self.id(text).or_else(|| self.id(primary()?))
    }

    /// The name of the language of a version resource; `None` for English, for no language, and for one that is not in
    /// the table.
    pub fn name_of(&self, version: &VersionInfo) -> Option<String> {
        if self.may_be_english(version) {
            return None;
        }
        let ids: Vec<u16> = language_ids(version).collect();
        let whole = self.names.iter().find(|(_, known)| ids.contains(known));
        let primary = || self.names.iter().find(|(_, known)| ids.iter().any(|id| id & 0x3ff == *known));
        let (name, _) = whole.or_else(primary)?;
        let mut letters = name.chars();
        let first = letters.next()?;
        Some(first.to_uppercase().chain(letters).collect())
    }

    /// False only if the version resource names languages, and English is not among them.
    pub fn may_be_english(&self, version: &VersionInfo) -> bool {
        let mut ids = language_ids(version).map(|id| id & 0x3ff).peekable();
        ids.peek().is_none() || ids.any(|primary| primary == ENGLISH || primary == EVERY)
    }
}

/// The language ids of a resource's string tables: the first half of each key.
fn language_ids(version: &VersionInfo) -> impl Iterator<Item = u16> {
    version.tables.iter().filter_map(|t| u16::from_str_radix(t.key.get(..4)?, 16).ok())
}
