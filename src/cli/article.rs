//! `article`: what an article says.

use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::catalog;
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{self, RenderError};
use hotfixcheck_articles::Article;

use super::args::{AnswerFormat, CatalogArgs};
use super::error::CliError;
use super::output::Output;
use super::reference::{self, ArticleRef};
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
  hotfixcheck article tapisrv.exe                           the articles that correct this file")]
pub(super) struct Args {
    /// An article: id (Q265433, KB836769, 265433), bulletin (MS02-018) or name of a corrected file
    #[arg(value_name = "KB", required = true)]
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

/// Looks the articles up, writes what they say.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let name = catalogs::name(&args.catalog);
    let articles = find(&args, &name)?;
    let products = Knowledge::embedded()?.products;
    let by_file = args.kb.iter().any(|kb| !kb.is_certain());
    let bytes = match args.format {
        AnswerFormat::Json => articles::json(&articles).map_err(RenderError::from)?,
        // Many articles correct one file: a line for each, not a table for each.
        AnswerFormat::Table if by_file && articles.len() > 1 => report::article_list(&articles),
        AnswerFormat::Table => {
            let look = output.look();
            let shown: Vec<Vec<u8>> = articles.iter().map(|a| report::article(a, &name, &products, look)).collect();
            shown.join(&b"\n"[..])
        }
    };
    output.write(&bytes)?;
    Ok(0)
}

/// The articles asked for. Of the built-in catalogue only these are read if all are ids, which takes a tenth of the time.
fn find(args: &Args, name: &str) -> Result<Vec<Article>, CliError> {
    let own = args.catalog.catalog.is_some() || !args.catalog.add_catalog.is_empty();
    let ids = args.kb.iter().map(|kb| match kb {
        ArticleRef::Id { id, .. } => Some(*id),
        _ => None,
    });
    if let (false, Some(ids)) = (own, ids.collect::<Option<Vec<KbId>>>()) {
        let one = |id: &KbId| catalog::read_article(catalog::EMBEDDED, *id);
        let with_update = |id: &KbId| {
            Ok(match (one(id)?, catalog::update(*id)?) {
                (Some(own), Some(update)) => Some(catalog::complete(own, update)),
                (own, update) => own.or(update),
            })
        };
        let found: Result<Option<Vec<Article>>, _> = ids.iter().map(with_update).collect();
        let found = found.map_err(catalogs::built_in)?;
        if let Some(found) = found {
            return Ok(found);
        }
    }
    let catalog = catalogs::load(&args.catalog)?.0;
    let catalog = match args.catalog.catalog {
        None => {
            let own = reference::own_updates(&args.kb, &catalog)?;
            catalog.completed_by(&own)
        }
        Some(_) => catalog,
    };
    let ids = reference::find_all(&args.kb, &catalog, name)?;
    Ok(ids.iter().filter_map(|id| catalog.article(*id).cloned()).collect())
}
