//! The `judge` command: a filter that reads one host a line and writes one result a line, for engines that run programs
//! over many records.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, Write as _};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::thread;

use hotfixcheck::catalog::ArticleRef;
use hotfixcheck::hosts::HostError;
use hotfixcheck::inventory::import::MAX_INVENTORY_BYTES;
use hotfixcheck::report::RenderError;

use super::args::{
    CatalogArgs, FailOn, InventoryFormatArg, MachineArg, OutputArgs, POLICY, PolicyArgs, SeverityArg, SystemArgs,
    TreeArgs,
};
use super::error::CliError;
use super::ordered::{self, Next};
use super::plan::Plan;
use super::question::Question;

/// Judge one host per line of standard input: for Spark, DuckDB, xargs
///
/// Each line is a JSON object with 'host' and either 'inventory' or 'path'. 'inventory' is a snapshot of 'hotfixcheck
/// inventory', or the text of another tool's list with its 'format'; 'path' is a file with one of these, a folder or an
/// image. The answer is a line of JSON for each line, in the same order (docs/judged.schema.json). A line that cannot
/// be judged has 'error'; the others are judged all the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  no findings on any host
  1  findings on at least one host (see --fail-on)
  2  could not run
  3  no findings, but some lines or files could not be read or judged
  4  nothing to judge on at least one host

Example:
  hotfixcheck inventory /mnt/image -o pc1.json
  echo '{\"host\":\"pc1\",\"path\":\"pc1.json\"}' | hotfixcheck judge --stdin")]
pub(super) struct Args {
    /// Read the hosts from standard input
    #[arg(long, required = true)]
    stdin: bool,
    /// Judge only these articles: ids, bulletins or file names; may be repeated
    #[arg(long, value_name = "ID", value_delimiter = ',', help_heading = "Selection")]
    kb: Vec<ArticleRef>,
    /// Judge only the articles that correct these vulnerabilities; may be repeated
    #[arg(long, value_name = "CVE", value_delimiter = ',', value_parser = ArticleRef::cve, help_heading = "Selection")]
    cve: Vec<ArticleRef>,
    /// Judge only articles with this rating or a higher one
    #[arg(long, value_enum, ignore_case = true, value_name = "LEVEL", help_heading = "Selection")]
    severity: Option<SeverityArg>,
    /// Also list fixed, superseded and unknown articles
    #[arg(long, help_heading = "Selection")]
    all: bool,
    /// Inventory format of lines without 'format' [default: detected from the contents]
    #[arg(long, value_enum, value_name = "FORMAT", hide_short_help = true)]
    inventory_format: Option<InventoryFormatArg>,
    /// Processor to assume for files whose processor the inventory does not state
    #[arg(long, value_enum, value_name = "MACHINE", hide_short_help = true)]
    machine: Option<MachineArg>,
    /// Number of hosts to judge at the same time [default: one for each processor]
    #[arg(short = 'j', long, value_name = "N", hide_short_help = true)]
    threads: Option<NonZero<usize>>,
    #[command(flatten)]
    system: SystemArgs,
    /// Lowest verdict that gives exit code 1 [default: missing]
    #[arg(long, value_enum, value_name = "VERDICT", help_heading = POLICY)]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    catalog: CatalogArgs,
}

/// A line of input: its number, from 1, and its bytes; or why the input ended early.
type Given = Result<(u64, Vec<u8>), io::Error>;

/// A line of output, and the exit code for it alone.
type Answer = Result<(Result<Vec<u8>, RenderError>, u8), io::Error>;

/// Judges until the input ends, and returns the exit code.
pub(super) fn run(args: Args) -> Result<u8, CliError> {
    let question = Question {
        command: "judge",
        only: [args.kb, args.cve].concat(),
        severity: args.severity,
        fail_on: args.fail_on,
        all: args.all,
        ..Question::default()
    };
    let tree = TreeArgs {
        inventory: vec!["-".into()],
        paths: Vec::new(),
        sniff: false,
        inventory_format: args.inventory_format,
        root: None,
        machine: args.machine,
        hotfixes: None,
    };
    let mut plan = Plan::new(tree, &args.catalog, &args.system, args.policy, &OutputArgs::none(), question)?;
    if plan.names_paths() {
        return Err(CliError::Usage("judge takes --os NAME for all hosts, not PATH=NAME".to_owned()));
    }
    plan.hold_catalogue()?;
    let threads = args.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get);
    judge_lines(&plan, threads)
}

fn judge_lines(plan: &Plan, threads: usize) -> Result<u8, CliError> {
    let judge = |given: Given| -> Answer {
        let (line, bytes) = given?;
        let judged = plan.judge_line(line, &bytes);
        Ok((judged.render(), judged.exit_code()))
    };
    let mut out = io::BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let mut codes = BTreeSet::new();
    ordered::judge(threads, Lines::new(), judge, |next| {
        let written = match next {
            // An engine may wait for this answer before it sends the next line.
            Next::Idle => out.flush(),
            Next::Result(answer) => {
                let failed = |source| CliError::from(HostError::File { path: "-".into(), source });
                let (bytes, code) = answer.map_err(failed)?;
                codes.insert(code);
                out.write_all(&bytes?)
            }
        };
        match written {
            Ok(()) => Ok(ControlFlow::Continue(())),
            // The reader has closed the output.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
            Err(source) => Err(CliError::Output { path: "standard output".into(), source }),
        }
    })?;
    Ok(exit_code(&codes))
}

/// The lines of standard input that are not empty.
struct Lines {
    input: io::BufReader<io::Stdin>,
    line: u64,
    is_ended: bool,
}

impl Lines {
    fn new() -> Self {
        Self { input: io::BufReader::with_capacity(1 << 18, io::stdin()), line: 0, is_ended: false }
    }

    fn read(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        loop {
            let mut bytes = Vec::new();
            // One byte more than allowed, to detect a line that is too long.
            let most = MAX_INVENTORY_BYTES + 1;
            if self.line_of(most, &mut bytes)? == 0 {
                return Ok(None);
            }
            if bytes.len() as u64 == most && bytes.last() != Some(&b'\n') {
                // The rest of such a line must not be read as another line.
                self.input.skip_until(b'\n')?;
            }
            self.line += 1;
            if !bytes.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some((self.line, bytes)));
            }
        }
    }
}

impl Lines {
    /// As `read_until` of the end of a line, for at most so many bytes, and faster: lines are long.
    fn line_of(&mut self, most: u64, bytes: &mut Vec<u8>) -> io::Result<usize> {
        loop {
            let read = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            let room = usize::try_from(most - bytes.len() as u64).unwrap_or(usize::MAX);
            let read = &read[..read.len().min(room)];
            let end = memchr::memchr(b'\n', read).map(|at| at + 1);
            let count = end.unwrap_or(read.len());
            bytes.extend_from_slice(&read[..count]);
            self.input.consume(count);
            if end.is_some() || count == 0 {
                return Ok(bytes.len());
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Given;

    fn next(&mut self) -> Option<Given> {
        if self.is_ended {
            return None;
        }
        let read = self.read().transpose();
        self.is_ended = !matches!(read, Some(Ok(_)));
        read
    }
}

/// The worst exit code, as in a report on a fleet.
fn exit_code(codes: &BTreeSet<u8>) -> u8 {
    let has = |code: u8| codes.contains(&code);
    match () {
        () if has(1) => 1,
        // A line that cannot be judged has its own answer; it does not fail the run, since a part of an engine's data
        // may have no other line.
        () if has(2) || has(3) => 3,
        () if has(4) => 4,
        () => 0,
    }
}
