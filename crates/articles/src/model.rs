//! What an article says, as facts.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use hotfixcheck_types::{KbId, Machine};

/// A text of an article: borrowed where it stands in the catalogue that ships with the program, so that reading it copies
/// nothing.
pub type Text = Cow<'static, str>;

/// One article: the facts that its text states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The article's id.
    pub id: KbId,
    /// Its title, without the id.
    pub title: Text,
    /// The products it applies to, normalised (`Windows NT Server 4.0`), in the article's order.
    pub products: Vec<Text>,
    /// The day it was last changed.
    pub last_modified: Option<Date>,
    /// Its keywords (`kbWinNT400sp4fix`), in the article's order.
    pub keywords: Vec<String>,
    /// The files that correct the problem.
    pub fixes: Vec<Fix>,
    /// The service packs that correct the problem.
    pub service_packs: Vec<ServicePack>,
    /// Lines inside a recognised table or list that could not be read.
    pub rejected: Vec<Rejected>,
}

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
    /// No article: a file in an update package, whose name and place the note tells.
    Package,
}

/// One corrected file: the attributes that it has "or later". What the article does not state is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// How it is stated.
    pub kind: FixKind,
    /// The nearest heading that binds it to a product, component or release; empty if there is none.
    pub section: Text,
    /// The language of the file; `None` for English.
    pub language: Option<Text>,
    /// The file's name as printed.
    pub file: Text,
    /// The version as printed.
    pub version: Option<Text>,
    /// The file's date.
    pub date: Option<Date>,
    /// The file's time of day, 24-hour `HH:MM`.
    pub time: Option<Text>,
    /// The size in bytes; `None` where the article rounds ("249KB").
    pub size: Option<u64>,
    /// The platform as printed.
    pub platform: Option<Text>,
    /// The machine that the platform names.
    pub machine: Option<Machine>,
    /// The line of the article's text, from 1.
    pub line: u32,
    /// The service branch as printed (`SP2QFE`, `LDR`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<Text>,
    /// The service pack that the row demands, as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sp_requirement: Option<Text>,
    /// True where the article says that dates and times are in UTC.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub utc: bool,
    /// What a reader should know of this row's reading ("day-first date").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// A service pack that corrects the problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ServicePack {
    /// The product, normalised: `Windows NT 4.0`.
    pub product: Text,
    /// `4`, `6a`, or `latest`.
    pub sp: Text,
}

/// A line that stands where a fix was expected and could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// The line of the article's text, from 1.
    pub line: u32,
    /// The line, trimmed and cut to [`Rejected::MAX_TEXT`] characters.
    pub text: String,
    /// Why it could not be read.
    pub reason: String,
}

impl Rejected {
    /// The most characters of a rejected line that are kept.
    pub const MAX_TEXT: usize = 200;
}
