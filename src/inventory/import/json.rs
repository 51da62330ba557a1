//! Rows of JSON lists: an array, one value after another, or either of them wrapped. One row at a time is held in
//! memory.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead as _, Read};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::ImportError;
use crate::inventory::document::{Meter, TextReader, Texts};

/// The longest piece of a value that an error shows, in characters.
const SHOWN: usize = 40;

/// One row of a list.
pub(super) struct Object<'a> {
    format: &'static str,
    /// Its number in the list, from 1.
    place: usize,
    members: &'a Map<String, Value>,
}

/// Calls `read` with each row. Rows are objects, directly, within arrays, or in an array that is the member `wrapped`
/// of an object, whose other members are then ignored.
///
/// # Errors
/// Invalid JSON, with its line; a row that is not an object; the first error of `read`.
pub(super) fn rows(
    format: &'static str,
    text: &Texts<'_>,
    wrapped: &'static str,
    mut read: impl FnMut(Object<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let text = text.open()?;
    let mut rows = Rows { format, wrapped, place: 0, meter: text.meter(), failed: None, read: &mut read };
    let mut text = Counted { text, lines: 0 };
    while !text.is_at_end()? {
        let before = text.lines;
        let value = Node(&mut rows).deserialize(&mut serde_json::Deserializer::from_reader(&mut text));
        if let Some(error) = rows.failed.take() {
            return Err(error);
        }
        value.map_err(|error| {
            let line = before + error.line();
            let what = error.to_string();
            match error.is_io() {
                true => ImportError::Read(error.into()),
                // The lines of each value are counted from its own first line.
                false => {
                    let what = what.split(" at line ").next().unwrap_or(&what);
                    super::error(format, format!("line {line}"), format!("{what} at column {}", error.column()))
                }
            }
        })?;
    }
    Ok(())
}

/// A text that counts the lines that were read.
struct Counted<'t> {
    text: TextReader<'t>,
    lines: usize,
}

impl Counted<'_> {
    /// Skips blanks; true if nothing follows them.
    fn is_at_end(&mut self) -> io::Result<bool> {
        loop {
            match self.text.fill_buf()?.first() {
                None => return Ok(true),
                Some(blank) if blank.is_ascii_whitespace() => {
                    self.lines += usize::from(*blank == b'\n');
                    self.text.consume(1);
                }
                Some(_) => return Ok(false),
            }
        }
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read(buffer)?;
        self.lines += memchr::memchr_iter(b'\n', &buffer[..count]).count();
        Ok(count)
    }
}

/// The state of a list that is being read.
struct Rows<'r> {
    format: &'static str,
    wrapped: &'static str,
    place: usize,
    meter: Meter,
    failed: Option<ImportError>,
    read: &'r mut dyn FnMut(Object<'_>) -> Result<(), ImportError>,
}

impl Rows<'_> {
    /// A row; its error ends the list.
    fn row<E: serde::de::Error>(&mut self, members: &Map<String, Value>) -> Result<(), E> {
        self.place += 1;
        self.meter.next_value();
        let object = Object { format: self.format, place: self.place, members };
        (self.read)(object).map_err(|error| self.stopped(error))
    }

    fn not_a_row<E: serde::de::Error>(&mut self, found: &Value) -> E {
        let what = format!("expected an object, found {}", shown(found));
        self.stopped(super::error(self.format, format!("row {}", self.place + 1), what))
    }

    fn stopped<E: serde::de::Error>(&mut self, error: ImportError) -> E {
        self.failed = Some(error);
        E::custom("stopped")
    }
}

/// A row, or a value that contains rows.
struct Node<'n, 'r>(&'n mut Rows<'r>);

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The error for a value that is not a row.
macro_rules! not_a_row {
    ($($name:ident: $kind:ty),*) => {
        $(fn $name<E: serde::de::Error>(self, value: $kind) -> Result<(), E> {
            Err(self.0.not_a_row(&Value::from(value)))
        })*
    };
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    not_a_row!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Err(self.0.not_a_row(&Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Node(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut members = Map::new();
        let mut held_rows = false;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == self.0.wrapped {
                let value = map.next_value_seed(Wrapped(&mut *self.0))?;
                held_rows |= value.is_none();
                members.extend(value.map(|value| (name.into_owned(), value)));
            } else {
                members.insert(name.into_owned(), map.next_value()?);
            }
        }
        if held_rows { Ok(()) } else { self.0.row(&members) }
    }
}

/// The rows of an array; any other value is returned.
struct Wrapped<'n, 'r>(&'n mut Rows<'r>);

impl<'de> DeserializeSeed<'de> for Wrapped<'_, '_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Any value that is not an array.
macro_rules! other {
    ($($name:ident: $kind:ty),*) => {
        $(fn $name<E: serde::de::Error>(self, value: $kind) -> Result<Option<Value>, E> {
            Ok(Some(Value::from(value)))
        })*
    };
}

impl<'de> Visitor<'de> for Wrapped<'_, '_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    other!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E: serde::de::Error>(self) -> Result<Option<Value>, E> {
        Ok(Some(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Option<Value>, A::Error> {
        Node(self.0).visit_seq(items)?;
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Value>, A::Error> {
        let mut members = Map::new();
        while let Some((name, value)) = map.next_entry()? {
            members.insert(name, value);
        }
        Ok(Some(Value::Object(members)))
    }
}

impl<'a> Object<'a> {
    /// A member, by its name in any case; `None` where it is absent or null.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        let exact = self.members.get(name);
        let found =
            exact.or_else(|| self.members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v));
        found.filter(|value| !value.is_null())
    }

    /// True if the member exists, null or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.keys().any(|key| key.eq_ignore_ascii_case(name))
    }

    /// A member that is an object.
    pub(super) fn object(&self, name: &str) -> Option<Self> {
        let members = self.get(name)?.as_object()?;
        Some(Self { format: self.format, place: self.place, members })
    }

    /// Every member.
    pub(super) fn members(&self) -> &'a Map<String, Value> {
        self.members
    }

    /// A member that is an array of objects; empty where it is absent or blank, as some tools write an empty array.
    ///
    /// # Errors
    /// A member of another type.
    pub(super) fn objects(&self, name: &str) -> Result<Vec<Self>, ImportError> {
        let items = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(Value::String(text)) if text.is_empty() => return Ok(Vec::new()),
            Some(value) => value.as_array(),
        };
        let wrong = || self.error(format!("{name}: expected a list of objects"));
        let object = |item: &'a Value| Some(Self { members: item.as_object()?, ..*self });
        items.ok_or_else(wrong)?.iter().map(|item| object(item).ok_or_else(wrong)).collect()
    }

    /// A text, trimmed; `None` where it is absent or blank.
    ///
    /// # Errors
    /// A member that is not text.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, ImportError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(super::rows::filled(text)),
            Some(other) => Err(self.error(format!("{name}: expected a text, found {}", shown(other)))),
        }
    }

    /// A whole number, also one that is written as text; `None` where it is absent or blank.
    ///
    /// # Errors
    /// A member that is not a whole number.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, ImportError> {
        let number = match self.get(name) {
            None => return Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(value) => value.as_i64(),
        };
        let found = self.get(name).map(shown).unwrap_or_default();
        number.map(Some).ok_or_else(|| self.error(format!("{name}: expected a whole number, found {found}")))
    }

    /// A size in bytes.
    ///
    /// # Errors
    /// A member that is not a whole number, or negative.
    pub(super) fn size(&self, name: &str) -> Result<Option<u64>, ImportError> {
        let number = self.number(name)?;
        number
            .map(|number| {
                u64::try_from(number).map_err(|_| self.error(format!("{name}: expected a size, found {number}")))
            })
            .transpose()
    }

    /// The error for this row.
    pub(super) fn error(&self, what: impl Into<String>) -> ImportError {
        super::error(self.format, format!("row {}", self.place), what)
    }
}

/// The beginning of a value as JSON.
fn shown(value: &Value) -> String {
    value.to_string().chars().take(SHOWN).collect()
}
