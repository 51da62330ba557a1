//! The lines of an article that may name a service pack. Few do, and only their paragraphs are read.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memchr_iter;

use super::document::Document;

/// Parts of "service", "SERVICE", "SP4" and "SR-1" that occur in few other words.
static PARTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(["rvice", "RVICE", "SP", "SR-"])
        .unwrap_or_else(|e| unreachable!("{e}"))
});

/// The positions of "Service" before "Pack" or "Release", or of "SP4", in order. A line end, or `<BR>` before it, may
/// be between the words. "Service" and "service" are recognised without their first letter, "SP" in capitals only.
fn places_of_packs(text: &str) -> impl Iterator<Item = usize> {
    let behind = move |at: usize| text[at..].trim_start();
    let before_pack = move |at: usize| behind(at).starts_with(['p', 'P', 'r', 'R', '-', '<']);
    let numbered = move |at: usize| behind(at).starts_with(|c: char| c.is_ascii_digit() || c == '-');
    PARTS.find_iter(text).filter_map(move |part| {
        let before = &text.as_bytes()[..part.start()];
        let (at, names) = match part.pattern().as_usize() {
            0 => {
                (part.start() - usize::from(before.ends_with(b"e")), before.ends_with(b"e") && before_pack(part.end()))
            }
            1 => (
                part.start() - usize::from(before.ends_with(b"SE")),
                before.ends_with(b"SE") && before_pack(part.end()),
            ),
            _ => (part.start(), numbered(part.end())),
        };
        names.then_some(at)
    })
}

/// The indices of the lines that may name a service pack, in order.
pub(crate) fn lines_with_packs(document: &Document<'_>, text: &str) -> Vec<usize> {
    let lines = &document.lines;
    if !document.verbatim {
        let may_name_pack = |i: &usize| {
            let next = lines.get(i + 1).map_or("", |l| l.trimmed());
            places_of_packs(&format!("{} {next}", lines[*i].text)).next().is_some()
        };
        return (0..lines.len()).filter(may_name_pack).collect();
    }
    let (mut counted, mut number) = (0, 1);
    let mut found: Vec<usize> = Vec::new();
    for place in places_of_packs(text) {
        number += memchr_iter(b'\n', &text.as_bytes()[counted..place]).count() as u32;
        counted = place;
        let index = lines.partition_point(|line| line.number < number);
        if lines.get(index).is_some_and(|line| line.number == number) && found.last() != Some(&index) {
            found.push(index);
        }
    }
    found
}

/// Text that a paragraph with a service pack contains: the sentences of others are not read.
pub(crate) static IN_A_PARAGRAPH: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let numbered: Vec<String> =
        ["sp", "sp ", "sp-", "sr", "sr-"].iter().flat_map(|p| (0..10).map(move |n| format!("{p}{n}"))).collect();
    let mut all: Vec<&str> = numbered.iter().map(String::as_str).collect();
    all.extend(["service pack", "service release"]);
    needles(&all, true)
});

fn needles(words: &[&str], any_case: bool) -> AhoCorasick {
    // All text of a paragraph is examined: an automaton of the largest and fastest kind.
    let fastest = Some(AhoCorasickKind::DFA);
    let built = AhoCorasick::builder().kind(fastest).ascii_case_insensitive(any_case).build(words);
    built.unwrap_or_else(|e| unreachable!("{e}"))
}

/// Words of which every statement contains one about a service pack and the problem, in any language.
pub(crate) static STATES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    needles(
        &[
            "corrected",
            "fixed",
            "resolved",
            "addressed",
            "solved",
            "eliminated",
            "included",
            "contained",
            "available",
            "latest",
            "most recent",
            "current",
            "introduced",
            "reappear",
            "recur",
            "returned",
            "came back",
            "again",
            "removed",
            "undone",
            "reverted",
            "withdrawn",
            "backed out",
            "as part of",
            "wait for and",
            "ships with",
            "shipped with",
            "fix is in",
            "fix is part",
            "correction is ",
            "to resolve ",
            "to correct ",
            "to fix ",
            "to solve ",
            "to eliminate ",
            "file from ",
            "files from ",
            "file, ",
            "files, ",
            "fix, ",
            "update, ",
            "not correct",
            "not fix",
            "not resolve",
            "not solve",
            "not address",
            "not contain",
            "not include",
            "not eliminate",
            "returns",
            "comes back",
            "is back",
            "not in ",
            "not need ",
            "not have ",
            "n't need ",
            "n't have ",
            "not part of",
            "contains ",
            "includes ",
            "provides ",
            "incorporates ",
            "corrects ",
            "fixes ",
            "resolves ",
            "eliminates ",
            "solves ",
            "not occur",
            "not exist",
            "not happen",
            "no longer ",
            "or later",
            "can resolve ",
            "can correct ",
            "can fix ",
            "correct this",
            "fix this",
            "resolve this",
            "not corrected until",
            "after ",
            "once ",
            "when ",
            "or a later",
            "or higher",
            "or newer",
            "behoben",
            "korrigiert",
            "beseitigt",
            "gel\u{f6}st",
            "corrig",
            "r\u{e9}solu",
            "resuelto",
            "resolvi",
            "solucion",
            "corretto",
            "risolto",
            "opgelost",
            "verholpen",
            "gecorrigeerd",
            "\u{4fee}\u{6b63}",
            "\u{89e3}\u{6c7a}",
            "\u{89e3}\u{51b3}",
            "\u{66f4}\u{6b63}",
            "\u{7ea0}\u{6b63}",
            "\u{4fee}\u{590d}",
            "\u{c218}\u{c815}",
            "\u{d574}\u{acb0}",
            "\u{438}\u{441}\u{43f}\u{440}\u{430}\u{432}",
            "\u{443}\u{441}\u{442}\u{440}\u{430}\u{43d}",
            "\u{440}\u{435}\u{448}\u{435}\u{43d}",
            "rozwi\u{105}zan",
            "usuni\u{119}t",
            "naprawion",
        ],
        true,
    )
});

/// The end of a statement: where the sentence turns to another subject.
pub(crate) fn until_next_statement(rest: &str) -> &str {
    static TURNS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = [
            "for additional",
            "for more",
            "for information",
            "please see",
            " or contact",
            " see the",
            " that contains",
            "which contains",
            "to resolve",
            " so that ",
            ", the problem",
        ];
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words);
        built.unwrap_or_else(|e| unreachable!("{e}"))
    });
    &rest[..TURNS.find(rest).map_or(rest.len(), |turn| turn.start())]
}
