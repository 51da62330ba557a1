//! The words of one row of a collapsed table -> its cells, if they fit the columns in exactly one way.

use super::cells;
use super::collapsed_titles::Part;
use super::columns::{Column, HeaderColumn};
use super::folder::folder_cell;
use super::row::{Row, fill};
use super::table_cells;
use super::version_remarks;
use hotfixcheck_types::Machine;

/// The most words of a row; a longer one is not a row.
const MAX_WORDS: usize = 40;
/// The most words of a date: `2004 年 3 月 24 日`.
const MAX_DATE: usize = 6;

/// The number of words of the date that begins at a word.
pub(crate) fn date_at(words: &[Part<'_>], at: usize) -> Option<usize> {
    let is_date = |length: &usize| table_cells::date_cell(&joined(&words[at..at + length])).is_some();
    (1..=MAX_DATE.min(words.len() - at)).find(is_date)
}

/// Reads a row: each word belongs to a column, in the order of the columns. Cells may be missing, but of the ways with the
/// fewest missing cells there must be only one.
pub(crate) fn read(line: &str, words: &[Part<'_>], columns: &[HeaderColumn]) -> Option<Row> {
    let n = words.len();
    if n == 0 || n > MAX_WORDS {
        return None;
    }
    let machines = columns.iter().any(|header| header.column == Column::Platform);
    // best[c][w]: of the ways to give the first w words to the first c columns those with the fewest missing cells: how
    // many cells are missing, how many ways there are, and how many words the last column of the first one has.
    let mut best = vec![vec![Option::<(usize, usize, usize)>::None; n + 1]; columns.len() + 1];
    best[0][0] = Some((0, 1, 0));
    for (c, header) in columns.iter().enumerate() {
        for w in 0..=n {
            let Some((missing, ways, _)) = best[c][w] else { continue };
            for take in 0..=longest(header.column).min(n - w) {
                let fits = match take {
                    // The first cell marks the row, and without a name there is none.
                    0 => c > 0 && header.column != Column::File,
                    _ => fits(header.column, line, &words[w..w + take], machines),
                };
                if !fits {
                    continue;
                }
                let missing = missing + usize::from(take == 0);
                let cell = &mut best[c + 1][w + take];
                *cell = match *cell {
                    Some((least, ..)) if least < missing => *cell,
                    Some((least, others, first)) if least == missing => {
                        Some((least, others.saturating_add(ways), first))
                    }
                    _ => Some((missing, ways, take)),
                };
            }
        }
    }
    best[columns.len()][n].filter(|(_, ways, _)| *ways == 1)?;
    let mut row = Row::default();
    let mut w = n;
    for (c, header) in columns.iter().enumerate().rev() {
        let (_, _, take) = best[c + 1][w]?;
        let run = &words[w - take..w];
        if let (Some(first), Some(last)) = (run.first(), run.last())
            && !fill(&mut row, header.column, &line[first.start..last.end])
        {
            return None;
        }
        w -= take;
    }
    // A name alone states nothing.
    let stated = row.version.is_some() || row.date.is_some() || row.size.is_some();
    (stated && cells::is_file_name(&row.file)).then_some(row)
}

/// The most words of a cell.
fn longest(column: Column) -> usize {
    match column {
        Column::File | Column::Branch | Column::Folder => 1,
        Column::Date | Column::Size | Column::RoundedSize => MAX_DATE,
        Column::DateTime => MAX_DATE + 2,
        Column::Time | Column::Platform | Column::Language | Column::SpRequirement | Column::Version => 3,
        Column::Product | Column::Place | Column::Other => 12,
    }
}

/// True if some words are a cell of this column.
fn fits(column: Column, line: &str, run: &[Part<'_>], machines: bool) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
    // Two blanks separate cells.
    if run.windows(2).any(|pair| pair[0].end + 1 != pair[1].start) {
        return false;
    }
    let text = &line[first.start..last.end];
    let single = run.len() == 1;
    if column != Column::File && cells::is_nothing(text) {
        return true;
    }
    match column {
        Column::File => cells::is_file_name(table_cells::without_note(text)),
        Column::Version => single && is_version(text) || cells::is_no_version(text),
        Column::Size | Column::RoundedSize => table_cells::size_cell(text).is_some(),
        Column::Date => table_cells::date_cell(text).is_some(),
        Column::Time => table_cells::time_cell(text).is_some(),
        Column::DateTime => {
            let dated = |length: usize| table_cells::date_cell(&joined(&run[..length])).is_some();
            let timed = |length: usize| table_cells::time_cell(&joined(&run[length..])).is_some();
            dated(run.len()) || (1..run.len()).any(|length| dated(length) && timed(length))
        }
        Column::Platform => cells::is_platform(text),
        Column::Branch | Column::Folder => {
            let known = folder_cell(text).is_some_and(|(branch, wow)| branch.is_some() || wow);
            known || is_free(first, machines) && text.starts_with(|c: char| c.is_alphabetic() || c == '\\')
        }
        Column::Language | Column::SpRequirement | Column::Product | Column::Place | Column::Other => {
            run.iter().all(|word| is_free(word, machines))
        }
    }
}

/// True for a word of a cell of any words: it is not a fact of another column.
fn is_free(word: &Part<'_>, machines: bool) -> bool {
    let text = word.text;
    !(cells::is_file_name(text)
        || is_version(text)
        || text.len() > 2 && table_cells::size_cell(text).is_some()
        || table_cells::date_cell(text).is_some()
        || table_cells::time_cell(text).is_some()
        || machines && Machine::from_platform_word(text).is_some())
}

fn is_version(text: &str) -> bool {
    cells::is_version(text) || version_remarks::version_cell(text).is_some_and(cells::is_version)
}

fn joined(run: &[Part<'_>]) -> String {
    run.iter().map(|part| part.text).collect::<Vec<_>>().join(" ")
}
