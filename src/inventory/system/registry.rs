//! The registry, read from a hive in a file or from the running Windows.

use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::hive::{Data, HiveError, Key};

/// A key of a registry from either source.
pub(super) trait RegistryKey: Sized {
    /// Its own name.
    fn name(&self) -> &str;

    /// The key with this path below it; `None` if there is none.
    fn key(&self, path: &str) -> Result<Option<Self>, HiveError>;

    /// Its subkeys, each with its own error.
    fn subkeys(&self) -> Result<Vec<Result<Self, HiveError>>, HiveError>;

    /// The data of this value; `None` if there is no such value.
    fn data(&self, name: &str) -> Result<Option<Data>, HiveError>;

    /// True if it has a value.
    fn has_values(&self) -> Result<bool, HiveError>;
}

impl<S: ReadAt> RegistryKey for Key<'_, S> {
    fn name(&self) -> &str {
        Key::name(self)
    }

    fn key(&self, path: &str) -> Result<Option<Self>, HiveError> {
        Key::key(self, path)
    }

    fn subkeys(&self) -> Result<Vec<Result<Self, HiveError>>, HiveError> {
        Ok(Key::subkeys(self)?.collect())
    }

    fn data(&self, name: &str) -> Result<Option<Data>, HiveError> {
        self.value(name)?.map(|value| value.data()).transpose()
    }

    fn has_values(&self) -> Result<bool, HiveError> {
        Ok(self.values()?.next().is_some())
    }
}
