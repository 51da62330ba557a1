//! Rules: one for each article in the results, even if it was judged on several systems.

use std::collections::{HashMap, HashSet};

use super::super::view::{ArticleView, RequirementView, View};
use super::super::visible;
use super::model::{Configuration, Descriptor, Level, Multiformat, RuleProperties};
use super::parts::{help_uri, message, rich};
use super::required;
use crate::KbId;
use crate::assess::ArticleStatus;
use hotfixcheck_articles::Severity;

/// GitHub refuses a file with a rule of more than 20 tags, and shows 10 (support for SARIF files, "results exceed
/// limits").
const MOST_TAGS: usize = 10;

/// The rules of a run, in the order of the first result of each.
pub(super) struct Rules<'a> {
    articles: HashMap<KbId, Vec<&'a ArticleView>>,
    required: HashMap<KbId, &'a RequirementView>,
    places: HashMap<KbId, usize>,
    listed: Vec<Descriptor>,
}

impl<'a> Rules<'a> {
    /// No rules yet.
    pub(super) fn new(view: &'a View) -> Self {
        let mut articles: HashMap<KbId, Vec<&ArticleView>> = HashMap::new();
        view.articles.iter().for_each(|article| articles.entry(article.id).or_default().push(article));
        let fixes = view.required.iter().flat_map(|required| &required.fixes);
        let required = fixes.map(|fix| (fix.id, fix)).collect();
        Self { articles, required, places: HashMap::new(), listed: Vec::new() }
    }

    /// The index of an article's rule, which is made if it does not exist yet.
    pub(super) fn place(&mut self, id: KbId) -> usize {
        if let Some(&place) = self.places.get(&id) {
            return place;
        }
        let of_article = self.articles.get(&id).and_then(|articles| Some(rule(articles.first()?, articles)));
        let rule = of_article.or_else(|| self.required.get(&id).map(|fix| required::rule(fix)));
        let place = self.listed.len();
        self.listed.extend(rule);
        self.places.insert(id, place);
        place
    }

    /// The rules.
    pub(super) fn listed(self) -> Vec<Descriptor> {
        self.listed
    }
}

/// The rule of an article; `systems` has its views, one for each system.
fn rule(article: &ArticleView, systems: &[&ArticleView]) -> Descriptor {
    let id = article.id;
    let title = if article.title.is_empty() { format!("Article {id}") } else { article.title.clone() };
    let products =
        if article.products.is_empty() { "unnamed products".to_owned() } else { article.products.join(", ") };
    let changed = article.last_modified.map(|d| format!(" It was last changed on {d}.")).unwrap_or_default();
    let advice = "Install the hotfix, or the service pack that contains it. To see every row and file that was \
                  compared, run";
    let command = format!("hotfixcheck explain {id} PATH");
    let help = |escape: fn(&str) -> String| (escape(&title), escape(&products));
    let (plain_title, plain_products) = help(|text| message(text).text);
    let (rich_title, rich_products) = help(rich);
    // A rule is of all systems: clients and servers may have different vulnerabilities.
    let cves = of_all(systems, ArticleView::all_cves);
    let exploited = of_all(systems, ArticleView::all_exploited);
    let severity = systems.iter().filter_map(|article| article.top_severity()).max();
    // Details that differ between systems are in the results.
    let is_same = |same: fn(&ArticleView, &ArticleView) -> bool| systems.iter().all(|other| same(other, article));
    Descriptor {
        id: id.to_string(),
        short_description: message(&title),
        full_description: message(&format!("{id}: {title}. Applies to: {products}.")),
        help: Multiformat {
            text: format!("{id}: {plain_title}. Applies to: {plain_products}.{changed} {advice}: {command}"),
            markdown: format!(
                "**{id}**: {rich_title}\n\nApplies to: {rich_products}.{changed}\n\n{advice}\n\n    {command}\n"
            ),
        },
        help_uri: help_uri(id),
        default_configuration: Configuration {
            level: systems.iter().map(|article| level(article.status)).min().unwrap_or(Level::Note),
        },
        properties: RuleProperties {
            tags: tags(article, &cves, &exploited, severity),
            security_severity: severity.map(score),
            products: article.products.clone(),
            cves: cves.iter().map(|cve| visible(cve)).collect(),
            exploited: exploited.iter().map(|cve| visible(cve)).collect(),
            group: if is_same(|one, other| one.group == other.group) { article.group.clone() } else { String::new() },
            superseded_by: if is_same(|one, other| one.superseded_by == other.superseded_by) {
                article.superseded_by.clone()
            } else {
                Vec::new()
            },
        },
    }
}

/// The ids that an article has on any of its systems, each once.
fn of_all<'v>(systems: &[&'v ArticleView], of: fn(&ArticleView) -> &[String]) -> Vec<&'v String> {
    let mut all: Vec<&String> = Vec::new();
    let mut seen = HashSet::new();
    all.extend(systems.iter().flat_map(|article| of(article)).filter(|id| seen.insert(*id)));
    all
}

/// With `security`, GitHub shows the score; `external/cve/CVE-…` is used by other tools. Exploited vulnerabilities come
/// first; `cves` has all of them.
fn tags(article: &ArticleView, cves: &[&String], exploited: &[&String], severity: Option<Severity>) -> Vec<String> {
    let mut tags = vec!["hotfix".to_owned()];
    if severity.is_some() || !cves.is_empty() || !article.bulletins.is_empty() {
        tags.push("security".to_owned());
    }
    let (first, others): (Vec<&String>, Vec<&String>) = cves.iter().partition(|cve| exploited.contains(cve));
    let cves = first.into_iter().chain(others).map(|cve| format!("external/cve/{}", visible(cve)));
    tags.extend(cves.take(MOST_TAGS - tags.len()));
    tags
}

/// A score in the middle of GitHub's range for the vendor's rating.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::Important => "8.0",
        Severity::Moderate => "5.5",
        Severity::Low => "2.5",
    }
}

fn level(status: ArticleStatus) -> Level {
    match status {
        ArticleStatus::Missing | ArticleStatus::Partial => Level::Error,
        ArticleStatus::LikelyMissing => Level::Warning,
        _ => Level::Note,
    }
}
