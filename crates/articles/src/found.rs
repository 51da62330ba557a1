//! What extraction has found so far: rows with what stands around them, lines that could not be read, lines that are used up.

use super::binding::Binding;
use super::cells;
use super::document::Line;
use super::language::is_english;
use super::model::{Fix, FixKind, Rejected};
use super::row::Row;
use hotfixcheck_types::{KbId, Machine};

/// The most rows of one article; the longest real list has some thousand (SQL Server updates).
pub(crate) const MAX_ROWS: usize = 50_000;

/// What extraction has found so far, and which lines it has used.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub fixes: Vec<Fix>,
    pub rejected: Vec<Rejected>,
    /// For each line up to the last such one, whether it belongs to a table or list: later stages leave those alone.
    used: Vec<bool>,
}

impl Found {
    pub(crate) fn is_used(&self, index: usize) -> bool {
        self.used.get(index).is_some_and(|used| *used)
    }

    /// Marks the lines of a table or list.
    pub(crate) fn mark_used(&mut self, lines: std::ops::Range<usize>) {
        self.used.resize(self.used.len().max(lines.end), false);
        self.used[lines].fill(true);
    }

    /// The package that brings the fix is listed beside its files in some articles (Q311085.exe in Q311085,
    /// `Windows6.1-KB976398-x64.msu`); it corrects nothing by itself.
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
            let reason = "the package that brings the fix".to_owned();
            self.rejected.push(Rejected { line: fix.line, text: fix.file.clone().into(), reason });
        }
        self.fixes.retain(|f| !is_package(f));
    }

    pub(crate) fn reject(&mut self, line: &Line<'_>, reason: impl Into<String>) {
        let text = line.trimmed().chars().take(Rejected::MAX_TEXT).collect();
        self.rejected.push(Rejected { line: line.number, text, reason: reason.into() });
    }
}

/// A row with what its table says of it.
pub(crate) struct Placed {
    pub row: Row,
    pub binding: Binding,
    pub line: u32,
}

/// Resolves the dates of a table's rows together, and keeps them as fixes.
pub(crate) fn push_rows(rows: Vec<Placed>, kind: FixKind, found: &mut Found) {
    let numeric = |p: &Placed| match p.row.date {
        Some(cells::DateText::Numeric { first, second, .. }) => Some((first, second)),
        _ => None,
    };
    let day_first = rows.iter().filter_map(numeric).any(|(first, _)| first > 12);
    for placed in rows {
        let swapped = day_first && numeric(&placed).is_some_and(|(_, second)| second <= 12);
        let Placed { row, binding, line } = placed;
        let platform = row.platform.clone().or(binding.platform);
        let language = row.language.clone().or(binding.language);
        found.fixes.push(Fix {
            section: binding.section.into(),
            language: language.filter(|l| !is_english(l)).map(Into::into),
            date: row.resolved_date(swapped),
            version: row.version.map(Into::into),
            time: row.time.map(Into::into),
            size: row.size,
            machine: platform.as_deref().and_then(Machine::from_platform_text),
            platform: platform.map(Into::into),
            branch: row.branch.map(Into::into),
            sp_requirement: row.sp_requirement.map(Into::into),
            note: swapped.then(|| "day-first date".to_owned().into()),
            ..Fix::new(kind, row.file, line)
        });
    }
}
