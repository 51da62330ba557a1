//! Which copy of a file runs, and which only lies there.

use serde::{Deserialize, Serialize};

use super::RelativePath;

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
    /// `i386`, `amd64`, `ia64`, `Driver Cache`: the installation source.
    InstallSource,
    /// `LastGood`, `LastGood.Tmp`: the last configuration that started.
    LastGood,
    /// `Temp`, `Tmp`.
    Temporary,
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
        }
    }
}

/// What the folders of a path say of the copy: `None` if nothing speaks against it being the one that runs.
///
/// Only the folders below the root count: who scans a `dllcache` itself wants its files judged.
pub fn copy_kind(path: &RelativePath) -> Option<CopyKind> {
    let components: Vec<String> = path.components().map(|c| c.to_lowercase()).collect();
    let (_, folders) = components.split_last()?;
    folders.iter().find_map(|folder| folder_kind(folder))
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
