//! A row of an article with what was read of it once, for all the files and systems that it is compared with.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::OnceLock;

use crate::FileVersion;
use crate::KbId;
use crate::catalog::Listed;
use crate::knowledge::{Fitting, Headings, Release, Releases, RowText};
use hotfixcheck_articles::Fix;

/// A row of an article.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    fix: &'a Fix,
    article: &'a Listed,
    /// Its place in the article's `fixes`.
    place: usize,
    /// What tells the release of its version; `None` for an article whose headings were not read.
    fitting: Option<&'a OnceLock<Box<Fitting>>>,
}

impl<'a> Row<'a> {
    /// The id of the row's article.
    pub(super) fn id(&self) -> KbId {
        self.article.id
    }

    /// The row at a place of an article's `fixes`.
    pub(super) fn of(article: &'a Listed, place: usize, headings: &'a Headings) -> Self {
        let fitting = headings.of_article(article.id).and_then(|known| known.fitting.get(place));
        Self { fix: &article.fixes[place], article, place, fitting }
    }

    /// The rows at some places of an article's `fixes`.
    pub(super) fn at(
        places: impl IntoIterator<Item = usize>,
        article: &'a Listed,
        headings: &'a Headings,
    ) -> impl Iterator<Item = Self> {
        let fitting = headings.of_article(article.id).map(|known| &*known.fitting).unwrap_or_default();
        let row = move |place: usize| Self { fix: &article.fixes[place], article, place, fitting: fitting.get(place) };
        places.into_iter().map(row)
    }

    /// Every row of an article.
    pub(super) fn all(article: &'a Listed, headings: &'a Headings) -> impl Iterator<Item = Self> {
        Self::at(0..article.fixes.len(), article, headings)
    }

    /// What its cells say, read when it is first asked for: many rows are for another processor or language.
    pub(super) fn text(&self) -> &'a RowText {
        self.article.text(self.place)
    }

    /// Where its version belongs on these lines of Windows; `None` for a row without a version. `key` is that of its file.
    pub(super) fn release<W: Borrow<BTreeSet<String>>>(
        &self,
        key: &str,
        windows: impl FnOnce() -> Option<W>,
        releases: &Releases,
    ) -> Option<Release> {
        let (version, tag) = (self.text().version?, self.fix.version.as_deref());
        Some(match self.fitting {
            Some(fitting) => {
                let fitting = fitting.get_or_init(|| Box::new(releases.fitting(&version, tag, key)));
                releases.of_fitting(fitting, &version, tag, windows)
            }
            None => releases.of(&version, tag, key, windows),
        })
    }

    /// Where its version belongs on the lines of Windows that its heading names. `key` is that of its file.
    pub(super) fn release_under_heading(&self, key: &str, releases: &Releases, headings: &Headings) -> Option<Release> {
        let lines = || headings.scope(&self.fix.section).map(|scope| &scope.lines);
        self.release(key, || lines().filter(|lines| !lines.is_empty()), releases)
    }

    /// The version that it requires, if that can be one of a file: each number of such has 16 bits.
    pub(super) fn required(&self) -> Option<FileVersion> {
        let fits = |version: &FileVersion| version.components().iter().all(|&number| number <= u32::from(u16::MAX));
        self.text().version.filter(fits)
    }
}

impl Deref for Row<'_> {
    type Target = Fix;

    fn deref(&self) -> &Fix {
        self.fix
    }
}
