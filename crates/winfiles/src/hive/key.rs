//! Key nodes (`nk`).

use std::fmt;
use std::vec;

use super::value::{self, Value, Values};
use super::{Hive, HiveError, MAX_DEPTH, MAX_KEY_NAME_BYTES, index, text};
use crate::bytes::ReadAt;

/// The fixed part of a key node; the name follows.
const NODE_BYTES: usize = 76;
/// The name has one byte for each character.
const FLAG_COMPRESSED: u16 = 0x20;
/// A predefined handle: the field for the count of values is not a count.
const FLAG_PREDEFINED: u16 = 0x40;

impl<S: ReadAt> Hive<S> {
    /// The root key.
    ///
    /// # Errors
    /// When its cell is damaged or lies outside the hive.
    pub fn root(&self) -> Result<Key<'_, S>, HiveError> {
        Key::root(self)
    }

    /// The key with this path below the root, `Microsoft\Windows NT\CurrentVersion`, compared without regard to case;
    /// `None` if it does not exist.
    ///
    /// # Errors
    /// If damage makes the answer uncertain: [`Key::key`].
    pub fn key(&self, path: &str) -> Result<Option<Key<'_, S>>, HiveError> {
        self.root()?.key(path)
    }
}

/// A key.
pub struct Key<'h, S> {
    hive: &'h Hive<S>,
    place: u32,
    depth: u16,
    name: String,
    subkey_count: u32,
    subkey_list: u32,
    value_count: u32,
    value_list: u32,
    written: u64,
}

impl<S> fmt::Debug for Key<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("name", &self.name).field("place", &self.place).finish_non_exhaustive()
    }
}

impl<'h, S: ReadAt> Key<'h, S> {
    pub(super) fn root(hive: &'h Hive<S>) -> Result<Self, HiveError> {
        Self::read(hive, hive.base.root, 0, None)
    }

    fn read(hive: &'h Hive<S>, place: u32, depth: u16, parent: Option<u32>) -> Result<Self, HiveError> {
        let cell = hive.cell("key", place, NODE_BYTES + MAX_KEY_NAME_BYTES)?;
        if !cell.starts_with(b"nk") {
            return Err(cell.corrupt("signature of a key"));
        }
        // Every key has one parent, and the root has none. A walk that checks this meets each key at most once.
        if let Some(parent) = parent {
            if cell.u32(16)? != parent || place == hive.base.root {
                return Err(cell.corrupt("key that has another parent"));
            }
            if depth > MAX_DEPTH {
                return Err(cell.too_much("nested keys", usize::from(depth), usize::from(MAX_DEPTH)));
            }
        }
        let flags = cell.u16(2)?;
        let length = usize::from(cell.u16(72)?);
        if length > MAX_KEY_NAME_BYTES {
            return Err(cell.too_much("bytes of a key's name", length, MAX_KEY_NAME_BYTES));
        }
        let written = u64::from(cell.u32(4)?) | u64::from(cell.u32(8)?) << 32;
        Ok(Self {
            hive,
            place,
            depth,
            name: text::name(cell.slice(NODE_BYTES, length)?, flags & FLAG_COMPRESSED != 0),
            subkey_count: cell.u32(20)?,
            subkey_list: cell.u32(28)?,
            value_count: if flags & FLAG_PREDEFINED == 0 { cell.u32(36)? } else { 0 },
            value_list: cell.u32(40)?,
            written,
        })
    }

    /// The name, as stored. The name of the root has no meaning.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When the key was last written: 100-nanosecond intervals since 1601 UTC.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// The subkeys, in the hive's order. A damaged one is an error in its position; those after it are still given.
    ///
    /// # Errors
    /// If the list of subkeys itself cannot be read.
    pub fn subkeys(&self) -> Result<Subkeys<'h, S>, HiveError> {
        let places = index::subkeys(self.hive, self.subkey_list, self.subkey_count)?;
        Ok(Subkeys {
            hive: self.hive,
            parent: self.place,
            depth: self.depth.saturating_add(1),
            places: places.into_iter(),
        })
    }

    /// The key with this path below this one, `Control\ProductOptions`, compared without regard to case; `None` if it
    /// does not exist. An empty path is the key itself.
    ///
    /// # Errors
    /// If the key is not found and damage makes the answer uncertain.
    pub fn key(&self, path: &str) -> Result<Option<Key<'h, S>>, HiveError> {
        let mut found = Key { name: self.name.clone(), ..*self };
        for name in path.split('\\').filter(|name| !name.is_empty()) {
            match found.child(name)? {
                Some(child) => found = child,
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    fn child(&self, name: &str) -> Result<Option<Key<'h, S>>, HiveError> {
        let mut damage = None;
        for subkey in self.subkeys()? {
            match subkey {
                Ok(subkey) if text::same(&subkey.name, name) => return Ok(Some(subkey)),
                Ok(_) => {}
                Err(error) => damage = damage.or(Some(error)),
            }
        }
        damage.map_or(Ok(None), Err)
    }

    /// The values, in the hive's order. A damaged one is an error in its position; those after it are still given.
    ///
    /// # Errors
    /// If the list of values itself cannot be read.
    pub fn values(&self) -> Result<Values<'h, S>, HiveError> {
        value::list(self.hive, self.value_list, self.value_count)
    }

    /// The value of this name, compared without regard to case; the empty name is the key's default value. `None` if it
    /// does not exist.
    ///
    /// # Errors
    /// If the value is not found and damage makes the answer uncertain.
    pub fn value(&self, name: &str) -> Result<Option<Value<'h, S>>, HiveError> {
        let mut damage = None;
        for value in self.values()? {
            match value {
                Ok(value) if text::same(value.name(), name) => return Ok(Some(value)),
                Ok(_) => {}
                Err(error) => damage = damage.or(Some(error)),
            }
        }
        damage.map_or(Ok(None), Err)
    }
}

/// The subkeys of a key, each read when the iterator reaches it.
#[derive(Debug)]
pub struct Subkeys<'h, S> {
    hive: &'h Hive<S>,
    parent: u32,
    depth: u16,
    places: vec::IntoIter<Result<u32, HiveError>>,
}

impl<'h, S: ReadAt> Iterator for Subkeys<'h, S> {
    type Item = Result<Key<'h, S>, HiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.places.next()?;
        Some(place.and_then(|place| Key::read(self.hive, place, self.depth, Some(self.parent))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}
