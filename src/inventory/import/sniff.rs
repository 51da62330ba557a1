//! Detects which tool wrote an inventory.

use super::snapshot::SCHEMA;
use super::{filever, mftecmd, plain, powershell, sigcheck, velociraptor};

/// The formats of an inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InventoryFormat {
    /// A snapshot of this program.
    Snapshot,
    /// Sysinternals `sigcheck -c` or `-ct`.
    Sigcheck,
    /// Rows of the osquery table `file`, as JSON.
    Osquery,
    /// PowerShell's `Get-Item` or `Get-ChildItem` with `VersionInfo`, as JSON or CSV.
    PowerShell,
    /// A listing of `filever.exe`.
    Filever,
    /// Rows of Velociraptor that name files, as CSV or JSON.
    Velociraptor,
    /// The list of a volume's file table from MFTECmd.
    Mftecmd,
    /// A plain CSV with a header.
    Csv,
}

impl InventoryFormat {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Snapshot,
        Self::Sigcheck,
        Self::Osquery,
        Self::PowerShell,
        Self::Filever,
        Self::Velociraptor,
        Self::Mftecmd,
        Self::Csv,
    ];

    /// The name used on the command line and in lines of hosts: `powershell`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Sigcheck => "sigcheck",
            Self::Osquery => "osquery",
            Self::PowerShell => "powershell",
            Self::Filever => "filever",
            Self::Velociraptor => "velociraptor",
            Self::Mftecmd => "mftecmd",
            Self::Csv => "csv",
        }
    }

    /// The format with this [`name`](Self::name), in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }
}

/// The format of a text by its beginning; `None` if it is not known.
pub(super) fn format(head: &str) -> Option<InventoryFormat> {
    if head.starts_with(['{', '[']) {
        return json(head);
    }
    if plain::is_bare(head) {
        return Some(InventoryFormat::Csv);
    }
    head.lines().find_map(|line| match line {
        _ if sigcheck::is_header(line) => Some(InventoryFormat::Sigcheck),
        _ if powershell::is_header(line) => Some(InventoryFormat::PowerShell),
        _ if velociraptor::is_header(line) => Some(InventoryFormat::Velociraptor),
        _ if mftecmd::is_header(line) => Some(InventoryFormat::Mftecmd),
        _ if plain::is_header(line) => Some(InventoryFormat::Csv),
        _ if filever::is_file(line) => Some(InventoryFormat::Filever),
        _ => None,
    })
}

/// True for entries of Amcache as written by AmcacheParser: programs that ran or were installed, whether they still
/// exist or not.
pub(super) fn is_amcache(head: &str) -> bool {
    let first = head.lines().next().unwrap_or_default();
    ["FileKeyLastWriteTimestamp", "LongPathHash", "FullPath"].iter().all(|name| first.contains(name))
}

/// The kind of a JSON document of this program that is not a snapshot: `report`, `fleet`, `diff`.
pub(super) fn other_document(head: &str) -> Option<String> {
    // The schema is always the first field.
    let rest = head.strip_prefix('{')?.trim_start().strip_prefix("\"schema\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix("\"hotfixcheck.")?;
    let (document, _) = rest.split_once('/')?;
    (!SCHEMA.contains(&format!(".{document}/"))).then(|| document.to_owned())
}

fn json(head: &str) -> Option<InventoryFormat> {
    // A document of a later version is refused with the name of its format.
    let form = SCHEMA.rsplit_once('/').map_or(SCHEMA, |(form, _)| form);
    if head.starts_with('{') && head.contains(&format!("\"{form}/")) {
        return Some(InventoryFormat::Snapshot);
    }
    let has = |names: &[&str]| names.iter().any(|name| head.contains(&format!("\"{name}\"")));
    match () {
        () if has(&["VersionInfo", "FileVersionRaw", "FileMajorPart", "FullName", "LastWriteTimeUtc"]) => {
            Some(InventoryFormat::PowerShell)
        }
        () if has(&["path", "directory"]) && has(&["mtime", "size", "file_version", "product_version", "inode"]) => {
            Some(InventoryFormat::Osquery)
        }
        () if velociraptor::is_json(head) => Some(InventoryFormat::Velociraptor),
        () => None,
    }
}
