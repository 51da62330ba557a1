//! The result of reading any list: files by path, with the data of the list.

use std::borrow::Cow;
use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::ImportError;
use crate::Machine;
use crate::inventory::shared::SharedFolder;
use crate::inventory::snapshot::{FileRecord, WantedName};
use crate::inventory::{MachineClass, Problem, RelativePath, Snapshot, Unread, Untold, copy_kind};
use crate::name::lower_case;
use hotfixcheck_winfiles::binary::{Binary, Format, StringTable, VersionInfo, VersionOutcome};

/// How many files of a list are held.
const MAX_FILES: usize = 2_000_000;

/// One file of a list.
#[derive(Debug)]
pub(super) struct Row {
    /// Its path as printed.
    pub path: String,
    pub size: Option<u64>,
    /// Seconds since 1970 UTC.
    pub modified: Option<i64>,
    /// The linker's time stamp, seconds since 1970 UTC.
    pub built: Option<u32>,
    pub format: Format,
    pub machine: Told,
    pub version: Version,
    /// Whether the list records the fixed version, or that the file has none.
    pub fixed_told: bool,
}

/// What a list records about a machine.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    Machine(Machine),
    Class(MachineClass),
}

/// What a list records about a version.
#[derive(Debug)]
pub(super) enum Version {
    /// Nothing.
    NotTold,
    /// The file has none.
    Absent,
    /// One or both versions of the file.
    Found(Box<VersionInfo>),
}

impl Version {
    /// Makes it from the fixed versions and the texts of a resource, none of which may be blank. Zeros as a fixed
    /// version do not count: some lists write them for a file without a resource. `language` is the id of the string
    /// table, if the list has it.
    pub(super) fn new(fixed: [Option<[u16; 4]>; 2], strings: StringTable, language: Option<u16>) -> Self {
        let key = language.map(|id| format!("{id:04X}")).unwrap_or_default();
        let strings = StringTable { key, ..strings };
        let has_strings = StringTable { key: strings.key.clone(), ..StringTable::default() } != strings;
        let [fixed_file, fixed_product] = fixed.map(|fixed| fixed.filter(|numbers| *numbers != [0; 4]));
        if fixed_file.is_none() && fixed_product.is_none() && !has_strings {
            return Self::Absent;
        }
        let number =
            |[major, minor, build, revision]: [u16; 4]| crate::FileVersion::fixed(major, minor, build, revision);
        Self::Found(Box::new(VersionInfo {
            fixed_file: fixed_file.map(number),
            fixed_product: fixed_product.map(number),
            tables: if has_strings || language.is_some() { vec![strings] } else { Vec::new() },
            damage: None,
        }))
    }
}

/// Four numbers of a fixed version, as lists print them: `5.1.2600.2180`.
pub(super) fn fixed(text: &str) -> Option<[u16; 4]> {
    let mut numbers = text.trim().split('.').map(|number| number.parse().ok());
    let four = [numbers.next()??, numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(four)
}

/// The text, unless it is blank.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The files of a list in the order in which they come: a tree for each drive or share, sorted by name, or the one tree
/// below a root. If rows contradict each other about a file, neither is used.
pub(super) struct Files<'r> {
    root: Option<&'r str>,
    wanted: Option<WantedName<'r>>,
    /// How many files are below the root, wanted or not.
    seen: u64,
    /// The wanted files, by tree and path.
    by_path: BTreeMap<(String, RelativePath), FileRecord>,
    /// The trees of all files, each with the folder that its files share.
    trees: BTreeMap<String, SharedFolder>,
    /// The first file that is not below the root, and the number of such files.
    left_out: Option<(String, u64)>,
}

impl<'r> Files<'r> {
    pub(super) fn new(root: Option<&'r str>, wanted: Option<WantedName<'r>>) -> Self {
        Self { root, wanted, seen: 0, by_path: BTreeMap::new(), trees: BTreeMap::new(), left_out: None }
    }

    /// Forgets all files.
    pub(super) fn clear(&mut self) {
        *self = Self::new(self.root, self.wanted);
    }

    /// Adds a file.
    ///
    /// # Errors
    /// There are more wanted files than can be held.
    pub(super) fn add(&mut self, row: Row) -> Result<(), ImportError> {
        let (mut tree, below) = split(row.path.trim_matches('"'));
        let mut below = RelativePath::from(resolved(below).as_ref());
        if let Some(root) = self.root {
            let Some(path) = below_root(&tree, &below, root) else {
                self.left_out.get_or_insert((row.path, 0)).1 += 1;
                return Ok(());
            };
            (tree, below) = (root.to_owned(), path);
        }
        self.seen += 1;
        match self.trees.get_mut(&tree) {
            Some(shared) => shared.see(&below),
            None => self.trees.entry(tree.clone()).or_default().see(&below),
        }
        let record = record(below.clone(), row);
        if self.wanted.is_some_and(|wanted| !record.counts(wanted, false)) {
            return Ok(());
        }
        match self.by_path.entry((tree, below)) {
            Slot::Vacant(slot) => {
                slot.insert(record);
            }
            Slot::Occupied(mut slot) if *slot.get() != record => {
                slot.get_mut().binary = Err(Unread::refused("rows of the list contradict each other about it"));
            }
            Slot::Occupied(_) => {}
        }
        if self.by_path.len() <= MAX_FILES {
            return Ok(());
        }
        Err(ImportError::Read(std::io::Error::other(format!(
            "more than {MAX_FILES} files have names of the catalogue"
        ))))
    }

    /// The snapshot of all files.
    ///
    /// # Errors
    /// No file is below the given root.
    pub(super) fn snapshot(self) -> Result<Snapshot, ImportError> {
        let Self { root, seen, by_path, trees, left_out, .. } = self;
        let mut warnings = Vec::new();
        if let (Some(root), Some((first, count))) = (root, left_out) {
            if seen == 0 {
                return Err(ImportError::NotBelowRoot { root: root.to_owned(), first });
            }
            let what =
                format!("{count} files of the list do not lie below --root and are left out; the first one: {first}");
            warnings.push(Problem { root: 0, path: RelativePath::default(), what });
        }
        // The root of a tree is the folder above Windows that all its files share.
        let folder = |(tree, shared): (String, SharedFolder)| {
            let folder = shared.folder().filter(|_| root.is_none());
            let name = folder.as_ref().map_or_else(|| tree.clone(), |folder| joined(&tree, folder));
            (tree, (name, folder.map_or(0, |folder| folder.components().count())))
        };
        let trees: BTreeMap<String, (String, usize)> = trees.into_iter().map(folder).collect();
        let roots: BTreeSet<&str> = trees.values().map(|(name, _)| name.as_str()).collect();
        let places: BTreeMap<&str, usize> = roots.iter().enumerate().map(|(place, name)| (*name, place)).collect();
        let moved = by_path.into_iter().filter_map(|((tree, path), file)| {
            let (name, above) = trees.get(&tree)?;
            let path = if *above == 0 { path } else { path.below(*above) };
            Some(FileRecord { root: places[name.as_str()], copy: copy_kind(&path), path, ..file })
        });
        let mut files: Vec<FileRecord> = moved.collect();
        files.sort_by(|a, b| (a.root, &a.path).cmp(&(b.root, &b.path)));
        let roots = roots.iter().map(PathBuf::from).collect();
        Ok(Snapshot { files, files_seen: seen, roots, warnings, ..Snapshot::default() })
    }
}

/// The path below a root as the user spells it, in any case and with either slash; `None` for a path elsewhere.
fn below_root(tree: &str, below: &RelativePath, root: &str) -> Option<RelativePath> {
    let (wanted_tree, wanted) = split(root.trim_end_matches(['/', '\\']));
    let wanted = RelativePath::from(wanted);
    // "C:" alone has no slash to split at; a path without a drive has the tree `.`.
    let same_tree = lower_case(tree.trim_end_matches('\\')) == lower_case(wanted_tree.trim_end_matches('\\'));
    if !same_tree {
        return None;
    }
    if wanted.is_empty() {
        return Some(below.clone());
    }
    let is_below = below.is_in(&wanted);
    is_below.then(|| below.below(wanted.components().count()))
}

/// A folder of a tree, in the spelling of the tree.
fn joined(tree: &str, folder: &RelativePath) -> String {
    let folder = folder.to_string();
    match tree {
        "." => folder,
        "/" => format!("/{folder}"),
        _ => format!("{}\\{}", tree.trim_end_matches('\\'), folder.replace('/', "\\")),
    }
}

/// The record of a file, not yet in a tree.
fn record(path: RelativePath, row: Row) -> FileRecord {
    let told = match row.machine {
        Told::Machine(machine) => Ok(machine),
        Told::Class(class) => Err(class),
    };
    let language = matches!(&row.version, Version::Found(info) if info.tables.iter().all(|table| table.key.is_empty()));
    let fixed = matches!(&row.version, Version::Found(info) if info.fixed_file.is_none()) && !row.fixed_told;
    let version = match row.version {
        Version::NotTold => None,
        // Without strings, the file may still have a fixed version.
        Version::Absent if !row.fixed_told => None,
        Version::Absent => Some(VersionOutcome::Absent),
        Version::Found(info) => Some(VersionOutcome::Found(*info)),
    };
    let binary = version.ok_or(Unread::NotTold).map(|version| Binary {
        format: row.format,
        machine: told.ok(),
        machine_raw: 0,
        time_stamp: row.built,
        checksum: None,
        version,
    });
    FileRecord {
        size: row.size,
        modified: row.modified,
        untold: Untold { machine: told.err(), language, fixed },
        ..FileRecord::new(0, path, binary)
    }
}

/// The path with `.` and `..` resolved: `System32\..\System32\a.dll` is `System32\a.dll`.
fn resolved(path: &str) -> Cow<'_, str> {
    let parts = || path.split(['/', '\\']);
    if !parts().any(|part| part == "..") {
        return Cow::Borrowed(path);
    }
    let mut kept: Vec<&str> = Vec::new();
    for part in parts() {
        match part {
            "." | "" => {}
            ".." => {
                kept.pop();
            }
            part => kept.push(part),
        }
    }
    Cow::Owned(kept.join("\\"))
}

/// Splits a Windows or Unix path into its root (`C:\`, `\\server\share`, `/`, or `.` for a path without one) and the
/// rest.
fn split(path: &str) -> (String, &str) {
    // PowerShell's PSPath; the prefix of long paths.
    let path = path.rsplit_once("::").map_or(path, |(_, path)| path);
    let path = path.strip_prefix(r"\\?\").or_else(|| path.strip_prefix(r"\\.\")).unwrap_or(path);
    let is_slash = |c: char| c == '\\' || c == '/';
    let mut letters = path.chars();
    match (letters.next(), letters.next()) {
        (Some(drive), Some(':')) if drive.is_ascii_alphabetic() => {
            (format!("{}:\\", drive.to_ascii_uppercase()), path[2..].trim_start_matches(is_slash))
        }
        (Some('\\'), Some('\\')) => {
            let mut parts = path[2..].splitn(3, is_slash);
            let (server, share) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            (format!(r"\\{server}\{share}"), parts.next().unwrap_or_default().trim_start_matches(is_slash))
        }
        (Some('/'), _) => ("/".to_owned(), path.trim_start_matches('/')),
        _ => (".".to_owned(), path.trim_start_matches(is_slash)),
    }
}
