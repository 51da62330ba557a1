//! `mssecure.xml` of the Microsoft Baseline Security Analyzer and HFNetChk.
//!
//! In: the document, in UTF-8. Out: for the article of each patch the bulletin with its title and day, packages,
//! products, vulnerability, rating and restart. The files and registry keys that a patch requires, and which patch
//! replaces which, are not read.

use std::collections::HashMap;
use std::io::BufRead;

use jiff::civil::Date;

use hotfixcheck_types::{KbId, Restart};

use crate::error::{FactsError, OTHER_FORM, Place, quoted};
use crate::ids::{BulletinId, CveId};
use crate::model::{CveFact, Facts, SkipReason, SourceKind};
use crate::text;
use crate::words;
use crate::xml::{self, Attributes, Handler};

/// Reads the document.
///
/// # Errors
/// The document is cut off, malformed, or not in this format.
pub fn read(name: &str, input: impl BufRead) -> Result<Facts, FactsError> {
    let mut state = State { name, ..State::default() };
    xml::read(name, text::open(name, input)?, &mut state)?;
    state.finish()
}

/// The document read so far. Products and ratings come after the bulletins, so patches are indexed by their numbers.
#[derive(Default)]
struct State<'a> {
    name: &'a str,
    bulletin: Option<Bulletin>,
    patches: Vec<Patch>,
    products: HashMap<String, String>,
    ratings: HashMap<String, String>,
    skipped: Vec<(SkipReason, Place, String)>,
}

#[derive(Clone, Default)]
struct Bulletin {
    id: Option<BulletinId>,
    title: String,
    posted: Option<Date>,
    articles: Vec<KbId>,
}

struct Patch {
    place: Place,
    bulletin: Bulletin,
    article: Option<KbId>,
    package: String,
    cves: Vec<CveId>,
    rating: Option<String>,
    restart: Option<Restart>,
    products: Vec<String>,
}

impl Handler for State<'_> {
    fn open(&mut self, path: &[String], attributes: &Attributes<'_>, at: &Place) -> Result<bool, FactsError> {
        let element = path.last().map_or("", String::as_str);
        if path.len() == 1 && element != "BulletinDatastore" {
            let error = FactsError::new(self.name, at.clone(), "'BulletinDatastore'", quoted(element));
            return Err(error.advise(OTHER_FORM));
        }
        match element {
            "Bulletin" => self.bulletin = Some(self.open_bulletin(attributes, at)?),
            "QNumber" => {
                let number = self.required(attributes, "QNumber", at)?;
                if let (Some(id), Some(bulletin)) = (words::article_id(&number), &mut self.bulletin) {
                    bulletin.articles.push(id);
                }
            }
            "Patch" => {
                let patch = self.open_patch(attributes, at)?;
                self.patches.push(patch);
            }
            "AffectedProduct" => {
                let id = self.required(attributes, "ProductID", at)?;
                if let Some(patch) = self.patches.last_mut() {
                    patch.products.push(id);
                }
            }
            "Product" => {
                let id = self.required(attributes, "ProductID", at)?;
                let name = self.required(attributes, "Name", at)?;
                self.products.insert(id, name);
            }
            "MSSeverity" => {
                let id = self.required(attributes, "MSSeverityID", at)?;
                let name = attributes.get("Name")?.unwrap_or_default();
                self.ratings.insert(id, name);
            }
            _ => {}
        }
        Ok(false)
    }

    fn close(&mut self, path: &[String], _: &str, _: &Place) -> Result<(), FactsError> {
        if path.last().is_some_and(|element| element == "Bulletin") {
            // If a bulletin has one article, it applies to each of its patches.
            if let Some(bulletin) = self.bulletin.take() {
                let patches = self.patches.iter_mut().rev().take_while(|patch| patch.bulletin.id == bulletin.id);
                for patch in patches.filter(|patch| patch.article.is_none()) {
                    patch.article = bulletin.articles.first().copied().filter(|_| bulletin.articles.len() == 1);
                }
            }
        }
        Ok(())
    }
}

impl State<'_> {
    fn required(&self, attributes: &Attributes<'_>, name: &str, at: &Place) -> Result<String, FactsError> {
        let missing = || FactsError::new(self.name, at.clone(), format!("an attribute '{name}'"), "none");
        attributes.get(name)?.ok_or_else(missing)
    }

    fn open_bulletin(&mut self, attributes: &Attributes<'_>, at: &Place) -> Result<Bulletin, FactsError> {
        let id = self.required(attributes, "BulletinID", at)?;
        let posted = match attributes.get("DatePosted")?.filter(|text| !text.is_empty()) {
            Some(text) => Some(
                Date::strptime("%Y/%m/%d", text.trim())
                    .map_err(|_| FactsError::new(self.name, at.clone(), "a day, as in 2003/07/16", quoted(&text)))?,
            ),
            None => None,
        };
        let title = title(&attributes.get("Title")?.unwrap_or_default());
        // Tools and service packs have other ids: "MSWU-001".
        Ok(Bulletin { id: id.parse().ok(), title, posted, articles: Vec::new() })
    }

    fn open_patch(&mut self, attributes: &Attributes<'_>, at: &Place) -> Result<Patch, FactsError> {
        let number = attributes.get("SQNumber")?.unwrap_or_default();
        let mut cves = Vec::new();
        let listed = attributes.get("CVEID")?.unwrap_or_default();
        for text in listed.split([',', ';', ' ']).filter(|text| !text.is_empty()) {
            match text.parse() {
                Ok(id) => cves.push(id),
                Err(_) => self.skipped.push((SkipReason::NotACve, at.clone(), text.to_owned())),
            }
        }
        Ok(Patch {
            place: at.clone(),
            bulletin: self.bulletin.clone().unwrap_or_default(),
            article: words::article_id(&number),
            package: attributes.get("PatchName")?.unwrap_or_default(),
            cves,
            rating: attributes.get("MSSeverityID")?,
            restart: match attributes.get("NoReboot")?.as_deref() {
                Some("0") => Some(Restart::Required),
                Some("1") => Some(Restart::No),
                _ => None,
            },
            products: Vec::new(),
        })
    }

    fn finish(self) -> Result<Facts, FactsError> {
        let mut facts = Facts::new(SourceKind::MsSecure, self.name);
        for (reason, place, text) in &self.skipped {
            facts.skip(*reason, place, text);
        }
        for patch in &self.patches {
            let Some(id) = patch.article else {
                facts.skip(SkipReason::NoArticle, &patch.place, &patch.package);
                continue;
            };
            let rating = patch.rating.as_ref().and_then(|id| self.ratings.get(id));
            let severity = rating.and_then(|name| words::severity(name));
            if let Some(name) = rating.filter(|_| severity.is_none()) {
                facts.skip(SkipReason::UnknownSeverity, &patch.place, name);
            }
            let names: Vec<_> = patch.products.iter().map(|id| self.products.get(id).ok_or(id)).collect();
            for missing in names.iter().filter_map(|name| name.err()) {
                facts.skip(SkipReason::UnknownProduct, &patch.place, missing);
            }
            let article = facts.article(id);
            article.products.extend(names.into_iter().flatten().cloned());
            article.bulletins.extend(patch.bulletin.id);
            article.released = article.released.or(patch.bulletin.posted);
            article.severity = article.severity.max(severity);
            article.restart = article.restart.max(patch.restart);
            if !patch.package.is_empty() {
                article.packages.insert(patch.package.clone());
            }
            if article.title.is_none() && !patch.bulletin.title.is_empty() {
                article.title = Some(patch.bulletin.title.clone());
            }
            for cve in &patch.cves {
                article.add_cve(*cve, CveFact { severity, exploited: None });
            }
        }
        Ok(facts)
    }
}

/// A title without the article's number after it: "Buffer Overrun In RPC Interface Could Allow Code Execution (823980)".
fn title(text: &str) -> String {
    let text = text.trim();
    let numbered = text
        .rsplit_once('(')
        .filter(|(_, rest)| rest.strip_suffix(')').is_some_and(|number| words::article_id(number).is_some()));
    numbered.map_or(text, |(title, _)| title.trim_end()).to_owned()
}
