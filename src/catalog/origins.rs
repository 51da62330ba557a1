//! Which sources state the facts of an article: those of the texts that the program is built from.

use std::collections::BTreeMap;

use super::open::OpenCatalog;
use super::text::CatalogError;
use crate::KbId;
use hotfixcheck_articles::Article;

/// The sources of an article's facts, by the kind of fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Origins {
    /// Who states the vulnerabilities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<String>,
    /// Who states the rating.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub severity: Vec<String>,
    /// Who states builds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub builds: Vec<String>,
    /// Who states corrected files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Who states service packs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_packs: Vec<String>,
}

impl Origins {
    /// The kinds of facts, each with its sources; those without any are left out.
    pub fn list(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let all = [
            ("CVEs", &self.cves),
            ("severity", &self.severity),
            ("builds", &self.builds),
            ("files", &self.files),
            ("service packs", &self.service_packs),
        ];
        all.into_iter().filter(|(_, sources)| !sources.is_empty()).map(|(kind, sources)| (kind, sources.as_slice()))
    }
}

/// An article with the sources of its facts, as JSON has it.
#[derive(Debug, serde::Serialize)]
pub struct WithOrigins<'a> {
    #[serde(flatten)]
    article: &'a Article,
    /// Absent where the catalogue has one source.
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<&'a Origins>,
}

impl<'a> WithOrigins<'a> {
    /// These articles, with their sources by id.
    pub fn of(articles: &'a [Article], origins: &'a BTreeMap<KbId, Origins>) -> Vec<Self> {
        let of = |article: &'a Article| {
            let sources = origins.get(&article.id).filter(|origins| **origins != Origins::default());
            Self { article, sources }
        };
        articles.iter().map(of).collect()
    }
}

/// The names of the program's own texts in words; `data/SOURCES.md` has more about each.
const SOURCES: [(&str, &str); 8] = [
    ("catalog.tsv", "Knowledge Base"),
    ("bulletins.tsv", "bulletins"),
    ("updates-windows.tsv", "update history"),
    ("updates-windows-dates.tsv", "release history"),
    ("updates-sql.tsv", "dbatools"),
    ("bulletins-titles.tsv", "list of bulletins"),
    ("cves.tsv", "advisories"),
    ("cves-wesng.tsv", "WES-NG"),
];

/// The name of the added catalogues among the sources.
const ADDED: &str = "added catalogue";

impl OpenCatalog {
    /// The sources of these articles' facts. Empty for an article of a catalogue that was made from one text, which is its
    /// only source.
    ///
    /// # Errors
    /// Damage.
    pub fn origins(&self, ids: &[KbId]) -> Result<BTreeMap<KbId, Origins>, CatalogError> {
        ids.iter().map(|id| Ok((*id, self.origins_of(*id)?))).collect()
    }

    fn origins_of(&self, id: KbId) -> Result<Origins, CatalogError> {
        let mut origins = Origins::default();
        let Some(catalog) = self.compiled() else { return Ok(origins) };
        let sources = catalog.form().sources();
        if sources.len() < 2 {
            return Ok(origins);
        }
        let damage = |_| CatalogError { line: 0, what: "the catalogue is damaged".to_owned() };
        if let Some(number) = catalog.form().number(id) {
            let mut lines = catalog.form().lines(number).map_err(damage)?;
            let mut fields = Vec::new();
            while let Some(line) = lines.next_line(&mut fields).map_err(damage)? {
                let of = match *fields.as_slice() {
                    ["C", ..] => &mut origins.cves,
                    ["V", severity, ..] if !severity.is_empty() => &mut origins.severity,
                    ["D", ..] => &mut origins.builds,
                    ["F", ..] => &mut origins.files,
                    ["S", ..] => &mut origins.service_packs,
                    _ => continue,
                };
                let name = sources.get(line.source).map_or("", |(name, _)| name);
                let name = SOURCES.iter().find(|(file, _)| *file == name).map_or(name, |(_, words)| words);
                if of.last().is_none_or(|last| last != name) {
                    of.push(name.to_owned());
                }
            }
        }
        if let Some(added) = self.added().article(id) {
            let stated = [
                (!added.cves.is_empty(), &mut origins.cves),
                (added.severity.is_some(), &mut origins.severity),
                (!added.builds.is_empty(), &mut origins.builds),
                (!added.fixes.is_empty(), &mut origins.files),
                (!added.service_packs.is_empty(), &mut origins.service_packs),
            ];
            stated.into_iter().filter(|(states, _)| *states).for_each(|(_, of)| of.push(ADDED.to_owned()));
        }
        Ok(origins)
    }
}
