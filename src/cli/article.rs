//! `article`: what an article demands.

use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::catalog;
use hotfixcheck::report::{self, RenderError};
use hotfixcheck_articles::Article;

use super::CliError;
use super::args::{CatalogArgs, Format};
use super::output::Output;
use super::plan;

/// Show what an article demands: products, fix table, service packs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 shown; 2 the catalogue has no such article, or could not be read.

Example:
  hotfixcheck article Q265433")]
pub(super) struct Args {
    /// The articles: Q265433, KB836769, 265433
    #[arg(value_name = "KB", required = true)]
    kb: Vec<KbId>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Write the answer to this file; - is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Looks the articles up, writes what they state.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let articles = find(&args)?;
    let name = plan::name(&args.catalog);
    let bytes = match args.format {
        Format::Json => super::extract::json(&articles).map_err(RenderError::from)?,
        Format::Table => {
            let look = output.look();
            let shown: Vec<Vec<u8>> = articles.iter().map(|a| report::article(a, &name, look)).collect();
            shown.join(&b"\n"[..])
        }
    };
    output.write(&bytes)?;
    Ok(0)
}

/// The articles asked for. Of the built-in catalogue only these are read, which takes a tenth of the time.
fn find(args: &Args) -> Result<Vec<Article>, CliError> {
    let own = args.catalog.catalog.is_some() || !args.catalog.add_catalog.is_empty();
    let loaded = if own { Some(plan::load(&args.catalog)?.0) } else { None };
    let mut articles = Vec::new();
    for id in &args.kb {
        let found = match &loaded {
            Some(catalog) => catalog.article(*id).cloned(),
            None => {
                let own = catalog::read_article(catalog::EMBEDDED, *id)
                    .map_err(|source| CliError::Catalogue { name: plan::BUILT_IN.to_owned(), source })?;
                match (own, plan::own_update(*id)?) {
                    (Some(own), Some(update)) => Some(catalog::complete(own, update)),
                    (own, update) => own.or(update),
                }
            }
        };
        match found {
            Some(article) => articles.push(article),
            None => {
                let (catalog, name) = plan::load(&args.catalog)?;
                return Err(plan::unknown(&catalog, &name, *id, " with a fix or a service pack"));
            }
        }
    }
    Ok(articles)
}
