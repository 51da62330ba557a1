//! The usual spelling of what headings, product lists and platform cells name: "Windows Server 2008R2" is "Windows Server
//! 2008 R2". See `crates/articles/data/heading-spellings.tsv`.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

const TABLE: &str = include_str!("../data/heading-spellings.tsv");

/// The spellings of the table.
struct Spellings {
    finder: AhoCorasick,
    /// For each pattern the usual spelling, and whether digits may follow.
    usual: Vec<(&'static str, bool)>,
}

static SPELLINGS: LazyLock<Spellings> = LazyLock::new(|| {
    let (mut patterns, mut usual) = (Vec::new(), Vec::new());
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let own = columns.next().unwrap_or_default();
        for spelling in columns.next().unwrap_or_default().split(';').filter(|spelling| !spelling.is_empty()) {
            let (pattern, before_digits) = match spelling.strip_suffix('#') {
                Some(pattern) => (pattern, true),
                None => (spelling, false),
            };
            patterns.push(pattern);
            usual.push((own, before_digits));
        }
    }
    let mut builder = AhoCorasick::builder();
    let finder = builder.match_kind(MatchKind::Standard).ascii_case_insensitive(true).build(patterns);
    Spellings { finder: finder.expect("a few hundred patterns make no automaton that is too large"), usual }
});

/// The text with the usual spelling of each name. Of several spellings that begin at one place, the longest counts.
pub fn respelled(text: &str) -> Cow<'_, str> {
    let Spellings { finder, usual } = &*SPELLINGS;
    let is_apart = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let counts = |found: &aho_corasick::Match| {
        let (_, before_digits) = usual[found.pattern()];
        let mut rest = text[found.end()..].chars();
        let next = rest.next();
        // "Windows NT 4.0" does not contain the name "Windows NT 4".
        let goes_on = next == Some('.') && is_digit(rest.next());
        is_apart(text[..found.start()].chars().next_back())
            && (is_apart(next) && !goes_on || before_digits && is_digit(next))
    };
    let mut chosen: Vec<aho_corasick::Match> = Vec::new();
    for found in finder.find_overlapping_iter(text).filter(counts) {
        // Matches come by their ends: a longer one that begins earlier replaces those inside it.
        while chosen.last().is_some_and(|last| found.start() <= last.start()) {
            chosen.pop();
        }
        if chosen.last().is_none_or(|last| last.end() <= found.start()) {
            chosen.push(found);
        }
    }
    if chosen.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut respelled = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for found in chosen {
        respelled.push_str(&text[from..found.start()]);
        respelled.push_str(usual[found.pattern()].0);
        from = found.end();
    }
    respelled.push_str(&text[from..]);
    Cow::Owned(respelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 13: each spelling of the table has its usual one, alone and in a heading.
    #[test]
    fn every_spelling_has_its_usual_one() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let &[usual, spellings, example] = columns.as_slice() else { panic!("three columns: {line}") };
            assert_ne!(respelled(example), example, "the example is of the table");
            for spelling in spellings.split(';') {
                let (own, end) = spelling.strip_suffix('#').map_or((spelling, ""), |own| (own, "2"));
                assert_eq!(respelled(&format!("x, {own}{end}, y")), format!("x, {usual}{end}, y"));
                // "does not have" in "athat does not have" is a spelling of its own.
                assert_ne!(respelled(&format!("a{own}{end}")), format!("a{usual}{end}"), "no word of its own");
            }
        }
    }

    #[test]
    fn the_longest_spelling_counts() {
        assert_eq!(respelled("Hyper-V Server 2008 R2"), "windows server 2008 r2");
        assert_eq!(respelled("Windows RT 8.1 and Windows RT"), "windows 8.1 and windows 8");
        assert_eq!(respelled("Windows XP Service Pack 2"), "Windows XP Service Pack 2");
        assert_eq!(respelled("Windows NT 4.0, Windows NT 4"), "Windows NT 4.0, windows nt 4.0");
    }
}
