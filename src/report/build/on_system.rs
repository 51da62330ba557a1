//! What an article says of a system: of an update for clients and servers, only the vulnerabilities that the system has.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::{ArticleVerdict, Assessment, Subject, Verdict};
use crate::catalog::{is_title_of_build, title_of_build};
use hotfixcheck_articles::{Article, Build, Edition, OnWindows, Text};
use hotfixcheck_facts::edition_of_product;

/// The vulnerabilities that updates correct on a system.
pub(super) struct OnSystem {
    pub(super) cves: Vec<String>,
    /// Those that only clients have, and those that only servers have, where the edition is not known.
    pub(super) of_clients: Vec<String>,
    pub(super) of_servers: Vec<String>,
    /// Those that only some releases have, where it is not known which one the system is.
    pub(super) of_releases: Vec<String>,
    pub(super) exploited: Vec<String>,
}

impl OnSystem {
    /// Those of some articles on a Windows.
    pub(super) fn of<'a>(articles: impl Iterator<Item = &'a Article> + Clone, on: &OnWindows) -> Self {
        let edition = on.edition;
        let ids = |of: fn(&Article) -> &Vec<Text>| {
            let own = articles.clone().flat_map(|article| of(article).iter().map(move |cve| (article, cve)));
            let own = own.filter(|(article, cve)| article.is_cve_on(cve, on));
            let mut ids: Vec<String> = own.map(|(_, cve)| cve.to_string()).collect();
            if articles.clone().nth(1).is_some() {
                ids.sort();
                ids.dedup();
            }
            ids
        };
        // A vulnerability may be of servers alone in one article and of both in another.
        let alone = |wanted: Edition| {
            let mut of: BTreeSet<&str> = BTreeSet::new();
            let all = articles.clone().filter(|_| edition.is_none()).flat_map(|article| &article.editions);
            of.extend(all.filter(|facts| facts.edition == wanted).flat_map(|facts| &facts.cves).map(|cve| &**cve));
            let states = |article: &Article, cve: &str| article.cves.iter().any(|own| own == cve);
            let is_of_both = |cve: &str| {
                articles.clone().any(|article| states(article, cve) && article.alone_with(cve) != Some(wanted))
            };
            let may_be =
                |cve: &&str| articles.clone().any(|article| states(article, cve) && article.is_cve_on(cve, on));
            of.into_iter().filter(may_be).filter(|cve| !is_of_both(cve)).map(str::to_owned).collect::<Vec<_>>()
        };
        let (of_clients, of_servers) = (alone(Edition::Client), alone(Edition::Server));
        // A vulnerability may be of some releases alone in one article and of all in another.
        let mut of_some: BTreeMap<&str, bool> = BTreeMap::new();
        for article in articles.clone() {
            for cve in article.cves.iter().filter(|cve| article.is_cve_on(cve, on)) {
                *of_some.entry(cve).or_insert(true) &= article.is_cve_of_some(cve, on);
            }
        }
        let is_said = |cve: &String| of_clients.contains(cve) || of_servers.contains(cve);
        let of_some = of_some.into_iter().filter(|(_, of_some)| *of_some).map(|(cve, _)| cve.to_owned());
        Self {
            of_releases: of_some.filter(|cve| !is_said(cve)).collect(),
            of_clients,
            of_servers,
            cves: ids(|article| &article.cves),
            exploited: ids(|article| &article.exploited),
        }
    }
}

/// Which Windows the system of this index is.
pub(super) fn windows_of(system: usize, assessment: &Assessment) -> OnWindows {
    assessment.systems.get(system).map(|system| system.on.clone()).unwrap_or_default()
}

/// The title of an article; that of an update which is known by its builds alone names the system's own one.
pub(super) fn title(facts: &Article, verdict: &ArticleVerdict, edition: Option<Edition>) -> Text {
    let is_of_file = |build: &Build| build.file.is_some() && title_of_build(build) == *facts.title;
    if !is_title_of_build(&facts.title) && !facts.builds.iter().any(is_of_file) {
        return facts.title.clone();
    }
    let judged = verdict.findings.iter().filter(|finding| finding.verdict() != Verdict::NotApplicable);
    let mut judged = judged.filter_map(|finding| match finding.subject() {
        Subject::Build(place) => facts.builds.get(place),
        _ => None,
    });
    let is_own = |build: &&Build| {
        let of = edition_of_product(&build.product);
        build.file.is_none() && (edition.is_none() || of.is_none() || edition == of)
    };
    // A build of a file was compared with that file: Exchange Server 2013 is not told of 2019's.
    let own = judged
        .rfind(|build| build.file.is_some() || is_own(build))
        .or_else(|| facts.builds.iter().rfind(is_own).filter(|_| edition.is_some()));
    own.map_or_else(|| facts.title.clone(), |build| title_of_build(build).into())
}
