//! HTML: one file for people, to look at, to search and to print.
//!
//! It loads nothing, and its content policy lets nothing run but its own script. The table stands in the page; what a
//! row opens to lies beside it as JSON. Without script the table is still read.

mod charts;
mod details;
pub(super) mod escape;
mod table;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::text::{count, grouped};
use super::view::{FileView, PlanView, UnreadableView, View, WarningView};
use super::{RenderError, warnings, wording};
use charts::{Bar, Column, Share};
use table::{Group, Row};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The page; `report.html` is its template.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    view: &'a View,
    policy: String,
    style: &'static str,
    script: &'static str,
    data: String,
    headline: String,
    result: &'static str,
    facts: Vec<(&'static str, Vec<String>)>,
    tiles: Vec<Tile>,
    verdicts: Bar,
    products: Vec<Bar>,
    years: Vec<Column>,
    evidence: Vec<(&'static str, String, Share)>,
    groups: Vec<Group>,
    warnings: Vec<(&'static str, &'static str, Vec<Lines>)>,
    unreadable: Vec<(String, &'a UnreadableView)>,
    inactive: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    statuses: Vec<(&'static str, String, String)>,
    products_named: Vec<&'a str>,
}

/// Lines that belong together.
type Lines = Vec<String>;

/// A number to look at first.
struct Tile {
    class: &'static str,
    number: String,
    label: &'static str,
    note: String,
}

/// The page.
///
/// # Errors
/// Only if the view cannot be expressed as JSON or a template fails.
pub(super) fn render(view: &View) -> Result<Vec<u8>, RenderError> {
    let mut products_named: Vec<&str> = view.articles.iter().map(|article| article.group.as_str()).collect();
    products_named.sort_unstable();
    products_named.dedup();
    let articles = table::ordered(view);
    let page = Page {
        view,
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        data: details::json(view, &articles)?,
        headline: headline(view),
        result: wording::result(view),
        facts: facts(view),
        tiles: tiles(view),
        verdicts: charts::verdicts(view),
        products: charts::products(&articles),
        years: charts::years(&articles),
        evidence: charts::evidence(&articles),
        groups: table::left_to_install(view),
        warnings: warnings_by_code(view),
        unreadable: view.unreadable.iter().map(|item| (wording::unreadable_place(view, item), item)).collect(),
        inactive: view.inactive.iter().flatten().map(|copy| (copy.kind, file(view, &copy.file))).collect(),
        rows: table::rows(view, &articles),
        statuses: table::statuses(view),
        products_named,
    };
    let mut html = page.render().map_err(RenderError::Html)?;
    html.push('\n');
    Ok(html.into_bytes())
}

/// What the page may do: show its own style and run its own script, both named by their hashes.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn headline(view: &View) -> String {
    match (to_install(view), view.summary.exit_code) {
        (0, 4) => "No file that the catalogue knows".to_owned(),
        (0, _) => "No missing fixes found".to_owned(),
        (number, _) => count(number as u64, "fix is left to install", "fixes are left to install"),
    }
}

fn to_install(view: &View) -> usize {
    let s = &view.summary;
    (s.missing + s.partial + s.likely_missing).saturating_sub(s.superseded)
}

fn tiles(view: &View) -> Vec<Tile> {
    let s = &view.summary;
    let number = |n: usize| grouped(n as u64);
    let of = |n: usize, one, many| if n == 0 { String::new() } else { count(n as u64, one, many) };
    let tile = |class, n: usize, label, note| Tile { class, number: number(n), label, note };
    let superseded = of(s.superseded, "more is superseded by them", "more are superseded by them");
    let probably = of(s.likely_fixed, "of them probably", "of them probably");
    let unjudged = of(s.lacking_profile, "more not judged", "more not judged");
    vec![
        tile("missing", to_install(view), "left to install", superseded),
        tile("unknown", s.unknown, "cannot be told", unjudged),
        tile("fixed", s.fixed + s.likely_fixed, "fixed", probably),
        tile(
            if view.unreadable.is_empty() { "none" } else { "failed" },
            view.unreadable.len(),
            "could not be read",
            String::new(),
        ),
    ]
}

/// What was scanned, and with what.
fn facts(view: &View) -> Vec<(&'static str, Vec<String>)> {
    let files = &view.files;
    let seen = format!(
        "{} seen, {} known to the catalogue, {} read",
        grouped(files.seen),
        grouped(files.known as u64),
        count(files.binaries as u64, "binary", "binaries")
    );
    let inactive = count(files.inactive as u64, "backup or source not judged", "backups or sources not judged");
    let coverage = match (view.catalogue.from, view.catalogue.to) {
        (Some(from), Some(to)) => format!("of {from} to {to}"),
        _ => "no dates".to_owned(),
    };
    let articles = count(view.catalogue.articles as u64, "article", "articles");
    let mut facts = vec![
        (if view.trees.len() == 1 { "Tree" } else { "Trees" }, view.trees.iter().map(|t| t.path.clone()).collect()),
        ("System", vec![view.options.profile.as_ref().map_or_else(|| "not known".to_owned(), wording::system)]),
        ("Files", if files.inactive == 0 { vec![seen] } else { vec![seen, inactive] }),
        ("Catalogue", vec![format!("{}: {articles}", view.catalogue.name), coverage]),
    ];
    facts.extend(wording::unjudged(view).map(|unjudged| ("Not judged", vec![unjudged])));
    facts.push(("Findings from", vec![words_of(view.options.fail_on)]));
    if let Some(asked) = &view.options.kb {
        let ids: Vec<String> = asked.iter().map(ToString::to_string).collect();
        facts.push(("Articles asked for", vec![ids.join(", ")]));
    }
    facts.push(("Program", vec![format!("{} {}", view.tool.name, view.tool.version)]));
    facts
}

fn words_of(fail_on: &str) -> String {
    if fail_on == "never" { "nothing is a finding".to_owned() } else { format!("{} on", charts::words(fail_on)) }
}

/// The warnings, those of one code together, as the table at a terminal shows them.
fn warnings_by_code(view: &View) -> Vec<(&'static str, &'static str, Vec<Lines>)> {
    let mut codes: Vec<(&'static str, &'static str, Vec<Lines>)> = Vec::new();
    for warning in warnings::shown(view) {
        let lines = about(view, warning);
        match codes.iter_mut().find(|(code, ..)| *code == warning.code) {
            Some((.., items)) => items.push(lines),
            None => codes.push((warning.code, warning.description, vec![lines])),
        }
    }
    codes
}

fn about(view: &View, warning: &WarningView) -> Lines {
    let article = warning.article.map(|id| id.to_string());
    let files = [&warning.file, &warning.copy].into_iter().flatten().map(|of| file(view, of));
    article.into_iter().chain(warning.registry.clone()).chain(files).collect()
}

/// Path, version and machine.
fn file(view: &View, file: &FileView) -> String {
    let tree = view.trees.get(file.tree).filter(|_| view.trees.len() > 1);
    let tree = tree.map(|tree| format!("{}: ", tree.path)).unwrap_or_default();
    let version = file.fixed_version.map(|v| v.to_string()).or_else(|| file.version_strings.first().cloned());
    let facts: Vec<String> = version.into_iter().chain(file.machine.map(|m| m.to_string())).collect();
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    format!("{tree}{}{facts}", file.path.path)
}

impl Page<'_> {
    fn packages(&self, plan: &PlanView) -> String {
        count((plan.articles.len() + plan.service_packs.len()) as u64, "package", "packages")
    }

    fn superseded(&self) -> String {
        let more = self.view.summary.superseded as u64;
        count(more, "further missing fix is superseded by these.", "further missing fixes are superseded by these.")
    }

    // By value and by reference: loops of templates lend what they yield.
    fn number(&self, number: impl std::borrow::Borrow<usize>) -> String {
        grouped(*number.borrow() as u64)
    }
}
