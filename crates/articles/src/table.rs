//! Tables under a column header: space-aligned or boxed.

use std::sync::LazyLock;

use regex::Regex;

use super::aligned;
use super::binding;
use super::blanks::is_boxed;
use super::box_cells::header_of;
use super::boxed::boxed_rows;
use super::captions;
use super::collapsed;
use super::column_cells;
use super::columns::{self, Column, HeaderColumn};
use super::context::{self, only_headings_between};
use super::document::{Document, Line};
use super::file_sentences;
use super::fix::FixKind;
use super::found::{Found, MAX_ROWS, PACKAGE_OF_FIX, Placed, push_rows};
use super::heading;
use super::installer_files::{self, INSTALLER_FILE};
use super::no_fix;
use super::release_rows;
use super::second_table;
use super::section;
use super::stacked;
use super::unknown_titles;
use super::untitled;
use super::updates::NamedUpdates;
use super::variants::{self, Reading};
use super::vertical;
use super::vocabulary::pattern;
use super::wow;
use hotfixcheck_types::Machine;

/// Reads every table of corrected files.
pub(crate) fn extract(document: &Document<'_>, found: &mut Found) {
    let lines = &document.lines;
    let mut i = 0;
    let mut last_fix_table: Option<usize> = None;
    let named = if document.bulletin.is_some() { NamedUpdates::of(document) } else { NamedUpdates::default() };
    // The columns of the table above.
    let mut above_columns: Vec<HeaderColumn> = Vec::new();
    while i < lines.len() {
        let untitled = document.bulletin.is_some().then(|| untitled::columns_of(lines, i, &above_columns)).flatten();
        if untitled.is_none() && !columns::may_begin_table(&lines[i].text) && !collapsed::may_be(&lines[i]) {
            i += 1;
            continue;
        }
        let collapsed = collapsed::at(&lines[i]);
        let variants = is_boxed(&lines[i].text).then(|| variants::at(lines, i)).flatten();
        let header = match &variants {
            Some((readings, _)) => readings.first().map(|reading| (reading.columns.clone(), true)),
            None if collapsed.is_some() => None,
            None => untitled.map(|columns| (columns, true)).or_else(|| header_at(document, i)),
        };
        let columns = header.as_ref().map(|(header, _)| header.clone()).unwrap_or_default();
        if let Some((readings, titles)) = &variants
            && readings.is_empty()
        {
            found.reject(&lines[i], UNREAD_TABLE);
            let rows = lines[i..].iter().take_while(|line| is_boxed(&line.text)).count();
            // A row of such a table does not state a fix by itself either.
            found.mark_used(i..i + rows);
            i += rows.max(*titles);
            continue;
        }
        let stacked = if header.is_none() && collapsed.is_none() { stacked::at(lines, i) } else { None };
        let columns = stacked.as_ref().map_or(columns, |stacked| stacked.columns.clone());
        let columns = collapsed.as_ref().map_or(columns, |collapsed| collapsed.columns.clone());
        if header.is_none() && stacked.is_none() && collapsed.is_none() && !vertical::begins(lines, i) {
            i += 1;
            continue;
        }
        let mut rows = Vec::new();
        let mut rejected = Vec::new();
        let bulletin = document.bulletin.is_some();
        let binding = if bulletin { section::binding(document, i, &named) } else { binding::binding(document, i) };
        let end = match (header, stacked, &collapsed) {
            (_, _, Some(collapsed)) => {
                collapsed.rows(&lines[i], i, &binding, &mut rows, &mut rejected);
                i + 1
            }
            (Some((columns, true)), ..) => {
                let only = || (vec![Reading::only(columns)], 1);
                let (mut readings, titles) = variants.unwrap_or_else(only);
                readings.iter_mut().for_each(|reading| column_cells::tell(&mut reading.columns, lines, i + titles));
                boxed_rows(lines, i + titles, &readings, &binding, &mut rows, &mut rejected)
            }
            (Some((header, false)), ..) => aligned::rows(lines, i, &header, &binding, &mut rows, &mut rejected),
            (None, Some(titles), _) => titles.rows(lines, &binding, &mut rows, &mut rejected),
            (None, None, _) => vertical::rows(lines, i, &binding, &mut rows, &mut rejected),
        };
        let evident = || is_evident(&columns) && context::evident(document, i);
        let continues = last_fix_table.is_some_and(|last| only_headings_between(lines, last, i));
        let listed = has_versions(&columns);
        if rows.is_empty() && rejected.iter().any(|(_, reason)| reason == no_fix::NO_FIX_TABLE) {
            found.mark_used(i..end);
            found.reject(&lines[i], no_fix::NO_FIX_TABLE);
            i = end.max(i + 1);
            continue;
        }
        if rows.is_empty() || found.fixes.len() + rows.len() > MAX_ROWS {
            let boxed = || lines.get(i + 1).is_some_and(|l| is_boxed(&l.text));
            let of_branches = || !rejected.is_empty() && variants::aligned(lines, i, &columns).is_some();
            if listed && (collapsed.is_some() || boxed() || of_branches()) {
                found.reject(&lines[i], UNREAD_TABLE);
                // No cell of a table in one line states a fix by itself either.
                found.mark_used(i..i + usize::from(collapsed.is_some()));
            }
            i += 1;
            continue;
        }
        found.mark_used(i..end);
        if !bulletin && document.verbatim && !continues && context::of_another_maker(document, i, end) {
            i = end.max(i + 1);
            continue;
        }
        let is_second =
            !document.file_list && last_fix_table.is_some_and(|last| second_table::is_of_others(document, last, i));
        let other_matter = || !document.file_list && context::of_other_matter(document, i);
        if (continues
            || document.file_list
            || bulletin && listed && (is_bulletin_table(&rows) || announces_itself(document, i))
            || context::announced(document, i)
            || context::announced_below(lines, end)
            || evident())
            && !other_matter()
            && !is_second
        {
            if is_package(&rows) && context::announces_package(document, i) {
                found.reject(&lines[i], PACKAGE_OF_FIX);
                i = end.max(i + 1);
                continue;
            }
            if !document.file_list && no_fix::heads(document, i) {
                found.reject(&lines[i], no_fix::NO_FIX_TABLE);
                i = end.max(i + 1);
                continue;
            }
            let above = last_fix_table.filter(|_| !bulletin && !document.file_list);
            if above.is_some_and(|last| second_table::is_not_understood(document, last, i, &rows, &found.fixes)) {
                found.reject(&lines[i], second_table::NOT_UNDERSTOOD);
                i = end.max(i + 1);
                continue;
            }
            last_fix_table = Some(end);
            above_columns.clone_from(&columns);
            for (at, reason) in rejected {
                found.reject(&lines[at], reason);
            }
            if let Some(line) = more_files(lines, end) {
                found.reject(line, MORE_FILES);
            }
            let of_products = columns.iter().any(|header| header.column == Column::Product);
            bind_rows(&mut rows, of_products, document.verbatim);
            if bulletin {
                for line in installer_files::leave_out(&mut rows) {
                    let at = lines.partition_point(|own| own.number < line);
                    found.reject(&lines[at], INSTALLER_FILE);
                }
            }
            wow::settle_wow(&mut rows, bulletin);
            release_rows::settle_packs(&mut rows);
            push_rows(rows, FixKind::Table, found);
        } else if listed || is_second {
            found.reject(&lines[i], UNANNOUNCED_TABLE);
        }
        i = end.max(i + 1);
    }
    if document.file_list && !found.fixes.is_empty() {
        reject_rest(lines, found);
    }
    // If other tables of the page are read, an unread one is about something else.
    if found.fixes.is_empty() {
        for line in unknown_titles::lines(lines) {
            found.reject(line, UNREAD_TABLE);
        }
    }
}

/// True for a table with one program, which may be the package of the fix.
fn is_package(rows: &[Placed]) -> bool {
    matches!(rows, [only] if only.row.version.is_none() && only.row.file.to_ascii_lowercase().ends_with(".exe"))
}

/// The line right after a table that says that the fix has more files: "(and 3 other files)", "...".
fn more_files<'l, 'a>(lines: &'l [Line<'a>], end: usize) -> Option<&'l Line<'a>> {
    static MORE: LazyLock<Regex> = pattern!(
        r"(?i)^[\s(\[]*(?:\.\.\.|…|etc\.?|(?:and|plus)(?: [0-9]+| several| some| many)?(?: more| other| additional)? files?)[\s.)\]]*$"
    );
    let near = lines[end.saturating_sub(1).min(lines.len())..].iter().take(3);
    near.filter(|line| line.text.len() < 60).find(|line| MORE.is_match(&line.text))
}

/// Every record of a file list is a row: those outside of all tables are reported.
fn reject_rest(lines: &[Line<'_>], found: &mut Found) {
    for (i, line) in lines.iter().enumerate() {
        if line.text.starts_with('|') && !found.is_used(i) && header_of(&line.text).is_none() {
            found.reject(line, "a record under no header line");
        }
    }
}

/// Gives rows the product that their own column names, and the one processor that their heading names.
fn bind_rows(rows: &mut [Placed], of_products: bool, verbatim: bool) {
    // In a column of products an empty cell goes on with the product above it.
    let mut above: Option<String> = None;
    for placed in rows {
        match placed.row.product.take() {
            None if of_products => {}
            own => above = own,
        }
        let named = above.clone().filter(|product| heading::PRODUCT.is_match(product.as_bytes()));
        if let Some(product) = named.filter(|_| placed.binding.section.is_empty()) {
            placed.binding.section = product;
        }
        if placed.binding.platform.is_none() {
            let section = &placed.binding.section;
            // In the text layout the words of a line above may be those of a system, not of its files (KB836769).
            let is_old = |machine: Machine| matches!(machine, Machine::Alpha | Machine::Mips | Machine::Ppc);
            let of_heading = || {
                section::machine_of(section).filter(|(_, machine)| !verbatim || is_old(*machine)).map(|(word, _)| word)
            };
            let machine = file_sentences::only_machine(section).or_else(of_heading);
            placed.binding.platform = machine.map(str::to_owned);
        }
    }
}

/// True for rows of a bulletin's table of files: it has dates or sizes. Tables of affected versions have neither.
fn is_bulletin_table(rows: &[Placed]) -> bool {
    rows.iter().any(|placed| placed.row.version.is_some() && (placed.row.date.is_some() || placed.row.size.is_some()))
}

/// True for a header line that states that the table has the versions after the update (MS14-042).
fn announces_itself(document: &Document<'_>, header: usize) -> bool {
    document.lower.announces(header)
}

/// Why a table of files and versions gave no row: nothing says that they are the fix.
pub const UNANNOUNCED_TABLE: &str = "a table of files and versions that nothing above it announces as the fix";

/// Why a table of files and versions gave no row: none of its lines could be read.
pub const UNREAD_TABLE: &str = "a table of files and versions of which no row could be read";

/// Why the line below a table is listed: the fix has files of which no row is printed.
const MORE_FILES: &str = "the fix has more files than the table lists";

/// True for columns of files and their versions.
fn has_versions(header: &[HeaderColumn]) -> bool {
    let has = |column: Column| header.iter().any(|h| h.column == column);
    has(Column::File) && has(Column::Version)
}

/// True for columns that only a fix table has: files, versions, and their dates or sizes.
fn is_evident(header: &[HeaderColumn]) -> bool {
    let has = |column: Column| header.iter().any(|h| h.column == column);
    has_versions(header) && (has(Column::Date) || has(Column::DateTime) || has(Column::Size))
}

fn header_at(document: &Document<'_>, i: usize) -> Option<(Vec<HeaderColumn>, bool)> {
    let lines = &document.lines;
    let text = lines[i].text.as_ref();
    if is_boxed(text) {
        return header_of(text).map(|h| (h, true));
    }
    let text = captions::titles_after_words(text).unwrap_or(text);
    if !columns::may_be_header(text) && !columns::may_be_foreign_header(text) {
        return only_names_at(document, i).map(|h| (h, false));
    }
    variants::aligned_header(text).or_else(|| columns::aligned_header(text)).map(|h| (h, false))
}

/// A table of names only (Q292041): `File name` alone over a ruler, if corrected files are announced.
fn only_names_at(document: &Document<'_>, i: usize) -> Option<Vec<HeaderColumn>> {
    let lines = &document.lines;
    let title = lines[i].trimmed();
    let ruled = || lines.get(i + 1).is_some_and(|l| columns::is_ruler(&l.text) && !heading::is_top_heading(lines, i));
    let alone = (8..=10).contains(&title.len()) && ruled() && columns::title(title) == Some(Column::File);
    let start = lines[i].text.len() - title.len();
    (alone && context::announced(document, i))
        .then(|| vec![HeaderColumn { column: Column::File, start, end: lines[i].text.len() }])
}
