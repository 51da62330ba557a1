//! The `catalog import` command: builds a catalogue from outside sources.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use hotfixcheck::catalog;
use hotfixcheck_facts::{Facts, FactsError, SkipReason, buildref, cvrf, merge, mssecure, titles, wesng, windows};

use super::catalogs;
use super::error::CliError;
use super::output::Output;
use super::read_file;
use super::warning::warn;

/// Build a catalogue from outside sources: advisories, builds, scanners' lists
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Files of one kind are merged: the facts of several files about one article become one article.
Facts that were left out, and contradictions between files, are listed on standard error. If a file
cannot be read, nothing is written.

Used with --add-catalog, its articles complete those with the same id: their facts are added, but
builds of the same product are replaced.

Exit codes:
  0  written
  2  a file could not be read, or the catalogue not written
  4  no article was found

Examples:
  hotfixcheck catalog import cvrf 2024-*.xml -o 2024.tsv
  hotfixcheck catalog import wesng definitions.zip -o wesng.tsv
  hotfixcheck scan /mnt/windows --add-catalog 2024.tsv")]
pub(super) struct Args {
    /// Kind of the files
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// Files; a folder stands for every file in it
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write the catalogue to this file; '-' is standard output, a name that ends in .hfc is compiled (faster to read)
    #[arg(short, long, value_name = "FILE", required = true)]
    output: PathBuf,
    /// Keep only articles for products whose name contains this text; may be repeated
    #[arg(long, value_name = "TEXT")]
    product: Vec<String>,
    /// Table of bulletins (bulletin, article, title) whose numbers are added by title; only for wesng
    #[arg(long, value_name = "FILE")]
    bulletins: Option<PathBuf>,
    /// CVRF documents, as for the kind cvrf: leave out what they say better, so that only what they lack remains; only for
    /// wesng; may be repeated
    #[arg(long, value_name = "FILE")]
    advisories: Vec<PathBuf>,
    /// Comment for the head of the catalogue, such as origin and licence; may be repeated
    #[arg(long, value_name = "TEXT")]
    source: Vec<String>,
}

/// The kinds of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Monthly CVRF documents of Microsoft's Security Response Center, XML or JSON
    Cvrf,
    /// dbatools' build reference of SQL Server (dbatools-buildref-index.json)
    Buildref,
    /// WES-NG's definitions (definitions.zip, or CSV files of it)
    Wesng,
    /// mssecure.xml of the Microsoft Baseline Security Analyzer
    Mssecure,
    /// A table of Windows updates: product, release, kind, order, revision, article
    WindowsUpdates,
    /// A table of Windows releases: release, day, build, article
    WindowsBuilds,
    /// A table of security bulletins: bulletin, article, title
    BulletinTitles,
}

/// Reads the files and writes the catalogue.
pub(super) fn run(args: &Args) -> Result<u8, CliError> {
    let output = Output::open(Some(&args.output), false)?;
    let mut sources = read_all(args.kind, &args.files, &output)?;
    let mut head = format!("# Files: {}\n", names(&sources));
    if let Some(path) = &args.bulletins {
        if args.kind != Kind::Wesng {
            return Err(CliError::Usage("--bulletins needs the titles that only wesng has".to_owned()));
        }
        let tables = read_all(Kind::BulletinTitles, std::slice::from_ref(path), &output)?;
        head.push_str(&format!("# Bulletins by title: {}\n", names(&tables)));
        for facts in &mut sources {
            tables.iter().for_each(|table| _ = facts.join_bulletins(table));
        }
    }
    if !args.advisories.is_empty() {
        if args.kind != Kind::Wesng {
            return Err(CliError::Usage("--advisories is only for wesng".to_owned()));
        }
        let advisories = read_all(Kind::Cvrf, &args.advisories, &output)?;
        head.push_str(&format!("# Without what these advisories say: {}\n", names(&advisories)));
        let advisories = merge(&advisories);
        sources.iter_mut().for_each(|facts| facts.leave_to_advisories(&advisories));
    }
    report_skipped(&sources);
    let merged = merge(&sources);
    for conflict in &merged.conflicts {
        warn(&format!("contradiction: {conflict}"));
    }
    let catalog = catalog::of_facts(&merged, &args.product);
    if catalog.articles().is_empty() {
        let only = if args.product.is_empty() { "" } else { " for the products of --product" };
        warn(&format!("no article{only} was found: nothing was written"));
        return Ok(NOTHING);
    }
    let text = catalogs::with_head(&catalog::write(&catalog), &comments(args, &head));
    output.write(&catalogs::bytes_for(&args.output, &catalog, text)?)?;
    Ok(0)
}

/// No article was found.
const NOTHING: u8 = 4;

/// The facts of each file, none of which the output may replace.
fn read_all(kind: Kind, paths: &[PathBuf], output: &Output) -> Result<Vec<Facts>, CliError> {
    let files = files(paths)?;
    output.refuse_inputs(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>())?;
    let of_file = |path: PathBuf| match read(kind, &path) {
        Ok(read) => read.map_err(|error| CliError::Usage(error.to_string())),
        Err(source) => Err(CliError::File { path, source }),
    };
    files.into_iter().map(of_file).collect()
}

/// The files; those of a folder sorted by name, so that the order is the same on every machine.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in paths {
        let failed = |source| CliError::File { path: path.clone(), source };
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            let entry = entry.map_err(failed)?.path();
            if entry.is_file() {
                inside.push(entry);
            }
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// The largest archive that is read; `definitions.zip` has some 6 MB.
const MAX_ARCHIVE: u64 = 256 << 20;

fn read(kind: Kind, path: &Path) -> std::io::Result<Result<Facts, FactsError>> {
    let name = path.display().to_string();
    let name = name.as_str();
    let mut input = BufReader::new(read_file::open(path)?);
    let head = input.fill_buf()?;
    if kind == Kind::Wesng && head.starts_with(b"PK") {
        return Ok(wesng::read(name, &read_file::rest(input, MAX_ARCHIVE)?));
    }
    let reader: fn(&str, BufReader<File>) -> Result<Facts, FactsError> = match kind {
        Kind::Cvrf => cvrf::read,
        Kind::Buildref => buildref::read,
        Kind::Mssecure => mssecure::read,
        Kind::WindowsUpdates => windows::read_updates,
        Kind::WindowsBuilds => windows::read_builds,
        Kind::BulletinTitles => titles::read,
        Kind::Wesng => wesng::read_csv,
    };
    Ok(reader(name, input))
}

/// Reports the facts that were left out, by reason, for all files together.
fn report_skipped(sources: &[Facts]) {
    let mut reasons: Vec<SkipReason> = sources.iter().flat_map(|facts| facts.skipped.keys().copied()).collect();
    reasons.sort();
    reasons.dedup();
    for reason in reasons {
        let of = |facts: &Facts| facts.skipped.get(&reason).map_or(0, |skipped| skipped.count);
        let count: usize = sources.iter().map(of).sum();
        let first = sources.iter().find_map(|facts| Some((facts, facts.skipped.get(&reason)?)));
        if let Some((facts, skipped)) = first {
            let (place, example) = (&skipped.first, &skipped.example);
            warn(&format!("not taken: {count} {}; first: {}: {place}'{example}'", reason.name(), facts.source.name));
        }
    }
}

/// More files are named by the first and the last, by their days.
const MOST_NAMES: usize = 12;

/// The names of the files, without their folders.
fn names(sources: &[Facts]) -> String {
    let name = |facts: &Facts| {
        let path = Path::new(&*facts.source.name);
        let name =
            path.file_name().map_or_else(|| facts.source.name.to_string(), |name| name.to_string_lossy().into_owned());
        name.replace(char::is_control, " ")
    };
    if sources.len() <= MOST_NAMES {
        return sources.iter().map(name).collect::<Vec<_>>().join(", ");
    }
    // By the days of the documents: the names of months are not in their order.
    let day = |facts: &Facts| facts.articles.values().filter_map(|article| article.advised).max();
    let mut dated: Vec<_> = sources.iter().map(|facts| (day(facts), name(facts))).collect();
    dated.sort();
    let first = dated.iter().find(|(day, _)| day.is_some()).or(dated.first());
    match (first, dated.last()) {
        (Some((_, first)), Some((_, last))) => format!("{}, {first} to {last}", sources.len()),
        _ => String::new(),
    }
}

/// The comments of the head: how the catalogue was made, from which files, and what the user says of them.
fn comments(args: &Args, files: &str) -> String {
    let kind = args.kind.to_possible_value().map(|kind| kind.get_name().to_owned()).unwrap_or_default();
    let mut head = format!("# Made by: hotfixcheck catalog import {kind}\n{files}");
    for product in &args.product {
        head.push_str(&format!("# Only products with: {product}\n"));
    }
    for source in &args.source {
        head.push_str(&format!("# {}\n", source.replace(['\n', '\r'], " ")));
    }
    head
}
