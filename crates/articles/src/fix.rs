//! A row of a fix table: one corrected file. Rows are what a catalogue has most of, so what rows of one table have in common is kept
//! once for them.

use std::borrow::Cow;
use std::hash::Hash;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::clock_time::ClockTime;
use hotfixcheck_types::Machine;

/// A text of an article. Borrowed if it is part of the catalogue inside the program, so that reading it copies nothing.
pub type Text = Cow<'static, str>;

/// How an article states a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FixKind {
    /// A row under a column header.
    Table,
    /// An attribute line without a column header.
    List,
    /// A sentence.
    Prose,
    /// A file in an update package, not in an article: the note names the package and the path.
    Package,
}

/// One corrected file: its attributes, "or later". Attributes that the article does not state are `None`.
///
/// The [`SharedCells`] are read and set as if they were fields of the row:
///
/// ```
/// use hotfixcheck_articles::{Fix, FixKind};
///
/// let mut fix = Fix { size: Some(84_992), ..Fix::new(FixKind::Table, "Lamp.dll", 7) };
/// fix.section = "Windows XP".into();
/// let next = Fix { file: "Switch.dll".into(), line: 8, ..fix.clone() };
/// assert_eq!(next.section, "Windows XP");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fix {
    /// The file's name as printed.
    pub file: Text,
    /// The version as printed.
    pub version: Option<Text>,
    /// The file's date.
    pub date: Option<Date>,
    /// The file's time of day.
    pub time: Option<ClockTime>,
    /// The size in bytes; `None` if the article rounds it ("249KB").
    pub size: Option<u64>,
    /// The line of the article's text, from 1.
    pub line: u32,
    /// The other cells. A copy of the row has the same ones until one of them is set.
    pub shared: Arc<SharedCells>,
}

/// What a row usually has in common with the rows around it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SharedCells {
    /// How it is stated.
    pub kind: FixKind,
    /// The nearest heading that binds it to a product, component or release; empty if there is none.
    pub section: Text,
    /// The language of the file; `None` for English.
    pub language: Option<Text>,
    /// The platform as printed.
    pub platform: Option<Text>,
    /// The machine that the platform names.
    pub machine: Option<Machine>,
    /// The service branch as printed (`SP2QFE`, `LDR`).
    pub branch: Option<Text>,
    /// The service pack that the row demands, as printed.
    pub sp_requirement: Option<Text>,
    /// True if the article says that its dates and times are in UTC.
    pub utc: bool,
    /// A remark on how this row was read ("day-first date").
    pub note: Option<Text>,
    /// The language of the build whose date, time and size are stated, if a page of several languages says so
    /// (`English`, `Japanese`). The version applies to every language.
    pub build_language: Option<Text>,
    /// True for the 32-bit file of a 64-bit package (`SP2QFE\WOW`). `file` is its name on disk, without the W that the
    /// package puts before it.
    pub wow: bool,
}

impl SharedCells {
    /// Cells that state nothing yet.
    pub fn new(kind: FixKind) -> Self {
        Self {
            kind,
            section: Text::default(),
            language: None,
            platform: None,
            machine: None,
            branch: None,
            sp_requirement: None,
            utc: false,
            note: None,
            build_language: None,
            wow: false,
        }
    }
}

impl Fix {
    /// A file of which only the name is known, stated in this line.
    pub fn new(kind: FixKind, file: impl Into<Text>, line: u32) -> Self {
        let shared = Arc::new(SharedCells::new(kind));
        Self { file: file.into(), version: None, date: None, time: None, size: None, line, shared }
    }

    /// The row with some cells set.
    ///
    /// ```
    /// use hotfixcheck_articles::{Fix, FixKind};
    ///
    /// let fix = Fix::new(FixKind::Table, "Lamp.dll", 7).with(|cells| cells.section = "Windows XP".into());
    /// assert_eq!(fix.section, "Windows XP");
    /// ```
    #[must_use]
    pub fn with(mut self, set: impl FnOnce(&mut SharedCells)) -> Self {
        set(&mut self);
        self
    }

    /// Keeps the shared cells of another row as its own if they are equal, so that they are in memory once.
    pub fn share_with(&mut self, other: &Self) {
        if self.shared == other.shared {
            self.shared = Arc::clone(&other.shared);
        }
    }

    /// All fields of the row except its line: rows with equal statements are the same.
    pub(crate) fn statement(&self) -> impl Hash + Eq + '_ {
        let Self { file, version, date, time, size, line: _, shared } = self;
        (file, version, date, time, size, shared)
    }
}

impl Deref for Fix {
    type Target = SharedCells;

    fn deref(&self) -> &SharedCells {
        &self.shared
    }
}

impl DerefMut for Fix {
    fn deref_mut(&mut self) -> &mut SharedCells {
        Arc::make_mut(&mut self.shared)
    }
}

/// A row as it is written: every cell is a field.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Fix")]
struct Written<'a> {
    kind: FixKind,
    section: Cow<'a, str>,
    language: Option<Cow<'a, str>>,
    file: Cow<'a, str>,
    version: Option<Cow<'a, str>>,
    date: Option<Date>,
    time: Option<ClockTime>,
    size: Option<u64>,
    platform: Option<Cow<'a, str>>,
    machine: Option<Machine>,
    line: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    branch: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sp_requirement: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    utc: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    build_language: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    wow: bool,
}

impl Serialize for Fix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn cell(text: &Option<Text>) -> Option<Cow<'_, str>> {
            text.as_deref().map(Cow::Borrowed)
        }
        let written = Written {
            kind: self.kind,
            section: Cow::Borrowed(&self.section),
            language: cell(&self.language),
            file: Cow::Borrowed(&self.file),
            version: cell(&self.version),
            date: self.date,
            time: self.time,
            size: self.size,
            platform: cell(&self.platform),
            machine: self.machine,
            line: self.line,
            branch: cell(&self.branch),
            sp_requirement: cell(&self.sp_requirement),
            utc: self.utc,
            note: cell(&self.note),
            build_language: cell(&self.build_language),
            wow: self.wow,
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written: Written<'static> = Written::deserialize(deserializer)?;
        let shared = SharedCells {
            kind: written.kind,
            section: written.section,
            language: written.language,
            platform: written.platform,
            machine: written.machine,
            branch: written.branch,
            sp_requirement: written.sp_requirement,
            utc: written.utc,
            note: written.note,
            build_language: written.build_language,
            wow: written.wow,
        };
        Ok(Self {
            file: written.file,
            version: written.version,
            date: written.date,
            time: written.time,
            size: written.size,
            line: written.line,
            shared: Arc::new(shared),
        })
    }
}
