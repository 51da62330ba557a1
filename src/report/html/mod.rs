//! HTML: one file for people, to read, to search and to print.
//!
//! The page loads nothing, and its content security policy allows only its own script. The table is in the page; the
//! details of its rows are in it as JSON. The table can be read without script.

mod charts;
mod details;
pub(super) mod escape;
mod table;

use std::collections::BTreeSet;
use std::io::Write;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hotfixcheck_articles::Severity;
use sha2::{Digest, Sha256};

use super::gravity::Gravity;
use super::limits::Limits;
use super::text::{count, grouped};
use super::view::{
    ArticleView, InstallView, PlanView, RequirementView, RequirementsView, UnreadableView, View, WarningView,
};
use super::{RenderError, install, selection, shown, systems, warnings, wording};
use crate::assess::{FailOn, RequiredState};
use charts::{Bar, Column, Share};
use table::{Group, Row};

pub(super) const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = concat!(include_str!("theme.js"), include_str!("report.js"));

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
    result: String,
    facts: Vec<(&'static str, Vec<String>)>,
    tiles: Vec<Tile>,
    verdicts: Bar,
    products: Vec<Bar>,
    years: Vec<Column>,
    evidence: Vec<(&'static str, String, Share)>,
    groups: Vec<Group>,
    required: Vec<Required<'a>>,
    waived: Vec<(String, String)>,
    warnings: Vec<(&'static str, &'static str, Vec<Lines>)>,
    unreadable: Vec<(String, &'a UnreadableView)>,
    inactive: Vec<(&'static str, String)>,
    /// The articles that the table leaves out, in words.
    left_out: String,
    rows: Vec<Row>,
    statuses: Vec<(&'static str, String, String)>,
    products_named: Vec<&'a str>,
    /// The paths of the systems of the articles shown; empty if there is only one.
    systems_named: Vec<&'a str>,
    /// The ratings of the articles shown, the worst first; empty if no article has one.
    severities: Vec<&'static str>,
    /// Whether an article shown corrects a vulnerability that is known to be exploited.
    exploited: bool,
}

/// Lines that belong together.
type Lines = Vec<String>;

/// A number at the top of the page.
struct Tile {
    class: &'static str,
    number: String,
    label: &'static str,
    note: String,
}

/// A required fix.
struct Required<'a> {
    class: &'static str,
    state: String,
    fix: &'a RequirementView,
}

/// Writes the page.
///
/// # Errors
/// The view cannot be expressed as JSON, or the page not be written.
pub(super) fn write(view: &View, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut products_named: Vec<&str> = view.articles.iter().map(|article| article.group.as_str()).collect();
    products_named.sort_unstable();
    products_named.dedup();
    let systems_named: BTreeSet<&str> = view.articles.iter().filter_map(|article| article.system.as_deref()).collect();
    let articles = fitting(table::ordered(view), view.limits);
    let left_out = view.articles.len() - articles.len();
    let groups = table::by_product(view, &articles);
    let page = Page {
        view,
        policy: policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        data: details::json(view, &articles)?,
        headline: wording::headline(view),
        result: wording::result(view),
        facts: facts(view),
        tiles: tiles(view),
        verdicts: charts::verdicts(view),
        products: charts::products(&articles),
        years: charts::years(&articles),
        evidence: charts::evidence(&articles),
        groups,
        required: required(view),
        waived: super::policy::waived(view)
            .into_iter()
            .map(|(id, one)| (id.to_string(), wording::waiver(one)))
            .collect(),
        warnings: warnings_by_code(view),
        unreadable: view.unreadable.iter().map(|item| (wording::unreadable_place(view, item), item)).collect(),
        inactive: view
            .inactive
            .iter()
            .flatten()
            .map(|copy| (copy.kind.name(), warnings::file(view, &copy.file)))
            .collect(),
        left_out: if left_out == 0 { String::new() } else { self::left_out(left_out) },
        rows: table::rows(view, &articles),
        statuses: table::statuses(view),
        products_named,
        systems_named: systems_named.into_iter().collect(),
        severities: severities(view),
        exploited: view.articles.iter().any(|article| !article.all_exploited().is_empty()),
    };
    page.write_into(out).and_then(|()| out.write_all(b"\n")).map_err(RenderError::Write)
}

/// The articles that fit on a page, in their order: if that is not all, the most severe ones, those to install first.
fn fitting(articles: Vec<&ArticleView>, limits: Limits) -> Vec<&ArticleView> {
    let mut gravest: Vec<(usize, &ArticleView)> = articles.into_iter().enumerate().collect();
    gravest.sort_by_key(|(_, article)| (!shown::is_to_install(article), Gravity::of_article(article)));
    let mut details = 0;
    let fits = |(_, article): &(usize, &ArticleView)| {
        let is_room = details < limits.rows;
        details += article.findings.count();
        is_room
    };
    let mut kept: Vec<(usize, &ArticleView)> = gravest.into_iter().take(limits.articles).take_while(fits).collect();
    kept.sort_by_key(|(place, _)| *place);
    kept.into_iter().map(|(_, article)| article).collect()
}

fn left_out(articles: usize) -> String {
    let articles = count(articles as u64, "more article is", "more articles are");
    format!(
        "{articles} left out: the page would be too large. The gravest of those to install are here; --format csv has all."
    )
}

fn severities(view: &View) -> Vec<&'static str> {
    let rated = |severity: &Severity| view.articles.iter().any(|article| article.top_severity() == Some(*severity));
    Severity::ALL.into_iter().rev().filter(rated).map(Severity::name).collect()
}

/// The content security policy: only the page's own style and script, both identified by their hashes.
pub(super) fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}

fn tiles(view: &View) -> Vec<Tile> {
    let s = &view.summary;
    let number = |n: usize| grouped(n as u64);
    let of = |n: usize, one: &str, many: &str| (n > 0).then(|| count(n as u64, one, many));
    let tile = |class, number, label, notes: Vec<Option<String>>| {
        let note = notes.into_iter().flatten().collect::<Vec<_>>().join(", ");
        Tile { class, number, label, note }
    };
    let replaced = of(s.brought_along, "more is replaced by them", "more are replaced by them");
    let on = Some(selection::on_systems(view).trim_start().to_owned()).filter(|on| !on.is_empty());
    let waived = of(s.waived, "waived", "waived");
    let known = of(s.known.unwrap_or_default(), "in the baseline", "in the baseline");
    let mut tiles = vec![
        tile("missing", number(s.to_install), "to install", vec![on, replaced, waived, known]),
        tile(
            "unknown",
            number(s.unknown),
            "unknown",
            vec![of(s.lacking_profile, "more not judged: service pack only", "more not judged: service packs only")],
        ),
        tile(
            "fixed",
            number(s.fixed + s.likely_fixed),
            "fixed",
            vec![of(s.likely_fixed, "of them likely", "of them likely")],
        ),
        tile(
            if view.unreadable.is_empty() { "none" } else { "failed" },
            number(view.unreadable.len()),
            "could not be read",
            Vec::new(),
        ),
    ];
    if let Some(required) = &view.required {
        let class = if required.met == required.total { "fixed" } else { "missing" };
        let numbers = format!("{} of {}", number(required.met), number(required.total));
        tiles.insert(1, tile(class, numbers, "required fixes are installed", Vec::new()));
    }
    tiles
}

fn required(view: &View) -> Vec<Required<'_>> {
    let fixes = view.required.iter().flat_map(|required| &required.fixes);
    let class = |state: RequiredState| match state {
        RequiredState::In => "fixed",
        RequiredState::NotIn => "missing",
        RequiredState::Waived | RequiredState::Known => "unknown",
    };
    fixes.map(|fix| Required { class: class(fix.state), state: wording::requirement(fix), fix }).collect()
}

/// What was scanned, and by what.
fn facts(view: &View) -> Vec<(&'static str, Vec<String>)> {
    let mut known_systems = systems::listed(view);
    if known_systems.is_empty() {
        known_systems.push("not known".to_owned());
    }
    let mut facts = vec![
        ("Scanned", systems::trees(view)),
        ("System", known_systems),
        ("Files", wording::files(&view.files).split("; ").map(str::to_owned).collect()),
        ("Catalogue", vec![wording::catalogue(&view.catalogue)]),
    ];
    facts.extend(wording::unjudged(view).map(|unjudged| ("Not judged", vec![unjudged])));
    facts.push(("Counted as findings", vec![words_of(view.options.fail_on)]));
    facts.extend(policy_facts(view));
    facts.extend(selection::only_rated(view.options.severity).map(|only| ("Only", vec![only])));
    if !view.options.asked.is_empty() {
        facts.push(("Asked for", vec![view.options.asked.join(", ")]));
    }
    if let Some(asked) = &view.options.kb {
        let ids: Vec<String> = asked.iter().map(ToString::to_string).collect();
        facts.push(("Selected articles", vec![ids.join(", ")]));
    }
    facts.push(("Program", vec![format!("{} {}", view.tool.name, view.tool.version)]));
    facts
}

/// The settings of the policy.
fn policy_facts(view: &View) -> Vec<(&'static str, Vec<String>)> {
    let options = &view.options;
    let one = |label, text: Option<String>| text.map(|text| (label, vec![text]));
    let strict = if options.strict_waivers { ", strict" } else { "" };
    let many = |label, texts: &[String]| (!texts.is_empty()).then(|| (label, texts.to_vec()));
    [
        one("Configuration", options.config.clone()),
        many("Only paths", &options.include),
        many("Excluded paths", &options.exclude),
        one("Required by", options.require.clone()),
        one("Baseline", options.baseline.clone()),
        one("Waivers as of", options.today.map(|today| format!("{today}{strict}"))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn words_of(fail_on: FailOn) -> String {
    if fail_on == FailOn::Never {
        return "nothing".to_owned();
    }
    format!("{} and worse", charts::words(fail_on.name()))
}

/// The warnings, grouped by code, as in the table at a terminal.
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
    warning.article.iter().map(ToString::to_string).chain(warnings::places(view, warning)).collect()
}

impl Page<'_> {
    fn packages(&self, plan: &PlanView) -> String {
        count((plan.articles.len() + plan.service_packs.len()) as u64, "fix brings", "fixes bring")
    }

    fn package_names(&self, install: &InstallView) -> String {
        install::packages(install)
    }

    fn superseded(&self) -> String {
        let more = self.view.summary.brought_along as u64;
        match more {
            0 => String::new(),
            _ => count(
                more,
                "more missing fix is superseded: these replace it.",
                "more missing fixes are superseded: these replace them.",
            ),
        }
    }

    fn required_fixes(&self, list: &RequirementsView) -> String {
        wording::required_fixes(list)
    }

    // Accepts values and references, because loops in templates yield references.
    fn number(&self, number: impl std::borrow::Borrow<usize>) -> String {
        grouped(*number.borrow() as u64)
    }
}
