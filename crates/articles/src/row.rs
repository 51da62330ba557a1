//! One line of a table -> the cells of its columns, by the kind and the position of each word.

use std::borrow::Cow;

use jiff::civil::Date;

use super::cells::{self, DateText, SizeText};
use super::clock_time::ClockTime;
use super::columns::{Column, HeaderColumn};
use super::folder::{Place, folder_cell, is_wow, is_wow_place};
use super::required_pack;
use super::table_cells;
use super::version_remarks::{self, Stated};
use super::words::{MAX_WORDS, Word, words};
use hotfixcheck_types::Machine;

/// The facts of a row, before dates are resolved for the whole table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub file: String,
    pub version: Option<String>,
    pub date: Option<DateText>,
    pub time: Option<ClockTime>,
    pub size: Option<u64>,
    pub platform: Option<String>,
    pub language: Option<String>,
    pub branch: Option<String>,
    pub sp_requirement: Option<String>,
    /// The product of the row, if a column names it.
    pub product: Option<String>,
    /// The product of the column that contains the version: `Version (XP)`.
    pub of_column: Option<String>,
    /// The folder of the package, if it is not the name of a branch.
    pub folder: Option<String>,
    /// True for the 32-bit file of a 64-bit package, whose name has an added W there.
    pub wow: bool,
    /// True if the row names the folder of such files in the package: there the names begin with an added W.
    pub of_wow_folder: bool,
    /// True if the row says that it requires no service pack.
    pub no_pack: bool,
    /// The cells that could not be read: the row is kept without them.
    pub unread: Vec<String>,
}

impl Row {
    /// Takes a version, and the facts of its remark that no column states.
    pub(crate) fn take_version(&mut self, stated: Stated<'_>) {
        self.version = Some(stated.version.to_owned());
        self.sp_requirement = self.sp_requirement.take().or(stated.pack);
        self.platform = self.platform.take().or(stated.platform);
        self.branch = self.branch.take().or(stated.branch);
        self.of_column = self.of_column.take().or(stated.product);
        self.language = self.language.take().or(stated.language);
    }

    /// Takes the facts of the folder before a name (`SP2GDR\abc.sys`) that no column states.
    pub(crate) fn take_folder(&mut self, path: &str) {
        let Some(place) = Place::of_name(path) else { return };
        self.branch = self.branch.take().or(place.branch.map(Cow::into_owned));
        self.platform = self.platform.take().or(place.platform.map(str::to_owned));
        self.of_wow_folder |= place.of_wow_folder;
        self.wow |= place.wow;
    }

    /// The row's date, once the table's order of day and month is known.
    pub(crate) fn resolved_date(&self, day_first: bool) -> Option<Date> {
        self.date.and_then(|d| d.resolve(day_first))
    }
}

/// How well a run of words fits a column: `None` if it cannot, else a cost.
fn fit(column: Column, run: &[Word<'_>], line: &str) -> Option<f32> {
    let text = &line[run.first()?.start..run.last()?.end];
    let single = run.len() == 1;
    let bare = text.trim_end_matches([',', ';']);
    let cost = match column {
        Column::File if single && cells::is_file_name(bare) => 0.0,
        Column::File if single && cells::is_file_name(table_cells::without_note(bare)) => 0.05,
        // `abc.dll [1]`
        Column::File if run.len() == 2 && cells::is_file_name(table_cells::without_note(text)) => 0.05,
        // `Mdbmsg.dll, Mdb2.dll`
        Column::File if names_several(run, text) => 0.1,
        Column::File if run.len() <= 4 && is_spaced_file_name(run) => 0.5,
        Column::File if single && is_bare_name(bare) => 0.9,
        Column::Version if single && cells::is_version(bare) => 0.0,
        Column::Version if single && cells::is_odd_version(&bare.to_ascii_lowercase()) => 0.2,
        Column::Version if single && cells::is_version(table_cells::without_note(bare)) => 0.1,
        // `Ver. 5.1.2600.1`, `5.1.2600.1 (xpclnt_qfe.010827-1803)`
        Column::Version if version_remarks::version_cell(bare).is_some_and(cells::is_version) => 0.1,
        Column::Version if single && bare.len() <= 5 && bare.bytes().all(|b| b.is_ascii_digit()) => 0.6,
        Column::Size if single && cells::size(bare).is_some() => 0.0,
        Column::RoundedSize if text.starts_with(|c: char| c.is_ascii_digit()) => 0.1,
        Column::Size if !single && is_grouped(run) && table_cells::size_cell(text).is_some() => 0.2,
        Column::Date if single && cells::date(bare).is_some() => 0.0,
        Column::Date if single && table_cells::date_cell(bare).is_some() => {
            if bare.contains('.') {
                0.6
            } else {
                0.1
            }
        }
        Column::Time if single && cells::time(bare).is_some() => 0.0,
        Column::DateTime if single && cells::date(bare).is_some() => 0.1,
        Column::DateTime if run.len() == 2 && split_date_time(run).is_some() => 0.0,
        Column::Platform if run.len() <= 3 && cells::is_platform(text) => 0.0,
        // `NT x86 40bit`, `I386 - 128-bit`, `NT 4.0` (Q249863, Q322051, Q275588).
        Column::Platform if run.len() <= 4 && run.iter().all(|w| is_platform_part(w.text)) => 0.8,
        Column::Language if run.len() <= 4 && run.iter().all(|w| is_language_part(w.text)) => 0.4,
        // In a table with single blanks a long name shifts the text after it: `IA64 RTMGDR` is two cells, not one
        // (MS04-012).
        Column::Branch | Column::SpRequirement | Column::Folder | Column::Place if begins_with_processor(run) => 1.8,
        // `None Not applicable` is two cells, too.
        Column::Branch | Column::SpRequirement if run.len() <= 4 && has_nothing_beside(run, line) => 1.8,
        Column::Branch | Column::SpRequirement if run.len() <= 4 => 0.3,
        Column::Other | Column::Place | Column::Folder | Column::Product if run.len() <= 14 => 0.3,
        Column::Version | Column::Size | Column::Date | Column::Time | Column::DateTime | Column::Platform
            if run.len() <= 2 && cells::is_nothing(bare) =>
        {
            0.2
        }
        Column::Version if cells::is_no_version(bare) => 0.2,
        _ => return None,
    };
    Some(cost)
}

/// True for several words that begin or end with the words of a cell that says nothing, or end with a branch, and have
/// others.
fn has_nothing_beside(run: &[Word<'_>], line: &str) -> bool {
    let text = |run: &[Word<'_>]| Some(&line[run.first()?.start..run.last()?.end]);
    let is_nothing = |run: &[Word<'_>]| text(run).is_some_and(cells::is_nothing);
    let parts = || (1..run.len()).flat_map(|at| [&run[..at], &run[at..]]);
    // `SP1 LDR` is two cells as well.
    let is_branch = |word: &Word<'_>| ["GDR", "LDR", "QFE"].iter().any(|branch| word.text.ends_with(branch));
    run.len() > 1 && !is_nothing(run) && (parts().any(is_nothing) || run.last().is_some_and(is_branch))
}

/// True for several words of which the first names a processor.
fn begins_with_processor(run: &[Word<'_>]) -> bool {
    matches!(run, [first, _, ..] if Machine::from_platform_word(first.text).is_some())
}

/// The most words that [`fit`] gives a column.
fn longest_run(column: Column) -> usize {
    match column {
        Column::Other | Column::Place | Column::Folder | Column::Product => 14,
        Column::File => 7,
        Column::Platform | Column::Language | Column::Branch | Column::SpRequirement => 4,
        Column::Size | Column::RoundedSize | Column::Version => 3,
        Column::Date | Column::Time | Column::DateTime => 2,
    }
}

/// The cost of leaving a column empty.
fn absence(column: Column) -> f32 {
    match column {
        Column::File => f32::INFINITY,
        Column::Version => 0.8,
        Column::Size | Column::Date | Column::DateTime => 1.2,
        _ => 0.5,
    }
}

/// Reads a line as a row of these columns: the cheapest way to assign every word to a column, in the header's order.
/// `None` if there is no way.
pub(crate) fn aligned(line: &str, columns: &[HeaderColumn]) -> Option<Row> {
    fitted(line, columns, fit).map(|(row, _)| row)
}

/// The same, but a date, time or size may be unreadable. The row must then name its file and version unmistakably.
pub(crate) fn aligned_in_part(line: &str, columns: &[HeaderColumn]) -> Option<Row> {
    let (row, unread) =
        fitted(line, columns, |column, run, line| fit(column, run, line).or_else(|| unreadable(column, run)))?;
    let whole = cells::is_file_name(&row.file) && row.version.as_deref().is_some_and(cells::is_version);
    (whole && unread == 1).then_some(row)
}

/// The cost of a cell that is not of its column's kind.
fn unreadable(column: Column, run: &[Word<'_>]) -> Option<f32> {
    let word = run.first().filter(|_| run.len() == 1)?.text;
    let kind = matches!(column, Column::Date | Column::Time | Column::Size);
    (kind && word.contains(|c: char| c.is_ascii_digit()) && !cells::is_file_name(word) && !cells::is_version(word))
        .then_some(1.0)
}

/// The row, and how many of its cells are not of their column's kind.
fn fitted(
    line: &str,
    columns: &[HeaderColumn],
    fit: impl Fn(Column, &[Word<'_>], &str) -> Option<f32>,
) -> Option<(Row, usize)> {
    let words: Vec<Word<'_>> = words(line).take(MAX_WORDS + 1).collect();
    if words.is_empty() || words.len() > MAX_WORDS {
        return None;
    }
    let n = words.len();
    // best[c][w]: the cheapest way to give the first w words to the first c columns, and how many the last one took.
    let mut best = vec![vec![(f32::INFINITY, 0usize); n + 1]; columns.len() + 1];
    best[0][0].0 = 0.0;
    for (c, header) in columns.iter().enumerate() {
        for w in 0..=n {
            let base = best[c][w].0;
            if base.is_infinite() {
                continue;
            }
            let empty = base + absence(header.column);
            if empty < best[c + 1][w].0 {
                best[c + 1][w] = (empty, 0);
            }
            for take in 1..=longest_run(header.column).min(n - w) {
                let run = &words[w..w + take];
                let Some(cost) = fit(header.column, run, line) else { continue };
                let gap = distance(header, run[0].start, run[take - 1].end) as f32;
                let total = base + cost + (gap * 0.03).min(0.6);
                if total < best[c + 1][w + take].0 {
                    best[c + 1][w + take] = (total, take);
                }
            }
        }
    }
    if best[columns.len()][n].0.is_infinite() {
        return None;
    }
    let mut row = Row::default();
    let mut unread = 0;
    let mut w = n;
    for (c, header) in columns.iter().enumerate().rev() {
        let take = best[c + 1][w].1;
        if take > 0 {
            let run = &words[w - take..w];
            let text = &line[run[0].start..run[take - 1].end];
            if !fill(&mut row, header.column, text) {
                row.unread.push(format!("'{text}' is not a {}", column_name(header.column)));
                unread += 1;
            }
        }
        w -= take;
    }
    is_row(&row).then_some((row, unread))
}

/// Why a size such as `6,997 KB` is not known.
pub(crate) const NOT_IN_BYTES: &str = " is not a size in bytes";

/// Stores a cell's text in its field; false if it is not of the column's kind.
pub(crate) fn fill(row: &mut Row, column: Column, text: &str) -> bool {
    let text = text.trim().trim_end_matches([',', ';']);
    if cells::is_nothing(text) && column != Column::File {
        row.no_pack |= column == Column::SpRequirement && required_pack::means_none(text);
        // A row of no product, unlike one whose cell is empty.
        row.product = row.product.take().or((column == Column::Product).then(String::new));
        return true;
    }
    let owned = || Some(text.to_owned());
    match column {
        Column::File => {
            row.file = bare_file(text).to_owned();
            row.take_folder(text);
        }
        Column::Version if cells::is_no_version(text) => {}
        Column::Version => match version_remarks::stated_version(text) {
            Some(stated) => row.take_version(stated),
            None => return false,
        },
        Column::Size => match table_cells::size_cell(text) {
            Some(SizeText::Bytes(bytes)) => {
                row.size = Some(bytes);
                row.unread.retain(|reason| !reason.ends_with(NOT_IN_BYTES));
            }
            Some(SizeText::Rounded) if row.size.is_none() => row.unread.push(format!("'{text}'{NOT_IN_BYTES}")),
            Some(SizeText::Rounded) => {}
            None => return false,
        },
        Column::RoundedSize if row.size.is_none() => row.unread.push(format!("'{text}'{NOT_IN_BYTES}")),
        Column::RoundedSize => {}
        Column::Date => match table_cells::date_cell(text) {
            Some(date) => row.date = Some(date),
            None => return false,
        },
        Column::Time => match table_cells::time_cell(text) {
            Some(time) => row.time = time,
            None => return false,
        },
        Column::DateTime => {
            let (date, time) = text.split_once(' ').map_or((text, ""), |(d, t)| (d, t.trim()));
            match (cells::date(date), cells::date(text)) {
                (Some(date), _) => {
                    row.date = Some(date);
                    row.time = cells::time(time).flatten();
                }
                (None, Some(date)) => row.date = Some(date),
                (None, None) => match table_cells::date_cell(text) {
                    Some(date) => row.date = Some(date),
                    None => return false,
                },
            }
        }
        // `WOW64`, `x86 (WOW)`
        Column::Platform if is_wow(text) => {
            row.platform = Some("x86".to_owned());
            row.wow = true;
        }
        // A cell that slipped one column to the left: `SP1QFE` (MS07-021 zh-tw).
        Column::Platform if branch_of(text).is_some() => row.branch = row.branch.take().or(branch_of(text)),
        // A misprint of IA64 (MS03-044 it-it).
        Column::Platform if text.eq_ignore_ascii_case("i64") => row.platform = Some("IA64".to_owned()),
        Column::Platform => row.platform = Some(without_brackets(text).to_owned()),
        Column::Language => row.language = owned(),
        Column::Branch | Column::Folder => match folder_cell(text) {
            Some((branch, wow)) => {
                row.wow |= wow;
                row.of_wow_folder |= wow;
                // A folder inside that of the branch: `SP1QFE\\ip` (MS06-025).
                let inside = |branch: &str| text.trim_start_matches('\\').starts_with(branch);
                row.folder = owned().filter(|_| !wow && text.contains('\\') && branch.as_deref().is_some_and(inside));
                row.branch = branch.map(Cow::into_owned);
            }
            None if column == Column::Branch => row.branch = owned(),
            None => {
                row.wow |= is_wow_place(text);
                row.folder = owned();
            }
        },
        Column::Place => row.wow |= is_wow_place(text),
        Column::SpRequirement => row.sp_requirement = Some(required_pack::spelled(text).into_owned()),
        Column::Product => row.product = owned(),
        Column::Other => {}
    }
    true
}

/// The service branch that a cell names and nothing else.
fn branch_of(text: &str) -> Option<String> {
    folder_cell(text).and_then(|(branch, wow)| branch.filter(|_| !wow)).map(Cow::into_owned)
}

/// A name without quotes and without the mark of a footnote (`Tapisrv.exe*`).
fn bare_file(text: &str) -> &str {
    let text = text.trim_matches('"');
    let bare = table_cells::without_note(text);
    if cells::is_file_name(bare) { bare } else { text }
}

/// `(Intel)` -> `Intel`; brackets inside stay (`Windows 95 (all versions)`).
fn without_brackets(text: &str) -> &str {
    let inner = |open, close| text.strip_prefix(open).and_then(|t: &str| t.strip_suffix(close));
    inner('(', ')').or_else(|| inner('[', ']')).unwrap_or(text)
}

/// True if a row states a file and at least one attribute.
fn is_row(row: &Row) -> bool {
    let attributes = [row.version.is_some(), row.date.is_some(), row.time.is_some(), row.size.is_some()];
    let stated = attributes.iter().filter(|a| **a).count();
    if cells::is_file_name(&row.file) { true } else { stated >= 1 && !row.file.is_empty() }
}

pub(crate) fn column_name(column: Column) -> &'static str {
    match column {
        Column::File => "file name",
        Column::Version => "version",
        Column::Size | Column::RoundedSize => "size",
        Column::Date | Column::DateTime => "date",
        Column::Time => "time",
        Column::Platform => "platform",
        Column::Language => "language",
        Column::Branch => "service branch",
        Column::SpRequirement => "service pack requirement",
        Column::Folder | Column::Place | Column::Product | Column::Other => "cell",
    }
}

fn distance(header: &HeaderColumn, start: usize, end: usize) -> usize {
    if end <= header.start { header.start - end + 1 } else { (start + 1).saturating_sub(header.end) }
}

/// `134 352`: groups of digits with single blanks between them.
fn is_grouped(run: &[Word<'_>]) -> bool {
    run.iter().all(|word| word.text.bytes().all(|b| b.is_ascii_digit()))
        && run.windows(2).all(|pair| pair[1].start - pair[0].end == 1)
}

fn split_date_time<'a>(run: &[Word<'a>]) -> Option<(&'a str, &'a str)> {
    let [date, time] = run else { return None };
    let date_text = date.text.trim_end_matches(',');
    (cells::date(date_text).is_some() && cells::time(time.text).is_some()).then_some((date_text, time.text))
}

/// `Sp2 readme.txt`: words with single gaps, the last with an extension.
fn is_spaced_file_name(run: &[Word<'_>]) -> bool {
    let Some((last, rest)) = run.split_last() else { return false };
    !rest.is_empty()
        && cells::is_file_name(last.text)
        && rest.iter().all(|w| is_word(w.text) && cells::date(w.text).is_none() && cells::time(w.text).is_none())
        && run.windows(2).all(|pair| pair[1].start - pair[0].end == 1)
}

/// Several adjacent names: single blanks between them, or a comma before a wider gap.
fn names_several(run: &[Word<'_>], text: &str) -> bool {
    let together = |pair: &[Word<'_>]| pair[1].start - pair[0].end == 1 || pair[0].text.ends_with([',', ';']);
    run.first().is_some_and(|first| first.text.contains('.'))
        && (run.len() > 1 || text.contains([',', ';', '/']))
        && run.windows(2).all(together)
        && table_cells::file_cell(text).len() > 1
}

/// A file named without extension: a word of letters and digits that is neither a number nor a platform.
pub(crate) fn is_bare_name(text: &str) -> bool {
    text.len() >= 2
        && text.len() <= 20
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '~' | '$' | '*' | '.' | '?'))
        && !cells::is_platform(text)
        && !is_no_name(text)
}

/// True for a cell that was to be filled in, or that stands for files that it does not name: `TBD`, `various`. Such a row is of an
/// unknown file (issue 13, point 9).
pub(crate) fn is_no_name(text: &str) -> bool {
    const WORDS: [&str; 10] =
        ["all", "any", "files", "many", "multiple", "none", "pending", "several", "tba", "various"];
    cells::is_nothing(text) || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Accepts the numbers of locales, too: `001033 English (United States)` (Q236090).
fn is_language_part(text: &str) -> bool {
    is_word(text) || text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_platform_part(text: &str) -> bool {
    // `(Windows 95)` (Q195144).
    let text = text.trim_matches(['(', ')']);
    is_word(text)
        || text.ends_with("bit")
        || text.contains('/') && text.chars().all(|c| c.is_alphanumeric() || c == '/')
        || text == "4.0"
        || text == "3.51"
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '(' | '/' | '&' | '['))
        || text.chars().all(|c| c.is_ascii_digit()) && text.len() <= 4
        || cells::is_platform(text)
        || matches!(text, "-" | "64-bit" | "32-bit" | "16-bit" | "64-Bit" | "32-Bit")
}
