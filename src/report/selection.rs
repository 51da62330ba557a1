//! The articles that were asked for, in words: an answer about some articles must not read like one about all of them.

use std::collections::BTreeSet;

use super::shown;
use super::text::{count, grouped};
use super::view::{OptionsView, SummaryView, View};
use crate::KbId;
use hotfixcheck_articles::Severity;

/// `rated important or higher`; `None` where articles of every rating were asked for.
pub(super) fn rated(severity: Option<Severity>) -> Option<String> {
    let severity = severity?;
    let higher = if Some(&severity) == Severity::ALL.last() { "" } else { " or higher" };
    Some(format!("rated {severity}{higher}"))
}

/// The ratings that were asked for, and how articles without one are treated; `None` if every article was asked for.
pub(super) fn only_rated(severity: Option<Severity>) -> Option<String> {
    Some(format!("articles {}; missing fixes without a rating are counted, but not listed", rated(severity)?))
}

/// How many ids of articles that were asked for are named.
const MOST_ASKED: usize = 5;

/// The articles that were asked for, in words: `CVE-2008-4250 (3 articles)`; `None` if every article was.
pub(super) fn asked(options: &OptionsView) -> Option<String> {
    let asked = options.kb.as_ref().map(|ids| {
        let number = count(ids.len() as u64, "article", "articles");
        match (options.asked.as_slice(), &options.require) {
            ([], Some(list)) => format!("the fixes that {list} requires ({number})"),
            ([], None) => number,
            (asked, _) => {
                let named: Vec<&str> = asked.iter().take(MOST_ASKED).map(String::as_str).collect();
                let more = asked.len() - named.len();
                let more = if more > 0 { format!(" and {} more", grouped(more as u64)) } else { String::new() };
                format!("{}{more} ({number})", named.join(", "))
            }
        }
    });
    together(asked.into_iter().chain(only_rated(options.severity)))
}

/// What was asked for, in words: articles and paths; `None` for everything.
pub(super) fn only(options: &OptionsView) -> Option<String> {
    let paths = |verb: &str, globs: &[String]| (!globs.is_empty()).then(|| format!("{verb} {}", globs.join(", ")));
    let paths = paths("paths", &options.include).into_iter().chain(paths("without paths", &options.exclude));
    together(asked(options).into_iter().chain(paths))
}

fn together(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// `No missing fixes rated critical found`, `No missing fixes found among the 3 articles asked for`.
pub(super) fn none_missing(options: &OptionsView) -> String {
    let rated = rated(options.severity).map(|rated| format!(" {rated}")).unwrap_or_default();
    let among = match options.kb.as_ref().map(Vec::len) {
        None => String::new(),
        Some(1) => " for the article asked for".to_owned(),
        Some(number) => format!(" among the {} articles asked for", grouped(number as u64)),
    };
    format!("No missing fixes{rated} found{among}")
}

/// `3 fixes to install`, `1 fix rated critical to install`, `13 fixes to install on 5 systems (12 different ones)`. A
/// fix that several systems lack must be installed on each.
pub(super) fn to_install(view: &View) -> String {
    let fixes = count(view.summary.to_install as u64, "fix", "fixes");
    let rated = rated(view.options.severity).map(|rated| format!(" {rated}")).unwrap_or_default();
    format!("{fixes}{rated} to install{}", on_systems(view))
}

/// ` on 5 systems (12 different ones)`; empty for one system.
pub(super) fn on_systems(view: &View) -> String {
    if view.systems.len() < 2 {
        return String::new();
    }
    let left = || view.articles.iter().filter(|article| shown::is_to_install(article));
    let systems = left().filter_map(|article| article.system.as_deref()).collect::<BTreeSet<&str>>().len();
    let different = left().map(|article| article.id).collect::<BTreeSet<KbId>>().len();
    let of_all = if systems < view.systems.len() { format!("{} of ", grouped(systems as u64)) } else { String::new() };
    let on = format!(" on {of_all}{} systems", grouped(view.systems.len() as u64));
    if different < view.summary.to_install {
        format!("{on} ({} different {})", grouped(different as u64), if different == 1 { "one" } else { "ones" })
    } else {
        on
    }
}

/// The code of that message in reports for programs.
pub(super) const UNRATED: &str = "unrated";

/// `11 missing fixes have no rating`; `None` if there are none, or if ratings were not asked for.
pub(super) fn unrated(summary: &SummaryView) -> Option<String> {
    let fixes = || count(summary.unrated as u64, "missing fix has", "missing fixes have");
    (summary.unrated > 0).then(|| format!("{} no rating", fixes()))
}

/// The headline, with the number of missing fixes that were left out because they have no rating.
pub(super) fn with_unrated(headline: String, view: &View) -> String {
    match unrated(&view.summary) {
        Some(unrated) => format!("{headline}; {unrated}: not listed"),
        None => headline,
    }
}
