//! An article of a catalogue, with its rows by file: they are grouped and read once, however many systems are judged.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::{Deref, Range};
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use crate::knowledge::{RowText, installed_name};
use crate::name::key_of;
use hotfixcheck_articles::{Article, Fix, Text};

/// An article of a catalogue.
#[derive(Clone, Debug)]
pub struct Listed {
    article: Article,
    files: OnceLock<Files>,
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

impl Listed {
    /// The rows by file.
    pub fn files(&self) -> &Files {
        self.files.get_or_init(|| Files::of(&self.article))
    }

    /// What the cells of a row say, by its place in the article's `fixes`.
    pub fn text(&self, row: usize) -> &RowText {
        self.files().texts[row].get_or_init(|| Box::new(RowText::of(&self.article.fixes[row])))
    }

    /// The article, to be changed.
    pub fn article_mut(&mut self) -> &mut Article {
        self.files.take();
        &mut self.article
    }

    /// The article without its index.
    pub fn into_article(self) -> Article {
        self.article
    }
}

impl From<Article> for Listed {
    fn from(article: Article) -> Self {
        Self { article, files: OnceLock::new() }
    }
}

impl Deref for Listed {
    type Target = Article;

    fn deref(&self) -> &Article {
        &self.article
    }
}

impl PartialEq for Listed {
    fn eq(&self, other: &Self) -> bool {
        self.article == other.article
    }
}

impl Eq for Listed {}

/// Up to this many names are compared one by one.
const FEW: usize = 6;

/// True for two equal names. Those of the built-in catalogue are equal where they lie at the same place.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && (std::ptr::eq(one, other) || one == other)
}

impl Files {
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
            files.push(ListedFile { installed: installed_name(&key), key, is_dated: false, rows: 0..0 });
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
            file.is_dated |= fix.version.is_none() && fix.date.is_some();
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
