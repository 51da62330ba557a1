//! The result of reading any list: files by path, with what the list says of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::Machine;
use crate::inventory::snapshot::FileRecord;
use crate::inventory::{MachineClass, RelativePath, Snapshot, Unread, Untold, copy_kind};
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

/// The rows as a snapshot: a tree for each drive or share, in the order of their names. Of several rows for one path the
/// last counts.
pub(super) fn snapshot(rows: Vec<Row>) -> Snapshot {
    let files_seen = rows.len() as u64;
    let mut by_path: BTreeMap<(String, RelativePath), Row> = BTreeMap::new();
    for row in rows {
        let (root, below) = split(&row.path);
        by_path.insert((root, RelativePath::from(below)), row);
    }
    let mut roots: Vec<String> = by_path.keys().map(|(root, _)| root.clone()).collect();
    roots.dedup();
    let record = |((root, path), row): ((String, RelativePath), Row)| {
        let root = roots.binary_search(&root).unwrap_or_default();
        record(root, path, row)
    };
    let files = by_path.into_iter().map(record).collect();
    Snapshot { files, files_seen, roots: roots.iter().map(PathBuf::from).collect(), ..Snapshot::default() }
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
