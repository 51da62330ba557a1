//! On which Windows an update's vulnerabilities are: clients or servers, and releases of one build.

use std::collections::BTreeSet;
use std::fmt;

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
    /// A Windows before 8: bulletins rate its service packs apart.
    pub older: Option<OlderWindows>,
}

/// A Windows before 8, as [`Article::releases`] names it: `Windows XP` and its service pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OlderWindows {
    /// Its name, or each that it may have: client and server of one release.
    pub names: Vec<&'static str>,
    /// The number of its service pack, `RTM` for none; `None` if it is not known.
    pub pack: Option<String>,
}

impl OlderWindows {
    /// The names of an article that are this Windows's. A name without a service pack is that of every one, or, beside names
    /// with one, of those before the first of them.
    fn named<'a>(&self, named: &[&'a str]) -> Vec<&'a str> {
        let packs_of = |name: &str| {
            let pack = |other: &'a str| {
                let rest = other.strip_prefix(name)?;
                if rest.is_empty() { Some((other, "")) } else { Some((other, rest.strip_prefix(" SP")?)) }
            };
            named.iter().filter_map(|other| pack(other)).collect::<Vec<_>>()
        };
        let of = |name: &&'static str| {
            let all = packs_of(name);
            let Some(own) = &self.pack else { return all };
            let exact: Vec<_> = all.iter().copied().filter(|(_, pack)| pack == own).collect();
            let is_later = |pack: &str| pack.is_empty() || own == RTM || own.as_str() < pack;
            match all.iter().all(|(_, pack)| is_later(pack)) {
                _ if !exact.is_empty() => exact,
                true => all.into_iter().filter(|(_, pack)| pack.is_empty()).collect(),
                false => Vec::new(),
            }
        };
        self.names.iter().flat_map(of).map(|(name, _)| name).collect()
    }
}

impl fmt::Display for OlderWindows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pack = self.pack.as_deref().filter(|pack| *pack != RTM);
        let full = |name: &&str| pack.map_or_else(|| (*name).to_owned(), |pack| format!("{name} SP{pack}"));
        f.write_str(&self.names.iter().map(full).collect::<Vec<_>>().join(" or "))
    }
}

/// A Windows without a service pack.
const RTM: &str = "RTM";

impl From<Option<Edition>> for OnWindows {
    fn from(edition: Option<Edition>) -> Self {
        Self { edition, ..Self::default() }
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
        let own = || self.releases_on(on);
        (self.editions.is_empty() || of_edition(on.edition))
            && (self.releases.is_empty()
                || self.says_nothing_of(on, &own())
                || own().into_iter().any(|release| self.is_on_release(cve, release)))
    }

    /// True for a Windows before 8 that no line of a bulletin's table names: what it has is not known, so all may be.
    fn says_nothing_of(&self, on: &OnWindows, own: &[&str]) -> bool {
        on.older.is_some() && own.is_empty()
    }

    /// True for a vulnerability that only some of the update's releases have, on a Windows of which it is not known whether it is
    /// one of them.
    pub fn is_cve_of_some(&self, cve: &str, on: &OnWindows) -> bool {
        let is_of_some = self.releases.iter().any(|facts| facts.cves.iter().any(|own| own == cve));
        let own = self.releases_on(on);
        let mut named = own.iter().filter(|release| !self.leaves_out(release));
        is_of_some && (self.says_nothing_of(on, &own) || named.any(|release| !self.is_on_release(cve, release)))
    }

    /// The vendor's highest rating on this Windows; on any that it may be if that is not known. `None` for a release that no source
    /// names, and for one that has none of the article's vulnerabilities (MS05-003 on Windows 2000; issue 15).
    pub fn severity_on(&self, on: &OnWindows) -> Option<Severity> {
        let of_edition = |edition: Option<Edition>| {
            let own = self.editions.iter().find(|facts| Some(facts.edition) == edition);
            own.and_then(|facts| facts.severity).or(self.severity)
        };
        let own = self.releases_on(on);
        if self.releases.is_empty() || self.says_nothing_of(on, &own) {
            return of_edition(on.edition);
        }
        let of_release = |release: &str| {
            let own = self.releases.iter().filter(|facts| facts.has(release));
            own.filter_map(|facts| facts.severity).min().or_else(|| of_edition(Some(Edition::of_release(release))))
        };
        let has_any =
            |release: &&str| self.cves.is_empty() || self.cves.iter().any(|cve| self.is_on_release(cve, release));
        own.into_iter().filter(|release| !self.leaves_out(release)).filter(has_any).filter_map(of_release).max()
    }

    /// The releases that this Windows may be: those of its edition that a source names, where nothing else is known.
    fn releases_on<'a>(&'a self, on: &'a OnWindows) -> Vec<&'a str> {
        let all = || self.releases.iter().flat_map(|facts| &facts.releases).map(|name| &**name);
        if let Some(older) = &on.older {
            return older.named(&all().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>());
        }
        let is_own = |release: &&str| on.edition.is_none_or(|own| Edition::of_release(release) == own);
        if on.releases.is_empty() { all().filter(is_own).collect() } else { on.releases.clone() }
    }

    fn is_on_release(&self, cve: &str, release: &str) -> bool {
        let alone = self.alone_with(cve).is_none_or(|edition| edition == Edition::of_release(release));
        let mut stated = self.releases.iter().filter(|facts| facts.cves.iter().any(|own| own == cve)).peekable();
        let is_of_all = stated.peek().is_none();
        alone && !self.leaves_out(release) && (is_of_all || stated.any(|facts| facts.has(release)))
    }
}
