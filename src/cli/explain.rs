//! `explain`: why an article has its verdict, row by row.

use hotfixcheck::KbId;
use hotfixcheck::report::{self, Format};

use super::CliError;
use super::args::{CatalogArgs, OutputArgs, PolicyArgs, SystemArgs, TreeArgs};
use super::plan::{Plan, Question};

/// Explain an article's verdict: each row, the file, the rule and the evidence
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes are those of scan.

Example:
  hotfixcheck explain Q310626 /mnt/nt4/WINNT/System32")]
pub(super) struct Args {
    /// The article: Q310626, KB836769, 310626
    #[arg(value_name = "KB")]
    kb: KbId,
    #[command(flatten)]
    tree: TreeArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    catalog: CatalogArgs,
    #[command(flatten)]
    system: SystemArgs,
    #[command(flatten)]
    policy: PolicyArgs,
}

/// Scans for the article's files, writes the explanation, answers with the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let question = Question { only: vec![args.kb], all: true, ..Question::default() };
    let mut plan = Plan::new(args.tree, &args.catalog, &args.system, args.policy, &args.output, question)?;
    let (view, code) = plan.judge()?;
    plan.write(|format, look| match format {
        Format::Table => Ok(report::explain(&view)),
        other => report::render(&view, other, look),
    })?;
    Ok(code)
}
