//! Reads article files below the paths of a command, and writes their facts as JSON.

use std::io::{self, Read as _};
use std::path::PathBuf;

use hotfixcheck::catalog::{self, Catalog, Gathered};
use hotfixcheck_articles::Rejected;
use rayon::prelude::*;
use serde::Serialize;

use super::error::CliError;
use super::warning::warn;

/// Reads the articles below some paths (`-` is standard input); unreadable files are reported on standard error.
pub(super) fn gather(paths: &[PathBuf]) -> Result<Gathered, CliError> {
    let mut gathered = Gathered::default();
    for path in paths {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().take(catalog::MAX_ARTICLE_BYTES).read_to_end(&mut bytes);
            read.map_err(|source| CliError::File { path: "standard input".into(), source })?;
            gathered.parse(path, &bytes);
        } else {
            gathered.read(path)?;
        }
    }
    for problem in &gathered.problems {
        warn(problem);
    }
    Ok(gathered)
}

/// Warns that no article was found: an empty answer alone looks like a success.
pub(super) fn warn_of_none(paths: &[PathBuf]) {
    let names: Vec<String> = paths.iter().map(|path| format!("'{}'", path.display())).collect();
    warn(&format!("no Knowledge Base article found in {}", names.join(", ")));
}

/// How many left-out articles are named; the others are counted.
const MOST_NAMED: usize = 10;

/// Names the articles from which nothing could be read, although they announce files or contain a table of them.
pub(super) fn warn_of_left_out(catalog: &Catalog) {
    let articles = catalog.articles().iter();
    let left_out: Vec<_> = articles.filter_map(|article| Some((article, catalog::left_out(article)?))).collect();
    for (article, lost) in left_out.iter().take(MOST_NAMED) {
        let Rejected { line, reason, .. } = lost;
        warn(&format!("{} is left out, no file of it could be read: line {line}: {reason}", article.id));
    }
    if left_out.len() > MOST_NAMED {
        let more = left_out.len() - MOST_NAMED;
        warn(&format!("{more} more are left out: 'catalog lint' with the same paths lists them"));
    }
}

/// The exit code of a run that reads articles.
pub(super) fn code(gathered: &Gathered) -> u8 {
    match (gathered.articles.is_empty(), gathered.problems.is_empty()) {
        (true, _) => 4,
        (false, false) => 3,
        (false, true) => 0,
    }
}

/// One JSON array, one article per line.
pub(super) fn json<A: Serialize + Sync>(articles: &[A]) -> serde_json::Result<Vec<u8>> {
    let texts = articles.par_iter().map(serde_json::to_vec).collect::<serde_json::Result<Vec<_>>>()?;
    let mut out = Vec::with_capacity(texts.iter().map(|t| t.len() + 2).sum::<usize>() + 4);
    out.push(b'[');
    for (i, text) in texts.into_iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
        out.extend_from_slice(&text);
    }
    out.extend_from_slice(b"\n]\n");
    Ok(out)
}
