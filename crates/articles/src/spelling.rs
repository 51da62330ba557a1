//! The spellings of products, service packs and processors that headings use, in any language, from
//! `data/product-names.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

const NAMES: &str = include_str!("../data/product-names.tsv");

/// The kind of a name in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    System,
    Component,
    Part,
    Edition,
    Machine,
    And,
    Version,
    Every,
    End,
}

impl Kind {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "system" => Self::System,
            "component" => Self::Component,
            "part" => Self::Part,
            "edition" => Self::Edition,
            "machine" => Self::Machine,
            "and" => Self::And,
            "version" => Self::Version,
            "every" => Self::Every,
            "end" => Self::End,
            _ => return None,
        })
    }
}

/// The spellings by their first character, the longest first.
type Spellings = HashMap<char, Vec<(String, Kind, &'static str)>, RandomState>;

static TABLE: LazyLock<Spellings> = LazyLock::new(|| {
    let mut table = Spellings::default();
    for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(kind), Some(name), Some(spellings)) =
            (fields.next().and_then(Kind::of), fields.next(), fields.next())
        else {
            continue;
        };
        for spelling in std::iter::once(name).chain(spellings.split(';')).map(plain).filter(|s| s != "-") {
            if let Some(first) = spelling.chars().next() {
                table.entry(first).or_default().push((spelling, kind, name));
            }
        }
    }
    table.values_mut().for_each(|spellings| spellings.sort_by_key(|(spelling, ..)| std::cmp::Reverse(spelling.len())));
    table
});

/// The form in which spellings are compared: lower case, no full-width letters, no trademark signs, single blanks, no
/// "Microsoft".
pub(crate) fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{a0}' | '\u{3000}' | '\t' => ' ',
        '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
        _ => c,
    };
    let marks = ['\u{ae}', '\u{2122}', '*'];
    // Most headings and cells are ASCII.
    let text: String = if text.is_ascii() {
        let text = text.chars().filter(|c| *c != '*');
        text.map(|c| if c == '\t' { ' ' } else { c.to_ascii_lowercase() }).collect()
    } else {
        text.chars().filter(|c| !marks.contains(c)).map(narrow).flat_map(char::to_lowercase).collect()
    };
    let mut out = String::with_capacity(text.len());
    for word in text.replace("microsoft", " ").split(' ').filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The longest known spelling at the start of a text in its plain form.
pub(crate) fn at_start(text: &str) -> Option<&'static (String, Kind, &'static str)> {
    let second = text.as_bytes().get(1);
    let fits = |(spelling, ..): &&(String, Kind, &str)| {
        // Most spellings differ in the second letter, which costs less to compare than the whole.
        if spelling.len() > 1 && spelling.as_bytes().get(1) != second {
            return false;
        }
        let ends_latin = spelling.ends_with(|c: char| c.is_ascii_alphanumeric());
        text.starts_with(spelling.as_str())
            && !(ends_latin && text[spelling.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    TABLE.get(&text.chars().next()?)?.iter().find(fits)
}
