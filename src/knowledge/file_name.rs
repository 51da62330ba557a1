//! What the name of a file shows: whether it must be an executable, and under which name setup installs it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use hotfixcheck_types::{Extension, FileVersion};

/// The table that ships with the program.
const INSTALLED: &str = include_str!("../../data/installed-names.tsv");

/// Files of installers, as a table: name, what it is for, source.
const OF_INSTALLERS: &str = include_str!("../../data/installer-files.tsv");

static INSTALLER_FILES: LazyLock<HashSet<&str, RandomState>> = LazyLock::new(|| {
    let records = OF_INSTALLERS.lines().filter(|line| !line.starts_with('#'));
    records.filter_map(|line| line.split('\t').next()).collect()
});

/// True for a file, by its key, that every package carries for its installer or its messages.
pub(crate) fn is_installer_file(key: &str) -> bool {
    INSTALLER_FILES.contains(key)
}

/// Drivers and settings of MS-DOS, which are not in the format of executables.
const OF_DOS: [&str; 16] = [
    "ansi.sys",
    "config.sys",
    "country.sys",
    "cmd640x.sys",
    "dblspace.sys",
    "display.sys",
    "driver.sys",
    "drvspace.sys",
    "himem.sys",
    "ifshlp.sys",
    "io.sys",
    "keyboard.sys",
    "msdos.sys",
    "printer.sys",
    "ramdrive.sys",
    "setver.sys",
];

/// An installed name, and the version from which on packages use it.
type Installed = (&'static str, Option<FileVersion>);

/// The original name in lower case -> the installed name, and the version from which on packages use that; no version for a name that
/// packages alone use.
static INSTALLED_NAMES: LazyLock<HashMap<&str, Installed, RandomState>> = LazyLock::new(|| {
    let records = INSTALLED.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.next()?.parse().ok()))
    });
    let of_record = |(installed, originals, until): (_, &'static str, _)| {
        originals.split(' ').map(move |original| (original, (installed, until)))
    };
    records.flat_map(of_record).collect()
});

/// The installed names.
static RENAMED: LazyLock<HashSet<&str, RandomState>> =
    LazyLock::new(|| INSTALLED_NAMES.values().map(|(installed, _)| *installed).collect());

/// True for a file that may be an executable or data, but is an executable if an article states its version. `key` is
/// the [`file_key`](crate::file_key).
pub fn is_executable_with_version(key: &str) -> bool {
    // Names of the package's own: natlang6.dll_osssearch.x86 (KB979445), notesph.dll.oss (KB956716).
    let is_renamed =
        || key.match_indices(".dll").any(|(at, _)| matches!(key.as_bytes().get(at + 4), Some(b'_' | b'.')));
    Extension::of(key).is_executable_with_version() || is_renamed()
}

/// True if a file of this name can only be an executable. `key` is the [`file_key`](crate::file_key).
pub fn is_executable_name(key: &str) -> bool {
    Extension::of(key).is_executable() && !OF_DOS.contains(&key)
}

/// True for a name with something before and after a dot, as every Windows file with a version has.
pub fn has_extension(key: &str) -> bool {
    key.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
}

/// The name under which setup installs the file of this original name and version: `ntkrnlmp.exe` -> `ntoskrnl.exe`. Both in
/// lower case. `None` from the version on that packages name as it is installed.
pub fn installed_name(original: &str, version: Option<FileVersion>) -> Option<&'static str> {
    let (installed, until) = INSTALLED_NAMES.get(original)?;
    let is_before = version.zip(*until).is_none_or(|(version, until)| version < until);
    is_before.then_some(*installed)
}

/// True for a name that packages alone use, while the version resource has the installed name: `lhmstscx.dll` for mstscax.dll.
pub(crate) fn is_name_of_package(name: &str) -> bool {
    INSTALLED_NAMES.get(name).is_some_and(|(_, until)| until.is_none())
}

/// The original and installed names of files that setup renames. Both in lower case.
pub fn installed_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    INSTALLED_NAMES.iter().map(|(&original, (installed, _))| (original, *installed))
}

/// True if setup installs files with other original names under this one.
pub fn is_installed_name(name: &str) -> bool {
    RENAMED.contains(name)
}
