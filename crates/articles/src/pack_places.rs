//! The lines of an article that may name a service pack. Few do, and only their paragraphs are read.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
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
