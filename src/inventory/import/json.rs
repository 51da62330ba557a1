//! Rows of JSON lists: an array, one value after another, or either of them wrapped.

use serde_json::{Map, Value};

use super::ImportError;

/// The longest piece of a value that an error shows, in characters.
const SHOWN: usize = 40;

/// One row of a list.
pub(super) struct Object<'a> {
    format: &'static str,
    /// Its place in the list, from 1.
    place: usize,
    members: &'a Map<String, Value>,
}

/// Calls `read` with each row. `unwrap` tells the rows that a value wraps: an array's items are rows without it.
///
/// # Errors
/// What is not JSON, with the line; a row that is not an object; the first error of `read`.
pub(super) fn rows<T>(
    format: &'static str,
    text: &str,
    unwrap: impl Fn(&Map<String, Value>) -> Option<&Value>,
    read: impl Fn(Object<'_>) -> Result<Option<T>, ImportError>,
) -> Result<Vec<T>, ImportError> {
    let mut rows = Vec::new();
    let mut place = 0;
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let value = value.map_err(|error| super::error(format, format!("line {}", error.line()), error.to_string()))?;
        let mut open = vec![&value];
        while let Some(value) = open.pop() {
            match value {
                // The last is popped first.
                Value::Array(items) => open.extend(items.iter().rev()),
                Value::Object(members) => match unwrap(members) {
                    Some(wrapped) => open.push(wrapped),
                    None => {
                        place += 1;
                        rows.extend(read(Object { format, place, members })?);
                    }
                },
                other => {
                    let what = format!("expected an object, found {}", shown(other));
                    return Err(super::error(format, format!("row {}", place + 1), what));
                }
            }
        }
    }
    Ok(rows)
}

impl<'a> Object<'a> {
    /// A member, by its name in any case; `None` where it is absent or null.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        let exact = self.members.get(name);
        let found =
            exact.or_else(|| self.members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v));
        found.filter(|value| !value.is_null())
    }

    /// True if there is such a member, null or not.
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

    /// A member that is an array of objects; none where it is absent, or blank, as some tools write an empty one.
    ///
    /// # Errors
    /// A member that is something else.
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

    /// What is wrong with this row.
    pub(super) fn error(&self, what: impl Into<String>) -> ImportError {
        super::error(self.format, format!("row {}", self.place), what)
    }
}

/// The beginning of a value as JSON.
fn shown(value: &Value) -> String {
    value.to_string().chars().take(SHOWN).collect()
}
