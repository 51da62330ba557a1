//! From the parts of a CVRF document to facts; the same for both formats.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use hotfixcheck_types::{KbId, Severity};

use crate::builds::{FIRST_CUMULATIVE, HOTPATCH, Unread, of_field};
use crate::error::{FactsError, Place};
use crate::ids::CveId;
use crate::model::{CveFact, Facts, RequiredBuild, ShownBy, SkipReason, SourceKind};
use crate::words;

/// A vulnerability as a document states it.
#[derive(Debug, Default)]
pub(super) struct Vulnerability {
    pub(super) cve: String,
    pub(super) threats: Vec<Threat>,
    pub(super) remedies: Vec<Remedy>,
}

/// The subject of a threat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ThreatKind {
    Exploitation,
    Severity,
    #[default]
    Other,
}

/// A rating of some products, or how the vulnerability is exploited.
#[derive(Debug, Default)]
pub(super) struct Threat {
    pub(super) kind: ThreatKind,
    pub(super) description: String,
    pub(super) products: Vec<String>,
}

/// A way to correct the vulnerability on some products.
#[derive(Debug, Default)]
pub(super) struct Remedy {
    /// True for an update of the vendor; workarounds and known issues are not.
    pub(super) is_fix: bool,
    pub(super) description: String,
    pub(super) products: Vec<String>,
    pub(super) supersedence: String,
    pub(super) restart: String,
    pub(super) sub_type: String,
    pub(super) fixed_build: String,
}

/// The document so far.
pub(super) struct Document {
    facts: Facts,
    /// Products by their ids; they come before the vulnerabilities.
    products: HashMap<String, String>,
    released: Option<Date>,
    /// The servicing stacks of an advisory that lists the latest ones: ADV990001 of 2018 names those of 2024, so the day of its
    /// document is not theirs.
    listed: BTreeSet<KbId>,
}

impl Document {
    pub(super) fn new(name: &str) -> Self {
        let facts = Facts::new(SourceKind::Cvrf, name);
        Self { facts, products: HashMap::new(), released: None, listed: BTreeSet::new() }
    }

    pub(super) fn product(&mut self, id: &str, name: &str) {
        self.products.entry(id.trim().to_owned()).or_insert_with(|| one_line(name));
    }

    pub(super) fn released(&mut self, moment: &str, place: &Place) -> Result<(), FactsError> {
        let day = words::day(moment);
        if day.is_none() {
            let found = crate::error::quoted(moment);
            return Err(self.error(place, "a day, as in 2024-11-12T08:00:00", &found));
        }
        self.released = day;
        Ok(())
    }

    pub(super) fn vulnerability(&mut self, found: &Vulnerability, place: &Place) -> Result<(), FactsError> {
        if self.products.is_empty() {
            return Err(self.error(place, "the product tree before the first vulnerability", "a vulnerability"));
        }
        let cve = found.cve.trim().parse::<CveId>().ok();
        if cve.is_none() {
            self.facts.skip(SkipReason::NotACve, place, &found.cve);
        }
        let exploited = found
            .threats
            .iter()
            .filter(|threat| threat.kind == ThreatKind::Exploitation)
            .fold(None, |known: Option<bool>, threat| known.max(exploited(&threat.description)));
        let severities = self.severities(found, place);
        for remedy in found.remedies.iter().filter(|remedy| remedy.is_fix) {
            self.remedy(remedy, cve, exploited, &severities, place);
        }
        Ok(())
    }

    /// The severity rating of each product.
    fn severities<'v>(&mut self, found: &'v Vulnerability, place: &Place) -> HashMap<&'v str, Severity> {
        let mut ratings = HashMap::new();
        for threat in found.threats.iter().filter(|threat| threat.kind == ThreatKind::Severity) {
            let text = threat.description.trim();
            let Some(severity) = words::severity(text) else {
                if !text.is_empty() && !text.eq_ignore_ascii_case("none") {
                    self.facts.skip(SkipReason::UnknownSeverity, place, text);
                }
                continue;
            };
            for product in &threat.products {
                let known = ratings.entry(product.as_str()).or_insert(severity);
                *known = severity.max(*known);
            }
        }
        ratings
    }

    fn remedy(
        &mut self,
        remedy: &Remedy,
        cve: Option<CveId>,
        exploited: Option<bool>,
        severities: &HashMap<&str, Severity>,
        place: &Place,
    ) {
        let Some(id) = words::article_id(&remedy.description) else {
            return self.facts.skip(SkipReason::NoArticle, place, &remedy.description);
        };
        let severity = remedy.products.iter().filter_map(|product| severities.get(product.as_str()).copied()).max();
        let mut products = BTreeSet::new();
        for product in &remedy.products {
            match self.products.get(product) {
                Some(name) => {
                    let severity = severities.get(product.as_str()).copied();
                    self.facts.article(id).add_to_edition(name, cve, severity);
                    products.insert(name.clone());
                }
                None => self.facts.skip(SkipReason::UnknownProduct, place, product),
            }
        }
        let kind = remedy.sub_type.to_ascii_lowercase();
        let is_hotpatch = kind.contains("hotpatch");
        // A security-only update of Windows 7 to 8.1 does not contain earlier corrections, so its build cannot be
        // required. One of Internet Explorer has the number of the month's rollup (KB5019958).
        let is_part = kind.contains("security only") || kind.contains("ie cumulative");
        // The number of a servicing stack update is the stack's, not the system's (KB5044410).
        let is_stack = kind.contains("servicing");
        let is_alone = |build: &RequiredBuild| is_stack || is_part && is_before_10(build);
        for product in &products {
            for build in of_field(&remedy.fixed_build, product) {
                match build {
                    Ok(build) if is_alone(&build) => {}
                    Ok(mut build) => {
                        if is_hotpatch && build.shown_by == ShownBy::System {
                            build.product.push_str(HOTPATCH);
                        }
                        self.facts.article(id).builds.insert(build);
                    }
                    Err(Unread::NotABuild(text)) => self.facts.skip(SkipReason::NotABuild, place, &text),
                    Err(Unread::Other(text)) => self.facts.skip(SkipReason::OtherBuild, place, &text),
                }
            }
        }
        if is_stack && cve.is_none() {
            self.listed.insert(id);
        }
        words::add_replaced(&mut self.facts, id, &remedy.supersedence, place);
        let article = self.facts.article(id);
        article.products.append(&mut products);
        article.severity = article.severity.max(severity);
        article.restart = article.restart.max(words::restart(&remedy.restart));
        article.hotpatch |= is_hotpatch;
        if let Some(cve) = cve {
            article.add_cve(cve, CveFact { severity, exploited });
        }
    }

    /// The facts of the whole document; a month without vulnerabilities has no products (2017-May-B).
    pub(super) fn finish(mut self) -> Result<Facts, FactsError> {
        if self.products.is_empty() && self.released.is_none() {
            let error = self.error(&Place::Whole, "a CVRF document with its tracking or a product tree", "neither");
            return Err(error.advise(crate::error::OTHER_FORM));
        }
        for (id, article) in &mut self.facts.articles {
            article.advised = self.released.filter(|_| !article.cves.is_empty() || !self.listed.contains(id));
        }
        Ok(self.facts)
    }

    pub(super) fn error(&self, place: &Place, expected: &str, found: &str) -> FactsError {
        FactsError::new(&self.facts.source.name, place.clone(), expected, found)
    }
}

/// True for a build of a Windows whose updates are not all cumulative.
fn is_before_10(build: &RequiredBuild) -> bool {
    let first = build.version.0.components().first();
    build.shown_by == ShownBy::System && first.is_some_and(|number| *number < FIRST_CUMULATIVE)
}

/// `Publicly Disclosed:No;Exploited:Yes;Latest Software Release:…`.
fn exploited(description: &str) -> Option<bool> {
    let answer = description.split(';').find_map(|part| part.trim().strip_prefix("Exploited:"))?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// A name without line breaks and repeated blanks: "Service Pack 3  (GDR)".
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
