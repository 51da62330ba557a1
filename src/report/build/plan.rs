//! What to install: for one article, and for all missing articles.

use std::collections::HashMap;

use super::super::install::{self, Target};
use super::super::view::{BroughtView, InstallView, NeededPackView, PathView, PlanView, PlannedPackView, PlannedView};
use super::on_system::{self, OnSystem, windows_of};
use crate::KbId;
use crate::assess::{self, ArticleStatus, ArticleVerdict, Assessment, Judge, PlannedArticle, Verdict};
use crate::knowledge::Pack;
use hotfixcheck_articles::Article;
use hotfixcheck_winfiles::binary::{Binary, VersionOutcome};

/// What to install for an article on the system that it was judged on.
pub(super) fn install_view(verdict: &ArticleVerdict, assessment: &Assessment, judge: &Judge<'_>) -> InstallView {
    let profile = assessment.systems[verdict.system].profile.as_ref();
    let entries = verdict.findings.iter().filter(|finding| finding.verdict() != Verdict::NotApplicable);
    let files = entries.filter_map(|finding| judge.inventory().entries[finding.entry()?].binary.as_ref().ok());
    let files: Vec<&Binary> = files.collect();
    let versions = files.iter().filter_map(|file| match &file.version {
        VersionOutcome::Found(info) => Some(info),
        _ => None,
    });
    let target = Target {
        line: profile.map(|profile| profile.line.name()),
        machines: files.iter().filter_map(|file| file.machine).collect(),
        machine: judge.machine_of(verdict.system),
        versions: versions.collect(),
    };
    install::of(&judge.catalog().articles()[verdict.article], &target, judge.knowledge())
}

/// The service pack that must be installed before an article.
pub(super) fn needed_pack_view(verdict: &ArticleVerdict) -> Option<NeededPackView> {
    let needed = verdict.needs_pack.as_ref()?;
    Some(NeededPackView { product: needed.product.clone(), service_pack: needed.pack.clone() })
}

/// For each article to install, the articles that it supersedes, by its system and id.
pub(super) fn brought_along(assessment: &Assessment, judge: &Judge<'_>) -> HashMap<(usize, KbId), BroughtView> {
    let facts = |verdict: &ArticleVerdict| &judge.catalog().articles()[verdict.article];
    let mut by: HashMap<(usize, KbId), Vec<&ArticleVerdict>> = HashMap::new();
    for verdict in assessment.articles.iter().rev().filter(|verdict| !verdict.is_waived()) {
        for id in &verdict.superseded_by {
            by.entry((verdict.system, *id)).or_default().push(verdict);
        }
    }
    let view = |((system, id), brought): ((usize, KbId), Vec<&ArticleVerdict>)| {
        let own = assessment.of(id).iter().filter(|verdict| verdict.system == system);
        let all: Vec<&Article> = own.chain(brought.iter().copied()).map(|verdict| &***facts(verdict)).collect();
        let on = windows_of(system, assessment);
        let OnSystem { cves, of_clients, of_servers, of_releases, exploited } = OnSystem::of(all.iter().copied(), &on);
        let brought = BroughtView {
            articles: brought.iter().map(|verdict| verdict.id).collect(),
            cves,
            cves_of_clients: of_clients,
            cves_of_servers: of_servers,
            cves_of_releases: of_releases,
            exploited,
            severity: all.iter().filter_map(|article| article.severity_on(&on)).max(),
        };
        ((system, id), brought)
    };
    by.into_iter().map(view).collect()
}

pub(super) fn plan_view(assessment: &Assessment, judge: &Judge<'_>) -> PlanView {
    let (catalog, inventory) = (judge.catalog(), judge.inventory());
    let plan = assess::plan(assessment, catalog, judge.knowledge());
    // An article that is missing on several systems is in the plan once, for the first of them.
    let verdict = |planned: &PlannedArticle| {
        let is_missing = |verdict: &&ArticleVerdict| {
            matches!(verdict.status, ArticleStatus::Missing | ArticleStatus::Partial | ArticleStatus::LikelyMissing)
        };
        let verdicts = assessment.of(planned.id);
        verdicts.iter().find(is_missing).or_else(|| verdicts.first())
    };
    let title = |planned: &PlannedArticle, verdict: Option<&ArticleVerdict>| {
        let facts = &catalog.articles()[planned.article];
        let own =
            verdict.map(|verdict| on_system::title(facts, verdict, windows_of(verdict.system, assessment).edition));
        own.unwrap_or_else(|| facts.title.clone())
    };
    let article = |planned: &PlannedArticle| PlannedView {
        id: planned.id,
        title: title(planned, verdict(planned)).into(),
        files: planned.files.iter().map(|&entry| PathView::of(&inventory.entries[entry].path)).collect(),
        needs_service_pack: verdict(planned).and_then(needed_pack_view),
        install: verdict(planned).map(|verdict| install_view(verdict, assessment, judge)),
    };
    let pack = |(product, pack): &(String, Pack)| PlannedPackView {
        product: product.clone(),
        service_pack: pack.name().to_owned(),
    };
    PlanView {
        articles: plan.articles.iter().map(article).collect(),
        service_packs: plan.service_packs.iter().map(pack).collect(),
    }
}
