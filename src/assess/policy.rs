//! The user's settings: which articles to judge, and what counts as a finding.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline::{Baseline, plain};
use super::finding::ArticleVerdict;
use super::profile::Profile;
use super::verdict::ArticleStatus;
use super::waiver::Waivers;
use crate::KbId;
use hotfixcheck_articles::Severity;

/// What to judge, and what counts as a finding.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Only these articles; all where `None`.
    pub only: Option<BTreeSet<KbId>>,
    /// For those of them that the user asked for by vulnerabilities alone, which ones: an update for clients and servers does
    /// not concern a client if only servers have them.
    pub for_cves: BTreeMap<KbId, Vec<String>>,
    /// Only articles of this rating or a higher one, and those that are required; all where `None`. Missing fixes
    /// without a rating are counted separately, because they may be as severe; if there are no other findings, they
    /// make the outcome incomplete.
    pub severity: Option<Severity>,
    /// The system that the files come from, if the user names it; otherwise it is read from the registry or the kernel
    /// files.
    pub profile: Option<Profile>,
    /// The same for single trees or systems: their path, as reports write it.
    pub profiles: Vec<(String, Profile)>,
    /// The names by which the user named these systems, by their path; an empty path is for all. `Windows Server 2025` says
    /// which of two products of one build it is, which a profile does not.
    pub given_names: Vec<(String, String)>,
    /// The verdict from which on an article is a finding.
    pub fail_on: FailOn,
    /// Findings that are accepted until a day.
    pub waivers: Waivers,
    /// The fixes that must be installed, each once; `None` where none is required.
    pub required: Option<Vec<KbId>>,
    /// Those of them that a bulletin or vulnerability stands for, together: if one of them applies, those that do not are not
    /// required.
    pub required_together: Vec<Vec<KbId>>,
    /// An earlier report: a finding in it is not new.
    pub baseline: Option<Baseline>,
}

impl Policy {
    /// True if the article is to be judged.
    pub fn asks_for(&self, article: KbId) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&article))
    }

    /// True if the policy names the article itself.
    pub(super) fn names(&self, article: KbId) -> bool {
        self.only.as_ref().is_some_and(|only| only.contains(&article)) || self.requires(article)
    }

    /// True if an article of this rating is to be judged.
    pub fn asks_for_rating(&self, severity: Option<Severity>) -> bool {
        self.severity.is_none_or(|lowest| severity.is_some_and(|severity| severity >= lowest))
    }

    /// True if the policy requires the article.
    pub(super) fn requires(&self, article: KbId) -> bool {
        self.required.as_ref().is_some_and(|required| required.contains(&article))
    }

    /// The user's setting for the system at these paths; the longest setting that contains one of them decides.
    pub(super) fn profile_of(&self, paths: &[String]) -> Option<&Profile> {
        nearest(&self.profiles, paths).or(self.profile.as_ref())
    }

    /// The name that the user gave to the system at these paths.
    pub(super) fn name_of(&self, paths: &[String]) -> Option<String> {
        let all = self.given_names.iter().find(|(folder, _)| folder.is_empty()).map(|(_, name)| name);
        let of = |(folder, name): &'_ (String, String)| (!folder.is_empty()).then(|| (folder.clone(), name.clone()));
        let single: Vec<(String, String)> = self.given_names.iter().filter_map(of).collect();
        nearest(&single, paths).or(all).cloned()
    }
}

/// Of settings by path the one whose path is the longest that contains one of these.
fn nearest<'s, T>(settings: &'s [(String, T)], paths: &[String]) -> Option<&'s T> {
    let own = settings.iter().filter(|(folder, _)| paths.iter().any(|path| is_at(path, folder)));
    own.max_by_key(|(folder, _)| plain(folder).len()).map(|(_, setting)| setting)
}

/// True if a system's path is this folder, or is in it.
pub(super) fn is_at(path: &str, folder: &str) -> bool {
    let (folder, path) = (plain(folder), plain(path));
    path == folder || path.strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/') || folder.is_empty())
}

/// From which verdict on an article counts for the exit code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailOn {
    /// Never.
    Never,
    /// Missing and half-installed fixes.
    #[default]
    Missing,
    /// Also those that are probably missing.
    LikelyMissing,
    /// Also those that are unknown.
    Unknown,
}

impl FailOn {
    /// The name used on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Missing => "missing",
            Self::LikelyMissing => "likely-missing",
            Self::Unknown => "unknown",
        }
    }

    /// True if an article counts for the exit code: not waived, not in the baseline, and not unknown only because the
    /// system is not known.
    pub fn fails(self, article: &ArticleVerdict) -> bool {
        match article.open {
            ArticleStatus::Missing | ArticleStatus::Partial => self >= Self::Missing,
            ArticleStatus::LikelyMissing => self >= Self::LikelyMissing,
            ArticleStatus::Unknown => self >= Self::Unknown && !article.lacks_profile(),
            _ => false,
        }
    }
}
