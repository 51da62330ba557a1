//! Which names a snapshot records.

use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;

use foldhash::fast::RandomState;

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

/// The names of a coverage by their hashes: thousands of rows ask for the names of absent files.
pub(crate) struct Recorded<'c> {
    /// `None` for all names.
    names: Option<&'c Names>,
    extensions: HashSet<&'c str, RandomState>,
    /// The names with other extensions.
    others: OnceLock<HashSet<&'c str, RandomState>>,
}

impl Recorded<'_> {
    /// As [`Coverage::holds`].
    pub(crate) fn holds(&self, name: &str) -> bool {
        let Some(names) = self.names else { return true };
        let key = key_of(name);
        let extension = key.rsplit_once('.').map(|(_, extension)| extension);
        let others = || self.others.get_or_init(|| names.names.iter().map(String::as_str).collect());
        extension.is_some_and(|extension| self.extensions.contains(extension)) || others().contains(&*key)
    }
}

impl Coverage {
    /// The names, to look up many of them.
    pub(crate) fn recorded(&self) -> Recorded<'_> {
        let names = match self {
            Self::Whole => None,
            Self::Names(names) => Some(names),
        };
        let extensions = names.into_iter().flat_map(|names| &names.extensions).map(String::as_str).collect();
        Recorded { names, extensions, others: OnceLock::new() }
    }

    /// False for a name that was not recorded: whether such a file exists is not known.
    pub fn holds(&self, name: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Names(names) => names.holds(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 17: looked up by hashes, names are recorded as before.
    #[test]
    fn names_are_recorded_by_hash_as_in_order() {
        let coverage = Coverage::Names(Names::new(["readme.txt", "Setup.INF", "noextension"]));
        let recorded = coverage.recorded();
        for name in ["a.dll", "A.DLL", "readme.txt", "x.txt", "setup.inf", "noextension", "other", "", ".", "a.b.exe"] {
            assert_eq!(recorded.holds(name), coverage.holds(name), "{name}");
        }
        assert!(Coverage::Whole.recorded().holds("x.txt"));
    }
}
