//! Code quality JSON, as shown in GitLab's merge requests: one issue per finding.

use serde::Serialize;

use super::gravity::Gravity;
use super::limits;
use super::view::{ArticleView, FindingView, RequirementView, View, WarningView};
use super::{RenderError, sarif, selection, shown, visible, warnings, wording};
use crate::assess::{OpenUpdate, Outcome, RequiredState, Verdict};

/// The fields that GitLab documents.
#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: Severity,
    location: Location,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Info,
    Minor,
    Major,
    Critical,
    Blocker,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

/// A binary has no lines, but the field is mandatory.
#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// One array, empty if there are no issues.
pub(super) fn render(view: &View) -> Result<Vec<u8>, RenderError> {
    let mut found: Vec<(Gravity, Issue)> = view.articles.iter().flat_map(|article| of_article(view, article)).collect();
    let total = found.len();
    if total > view.limits.results {
        found.sort_by_key(|(gravity, _)| *gravity);
        found.truncate(view.limits.results);
    }
    let mut issues: Vec<Issue> = found.into_iter().map(|(_, issue)| issue).collect();
    issues.extend(limits::left_out(total, view.limits).map(|text| of_run("left-out", text, Severity::Info)));
    issues.extend(sarif::unreported(view).into_iter().map(of_required));
    issues.extend(view.warnings.iter().filter(|w| w.waiver.is_some()).map(|warning| of_waiver(view, warning)));
    issues.extend(view.unreadable.iter().map(|item| Issue {
        description: format!("Could not be read: {}", visible(&item.error)),
        check_name: "unreadable".to_owned(),
        fingerprint: format!("unreadable|{}:{}", item.tree, without_image(view, item.tree, &sarif::uri(&item.path))),
        severity: Severity::Major,
        location: place(&wording::unreadable_place(view, item)),
    }));
    if view.summary.outcome == Outcome::NothingRecognised {
        issues.push(of_run(view.summary.outcome.name(), wording::result(view), Severity::Critical));
    }
    issues.extend(selection::unrated(&view.summary).map(|text| of_run(selection::UNRATED, text, Severity::Major)));
    let unjudged = wording::updates_not_judged(view);
    issues.extend(unjudged.map(|text| of_run(OpenUpdate::NOT_JUDGED, text, Severity::Info)));
    let mut bytes = serde_json::to_vec_pretty(&issues)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// An issue about the whole run.
fn of_run(code: &str, description: String, severity: Severity) -> Issue {
    let (check_name, fingerprint) = (code.to_owned(), code.to_owned());
    Issue { description, check_name, fingerprint, severity, location: place(".") }
}

/// A path as a URI, without the name of the image that is the root.
fn without_image(view: &View, tree: usize, uri: &str) -> String {
    let name = view.trees.get(tree).and_then(|tree| tree.path.rsplit(['/', '\\']).next()).unwrap_or_default();
    let name = crate::assess::uri(name.as_bytes());
    let inside = uri.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix("%3A"));
    inside.filter(|_| !name.is_empty()).map_or(uri, |rest| rest.strip_prefix('/').unwrap_or(rest)).to_owned()
}

fn of_article<'a>(view: &'a View, article: &'a ArticleView) -> impl Iterator<Item = (Gravity, Issue)> + 'a {
    shown::findings(view, article).into_iter().filter_map(|finding| {
        let severity = severity(article, finding)?;
        let excuse = wording::excuse(finding).map(|excuse| format!(" ({})", visible(&excuse))).unwrap_or_default();
        let update = wording::update(article).map(|update| format!(" ({})", visible(&update))).unwrap_or_default();
        let issue = Issue {
            description: format!("{}{excuse}{update}", visible(&wording::sentence(article, finding))),
            check_name: article.id.to_string(),
            fingerprint: finding.fingerprint.clone(),
            severity,
            location: place(wording::subject(finding)),
        };
        Some((Gravity::of(article, finding), issue))
    })
}

/// `None` if the fix is not missing. A waived or known finding has the lowest severity. The vendor's highest rating
/// gives the highest one.
fn severity(article: &ArticleView, finding: &FindingView) -> Option<Severity> {
    let severity = match finding.verdict {
        Verdict::Missing if article.top_severity() == Some(hotfixcheck_articles::Severity::Critical) => {
            Severity::Blocker
        }
        Verdict::Missing => Severity::Critical,
        Verdict::LikelyMissing => Severity::Major,
        Verdict::Unknown => Severity::Minor,
        Verdict::LikelyFixed | Verdict::Fixed | Verdict::NotApplicable => return None,
    };
    Some(if wording::excuse(finding).is_some() { Severity::Info } else { severity })
}

fn of_required(fix: &RequirementView) -> Issue {
    Issue {
        description: format!("Required fix {}: {}: {}", fix.id, wording::requirement(fix), visible(&fix.reason)),
        check_name: fix.id.to_string(),
        fingerprint: format!("{}|!required|", fix.id),
        severity: if fix.state == RequiredState::NotIn { Severity::Critical } else { Severity::Info },
        location: place("."),
    }
}

fn of_waiver(view: &View, warning: &WarningView) -> Issue {
    let places = warnings::places(view, warning).join("; ");
    let id = warning.article.map(|id| id.to_string()).unwrap_or_default();
    Issue {
        description: format!("{id}: {} {places}", warning.description),
        check_name: warning.code.to_owned(),
        fingerprint: format!("{id}|{}|{places}", warning.code),
        severity: if view.options.strict_waivers { Severity::Critical } else { Severity::Minor },
        location: place(&config(view)),
    }
}

/// The configuration file, with the path separators that GitLab knows.
fn config(view: &View) -> String {
    let path = view.options.config.as_deref().unwrap_or(".");
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}

fn place(path: &str) -> Location {
    let path = visible(path);
    Location { path: if path.is_empty() { ".".to_owned() } else { path }, lines: Lines { begin: 1 } }
}
