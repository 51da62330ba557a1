//! JSON lines: the view, a record a line, for programs that read as they go.

use serde::Serialize;

use super::RenderError;
use super::view::{
    ArticleView, CatalogueView, FilesView, FindingView, OptionsView, PathView, RequirementView, SummaryView, ToolView,
    UnreadableView, View, WarningView,
};
use crate::KbId;
use crate::assess::ArticleStatus;

/// A line; `record` says which.
#[derive(Serialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
enum Line<'a> {
    Run {
        schema: &'static str,
        tool: &'a ToolView,
        catalogue: &'a CatalogueView,
        options: &'a OptionsView,
        trees: &'a [PathView],
        files: &'a FilesView,
        summary: &'a SummaryView,
    },
    /// An article without findings.
    Article { kb: KbId, title: &'a str, status: ArticleStatus },
    Finding {
        kb: KbId,
        title: &'a str,
        status: ArticleStatus,
        products: &'a [String],
        #[serde(flatten)]
        finding: &'a FindingView,
    },
    Required {
        #[serde(flatten)]
        fix: &'a RequirementView,
    },
    Warning {
        #[serde(flatten)]
        warning: &'a WarningView,
    },
    Unreadable {
        #[serde(flatten)]
        item: &'a UnreadableView,
    },
}

/// First the run, then a line a finding, then a line for each required fix, for each warning, and for each thing that could
/// not be read.
pub(super) fn render(view: &View) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    let mut write = |line: Line<'_>| -> Result<(), RenderError> {
        serde_json::to_writer(&mut bytes, &line)?;
        bytes.push(b'\n');
        Ok(())
    };
    write(run(view))?;
    for article in &view.articles {
        if article.findings.is_empty() {
            write(Line::Article { kb: article.id, title: &article.title, status: article.status })?;
        }
        for finding in &article.findings {
            write(of_finding(article, finding))?;
        }
    }
    for fix in view.required.iter().flat_map(|required| &required.fixes) {
        write(Line::Required { fix })?;
    }
    for warning in &view.warnings {
        write(Line::Warning { warning })?;
    }
    for item in &view.unreadable {
        write(Line::Unreadable { item })?;
    }
    Ok(bytes)
}

fn run(view: &View) -> Line<'_> {
    Line::Run {
        schema: view.schema,
        tool: &view.tool,
        catalogue: &view.catalogue,
        options: &view.options,
        trees: &view.trees,
        files: &view.files,
        summary: &view.summary,
    }
}

fn of_finding<'a>(article: &'a ArticleView, finding: &'a FindingView) -> Line<'a> {
    Line::Finding {
        kb: article.id,
        title: &article.title,
        status: article.status,
        products: &article.products,
        finding,
    }
}
