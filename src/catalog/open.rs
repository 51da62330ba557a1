//! An open catalogue: looks up articles by their names, and selects those that can concern a set of files.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::articles::{Catalog, Coverage};
use super::compiled::{CompiledCatalog, PackArticles};
use super::complete::Replaced;
use super::index::FixIndex;
use super::listed::{Listed, Plain};
use super::numbers::Numbers;
use super::text::CatalogError;
use super::wanted::{BuildsOf, Wanted, in_order, keep_builds, select_of_text};
use crate::KbId;
use crate::knowledge::{Headings, Products, installed_names};
use crate::name::{file_key, is_key};
use hotfixcheck_articles::Article;
use hotfixcheck_facts::builds::{FIRST_CUMULATIVE, windows_products};

/// An open catalogue. Of a compiled one, nothing is read until it is needed.
#[derive(Clone, Debug)]
pub struct OpenCatalog {
    base: Base,
    /// Articles from other catalogues, which complete or replace those of the base.
    added: Catalog,
    added_files: FixIndex,
    /// How many of the added articles state a fix that the base does not have.
    added_stating: usize,
    /// The parts that the added catalogues replace.
    replaced: Vec<Replaced>,
    /// The parsed headings of its rows, if every article was read at once.
    headings: Option<Arc<Headings>>,
    /// See [`OpenCatalog::unordered`].
    unordered: OnceLock<Arc<[(String, String)]>>,
}

#[derive(Clone, Debug)]
enum Base {
    Compiled {
        catalog: Box<CompiledCatalog>,
        /// The names under which setup installs files of its rows, where these differ.
        installed: Vec<&'static str>,
    },
    Read {
        catalog: Catalog,
        files: FixIndex,
    },
}

impl OpenCatalog {
    /// A catalogue that was read from its text.
    pub fn of_text(catalog: Catalog) -> Self {
        let files = FixIndex::new(&catalog);
        Self::of(Base::Read { catalog, files })
    }

    /// A compiled catalogue.
    pub fn of_compiled(catalog: CompiledCatalog) -> Self {
        let has = |(original, _): &(&str, &str)| catalog.form().knows_file(original);
        let installed: BTreeSet<&str> = installed_names().filter(has).map(|(_, installed)| installed).collect();
        let installed = installed.into_iter().collect();
        Self::of(Base::Compiled { catalog: Box::new(catalog), installed })
    }

    fn of(base: Base) -> Self {
        Self {
            base,
            added: Catalog::default(),
            added_files: FixIndex::default(),
            added_stating: 0,
            replaced: Vec::new(),
            headings: None,
            unordered: OnceLock::new(),
        }
    }

    /// This catalogue with the articles of another: see [`Catalog::with`].
    ///
    /// # Errors
    /// As [`OpenCatalog::article`].
    pub fn with(self, other: Catalog) -> Result<Self, CatalogError> {
        // Of a compiled catalogue, only those articles are read of which something could be replaced.
        let stating: Vec<KbId> =
            other.iter().filter(|article| article.states_fix()).map(|article| article.id).collect();
        let own = self.articles(&stating)?;
        let added_stating = self.added_stating + stating.len() - own.stating_fix();
        let mut replaced = own.replaced_by(&other);
        replaced.splice(0..0, self.replaced.iter().cloned());
        Ok(match self.base {
            Base::Read { catalog, .. } => Self { replaced, ..Self::of_text(catalog.with(other)) },
            base => {
                let added = self.added.with(other);
                let added_files = FixIndex::new(&added);
                Self { added, added_files, added_stating, replaced, ..Self::of(base) }
            }
        })
    }

    /// The compiled catalogue, if it is one.
    pub(super) fn compiled(&self) -> Option<&CompiledCatalog> {
        match &self.base {
            Base::Compiled { catalog, .. } => Some(catalog),
            Base::Read { .. } => None,
        }
    }

    /// The articles of other catalogues that complete a compiled one.
    pub(super) fn added(&self) -> &Catalog {
        &self.added
    }

    /// The parts of articles that are no longer used because an added catalogue differs.
    pub fn replaced(&self) -> &[Replaced] {
        &self.replaced
    }

    /// Reads every article and heading: useful where many inventories are judged, which then share them.
    ///
    /// # Errors
    /// As [`OpenCatalog::article`].
    pub fn hold(&mut self, products: &Products) -> Result<(), CatalogError> {
        if let Base::Compiled { catalog, .. } = &mut self.base {
            catalog.hold()?;
        }
        self.headings = Some(Arc::new(Headings::of(self.whole()?.iter(), products)));
        Ok(())
    }

    /// The parsed headings of all rows, if they were read: see [`OpenCatalog::hold`].
    pub(crate) fn headings(&self) -> Option<&Arc<Headings>> {
        self.headings.as_ref()
    }

    /// True if the catalogue has rows for a file of this name, or of one that setup installs under this name.
    pub fn knows(&self, name: &str) -> bool {
        let Base::Compiled { catalog, installed } = &self.base else {
            let Base::Read { files, .. } = &self.base else { return false };
            return files.knows(name);
        };
        // A walk looks up every file of a tree, mostly in lower case: most names are already keys.
        let knows = |key: &str| catalog.form().knows_file(key) || installed.contains(&key);
        let added = !self.added.articles().is_empty() && self.added_files.knows(name);
        added || knows(name) || (!is_key(name) && knows(&file_key(name)))
    }

    /// The keys of all files that articles correct.
    pub fn file_keys(&self) -> impl Iterator<Item = &str> {
        let (compiled, files) = match &self.base {
            Base::Compiled { catalog, .. } => (Some(catalog.form().file_keys()), &self.added_files),
            Base::Read { files, .. } => (None, files),
        };
        compiled.into_iter().flatten().chain(files.names())
    }

    /// How many articles state a fix.
    pub fn len(&self) -> usize {
        match &self.base {
            Base::Read { catalog, .. } => catalog.stating_fix(),
            Base::Compiled { catalog, .. } => catalog.form().stating_fix() + self.added_stating,
        }
    }

    /// How many articles state no fix: they name neither a corrected file nor a service pack or a build.
    pub fn without_fix(&self) -> usize {
        let all = match &self.base {
            Base::Read { catalog, .. } => catalog.articles().len(),
            Base::Compiled { catalog, .. } => {
                let is_new = |article: &&Article| catalog.form().number(article.id).is_none();
                catalog.form().len() + self.added.iter().filter(is_new).count()
            }
        };
        all - self.len()
    }

    /// True if no article states a fix.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The change dates of the articles that state a fix.
    pub fn coverage(&self) -> Coverage {
        let Base::Compiled { catalog, .. } = &self.base else { return self.base_read().coverage() };
        let days = |of: Option<(&str, &str)>| of.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let form = catalog.form();
        let own = Coverage { files: days(form.coverage()), builds: days(form.coverage_of_builds()) };
        own.with(self.added.coverage())
    }

    fn base_read(&self) -> &Catalog {
        match &self.base {
            Base::Read { catalog, .. } => catalog,
            Base::Compiled { .. } => &self.added,
        }
    }

    /// True if [`unordered`](Self::unordered) is complete: it is not if articles were added.
    pub fn knows_unordered(&self) -> bool {
        self.added.articles().is_empty()
    }

    /// Products and release lines in which versions are known not to follow the order of dates, whatever articles are
    /// read; sorted. A compiled catalogue has them; of a text, `of_text` finds them.
    pub fn unordered(&self, of_text: impl FnOnce(&Catalog) -> Vec<(String, String)>) -> Arc<[(String, String)]> {
        let pairs = || match &self.base {
            Base::Read { catalog, .. } => of_text(catalog).into(),
            Base::Compiled { catalog, .. } => {
                let pairs = catalog.form().unordered();
                let mut pairs: Vec<_> = pairs.map(|(product, line)| (product.to_owned(), line.to_owned())).collect();
                pairs.sort_unstable();
                pairs.into()
            }
        };
        Arc::clone(self.unordered.get_or_init(pairs))
    }

    /// True if there is an article of this id.
    pub fn has(&self, id: KbId) -> bool {
        let read = self.base_read().article(id).is_some();
        read || matches!(&self.base, Base::Compiled { catalog, .. } if catalog.form().number(id).is_some())
    }

    /// The article of an id.
    ///
    /// # Errors
    /// A compiled catalogue that is damaged.
    pub fn article(&self, id: KbId) -> Result<Option<Article>, CatalogError> {
        Ok(self.articles(&[id])?.article(id).cloned())
    }

    /// The articles of these ids that exist.
    ///
    /// # Errors
    /// As [`OpenCatalog::article`].
    pub fn articles(&self, ids: &[KbId]) -> Result<Catalog, CatalogError> {
        match &self.base {
            Base::Read { catalog, .. } => Ok(catalog.of_ids(ids)),
            Base::Compiled { catalog, .. } => {
                let mut numbers: Vec<u32> = ids.iter().filter_map(|id| catalog.form().number(*id)).collect();
                numbers.sort_unstable();
                numbers.dedup();
                Ok(catalog.articles(&numbers)?.with(self.added.of_ids(ids)))
            }
        }
    }

    /// The ids of articles that differ from this one by a single slip: see [`Catalog::nearest`].
    pub fn nearest(&self, id: KbId) -> Vec<KbId> {
        match &self.base {
            Base::Read { catalog, .. } => catalog.nearest(id),
            Base::Compiled { catalog, .. } => {
                let own = (0..catalog.form().len() as u32).filter_map(|number| catalog.form().id(number));
                Catalog::nearest_of(own.chain(self.added.articles().iter().map(|article| article.id)), id)
            }
        }
    }

    /// The articles that name a bulletin (`MS05-040`) or a vulnerability (`CVE-2005-0058`), in any case.
    pub fn naming(&self, name: &str) -> Vec<KbId> {
        let prefix = format!("{}:", name.to_uppercase());
        // Articles that were read before bulletins were recorded have them only in the title.
        let names = |article: &Article| {
            article.bulletins.iter().chain(&article.cves).any(|of| of.eq_ignore_ascii_case(name))
                || article.title.to_uppercase().starts_with(&prefix)
        };
        self.ids(|catalog| catalog.form().naming(name), names)
    }

    /// The articles that correct a file.
    pub fn of_file(&self, name: &str) -> Vec<KbId> {
        let key = file_key(name);
        self.ids(
            |catalog| catalog.form().of_file(&key),
            |article| article.fixes.iter().any(|fix| file_key(&fix.file) == key),
        )
    }

    fn ids(&self, compiled: impl Fn(&CompiledCatalog) -> Vec<u32>, read: impl Fn(&Article) -> bool) -> Vec<KbId> {
        let mut ids: BTreeSet<KbId> =
            self.base_read().articles().iter().filter(|article| read(article)).map(|article| article.id).collect();
        if let Base::Compiled { catalog, .. } = &self.base {
            ids.extend(compiled(catalog).into_iter().filter_map(|number| catalog.form().id(number)));
        }
        ids.into_iter().collect()
    }

    /// Every article.
    ///
    /// # Errors
    /// As [`OpenCatalog::article`].
    pub fn whole(&self) -> Result<Cow<'_, Catalog>, CatalogError> {
        match &self.base {
            Base::Read { catalog, .. } => Ok(Cow::Borrowed(catalog)),
            Base::Compiled { catalog, .. } => Ok(Cow::Owned(catalog.whole()?.with(self.added.clone()))),
        }
    }

    /// How many articles bring a build of a Windows 10 or later, and are read only where the build of the system is
    /// known.
    pub fn with_system_builds(&self) -> usize {
        let numbers = windows_products().map(|(build, _)| build).filter(|build| *build >= FIRST_CUMULATIVE);
        match &self.base {
            Base::Compiled { catalog, .. } => {
                let articles = numbers.flat_map(|build| catalog.form().of_build("", &build.to_string()));
                articles.collect::<BTreeSet<u32>>().len()
            }
            Base::Read { catalog, .. } => {
                let wanted: Vec<BuildsOf> =
                    numbers.map(|build| BuildsOf { file: None, prefix: format!("{build}.") }).collect();
                let brings =
                    |article: &&Arc<Listed>| article.builds().iter().any(|build| wanted.iter().any(|of| of.has(build)));
                catalog.articles().iter().filter(brings).count()
            }
        }
    }

    /// Why an article that was read after [`select`](Self::select) could not be read: what a report says of it is then not
    /// true.
    pub fn damage(&self) -> Option<&CatalogError> {
        let Base::Compiled { catalog, .. } = &self.base else { return None };
        catalog.damage()
    }

    /// The updates that have a day and state no fix, and name a product that is wanted.
    ///
    /// # Errors
    /// As [`OpenCatalog::article`].
    pub fn updates_without_fix(&self, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Arc<Listed>>, CatalogError> {
        let is_own = |article: &&Arc<Listed>| {
            article.is_update_without_fix() && article.products.iter().any(|product| is_wanted(product))
        };
        let Base::Compiled { catalog, .. } = &self.base else {
            return Ok(self.base_read().articles().iter().filter(is_own).cloned().collect());
        };
        let mut updates = catalog.articles(&catalog.form().updates_without_fix(&is_wanted))?.into_articles();
        // An added catalogue may state a fix of one.
        updates.retain(|article| self.added.listed(article.id).is_none_or(|added| !added.states_fix()));
        let is_new = |article: &&Arc<Listed>| catalog.form().number(article.id).is_none();
        updates.extend(self.added.articles().iter().filter(is_new).filter(is_own).cloned());
        Ok(updates)
    }

    /// The requested articles, and all that were added.
    ///
    /// # Errors
    /// As [`OpenCatalog::article`].
    pub fn select(&self, wanted: Wanted<'_>) -> Result<Catalog, CatalogError> {
        let catalog = match &self.base {
            Base::Read { catalog, files } => return Ok(select_of_text(catalog, files, wanted)),
            Base::Compiled { catalog, .. } => catalog,
        };
        let form = catalog.form();
        let added_ids = self.added.articles().iter().map(|article| article.id);
        let asked: BTreeSet<KbId> = wanted.ids.iter().copied().chain(added_ids).collect();
        let mut numbers = Numbers::none_of(form);
        numbers.add(asked.iter().filter_map(|id| form.number(*id)));
        let files = wanted.files.iter().map(String::as_str).chain(self.added_files.names());
        files.for_each(|file| numbers.add(form.of_file(file)));
        // For each article of the catalogue its group, if it states only service packs.
        let mut unread: Vec<Option<&Arc<Plain>>> = Vec::new();
        for PackArticles { products, plain, has_files, articles } in catalog.of_service_packs() {
            let more: Vec<u32> = articles.iter().copied().filter(|number| !numbers.has(*number)).collect();
            if (wanted.packs)(products, if *has_files { 0 } else { more.len() }) {
                match plain {
                    Some(plain) => {
                        unread.resize(form.len(), None);
                        for number in more {
                            if let Some(of) = unread.get_mut(number as usize) {
                                *of = Some(plain);
                            }
                        }
                    }
                    None => numbers.add(more),
                }
            }
        }
        for builds in &wanted.builds {
            let first = builds.prefix.split('.').next().unwrap_or_default();
            numbers.add(form.of_build(builds.file.as_deref().unwrap_or_default(), first));
        }
        let read = catalog.articles(&numbers.ascending())?;
        let mut articles: Vec<Arc<Listed>> = read.into_articles();
        keep_builds(&mut articles, &wanted.builds, &asked);
        let unread = unread.into_iter().zip(0..).filter_map(|(plain, number)| catalog.unread(number, plain?));
        let articles = in_order(articles, unread);
        let mut articles = articles.into_iter().collect::<Catalog>().with(self.added.clone()).into_articles();
        articles.retain(|article| article.states_fix() || wanted.ids.contains(&article.id));
        Ok(articles.into_iter().collect())
    }
}
