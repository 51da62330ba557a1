//! Which bulletins an update belongs to: what most translations of a bulletin's page say, not a misprint in one.
//!
//! The Italian and Chinese pages of MS06-013 name the package of MS05-054 in a command, the German page of MS05-044 has the
//! id of MS05-042 in its headline. What such a page says would make another update's files the proof of a fix.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Article, Rejected, Text};
use hotfixcheck_types::KbId;

/// Why what a page says of an update is left out.
pub const NOT_OF_THIS_UPDATE: &str = "most translations of the page do not name this update";

/// How many pages of a bulletin name an update, and how many with products or files; others name its packages only.
#[derive(Clone, Copy, Default)]
struct Votes {
    pages: usize,
    listed: usize,
}

/// The statements of pages of bulletins without those that belong to another update, and one line for each of these.
///
/// Only an update that several bulletins name is looked at. A bulletin keeps it where most of its pages name it. Half of them
/// are enough unless another bulletin lists the update; packages alone do not count against a bulletin that lists it.
pub fn belonging(statements: Vec<Article>) -> Vec<Article> {
    let mut votes: BTreeMap<KbId, BTreeMap<Text, Votes>> = BTreeMap::new();
    let of_one = |article: &&Article| article.is_of_bulletin() && article.bulletins.len() == 1;
    for article in statements.iter().filter(of_one) {
        let Some(bulletin) = article.bulletins.first() else { continue };
        let votes = votes.entry(article.id).or_default().entry(bulletin.clone()).or_default();
        votes.pages += 1;
        let by_package = !article.packages.is_empty() && article.products.is_empty() && article.fixes.is_empty();
        votes.listed += usize::from(!by_package);
    }
    // Each page names the bulletin's own update: the update that the most pages name has as many as there are.
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
