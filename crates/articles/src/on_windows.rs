//! On which Windows an update's vulnerabilities are: clients or servers, and releases of one build.

use hotfixcheck_types::{Edition, Severity};

use crate::model::{Article, EditionFacts, ReleaseFacts};

impl ReleaseFacts {
    fn has(&self, release: &str) -> bool {
        self.releases.iter().any(|own| own == release)
    }
}

/// What is known of the Windows that an update's vulnerabilities may be on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnWindows {
    /// Whether it is a client or a server; `None` if it is not known.
    pub edition: Option<Edition>,
    /// The release, or each that it may be; empty if it is not known.
    pub releases: Vec<&'static str>,
}

impl From<Option<Edition>> for OnWindows {
    fn from(edition: Option<Edition>) -> Self {
        Self { edition, releases: Vec::new() }
    }
}

impl Article {
    /// The edition that alone has this vulnerability; `None` where both have it, or no source says which.
    pub fn alone_with(&self, cve: &str) -> Option<Edition> {
        let of = |facts: &&EditionFacts| facts.cves.iter().any(|own| own == cve);
        self.editions.iter().find(of).map(|facts| facts.edition)
    }

    /// True if a source names the releases of Windows that the update is for, and not this one.
    pub fn leaves_out(&self, release: &str) -> bool {
        !self.releases.is_empty() && !self.releases.iter().any(|facts| facts.has(release))
    }

    /// True for a vulnerability that this Windows may have.
    pub fn is_cve_on(&self, cve: &str, on: &OnWindows) -> bool {
        let of_edition =
            |edition: Option<Edition>| edition.is_none_or(|own| self.alone_with(cve).is_none_or(|alone| alone == own));
        (self.editions.is_empty() || of_edition(on.edition))
            && (self.releases.is_empty() || self.releases_on(on).any(|release| self.is_on_release(cve, release)))
    }

    /// True for a vulnerability that only some of the update's releases have, on a Windows of which it is not known whether it is
    /// one of them.
    pub fn is_cve_of_some(&self, cve: &str, on: &OnWindows) -> bool {
        let is_of_some = self.releases.iter().any(|facts| facts.cves.iter().any(|own| own == cve));
        is_of_some
            && self
                .releases_on(on)
                .filter(|release| !self.leaves_out(release))
                .any(|release| !self.is_on_release(cve, release))
    }

    /// The vendor's highest rating on this Windows; on any that it may be if that is not known. `None` for a release that no source
    /// names: none of the article's vulnerabilities is known to be on it.
    pub fn severity_on(&self, on: &OnWindows) -> Option<Severity> {
        let of_edition = |edition: Option<Edition>| {
            let own = self.editions.iter().find(|facts| Some(facts.edition) == edition);
            own.and_then(|facts| facts.severity).or(self.severity)
        };
        if self.releases.is_empty() {
            return of_edition(on.edition);
        }
        let of_release = |release: &str| {
            let own = self.releases.iter().filter(|facts| facts.has(release));
            own.filter_map(|facts| facts.severity).min().or_else(|| of_edition(Some(Edition::of_release(release))))
        };
        self.releases_on(on).filter(|release| !self.leaves_out(release)).filter_map(of_release).max()
    }

    /// The releases that this Windows may be: those of its edition that a source names, where nothing else is known.
    fn releases_on<'a>(&'a self, on: &'a OnWindows) -> impl Iterator<Item = &'a str> {
        let is_own = |release: &&str| on.edition.is_none_or(|own| Edition::of_release(release) == own);
        let named = self.releases.iter().filter(|_| on.releases.is_empty()).flat_map(|facts| &facts.releases);
        on.releases.iter().copied().chain(named.map(|name| &**name).filter(is_own))
    }

    fn is_on_release(&self, cve: &str, release: &str) -> bool {
        let alone = self.alone_with(cve).is_none_or(|edition| edition == Edition::of_release(release));
        let mut stated = self.releases.iter().filter(|facts| facts.cves.iter().any(|own| own == cve)).peekable();
        let is_of_all = stated.peek().is_none();
        alone && !self.leaves_out(release) && (is_of_all || stated.any(|facts| facts.has(release)))
    }
}
