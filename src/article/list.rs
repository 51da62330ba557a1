//! Attribute lines without a column header: `6/22/98 5:34pm 249KB SMSINST.DLL (Intel)`,
//! `Vnbt.386 version 4.10.1656 dated 02/06/98 1:00pm 87,745 bytes`, `SRVMAIN.EXE (163,941 bytes, dated 02-07-95)`.

use super::cells;
use super::columns::is_ruler;
use super::context;
use super::document::Line;
use super::model::{Fix, FixKind};
use super::row::{self, Row};
use super::table::{Found, Placed, push_rows};
use crate::FileVersion;

/// Lines that are longer are sentences.
const MAX_LIST_LINE: usize = 120;

/// Reads every block of attribute lines that the text above it announces as corrected files.
pub(crate) fn extract(lines: &[Line<'_>], found: &mut Found) {
    let mut i = 0;
    let mut last_block: Option<usize> = None;
    while i < lines.len() {
        let Some(first) = read(lines, i, found) else {
            i += 1;
            continue;
        };
        let start = i;
        let binding = context::binding(lines, start);
        let mut rows = vec![Placed { row: first, binding: binding.clone(), line: lines[i].number }];
        i += 1;
        let mut blanks = 0;
        while i < lines.len() && blanks < 2 {
            if lines[i].is_blank() || is_ruler(&lines[i].text) {
                blanks += usize::from(lines[i].is_blank());
            } else if let Some(row) = read(lines, i, found) {
                rows.push(Placed { row, binding: binding.clone(), line: lines[i].number });
                blanks = 0;
            } else {
                break;
            }
            i += 1;
        }
        let continues = last_block.is_some_and(|last| super::table::only_headings_between(lines, last, start));
        if continues || context::announced(lines, start) || context::announced_list(lines, start) {
            last_block = Some(i);
            found.mark_used(start..i);
            push_rows(rows, FixKind::List, found);
        }
    }
    leave_out_repetitions(found);
}

/// A cheap look at the first word: rows begin with a fact, a mark or a platform, sentences with a plain word.
fn may_begin_row(text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    let marked =
        word.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'.' | b':' | b'|' | b'"' | b'-' | b'*' | b'('));
    marked || word.contains('_') || cells::is_platform(word)
}

/// Many articles list in lines what a table then states in full (Q165402): the table speaks.
fn leave_out_repetitions(found: &mut Found) {
    fn agree<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
        a.is_none() || b.is_none() || a == b
    }
    let version = |f: &Fix| f.version.as_deref().map(|v| v.parse::<FileVersion>().map_err(|_| v.to_owned()));
    let tables: Vec<Fix> = found.fixes.iter().filter(|f| f.kind == FixKind::Table).cloned().collect();
    found.fixes.retain(|f| {
        f.kind != FixKind::List
            || !tables.iter().any(|t| {
                t.file.eq_ignore_ascii_case(&f.file)
                    && version(t) == version(f)
                    && agree(t.date.as_ref(), f.date.as_ref())
                    && agree(t.size.as_ref(), f.size.as_ref())
            })
    });
}

/// A line that is an attribute line, and that no table holds.
fn read(lines: &[Line<'_>], i: usize, found: &Found) -> Option<Row> {
    if !lines[i].may_name_file {
        return None;
    }
    let text = lines[i].trimmed();
    if !(8..=MAX_LIST_LINE).contains(&text.len())
        || !may_begin_row(text)
        || !text.bytes().any(|b| b.is_ascii_digit())
        || found.is_used(i)
    {
        return None;
    }
    // Rows in a box without a header (Q179741); a bullet; a platform before the name (Q247896).
    let boxed;
    let text = if text.starts_with('|') {
        boxed = text.replace('|', " ");
        boxed.as_str()
    } else {
        let text = text.trim_matches('"').trim();
        text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")).unwrap_or(text)
    };
    // `Intel: Setup.exe 12/23/99 3:17p` (Q247896), `Danish: Winboot.sys dated 01/09/97` (Q170456).
    let (prefix, text) = text.split_once(": ").unwrap_or(("", text));
    let mut row = row::by_kind(text)?;
    if cells::is_platform(prefix) {
        row.platform = Some(prefix.to_owned());
    } else if context::is_language(prefix) {
        row.language = Some(prefix.to_owned());
    } else if !prefix.is_empty() {
        return None;
    }
    let stated = [row.version.is_some(), row.date.is_some(), row.size.is_some()].iter().filter(|s| **s).count();
    (stated >= 1 && (row.date.is_some() || row.version.is_some())).then_some(row)
}
