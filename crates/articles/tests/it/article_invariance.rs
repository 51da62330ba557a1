//! One article in two layouts states the same facts: the `DOCUMENT:` text (Windows-1252, CRLF) of the older archive
//! and the front-matter Markdown (tab-indented) of the newer one.

use std::fs;
use std::path::{Path, PathBuf};

use hotfixcheck_articles::{Article, decode, parse};

/// The golden articles in the text layout.
fn document_texts() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut texts: Vec<(PathBuf, String)> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("article.txt"))
        .filter_map(|path| fs::read(&path).ok().map(|bytes| (path, decode(&bytes).replace("\r\n", "\n"))))
        .filter(|(_, text)| text.starts_with("DOCUMENT:"))
        .collect();
    texts.sort();
    texts
}

/// The value of a header line.
fn value<'a>(text: &'a str, key: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim()
}

fn escaped(title: &str) -> String {
    title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The same article in the layout of the newer archive: a tab replaces each line's first blank, or precedes its text.
fn front_matter(text: &str) -> String {
    let (id, date) = value(text, "DOCUMENT:").split_once("  ").unwrap();
    let date = date.split(' ').next().unwrap();
    let title = escaped(value(text, "TITLE   :"));
    let mut out = format!(
        "---\nlayout: page\ntitle: \"{id}: {title}\"\npermalink: /kb/{id}/\n---\n\n## {id}: {title}\n\n{{% raw %}}\n\n\
         \tArticle: {id}\n\tProduct(s): {}\n\tVersion(s): \n\tOperating System(s): \n\tKeyword(s): {}\n\
         \tLast Modified: {date}\n\t\n",
        value(text, "PRODUCT :"),
        value(text, "KEYWORDS:"),
    );
    let body = text.lines().skip_while(|line| !line.starts_with("----"));
    for line in body {
        out.push('\t');
        out.push_str(line.strip_prefix(' ').unwrap_or(line));
        out.push('\n');
    }
    out.push_str("{% endraw %}\n");
    out
}

fn read(bytes: &[u8]) -> Article {
    parse(&decode(bytes), None).unwrap().remove(0)
}

/// Every line number in the facts.
fn lines(article: &Article) -> Vec<u32> {
    article.fixes.iter().map(|f| f.line).chain(article.rejected.iter().map(|r| r.line)).collect()
}

fn without_lines(mut article: Article) -> Article {
    article.fixes.iter_mut().for_each(|f| f.line = 0);
    article.rejected.iter_mut().for_each(|r| r.line = 0);
    article
}

#[test]
fn both_layouts_give_the_same_facts() {
    let texts = document_texts();
    assert!(texts.len() >= 30, "only {} articles: were cases lost?", texts.len());
    for (path, text) in texts {
        let crlf = text.replace('\n', "\r\n");
        let (windows, encoding, lossy) = encoding_rs::WINDOWS_1252.encode(&crlf);
        assert!(!lossy, "{}: a character that {} does not have", path.display(), encoding.name());
        let markdown = front_matter(&text);
        let (of_text, of_markdown) = (read(&windows), read(markdown.as_bytes()));
        let shift: Vec<i64> = lines(&of_markdown)
            .iter()
            .zip(lines(&of_text))
            .map(|(markdown, text)| i64::from(*markdown) - i64::from(text))
            .collect();
        assert!(shift.windows(2).all(|pair| pair[0] == pair[1]), "{}: lines moved apart: {shift:?}", path.display());
        assert_eq!(without_lines(of_text), without_lines(of_markdown), "{}", path.display());
    }
}

#[test]
fn the_encoding_and_the_line_ends_change_nothing() {
    for (path, text) in document_texts() {
        let marked = format!("\u{feff}{text}");
        let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let plain = read(text.as_bytes());
        assert_eq!(read(marked.as_bytes()), plain, "{}: UTF-8 with its mark", path.display());
        assert_eq!(read(&wide), plain, "{}: UTF-16", path.display());
        assert_eq!(read(text.replace('\n', "\r\r\n").as_bytes()), plain, "{}: doubled returns", path.display());
    }
}
