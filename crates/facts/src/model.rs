//! The facts of sources about an update, in the same form for every source.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use hotfixcheck_types::{Edition, FileVersion, KbId, Restart, Severity};

use crate::error::Place;
use crate::ids::{BulletinId, CveId};

/// The kind of a source, the most trusted first: if two sources contradict each other, the more trusted one is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SourceKind {
    /// A table of Windows updates by build and revision, from Microsoft's update histories.
    WindowsUpdates,
    /// A table of Windows releases with their days.
    WindowsBuilds,
    /// A table of bulletins with their titles.
    BulletinTitles,
    /// dbatools' build reference of SQL Server.
    BuildReference,
    /// `mssecure.xml` of the Microsoft Baseline Security Analyzer.
    MsSecure,
    /// A monthly CVRF document of the Microsoft Security Response Center.
    Cvrf,
    /// The definitions of Windows Exploit Suggester, next generation.
    WesNg,
}

impl SourceKind {
    /// The short name, as in commands and file headers.
    pub fn name(self) -> &'static str {
        match self {
            Self::WindowsUpdates => "windows-updates",
            Self::WindowsBuilds => "windows-builds",
            Self::BulletinTitles => "bulletin-titles",
            Self::BuildReference => "buildref",
            Self::MsSecure => "mssecure",
            Self::Cvrf => "cvrf",
            Self::WesNg => "wesng",
        }
    }
}

/// The origin of facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The kind of source.
    pub kind: SourceKind,
    /// Its name as the caller gave it: `2024-Nov.xml`.
    pub name: Arc<str>,
}

/// The facts about a vulnerability that an update corrects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CveFact {
    /// The vendor's highest rating on the products that the update is for.
    pub severity: Option<Severity>,
    /// Whether the vendor says that it was exploited; `None` if the vendor does not say.
    pub exploited: Option<bool>,
}

/// What a source states of an update's products for one edition of Windows, and of those for both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnEdition {
    /// The vulnerabilities that it corrects there.
    pub cves: BTreeSet<CveId>,
    /// The vendor's highest rating there.
    pub severity: Option<Severity>,
}

/// What the releases of Windows of an update's products do not have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnReleases {
    /// The releases, in the order of their names.
    pub releases: BTreeSet<&'static str>,
    /// The vendor's highest rating on each of them, if it is lower than the article's.
    pub severity: Option<Severity>,
    /// The vulnerabilities that these alone have.
    pub cves: BTreeSet<CveId>,
}

/// Where the build of a product can be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ShownBy {
    /// The system itself: `CurrentBuildNumber` and `UBR`.
    System,
    /// The version of this file.
    File(&'static str),
    /// Unknown here: the number is the vendor's name of a release.
    Nothing,
}

/// A build of a product that has the fix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequiredBuild {
    /// The product: `Windows 10 22H2`, `SQL Server 2019 RTM CU`; as printed if [`shown_by`](Self::shown_by) is `Nothing`.
    pub product: String,
    /// Where the build can be read.
    pub shown_by: ShownBy,
    /// Build and revision of a Windows (`19045.3930`), or the version of the file.
    pub version: Version,
}

/// A [`FileVersion`] with a total order, so that sets of builds are printed in a fixed order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(pub FileVersion);

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    /// By numbers, then the shorter first: an order for printing, not a comparison of files.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.components().cmp(other.0.components())
    }
}

/// All facts of one source, or of all sources together, about one article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactArticle {
    /// The article.
    pub id: KbId,
    /// The title of the article or its bulletin, without the id.
    pub title: Option<String>,
    /// The bulletins that name it.
    pub bulletins: BTreeSet<BulletinId>,
    /// The vulnerabilities that its update corrects.
    pub cves: BTreeMap<CveId, CveFact>,
    /// The products that it is for, as printed.
    pub products: BTreeSet<String>,
    /// The vendor's highest rating.
    pub severity: Option<Severity>,
    /// The vulnerabilities and the rating on clients and on servers, where the source states them by product.
    pub editions: BTreeMap<Edition, OnEdition>,
    /// The same for each release of Windows; `None` for products without a Windows, which are on all of them.
    pub by_release: BTreeMap<Option<&'static str>, OnEdition>,
    /// Whether it needs a restart on any of its products.
    pub restart: Option<Restart>,
    /// The articles that its update replaces on some product.
    pub supersedes: BTreeSet<KbId>,
    /// The bulletins that its update replaces on some product.
    pub supersedes_bulletins: BTreeSet<BulletinId>,
    /// File names of its packages.
    pub packages: BTreeSet<String>,
    /// The builds that have the fix.
    pub builds: BTreeSet<RequiredBuild>,
    /// The day on which its update was released, if the source states it.
    pub released: Option<Date>,
    /// The day of the advisory that names it for the most vulnerabilities: near the release, but not the release day.
    /// Later updates are added to advisories of earlier years.
    pub advised: Option<Date>,
    /// True for a hotpatch, which has a different build from that of the month.
    pub hotpatch: bool,
}

impl FactArticle {
    /// An article without any facts.
    pub fn new(id: KbId) -> Self {
        Self {
            id,
            title: None,
            bulletins: BTreeSet::new(),
            cves: BTreeMap::new(),
            products: BTreeSet::new(),
            severity: None,
            editions: BTreeMap::new(),
            by_release: BTreeMap::new(),
            restart: None,
            supersedes: BTreeSet::new(),
            supersedes_bulletins: BTreeSet::new(),
            packages: BTreeSet::new(),
            builds: BTreeSet::new(),
            released: None,
            advised: None,
            hotpatch: false,
        }
    }

    /// Adds a vulnerability, or new facts about it: the higher rating, and that it was exploited.
    pub fn add_cve(&mut self, id: CveId, fact: CveFact) {
        let known = self.cves.entry(id).or_default();
        known.severity = known.severity.max(fact.severity);
        known.exploited = known.exploited.max(fact.exploited);
    }
}

/// Why a part of a source was skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// An update without the number of an article: "Click to Run", a Linux package.
    NoArticle,
    /// A build that is not a version: `V1.002`.
    NotABuild,
    /// A build of an unknown Windows, or not of the product or branch that it is stated for.
    OtherBuild,
    /// A text among replaced updates that is neither an article nor a bulletin.
    NotAnUpdate,
    /// A vulnerability's id that is not a CVE: `ADV190013`.
    NotACve,
    /// A product that the document does not name.
    UnknownProduct,
    /// A rating that is not one of the vendor's four.
    UnknownSeverity,
    /// A build that the vendor withdrew.
    Withdrawn,
}

impl SkipReason {
    /// The reason in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoArticle => "updates without an article's number",
            Self::NotABuild => "builds that are not versions",
            Self::OtherBuild => "builds of an unknown Windows, or of another product or branch",
            Self::NotAnUpdate => "replaced updates that are neither articles nor bulletins",
            Self::NotACve => "ids that are not CVEs",
            Self::UnknownProduct => "ids of products that the document does not name",
            Self::UnknownSeverity => "ratings that are not the vendor's",
            Self::Withdrawn => "withdrawn builds",
        }
    }
}

/// How often something was skipped, and the first occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// How often.
    pub count: usize,
    /// Where it occurred first.
    pub first: Place,
    /// The first text, shortened.
    pub example: String,
}

/// The facts of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The source.
    pub source: Source,
    /// Its articles.
    pub articles: BTreeMap<KbId, FactArticle>,
    /// The articles by the day and the title under which the source lists them, in words of lower case.
    pub titles: BTreeMap<(Date, String), BTreeSet<KbId>>,
    /// What was skipped: nothing is omitted silently.
    pub skipped: BTreeMap<SkipReason, Skipped>,
}

impl Facts {
    pub(crate) fn new(kind: SourceKind, name: &str) -> Self {
        let source = Source { kind, name: name.into() };
        Self { source, articles: BTreeMap::new(), titles: BTreeMap::new(), skipped: BTreeMap::new() }
    }

    pub(crate) fn article(&mut self, id: KbId) -> &mut FactArticle {
        self.articles.entry(id).or_insert_with(|| FactArticle::new(id))
    }

    pub(crate) fn skip(&mut self, reason: SkipReason, place: &Place, text: &str) {
        let first = || Skipped { count: 0, first: place.clone(), example: crate::ids::shown(text) };
        self.skipped.entry(reason).or_insert_with(first).count += 1;
    }
}
