//! JSON lines: one record of the view a line, for programs that read a stream.

use std::io::Write;

use serde::Serialize;

use super::view::{
    ArticleView, BroughtView, CatalogueView, CopyView, FilesView, FindingView, InstallView, NeededPackView,
    OptionsView, PathView, PlannedPackView, PlannedView, RequirementView, SummaryView, ToolView, UnreadableView, View,
    WarningView,
};
use super::{RenderError, view};
use crate::KbId;
use crate::assess::ArticleStatus;
use hotfixcheck_articles::{Restart, Severity};

/// A line; the field `record` has its kind.
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
    Article {
        kb: KbId,
        title: &'a str,
        status: ArticleStatus,
        group: &'a str,
        superseded_by: &'a [KbId],
        #[serde(flatten)]
        update: Update<'a>,
    },
    Finding {
        kb: KbId,
        title: &'a str,
        status: ArticleStatus,
        products: &'a [String],
        group: &'a str,
        superseded_by: &'a [KbId],
        #[serde(flatten)]
        update: Update<'a>,
        #[serde(flatten)]
        finding: &'a FindingView,
    },
    /// The vulnerabilities that an article to install corrects together with the articles that it supersedes.
    BroughtAlong {
        kb: KbId,
        system: Option<&'a str>,
        #[serde(flatten)]
        brought: &'a BroughtView,
    },
    Required {
        #[serde(flatten)]
        fix: &'a RequirementView,
    },
    Planned {
        #[serde(flatten)]
        article: &'a PlannedView,
    },
    PlannedServicePack {
        #[serde(flatten)]
        pack: &'a PlannedPackView,
    },
    Inactive {
        #[serde(flatten)]
        copy: &'a CopyView,
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

/// What an article's update is for, and what to install; only known values.
#[derive(Serialize)]
struct Update<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    bulletins: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_clients: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_servers: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cves_of_releases: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    exploited: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restart: Option<Restart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_service_pack: Option<&'a NeededPackView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    install: Option<&'a InstallView>,
}

impl<'a> Update<'a> {
    fn of(article: &'a ArticleView) -> Self {
        Self {
            bulletins: &article.bulletins,
            cves: &article.cves,
            cves_of_clients: &article.cves_of_clients,
            cves_of_servers: &article.cves_of_servers,
            cves_of_releases: &article.cves_of_releases,
            exploited: &article.exploited,
            severity: article.severity,
            restart: article.restart,
            needs_service_pack: article.needs_service_pack.as_ref(),
            install: article.install.as_ref(),
        }
    }
}

/// First the run, then a line a finding, before those of an article what it brings along; then a line for each required fix, for
/// each article and service pack of the plan, for each warning, each inactive copy, and each thing that could not be read.
pub(super) fn write(view: &View, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut write = |line: Line<'_>| -> Result<(), RenderError> {
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n").map_err(RenderError::Write)
    };
    write(run(view))?;
    for article in view::whole(&view.articles) {
        let article = &*article;
        if let Some(brought) = &article.brings_along {
            write(Line::BroughtAlong { kb: article.id, system: article.system.as_deref(), brought })?;
        }
        if article.findings.is_empty() {
            write(of_article(article))?;
        }
        for finding in &article.findings {
            write(of_finding(article, finding))?;
        }
    }
    for fix in view.required.iter().flat_map(|required| &required.fixes) {
        write(Line::Required { fix })?;
    }
    if let Some(plan) = &view.plan {
        plan.articles.iter().try_for_each(|article| write(Line::Planned { article }))?;
        plan.service_packs.iter().try_for_each(|pack| write(Line::PlannedServicePack { pack }))?;
    }
    for warning in &view.warnings {
        write(Line::Warning { warning })?;
    }
    for copy in view.inactive.iter().flatten() {
        write(Line::Inactive { copy })?;
    }
    for item in &view.unreadable {
        write(Line::Unreadable { item })?;
    }
    Ok(())
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

fn of_article(article: &ArticleView) -> Line<'_> {
    Line::Article {
        kb: article.id,
        title: &article.title,
        status: article.status,
        group: &article.group,
        superseded_by: &article.superseded_by,
        update: Update::of(article),
    }
}

fn of_finding<'a>(article: &'a ArticleView, finding: &'a FindingView) -> Line<'a> {
    Line::Finding {
        kb: article.id,
        title: &article.title,
        status: article.status,
        products: &article.products,
        group: &article.group,
        superseded_by: &article.superseded_by,
        update: Update::of(article),
        finding,
    }
}
