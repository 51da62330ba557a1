//! The products that a bulletin says are affected: a list, a table, or lines below such a heading, in any language.

use std::sync::LazyLock;

use regex::Regex;

use super::cells;
use super::document::{Document, LEAD_IN, Line};
use super::heading::PRODUCT;
use super::names;
use super::products;
use super::section;
use super::update_ids::without_updates;
use super::vocabulary::{self, Kind, pattern};

/// The most lines after its heading that a list of products may have.
const MAX_LIST: usize = 400;
/// How many lines of a page are read.
const MAX_LINES: usize = 4 * MAX_LIST;
/// The longest name of a product, in bytes.
const MAX_NAME: usize = 200;

/// What separates a name from the words of a link to its update, or from what follows.
const DASHES: [char; 5] = [':', '\u{2013}', '\u{2014}', '\u{2502}', '\u{ff1a}'];

/// Where one system ends and the next begins: `Windows XP und Microsoft Windows XP Service Pack 1`.
static NEXT_SYSTEM: LazyLock<Regex> = pattern!(
    r"(?:[,;\x{3001}\x{ff0c}]| and | und | oder | bzw\. | e | et | o | y |\x{304a}\x{3088}\x{3073}|\x{307e}\x{305f}\x{306f}|\x{53ca}|\x{548c}|\x{6216})+ *(?:Microsoft )?(Windows )"
);

/// A name that begins with a system, not with a component that runs on one: `Windows Media Player 9 unter Windows 2000`.
static SYSTEM: LazyLock<Regex> =
    pattern!(r"^(?:Microsoft )?Windows (?:NT|9[58]|Me|Millennium|2000|XP|Server|Small|Vista|7|8|1[01])(?-u:\b)");

/// A product with the line that names it.
pub(crate) type Named = (String, String);

/// The affected products, by how surely they are: items with a usual word for products; any product of the lines up to the
/// first sentence, also without marks or of a table in HTML (MS06-017 de-de, MS06-033 ja-jp); any product of later items
/// (Works). The later ones are for updates of which the earlier ones name no product.
pub(crate) fn products(document: &Document<'_>) -> [Vec<Named>; 3] {
    let usual = |text: &str| PRODUCT.is_match(text.as_bytes());
    let any = |text: &str| section::names_product(text);
    let headings: Vec<Option<Kind>> = document.lower.iter().take(MAX_LINES).map(heading_of_list).collect();
    [
        read(document, &headings, is_item, usual, false),
        read(document, &headings, is_line, any, true),
        read(document, &headings, is_item, any, false),
    ]
}

/// The text of an item of a list or of a table's row.
fn is_item<'l>(line: &'l Line<'_>) -> Option<&'l str> {
    let text = line.trimmed();
    // The mark of an item is left out where the next line looks like a table (MS05-006 zh-tw).
    let unmarked = || Some(text).filter(|_| line.heading == LEAD_IN && text.contains(['\u{2013}', '\u{2014}']));
    text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")).or_else(|| text.strip_prefix('|')).or_else(unmarked)
}

/// The text of any line that is not a sentence: the first sentence ends the list.
fn is_line<'l>(line: &'l Line<'_>) -> Option<&'l str> {
    let text = is_item(line).unwrap_or(line.trimmed());
    (!text.ends_with(['.', '\u{3002}', '?']) && !text.contains(". ")).then_some(text)
}

fn read<'d>(
    document: &'d Document<'_>,
    headings: &[Option<Kind>],
    item: fn(&'d Line<'_>) -> Option<&'d str>,
    names_product: impl Fn(&str) -> bool,
    ends_with_sentence: bool,
) -> Vec<Named> {
    let mut products: Vec<Named> = Vec::new();
    let mut inside = 0;
    for (line, list) in document.lines.iter().zip(headings) {
        let text = line.trimmed();
        if *list == Some(Kind::Affected) {
            inside = MAX_LIST;
            continue;
        }
        let heading = line.heading > 0 && inside > 0 && !names_product(text) && !section::names_product(text);
        if *list == Some(Kind::Unaffected) || heading {
            inside = 0;
        }
        if inside == 0 || text.is_empty() {
            continue;
        }
        inside -= 1;
        let Some(item) = item(line) else {
            if ends_with_sentence && !products.is_empty() {
                inside = 0;
            }
            continue;
        };
        let mut names = name(item, &names_product).unwrap_or_default();
        names.retain(|name| !is_group(name));
        for product in names.iter().flat_map(|name| systems(name)).flat_map(products::normalise) {
            // A product may be named on a line for each update (MS09-037).
            if !products.iter().any(|(known, line)| *known == product && line == text) {
                products.push((product, text.to_owned()));
            }
        }
    }
    products
}

/// True for the title of a column or group of products, without a number: `Office \u{30b9}\u{30a4}\u{30fc}\u{30c8}\u{304a}\u{3088}\u{3073}\u{305d}\u{306e}\u{4ed6}\u{306e}\u{30bd}\u{30d5}\u{30c8}\u{30a6}\u{30a7}\u{30a2}`
/// (MS07-036 ja-jp), `Windows` (MS09-044), and for service packs to come.
fn is_group(name: &str) -> bool {
    let lower = vocabulary::lower(name);
    let of_group = || vocabulary::find(Kind::Group, &lower).is_some();
    !name.bytes().any(|b| b.is_ascii_digit())
        && (matches!(lower.as_str(), "windows" | "office")
            || lower.contains("service pack")
            || (lower.contains("office") || lower.starts_with("windows update")) && of_group())
}

/// The list that begins below a line with the words of its heading and nothing else: of products that are affected, or are not.
fn heading_of_list(lower: &str) -> Option<Kind> {
    let words = lower.trim_matches(['*', ' ', ':', '\u{ff1a}']);
    [Kind::Affected, Kind::Unaffected].into_iter().find(|kind| vocabulary::meaning(*kind, words).is_some())
}

/// The name at the beginning of an item, or the names, without the words of the link to its update and without the update's id.
fn name(item: &str, names_product: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let item = item.split('|').next().unwrap_or_default().trim();
    // Commands, registry keys and names of packages.
    if item.contains(['\\', '<']) || item.contains(" /") || item.starts_with('/') {
        return None;
    }
    let mut end = 0;
    // A dash may be inside of a name that comes before the product: `„Interaktives Training – Schritt für Schritt“ bei
    // Installation unter Windows 2000` (MS07-005 de-de).
    loop {
        let rest = &item[end..];
        let next = rest.find(DASHES).into_iter().chain(rest.find(" - ")).min();
        let stop = next.map_or(item.len(), |at| end + at);
        let name = without_updates(&item[..stop]);
        let name = name.trim();
        // `FrontPage 2002 (x64 Edition – heruntergeladen …)` (MS06-017 de-de).
        let is_open = next.is_some() && name.matches('(').count() > name.matches(')').count();
        if !is_open && names_product(name) {
            let introduces = next.is_some() && item[stop..].trim_end_matches([':', '\u{ff1a}', ' ']).is_empty();
            let is_name = name.len() <= MAX_NAME && !cells::is_file_name(name);
            return is_name.then(|| bare(name, introduces));
        }
        end = stop + item[stop..].chars().next()?.len_utf8();
    }
}

/// The products in words about a download, or in words that introduce a list: `Herunterladen des Updates für .NET Framework
/// 1.0 Service Pack 3 für die folgenden Betriebssystemversionen:` (MS05-004). Any other name stays as it is printed.
fn bare(name: &str, introduces: bool) -> Vec<String> {
    let of_download = || vocabulary::find(Kind::Download, &vocabulary::lower(name)).is_some();
    if introduces || of_download() {
        let named = names::named(name).products();
        if !named.is_empty() {
            return named;
        }
    }
    vec![name.to_owned()]
}

/// The systems of a name that is a list of them; any other name is one product.
fn systems(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for found in NEXT_SYSTEM.captures_iter(name) {
        let (Some(between), Some(next)) = (found.get(0), found.get(1)) else { continue };
        parts.push(name[from..between.start()].trim());
        from = next.start();
    }
    parts.push(name[from..].trim_end_matches([' ', ',', '\u{ff0c}', '\u{3001}']));
    // Japanese names have the component after its systems: `Windows 2000、Windows XP 上の Internet Explorer 6` (MS05-020).
    let only_systems = || parts.iter().all(|part| SYSTEM.is_match(part)) && !names::named(name).kinds().component;
    if parts.len() > 1 && only_systems() { parts } else { vec![name] }
}
