//! JSON: the view without changes. The articles are most of it: they are written on every core, a few at a time.

use std::io::{self, Write};

use rayon::prelude::*;
use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use super::RenderError;
use super::view::{ArticleView, View};

/// So many findings, in whole articles, are held as text.
const MOST_FINDINGS: usize = 256;

/// So many articles are written by one core.
const TOGETHER: usize = 8;

/// Indented JSON with a final newline.
pub(super) fn write(view: &View, out: &mut dyn Write) -> Result<(), RenderError> {
    let form = Form::new(0, &view.articles);
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

/// Writes as [`serde_json::ser::PrettyFormatter`], with one write for the start of a line, and the articles in the place of [`Marker`].
struct Form<'v> {
    depth: usize,
    has_value: bool,
    articles: &'v [ArticleView],
}

/// The start of the deepest line of a report, and more, after the comma that ends the line before.
const LINE: &str = ",\n                                                                ";

impl<'v> Form<'v> {
    fn new(depth: usize, articles: &'v [ArticleView]) -> Self {
        Self { depth, has_value: false, articles }
    }

    fn line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        self.item(out, true)
    }

    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.has_value {
            self.line(out)?;
        }
        out.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        let length = 2 + 2 * self.depth;
        out.write_all(&LINE.as_bytes()[usize::from(first)..length.min(LINE.len())])?;
        (LINE.len()..length).try_for_each(|_| out.write_all(b" "))
    }
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
        self.line(out)?;
        out.write_all(b"]")
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

/// How deep the articles of a report are in it.
const DEPTH: usize = 2;

/// Some articles as items of the report's list, without what is before the first and after the last.
fn text(articles: &[ArticleView]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for (place, article) in articles.iter().enumerate() {
        let form = Form::new(DEPTH, &[]);
        form.item(&mut bytes, place == 0)?;
        article.whole().serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, form))?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines are those of `serde_json`, however deep.
    #[test]
    fn the_form_is_that_of_serde_json() {
        let deep = (0..40).fold(
            serde_json::json!({"a": [], "b": {}, "c": [1, [2]]}),
            |inner, _| serde_json::json!({"list": [inner, null, "x"], "empty": {}}),
        );
        let mut own = Vec::new();
        deep.serialize(&mut serde_json::Serializer::with_formatter(&mut own, Form::new(0, &[]))).unwrap();
        assert!(own == serde_json::to_vec_pretty(&deep).unwrap());
    }
}
