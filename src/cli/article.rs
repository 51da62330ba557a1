//! `article`: what an article demands.

use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::article::Article;
use hotfixcheck::catalog;
use hotfixcheck::report::{self, RenderError};

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
pub struct Args {
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
pub fn run(args: Args) -> Result<u8, CliError> {
    let output = Output::open(args.output.as_deref(), false)?;
    let look_up = lookup(&args.catalog)?;
    let mut articles = Vec::new();
    for id in &args.kb {
        let Some(article) = look_up(*id)? else {
            let name = &plan::name(&args.catalog);
            let message = format!("the catalogue {name} has no article {id} with a fix or a service pack");
            return Err(CliError::Usage(message));
        };
        articles.push(article);
    }
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

/// How to find an article: of the built-in catalogue only that article is read, which takes a tenth of the time.
fn lookup(args: &CatalogArgs) -> Result<Box<dyn Fn(KbId) -> Result<Option<Article>, CliError>>, CliError> {
    if args.catalog.is_none() && args.add_catalog.is_empty() {
        return Ok(Box::new(|id| {
            catalog::read_article(catalog::EMBEDDED, id)
                .map_err(|source| CliError::Catalogue { name: plan::BUILT_IN.to_owned(), source })
        }));
    }
    let (catalog, _) = plan::load(args)?;
    Ok(Box::new(move |id| Ok(catalog.article(id).cloned())))
}
