//! What an assessment says.

use serde::{Deserialize, Serialize};

use super::{Outcome, Profile, Reason, RequiredFix, WaiverState};
use crate::knowledge::Release;
use crate::{FileVersion, KbId};

/// The answer for one row of an article and one file, strongest claim of a gap last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The row does not speak of this file or system.
    NotApplicable,
    /// The file has what the row demands.
    Fixed,
    /// The file probably has it.
    LikelyFixed,
    /// It cannot be told.
    Unknown,
    /// The file probably lacks it.
    LikelyMissing,
    /// The file lacks it.
    Missing,
}

/// The answer for a whole article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArticleStatus {
    /// No row speaks of the files that are there.
    NotApplicable,
    /// At least one row is fixed, none is missing or unknown.
    Fixed,
    /// As fixed, with at least one row that is only likely.
    LikelyFixed,
    /// It cannot be told.
    Unknown,
    /// No row is missing, at least one probably is.
    LikelyMissing,
    /// Some rows are fixed, some missing: half-installed.
    Partial,
    /// At least one row is missing, none is fixed.
    Missing,
}

impl Verdict {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Fixed => "fixed",
            Self::LikelyFixed => "likely-fixed",
            Self::Unknown => "unknown",
            Self::LikelyMissing => "likely-missing",
            Self::Missing => "missing",
        }
    }
}

impl ArticleStatus {
    /// Every status, worst first.
    pub const ALL: [Self; 7] = [
        Self::Missing,
        Self::Partial,
        Self::LikelyMissing,
        Self::Unknown,
        Self::LikelyFixed,
        Self::Fixed,
        Self::NotApplicable,
    ];

    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Fixed => "fixed",
            Self::LikelyFixed => "likely-fixed",
            Self::Unknown => "unknown",
            Self::LikelyMissing => "likely-missing",
            Self::Partial => "partial",
            Self::Missing => "missing",
        }
    }

    /// The status of an article from the verdicts of its rows.
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let (mut missing, mut likely_missing, mut unknown, mut likely_fixed, mut fixed) = Default::default();
        for verdict in verdicts {
            match verdict {
                Verdict::Missing => missing = true,
                Verdict::LikelyMissing => likely_missing = true,
                Verdict::Unknown => unknown = true,
                Verdict::LikelyFixed => likely_fixed = true,
                Verdict::Fixed => fixed = true,
                Verdict::NotApplicable => {}
            }
        }
        match () {
            () if missing && fixed => Self::Partial,
            () if missing => Self::Missing,
            () if likely_missing => Self::LikelyMissing,
            () if unknown => Self::Unknown,
            () if likely_fixed => Self::LikelyFixed,
            () if fixed => Self::Fixed,
            () => Self::NotApplicable,
        }
    }
}

/// What a finding speaks of: the place in the article's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A row of `fixes`.
    Row(usize),
    /// A line of `service_packs`.
    ServicePack(usize),
}

/// The version that a missing row asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The row's version, or that of the build which it describes.
    pub version: FileVersion,
    /// Where it belongs.
    pub release: Release,
}

/// One row of an article held against one file. There are many: what was compared is not kept,
/// [`Judge::evidence`](super::Judge::evidence) says it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The row.
    pub subject: Subject,
    /// The file: the place in the inventory's entries; `None` where no file was looked at.
    pub entry: Option<usize>,
    /// Why the verdict is what it is.
    pub reason: Reason,
    /// What it asks for, where that is missing and was told by a version.
    pub demand: Option<Box<Demand>>,
    /// The waiver that accepts it: the place in the policy's list.
    pub waiver: Option<usize>,
    /// Whether the baseline knows it.
    pub known: bool,
}

impl Finding {
    /// A finding that no policy has marked.
    pub(super) fn new(subject: Subject, entry: Option<usize>, reason: Reason) -> Self {
        Self { subject, entry, reason, demand: None, waiver: None, known: false }
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        self.reason.verdict()
    }
}

/// One article held against the inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleVerdict {
    /// The article's id.
    pub id: KbId,
    /// Its place in the catalogue's articles.
    pub article: usize,
    /// The verdict.
    pub status: ArticleStatus,
    /// The status that is left without the findings that are waived or known from the baseline: this one can fail.
    pub open: ArticleStatus,
    /// The findings, by row and file: at least one for each row.
    pub findings: Vec<Finding>,
    /// The missing articles that bring all that this one asks for, newest first; empty where it is still to be installed.
    pub superseded_by: Vec<KbId>,
}

impl ArticleVerdict {
    /// True for an article that names only service packs and cannot be judged, because the system's or the product's is not
    /// known: there are thousands, and none says anything of the files.
    pub fn lacks_profile(&self) -> bool {
        let unknown = |f: &Finding| matches!(f.reason, Reason::NoProfile | Reason::ProductUnknown);
        self.status == ArticleStatus::Unknown
            && self.findings.iter().all(|f| unknown(f) || f.verdict() == Verdict::NotApplicable)
    }
}

/// How many articles have each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([usize; ArticleStatus::ALL.len()]);

impl Counts {
    /// Counts the statuses.
    pub fn of(statuses: impl IntoIterator<Item = ArticleStatus>) -> Self {
        let mut counts = Self::default();
        statuses.into_iter().for_each(|status| counts.0[status as usize] += 1);
        counts
    }

    /// The number of articles with this status.
    pub fn get(&self, status: ArticleStatus) -> usize {
        self.0[status as usize]
    }
}

/// Something below a root that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A file or folder that could not be looked at: the place in the inventory's problems.
    Problem(usize),
    /// A part of a registry: the places in the inventory's systems and in the system's problems.
    Registry(usize, usize),
    /// A file that could not be read as what an article says it is: the place in the inventory's entries.
    Entry(usize),
}

/// The answer for a whole inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The articles, by id.
    pub articles: Vec<ArticleVerdict>,
    /// How many have each status.
    pub counts: Counts,
    /// How many of `Unknown` are articles that name only a service pack, while the system's or the product's is not known.
    pub lacking_profile: usize,
    /// The system that the files come from, as far as it is known.
    pub profile: Option<Profile>,
    /// How many files were read as Windows binaries.
    pub binaries_read: usize,
    /// What became of the policy's waivers, in its order.
    pub waivers: Vec<WaiverState>,
    /// The required fixes, in the policy's order.
    pub required: Vec<RequiredFix>,
    /// What could not be read, problems first.
    pub unreadable: Vec<Unreadable>,
    /// How many files an inventory does not tell enough of for some row.
    pub untold: usize,
    /// True if the answer is not the whole answer, because something could not be read.
    pub incomplete: bool,
    /// What it comes to: the exit code.
    pub outcome: Outcome,
}
