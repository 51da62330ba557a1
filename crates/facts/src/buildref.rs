//! dbatools' build reference: builds of SQL Server, with the articles that brought them.
//!
//! In: `dbatools-buildref-index.json`. Out: one article for each article number, with the version of `sqlservr.exe`.
//! The file does not cover Exchange.

use std::io::BufRead;

use serde::Deserialize;

use hotfixcheck_types::FileVersion;

use crate::bounded::{Bounded, MAX_FIELD};
use crate::builds;
use crate::error::{FactsError, OTHER_FORM, Place, quoted};
use crate::model::{Facts, SkipReason, SourceKind};
use crate::text;
use crate::words;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "an object with the list 'Data'")]
struct Reference {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "a build as an object")]
struct Entry {
    version: String,
    #[serde(rename = "KBList")]
    articles: Option<OneOrMore>,
    release_date: Option<String>,
    #[serde(rename = "CU")]
    cumulative_update: Option<String>,
    #[serde(rename = "SP")]
    service_pack: Option<OneOrMore>,
    /// The vendor withdrew it.
    retired: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "neither a text nor a list of texts")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn texts(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::More(texts) => texts,
        }
    }
}

/// Reads the reference.
///
/// # Errors
/// The file is cut off or not in this format, or an entry has a version or a day that cannot be read.
pub fn read(name: &str, input: impl BufRead) -> Result<Facts, FactsError> {
    // The whole file is one item; the real one has 200 KB.
    let (input, _) = Bounded::new(text::open(name, input)?);
    let reference: Reference = serde_json::from_reader(input).map_err(|error| {
        let place = Place::Column(error.line() as u64, error.column() as u64);
        let expected = r#"a build reference: {"Data": [{"Version": "15.0.4298", "KBList": "5023049"}]}"#;
        FactsError::new(name, place, expected, error.to_string()).advise(OTHER_FORM)
    })?;
    let mut facts = Facts::new(SourceKind::BuildReference, name);
    for (entry, number) in reference.data.iter().zip(1..) {
        let place = Place::Entry(number);
        let wrong = |expected: &str, found: &str| FactsError::new(name, place.clone(), expected, quoted(found));
        if entry.version.len() > MAX_FIELD {
            return Err(wrong("a version", &entry.version));
        }
        let version: FileVersion =
            entry.version.parse().map_err(|_| wrong("a version, as in 15.0.4298", &entry.version))?;
        let released = match &entry.release_date {
            Some(text) => Some(words::day(text).ok_or_else(|| wrong("a day, as in 2026-04-16", text))?),
            None => None,
        };
        let builds = builds::sql(&version);
        for text in entry.articles.iter().flat_map(OneOrMore::texts).flat_map(|text| corrected(&entry.version, text)) {
            let Some(id) = words::article_id(text) else {
                facts.skip(SkipReason::NoArticle, &place, text);
                continue;
            };
            let Some(build) = builds.first() else {
                facts.skip(SkipReason::OtherBuild, &place, &entry.version);
                continue;
            };
            // A withdrawn build is never required (17.0.4005, KB5074901).
            if entry.retired == Some(true) {
                facts.skip(SkipReason::Withdrawn, &place, &entry.version);
                continue;
            }
            let article = facts.article(id);
            article.builds.extend(builds.iter().cloned());
            let product = build.product.split(' ').take_while(|word| !word.starts_with("RTM") && !is_pack(word));
            let product = product.collect::<Vec<_>>().join(" ");
            article.title.get_or_insert_with(|| title(&build.product, &product, entry));
            article.products.insert(product);
            article.released = article.released.or(released);
        }
    }
    Ok(facts)
}

/// The articles that the reference names wrongly: build, printed article, right articles.
const CORRECTIONS: &str = include_str!("../data/buildref-corrections.tsv");

/// The articles of a build that the reference prints as this one. 8.0.2055 is of KB960082, not KB959240, which does not
/// exist.
fn corrected<'t>(build: &str, printed: &'t str) -> Vec<&'t str> {
    let records = CORRECTIONS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t'));
    let mut right = records.filter_map(|mut record| {
        let is_it = record.next() == Some(build) && record.next() == Some(printed.trim());
        record.next().filter(|_| is_it)
    });
    match right.next() {
        None => vec![printed],
        Some(right) => right.split(' ').filter(|id| *id != "-").collect(),
    }
}

fn is_pack(word: &str) -> bool {
    word.strip_prefix("SP").is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

/// The name of the build in the reference: "SQL Server 2019 CU19", "SQL Server 2016 SP2", "SQL Server 2019 RTM CU
/// 15.0.4322".
fn title(branch: &str, product: &str, entry: &Entry) -> String {
    let pack = entry.service_pack.as_ref().and_then(|packs| packs.texts().first());
    match (&entry.cumulative_update, pack) {
        (Some(update), _) => {
            let branch = branch.trim_end_matches(" CU").trim_end_matches(" RTM");
            format!("{branch} {update}")
        }
        (None, Some(pack)) => format!("{product} {pack}"),
        (None, None) => format!("{branch} {}", entry.version),
    }
}
