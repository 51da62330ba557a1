//! Fingerprints: a finding has the same one in the next run, on another machine and in another folder.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::finding::{ArticleVerdict, Finding, Subject};
use super::profile::JudgedSystem;
use crate::Machine;
use crate::inventory::Inventory;
use hotfixcheck_articles::Article;

/// Characters of a URI path that are not encoded.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A path as a relative URI reference. Its bytes are encoded, UTF-8 or not.
pub(crate) fn uri(path: &[u8]) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    match std::str::from_utf8(path) {
        Ok(text) if text.bytes().all(is_plain) => text.to_owned(),
        _ => percent_encode(path, PLAIN).to_string(),
    }
}

/// Of so many files of an article the fingerprints are kept.
const FEW: usize = 8;

/// The fingerprints of an article's findings, in their order: article, path below the tree, machine, and a number where
/// the article has several rows for this file.
///
/// They leave out the folder of the tree, the name of an image, how it was collected, and the version. If a file is
/// replaced by one that is still too old, the finding therefore stays the same. Case does not matter, because Windows
/// ignores it; `\` counts as `/`.
///
/// A finding about no file, such as a service pack, has the folder of its system in `systems` instead of the path.
pub fn fingerprints(
    verdict: &ArticleVerdict,
    article: &Article,
    inventory: &Inventory,
    systems: &[JudgedSystem],
) -> Vec<String> {
    fingerprints_in(verdict, article, inventory, systems, &|root| root)
}

/// As [`fingerprints`], for a report that has the trees in another order.
pub(super) fn fingerprints_in(
    verdict: &ArticleVerdict,
    article: &Article,
    inventory: &Inventory,
    systems: &[JudgedSystem],
    place_of: &dyn Fn(usize) -> usize,
) -> Vec<String> {
    let id = verdict.id.to_string();
    let territory = systems.get(verdict.system).map(|system| &system.territory);
    let of_system = territory.map(|own| tree(own.root, place_of) + &path(own.folder.as_bytes())).unwrap_or_default();
    let key_of = |finding: &Finding| {
        let (subject, machine) = subject(finding, article, inventory, place_of);
        let subject = if finding.entry().is_none() { of_system.clone() + &subject } else { subject };
        [id.as_str(), "|", &subject, "|", machine.map(Machine::name).unwrap_or_default()].concat()
    };
    let mut taken: HashMap<String, usize, RandomState> =
        HashMap::with_capacity_and_hasher(verdict.findings.len(), RandomState::default());
    let mut numbered = |key: &str| match taken.get_mut(key) {
        None => {
            taken.insert(key.to_owned(), 1);
            key.to_owned()
        }
        Some(number) => {
            *number += 1;
            format!("{key}|{number}")
        }
    };
    // Several rows are about one file.
    let mut of_entries: Vec<(usize, String)> = Vec::new();
    let one = |finding: &Finding| {
        let Some(entry) = finding.entry() else { return numbered(&key_of(finding)) };
        let known = of_entries.iter().rev().take(FEW).position(|(own, _)| *own == entry);
        if known.is_none() {
            of_entries.push((entry, key_of(finding)));
        }
        numbered(&of_entries[of_entries.len() - 1 - known.unwrap_or(0)].1)
    };
    verdict.findings.iter().map(one).collect()
}

fn subject(
    finding: &Finding,
    article: &Article,
    inventory: &Inventory,
    place_of: &dyn Fn(usize) -> usize,
) -> (String, Option<Machine>) {
    match (finding.entry(), finding.subject()) {
        (Some(place), _) => {
            let entry = &inventory.entries[place];
            // A disk keeps its identity when its image is renamed.
            let lasting = inventory.lasting_path(entry.root, &entry.path);
            let uri = path(lasting.as_bytes());
            (tree(entry.root, place_of) + &uri, entry.binary.as_ref().ok().and_then(|b| b.machine))
        }
        (None, Subject::Row(row)) => {
            let fix = &article.fixes[row];
            (format!("?{}", name(&fix.file)), fix.machine)
        }
        (None, Subject::Build(place)) => {
            let build = &article.builds[place];
            (format!("?{}/{}", name(&build.product), name(&build.version)), None)
        }
        (None, Subject::NotRead(place)) => (format!("?line/{}", article.rejected[place].line), None),
        (None, Subject::Article) => ("?article".to_owned(), None),
        (None, Subject::ServicePack(place)) => {
            let pack = &article.service_packs[place];
            (format!("?{}/{}", name(&pack.product), name(&pack.sp)), None)
        }
    }
}

/// The number of a tree from the second on: findings of the first tree keep their fingerprints when a second tree is
/// scanned with it.
fn tree(root: usize, place_of: &dyn Fn(usize) -> usize) -> String {
    let tree = place_of(root);
    if tree == 0 { String::new() } else { format!("{}:", tree + 1) }
}

/// A path below a tree.
fn path(path: &[u8]) -> String {
    let mut path = path.to_vec();
    path.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = b'/');
    let mut uri = uri(&path);
    uri.make_ascii_lowercase();
    uri
}

fn name(text: &str) -> String {
    uri(text.to_lowercase().as_bytes())
}
