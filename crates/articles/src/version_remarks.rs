//! The cell of a version. Remarks after it state the service pack, product, processor or branch that it is for, or that
//! it is not a version of the fix. A version with an unknown remark is not read: the remark may say anything about it.

use std::borrow::Cow;

use super::cells;
use super::columns::{self, Column};
use super::folder::folder_cell;
use super::language::{is_english, names_language};
use super::name_cell;
use super::names;
use super::no_fix_words::{Time, time_of};
use super::table_cells;
use super::vocabulary::{self, Kind};
use super::written_name;

/// A version with the facts of its remark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stated<'t> {
    pub version: &'t str,
    pub pack: Option<String>,
    pub platform: Option<String>,
    pub branch: Option<String>,
    pub product: Option<String>,
    /// The language of the build.
    pub language: Option<String>,
}

impl Stated<'_> {
    fn is_bound(&self) -> bool {
        self.pack.is_some()
            || self.platform.is_some()
            || self.branch.is_some()
            || self.product.is_some()
            || self.language.is_some()
    }
}

/// A version in a cell, without the word before it (`Ver. 5.1.2600.1`, `v5.1.2600.1`), and without a footnote, build
/// tag or "or later" after it (`5.1.2600.101 (1)`, `7.0.2600.15 (xpclnt_qfe.010827-1803)`). `None` for other text.
pub(crate) fn version_cell(text: &str) -> Option<&str> {
    stated_version(text).map(|stated| stated.version)
}

/// The same, with the facts of its remark: `5.1.2600.3001 (SP2)`.
pub(crate) fn stated_version(text: &str) -> Option<Stated<'_>> {
    // `5.1.2600.500.`
    let text = text.trim().trim_end_matches(['.', ' ']);
    let text = text.strip_suffix(" shp").map_or(table_cells::without_note(text), |_| text);
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let (word, version) = text.split_at(at);
    let word = match word.trim() {
        ">=" | "=>" => "\u{2265}",
        word => word.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '\u{ff1a}' | '.' | '=')),
    };
    if !(word.is_empty() || word.eq_ignore_ascii_case("v") || names_version(word) || means_at_least(word)) {
        return None;
    }
    if cells::is_version(version) || cells::is_odd_version(&version.to_ascii_lowercase()) || is_bare_build(version) {
        return Some(Stated { version, ..Stated::default() });
    }
    let end = version.find(|c: char| c.is_whitespace() || matches!(c, '(' | '+' | '\u{ff08}'))?;
    let (version, rest) = version.split_at(end);
    let rest = rest.trim();
    let bracketed = rest.starts_with(['(', '\u{ff08}']) && rest.ends_with([')', '\u{ff09}']);
    // `5.1 (2600.500)`: the rest of the version, not a remark on it.
    let goes_on = bracketed
        && version.split('.').count() < 4
        && rest.trim_matches(['(', ')', '\u{ff08}', '\u{ff09}']).bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !cells::is_version(version) || goes_on {
        return None;
    }
    read(version, rest)
}

/// A build alone: `786` (Q229097). One or two digits are the rest of a version that was cut (`1,` in MS05-004).
fn is_bare_build(text: &str) -> bool {
    (3..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// The title of a version column, which some pages repeat in its cells.
fn names_version(word: &str) -> bool {
    columns::title(word) == Some(Column::Version)
}

/// A version and the remark after it; `None` if the remark is not understood, or says that the version is not that of
/// the fix.
fn read<'t>(version: &'t str, remark: &str) -> Option<Stated<'t>> {
    let own = Stated { version, ..Stated::default() };
    let remark = remark.trim();
    // `6.0.6000.16386 built by: vista_rtm`, as Windows shows it.
    let lab = remark.strip_prefix("built by").map(|lab| lab.trim_start_matches([':', ' ']));
    let is_lab = lab.is_some_and(|lab| !lab.is_empty() && lab.bytes().all(is_of_lab));
    if remark.is_empty() || remark == "+" || means_later(remark) || is_lab {
        return Some(own);
    }
    let bracketed = remark.starts_with(['(', '[', '\u{ff08}']) && remark.ends_with([')', ']', '\u{ff09}']);
    let inner = remark.trim_matches(['(', ')', '[', ']', '\u{ff08}', '\u{ff09}', ' ']);
    let said = ["for ", "on "].iter().find_map(|word| inner.strip_prefix(word)).unwrap_or(inner).trim();
    if !bracketed && said.len() == inner.len() {
        return None;
    }
    // `5.1.2600.503 (5.1)`
    let is_beginning = said.bytes().all(|b| b.is_ascii_digit() || b == b'.') && version.starts_with(said);
    if is_beginning
        || table_cells::is_footnote(said)
        || is_build_tag(said)
        || is_lab_name(said)
        || means_later(said)
        || is_newer(said)
    {
        return Some(own);
    }
    if let Some((Some(branch), false)) = folder_cell(said) {
        return Some(Stated { branch: Some(branch.into_owned()), ..own });
    }
    if cells::is_platform(said) {
        return Some(Stated { platform: Some(said.to_owned()), ..own });
    }
    let pack = name_cell::pack(&format!("({said})"));
    let is_pack = !said.contains(' ') || said.to_ascii_lowercase().starts_with("service pack ");
    if is_pack && (pack.is_some() || said.eq_ignore_ascii_case("rtm")) {
        return Some(Stated { pack: pack.or(Some("RTM".to_owned())), ..own });
    }
    if is_english(said) {
        return Some(own);
    }
    if names_language(said) {
        return Some(Stated { language: Some(said.to_owned()), ..own });
    }
    let product = names::named_system(said)?;
    Some(Stated { product: Some(product), ..own })
}

/// The versions of a cell that names several, each with its remark: `5.1.2600.3001 (SP2), 5.1.2600.5601 (SP3)`.
pub(crate) fn several(cell: &str) -> Option<Vec<Stated<'_>>> {
    let mut starts = vec![0];
    let mut depth = 0_usize;
    let mut previous = ' ';
    for (at, c) in cell.char_indices() {
        match c {
            '(' | '[' | '\u{ff08}' => depth += 1,
            ')' | ']' | '\u{ff09}' => depth = depth.saturating_sub(1),
            // A version begins after a blank or a mark.
            _ if depth == 0 && c.is_ascii_digit() && at > 0 && separates(previous) => {
                let word = cell[at..]
                    .split(|c: char| separates(c) || matches!(c, '(' | '\u{ff08}'))
                    .next()
                    .unwrap_or_default();
                if cells::is_version(word) {
                    starts.push(at);
                }
            }
            _ => {}
        }
        previous = c;
    }
    let ends = starts.iter().skip(1).copied().chain([cell.len()]);
    let stated = starts.iter().zip(ends).map(|(start, end)| {
        let part = cell[*start..end].trim();
        let part = CONJUNCTIONS.iter().find_map(|word| part.strip_suffix(word)).unwrap_or(part);
        let part = part.trim_end_matches([',', ';', '/', ' ', '\u{3001}', '\u{ff0c}', '\u{ff1b}']);
        let end = part.find(|c: char| c.is_whitespace() || matches!(c, '(' | '\u{ff08}')).unwrap_or(part.len());
        let (version, remark) = part.split_at(end);
        read(version, remark).filter(|stated| cells::is_version(version) && stated.is_bound())
    });
    let stated = stated.collect::<Option<Vec<Stated<'_>>>>()?;
    (stated.len() > 1).then_some(stated)
}

/// Words between two versions of a cell.
const CONJUNCTIONS: [&str; 10] = [" or", " and", " und", " oder", " et", " ou", " e", " o", " y", " &"];

fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '/' | '\u{3001}' | '\u{ff0c}' | '\u{ff1b}')
}

fn means_later(text: &str) -> bool {
    vocabulary::meaning(Kind::Later, &vocabulary::lower(text)).is_some()
}

/// `mind.`, `>=`: the mark before a version that says that later ones are meant, too. `>` alone is not read: by it the
/// version itself would not be enough.
fn means_at_least(word: &str) -> bool {
    matches!(word, "\u{2265}" | "\u{2267}") || vocabulary::meaning(Kind::AtLeast, &vocabulary::lower(word)).is_some()
}

/// `after the update`, `fixed`
fn is_newer(text: &str) -> bool {
    time_of(text).is_some_and(|(time, rest)| time == Time::Newer && rest.is_empty())
}

/// `xpsp1`, `srv03_sp1_qfe`: the laboratory of a build, without its time.
fn is_lab_name(text: &str) -> bool {
    const LABS: [&str; 12] =
        ["xpsp", "xpclnt", "srv03", "vista", "longhorn", "lh_", "win7", "win8", "winblue", "winmain", "wnet", "nt5"];
    let lower = text.to_ascii_lowercase();
    LABS.iter().any(|lab| lower.starts_with(lab)) && text.bytes().all(is_of_lab)
}

fn is_of_lab(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'(' | b')')
}

/// A version cell in plain characters: `５．１．２６００．１０`, and a version that a page broke at a dot (`5.1.2600 .10`).
pub(crate) fn tidy(cell: &str) -> Cow<'_, str> {
    let cell = written_name::narrow(cell);
    let broken = |text: &str| text.contains(" .") || text.contains(". ");
    if !broken(&cell) || !cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b' ')) {
        return cell;
    }
    let whole: String = cell.replace(" .", ".").replace(". ", ".");
    if cells::is_version(&whole) { Cow::Owned(whole) } else { cell }
}

/// `xpclnt_qfe.010827-1803`: the branch and time of a build, as the version string of a file has them.
fn is_build_tag(text: &str) -> bool {
    let numbers = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'-') && text.len() >= 6;
    text.split_once('.').is_some_and(|(name, time)| {
        name.contains('_') && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && numbers(time)
    })
}
