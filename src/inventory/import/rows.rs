//! The result of reading any list: files by path, with what the list says of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::ImportError;
use crate::Machine;
use crate::inventory::shared::SharedFolder;
use crate::inventory::snapshot::FileRecord;
use crate::inventory::{MachineClass, Problem, RelativePath, Snapshot, Unread, Untold, copy_kind};
use crate::name::lower_case;
use hotfixcheck_winfiles::binary::{Binary, Format, StringTable, VersionInfo, VersionOutcome};

/// One file as a list tells it.
#[derive(Debug)]
pub(super) struct Row {
    /// Its path as printed.
    pub path: String,
    pub size: Option<u64>,
    /// Seconds since 1970 UTC.
    pub modified: Option<i64>,
    pub format: Format,
    pub machine: Told,
    pub version: Version,
    /// Whether the list says what fixed version the file has, or that it has none.
    pub fixed_told: bool,
}

/// What a list tells of a machine.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    Machine(Machine),
    Class(MachineClass),
}

/// What a list tells of a version.
#[derive(Debug)]
pub(super) enum Version {
    /// Nothing.
    NotTold,
    /// That the file has none.
    Absent,
    /// One or both of its versions.
    Found(Box<VersionInfo>),
}

impl Version {
    /// From the texts of a resource, none of which may be blank; the fixed versions of a file without a resource are
    /// zeros in some lists. `language` is the id of the string table, where the list tells it.
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

/// Four numbers, as lists print a fixed version: `5.1.2600.2180`.
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

/// The rows as a snapshot: a tree for each drive or share, in the order of their names, or the one below `root`. Of several
/// rows for one path the last counts.
///
/// # Errors
/// A root without a file below it.
pub(super) fn snapshot(rows: Vec<Row>, root: Option<&str>) -> Result<Snapshot, ImportError> {
    let mut files_seen = rows.len() as u64;
    let mut by_path: BTreeMap<(String, RelativePath), Row> = BTreeMap::new();
    let mut left_out = None;
    for row in rows {
        let (tree, below) = split(&row.path);
        let below = RelativePath::from(below);
        let place = match root {
            None => Some((tree, below)),
            Some(root) => below_root(&tree, &below, root).map(|below| (root.to_owned(), below)),
        };
        match place {
            Some(place) => _ = by_path.insert(place, row),
            None => left_out.get_or_insert((row.path, 0_u64)).1 += 1,
        }
    }
    let mut warnings = Vec::new();
    if let (Some(root), Some((first, count))) = (root, left_out) {
        if by_path.is_empty() {
            return Err(ImportError::NotBelowRoot { root: root.to_owned(), first });
        }
        files_seen -= count;
        let what =
            format!("{count} files of the list do not lie below --root and are left out; the first one: {first}");
        warnings.push(Problem { root: 0, path: RelativePath::default(), what });
    }
    if root.is_none() {
        by_path = below_shared_folders(by_path);
    }
    let mut roots: Vec<String> = by_path.keys().map(|(root, _)| root.clone()).collect();
    roots.dedup();
    let record = |((root, path), row): ((String, RelativePath), Row)| {
        let root = roots.binary_search(&root).unwrap_or_default();
        record(root, path, row)
    };
    let files = by_path.into_iter().map(record).collect();
    let roots = roots.iter().map(PathBuf::from).collect();
    Ok(Snapshot { files, files_seen, roots, warnings, ..Snapshot::default() })
}

/// The path below a root as a user writes it, in any case and with either slash; `None` for what does not lie there.
fn below_root(tree: &str, below: &RelativePath, root: &str) -> Option<RelativePath> {
    let (wanted_tree, wanted) = split(root.trim_end_matches(['/', '\\']));
    let wanted = RelativePath::from(wanted);
    // "C:" alone has no slash to split at; paths without a drive lie in any.
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

/// Takes the folder that a tree's files share above their Windows for its root.
fn below_shared_folders(by_path: BTreeMap<(String, RelativePath), Row>) -> BTreeMap<(String, RelativePath), Row> {
    let mut shared: BTreeMap<&str, SharedFolder> = BTreeMap::new();
    for (tree, path) in by_path.keys() {
        shared.entry(tree).or_default().see(path);
    }
    let folders = shared.into_iter().filter_map(|(tree, shared)| Some((tree.to_owned(), shared.folder()?)));
    let folders: BTreeMap<String, RelativePath> = folders.collect();
    if folders.is_empty() {
        return by_path;
    }
    let moved = by_path.into_iter().map(|((tree, path), row)| match folders.get(&tree) {
        Some(folder) => ((joined(&tree, folder), path.below(folder.components().count())), row),
        None => ((tree, path), row),
    });
    moved.collect()
}

/// A folder of a tree, written as the tree is.
fn joined(tree: &str, folder: &RelativePath) -> String {
    let folder = folder.to_string();
    match tree {
        "." => folder,
        "/" => format!("/{folder}"),
        _ => format!("{}\\{}", tree.trim_end_matches('\\'), folder.replace('/', "\\")),
    }
}

fn record(root: usize, path: RelativePath, row: Row) -> FileRecord {
    let told = match row.machine {
        Told::Machine(machine) => Ok(machine),
        Told::Class(class) => Err(class),
    };
    let language = matches!(&row.version, Version::Found(info) if info.tables.iter().all(|table| table.key.is_empty()));
    let fixed = matches!(&row.version, Version::Found(info) if info.fixed_file.is_none()) && !row.fixed_told;
    let version = match row.version {
        Version::NotTold => None,
        // Without strings there may still be a fixed version.
        Version::Absent if !row.fixed_told => None,
        Version::Absent => Some(VersionOutcome::Absent),
        Version::Found(info) => Some(VersionOutcome::Found(*info)),
    };
    let binary = version.ok_or(Unread::NotTold).map(|version| Binary {
        format: row.format,
        machine: told.ok(),
        machine_raw: 0,
        time_stamp: None,
        checksum: None,
        version,
    });
    FileRecord {
        copy: copy_kind(&path),
        size: row.size,
        modified: row.modified,
        untold: Untold { machine: told.err(), language, fixed },
        ..FileRecord::new(root, path, binary)
    }
}

/// A Windows or Unix path as its root (`C:\`, `\\server\share`, `/`, or `.` for a path without one) and what lies below.
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
