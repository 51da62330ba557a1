//! CVRF documents in XML.

use std::io::BufRead;

use super::document::{Document, Remedy, Threat, ThreatKind, Vulnerability};
use crate::error::{FactsError, OTHER_FORM, Place, quoted};
use crate::model::Facts;
use crate::xml::{self, Attributes, Handler};

pub(super) fn read(name: &str, input: impl BufRead) -> Result<Facts, FactsError> {
    let mut state = State { document: Document::new(name), vulnerability: Vulnerability::default(), product: None };
    xml::read(name, input, &mut state)?;
    state.document.finish()
}

struct State {
    document: Document,
    vulnerability: Vulnerability,
    product: Option<String>,
}

impl Handler for State {
    fn open(&mut self, path: &[String], attributes: &Attributes<'_>, at: &Place) -> Result<bool, FactsError> {
        let (parent, element) = ends(path);
        match (parent, element) {
            ("", root) if root != "cvrfdoc" => {
                Err(self.document.error(at, "'cvrfdoc'", &quoted(root)).advise(OTHER_FORM))
            }
            (_, "FullProductName") => {
                self.product = attributes.get("ProductID")?;
                Ok(self.product.is_some())
            }
            (_, "Vulnerability") => {
                self.vulnerability = Vulnerability::default();
                Ok(false)
            }
            ("Threats", "Threat") => {
                let kind = match attributes.get("Type")?.as_deref() {
                    Some("Severity") => ThreatKind::Severity,
                    Some("Exploit Status") => ThreatKind::Exploitation,
                    _ => ThreatKind::Other,
                };
                self.vulnerability.threats.push(Threat { kind, ..Threat::default() });
                Ok(false)
            }
            ("Remediations", "Remediation") => {
                let is_fix = attributes.get("Type")?.as_deref() == Some("Vendor Fix");
                self.vulnerability.remedies.push(Remedy { is_fix, ..Remedy::default() });
                Ok(false)
            }
            ("Threat", "Description" | "ProductID") => {
                Ok(self.vulnerability.threats.last().is_some_and(|threat| threat.kind != ThreatKind::Other))
            }
            ("Remediation", _) => Ok(self.vulnerability.remedies.last().is_some_and(|remedy| remedy.is_fix)),
            ("Vulnerability", "CVE") | ("DocumentTracking", "InitialReleaseDate") => Ok(true),
            _ => Ok(false),
        }
    }

    fn close(&mut self, path: &[String], text: &str, at: &Place) -> Result<(), FactsError> {
        match ends(path) {
            (_, "FullProductName") => {
                if let Some(id) = self.product.take() {
                    self.document.product(&id, text);
                }
            }
            (_, "Vulnerability") => {
                let found = std::mem::take(&mut self.vulnerability);
                self.document.vulnerability(&found, at)?;
            }
            ("Vulnerability", "CVE") => text.clone_into(&mut self.vulnerability.cve),
            ("DocumentTracking", "InitialReleaseDate") => self.document.released(text, at)?,
            ("Threat", field) => {
                if let Some(threat) = self.vulnerability.threats.last_mut().filter(|t| t.kind != ThreatKind::Other) {
                    match field {
                        "Description" => text.clone_into(&mut threat.description),
                        "ProductID" => threat.products.push(text.trim().to_owned()),
                        _ => {}
                    }
                }
            }
            ("Remediation", field) => {
                if let Some(remedy) = self.vulnerability.remedies.last_mut().filter(|remedy| remedy.is_fix) {
                    match field {
                        "Description" => text.clone_into(&mut remedy.description),
                        "ProductID" => remedy.products.push(text.trim().to_owned()),
                        "Supercedence" => text.clone_into(&mut remedy.supersedence),
                        "RestartRequired" => text.clone_into(&mut remedy.restart),
                        "SubType" => text.clone_into(&mut remedy.sub_type),
                        "FixedBuild" => text.clone_into(&mut remedy.fixed_build),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The names of the parent element and of the element itself.
fn ends(path: &[String]) -> (&str, &str) {
    let name = |back: usize| path.len().checked_sub(back).map_or("", |at| path[at].as_str());
    (name(2), name(1))
}
