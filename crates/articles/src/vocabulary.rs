//! The words of the languages in which articles are written, from `data/words.tsv`, and how patterns over English text
//! are compiled.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::fast::RandomState;

const WORDS: &str = include_str!("../data/words.tsv");

/// The purpose of a word in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The title of a column.
    Column,
    /// The name of a month; its meaning is the number.
    Month,
    /// Half of a day: `am`, `pm`.
    Half,
    /// A cell that means "nothing".
    Nothing,
    /// A heading above the files of a fix.
    Files,
    /// A sentence that announces corrected files.
    Announces,
    /// A heading or sentence of files that are not the fix.
    Denies,
    /// The language of the build whose attributes are listed.
    Build,
    /// A severity.
    Severity,
    /// What stands before a bulletin's rating: `stated` in its summary, `overall` above a column.
    Rated,
    /// The heading of the affected products.
    Affected,
    /// The heading of the products that are not affected.
    Unaffected,
    /// Text before the bulletins that are replaced.
    Replaces,
    /// A sentence that says whether a restart is needed.
    Restart,
    /// Text before the name that a file has on disk.
    Installed,
    /// "Without" a service pack.
    Before,
    /// Text before the id of an article.
    ArticleId,
    /// The heading of a part of an article that names no product.
    Part,
    /// A word in the title of an article about a fix.
    Fix,
    /// The beginning of a note in brackets.
    Note,
    /// The heading of a part about how to install, verify or remove an update. `whole`: only if this word is the whole
    /// heading.
    Aside,
    /// "Or later" after a version.
    Later,
    /// The language of an edition that a heading names.
    Language,
    /// A heading of the products that were tested.
    Tested,
    /// "At least" before a version.
    AtLeast,
    /// "Does not replace", of a bulletin that stays valid.
    Keeps,
    /// Words between the names of a heading that names only products and processors.
    Between,
    /// A word of the link to an update's download.
    Download,
    /// A line between a product and its table that says which of its files these are.
    Caption,
    /// A word of the title of a group of products.
    Group,
}

impl Kind {
    /// In the order in which they are declared: a kind's place is its table's.
    const ALL: [Self; 30] = [
        Self::Column,
        Self::Month,
        Self::Half,
        Self::Nothing,
        Self::Files,
        Self::Announces,
        Self::Denies,
        Self::Build,
        Self::Severity,
        Self::Rated,
        Self::Affected,
        Self::Unaffected,
        Self::Replaces,
        Self::Restart,
        Self::Installed,
        Self::Before,
        Self::ArticleId,
        Self::Part,
        Self::Fix,
        Self::Note,
        Self::Aside,
        Self::Later,
        Self::Language,
        Self::Tested,
        Self::AtLeast,
        Self::Keeps,
        Self::Between,
        Self::Download,
        Self::Caption,
        Self::Group,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Month => "month",
            Self::Half => "half",
            Self::Nothing => "nothing",
            Self::Files => "files",
            Self::Announces => "announces",
            Self::Denies => "denies",
            Self::Build => "build",
            Self::Severity => "severity",
            Self::Rated => "rated",
            Self::Affected => "affected",
            Self::Unaffected => "unaffected",
            Self::Replaces => "replaces",
            Self::Restart => "restart",
            Self::Installed => "installed",
            Self::Before => "before",
            Self::ArticleId => "article-id",
            Self::Part => "part",
            Self::Fix => "fix",
            Self::Note => "note",
            Self::Aside => "aside",
            Self::Later => "later",
            Self::Language => "language",
            Self::Tested => "tested",
            Self::AtLeast => "at-least",
            Self::Keeps => "keeps",
            Self::Between => "between",
            Self::Download => "download",
            Self::Caption => "caption",
            Self::Group => "group",
        }
    }
}

/// The words of one kind.
#[derive(Default)]
struct Table {
    meanings: HashMap<&'static str, &'static str, RandomState>,
    words: Vec<(&'static str, &'static str)>,
    /// The length of the longest of them, in bytes.
    longest: usize,
    /// Built when a text is first searched for them: most articles are only compared with whole words of a few kinds.
    finder: OnceLock<AhoCorasick>,
}

impl Table {
    fn finder(&self) -> &AhoCorasick {
        self.finder.get_or_init(|| finder(&self.words))
    }

    /// The range of a match, and its meaning.
    fn found(&self, found: &aho_corasick::Match) -> (Range<usize>, &'static str) {
        (found.range(), self.words[found.pattern().as_usize()].1)
    }
}

static TABLES: LazyLock<[Table; Kind::ALL.len()]> = LazyLock::new(|| {
    let mut tables: [Table; Kind::ALL.len()] = Default::default();
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(name), _language, Some(word), Some(meaning)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        if let Some(place) = Kind::ALL.iter().position(|kind| kind.name() == name) {
            let table = &mut tables[place];
            table.words.push((word, meaning));
            table.meanings.entry(word).or_insert(meaning);
            table.longest = table.longest.max(word.len());
        }
    }
    tables
});

fn finder(words: &[(&str, &str)]) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words.iter().map(|(word, _)| *word))
        .unwrap_or_else(|e| unreachable!("words of a file that is part of the program: {e}"))
}

fn words_of(kind: Kind) -> &'static Table {
    &TABLES[kind as usize]
}

/// A text in lower case, like the words of the table. Most characters of Japanese, Chinese and Korean pages have no
/// case: they are copied without a lookup in the case table.
pub(crate) fn lower(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_lower(&mut out, text);
    out
}

/// Adds a text in lower case.
pub(crate) fn push_lower(out: &mut String, text: &str) {
    if text.is_ascii() || !has_capital_abroad(text.as_bytes()) {
        let start = out.len();
        out.push_str(text);
        return out[start..].make_ascii_lowercase();
    }
    for c in text.chars() {
        match c {
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            '\u{2e80}'..='\u{a63f}' | '\u{ac00}'..='\u{d7a3}' => out.push(c),
            _ => out.extend(c.to_lowercase()),
        }
    }
}

/// True for a text that may contain a non-ASCII capital letter. Decided by the first two bytes of each character,
/// without a branch. False for Japanese, Chinese and Korean (U+3000 to U+9FFF, U+B000 to U+CFFF), for the small letters
/// of Western Europe (U+00DF to U+00FF), and for marks and punctuation (U+0080 to U+00BF, U+2000 to U+203F).
fn has_capital_abroad(bytes: &[u8]) -> bool {
    // The last byte of a text begins no such character.
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let found = pairs.fold(0, |found, (a, b)| {
        let caseless = ((*a >= 0xe3) & (*a <= 0xec) & (*a != 0xea)) | ((*a == 0xe2) & (*b == 0x80));
        let small = (*a == 0xc2) | ((*a == 0xc3) & (*b >= 0x9f));
        found | (u8::from(*a >= 0xc2) & u8::from(!caseless) & u8::from(!small))
    });
    found != 0
}

/// The meaning of a whole word or phrase, in lower case.
pub(crate) fn meaning(kind: Kind, word: &str) -> Option<&'static str> {
    let table = words_of(kind);
    // Many of the texts are sentences, longer than any word.
    (1..=table.longest).contains(&word.len()).then(|| table.meanings.get(word).copied())?
}

/// All words and phrases of a kind, in lower case.
pub(crate) fn words(kind: Kind) -> impl Iterator<Item = &'static str> {
    words_of(kind).words.iter().map(|(words, _)| *words)
}

/// The first words of a kind in a text in lower case: their range and meaning.
pub(crate) fn find(kind: Kind, text: &str) -> Option<(Range<usize>, &'static str)> {
    let table = words_of(kind);
    table.finder().find(text).map(|found| table.found(&found))
}

/// All words of a kind in a text in lower case, in order.
pub(crate) fn find_each(kind: Kind, text: &str) -> impl Iterator<Item = (Range<usize>, &'static str)> {
    let table = words_of(kind);
    table.finder().find_iter(text).map(|found| table.found(&found))
}

/// Compiles a pattern over text. Classes are spelled out in ASCII (`[0-9]`, not `\d`), because Unicode classes make
/// automata many times as large. No pattern backtracks: the `regex` crate runs automata.
macro_rules! pattern {
    ($text:expr) => {
        std::sync::LazyLock::new(|| regex::Regex::new($text).unwrap_or_else(|e| unreachable!("{e}")))
    };
}

/// Compiles a pattern over the bytes of a text, where bounded gaps (`[^.]{0,60}`) count bytes. One that begins and ends
/// with ASCII matches at character boundaries only.
macro_rules! byte_pattern {
    ($text:expr) => {
        std::sync::LazyLock::new(|| {
            regex::bytes::RegexBuilder::new($text).unicode(false).build().unwrap_or_else(|e| unreachable!("{e}"))
        })
    };
}

pub(crate) use {byte_pattern, pattern};
