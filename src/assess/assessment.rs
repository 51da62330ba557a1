//! The answer for a whole inventory: counts, what could not be read, and the exit code.

use super::finding::{self, ArticleVerdict};
use super::many::ManyCopies;
use super::open_updates::OpenUpdate;
use super::profile::{JudgedSystem, Profile};
use super::reason::Reason;
use super::required::RequiredFix;
use super::verdict::ArticleStatus;
use super::waiver::WaiverState;
use crate::KbId;

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

    /// Adds articles of this status.
    pub(super) fn add(&mut self, status: ArticleStatus, count: usize) {
        self.0[status as usize] += count;
    }

    /// The number of articles with this status.
    pub fn get(&self, status: ArticleStatus) -> usize {
        self.0[status as usize]
    }
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// A file or folder that could not be opened: index of the inventory's problem.
    Problem(usize),
    /// A part of a registry: index of the system, index of its problem.
    Registry(usize, usize),
    /// A file that an article is about: index of the inventory's entry.
    Entry(usize),
    /// Files of one name that are not judged because one system has too many different ones. The fields are the first
    /// of them, an index of the inventory's entries; their number; and the number of files of this name that are
    /// judged.
    Copies {
        /// The first of them.
        entry: usize,
        /// How many they are.
        count: usize,
        /// How many others are judged.
        judged: usize,
    },
}

/// The answer for a whole inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The articles, by id and system. An article that applies to none of several systems is listed once.
    pub articles: Vec<ArticleVerdict>,
    /// The systems of the inventory; one where it could not be divided.
    pub systems: Vec<JudgedSystem>,
    /// How many have each status.
    pub counts: Counts,
    /// How many of `Unknown` name only a service pack, while the service pack of the system or product is not known.
    pub lacking_profile: usize,
    /// The system that the files come from, if there is one and it is known.
    pub profile: Option<Profile>,
    /// How many articles name only a service pack and could not be judged, by reason.
    pub not_judged: Vec<(Reason, usize)>,
    /// Security updates for the systems that are not judged, because neither a file nor a build of them is known: by system,
    /// newest first.
    pub open_updates: Vec<OpenUpdate>,
    /// How many files were read as Windows binaries.
    pub binaries_read: usize,
    /// The results of the policy's waivers, in its order.
    pub waivers: Vec<WaiverState>,
    /// The required fixes, in the policy's order.
    pub required: Vec<RequiredFix>,
    /// The files of which not every copy is judged, by system and name.
    pub many_copies: Vec<ManyCopies>,
    /// What could not be read, problems first.
    pub unreadable: Vec<Unreadable>,
    /// How many files some row could not judge because the inventory does not record enough about them.
    pub unstated: usize,
    /// True if something could not be read, so that the answer is not complete.
    pub incomplete: bool,
    /// How many articles would be findings but have no rating, while the policy asks for ratings. The counts do not
    /// include them.
    pub unrated: usize,
    /// The result that gives the exit code.
    pub outcome: Outcome,
}

/// The result of a run, which gives the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was judged and nothing was found.
    Clean,
    /// At least one article is a finding.
    Findings,
    /// No findings among the articles that were asked for, but something could not be read, or fixes are missing that
    /// have no rating while the policy asks for ratings.
    Incomplete,
    /// Nothing to judge: no Windows binary that the catalogue knows was found, or only copies that do not run.
    NothingRecognised,
}

impl Outcome {
    /// The exit code; 2 belongs to runs that end without an assessment.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Incomplete => 3,
            Self::NothingRecognised => 4,
        }
    }

    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Incomplete => "incomplete",
            Self::NothingRecognised => "nothing-recognised",
        }
    }
}

impl Assessment {
    /// The verdicts on an article, by system.
    pub fn of(&self, id: KbId) -> &[ArticleVerdict] {
        finding::of(&self.articles, id)
    }

    /// The verdict on an article on a system.
    pub fn on(&self, id: KbId, system: usize) -> Option<&ArticleVerdict> {
        let verdicts = self.of(id);
        verdicts.get(verdicts.binary_search_by_key(&system, |verdict| verdict.system).ok()?)
    }
}
