//! CVRF documents in JSON, read as a stream: one vulnerability at a time.

use std::cell::Cell;
use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::document::{Document, Remedy, Threat, ThreatKind, Vulnerability};
use crate::bounded::{Bounded, MAX_FIELD, Progress};
use crate::error::{FactsError, Place};
use crate::model::Facts;

pub(super) fn read(name: &str, input: impl BufRead) -> Result<Facts, FactsError> {
    let (input, progress) = Bounded::new(input);
    let mut document = Document::new(name);
    let failed = Cell::new(None);
    let mut stream = serde_json::Deserializer::from_reader(input);
    let seed = DocumentSeed { document: &mut document, progress, failed: &failed };
    let read = seed.deserialize(&mut stream).and_then(|()| stream.end());
    if let Some(error) = failed.take() {
        return Err(error);
    }
    match read {
        Ok(()) => document.finish(),
        Err(error) => {
            let place = Place::Column(error.line() as u64, error.column() as u64);
            Err(FactsError::new(name, place, "a CVRF document in JSON", error.to_string()))
        }
    }
}

/// A document. An error of its contents is stored in `failed`, because serde's own error has no field for it.
struct DocumentSeed<'a> {
    document: &'a mut Document,
    progress: Progress,
    failed: &'a Cell<Option<FactsError>>,
}

impl<'de> DeserializeSeed<'de> for DocumentSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for DocumentSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with ProductTree and Vulnerability")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.progress.item_done();
            match key.as_str() {
                "DocumentTracking" => {
                    let tracking: Option<Tracking> = map.next_value()?;
                    if let Some(moment) = tracking.and_then(|tracking| tracking.initial_release_date) {
                        self.document.released(&moment, &Place::Whole).map_err(|error| {
                            self.failed.set(Some(error));
                            A::Error::custom("a day")
                        })?;
                    }
                }
                "ProductTree" => {
                    let tree: Option<Branch> = map.next_value()?;
                    tree.iter().for_each(|tree| add_products(tree, self.document));
                }
                "Vulnerability" => {
                    map.next_value_seed(VulnerabilitiesSeed {
                        document: self.document,
                        progress: self.progress.clone(),
                        failed: self.failed,
                    })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct VulnerabilitiesSeed<'a> {
    document: &'a mut Document,
    progress: Progress,
    failed: &'a Cell<Option<FactsError>>,
}

impl<'de> DeserializeSeed<'de> for VulnerabilitiesSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for VulnerabilitiesSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of vulnerabilities")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut entry = 0;
        while let Some(found) = list.next_element::<VulnerabilityForm>()? {
            entry += 1;
            self.progress.item_done();
            let place = Place::Entry(entry);
            let taken = found.into_vulnerability(self.document, &place);
            let taken = taken.and_then(|found| self.document.vulnerability(&found, &place));
            taken.map_err(|error| {
                self.failed.set(Some(error));
                A::Error::custom("a vulnerability")
            })?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "the tracking of a document as an object")]
struct Tracking {
    initial_release_date: Option<String>,
}

/// The product tree, and each of its branches.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", expecting = "a branch of products as an object")]
struct Branch {
    full_product_name: Option<Vec<Product>>,
    branch: Option<Vec<Branch>>,
    items: Option<Vec<Item>>,
}

/// A product, or a branch of products.
#[derive(Deserialize)]
#[serde(untagged, expecting = "neither a product nor a branch of products")]
enum Item {
    Product(Product),
    Branch(Branch),
}

#[derive(Deserialize)]
#[serde(expecting = "a product as an object")]
struct Product {
    #[serde(rename = "ProductID")]
    id: String,
    #[serde(rename = "Value")]
    name: String,
}

fn add_products(branch: &Branch, document: &mut Document) {
    for product in branch.full_product_name.iter().flatten() {
        document.product(&product.id, &product.name);
    }
    branch.branch.iter().flatten().for_each(|branch| add_products(branch, document));
    for item in branch.items.iter().flatten() {
        match item {
            Item::Product(product) => document.product(&product.id, &product.name),
            Item::Branch(branch) => add_products(branch, document),
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a vulnerability as an object")]
struct VulnerabilityForm {
    #[serde(rename = "CVE")]
    cve: Option<String>,
    #[serde(rename = "Threats")]
    threats: Option<Vec<ThreatForm>>,
    #[serde(rename = "Remediations")]
    remediations: Option<Vec<RemedyForm>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a threat as an object")]
struct ThreatForm {
    #[serde(rename = "Type")]
    kind: Option<Kind>,
    #[serde(rename = "Description")]
    description: Option<Described>,
    #[serde(rename = "ProductID")]
    products: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a remediation as an object")]
struct RemedyForm {
    #[serde(rename = "Type")]
    kind: Option<Kind>,
    #[serde(rename = "Description")]
    description: Option<Described>,
    #[serde(rename = "ProductID")]
    products: Option<Vec<String>>,
    #[serde(rename = "Supercedence")]
    supersedence: Option<String>,
    #[serde(rename = "RestartRequired")]
    restart: Option<Described>,
    #[serde(rename = "SubType")]
    sub_type: Option<String>,
    #[serde(rename = "FixedBuild")]
    fixed_build: Option<String>,
}

/// A kind: the service writes a number, converters write its name.
#[derive(Deserialize)]
#[serde(untagged, expecting = "neither a number nor a name")]
enum Kind {
    Number(u64),
    Name(String),
}

impl Kind {
    fn is(&self, number: u64, name: &str) -> bool {
        match self {
            Self::Number(own) => *own == number,
            Self::Name(own) => own == name,
        }
    }
}

/// A text: `{"Value": "5046613"}`. The service omits an empty value.
#[derive(Deserialize)]
#[serde(expecting = "a text as an object with 'Value'")]
struct Described {
    #[serde(rename = "Value")]
    value: Option<String>,
}

impl VulnerabilityForm {
    fn into_vulnerability(self, document: &Document, place: &Place) -> Result<Vulnerability, FactsError> {
        let text = |text: Option<String>| {
            let text = text.unwrap_or_default();
            if text.len() > MAX_FIELD {
                let found = format!("one of {} bytes", text.len());
                return Err(document.error(place, &format!("a field of at most {MAX_FIELD} bytes"), &found));
            }
            Ok(text)
        };
        let value = |described: Option<Described>| text(described.and_then(|described| described.value));
        let threats = self.threats.into_iter().flatten().map(|threat| {
            let kind = match &threat.kind {
                Some(kind) if kind.is(3, "Severity") => ThreatKind::Severity,
                Some(kind) if kind.is(1, "Exploit Status") => ThreatKind::Exploitation,
                _ => ThreatKind::Other,
            };
            Ok(Threat { kind, description: value(threat.description)?, products: trimmed(threat.products) })
        });
        let threats = threats.collect::<Result<_, _>>()?;
        let remedies = self.remediations.into_iter().flatten().map(|remedy| {
            Ok(Remedy {
                is_fix: remedy.kind.is_some_and(|kind| kind.is(2, "Vendor Fix")),
                description: value(remedy.description)?,
                products: trimmed(remedy.products),
                supersedence: text(remedy.supersedence)?,
                restart: value(remedy.restart)?,
                sub_type: text(remedy.sub_type)?,
                fixed_build: text(remedy.fixed_build)?,
            })
        });
        Ok(Vulnerability { cve: text(self.cve)?, threats, remedies: remedies.collect::<Result<_, _>>()? })
    }
}

fn trimmed(products: Option<Vec<String>>) -> Vec<String> {
    products.unwrap_or_default().into_iter().map(|id| id.trim().to_owned()).collect()
}
