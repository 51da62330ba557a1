//! Which names a snapshot holds.

use std::collections::BTreeSet;

use crate::name::{file_key, key_of};
use hotfixcheck_types::extension;

/// Which files an inventory holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// All that were asked for: what is not there is absent.
    #[default]
    Whole,
    /// Those of some names: of a file of another name nothing is known.
    Names(Names),
}

/// The names that a snapshot holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// All names with one of these extensions, in lower case.
    pub extensions: BTreeSet<String>,
    /// These names, in lower case.
    pub names: BTreeSet<String>,
}

impl Names {
    /// Those of Windows [binaries](extension::binaries), whether a catalogue knows them or not, and of the names given those that
    /// are not such. A name without its last letter (`TAPISRV.EX_`) counts as the name that it had.
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
    /// False for a name of which the inventory says nothing, whether there is such a file or not.
    pub fn holds(&self, name: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Names(names) => names.holds(name),
        }
    }
}
