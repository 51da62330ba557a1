//! Tables that a text draws in another way than `| a | b |`: cells separated by tabs, lines of box characters, cells of
//! several lines between rulers. Their lines get marks between the cells, so that they are read like all others.

use crate::box_cells::header_of;
use crate::cells;
use crate::columns::{MAX_COLUMNS, is_ruler};
use crate::document::Line;
use crate::heading;

/// A ruler that takes the place of a line whose text was moved.
const RULER: &str = "+---+";
/// The most lines of one cell, and of a table.
const MAX_CELL_LINES: usize = 8;
const MAX_ROWS: usize = 20_000;

/// Gives marks to lines of box characters, and joins cells of several lines.
pub(super) fn settle(lines: &mut [Line<'_>]) {
    if lines.iter().any(|line| may_be_drawn(line.text.as_bytes())) {
        lines.iter_mut().for_each(undraw);
    }
    join_grids(lines);
    join_paragraph_rows(lines);
}

/// True for a text with such a character, which its first two bytes show.
fn may_be_drawn(text: &[u8]) -> bool {
    memchr::memchr_iter(0xe2, text).any(|at| matches!(text.get(at + 1), Some(0x94 | 0x95)))
}

/// True for a character of which boxes are drawn.
fn is_drawn(c: char) -> bool {
    ('\u{2500}'..='\u{257f}').contains(&c)
}

/// `│a │b │` and the lines of its box (`┌───┬───┐`), as copies of consoles have them, with the marks of text.
fn undraw(line: &mut Line<'_>) {
    let upright = |c: char| matches!(c, '\u{2502}' | '\u{2503}' | '\u{2551}');
    let text = line.trimmed();
    let is_border = text.starts_with(is_drawn) && text.chars().all(|c| is_drawn(c) || c.is_whitespace());
    if is_border && text.chars().any(|c| !upright(c) && is_drawn(c)) {
        line.text = RULER.into();
    } else if text.starts_with(upright) {
        let text: String = text.chars().map(|c| if upright(c) { '|' } else { c }).collect();
        *line = Line { heading: line.heading, code: line.code, ..Line::owned(line.number, text) };
    }
}

/// True for the border of a grid's row: `+------+-----+`.
fn is_border(line: &Line<'_>) -> bool {
    let text = line.trimmed();
    text.len() >= 3
        && text.starts_with('+')
        && text.ends_with('+')
        && text.bytes().all(|b| matches!(b, b'+' | b'-' | b'=' | b':'))
}

/// Joins the cells of several lines in a table whose rows all are between borders.
fn join_grids(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        if !is_border(&lines[at]) {
            at += 1;
            continue;
        }
        let mut rows = Vec::new();
        let mut end = at + 1;
        while rows.len() < MAX_ROWS {
            let length = lines[end..].iter().take_while(|line| line.trimmed().starts_with('|')).count();
            if length == 0 || !lines.get(end + length).is_some_and(is_border) {
                break;
            }
            rows.push(end..end + length);
            end += length + 1;
        }
        if rows.len() > 1 && rows.iter().any(|row| row.len() > 1) {
            join_grid(lines, &rows);
        }
        at = end;
    }
}

fn join_grid(lines: &mut [Line<'_>], rows: &[std::ops::Range<usize>]) {
    let cells = |line: &Line<'_>| -> Vec<String> {
        let text = line.trimmed().trim_start_matches('|').trim_end_matches('|');
        text.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let joined: Option<Vec<String>> = rows.iter().map(|row| joined_row(lines[row.clone()].iter().map(cells))).collect();
    for (row, text) in rows.iter().zip(joined.unwrap_or_default()) {
        put_row(&mut lines[row.clone()], text);
    }
}

/// One row of the cells of its lines; `None` if a line looks like a row of its own: all of its cells are filled, or one
/// names a file.
fn joined_row(mut lines: impl Iterator<Item = Vec<String>>) -> Option<String> {
    let mut row = lines.next()?;
    for (count, line) in lines.enumerate() {
        let goes_on = line.len() == row.len()
            && line.iter().any(String::is_empty)
            && !line.iter().any(|cell| cells::is_file_name(cell))
            && count < MAX_CELL_LINES;
        if !goes_on {
            return None;
        }
        for (cell, more) in row.iter_mut().zip(line).filter(|(_, more)| !more.is_empty()) {
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(&more);
        }
    }
    Some(boxed(&row))
}

fn boxed(cells: &[impl AsRef<str>]) -> String {
    cells.iter().fold("|".to_owned(), |text, cell| format!("{text} {} |", cell.as_ref().replace('|', " ")))
}

/// Puts the row of several lines into the first of them, and rulers into the others.
fn put_row(lines: &mut [Line<'_>], text: String) {
    for line in lines.iter_mut().skip(1) {
        line.text = RULER.into();
    }
    if let Some(line) = lines.first_mut() {
        *line = Line { code: line.code, ..Line::owned(line.number, text) };
    }
}

/// Joins the cells of the tables of pandoc whose rows are paragraphs: titles between a ruler of dashes and one of a
/// segment for each column, rows separated by blank lines, and a ruler of dashes at the end.
fn join_paragraph_rows(lines: &mut [Line<'_>]) {
    let mut at = 0;
    while at < lines.len() {
        at = paragraph_rows(lines, at).unwrap_or(at) + 1;
    }
}

/// Reads such a table that begins in line `at`; returns its last line.
fn paragraph_rows(lines: &mut [Line<'_>], at: usize) -> Option<usize> {
    let is_whole = |line: &Line<'_>| line.trimmed().len() >= 20 && line.trimmed().bytes().all(|b| b == b'-');
    if !is_whole(&lines[at]) {
        return None;
    }
    let ruler = at + 2 + lines.get(at + 2..)?.iter().take(MAX_CELL_LINES).position(|line| segments(line).len() > 1)?;
    let end = ruler + 1 + lines[ruler + 1..].iter().take(MAX_ROWS).position(is_whole)?;
    let columns = segments(&lines[ruler]);
    let titles = std::iter::once(at + 1..ruler);
    let blanks = (ruler + 1..end).filter(|i| lines[*i].is_blank()).chain([end]);
    let mut start = ruler + 1;
    let paragraphs = blanks.map(|blank| std::mem::replace(&mut start, blank + 1)..blank);
    let rows: Vec<std::ops::Range<usize>> = titles.chain(paragraphs).filter(|row| !row.is_empty()).collect();
    if rows.len() < 3 && rows.last().is_some_and(|row| row.len() > 1) || lines[at + 1..ruler].iter().any(Line::is_blank)
    {
        return None;
    }
    let cells = |line: &Line<'_>| -> Vec<String> {
        let text: Vec<char> = line.text.chars().collect();
        let ends = columns.iter().skip(1).copied().chain([text.len()]);
        let cell = |(from, to): (&usize, usize)| text.get(*from..to.min(text.len()).max(*from)).unwrap_or_default();
        columns.iter().zip(ends).map(|range| cell(range).iter().collect::<String>().trim().to_owned()).collect()
    };
    let joined: Option<Vec<String>> = rows.iter().map(|row| joined_row(lines[row.clone()].iter().map(cells))).collect();
    for (row, text) in rows.iter().zip(joined?) {
        put_row(&mut lines[row.clone()], text);
    }
    for line in lines[at..=end].iter_mut().filter(|line| line.is_blank() || is_ruler(&line.text)) {
        line.text = RULER.into();
    }
    Some(end)
}

/// The columns where the segments of a ruler begin: `----  ------  ---`.
fn segments(line: &Line<'_>) -> Vec<usize> {
    let bytes = line.text.as_bytes();
    if !bytes.iter().all(|b| matches!(b, b'-' | b' ')) {
        return Vec::new();
    }
    (0..bytes.len()).filter(|&at| bytes[at] == b'-' && (at == 0 || bytes[at - 1] == b' ')).take(MAX_COLUMNS).collect()
}

/// Gives marks to the tables whose cells are separated by tabs, as a browser copies them. `tabbed` are the lines with
/// tabs, as they are in the text. A table has a title for each cell, and no row has more cells.
pub(super) fn take_tabs<'a>(lines: &mut Vec<Line<'a>>, tabbed: &[(usize, &'a str)]) {
    let cells = |text: &'a str| -> Vec<&'a str> { text.split('\t').map(str::trim).collect() };
    let mut out: Vec<Line<'a>> = Vec::new();
    let mut taken = 0;
    // The titles above, the line after the last row below them, and whether only headings followed.
    let mut above: Option<(Vec<&'a str>, usize)> = None;
    let mut i = 0;
    while i < tabbed.len() {
        let run = run_length(lines, &tabbed[i..]);
        let (first, text) = tabbed[i];
        let titles = cells(text);
        let rows: Vec<Vec<&str>> = tabbed[i + 1..i + run].iter().map(|(_, text)| cells(text)).collect();
        let own = is_table(&titles, &rows);
        let goes_on = above.as_ref().is_some_and(|(titles, end)| {
            let whole: Vec<Vec<&str>> = tabbed[i..i + run].iter().map(|(_, text)| cells(text)).collect();
            only_headings(&lines[*end..first]) && is_body(titles.len(), &whole)
        });
        if own || goes_on {
            out.extend(lines[taken..first].iter().cloned());
            if let (false, Some((titles, _))) = (own, &above) {
                // The titles count for the rows below a heading inside the table, too.
                out.push(Line::owned(lines[first].number, boxed(titles)));
            }
            for (at, text) in &tabbed[i..i + run] {
                // Blank lines between the rows are left out.
                out.push(Line::owned(lines[*at].number, boxed(&cells(text))));
            }
            taken = tabbed[i + run - 1].0 + 1;
            above = Some((if own { titles } else { above.take().unwrap_or_default().0 }, taken));
        } else {
            above = None;
        }
        i += run;
    }
    if taken > 0 {
        out.extend(lines[taken..].iter().cloned());
        *lines = out;
    }
}

/// How many lines with tabs follow each other; at most one blank line may be between two.
fn run_length(lines: &[Line<'_>], tabbed: &[(usize, &str)]) -> usize {
    let joins = |pair: &&[(usize, &str)]| {
        let (a, b) = (pair[0].0, pair[1].0);
        b == a + 1 || b == a + 2 && lines[a + 1].is_blank()
    };
    1 + tabbed.windows(2).take_while(joins).count()
}

/// True for titles and rows of a table of files: known titles, or unknown ones above files and versions.
fn is_table(titles: &[&str], rows: &[Vec<&str>]) -> bool {
    let whole = titles.len() > 2 && titles.len() <= MAX_COLUMNS && titles.iter().all(|title| !title.is_empty());
    let states_files = || {
        let is_row = |row: &Vec<&str>| {
            row.iter().any(|cell| cells::is_file_name(cell)) && row.iter().any(|cell| cells::is_version(cell))
        };
        !titles.iter().any(|title| cells::is_file_name(title)) && rows.iter().all(is_row)
    };
    whole && is_body(titles.len(), rows) && (header_of(&boxed(titles)).is_some() || states_files())
}

/// True for rows of which none has more cells than the table has titles; one has as many.
fn is_body(titles: usize, rows: &[Vec<&str>]) -> bool {
    rows.iter().any(|row| row.len() == titles && row.iter().any(|cell| cells::is_file_name(cell)))
        && rows.iter().all(|row| row.len() <= titles)
}

/// True for lines of which each is blank or a heading; at least one is a heading.
fn only_headings(lines: &[Line<'_>]) -> bool {
    let mut filled = lines.iter().filter(|line| !line.is_blank()).peekable();
    lines.len() < 16 && filled.peek().is_some() && filled.all(|line| heading::is_heading(line.trimmed()))
}
