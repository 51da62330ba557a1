//! Which update a bulletin's list of affected software gives to which product, and which one the labels of links do.
//!
//! The list is the page's own answer. The instructions below it are copied from part to part and from bulletin to
//! bulletin: those of MS06-058 link to the packages of MS06-059, and one sentence of MS06-060 links to the packages of
//! Word 2003 and of Word Viewer 2003.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::bulletin_lines::{is_question, is_sentence};
use super::document::Document;
use super::names::{Named, named};
use super::update_ids::only;
use super::vocabulary::pattern;
use hotfixcheck_types::KbId;

/// How many updates of a list are kept.
const MAX_LISTED: usize = 1_000;

/// An update in the brackets after a product, also with a blank, `(KB 887981)` (MS05-006 ja-jp), or without letters,
/// `(3019978)` (MS15-004).
static LISTED: LazyLock<Regex> = pattern!(r"[(\x{ff08}](?:KB[ \x{a0}]?([0-9]{6,7})|([2-5][0-9]{6}))[)\x{ff09}]");

/// The number of a version: `7.1`.
static NUMBER: LazyLock<Regex> = pattern!(r"(?-u:\b)[0-9]{1,2}\.[0-9](?-u:\b)");

/// A product that a page gives an update to.
#[derive(Debug)]
struct Entry {
    id: KbId,
    products: Vec<String>,
    systems: BTreeSet<String>,
    /// The last version of a range, `Windows Media Format 7.1 through 9.5 Series Runtime` (MS06-078).
    last: Option<String>,
}

/// The updates that a list gives to products.
#[derive(Debug, Default)]
pub(crate) struct ListedUpdates(Vec<Entry>);

impl ListedUpdates {
    /// The updates in the lists above a bulletin's first question.
    pub(crate) fn of(document: &Document<'_>) -> Self {
        let mut entries = Vec::new();
        // The products of the items that an item is inside of, with their indentation.
        let mut outer: Vec<(usize, Vec<String>, Option<String>)> = Vec::new();
        for line in document.lines.iter().take_while(|line| !is_question(line)) {
            let text = line.trimmed();
            let indent = line.text.len() - text.len();
            if text.is_empty() {
                continue;
            }
            while outer.last().is_some_and(|(of, ..)| *of >= indent) {
                outer.pop();
            }
            if is_sentence(line) || entries.len() >= MAX_LISTED {
                continue;
            }
            let is_item = text.starts_with(['-', '*', '+']);
            // What the cells to the left name, or the items around.
            let (mut products, mut last) =
                outer.last().map_or((Vec::new(), None), |(_, products, last)| (products.clone(), last.clone()));
            let mut systems = BTreeSet::new();
            for cell in text.trim_matches('|').split('|') {
                let mut from = 0;
                let ends =
                    LISTED.captures_iter(cell).filter_map(|found| Some((found.get(0)?, found.get(1).or(found.get(2)))));
                let ends: Vec<_> = ends.map(|(all, id)| (all.start(), all.end(), id)).collect();
                for (start, end, id) in ends.into_iter().chain([(cell.len(), cell.len(), None)]) {
                    let before = &cell[from..start];
                    let named = named(before);
                    let own = of_products(&named);
                    if !own.is_empty() {
                        last = last_of_range(before, &own);
                        products = own;
                        systems.clear();
                    }
                    if named.kinds().system {
                        systems = named.windows().map(|(name, ..)| name.to_owned()).collect();
                    }
                    // The number of the bulletin itself is beside products, too (MS10-083 ja-jp).
                    let is_own =
                        |id: &KbId| document.headline == Some(*id) && !text.contains(&format!("KB{}", id.number()));
                    if let Some(id) = id.and_then(|id| id.as_str().parse().ok()).filter(|id| !is_own(id))
                        && !products.is_empty()
                    {
                        let (products, systems, last) = (products.clone(), systems.clone(), last.clone());
                        entries.push(Entry { id, products, systems, last });
                    }
                    from = end;
                }
            }
            if is_item {
                outer.push((indent, products, last));
            }
        }
        Self(entries)
    }

    /// The updates of links whose labels name a product: `[Excel 2003 Viewer](…/office2003-kb914451-fullfile-enu.exe)`.
    pub(crate) fn of_links<'l>(links: impl Iterator<Item = (&'l str, KbId)>) -> Self {
        let entry = |(label, id): (&str, KbId)| {
            let named = named(label);
            let systems = named.windows().map(|(name, ..)| name.to_owned()).collect();
            Entry { id, products: of_products(&named), systems, last: None }
        };
        Self(links.map(entry).take(MAX_LISTED).collect())
    }

    /// The one update that is given to every product of a heading: to the product itself, to a range that contains its
    /// version, to the Office that it is part of, or to the program of this Office. `Word 2003` is not `Word Viewer 2003`.
    pub(crate) fn update_of(&self, section: &str) -> Option<KbId> {
        if self.0.is_empty() {
            return None;
        }
        let named = named(section);
        let products = of_products(&named);
        let systems: BTreeSet<&str> = named.windows().map(|(name, ..)| name).collect();
        let mut ids = products.iter().map(|product| self.update_of_product(product, &systems));
        let first = ids.next()??;
        ids.all(|id| id == Some(first)).then_some(first)
    }

    fn update_of_product(&self, product: &str, systems: &BTreeSet<&str>) -> Option<KbId> {
        let (base, number) = parts(product);
        let is_own = |entry: &&Entry| entry.products.iter().any(|own| own == product);
        let in_range = |entry: &&Entry| {
            entry.last.as_deref().is_some_and(|last| {
                let (own, first) = parts(&entry.products[0]);
                own == base
                    && number
                        .is_some_and(|number| key(first.unwrap_or_default()) <= key(number) && key(number) <= key(last))
            })
        };
        let office = office_of(base, number);
        let of_office = |entry: &&Entry| office.as_ref().is_some_and(|office| entry.products == [office.as_str()]);
        // Excel alone of an Office: `Microsoft Office 2007` on a page on Excel (MS08-074 ja-jp).
        let of_program = |entry: &&Entry| {
            let [own] = entry.products.as_slice() else { return false };
            base == "Office" && is_of_office(parts(own).0) && parts(own).1 == number
        };
        let given: [Vec<&Entry>; 4] = [
            self.0.iter().filter(is_own).collect(),
            self.0.iter().filter(in_range).collect(),
            self.0.iter().filter(of_office).collect(),
            self.0.iter().filter(of_program).collect(),
        ];
        let given = given.into_iter().find(|given| !given.is_empty())?;
        let of_systems = |entry: &&&Entry| entry.systems.iter().any(|system| systems.contains(system.as_str()));
        only(given.iter().map(|entry| entry.id)).or_else(|| only(given.iter().filter(of_systems).map(|entry| entry.id)))
    }
}

/// True for a heading that names an Office as a whole and no other program.
pub(crate) fn is_whole_office(section: &str) -> bool {
    matches!(of_products(&named(section)).as_slice(), [product] if parts(product).0 == "Office" || product == "Office XP")
}

/// True for a heading of another release than its part of the page: `Outlook 2000` below `Outlook 2002 and MUI Pack`.
pub(crate) fn are_two_releases(part: &str, section: &str) -> bool {
    let (part, section) = (of_products(&named(part)), of_products(&named(section)));
    let [own] = section.as_slice() else { return false };
    !part.contains(own) && part.iter().any(|outer| parts(outer).0 == parts(own).0)
}

/// The programs that a text names, without service packs and processors. Beside the name of another one, `Excel` or `Office
/// 2007` says what that is for: `Excel Compatibility Pack`.
fn of_products(named: &Named) -> Vec<String> {
    let mut names: Vec<String> = named.programs().map(str::to_owned).collect();
    names.sort();
    names.dedup();
    if names.iter().any(|name| name == COMPATIBILITY_PACK) {
        names
            .retain(|name| name == COMPATIBILITY_PACK || !(is_of_office(parts(name).0) || name.starts_with("Office ")));
    }
    names
}

const COMPATIBILITY_PACK: &str = "Office Compatibility Pack";

/// The last version of a text that gives one product a range of versions.
fn last_of_range(text: &str, products: &[String]) -> Option<String> {
    let [product] = products else { return None };
    let numbers: Vec<&str> = NUMBER.find_iter(text).map(|found| found.as_str()).collect();
    let [first, last] = numbers[..] else { return None };
    (parts(product).1 == Some(first) && key(first) < key(last)).then(|| last.to_owned())
}

/// The name of a product and the number at its end.
fn parts(product: &str) -> (&str, Option<&str>) {
    match product.rsplit_once(' ') {
        Some((base, number)) if number.starts_with(|c: char| c.is_ascii_digit()) => (base, Some(number)),
        _ => (product, None),
    }
}

/// A version to compare.
fn key(number: &str) -> Vec<u32> {
    number.split('.').filter_map(|part| part.parse().ok()).collect()
}

fn is_of_office(program: &str) -> bool {
    const PROGRAMS: [&str; 9] =
        ["Word", "Excel", "PowerPoint", "Outlook", "Access", "Publisher", "FrontPage", "OneNote", "InfoPath"];
    PROGRAMS.iter().any(|own| program.strip_prefix("Office ").unwrap_or(program) == *own)
}

/// The Office that a program of this release is part of.
fn office_of(program: &str, release: Option<&str>) -> Option<String> {
    let release = release.filter(|_| is_of_office(program))?;
    Some(format!("Office {}", if release == "2002" { "XP" } else { release }))
}
