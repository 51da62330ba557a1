//! The `article` command: shows the facts of an article.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::catalog::{self, ArticleRef, Origins, WithOrigins};
use hotfixcheck::knowledge::{KnowledgeError, Products};
use hotfixcheck::report::{self, RenderError};
use hotfixcheck_articles::Article;

use super::args::{AnswerFormat, CatalogArgs};
use super::error::CliError;
use super::output::Output;
use super::{articles, catalogs};

/// Show what an article says: products, fix table, service packs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  shown
  2  the catalogue has no such article, or could not be read

Examples:
  hotfixcheck article Q265433
  hotfixcheck article MS02-018
  hotfixcheck article CVE-2005-0058                         the articles of this vulnerability
  hotfixcheck article tapisrv.exe                           the articles that correct this file")]
pub(super) struct Args {
    /// An article: id (Q265433, 265433), bulletin (MS02-018), CVE or name of a corrected file
    #[arg(value_name = "KB", required = true, value_delimiter = ',')]
    kb: Vec<ArticleRef>,
    /// Output format
    #[arg(short, long, value_enum, default_value_t, value_name = "FORMAT")]
    format: AnswerFormat,
    /// Write the answer to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Looks the articles up and writes their facts.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let (articles, origins, name) = find(&args)?;
    let products = Products::embedded().map_err(KnowledgeError::from)?;
    let by_file = args.kb.iter().any(|kb| !kb.is_certain());
    let bytes = match args.format {
        AnswerFormat::Json => articles::json(&WithOrigins::of(&articles, &origins)).map_err(RenderError::from)?,
        // Many articles correct the same file: one line for each, instead of a table for each.
        AnswerFormat::Table if by_file && articles.len() > 1 => report::article_list(&articles, output.look()),
        AnswerFormat::Table => {
            let look = output.look();
            let origins = |id| origins.get(&id).cloned().unwrap_or_default();
            let of = |a: &Article| report::article(a, &name, &origins(a.id), &products, look);
            let shown: Vec<Vec<u8>> = articles.iter().map(of).collect();
            shown.join(&b"\n"[..])
        }
    };
    output.write(&bytes)?;
    Ok(0)
}

/// The sources of each article's facts.
type OriginsById = BTreeMap<KbId, Origins>;

/// The articles asked for, in the order of the references, the sources of their facts, and the catalogue's name.
fn find(args: &Args) -> Result<(Vec<Article>, OriginsById, String), CliError> {
    let (catalog, name) = catalogs::open(&args.catalog)?;
    let ids = catalog::find_all(&args.kb, &catalog, &name)?;
    let found = catalog.articles(&ids).map_err(|source| CliError::Catalogue { name: name.clone(), source })?;
    let origins = catalog.origins(&ids).map_err(|source| CliError::Catalogue { name: name.clone(), source })?;
    Ok((ids.iter().filter_map(|id| found.article(*id).cloned()).collect(), origins, name))
}
