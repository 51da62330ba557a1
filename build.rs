//! Compiles the catalogue texts in `data/` into the form that the program contains.

use std::path::{Path, PathBuf};
use std::{env, fs};

use hotfixcheck_catalog::{Source, compile};

/// The texts, the most trusted first, and whether their builds of a system count. Those of the advisories do not: the update
/// history has them all, under one name each.
const SOURCES: [(&str, bool); 7] = [
    ("catalog.tsv", true),
    ("bulletins.tsv", true),
    ("updates-windows.tsv", true),
    ("updates-sql.tsv", true),
    ("bulletins-titles.tsv", true),
    ("cves.tsv", false),
    ("cves-wesng.tsv", true),
];

/// Products whose files are not in the order of their dates, by release line.
const UNORDERED: &str = "unordered-products.tsv";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("data");
    let read = |name: &str| -> Result<String, Box<dyn std::error::Error>> {
        let path = data.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
    };
    let texts: Vec<String> = SOURCES.iter().map(|(name, _)| read(name)).collect::<Result<_, _>>()?;
    let sources: Vec<Source<'_>> = SOURCES
        .iter()
        .zip(&texts)
        .map(|(&(name, system_builds), text)| Source { system_builds, ..Source::new(name, text) })
        .collect();
    let unordered = read(UNORDERED)?;
    let pair = |line: &str| line.split_once('\t').map(|(product, line)| (product.to_owned(), line.to_owned()));
    let unordered: Vec<(String, String)> =
        unordered.lines().filter(|line| !line.starts_with('#')).filter_map(pair).collect();
    let compiled = compile(&sources, &unordered, &env::var("CARGO_PKG_VERSION")?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("catalog.hfc"), compiled)?;
    Ok(())
}
