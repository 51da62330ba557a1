//! The source of a run's files: trees, or inventories of them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use hotfixcheck::Machine;
use hotfixcheck::hosts::{self, HostError};
use hotfixcheck::inventory::import::{self, ImportError, InventoryFormat};
use hotfixcheck::inventory::snapshot::SnapshotError;
use hotfixcheck::inventory::{self, Document, Inventory, RelativePath, Snapshot, Wanted};
use hotfixcheck_types::Extension;
use walkdir::{DirEntry, WalkDir};

use super::args::TreeArgs;
use super::config::Config;
use super::error::CliError;
use super::kind::Kind;
use super::progress::Bar;
use super::warning::{chain, warn};
use super::{roots, stream};

/// What of a path tells files apart that are the same otherwise.
type Apart<'a> = &'a dyn Fn(&RelativePath) -> u64;

/// Where the files come from.
#[derive(Debug)]
pub(super) enum Source {
    /// Trees that are walked.
    Trees {
        /// The folders, files or images where they begin.
        roots: Vec<PathBuf>,
        /// Whether every file is examined.
        sniff: bool,
    },
    /// An existing inventory.
    Inventory {
        /// The file, or `-`.
        path: PathBuf,
        /// How to read it.
        reading: Reading,
    },
    /// Several inventories, one for each host.
    Fleet {
        /// The hosts, by name.
        hosts: Vec<FleetHost>,
        /// How to read them.
        reading: Reading,
    },
}

/// One of several hosts.
#[derive(Debug)]
pub(super) struct FleetHost {
    pub name: String,
    /// Its inventory.
    pub path: PathBuf,
    /// Why the inventory is not read.
    pub problem: Option<String>,
}

/// How to read inventories.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// Their format, if it was given.
    pub format: Option<InventoryFormat>,
    /// The folder with the files of a list, if it was given.
    pub root: Option<String>,
    /// The machine of files whose inventory does not record it.
    pub machine: Option<Machine>,
    /// The list of the updates that the machine reports as installed, if it was given.
    pub hotfixes: Option<PathBuf>,
}

impl Source {
    /// The source in the options.
    ///
    /// # Errors
    /// There is none, or a folder without inventories, or options that need an inventory.
    pub(super) fn new(args: TreeArgs, config: &Config, command: &str) -> Result<Self, CliError> {
        // A snapshot given as PATH is an inventory to judge, not a file to scan.
        let (snapshots, trees): (Vec<&PathBuf>, Vec<&PathBuf>) =
            args.paths.iter().partition(|path| hosts::is_snapshot(path));
        let args = match (snapshots.first(), trees.first()) {
            (Some(snapshot), Some(tree)) => {
                return Err(CliError::Usage(format!(
                    "'{}' is an inventory, and '{}' is not: scan inventories by themselves",
                    snapshot.display(),
                    tree.display()
                )));
            }
            (Some(_), None) => TreeArgs { inventory: [args.inventory, args.paths].concat(), paths: Vec::new(), ..args },
            (None, _) => args,
        };
        if args.inventory.is_empty() {
            let given = [
                (args.machine.is_some(), "--machine"),
                (args.inventory_format.is_some(), "--inventory-format"),
                (args.root.is_some(), "--root"),
                (args.hotfixes.is_some(), "--hotfixes"),
            ];
            if let Some((_, option)) = given.into_iter().find(|(given, _)| *given) {
                return Err(CliError::Usage(format!(
                    "{option} is only valid with --inventory: below PATH, the files themselves are read; for files without a registry make an inventory first (hotfixcheck inventory PATH -o files.json)"
                )));
            }
        }
        let format = args.inventory_format.map(Into::into);
        let machine = args.machine.map(Into::into);
        let reading = Reading { format, root: args.root, machine, hotfixes: args.hotfixes };
        let trees = |paths| Ok(Self::Trees { roots: roots::roots(paths, command)?, sniff: args.sniff || config.sniff });
        match args.inventory.as_slice() {
            [] if args.paths.is_empty() => trees(config.paths.clone()),
            [] => trees(args.paths),
            [path] if !path.is_dir() => Ok(Self::Inventory { path: path.clone(), reading }),
            _ if reading.hotfixes.is_some() => Err(CliError::Usage(
                "--hotfixes is the list of one machine: give it with one inventory, or each host's in a line of judge"
                    .to_owned(),
            )),
            several => Ok(Self::Fleet { hosts: hosts(several)?, reading }),
        }
    }

    /// The files with wanted names.
    ///
    /// # Errors
    /// A root that cannot be walked, an inventory that cannot be read.
    pub(super) fn inventory(
        &self,
        wanted: impl Fn(&str) -> bool + Sync,
        apart: Option<&impl Fn(&RelativePath) -> u64>,
        progress: bool,
    ) -> Result<Inventory, CliError> {
        match self {
            Self::Trees { roots, sniff } => {
                let bar = Bar::new(progress);
                let wanted = Wanted::named(wanted).sniffing(*sniff);
                let walked = inventory::walk(roots, &wanted, &|progress| bar.show(progress));
                bar.finish();
                let walked = walked.map_err(roots::explained)?;
                warn_of(&walked);
                Ok(walked)
            }
            Self::Inventory { path, reading } => {
                let listed = read(path, reading, &wanted, apart.map(|apart| apart as Apart<'_>))?.select(wanted);
                warn_of(&listed);
                Ok(listed)
            }
            Self::Fleet { .. } => {
                Err(CliError::Usage("several inventories: only scan reads more than one at a time".to_owned()))
            }
        }
    }
}

/// Shows the warnings about the volumes and lists from which files come.
fn warn_of(inventory: &Inventory) {
    for warning in &inventory.warnings {
        let place = inventory.roots.get(warning.root).map(|root| root.join(warning.path.to_string()));
        warn(&format!("{}: {}", place.unwrap_or_default().display(), warning.what));
    }
}

/// The given inventories, and those below the given folders, sorted by the names of their hosts. A host has the file
/// name without its extension, or the whole path if two hosts would have the same name. Hidden files are left out. An
/// item in a folder that is not a file, or cannot be listed, is reported as a host that cannot be read; it is not
/// followed or opened.
fn hosts(named: &[PathBuf]) -> Result<Vec<FleetHost>, CliError> {
    let mut files: Vec<(PathBuf, Option<String>)> = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push((path.clone(), None));
            continue;
        }
        let hidden = |item: &DirEntry| item.depth() > 0 && item.file_name().as_encoded_bytes().starts_with(b".");
        for item in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(|item| !hidden(item)) {
            match item {
                Ok(item) if item.file_type().is_dir() => {}
                Ok(item) => {
                    let problem = problem_of(&item);
                    files.push((item.into_path(), problem));
                }
                Err(error) if error.depth() == 0 => {
                    return Err(unreadable(path, error.into()));
                }
                Err(error) => {
                    let path = error.path().unwrap_or(path).to_owned();
                    files.push((path, Some(chain(&io::Error::from(error)))));
                }
            }
        }
    }
    files.sort();
    files.dedup_by(|(one, _), (other, _)| one == other);
    if let Some(folder) = named.iter().find(|path| path.is_dir())
        && let Some((file, _)) =
            files.iter().find(|(file, _)| Extension::of(&file.to_string_lossy()).is_common_executable())
    {
        return Err(CliError::Usage(format!(
            "'{}' holds Windows files ('{}'), not inventories: scan it with 'hotfixcheck scan {}'",
            folder.display(),
            file.display(),
            folder.display()
        )));
    }
    if files.is_empty() {
        return Err(CliError::Usage(format!("no inventory found in '{}'", named[0].display())));
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    files.iter().for_each(|(file, _)| *counts.entry(stem(file)).or_default() += 1);
    let host = |(path, problem): (PathBuf, Option<String>)| {
        let stem = stem(&path);
        let name = if counts[&stem] > 1 { path.to_string_lossy().into_owned() } else { stem };
        FleetHost { name, path, problem }
    };
    let mut hosts: Vec<FleetHost> = files.into_iter().map(host).collect();
    hosts.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    Ok(hosts)
}

/// The file's name without its extension, and without that of its compression.
fn stem(path: &Path) -> String {
    let packed =
        path.extension().is_some_and(|extension| ["gz", "zst"].iter().any(|p| extension.eq_ignore_ascii_case(p)));
    let name = path.file_stem().unwrap_or(path.as_os_str());
    let name = if packed { Path::new(name).file_stem().unwrap_or(name) } else { name };
    name.to_string_lossy().into_owned()
}

/// Why an item in a folder of inventories is not read.
fn problem_of(item: &DirEntry) -> Option<String> {
    let kind = item.file_type();
    match () {
        () if kind.is_file() => None,
        () if kind.is_symlink() => Some("a link, which is not followed: name its target with --inventory".to_owned()),
        () => Some("neither a file nor a folder: it is not opened".to_owned()),
    }
}

/// Reads one inventory, and keeps the files that count for the wanted names.
///
/// # Errors
/// The file cannot be read, or is not an inventory.
pub(super) fn read(
    path: &Path,
    reading: &Reading,
    wanted: &dyn Fn(&str) -> bool,
    apart: Option<Apart<'_>>,
) -> Result<Snapshot, CliError> {
    if let Some(error) = Kind::like_a_list(path).and_then(|kind| no_inventory(path, kind)) {
        return Err(error);
    }
    let read = stream::with_document(path, |document| read_document(document, reading, wanted, apart));
    let mut snapshot = read.map_err(|source| unreadable(path, source))?.map_err(|error| explained(path, error))?;
    if let Some(list) = &reading.hotfixes {
        if let Some(kind) = Kind::of(list).filter(|kind| !kind.may_list_updates()) {
            return Err(CliError::Usage(format!(
                "'{}' is {}, not a list of installed updates: --hotfixes takes reg export, systeminfo, wmic qfe, Get-HotFix, or an update such as KB976902 a line",
                list.display(),
                kind.what()
            )));
        }
        let claims = stream::with_document(list, import::claims).map_err(|source| unreadable(list, source))?;
        let claimed = claims.and_then(|claims| snapshot.claim(claims));
        claimed.map_err(|error| match error {
            ImportError::Read(source) => unreadable(list, source),
            error => CliError::Usage(format!("cannot read the list of updates '{}': {error}", list.display())),
        })?;
    }
    Ok(snapshot)
}

fn unreadable(path: &Path, source: io::Error) -> CliError {
    HostError::File { path: path.to_owned(), source }.into()
}

/// The error for a file that is not an inventory: its kind, and what to do with it.
fn no_inventory(path: &Path, kind: Kind) -> Option<CliError> {
    let shown = path.display();
    let todo = kind.as_inventory(&shown.to_string())?;
    Some(CliError::Usage(format!("'{shown}' is {}, not an inventory: {todo}", kind.what())))
}

/// The error with the name of its file.
fn explained(path: &Path, error: ImportError) -> CliError {
    // The reader has already named these kinds.
    let is_named = matches!(error, ImportError::OtherDocument(_) | ImportError::Updates | ImportError::Amcache);
    let is_damaged = matches!(error, ImportError::Read(_) | ImportError::Snapshot(SnapshotError::Read(_)));
    let other = Kind::of(path).filter(|_| !is_named && !is_damaged);
    if let Some(error) = other.and_then(|kind| no_inventory(path, kind)).filter(|_| !are_lines_of_hosts(path)) {
        return error;
    }
    match error {
        _ if are_lines_of_hosts(path) => CliError::Usage(format!(
            "'{}' has one host per line and is not an inventory: judge it with 'hotfixcheck judge --stdin'",
            path.display()
        )),
        ImportError::Unknown => CliError::Usage(format!(
            "cannot read inventory '{}': {error}; give it with --inventory-format",
            path.display()
        )),
        error => with_file(path, error),
    }
}

fn with_file(path: &Path, error: ImportError) -> CliError {
    match error {
        ImportError::Read(source) | ImportError::Snapshot(SnapshotError::Read(source)) => unreadable(path, source),
        source => HostError::Import { path: path.to_owned(), source }.into(),
    }
}

/// True for a file that begins like the lines for `judge`. A pipe is not opened again, because its contents are gone.
fn are_lines_of_hosts(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    let first = head.trim_start().strip_prefix('{').map(str::trim_start);
    read.is_ok() && first.is_some_and(|first| first.starts_with("\"host\""))
}

/// The size of the beginning that is examined.
const HEAD_BYTES: u64 = 64;

/// As [`read`], for an open document.
fn read_document(
    document: Document<'_>,
    reading: &Reading,
    wanted: &dyn Fn(&str) -> bool,
    apart: Option<Apart<'_>>,
) -> Result<Snapshot, ImportError> {
    let Reading { format, root, machine, .. } = reading;
    let how = import::Reading {
        format: *format,
        root: root.as_deref(),
        wanted: Some(wanted),
        apart,
        ..import::Reading::default()
    };
    let mut snapshot = import::read_document(document, how)?;
    if let Some(machine) = machine {
        snapshot.assume_machine(*machine);
    }
    Ok(snapshot)
}
