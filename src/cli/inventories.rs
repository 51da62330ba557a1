//! Where a run takes its files from: trees, or inventories of them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use hotfixcheck::Machine;
use hotfixcheck::inventory::import::{self, Format, ImportError, MAX_INVENTORY_BYTES};
use hotfixcheck::inventory::{self, Inventory, Snapshot, Wanted};
use hotfixcheck::report;
use walkdir::{DirEntry, WalkDir};

use super::args::TreeArgs;
use super::config::Config;
use super::progress::Bar;
use super::{CliError, plan};

/// Where the files come from.
#[derive(Debug)]
pub(super) enum Source {
    /// Trees that are walked.
    Trees {
        /// Where they begin.
        roots: Vec<PathBuf>,
        /// Whether every file is looked into.
        sniff: bool,
    },
    /// An inventory that was made before.
    Inventory {
        /// The file, or `-`.
        path: PathBuf,
        /// How it is read.
        reading: Reading,
    },
    /// Several of them, one a host.
    Fleet {
        /// The hosts' names and files.
        hosts: Vec<(String, PathBuf)>,
        /// How they are read.
        reading: Reading,
    },
}

/// How inventories are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// Their form, if it was given.
    pub format: Option<Format>,
    /// The machine of files whose inventory does not tell it.
    pub machine: Option<Machine>,
}

impl Source {
    /// What the options name.
    ///
    /// # Errors
    /// Nothing is named, or a folder without inventories.
    pub(super) fn new(args: TreeArgs, config: &Config) -> Result<Self, CliError> {
        let reading = Reading { format: args.inventory_format.map(Into::into), machine: args.machine.map(Into::into) };
        let trees = |paths| Ok(Self::Trees { roots: plan::roots(paths)?, sniff: args.sniff || config.sniff });
        match args.inventory.as_slice() {
            [] if args.paths.is_empty() => trees(config.paths.clone()),
            [] => trees(args.paths),
            [path] if !path.is_dir() => Ok(Self::Inventory { path: path.clone(), reading }),
            several => Ok(Self::Fleet { hosts: hosts(several)?, reading }),
        }
    }

    /// The files whose name is wanted.
    ///
    /// # Errors
    /// A root that cannot be walked, an inventory that cannot be read.
    pub(super) fn inventory(
        &self,
        wanted: impl Fn(&str) -> bool + Sync,
        progress: bool,
    ) -> Result<Inventory, CliError> {
        match self {
            Self::Trees { roots, sniff } => {
                let bar = Bar::new(progress);
                let wanted = Wanted::named(wanted).sniffing(*sniff);
                let walked = inventory::walk(roots, &wanted, &|progress| bar.show(progress));
                bar.finish();
                let walked = walked?;
                for warning in &walked.warnings {
                    let place = walked.roots[warning.root].join(warning.path.to_string());
                    let place = report::visible(&place.to_string_lossy());
                    super::warn(&format!("{place}: {}", report::visible(&warning.what)));
                }
                Ok(walked)
            }
            Self::Inventory { path, reading } => Ok(read(path, reading)?.select(wanted)),
            Self::Fleet { .. } => {
                Err(CliError::Usage("this command takes one inventory: scan takes several".to_owned()))
            }
        }
    }
}

/// The inventories named, and those below the folders named, with the names of their hosts: the file's name without its
/// extension, or where two would be called alike, its whole path. Hidden files are none.
fn hosts(named: &[PathBuf]) -> Result<Vec<(String, PathBuf)>, CliError> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let hidden = |item: &DirEntry| item.depth() > 0 && item.file_name().as_encoded_bytes().starts_with(b".");
        for item in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(|item| !hidden(item)) {
            let failed = |error: walkdir::Error| {
                let path = error.path().unwrap_or(path).to_owned();
                CliError::InventoryFile { path, source: error.into() }
            };
            let item = item.map_err(failed)?;
            if item.file_type().is_file() {
                files.push(item.into_path());
            }
        }
    }
    files.sort();
    files.dedup();
    if files.is_empty() {
        return Err(CliError::Usage(format!("there is no inventory in {}", named[0].display())));
    }
    let stem = |path: &Path| path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut counts: HashMap<String, usize> = HashMap::new();
    files.iter().for_each(|file| *counts.entry(stem(file)).or_default() += 1);
    let name = |file: PathBuf| {
        let stem = stem(&file);
        let name = if counts[&stem] > 1 { file.to_string_lossy().into_owned() } else { stem };
        (name, file)
    };
    Ok(files.into_iter().map(name).collect())
}

/// Reads one inventory.
///
/// # Errors
/// The file cannot be read, is too large, or is no inventory.
pub(super) fn read(path: &Path, reading: &Reading) -> Result<Snapshot, CliError> {
    let bytes = bytes(path).map_err(|source| CliError::InventoryFile { path: path.to_owned(), source })?;
    let mut snapshot = import::read(&bytes, reading.format).map_err(|source| match source {
        ImportError::Unknown => {
            CliError::Usage(format!("inventory {}: {source}; name it with --inventory-format", path.display()))
        }
        source => CliError::Import { path: path.to_owned(), source },
    })?;
    if let Some(machine) = reading.machine {
        snapshot.assume_machine(machine);
    }
    Ok(snapshot)
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One more than allowed, so that too large a file is told from the largest one.
    let most = MAX_INVENTORY_BYTES + 1;
    let too_large = || io::Error::other(format!("larger than {MAX_INVENTORY_BYTES} bytes"));
    if path.as_os_str() == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        let file = File::open(path)?;
        // A file that is known to be too large need not be read for that.
        if file.metadata()?.len() >= most {
            return Err(too_large());
        }
        file.take(most).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 == most {
        return Err(too_large());
    }
    Ok(bytes)
}
