//! The shortest reports: the answer in one line, and the ids of the articles to install.

use std::collections::{BTreeSet, HashSet};

use super::view::View;
use super::{shown, visible, wording};

/// `data/sample/nt4: 5 fixes to install; they replace 8 more missing fixes (exit code 1)`, with the codes of doubts.
pub(super) fn one(view: &View) -> Vec<u8> {
    let trees: Vec<&str> = view.trees.iter().map(|tree| tree.path.as_str()).collect();
    format!("{}: {}\n", visible(&trees.join(", ")), visible(&answer(view))).into_bytes()
}

/// The answer, what was not judged, the exit code and the codes of doubts.
pub(super) fn answer(view: &View) -> String {
    // What is in doubt changes how far the answer can be trusted.
    let doubts: BTreeSet<&str> =
        view.warnings.iter().filter(|warning| warning.is_doubt()).map(|warning| warning.code).collect();
    let doubts: String = doubts.iter().map(|code| format!("; {code}")).collect();
    let unjudged = wording::updates_not_judged(view).map(|text| format!("; {text}")).unwrap_or_default();
    format!("{}{unjudged} (exit code {}{doubts})", wording::headline(view), view.summary.exit_code)
}

/// The security updates for the system that are not judged, in words, for formats that cannot say it; `None` if there are none.
pub fn not_judged(view: &View) -> Option<String> {
    wording::updates_not_judged(view)
}

/// The ids of the articles to install, in the order of the report; with `--all` those of all missing articles. Those that
/// need a service pack first are last: setup refuses them until then.
pub(super) fn ids(view: &View) -> Vec<u8> {
    let listed = view.articles.iter().filter(|article| {
        shown::is_to_install(article) || (view.options.all && shown::is_missing(article) && !article.waived)
    });
    let (first, last): (Vec<_>, Vec<_>) = listed.partition(|article| article.needs_service_pack.is_none());
    // An article that is missing on several systems is listed once.
    let mut seen = HashSet::new();
    let ids = first.into_iter().chain(last).map(|article| article.id).filter(|id| seen.insert(*id));
    ids.map(|id| format!("{id}\n")).collect::<String>().into_bytes()
}
