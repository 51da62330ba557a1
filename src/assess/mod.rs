//! `(Catalog, Inventory, Policy)` -> [`Assessment`]: which fixes are in, and why. Pure: no file, no clock, no state.

mod article;
mod baseline;
mod copies;
mod doubt;
mod evidence;
mod fingerprint;
pub mod identify;
mod ladder;
mod language;
pub(crate) mod machine;
mod model;
pub mod neighbours;
mod outcome;
mod pack;
mod profile;
mod reason;
mod registry;
mod required;
mod row;
mod select;
pub(crate) mod speaks;
mod supersede;
mod waiver;

pub use baseline::Baseline;
pub(crate) use baseline::same_tree;
pub use copies::{CopyWarning, copy_warnings};
pub use evidence::{Comparison, Evidence, VersionSource};
pub use fingerprint::fingerprints;
pub(crate) use fingerprint::uri;
pub use model::{ArticleStatus, ArticleVerdict, Assessment, Counts, Demand, Finding, Subject, Unreadable, Verdict};
pub use outcome::{FailOn, Outcome};
pub use profile::KERNEL_FILES;
pub use reason::{Reason, Rule};
pub use registry::{RegistryFinding, registry_findings};
pub use required::{RequiredFix, RequiredState};
pub use supersede::{InstallPlan, PlannedArticle, plan};
pub use waiver::{Waiver, WaiverState, Waivers};

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use crate::KbId;
use crate::assess::neighbours::{Build, Neighbours};
use crate::catalog::Catalog;
use crate::inventory::{Entry, Inventory};
use crate::knowledge::Languages;
use crate::knowledge::Products;
use crate::knowledge::{Line, Pack, Releases};
use crate::name::file_key;
use hotfixcheck_winfiles::binary::VersionOutcome;
use speaks::Claim;

/// What is known of the fields of files and articles: releases, languages, products.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Release lines, service packs, branches.
    pub releases: Releases,
    /// Language names and ids.
    pub languages: Languages,
    /// Names of Windows and last service packs.
    pub products: Products,
}

/// What to judge, and what counts as a finding.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Only these articles; all where `None`.
    pub only: Option<BTreeSet<KbId>>,
    /// The system that the files come from, if the user told; else the registry or the kernel files do.
    pub profile: Option<Profile>,
    /// The verdict from which on an article is a finding.
    pub fail_on: FailOn,
    /// What is accepted until a day.
    pub waivers: Waivers,
    /// The fixes that must be in, each once; `None` where none was required.
    pub required: Option<Vec<KbId>>,
    /// What an earlier report knew: that is no finding.
    pub baseline: Option<Baseline>,
}

impl Policy {
    /// True if the article is to be judged.
    pub fn asks_for(&self, article: KbId) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&article))
    }
}

/// The system that the files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its release line.
    pub line: Line,
    /// Its service pack; `None` where it is not known.
    pub pack: Option<Pack>,
    /// Who says so.
    pub source: ProfileSource,
}

/// Where a system profile comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileSource {
    /// The user: taken as certain.
    Given,
    /// The registry of the scanned trees: as certain.
    Registry,
    /// The version of a kernel file, by its path: its service pack is only likely the system's.
    Kernel(String),
}

impl ProfileSource {
    /// The name used in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Registry => "registry",
            Self::Kernel(_) => "kernel",
        }
    }
}

/// The entries of an inventory by file name: the places in [`Inventory::entries`].
#[derive(Debug, Default)]
pub(crate) struct Copies {
    active: Vec<usize>,
    inactive: Vec<usize>,
}

/// What the policy makes of the verdicts, beyond its marks on the findings.
struct Marks {
    waivers: Vec<WaiverState>,
    required: Vec<RequiredFix>,
}

/// What every step of the judgement looks at.
pub(crate) struct Context<'a> {
    pub catalog: &'a Catalog,
    pub neighbours: Neighbours,
    pub knowledge: &'a Knowledge,
    pub profile: Option<Profile>,
    pub inventory: &'a Inventory,
    pub copies: HashMap<String, Copies>,
    /// What each entry says of its version, by place; nothing for those that do not run.
    pub claims: Vec<Vec<Claim>>,
}

impl Context<'_> {
    /// The article that a build comes from.
    pub(crate) fn id(&self, build: &Build) -> KbId {
        self.catalog.articles()[build.source.article].id
    }
}

/// Judges the files of an inventory by a catalogue, and says what it compared.
pub struct Judge<'a> {
    context: Context<'a>,
    policy: &'a Policy,
}

impl<'a> Judge<'a> {
    /// Looks at the files, and at what the catalogue says of them; nothing is judged yet.
    pub fn new(catalog: &'a Catalog, inventory: &'a Inventory, knowledge: &'a Knowledge, policy: &'a Policy) -> Self {
        let mut copies: HashMap<String, Copies> = HashMap::new();
        for (place, entry) in inventory.entries.iter().enumerate() {
            let Some(name) = entry.name() else { continue };
            let of_name = copies.entry(file_key(name)).or_default();
            if entry.copy.is_none() { of_name.active.push(place) } else { of_name.inactive.push(place) }
        }
        let neighbours = Neighbours::new(catalog, &knowledge.releases, |name| copies.contains_key(name));
        let profile = profile::of(inventory, knowledge, policy);
        let claims = inventory.entries.par_iter().map(|entry| claims_of(entry, &knowledge.releases)).collect();
        Self { context: Context { catalog, neighbours, knowledge, profile, inventory, copies, claims }, policy }
    }

    /// Judges every article of the catalogue that the policy asks for against the files of the inventory.
    pub fn assess(&self) -> Assessment {
        let Self { context, policy } = self;
        let &Context { catalog, knowledge, inventory, .. } = context;
        let mut articles: Vec<ArticleVerdict> = catalog
            .articles()
            .par_iter()
            .enumerate()
            .filter(|(_, article)| policy.asks_for(article.id))
            .map(|(place, facts)| article::judge(place, facts, context))
            .collect();
        for (place, by) in supersede::superseded(&articles, catalog, knowledge) {
            articles[place].superseded_by = by;
        }
        let waivers = waiver::apply(&mut articles, inventory, policy);
        if let Some(baseline) = &policy.baseline {
            baseline::apply(&mut articles, catalog, inventory, baseline);
        }
        let required = required::check(&articles, policy);
        outcome::conclude(articles, Marks { waivers, required }, context.profile.clone(), inventory, policy)
    }

    /// What was compared for each finding of an article's verdict, in their order.
    pub fn evidence(&self, verdict: &ArticleVerdict) -> Vec<Evidence> {
        let facts = &self.context.catalog.articles()[verdict.article];
        article::evidence(facts, &self.context)
    }

    /// The catalogue that it judges by.
    pub fn catalog(&self) -> &'a Catalog {
        self.context.catalog
    }

    /// The files that it judges.
    pub fn inventory(&self) -> &'a Inventory {
        self.context.inventory
    }

    /// What it knows of the fields of files and articles.
    pub fn knowledge(&self) -> &'a Knowledge {
        self.context.knowledge
    }

    /// What it judges, and what counts as a finding.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }
}

/// Judges every article of the catalogue that the policy asks for against the files of the inventory; see [`Judge`] for
/// what was compared.
pub fn assess(catalog: &Catalog, inventory: &Inventory, knowledge: &Knowledge, policy: &Policy) -> Assessment {
    Judge::new(catalog, inventory, knowledge, policy).assess()
}

fn claims_of(entry: &Entry, releases: &Releases) -> Vec<Claim> {
    match entry.binary.as_ref().map(|binary| &binary.version) {
        Ok(VersionOutcome::Found(info)) if entry.copy.is_none() => speaks::claims(info, releases),
        _ => Vec::new(),
    }
}
