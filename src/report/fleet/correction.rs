//! What a missing fix corrects, and what to install for it, on all hosts that lack it together.

use serde::Serialize;

use crate::report::install;
use crate::report::text::count;
use crate::report::view::{ArticleView, InstallView};
use hotfixcheck_articles::Severity;

/// How many vulnerabilities of a fix a line for people names.
const MOST_CVES: usize = 3;

/// What a fix corrects on the hosts that lack it, and its packages there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CorrectionView {
    /// The vendor's highest rating; `null` if none is known.
    pub severity: Option<Severity>,
    /// The bulletins that name it.
    pub bulletins: Vec<String>,
    /// The vulnerabilities that it corrects on any of these hosts.
    pub cves: Vec<String>,
    /// Those of them that are known to be exploited.
    pub exploited: Vec<String>,
    /// Its packages for these hosts, and its links.
    pub install: Option<InstallView>,
}

impl CorrectionView {
    /// That of an article on one host.
    pub(super) fn of(article: &ArticleView) -> Self {
        Self {
            severity: article.severity,
            bulletins: article.bulletins.clone(),
            cves: article.cves.clone(),
            exploited: article.exploited.clone(),
            install: article.install.clone(),
        }
    }

    /// Adds that of another host: systems differ in their vulnerabilities and packages.
    pub(super) fn add(&mut self, other: Self) {
        self.severity = self.severity.max(other.severity);
        join(&mut self.bulletins, other.bulletins);
        join(&mut self.cves, other.cves);
        join(&mut self.exploited, other.exploited);
        match (&mut self.install, other.install) {
            (Some(own), Some(other)) => {
                join(&mut own.packages, other.packages);
                join(&mut own.other_languages, other.other_languages);
                join(&mut own.other_processors, other.other_processors);
            }
            (own @ None, other) => *own = other,
            (Some(_), None) => {}
        }
    }

    /// `critical, MS08-067, CVE-2008-4250; exploited`; empty if nothing is known.
    pub(super) fn in_words(&self) -> String {
        let more = self.cves.len().saturating_sub(MOST_CVES);
        let more = (more > 0).then(|| count(more as u64, "more CVE", "more CVEs"));
        let rating = self.severity.map(|severity| severity.name().to_owned()).into_iter();
        let cves = self.cves.iter().take(MOST_CVES).cloned();
        let parts: Vec<String> = rating.chain(self.bulletins.iter().cloned()).chain(cves).chain(more).collect();
        let exploited = if self.exploited.is_empty() { "" } else { "; exploited" };
        format!("{}{exploited}", parts.join(", "))
    }

    /// The search of the vendor's update catalogue; empty if it is not known what to install.
    pub(super) fn link(&self) -> String {
        self.install.as_ref().map(|install| install.catalogue.clone()).unwrap_or_default()
    }

    /// Its packages in words; empty if none is known.
    pub(super) fn packages(&self) -> String {
        let Some(install) = &self.install else { return String::new() };
        let named = install::packages(install);
        // Of hosts that have a package and others that have none, both are said.
        let has_all = install.other_languages.is_empty() && install.other_processors.is_empty();
        if !has_all && !install.packages.is_empty() {
            format!("{named}; for other hosts none known for their language or processor")
        } else {
            named
        }
    }
}

fn join<T: PartialEq>(all: &mut Vec<T>, others: Vec<T>) {
    if all.is_empty() {
        *all = others;
    } else if *all != others {
        let new: Vec<T> = others.into_iter().filter(|one| !all.contains(one)).collect();
        all.extend(new);
    }
}
