//! Systems and trees, in words.

use super::text::grouped;
use super::view::{ArticleView, ProfileView, SystemView, View};
use crate::assess::ProfileSource;
use crate::knowledge::pack_title;

/// How many systems or paths a report for people names.
const MOST_SYSTEMS: usize = 20;

/// The system, and the source of this fact.
fn system(profile: &ProfileView) -> String {
    let pack = profile.service_pack.as_deref().map(|pack| format!(" {}", pack_title(pack))).unwrap_or_default();
    let source = match (&profile.source, &profile.kernel) {
        (_, Some(path)) => format!(" (from {path})"),
        (ProfileSource::Registry, _) => " (from the registry)".to_owned(),
        _ => " (given)".to_owned(),
    };
    let name = match (&profile.release, &profile.build) {
        (Some(release), Some(build)) => format!("{release} {build}"),
        (None, Some(build)) => {
            // "Windows 10 and later 19045" has the number in its name.
            let number = build.split('.').next().unwrap_or_default();
            let os = profile.os.strip_suffix(number).map_or(&*profile.os, str::trim_end);
            format!("{os}{pack} {build}")
        }
        (_, None) => format!("{}{pack}", profile.os),
    };
    format!("{name}{source}")
}

/// The system that an article is about.
pub(super) fn profile_of<'v>(view: &'v View, article: &ArticleView) -> Option<&'v ProfileView> {
    let Some(place) = article.system_place else { return view.options.profile.as_ref() };
    view.systems.get(place)?.profile.as_ref()
}

/// The system of an article, with its path if there are several.
pub(super) fn system_of(view: &View, article: &ArticleView) -> Option<String> {
    let path = article.system.as_ref()?;
    let profile = profile_of(view, article).map_or_else(|| "not known".to_owned(), system);
    Some(format!("{path}: {profile}"))
}

/// The systems, each with its path if there are several; empty if none is known.
pub(super) fn listed(view: &View) -> Vec<String> {
    if view.systems.len() < 2 {
        return view.options.profile.iter().map(system).collect();
    }
    let one = |of: &SystemView| {
        let profile = of.profile.as_ref().map_or_else(|| "not known".to_owned(), system);
        format!("{}: {profile}", of.path)
    };
    at_most(MOST_SYSTEMS, view.systems.iter().map(one), "systems")
}

/// The trees that were scanned.
pub(super) fn trees(view: &View) -> Vec<String> {
    at_most(MOST_SYSTEMS, view.trees.iter().map(|tree| tree.path.clone()), "paths")
}

/// The first lines, and the number of the others: thousands of systems would push the numbers of the answer down.
fn at_most(most: usize, lines: impl ExactSizeIterator<Item = String>, what: &str) -> Vec<String> {
    let left = lines.len().saturating_sub(most);
    let more = (left > 1).then(|| format!("and {} more {what} (--format json lists them)", grouped(left as u64)));
    let shown = if left > 1 { most } else { usize::MAX };
    lines.take(shown).chain(more).collect()
}
