//! Lists of the updates that a machine reports as installed: `reg export` or `reg query` of the hotfix keys,
//! `systeminfo`, `wmic qfe`, `Get-HotFix`, or any text with one update a line. These are claims that are compared with
//! files; they never prove that a fix is installed. A machine without updates has an empty list.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::LazyLock;

use regex::Regex;

use super::ImportError;
use super::error::error;
use crate::inventory::document::{Document, Texts};
use crate::inventory::system::{Hotfix, HotfixList, HotfixState, RegistryProblem, System, exported, is_export};
use crate::inventory::{RelativePath, Snapshot};

/// The format's name in errors.
const NAME: &str = "updates";

/// `KB976902`, `Q147222`, `KB911564-v2`, `KB 976902`, `Package_for_KB976902~31bf…` (`dism`): an id as a whole word.
static ID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\p{L}\d_]|Package_for_)((?:KB|kb|Kb|Q|q)[ -]?\d{5,7})(?:$|[^\p{L}\d])")
        .unwrap_or_else(|e| unreachable!("{e}"))
});

/// The updates that a machine lists as installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    hotfixes: Vec<Hotfix>,
    /// The parts of an export that could not be read.
    problems: Vec<RegistryProblem>,
}

/// Reads a list of installed updates. The whole list is held in memory: more than
/// [`MAX_VALUE_BYTES`](crate::inventory::MAX_VALUE_BYTES) are refused.
///
/// # Errors
/// A text without an update that is not a list of a machine without updates; an I/O error.
pub fn claims(document: Document<'_>) -> Result<Claims, ImportError> {
    document.read(read)
}

fn read(text: &Texts<'_>) -> Result<Claims, ImportError> {
    let mut whole = String::new();
    text.open()?.read_to_string(&mut whole)?;
    let whole = whole.trim_start_matches('\u{feff}').trim_start();
    if is_export(whole) {
        let (hotfixes, problems) = exported(whole).ok_or_else(|| {
            let what =
                "the export lists no update: expected the keys HotFix, Updates or Component Based Servicing\\Packages";
            error(NAME, "export", what)
        })?;
        return Ok(Claims { hotfixes, problems });
    }
    let is_without = is_without(whole);
    if !is_without && !is_printed(whole) {
        return Err(error(NAME, "line 1", EXPECTED));
    }
    let mut seen = BTreeSet::new();
    let mut hotfixes = Vec::new();
    let mut lines = whole.lines().enumerate().peekable();
    while let Some((place, line)) = lines.next() {
        // `dism /get-packages` prints the state on a line of its own.
        let state = lines.peek().map(|(_, next)| *next).filter(|next| ids(next).is_empty());
        if NOT_IN.is_match(line) || line.contains(PACKAGE) && state.is_some_and(|state| NOT_IN.is_match(state)) {
            continue;
        }
        for name in ids(line) {
            let name = name.replace([' ', '-'], "");
            let id = name.parse().ok();
            if seen.insert((id, name.clone())) {
                hotfixes.push(Hotfix {
                    id,
                    name,
                    source: format!("list of updates, line {}", place + 1),
                    list: HotfixList::Printed,
                    state: HotfixState::Listed,
                    description: None,
                    installed_on: None,
                    files: Vec::new(),
                });
            }
        }
    }
    Ok(Claims { hotfixes, problems: Vec::new() })
}

/// The beginning of the names of an update's packages.
const PACKAGE: &str = "Package_for_";

/// Words for an update that is not installed: states of `dism`, and findings of MBSA and `hfnetchk`.
static NOT_IN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:staged|uninstall pending|not present|removed|superseded|not (?:found|installed|applicable)|missing)\b")
        .unwrap_or_else(|e| unreachable!("{e}"))
});

/// True for the list of a machine without updates. It is empty (Get-HotFix), has only the column titles (`wmic qfe`),
/// or is a full `systeminfo` in any language: labels, blanks and values, one of which names the system.
fn is_without(text: &str) -> bool {
    let is_label = |line: &&str| line.split_once(": ").is_some_and(|(_, value)| value.starts_with(' '));
    let has_system = text.contains("Microsoft Windows") || text.contains("Microsoft(R) Windows");
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return true };
    let is_titles = first.split([' ', ',', '\t']).any(|word| word.eq_ignore_ascii_case("HotFixID"));
    is_titles && lines.next().is_none() || has_system && text.lines().filter(is_label).count() >= SYSTEM_LINES
}

/// The smallest number of labels that `systeminfo` prints.
const SYSTEM_LINES: usize = 8;

const EXPECTED: &str = "expected reg export, systeminfo, wmic qfe, Get-HotFix, or an update such as KB976902 a line";

/// Words that only lists of updates contain: the column of `wmic qfe` and Get-HotFix, packages of `dism`, lines of
/// `systeminfo`, registry keys.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)HotFixID|Package_for_|\[\d{1,3}\]: ?(?:KB|Q)\d|^\s*HKEY_[^\n]*(?:KB|\\Q)\d")
        .unwrap_or_else(|e| unreachable!("{e}"))
});
/// The beginnings of this program's own texts, which also contain ids.
const OWN: [&str; 4] = ["hotfixcheck", "record,", "{\"record\"", "## hotfixcheck"];

/// How many bytes of a text are compared with these beginnings.
const START_BYTES: usize = 16;

/// True for a text that lists updates: it contains a word that only such lists have, or names an update in at least
/// every third line. An article, a page or a report names updates, but does not list them.
fn is_printed(text: &str) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let named = lines().filter(|line| !ids(line).is_empty()).count();
    let start = text.get(..START_BYTES).unwrap_or(text).to_lowercase();
    let is_own = OWN.iter().any(|own| start.starts_with(own));
    // The lines of a page depend on its markup, so they are not counted.
    let is_page = start.starts_with("<!doctype html") || start.starts_with("<html");
    named > 0 && !is_own && (MARK.is_match(text) || (!is_page && named * 3 >= lines().count()))
}

/// The updates of a line. Further ids that follow other words belong to a description; JSON, XML and HTML on one line
/// contain no such descriptions (Get-HotFix, `wmic qfe`).
fn ids(line: &str) -> Vec<&str> {
    let is_marked_up = line.trim_start().starts_with(['{', '[', '<']) && line.contains(['{', '<']);
    let mut found = Vec::new();
    let mut at = 0;
    // The separator after an id may be the one before the next id.
    while let Some(name) = ID.captures_at(line, at).and_then(|captures| captures.get(1)) {
        let is_listed = !line[at..name.start()].contains(|c: char| c.is_alphabetic() && c != '_');
        if !found.is_empty() && !is_listed && !is_marked_up {
            break;
        }
        found.push(name.as_str());
        at = name.end();
    }
    // An id without its letters, alone on its line.
    let alone = line.trim();
    if (5..=7).contains(&alone.len()) && alone.bytes().all(|b| b.is_ascii_digit()) {
        found.push(alone);
    }
    found
}

/// True for the beginning of a list of installed updates: an export, or lines with ids.
pub(super) fn is_list(head: &str) -> bool {
    is_export(head) || is_printed(head) || !head.trim().is_empty() && is_without(head)
}

impl Snapshot {
    /// Adds the updates that the machine lists as installed to its only system, or to the only Windows folder that
    /// contains files of the inventory.
    ///
    /// # Errors
    /// The inventory has several systems, and it is not known to which of them the list belongs.
    pub fn claim(&mut self, claims: Claims) -> Result<(), ImportError> {
        let Claims { hotfixes, problems } = claims;
        match self.systems.as_mut_slice() {
            [] => {}
            [system] => {
                system.hotfixes.extend(hotfixes);
                system.problems.extend(problems);
                return Ok(());
            }
            _ => return Err(several()),
        }
        let mut folders = self.files.iter().filter_map(|file| Some((file.root, windows_above(&file.path)?)));
        let first = folders.next();
        let (root, windows) = first.clone().unwrap_or_default();
        if first.is_some()
            && folders.any(|(other, folder)| (other, folder.to_lowercase()) != (root, windows.to_lowercase()))
        {
            return Err(several());
        }
        let folder = match first {
            Some(_) => RelativePath::from(format!("{windows}System32/config").as_str()),
            None => RelativePath::default(),
        };
        self.systems.push(System { root, folder, hotfixes, problems, ..System::default() });
        Ok(())
    }
}

fn several() -> ImportError {
    error(NAME, "list", "the inventory has several Windows: it is not known to which of them the list belongs")
}

/// The part of a file's path before `System32` (`WINNT/`, or empty), if the file is there and is not a copy.
fn windows_above(path: &RelativePath) -> Option<String> {
    if crate::inventory::copy_kind(path).is_some() {
        return None;
    }
    let text = path.to_string();
    let lower = text.to_lowercase();
    let at = if lower.starts_with("system32/") { 0 } else { lower.find("/system32/")? + 1 };
    text.get(..at).map(str::to_owned)
}
