//! A compiled catalogue, read article by article: [`hotfixcheck_catalog`] finds the lines, this file parses them.

use std::sync::Arc;

use rayon::prelude::*;

use super::articles::Catalog;
use super::complete::complete;
use super::line::read_line;
use super::listed::Listed;
use super::text::CatalogError;
use crate::KbId;
use hotfixcheck_articles::{Article, Text};
use hotfixcheck_catalog::{Compiled, DamageError, Lines, MAGIC, OpenError, Source, compile};

/// The catalogue that ships with the program: `build.rs` makes it from the texts in `data/`.
static BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.hfc"));

/// The program version that must have made a compiled catalogue.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A catalogue of which only the requested articles are read.
#[derive(Clone, Debug)]
pub struct CompiledCatalog {
    form: Compiled,
    /// For each source, whether its builds of a system count.
    system_builds: Vec<bool>,
    /// Every article by its number, if all were read at once.
    held: Option<Vec<Arc<Listed>>>,
}

impl CompiledCatalog {
    /// The catalogue that ships with the program.
    ///
    /// # Errors
    /// Never for a released program: tests read every article of it.
    pub fn built_in() -> Result<Self, OpenError> {
        Compiled::open_static(BUILT_IN, VERSION).map(Self::of)
    }

    /// Opens a compiled catalogue.
    ///
    /// # Errors
    /// Bytes that are not a compiled catalogue, or one that is damaged or was made by another version of the program.
    pub fn open(bytes: Vec<u8>) -> Result<Self, OpenError> {
        Compiled::open(bytes, VERSION).map(Self::of)
    }

    /// True for bytes that begin like a compiled catalogue.
    pub fn is_compiled(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Compiles a catalogue text. `unordered` are the products and release lines of
    /// [`Neighbours::unordered`](crate::assess::neighbours::Neighbours::unordered).
    ///
    /// # Errors
    /// A text that is not a catalogue.
    pub fn compile(name: &str, text: &str, unordered: &[(String, String)]) -> Result<Vec<u8>, CatalogError> {
        let error = |error: hotfixcheck_catalog::CompileError| CatalogError { line: error.line, what: error.what };
        compile(&[Source::new(name, text)], unordered, VERSION).map_err(error)
    }

    fn of(form: Compiled) -> Self {
        let system_builds = form.sources().into_iter().map(|(_, counts)| counts).collect();
        Self { form, system_builds, held: None }
    }

    /// The parts that are found without reading an article: ids, files, bulletins, vulnerabilities, builds.
    pub fn form(&self) -> &Compiled {
        &self.form
    }

    /// The article of an id, with the facts of all sources.
    ///
    /// # Errors
    /// A line that cannot be parsed, or damage.
    pub fn article(&self, id: KbId) -> Result<Option<Article>, CatalogError> {
        self.form.number(id).map(|number| self.read(number)).transpose()
    }

    /// The article of a number of [`form`](Self::form).
    ///
    /// # Errors
    /// A number without an article, a line that cannot be parsed, or damage.
    pub fn read(&self, number: u32) -> Result<Article, CatalogError> {
        match self.form.static_lines(number) {
            // Fields that are part of the program itself are not copied.
            Some(lines) => self.read_lines(number, lines, Text::Borrowed),
            None => self.read_lines(number, self.form.lines(number), |field| Text::Owned(field.to_owned())),
        }
    }

    fn read_lines<'c>(
        &self,
        number: u32,
        lines: Result<Lines<'c>, DamageError>,
        keep: impl Fn(&'c str) -> Text,
    ) -> Result<Article, CatalogError> {
        let name = || self.form.id(number).map(|id| format!("{id}: ")).unwrap_or_default();
        let damaged = |error: DamageError| CatalogError { line: 0, what: format!("{}{error}", name()) };
        let mut lines = lines.map_err(damaged)?;
        let (mut fields, mut statements, mut of) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(source) = lines.next_line(&mut fields).map_err(damaged)? {
            read_line(fields.iter().copied(), &mut statements, &keep)
                .map_err(|what| CatalogError { line: 0, what: format!("{}{what}", name()) })?;
            if statements.len() > of.len() {
                of.push(source);
            }
        }
        let mut statements = statements.into_iter().zip(of).map(|(mut article, source): (Article, usize)| {
            if !self.system_builds.get(source).copied().unwrap_or(true) {
                article.builds.retain(|build| build.file.is_some());
            }
            article
        });
        let first = statements.next().ok_or_else(|| damaged(DamageError))?;
        Ok(statements.fold(first, complete))
    }

    /// The articles of these numbers.
    ///
    /// # Errors
    /// As [`CompiledCatalog::read`].
    pub fn articles(&self, numbers: &[u32]) -> Result<Catalog, CatalogError> {
        if let Some(held) = &self.held {
            return Ok(numbers.iter().filter_map(|&number| held.get(number as usize).map(Arc::clone)).collect());
        }
        let read = numbers.par_iter().map(|&number| self.read(number).map(|article| Arc::new(Listed::from(article))));
        read.collect::<Result<Vec<_>, _>>().map(Catalog::from_iter)
    }

    /// Reads every article and keeps it: useful where many inventories are judged.
    ///
    /// # Errors
    /// As [`CompiledCatalog::read`].
    pub(super) fn hold(&mut self) -> Result<(), CatalogError> {
        if self.held.is_none() {
            self.held = Some(self.whole()?.into_articles());
        }
        Ok(())
    }

    /// Every article.
    ///
    /// # Errors
    /// As [`CompiledCatalog::read`].
    pub fn whole(&self) -> Result<Catalog, CatalogError> {
        let numbers: Vec<u32> = (0..self.form.len() as u32).collect();
        self.articles(&numbers)
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
