//! What an article says of a system: of an update for clients and servers, only the vulnerabilities that the system has.

use std::collections::BTreeSet;

use crate::assess::{ArticleVerdict, Assessment, Subject, Verdict};
use crate::catalog::{is_title_of_build, title_of_build};
use hotfixcheck_articles::{Article, Build, Edition, Text};
use hotfixcheck_facts::edition_of_product;

/// The vulnerabilities that updates correct on a system.
pub(super) struct OnSystem {
    pub(super) cves: Vec<String>,
    /// Those that only clients have, and those that only servers have, where the edition is not known.
    pub(super) of_clients: Vec<String>,
    pub(super) of_servers: Vec<String>,
    pub(super) exploited: Vec<String>,
}

impl OnSystem {
    /// Those of some articles on an edition of Windows.
    pub(super) fn of<'a>(articles: impl Iterator<Item = &'a Article> + Clone, edition: Option<Edition>) -> Self {
        let ids = |of: fn(&Article) -> &Vec<Text>| {
            let own = articles.clone().flat_map(|article| of(article).iter().map(move |cve| (article, cve)));
            let own = own.filter(|(article, cve)| article.is_cve_on(cve, edition));
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
            of.into_iter().filter(|cve| !is_of_both(cve)).map(str::to_owned).collect()
        };
        Self {
            of_clients: alone(Edition::Client),
            of_servers: alone(Edition::Server),
            cves: ids(|article| &article.cves),
            exploited: ids(|article| &article.exploited),
        }
    }
}

/// Whether the system of this index is a client or a server.
pub(super) fn edition_of(system: usize, assessment: &Assessment) -> Option<Edition> {
    assessment.systems.get(system).and_then(|system| system.edition)
}

/// The title of an article; that of an update which is known by its builds alone names the system's own one.
pub(super) fn title(facts: &Article, verdict: &ArticleVerdict, edition: Option<Edition>) -> Text {
    let is_of_file = |build: &Build| build.file.is_some() && title_of_build(build) == *facts.title;
    if !is_title_of_build(&facts.title) && !facts.builds.iter().any(is_of_file) {
        return facts.title.clone();
    }
    let judged = verdict.findings.iter().filter(|finding| finding.verdict() != Verdict::NotApplicable);
    let mut judged = judged.filter_map(|finding| match finding.subject {
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
