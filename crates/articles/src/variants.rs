//! Tables with a column for each service branch or processor: `GDR version | QFE version`, `Version` over `x86 | x64`.

use super::box_cells::{box_cells, header_of};
use super::cells;
use super::columns::{self, Column, HeaderColumn, MAX_COLUMNS, title};
use super::document::Line;
use super::heading;
use super::table_cells;
use hotfixcheck_types::Machine;

/// One way to read the columns of a table: the only one, or that of one branch or processor.
pub(crate) struct Reading {
    pub columns: Vec<HeaderColumn>,
    pub branch: Option<String>,
    pub platform: Option<String>,
}

/// What tells one column of versions from another.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Variant {
    Branch(String),
    Platform(String),
    /// Something else: `Version (XP)`.
    Other(String),
}

/// The readings of the columns below the title rows from line `at` on, one a branch or processor, and how many lines the
/// titles are. No reading where the titles do not tell what the columns are for. `None` for a table of one version a file.
pub(crate) fn at(lines: &[Line<'_>], at: usize) -> Option<(Vec<Reading>, usize)> {
    let first: Vec<&str> = box_cells(&lines[at].text).into_iter().map(|(_, cell)| cell).collect();
    if first.len() < 3 && !first.iter().any(|cell| title(cell) == Some(Column::Version)) || first.len() > MAX_COLUMNS {
        return None;
    }
    first.iter().position(|cell| title(cell) == Some(Column::File))?;
    let below =
        lines[at + 1..].iter().take(3).position(|line| !columns::is_ruler(&line.text)).map(|passed| at + 1 + passed);
    let second = below.and_then(|below| Some((below, second_titles(&lines[below], &first)?)));
    match second {
        Some((below, second)) => Some((readings(&joined(&first, &second)), below + 1 - at)),
        None if header_of(&lines[at].text).is_none() => {
            let titles: Vec<String> = first.iter().map(|cell| (*cell).to_owned()).collect();
            let several = titles.iter().filter_map(|text| column(text)?.1).count() > 1;
            several.then(|| (readings(&titles), 1))
        }
        None => None,
    }
}

/// The cells of a second row of titles: each says more of the title above it, or repeats it.
fn second_titles<'l>(line: &'l Line<'_>, first: &[&str]) -> Option<Vec<&'l str>> {
    let row: Vec<&str> = box_cells(&line.text).into_iter().map(|(_, cell)| cell).collect();
    let boxed = line.text.trim_start().starts_with('|');
    // A row of titles that is whole by itself is the header.
    let whole = header_of(&line.text).is_some_and(|header| header.iter().any(|h| h.column == Column::Version));
    if !boxed || whole || row.len() > MAX_COLUMNS || heading::has_fact(&line.text) {
        return None;
    }
    let above = |at: usize| first.get(at).copied().unwrap_or_default();
    let of_file = |at: usize| title(above(at)) == Some(Column::File);
    let says_more = |at: usize, cell: &str| !cell.is_empty() && !cell.eq_ignore_ascii_case(above(at));
    let is_word = |cell: &str| !cell.bytes().any(|b| b.is_ascii_digit());
    let fits = |(at, cell): (usize, &&str)| {
        !says_more(at, cell) || !of_file(at) && (is_word(cell) || column(cell).is_some()) && cell.len() <= MAX_TITLE
    };
    let under_version = |(at, cell): (usize, &&str)| {
        let group = first[..first.len().min(at + 1)].iter().rev().find(|text| !text.is_empty());
        says_more(at, cell)
            && !cells::is_no_version(cell)
            && (column(cell).is_some() || group.is_some_and(|text| title(text) == Some(Column::Version)))
    };
    let count = row.iter().enumerate().filter(|(at, cell)| under_version((*at, cell))).count();
    (count > 1 && row.iter().enumerate().all(fits)).then_some(row)
}

/// The longest title of a column, in bytes.
const MAX_TITLE: usize = 60;

/// The titles of both rows, one a column: a title that spans several columns is that of each.
fn joined(first: &[&str], second: &[&str]) -> Vec<String> {
    let mut spanning = "";
    let title_of = |at: usize| {
        let (above, below) = (first.get(at).copied().unwrap_or_default(), second.get(at).copied().unwrap_or_default());
        if !above.is_empty() {
            spanning = above;
        }
        match (below.is_empty() || below.eq_ignore_ascii_case(above), above.is_empty()) {
            (true, _) => above.to_owned(),
            (false, true) => format!("{spanning} {below}"),
            (false, false) => format!("{above} {below}"),
        }
    };
    (0..first.len().max(second.len())).map(title_of).collect()
}

/// The column that a title names, and for which branch or processor.
fn column(text: &str) -> Option<(Column, Option<Variant>)> {
    if let Some(column) = title(text) {
        return Some((column, None));
    }
    let words: Vec<&str> =
        text.split([' ', '(', ')', ':', '\u{a0}', ',']).filter(|word| !word.is_empty() && *word != "-").collect();
    let mut variants: Vec<Variant> = words.iter().filter_map(|word| variant(word)).collect();
    variants.dedup();
    let rest: Vec<&str> = words
        .iter()
        .filter(|word| variant(word).is_none() && !FILLERS.iter().any(|filler| word.eq_ignore_ascii_case(filler)))
        .copied()
        .collect();
    let named = if rest.is_empty() { Some(Column::Version) } else { title(&rest.join(" ")) };
    match (named, variants.as_slice()) {
        (Some(column), [variant]) => Some((column, Some(variant.clone()))),
        // `Version (XP)`, `Version Old`
        _ => {
            let first = rest.first().filter(|first| title(first) == Some(Column::Version))?;
            let other = text.to_owned();
            (words.len() <= 4 && !first.is_empty()).then_some((Column::Version, Some(Variant::Other(other))))
        }
    }
}

/// Words of titles that tell no column from another.
const FILLERS: [&str; 9] = ["for", "branch", "systems", "system", "edition", "editions", "based", "release", "builds"];

/// The branch or processor that a word names.
fn variant(word: &str) -> Option<Variant> {
    if let Some((Some(branch), false)) = table_cells::folder_cell(word) {
        return Some(Variant::Branch(branch.to_owned()));
    }
    let bare = word.strip_suffix("-based").unwrap_or(word);
    Machine::from_platform_word(bare).map(|_| Variant::Platform(bare.to_owned()))
}

/// A reading for each branch or processor: its own columns, and those of all.
fn readings(titles: &[String]) -> Vec<Reading> {
    let named: Vec<(Column, Option<Variant>)> =
        titles.iter().map(|text| column(text).unwrap_or((Column::Other, None))).collect();
    let mut variants: Vec<Variant> = Vec::new();
    for variant in named.iter().filter_map(|(_, variant)| variant.clone()) {
        if !variants.contains(&variant) {
            variants.push(variant);
        }
    }
    let reading = |wanted: &Variant| {
        let columns: Vec<HeaderColumn> = named
            .iter()
            .enumerate()
            .map(|(at, (column, variant))| {
                let own = variant.as_ref().is_none_or(|variant| variant == wanted);
                // The place only tells titled columns from others.
                HeaderColumn { column: if own { *column } else { Column::Other }, start: at, end: at + 1 }
            })
            .collect();
        let (branch, platform) = match wanted {
            Variant::Branch(branch) => (Some(branch.clone()), None),
            Variant::Platform(platform) => (None, Some(platform.clone())),
            Variant::Other(_) => return None,
        };
        let versions = columns.iter().any(|c| c.column == Column::Version);
        (versions && columns::is_fix_header(&columns)).then_some(Reading { columns, branch, platform })
    };
    // Where one of them is not understood, none is.
    variants.iter().map(reading).collect::<Option<Vec<Reading>>>().unwrap_or_default()
}
