//! What an advisory states of an update on some Windows alone: on clients or servers, and on some releases.

use std::collections::{BTreeMap, BTreeSet};

use hotfixcheck_types::{Edition, Severity};

use crate::builds::{is_cumulative_release, release_of_product};
use crate::edition::edition_of_product;
use crate::ids::CveId;
use crate::model::{FactArticle, OnEdition, OnReleases};

impl FactArticle {
    /// Adds what is stated of one product: a vulnerability and its rating.
    pub(crate) fn add_to_edition(&mut self, product: &str, cve: Option<CveId>, severity: Option<Severity>) {
        let own = edition_of_product(product);
        for edition in Edition::ALL.into_iter().filter(|edition| own.is_none_or(|own| own == *edition)) {
            let on = self.editions.entry(edition).or_default();
            on.cves.extend(cve);
            on.severity = on.severity.max(severity);
        }
        let release = release_of_product(product);
        if release.is_some() || own.is_none() {
            let on = self.by_release.entry(release).or_default();
            on.cves.extend(cve);
            on.severity = on.severity.max(severity);
        }
    }

    /// What is of some of the update's releases alone, beyond what is of clients or of servers alone. The first one names all
    /// releases: another one of the same builds is not known to have any of the vulnerabilities (Windows 10 22H2 in KB5087544).
    /// Empty where nothing differs between releases before Windows 10.
    pub fn on_releases(&self) -> Vec<OnReleases> {
        let all: BTreeSet<&'static str> = self.by_release.keys().copied().flatten().collect();
        let empty = OnEdition::default();
        let on = |name: Option<&'static str>| self.by_release.get(&name).unwrap_or(&empty);
        let everywhere = on(None);
        let mut groups: BTreeMap<BTreeSet<&'static str>, (Option<Severity>, BTreeSet<CveId>)> = BTreeMap::new();
        for cve in self.cves.keys().filter(|cve| !everywhere.cves.contains(cve)) {
            let own: BTreeSet<_> = all.iter().copied().filter(|name| on(Some(name)).cves.contains(cve)).collect();
            let alone = self.alone_with(*cve);
            let of_edition = |name: &&&str| alone.is_none_or(|alone| edition_of_product(name) == Some(alone));
            // One of no release here, as that of HoloLens alone, is not stated of any.
            if !own.is_empty() && own.len() < all.iter().filter(of_edition).count() {
                groups.entry(own).or_default().1.insert(*cve);
            }
        }
        let mut rated: BTreeMap<Severity, BTreeSet<&'static str>> = BTreeMap::new();
        for name in &all {
            let severity = on(Some(name)).severity.max(everywhere.severity).filter(|own| Some(*own) < self.severity);
            let of_edition = edition_of_product(name).and_then(|edition| self.lower_severity(edition));
            if let Some(severity) = severity.filter(|own| of_edition != Some(*own)) {
                rated.entry(severity).or_default().insert(name);
            }
        }
        for (severity, names) in rated {
            groups.entry(names).or_default().0 = Some(severity);
        }
        let (severity, cves) = groups.remove(&all).unwrap_or_default();
        let differs = !groups.is_empty() || severity.is_some();
        if all.is_empty() || !differs && !all.iter().any(|name| is_cumulative_release(name)) {
            return Vec::new();
        }
        let first = OnReleases { releases: all, severity, cves };
        let others = groups.into_iter().map(|(releases, (severity, cves))| OnReleases { releases, severity, cves });
        std::iter::once(first).chain(others).collect()
    }

    /// The edition whose products alone have this vulnerability, although the update is for both.
    pub fn alone_with(&self, cve: CveId) -> Option<Edition> {
        let has = |edition: Edition| self.editions.get(&edition).is_some_and(|on| on.cves.contains(&cve));
        Edition::ALL.into_iter().filter(|_| self.is_for_both()).find(|edition| has(*edition) && !has(edition.other()))
    }

    /// The rating on an edition, if it is lower than the article's, which is that on the other edition.
    pub fn lower_severity(&self, edition: Edition) -> Option<Severity> {
        let on = |edition: Edition| self.editions.get(&edition).and_then(|on| on.severity);
        let own = on(edition).filter(|own| self.is_for_both() && Some(*own) < self.severity)?;
        (on(edition.other()) == self.severity).then_some(own)
    }

    /// True for an update with products of clients and of servers.
    fn is_for_both(&self) -> bool {
        let named = |edition| self.products.iter().any(|product| edition_of_product(product) == Some(edition));
        Edition::ALL.into_iter().all(named)
    }
}
