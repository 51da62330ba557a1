//! Articles, and what to install for them.

use std::borrow::{Borrow, Cow};

use jiff::civil::Date;
use rayon::prelude::*;
use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use super::findings::Findings;
use crate::KbId;
use crate::assess::ArticleStatus;
use hotfixcheck_articles::{Edition, Restart, Severity};

/// So many articles are made whole at a time, on every core.
const TOGETHER: usize = 64;

/// An article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArticleView {
    /// Its id.
    pub id: KbId,
    /// Its title.
    pub title: String,
    /// The products it applies to.
    pub products: Vec<String>,
    /// The day of its last change.
    pub last_modified: Option<Date>,
    /// The security bulletins that name it: `MS05-040`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bulletins: Vec<String>,
    /// The vulnerabilities that it corrects on the system: `CVE-2005-0058`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<String>,
    /// Those of them that only clients have, where it is not known whether the system is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves_of_clients: Vec<String>,
    /// Those of them that only servers have, where it is not known whether the system is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves_of_servers: Vec<String>,
    /// Those of them that only some releases of Windows have, where it is not known which one the system is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves_of_releases: Vec<String>,
    /// Those of `cves` that are known to be exploited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exploited: Vec<String>,
    /// The vendor's highest rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Whether the update needs a restart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart: Option<Restart>,
    /// The verdict.
    pub status: ArticleStatus,
    /// Whether it is a finding: at or above `fail_on`, not waived, and not in the baseline.
    pub fails: bool,
    /// Whether all its findings are waived.
    pub waived: bool,
    /// Whether all its findings are in the baseline; `null` without a baseline.
    pub known: Option<bool>,
    /// The path of its system, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The index of that system in the report's systems, of which there may be tens of thousands.
    #[serde(skip)]
    pub(in crate::report) system_place: Option<usize>,
    /// The product under which the report lists it; with several systems, after the path of the system.
    pub group: String,
    /// The service pack that must be installed first, if it is missing and for a later one than the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_service_pack: Option<NeededPackView>,
    /// The missing articles that contain everything that this one requires, newest first.
    pub superseded_by: Vec<KbId>,
    /// What to install; only for an article that must be installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<InstallView>,
    /// What it corrects together with the articles that it supersedes; only for an article that must be installed and
    /// supersedes some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brings_along: Option<BroughtView>,
    /// Row by row.
    pub findings: Findings,
}

/// A service pack that must be installed before a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeededPackView {
    /// Its product: `Windows XP`.
    pub product: String,
    /// `3`, `6a`; `null` where it is only known to be a later one.
    pub service_pack: Option<String>,
}

/// What an article corrects together with the missing ones that it supersedes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BroughtView {
    /// The articles that it supersedes, newest first.
    pub articles: Vec<KbId>,
    /// The vulnerabilities that it and they correct on the system.
    pub cves: Vec<String>,
    /// Those of them that only clients have, where it is not known whether the system is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves_of_clients: Vec<String>,
    /// Those of them that only servers have, where it is not known whether the system is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves_of_servers: Vec<String>,
    /// Those of them that only some releases of Windows have, where it is not known which one the system is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves_of_releases: Vec<String>,
    /// Those of `cves` that are known to be exploited.
    pub exploited: Vec<String>,
    /// The highest rating of all of them.
    pub severity: Option<Severity>,
}

impl ArticleView {
    /// The vulnerabilities that its installation corrects: its own, and those of the articles that it supersedes.
    pub(in crate::report) fn all_cves(&self) -> &[String] {
        self.brings_along.as_ref().map_or(&self.cves, |all| &all.cves)
    }

    /// Those of [`all_cves`](Self::all_cves) that only some releases of Windows have, where the system's is not known.
    pub(in crate::report) fn all_cves_of_releases(&self) -> &[String] {
        self.brings_along.as_ref().map_or(&self.cves_of_releases, |all| &all.cves_of_releases)
    }

    /// Those of [`all_cves`](Self::all_cves) that only this edition of Windows has, where the system's is not known.
    pub(in crate::report) fn all_cves_of(&self, edition: Edition) -> &[String] {
        let all = self.brings_along.as_ref();
        match edition {
            Edition::Client => all.map_or(&self.cves_of_clients, |all| &all.cves_of_clients),
            Edition::Server => all.map_or(&self.cves_of_servers, |all| &all.cves_of_servers),
        }
    }

    /// Those of [`all_cves`](Self::all_cves) that are known to be exploited.
    pub(in crate::report) fn all_exploited(&self) -> &[String] {
        self.brings_along.as_ref().map_or(&self.exploited, |all| &all.exploited)
    }

    /// The highest rating of it and of the articles that it supersedes.
    pub(in crate::report) fn top_severity(&self) -> Option<Severity> {
        self.brings_along.as_ref().map_or(self.severity, |all| all.severity)
    }
}

/// The packages of an update, and links to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstallView {
    /// The file names of its packages, those for the system and its processor first; empty if none is known.
    pub packages: Vec<String>,
    /// The packages for other languages, if none is for the language of the files; setup refuses them here. They show
    /// the name of the right package, except for the language.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_languages: Vec<OtherPackage>,
    /// The packages for other processors, if none is for that of the system and its files; setup refuses them here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_processors: Vec<String>,
    /// The vendor's page of the article.
    pub article: String,
    /// The search of the vendor's update catalogue for it.
    pub catalogue: String,
}

/// A package for another language than that of the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherPackage {
    /// Its file name.
    pub file: String,
    /// Its language, as in its name: `JPN`.
    pub language: String,
}

impl ArticleView {
    /// The article with all of its findings.
    pub(in crate::report) fn whole(&self) -> Cow<'_, Self> {
        match self.findings.all() {
            Cow::Borrowed(_) => Cow::Borrowed(self),
            Cow::Owned(all) => {
                let held = self.clone();
                Cow::Owned(Self { findings: all.into(), ..held })
            }
        }
    }
}

/// The articles with all of their findings, a few at a time.
pub(in crate::report) fn whole<A: Borrow<ArticleView> + Sync>(
    articles: &[A],
) -> impl Iterator<Item = Cow<'_, ArticleView>> {
    articles.chunks(TOGETHER).flat_map(|some| {
        some.par_iter().map(|article: &A| Borrow::<ArticleView>::borrow(article).whole()).collect::<Vec<_>>()
    })
}

/// The articles as a list, as [`whole`] gives them.
pub(in crate::report) struct InTurn<'v>(pub &'v [ArticleView]);

impl Serialize for InTurn<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        whole(self.0).try_for_each(|article| list.serialize_element(&*article))?;
        list.end()
    }
}
