//! Compiles the catalogue texts in `data/` into the format that is built into the program.

use std::path::PathBuf;
use std::{env, fs};

use hotfixcheck_catalog::{Source, compile, split};

/// The texts, with the most trusted first.
const SOURCES: [&str; 8] = [
    "catalog.tsv",
    "bulletins.tsv",
    "updates-windows.tsv",
    "updates-sql.tsv",
    "bulletins-titles.tsv",
    "updates-windows-dates.tsv",
    ADVISORIES,
    "cves-wesng.tsv",
];

/// The advisories. Their builds of Windows 10 and later are not used, except those of hotpatches, because the update
/// history has them all, each under one name. Builds that it does not have are updates of components (Secure Boot,
/// recovery) and misprints.
const ADVISORIES: &str = "cves.tsv";
const FIRST_CUMULATIVE: u32 = 10_240;

/// True for an advisory's line with a build of Windows 10 or later, which the update history has, too.
fn is_of_history(line: &str) -> bool {
    let fields: Vec<&str> = line.split('\t').collect();
    let &["D", product, version] = fields.as_slice() else { return false };
    let build = version.split('.').next().and_then(|number| number.parse::<u32>().ok());
    build.is_none_or(|build| build >= FIRST_CUMULATIVE) && !product.ends_with(" Hotpatch")
}

/// Products whose versions do not follow the order of their dates, by release line.
const UNORDERED: &str = "unordered-products.tsv";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("data");
    let read = |name: &str| -> Result<String, Box<dyn std::error::Error>> {
        let path = data.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
    };
    let mut texts: Vec<String> = SOURCES.iter().map(|name| read(name)).collect::<Result<_, _>>()?;
    for (text, _) in texts.iter_mut().zip(SOURCES).filter(|(_, name)| *name == ADVISORIES) {
        *text = text.lines().filter(|line| !is_of_history(line)).flat_map(|line| [line, "\n"]).collect();
    }
    let sources: Vec<Source<'_>> = SOURCES.iter().zip(&texts).map(|(name, text)| Source::new(name, text)).collect();
    let unordered = read(UNORDERED)?;
    let pair = |line: &str| line.split_once('\t').map(|(product, line)| (product.to_owned(), line.to_owned()));
    let unordered: Vec<(String, String)> =
        unordered.lines().filter(|line| !line.starts_with('#')).filter_map(pair).collect();
    let compiled = compile(&sources, &unordered, &env::var("CARGO_PKG_VERSION")?)?;
    // The strings are a file of their own: as a text of the program, the compiler validates them.
    let (catalog, strings) = split(&compiled).ok_or("the compiled catalogue has no strings")?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("catalog.hfc"), catalog)?;
    fs::write(out.join("catalog-strings.txt"), strings)?;
    Ok(())
}
