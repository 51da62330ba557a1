//! HTML: one page about many hosts. It shows which fixes are missing on how many hosts, and which hosts lack the most.
//!
//! The page contains the first rows as HTML and the others as JSON with shared numbers for hosts and texts, so that a
//! page with 20,000 hosts opens quickly and can be searched.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use serde::Serialize;

use super::correction::CorrectionView;
use super::view::{FleetView, HostView, result, to_install};
use crate::report::html::escape::json;
use crate::report::html::{STYLE, policy};
use crate::report::text::{count, grouped};
use crate::report::{RenderError, wording};
use hotfixcheck_articles::Severity;

const SCRIPT: &str = concat!(include_str!("../html/theme.js"), include_str!("../html/fleet.js"));
/// How many fixes and hosts are in the HTML itself.
const FIRST: usize = 100;
/// How many files of a fix are named.
const MOST_FILES: usize = 4;

#[derive(Template)]
#[template(path = "fleet.html")]
struct Page<'a> {
    view: &'a FleetView,
    policy: String,
    style: &'static str,
    script: &'static str,
    data: String,
    headline: String,
    fixes_in_words: String,
    facts: Vec<(&'static str, String)>,
    tiles: Vec<(&'static str, String, &'static str)>,
    first: usize,
    fixes: Vec<Fix>,
    hosts: Vec<[String; 6]>,
    /// The ratings of the fixes, the worst first; empty if no fix has one.
    severities: Vec<&'static str>,
    /// Whether a fix corrects a vulnerability that is known to be exploited.
    exploited: bool,
    /// The systems of the hosts, and their results; empty if there is only one.
    systems: Vec<String>,
    results: Vec<&'static str>,
}

/// A fix of the HTML itself: id, hosts, what it corrects, title, files, packages, links to the article and the catalogue.
struct Fix {
    cells: [String; 5],
    id: String,
    links: Option<(String, String)>,
}

/// Name, fixes to install, result, system, unknown, fixed; the error of one that could not be read.
type HostData<'a> = (&'a str, usize, usize, usize, usize, usize, Option<&'a str>);

/// Id, title, files, hosts, rating, whether it is known to be exploited, bulletins and vulnerabilities for the search, what it
/// corrects in words, packages, links to the article and to the update catalogue.
type FixData<'a> = (
    String,
    &'a str,
    String,
    Vec<usize>,
    Option<&'static str>,
    bool,
    String,
    String,
    String,
    Option<(&'a str, &'a str)>,
);

/// The data for the script.
#[derive(Serialize)]
struct Data<'a> {
    /// Results and systems, which many hosts share.
    texts: Vec<String>,
    hosts: Vec<HostData<'a>>,
    fixes: Vec<FixData<'a>>,
}

/// The page.
///
/// # Errors
/// Only if the view cannot be expressed as JSON or the template fails.
pub(super) fn render(view: &FleetView) -> Result<Vec<u8>, RenderError> {
    let mut left: HashMap<&str, usize> = HashMap::new();
    view.articles.iter().flat_map(|article| &article.hosts).for_each(|host| *left.entry(&host.host).or_default() += 1);
    let left_of = |host: &HostView| left.get(&*host.host).copied().unwrap_or_default();
    let mut hosts: Vec<&HostView> = view.hosts.iter().collect();
    hosts.sort_by_key(|host| std::cmp::Reverse(left_of(host)));
    let s = &view.summary;
    let number = |n: usize| grouped(n as u64);
    let page = Page {
        view,
        policy: policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        data: json(&data(view, &hosts, left_of))?,
        headline: format!("{}: {}", count(s.hosts as u64, "host", "hosts"), result(s)),
        fixes_in_words: to_install(s).unwrap_or_default(),
        facts: facts(view),
        tiles: vec![
            ("missing", number(s.findings), "with findings"),
            ("failed", number(s.incomplete), "incomplete"),
            ("failed", number(s.unreadable), "could not be read"),
            ("unknown", number(s.nothing_recognised), "with nothing to judge"),
            ("fixed", number(s.clean), "without findings"),
            ("missing", number(s.articles), "different fixes to install"),
            ("missing", number(s.to_install), "installations on all hosts"),
        ],
        first: FIRST,
        fixes: view
            .articles
            .iter()
            .take(FIRST)
            .map(|fix| {
                let (hosts, correction) = (number(fix.hosts.len()), &fix.correction);
                let (corrects, packages) = (correction.in_words(), correction.packages());
                let cells = [hosts, corrects, fix.title.clone(), named(&fix.files), packages];
                let links = correction.install.as_ref().map(|one| (one.article.clone(), one.catalogue.clone()));
                Fix { id: fix.id.to_string(), cells, links }
            })
            .collect(),
        hosts: hosts
            .iter()
            .take(FIRST)
            .map(|host| {
                let (unknown, fixed) = numbers(host);
                let outcome = match &host.error {
                    Some(error) => format!("{}: {error}", host.result()),
                    None => host.result().to_owned(),
                };
                let (left, unknown, fixed) = (number(left_of(host)), number(unknown), number(fixed));
                [host.host.to_string(), left, outcome, host.system_in_words(), unknown, fixed]
            })
            .collect(),
        severities: Severity::ALL.into_iter().rev().filter(|one| is_rated(view, *one)).map(Severity::name).collect(),
        exploited: view.articles.iter().any(|article| !article.correction.exploited.is_empty()),
        systems: several(view.hosts.iter().map(HostView::system_in_words)),
        results: several(view.hosts.iter().map(HostView::result)),
    };
    let mut html = page.render().map_err(RenderError::Html)?;
    html.push('\n');
    Ok(html.into_bytes())
}

fn data<'a>(view: &'a FleetView, hosts: &[&'a HostView], left_of: impl Fn(&HostView) -> usize) -> Data<'a> {
    let mut texts: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut place = |text: String| {
        *places.entry(text).or_insert_with_key(|text| {
            texts.push(text.clone());
            texts.len() - 1
        })
    };
    let host = |host: &&'a HostView| {
        let (unknown, fixed) = numbers(host);
        let (result, system) = (place(host.result().to_owned()), place(host.system_in_words()));
        (&*host.host, left_of(host), result, system, unknown, fixed, host.error.as_deref())
    };
    let rows = hosts.iter().map(host).collect();
    let place_of: HashMap<&str, usize> = hosts.iter().enumerate().map(|(place, host)| (&*host.host, place)).collect();
    let fix = |fix: &'a super::FleetArticle| {
        let mut on: Vec<usize> = fix.hosts.iter().filter_map(|host| place_of.get(&*host.host).copied()).collect();
        on.sort_unstable();
        let correction = &fix.correction;
        let CorrectionView { severity, bulletins, cves, exploited, install } = correction;
        let names = bulletins.iter().chain(cves).map(String::as_str).collect::<Vec<_>>().join(" ");
        let links = install.as_ref().map(|install| (install.article.as_str(), install.catalogue.as_str()));
        let (severity, is_exploited) = (severity.map(Severity::name), !exploited.is_empty());
        let (corrects, packages) = (correction.in_words(), correction.packages());
        let (id, files) = (fix.id.to_string(), named(&fix.files));
        (id, fix.title.as_str(), files, on, severity, is_exploited, names, corrects, packages, links)
    };
    let fixes = view.articles.iter().map(fix).collect();
    Data { texts, hosts: rows, fixes }
}

/// The choices of a filter, each once; empty if there is only one.
fn several<T: Ord>(names: impl Iterator<Item = T>) -> Vec<T> {
    let names: BTreeSet<T> = names.collect();
    if names.len() > 1 { names.into_iter().collect() } else { Vec::new() }
}

fn is_rated(view: &FleetView, severity: Severity) -> bool {
    view.articles.iter().any(|article| article.correction.severity == Some(severity))
}

fn numbers(host: &HostView) -> (usize, usize) {
    host.summary.as_ref().map_or((0, 0), |s| (s.unknown, s.fixed + s.likely_fixed))
}

/// The files that are too old according to an article, on any host.
fn named(names: &BTreeSet<String>) -> String {
    let mut text = names.iter().take(MOST_FILES).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > MOST_FILES {
        text.push_str(&format!(" and {} more", names.len() - MOST_FILES));
    }
    text
}

fn facts(view: &FleetView) -> Vec<(&'static str, String)> {
    let catalogue = view.catalogue.as_ref().map(|catalogue| ("Catalogue", wording::catalogue(catalogue)));
    let only = view.only().map(|only| ("Only", only.to_owned()));
    let listed = view.shown().map(|shown| ("Listed", shown));
    let open = view.not_judged().map(|open| ("Not judged", open));
    let program = ("Program", format!("{} {}", view.tool.name, view.tool.version));
    catalogue.into_iter().chain(only).chain(listed).chain(open).chain([program]).collect()
}
