//! Which copy of a file runs, and which is only stored.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::RelativePath;
use super::path::is_volume;
use crate::name::lower_case;
use hotfixcheck_types::Extension;
use hotfixcheck_winfiles::image::{may_be_archive, may_be_image};

/// The folders in which copies are kept; the head comment of the file describes the format.
const TABLE: &str = include_str!("../../data/copies.tsv");

/// Why a copy of a file is not the active one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CopyKind {
    /// `dllcache`: copies that Windows File Protection restores.
    DllCache,
    /// `$NtUninstall…$`, `$NtServicePackUninstall…$`: files that an update replaced.
    UninstallBackup,
    /// `$hf_mig$`: files that an update keeps for later service packs.
    HotfixStore,
    /// `ServicePackFiles`: the files of the service pack.
    ServicePackFiles,
    /// `WinSxS`: the side-by-side store.
    SideBySide,
    /// `SoftwareDistribution`: downloads of Windows Update.
    Download,
    /// `i386`, `amd64`, `ia64`, `Driver Cache`: the installation source. Members of a cabinet count as such, and so
    /// does a packed file next to the unpacked one.
    InstallSource,
    /// `LastGood`, `LastGood.Tmp`: the last configuration that started.
    LastGood,
    /// `DriverStore`, `ReinstallBackups`: drivers that are kept for another installation.
    DriverStore,
    /// `SYSBCKUP`, `ie7updates`, `RegisteredPackages`: files that were kept when newer ones were installed.
    SystemBackup,
    /// `System Volume Information`, `_RESTORE`: restore points.
    RestorePoint,
    /// `RECYCLER`, `$Recycle.Bin`: deleted files.
    RecycleBin,
    /// A program of a product that Windows has as a part of its own, and whose product's updates do not concern it: the Windows
    /// Internal Database.
    PartOfWindows,
    /// A Windows from before the last upgrade, in inventories that call it a copy. `Windows.old` in a tree is a system
    /// of its own.
    OldWindows,
    /// `Temp`, `Tmp`.
    Temporary,
    /// A folder that no Windows path can name: its name ends in a blank or a dot, or contains a colon.
    Unreachable,
    /// A file whose name differs from the one in its version resource: `tapisrv.exe.bak`.
    Renamed,
    /// A damaged binary whose name is not wanted: its original name is not known.
    Unidentified,
}

impl CopyKind {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::DllCache => "dll-cache",
            Self::UninstallBackup => "uninstall-backup",
            Self::HotfixStore => "hotfix-store",
            Self::ServicePackFiles => "service-pack-files",
            Self::SideBySide => "side-by-side",
            Self::Download => "download",
            Self::InstallSource => "install-source",
            Self::LastGood => "last-good",
            Self::DriverStore => "driver-store",
            Self::SystemBackup => "system-backup",
            Self::RestorePoint => "restore-point",
            Self::RecycleBin => "recycle-bin",
            Self::PartOfWindows => "part-of-windows",
            Self::OldWindows => "old-windows",
            Self::Temporary => "temporary",
            Self::Unreachable => "unreachable",
            Self::Renamed => "renamed",
            Self::Unidentified => "unidentified",
        }
    }
}

/// The kind of copy by the folders of a path; `None` if nothing shows that it is not the active copy.
///
/// Only the folders below the root count: the files of a `dllcache` that is itself the root are judged.
pub fn copy_kind(path: &RelativePath) -> Option<CopyKind> {
    kind_in(&path.parent())
}

/// As [`copy_kind`], of one path after another: files of one folder mostly follow each other.
#[derive(Debug, Default)]
pub(super) struct FolderKind {
    last: Option<(RelativePath, Option<CopyKind>)>,
}

impl FolderKind {
    /// The kind of copy by the folders of a path.
    pub(super) fn of(&mut self, path: &RelativePath) -> Option<CopyKind> {
        if let Some((_, kind)) = self.last.as_ref().filter(|(folder, _)| path.is_directly_in(folder)) {
            return *kind;
        }
        let folder = path.parent();
        let kind = kind_in(&folder);
        self.last = Some((folder, kind));
        kind
    }
}

/// As [`copy_kind`], for the files in a folder.
pub(super) fn kind_in(folder: &RelativePath) -> Option<CopyKind> {
    let mut names: Vec<String> = Vec::new();
    // The number of folders down to the first one of Windows.
    let mut windows = None;
    folder.components().enumerate().find_map(|(number, name)| {
        if !is_reachable(&name, number == 0) {
            return Some(CopyKind::Unreachable);
        }
        names.push(lower_case(&name).into_owned());
        let kind = RULES.iter().find(|rule| rule.matches(&names, windows)).and_then(|rule| rule.kind);
        if windows.is_none() && is_windows_folder(&names[number]) {
            windows = Some(number + 1);
        }
        kind.or_else(|| is_symbol_store(&names).then_some(CopyKind::Download))
    })
}

/// True for the folder in which a debugger keeps a file that it got by its name, link time and size: `srv.sys/480255BE52000`.
fn is_symbol_store(names: &[String]) -> bool {
    /// Eight digits of the time, and at least one of the size.
    const LEAST: usize = 9;
    let [.., file, id] = names else { return false };
    id.len() >= LEAST && id.bytes().all(|b| b.is_ascii_hexdigit()) && Extension::of(file).is_binary()
}

/// True for a folder name that a Windows path can reach: Windows removes blanks and dots from the end of each name in a
/// path, and reads the text after a colon as the name of a stream. Drives, images and cabinets in a path end with a
/// colon, which a volume may follow.
fn is_reachable(name: &str, is_first: bool) -> bool {
    let is_volume_of = |name: &str, volume: &str| {
        is_volume(volume) && (volume.is_empty() || is_first || may_be_image(name) || may_be_archive(name))
    };
    !name.ends_with([' ', '.']) && name.rsplit_once(':').is_none_or(|(name, volume)| is_volume_of(name, volume))
}

/// True for the usual names of a Windows folder. In an installation folder with another name, folders whose names other
/// programs also use are not treated as copies.
pub(super) fn is_windows_folder(name: &str) -> bool {
    /// Names up to the first dot or digit: `WINNT.SBS`, `WINNT35`, `WINDOWS.000`.
    const NAMES: [&str; 6] = ["windows", "winnt", "win", "wtsrv", "winxp", "system32"];
    let end = name.find(|c: char| c == '.' || c.is_ascii_digit()).filter(|&end| name != "system32" && end > 0);
    NAMES.contains(&&name[..end.unwrap_or(name.len())])
}

/// A line of the table.
struct Rule {
    /// The names of folders, each in the one before it; mostly one.
    folders: Vec<Pattern>,
    /// `None` for a folder whose files run.
    kind: Option<CopyKind>,
    below_windows: bool,
}

/// The name of a folder.
struct Pattern {
    /// The beginning of the name, or all of it if there is no `*`.
    start: &'static str,
    /// The text after each `*`.
    rest: Vec<&'static str>,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| TABLE.lines().filter_map(Rule::read).collect());

impl Rule {
    /// `None` for comments, the header, and invalid lines; a test reads every line.
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let (folder, kind, place) = (cells.next()?, cells.next()?, cells.next()?);
        let kind = match kind {
            "active" => None,
            kind => Some(serde_json::from_value(kind.into()).ok()?),
        };
        let pattern = |name: &'static str| {
            let mut parts = name.split('*');
            Some(Pattern { start: parts.next()?, rest: parts.collect() })
        };
        let folders = folder.split('/').map(pattern).collect::<Option<_>>()?;
        Some(Self { folders, kind, below_windows: place == "below-windows" })
    }

    /// True if the last of these folders, in lower case, are those of the rule; `windows` is how many there are down to the first
    /// folder of Windows.
    fn matches(&self, names: &[String], windows: Option<usize>) -> bool {
        let Some(above) = names.len().checked_sub(self.folders.len()) else { return false };
        (!self.below_windows || windows.is_some_and(|windows| windows <= above))
            && self.folders.iter().zip(&names[above..]).all(|(pattern, name)| pattern.matches(name))
    }
}

impl Pattern {
    fn matches(&self, name: &str) -> bool {
        let Some(mut left) = name.strip_prefix(self.start) else { return false };
        let Some((last, between)) = self.rest.split_last() else { return left.is_empty() };
        for part in between {
            let Some(at) = left.find(part) else { return false };
            left = &left[at + part.len()..];
        }
        left.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of data/copies.tsv is a rule with a known kind and a source (issue 16, point 3).
    #[test]
    fn every_line_of_the_table_is_a_rule() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
        assert_eq!(RULES.len(), lines.len());
        for line in lines {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 4, "{line}");
            assert!(Rule::read(line).is_some(), "{line}");
            assert_eq!(cells[0], cells[0].to_lowercase(), "{line}");
            assert!(["anywhere", "below-windows"].contains(&cells[2]) && !cells[3].is_empty(), "{line}");
        }
    }

    #[test]
    fn copies_are_told_by_their_folders() {
        let kind = |path: &str| copy_kind(&RelativePath::from(path)).map(CopyKind::name);
        assert_eq!(kind("WINNT/System32/tapisrv.exe"), None);
        assert_eq!(kind("WINDOWS/SYSBCKUP/tapisrv.exe"), Some("system-backup"));
        assert_eq!(kind("WINDOWS/ie8/wininet.dll"), Some("system-backup"));
        assert_eq!(kind("Program Files/ie8/wininet.dll"), None, "another program's folder");
        assert_eq!(kind("WINNT/$NtUninstallQ329115$/x.dll"), Some("uninstall-backup"));
        assert_eq!(kind("WINDOWS/$MSI31Uninstall_KB893803v2$/msi.dll"), Some("uninstall-backup"));
        // A system of its own, with verdicts of its own (issue 13, point 6).
        assert_eq!(kind("Windows.old.000/WINDOWS/System32/a.dll"), None);
        assert_eq!(kind("RECYCLER/S-1-5-21/Dc1.dll"), Some("recycle-bin"));
        assert_eq!(kind("WINDOWS/VCM/a.dll"), Some("system-backup"));
        assert_eq!(kind("WINDOWS/SoftwareDistribution.old/Download/a.dll"), Some("download"));
        assert_eq!(kind("found.000/dir0000.chk/a.dll"), Some("temporary"));
        assert_eq!(kind("WINNT.SBS/LastGood/system32/a.dll"), Some("last-good"));
    }

    /// Issue 13: unpacked installation media of products made 7 to 150 articles half-installed or missing, and the database that is a
    /// part of Windows was judged as SQL Server.
    #[test]
    fn media_of_products_and_parts_of_windows_are_told_by_several_folders() {
        let kind = |path: &str| copy_kind(&RelativePath::from(path)).map(CopyKind::name);
        for path in [
            "Install/CU14/Setup/ServerRoles/Common/ExSetup.exe",
            "cab/unpacked/Setup/ServerRoles/Common/ExSetup.EXE",
            "SQL/x64/Setup/sql_engine_core_inst_msi/PFiles/SqlServr/MSSQL.X/MSSQL/Binn/sqlservr.exe",
            "SQL2KSP3/x86/binn/sqlservr.exe",
            "sp/x86/Binn/sqlservr.exe",
            "sql70sp4/alpha/binn/sqlservr.exe",
        ] {
            assert_eq!(kind(path), Some("install-source"), "{path}");
        }
        assert_eq!(kind("Windows/WID/Binn/sqlservr.exe"), Some("part-of-windows"));
        // Issue 13: packages that were unpacked made articles fixed or half-installed.
        assert_eq!(kind("6f3a5e1b2c7d8e9f0a1b/SP2QFE/asp.dll"), Some("hotfix-store"));
        assert_eq!(kind("WINDOWS/ERDNT/cache/srv.sys"), Some("system-backup"));
        assert_eq!(kind("Qoobox/Quarantine/C/WINDOWS/system32/srv.sys"), Some("system-backup"));
        assert_eq!(kind("symbols/srv.sys/480255BE52000/srv.sys"), Some("download"));
        assert_eq!(kind("Windows/SystemTemp/a/srv.sys"), Some("temporary"));
        assert_eq!(kind("SMSSETUP/bin/i386/smsexec.exe"), Some("install-source"));
        assert_eq!(kind("bin/x/i386/smsexec.exe"), Some("install-source"));
        for path in [
            // Issue 13: the programs of Systems Management Server were not judged.
            "SMS/bin/i386/smsexec.exe",
            "exchsrvr/address/smtp/i386/inproxy.dll",
            "VC/bin/amd64/mspdb80.dll",
            "abc/480255BE52000/srv.sys",
            "srv.sys/beef/srv.sys",
            "Program Files/Microsoft/Exchange Server/V15/Bin/ExSetup.exe",
            "Program Files/Microsoft SQL Server/MSSQL15.A/MSSQL/Binn/sqlservr.exe",
            "Program Files (x86)/Microsoft SQL Server/80/Tools/Binn/osql.exe",
            "MSSQL7/binn/sqlservr.exe",
            "Windows/SYSMSI/SSEE/MSSQL.2005/MSSQL/Binn/sqlservr.exe",
            "ServerRoles/Common/ExSetup.exe",
        ] {
            assert_eq!(kind(path), None, "{path}");
        }
    }

    #[test]
    fn one_path_after_another_has_the_kind_of_its_own_folder() {
        let mut folders = FolderKind::default();
        for path in
            ["a.dll", "WINNT/a.dll", "WINNT/dllcache/a.dll", "WINNT/dllcache/b.dll", "WINNT/dllcache", "/a", "b.dll"]
        {
            let path = RelativePath::from(path);
            assert_eq!(folders.of(&path), copy_kind(&path), "{path}");
        }
    }

    /// Issue 16: folders named in the bulletins, and those of the same installer for other products.
    #[test]
    fn uninstall_folders_of_every_product_are_copies() {
        for folder in [
            "$ExchUninstallKB912442$",
            "$SQLUninstallMDAC28-KB911562-x86-ENU$",
            "$ISA2000UninstallKB899753$",
            "$NTUnInstallQ329115$",
            "$OtherUninstallKB123456$",
            "$968930Uinstall_KB968930$",
        ] {
            let path = RelativePath::from(format!("WINDOWS/{folder}/a.dll").as_str());
            assert_eq!(copy_kind(&path), Some(CopyKind::UninstallBackup), "{folder}");
        }
        assert_eq!(copy_kind(&RelativePath::from("WINDOWS/uninstall/a.dll")), None);
    }

    /// Issue 16, point 4: files that no Windows path can name do not run.
    #[test]
    fn folders_that_windows_cannot_name_are_unreachable() {
        let kind = |path: &str| copy_kind(&RelativePath::from(path));
        for path in
            ["WINNT/System32 /a.dll", "WINNT /System32/a.dll", "WINNT/System32./a.dll", "WINNT/System32:x/a.dll"]
        {
            assert_eq!(kind(path), Some(CopyKind::Unreachable), "{path}");
        }
        assert_eq!(kind("WINNT/dllcache /a.dll"), Some(CopyKind::Unreachable));
        for path in [
            "disk.vmdk:/WINNT/a.dll",
            "disk.img:a.dll",
            "disk.vmdk:p2/WINNT/a.dll",
            "case.zip:/C:/WINNT/a.dll",
            "case.zip:/collected/disk.vhdx:p2/WINNT/a.dll",
            "win.iso:/sources/install.wim:1/Windows/a.dll",
            "WINNT/ system32/a.dll",
        ] {
            assert_eq!(kind(path), None, "{path}");
        }
    }
}
