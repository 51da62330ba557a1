//! A bulletin's tables "affected software and vulnerabilities" -> which Windows has which vulnerability, and how it is rated there.
//!
//! What cannot be read counts as present: a vulnerability is left out on a Windows only where every line about this Windows says
//! that it is not applicable.

use std::collections::{BTreeMap, BTreeSet};

use hotfixcheck_types::{KbId, Severity};

use super::document::{Document, numbered};
use super::fix::Text;
use super::model::{Article, ReleaseFacts};
use super::names::{Named, named};
use super::product_cves::ProductCves;
use super::update_ids::{cves_of, named_updates};
use super::vocabulary::{self, Kind};

/// The most lines of a table that are read.
const MAX_ROWS: usize = 200;
/// The most cells of a line.
const MAX_CELLS: usize = 64;

/// What a cell says of a vulnerability on a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    /// The system does not have it.
    Absent,
    Rated(Severity),
    /// It may have it: a remark, a rating with a note, nothing.
    Unread,
}

/// A cell of a table, with the place that its line or column has.
struct Stated {
    /// The Windows that it is about; none for a product that runs on several, or for a line that could not be read.
    windows: BTreeSet<String>,
    /// The programs that the title of its column names, without their versions.
    programs: BTreeSet<String>,
    /// The updates that its line names.
    updates: BTreeSet<KbId>,
    cves: BTreeSet<String>,
    cell: Cell,
}

/// The cells of a bulletin's tables.
pub(crate) struct Ratings {
    stated: Vec<Stated>,
    products: ProductCves,
}

impl Ratings {
    /// Reads the tables of a page; `text` is its text with the notes that the document leaves out.
    pub(crate) fn of(document: &Document<'_>, text: &str) -> Self {
        let printed: Vec<&str> =
            if text.contains(NOTE) { numbered(text).map(|(_, line)| line).collect() } else { Vec::new() };
        let ends = document.lines.iter().skip(1).map(|line| line.number as usize).chain([usize::MAX]);
        let mut lines = document.lines.iter().zip(ends).map(|(line, end)| {
            let end = end.saturating_sub(1).min(printed.len());
            (line.trimmed(), printed.get(line.number.saturating_sub(1) as usize..end).unwrap_or_default())
        });
        let mut lines = lines.by_ref().peekable();
        let mut ratings = Self { stated: Vec::new(), products: ProductCves::default() };
        while let Some((line, printed)) = lines.next() {
            if !line.starts_with('|') {
                continue;
            }
            let mut rows = vec![cells(line, printed)];
            while let Some((line, printed)) = lines.next_if(|(line, _)| line.starts_with('|')) {
                if rows.len() < MAX_ROWS && !line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ')) {
                    rows.push(cells(line, printed));
                }
            }
            rows.iter().flatten().for_each(|cell| ratings.products.add_cell(cell));
            ratings.read(&rows);
        }
        ratings
    }

    /// The vulnerabilities of the page that an update does not correct, because none of its products has them.
    pub(crate) fn absent(&self, id: KbId) -> BTreeSet<&str> {
        self.products.absent(id)
    }

    /// What the tables say of an update: of the lines that name updates only those that name this one. The first of the result
    /// names every Windows of the tables; the result is empty where they name none. `highest` is the rating of the page.
    pub(crate) fn releases(&self, id: KbId, highest: Option<Severity>) -> Vec<ReleaseFacts> {
        let own = self.stated.iter().filter(|stated| stated.updates.is_empty() || stated.updates.contains(&id));
        let mut table = RatingTable::default();
        for Stated { windows, programs, cves, cell, .. } in own {
            for cve in cves {
                if windows.is_empty() && *cell != Cell::Absent {
                    table.everywhere.entry(cve.clone()).or_default().push(programs.clone());
                }
                for windows in windows {
                    table.add(windows, cve, *cell);
                    table.programs.entry(windows.clone()).or_default().extend(programs.iter().cloned());
                }
            }
        }
        table.releases(highest)
    }

    /// Reads a table with its vulnerabilities in the titles of columns, or in the first cells of lines.
    fn read(&mut self, rows: &[Vec<&str>]) {
        let with_cves = |row: &Vec<&str>| row.iter().skip(1).any(|cell| !cves_of(cell).is_empty());
        if let Some(head) = rows.iter().position(|row| with_cves(row) && cves_of(row[0]).is_empty()) {
            let titles: Vec<BTreeSet<String>> = rows[head].iter().map(|cell| cves_of(cell)).collect();
            for row in &rows[head + 1..] {
                let fits = row.len() == titles.len();
                // A heading inside the table.
                if row.iter().skip(1).all(|cell| cell.is_empty()) {
                    continue;
                }
                let read: Vec<Cell> = row.iter().map(|cell| cell_of(cell)).collect();
                for (place, cves) in titles.iter().enumerate().filter(|(_, cves)| !cves.is_empty()) {
                    let windows = if fits { windows_of(&named(row[0])) } else { BTreeSet::new() };
                    let cell = if fits { read[place] } else { Cell::Unread };
                    self.products.add(row[0], cves, cell != Cell::Absent);
                    let (programs, updates) = (BTreeSet::new(), named_updates(row[0]));
                    self.stated.push(Stated { windows, programs, updates, cves: cves.clone(), cell });
                }
            }
            return;
        }
        // Pages to 2006: a line is a vulnerability, a column a system.
        let Some((titles, rows)) = rows.split_first() else { return };
        let columns = columns_of(titles);
        if columns.iter().skip(1).all(|column| windows_of(column).is_empty()) {
            return;
        }
        for row in rows {
            let cves = cves_of(row[0]);
            let fits = row.len() == titles.len();
            for (place, column) in columns.iter().enumerate().skip(1).filter(|(_, column)| column.names_any()) {
                let windows = if fits { windows_of(column) } else { BTreeSet::new() };
                let cell = row.get(place).filter(|_| fits).map_or(Cell::Unread, |cell| cell_of(cell));
                self.products.add(titles[place], &cves, cell != Cell::Absent);
                let (programs, updates) = (programs_of(column), named_updates(titles[place]));
                self.stated.push(Stated { windows, programs, updates, cves: cves.clone(), cell });
            }
        }
    }
}

/// The number of a footnote in a page; the cells of a document have none.
const NOTE: &str = "<sup";

/// The cells of a line of a table, without their marks. A cell with a footnote in these lines of the page is not read: the
/// update may not be for what it says that it is (MS06-020, MS10-022).
fn cells<'l>(line: &'l str, printed: &[&str]) -> Vec<&'l str> {
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    let trimmed = line.split('|').take(MAX_CELLS).map(|cell| cell.trim_matches(['*', ' ', '\u{a0}', '\u{3000}']));
    let mut cells: Vec<&str> = trimmed.collect();
    let noted: Vec<&str> = printed
        .iter()
        .flat_map(|line| line.match_indices(NOTE).map(|(at, _)| line[..at].trim_end_matches(['*', ' ', '\u{a0}'])))
        .collect();
    for cell in cells.iter_mut().skip(1).filter(|cell| !cell.is_empty()) {
        if noted.iter().any(|before| before.ends_with(*cell)) {
            *cell = NOTE;
        }
    }
    cells
}

/// `重要 特権の昇格`, `Kritisch Remotecodeausführung`, `対象外`. A word for "nothing" with a note (`なし [1]`) may
/// stand for a rating that is not given.
fn cell_of(cell: &str) -> Cell {
    let lower = vocabulary::lower(cell);
    let is_absent = vocabulary::meaning(Kind::Nothing, &lower).is_some_and(str::is_empty)
        || vocabulary::meaning(Kind::Unaffected, &lower).is_some();
    let first = lower.split_whitespace().next().map(|word| word.trim_matches('*')).unwrap_or_default();
    let rating = vocabulary::meaning(Kind::Severity, first).and_then(Severity::from_name);
    match rating {
        _ if is_absent => Cell::Absent,
        Some(rating) => Cell::Rated(rating),
        None => Cell::Unread,
    }
}

/// The products of titles. A Windows in brackets after a program counts unless it has a column of its own: `Internet Explorer 6 SP1 (all
/// versions before Windows Server 2003)` is not for that Windows (MS04-025), `(Windows 2000 SP4, Windows XP SP1)` is for these.
fn columns_of(titles: &[&str]) -> Vec<Named> {
    let plain: Vec<Named> = titles.iter().map(|title| named(&without_brackets(title))).collect();
    let own: BTreeSet<String> = plain.iter().flat_map(windows_of).collect();
    let of = |(title, plain): (&&str, Named)| {
        if !title.contains(['(', '（', ')', '）']) {
            return plain;
        }
        let whole = named(title);
        let windows = windows_of(&whole);
        let is_remark = plain.programs().next().is_some() && windows.iter().all(|windows| own.contains(windows));
        if is_remark { plain } else { whole }
    };
    titles.iter().zip(plain).map(of).collect()
}

fn without_brackets(title: &str) -> String {
    let (mut plain, mut depth) = (String::with_capacity(title.len()), 0_usize);
    for c in title.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// The programs of a column without their versions: `Internet Explorer`.
fn programs_of(column: &Named) -> BTreeSet<String> {
    let plain = |name: &str| name.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default().trim().to_owned();
    column.programs().map(plain).collect()
}

/// The Windows that a text names, as [`Article::releases`](super::Article::releases) has them: `Windows XP SP2`.
fn windows_of(named: &Named) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (name, is_x64, packs) in named.windows() {
        let Some(name) = name_of(name, is_x64) else { continue };
        if packs.is_empty() {
            all.insert(name.to_owned());
        }
        all.extend(packs.iter().map(|pack| format!("{name} SP{}", pack.rsplit(' ').next().unwrap_or_default())));
    }
    all
}

/// The Windows of these files: editions with the same files have one name. The longest that fits comes first.
fn name_of(printed: &str, is_x64: bool) -> Option<&'static str> {
    const NAMES: [(&str, &str); 14] = [
        ("Windows NT Server 4.0, Terminal Server Edition", "Windows NT 4.0 Terminal Server Edition"),
        ("Windows NT", "Windows NT 4.0"),
        ("Windows 2000", "Windows 2000"),
        ("Small Business Server 2000", "Windows 2000"),
        // It has the files of Server 2003, as the x64 edition has.
        ("Windows XP 64-Bit Edition Version 2003", "Windows XP x64"),
        ("Windows XP", "Windows XP"),
        ("Windows Server 2003", "Windows Server 2003"),
        ("Windows Small Business Server 2003", "Windows Server 2003"),
        ("Windows Server 2008 R2", "Windows Server 2008 R2"),
        ("Windows Server 2008", "Windows Server 2008"),
        ("Windows Vista", "Windows Vista"),
        ("Windows 7", "Windows 7"),
        ("Windows 98", "Windows 98"),
        ("Windows Millennium Edition", "Windows Millennium Edition"),
    ];
    let (_, name) = NAMES.iter().find(|(first, _)| printed.starts_with(first))?;
    Some(if *name == "Windows XP" && is_x64 { "Windows XP x64" } else { name })
}

/// What is said of each vulnerability on each Windows.
#[derive(Default)]
struct RatingTable {
    stated: BTreeMap<(String, String), Vec<Cell>>,
    windows: BTreeSet<String>,
    cves: BTreeSet<String>,
    /// Vulnerabilities of products that run on several Windows, or in lines that could not be read, with the programs of each such
    /// cell.
    everywhere: BTreeMap<String, Vec<BTreeSet<String>>>,
    /// The programs in the titles of each Windows's columns.
    programs: BTreeMap<String, BTreeSet<String>>,
}

impl RatingTable {
    fn add(&mut self, windows: &str, cve: &str, cell: Cell) {
        self.stated.entry((windows.to_owned(), cve.to_owned())).or_default().push(cell);
        self.windows.insert(windows.to_owned());
        self.cves.insert(cve.to_owned());
    }

    fn has(&self, windows: &str, cve: &str) -> bool {
        let said = self.stated.get(&(windows.to_owned(), cve.to_owned()));
        said.is_none_or(|cells| cells.iter().any(|cell| *cell != Cell::Absent))
    }

    /// True if a vulnerability may be on a Windows by a cell that names none. A Windows with a column of its own for the same program
    /// has what this says alone: "Internet Explorer 6 on Windows XP SP2" beside "Internet Explorer 6" (MS04-038; issue 15).
    fn may_have(&self, windows: &str, cve: &str) -> bool {
        let own = self.programs.get(windows);
        let is_told =
            |programs: &BTreeSet<String>| !programs.is_empty() && own.is_some_and(|own| programs.is_subset(own));
        self.everywhere.get(cve).is_some_and(|cells| !cells.iter().all(is_told))
    }

    /// The highest rating on a Windows; `None` where one of them is not known.
    fn severity(&self, windows: &str) -> Option<Severity> {
        let of = |cve: &String| self.stated.get(&(windows.to_owned(), cve.clone()));
        let mut highest = None;
        for cell in self.cves.iter().map(of).collect::<Option<Vec<_>>>()?.into_iter().flatten() {
            match cell {
                Cell::Unread => return None,
                Cell::Rated(severity) => highest = highest.max(Some(*severity)),
                Cell::Absent => {}
            }
        }
        highest
    }

    fn releases(&self, highest: Option<Severity>) -> Vec<ReleaseFacts> {
        let has = |own: &String, cve: &String| self.has(own, cve) || self.may_have(own, cve);
        let on = |cve: &String| -> BTreeSet<&String> { self.windows.iter().filter(|own| has(own, cve)).collect() };
        let of_some = self.cves.iter().map(|cve| (cve, on(cve)));
        let of_some = of_some.map(|(cve, own)| (cve.clone(), own.into_iter().cloned().collect()));
        let lower = |own: &String| self.severity(own).filter(|severity| Some(*severity) < highest);
        let severities = self.windows.iter().filter_map(|own| Some((own.clone(), lower(own)?)));
        facts(&self.windows, of_some, severities)
    }
}

/// The lines of an article: the first has all names, the others what is of some of them alone.
fn facts(
    all: &BTreeSet<String>,
    cves: impl Iterator<Item = (String, BTreeSet<String>)>,
    severities: impl Iterator<Item = (String, Severity)>,
) -> Vec<ReleaseFacts> {
    if all.is_empty() {
        return Vec::new();
    }
    let mut groups: BTreeMap<BTreeSet<String>, ReleaseFacts> = BTreeMap::new();
    let texts = |names: &BTreeSet<String>| names.iter().cloned().map(Text::from).collect();
    for (cve, own) in cves.filter(|(_, own)| !own.is_empty() && own.len() < all.len()) {
        let facts = groups.entry(own.clone()).or_insert_with(|| empty(texts(&own)));
        facts.cves.push(cve.into());
    }
    let mut rated: BTreeMap<Severity, BTreeSet<String>> = BTreeMap::new();
    for (windows, severity) in severities {
        rated.entry(severity).or_default().insert(windows);
    }
    for (severity, own) in rated {
        groups.entry(own.clone()).or_insert_with(|| empty(texts(&own))).severity = Some(severity);
    }
    let first = groups.remove(all).unwrap_or_else(|| empty(texts(all)));
    std::iter::once(first).chain(groups.into_values()).collect()
}

fn empty(releases: Vec<Text>) -> ReleaseFacts {
    ReleaseFacts { releases, severity: None, cves: Vec::new() }
}

/// What several pages state of one update, for its vulnerabilities and highest rating. One page is enough to say that a
/// vulnerability is on a Windows. It is also on it if no page says anything about the two. Empty where all Windows have the
/// same.
pub(crate) fn merged(pages: &[Article], cves: &[Text], highest: Option<Severity>) -> Vec<ReleaseFacts> {
    let facts_of_all = pages.iter().flat_map(|page| &page.releases);
    let all: BTreeSet<String> = facts_of_all.flat_map(|facts| &facts.releases).map(|name| name.to_string()).collect();
    let named_by = |windows: &str| -> Vec<&Article> {
        pages.iter().filter(|page| page.releases.iter().any(|facts| is_of(facts, windows))).collect()
    };
    let on = |cve: &Text| -> BTreeSet<String> {
        let has = |windows: &&String| {
            let said: Vec<&Article> = named_by(windows).into_iter().filter(|page| page.cves.contains(cve)).collect();
            said.is_empty() || said.iter().any(|page| has_on(page, windows, cve))
        };
        all.iter().filter(has).cloned().collect()
    };
    let bulletins: BTreeSet<&Text> = pages.iter().flat_map(|page| &page.bulletins).collect();
    let severity = |windows: &String| {
        let rating = |page: &&Article| {
            let own = page.releases.iter().filter(|facts| is_of(facts, windows)).find_map(|facts| facts.severity);
            own.or(page.severity)
        };
        let own = named_by(windows);
        let known: BTreeSet<&Text> = own.iter().flat_map(|page| &page.bulletins).collect();
        let ratings: Option<Vec<Severity>> = own.iter().map(rating).collect();
        let lower = ratings?.into_iter().max().filter(|own| known == bulletins && Some(*own) < highest)?;
        Some((windows.clone(), lower))
    };
    let merged = facts(&all, cves.iter().map(|cve| (cve.to_string(), on(cve))), all.iter().filter_map(severity));
    let differs = merged.iter().any(|facts| facts.severity.is_some() || !facts.cves.is_empty());
    if differs { merged } else { Vec::new() }
}

fn is_of(facts: &ReleaseFacts, windows: &str) -> bool {
    facts.releases.iter().any(|name| name == windows)
}

/// Whether a page says that a Windows that it names has a vulnerability.
fn has_on(page: &Article, windows: &str, cve: &Text) -> bool {
    let mut of_some = page.releases.iter().filter(|facts| facts.cves.contains(cve)).peekable();
    of_some.peek().is_none() || of_some.any(|facts| is_of(facts, windows))
}
