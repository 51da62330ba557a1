//! Which files of a tree are read, and why.

use std::borrow::Cow;

use super::path::is_wim;
use super::system::HiveFiles;
use crate::name::{is_key, lower_case};
use hotfixcheck_winfiles::packed::{NameHint, original_names};

/// The extension of cabinets. Others (`_P0`, no extension) are not opened.
pub(super) const CABINET: &str = ".cab";

/// Which files of a tree are read: those with certain names, and optionally those whose contents qualify.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<F> {
    accepts: F,
    sniffs: bool,
}

impl<F: Fn(&str) -> bool> Wanted<F> {
    /// The files whose name `accepts` returns true for: it is called with bare file names in lower case.
    pub fn named(accepts: F) -> Self {
        Self { accepts, sniffs: false }
    }

    /// Sets whether the first bytes of every file are read. Then binaries of any other name are read, too, and count if
    /// their version resource has a wanted name; so are packed files and cabinets.
    #[must_use]
    pub fn sniffing(self, sniffs: bool) -> Self {
        Self { sniffs, ..self }
    }

    /// True for a wanted name, bare and in lower case.
    pub(super) fn accepts(&self, name: &str) -> bool {
        // Few names are known, and nearly all can be loaded.
        (self.accepts)(name) && is_loadable(name)
    }

    /// Whether files of other names are examined.
    pub(super) fn sniffs(&self) -> bool {
        self.sniffs
    }
}

/// True for a name by which Windows can load a file. Windows removes spaces and dots from the end of a requested name,
/// so it never finds a file whose name ends like that (made by another system). Any other blank around a name is part
/// of it, although the key of a file name has none. The text after a colon is the name of a stream.
pub(super) fn is_loadable(name: &str) -> bool {
    // Nearly all names.
    if name.bytes().fold(true, |plain, byte| plain & (byte > b' ') & (byte < 0x7f) & (byte != b':')) {
        return !name.ends_with('.');
    }
    let is_blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let mut chars = name.chars();
    !is_blank(chars.next()) && !is_blank(chars.next_back()) && !name.ends_with('.') && !name.as_bytes().contains(&b':')
}

/// A file name without the folders in it: Windows archives that are unpacked on another system leave files named
/// `WINNT\System32\tapisrv.exe`.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit('\\').next().unwrap_or(name)
}

/// The message for an image in a folder, or in an image that is not an archive.
pub(super) const UNOPENED: &str = "an image, which is not opened: name it as PATH to judge what is in it";

/// The extensions of disk images that can be given as PATH, except raw images, whose names vary.
const DISKS: [&str; 6] = ["vmdk", "vhd", "vhdx", "qcow2", "e01", "iso"];
/// These, and those of WIM files.
const OF_IMAGES: [&str; 8] = ["vmdk", "vhd", "vhdx", "qcow2", "e01", "iso", "wim", "esd"];

/// True for an image that is reported because it may contain whole systems: all except the recovery environment that
/// every Windows from 7 on has, and the additional parts of a VMDK image.
pub(super) fn is_unopened(name: &str) -> bool {
    // Asked of every file of a tree: most end like none of these, and the dot is searched where it can be.
    let last = |name: &str| name.bytes().next_back().map(|byte| byte.to_ascii_lowercase());
    if !OF_IMAGES.iter().any(|own| last(own) == last(name)) {
        return false;
    }
    let dot = name.as_bytes().iter().rev().take(6).position(|byte| *byte == b'.').filter(|length| *length >= 3);
    let Some((stem, extension)) = dot.map(|length| (&name[..name.len() - length - 1], &name[name.len() - length..]))
    else {
        return false;
    };
    if !OF_IMAGES.iter().any(|own| extension.eq_ignore_ascii_case(own)) {
        return false;
    }
    let is_disk = || {
        let part = stem.rsplit('-').next().unwrap_or_default();
        let is_part = part.eq_ignore_ascii_case("flat")
            || part.strip_prefix(['s', 'f']).is_some_and(|number| number.parse::<u16>().is_ok());
        DISKS.iter().any(|own| extension.eq_ignore_ascii_case(own))
            && !(is_part && extension.eq_ignore_ascii_case("vmdk"))
    };
    (is_wim(name) && !name.eq_ignore_ascii_case("winre.wim")) || is_disk()
}

/// Why a file is wanted.
#[derive(Clone, Copy)]
pub(super) struct Matter {
    /// It may be a registry hive.
    pub hive: bool,
    /// Why its version is read; `None` where it is not.
    pub interest: Option<Interest>,
}

impl Matter {
    /// Why a file of this name is wanted; `None` if it is not. Names that are not UTF-8 never match; only sniffing
    /// finds such files.
    pub(super) fn of(name: Option<&str>, wanted: &Wanted<impl Fn(&str) -> bool>) -> Option<Self> {
        let Some(name) = name else {
            return wanted.sniffs().then_some(Self { hive: false, interest: Some(Interest::Contents) });
        };
        // Most names are already bare and in lower case.
        let name = if is_key(name) { Cow::Borrowed(name) } else { lower_case(bare(name)) };
        let (hive, interest) = (HiveFiles::is_name(&name), Interest::of(&name, wanted));
        (hive || interest.is_some()).then_some(Self { hive, interest })
    }
}

/// Why the version of a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    /// Its name is wanted.
    Name,
    /// It may be packed, and one of its possible original names is wanted.
    Packed,
    /// It may be a cabinet with members of wanted names.
    Cabinet,
    /// It may have the contents of a binary, a packed file or a cabinet.
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

/// The possible original names of a packed file with this lower-case name, in lower case, as far as `wanted` accepts
/// them, the likeliest first. Empty for a name that packing never produces.
pub(super) fn wanted_names(stored: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    if !stored.ends_with(['_', '$']) {
        return Vec::new();
    }
    let mut names = original_names(stored, &NameHint::None);
    names.retain(|name| wanted(name));
    names
}
