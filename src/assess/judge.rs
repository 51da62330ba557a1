//! The whole judgement: compares every article of a catalogue with the systems of an inventory.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::assessment::Assessment;
use super::claims::{self, Claim, Windows};
use super::conclude::{Marks, conclude};
use super::context::{Context, CopiesByName, given_builds};
use super::dated_files::by_date;
use super::evidence::Evidence;
use super::finding::{ArticleVerdict, Finding};
use super::kernel_packs::KernelPacks;
use super::known_builds::FileLines;
use super::many::{self, ManyCopies};
use super::neighbours::Neighbours;
use super::older_build::OlderBuild;
use super::open_updates::{self, OpenUpdate};
use super::policy::{Policy, is_at};
use super::processor::Processor;
use super::profile::JudgedSystem;
use super::reason::Reason;
use super::relevant::{Relevant, Rest};
use super::system_build::SystemBuild;
use super::systems::{path_of, paths_of, systems_of};
use super::verdict::ArticleStatus;
use super::{article, baseline, edition, needed_pack, processor, redistributed, required, supersede, waiver};
use crate::catalog::{Catalog, Coverage, Listed};
use crate::inventory::system::Territories;
use crate::inventory::{Entry, Inventory};
use crate::knowledge::{Headings, Knowledge, Releases, Scope, edition_named};
use crate::name::{file_key, key_of};
use crate::{KbId, Machine};
use hotfixcheck_articles::{Article, OnWindows};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// Of more systems than this, findings that do not apply are not kept.
const MANY_SYSTEMS: usize = 64;

/// Judges the files of an inventory by a catalogue, and says what it compared.
pub struct Judge<'a> {
    /// One for each system; at least one.
    pub(super) contexts: Vec<Context<'a>>,
    systems: Vec<JudgedSystem>,
    many: Vec<ManyCopies>,
    catalog: &'a Catalog,
    rest: &'a Rest,
    pub(super) inventory: &'a Inventory,
    knowledge: &'a Knowledge,
    policy: &'a Policy,
}

impl<'a> Judge<'a> {
    /// Indexes the files and the articles about them; nothing is judged yet.
    pub fn new(
        relevant: &'a Relevant<'_>,
        inventory: &'a Inventory,
        knowledge: &'a Knowledge,
        policy: &'a Policy,
    ) -> Self {
        let (catalog, rest) = (&*relevant.catalog, &relevant.rest);
        let (Territories { list, of_entry }, entries, mut systems) = systems_of(inventory, knowledge, policy);
        let mut copies: Vec<CopiesByName> = vec![CopiesByName::default(); list.len()];
        for (place, entry) in inventory.entries.iter().enumerate() {
            let Some(name) = entry.name() else { continue };
            let of_name = copies[of_entry[place]].entry(file_key(name)).or_default();
            if entry.copy.is_none() { of_name.active.push(place) } else { of_name.inactive.push(place) }
        }
        let (many, left_out) = many::limit(&mut copies, catalog, inventory, policy);
        let windows: Vec<Windows> = systems.iter().map(windows_of).collect();
        let claims_of = |(place, entry): (usize, &Entry)| match left_out.contains(&place) {
            true => Vec::new(),
            false => claims_of(entry, &windows[of_entry[place]], &knowledge.releases),
        };
        let own = || Arc::new(Headings::of(catalog.stating_more(), &knowledge.products));
        let (headings, (claims, wanted)) = rayon::join(
            || relevant.headings.as_ref().map_or_else(own, Arc::clone),
            || {
                let claims: Vec<Vec<Claim>> = inventory.entries.par_iter().enumerate().map(claims_of).collect();
                (Arc::new(claims), by_date(&copies, catalog, inventory))
            },
        );
        let neighbours = Arc::new(Neighbours::of(catalog, knowledge, &headings, &rest.unordered, &wanted));
        let lines = Arc::new(FileLines::of(catalog));
        let groups =
            catalog.articles().iter().filter_map(|article| Some(article.plain()?.place + 1)).max().unwrap_or(0);
        let recorded = Arc::new(inventory.coverage.recorded());
        let name_of = |system: &JudgedSystem| policy.name_of(&paths_of(&system.territory, inventory));
        let context = |(system, copies): (usize, CopiesByName)| Context {
            catalog,
            neighbours: Arc::clone(&neighbours),
            headings: Arc::clone(&headings),
            knowledge,
            policy,
            profile: systems[system].profile.clone(),
            kernel_packs: KernelPacks::of(
                systems[system].profile.as_ref(),
                &entries[system],
                inventory,
                &claims,
                &knowledge.releases,
            ),
            build: SystemBuild::of(&systems[system].territory, &entries[system], inventory)
                .filter(|_| !systems[system].is_given())
                .map(|build| build.told_by(catalog).given_as(name_of(&systems[system]), knowledge)),
            older: OlderBuild::of(
                &systems[system].territory,
                &entries[system],
                inventory,
                edition::of_registry(&systems[system], inventory)
                    .or_else(|| edition_named(&name_of(&systems[system])?)),
            )
            // The user's name says which Windows it is, and the kernel of that Windows which build.
            .filter(|older| match &systems[system].profile {
                Some(given) if systems[system].is_given() => older.is_of(&given.line, &knowledge.releases),
                _ => true,
            })
            .map(|older| older.told_by(catalog)),
            lines: Arc::clone(&lines),
            newest: rest.coverage.builds.map(|(_, newest)| newest),
            edition: edition::of_registry(&systems[system], inventory),
            on: OnWindows::default(),
            given: given_builds(&systems[system], name_of(&systems[system]), knowledge),
            processor: processor::of_system(&systems[system].territory, &entries[system], inventory),
            windows: windows[system].clone(),
            inventory,
            system,
            copies,
            recorded: Arc::clone(&recorded),
            claims: Arc::clone(&claims),
            of_groups: (0..groups).map(|_| OnceLock::new()).collect(),
        };
        let mut contexts: Vec<Context> = copies.into_iter().enumerate().map(context).collect();
        for (system, context) in systems.iter_mut().zip(&mut contexts) {
            context.on = edition::windows_of(context, name_of(system));
            system.on = context.on.clone();
            let named = name_of(system).zip(context.build.as_ref());
            system.doubts.extend(named.and_then(|(name, build)| build.contradicts(&name, knowledge)));
            if !system.is_given() {
                let of_build = context.build.as_ref().map(SystemBuild::release);
                system.build = of_build.or_else(|| Some((None, context.older.as_ref()?.number())));
            }
        }
        Self { contexts, systems, many, catalog, rest, inventory, knowledge, policy }
    }

    /// Judges every article of the catalogue that the policy asks for against the files of the inventory.
    pub fn assess(&self) -> Assessment {
        let Self { catalog, knowledge, inventory, policy, .. } = *self;
        let judge = |places: &[usize], place: usize| -> Vec<ArticleVerdict> {
            let facts = &catalog.articles()[place];
            let leaves_out = self.leaves_out();
            let judge = |&system: &usize| {
                let mut verdict = redistributed::judge(place, facts, &self.contexts[system]);
                if leaves_out {
                    verdict.leave_out();
                }
                verdict
            };
            let mut verdicts: Vec<ArticleVerdict> = places.iter().map(judge).collect();
            let applies = |verdict: &ArticleVerdict| verdict.status != ArticleStatus::NotApplicable;
            // An article that applies to none of the systems is listed once.
            if verdicts.iter().any(applies) {
                verdicts.retain(applies)
            } else {
                verdicts.truncate(1)
            }
            // An article that names only service packs counts as not judged once, also if another system could judge it.
            let lacks = |verdict: &&ArticleVerdict| verdict.lacks_profile();
            let is_no_profile =
                |verdict: &&ArticleVerdict| verdict.findings.iter().any(|finding| finding.reason == Reason::NoProfile);
            let lacking = || verdicts.iter().filter(lacks);
            let kept = lacking().find(is_no_profile).or_else(|| lacking().next()).map(|verdict| verdict.system);
            verdicts.retain(|verdict| !verdict.lacks_profile() || Some(verdict.system) == kept);
            verdicts
        };
        let asks_for = |article: &Listed, system: &JudgedSystem| {
            let rating = article.severity_on(&system.on);
            policy.asks_for(article.id) && (policy.asks_for_rating(rating) || policy.requires(article.id))
        };
        // The rating is not checked here: an article with a lower rating or none may contain one that was asked for. An
        // article that states no fix counts only if it is named, whatever the format of the catalogue.
        let is_named = |id| policy.names(id) || policy.waivers.list.iter().any(|waiver| waiver.kb == id);
        let may_count =
            |article: &Listed| policy.asks_for(article.id) && (article.states_fix() || is_named(article.id));
        let asked = catalog.articles().par_iter().enumerate().filter(|(_, article)| may_count(article));
        let mut articles: Vec<ArticleVerdict> = if self.contexts.len() == 1 {
            asked.map(|(place, facts)| redistributed::judge(place, facts, &self.contexts[0])).collect()
        } else {
            let concerned = self.concerned();
            let of = |place: usize| concerned.get(&place).map_or(&[0][..], Vec::as_slice);
            asked.flat_map_iter(|(place, _)| judge(of(place), place)).collect()
        };
        // A catalogue that was read in part lacks the ratings of the other articles, so they cannot be counted.
        if policy.severity.is_some() && policy.only.is_none() {
            articles.retain(|article| article.status != ArticleStatus::NotApplicable || policy.requires(article.id));
        }
        for verdict in articles.iter_mut().filter(|verdict| supersede::is_missing(verdict)) {
            let facts = &catalog.articles()[verdict.article];
            verdict.needs_pack = needed_pack::of(verdict, facts, &self.contexts[verdict.system]).map(Box::new);
        }
        supersede::mark(&mut articles, catalog, knowledge);
        let is_rated =
            |verdict: &ArticleVerdict| asks_for(&catalog.articles()[verdict.article], &self.systems[verdict.system]);
        let brought =
            |verdict: &ArticleVerdict| verdict.superseded_by.iter().map(|id| (verdict.system, *id)).collect::<Vec<_>>();
        let bringing: HashSet<(usize, KbId)> = articles.iter().filter(|one| is_rated(one)).flat_map(brought).collect();
        let counts = |verdict: &ArticleVerdict| is_rated(verdict) || bringing.contains(&(verdict.system, verdict.id));
        let others: Vec<ArticleVerdict> = articles.extract_if(.., |verdict| !counts(verdict)).collect();
        // An article without a rating may be as severe as those that were asked for.
        let has_none = |verdict: &ArticleVerdict| {
            catalog.articles()[verdict.article].severity_on(&self.systems[verdict.system].on).is_none()
        };
        let mut unrated: Vec<ArticleVerdict> = others.into_iter().filter(has_none).collect();
        let waivers = waiver::apply(&mut articles, inventory, &policy.waivers, |id| {
            let is_asked = |article: &Arc<Listed>| self.systems.iter().any(|system| asks_for(article, system));
            policy.asks_for(id) && catalog.listed(id).is_none_or(is_asked)
        });
        waiver::apply(&mut unrated, inventory, &policy.waivers, |_| true);
        if let Some(baseline) = &policy.baseline {
            baseline::apply(&mut articles, &self.systems, catalog, inventory, baseline);
            baseline::apply(&mut unrated, &self.systems, catalog, inventory, baseline);
        }
        // What is waived is not installed, so it brings nothing along.
        if articles.iter().any(ArticleVerdict::is_waived) {
            supersede::mark(&mut articles, catalog, knowledge);
        }
        let required = required::check(&articles, policy);
        conclude(
            articles,
            Marks { waivers, required, unrated, open_updates: self.open_updates(), many: self.many.clone() },
            self.systems.clone(),
            self.rest,
            inventory,
            policy,
        )
    }

    /// The security updates for the systems that are not judged. Where articles are asked for, each is judged by itself.
    fn open_updates(&self) -> Vec<OpenUpdate> {
        let contexts = self.contexts.iter().filter(|_| self.policy.only.is_none());
        contexts.flat_map(|context| open_updates::of_system(&self.rest.open_updates, context)).collect()
    }

    /// For each article, the systems that have one of its files; all known systems if it has a service pack or a build, and one
    /// that is not known if it names service packs alone.
    fn concerned(&self) -> BTreeMap<usize, Vec<usize>> {
        let (known, unknown): (Vec<usize>, Vec<usize>) =
            (0..self.systems.len()).partition(|&place| self.systems[place].profile.is_some());
        let mut by_name: HashMap<&str, Vec<usize>, RandomState> = HashMap::default();
        for (system, context) in self.contexts.iter().enumerate() {
            context.copies.keys().for_each(|name| by_name.entry(name).or_default().push(system));
        }
        let mut concerned = BTreeMap::new();
        for (place, article) in self.catalog.articles().iter().enumerate() {
            let mut systems = BTreeSet::new();
            if !article.has_rows() {
                systems.extend(unknown.first().filter(|_| article.builds().is_empty()));
            }
            if !article.has_rows() || !article.builds().is_empty() || !article.service_packs().is_empty() {
                systems.extend(&known);
            }
            let names = article.files().iter().flat_map(|file| [Some(file.key), file.installed]).flatten();
            systems.extend(names.filter_map(|name| by_name.get(name)).flatten());
            let systems: Vec<usize> = systems.into_iter().collect();
            if !systems.is_empty() {
                concerned.insert(place, systems);
            }
        }
        concerned
    }

    /// True where there are so many systems that findings which do not apply are not kept. A baseline numbers all of them.
    fn leaves_out(&self) -> bool {
        self.contexts.len() > MANY_SYSTEMS && self.policy.baseline.is_none()
    }

    /// The verdict with all of its findings.
    pub fn whole<'v>(&self, verdict: &'v ArticleVerdict) -> Cow<'v, ArticleVerdict> {
        if verdict.left_out == 0 {
            return Cow::Borrowed(verdict);
        }
        let facts = &self.catalog.articles()[verdict.article];
        let judged = redistributed::judge(verdict.article, facts, &self.contexts[verdict.system]);
        // Those that are kept have the marks of the policy.
        let mut kept = verdict.findings.iter();
        let whole =
            |finding: Finding| if finding.is_kept() { kept.next().cloned().unwrap_or(finding) } else { finding };
        let findings = judged.findings.into_iter().map(whole).collect();
        Cow::Owned(ArticleVerdict { findings, left_out: 0, ..verdict.clone() })
    }

    /// What was compared for each finding of an article's verdict, in their order.
    pub fn evidence(&self, verdict: &ArticleVerdict) -> Vec<Evidence> {
        let facts = &self.catalog.articles()[verdict.article];
        let all = article::evidence(facts, &self.contexts[verdict.system]);
        if verdict.left_out == 0 {
            return all;
        }
        let whole = self.whole(verdict);
        whole.findings.iter().zip(all).filter(|(finding, _)| finding.is_kept()).map(|(_, evidence)| evidence).collect()
    }

    /// The systems that an article's product list names.
    pub fn scope_of(&self, article: &Article) -> Arc<Scope> {
        self.contexts[0].scope_of(article)
    }

    /// The release line of a system's Windows, by its index; `None` if it is not known.
    pub fn windows_of(&self, system: usize) -> Option<&str> {
        self.contexts.get(system)?.line()
    }

    /// The processor of a system, by its index, if it is a known one of 64 bits.
    pub fn machine_of(&self, system: usize) -> Option<Machine> {
        match self.contexts.get(system)?.processor? {
            Processor::Bits64(machine) => machine,
            Processor::Bits32 => None,
        }
    }

    /// Adds doubts about systems, by their index.
    pub fn add_doubts(&mut self, doubts: impl IntoIterator<Item = (usize, String)>) {
        for (place, doubt) in doubts {
            if let Some(system) = self.systems.get_mut(place) {
                system.doubts.push(doubt);
            }
        }
    }

    /// The systems, as they are judged.
    pub fn systems(&self) -> &[JudgedSystem] {
        &self.systems
    }

    /// The paths of the systems, as reports write them.
    pub fn system_paths(&self) -> impl Iterator<Item = String> {
        self.systems.iter().map(|system| path_of(&system.territory, self.inventory))
    }

    /// The paths for which the policy names a system, but where no system was found: these settings are not used.
    pub fn unmatched_paths(&self) -> Vec<&'a str> {
        let of = |system: &JudgedSystem| paths_of(&system.territory, self.inventory);
        let paths: Vec<String> = self.systems.iter().flat_map(of).collect();
        let is_there = |folder: &str| paths.iter().any(|path| is_at(path, folder));
        let given = self.policy.profiles.iter().map(|(folder, _)| folder.as_str());
        given.filter(|folder| !is_there(folder)).collect()
    }

    /// How many articles of the whole catalogue state a fix, and the first and last day on which one of them was
    /// changed.
    pub fn size(&self) -> (usize, Coverage) {
        (self.rest.articles, self.rest.coverage)
    }

    /// How many articles of the whole catalogue state no fix.
    pub fn without_fix(&self) -> usize {
        self.rest.without_fix
    }

    /// The articles that are used: those of the whole catalogue that can concern the files.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// The files that are judged.
    pub fn inventory(&self) -> &'a Inventory {
        self.inventory
    }

    /// The tables about versions, languages and names that are used.
    pub fn knowledge(&self) -> &'a Knowledge {
        self.knowledge
    }

    /// What is judged, and what counts as a finding.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }
}

/// Judges every article of the catalogue that the policy asks for against the files of the inventory; see [`Judge`] for
/// the evidence.
pub fn assess(catalog: &Catalog, inventory: &Inventory, knowledge: &Knowledge, policy: &Policy) -> Assessment {
    Judge::new(&Relevant::whole(catalog), inventory, knowledge, policy).assess()
}

/// The line of a system in the form that the line tables use. There, builds of Windows 10 are lines of their own.
fn windows_of(system: &JudgedSystem) -> Windows {
    Some(Arc::new(BTreeSet::from([system.profile.as_ref()?.line.windows().to_owned()])))
}

fn claims_of(entry: &Entry, windows: &Windows, releases: &Releases) -> Vec<Claim> {
    match entry.binary.as_ref().map(|binary| &binary.version) {
        Ok(VersionOutcome::Found(info)) if entry.copy.is_none() => {
            let key = entry.name().map(key_of).unwrap_or_default();
            claims::claims(info, &key, windows, releases)
        }
        _ => Vec::new(),
    }
}
