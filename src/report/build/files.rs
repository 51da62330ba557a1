//! Files, their paths and the rows about them, as shown in the view.

use jiff::Timestamp;

use super::super::hexadecimal;
use super::super::view::{FileView, FixView, PathView, UnreadableView};
use crate::assess::Unreadable;
use crate::inventory::{CopyKind, Entry, Inventory, RelativePath};
use hotfixcheck_articles::{Fix, FixKind};
use hotfixcheck_winfiles::binary::{Binary, VersionOutcome};

pub(super) fn unreadable_view(unreadable: &Unreadable, inventory: &Inventory) -> UnreadableView {
    match *unreadable {
        Unreadable::Problem(place) => {
            let problem = &inventory.problems[place];
            UnreadableView { tree: problem.root, path: PathView::of(&problem.path), error: problem.what.clone() }
        }
        Unreadable::Registry(system, problem) => {
            let system = &inventory.systems[system];
            let problem = &system.problems[problem];
            let error = format!("registry, {}: {}", problem.source, problem.what);
            UnreadableView { tree: system.root, path: PathView::of(&system.folder), error }
        }
        Unreadable::Entry(place) => {
            let entry = &inventory.entries[place];
            let error = read_error(entry).unwrap_or_default();
            UnreadableView { tree: entry.root, path: PathView::of(&entry.path), error }
        }
        Unreadable::Copies { entry, count, judged } => {
            let entry = &inventory.entries[entry];
            let error = match count {
                1 => format!("not judged: there are too many different files of this name, {judged} others are judged"),
                _ => format!(
                    "not judged, as {} more files of this name: too many different ones, {judged} others are judged",
                    count - 1
                ),
            };
            UnreadableView { tree: entry.root, path: PathView::of(&entry.path), error }
        }
    }
}

/// Why a file, or its version resource, could not be read.
fn read_error(entry: &Entry) -> Option<String> {
    match &entry.binary {
        Err(error) => Some(error.to_string()),
        Ok(Binary { version: VersionOutcome::Corrupt { detail }, .. }) => Some(format!("version resource: {detail}")),
        Ok(Binary { version: VersionOutcome::Found(info), .. }) if entry.copy == Some(CopyKind::Unidentified) => {
            info.damage.as_ref().map(|damage| format!("version resource: {damage}"))
        }
        Ok(_) => None,
    }
}

impl PathView {
    pub(in crate::report) fn of(path: &RelativePath) -> Self {
        Self::of_bytes(path.as_bytes())
    }

    pub(in crate::report) fn of_bytes(bytes: &[u8]) -> Self {
        let lossless = std::str::from_utf8(bytes).is_ok();
        Self { path: String::from_utf8_lossy(bytes).into_owned(), path_raw: (!lossless).then(|| hexadecimal(bytes)) }
    }
}

impl FixView {
    /// The text in place of a file name where an article names no file.
    pub(in crate::report) const NO_FILE_NAMED: &str = "(no file named)";

    /// The row that is shown where no file is named: of an unread row only the line in the article is known, or it is
    /// the article itself.
    pub(super) fn nameless(instead: &str, line: u32) -> Self {
        Self {
            kind: FixKind::Table,
            line,
            section: String::new(),
            language: None,
            file: instead.to_owned(),
            version: None,
            date: None,
            time: None,
            utc: false,
            size: None,
            platform: None,
            machine: None,
            branch: None,
            service_pack: None,
            note: None,
        }
    }

    pub(in crate::report) fn of(fix: &Fix) -> Self {
        Self {
            kind: fix.kind,
            line: fix.line,
            section: fix.section.clone().into(),
            language: fix.language.clone().map(Into::into),
            file: fix.file.clone().into(),
            version: fix.version.clone().map(Into::into),
            date: fix.date,
            time: fix.time,
            utc: fix.utc,
            size: fix.size,
            platform: fix.platform.clone().map(Into::into),
            machine: fix.machine,
            branch: fix.branch.clone().map(Into::into),
            service_pack: fix.sp_requirement.clone().map(Into::into),
            note: fix.note.clone().map(Into::into),
        }
    }
}

impl FileView {
    pub(in crate::report) fn of(entry: &Entry) -> Self {
        let binary = entry.binary.as_ref().ok();
        let info = binary.and_then(|b| match &b.version {
            VersionOutcome::Found(info) => Some(info),
            _ => None,
        });
        let strings = info.map(|i| i.tables.iter().filter_map(|t| t.file_version.clone()).collect());
        let instant = |seconds: i64| Timestamp::from_second(seconds).ok().map(|t| t.to_string());
        Self {
            tree: entry.root,
            path: PathView::of(&entry.path),
            original_name: entry.original_name.clone(),
            size: entry.size,
            modified: entry.modified.and_then(instant),
            machine: binary.and_then(|b| b.machine),
            fixed_version: info.and_then(|i| i.fixed_file),
            version_strings: strings.unwrap_or_default(),
            built: binary.and_then(|b| b.time_stamp).and_then(|seconds| instant(seconds.into())),
            error: read_error(entry),
        }
    }
}
