//! What the headings of fix tables name. A thousand headings stand over all rows of the catalogue: each is read once.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::product::{Products, Scope};
use hotfixcheck_articles::{Article, Fix, Text};

/// The systems that the headings of some articles name.
#[derive(Clone, Debug, Default)]
pub struct Headings(HashMap<Text, Option<Scope>, RandomState>);

impl Headings {
    /// Reads the headings of these articles.
    pub fn of<'a>(articles: impl IntoIterator<Item = &'a Article>, products: &Products) -> Self {
        let mut scopes: HashMap<Text, Option<Scope>, RandomState> = HashMap::default();
        for article in articles {
            // Rows of one heading follow each other.
            let mut last: Option<&Text> = None;
            for Fix { section, .. } in &article.fixes {
                if last != Some(section) && !scopes.contains_key(section) {
                    scopes.insert(section.clone(), None);
                }
                last = Some(section);
            }
        }
        scopes.par_iter_mut().for_each(|(heading, scope)| *scope = products.scope_of_heading(heading));
        Self(scopes)
    }

    /// The systems that a heading of these articles names; `None` if it names no Windows.
    pub fn scope(&self, heading: &str) -> Option<&Scope> {
        self.0.get(heading)?.as_ref()
    }
}
