//! Prints what article files state, as JSON: an array, an article a line. Without arguments the paths are read from
//! standard input, one a line.
//!
//! ```text
//! cargo run -p hotfixcheck-articles --example facts -- Q310626.TXT
//! find articles -type f | cargo run -p hotfixcheck-articles --example facts > facts.json
//! ```

use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use hotfixcheck_articles::{Article, decode, id_of_name, parse};

/// The articles of a file; its name, or that of its folder, may give the id.
fn read(path: &Path) -> Result<Vec<Article>, String> {
    let named = |path: &Path| id_of_name(path.file_name()?.to_str()?);
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let hint = named(path).or_else(|| path.parent().and_then(named));
    parse(&decode(&bytes), hint).map_err(|e| e.to_string())
}

fn main() -> io::Result<ExitCode> {
    let mut paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if paths.is_empty() {
        paths = io::stdin().lock().lines().map(|line| line.map(PathBuf::from)).collect::<Result<_, _>>()?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut failed = false;
    let mut separator = "[\n";
    for path in paths {
        match read(&path) {
            Ok(articles) => {
                for article in articles {
                    out.write_all(separator.as_bytes())?;
                    separator = ",\n";
                    serde_json::to_writer(&mut out, &article)?;
                }
            }
            Err(reason) => {
                eprintln!("{}: {reason}", path.display());
                failed = true;
            }
        }
    }
    out.write_all(if separator == "[\n" { b"[]\n" } else { b"\n]\n" })?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
