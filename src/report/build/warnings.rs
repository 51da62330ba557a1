//! What contradicts itself, would undo a fix, or is not certain -> warnings.

use std::collections::BTreeMap;

use super::super::text::{count, grouped};
use super::super::view::{FileView, RunInfo, WarningView};
use super::policy;
use crate::assess::{self, Assessment, JudgedSystem, Knowledge, ManyCopies, OpenUpdate, Policy, RegistryFinding};
use crate::inventory::Inventory;
use crate::inventory::system::HotfixList;
use hotfixcheck_articles::Severity;

pub(super) fn warnings(
    assessment: &Assessment,
    inventory: &Inventory,
    knowledge: &Knowledge,
    policy: &Policy,
    run: &RunInfo,
) -> Vec<WarningView> {
    let registry = assess::registry_findings(assessment, inventory).into_iter().map(|finding| {
        let (article, hotfix) = match finding {
            RegistryFinding::ClaimsInstalled { article, system, hotfix } => (article, Some((system, hotfix))),
            RegistryFinding::DoesNotList { article } => (article, None),
        };
        let claim = hotfix.and_then(|(system, hotfix)| inventory.systems.get(system)?.hotfixes.get(hotfix));
        let is_printed = claim.is_some_and(|claim| claim.list == HotfixList::Printed);
        WarningView {
            code: finding.code(),
            description: if is_printed { RegistryFinding::PRINTED } else { finding.description() },
            article: Some(assessment.articles[article].id),
            registry: claim.map(|claim| claim.source.clone()),
            file: None,
            copy: None,
            waiver: None,
        }
    });
    let copies = assess::copy_warnings(inventory, knowledge).into_iter().map(|warning| {
        let (active, copy) = warning.entries();
        WarningView {
            code: warning.code(),
            description: warning.description(),
            article: None,
            registry: None,
            file: Some(FileView::of(&inventory.entries[active])),
            copy: copy.map(|copy| FileView::of(&inventory.entries[copy])),
            waiver: None,
        }
    });
    let several = assessment.systems.len() > 1;
    let doubts = assessment.systems.iter().flat_map(move |system| {
        let path = several.then(|| format!("{}: ", assess::path_of(&system.territory, inventory)));
        let path = path.unwrap_or_default();
        system.doubts.iter().map(move |doubt| WarningView {
            code: JudgedSystem::DOUBTFUL,
            description: JudgedSystem::DOUBTFUL_DESCRIPTION,
            article: None,
            registry: Some(format!("{path}{doubt}")),
            file: None,
            copy: None,
            waiver: None,
        })
    });
    let unjudged = (0..assessment.systems.len()).filter_map(|system| not_judged(system, assessment, inventory, run));
    let source = inventory.warnings.iter().map(|warning| {
        let tree = inventory.roots.get(warning.root).filter(|_| inventory.roots.len() > 1);
        let tree = tree.map(|tree| format!("{}: ", tree.display())).unwrap_or_default();
        let path = if warning.path.is_empty() { String::new() } else { format!("{}: ", warning.path) };
        WarningView {
            code: Inventory::DOUBTFUL,
            description: Inventory::DOUBTFUL_DESCRIPTION,
            article: None,
            registry: Some(format!("{tree}{path}{}", warning.what)),
            file: None,
            copy: None,
            waiver: None,
        }
    });
    let many = assessment.many_copies.iter().filter(|many| many.same > 0).map(|many| {
        let system = &assessment.systems[many.system].territory;
        let path = assess::path_of(system, inventory);
        let (judged, same) = (grouped(many.judged as u64), grouped(many.same as u64));
        WarningView {
            code: ManyCopies::NOT_LISTED,
            description: ManyCopies::NOT_LISTED_DESCRIPTION,
            article: None,
            registry: Some(format!("{path}: {}: {judged} are listed, {same} more are the same", many.name)),
            file: None,
            copy: None,
            waiver: None,
        }
    });
    let inactive = uncounted_copies(inventory, run).into_iter().map(|(name, (listed, same))| WarningView {
        code: ManyCopies::NOT_LISTED,
        description: ManyCopies::NOT_LISTED_DESCRIPTION,
        article: None,
        registry: Some(format!(
            "{name}: {} backup copies are listed, {} more are the same",
            grouped(listed as u64),
            grouped(same as u64)
        )),
        file: None,
        copy: None,
        waiver: None,
    });
    let notes = run.notes.iter().map(|note| WarningView {
        code: note.code(),
        description: note.description(),
        article: None,
        registry: Some(note.said().to_owned()),
        file: None,
        copy: None,
        waiver: None,
    });
    notes
        .chain(registry)
        .chain(many)
        .chain(inactive)
        .chain(doubts)
        .chain(unjudged)
        .chain(source)
        .chain(copies)
        .chain(policy::waiver_warnings(assessment, policy))
        .chain(policy::baseline_warning(policy, inventory))
        .collect()
}

/// How many updates for a system are not judged, and the newest of them; with `--all` all of them.
fn not_judged(system: usize, assessment: &Assessment, inventory: &Inventory, run: &RunInfo) -> Option<WarningView> {
    let own = || assessment.open_updates.iter().filter(|update| update.system == system);
    let named = |update: &OpenUpdate| match &update.bulletins[..] {
        [] => update.id.to_string(),
        bulletins => format!("{} ({})", update.id, bulletins.join(", ")),
    };
    let newest = own().next()?;
    let critical = own().filter(|update| update.severity == Some(Severity::Critical)).count();
    let critical =
        if critical > 0 { format!(", {} of them critical", grouped(critical as u64)) } else { String::new() };
    let day = newest.day.map(|day| format!(" of {day}")).unwrap_or_default();
    let several = assessment.systems.len() > 1;
    let path = several.then(|| format!("{}: ", assess::path_of(&assessment.systems[system].territory, inventory)));
    let all = if run.all { format!(": {}", own().map(named).collect::<Vec<_>>().join(", ")) } else { String::new() };
    let said = format!(
        "{}{}{critical}; the newest is {}{day}{all}",
        path.unwrap_or_default(),
        count(own().count() as u64, "update", "updates"),
        named(newest)
    );
    Some(WarningView {
        code: OpenUpdate::NOT_JUDGED,
        description: OpenUpdate::NOT_JUDGED_DESCRIPTION,
        article: None,
        registry: Some(said),
        file: None,
        copy: None,
        waiver: None,
    })
}

/// The names of copies that do not run of which a very large list has more than are held: how many are listed, how many not.
fn uncounted_copies<'i>(inventory: &'i Inventory, run: &RunInfo) -> BTreeMap<&'i str, (usize, usize)> {
    let mut names: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for entry in inventory.entries.iter().filter(|entry| run.inactive && entry.copy.is_some()) {
        let (listed, same) = names.entry(entry.name().unwrap_or_default()).or_default();
        (*listed, *same) = (*listed + 1, *same + entry.more);
    }
    names.retain(|_, (_, same)| *same > 0);
    names
}
