//! Which bulletins an update belongs to, by what most translations of a bulletin's page say and not by a misprint in
//! one.
//!
//! The Italian and Chinese pages of MS06-013 name the package of MS05-054 in a command; the German page of MS05-044 has
//! the id of MS05-042 in its headline. If such a page counted, another update's files would prove that the fix is
//! installed.

use std::collections::{BTreeMap, BTreeSet};

use super::fix::Text;
use super::model::{Article, Rejected};
use super::settled_updates;
use hotfixcheck_types::KbId;

/// Why a page's statement about an update is left out.
pub const NOT_OF_THIS_UPDATE: &str = "most translations of the page do not name this update";

/// How many pages of a bulletin name an update, and how many of them list products or files; the others name only its
/// packages.
#[derive(Clone, Copy, Default)]
struct Votes {
    pages: usize,
    listed: usize,
}

/// The statements from bulletin pages, without those that belong to another update. Rows of which only another
/// translation names the update are moved to it. Each statement left out adds a
/// rejected line.
///
/// Only updates that several bulletins name are checked. A bulletin keeps the update if most of its pages name it. Half
/// of them are enough unless another bulletin lists the update; packages alone do not count against a bulletin that
/// lists it.
pub fn belonging(statements: Vec<Article>) -> Vec<Article> {
    let statements = settled_updates::settle(statements);
    let mut votes: BTreeMap<KbId, BTreeMap<Text, Votes>> = BTreeMap::new();
    let of_one = |article: &&Article| article.is_of_bulletin() && article.bulletins.len() == 1;
    for article in statements.iter().filter(of_one) {
        let Some(bulletin) = article.bulletins.first() else { continue };
        let votes = votes.entry(article.id).or_default().entry(bulletin.clone()).or_default();
        votes.pages += 1;
        let by_package = !article.packages.is_empty() && article.products.is_empty() && article.fixes.is_empty();
        votes.listed += usize::from(!by_package);
    }
    // Every page names the bulletin's own update. So the highest number of pages that name one update is the number of
    // pages.
    let mut pages: BTreeMap<Text, usize> = BTreeMap::new();
    for (bulletin, votes) in votes.values().flatten() {
        let pages = pages.entry(bulletin.clone()).or_default();
        *pages = votes.pages.max(*pages);
    }
    let of = |bulletin: &Text| pages.get(bulletin).copied().unwrap_or_default();
    let mut outvoted: BTreeSet<(KbId, Text)> = BTreeSet::new();
    for (id, votes) in votes.iter().filter(|(_, votes)| votes.len() > 1) {
        let most_list_it = |bulletin: &Text, votes: &Votes| 2 * votes.listed > of(bulletin);
        let is_out = |bulletin: &Text, own: &Votes| {
            let elsewhere = votes.iter().any(|(other, votes)| other != bulletin && most_list_it(other, votes));
            2 * own.pages < of(bulletin) || elsewhere && (2 * own.pages == of(bulletin) || own.listed == 0)
        };
        let out: Vec<&Text> = votes.iter().filter(|(b, own)| is_out(b, own)).map(|(b, _)| b).collect();
        if out.len() < votes.len() {
            outvoted.extend(out.into_iter().map(|bulletin| (*id, bulletin.clone())));
        }
    }
    let mut lines: BTreeMap<KbId, Vec<Rejected>> = BTreeMap::new();
    let mut kept: Vec<Article> = Vec::with_capacity(statements.len());
    for article in statements {
        let bulletin = article.bulletins.first().filter(|_| of_one(&&article));
        match bulletin.map(|bulletin| (article.id, bulletin.clone())).filter(|own| outvoted.contains(own)) {
            None => kept.push(article),
            Some((id, bulletin)) => {
                let line = article.fixes.first().map_or(1, |fix| fix.line);
                let rejected =
                    Rejected { line, text: format!("{bulletin} {id}"), reason: NOT_OF_THIS_UPDATE.to_owned() };
                lines.entry(id).or_default().push(rejected);
            }
        }
    }
    for article in &mut kept {
        article.rejected.extend(lines.remove(&article.id).unwrap_or_default());
    }
    kept
}
