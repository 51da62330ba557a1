//! The updates that ship with the program beside its catalogue: builds of Windows and SQL Server, vulnerabilities and titles.
//!
//! They are text that nothing reads until it is asked for: a scan of a tree without a system of Windows 10 or later and
//! without SQL Server or Exchange reads none of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memmem;

use super::articles::Catalog;
use super::text::{CatalogError, HEADER, read, read_article};
use crate::KbId;
use hotfixcheck_articles::{Article, Build};
use hotfixcheck_facts::builds::{EXCHANGE_FILE, SQL_FILE};

/// Builds of Windows 10 and later, and the order of the rollups of Windows 7 to 8.1.
const WINDOWS: &str = include_str!("../../data/updates-windows.tsv");
/// Builds of SQL Server.
const SQL: &str = include_str!("../../data/updates-sql.tsv");
/// Vulnerabilities, ratings and supersedence, from the vendor's advisories.
const CVES: &str = include_str!("../../data/cves.tsv");
/// The same of 2008 to 2026 as a public scanner lists them: the advisories begin in 2016.
const CVES_WESNG: &str = include_str!("../../data/cves-wesng.tsv");
/// Titles of bulletins.
const TITLES: &str = include_str!("../../data/bulletins-titles.tsv");

/// The names of the files and their texts, the most trusted first.
pub const UPDATES: [(&str, &str); 5] = [
    ("updates-windows.tsv", WINDOWS),
    ("updates-sql.tsv", SQL),
    ("bulletins-titles.tsv", TITLES),
    ("cves.tsv", CVES),
    ("cves-wesng.tsv", CVES_WESNG),
];

/// Builds of which a system is asked: those of a Windows by its build number, or of a file whose version begins so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildsOf {
    /// The file; `None` for the system.
    pub file: Option<String>,
    /// The first numbers: `19045.`, `2019.150.`.
    pub prefix: String,
}

/// The updates of these builds, and of no others, with their vulnerabilities and ratings.
///
/// # Errors
/// The program's own text is broken: a bug.
pub fn updates_of(wanted: &[BuildsOf]) -> Result<Catalog, CatalogError> {
    let mut text = format!("{HEADER}\n");
    // The builds of Exchange stand in the advisories alone.
    let of_file = |file: &str| wanted.iter().any(|w| w.file.as_deref() == Some(file));
    let sources =
        [(WINDOWS, wanted.iter().any(|w| w.file.is_none())), (SQL, of_file(SQL_FILE)), (CVES, of_file(EXCHANGE_FILE))];
    for (source, _) in sources.into_iter().filter(|(_, asked)| *asked) {
        blocks(source).filter(|block| block.lines().any(|line| is_wanted(line, wanted))).for_each(|b| text.push_str(b));
    }
    let builds = |article: &Article| -> Vec<_> {
        let of = |wanted: &BuildsOf, build: &Build| {
            build.version.starts_with(&wanted.prefix) && build.file.as_deref() == wanted.file.as_deref()
        };
        article.builds.iter().filter(|build| wanted.iter().any(|wanted| of(wanted, build))).cloned().collect()
    };
    let catalog = read(&text)?;
    if catalog.articles().is_empty() {
        return Ok(catalog);
    }
    let catalog: Catalog =
        catalog.articles().iter().map(|article| Article { builds: builds(article), ..article.clone() }).collect();
    let mut advisories = format!("{HEADER}\n");
    let is_one = |block: &&str| id_of(block).is_some_and(|id| catalog.article(id).is_some());
    blocks(CVES).filter(is_one).for_each(|block| advisories.push_str(block));
    let advised = read(&advisories)?;
    let advised = advised.articles().iter().map(|article| Article { builds: Vec::new(), ..article.clone() }).collect();
    Ok(catalog.completed_by(&advised))
}

/// The articles that name a bulletin or a vulnerability: `MS08-067`, `CVE-2008-4250`.
pub fn updates_naming(name: &str) -> Vec<KbId> {
    let mut ids: Vec<KbId> = Vec::new();
    for (_, text) in UPDATES.iter().filter(|(_, text)| text.contains(name)) {
        let names = |block: &&str| {
            let mut lists = block.lines().filter(|line| line.starts_with("B\t") || line.starts_with("C\t"));
            lists.any(|line| line.split('\t').any(|field| field == name))
        };
        ids.extend(blocks(text).filter(names).filter_map(id_of));
    }
    ids.sort();
    ids.dedup();
    ids
}

/// The id of an article's block.
fn id_of(block: &str) -> Option<KbId> {
    block.strip_prefix("A\t")?.split('\t').next()?.trim().parse().ok()
}

/// The articles of a text, each from its line `A` on.
fn blocks(text: &'static str) -> impl Iterator<Item = &'static str> {
    let starts: Vec<usize> = memmem::find_iter(text.as_bytes(), b"\nA\t").map(|at| at + 1).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &text[start..end])
}

fn is_wanted(line: &str, wanted: &[BuildsOf]) -> bool {
    let mut fields = line.split('\t');
    let (Some("D"), Some(_), Some(version)) = (fields.next(), fields.next(), fields.next()) else { return false };
    let file = fields.next();
    wanted.iter().any(|wanted| version.starts_with(&wanted.prefix) && file == wanted.file.as_deref())
}

/// What the updates say of an article, as one article; `None` where none names it.
///
/// # Errors
/// The program's own text is broken: a bug.
pub fn update(id: KbId) -> Result<Option<Article>, CatalogError> {
    let mut found: Option<Article> = None;
    for (_, text) in UPDATES {
        if let Some(article) = read_article(text, id)? {
            found = Some(match found {
                Some(own) => complete(own, article),
                None => article,
            });
        }
    }
    Ok(found)
}

impl Catalog {
    /// This catalogue with the facts of another added to its articles: nothing is replaced.
    pub fn completed_by(self, other: &Self) -> Self {
        let mut by_id: BTreeMap<KbId, Article> =
            self.articles().iter().map(|article| (article.id, article.clone())).collect();
        for article in other.articles() {
            let article = match by_id.remove(&article.id) {
                Some(own) => complete(own, article.clone()),
                None => article.clone(),
            };
            by_id.insert(article.id, article);
        }
        by_id.into_values().collect()
    }
}

/// An article with what another says of its update. Its own rows, service packs, title and day stay.
pub fn complete(mut own: Article, other: Article) -> Article {
    fn add<T: PartialEq>(own: &mut Vec<T>, others: Vec<T>) {
        for other in others {
            if !own.contains(&other) {
                own.push(other);
            }
        }
    }
    if own.title.is_empty() {
        own.title = other.title;
    }
    own.last_modified = own.last_modified.or(other.last_modified);
    if own.products.is_empty() {
        own.products = other.products;
    }
    for (list, others) in [
        (&mut own.bulletins, other.bulletins),
        (&mut own.cves, other.cves),
        (&mut own.exploited, other.exploited),
        (&mut own.replaced_bulletins, other.replaced_bulletins),
    ] {
        let mut all: Vec<Cow<'static, str>> = std::mem::take(list);
        all.extend(others);
        all.sort();
        all.dedup();
        *list = all;
    }
    own.severity = own.severity.max(other.severity);
    own.restart = own.restart.max(other.restart);
    add(&mut own.replaced_articles, other.replaced_articles);
    own.replaced_articles.sort();
    add(&mut own.packages, other.packages);
    // Of one product the more trusted source's build stands: it came first.
    let stated: Vec<_> = own.builds.iter().map(|build| (build.product.clone(), build.file.clone())).collect();
    let is_new = |build: &Build| !stated.contains(&(build.product.clone(), build.file.clone()));
    own.builds.extend(other.builds.into_iter().filter(is_new));
    own
}
