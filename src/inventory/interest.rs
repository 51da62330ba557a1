//! Which files of a tree are read, and why.

use std::borrow::Cow;

use super::path::is_wim;
use super::system::HiveFiles;
use crate::name::{is_key, lower_case};
use hotfixcheck_winfiles::packed::{NameHint, original_names};

/// How the names of cabinets end. Others (`_P0`, no extension) are not looked into.
pub(super) const CABINET: &str = ".cab";

/// Which files of a tree are read: those of some names, and perhaps those that only their contents show to matter.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<F> {
    accepts: F,
    sniffs: bool,
}

impl<F: Fn(&str) -> bool> Wanted<F> {
    /// The files whose name `accepts` takes: it gets bare file names in lower case.
    pub fn named(accepts: F) -> Self {
        Self { accepts, sniffs: false }
    }

    /// Whether the first bytes of every file are looked at: binaries of any other name are read, too, and count where
    /// their version resource gives them a wanted name; so are packed files and cabinets.
    #[must_use]
    pub fn sniffing(self, sniffs: bool) -> Self {
        Self { sniffs, ..self }
    }

    /// True for a wanted name, bare and in lower case.
    pub(super) fn accepts(&self, name: &str) -> bool {
        is_loadable(name) && (self.accepts)(name)
    }

    /// Whether files of other names are looked at.
    pub(super) fn sniffs(&self) -> bool {
        self.sniffs
    }
}

/// True for a name that Windows can load a file by. It takes a space or a dot from the end of a name that it is given, so that
/// a file whose name ends so (made by another system) is never found; any other blank around a name is kept, and makes another
/// name, though the key of a file's name has none of them; what follows a colon is the name of a stream.
pub(super) fn is_loadable(name: &str) -> bool {
    let is_blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let mut chars = name.chars();
    !is_blank(chars.next()) && !is_blank(chars.next_back()) && !name.ends_with('.') && !name.as_bytes().contains(&b':')
}

/// The name of a file without the folders that are a part of it: archives of Windows that are unpacked elsewhere leave
/// files called `WINNT\System32\tapisrv.exe`.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit('\\').next().unwrap_or(name)
}

/// What is said of an image in a folder or in an image that is no archive.
pub(super) const UNOPENED: &str = "an image, which is not opened: name it as PATH to judge what is in it";

/// How the names of disk images end that are read as PATH, but for raw ones: those have names of every kind.
const DISKS: [&str; 6] = ["vmdk", "vhd", "vhdx", "qcow2", "e01", "iso"];

/// True for the name of an image that is worth a word, since whole systems lie in such: all but the recovery environment that
/// every Windows from 7 on has, and the further parts of a VMDK image.
pub(super) fn is_unopened(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.').filter(|(_, extension)| (3..=5).contains(&extension.len()))
    else {
        return false;
    };
    let is_disk = || {
        let part = stem.rsplit('-').next().unwrap_or_default();
        let is_part = part.eq_ignore_ascii_case("flat")
            || part.strip_prefix(['s', 'f']).is_some_and(|number| number.parse::<u16>().is_ok());
        DISKS.iter().any(|own| extension.eq_ignore_ascii_case(own))
            && !(is_part && extension.eq_ignore_ascii_case("vmdk"))
    };
    (is_wim(name) && !name.eq_ignore_ascii_case("winre.wim")) || is_disk()
}

/// Why a file matters.
#[derive(Clone, Copy)]
pub(super) struct Matter {
    /// It may be a registry hive.
    pub hive: bool,
    /// Why its version is asked for; `None` where it is not.
    pub interest: Option<Interest>,
}

impl Matter {
    /// Why a file of this name matters; `None` if it does not. Names that are not UTF-8 never match: only sniffing finds
    /// such files.
    pub(super) fn of(name: Option<&str>, wanted: &Wanted<impl Fn(&str) -> bool>) -> Option<Self> {
        let Some(name) = name else {
            return wanted.sniffs().then_some(Self { hive: false, interest: Some(Interest::Contents) });
        };
        // Most names are nothing but a name, in lower case.
        let name = if is_key(name) { Cow::Borrowed(name) } else { lower_case(bare(name)) };
        let (hive, interest) = (HiveFiles::is_name(&name), Interest::of(&name, wanted));
        (hive || interest.is_some()).then_some(Self { hive, interest })
    }
}

/// Why the version of a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    /// Its name is wanted.
    Name,
    /// It can be packed, and a name that it can have had before is wanted.
    Packed,
    /// It can be a cabinet, with members whose names are wanted.
    Cabinet,
    /// Its contents, if they are those of a binary, a packed file or a cabinet.
    Contents,
}

impl Interest {
    fn of(name: &str, wanted: &Wanted<impl Fn(&str) -> bool>) -> Option<Self> {
        if wanted.accepts(name) {
            return Some(Self::Name);
        }
        if name.ends_with(CABINET) {
            return Some(Self::Cabinet);
        }
        if !wanted_names(name, |name| wanted.accepts(name)).is_empty() {
            return Some(Self::Packed);
        }
        wanted.sniffs().then_some(Self::Contents)
    }
}

/// The names, in lower case, that a packed file of this lower-case name can have had and that `wanted` accepts, the
/// likeliest first. Empty for a name that packing does not give.
pub(super) fn wanted_names(stored: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    if !stored.ends_with(['_', '$']) {
        return Vec::new();
    }
    let mut names = original_names(stored, &NameHint::None);
    names.retain(|name| wanted(name));
    names
}
