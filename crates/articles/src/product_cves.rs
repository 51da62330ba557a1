//! A bulletin's tables of software and vulnerabilities, for products that are no Windows: which of the page's vulnerabilities the
//! update of one product does not correct. MS10-080 has thirteen, Excel 2003 (KB2344893) four of them.
//!
//! A vulnerability is left out only where every line about the update's products says that it is not applicable there.

use std::collections::{BTreeMap, BTreeSet};

use hotfixcheck_types::KbId;

use super::update_ids::{named_updates, without_updates};
use super::vocabulary;

/// What the tables of a page say of products.
#[derive(Default)]
pub(crate) struct ProductCves {
    /// The updates of each product, by its name in the table of affected software.
    updates: BTreeMap<String, BTreeSet<KbId>>,
    /// For each product its vulnerabilities in the tables, and whether it may have them.
    stated: BTreeMap<String, BTreeMap<String, bool>>,
}

impl ProductCves {
    /// Adds a cell that names a product and its update.
    pub(crate) fn add_cell(&mut self, cell: &str) {
        let updates = named_updates(cell);
        if updates.len() == 1 {
            let name = plain(&without_updates(cell));
            self.updates.entry(name).or_default().extend(updates);
        }
    }

    /// Adds what a line says of a product.
    pub(crate) fn add(&mut self, line: &str, cves: &BTreeSet<String>, may_have: bool) {
        self.add_cell(line);
        let of_product = self.stated.entry(plain(&without_updates(line))).or_default();
        for cve in cves {
            *of_product.entry(cve.clone()).or_default() |= may_have;
        }
    }

    /// The vulnerabilities that an update does not correct; empty where a product of it has no line, or shares its name with
    /// another update.
    pub(crate) fn absent(&self, id: KbId) -> BTreeSet<&str> {
        let own = self.updates.iter().filter(|(_, updates)| updates.contains(&id));
        let lines: Option<Vec<_>> =
            own.map(|(name, updates)| self.stated.get(name).filter(|_| updates.len() == 1)).collect();
        let mut may_have: BTreeMap<&str, bool> = BTreeMap::new();
        for (cve, has) in lines.into_iter().flatten().flatten() {
            *may_have.entry(cve).or_default() |= has;
        }
        // An update that corrects nothing is a table that was misread.
        if !may_have.values().any(|has| *has) {
            return BTreeSet::new();
        }
        may_have.into_iter().filter(|(_, has)| !has).map(|(cve, _)| cve).collect()
    }
}

/// The name of a product, as two tables of one page have it: without the vendor, marks and footnotes.
fn plain(cell: &str) -> String {
    let lower = vocabulary::lower(cell);
    let text = lower.split('[').next().unwrap_or_default().replace("<br>", " ").replace("<br />", " ");
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || matches!(c, '*' | '\u{a0}')).collect();
    let words = words.into_iter().filter(|word| !word.is_empty() && *word != "microsoft" && *word != "()");
    words.collect::<Vec<_>>().join(" ")
}
