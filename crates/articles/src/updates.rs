//! The updates that a bulletin names, and which of them brings the files of a table.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::Regex;

use super::document::{Document, Linked};
use super::listed_updates::ListedUpdates;
use super::names;
use super::other_product::{self, is_other};
use super::update_ids::{self, only};
use super::vocabulary::pattern;
use hotfixcheck_types::KbId;

/// The id of an update, as in package names and registry keys.
static UPDATE: LazyLock<Regex> = pattern!(r"(?-u:\b)(?:KB|kb|Kb)([0-9]{6,7})(?-u:\b)|_KB([0-9]{6,7})(?:_|(?-u:\b))");

/// An update that a line names, with the text before it.
#[derive(Debug)]
pub(crate) struct Named {
    /// The index of the line.
    pub line: usize,
    pub id: KbId,
    /// True if it is in brackets after a product, as in lists of affected software.
    listed: bool,
    /// True in the registry key that the update makes.
    pub registry: bool,
    /// The text before the package's name, without blanks and colons.
    before: String,
    /// The words before it that identify a product: Latin letters and digits.
    words: HashSet<String>,
    /// The product and its number at the beginning of the package's own name.
    package: Vec<String>,
    /// The text before an update in brackets, as printed.
    context: String,
    /// Words of which the heading of the package's files has one.
    of_product: Option<&'static [&'static str]>,
}

impl Named {
    /// True for the update of an additional program of a product: its viewer, its converter.
    fn is_beside(&self) -> bool {
        ["viewer", "viewers", "converter", "converters"].iter().any(|word| self.words.contains(*word))
    }
}

/// The updates that a bulletin names.
#[derive(Debug, Default)]
pub(crate) struct NamedUpdates {
    /// Those of all lines, in order.
    pub all: Vec<Named>,
    pub listed: ListedUpdates,
}

impl NamedUpdates {
    pub(crate) fn of(document: &Document<'_>) -> Self {
        Self { all: named_updates(document), listed: ListedUpdates::of(document) }
    }
}

/// The updates that the lines of a bulletin name, in order.
fn named_updates(document: &Document<'_>) -> Vec<Named> {
    let mut named = Vec::new();
    // A package is in the line below the heading that it belongs to.
    let mut above: &str = "";
    for (i, line) in document.lines.iter().enumerate() {
        let text = line.trimmed();
        if text.is_empty() {
            continue;
        }
        let mut from = 0;
        for found in UPDATE.captures_iter(if may_name_update(text) { text } else { "" }) {
            let (Some(place), Some(id)) =
                (found.get(0), found.get(1).or(found.get(2)).and_then(|id| id.as_str().parse().ok()))
            else {
                continue;
            };
            // The name of a log is misprinted on some pages (MS07-035), and the package above it always states the same
            // update.
            if text[place.end()..].starts_with(".log") {
                continue;
            }
            let package = text[..place.start()]
                .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '&' | '-')));
            let start = package.map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
            let before = text[from.min(start)..start].trim_start_matches('|');
            let context = if plain(before).len() < 4 { above } else { before };
            let words = words(context);
            let of_product = other_product::words_of(&text[start..place.start()]);
            let package = words_of_package(&text[start..place.start()]);
            let listed = text[..place.start()].ends_with(['(', '\u{ff08}']);
            let registry = text[..place.start()].contains("\\Updates\\");
            named.push(Named {
                line: i,
                id,
                listed,
                registry,
                before: plain(context),
                words,
                package,
                context: if listed { context.to_owned() } else { String::new() },
                of_product,
            });
            from = place.end();
        }
        above = text;
    }
    named
}

/// The updates that a text names.
pub(crate) fn ids_in(text: &str) -> impl Iterator<Item = KbId> {
    let marked = UPDATE.captures_iter(if may_name_update(text) { text } else { "" });
    let marked = marked.filter_map(|found| found.get(1).or(found.get(2))?.as_str().parse().ok());
    marked.chain(update_ids::unmarked_updates(text).map(|(_, id)| id))
}

/// True for a text with the letters before the number of an update: `KB`, `Kb`, `kb`.
fn may_name_update(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'K', b'k', bytes).any(|at| match bytes.get(at + 1) {
        Some(b'b') => true,
        Some(b'B') => bytes[at] == b'K',
        _ => false,
    })
}

/// A text without blanks, colons and marks.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '\u{ff1a}' | '|' | '(' | '\u{ff08}')).collect()
}

/// The Latin words and numbers of a text that identify a product.
fn words(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .map(|word| word.trim_matches('.').to_ascii_lowercase())
        .filter(|word| !word.is_empty() && word != "microsoft" && word != "kb")
        .collect()
}

/// The product that the name of a package begins with, in words: `Exchange5.0-` is "exchange" and "5.0".
fn words_of_package(name: &str) -> Vec<String> {
    let name = name.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let at = name.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
    let (product, number) = name.split_at(at);
    // `Windows6.0-` is Vista.
    let whole = product.len() > 1 && product != "windows" && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if whole { vec![product.to_owned(), number.to_owned()] } else { Vec::new() }
}

/// How many of the first updates of a page may be in its list of affected software.
const MAX_LISTED: usize = 1_000;

/// The updates whose packages are targets of a bulletin's links: some parts of a page name their update nowhere else
/// (MS06-039).
pub(crate) fn linked_updates(text: &str) -> Vec<Linked<'_>> {
    static LINK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("]("));
    let mut linked = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        // Most lines have no link.
        if LINK.find(line.as_bytes()).is_none() || !may_name_update(line) {
            continue;
        }
        let mut rest = line;
        while let Some((before, target)) = rest.split_once("](") {
            let label = before.rsplit('[').next().unwrap_or_default();
            rest = target;
            let end = target.find(|c: char| c == ')' || c.is_whitespace()).unwrap_or(target.len());
            if let Some((digits, after)) = package_of_link(&target[..end]) {
                linked.extend(digits.parse().ok().map(|id| Linked { line: number, label, id }));
                rest = &target[after..];
            }
        }
    }
    linked
}

/// The longest part of a link before the id of its update, in characters.
const MAX_LINK: usize = 300;

/// The number of the update in the name of a link's package, and the position after it:
/// `…/WindowsXP-KB978037-x86-ENU.exe`.
fn package_of_link(target: &str) -> Option<(&str, usize)> {
    memchr::memchr_iter(b'-', target.as_bytes()).find_map(|dash| {
        let marked = ["KB", "kb", "Kb"].iter().find_map(|mark| target[dash + 1..].strip_prefix(mark))?;
        let digits = marked.bytes().take_while(u8::is_ascii_digit).count();
        let whole = (6..=7).contains(&digits) && marked[digits..].starts_with('-');
        let near = || dash <= MAX_LINK || target[..dash].chars().count() <= MAX_LINK;
        (whole && near()).then(|| (&marked[..digits], target.len() - marked.len() + digits + 1))
    })
}

/// The update whose package brings the files of a table. It is named in the table's heading, right after the same
/// heading, alone in its part of the page, or in the registry key there. Else it is the one named with the product that
/// is nearest to the heading's, or the linked one.
pub(crate) fn update_of(named: &[Named], part: Range<usize>, linked: &[KbId], section: &str) -> Option<KbId> {
    if let Some(own) = UPDATE.captures(section).and_then(|found| found.get(1)?.as_str().parse().ok()) {
        return Some(own);
    }
    // They are in the order of their lines.
    let start = named.partition_point(|n| n.line < part.start);
    let end = named.partition_point(|n| n.line < part.end);
    let before = &named[..start.min(MAX_LISTED)];
    let words_of_heading = words(section);
    let mut inside: Vec<&Named> = named[start..end].iter().collect();
    let names_program = LazyCell::new(|| names_program(section));
    inside.retain(|n| !n.of_product.is_some_and(|of| is_other(of, &words_of_heading, || *names_program)));
    let fits = |n: &&Named| !n.package.is_empty() && n.package.iter().all(|word| words_of_heading.contains(word));
    if inside.iter().any(fits) {
        inside.retain(|n| !contradicts(n, &words_of_heading));
    }
    let wanted = plain(section);
    let same = || inside.iter().filter(|n| !wanted.is_empty() && n.before.ends_with(&wanted)).map(|n| n.id);
    let listed = || before.iter().filter(|n| n.listed);
    // An id that the list of affected software does not contain is a misprint (KB9945432 in MS08-015).
    let known = || inside.iter().take(MAX_LISTED).map(|n| n.id).filter(|id| listed().any(|n| n.id == *id));
    only(same())
        .or_else(|| only(inside.iter().map(|n| n.id)))
        .or_else(|| only(inside.iter().filter(|n| n.registry).map(|n| n.id)))
        .or_else(|| nearest(inside.iter().copied(), section))
        .or_else(|| only(known()))
        .or_else(|| only(inside.iter().filter(|n| !n.is_beside()).map(|n| n.id)))
        .or_else(|| only(linked.iter().copied()).filter(|_| inside.is_empty()))
        .or_else(|| {
            let id = nearest(listed().filter(|_| inside.is_empty()), section)?;
            other_product::may_be_of(section, listed().filter(|n| n.id == id).map(|n| n.context.as_str())).then_some(id)
        })
}

/// The one update that the lines below a table name, up to the end `part` of the product's part: some parts name their
/// package only in the instructions for administrators (MS04-028 ja-jp).
pub(crate) fn update_below(named: &[Named], part: Range<usize>, linked: &[KbId], section: &str) -> Option<KbId> {
    let start = named.partition_point(|n| n.line < part.start);
    let end = named.partition_point(|n| n.line < part.end);
    let named = &named[start..end];
    let words = words(section);
    let is_copied = |n: &Named| n.of_product.is_some_and(|of| is_other(of, &words, || names_program(section)));
    only(named.iter().map(|n| n.id).chain(linked.iter().copied())).filter(|_| !named.iter().any(is_copied))
}

fn names_program(section: &str) -> bool {
    names::named(section).programs().next().is_some()
}

/// True for a package that is named after another version of the heading's product: `Exchange5.5-KB822363` below
/// `Exchange Server 5.0`, copied from the part above (MS03-046 it-it). It is used only if the right one is also there.
fn contradicts(named: &Named, wanted: &HashSet<String>) -> bool {
    matches!(named.package.as_slice(), [product, number] if wanted.contains(product) && !wanted.contains(number))
}

/// Programs of Office. Their update is that of the whole Office if a list names no other.
const OFFICE: [&str; 9] =
    ["word", "excel", "powerpoint", "outlook", "access", "publisher", "frontpage", "onenote", "infopath"];

/// The update of the Office that a program is part of: `Publisher 2000` is corrected by that of Office 2000.
fn of_office<'n>(named: impl Iterator<Item = &'n Named>, wanted: &HashSet<String>) -> Option<KbId> {
    if !OFFICE.iter().any(|program| wanted.contains(*program)) {
        return None;
    }
    // The first of several releases, so that the result does not change from run to run.
    let release = wanted.iter().filter(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())).min()?;
    let release = if release == "2002" { "xp" } else { release.as_str() };
    let whole: Vec<&Named> = named.filter(|n| n.words.contains("office") && n.words.contains(release)).collect();
    let fewest = whole.iter().map(|n| n.words.len()).min()?;
    only(whole.iter().filter(|n| n.words.len() == fewest).map(|n| n.id))
}

/// The update that is named with the words of a heading and the fewest others. `SDK` alone may be of another product
/// (`Platform SDK`, `.NET Framework SDK`), and so may `XP` (`Office XP`, `Windows XP`: MS04-028). A release is a number: `Word 2003` is
/// not `Word 2002`, unless nothing is named with it (`XP 2002` for Office XP).
fn nearest<'n>(named: impl Iterator<Item = &'n Named> + Clone, section: &str) -> Option<KbId> {
    let wanted = words(section);
    let is_number = |word: &&String| word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let releases = || wanted.iter().filter(|word| word.len() >= 4 && is_number(word));
    let with = |all_numbers: bool| {
        let mut best: Option<(usize, usize)> = None;
        let mut ids: HashSet<KbId> = HashSet::new();
        for candidate in named.clone() {
            let shared = || wanted.intersection(&candidate.words);
            let windows = candidate.words.contains("windows") && !wanted.contains("windows");
            let identifies = |word: &&String| !is_number(word) && *word != "sdk" && !(windows && *word == "xp");
            let names = shared().any(|word| identifies(&word));
            // `Word 2004 for Mac` and `Word v. X for Mac` are never Word for Windows.
            let other = candidate.words.contains("mac") && !wanted.contains("mac");
            if !names || other || all_numbers && !releases().all(|number| candidate.words.contains(number)) {
                continue;
            }
            let count = shared().count();
            let rank = (count, usize::MAX - (candidate.words.len() - count));
            if best.is_none_or(|known| rank > known) {
                best = Some(rank);
                ids.clear();
            }
            if best == Some(rank) {
                ids.insert(candidate.id);
            }
        }
        only(ids.into_iter())
    };
    with(true).or_else(|| of_office(named.clone(), &wanted)).or_else(|| with(false))
}

#[cfg(test)]
mod tests {
    use super::linked_updates;

    #[test]
    fn links_to_packages_name_updates() {
        let far = format!("[a]({}-KB978037-x86)", "p".repeat(301));
        let near = format!("[a]({}-KB978037-x86)", "p".repeat(300));
        for (line, ids) in [
            ("[a](https://x/WindowsXP-KB978037-x86-ENU.exe)", vec![978_037]),
            ("[a](/A-KB900001-x) and [b](/B-kb9000012-x)", vec![900_001, 9_000_012]),
            // Not a package: a different number of digits, missing text around it, after the link, another spelling.
            ("[a](/A-KB90000-x) [b](/B-KB90000123-x) [c](/KB900001-x) [d](/D-KB900001)", vec![]),
            ("[a](/A) -KB900001-x", vec![]),
            ("[a](/A b-KB900001-x)", vec![]),
            ("[a](/A-kB900001-x)", vec![]),
            // A bracket inside, and the first of several in one link.
            ("[a](/A](/B-KB900001-x-KB900002-y)", vec![900_001]),
            (near.as_str(), vec![978_037]),
            (far.as_str(), vec![]),
        ] {
            let found: Vec<u32> = linked_updates(line).into_iter().map(|linked| linked.id.number()).collect();
            assert_eq!(found, ids, "{line}");
        }
    }
}
