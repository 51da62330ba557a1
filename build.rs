//! Compiles the texts in `data/` into the forms that are built into the program: the catalogue, and the tables of release
//! lines.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use hotfixcheck_catalog::{Source, compile, split};

// The library's own readers of the tables of release lines. It uses more of the first two.
#[allow(dead_code, unreachable_pub)]
#[path = "src/knowledge/release.rs"]
mod release;
#[allow(dead_code)]
#[path = "src/knowledge/release_table.rs"]
mod release_table;
#[path = "build/release_tables.rs"]
mod release_tables;
#[allow(dead_code)]
#[path = "src/knowledge/release_text.rs"]
mod release_text;

/// The texts of the catalogue, with the most trusted first.
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

/// The advisories. Of their builds of Windows 10 and later those of hotpatches are used, and those of an update that the
/// update history lacks, but names as replaced (KB5043080) or ends before (KB5014701 replaces the last one of Windows 10 1909).
/// It has all others, each under one name; what it does not have are updates of components (Secure Boot, recovery) and misprints.
const ADVISORIES: &str = "cves.tsv";
const HISTORY: [&str; 2] = ["updates-windows.tsv", "updates-windows-dates.tsv"];
const FIRST_CUMULATIVE: u32 = 10_240;

/// The articles of the update history, and their products.
#[derive(Default)]
struct History<'t> {
    products: BTreeSet<(&'t str, &'t str)>,
    articles: BTreeSet<&'t str>,
    /// The articles that they replace.
    replaced: BTreeSet<&'t str>,
    /// The products and builds of its updates.
    builds: BTreeSet<(&'t str, &'t str)>,
    /// The articles that it lacks and that replace one of its own, with the products of that.
    later: BTreeSet<(&'t str, &'t str)>,
}

/// The lines of a text, each with its article and fields.
fn lines(text: &str) -> impl Iterator<Item = (&str, &str, Vec<&str>)> {
    let mut article = "";
    text.lines().map(move |line| {
        let fields: Vec<&str> = line.split('\t').collect();
        if let ["A", id, ..] = fields.as_slice() {
            article = id;
        }
        (article, line, fields)
    })
}

impl<'t> History<'t> {
    fn of(texts: &[&'t str], advisories: &'t str) -> Self {
        let mut history = Self::default();
        for (article, _, fields) in texts.iter().copied().flat_map(lines) {
            if let ["D", product, version, ..] = fields.as_slice() {
                history.builds.insert((product, version));
                history.products.insert((article, product));
                history.articles.insert(article);
            }
        }
        for (article, _, fields) in lines(advisories) {
            let ["U", old @ ..] = fields.as_slice() else { continue };
            if history.articles.contains(article) {
                history.replaced.extend(old);
                continue;
            }
            let own = history.products.iter().filter(|(id, _)| old.contains(id));
            history.later.extend(own.map(|(_, product)| (article, *product)));
        }
        history
    }

    /// An advisory's line as it is used, if it is.
    fn line(&self, article: &str, line: &str, fields: &[&str]) -> Option<String> {
        let &["D", product, version] = fields else { return Some(line.to_owned()) };
        let number = version.split('.').next().and_then(|number| number.parse::<u32>().ok());
        let is_of_history = number.is_none_or(|build| build >= FIRST_CUMULATIVE) && !product.ends_with(" Hotpatch");
        match is_of_history {
            false => Some(line.to_owned()),
            // A standalone update with the build of a cumulative one (KB5070892 that of KB5070884) is in every later one. Another
            // number is that of a component, as the recovery environment (KB5046399).
            true if !self.articles.contains(article) => {
                let is_used = self.replaced.contains(article)
                    || self.later.contains(&(article, product))
                    || self.builds.contains(&(product, version));
                is_used.then(|| line.to_owned())
            }
            true if self.products.contains(&(article, product)) => None,
            // The product is affected, but its build is a misprint: Server 2025 has that of Windows 11 in KB5094126.
            true => number.map(|number| format!("D\t{product}\t{number}.?")),
        }
    }
}

/// The advisories as they are used. A title that is made of a build which is left out names the products instead: the number is
/// that of a component (KB5042320; issue 15).
fn used(text: &str, history: &History<'_>) -> String {
    let mut out: Vec<String> = Vec::new();
    // The place of the article's first line, and its first products.
    let (mut first, mut products) = (0, Vec::new());
    for (article, line, fields) in lines(text) {
        match fields.as_slice() {
            ["A", ..] => first = out.len(),
            ["P", all @ ..] => products = all.to_vec(),
            _ => {}
        }
        let used = history.line(article, line, &fields);
        if let (None, ["D", product, version], [name, others @ ..]) = (&used, fields.as_slice(), products.as_slice())
            && let Some(start) = out[first].strip_suffix(&format!("\tUpdate to {product} {version}"))
            && !history.articles.contains(article)
        {
            out[first] = format!("{start}\tUpdate for {name}{}", if others.is_empty() { "" } else { " and others" });
        }
        out.extend(used);
    }
    out.iter().flat_map(|line| [line, "\n"]).collect()
}

/// A text in which each article names those of its vulnerabilities as exploited that any source does: that is a fact of the
/// vulnerability (CVE-2016-0162 in the advisories, the articles that correct it in WES-NG; issue 15).
fn with_exploited(text: &str, exploited: &BTreeSet<String>) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("X\t")) {
        out.push(line.to_owned());
        let Some(cves) = line.strip_prefix("C\t") else { continue };
        let own: Vec<&str> = cves.split('\t').filter(|cve| exploited.contains(*cve)).collect();
        if !own.is_empty() {
            out.push(format!("X\t{}", own.join("\t")));
        }
    }
    out.iter().flat_map(|line| [line, "\n"]).collect()
}

/// The release lines of Windows and of components.
const WINDOWS_LINES: &str = "releases.tsv";
const COMPONENT_LINES: &str = "component-lines.tsv";

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
    let place = SOURCES.iter().position(|name| *name == ADVISORIES).ok_or("no advisories")?;
    let of_history = SOURCES.iter().zip(&texts).filter(|(name, _)| HISTORY.contains(name));
    let of_history: Vec<&str> = of_history.map(|(_, text)| text.as_str()).collect();
    let history = History::of(&of_history, &texts[place]);
    texts[place] = used(&texts[place], &history);
    let of_kind = |(_, _, fields): (&str, &str, Vec<&str>)| match fields.as_slice() {
        ["X", cves @ ..] => cves.iter().map(|cve| (*cve).to_owned()).collect(),
        _ => Vec::new(),
    };
    let exploited: BTreeSet<String> = texts.iter().flat_map(|text| lines(text)).flat_map(of_kind).collect();
    texts = texts.iter().map(|text| with_exploited(text, &exploited)).collect();
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
    let tables = release_text::read(&read(WINDOWS_LINES)?, &read(COMPONENT_LINES)?);
    let tables = tables.map_err(|(line, what)| format!("tables of release lines, line {line}: {what}"))?;
    fs::write(out.join("release-tables.rs"), release_tables::to_rust(&tables))?;
    Ok(())
}
