//! The results of extraction so far: rows with their context, lines that could not be read, lines that are used up.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use jiff::civil::Date;

use super::binding::Binding;
use super::cells::DateText;
use super::document::{Document, Line};
use super::fix::{Fix, FixKind, SharedCells};
use super::language::is_english;
use super::model::Rejected;
use super::rounded_sizes;
use super::row::{NOT_IN_BYTES, Row};
use super::written_name;
use hotfixcheck_types::{KbId, Machine};

/// The most rows of one article. The longest real list has some thousand (SQL Server updates).
pub(crate) const MAX_ROWS: usize = 50_000;

/// Longer names of folders are those of the component store, and have no further meaning.
const MAX_FOLDER: usize = 24;

/// Why a row is left out that is not a corrected file.
pub(crate) const PACKAGE_OF_FIX: &str = "the package that brings the fix";

/// The results of extraction so far, and the lines that it has used.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub fixes: Vec<Fix>,
    pub rejected: Vec<Rejected>,
    /// The day of the article's last change: no file of it is newer.
    pub last_modified: Option<Date>,
    /// True for a list that a program wrote: its names are those on disk, whatever characters they contain.
    pub exact_names: bool,
    /// The update of each line's row, where a bulletin has several.
    pub updates: HashMap<u32, KbId>,
    /// The lines of rows that have their processor only from their heading.
    by_heading: HashSet<u32>,
    /// For each line up to the last used one, whether it belongs to a table or list: later stages ignore those.
    used: Vec<bool>,
}

impl Found {
    /// No results yet for an article.
    pub(crate) fn of_article(document: &Document<'_>) -> Self {
        Self { last_modified: document.last_modified, exact_names: document.file_list, ..Self::default() }
    }

    pub(crate) fn is_used(&self, index: usize) -> bool {
        self.used.get(index).is_some_and(|used| *used)
    }

    /// Marks the lines of a table or list.
    pub(crate) fn mark_used(&mut self, lines: std::ops::Range<usize>) {
        self.used.resize(self.used.len().max(lines.end), false);
        self.used[lines].fill(true);
    }

    /// Leaves out the package of the fix, which some articles list among its files (Q311085.exe in Q311085,
    /// `Windows6.1-KB976398-x64.msu`): it corrects nothing by itself.
    pub(crate) fn leave_out_package(&mut self, id: KbId) {
        if self.fixes.is_empty() {
            return;
        }
        let digits = id.number().to_string();
        let marked = format!("-kb{digits}-");
        let is_package = |f: &Fix| {
            let lower = f.file.to_ascii_lowercase();
            [".exe", ".cab", ".msu", ".msp"].iter().any(|extension| lower.ends_with(extension))
                && (lower.trim_start_matches(['q', 'k', 'b']).starts_with(&digits) || lower.contains(&marked))
        };
        for fix in self.fixes.iter().filter(|f| is_package(f)) {
            let reason = PACKAGE_OF_FIX.to_owned();
            self.rejected.push(Rejected { line: fix.line, text: Rejected::kept(&fix.file), reason });
        }
        self.fixes.retain(|f| !is_package(f));
    }

    /// Removes the processor that a heading of 64-bit systems gave to a build, if the page also lists that build for
    /// another processor. It is then the 32-bit file, or one without code (FrontPage Server Extensions on x64 systems,
    /// MS06-017).
    pub(crate) fn release_shared_builds(&mut self) {
        let build = |fix: &Fix| Some((fix.file.to_lowercase(), fix.version.clone()?, fix.size?));
        let mut machines: HashMap<_, HashSet<Option<Machine>>> = HashMap::new();
        for fix in &self.fixes {
            if let Some(build) = build(fix) {
                machines.entry(build).or_default().insert(fix.machine);
            }
        }
        let by_heading = &self.by_heading;
        let forced = |fix: &&mut Fix| fix.machine.is_some_and(Machine::is_64_bit) && by_heading.contains(&fix.line);
        for fix in self.fixes.iter_mut().filter(forced) {
            if build(fix).and_then(|build| machines.get(&build)).is_some_and(|machines| machines.len() > 1) {
                fix.machine = None;
                fix.platform = None;
            }
        }
    }

    /// Leaves out rows that repeat one above them: some bulletins list the files for two ways of installation.
    pub(crate) fn leave_out_repetitions(&mut self) {
        let update = |fix: &Fix| self.updates.get(&fix.line).copied();
        let is_new: Vec<bool> = {
            let mut seen = HashSet::with_hasher(RandomState::default());
            self.fixes.iter().map(|fix| seen.insert((update(fix), fix.statement()))).collect()
        };
        let mut is_new = is_new.into_iter();
        self.fixes.retain(|_| is_new.next().unwrap_or(true));
    }

    /// Leaves out messages about the size of a row that was itself left out as a repetition: no row is lost there.
    pub(crate) fn leave_out_sizes_of_no_row(&mut self) {
        let lines: HashSet<u32> = self.fixes.iter().map(|fix| fix.line).collect();
        self.rejected.retain(|rejected| !rejected.reason.ends_with(NOT_IN_BYTES) || lines.contains(&rejected.line));
    }

    pub(crate) fn reject(&mut self, line: &Line<'_>, reason: impl Into<String>) {
        let text = Rejected::kept(line.trimmed());
        self.rejected.push(Rejected { line: line.number, text, reason: reason.into() });
    }
}

/// A row with the facts that its table states for it.
pub(crate) struct Placed {
    pub row: Row,
    pub binding: Binding,
    pub line: u32,
}

impl Placed {
    /// The rows of one line.
    pub(crate) fn all(rows: Vec<Row>, binding: &Binding, line: u32) -> impl Iterator<Item = Self> {
        rows.into_iter().map(move |row| Self { binding: binding.with(row.of_column.as_deref()), row, line })
    }
}

/// Resolves the dates of a table's rows together, and keeps them as fixes.
pub(crate) fn push_rows(mut rows: Vec<Placed>, kind: FixKind, found: &mut Found) {
    settle_years(&mut rows, found.last_modified);
    rounded_sizes::settle(&mut rows.iter_mut().map(|placed| &mut placed.row).collect::<Vec<_>>());
    let numeric = |p: &Placed| match p.row.date {
        Some(DateText::Numeric { first, second, .. }) => Some((first, second)),
        _ => None,
    };
    let day_first = rows.iter().filter_map(numeric).any(|(first, _)| first > 12);
    let month_first = rows.iter().filter_map(numeric).any(|(_, second)| second > 12);
    for placed in rows {
        let mut swapped = day_first && numeric(&placed).is_some_and(|(_, second)| second <= 12);
        let two_ways = numeric(&placed).is_some_and(|(first, second)| first <= 12 && second <= 12 && first != second);
        let Placed { mut row, binding, line } = placed;
        if !found.exact_names {
            if let Some((name, platform)) = written_name::in_package(&row.file) {
                let name = name.to_owned();
                row.platform = row.platform.take().or(platform.map(str::to_owned));
                row.file = name;
            }
            match written_name::on_disk(&row.file) {
                Some(Cow::Borrowed(name)) if name.len() == row.file.len() => {}
                Some(name) => row.file = name.into_owned(),
                None => {
                    let text = Rejected::kept(&row.file);
                    let reason = format!("'{text}' is not a file name");
                    found.rejected.push(Rejected { line, text, reason });
                    continue;
                }
            }
        }
        if day_first && month_first && two_ways {
            swapped = false;
            row.date = None;
            row.unread.push("a date that reads two ways, in a table that has dates of both orders".to_owned());
        }
        for reason in std::mem::take(&mut row.unread) {
            found.rejected.push(Rejected { line, text: Rejected::kept(&row.file), reason });
        }
        if let Some(kb) = binding.kb {
            found.updates.insert(line, kb);
        }
        let folder = row.folder.take().filter(|folder| binding.bulletin && folder.len() <= MAX_FOLDER);
        let folder = folder.map(|folder| format!("folder {folder}"));
        if row.platform.is_none() && binding.platform.is_some() {
            found.by_heading.insert(line);
        }
        // A line above a list in Markdown may end in a non-breaking blank.
        let platform = row.platform.clone().or(binding.platform).map(|platform| platform.trim().to_owned());
        let language = row.language.clone().or(binding.language);
        // Pages print the package's processor for its 32-bit files, too (MS04-014).
        let machine = match row.wow {
            true => Some(Machine::I386),
            false => platform.as_deref().and_then(Machine::from_platform_text),
        };
        let shared = SharedCells {
            section: plain(&binding.section).into(),
            language: language.filter(|l| !is_english(l)).map(Into::into),
            machine,
            platform: platform.map(Into::into),
            branch: row.branch.take().or(binding.branch).map(Into::into),
            sp_requirement: row.sp_requirement.take().or(binding.pack).map(Into::into),
            wow: row.wow,
            build_language: binding.build.map(Into::into),
            utc: binding.utc,
            note: swapped.then(|| "day-first date".to_owned()).or(folder).map(Into::into),
            ..SharedCells::new(kind)
        };
        found.fixes.push(Fix {
            date: row.resolved_date(swapped),
            // Pages print `0.0.0.0` for a text or a picture, which has no version (MS08-067).
            version: row.version.filter(|text| text.contains(|c: char| !matches!(c, '0' | '.'))).map(Into::into),
            time: row.time,
            size: row.size,
            shared: shared.into(),
            ..Fix::new(kind, row.file, line)
        });
    }
}

/// Settles dates of a table that may begin or end with their year (`03/04/05`): by its other dates, or because one
/// reading is later than the article. A date that remains uncertain is not guessed.
fn settle_years(rows: &mut [Placed], last_modified: Option<Date>) {
    let dates = || rows.iter().filter_map(|placed| placed.row.date);
    let first = dates().any(|date| matches!(date, DateText::YearFirst(_)));
    let last = dates().any(|date| matches!(date, DateText::Numeric { year_first: None, .. }));
    let too_late = |date: Date| last_modified.is_some_and(|modified| date > modified);
    for row in rows.iter_mut().map(|placed| &mut placed.row) {
        let Some(DateText::Numeric { year_first: Some(date), year, first: a, second: b }) = row.date else { continue };
        let year_last = DateText::Numeric { year_first: None, year, first: a, second: b };
        let impossible = |day_first| year_last.resolve(day_first).is_none_or(too_late);
        row.date = match (first, last) {
            (false, true) => Some(year_last),
            (true, false) => Some(DateText::YearFirst(date)),
            _ if too_late(date) && !(impossible(false) && impossible(true)) => Some(year_last),
            _ if !too_late(date) && impossible(false) && impossible(true) => Some(DateText::YearFirst(date)),
            _ => None,
        };
        if row.date.is_none() {
            row.unread.push("a date of two digits each whose year may stand first or last".to_owned());
        }
    }
}

/// A heading with blanks instead of the other spaces that pages have between a name and its number ("Windows 2000" in
/// MS07-045).
fn plain(heading: &str) -> String {
    // Most headings have none.
    if heading.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return heading.to_owned();
    }
    heading.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}
