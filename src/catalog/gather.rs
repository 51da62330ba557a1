//! Reads article files and folders, on every core, in a fixed order.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::KbId;
use hotfixcheck_articles::Article;

/// Files of these extensions are read when a folder is given; a file named outright is read whatever its name.
pub const ARTICLE_EXTENSIONS: [&str; 9] = ["txt", "md", "markdown", "htm", "html", "csv", "mhtml", "mht", "eml"];
/// Larger files are not read as articles.
pub const MAX_ARTICLE_BYTES: u64 = 128 << 20;

/// The size of the buffer that is kept from file to file: longer articles are rare.
const KEPT_BUFFER: usize = 64 << 10;

/// The articles of some paths, in the order of the paths; those of a folder are sorted by path.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The articles that could be read.
    pub articles: Vec<Article>,
    /// The files that could not be read, each with its reason.
    pub problems: Vec<Problem>,
    /// How many files were opened.
    pub files: usize,
}

/// A file from which no article was read.
#[derive(Debug)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// The reason.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

/// A path that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read '{}'", path.display())]
pub struct GatherError {
    /// The path as given.
    pub path: PathBuf,
    /// The error of the operating system.
    pub source: io::Error,
}

/// The entries directly in a folder, in the order of one sorted walk.
fn children(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut children: Vec<PathBuf> =
        std::fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    children.sort_unstable();
    Ok(children)
}

fn walk(path: &Path) -> walkdir::WalkDir {
    // Links inside the folder are not followed. Paths in one folder differ only in the name.
    walkdir::WalkDir::new(path).follow_root_links(false).sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
}

/// The article files below a path, and the errors of folders that could not be listed, in the order of one sorted walk.
fn list(root: &Path) -> Vec<Entry> {
    let entry = |entry: walkdir::Result<walkdir::DirEntry>| match entry {
        Ok(entry) if entry.file_type().is_file() && is_article_name(Path::new(entry.file_name())) => {
            Some(Ok(entry.into_path()))
        }
        Ok(_) => None,
        Err(error) => Some(Err(Problem { path: error.path().unwrap_or(root).to_owned(), reason: error.to_string() })),
    };
    walk(root).into_iter().filter_map(entry).collect()
}

/// A file, or a folder that could not be listed.
type Entry = Result<PathBuf, Problem>;

impl Gathered {
    /// Adds the articles at a path.
    ///
    /// # Errors
    /// The path does not exist, or is a folder that cannot be listed.
    pub fn read(&mut self, path: &Path) -> Result<(), GatherError> {
        let failed = |source| GatherError { path: path.to_owned(), source };
        if !path.metadata().map_err(failed)?.is_dir() {
            self.add(path, read(path, &mut Vec::new()));
            return Ok(());
        }
        // The folders directly below are listed in parallel, then all their files are read; the order is that of one
        // sorted walk.
        let listed: Vec<Vec<Entry>> =
            children(path).map_err(failed)?.into_par_iter().map(|child| list(&child)).collect();
        let entries: Vec<Entry> = listed.into_iter().flatten().collect();
        self.files += entries.iter().filter(|entry| entry.is_ok()).count();
        let results: Vec<Result<Vec<Article>, Problem>> = entries
            .into_par_iter()
            .map_init(Vec::new, |buffer, entry| {
                let path = entry?;
                read(&path, buffer).map_err(|reason| Problem { path, reason })
            })
            .collect();
        for result in results {
            match result {
                Ok(articles) => self.articles.extend(articles),
                Err(problem) => self.problems.push(problem),
            }
        }
        Ok(())
    }

    /// Adds the article in these bytes; problems are reported under `name`.
    pub fn parse(&mut self, name: &Path, bytes: &[u8]) {
        self.add(name, parse(bytes, None));
    }

    fn add(&mut self, path: &Path, result: Result<Vec<Article>, String>) {
        self.files += 1;
        match result {
            Ok(articles) => self.articles.extend(articles),
            Err(reason) => self.problems.push(Problem { path: path.to_owned(), reason }),
        }
    }
}

fn is_article_name(name: &Path) -> bool {
    let extension = name.extension().and_then(|e| e.to_str()).unwrap_or_default();
    ARTICLE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn read(path: &Path, buffer: &mut Vec<u8>) -> Result<Vec<Article>, String> {
    buffer.clear();
    buffer.shrink_to(KEPT_BUFFER);
    buffer.reserve(KEPT_BUFFER);
    let file = File::open(path).map_err(|e| e.to_string())?;
    // One byte more than the limit shows that a file is too long. Its size is not queried first: most files take a
    // single read.
    file.take(MAX_ARTICLE_BYTES + 1).read_to_end(buffer).map_err(|e| e.to_string())?;
    if buffer.len() as u64 > MAX_ARTICLE_BYTES {
        return Err(format!("larger than {MAX_ARTICLE_BYTES} bytes: not read as an article"));
    }
    let name = |p: &Path| p.file_name().and_then(|s| s.to_str()).and_then(hotfixcheck_articles::id_of_name);
    parse(buffer, name(path).or_else(|| path.parent().and_then(name)))
}

fn parse(bytes: &[u8], hint: Option<KbId>) -> Result<Vec<Article>, String> {
    hotfixcheck_articles::parse(&hotfixcheck_articles::decode(bytes), hint).map_err(|e| e.to_string())
}
