//! Markdown of later articles: YAML front matter, `#` headings, lists, pipe tables, fenced code.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::header::{marked_id, yaml_scalar};
use super::{drawn, html, inline, web};
use crate::cells;
use crate::columns;
use crate::document::{Document, LEAD_IN, Line, numbered};
use crate::heading;
use crate::model::Rejected;
use crate::products;

/// The most bytes of a source line that are read. Marks and the blanks that align tables are a large part of it.
const MAX_SOURCE: usize = 16_000;
/// How many lines of a list item are searched for its table.
const MAX_ITEM_LINES: usize = 40;

/// Reads Markdown with or without front matter.
pub(super) fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    let lines: Vec<(u32, &str)> = numbered(text).collect();
    let body = front_matter(&mut document, &lines);
    // A fence that is never closed hides nothing.
    let last_fence = lines.iter().rposition(|(_, line)| is_fence(line)).unwrap_or_default();
    let mut in_code = false;
    let mut in_products = false;
    let mut in_table = false;
    let ends_table = |line: &str| {
        memchr::memchr(b'<', line.as_bytes()).is_some() && (line.contains("</table>") || line.contains("</TABLE>"))
    };
    let table_ends: Vec<usize> = (0..lines.len()).filter(|i| ends_table(lines[*i].1)).collect();
    let mut read_to = 0;
    for (i, (number, line)) in lines.iter().enumerate().skip(body) {
        if i < read_to {
            continue;
        }
        let line = line.get(..line.floor_char_boundary(MAX_SOURCE)).unwrap_or(line);
        let (number, trimmed) = (*number, line.trim());
        if is_fence(trimmed) && (in_code || i < last_fence) {
            in_code = !in_code;
            document.lines.push(Line::new(number, ""));
            continue;
        }
        if in_code {
            document.lines.push(Line { code: true, ..Line::new(number, line) });
            continue;
        }
        if let Some(end) = html_table(&lines, i, &table_ends) {
            let start = lines[i].1.as_ptr() as usize - text.as_ptr() as usize;
            let stop = lines[end].1.as_ptr() as usize - text.as_ptr() as usize + lines[end].1.len();
            let (rows, refused) = html::table_in_markdown(&text[start..stop], number);
            document.lines.extend(rows);
            document.refused |= refused;
            read_to = end + 1;
            continue;
        }
        if let Some(level) = underlined(&lines, i) {
            let text = inline::cell(trimmed);
            if level == 1 && document.title.is_empty() {
                document.title.clone_from(&text);
            }
            document.outline.push(document.lines.len() + 1, level, heading::narrows(&text));
            push_heading(&mut document, number, text, level);
            in_table = false;
            read_to = i + 2;
            continue;
        }
        if let Some((level, text)) = heading(trimmed) {
            in_table = false;
            let text = inline::cell(text);
            if level == 1 {
                // The id and, without front matter, the title are in the first heading.
                document.id = document.id.or_else(|| marked_id(&text));
                if document.title.is_empty() {
                    document.title.clone_from(&text);
                }
            }
            in_products = document.products.is_empty() && text.eq_ignore_ascii_case("applies to");
            document.outline.push(document.lines.len() + 1, level, heading::narrows(&text));
            push_heading(&mut document, number, text, level);
            continue;
        }
        take_linked_list(&mut document, number, line);
        // A table's rows need no marks at their ends if a delimiter row marks the table.
        let delimited = |(_, next): &(u32, &str)| trimmed.contains('|') && is_delimiter(next.trim());
        in_table = trimmed.contains('|') && (in_table || lines.get(i + 1).is_some_and(delimited));
        if in_table || trimmed.starts_with('|') {
            document.lines.push(table_row(number, line));
            continue;
        }
        let plain = plain(trimmed);
        if take_products(&mut document, &plain, &mut in_products) {
            document.lines.push(Line::owned(number, plain));
            continue;
        }
        web::read_line(&mut document, &plain);
        match is_above_table(&lines, i).then(|| lead_in(trimmed, &plain)).flatten() {
            Some(text) => {
                push_heading(&mut document, number, format!("{}{text}", &line[..indentation(line)]), LEAD_IN);
            }
            None if plain == trimmed => document.lines.push(Line::new(number, line)),
            None => document.lines.push(Line::owned(number, format!("{}{plain}", &line[..indentation(line)]))),
        }
    }
    drawn::settle(&mut document.lines);
    if let Some(id) = marked_id(&document.title) {
        document.id = document.id.or(Some(id));
    }
    web::finish(&mut document);
    document
}

/// The most lines of an HTML table.
const MAX_TABLE_LINES: usize = 20_000;

/// The last line of the HTML table that begins in line `at`; `ends` are the lines that end a table, in order.
fn html_table(lines: &[(u32, &str)], at: usize, ends: &[usize]) -> Option<usize> {
    // An empty paragraph may be before it (MS04-033 ja-jp).
    let blank = |c: char| c.is_whitespace();
    let line = lines[at].1.trim_start();
    let line =
        line.strip_prefix("<p>").and_then(|rest| rest.trim_start_matches(blank).strip_prefix("</p>")).unwrap_or(line);
    let begins = line.trim_start().get(..6).is_some_and(|tag| tag.eq_ignore_ascii_case("<table"));
    let end = begins.then(|| ends.get(ends.partition_point(|end| *end < at)))??;
    (end - at <= MAX_TABLE_LINES).then_some(*end)
}

/// The level of a heading that is underlined: `===` 1, `---` 2.
fn underlined(lines: &[(u32, &str)], at: usize) -> Option<u8> {
    let text = lines[at].1.trim();
    let ruler = lines.get(at + 1)?.1.trim();
    let level = match ruler.as_bytes().first()? {
        b'=' => 1,
        b'-' => 2,
        _ => return None,
    };
    let alone = at == 0 || lines[at - 1].1.trim().is_empty();
    let plain =
        !text.is_empty() && !text.starts_with(['|', '#', '<', '>', '-', '=', '*', '+']) && !text.contains(" | ");
    let whole = ruler.len() >= 3 && ruler.bytes().all(|b| b == ruler.as_bytes()[0]);
    (alone && plain && whole && lines[at].1.starts_with(|c: char| !c.is_whitespace())).then_some(level)
}

/// Reads the YAML before the body. Returns the index of the body's first line.
fn front_matter(document: &mut Document<'_>, lines: &[(u32, &str)]) -> usize {
    let begins = lines.iter().position(|(_, line)| !line.trim().is_empty());
    let Some(first) = begins.filter(|i| lines[*i].1.trim_start_matches(['\u{feff}', ' ']).starts_with("---")) else {
        return 0;
    };
    let mut in_products = false;
    for (i, (_, line)) in lines.iter().enumerate().skip(first + 1) {
        if line.trim_end() == "---" {
            return i + 1;
        }
        front_line(document, line, &mut in_products);
    }
    lines.len()
}

fn front_line(document: &mut Document<'_>, line: &str, in_products: &mut bool) {
    if let Some(item) = line.trim_start().strip_prefix("- ").filter(|_| *in_products) {
        document.products.extend(products::normalise(&yaml_scalar(item)));
        return;
    }
    let Some((key, value)) = line.split_once(':') else { return };
    *in_products = key.eq_ignore_ascii_case("appliesto");
    match key {
        "title" | "Title" => document.title = yaml_scalar(value),
        "ms.date" => document.last_modified = cells::date(value).and_then(|d| d.resolve(false)),
        "ms.custom" if document.id.is_none() => document.id = marked_id(value),
        _ => {}
    }
}

/// The level and the text of an ATX heading.
fn heading(line: &str) -> Option<(u8, &str)> {
    let text = line.trim_start_matches('#');
    let level = u8::try_from(line.len() - text.len()).ok().filter(|level| (1..=6).contains(level))?;
    let text = text.strip_prefix([' ', '\t'])?.trim();
    // Marks may close the heading; the mark of `C#` does not.
    let open = text.trim_end_matches('#');
    Some((level, if open.ends_with(' ') || open.is_empty() { open.trim_end() } else { text }))
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// `--- | :---: | ---:` below the titles of a table.
fn is_delimiter(line: &str) -> bool {
    line.contains('|') && line.contains("--") && line.bytes().all(|b| matches!(b, b'-' | b':' | b'|' | b' '))
}

/// Adds a heading, with blank lines above and below it.
fn push_heading(document: &mut Document<'_>, number: u32, text: String, level: u8) {
    document.lines.push(Line::new(number, ""));
    document.lines.push(Line { heading: level, ..Line::owned(number, text) });
    document.lines.push(Line::new(number, ""));
}

/// The cells of a pipe table's row as a reader of the page sees them, without the blanks that align the source.
fn table_row(number: u32, line: &str) -> Line<'_> {
    let indent = &line[..indentation(line)];
    let row = line.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut text = format!("{indent}|");
    let mut start = 0;
    let mut escaped = false;
    let ends = row.bytes().enumerate().filter(|(_, b)| {
        let ends = *b == b'|' && !escaped;
        escaped = *b == b'\\' && !escaped;
        ends
    });
    for end in ends.map(|(at, _)| at).chain([row.len()]) {
        // Text after the last mark is a cell; blanks are not.
        if let Some(cell) = row.get(start..end).filter(|cell| end < row.len() || !cell.trim().is_empty()) {
            text.push(' ');
            text.push_str(&inline::cell(cell).replace('|', " "));
            text.push_str(" |");
        }
        start = end + 1;
    }
    Line::owned(number, text)
}

/// A line of text as a reader of the page sees it; `_Original KB number:_` without its marks.
fn plain(line: &str) -> String {
    let text = inline::plain(line);
    let mark = |mark: char, end: &str| {
        let inner = text.strip_prefix(mark)?;
        inner.contains(end).then(|| inner.replacen(end, ":", 1))
    };
    match mark('_', ":_").or_else(|| mark('*', ":*")).or_else(|| mark('_', "_:")).or_else(|| mark('*', "*:")) {
        Some(text) => text,
        None => emphasised(&text).map_or_else(|| text.to_string(), str::to_owned),
    }
}

/// The words of a line that is emphasised as a whole, as some pages write headings: `*x86-based versions*`.
fn emphasised(line: &str) -> Option<&str> {
    ['*', '_'].iter().find_map(|mark| {
        let inner = line.strip_prefix(*mark)?.strip_suffix(*mark)?;
        let words = inner.starts_with(char::is_alphanumeric) && !inner.contains([*mark, '.']) && !inner.ends_with(' ');
        words.then_some(inner)
    })
}

/// Takes `Applies to: Windows 8.1, Windows Server 2012 R2`, or the list below `Applies to`.
fn take_products(document: &mut Document<'_>, line: &str, in_products: &mut bool) -> bool {
    let stated =
        ["Applies to", "Applies To"].iter().find_map(|key| line.strip_prefix(key)?.trim_start().strip_prefix(':'));
    let item = ["- ", "* ", "+ ", "\u{2022} "].iter().find_map(|mark| line.strip_prefix(mark));
    let names = match (stated, item) {
        (Some(names), _) => {
            *in_products = names.trim().is_empty() && document.products.is_empty();
            names
        }
        (None, Some(item)) if *in_products => item,
        _ => {
            *in_products &= line.is_empty();
            return false;
        }
    };
    let stated = if item.is_some() { products::normalise(names.trim()) } else { products::listed(names) };
    for product in stated {
        if !document.products.contains(&product) {
            document.products.push(product);
        }
    }
    true
}

/// The words of a list item, of a line in bold, or of another line, if they may bind the table right below.
fn lead_in<'p>(line: &str, plain: &'p str) -> Option<&'p str> {
    let item = plain.strip_prefix(['-', '*', '+', '\u{2022}']).filter(|rest| rest.starts_with(' ')).or_else(|| {
        let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
        plain.get(digits..).filter(|_| (1..4).contains(&digits))?.strip_prefix(['.', ')'])
    });
    let bold = line.strip_prefix("**").and_then(|t| t.trim_end_matches(':').strip_suffix("**"));
    let text = item.unwrap_or(plain).trim();
    // A line that the plain rules recognise as a heading needs no mark.
    let headed = item.is_none() && bold.is_none() && heading::is_heading(text);
    (!headed && heading::is_lead_in(text, item.is_some() || bold.is_some())).then_some(text)
}

/// True if the line below line `at` belongs to a table, or a table is inside the list item of that line.
fn is_above_table(lines: &[(u32, &str)], at: usize) -> bool {
    let is_row = |line: &str| line.trim_start().starts_with('|') || line.contains(" | ");
    let inside = |line: &str| indentation(line) > indentation(lines[at].1);
    // Text right below the line is the rest of a sentence.
    if lines.get(at + 1).is_some_and(|(_, next)| !next.trim().is_empty() && !is_row(next)) {
        return false;
    }
    let mut below = lines[at + 1..].iter().map(|(_, line)| *line).filter(|line| !line.trim().is_empty());
    below.next().is_some_and(|first| {
        is_fence(first) && below.clone().next().is_some_and(|line| columns::aligned_header(line).is_some())
            || is_row(first)
            || inside(first) && below.take(MAX_ITEM_LINES).take_while(|line| inside(line)).any(is_row)
    })
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Takes a link to a file list: `[the list of files](https://…/KB5074901.csv)`.
fn take_linked_list(document: &mut Document<'_>, number: u32, line: &str) {
    static LIST: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(".csv)"));
    if document.linked_list.is_some() || LIST.find(line.as_bytes()).is_none() {
        return;
    }
    let target = line.split("](").skip(1).find_map(|rest| rest.split(')').next().filter(|t| t.ends_with(".csv")));
    let name = target.and_then(|t| t.rsplit(['/', '\\']).next());
    document.linked_list = name.map(|name| (number, Rejected::kept(name)));
}
