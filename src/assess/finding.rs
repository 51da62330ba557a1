//! Findings: one row of an article compared with one file, and the verdict on the article that follows from them.

use std::num::NonZeroU32;
use std::ops::Range;

use super::reason::Reason;
use super::verdict::{ArticleStatus, Verdict};
use crate::knowledge::Release;
use crate::{FileVersion, KbId};

/// What a finding is about: an index into the article's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A row of `fixes`.
    Row(usize),
    /// A line of `service_packs`.
    ServicePack(usize),
    /// A line of `builds`.
    Build(usize),
    /// A line of `rejected`: a row of the fix table that could not be read.
    NotRead(usize),
    /// The article as a whole: nothing in it can be judged.
    Article,
}

/// The version that a missing row requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The row's version, or that of the build which it describes.
    pub version: FileVersion,
    /// Its release line, service pack and branch.
    pub release: Release,
}

/// One row of an article compared with one file. There are many: indices take four bytes, and the evidence is not kept;
/// [`Judge::evidence`](super::Judge::evidence) makes it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    list: List,
    /// An index of that list.
    item: u32,
    entry: Option<Place>,
    waiver: Option<Place>,
    /// Why the verdict is what it is.
    pub reason: Reason,
    /// Whether the baseline has it.
    pub known: bool,
    /// The required version, if the fix is missing and the version is known.
    pub demand: Option<Box<Demand>>,
}

/// The list of an article that a subject is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Row,
    ServicePack,
    Build,
    NotRead,
    None,
}

/// An index, plus one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place(NonZeroU32);

impl Place {
    fn of(index: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(short(index)))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// An index in four bytes. A list of more items would not fit into memory.
fn short(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl Finding {
    /// A finding before the policy is applied.
    pub(super) fn new(subject: Subject, entry: Option<usize>, reason: Reason) -> Self {
        let (list, item) = match subject {
            Subject::Row(row) => (List::Row, row),
            Subject::ServicePack(line) => (List::ServicePack, line),
            Subject::Build(line) => (List::Build, line),
            Subject::NotRead(line) => (List::NotRead, line),
            Subject::Article => (List::None, 0),
        };
        Self { list, item: short(item), entry: entry.map(Place::of), waiver: None, reason, known: false, demand: None }
    }

    /// What it is about.
    pub fn subject(&self) -> Subject {
        let item = self.item as usize;
        match self.list {
            List::Row => Subject::Row(item),
            List::ServicePack => Subject::ServicePack(item),
            List::Build => Subject::Build(item),
            List::NotRead => Subject::NotRead(item),
            List::None => Subject::Article,
        }
    }

    /// The file: an index of the inventory's entries; `None` where there is no file.
    pub fn entry(&self) -> Option<usize> {
        self.entry.map(Place::index)
    }

    /// The waiver that accepts it: an index of the policy's list.
    pub fn waiver(&self) -> Option<usize> {
        self.waiver.map(Place::index)
    }

    /// Accepts it by a waiver, unless one before does.
    pub(super) fn waive(&mut self, waiver: usize) {
        self.waiver.get_or_insert(Place::of(waiver));
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        self.reason.verdict()
    }

    /// False for one that is left out where there are very many systems.
    pub(super) fn is_kept(&self) -> bool {
        self.verdict() != Verdict::NotApplicable
    }
}

impl ArticleStatus {
    /// The status of an article from its findings. A file that a later service pack brought does not show that the fix
    /// itself was installed: sxs.dll of Windows XP SP2, for which MS05-008 brings only shell32.dll.
    pub(super) fn of_findings<'f>(findings: impl Iterator<Item = &'f Finding> + Clone) -> Self {
        let status = Self::of(findings.clone().map(Finding::verdict));
        let is_installed =
            |finding: &Finding| finding.verdict() == Verdict::Fixed && finding.reason != Reason::LaterServicePack;
        if status == Self::Partial && !findings.clone().any(is_installed) { Self::Missing } else { status }
    }
}

/// A service pack that must be installed first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededPack {
    /// Its product: `Windows XP`.
    pub product: String,
    /// Its name: `3`, `6a`; `None` where the article shows only that it is a later one.
    pub pack: Option<String>,
    /// The article that brings it, if one does: the cumulative update of Exchange that a security update is for.
    pub by: Option<KbId>,
}

/// One article compared with the inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleVerdict {
    /// The article's id.
    pub id: KbId,
    /// Its index in the catalogue's articles.
    pub article: usize,
    /// The system that it is compared with: an index of the assessment's systems.
    pub system: usize,
    /// The policy names the article, so the report always includes it.
    pub named: bool,
    /// The verdict.
    pub status: ArticleStatus,
    /// The status without the findings that are waived or in the baseline: this one counts for the exit code.
    pub open: ArticleStatus,
    /// The findings, by row and file: at least one for each row; of very many systems without those that do not apply.
    pub findings: Vec<Finding>,
    /// How many of them are left out: [`Judge::whole`](super::Judge::whole) has them.
    pub left_out: usize,
    /// The service pack that must be installed before it can be, if it is missing and for a later one.
    pub needs_pack: Option<Box<NeededPack>>,
    /// The missing articles that contain everything that this one requires, newest first; empty if it is still to be installed.
    pub superseded_by: Vec<KbId>,
}

impl ArticleVerdict {
    /// How many findings it has, left out or not.
    pub fn rows(&self) -> usize {
        self.findings.len() + self.left_out
    }

    /// Leaves out the findings that do not apply: of thousands of systems they would be nine in ten.
    pub(super) fn leave_out(&mut self) {
        // A list of its own size: one that shrinks leaves a hole behind it.
        let mut kept = Vec::with_capacity(self.findings.iter().filter(|finding| finding.is_kept()).count());
        self.left_out = self.rows() - kept.capacity();
        kept.extend(self.findings.drain(..).filter(Finding::is_kept));
        self.findings = kept;
    }

    /// True for an article that names only service packs or builds, that cannot be judged because the system, its service pack or build
    /// is not known, and that nobody asked for. There are thousands of them, and none is about a file.
    pub fn lacks_profile(&self) -> bool {
        let unknown = |f: &Finding| f.reason.lacks_profile();
        !self.named
            && self.status == ArticleStatus::Unknown
            && self.findings.iter().all(|f| unknown(f) || f.verdict() == Verdict::NotApplicable)
    }
}

/// The verdicts on an article in a list that is sorted by id.
pub(super) fn of(articles: &[ArticleVerdict], id: KbId) -> &[ArticleVerdict] {
    &articles[range(articles, id)]
}

/// Where the verdicts on an article are in a list that is sorted by id.
pub(super) fn range(articles: &[ArticleVerdict], id: KbId) -> Range<usize> {
    let start = articles.partition_point(|article| article.id < id);
    start..start + articles[start..].partition_point(|article| article.id == id)
}
