//! Tables with a column for each service branch or processor: `GDR version | QFE version`, `Version` over `x86 | x64`.

use super::blanks::{gap, is_boxed, trim_start};
use super::box_cells::{box_cells, header_of};
use super::cells;
use super::columns::{self, Column, HeaderColumn, MAX_COLUMNS, title};
use super::document::Line;
use super::folder::folder_cell;
use super::heading;
use super::names;
use super::no_fix_words::{Time, time_of};
use super::row::Row;
use super::words::{Word, words};
use hotfixcheck_types::Machine;

/// One way to read the columns of a table: the only one, or that of one branch or processor.
pub(crate) struct Reading {
    pub columns: Vec<HeaderColumn>,
    pub branch: Option<String>,
    pub platform: Option<String>,
    /// The product that the columns are for: `Version (Windows 2000)`.
    pub product: Option<String>,
    /// True for the state of the files before the fix: nothing is read with it.
    pub older: bool,
}

impl Reading {
    /// The reading of one branch, processor or product; `None` if it is not known what the columns are for.
    fn of(columns: Vec<HeaderColumn>, variant: Variant) -> Option<Self> {
        let only = Self::only(columns);
        match variant {
            Variant::Branch(branch) => Some(Self { branch: Some(branch), ..only }),
            Variant::Platform(platform) => Some(Self { platform: Some(platform), ..only }),
            Variant::Product(product) => Some(Self { product: Some(product), ..only }),
            Variant::Time(Time::Newer) => Some(only),
            Variant::Time(_) => Some(Self { older: true, ..only }),
            Variant::Other(_) => None,
        }
    }

    /// The only reading of a table.
    pub(crate) fn only(columns: Vec<HeaderColumn>) -> Self {
        Self { columns, branch: None, platform: None, product: None, older: false }
    }

    /// A row of this reading.
    pub(crate) fn own(&self, row: Row) -> Row {
        Row {
            branch: self.branch.clone().or(row.branch),
            platform: self.platform.clone().or(row.platform),
            of_column: self.product.clone().or(row.of_column),
            ..row
        }
    }
}

/// The attribute that distinguishes one version column from another.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Variant {
    Branch(String),
    Platform(String),
    Product(String),
    /// Before or after the fix: `Old version`, `Version (after)`.
    Time(Time),
    /// Something else: `Version Notes`.
    Other(String),
}

/// The readings of the columns below the title rows from line `at` on, one per branch or processor, and the number of
/// title lines. No reading if the titles do not show what the columns are for. `None` for a table with one version per
/// file.
pub(crate) fn at(lines: &[Line<'_>], at: usize) -> Option<(Vec<Reading>, usize)> {
    let first: Vec<&str> = box_cells(&lines[at].text).into_iter().map(|(_, cell)| cell).collect();
    let names_version = |cell: &&str| {
        title(cell) == Some(Column::Version) || column(cell).is_some_and(|(column, _)| column == Column::Version)
    };
    // Most lines checked here are not titles: the cheapest check comes first.
    if first.len() > MAX_COLUMNS || !first.iter().any(|cell| title(cell) == Some(Column::File)) {
        return None;
    }
    if first.len() < 3 && !first.iter().any(names_version) {
        return None;
    }
    let below =
        lines[at + 1..].iter().take(3).position(|line| !columns::is_ruler(&line.text)).map(|passed| at + 1 + passed);
    let second = below.and_then(|below| Some((below, second_titles(&lines[below], &first)?)));
    match second {
        Some((below, second)) => Some((readings(&joined(&first, &second)), below + 1 - at)),
        None => {
            let named = columns_of(first.iter().copied());
            let versions = || named.iter().filter(|(column, _)| *column == Column::Version);
            // `Version` next to `Version Notes`: the plain one is meant.
            let plain = versions().any(|(_, variant)| variant.is_none());
            let of_variants =
                versions().count() > 1 || versions().any(|(_, variant)| matches!(variant, Some(Variant::Time(_))));
            let no_header = || header_of(&lines[at].text).is_none();
            let several = || named.iter().filter(|(_, variant)| variant.is_some()).count() > 1;
            (!plain && of_variants || no_header() && several()).then(|| (readings_of(named), 1))
        }
    }
}

/// The same for a space-aligned table with this header: one reading for each version that a row states, in their order.
pub(crate) fn aligned(lines: &[Line<'_>], at: usize, header: &[HeaderColumn]) -> Option<(Vec<Reading>, usize)> {
    let reading = |variant: Variant| Reading::of(header.to_vec(), variant);
    if let Some((_, variants)) = several_versions(&lines[at].text) {
        return Some((variants.into_iter().filter_map(reading).collect(), 1));
    }
    let below = at + 1 + lines[at + 1..].iter().take(2).position(|line| !columns::is_ruler(&line.text))?;
    let place = header.iter().position(|h| h.column == Column::Version)?;
    let words: Vec<Word<'_>> = words(&lines[below].text).take(MAX_COLUMNS + 1).collect();
    let (first, last) = (words.first()?, words.last().filter(|_| words.len() > 1)?);
    let after = place.checked_sub(1).is_none_or(|before| header[before].end <= first.start);
    let before = header.get(place + 1).is_none_or(|next| last.end <= next.start);
    let variants = words.iter().map(|word| variant(word.text.trim_matches(['(', ')'])));
    let readings = variants.map(|variant| reading(variant?)).collect::<Option<Vec<Reading>>>();
    readings.filter(|_| after && before).map(|readings| (readings, below + 1 - at))
}

/// The columns of a space-aligned header with several version columns: `File name   GDR version   QFE version`.
pub(crate) fn aligned_header(line: &str) -> Option<Vec<HeaderColumn>> {
    several_versions(line).map(|(columns, _)| columns)
}

/// The column that each title names. `Current version` is that of the fix if another column is from before the fix; if
/// another column is that of the fix, it is from before the fix.
fn columns_of<'t>(titles: impl Iterator<Item = &'t str>) -> Vec<(Column, Option<Variant>)> {
    let (mut named, mut bare) = (Vec::new(), Vec::new());
    for (at, text) in titles.enumerate() {
        named.push(column(text).unwrap_or((Column::Other, None)));
        bare.extend(time_of(text).filter(|(_, rest)| rest.is_empty()).map(|(time, _)| (at, time)));
    }
    // `Before | After`: alone either of them may mean anything.
    let has = |wanted: Time| bare.iter().any(|(_, time)| *time == wanted);
    if has(Time::Older) && (has(Time::Newer) || has(Time::Either)) {
        for (at, time) in bare {
            named[at] = (Column::Version, Some(Variant::Time(time)));
        }
    }
    settle_times(&mut named);
    named
}

/// Settles columns that may be from before or after the fix, by the other columns.
fn settle_times(named: &mut [(Column, Option<Variant>)]) {
    let has = |named: &[(Column, Option<Variant>)], time: Time| {
        named.iter().any(|(column, variant)| *column == Column::Version && *variant == Some(Variant::Time(time)))
    };
    let (older, newer) = (has(named, Time::Older), has(named, Time::Newer));
    for (_, variant) in named.iter_mut().filter(|(_, variant)| *variant == Some(Variant::Time(Time::Either))) {
        *variant = match (older, newer) {
            (true, false) => Some(Variant::Time(Time::Newer)),
            (false, true) => Some(Variant::Time(Time::Older)),
            // If it is the only one, it is the version of the fix.
            _ => None,
        };
    }
}

/// The columns of such a line, with one for all versions, and the attribute of each version. Wide gaps separate the
/// titles.
fn several_versions(line: &str) -> Option<(Vec<HeaderColumn>, Vec<Variant>)> {
    // Without a wide gap the line is one title.
    if gap(trim_start(line)).is_none() || !columns::may_be_header(line) {
        return None;
    }
    let (mut columns, mut variants): (Vec<HeaderColumn>, Vec<Variant>) = (Vec::new(), Vec::new());
    let mut start = 0;
    for text in line.split("  ") {
        let (at, end) = (start + text.len() - text.trim_start().len(), start + text.len());
        start = end + "  ".len();
        if text.trim().is_empty() {
            continue;
        }
        let (column, variant) = column(text.trim())?;
        match columns.last_mut().filter(|last| !variants.is_empty() && last.column == column) {
            Some(last) => last.end = end,
            None => columns.push(HeaderColumn { column, start: at, end }),
        }
        match variant {
            Some(Variant::Other(_)) => return None,
            Some(_) if column != Column::Version => return None,
            variant => variants.extend(variant),
        }
    }
    let mut named: Vec<(Column, Option<Variant>)> =
        variants.into_iter().map(|variant| (Column::Version, Some(variant))).collect();
    settle_times(&mut named);
    let variants: Vec<Variant> = named.into_iter().filter_map(|(_, variant)| variant).collect();
    (variants.len() > 1 && columns.len() <= MAX_COLUMNS && columns::is_fix_header(&columns))
        .then_some((columns, variants))
}

/// The cells of a second row of titles: each adds to the title above it, or repeats it.
fn second_titles<'l>(line: &'l Line<'_>, first: &[&str]) -> Option<Vec<&'l str>> {
    let row: Vec<&str> = box_cells(&line.text).into_iter().map(|(_, cell)| cell).collect();
    let boxed = is_boxed(&line.text);
    // A row of titles that is complete by itself is the header.
    let whole = header_of(&line.text).is_some_and(|header| header.iter().any(|h| h.column == Column::Version));
    // Unless a title above names the system of several columns.
    let of_system = || first.iter().any(|cell| cell.starts_with("Windows ") && names::named_system(cell).is_some());
    if !boxed || whole && !of_system() || row.len() > MAX_COLUMNS || heading::has_fact(&line.text) {
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

/// The titles of both rows, one per column: a title that spans several columns applies to each.
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

/// The column that a title names, and its branch or processor, or whether it is from before or after the fix.
fn column(text: &str) -> Option<(Column, Option<Variant>)> {
    if let Some((time, rest)) = time_of(text) {
        let dated = title(&rest).filter(|own| {
            matches!(own, Column::Version | Column::Size | Column::Date | Column::Time | Column::DateTime)
        });
        if let Some(column) = dated {
            return Some((column, Some(Variant::Time(time))));
        }
    }
    if let Some(column) = title(text) {
        return Some((column, None));
    }
    if let Some((product, column)) = system_before(text) {
        return Some((column, Some(Variant::Product(product))));
    }
    if let Some(product) = product_before(text) {
        return Some((Column::Version, Some(Variant::Product(product))));
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
            rest.first().filter(|first| title(first) == Some(Column::Version))?;
            let other = || (words.len() <= 4).then(|| Variant::Other(text.to_owned()));
            let product = product(text).map(Variant::Product);
            product.or_else(other).map(|variant| (Column::Version, Some(variant)))
        }
    }
}

/// Words of titles that do not distinguish columns.
const FILLERS: [&str; 9] = ["for", "branch", "systems", "system", "edition", "editions", "based", "release", "builds"];

/// The branch or processor that a word names.
fn variant(word: &str) -> Option<Variant> {
    if let Some((Some(branch), false)) = folder_cell(word) {
        return Some(Variant::Branch(branch.into_owned()));
    }
    let bare = word.strip_suffix("-based").unwrap_or(word);
    Machine::from_platform_word(bare).map(|_| Variant::Platform(bare.to_owned()))
}

/// The system that the title of a column names in brackets: `Version (XP)`, `Version (Windows 2000)`.
fn product(text: &str) -> Option<String> {
    let (_, inner) = text.split_once('(')?;
    names::named_system(inner.strip_suffix(')')?.trim())
}

/// The product before the word: `Outlook 97 version` (Q233476).
fn product_before(text: &str) -> Option<String> {
    const WORD: &str = " version";
    let at = text.len().checked_sub(WORD.len()).filter(|at| text.is_char_boundary(*at))?;
    let (product, word) = text.split_at(at);
    let numbered = product.bytes().any(|b| b.is_ascii_digit());
    let kinds = || names::named(product).kinds();
    (numbered && word.eq_ignore_ascii_case(WORD) && (kinds().component || kinds().system)).then(|| product.to_owned())
}

/// The system before a title, which spans the titles below it: `Windows XP` over `File version | File size`.
fn system_before(text: &str) -> Option<(String, Column)> {
    let is_attribute = |column: &Column| matches!(column, Column::Version | Column::Size | Column::Date | Column::Time);
    let mut blanks = text.match_indices(' ').skip(1);
    blanks.find_map(|(at, _)| {
        let column = title(&text[at + 1..]).filter(is_attribute)?;
        Some((names::named_system(text[..at].trim()).filter(|_| text.starts_with("Windows"))?, column))
    })
}

/// A reading for each branch or processor: its own columns, and the common ones.
fn readings(titles: &[String]) -> Vec<Reading> {
    readings_of(columns_of(titles.iter().map(String::as_str)))
}

/// A reading for each branch or processor of these columns. Columns from before the fix are in none.
fn readings_of(named: Vec<(Column, Option<Variant>)>) -> Vec<Reading> {
    let named: Vec<(Column, Option<Variant>)> = named
        .into_iter()
        .map(|named| if named.1 == Some(Variant::Time(Time::Older)) { (Column::Other, None) } else { named })
        .collect();
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
                // The position only separates titled columns from others.
                HeaderColumn { column: if own { *column } else { Column::Other }, start: at, end: at + 1 }
            })
            .collect();
        let versions = columns.iter().any(|c| c.column == Column::Version);
        let whole = versions && columns::is_fix_header(&columns);
        Reading::of(columns, wanted.clone()).filter(|_| whole)
    };
    // If one of them is not understood, none is used.
    variants.iter().map(reading).collect::<Option<Vec<Reading>>>().unwrap_or_default()
}
