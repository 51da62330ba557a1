//! `scan`: which fixes are missing below a path.

use std::path::PathBuf;

use hotfixcheck::KbId;
use hotfixcheck::assess::Outcome;
use hotfixcheck::package::Package;
use hotfixcheck::report;

use super::args::{CatalogArgs, FailOn, OutputArgs, PolicyArgs, SystemArgs, TreeArgs};
use super::plan::{Plan, Question};
use super::{CliError, warn};

/// Find which fixes are missing below PATH
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  no findings
  1  findings
  2  could not run
  3  no findings, but not everything could be read
  4  nothing to judge: no Windows binary that the catalogue knows, or only inactive copies

Examples:
  hotfixcheck scan /mnt/nt4/WINNT/System32
  hotfixcheck scan /mnt/image --require audit.txt --only-required
  hotfixcheck scan /mnt/image --baseline last-month.json --fail-on likely-missing
  hotfixcheck scan /mnt/image --exclude WINNT/Temp --exclude \"*.bak\"
  hotfixcheck scan /mnt/image --format json -o report.json
  hotfixcheck scan /mnt/image --format table -o - --format sarif -o report.sarif
  hotfixcheck scan /mnt/image --kb Q265433 --kb 310626
  hotfixcheck scan slipstreamed.iso:/I386
  hotfixcheck scan --inventory host.json
  hotfixcheck scan --inventory hosts/ --format csv -o fleet.csv")]
pub(super) struct Args {
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
    /// From which verdict on an article is a finding [default: missing]
    #[arg(long, value_enum, value_name = "VERDICT")]
    fail_on: Option<FailOn>,
    /// Fail where a waiver has expired or matches nothing
    #[arg(long)]
    strict_waivers: bool,
    /// Fail where a fix of this list is not in, whatever the reason: an article's id a line, # begins a comment
    #[arg(long, value_name = "FILE", conflicts_with = "kb")]
    require: Option<PathBuf>,
    /// Fail only on what this earlier report (--format json) does not know
    #[arg(long, value_name = "OLD.json")]
    baseline: Option<PathBuf>,
    /// Judge nothing but the required fixes
    #[arg(long, conflicts_with = "kb")]
    only_required: bool,
    /// Show also what is fixed, superseded or cannot be told
    #[arg(long)]
    all: bool,
    /// Show the smallest set of articles that brings every file to its newest known fix
    #[arg(long)]
    plan: bool,
    /// List backups and installation sources, too
    #[arg(long)]
    include_inactive: bool,
    /// Judge only this article; may be repeated
    #[arg(long, value_name = "ID")]
    kb: Vec<KbId>,
}

/// Scans, writes the report, answers with the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let question = Question {
        only: args.kb,
        fail_on: args.fail_on,
        require: args.require,
        only_required: args.only_required,
        baseline: args.baseline,
        strict_waivers: args.strict_waivers,
        configured: true,
        all: args.all,
        plan: args.plan,
        inactive: args.include_inactive,
    };
    let files: Vec<PathBuf> = args.tree.paths.iter().filter(|path| path.is_file()).cloned().collect();
    let mut plan = Plan::new(args.tree, &args.catalog, &args.system, args.policy, &args.output, question)?;
    if let Some(fleet) = plan.judge_fleet()? {
        let code = fleet.summary.exit_code;
        plan.write(|format, look| report::render_fleet(&fleet, format, look))?;
        return Ok(code);
    }
    let (view, code) = plan.judge()?;
    plan.write(|format, look| report::render(&view, format, look))?;
    if code == Outcome::NothingRecognised.code() {
        for path in files.iter().filter(|path| Package::is_at(path)) {
            warn(&format!("{}: an update package: catalog add makes rows of what it brings", path.display()));
        }
    }
    // The process ends here: to give back each text of catalogue and report by itself takes as long as to read them.
    std::mem::forget((view, plan));
    Ok(code)
}
