//! Golden articles: every folder of `tests/articles` contains an article and the facts that a person finds in it.
//!
//! A new case is two files; `tests/articles/README.md` says how.

use std::fs;
use std::path::{Path, PathBuf};

use hotfixcheck_articles::{decode, parse};

/// The possible file names of a folder's article.
const ARTICLE_NAMES: [&str; 5] = ["article.txt", "article.md", "article.html", "article.htm", "article.csv"];

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The first line in which two texts differ, with its number in the file.
fn first_difference(expected: &str, found: &str) -> String {
    let lines = expected.lines().map(Some).chain(std::iter::repeat(None));
    let pairs = lines.zip(found.lines().map(Some).chain([None]));
    match pairs.enumerate().find(|(_, (wanted, got))| wanted != got) {
        Some((i, (wanted, got))) => {
            format!(
                "line {}:\n    expected {}\n    found    {}",
                i + 1,
                wanted.unwrap_or("the end"),
                got.unwrap_or("the end")
            )
        }
        None => "one text goes on where the other ends".to_owned(),
    }
}

/// Why the folder's article does not give its facts, if it does not.
fn check(folder: &Path, update: bool) -> Result<(), String> {
    let articles: Vec<PathBuf> = ARTICLE_NAMES.iter().map(|name| folder.join(name)).filter(|p| p.is_file()).collect();
    let [article] = articles.as_slice() else {
        return Err(format!("{} articles, expected one of {ARTICLE_NAMES:?}", articles.len()));
    };
    let bytes = fs::read(article).map_err(|e| e.to_string())?;
    let facts = parse(&decode(&bytes), None).map_err(|e| e.to_string())?;
    let found = serde_json::to_string_pretty(&facts).map_err(|e| e.to_string())? + "\n";
    let path = folder.join("expected.json");
    if update {
        return fs::write(path, found).map_err(|e| e.to_string());
    }
    let expected = fs::read_to_string(path).map_err(|e| format!("expected.json: {e}"))?.replace("\r\n", "\n");
    if expected == found { Ok(()) } else { Err(format!("expected.json {}", first_difference(&expected, &found))) }
}

#[test]
fn every_article_gives_the_facts_that_stand_beside_it() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1");
    let folders = folders();
    let failures: Vec<String> = folders
        .iter()
        .filter_map(|folder| {
            check(folder, update)
                .err()
                .map(|why| format!("{}: {why}", folder.file_name().unwrap_or_default().display()))
        })
        .collect();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), folders.len(), failures.join("\n"));
    assert!(folders.len() >= 40, "only {} cases: were folders lost?", folders.len());
}
