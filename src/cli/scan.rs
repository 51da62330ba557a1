//! The `scan` command: finds the fixes that are missing below a path.

use std::path::PathBuf;

use hotfixcheck::assess::Outcome;
use hotfixcheck::catalog::ArticleRef;
use hotfixcheck::package::Package;
use hotfixcheck::report::{self, Look, RenderError, ReportFormat};

use super::args::{CatalogArgs, FailOn, OutputArgs, POLICY, PolicyArgs, SeverityArg, SystemArgs, TreeArgs};
use super::error::CliError;
use super::plan::Plan;
use super::question::Question;
use super::warning::warn;
use super::{container, fleet};

/// Find which fixes are missing below PATH
///
/// Compares the Windows files below PATH with the fix tables of Knowledge Base articles. 'hotfixcheck PATH' is the
/// same.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  no findings
  1  findings: fixes are missing (see --fail-on)
  2  could not run: wrong options, a PATH that cannot be read, a report that cannot be written
  3  no findings, but some files could not be read or judged, or
     missing fixes have no rating (--severity)
  4  nothing to judge: no Windows binary that the catalogue lists, or only backup copies

Examples:
  hotfixcheck scan                                          this Windows (on Windows only)
  hotfixcheck scan C:\\WINNT
  hotfixcheck scan /mnt/image -o report.html                a report for the browser
  hotfixcheck scan disk.vmdk --kb Q265433,MS02-018          these fixes only
  hotfixcheck scan /mnt/image --cve CVE-2008-4250           the fixes of this vulnerability
  hotfixcheck scan /mnt/image --severity critical           only what the vendor rated critical
  hotfixcheck scan slipstreamed.iso:/I386                   a folder inside an image
  hotfixcheck scan --inventory hosts/ -o fleet.html         one report on many hosts
  hotfixcheck scan /mnt/image --require audit.txt --only-required
  hotfixcheck scan /mnt/image --baseline last-month.json --fail-on likely-missing
  hotfixcheck scan /mnt/image --exclude WINNT/Temp --exclude \"*.bak\"
  hotfixcheck scan /mnt/image --format table -o - --format sarif -o report.sarif")]
pub(super) struct Args {
    #[command(flatten)]
    tree: TreeArgs,
    /// Judge only these articles: ids, bulletins, CVEs or file names; may be repeated
    ///
    /// For example Q265433,KB836769, MS02-018, CVE-2005-0058 or tapisrv.exe.
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Selection")]
    kb: Vec<ArticleRef>,
    /// Judge only the articles that correct these vulnerabilities; may be repeated
    ///
    /// For example CVE-2008-4250; with --kb, the articles of both.
    #[arg(long, value_name = "CVE", value_delimiter = ',', value_parser = ArticleRef::cve, help_heading = "Selection")]
    cve: Vec<ArticleRef>,
    /// Judge only articles with this rating or a higher one
    ///
    /// Missing fixes that the vendor did not rate are counted, but not listed: if nothing else is missing, the exit
    /// code is 3. Those of --require are judged whatever their rating.
    #[arg(long, value_enum, ignore_case = true, value_name = "LEVEL", help_heading = "Selection")]
    severity: Option<SeverityArg>,
    /// Also show fixed, superseded and unknown articles
    #[arg(long, help_heading = "Selection")]
    all: bool,
    /// Also list copies that Windows does not run (backups, installation sources)
    #[arg(long, help_heading = "Selection", hide_short_help = true)]
    include_inactive: bool,
    #[command(flatten)]
    output: OutputArgs,
    /// With several inventories, list only the N worst hosts and fixes
    ///
    /// These are the hosts that lack the most fixes, and the fixes that most hosts lack. The numbers cover all.
    #[arg(long, value_name = "N", help_heading = "Output", hide_short_help = true)]
    top: Option<usize>,
    /// Also show the smallest set of fixes to install
    #[arg(long, help_heading = "Output", hide_short_help = true)]
    plan: bool,
    #[command(flatten)]
    system: SystemArgs,
    /// Lowest verdict that gives exit code 1 [default: missing]
    #[arg(long, value_enum, value_name = "VERDICT", help_heading = POLICY)]
    fail_on: Option<FailOn>,
    /// Fail unless all fixes in FILE are installed
    ///
    /// FILE has one article id, bulletin or CVE per line; # starts a comment.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kb", "cve"], help_heading = POLICY)]
    require: Option<PathBuf>,
    /// Check only the fixes that --require names
    #[arg(long, conflicts_with_all = ["kb", "cve"], help_heading = POLICY, hide_short_help = true)]
    only_required: bool,
    /// Fail only on findings that are not in this earlier JSON report
    #[arg(long, value_name = "OLD.json", help_heading = POLICY)]
    baseline: Option<PathBuf>,
    /// Also fail if a waiver has expired or matches nothing
    #[arg(long, help_heading = POLICY, hide_short_help = true)]
    strict_waivers: bool,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// Makes this thread one of those that work, instead of one that waits for them: its memory grows in larger steps than theirs, and
/// there is one fewer. Not for many hosts: there this thread waits for others. On Windows its stack is smaller than theirs.
fn take_part() {
    #[cfg(unix)]
    {
        // If they are there already, it waits as before.
        let _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    }
}

/// Says what the reports say that were written to files alone: without a word, exit code 1 looks like a failure.
fn say_written(answer: &str, files: &[PathBuf]) {
    if !files.is_empty() {
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        warn(&format!("{answer}; written: {}", files.join(", ")));
    }
}

/// Scans, writes the report, and returns the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let question = Question {
        command: "scan",
        only: [args.kb, args.cve].concat(),
        severity: args.severity,
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
    let paths = args.tree.paths.clone();
    let mut plan = Plan::new(args.tree, &args.catalog, &args.system, args.policy, &args.output, question)?;
    if let Some(view) = fleet::judge(&mut plan, args.top)? {
        let code = view.summary.exit_code;
        let files = plan.files();
        plan.write(|format, look, out| {
            out.write_all(&report::render_fleet(&view, format, look)?).map_err(RenderError::Write)
        })?;
        say_written(&view.headline(), &files);
        return Ok(code);
    }
    take_part();
    let view = plan.judge()?;
    let code = view.summary.exit_code;
    let (files, formats) = (plan.files(), plan.formats());
    plan.write(|format, look, out| report::write(&view, format, look, out))?;
    // A list of ids is for scripts.
    if let Some(unjudged) = report::not_judged(&view).filter(|_| formats.contains(&ReportFormat::Ids)) {
        warn(&unjudged);
    }
    let line = report::render(&view, ReportFormat::OneLine, Look::PLAIN)?;
    say_written(String::from_utf8_lossy(&line).trim_end(), &files);
    if view.summary.outcome == Outcome::NothingRecognised {
        let (packages, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
            paths.iter().partition(|path| path.is_file() && Package::is_at(path));
        let advice = |path: &&PathBuf| container::advice(path, view.files.known > 0);
        others.iter().filter_map(advice).for_each(|advice| warn(&advice));
        for path in packages {
            warn(&format!(
                "'{}' is an update package; use 'catalog add' to add its files to a catalogue",
                path.display()
            ));
        }
    }
    // The process ends here: freeing every text of catalogue and report takes as long as reading them.
    std::mem::forget((view, plan));
    Ok(code)
}
