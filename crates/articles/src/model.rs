//! The facts that an article states: the types that [`parse`](crate::parse) fills and the catalogue stores.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::fix::{Fix, Text};
use hotfixcheck_types::{Edition, KbId, Machine, Restart, Severity};

/// One article: the facts that its text states. A security bulletin gives an article for each update that it names.
///
/// Create one with [`Article::new`] and set the known fields, so that a new field breaks no code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The article's id.
    pub id: KbId,
    /// Its title, without the id.
    pub title: Text,
    /// The products it applies to, normalised (`Windows NT Server 4.0`), in the article's order.
    pub products: Vec<Text>,
    /// The day of its last change.
    pub last_modified: Option<Date>,
    /// Its keywords (`kbWinNT400sp4fix`), in the article's order.
    pub keywords: Vec<String>,
    /// The files that correct the problem.
    pub fixes: Vec<Fix>,
    /// The service packs that correct the problem.
    pub service_packs: Vec<ServicePack>,
    /// Lines inside a recognised table or list that could not be read.
    pub rejected: Vec<Rejected>,
    /// The security bulletins that name this update: `MS05-040`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bulletins: Vec<Text>,
    /// The vulnerabilities that it corrects: `CVE-2005-0058`, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<Text>,
    /// Those of [`cves`](Self::cves) that are known to be exploited, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exploited: Vec<Text>,
    /// The vendor's highest rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What is of clients or of servers of Windows alone, where the update is for both: at most one of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<EditionFacts>,
    /// What is of some releases of Windows alone. Together they name every release that the vendor names for the update; none
    /// where the vendor names no release of Windows 10 or later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<ReleaseFacts>,
    /// Whether the update needs a restart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart: Option<Restart>,
    /// The security bulletins that it replaces, on at least one system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced_bulletins: Vec<Text>,
    /// The articles whose updates it replaces, on at least one system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced_articles: Vec<KbId>,
    /// The packages that bring the update.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<PackageFile>,
    /// The builds of products that have the fix.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub builds: Vec<Build>,
    /// The articles about problems that a service pack corrects, if this one is a list of them. A catalogue does not keep
    /// them: see [`numbered_by_lists`](crate::numbered_by_lists).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<ListedPack>,
}

impl Article {
    /// An article that states nothing yet.
    pub fn new(id: KbId, title: impl Into<Text>) -> Self {
        Self {
            id,
            title: title.into(),
            products: Vec::new(),
            last_modified: None,
            keywords: Vec::new(),
            fixes: Vec::new(),
            service_packs: Vec::new(),
            rejected: Vec::new(),
            bulletins: Vec::new(),
            cves: Vec::new(),
            exploited: Vec::new(),
            severity: None,
            editions: Vec::new(),
            releases: Vec::new(),
            restart: None,
            replaced_bulletins: Vec::new(),
            replaced_articles: Vec::new(),
            packages: Vec::new(),
            builds: Vec::new(),
            lists: Vec::new(),
        }
    }

    /// True if the article states what corrects the problem: a file, a service pack or a build.
    pub fn states_fix(&self) -> bool {
        !self.fixes.is_empty() || !self.service_packs.is_empty() || !self.builds.is_empty()
    }

    /// True for a security bulletin's statement about an update. An article about a bulletin only names it in its
    /// title.
    pub fn is_of_bulletin(&self) -> bool {
        let more =
            self.severity.is_some() || self.restart.is_some() || !self.cves.is_empty() || !self.packages.is_empty();
        !self.bulletins.is_empty() && more
    }

    /// True if the article describes an update: its bulletins, vulnerabilities, packages or the updates that it
    /// replaces.
    pub fn describes_update(&self) -> bool {
        !self.bulletins.is_empty()
            || !self.cves.is_empty()
            || !self.packages.is_empty()
            || !self.replaced_bulletins.is_empty()
            || !self.replaced_articles.is_empty()
            || self.severity.is_some()
            || self.restart.is_some()
    }
}

/// What an update's vulnerabilities are on one edition of Windows, where that differs from the other one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionFacts {
    /// The edition.
    pub edition: Edition,
    /// The vendor's highest rating there, if it is lower than the article's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// The vulnerabilities that only this edition has, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<Text>,
}

/// What an update's vulnerabilities are on some releases of Windows, where that differs from the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseFacts {
    /// The releases, sorted: `Windows 10 22H2`.
    pub releases: Vec<Text>,
    /// The vendor's highest rating on each of them, if it is lower than the article's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// The vulnerabilities that only these have, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<Text>,
}

/// A package that brings an update, by its file name: `WindowsXP-KB978037-x86-ENU.exe`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageFile {
    /// The file name as printed.
    pub file: Text,
    /// The article that the name states; bulletins of several articles have packages for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kb: Option<KbId>,
    /// The system or product that the name states: `WindowsXP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<Text>,
    /// The processor that the name states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    /// The language that the name states, as printed there: `ENU`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Text>,
}

/// A build of a product that has the fix: `19045.3930` of Windows 10, `2019.150.4298.1` of SQL Server's `sqlservr.exe`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Build {
    /// The product: `Windows 10 22H2`, `SQL Server 2019`.
    pub product: Text,
    /// The build as printed, numbers with dots: `19045.3930`.
    pub version: Text,
    /// The file that has this version; `None` if it is the build of the system itself (`CurrentBuildNumber` and `UBR`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Text>,
}

/// A service pack that corrects the problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ServicePack {
    /// The product, normalised: `Windows NT 4.0`.
    pub product: Text,
    /// `4`, `6a`; `latest` where the article names only the latest one of its time, and `after 4` where its list of products
    /// says besides that Service Pack 4 has the problem.
    pub sp: Text,
}

impl ServicePack {
    /// The number of "the latest service pack".
    pub(crate) const LATEST: &str = "latest";
    /// What stands before the highest pack that has the problem.
    pub(crate) const AFTER: &str = "after ";

    /// The number, without the letter of `6a`.
    pub(crate) fn number(&self) -> Option<u32> {
        let digits: String = self.sp.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// True if the article names only the latest service pack of its time, not its number.
    pub fn is_latest(&self) -> bool {
        self.sp.eq_ignore_ascii_case(Self::LATEST) || self.after().is_some()
    }

    /// The highest service pack that has the problem: that of the article's list of products, where the article names only the
    /// latest one as the correction.
    pub fn after(&self) -> Option<&str> {
        self.sp.strip_prefix(Self::AFTER)
    }
}

/// An entry of a list of corrected problems: the article about the problem, and the pack that corrects it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPack {
    /// The article about the problem.
    pub article: KbId,
    /// The service pack that corrects it.
    #[serde(flatten)]
    pub pack: ServicePack,
}

/// A line that should state a fix and could not be read.
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

    /// The part of a line's text that is kept.
    pub(crate) fn kept(text: &str) -> String {
        text.chars().take(Self::MAX_TEXT).collect()
    }
}
