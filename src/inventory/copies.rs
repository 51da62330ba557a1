//! Which copy of a file runs, and which only lies there.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Entry, RelativePath};
use crate::name::lower_case;

/// Why a copy of a file is not the one that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyKind {
    /// `dllcache`: what Windows File Protection puts back.
    DllCache,
    /// `$NtUninstall…$`, `$NtServicePackUninstall…$`: what an update replaced.
    UninstallBackup,
    /// `$hf_mig$`: what an update brought for later service packs.
    HotfixStore,
    /// `ServicePackFiles`: the files of the service pack.
    ServicePackFiles,
    /// `WinSxS`: the side-by-side store.
    SideBySide,
    /// `SoftwareDistribution`: downloads of Windows Update.
    Download,
    /// `i386`, `amd64`, `ia64`, `Driver Cache`: the installation source. So is a member of a cabinet, and a packed file
    /// beside the unpacked one.
    InstallSource,
    /// `LastGood`, `LastGood.Tmp`: the last configuration that started.
    LastGood,
    /// `Temp`, `Tmp`.
    Temporary,
    /// A file whose name is not the one that its version resource gives it: `tapisrv.exe.bak`.
    Renamed,
    /// A damaged binary under a name that no row asks for: its own could be any.
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
            Self::Temporary => "temporary",
            Self::Renamed => "renamed",
            Self::Unidentified => "unidentified",
        }
    }
}

/// What the folders of a path say of the copy: `None` if nothing speaks against it being the one that runs.
///
/// Only the folders below the root count: who scans a `dllcache` itself wants its files judged.
pub fn copy_kind(path: &RelativePath) -> Option<CopyKind> {
    kind_in(&path.parent())
}

/// As [`copy_kind`], of the files in a folder.
pub(super) fn kind_in(folder: &RelativePath) -> Option<CopyKind> {
    folder.components().find_map(|folder| folder_kind(&lower_case(&folder)))
}

fn folder_kind(folder: &str) -> Option<CopyKind> {
    Some(match folder {
        "dllcache" => CopyKind::DllCache,
        "$hf_mig$" => CopyKind::HotfixStore,
        "servicepackfiles" => CopyKind::ServicePackFiles,
        "winsxs" => CopyKind::SideBySide,
        "softwaredistribution" => CopyKind::Download,
        "i386" | "amd64" | "ia64" | "driver cache" => CopyKind::InstallSource,
        "lastgood" | "lastgood.tmp" => CopyKind::LastGood,
        "temp" | "tmp" => CopyKind::Temporary,
        _ if folder.starts_with("$ntuninstall") || folder.starts_with("$ntservicepackuninstall") => {
            CopyKind::UninstallBackup
        }
        _ => return None,
    })
}

/// A packed file that lies beside the file that it unpacks to is no copy that runs.
pub(super) fn mark_packed_twins(entries: &mut [Entry]) {
    fn key(entry: &Entry) -> Option<(usize, String, String)> {
        let path = entry.path.as_str()?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Some((entry.root, folder.to_lowercase(), entry.name()?.to_lowercase()))
    }
    let packed = |entry: &Entry| entry.packed_name.is_some() && entry.copy.is_none();
    if !entries.iter().any(packed) {
        return;
    }
    let unpacked: HashSet<_> =
        entries.iter().filter(|e| e.packed_name.is_none() && e.original_name.is_none()).filter_map(key).collect();
    for entry in entries.iter_mut().filter(|entry| packed(entry)) {
        if key(entry).is_some_and(|key| unpacked.contains(&key)) {
            entry.copy = Some(CopyKind::InstallSource);
        }
    }
}
