//! Selects the articles of a catalogue that can concern the files of an inventory, and counts the others. A scan then
//! reads only a few hundred articles, but its report accounts for all of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::known_builds::{Gap, builds_of};
use super::neighbours::{Neighbours, Unordered};
use super::open_updates;
use super::policy::{FailOn, Policy};
use super::profile::JudgedSystem;
use super::reason::Reason;
use super::systems::systems_of;
use crate::KbId;
use crate::catalog::{BuildsOf, Catalog, CatalogError, Coverage, Listed, OpenCatalog, Wanted};
use crate::inventory::Inventory;
use crate::inventory::system::Territory;
use crate::knowledge::{Headings, Knowledge, installed_names, is_main_file, main_files};
use crate::name::file_key;
use hotfixcheck_facts::builds::{FIRST_CUMULATIVE, windows_products};

/// The articles that can concern the files of an inventory.
#[derive(Clone, Debug)]
pub struct Relevant<'c> {
    pub(super) catalog: Cow<'c, Catalog>,
    pub(super) rest: Rest,
    /// The parsed headings of the rows, if they are shared by many inventories.
    pub(super) headings: Option<Arc<Headings>>,
}

/// Counts of the articles that were not read.
#[derive(Clone, Debug, Default)]
pub(super) struct Rest {
    /// How many articles of the whole catalogue state a fix.
    pub(super) articles: usize,
    /// How many state none.
    pub(super) without_fix: usize,
    /// The first and the last day on which one of them was changed.
    pub(super) coverage: Coverage,
    /// Articles that apply to none of the systems.
    pub(super) not_applicable: usize,
    /// Articles that name only service packs and were not judged, by reason.
    pub(super) not_judged: BTreeMap<Reason, usize>,
    pub(super) unordered: Unordered,
    /// The updates for one of the systems' Windows that state no fix.
    pub(super) open_updates: Vec<Arc<Listed>>,
}

impl<'c> Relevant<'c> {
    /// Every article of a catalogue.
    pub fn whole(catalog: &'c Catalog) -> Self {
        let articles = catalog.stating_fix();
        let without_fix = catalog.articles().len() - articles;
        let open_updates = catalog.articles().iter().filter(|article| article.is_update_without_fix());
        let open_updates = open_updates.cloned().collect();
        let rest = Rest { articles, without_fix, coverage: catalog.coverage(), open_updates, ..Rest::default() };
        Self { catalog: Cow::Borrowed(catalog), rest, headings: None }
    }

    /// The articles that correct a file of the inventory, name a service pack or a build of one of its systems, or are
    /// named by the policy.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub fn of(
        open: &'c OpenCatalog,
        inventory: &Inventory,
        knowledge: &Knowledge,
        policy: &Policy,
    ) -> Result<Self, CatalogError> {
        // Also where the user names the system: the kernel says which build of it this is.
        let builds = || builds_of(inventory);
        let ((files, mut builds), (territories, entries, systems)) =
            rayon::join(|| (keys_of(inventory), builds()), || systems_of(inventory, knowledge, policy));
        let profiles = systems.iter().map(|system| system.profile.as_ref());
        let is_any_unknown = profiles.clone().any(|profile| profile.is_none());
        let lines: BTreeSet<&str> = profiles.flatten().map(|profile| profile.line.name()).collect();
        let mut not_judged: BTreeMap<Reason, usize> = BTreeMap::new();
        let mut unread = 0;
        let shown: BTreeSet<String> = files.iter().filter(|file| is_main_file(file)).cloned().collect();
        let has_main_file = |product: &String| main_files(product).any(|file| shown.contains(file));
        let mut packs = |products: &[String], count: usize| {
            if policy.only.is_some() {
                return false;
            }
            if !shown.is_empty() && products.iter().any(has_main_file) {
                return true;
            }
            let line = |product: &String| knowledge.releases.line(product).map(|line| line.name());
            let own = products.iter().map(line);
            let reason = match () {
                () if own.clone().flatten().any(|line| lines.contains(line)) => return true,
                () if is_any_unknown => Reason::NoProfile,
                () if own.clone().any(|line| line.is_none()) => Reason::ProductUnknown,
                () => return false,
            };
            // These articles count for the exit code one by one, or their ratings are needed, which only the articles
            // that are read have.
            if policy.fail_on == FailOn::Unknown || policy.severity.is_some() {
                return true;
            }
            // Count each article once, even if there are several systems: all share one catalogue.
            *not_judged.entry(reason).or_default() += count;
            unread += count;
            false
        };
        let only = policy.only.iter().flatten().copied();
        let required = policy.required.iter().flatten().copied();
        let ids: BTreeSet<KbId> =
            only.chain(required).chain(policy.waivers.list.iter().map(|waiver| waiver.kb)).collect();
        // If the build of a Windows 10 or later is not known, none of its updates is judged.
        let has_gap = |((system, territory), own): ((&JudgedSystem, &Territory), &Vec<usize>)| {
            Gap::of(system, territory, own, inventory, knowledge) == Some(Gap::Build)
        };
        let lacks_build = policy.only.is_none() && systems.iter().zip(&territories.list).zip(&entries).any(has_gap);
        if lacks_build && (policy.fail_on == FailOn::Unknown || policy.severity.is_some()) {
            let numbers = windows_products().map(|(build, _)| build).filter(|build| *build >= FIRST_CUMULATIVE);
            builds.extend(numbers.map(|build| BuildsOf { file: None, prefix: format!("{build}.") }));
        }
        let catalog = open.select(Wanted { files, ids, builds, packs: &mut packs })?;
        if lacks_build {
            let brings = |article: &Listed| article.builds().iter().any(|build| build.file.is_none());
            let read = catalog.articles().iter().filter(|article| brings(article)).count();
            let count = open.with_system_builds().saturating_sub(read);
            *not_judged.entry(Reason::BuildNotKnown).or_default() += count;
            unread += count;
        }
        not_judged.retain(|_, count| *count > 0);
        let windows: BTreeSet<&str> =
            systems.iter().filter_map(|own| Some(own.profile.as_ref()?.line.windows())).collect();
        // Where articles are asked for, each of them is judged by itself.
        let open_updates = match policy.only.is_some() || windows.is_empty() {
            true => Vec::new(),
            false => open.updates_without_fix(|product| {
                open_updates::may_be_for(product, windows.iter().copied(), &knowledge.products)
            })?,
        };
        let read = catalog.articles().iter().filter(|article| article.states_fix()).count();
        let not_applicable = if policy.only.is_some() || policy.severity.is_some() {
            0
        } else {
            open.len().saturating_sub(read + unread)
        };
        let rest = Rest {
            articles: open.len(),
            without_fix: open.without_fix(),
            coverage: open.coverage(),
            not_applicable,
            not_judged,
            unordered: Unordered {
                pairs: open.unordered(|text| Neighbours::new(text, knowledge).unordered()),
                is_complete: open.knows_unordered(),
            },
            open_updates,
        };
        Ok(Self { catalog: Cow::Owned(catalog), rest, headings: open.headings().map(Arc::clone) })
    }

    /// The articles that are read.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }
}

/// The keys of the files that rows can be about: those of the inventory, and their original names.
fn keys_of(inventory: &Inventory) -> BTreeSet<String> {
    let mut files: BTreeSet<String> = inventory.entries.iter().filter_map(|entry| entry.name()).map(file_key).collect();
    let renamed = installed_names().filter(|(_, installed)| files.contains(*installed)).map(|(original, _)| original);
    let renamed: Vec<String> = renamed.map(str::to_owned).collect();
    files.extend(renamed);
    files
}
