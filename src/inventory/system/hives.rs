//! Reads the facts in the two hives of a system.

use super::model::{HiveKind, System};
use super::registry::RegistryKey;
use super::{facts, hotfixes};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::hive::{Condition, Hive, HiveError, Key};

/// The root of a hive and the state of the hive; `None` if there is none.
type Opened<K> = Option<Result<(K, Condition), HiveError>>;

fn root_of<S: ReadAt>(hive: Option<&Result<Hive<S>, HiveError>>) -> Opened<Key<'_, S>> {
    Some(match hive? {
        Ok(hive) => hive.root().map(|root| (root, hive.condition())),
        Err(error) => Err(error.clone()),
    })
}

impl System {
    /// Reads the facts in the hives; `None` for a hive that does not exist. A part that cannot be read is recorded as a
    /// problem; it never causes a panic or a fact.
    pub fn from_hives<S: ReadAt>(software: Option<S>, system: Option<S>) -> Self {
        let software = software.map(Hive::open);
        let system = system.map(Hive::open);
        Self::from_registry(root_of(software.as_ref()), root_of(system.as_ref()))
    }

    /// Reads the facts from the roots of the two hives, each with the state of its hive.
    pub(super) fn from_registry<K: RegistryKey>(software: Opened<K>, system: Opened<K>) -> Self {
        let mut read = Self::default();
        if let Some(root) = read.take(HiveKind::Software, software) {
            facts::software(&root, &mut read);
            hotfixes::software(&root, &mut read);
        }
        if let Some(root) = read.take(HiveKind::System, system) {
            facts::system(&root, &mut read);
        }
        read
    }

    fn take<K>(&mut self, kind: HiveKind, opened: Opened<K>) -> Option<K> {
        match opened? {
            Ok((root, condition)) => {
                self.hives.push((kind, condition));
                Some(root)
            }
            Err(error) => {
                self.problem(kind.name(), error);
                None
            }
        }
    }
}
