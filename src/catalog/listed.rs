//! An article of a catalogue, with its rows by file: they are grouped and read once, however many systems are judged. Articles
//! that name only service packs are not read until something else of them is asked for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;

use crate::KbId;
use crate::knowledge::{RowText, installed_name};
use crate::name::key_of;
use hotfixcheck_articles::{Article, Build, Fix, OnWindows, ServicePack, Severity, Text};

/// An article of a catalogue.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id, which is known before it is read.
    pub id: KbId,
    article: OnceLock<Box<Article>>,
    /// Boxed: many articles have no rows.
    files: OnceLock<Box<Files>>,
    /// Its group and number, if it states only service packs.
    plain: Option<(Arc<Plain>, u32)>,
}

/// Articles of a compiled catalogue that state the same service packs and nothing else, except title, day and products.
pub(crate) struct Plain {
    /// The index of this group in the catalogue.
    pub place: usize,
    /// The service packs, as in the articles.
    pub packs: Arc<[ServicePack]>,
    /// Reads the article of an id and number, which has these service packs.
    read: Box<dyn Fn(KbId, u32) -> Article + Send + Sync>,
}

impl Plain {
    pub(super) fn new(
        place: usize,
        packs: Arc<[ServicePack]>,
        read: impl Fn(KbId, u32) -> Article + Send + Sync + 'static,
    ) -> Self {
        Self { place, packs, read: Box::new(read) }
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain").field("place", &self.place).field("packs", &self.packs).finish_non_exhaustive()
    }
}

/// The rows of an article by file.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The files, sorted by their keys.
    files: Vec<ListedFile>,
    /// The indices of the rows in the article's `fixes`: those of one file are together, in ascending order.
    rows: Vec<usize>,
    /// What each row of `fixes` says, read when it is first asked for: most rows are about files that are not there.
    texts: Vec<OnceLock<Box<RowText>>>,
    /// See [`Files::of_rows`].
    of_rows: OnceLock<Vec<(u32, u32)>>,
}

/// A file that rows of an article are about.
#[derive(Clone, Debug)]
struct ListedFile {
    key: Text,
    installed: Option<&'static str>,
    is_dated: bool,
    rows: Range<usize>,
}

/// A file that rows of an article are about, with these rows.
#[derive(Clone, Copy, Debug)]
pub struct FileRows<'a> {
    /// The file's [`file_key`](crate::file_key).
    pub key: &'a str,
    /// The name under which setup installs it, if that differs.
    pub installed: Option<&'static str>,
    /// The places of the rows in the article's `fixes`, ascending; at least one.
    pub rows: &'a [usize],
}

/// What is asked of every article of a catalogue: of one that states only service packs it is known before it is read.
impl Listed {
    /// The service packs that correct the problem.
    pub fn service_packs(&self) -> &[ServicePack] {
        self.plain().map_or_else(|| &self.service_packs[..], |plain| &plain.packs)
    }

    /// The builds of products that have the fix.
    pub fn builds(&self) -> &[Build] {
        if self.plain.is_some() { &[] } else { &self.builds }
    }

    /// The security bulletins that name the update.
    pub fn bulletins(&self) -> &[Text] {
        if self.plain.is_some() { &[] } else { &self.bulletins }
    }

    /// True for an update that a dated source names with its vulnerabilities or bulletins, while none knows a fix of it.
    pub(crate) fn is_update_without_fix(&self) -> bool {
        let is_update = || !self.cves.is_empty() || !self.bulletins.is_empty();
        self.plain.is_none() && !self.states_fix() && self.last_modified.is_some() && is_update()
    }

    /// The vendor's highest rating.
    pub fn severity(&self) -> Option<Severity> {
        if self.plain.is_some() { None } else { self.severity }
    }

    /// The vendor's highest rating on this Windows; on any that it may be if it is not known.
    pub fn severity_on(&self, on: &OnWindows) -> Option<Severity> {
        if self.plain.is_some() { None } else { Article::severity_on(self, on) }
    }

    /// True if the article names a file.
    pub fn has_rows(&self) -> bool {
        self.plain.is_none() && !self.fixes.is_empty()
    }

    /// True if the article states what corrects the problem: a file, a service pack or a build.
    pub fn states_fix(&self) -> bool {
        self.plain.is_some() || Article::states_fix(self)
    }

    /// The group of the article, if it states only service packs and its catalogue knows that without reading it.
    pub(crate) fn plain(&self) -> Option<&Plain> {
        self.plain.as_ref().map(|(plain, _)| &**plain)
    }
}

impl Listed {
    /// An article that states only service packs, which is read when it is asked for.
    pub(super) fn unread(id: KbId, number: u32, plain: Arc<Plain>) -> Self {
        Self { id, article: OnceLock::new(), files: OnceLock::new(), plain: Some((plain, number)) }
    }

    /// An article with its rows by file.
    pub(super) fn with_files(article: Article, files: Files) -> Self {
        let this = Self::from(article);
        let _ = this.files.set(Box::new(files));
        this
    }

    /// This article, which has been read, as one of a group of articles that state only service packs.
    pub(super) fn in_group(mut self, number: u32, plain: Arc<Plain>) -> Self {
        self.plain = Some((plain, number));
        self
    }

    /// The rows by file.
    pub fn files(&self) -> &Files {
        static NONE: Files = Files { files: Vec::new(), rows: Vec::new(), texts: Vec::new(), of_rows: OnceLock::new() };
        if self.plain.is_some() { &NONE } else { self.files.get_or_init(|| Box::new(Files::of(self))) }
    }

    /// What the cells of a row say, by its place in the article's `fixes`.
    pub fn text(&self, row: usize) -> &RowText {
        self.files().texts[row].get_or_init(|| Box::new(RowText::of(&self.fixes[row])))
    }

    /// The article, changed.
    pub(super) fn changed(&self, change: impl FnOnce(&mut Article)) -> Self {
        let mut article = Article::clone(self);
        change(&mut article);
        article.into()
    }

    /// The article without its index.
    pub fn into_article(self) -> Article {
        match self.article.into_inner() {
            Some(article) => *article,
            None => Self::unread_article(self.id, self.plain.as_ref()),
        }
    }

    fn unread_article(id: KbId, plain: Option<&(Arc<Plain>, u32)>) -> Article {
        // Only articles of a group are unread.
        plain.map_or_else(|| Article::new(id, ""), |(plain, number)| (plain.read)(id, *number))
    }
}

impl From<Article> for Listed {
    fn from(article: Article) -> Self {
        Self { id: article.id, article: OnceLock::from(Box::new(article)), files: OnceLock::new(), plain: None }
    }
}

impl Deref for Listed {
    type Target = Article;

    fn deref(&self) -> &Article {
        self.article.get_or_init(|| Box::new(Self::unread_article(self.id, self.plain.as_ref())))
    }
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Listed {}

/// Up to this many names are compared one by one.
const FEW: usize = 6;

/// True for a row with a date and no version.
fn is_dated(fix: &Fix) -> bool {
    fix.version.is_none() && fix.date.is_some()
}

/// True for two equal names. Those of the built-in catalogue are equal where they lie at the same place.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && (std::ptr::eq(one, other) || one == other)
}

impl Files {
    /// The rows of an article, of each of which the index of its file's key is known: the keys are in the order of the
    /// indices. `key` gives the key.
    ///
    /// # Errors
    /// Those of `key`.
    pub(super) fn of_keys<E>(
        article: &Article,
        indices: &[u32],
        key: impl Fn(u32) -> Result<Text, E>,
    ) -> Result<Self, E> {
        let mut sorted: Vec<(u32, usize)> = indices.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        let mut files = Vec::with_capacity(sorted.chunk_by(|(one, _), (other, _)| one == other).count());
        let mut start = 0;
        for rows in sorted.chunk_by(|(one, _), (other, _)| one == other) {
            let key = key(rows[0].0)?;
            let is_dated = rows.iter().any(|(_, row)| is_dated(&article.fixes[*row]));
            files.push(ListedFile {
                installed: installed_name(&key, None),
                key,
                is_dated,
                rows: start..start + rows.len(),
            });
            start += rows.len();
        }
        // A list of its own: it would keep the room of the pairs.
        let rows = sorted.iter().map(|(_, row)| *row).collect();
        let texts = article.fixes.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { files, rows, texts, of_rows: OnceLock::new() })
    }

    fn of<'a>(article: &'a Article) -> Self {
        if article.fixes.is_empty() {
            return Self::default();
        }
        // A name that many rows spell in the same way is parsed once.
        let mut written: HashMap<&str, usize, RandomState> = HashMap::default();
        let mut names: Vec<&Text> = Vec::new();
        let of_row = |Fix { file, .. }: &'a Fix| {
            // Comparing a few names is faster than a hash table.
            if let Some(name) = names.iter().take(FEW).position(|name| is_same(name, file)) {
                return name;
            }
            let next = names.len();
            let name = if next < FEW { next } else { *written.entry(file).or_insert(next) };
            if name == next {
                names.push(file);
            }
            name
        };
        let of_row: Vec<usize> = article.fixes.iter().map(of_row).collect();
        let keys: Vec<Cow<'_, str>> = names.iter().map(|name| key_of(name)).collect();
        let mut sorted: Vec<usize> = (0..keys.len()).collect();
        sorted.sort_unstable_by_key(|&name| (&*keys[name], name));
        let mut files: Vec<ListedFile> = Vec::new();
        let mut of_name = vec![0; keys.len()];
        for of_file in sorted.chunk_by(|&one, &other| keys[one] == keys[other]) {
            of_file.iter().for_each(|&name| of_name[name] = files.len());
            let key = match &keys[of_file[0]] {
                // Fields that are part of the program itself are not copied.
                Cow::Borrowed(_) => names[of_file[0]].clone(),
                Cow::Owned(key) => Text::Owned(key.clone()),
            };
            files.push(ListedFile { installed: installed_name(&key, None), key, is_dated: false, rows: 0..0 });
        }
        // Puts each file's rows together, in their order.
        for &name in &of_row {
            files[of_name[name]].rows.end += 1;
        }
        let mut start = 0;
        for ListedFile { rows, .. } in &mut files {
            let count = rows.end;
            *rows = start..start;
            start += count;
        }
        let mut rows = vec![0; of_row.len()];
        for (row, (name, fix)) in of_row.into_iter().zip(&article.fixes).enumerate() {
            let file = &mut files[of_name[name]];
            file.is_dated |= is_dated(fix);
            rows[file.rows.end] = row;
            file.rows.end += 1;
        }
        let texts = article.fixes.iter().map(|_| OnceLock::new()).collect();
        Self { files, rows, texts, of_rows: OnceLock::new() }
    }

    /// Each file, sorted by their keys.
    pub fn iter(&self) -> impl Iterator<Item = FileRows<'_>> {
        self.files.iter().map(|ListedFile { key, installed, rows, .. }| FileRows {
            key,
            installed: *installed,
            rows: &self.rows[rows.clone()],
        })
    }

    /// For each row of the article's `fixes` the place of its file, and which of the file's rows it is.
    pub fn of_rows(&self) -> impl Iterator<Item = (usize, usize)> {
        let all = || {
            let mut of_rows = vec![(0, 0); self.rows.len()];
            for (file, ListedFile { rows, .. }) in (0..).zip(&self.files) {
                (0..).zip(&self.rows[rows.clone()]).for_each(|(nth, &row)| of_rows[row] = (file, nth));
            }
            of_rows
        };
        self.of_rows.get_or_init(all).iter().map(|&(file, nth)| (file as usize, nth as usize))
    }

    /// The files of which a row has a date and no version: their keys, and the names under which setup installs them.
    pub fn dated(&self) -> impl Iterator<Item = (&str, Option<&'static str>)> {
        self.files.iter().filter(|file| file.is_dated).map(|file| (&*file.key, file.installed))
    }

    /// The places of the rows about the file of this [`file_key`](crate::file_key) in the article's `fixes`, ascending.
    pub fn rows(&self, key: &str) -> &[usize] {
        let file = self.files.binary_search_by(|file| (*file.key).cmp(key));
        file.map_or(&[], |file| &self.rows[self.files[file].rows.clone()])
    }

    /// True where a row is about this file.
    pub fn has(&self, key: &str) -> bool {
        !self.rows(key).is_empty()
    }
}
