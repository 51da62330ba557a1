//! Which names a snapshot records.

use std::collections::BTreeSet;

use crate::name::{file_key, key_of};
use hotfixcheck_types::extension;

/// Which files an inventory records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// All wanted files: one that is not recorded is absent.
    #[default]
    Whole,
    /// Files of some names: nothing is known about files of other names.
    Names(Names),
}

/// The names that a snapshot records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// All names with one of these extensions, in lower case.
    pub extensions: BTreeSet<String>,
    /// These names, in lower case.
    pub names: BTreeSet<String>,
}

impl Names {
    /// The names of Windows [binaries](extension::binaries), whether a catalogue knows them or not, and the other names
    /// that are given. A name without its last letter (`TAPISRV.EX_`) counts as its original name.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let extensions: BTreeSet<String> = extension::binaries().map(str::to_owned).collect();
        let mut held = Self { extensions, names: BTreeSet::new() };
        let more = names.into_iter().map(file_key).filter(|name| !held.holds(name)).collect();
        held.names = more;
        held
    }

    /// True for a name that is recorded: bare, in lower case.
    pub fn holds(&self, name: &str) -> bool {
        let key = key_of(name);
        let extension = key.rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|extension| self.extensions.contains(extension)) || self.names.contains(&*key)
    }
}

impl Coverage {
    /// False for a name that was not recorded: whether such a file exists is not known.
    pub fn holds(&self, name: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Names(names) => names.holds(name),
        }
    }
}
