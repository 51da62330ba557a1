//! Which articles of a catalogue a judgement needs, and their selection from one that was read as text.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::articles::Catalog;
use super::index::FixIndex;
use super::listed::Listed;
use crate::KbId;
use hotfixcheck_articles::Build;

/// The articles to select.
pub struct Wanted<'w> {
    /// Articles that correct a file of one of these names: see [`file_key`](crate::name::file_key).
    pub files: BTreeSet<String>,
    /// Articles of these ids, with all their facts.
    pub ids: BTreeSet<KbId>,
    /// Articles that bring one of these builds. Other builds are not read.
    pub builds: Vec<BuildsOf>,
    /// Called with each set of products and the number of articles that name service packs of these products and no
    /// file; 0 for those that correct files, too. Returns whether they are read.
    #[allow(clippy::type_complexity)] // A name for it would say less.
    pub packs: &'w mut dyn FnMut(&[String], usize) -> bool,
}

/// The builds to look up: those of a Windows by its build number, or those of a file whose version begins like this.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildsOf {
    /// The file; `None` for the system.
    pub file: Option<String>,
    /// The first numbers: `19045.`, `2019.150.`.
    pub prefix: String,
}

impl BuildsOf {
    pub(super) fn has(&self, build: &Build) -> bool {
        build.version.starts_with(&self.prefix) && build.file.as_deref() == self.file.as_deref()
    }
}

/// What `OpenCatalog::select` takes of a compiled catalogue, of one that was read as text.
pub(super) fn select_of_text(catalog: &Catalog, files: &FixIndex, wanted: Wanted<'_>) -> Catalog {
    let rows = wanted.files.iter().flat_map(|file| files.rows(file));
    let of_files: BTreeSet<usize> = rows.map(|row| row.article).collect();
    let is_wanted = |build: &Build| wanted.builds.iter().any(|of| of.has(build));
    let mut is_of_packs = |article: &Listed| {
        let products: BTreeSet<String> = article.service_packs().iter().map(|pack| pack.product.to_string()).collect();
        let products: Vec<String> = products.into_iter().collect();
        !products.is_empty() && (wanted.packs)(&products, usize::from(!article.has_rows()))
    };
    let is_chosen = |(place, article): &(usize, &Arc<Listed>)| {
        wanted.ids.contains(&article.id)
            || of_files.contains(place)
            || is_of_packs(article)
            || article.builds().iter().any(is_wanted)
    };
    let chosen = catalog.articles().iter().enumerate().filter(is_chosen);
    let mut articles: Vec<Arc<Listed>> = chosen.map(|(_, article)| Arc::clone(article)).collect();
    keep_builds(&mut articles, &wanted.builds, &wanted.ids);
    articles.retain(|article| article.states_fix() || wanted.ids.contains(&article.id));
    articles.into_iter().collect()
}

/// Of articles that were not asked for by id, keeps only the builds that are wanted.
pub(super) fn keep_builds(articles: &mut [Arc<Listed>], builds: &[BuildsOf], asked: &BTreeSet<KbId>) {
    let is_wanted = |build: &Build| builds.iter().any(|of| of.has(build));
    for article in articles {
        // An article that is shared is copied only where it brings more.
        if !article.builds().iter().all(is_wanted) && !asked.contains(&article.id) {
            *article = Arc::new(article.changed(|article| article.builds.retain(is_wanted)));
        }
    }
}

/// The articles of two lists that are sorted by id.
pub(super) fn in_order(one: Vec<Arc<Listed>>, other: impl Iterator<Item = Arc<Listed>>) -> Vec<Arc<Listed>> {
    let mut other = other.peekable();
    let mut all = Vec::with_capacity(one.len() + other.size_hint().0);
    for article in one {
        while let Some(before) = other.next_if(|other| other.id < article.id) {
            all.push(before);
        }
        all.push(article);
    }
    all.extend(other);
    all
}
