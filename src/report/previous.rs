//! Reads a JSON report: only the fields that comparisons need. Other fields are ignored.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;

use super::{SCHEMA, view::StatusesView};
use crate::KbId;
use crate::assess::{ArticleStatus, Baseline, Verdict};

/// Why a text cannot be read as a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not JSON, or lacks a field that every report has.
    #[error("not a JSON report of hotfixcheck")]
    Json(#[from] serde_json::Error),
    /// It is JSON, but has no schema.
    #[error("not a JSON report of hotfixcheck: it has no \"schema\"")]
    NoSchema,
    /// It has another schema.
    #[error("its schema is {found}; this program reads {SCHEMA}")]
    OtherSchema {
        /// The schema that it names.
        found: String,
    },
}

/// An earlier report.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Previous {
    /// Its trees.
    pub(super) trees: Vec<PreviousTree>,
    /// Its catalogue.
    pub(super) catalogue: PreviousCatalogue,
    /// Its options.
    pub(super) options: PreviousOptions,
    /// Whether everything could be read.
    pub(super) summary: PreviousSummary,
    /// The ids of each status, listed or not.
    pub(super) statuses: StatusesView,
    /// The articles that it lists.
    pub(super) articles: Vec<PreviousArticle>,
    /// The required fixes.
    #[serde(default)]
    pub(super) required: Option<PreviousRequired>,
}

/// A tree.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousTree {
    /// Its path, as spelled on the machine that made the report.
    pub(super) path: String,
}

/// A catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousCatalogue {
    /// Where it comes from.
    pub(super) name: String,
    /// How many articles it had.
    pub(super) articles: usize,
    /// The latest date on which one of them was changed.
    pub(super) to: Option<Date>,
}

/// The options that affect the verdicts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousOptions {
    /// Only these articles.
    pub(super) kb: Option<Vec<KbId>>,
    /// Only these paths.
    #[serde(default)]
    pub(super) include: Vec<String>,
    /// Not these paths.
    #[serde(default)]
    pub(super) exclude: Vec<String>,
    /// The system.
    pub(super) profile: Option<PreviousProfile>,
}

/// A system.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousProfile {
    /// Its name.
    pub(super) os: String,
    /// Its service pack.
    pub(super) service_pack: Option<String>,
}

/// The result.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousSummary {
    /// Some parts could not be read.
    pub(super) incomplete: bool,
}

/// An article.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousArticle {
    /// Its id.
    pub(super) id: KbId,
    /// Its title.
    pub(super) title: String,
    /// Its findings, one a row.
    pub(super) findings: Vec<PreviousFinding>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousFinding {
    /// Identifies the same finding in another report.
    pub(super) fingerprint: String,
    /// The verdict.
    pub(super) verdict: Verdict,
    /// What the article requires.
    pub(super) required: PreviousDemand,
    /// The file.
    pub(super) file: Option<PreviousFile>,
    /// Whether it is waived.
    #[serde(default)]
    waiver: Option<PreviousWaiver>,
}

/// A waiver; only its existence matters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousWaiver {}

/// What an article requires.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub(super) enum PreviousDemand {
    /// A file.
    File {
        /// Its name.
        file: String,
    },
    /// A service pack.
    ServicePack {
        /// The product.
        product: String,
        /// `4`, `6a`.
        service_pack: String,
    },
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousFile {
    /// Its path below its tree.
    pub(super) path: String,
    /// Its size in bytes.
    pub(super) size: Option<u64>,
    /// The fixed file version.
    pub(super) fixed_version: Option<String>,
    /// The version strings.
    pub(super) version_strings: Vec<String>,
}

impl PreviousFinding {
    /// True if the finding is waived.
    pub(super) fn is_waived(&self) -> bool {
        self.waiver.is_some()
    }

    /// True if the fix is missing, or likely missing.
    pub(super) fn is_gap(&self) -> bool {
        matches!(self.verdict, Verdict::Missing | Verdict::LikelyMissing)
    }
}

/// The required fixes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousRequired {
    /// The fixes, one by one.
    pub(super) fixes: Vec<PreviousRequirement>,
}

/// A required fix.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PreviousRequirement {
    /// The article.
    pub(super) id: KbId,
    /// Whether it was installed.
    pub(super) state: PreviousState,
}

/// Whether a required fix was installed, as far as a later scan needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PreviousState {
    /// It was not installed.
    NotIn,
    /// It was not installed, as in the report before.
    Known,
    /// Anything else.
    #[serde(other)]
    Other,
}

impl Previous {
    /// Reads the output of `--format json` with the schema `hotfixcheck.report/1`, from any version of the program.
    ///
    /// # Errors
    /// Any other text.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Form {
            schema: Option<String>,
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let form: Form = serde_json::from_slice(bytes)?;
        match form.schema {
            None => Err(ReadError::NoSchema),
            Some(found) if found != SCHEMA => Err(ReadError::OtherSchema { found }),
            Some(_) => Ok(serde_json::from_slice(bytes)?),
        }
    }

    /// The baseline for a later scan: the findings that were missing, likely missing or unknown, and not waived.
    pub fn baseline(&self) -> Baseline {
        let mut baseline = Baseline {
            trees: self.trees.iter().map(|tree| tree.path.clone()).collect(),
            unlisted: self.unlisted(),
            ..Baseline::default()
        };
        let open = |finding: &&PreviousFinding| finding.is_gap() || finding.verdict == Verdict::Unknown;
        for finding in self.findings().map(|(_, finding)| finding).filter(open).filter(|f| !f.is_waived()) {
            baseline.findings.insert(finding.fingerprint.clone(), finding.verdict);
        }
        let required = self.required.iter().flat_map(|required| &required.fixes);
        let not_in = required.filter(|fix| matches!(fix.state, PreviousState::NotIn | PreviousState::Known));
        baseline.required = not_in.map(|fix| fix.id).collect();
        baseline
    }

    /// Every finding listed, with its article.
    pub(super) fn findings(&self) -> impl Iterator<Item = (&PreviousArticle, &PreviousFinding)> {
        self.articles.iter().flat_map(|article| article.findings.iter().map(move |finding| (article, finding)))
    }

    /// The articles that were missing but not listed, because others contain them.
    pub(super) fn unlisted(&self) -> BTreeSet<KbId> {
        let listed: BTreeSet<KbId> = self.articles.iter().map(|article| article.id).collect();
        let gaps = [ArticleStatus::Missing, ArticleStatus::Partial, ArticleStatus::LikelyMissing];
        let missing = gaps.into_iter().flat_map(|status| self.statuses.of(status)).copied();
        missing.filter(|id| !listed.contains(id)).collect()
    }

    /// The status of an article, listed or not; `None` where it was not judged or does not apply.
    pub(super) fn status(&self, id: KbId) -> Option<ArticleStatus> {
        ArticleStatus::ALL.into_iter().find(|&status| self.statuses.of(status).contains(&id))
    }
}
