//! `judge`: a filter, a line a host in and a line a host out, for engines that run programs over many records.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::sync::{Arc, Mutex};
use std::thread;

use clap::ValueEnum as _;
use hotfixcheck::inventory::Document;
use hotfixcheck::inventory::import::MAX_INVENTORY_BYTES;
use hotfixcheck::report::{JudgedLine, RenderError, View};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::args::{
    CatalogArgs, FailOn, InventoryFormatArg, MachineArg, OutputArgs, POLICY, PolicyArgs, SeverityArg, SystemArgs,
    TreeArgs,
};
use super::error::CliError;
use super::inventories::{self, Reading};
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

/// So many lines of each thread are on their way at once: the memory that a run takes.
const LINES_ON_THE_WAY: usize = 8;

/// A line of input. Members of other names are for the engine.
#[derive(Deserialize)]
struct Line<'a> {
    host: Option<String>,
    #[serde(borrow)]
    inventory: Option<&'a RawValue>,
    path: Option<PathBuf>,
    format: Option<String>,
}

/// A line of input on its way.
struct Given {
    /// Its place among the lines that are not empty, from 0.
    place: u64,
    /// Its number, from 1.
    line: u64,
    bytes: Vec<u8>,
}

/// A line of output on its way.
struct Answer {
    /// The place of its line of input.
    place: u64,
    exit_code: u8,
    bytes: Result<Vec<u8>, RenderError>,
}

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
    };
    let mut plan = Plan::new(tree, &args.catalog, &args.system, args.policy, &OutputArgs::none(), question)?;
    if plan.names_paths() {
        return Err(CliError::Usage("judge takes --os NAME for all hosts, not PATH=NAME".to_owned()));
    }
    plan.hold_catalogue()?;
    let threads = args.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get);
    judge_lines(&plan, threads)
}

/// Reader, judges, writer: each a thread, with a bounded number of lines between them.
fn judge_lines(plan: &Plan, threads: usize) -> Result<u8, CliError> {
    let (give, take) = mpsc::channel::<Given>();
    let (answer, answers) = mpsc::channel::<Answer>();
    // A line needs a place; it is free again when its answer was written.
    let (free, places) = mpsc::channel::<()>();
    for _ in 0..threads.saturating_mul(LINES_ON_THE_WAY) {
        let _ = free.send(());
    }
    let take = Arc::new(Mutex::new(take));
    thread::scope(|scope| {
        let reader = scope.spawn(move || read_lines(&give, &places));
        for _ in 0..threads {
            let (take, answer) = (Arc::clone(&take), answer.clone());
            scope.spawn(move || judge_until_end(plan, &take, &answer));
        }
        drop((answer, take));
        let written = write_in_order(&answers, &free);
        // A writer that is gone frees no place: the reader ends.
        drop((answers, free));
        let read = reader.join().unwrap_or(Ok(()));
        let codes = written?;
        read.map_err(|source| CliError::InventoryFile { path: "-".into(), source })?;
        Ok(exit_code(&codes))
    })
}

/// Gives each line that is not empty.
fn read_lines(give: &Sender<Given>, places: &Receiver<()>) -> io::Result<()> {
    let mut input = io::BufReader::with_capacity(1 << 18, io::stdin().lock());
    let (mut place, mut line) = (0, 0);
    loop {
        let mut bytes = Vec::new();
        // One more than allowed, so that too long a line is told from the longest one.
        let most = MAX_INVENTORY_BYTES + 1;
        if input.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        if bytes.len() as u64 == most && bytes.last() != Some(&b'\n') {
            // The rest of the line is not another line.
            input.skip_until(b'\n')?;
        }
        line += 1;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if places.recv().is_err() || give.send(Given { place, line, bytes }).is_err() {
            return Ok(());
        }
        place += 1;
    }
}

/// Judges lines, one after the other, in a pool of its own: a host of ten files is not worth being divided.
fn judge_until_end(plan: &Plan, take: &Mutex<Receiver<Given>>, answer: &Sender<Answer>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok();
    loop {
        let next = take.lock().ok().and_then(|take| take.recv().ok());
        let Some(Given { place, line, bytes }) = next else { return };
        let judge = || {
            let judged = judge_line(plan, line, &bytes);
            Answer { place, exit_code: judged.exit_code(), bytes: judged.render() }
        };
        let judged = pool.as_ref().map_or_else(judge, |pool| pool.install(judge));
        if answer.send(judged).is_err() {
            return;
        }
    }
}

/// Judges a line; whatever is wrong with it is in the answer.
fn judge_line(plan: &Plan, line: u64, bytes: &[u8]) -> JudgedLine {
    if bytes.len() as u64 > MAX_INVENTORY_BYTES {
        let error = format!("the line is longer than {MAX_INVENTORY_BYTES} bytes");
        return JudgedLine { line, host: host_in(&bytes[..HEAD_BYTES]), judged: Err(error) };
    }
    match serde_json::from_slice::<Line<'_>>(bytes.trim_ascii()) {
        Ok(Line { host, inventory, path, format }) => {
            let judged = judge_host(plan, inventory, path, format.as_deref());
            JudgedLine { line, host, judged }
        }
        Err(error) => {
            let head = &bytes[..bytes.len().min(HEAD_BYTES)];
            let at = error.to_string().replace(" at line 1 column ", " at column ");
            let error = format!(r#"not a line {{"host": …, "inventory": …}} or {{"host": …, "path": …}}: {at}"#);
            JudgedLine { line, host: host_in(head), judged: Err(error) }
        }
    }
}

/// So much of a broken line is searched for its host.
const HEAD_BYTES: usize = 65_536;

/// The host of a line that is no JSON, where it can be seen.
fn host_in(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let rest = text.split_once("\"host\"")?.1.trim_start().strip_prefix(':')?;
    serde_json::Deserializer::from_str(rest).into_iter::<String>().next()?.ok()
}

type Judged = Result<(View, Vec<String>), String>;

fn judge_host(plan: &Plan, inventory: Option<&RawValue>, path: Option<PathBuf>, format: Option<&str>) -> Judged {
    let said = |error: CliError| chain(&error);
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
            plan.judge_snapshot(read.map_err(|error| chain(&error))?).map_err(said)
        }
        (None, Some(path)) if reading.format.is_some() || inventories::is_snapshot(&path) => {
            let snapshot = inventories::read(&path, &reading, &|name| plan.wants(name)).map_err(said)?;
            plan.judge_snapshot(snapshot).map_err(said)
        }
        (None, Some(path)) => plan.judge_tree(path).map_err(said),
        _ => Err("give either 'inventory' or 'path'".to_owned()),
    }
}

/// Writes the answers in the order of the lines until there are no more, or nobody reads them; gives back the exit codes.
fn write_in_order(answers: &Receiver<Answer>, free: &Sender<()>) -> Result<BTreeSet<u8>, CliError> {
    let mut out = io::BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let mut codes = BTreeSet::new();
    let mut early: BTreeMap<u64, Answer> = BTreeMap::new();
    let mut next = 0;
    loop {
        let answer = match answers.try_recv() {
            Ok(answer) => answer,
            // An engine may wait for this answer before it gives the next line.
            Err(TryRecvError::Empty) => {
                if is_closed(out.flush())? {
                    return Ok(codes);
                }
                let Ok(answer) = answers.recv() else { break };
                answer
            }
            Err(TryRecvError::Disconnected) => break,
        };
        early.insert(answer.place, answer);
        while let Some(answer) = early.remove(&next) {
            next += 1;
            codes.insert(answer.exit_code);
            let _ = free.send(());
            if is_closed(out.write_all(&answer.bytes?))? {
                return Ok(codes);
            }
        }
    }
    is_closed(out.flush())?;
    Ok(codes)
}

/// True where nobody reads any more.
fn is_closed(written: io::Result<()>) -> Result<bool, CliError> {
    match written {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        Err(source) => Err(CliError::Output { path: "standard output".into(), source }),
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
