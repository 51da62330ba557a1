//! The `explain` command: shows why an article has its verdict, row by row.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use hotfixcheck::assess::Outcome;
use hotfixcheck::catalog::ArticleRef;
use hotfixcheck::report::{self, RenderError, ReportFormat};

use super::args::{CatalogArgs, OutputArgs, PolicyArgs, SystemArgs, TreeArgs};
use super::container;
use super::error::CliError;
use super::plan::Plan;
use super::question::Question;
use super::warning::warn;

/// Explain an article's verdict: each row, the file, the rule and the evidence
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  the fix is not missing
  1  the fix is missing or half-installed
  2  could not run
  3  not missing, but some files could not be read or judged
  4  nothing to judge: no Windows binary that the catalogue lists

Examples:
  hotfixcheck explain Q310626 C:\\WINNT
  hotfixcheck explain MS02-018 /mnt/nt4/WINNT/System32")]
pub(super) struct Args {
    /// The article: an id (Q310626, KB836769, 310626), a bulletin (MS02-018) or a file name; or several: A,B
    #[arg(value_name = "KB")]
    kb: Articles,
    #[command(flatten)]
    tree: TreeArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    system: SystemArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Articles in one word of the command line: `Q310626`, `Q310626,MS02-018`.
#[derive(Clone, Debug)]
struct Articles(Vec<ArticleRef>);

impl FromStr for Articles {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let parts = text.split(',').filter(|part| !part.trim().is_empty());
        parts.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

/// Accepts `explain PATH KB` like `explain KB PATH`.
fn in_order(mut args: Args) -> Result<Args, CliError> {
    let [ArticleRef::File(text)] = args.kb.0.as_slice() else { return Ok(args) };
    let path = PathBuf::from(text);
    if !path.exists() {
        return Ok(args);
    }
    // A word that is not an existing path and has no folder can only be an article, or the name of a file.
    let named = |path: &PathBuf| {
        let text = path.to_str().filter(|text| !path.exists() && !text.contains(['/', '\\', ':']))?;
        text.parse::<Articles>().ok()
    };
    let of_address = |path: &PathBuf| {
        let articles = path.to_str().and_then(|text| text.parse::<Articles>().ok())?;
        articles.0.iter().all(ArticleRef::is_certain).then_some(articles).filter(|_| !path.exists())
    };
    let asked = |path: &PathBuf| of_address(path).or_else(|| named(path));
    let place = args.tree.paths.iter().position(|other| asked(other).is_some());
    match place.and_then(|place| asked(&args.tree.paths.remove(place))) {
        Some(kb) => {
            args.tree.paths.insert(0, path);
            args.kb = kb;
            Ok(args)
        }
        // A file may be given by its name: explain tapisrv.exe PATH.
        None if path.is_file() && !args.tree.paths.is_empty() => Ok(args),
        None => Err(CliError::Usage(format!(
            "'{text}' is a path: explain needs an article first, as in 'hotfixcheck explain Q310626 {text}'"
        ))),
    }
}

/// Scans for the article's files, writes the explanation, and returns the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let args = in_order(args)?;
    let question = Question { command: "explain", only: args.kb.0, all: true, ..Question::default() };
    let paths = args.tree.paths.clone();
    let mut plan = Plan::new(args.tree, &args.catalog, &args.system, args.policy, &args.output, question)?;
    let view = plan.judge()?;
    if view.summary.outcome == Outcome::NothingRecognised {
        paths.iter().filter_map(|path| container::advice(path, view.files.known > 0)).for_each(|advice| warn(&advice));
    }
    plan.write(|format, look, out| match format {
        ReportFormat::Table => out.write_all(&report::explain(&view, look)).map_err(RenderError::Write),
        other => report::write(&view, other, look, out),
    })?;
    Ok(view.summary.exit_code)
}
