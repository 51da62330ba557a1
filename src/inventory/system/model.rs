//! The facts of a registry about its system.

use serde::{Deserialize, Serialize};

use crate::KbId;
use crate::inventory::RelativePath;
use hotfixcheck_winfiles::hive::{Condition, HiveError};

/// The most updates that are listed for one system.
pub const MAX_HOTFIXES: usize = 1 << 16;
/// The most files that are listed for one update.
pub const MAX_HOTFIX_FILES: usize = 1 << 12;
/// The most pending renames that are listed.
pub const MAX_PENDING_RENAMES: usize = 1 << 14;
/// The most problems that are kept for one system.
pub const MAX_PROBLEMS: usize = 1 << 10;

/// One of the two hives with facts about the system; the name is that of the registry key below `HKEY_LOCAL_MACHINE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HiveKind {
    /// `SOFTWARE`.
    Software,
    /// `SYSTEM`.
    System,
}

impl HiveKind {
    /// The key below `HKEY_LOCAL_MACHINE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Software => "SOFTWARE",
            Self::System => "SYSTEM",
        }
    }
}

/// A Windows system according to its registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// The index of its root in the inventory's roots.
    pub root: usize,
    /// The folder of the hives, below the root.
    pub folder: RelativePath,
    /// The hives that could be opened, with the state of each.
    pub hives: Vec<(HiveKind, Condition)>,
    /// The facts about the system in them.
    pub facts: Facts,
    /// The updates that they list, by list, in the registry's order.
    pub hotfixes: Vec<Hotfix>,
    /// The parts of the hives that could not be read.
    pub problems: Vec<RegistryProblem>,
}

/// A part of the registry that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryProblem {
    /// The hive, key or value: `SOFTWARE\Microsoft\Updates`.
    pub source: String,
    /// The reason.
    pub what: String,
}

impl System {
    /// The Windows folder below the root: the one that contains `System32/config`. Empty where the root is inside it.
    pub fn windows_folder(&self) -> RelativePath {
        let config = self.folder.parent();
        config.parent()
    }

    /// True where only a list of updates is known: it says nothing about the system's release.
    pub fn is_list_only(&self) -> bool {
        self.hives.is_empty() && self.facts == Facts::default()
    }

    pub(super) fn problem(&mut self, source: &str, what: impl ToString) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(RegistryProblem { source: source.to_owned(), what: what.to_string() });
        }
    }

    /// The result; an error is recorded as a problem of this key or value.
    pub(super) fn tried<T>(&mut self, source: &str, result: Result<T, HiveError>) -> Option<T> {
        result.map_err(|error| self.problem(source, error)).ok()
    }
}

/// A fact of the registry, and its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// The path of the value: `SOFTWARE\Microsoft\Windows NT\CurrentVersion\CSDVersion`.
    pub source: String,
}

/// The facts of the registry about the system. `None` is a fact that is missing or could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// `ProductName`: `Microsoft Windows 2000`.
    pub product_name: Option<Fact<String>>,
    /// `CurrentVersion`: `4.0`; stays 6.3 in Windows 10 and later.
    pub current_version: Option<Fact<String>>,
    /// `CurrentMajorVersionNumber` and `CurrentMinorVersionNumber`, of Windows 10 and later.
    pub version_numbers: Option<Fact<(u32, u32)>>,
    /// `CurrentBuildNumber`, or `CurrentBuild` where it is a number: in Windows NT 4.0 it is an obsolete text.
    pub build: Option<Fact<u32>>,
    /// `UBR`: the revision of Windows 8.1 and later.
    pub revision: Option<Fact<u32>>,
    /// `DisplayVersion` or `ReleaseId`: `22H2`, `1809`.
    pub release_id: Option<Fact<String>>,
    /// `CurrentType`: `Uniprocessor Free`.
    pub current_type: Option<Fact<String>>,
    /// `InstallDate`, seconds since 1970 UTC.
    pub install_date: Option<Fact<u32>>,
    /// `CSDVersion`: `Service Pack 6`; empty where the registry has been read and has none. The kernel writes it at
    /// every start; a hotfix's kernel may write `Service Pack 4, RC 1.2` (Q222507).
    pub csd_version: Option<Fact<String>>,
    /// `ProductType`: `WinNT`, `ServerNT`, `LanmanNT` (Q152078).
    pub product_type: Option<Fact<String>>,
    /// `ProductSuite`: `Terminal Server`, `Enterprise` (Q152078); empty where the registry has been read and has none.
    pub product_suite: Option<Fact<Vec<String>>>,
    /// `Control\Windows\CSDVersion`: 0x600 is Service Pack 6.
    pub control_csd_version: Option<Fact<u32>>,
    /// `PROCESSOR_ARCHITECTURE`: `x86`, `ALPHA`.
    pub processor_architecture: Option<Fact<String>>,
    /// `PendingFileRenameOperations`: files that the next start renames or deletes.
    pub pending_renames: Option<Fact<Vec<PendingRename>>>,
}

/// A file that the next start renames or deletes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRename {
    /// The file: `C:\WINNT\System32\SET12.tmp`.
    pub from: String,
    /// Its new name; `None` if it is deleted.
    pub to: Option<String>,
    /// Whether an existing file with the new name is replaced.
    pub replace: bool,
}

/// The list that contains an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HotfixList {
    /// `Windows NT\CurrentVersion\HotFix` (Q184305): Windows NT 4.0 to Server 2003.
    WindowsNt,
    /// `Microsoft\Updates` (Q257946): Windows 2000 to Server 2003, and other products to this day.
    Updates,
    /// `Component Based Servicing\Packages`: Windows Vista and later.
    Servicing,
    /// The output of a system tool: `systeminfo`, `wmic qfe`, `Get-HotFix`.
    Printed,
}

/// The state of an update according to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HotfixState {
    /// It is installed: `Installed` is 1 (Q238552), `CurrentState` 0x70 or 0x80.
    Installed,
    /// It is listed without a state. Updates are removed from the list when they are uninstalled.
    Listed,
    /// `CurrentState` 0x50: a later package replaced it.
    Superseded,
    /// It is not, or not completely, installed: `Installed` is 0; `CurrentState` is absent, staged or pending.
    NotInstalled,
    /// The value of the state is damaged.
    Unreadable,
    /// An unknown state.
    Other(u32),
}

/// An update that the registry lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hotfix {
    /// The article in its name; `None` for names of another form.
    pub id: Option<KbId>,
    /// Its name as the registry has it: `Q246009`, `KB823980-v2`, `Package_for_KB976902~31bf3856ad364e35~x86~~6.1.1.1`.
    pub name: String,
    /// Its key: `SOFTWARE\Microsoft\Updates\Windows XP\SP2\KB823980`.
    pub source: String,
    /// The list.
    pub list: HotfixList,
    /// Its state according to the list.
    pub state: HotfixState,
    /// Its description in the list.
    pub description: Option<String>,
    /// When it was installed, as the list prints it; the formats differ.
    pub installed_on: Option<String>,
    /// The files that the list names for it; often empty.
    pub files: Vec<HotfixFile>,
}

/// A file that the registry lists for an update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HotfixFile {
    /// Its name.
    pub name: String,
    /// Its version, as printed.
    pub version: Option<String>,
    /// Its folder, as printed.
    pub location: Option<String>,
}

impl Hotfix {
    /// True if the registry claims that the update is installed: with that state, or in a list of installed updates
    /// only.
    pub fn is_claimed(&self) -> bool {
        matches!(self.state, HotfixState::Installed | HotfixState::Listed)
    }
}
