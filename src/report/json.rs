//! JSON: the view without changes. The articles are most of it: they are written on every core, a few at a time.

use std::io::{self, Write};

use rayon::prelude::*;
use serde::{Serialize, Serializer};
use serde_json::ser::{Formatter, PrettyFormatter};

use super::RenderError;
use super::view::{ArticleView, View};

/// So many findings, in whole articles, are held as text.
const MOST_FINDINGS: usize = 1024;

/// So many articles are written by one core.
const TOGETHER: usize = 8;

/// Indented JSON with a final newline.
pub(super) fn write(view: &View, out: &mut dyn Write) -> Result<(), RenderError> {
    let form = Form { pretty: PrettyFormatter::new(), articles: &view.articles };
    view.serialize_with(&mut serde_json::Serializer::with_formatter(&mut *out, form), &Marker)?;
    out.write_all(b"\n").map_err(RenderError::Write)
}

/// Stands for the articles: no part of a view is written as bytes.
struct Marker;

impl Serialize for Marker {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&[])
    }
}

/// Writes as [`PrettyFormatter`], and the articles in the place of [`Marker`].
struct Form<'v> {
    pretty: PrettyFormatter<'static>,
    articles: &'v [ArticleView],
}

impl Formatter for Form<'_> {
    fn write_byte_array<W: ?Sized + Write>(&mut self, out: &mut W, _: &[u8]) -> io::Result<()> {
        if self.articles.is_empty() {
            return out.write_all(b"[]");
        }
        let mut rest = self.articles;
        let mut separator: &[u8] = b"[";
        while !rest.is_empty() {
            let mut findings = 0;
            let is_within = |article: &&ArticleView| {
                findings += article.findings.count();
                findings <= MOST_FINDINGS
            };
            let (some, others) = rest.split_at(rest.iter().take_while(is_within).count().max(1));
            let texts: Vec<Vec<u8>> = some.par_chunks(TOGETHER).map(text).collect::<io::Result<_>>()?;
            for text in texts {
                out.write_all(separator)?;
                out.write_all(&text)?;
                separator = b",";
            }
            rest = others;
        }
        out.write_all(b"\n  ]")
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(out)
    }
}

/// Some articles as items of a list in the report, without what is before the first and after the last.
fn text(articles: &[ArticleView]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for (place, article) in articles.iter().enumerate() {
        let start: &[u8] = if place == 0 { b"\n    " } else { b",\n    " };
        bytes.extend_from_slice(start);
        let mut pretty = PrettyFormatter::new();
        // The list is the value of a field: as deep as two brackets.
        for _ in 0..2 {
            pretty.begin_array(&mut io::sink())?;
        }
        article.whole().serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, pretty))?;
    }
    Ok(bytes)
}
