//! The result of reading any list: files by path, with the data of the list.

use std::borrow::Cow;
use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::ImportError;
use super::crowd::{Apart, CONTRADICTED, Crowd, Kinds, MAX_FILES, RECORD_BYTES, too_many};
use crate::Machine;
use crate::inventory::shared::SharedFolder;
use crate::inventory::snapshot::{FileRecord, WantedName};
use crate::inventory::{MachineClass, Problem, RelativePath, Snapshot, Unread, Unstated, copy_kind, machine_of_folder};
use crate::knowledge::is_of_release;
use crate::name::lower_case;
use hotfixcheck_types::FileVersion;
use hotfixcheck_winfiles::binary::{Binary, Format, StringTable, VersionInfo, VersionOutcome};

/// How many bytes of files of a list are held, where those that are the same can be counted.
pub(super) const MOST_HELD_BYTES: usize = 32 << 20;

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
    pub machine: Stated,
    pub version: Version,
    /// Whether the list records the fixed version, or that the file has none.
    pub fixed_stated: bool,
}

/// What a list records about a machine.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stated {
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
    /// What of a path tells files apart, where those that are the same may be counted.
    apart: Option<Apart<'r>>,
    /// How many bytes of files are held before those that are the same are counted.
    held_bytes: usize,
    /// How many lie below the root, wanted or not.
    seen: u64,
    /// Those that are wanted.
    held: Held,
    /// The trees of all files, and the folder that those of each share.
    trees: BTreeMap<String, SharedFolder>,
    /// The first file that is not below the root, and the number of such files.
    left_out: Option<(String, u64)>,
}

/// The files that are wanted.
enum Held {
    /// By tree and path, and how many bytes they take.
    All(BTreeMap<(String, RelativePath), FileRecord>, usize),
    /// There are too many: their marks.
    Marks(Crowd),
    /// By what tells them apart, with the folders of each tree that are its root.
    Kinds(Box<Kinds>, BTreeMap<String, usize>),
}

impl Default for Held {
    fn default() -> Self {
        Self::All(BTreeMap::new(), 0)
    }
}

impl<'r> Files<'r> {
    pub(super) fn new(
        root: Option<&'r str>,
        wanted: Option<WantedName<'r>>,
        apart: Option<Apart<'r>>,
        held_bytes: usize,
    ) -> Self {
        Self { root, wanted, apart, held_bytes, seen: 0, held: Held::default(), trees: BTreeMap::new(), left_out: None }
    }

    /// Forgets all files.
    pub(super) fn clear(&mut self) {
        match &mut self.held {
            Held::Kinds(kinds, _) => kinds.clear(),
            Held::All(..) | Held::Marks(_) => *self = Self::new(self.root, self.wanted, self.apart, self.held_bytes),
        }
    }

    /// True where the list is to be read once more, because it is very large.
    pub(super) fn reads_again(&mut self) -> bool {
        let crowd = match std::mem::take(&mut self.held) {
            Held::Marks(crowd) => crowd,
            held => {
                self.held = held;
                return false;
            }
        };
        let above = |shared: &SharedFolder| shared.folder().map_or(0, |folder| folder.components().count());
        let below = |(tree, shared)| (String::clone(tree), if self.root.is_some() { 0 } else { above(shared) });
        self.held = Held::Kinds(Box::new(crowd.kinds()), self.trees.iter().map(below).collect());
        true
    }

    /// Adds a file.
    ///
    /// # Errors
    /// There are more wanted files than can be held.
    pub(super) fn add(&mut self, row: Row) -> Result<(), ImportError> {
        let (mut tree, below) = split(row.path.trim_matches('"'));
        let mut below = RelativePath::from(resolved(below).as_ref());
        let machine = machine_of_folder(&below);
        let is_again = matches!(self.held, Held::Kinds(..));
        if let Some(root) = self.root {
            let Some(path) = below_root(&tree, &below, root) else {
                if !is_again {
                    self.left_out.get_or_insert((row.path, 0)).1 += 1;
                }
                return Ok(());
            };
            (tree, below) = (root.to_owned(), path);
        }
        if !is_again {
            self.seen += 1;
            match self.trees.get_mut(&tree) {
                Some(shared) => shared.see(&below),
                None => self.trees.entry(tree.clone()).or_default().see(&below),
            }
        }
        let record = record(below, row, machine);
        if self.wanted.is_some_and(|wanted| !record.counts(wanted, false)) {
            return Ok(());
        }
        self.keep(tree, record)
    }

    /// Keeps a file that is wanted.
    fn keep(&mut self, tree: String, record: FileRecord) -> Result<(), ImportError> {
        let (files, bytes) = match (&mut self.held, self.apart) {
            (Held::Kinds(kinds, above), Some(apart)) => {
                let path = record.path.clone();
                let above = above.get(&tree).copied().unwrap_or_default();
                let below = if above == 0 { path.clone() } else { path.below(above) };
                let record = FileRecord { copy: copy_kind(&below), ..record };
                return kinds.add(tree, &path, below, record, apart);
            }
            (Held::Marks(crowd), _) => return crowd.see(&tree, &record.path, &record),
            (Held::All(files, bytes), _) => (files, bytes),
            (Held::Kinds(..), None) => return Ok(()),
        };
        *bytes += tree.len() + 2 * record.path.as_bytes().len() + RECORD_BYTES;
        match files.entry((tree, record.path.clone())) {
            Slot::Vacant(slot) => {
                slot.insert(record);
            }
            Slot::Occupied(mut slot) if *slot.get() != record => {
                slot.get_mut().binary = Err(Unread::refused(CONTRADICTED));
            }
            Slot::Occupied(_) => {}
        }
        if self.apart.is_some() && *bytes > self.held_bytes {
            let mut crowd = Crowd::default();
            for ((tree, path), record) in std::mem::take(files) {
                crowd.see(&tree, &path, &record)?;
            }
            self.held = Held::Marks(crowd);
            return Ok(());
        }
        if files.len() <= MAX_FILES { Ok(()) } else { Err(too_many(MAX_FILES)) }
    }

    /// The snapshot of all files.
    ///
    /// # Errors
    /// No file is below the given root.
    pub(super) fn snapshot(self) -> Result<Snapshot, ImportError> {
        let Self { root, seen, held, trees, left_out, .. } = self;
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
        let moved = |(tree, file): (String, FileRecord), is_below: bool| {
            let (name, above) = trees.get(&tree)?;
            let path = if *above == 0 || is_below { file.path } else { file.path.below(*above) };
            Some(FileRecord { root: places[name.as_str()], copy: copy_kind(&path), path, ..file })
        };
        let mut files: Vec<FileRecord> = match held {
            Held::All(files, _) => {
                files.into_iter().filter_map(|((tree, _), file)| moved((tree, file), false)).collect()
            }
            Held::Kinds(kinds, _) => kinds.files().filter_map(|file| moved(file, true)).collect(),
            Held::Marks(_) => Vec::new(),
        };
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

/// The record of a file, not yet in a tree. `of_folder`: the processor that its folder tells.
fn record(path: RelativePath, row: Row, of_folder: Option<Machine>) -> FileRecord {
    let stated = match row.machine {
        Stated::Machine(machine) => Ok(machine),
        Stated::Class(MachineClass::Any) => of_folder.ok_or(MachineClass::Any),
        Stated::Class(class) => Err(class),
    };
    let language = matches!(&row.version, Version::Found(info) if info.tables.iter().all(|table| table.key.is_empty()));
    let fixed = matches!(&row.version, Version::Found(info) if info.fixed_file.is_none()) && !row.fixed_stated;
    let version = match row.version {
        Version::NotTold => None,
        Version::Found(mut info) if fixed => {
            info.tables.iter_mut().for_each(forget_release);
            Some(VersionOutcome::Found(*info))
        }
        // Without strings, the file may still have a fixed version.
        Version::Absent if !row.fixed_stated => None,
        Version::Absent => Some(VersionOutcome::Absent),
        Version::Found(info) => Some(VersionOutcome::Found(*info)),
    };
    let binary = version.ok_or(Unread::NotTold).map(|version| Binary {
        format: row.format,
        machine: stated.ok(),
        machine_raw: 0,
        time_stamp: row.built,
        checksum: None,
        version,
    });
    FileRecord {
        size: row.size,
        modified: row.modified,
        unstated: Unstated { machine: stated.err(), language, fixed },
        ..FileRecord::new(0, path, binary)
    }
}

/// Drops a version string that has the number of a release. From Windows Vista on, Windows reads the strings of a file from its
/// .mui file. That keeps the number of the release when an update replaces the file, so the string is not the file's version.
fn forget_release(strings: &mut StringTable) {
    let version = strings.file_version.as_deref().and_then(FileVersion::from_resource_string);
    if version.is_some_and(|version| is_of_release(&version)) {
        strings.file_version = None;
    }
}

/// The path with `.` and `..` resolved: `System32\..\System32\a.dll` is `System32\a.dll`.
fn resolved(path: &str) -> Cow<'_, str> {
    let parts = || path.split(['/', '\\']);
    if !parts().any(|part| matches!(part, "." | "..")) {
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
