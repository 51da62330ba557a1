//! A table of a configuration file, read key by key; every error has a line number.

use std::ops::Range;

use crate::cli::args::day;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// An error in a configuration file, with its position.
#[derive(Debug, thiserror::Error)]
#[error("cannot read configuration '{file}': line {line}: {what}")]
pub(crate) struct ConfigError {
    /// The file, as found or given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The problem, and what to write instead.
    pub what: String,
}

/// The file: its name and text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// The name, as found or given.
    pub file: &'a str,
    /// The positions of its line ends.
    pub ends: &'a [usize],
}

/// The positions of a text's line ends. Each section needs its line number: counting lines every time would take a
/// minute for 20,000 waivers.
pub(super) fn line_ends(text: &str) -> Vec<usize> {
    text.match_indices('\n').map(|(place, _)| place).collect()
}

impl Source<'_> {
    /// The line of a position in the text, from 1.
    pub(super) fn line(&self, place: usize) -> usize {
        self.ends.partition_point(|&end| end < place) + 1
    }

    /// An error at a position.
    pub(super) fn error(&self, span: Option<Range<usize>>, what: impl Into<String>) -> ConfigError {
        let line = self.line(span.map_or(0, |span| span.start));
        ConfigError { file: self.file.to_owned(), line, what: what.into() }
    }
}

/// A table with its position.
#[derive(Clone, Debug)]
pub(super) struct Section<'a> {
    source: Source<'a>,
    /// `[[waiver]]`; empty for the file itself.
    name: &'static str,
    span: Range<usize>,
    table: &'a DeTable<'a>,
}

/// A value with its position.
#[derive(Clone, Debug)]
pub(super) struct Value<T> {
    /// The value.
    pub value: T,
    /// Its position.
    pub span: Range<usize>,
}

impl<'a> Section<'a> {
    /// A table that may have only these keys.
    ///
    /// # Errors
    /// Another key; the nearest known one is suggested.
    pub(super) fn new(
        source: Source<'a>,
        name: &'static str,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        keys: &[&'static str],
    ) -> Result<Self, ConfigError> {
        let unknown = table.iter().find(|(key, _)| !keys.contains(&key.get_ref().as_ref()));
        if let Some((key, _)) = unknown {
            let place = if name.is_empty() { String::new() } else { format!(" in {name}") };
            let what = match nearest(key.get_ref(), keys) {
                Some(known) => format!("unknown key '{}'{place}; did you mean '{known}'?", key.get_ref()),
                None => format!("unknown key '{}'{place}; use one of: {}", key.get_ref(), keys.join(", ")),
            };
            return Err(source.error(Some(key.span()), what));
        }
        Ok(Self { source, name, span, table })
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.iter().find(|(known, _)| known.get_ref() == key).map(|(_, value)| value)
    }

    /// The position of the table: `hotfixcheck.toml:12`.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.source.file, self.source.line(self.span.start))
    }

    /// An error at a value.
    pub(super) fn error(&self, span: &Range<usize>, what: impl Into<String>) -> ConfigError {
        self.source.error(Some(span.clone()), what)
    }

    /// Checks that a required key has a value.
    ///
    /// # Errors
    /// The key is missing.
    pub(super) fn demand<T>(&self, key: &str, value: Option<T>) -> Result<T, ConfigError> {
        value.ok_or_else(|| self.error(&self.span, format!("{}: key '{key}' is missing", self.name)))
    }

    /// A value of one type, which `what` describes in the error.
    fn read<T>(
        &self,
        key: &str,
        what: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Result<Option<Value<T>>, ConfigError> {
        let Some(found) = self.get(key) else { return Ok(None) };
        match read(found.get_ref()) {
            Some(value) => Ok(Some(Value { value, span: found.span() })),
            None => Err(self.error(&found.span(), format!("'{key}' must be {what}"))),
        }
    }

    /// A text that is not empty.
    pub(super) fn text(&self, key: &str) -> Result<Option<Value<String>>, ConfigError> {
        self.read(key, "a text that is not empty", |value| text(value))
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        Ok(self.read(key, "true or false", DeValue::as_bool)?.map(|flag| flag.value))
    }

    /// A text or a whole number, as text.
    pub(super) fn id(&self, key: &str) -> Result<Option<Value<String>>, ConfigError> {
        self.read(key, "an article's id, as in \"Q265433\"", |value| {
            text(value).or_else(|| value.as_integer().map(|number| number.as_str().to_owned()))
        })
    }

    /// A date, as a TOML date or as text.
    pub(super) fn day(&self, key: &str) -> Result<Option<Value<jiff::civil::Date>>, ConfigError> {
        self.read(key, "a date, as in 2027-01-31", |value| match value {
            DeValue::Datetime(written) if written.time.is_none() && written.offset.is_none() => {
                day(&written.to_string()).ok()
            }
            DeValue::String(text) => day(text).ok(),
            _ => None,
        })
    }

    /// A list of texts; empty where the key is absent.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<Value<String>>, ConfigError> {
        let Some(found) = self.get(key) else { return Ok(Vec::new()) };
        let what = || format!("'{key}' must be a list of texts, as in {key} = [\"WINNT\"]");
        let list = found.get_ref().as_array().ok_or_else(|| self.error(&found.span(), what()))?;
        let one = |item: &'a Spanned<DeValue<'a>>| match text(item.get_ref()) {
            Some(value) => Ok(Value { value, span: item.span() }),
            None => Err(self.error(&item.span(), what())),
        };
        list.iter().map(one).collect()
    }

    /// The only table of this key, or the tables of its list; none where the key is absent.
    pub(super) fn one_or_more(
        &self,
        key: &str,
        name: &'static str,
        keys: &[&'static str],
    ) -> Result<Vec<Self>, ConfigError> {
        match self.get(key).map(|found| (found.get_ref().as_table(), found.span())) {
            Some((Some(table), span)) => Ok(vec![Self::new(self.source, name, table, span, keys)?]),
            _ => self.sections(key, name, keys),
        }
    }

    /// The tables of a list; none where the key is absent.
    pub(super) fn sections(
        &self,
        key: &str,
        name: &'static str,
        keys: &[&'static str],
    ) -> Result<Vec<Self>, ConfigError> {
        let what = format!("tables that begin with {name}");
        let Some(list) = self.read(key, &what, DeValue::as_array)? else { return Ok(Vec::new()) };
        let one = |item: &'a Spanned<DeValue<'a>>| match item.get_ref().as_table() {
            Some(table) => Self::new(self.source, name, table, item.span(), keys),
            None => Err(self.error(&item.span(), format!("'{key}' must be {what}"))),
        };
        list.value.iter().map(one).collect()
    }
}

fn text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The known word that is most similar to this one, if any is similar.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    /// Words that are less similar are not suggested.
    const ALIKE: f64 = 0.7;
    let alike = known.iter().map(|other| (strsim::jaro_winkler(word, other), *other));
    alike.filter(|(score, _)| *score > ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, other)| other)
}
