//! Rows held against files. Of the findings of an article those that apply are held; of many systems the others are made again
//! where a format shows them.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::file::FileView;
use super::named::name;
use super::policy::WaiverView;
use crate::assess::{Reason, Rule, Verdict, VersionSource};
use crate::{FileVersion, Machine};
use hotfixcheck_articles::{ClockTime, FixKind};

/// Makes all findings of an article.
type Make = Arc<dyn Fn() -> Vec<FindingView> + Send + Sync>;

/// The findings of an article, by row and file. As a slice those that are held: all of them, or where a report has very many
/// those that apply (all of an article that does not).
#[derive(Clone)]
pub struct Findings {
    held: Vec<FindingView>,
    /// Where those that are held are not all: how many there are, and what makes them.
    whole: Option<(usize, Make)>,
}

impl Findings {
    /// Holds those that apply: `make` gives all of them, of which there are `count`.
    pub(in crate::report) fn applying(
        held: Vec<FindingView>,
        count: usize,
        make: impl Fn() -> Vec<FindingView> + Send + Sync + 'static,
    ) -> Self {
        let is_all = held.len() == count;
        Self { held, whole: (!is_all).then(|| (count, Arc::new(make) as Make)) }
    }

    /// All of them.
    pub fn all(&self) -> Cow<'_, [FindingView]> {
        match &self.whole {
            None => Cow::Borrowed(&self.held),
            Some((_, make)) => Cow::Owned(make()),
        }
    }

    /// How many there are, held or not.
    pub fn count(&self) -> usize {
        self.whole.as_ref().map_or(self.held.len(), |(count, _)| *count)
    }
}

impl From<Vec<FindingView>> for Findings {
    fn from(held: Vec<FindingView>) -> Self {
        Self { held, whole: None }
    }
}

impl Deref for Findings {
    type Target = [FindingView];

    fn deref(&self) -> &[FindingView] {
        &self.held
    }
}

impl<'f> IntoIterator for &'f Findings {
    type Item = &'f FindingView;
    type IntoIter = std::slice::Iter<'f, FindingView>;

    fn into_iter(self) -> Self::IntoIter {
        self.held.iter()
    }
}

impl PartialEq for Findings {
    fn eq(&self, other: &Self) -> bool {
        self.all() == other.all()
    }
}

impl Eq for Findings {}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.all(), f)
    }
}

impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all().serialize(serializer)
    }
}

/// A row held against a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingView {
    /// What makes it the same finding in the next run, on another machine, in another folder.
    pub fingerprint: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason's stable code.
    #[serde(serialize_with = "name")]
    pub reason: Reason,
    /// The rule that decided.
    #[serde(serialize_with = "name")]
    pub rule: Rule,
    /// The reason in a sentence.
    pub description: &'static str,
    /// What was compared, in one line.
    pub evidence: String,
    /// The versions that were compared.
    pub compared: Option<Compared>,
    /// The release line, service pack and branch of the file.
    pub release: Option<String>,
    /// What the article demands.
    pub required: RequiredView,
    /// The file.
    pub file: Option<FileView>,
    /// The waiver that accepts it.
    pub waiver: Option<WaiverView>,
    /// Whether the baseline knows it; `null` without one, and for what is fixed or not applicable.
    pub known: Option<bool>,
}

/// Two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The file's.
    pub found: FileVersion,
    /// `fixed version` or `version string`.
    #[serde(serialize_with = "name")]
    pub source: VersionSource,
    /// The key of the string table, if the version string was compared.
    pub table: Option<String>,
    /// The article's.
    pub required: FileVersion,
}

/// What an article demands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum RequiredView {
    /// A file with these attributes or later: the row as the article states it.
    File(Box<FixView>),
    /// A service pack.
    ServicePack {
        /// The product.
        product: String,
        /// `4`, `6a`, `latest`.
        service_pack: String,
    },
    /// A build of a product.
    Build {
        /// The product: `Windows 10 22H2`.
        product: String,
        /// The build, or the version of the file: `19045.3930`.
        version: String,
        /// The file that tells it; `null` for the system itself.
        file: Option<String>,
    },
}

/// A row of an article: see [`hotfixcheck_articles::Fix`] for the fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct FixView {
    pub kind: FixKind,
    pub line: u32,
    pub section: String,
    pub language: Option<String>,
    pub file: String,
    pub version: Option<String>,
    pub date: Option<Date>,
    pub time: Option<ClockTime>,
    pub utc: bool,
    pub size: Option<u64>,
    pub platform: Option<String>,
    pub machine: Option<Machine>,
    pub branch: Option<String>,
    pub service_pack: Option<String>,
    pub note: Option<String>,
}
