//! The cell of a file's name: several names, a name with blanks in it, and remarks after the name, which state the
//! processor, the service pack or the name on disk.

use std::borrow::Cow;

use super::cells::{self, is_file_name};
use super::heading;
use super::table_cells;
use super::vocabulary::{self, Kind};
use hotfixcheck_types::{Extension, Machine};

/// The remarks after a name in its cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Remarks {
    pub platform: Option<String>,
    /// The service pack of the system that the file is for: `RTM`, `SP1`.
    pub pack: Option<String>,
    /// The product that the file is for: `Windows 98 only`.
    pub product: Option<String>,
    /// Text that was not understood.
    pub unknown: Option<String>,
    /// The name as printed, if a slip in it was corrected.
    pub slip: Option<String>,
}

/// The files that a cell names, and the remarks.
pub(crate) fn read(cell: &str) -> (Vec<Cow<'_, str>>, Remarks) {
    let cell = without_bullet(cell.trim());
    if let Some((first, rest)) = cell.split_once(char::is_whitespace)
        && let Some((name, remarks)) = with_remarks(first, rest.trim())
    {
        return (vec![Cow::Borrowed(name)], remarks);
    }
    if let Some(name) = joined(cell) {
        return (vec![Cow::Owned(name)], Remarks::default());
    }
    if let Some(name) = with_dot(cell) {
        return (vec![Cow::Owned(name)], Remarks { slip: Some(cell.to_owned()), ..Remarks::default() });
    }
    (table_cells::file_cell(cell).into_iter().map(Cow::Borrowed).collect(), Remarks::default())
}

/// A cell without the mark of a list before its name: `• abc.dll`, `1. abc.dll`.
fn without_bullet(cell: &str) -> &str {
    let Some((mark, rest)) = cell.split_once(char::is_whitespace) else {
        return cell.trim_start_matches(BULLETS);
    };
    let number = mark
        .strip_suffix(['.', ')'])
        .is_some_and(|n| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    let is_mark = number || mark.chars().all(|c| BULLETS.contains(&c) || matches!(c, '-' | '*' | '\u{2013}'));
    if is_mark { rest.trim_start() } else { cell.trim_start_matches(BULLETS) }
}

/// List marks with which no name begins.
const BULLETS: [char; 6] = ['\u{2022}', '\u{b7}', '\u{25cf}', '\u{25aa}', '\u{25e6}', '\u{2219}'];

/// `abc.dll (IA-64)`, `Cryptui.dll X86 (pre-SP1)` (MS03-041), `Owssvr.dll_0001 Installationsname: Owssvr.dll` (MS05-006).
fn with_remarks<'c>(first: &'c str, rest: &'c str) -> Option<(&'c str, Remarks)> {
    if !is_file_name(first) || rest.is_empty() {
        return None;
    }
    if vocabulary::find(Kind::Installed, &vocabulary::lower(rest)).is_some() {
        let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '$' | '~'));
        let name = rest.split(ends).find(|word| is_file_name(word))?;
        return Some((name, Remarks::default()));
    }
    let is_bracketed = rest.starts_with(['(', '[', '\u{ff08}']) && rest.ends_with([')', ']', '\u{ff09}']);
    let (platform, bracket) = match rest.find(['(', '[', '\u{ff08}']) {
        Some(at) => (rest[..at].trim(), rest[at..].trim()),
        None => (rest, ""),
    };
    let inner = bracket.trim_matches(['(', ')', '[', ']', '\u{ff08}', '\u{ff09}', ' ']);
    let named = Some(platform).filter(|platform| !platform.is_empty());
    let mut remarks = Remarks { platform: named.map(str::to_owned), ..Remarks::default() };
    if named.is_some_and(|platform| Machine::from_platform_word(platform).is_none()) {
        // `abc.dll 1)`: the mark of a footnote.
        let mark = rest.trim_matches(['*', '^', ')', '.']);
        return table_cells::is_footnote(mark).then(|| (first, Remarks::default()));
    }
    if !bracket.is_empty() && !table_cells::is_footnote(inner) {
        if let Some(pack) = pack(bracket) {
            remarks.pack = Some(pack);
        } else if remarks.platform.is_none() && cells::is_platform(inner) {
            remarks.platform = Some(inner.to_owned());
        } else if heading::PRODUCT.is_match(inner.as_bytes()) {
            remarks.product = Some(inner.to_owned());
        } else if is_bracketed {
            remarks.unknown = Some(bracket.to_owned());
        } else {
            return None;
        }
    }
    Some((first, remarks))
}

/// The service pack that a remark in brackets names: `(with SP1)` is `SP1`, `(pre-SP1)` and `(SP1 適用前)` are `RTM`.
pub(crate) fn pack(text: &str) -> Option<String> {
    let (_, remark) = text.split_once('(')?;
    let (remark, after) = remark.rsplit_once(')')?;
    let lower = vocabulary::lower(remark);
    let at = lower.find("sp").filter(|at| !lower[..*at].ends_with(|c: char| c.is_ascii_alphanumeric()))?;
    let digits: String = lower[at + 2..].chars().take_while(char::is_ascii_digit).collect();
    let number: u8 = digits.parse().ok().filter(|number| after.is_empty() && *number > 0)?;
    let before = vocabulary::find(Kind::Before, &lower).is_some();
    Some(match number - u8::from(before) {
        0 => "RTM".to_owned(),
        number => format!("SP{number}"),
    })
}

/// A name with a comma before a known extension, `iedkcs32,dll` (MS07-027 it-it), with the dot that is meant.
fn with_dot(cell: &str) -> Option<String> {
    let (stem, extension) = cell.rsplit_once([',', '\u{ff0c}'])?;
    let (stem, extension) = (stem.trim_end(), extension.trim_start());
    let is_known = Extension::named(extension).is_binary() || extension.eq_ignore_ascii_case("manifest");
    // `a.dll, b`: a list of names.
    let is_stem = stem.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'~' | b'$'));
    let is_list = cells::is_file_name(stem) && Extension::of(stem).is_binary();
    let name = format!("{stem}.{extension}");
    (is_known && is_stem && !is_list && cells::is_file_name(&name)).then_some(name)
}

/// A name that a page breaks at its dot: `Xlview. exe`.
fn joined(cell: &str) -> Option<String> {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let at_dots = words.windows(2).all(|pair| pair[0].ends_with('.') || pair[1].starts_with('.'));
    let name = words.concat();
    (words.len() > 1 && at_dots && is_file_name(&name)).then_some(name)
}
