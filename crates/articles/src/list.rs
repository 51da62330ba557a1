//! Attribute lines without a column header: `6/22/98 5:34pm 249KB SMSINST.DLL (Intel)`,
//! `Vnbt.386 version 4.10.1656 dated 02/06/98 1:00pm 87,745 bytes`, `SRVMAIN.EXE (163,941 bytes, dated 02-07-95)`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use jiff::civil::Date;
use memchr::memmem::Finder;

use super::any_order;
use super::binding;
use super::cells;
use super::columns::is_ruler;
use super::context;
use super::document::{Document, Line};
use super::fix::{Fix, FixKind};
use super::found::{Found, Placed, push_rows};
use super::heading;
use super::language::is_language;
use super::properties;
use super::row::{NOT_IN_BYTES, Row};
use hotfixcheck_types::FileVersion;

/// Longer lines are sentences.
const MAX_LIST_LINE: usize = 120;
/// The indentation of the rest of a wrapped description (Q192054).
const DESCRIPTION_INDENT: &str = "                    ";

/// Reads every block of attribute lines that the text above it announces as corrected files.
pub(crate) fn extract(document: &Document<'_>, found: &mut Found) {
    let lines = &document.lines;
    let mut i = 0;
    let mut last_block: Option<usize> = None;
    while i < lines.len() {
        if !lines[i].may_name_file {
            i += 1;
            continue;
        }
        let stated = new_file_versions(document, i, found);
        if !stated.is_empty() {
            i = stated.last().map_or(i, |(line, _)| *line) + 1;
            push_rows(stated.into_iter().map(|(_, placed)| placed).collect(), FixKind::List, found);
            continue;
        }
        if let Some((line, row)) = after_patch(lines, i).filter(|_| !found.is_used(i)) {
            let placed = Placed { row, binding: binding::binding(document, i), line: lines[line].number };
            found.mark_used(i..line + 1);
            push_rows(vec![placed], FixKind::List, found);
            i = line + 1;
            continue;
        }
        if let Some(described) = properties::below(lines, i).filter(|_| !found.is_used(i))
            && (described.is_new
                || last_block.is_some_and(|last| context::only_headings_between(lines, last, i))
                || context::announced(document, i)
                || context::announced_list(document, i))
        {
            let binding = binding::binding(document, i);
            let placed = Placed { row: described.row, binding, line: lines[i].number };
            found.mark_used(i..described.last + 1);
            push_rows(vec![placed], FixKind::List, found);
            i = described.last + 1;
            last_block = Some(i);
            continue;
        }
        let Some(first) = read(lines, i, found) else {
            i += 1;
            continue;
        };
        let start = i;
        let binding = binding::binding(document, start);
        let mut rows = vec![Placed { row: first, binding: binding.clone(), line: lines[i].number }];
        i += 1;
        let mut blanks = 0;
        let mut described = described(lines[start].trimmed()).is_some();
        while i < lines.len() && blanks < 2 {
            if lines[i].is_blank() || is_ruler(&lines[i].text) {
                blanks += usize::from(lines[i].is_blank());
            } else if let Some(row) =
                read(lines, i, found).or_else(|| bare(lines, i, found)).or_else(|| without_version(lines, i, found))
            {
                described |= self::described(lines[i].trimmed()).is_some();
                rows.push(Placed { row, binding: binding.clone(), line: lines[i].number });
                blanks = 0;
            } else if !(described && blanks == 0 && lines[i].text.starts_with(DESCRIPTION_INDENT)) {
                break;
            }
            i += 1;
        }
        let continues = last_block.is_some_and(|last| context::only_headings_between(lines, last, start));
        let announced = if context::announced_contents(document, start) {
            is_update(document)
        } else {
            context::announced(document, start) || context::announced_list(document, start)
        };
        let foreign = || context::of_product(document, start) || context::of_another_maker(document, start, i);
        if (continues || announced && !foreign()) && !context::of_other_matter(document, start) {
            last_block = Some(i);
            found.mark_used(start..i);
            carry_platforms(&mut rows);
            release_sizes(&mut rows);
            push_rows(rows, FixKind::List, found);
        }
    }
    leave_out_repetitions(found);
}

/// If each group lists the same files for another processor, the processor at the first file of a group applies to the
/// whole group: `admwprox.dll (Alpha)`, `asp.dll`, …, `admwprox.dll (i386)`, `asp.dll`, … (Q185093).
fn carry_platforms(rows: &mut [Placed]) {
    let starts: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].row.platform.is_some()).collect();
    if starts.first() != Some(&0) || starts.len() < 2 {
        return;
    }
    let ends = starts.iter().skip(1).copied().chain([rows.len()]);
    let groups: Vec<std::ops::Range<usize>> = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    let names = |group: &std::ops::Range<usize>| {
        let names: BTreeSet<String> = rows[group.clone()].iter().map(|p| p.row.file.to_ascii_lowercase()).collect();
        names
    };
    let first = names(&groups[0]);
    let alike = first.len() > 1 && groups.iter().all(|group| group.len() == first.len() && names(group) == first);
    let platforms: BTreeSet<Option<String>> = starts.iter().map(|start| rows[*start].row.platform.clone()).collect();
    if alike && platforms.len() == groups.len() {
        for group in groups {
            let platform = rows[group.start].row.platform.clone();
            rows[group].iter_mut().for_each(|placed| placed.row.platform.clone_from(&platform));
        }
    }
}

/// Takes a number with one or two decimals as a size that is not in bytes where the rows around have sizes and no versions:
/// `1.1 Readme.txt` below `94,480 Spoolss.dll`. A text has no version either.
fn release_sizes(rows: &mut [Placed]) {
    let sized = rows.iter().filter(|placed| placed.row.size.is_some() && placed.row.version.is_none()).count();
    let is_size = |row: &Row| {
        let short = row.version.as_deref().and_then(|version| version.split_once('.'));
        let short = short.is_some_and(|(_, rest)| rest.len() <= 2 && !rest.contains('.'));
        let is_text = row.file.to_ascii_lowercase().ends_with(".txt");
        short && row.size.is_none() && (is_text || sized > 0 && row.date.is_some())
    };
    for placed in rows.iter_mut().filter(|placed| is_size(&placed.row)) {
        let version = placed.row.version.take().unwrap_or_default();
        placed.row.unread.push(format!("'{version}'{NOT_IN_BYTES}"));
    }
}

/// True if an article offers a download that replaces files. A utility replaces none (Q106260).
fn is_update(document: &Document<'_>) -> bool {
    let lines = || document.lines.iter();
    const WORDS: [&str; 5] = ["replacement", "o update your", "o replace your", " file fixes ", "n updated version of"];
    let says = |l: &Line<'_>| WORDS.iter().any(|w| l.text.contains(w));
    // The name of the file may be on the next line (Q148740).
    let fixed = |l: &Line<'_>| l.text.contains("fixed in an updated version");
    document.title.contains("pdate") || lines().any(|l| l.may_name_file && says(l) || fixed(l))
}

/// A quick check of the first word: rows begin with a fact, a mark or a platform, sentences with a plain word.
fn may_begin_row(text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    let marked =
        word.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'.' | b':' | b'|' | b'"' | b'-' | b'*' | b'(' | b'\\'));
    marked || word.contains('_') || cells::is_platform(word)
}

/// Leaves out the lines of articles that also list their files in a more complete table (Q165402).
fn leave_out_repetitions(found: &mut Found) {
    let key = |f: &Fix| {
        let version = f.version.as_deref().map(|v| v.parse::<FileVersion>().map_err(|_| v.to_owned()));
        (f.file.to_ascii_lowercase(), version)
    };
    let mut tables: HashMap<_, Attributes> = HashMap::new();
    for fix in found.fixes.iter().filter(|f| f.kind == FixKind::Table) {
        tables.entry(key(fix)).or_default().add(fix);
    }
    if !tables.is_empty() {
        found.fixes.retain(|f| f.kind != FixKind::List || !tables.get(&key(f)).is_some_and(|t| t.agree_with(f)));
    }
}

/// The dates and sizes in a table's rows of one file and version: in pairs, and separately.
#[derive(Default)]
struct Attributes {
    pairs: HashSet<(Option<Date>, Option<u64>)>,
    dates: HashSet<Option<Date>>,
    sizes: HashSet<Option<u64>>,
}

impl Attributes {
    fn add(&mut self, fix: &Fix) {
        self.pairs.insert((fix.date, fix.size));
        self.dates.insert(fix.date);
        self.sizes.insert(fix.size);
    }

    /// True if a row states the same. A fact that one of them does not state agrees with everything.
    fn agree_with(&self, fix: &Fix) -> bool {
        match (fix.date, fix.size) {
            (None, None) => true,
            (date, None) => self.dates.contains(&date) || self.dates.contains(&None),
            (None, size) => self.sizes.contains(&size) || self.sizes.contains(&None),
            (date, size) => {
                [(date, size), (date, None), (None, size), (None, None)].iter().any(|p| self.pairs.contains(p))
            }
        }
    }
}

/// The end of what is before a row, and the words between a name and its version. Nearly every line that names a file is checked
/// for them.
static COLON: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(": "));
static INCREMENTED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" was incremented to "));

/// The text before and after some words.
fn split_once<'t>(text: &'t str, words: &Finder<'_>) -> Option<(&'t str, &'t str)> {
    let at = words.find(text.as_bytes())?;
    Some((&text[..at], &text[at + words.needle().len()..]))
}

/// An attribute line that is not part of a table.
fn read(lines: &[Line<'_>], i: usize, found: &Found) -> Option<Row> {
    let text = lines[i].trimmed();
    if !(8..=MAX_LIST_LINE).contains(&text.len())
        || !may_begin_row(text)
        || found.is_used(i)
        || !text.bytes().any(|b| b.is_ascii_digit())
    {
        return None;
    }
    // Rows in a box without a header (Q179741); a bullet; a platform before the name (Q247896).
    let boxed;
    let text = if text.starts_with('|') {
        boxed = text.replace('|', " ");
        boxed.as_str()
    } else {
        // `" NWNP32.DLL version 4.00.969 …" (without the quotation marks)` (Q153621).
        let quoted = text.strip_prefix('"').and_then(|t| t.rsplit_once('"')).map(|(t, _)| t);
        let text = quoted.unwrap_or(text).trim_matches('"').trim();
        let text = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")).unwrap_or(text);
        numbered_path(text).unwrap_or(text)
    };
    // `\NTAXP\Ssscc.dll, version 04.00.1310 (for Alpha)` (Q151411).
    let bare;
    let text = match text.split_once(' ') {
        Some((first, rest)) if first.starts_with('\\') => {
            let name = first.rsplit('\\').next().unwrap_or_default();
            // A list of systems is not a processor.
            let (rest, of) = rest.split_once("(for ").unwrap_or((rest, ""));
            let machine = of.trim_end_matches(')');
            bare = format!("{name} {rest}{}", if cells::is_platform(machine) { machine } else { "" });
            bare.as_str()
        }
        _ => text,
    };
    // `Intel: Setup.exe 12/23/99 3:17p` (Q247896), `Danish: Winboot.sys dated 01/09/97` (Q170456).
    // `Vba232.dll   Version: 2.0.6108` (Q148740) begins with the name.
    let (prefix, text) = split_once(text, &COLON).filter(|(prefix, _)| !prefix.contains('.')).unwrap_or(("", text));
    // `* Spoolss.dll was incremented to version 4.0.1381.7130`
    let incremented = split_once(text, &INCREMENTED).map(|(name, rest)| format!("{name} {rest}"));
    let mut row = any_order::by_kind(incremented.as_deref().unwrap_or(text))
        .or_else(|| any_order::by_kind(described(text)?))
        .or_else(|| any_order::by_kind(in_brackets(lines[i].trimmed())?))
        .or_else(|| any_order::by_kind(&with_name_above(lines, i, text)?))?;
    if cells::is_platform(prefix) {
        row.platform = Some(prefix.to_owned());
    } else if is_language(prefix) {
        row.language = Some(prefix.to_owned());
    } else if !prefix.is_empty() {
        return None;
    }
    // `FOCUS.EXE 4.01` over a line of dashes is the heading of a part about a program (Q95553). The border of a box
    // (`+---+`) is not such a line: `| Imcmsg.dll | 5.5.2558.0 |` is a row of a fix (Q217195).
    let underlined = |line: &Line<'_>| is_ruler(&line.text) && !line.text.trim_start().starts_with('+');
    if row.date.is_none() && row.size.is_none() && lines.get(i + 1).is_some_and(underlined) {
        return None;
    }
    let stated = [row.version.is_some(), row.date.is_some(), row.size.is_some()].iter().filter(|s| **s).count();
    (stated >= 1 && (row.date.is_some() || row.version.is_some())).then_some(row)
}

/// An item of a numbered list that begins with a path or a name: `1. C:\WINDOWS\system32\abc.dll - 5.1.2600.101`, `1. abc.dll,
/// version 5.1.2600.101`.
fn numbered_path(text: &str) -> Option<&str> {
    let (number, item) = text.split_once(". ")?;
    let is_number = number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit());
    if is_number && item.split_once(", version ").is_some_and(|(name, _)| cells::is_file_name(name)) {
        return Some(item);
    }
    let path = item.split(' ').next().filter(|path| path.contains('\\') && cells::is_file_name(path))?;
    let folder = path.rfind('\\').map_or(0, |at| at + 1);
    (is_number && !path.starts_with('\\')).then(|| &item[folder..])
}

/// The row of a file whose attributes before and after a patch are below its name, with the index of the line (Q154428):
///
/// ```text
/// - mfc40.dll
///   (Before)  Size: 921,872  Date: 2/28/96  Time:  6:53a  Version: 4.1.6038
///   (After Patch B) 924,432        7/11/96        12:55p           4.1.6139
/// ```
fn after_patch(lines: &[Line<'_>], i: usize) -> Option<(usize, Row)> {
    const PATCHES: [&str; 4] = ["patch", "fix", "update", "hotfix"];
    if !lines.get(i + 1)?.trimmed().starts_with("(Before)") {
        return None;
    }
    let name = lines[i].trimmed().strip_prefix("- ")?.split(' ').next()?;
    let name = name.rsplit('\\').next().filter(|name| cells::is_file_name(name))?;
    let is_state = |line: &Line<'_>| line.trimmed().starts_with('(');
    let last = i + lines[i + 1..].iter().take_while(|line| is_state(line)).count();
    let (what, stated) = lines[last].trimmed().strip_prefix("(After ")?.split_once(')')?;
    let of_patch = what.split(' ').any(|word| PATCHES.iter().any(|patch| word.eq_ignore_ascii_case(patch)));
    let row = any_order::by_kind(&format!("{name} {stated}")).filter(|_| of_patch)?;
    Some((last, row))
}

/// The rows of [`new_file_version`] from a line on, with the index of each one's line. Their heading is above the first.
fn new_file_versions(document: &Document<'_>, first: usize, found: &mut Found) -> Vec<(usize, Placed)> {
    let lines = &document.lines;
    let mut rows: Vec<(usize, Placed)> = Vec::new();
    let mut next = Some(first);
    while let Some(i) = next.filter(|i| !found.is_used(*i))
        && let Some(row) = new_file_version(lines, i)
    {
        let binding = rows.first().map_or_else(|| binding::binding(document, i), |(_, placed)| placed.binding.clone());
        rows.push((i, Placed { row, binding, line: lines[i].number }));
        found.mark_used(i..i + 1);
        let is_last = |i: &usize| lines[*i].may_name_file || !is_new_version(lines[*i].trimmed());
        next = (i + 1..lines.len()).filter(|i| !lines[*i].is_blank()).find(is_last);
    }
    rows
}

/// True for a line that begins with `New file version:`.
fn is_new_version(text: &str) -> bool {
    text.get(..NEW_VERSION.len()).is_some_and(|start| start.eq_ignore_ascii_case(NEW_VERSION))
}

/// Words before the version of a file with the fix.
const NEW_VERSION: &str = "new file version:";

/// The row of `File: Nwserver.vxd New file version: 4.0.0.951` (Q143003); the version may be on the next line (Q146449).
/// These words need no announcement.
fn new_file_version(lines: &[Line<'_>], i: usize) -> Option<Row> {
    let text = lines[i].trimmed();
    let text = text.strip_prefix("File: ").unwrap_or(text).trim_start();
    let (file, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = if rest.is_empty() { lines.get(i + 1)?.trimmed() } else { rest.trim_start() };
    let version = rest.get(NEW_VERSION.len()..).filter(|_| is_new_version(rest))?.trim();
    (cells::is_file_name(file) && cells::is_version(version)).then(|| Row {
        file: file.to_owned(),
        version: Some(version.to_owned()),
        ..Row::default()
    })
}

/// The row in a line whose file name is followed by a description: `21/08/98  17:05   71,739 SMTPLMN.EXE Microsoft LAN
/// Manager for MS-DOS` (Q192054). Its attributes precede the name.
fn described(text: &str) -> Option<&str> {
    let first = text.split(' ').next()?;
    cells::date(first)?;
    let mut end = 0;
    for word in text.split(' ') {
        end += word.len();
        if cells::is_file_name(word) {
            let rest = text[end..].trim_start();
            let describes = rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains(' ');
            return (describes && !heading::has_fact(rest)).then_some(&text[..end]);
        }
        end += 1;
    }
    None
}

/// A file with its attributes in brackets after its description: `- Calendar Control (MSACAL20.OCX version 1.0.002 dated
/// 8/21/95)` (Q133341).
fn in_brackets(text: &str) -> Option<&str> {
    let (described, inner) = text.strip_prefix("- ")?.strip_suffix(')')?.split_once(" (")?;
    let plain = described.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ');
    (plain && inner.contains(" version ") && inner.contains(" dated ")).then_some(inner)
}

/// Attributes in brackets below the line of their file: `Splus.dll  Dynamic-link library …` above
/// `(84,240 bytes, dated 11-11-94, 11:01 A.M.)` (Q114661).
fn with_name_above(lines: &[Line<'_>], i: usize, text: &str) -> Option<String> {
    let above = lines[..i].last().filter(|_| text.starts_with('(') && text.ends_with(')'))?.trimmed();
    let name = above.split(' ').next().filter(|name| cells::is_file_name(name))?;
    Some(format!("{name} {text}"))
}

/// A line in the format of the rows above it, whose file has no version: `- Winspool.drv (no version; 1,952 bytes)`.
fn without_version(lines: &[Line<'_>], i: usize, found: &Found) -> Option<Row> {
    let text = lines[i].trimmed();
    let text = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")).unwrap_or(text);
    let (before, after) = text.split_once("no version").filter(|_| text.len() <= MAX_LIST_LINE && !found.is_used(i))?;
    any_order::by_kind(&format!("{before}{after}")).filter(|row| row.size.is_some() && row.version.is_none())
}

/// A line in the format of the rows above it, whose file has no extension: `02/06/98 12:38p  8,727  Iimltihd (Intel)`
/// (Q180533).
fn bare(lines: &[Line<'_>], i: usize, found: &Found) -> Option<Row> {
    let text = lines[i].trimmed();
    let first = text.split(' ').next().filter(|_| text.len() <= MAX_LIST_LINE && !found.is_used(i))?;
    cells::date(first)?;
    any_order::by_kind_bare(text).filter(|row| row.size.is_some())
}
