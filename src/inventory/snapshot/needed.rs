//! A second pass over the file: reads only the version blocks that files need.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::versions::VersionForm;
use crate::inventory::document::Meter;

/// The needed version blocks, by their indices.
pub(super) struct Needed<'de> {
    blocks: BTreeMap<usize, Option<VersionForm<'de>>>,
    meter: Meter,
    /// All needed blocks were read, so that the pass ended early.
    pub is_complete: bool,
}

impl<'de> Needed<'de> {
    pub(super) fn new(places: impl Iterator<Item = usize>, meter: Meter) -> Self {
        Self { blocks: places.map(|place| (place, None)).collect(), meter, is_complete: false }
    }

    /// The needed block with this index, if it was read.
    pub(super) fn get(&self, place: usize) -> Option<&VersionForm<'de>> {
        self.blocks.get(&place)?.as_ref()
    }
}

impl<'de> DeserializeSeed<'de> for &mut Needed<'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Needed<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snapshot")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let meter = self.meter.clone();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            meter.next_value();
            match &*name {
                "versions" => map.next_value_seed(List(self))?,
                // Files and problems are skipped one by one, so that they are not held in memory.
                "files" | "problems" | "warnings" | "trees" | "systems" => map.next_value_seed(Skipped(&meter))?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }
}

struct List<'n, 'de>(&'n mut Needed<'de>);

impl<'de> DeserializeSeed<'de> for List<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Needed { blocks, meter, is_complete } = self.0;
        let mut place = 0;
        for (needed, block) in blocks {
            while place < *needed {
                if items.next_element::<IgnoredAny>()?.is_none() {
                    return Ok(());
                }
                meter.next_value();
                place += 1;
            }
            *block = items.next_element()?;
            meter.next_value();
            place += 1;
        }
        *is_complete = true;
        Err(A::Error::custom("stopped"))
    }
}

struct Skipped<'m>(&'m Meter);

impl<'de> DeserializeSeed<'de> for Skipped<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Skipped<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {
            self.0.next_value();
        }
        Ok(())
    }
}
