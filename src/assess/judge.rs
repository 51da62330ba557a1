//! The whole judgement: every article of a catalogue against an inventory.

use std::collections::HashMap;

use rayon::prelude::*;

use super::assessment::Assessment;
use super::claims::{self, Claim};
use super::conclude::{self, Marks};
use super::context::{Context, Copies};
use super::evidence::Evidence;
use super::finding::ArticleVerdict;
use super::neighbours::Neighbours;
use super::policy::Policy;
use super::{article, baseline, profile, required, supersede, waiver};
use crate::catalog::Catalog;
use crate::inventory::{Entry, Inventory};
use crate::knowledge::{Knowledge, Releases};
use crate::name::file_key;
use hotfixcheck_winfiles::binary::VersionOutcome;

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
        let profile = profile::of(inventory, knowledge, policy.profile.as_ref());
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
        let waivers = waiver::apply(&mut articles, inventory, &policy.waivers, |id| policy.asks_for(id));
        if let Some(baseline) = &policy.baseline {
            baseline::apply(&mut articles, catalog, inventory, baseline);
        }
        let required = required::check(&articles, policy);
        conclude::conclude(articles, Marks { waivers, required }, context.profile.clone(), inventory, policy)
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
        Ok(VersionOutcome::Found(info)) if entry.copy.is_none() => claims::claims(info, releases),
        _ => Vec::new(),
    }
}
