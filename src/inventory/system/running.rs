//! The registry of the Windows that runs this program: its hives are in `System32\config`, but the system keeps them
//! locked.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use winreg::RegKey;
use winreg::enums::{HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_64KEY};

use super::registry::RegistryKey;
use super::{HiveKind, System};
use hotfixcheck_winfiles::hive::{Condition, Data, HiveError};

/// The running system, if this root contains it: the folder of its hives below the root, and the facts of its registry.
pub(super) fn below(root: &Path) -> Option<(PathBuf, System)> {
    let system = fs::canonicalize(Path::new(&std::env::var_os("SystemRoot")?).join("System32")).ok()?;
    let folder = system.join("config");
    let below = folder.strip_prefix(fs::canonicalize(root).ok()?).ok()?.to_owned();
    let open = |kind: HiveKind| match LiveKey::open(&RegKey::predef(HKEY_LOCAL_MACHINE), kind.name()) {
        Ok(Some(key)) => Some(Ok((key, Condition::default()))),
        Ok(None) => None,
        Err(error) => Some(Err(error)),
    };
    Some((below, System::from_registry(open(HiveKind::Software), open(HiveKind::System))))
}

/// An open key.
struct LiveKey {
    key: RegKey,
    name: String,
}

impl LiveKey {
    fn open(parent: &RegKey, path: &str) -> Result<Option<Self>, HiveError> {
        // Without the flag, a 32-bit program would read `Wow6432Node` instead of the key; Windows NT 4.0 to XP ignore
        // the flag.
        match parent.open_subkey_with_flags(path, KEY_READ | KEY_WOW64_64KEY) {
            Ok(key) => {
                let name = path.rsplit('\\').next().unwrap_or_default().to_owned();
                Ok(Some(Self { key, name }))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }
}

impl RegistryKey for LiveKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key(&self, path: &str) -> Result<Option<Self>, HiveError> {
        Self::open(&self.key, path)
    }

    fn subkeys(&self) -> Result<Vec<Result<Self, HiveError>>, HiveError> {
        let open = |name: io::Result<String>| match Self::open(&self.key, &name.map_err(|error| failed(&error))?)? {
            Some(key) => Ok(key),
            None => Err(HiveError::Io("the key was removed meanwhile".to_owned())),
        };
        Ok(self.key.enum_keys().map(open).collect())
    }

    fn data(&self, name: &str) -> Result<Option<Data>, HiveError> {
        match self.key.get_raw_value(name) {
            Ok(value) => Ok(Some(Data::of(value.vtype as u32, &value.bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn has_values(&self) -> Result<bool, HiveError> {
        self.key.enum_values().next().transpose().map(|value| value.is_some()).map_err(|error| failed(&error))
    }
}

fn failed(error: &io::Error) -> HiveError {
    HiveError::Io(error.to_string())
}
