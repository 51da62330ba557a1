//! `judge`: a filter, a line a host in and a line a host out, for engines that run programs over many records.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::thread;

use clap::ValueEnum as _;
use hotfixcheck::inventory::import::{self, MAX_INVENTORY_BYTES};
use hotfixcheck::inventory::{Document, Snapshot};
use hotfixcheck::report::{JudgedLine, RenderError, View};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::args::{
    CatalogArgs, FailOn, InventoryFormatArg, MachineArg, OutputArgs, POLICY, PolicyArgs, SeverityArg, SystemArgs,
    TreeArgs,
};
use super::error::CliError;
use super::inventories::{self, Reading};
use super::ordered::{self, Next};
use super::plan::Plan;
use super::question::Question;
use super::reference::{ArticleRef, cve};
use super::warning::chain;

/// Judge a line a host from standard input: for Spark, DuckDB, xargs
///
/// Each line is a JSON object with 'host' and either 'inventory' or 'path'. 'inventory' is a snapshot of 'hotfixcheck inventory',
/// or the text of another tool's list with its 'format'; 'path' is a file with one of these, a folder or an image. The answer is a
/// line of JSON for each line, in the same order (docs/judged.schema.json). A line that cannot be judged has 'error'; the others are
/// judged all the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  no findings on any host
  1  findings on at least one host (see --fail-on)
  2  could not run, or no line could be judged
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
    #[arg(long, value_name = "CVE", value_delimiter = ',', value_parser = cve, help_heading = "Selection")]
    cve: Vec<ArticleRef>,
    /// Judge only articles with this rating or a higher one
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Selection")]
    severity: Option<SeverityArg>,
    /// Also list fixed, superseded and unknown articles
    #[arg(long, help_heading = "Selection")]
    all: bool,
    /// Format of inventories, where a line does not say it [default: detected from the contents]
    #[arg(long, value_enum, value_name = "FORMAT", hide_short_help = true)]
    inventory_format: Option<InventoryFormatArg>,
    /// Processor to assume where an inventory does not contain it
    #[arg(long, value_enum, value_name = "MACHINE", hide_short_help = true)]
    machine: Option<MachineArg>,
    /// Threads that judge [default: one for each processor]
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

/// A line of input. Members of other names are for the engine.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    host: Option<&'a RawValue>,
    #[serde(borrow)]
    inventory: Option<&'a RawValue>,
    path: Option<PathBuf>,
    format: Option<String>,
    /// The text of a list of installed updates.
    hotfixes: Option<String>,
}

/// The name of a host. A number is taken as its text, every digit of it.
fn name_of(host: &RawValue) -> Option<String> {
    let text = host.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).ok(),
        Some(b'-' | b'0'..=b'9') => Some(text.to_owned()),
        _ => None,
    }
}

/// A line of input on its way: its number, from 1, and its bytes; or why the input ended before its time.
type Given = Result<(u64, Vec<u8>), io::Error>;

/// A line of output on its way, and the exit code that it alone would give.
type Answer = Result<(Result<Vec<u8>, RenderError>, u8), io::Error>;

/// Judges until the input ends; answers with the exit code.
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
        let judged = judge_line(plan, line, &bytes);
        Ok((judged.render(), judged.exit_code()))
    };
    let mut out = io::BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let mut codes = BTreeSet::new();
    ordered::judge(threads, Lines::new(), judge, |next| {
        let written = match next {
            // An engine may wait for this answer before it gives the next line.
            Next::Idle => out.flush(),
            Next::Result(answer) => {
                let failed = |source| CliError::InventoryFile { path: "-".into(), source };
                let (bytes, code) = answer.map_err(failed)?;
                codes.insert(code);
                out.write_all(&bytes?)
            }
        };
        match written {
            Ok(()) => Ok(ControlFlow::Continue(())),
            // Nobody reads any more.
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
            // One more than allowed, so that too long a line is told from the longest one.
            let most = MAX_INVENTORY_BYTES + 1;
            if self.input.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            if bytes.len() as u64 == most && bytes.last() != Some(&b'\n') {
                // The rest of the line is not another line.
                self.input.skip_until(b'\n')?;
            }
            self.line += 1;
            if !bytes.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some((self.line, bytes)));
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

/// Judges a line; whatever is wrong with it is in the answer.
fn judge_line(plan: &Plan, line: u64, bytes: &[u8]) -> JudgedLine {
    if bytes.len() as u64 > MAX_INVENTORY_BYTES {
        let error = format!("the line is longer than {MAX_INVENTORY_BYTES} bytes");
        return JudgedLine { line, host: host_in(bytes), judged: Err(error) };
    }
    match serde_json::from_slice::<Line<'_>>(bytes.trim_ascii()) {
        Ok(Line { host, inventory, path, format, hotfixes }) => {
            let name = host.and_then(name_of);
            let judged = match (host, &name) {
                (Some(_), None) => Err("host: expected a text or a number".to_owned()),
                _ => judge_host(plan, inventory, path, format.as_deref(), hotfixes.as_deref()),
            };
            JudgedLine { line, host: name, judged }
        }
        Err(error) => {
            let at = error.to_string().replace(" at line 1 column ", " at column ");
            let error = format!(r#"not a line {{"host": …, "inventory": …}} or {{"host": …, "path": …}}: {at}"#);
            JudgedLine { line, host: host_in(bytes), judged: Err(error) }
        }
    }
}

/// So much of a broken line is searched for its host, at its beginning and at its end.
const SEEN_BYTES: usize = 65_536;

/// The host of a line that is no JSON, where it can be seen: engines write it first, or last.
fn host_in(line: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&line[..line.len().min(SEEN_BYTES)]);
    let tail = String::from_utf8_lossy(&line[line.len().saturating_sub(SEEN_BYTES)..]);
    let name = |(_, rest): (&str, &str)| {
        let rest = rest.trim_start().strip_prefix(':')?;
        let value = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>().next()?.ok()?;
        name_of(value)
    };
    head.split_once("\"host\"").and_then(name).or_else(|| tail.rsplit_once("\"host\"").and_then(name))
}

type Judged = Result<(View, Vec<String>), String>;

fn judge_host(
    plan: &Plan,
    inventory: Option<&RawValue>,
    path: Option<PathBuf>,
    format: Option<&str>,
    hotfixes: Option<&str>,
) -> Judged {
    let said = |error: CliError| chain(&error);
    let claimed = |mut snapshot: Snapshot| -> Result<Snapshot, String> {
        if let Some(text) = hotfixes {
            let claims = import::claims(Document::Bytes(text.as_bytes()));
            claims.and_then(|claims| snapshot.claim(claims)).map_err(|error| chain(&error))?;
        }
        Ok(snapshot)
    };
    let reading = match format {
        None => plan.reading(),
        Some(name) => {
            let format = InventoryFormatArg::from_str(name, true).map_err(|_| {
                let known = InventoryFormatArg::value_variants().iter().filter_map(|format| format.to_possible_value());
                let known: Vec<String> = known.map(|format| format.get_name().to_owned()).collect();
                format!("unknown format '{name}': use one of {}", known.join(", "))
            })?;
            Reading { format: Some(format.into()), ..plan.reading() }
        }
    };
    match (inventory, path) {
        (Some(raw), None) => {
            let list: Option<String> = if raw.get().starts_with('"') {
                Some(serde_json::from_str(raw.get()).map_err(|error| error.to_string())?)
            } else {
                None
            };
            let bytes = list.as_deref().unwrap_or(raw.get()).as_bytes();
            let read = inventories::read_document(Document::Bytes(bytes), &reading, &|name| plan.wants(name));
            plan.judge_snapshot(claimed(read.map_err(|error| chain(&error))?)?).map_err(said)
        }
        (None, Some(path)) if reading.format.is_some() || inventories::is_snapshot(&path) => {
            let snapshot = inventories::read(&path, &reading, &|name| plan.wants(name)).map_err(said)?;
            plan.judge_snapshot(claimed(snapshot)?).map_err(said)
        }
        (None, Some(_)) if hotfixes.is_some() => Err("'hotfixes' is only valid with an inventory".to_owned()),
        (None, Some(path)) => plan.judge_tree(path).map_err(said),
        _ => Err("give either 'inventory' or 'path'".to_owned()),
    }
}

/// The worst: as of a fleet's report.
fn exit_code(codes: &BTreeSet<u8>) -> u8 {
    let has = |code: u8| codes.contains(&code);
    match () {
        () if has(1) => 1,
        () if has(2) && codes.len() == 1 => 2,
        () if has(2) || has(3) => 3,
        () if has(4) => 4,
        () => 0,
    }
}
