//! An index: keys that are strings, and the articles of each key.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::bytes::{get, put};
use crate::form::hash;

/// An index under construction: the articles of each key.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    keys: BTreeMap<String, BTreeSet<u32>>,
}

impl Builder {
    pub(crate) fn add(&mut self, key: String, article: u32) {
        self.keys.entry(key).or_default().insert(article);
    }

    /// The sections of keys, starts and items. `string` gives the number of a string.
    pub(crate) fn write(&self, mut string: impl FnMut(&str) -> u32) -> [Vec<u8>; 3] {
        let (mut keys, mut starts, mut items) = (Vec::new(), Vec::new(), Vec::new());
        let mut count = 0;
        for (key, articles) in &self.keys {
            put(&mut keys, string(key));
            put(&mut starts, count);
            count += articles.len() as u32;
            articles.iter().for_each(|&article| put(&mut items, article));
        }
        put(&mut starts, count);
        [keys, starts, items]
    }

    /// The index of each key.
    pub(crate) fn places(&self) -> HashMap<&str, u32> {
        self.keys.keys().map(String::as_str).zip(0..).collect()
    }

    /// A bit for the hash of each key.
    pub(crate) fn bits(&self) -> Vec<u8> {
        let mut bits = vec![0u8; (self.keys.len() * BITS_OF_KEY / 8).next_power_of_two()];
        for key in self.keys.keys() {
            let (byte, bit) = bit_of(hash(key), bits.len() - 1);
            bits[byte] |= bit;
        }
        bits
    }

    /// A hash table of the keys' indexes, half empty.
    pub(crate) fn slots(&self) -> Vec<u8> {
        let size = (self.keys.len() * 2).next_power_of_two();
        let mut slots = vec![0u32; size];
        for (place, key) in self.keys.keys().enumerate() {
            let mut slot = hash(key) as usize & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = place as u32 + 1;
        }
        let mut out = Vec::with_capacity(size * 4);
        slots.into_iter().for_each(|slot| put(&mut out, slot));
        out
    }
}

/// How many bits there are at least for each key.
const BITS_OF_KEY: usize = 16;

/// The byte and the bit of a hash; `mask` is the last byte. The hash's lowest bits are those of its slot.
fn bit_of(hash: u32, mask: usize) -> (usize, u8) {
    let hash = hash.rotate_left(16) as usize;
    ((hash >> 3) & mask, 1 << (hash & 7))
}

/// False if no key has this hash, by the bits of [`Builder::bits`].
pub(crate) fn may_have(bits: &[u8], hash: u32) -> bool {
    let Some(mask) = bits.len().checked_sub(1) else { return false };
    let (byte, bit) = bit_of(hash, mask);
    bits.get(byte).is_some_and(|byte| byte & bit != 0)
}

/// An index of a compiled catalogue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index<'c> {
    pub(crate) keys: &'c [u8],
    pub(crate) starts: &'c [u8],
    pub(crate) items: &'c [u8],
}

impl<'c> Index<'c> {
    /// The number of keys.
    pub(crate) fn len(&self) -> usize {
        self.keys.len() / 4
    }

    /// The number of the string that is the key at an index.
    pub(crate) fn key(&self, place: usize) -> Option<u32> {
        get(self.keys, place)
    }

    /// The articles of the key at an index.
    pub(crate) fn items(&self, place: usize) -> impl Iterator<Item = u32> + use<'c> {
        let items = self.items;
        let start = get(self.starts, place).unwrap_or_default() as usize;
        let end = get(self.starts, place + 1).unwrap_or_default() as usize;
        (start..end.min(items.len() / 4)).filter_map(move |place| get(items, place))
    }

    /// The index of a key; `text` gives the string of a number.
    pub(crate) fn find<'t>(&self, key: &str, text: impl Fn(u32) -> Option<&'t str>) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match text(self.key(middle)?)?.cmp(key) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The index of a key of this hash, from the hash table of [`Builder::slots`]. `text` gives the bytes of a string's number.
    pub(crate) fn find_hashed<'t>(
        &self,
        slots: &[u8],
        hash: u32,
        key: &str,
        text: impl Fn(u32) -> Option<&'t [u8]>,
    ) -> Option<usize> {
        let size = slots.len() / 4;
        let mask = size.checked_sub(1)?;
        let mut slot = hash as usize & mask;
        // A damaged table may have no empty slot.
        for _ in 0..size {
            let place = (get(slots, slot)?).checked_sub(1)? as usize;
            if text(self.key(place)?)? == key.as_bytes() {
                return Some(place);
            }
            slot = (slot + 1) & mask;
        }
        None
    }
}
