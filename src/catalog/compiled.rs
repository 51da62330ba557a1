//! A compiled catalogue, read article by article: [`hotfixcheck_catalog`] finds the lines, this file parses them.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::articles::Catalog;
use super::complete::complete;
use super::line::read_line;
use super::listed::{Files, Listed, Plain};
use super::text::{self, CatalogError};
use crate::KbId;
use hotfixcheck_articles::{Article, ServicePack, Text};
use hotfixcheck_catalog::{Blocks, Compiled, DamageError, MAGIC, OpenError, Packs, Source, compile};

/// The catalogue that ships with the program: `build.rs` makes it from the texts in `data/`.
static BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.hfc"));

/// A line seldom has more fields.
const FIELDS: usize = 24;

/// The strings of it.
static BUILT_IN_STRINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/catalog-strings.txt"));

/// The program version that must have made a compiled catalogue.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A catalogue of which only the requested articles are read.
#[derive(Clone, Debug)]
pub struct CompiledCatalog {
    reader: Arc<Reader>,
    /// Every article by its number, if all were read at once.
    held: Option<Vec<Arc<Listed>>>,
    /// The articles that name only service packs, in groups.
    packs: Arc<OnceLock<Vec<PackArticles>>>,
}

/// Articles that name service packs of these products.
#[derive(Clone, Debug)]
pub(super) struct PackArticles {
    /// The products.
    pub products: Vec<String>,
    /// Their group, if they state nothing else and need not be read.
    pub plain: Option<Arc<Plain>>,
    /// True if they correct files, too.
    pub has_files: bool,
    /// Their numbers, ascending.
    pub articles: Vec<u32>,
}

/// Reads articles.
#[derive(Debug)]
struct Reader {
    form: Compiled,
    /// For each source, whether its builds of a system count.
    system_builds: Vec<bool>,
    /// The first article of those which are read late that could not be read.
    damage: OnceLock<CatalogError>,
}

impl CompiledCatalog {
    /// The catalogue that ships with the program.
    ///
    /// # Errors
    /// Never for a released program: tests read every article of it.
    pub fn built_in() -> Result<Self, OpenError> {
        Compiled::open_static(BUILT_IN, BUILT_IN_STRINGS, VERSION).map(Self::of)
    }

    /// Opens a compiled catalogue.
    ///
    /// # Errors
    /// Bytes that are not a compiled catalogue, or one that is damaged or was made by another version of the program.
    pub fn open(bytes: Vec<u8>) -> Result<Self, OpenError> {
        Compiled::open(bytes, VERSION).map(Self::of)
    }

    /// As [`open`](Self::open), for bytes that stay as long as the program: fields of articles are then not copied.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_for_good(bytes: &'static [u8]) -> Result<Self, OpenError> {
        Compiled::open_for_good(bytes, VERSION).map(Self::of)
    }

    /// True for bytes that begin like a compiled catalogue.
    pub fn is_compiled(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Compiles a catalogue text. `unordered` are the products and release lines of
    /// [`Neighbours::unordered`](crate::assess::neighbours::Neighbours::unordered).
    ///
    /// # Errors
    /// A text that is not a catalogue, or a line of it that cannot be parsed.
    pub fn compile(name: &str, text: &str, unordered: &[(String, String)]) -> Result<Vec<u8>, CatalogError> {
        // Not every scan reads every article: what cannot be read must not get into the compiled form.
        text::read(text)?;
        let error = |error: hotfixcheck_catalog::CompileError| CatalogError { line: error.line, what: error.what };
        compile(&[Source::new(name, text)], unordered, VERSION).map_err(error)
    }

    fn of(form: Compiled) -> Self {
        let system_builds = form.sources().into_iter().map(|(_, counts)| counts).collect();
        let reader = Arc::new(Reader { form, system_builds, damage: OnceLock::new() });
        Self { reader, held: None, packs: Arc::default() }
    }

    /// The parts that are found without reading an article: ids, files, bulletins, vulnerabilities, builds.
    pub fn form(&self) -> &Compiled {
        &self.reader.form
    }

    /// The article of an id, with the facts of all sources.
    ///
    /// # Errors
    /// A line that cannot be parsed, or damage.
    pub fn article(&self, id: KbId) -> Result<Option<Article>, CatalogError> {
        self.form().number(id).map(|number| self.read(number)).transpose()
    }

    /// The article of a number of [`form`](Self::form).
    ///
    /// # Errors
    /// A number without an article, a line that cannot be parsed, or damage.
    pub fn read(&self, number: u32) -> Result<Article, CatalogError> {
        self.reader.read(number).map(Listed::into_article)
    }

    /// Why an article that is not read before something of it is asked for could not be read: what was said of it is then not
    /// true.
    pub(super) fn damage(&self) -> Option<&CatalogError> {
        self.reader.damage.get()
    }

    /// The articles of these numbers.
    ///
    /// # Errors
    /// As [`CompiledCatalog::read`].
    pub fn articles(&self, numbers: &[u32]) -> Result<Catalog, CatalogError> {
        if let Some(held) = &self.held {
            return Ok(numbers.iter().filter_map(|&number| held.get(number as usize).map(Arc::clone)).collect());
        }
        let read = numbers.par_iter().map(|&number| self.reader.read(number).map(Arc::new));
        read.collect::<Result<Vec<_>, _>>().map(Catalog::from_iter)
    }

    /// An article of a group that states only service packs: it is read when it is asked for.
    pub(super) fn unread(&self, number: u32, plain: &Arc<Plain>) -> Option<Arc<Listed>> {
        match &self.held {
            Some(held) => held.get(number as usize).map(Arc::clone),
            None => Some(Arc::new(Listed::unread(self.form().id(number)?, number, Arc::clone(plain)))),
        }
    }

    /// The articles that name service packs and no file, in groups that name the same ones.
    pub(super) fn of_service_packs(&self) -> &[PackArticles] {
        let group = |(place, of): (usize, Packs<'_>)| {
            let pack = |(product, sp): &(&str, &str)| ServicePack {
                product: (*product).to_owned().into(),
                sp: (*sp).to_owned().into(),
            };
            let plain = of.is_plain.then(|| {
                let reader = Arc::clone(&self.reader);
                let packs: Arc<[ServicePack]> = of.packs.iter().map(pack).collect();
                let own = Arc::clone(&packs);
                Arc::new(Plain::new(place, packs, move |id, number| reader.read_late(id, number, &own)))
            });
            let mut products: Vec<String> = of.packs.iter().map(|(product, _)| (*product).to_owned()).collect();
            products.sort_unstable();
            products.dedup();
            PackArticles { products, plain, has_files: of.has_files, articles: of.articles }
        };
        self.packs.get_or_init(|| self.form().of_service_packs().enumerate().map(group).collect())
    }

    /// Reads every article and keeps it: useful where many inventories are judged.
    ///
    /// # Errors
    /// As [`CompiledCatalog::read`].
    pub(super) fn hold(&mut self) -> Result<(), CatalogError> {
        if self.held.is_none() {
            let mut held = self.whole()?.into_articles();
            for PackArticles { plain, articles, .. } in self.of_service_packs() {
                for (&number, plain) in articles.iter().zip(std::iter::repeat(plain)) {
                    let Some((listed, plain)) = held.get_mut(number as usize).zip(plain.as_ref()) else { continue };
                    let read = Arc::unwrap_or_clone(Arc::clone(listed));
                    *listed = Arc::new(read.in_group(number, Arc::clone(plain)));
                }
            }
            self.held = Some(held);
        }
        Ok(())
    }

    /// Every article.
    ///
    /// # Errors
    /// As [`CompiledCatalog::read`].
    pub fn whole(&self) -> Result<Catalog, CatalogError> {
        let numbers: Vec<u32> = (0..self.form().len() as u32).collect();
        self.articles(&numbers)
    }
}

impl Reader {
    fn read(&self, number: u32) -> Result<Listed, CatalogError> {
        match self.form.static_blocks() {
            // Fields that are part of the program itself are not copied.
            Some(blocks) => self.read_block(number, blocks, Text::Borrowed),
            None => self.read_block(number, self.form.blocks(), |field| Text::Owned(field.to_owned())),
        }
    }

    /// Reads an article after the choice of articles. One that cannot be read, or does not state the service packs by which it was
    /// judged, states only these, and [`CompiledCatalog::damage`] says why.
    fn read_late(&self, id: KbId, number: u32, packs: &[ServicePack]) -> Article {
        let differs = || CatalogError { line: 0, what: format!("{id}: {}", DamageError) };
        let read = self.read(number).map(Listed::into_article);
        let read = read.and_then(|read| if read.service_packs == packs { Ok(read) } else { Err(differs()) });
        read.unwrap_or_else(|error| {
            let _ = self.damage.set(error);
            Article { service_packs: packs.to_vec(), ..Article::new(id, "") }
        })
    }

    fn read_block<'c>(
        &self,
        number: u32,
        blocks: Blocks<'c>,
        keep: impl Fn(&'c str) -> Text,
    ) -> Result<Listed, CatalogError> {
        let name = || self.form.id(number).map(|id| format!("{id}: ")).unwrap_or_default();
        let damaged = |error: DamageError| CatalogError { line: 0, what: format!("{}{error}", name()) };
        let mut lines = blocks.lines(number).map_err(damaged)?;
        let (mut fields, mut statements): (_, Vec<Article>) = (Vec::with_capacity(FIELDS), Vec::new());
        // For each statement its source and the files of its rows.
        let mut of: Vec<(usize, Vec<u32>)> = Vec::new();
        let mut left = lines.capacity();
        while let Some(line) = lines.next_line(&mut fields).map_err(damaged)? {
            if let (Some(article), Some(_)) = (statements.last_mut(), line.file)
                && article.fixes.is_empty()
            {
                // The rows are most of the lines, and the last ones.
                article.fixes.reserve_exact(left);
            }
            read_line(&fields, line.changed, &mut statements, &keep)
                .map_err(|what| CatalogError { line: 0, what: format!("{}{what}", name()) })?;
            if statements.len() > of.len() {
                of.push((line.source, Vec::new()));
            }
            left = left.saturating_sub(1);
            if let (Some(file), Some((_, files))) = (line.file, of.last_mut()) {
                if files.is_empty() {
                    files.reserve_exact(left + 1);
                }
                files.push(file);
            }
        }
        // The files are known where only one statement has rows: no others are merged with them.
        let mut with_rows = of.iter_mut().filter(|(_, files)| !files.is_empty());
        let files = with_rows.next().map(|(_, files)| std::mem::take(files));
        let files = files.filter(|_| with_rows.next().is_none());
        let mut statements = statements.into_iter().zip(of).map(|(mut article, (source, _)): (Article, _)| {
            if !self.system_builds.get(source).copied().unwrap_or(true) {
                article.builds.retain(|build| build.file.is_some());
            }
            article
        });
        let first = statements.next().ok_or_else(|| damaged(DamageError))?;
        let article = statements.fold(first, complete);
        let Some(files) = files.filter(|files| files.len() == article.fixes.len()) else { return Ok(article.into()) };
        let files = Files::of_keys(&article, &files, |index| blocks.file_key(index).map(&keep)).map_err(damaged)?;
        Ok(Listed::with_files(article, files))
    }
}

impl Catalog {
    /// Every article of the catalogue that ships with the program. [`CompiledCatalog::built_in`] reads only the
    /// requested ones.
    ///
    /// # Errors
    /// Never for a released program: a test reads it.
    pub fn embedded() -> Result<Self, CatalogError> {
        let broken = |error: OpenError| CatalogError { line: 0, what: error.to_string() };
        CompiledCatalog::built_in().map_err(broken)?.whole()
    }
}
