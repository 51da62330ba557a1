//! Rows of a bulletin's page whose update another translation names: its package stands in only one of the pages.
//!
//! The Italian page of MS03-051 names no package for the files of SharePoint Team Services, so they are bound to the
//! headline's update; the Japanese page names that of KB812708 for the same files and versions. Rows that most pages bind to
//! one update, and the others to another one, are those of the first: the list of the Italian page of MS06-003 misprints the
//! id of Outlook 2002.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::fix::{Fix, Text};
use super::model::Article;
use super::names::named;
use super::row_identity::{Version, version};
use hotfixcheck_types::KbId;

/// Fewer rows may be the same by chance.
const MIN_ROWS: usize = 3;

/// The files of some rows with their versions.
type Files = BTreeSet<(String, Version)>;

fn files<'f>(rows: impl Iterator<Item = &'f Fix>) -> Files {
    rows.map(|fix| (fix.file.to_lowercase(), version(fix))).collect()
}

/// The statements, with such rows moved to the update that the other pages name.
pub(crate) fn settle(statements: Vec<Article>) -> Vec<Article> {
    by_most_pages(by_package(statements))
}

/// A row of a bulletin's pages.
type Row = (Text, String, Version, Vec<String>);

/// The statements, with each row below the update that most pages bind it to. A row that a page binds to two updates stays.
fn by_most_pages(mut statements: Vec<Article>) -> Vec<Article> {
    let of_one = |article: &Article| article.is_of_bulletin() && article.bulletins.len() == 1;
    let mut pages: BTreeMap<(Text, KbId), usize> = BTreeMap::new();
    // Most rows have one update, whatever their heading.
    let mut ids: HashMap<(Text, String, Version), BTreeSet<KbId>> = HashMap::new();
    for article in statements.iter().filter(|article| of_one(article)) {
        *pages.entry((article.bulletins[0].clone(), article.id)).or_default() += 1;
        for fix in &article.fixes {
            let key = (article.bulletins[0].clone(), fix.file.to_lowercase(), version(fix));
            ids.entry(key).or_default().insert(article.id);
        }
    }
    ids.retain(|_, ids| ids.len() > 1);
    let row = |article: &Article, fix: &Fix| -> Option<Row> {
        let key = (article.bulletins[0].clone(), fix.file.to_lowercase(), version(fix));
        ids.contains_key(&key).then(|| (key.0, key.1, key.2, products(&fix.section)))
    };
    let mut votes: BTreeMap<Row, BTreeMap<KbId, usize>> = BTreeMap::new();
    for article in statements.iter().filter(|article| of_one(article)) {
        let rows: BTreeSet<Row> = article.fixes.iter().filter_map(|fix| row(article, fix)).collect();
        for row in rows {
            *votes.entry(row).or_default().entry(article.id).or_default() += 1;
        }
    }
    // Every page names the bulletin's own update.
    let most = |bulletin: &Text| pages.iter().filter(|((own, _), _)| own == bulletin).map(|(_, pages)| *pages).max();
    let winner = |(row, votes): (&Row, &BTreeMap<KbId, usize>)| {
        let all: usize = votes.values().sum();
        let (id, own) = votes.iter().max_by_key(|(_, pages)| **pages)?;
        (votes.len() > 1 && 2 * own > all && Some(all) <= most(&row.0)).then(|| (row.clone(), *id))
    };
    let winners: BTreeMap<Row, KbId> = votes.iter().filter_map(winner).collect();
    let mut leaving: Vec<(usize, KbId, BTreeSet<u32>)> = Vec::new();
    for (place, article) in statements.iter().enumerate().filter(|(_, article)| of_one(article) && !winners.is_empty())
    {
        let target = |fix: &Fix| row(article, fix).and_then(|row| winners.get(&row)).copied();
        let others: BTreeSet<KbId> = article.fixes.iter().filter_map(target).filter(|id| *id != article.id).collect();
        for id in others {
            let lines: BTreeSet<u32> =
                article.fixes.iter().filter(|fix| target(fix) == Some(id)).map(|fix| fix.line).collect();
            leaving.push((place, id, lines));
        }
    }
    for (place, id, lines) in leaving {
        let moved = moved_to(&mut statements[place], id, &lines);
        statements.push(moved);
    }
    statements
}

/// The statements, with rows moved to the update that another page names by its package.
fn by_package(mut statements: Vec<Article>) -> Vec<Article> {
    let mut named: BTreeMap<(Text, Files), BTreeSet<KbId>> = BTreeMap::new();
    let of_one = |article: &Article| article.is_of_bulletin() && article.bulletins.len() == 1;
    for article in statements.iter().filter(|article| of_one(article) && !article.packages.is_empty()) {
        let files = files(article.fixes.iter());
        if files.len() >= MIN_ROWS {
            named.entry((article.bulletins[0].clone(), files)).or_default().insert(article.id);
        }
    }
    let mut moved = Vec::new();
    for article in statements.iter_mut().filter(|article| of_one(article) && article.packages.is_empty()) {
        let sections: BTreeSet<Text> = article.fixes.iter().map(|fix| fix.section.clone()).collect();
        for section in sections {
            let key = (article.bulletins[0].clone(), files(article.fixes.iter().filter(|fix| fix.section == section)));
            let ids: Vec<KbId> = named.get(&key).into_iter().flatten().copied().collect();
            let [id] = ids[..] else { continue };
            if id == article.id {
                continue;
            }
            let lines = article.fixes.iter().filter(|fix| fix.section == section).map(|fix| fix.line).collect();
            moved.push(moved_to(article, id, &lines));
        }
    }
    statements.extend(moved);
    statements
}

/// The rows of these lines as a statement of another update.
fn moved_to(article: &mut Article, id: KbId, lines: &BTreeSet<u32>) -> Article {
    let fixes = article.fixes.extract_if(.., |fix| lines.contains(&fix.line)).collect();
    let rejected = article.rejected.extract_if(.., |rejected| lines.contains(&rejected.line)).collect();
    let packages = Vec::new();
    Article { id, products: Vec::new(), packages, keywords: Vec::new(), fixes, rejected, ..article.clone() }
}

/// The programs that a heading names, else its systems.
fn products(section: &str) -> Vec<String> {
    let named = named(section);
    let mut names: Vec<String> = named.programs().map(str::to_owned).collect();
    if names.is_empty() {
        names = named.windows().map(|(name, ..)| name.to_owned()).collect();
    }
    names.sort();
    names.dedup();
    names
}
