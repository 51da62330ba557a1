//! The rows of the table of articles, and the list of articles to install.

use std::collections::{BTreeMap, HashMap};

use crate::KbId;
use crate::assess::{ArticleStatus, Verdict};
use crate::knowledge::pack_title;
use crate::report::text::{count, grouped};
use crate::report::view::{ArticleView, FindingView, RequiredView, View};
use crate::report::{shown, wording};

/// How many articles of one product are in the list; the table has them all.
const MOST_LISTED: usize = 12;
/// How many files of one article are named in the list.
const MOST_FILES: usize = 3;

/// A row of the table.
pub(super) struct Row {
    pub id: String,
    /// The anchor of the row in the page.
    pub anchor: String,
    pub title: String,
    /// What the update is for.
    pub update: String,
    pub status: &'static str,
    pub name: String,
    pub group: String,
    /// Why it does not count, or what supersedes it.
    pub notes: Vec<String>,
    pub file: String,
    pub folder: String,
    pub more: String,
    pub found: String,
    pub required: String,
    pub date: String,
}

/// The articles to install for one product.
pub(super) struct Group {
    /// The product, as in the table.
    pub key: String,
    pub name: String,
    pub number: String,
    pub items: Vec<Item>,
    /// How many the list leaves out, in words.
    pub more: String,
}

/// An article to install.
pub(super) struct Item {
    pub id: String,
    /// The anchor of its row in the page.
    pub anchor: String,
    pub title: String,
    /// What the update is for.
    pub update: String,
    pub status: &'static str,
    pub name: String,
    pub files: String,
    pub date: String,
}

/// The articles shown: those to install first, then the others, the worst first; equal ones in the view's order.
pub(super) fn ordered(view: &View) -> Vec<&ArticleView> {
    let mut articles: Vec<&ArticleView> = view.articles.iter().collect();
    articles.sort_by_key(|article| (!shown::is_to_install(article), std::cmp::Reverse(article.status)));
    articles
}

/// The anchors of the rows in the page, in the order of the table: the id, with a number for a further row of the same
/// article (of another system).
fn anchors(articles: &[&ArticleView]) -> Vec<String> {
    let mut rows: BTreeMap<KbId, usize> = BTreeMap::new();
    let anchor = |article: &&ArticleView| {
        let number = rows.entry(article.id).or_default();
        *number += 1;
        if *number == 1 { article.id.to_string() } else { format!("{}-{number}", article.id) }
    };
    articles.iter().map(anchor).collect()
}

/// One row per article.
pub(super) fn rows(view: &View, articles: &[&ArticleView]) -> Vec<Row> {
    articles.iter().zip(anchors(articles)).map(|(article, anchor)| row(view, article, anchor)).collect()
}

fn row(view: &View, article: &ArticleView, anchor: String) -> Row {
    let findings = shown::findings(view, article);
    // The worst finding represents the article; of equal ones the first.
    let first = findings.iter().min_by_key(|finding| std::cmp::Reverse(finding.verdict));
    let place = first.map(|finding| wording::place(view, finding)).unwrap_or_default();
    let (folder, file) = place.rsplit_once('/').unwrap_or(("", &place));
    let more = findings.len().saturating_sub(1);
    let waiver = article.findings.iter().find_map(|finding| finding.waiver.as_ref());
    let waived = waiver
        .map(|waiver| format!("{} until {}", if article.waived { "waived" } else { "partly waived" }, waiver.expires));
    let known = (article.known == Some(true)).then(|| "in the baseline".to_owned());
    Row {
        id: article.id.to_string(),
        anchor,
        title: article.title.clone(),
        update: update(article),
        status: article.status.name(),
        name: wording::status(article.status),
        group: article.group.clone(),
        notes: wording::superseded(article).into_iter().chain(waived).chain(known).collect(),
        file: file.to_owned(),
        folder: folder.to_owned(),
        more: if more == 0 { String::new() } else { format!("and {} more", grouped(more as u64)) },
        found: first.map(|finding| wording::found_in_words(view, article, finding)).unwrap_or_default(),
        required: first.map(|finding| required(finding)).unwrap_or_default(),
        date: article.last_modified.map(|date| date.to_string()).unwrap_or_default(),
    }
}

/// What the update is for, and the service pack that must be installed first.
fn update(article: &ArticleView) -> String {
    let pack = wording::needs_pack_first(article.needs_service_pack.as_ref());
    wording::update(article).into_iter().chain(pack).collect::<Vec<_>>().join("; ")
}

fn required(finding: &FindingView) -> String {
    wording::required(finding).map_or_else(|| "no version stated".to_owned(), |version| format!("needs {version}"))
}

/// The statuses of the articles shown: name, words, number.
pub(super) fn statuses(view: &View) -> Vec<(&'static str, String, String)> {
    let number = |status| view.articles.iter().filter(|article| article.status == status).count();
    let some = ArticleStatus::ALL.into_iter().map(|status| (status, number(status))).filter(|&(_, number)| number > 0);
    some.map(|(status, number)| (status.name(), wording::status(status), grouped(number as u64))).collect()
}

/// The articles to install, by product, newest first. `table` has all articles, in the order of the table.
pub(super) fn by_product(view: &View, table: &[&ArticleView]) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Vec<(&ArticleView, String)>> = BTreeMap::new();
    let names: HashMap<*const ArticleView, String> =
        table.iter().map(|row| std::ptr::from_ref(*row)).zip(anchors(table)).collect();
    for article in view.articles.iter().filter(|article| shown::is_to_install(article)) {
        // An article that the table leaves out has no row to link to.
        let Some(anchor) = names.get(&std::ptr::from_ref(article)).cloned() else { continue };
        groups.entry(&article.group).or_default().push((article, anchor));
    }
    let group = |(name, articles): (&str, Vec<(&ArticleView, String)>)| {
        let more = articles.len().saturating_sub(MOST_LISTED);
        Group {
            key: name.to_owned(),
            name: if name.is_empty() { "No product named".to_owned() } else { name.to_owned() },
            number: count(articles.len() as u64, "fix", "fixes"),
            items: articles.into_iter().take(MOST_LISTED).map(|(article, anchor)| item(article, anchor)).collect(),
            more: if more == 0 { String::new() } else { count(more as u64, "more", "more") },
        }
    };
    groups.into_iter().map(group).collect()
}

fn item(article: &ArticleView, anchor: String) -> Item {
    let lacks = |finding: &&FindingView| matches!(finding.verdict, Verdict::Missing | Verdict::LikelyMissing);
    let mut files: Vec<String> = Vec::new();
    for finding in article.findings.iter().filter(lacks) {
        let subject = wording::subject(finding);
        let name = match &finding.required {
            RequiredView::File(_) => subject.rsplit_once('/').map_or(subject, |(_, name)| name).to_owned(),
            RequiredView::ServicePack { service_pack, .. } => format!("{subject} {}", pack_title(service_pack)),
            RequiredView::Build { product, version, .. } => format!("{product} {version}"),
        };
        if !files.contains(&name) {
            files.push(name);
        }
    }
    let more = files.len().saturating_sub(MOST_FILES);
    let mut named = files.into_iter().take(MOST_FILES).collect::<Vec<_>>().join(", ");
    if more > 0 {
        named.push_str(&format!(" and {} more", grouped(more as u64)));
    }
    Item {
        id: article.id.to_string(),
        anchor,
        title: article.title.clone(),
        update: update(article),
        status: article.status.name(),
        name: wording::status(article.status),
        files: named,
        date: article.last_modified.map(|date| date.to_string()).unwrap_or_default(),
    }
}
