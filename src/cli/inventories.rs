//! Where a run takes its files from: trees, or inventories of them.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use hotfixcheck::Machine;
use hotfixcheck::inventory::import::{self, Format, MAX_INVENTORY_BYTES};
use hotfixcheck::inventory::{self, Inventory, Snapshot};

use super::args::TreeArgs;
use super::config::Config;
use super::progress::Bar;
use super::{CliError, plan};

/// Where the files come from.
#[derive(Debug)]
pub enum Source {
    /// Trees that are walked.
    Trees(Vec<PathBuf>),
    /// An inventory that was made before.
    Inventory {
        /// The file, or `-`.
        path: PathBuf,
        /// How it is read.
        reading: Reading,
    },
}

/// How inventories are read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Their form, if it was given.
    pub format: Option<Format>,
    /// The machine of files whose inventory does not tell it.
    pub machine: Option<Machine>,
}

impl Source {
    /// What the options name.
    ///
    /// # Errors
    /// Nothing is named, or more than one inventory.
    pub fn new(args: TreeArgs, config: &Config) -> Result<Self, CliError> {
        let reading = Reading { format: args.inventory_format.map(Into::into), machine: args.machine.map(Into::into) };
        match args.inventory.as_slice() {
            [] if args.paths.is_empty() => Ok(Self::Trees(plan::roots(config.paths.clone())?)),
            [] => Ok(Self::Trees(plan::roots(args.paths)?)),
            [path] => Ok(Self::Inventory { path: path.clone(), reading }),
            _ => Err(CliError::Usage("one inventory at a time".to_owned())),
        }
    }

    /// The files whose name is wanted.
    ///
    /// # Errors
    /// A root that cannot be walked, an inventory that cannot be read.
    pub fn inventory(&self, wanted: impl Fn(&str) -> bool + Sync, progress: bool) -> Result<Inventory, CliError> {
        match self {
            Self::Trees(roots) => {
                let bar = Bar::new(progress);
                let walked = inventory::walk(roots, wanted, &|progress| bar.show(progress));
                bar.finish();
                Ok(walked?)
            }
            Self::Inventory { path, reading } => Ok(read(path, reading)?.select(wanted)),
        }
    }
}

/// Reads one inventory.
///
/// # Errors
/// The file cannot be read, is too large, or is no inventory.
pub fn read(path: &Path, reading: &Reading) -> Result<Snapshot, CliError> {
    let bytes = bytes(path).map_err(|source| CliError::InventoryFile { path: path.to_owned(), source })?;
    let mut snapshot =
        import::read(&bytes, reading.format).map_err(|source| CliError::Import { path: path.to_owned(), source })?;
    if let Some(machine) = reading.machine {
        snapshot.assume_machine(machine);
    }
    Ok(snapshot)
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One more than allowed, so that too large a file is told from the largest one.
    let most = MAX_INVENTORY_BYTES + 1;
    if path.as_os_str() == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 == most {
        return Err(io::Error::other(format!("larger than {MAX_INVENTORY_BYTES} bytes")));
    }
    Ok(bytes)
}
