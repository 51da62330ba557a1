//! The report formats, the appearance of text for people, and the errors of rendering.

use super::text::ascii;

/// A report format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportFormat {
    /// For people, at a terminal.
    #[default]
    Table,
    /// For people: the answer and the numbers, without the articles.
    Summary,
    /// For people and logs: the answer in one line.
    OneLine,
    /// For scripts: the ids of the articles to install, one per line.
    Ids,
    /// For programs: the view, as `docs/report.schema.json` describes it.
    Json,
    /// For programs that read line by line: the run, then one finding per line.
    Jsonl,
    /// For spreadsheets: one finding per row (RFC 4180), no cell is a formula.
    Csv,
    /// For the summary of a CI run: GitHub's Markdown.
    Markdown,
    /// For people, in a browser: one self-contained file.
    Html,
    /// For test reports of CI servers: one test case per article.
    Junit,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For merge requests: GitLab's code quality JSON.
    Codequality,
}

impl ReportFormat {
    /// Every format.
    pub const ALL: [Self; 12] = [
        Self::Table,
        Self::Summary,
        Self::OneLine,
        Self::Ids,
        Self::Json,
        Self::Jsonl,
        Self::Csv,
        Self::Markdown,
        Self::Html,
        Self::Junit,
        Self::Sarif,
        Self::Codequality,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Summary => "summary",
            Self::OneLine => "one-line",
            Self::Ids => "ids",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Codequality => "codequality",
        }
    }

    /// Its purpose, in a few words.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Table => "Text for people",
            Self::Summary => "The answer and the numbers, without the articles",
            Self::OneLine => "The answer in one line",
            Self::Ids => "The ids of the fixes to install, one per line",
            Self::Json => "For programs",
            Self::Jsonl => "For programs, one finding per line",
            Self::Csv => "For spreadsheets, one finding per row",
            Self::Markdown => "For the summary of a CI run",
            Self::Html => "For people, in a browser",
            Self::Junit => "For the test reports of CI servers",
            Self::Sarif => "For code scanning: SARIF 2.1.0",
            Self::Codequality => "For merge requests: GitLab's code quality JSON",
        }
    }
}

impl ReportFormat {
    /// True for text that people read on a terminal.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Table | Self::Summary | Self::OneLine)
    }

    /// Other common names of it.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Table => &["text", "txt"],
            Self::OneLine => &["oneline"],
            Self::Jsonl => &["ndjson"],
            Self::Markdown => &["md"],
            Self::Html => &["htm"],
            Self::Junit => &["xml"],
            Self::Codequality => &["code-quality"],
            Self::Summary | Self::Ids | Self::Json | Self::Csv | Self::Sarif => &[],
        }
    }

    /// The format of a file name: by its extension, except for names that SARIF and code quality tools use
    /// (`results.sarif.json`, `gl-code-quality-report.json`).
    pub fn of_file_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (stem, extension) = lower.rsplit_once('.')?;
        match extension {
            "json" if stem.ends_with(".sarif") => Some(Self::Sarif),
            "json" if stem.contains("code-quality") || stem.contains("codequality") => Some(Self::Codequality),
            _ => Self::of_extension(extension),
        }
    }

    /// Whether the format fits the file name: JSON has several formats, and so has text.
    pub fn fits(self, name: &str) -> bool {
        let is_json = |format| matches!(format, Self::Json | Self::Sarif | Self::Codequality);
        match Self::of_file_name(name) {
            Some(Self::Table) => self.is_text() || matches!(self, Self::Ids | Self::Markdown),
            Some(other) if name.to_ascii_lowercase().ends_with(".json") => {
                other == self || (other == Self::Json && is_json(self))
            }
            Some(other) => other == self,
            None => true,
        }
    }

    /// The format of a file extension: `html`, `json`, `sarif`; `None` for an unknown one.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "html" | "htm" => Self::Html,
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            "md" | "markdown" => Self::Markdown,
            "sarif" => Self::Sarif,
            "xml" => Self::Junit,
            "txt" | "log" => Self::Table,
            _ => return None,
        })
    }
}

/// The appearance of a report for people; formats for programs do not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The width in columns.
    pub width: u16,
    /// Whether to colour.
    pub colour: bool,
    /// Whether to use ASCII characters only.
    pub ascii: bool,
    /// Whether lists of facts keep to the width, too. In files and pipes, programs search the lines, which may be long.
    pub bounded: bool,
}

impl Look {
    /// For files and pipes: the same on every machine.
    pub const PLAIN: Self = Self { width: 100, colour: false, ascii: false, bounded: false };

    /// The text as it is shown: converted to ASCII if only that is allowed.
    pub(super) fn shown(self, bytes: Vec<u8>) -> Vec<u8> {
        if self.ascii { ascii(bytes) } else { bytes }
    }
}

/// Why a report could not be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// Writing JSON, JSON lines or SARIF failed.
    #[error("cannot write the report as JSON")]
    Json(#[from] serde_json::Error),
    /// Writing CSV failed.
    #[error("cannot write the report as CSV")]
    Csv(#[from] csv::Error),
    /// Writing HTML failed.
    #[error("cannot write the report as HTML")]
    Html(#[source] askama::Error),
    /// The bytes cannot be written.
    #[error("cannot write the report")]
    Write(#[source] std::io::Error),
    /// As XML.
    #[error("cannot write the report as XML")]
    Xml(#[source] std::io::Error),
}
