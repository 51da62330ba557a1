//! Makes the [`View`] of an assessment.

mod files;
mod on_system;
mod plan;
mod policy;
mod warnings;

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::view::{
    ArticleView, CatalogueView, Compared, CopyView, FileView, FilesView, FindingView, Findings, FixView, OptionsView,
    PathView, ProfileView, RequiredView, RunInfo, SCHEMA, SummaryView, SystemView, ToolView, View, WaiverView,
};
use super::wording;
use crate::KbId;
use crate::assess::{
    self, ArticleStatus, ArticleVerdict, Assessment, Evidence, FailOn, Finding, Judge, JudgedSystem, Policy, Profile,
    Reason, Subject, Verdict, VersionSource,
};
use crate::inventory::{CopyKind, Entry, Inventory};
use files::unreadable_view;
use hotfixcheck_articles::{Article, Build, Text};
use on_system::OnSystem;
use plan::{install_view, plan_view};
use warnings::warnings;

/// How the findings of articles are held.
#[derive(Clone, Copy)]
enum Holding {
    /// All of them.
    All,
    /// Those that apply, the others are made again where a format shows them.
    Applying(&'static Judge<'static>, &'static Assessment),
    /// Those that apply: nothing shows the others.
    OnlyApplying,
}

impl View {
    /// Judges, and makes the view of the result.
    pub fn new(judge: &Judge<'_>, run: &RunInfo) -> Self {
        Self::of(judge, &judge.assess(), run, Holding::All)
    }

    /// As [`new`](Self::new), for a process that ends with it: findings that do not apply need not be held, because the judge stays.
    pub fn last(judge: Judge<'static>, run: &RunInfo) -> Self {
        let judge: &'static Judge<'static> = Box::leak(Box::new(judge));
        let assessment: &'static Assessment = Box::leak(Box::new(judge.assess()));
        Self::of(judge, assessment, run, Holding::Applying(judge, assessment))
    }

    /// As [`new`](Self::new), for a [line](super::JudgedLine), which shows only findings that apply: where there are very many, the
    /// others are not in the view.
    pub(crate) fn applying(judge: &Judge<'_>, run: &RunInfo) -> Self {
        Self::of(judge, &judge.assess(), run, Holding::OnlyApplying)
    }

    fn of(judge: &Judge<'_>, assessment: &Assessment, run: &RunInfo, holding: Holding) -> Self {
        let (catalog, inventory, knowledge, policy) =
            (judge.catalog(), judge.inventory(), judge.knowledge(), judge.policy());
        let (size, coverage) = judge.size();
        let identified = || inventory.entries.iter().filter(|e| e.copy != Some(CopyKind::Unidentified));
        let left = assess::to_install(assessment);
        // Both are in the order of the articles.
        let mut next = left.iter().peekable();
        let mut shown: Vec<(usize, bool)> = assessment
            .articles
            .iter()
            .enumerate()
            .map(|(place, article)| (place, article, next.next_if_eq(&&place).is_some()))
            .filter(|(_, article, is_left)| *is_left || is_shown(article, assessment, policy, run))
            .map(|(place, _, is_left)| (place, is_left))
            .collect();
        shown.sort_by_key(|(place, _)| std::cmp::Reverse(assessment.articles[*place].id));
        let rows = |(place, _): &(usize, bool)| assessment.articles[*place].rows();
        let is_small = shown.iter().map(rows).sum::<usize>() <= run.limits.held;
        let holding = if is_small { Holding::All } else { holding };
        let brought = plan::brought_along(assessment, judge);
        let article_view = |(place, is_left): (usize, bool)| {
            let verdict = &assessment.articles[place];
            ArticleView {
                install: is_left.then(|| install_view(verdict, assessment, judge)),
                brings_along: brought.get(&(verdict.system, verdict.id)).filter(|_| is_left).cloned(),
                ..article_view(place, assessment, judge, holding)
            }
        };
        let mut articles: Vec<ArticleView> = shown.into_par_iter().map(article_view).collect();
        if policy.only.is_none() {
            articles.sort_by(|a, b| a.group.cmp(&b.group));
        }
        Self {
            schema: SCHEMA,
            tool: ToolView { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            catalogue: CatalogueView {
                name: run.catalogue.clone(),
                articles: size,
                without_fix: judge.without_fix(),
                from: coverage.files.map(|days| days.0),
                to: coverage.files.map(|days| days.1),
                builds_from: coverage.builds.map(|days| days.0),
                builds_to: coverage.builds.map(|days| days.1),
            },
            options: OptionsView {
                fail_on: policy.fail_on,
                all: run.all,
                kb: policy.only.as_ref().map(|only| only.iter().copied().collect()),
                asked: run.asked.clone(),
                severity: policy.severity,
                profile: assessment
                    .profile
                    .as_ref()
                    .zip(assessment.systems.first())
                    .map(|(profile, of)| ProfileView::of(profile, of)),
                config: run.config.clone(),
                include: run.filter.include.iter().map(|glob| glob.as_str().to_owned()).collect(),
                exclude: run.filter.exclude.iter().map(|glob| glob.as_str().to_owned()).collect(),
                today: (!policy.waivers.list.is_empty()).then_some(policy.waivers.today),
                strict_waivers: policy.waivers.strict,
                require: run.require.clone(),
                baseline: run.baseline.clone(),
            },
            trees: inventory.roots.iter().map(|root| PathView::of_bytes(root.as_os_str().as_encoded_bytes())).collect(),
            systems: systems(assessment, inventory),
            files: FilesView {
                seen: inventory.files_seen,
                sniffed: inventory.sniffed,
                known: identified().map(Entry::count).sum(),
                binaries: assessment.binaries_read,
                inactive: identified().filter(|e| e.copy.is_some()).map(Entry::count).sum(),
                unstated: assessment.unstated,
                excluded: run.excluded,
            },
            summary: summary(assessment, policy, left.len()),
            statuses: policy::statuses(assessment),
            required: policy::requirements(assessment, catalog, policy, |place| article_view((place, false))),
            articles,
            plan: run.plan.then(|| plan_view(assessment, judge)),
            warnings: warnings(assessment, inventory, knowledge, policy, run),
            inactive: (run.inactive || inventory.sniffed).then(|| copies(inventory, run.inactive)),
            unreadable: assessment.unreadable.iter().map(|u| unreadable_view(u, inventory)).collect(),
            limits: run.limits,
        }
    }
}

/// The copies that do not run; without `all`, only those under another name than their original one.
fn copies(inventory: &Inventory, all: bool) -> Vec<CopyView> {
    let copies = inventory.entries.iter().filter_map(|entry| Some((entry.copy?, entry)));
    let listed = copies.filter(|(_, entry)| all || entry.original_name.is_some());
    listed.map(|(kind, entry)| CopyView { kind, file: FileView::of(entry) }).collect()
}

/// True for an article that must be installed, for one that was asked for by id, and with `all` for every article about
/// the files. A superseded article that is a finding is left out only if a superseding one is a finding, too: not if
/// that one is waived or known.
fn is_shown(article: &ArticleVerdict, assessment: &Assessment, policy: &Policy, run: &RunInfo) -> bool {
    let applies = article.status != ArticleStatus::NotApplicable && !article.lacks_profile();
    let fails = |id: &KbId| assessment.on(*id, article.system).is_some_and(|other| policy.fail_on.fails(other));
    let alone = policy.fail_on.fails(article) && !article.superseded_by.iter().any(fails);
    let to_do = is_missing(article.status) && (article.superseded_by.is_empty() || alone);
    let doubtful = policy.fail_on == FailOn::Unknown && article.status == ArticleStatus::Unknown;
    policy.only.is_some() || to_do || (applies && (run.all || doubtful))
}

impl ProfileView {
    /// The profile of a system.
    fn of(profile: &Profile, system: &JudgedSystem) -> Self {
        let (release, build) = system.build.clone().unzip();
        Self {
            release: release.flatten(),
            build,
            os: profile.line.to_string(),
            service_pack: profile.pack.as_ref().map(|pack| pack.name().to_owned()),
            source: profile.source.clone(),
            kernel: profile.source.path().map(str::to_owned),
        }
    }
}

/// The systems, if there are several or one has doubts.
fn systems(assessment: &Assessment, inventory: &Inventory) -> Vec<SystemView> {
    let systems = &assessment.systems;
    if systems.len() == 1 && systems.iter().all(|system| system.doubts.is_empty()) {
        return Vec::new();
    }
    let view = |system: &JudgedSystem| SystemView {
        path: assess::path_of(&system.territory, inventory),
        profile: system.profile.as_ref().map(|profile| ProfileView::of(profile, system)),
        doubts: system.doubts.clone(),
    };
    systems.iter().map(view).collect()
}

fn is_missing(status: ArticleStatus) -> bool {
    matches!(status, ArticleStatus::Missing | ArticleStatus::Partial | ArticleStatus::LikelyMissing)
}

fn summary(assessment: &Assessment, policy: &Policy, to_install: usize) -> SummaryView {
    let missing = || assessment.articles.iter().filter(|article| is_missing(article.status));
    let known = || assessment.articles.iter().filter(|a| a.is_known()).count();
    let count = |status| assessment.counts.get(status);
    SummaryView {
        missing: count(ArticleStatus::Missing),
        partial: count(ArticleStatus::Partial),
        likely_missing: count(ArticleStatus::LikelyMissing),
        unknown: count(ArticleStatus::Unknown) - assessment.lacking_profile,
        likely_fixed: count(ArticleStatus::LikelyFixed),
        fixed: count(ArticleStatus::Fixed),
        not_applicable: count(ArticleStatus::NotApplicable),
        lacking_profile: assessment.lacking_profile,
        not_judged: assessment.not_judged.iter().map(|(reason, count)| (reason.code(), *count)).collect(),
        updates_not_judged: assessment.open_updates.iter().map(|update| update.id).collect::<BTreeSet<_>>().len(),
        superseded: assessment.articles.iter().filter(|a| !a.superseded_by.is_empty()).count(),
        to_install,
        brought_along: missing().filter(|article| !article.is_waived()).count().saturating_sub(to_install),
        waived: assessment.articles.iter().filter(|a| a.is_waived()).count(),
        known: policy.baseline.is_some().then(known),
        unrated: assessment.unrated,
        incomplete: assessment.incomplete,
        outcome: assessment.outcome,
        exit_code: assessment.outcome.code(),
    }
}

/// The findings of an article, and under which product it is shown.
fn findings_of(verdict: &ArticleVerdict, judge: &Judge<'_>) -> (Vec<FindingView>, String) {
    let (inventory, policy) = (judge.inventory(), judge.policy());
    let facts = &judge.catalog().articles()[verdict.article];
    let verdict = &*judge.whole(verdict);
    let prints = assess::fingerprints(verdict, facts, inventory, judge.systems());
    let evidence = judge.evidence(verdict);
    let group = group(verdict, &evidence, facts, judge);
    let finding = |((finding, evidence), print)| finding_view(finding, evidence, print, facts, inventory, policy);
    (verdict.findings.iter().zip(evidence).zip(prints).map(finding).collect(), group)
}

/// What is held of the findings of an article.
fn held(all: Vec<FindingView>, place: usize, holding: Holding) -> Findings {
    let applies = |finding: &FindingView| finding.verdict != Verdict::NotApplicable;
    let applying = all.iter().filter(|finding| applies(finding)).count();
    let (is_all, count) = (applying == all.len() || matches!(holding, Holding::All), all.len());
    let held = match holding {
        _ if is_all => all,
        Holding::Applying(..) if applying == 0 => all,
        // A list of its own size: collected in place it would keep the room of the others.
        _ => {
            let mut held = Vec::with_capacity(applying);
            held.extend(all.into_iter().filter(applies));
            held
        }
    };
    match holding {
        Holding::Applying(judge, assessment) if !is_all => {
            Findings::applying(held, count, move || findings_of(&assessment.articles[place], judge).0)
        }
        _ => held.into(),
    }
}

fn article_view(place: usize, assessment: &Assessment, judge: &Judge<'_>, holding: Holding) -> ArticleView {
    let (verdict, policy) = (&assessment.articles[place], judge.policy());
    let facts = &judge.catalog().articles()[verdict.article];
    let (findings, group) = findings_of(verdict, judge);
    let several = assessment.systems.len() > 1;
    let system = several.then(|| assess::path_of(&assessment.systems[verdict.system].territory, judge.inventory()));
    let group = match &system {
        // Articles that apply nowhere are shown separately from the systems.
        _ if verdict.status == ArticleStatus::NotApplicable => group,
        Some(system) if group.is_empty() => format!("{system}: no product named"),
        Some(system) => format!("{system}: {group}"),
        None => group,
    };
    let on = on_system::windows_of(verdict.system, assessment);
    let OnSystem { cves, of_clients, of_servers, of_releases, exploited } =
        OnSystem::of(std::iter::once(&***facts), &on);
    ArticleView {
        id: facts.id,
        title: on_system::title(facts, verdict, on.edition).into(),
        products: facts.products.iter().map(ToString::to_string).collect(),
        last_modified: facts.last_modified,
        bulletins: facts.bulletins.iter().map(ToString::to_string).collect(),
        cves,
        cves_of_clients: of_clients,
        cves_of_servers: of_servers,
        cves_of_releases: of_releases,
        exploited,
        severity: facts.severity_on(&on),
        restart: facts.restart,
        status: verdict.status,
        fails: policy.fail_on.fails(verdict),
        waived: verdict.is_waived(),
        known: policy.baseline.is_some().then(|| verdict.is_known()),
        system,
        system_place: several.then_some(verdict.system),
        group,
        needs_service_pack: plan::needed_pack_view(verdict),
        superseded_by: verdict.superseded_by.clone(),
        install: None,
        brings_along: None,
        findings: held(findings, place, holding),
    }
}

/// The heading for an article: the line of the first file that lacks the fix (or else of the first that was judged), or the
/// product of the service pack or build. Without these, it is the product in the row's heading, the article's only Windows,
/// the product of its list that is the file's or the system's, or the first one.
fn group(verdict: &ArticleVerdict, evidence: &[Evidence], facts: &Article, judge: &Judge) -> String {
    let missing = |f: &Finding| matches!(f.verdict(), Verdict::Missing | Verdict::LikelyMissing);
    // Of a fixed article, the rows for another Windows say nothing: KB835732 on Windows XP is not "Windows Server 2003" (issue 15).
    let judged = |f: &Finding| f.verdict() != Verdict::NotApplicable;
    let first = |of: &dyn Fn(&Finding) -> bool| verdict.findings.iter().position(of);
    let place = first(&missing).or_else(|| first(&judged)).unwrap_or_default();
    let found = verdict.findings.get(place);
    let release = || evidence.get(place)?.found_release.as_ref().filter(|r| r.known);
    let of_finding = found.and_then(|finding| match finding.subject() {
        Subject::Row(_) => release().map(|r| r.line.to_string()),
        Subject::ServicePack(place) => Some(facts.service_packs[place].product.clone().into()),
        Subject::Build(place) => Some(facts.builds[place].product.clone().into()),
        Subject::NotRead(_) | Subject::Article => None,
    });
    let heading = || {
        let Subject::Row(row) = found?.subject() else { return None };
        let section = facts.fixes[row].section.trim();
        let named = |name: &str| facts.products.iter().find(|product| product.eq_ignore_ascii_case(name));
        named(section).or_else(|| section.split(", ").find_map(named)).map(ToString::to_string)
    };
    let windows = || {
        let scope = judge.scope_of(facts);
        scope.lines.iter().find(|line| scope.is_only(line)).cloned()
    };
    // "Internet Explorer 5.01" comes before the product of the file and that of the system in many lists (MS08-078).
    let of_file = || {
        let line = evidence.get(place)?.found_release.as_ref()?.line.name();
        facts.products.iter().find(|product| product.starts_with(line)).map(ToString::to_string)
    };
    let of_system = || {
        let own = judge.windows_of(verdict.system)?;
        let products = &judge.knowledge().products;
        let names = |product: &&Text| products.scope_of_heading(product).is_some_and(|scope| scope.lines.contains(own));
        facts.products.iter().find(names).map(ToString::to_string)
    };
    of_finding
        .or_else(heading)
        .or_else(windows)
        .or_else(of_file)
        .or_else(of_system)
        .or_else(|| facts.products.first().cloned().map(Into::into))
        .unwrap_or_default()
}

/// The versions that were compared; for a build, that of the system or of the file.
fn compared(finding: &Finding, evidence: &Evidence, facts: &Article) -> Option<Compared> {
    if let Some(c) = &evidence.comparison {
        let table = match &c.source {
            VersionSource::Fixed | VersionSource::Build => None,
            VersionSource::Text { table } => Some(table.clone()),
        };
        return Some(Compared { found: c.found, source: c.source.clone(), table, required: c.required });
    }
    let Subject::Build(place) = finding.subject() else { return None };
    let own = [
        Reason::BuildReached,
        Reason::BuildOlder,
        Reason::LaterUpdateNeeded,
        Reason::KernelOfBuild,
        Reason::KernelOlderThanBuild,
        Reason::LaterRollup,
    ];
    let found = wording::found_build(&evidence.to_string()).filter(|_| own.contains(&finding.reason))?;
    let source = if finding.entry().is_some() { VersionSource::Fixed } else { VersionSource::Build };
    Some(Compared { found, source, table: None, required: facts.builds[place].version.parse().ok()? })
}

fn finding_view(
    finding: &Finding,
    evidence: Evidence,
    fingerprint: String,
    facts: &Article,
    inventory: &Inventory,
    policy: &Policy,
) -> FindingView {
    let open = !matches!(finding.verdict(), Verdict::NotApplicable | Verdict::Fixed | Verdict::LikelyFixed);
    FindingView {
        fingerprint,
        verdict: finding.verdict(),
        reason: finding.reason,
        rule: finding.reason.rule(),
        description: finding.reason.description(),
        evidence: evidence.to_string(),
        compared: compared(finding, &evidence, facts),
        release: evidence.found_release.as_ref().map(|release| release.place()),
        required: match finding.subject() {
            Subject::Row(row) => RequiredView::File(Box::new(FixView::of(&facts.fixes[row]))),
            Subject::Build(place) => {
                let Build { product, version, file } = facts.builds[place].clone();
                RequiredView::Build { product: product.into(), version: version.into(), file: file.map(Into::into) }
            }
            Subject::NotRead(place) => {
                RequiredView::File(Box::new(FixView::nameless("(row not read)", facts.rejected[place].line)))
            }
            Subject::Article => RequiredView::File(Box::new(FixView::nameless(FixView::NO_FILE_NAMED, 1))),
            Subject::ServicePack(place) => RequiredView::ServicePack {
                product: facts.service_packs[place].product.clone().into(),
                service_pack: facts.service_packs[place].sp.clone().into(),
            },
        },
        file: finding.entry().map(|place| FileView::of(&inventory.entries[place])),
        waiver: finding.waiver().map(|place| WaiverView::of(&policy.waivers.list[place])),
        known: policy.baseline.as_ref().filter(|_| open).map(|_| finding.known),
    }
}
