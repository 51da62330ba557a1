//! The lines of an article that may name a service pack: few do, and only their paragraphs are read.

use std::sync::LazyLock;

use memchr::memchr_iter;
use memchr::memmem::Finder;

use super::document::Document;

/// "Service" and "service" without their first letter.
static SERVICE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("ervice"));

/// The places of "Service" before "Pack" or "Release", or "SP4"; over the end of a line, too, and before `<BR>` there.
/// Without its first letter, the word in capitals is looked for by that one, as is "SP": in capitals only.
fn places_of_packs(text: &str) -> impl Iterator<Item = usize> {
    let behind = move |at: usize| text[at..].trim_start();
    let before_pack = move |at: &usize| behind(at + "ervice".len()).starts_with(['p', 'P', 'r', 'R', '-', '<']);
    let numbered = move |at: usize| behind(at).starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let in_capitals = move |at: usize| match &text.as_bytes()[at + 1..] {
        [b'P', ..] => numbered(at + 2).then_some(at),
        [b'R', b'-', ..] => numbered(at + 3).then_some(at),
        rest if rest.starts_with(b"ERVICE") => Some(at + 1).filter(before_pack),
        _ => None,
    };
    let words = SERVICE.find_iter(text.as_bytes()).filter(before_pack);
    words.chain(memchr_iter(b'S', text.as_bytes()).filter_map(in_capitals))
}

/// The lines that may name a service pack, as indices, in order.
pub(crate) fn lines_with_packs(document: &Document<'_>, text: &str) -> Vec<usize> {
    let lines = &document.lines;
    if !document.verbatim {
        let may_name_pack = |i: &usize| {
            let next = lines.get(i + 1).map_or("", |l| l.trimmed());
            places_of_packs(&format!("{} {next}", lines[*i].text)).next().is_some()
        };
        return (0..lines.len()).filter(may_name_pack).collect();
    }
    let mut places: Vec<usize> = places_of_packs(text).collect();
    places.sort_unstable();
    let (mut counted, mut number) = (0, 1);
    let mut found: Vec<usize> = Vec::new();
    for place in places {
        number += memchr_iter(b'\n', &text.as_bytes()[counted..place]).count() as u32;
        counted = place;
        let index = lines.partition_point(|line| line.number < number);
        if lines.get(index).is_some_and(|line| line.number == number) && found.last() != Some(&index) {
            found.push(index);
        }
    }
    found
}
