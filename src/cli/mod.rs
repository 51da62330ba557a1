//! The commands. Each is one file with `Args` (parsed by clap) and `run` (which does the work and returns the exit
//! code).

mod args;
mod article;
mod articles;
mod catalog;
mod catalog_add;
mod catalog_import;
mod catalogs;
mod completions;
mod config;
mod container;
mod diff;
mod error;
mod explain;
mod extract;
mod fleet;
mod given;
mod identify;
mod inventories;
mod inventory;
mod judge;
mod kind;
mod ordered;
mod output;
mod pages;
mod plan;
mod policy;
mod previous;
mod progress;
mod question;
mod read_file;
mod reports;
mod require;
mod roots;
mod scan;
mod stream;
mod system_folder;
mod temporary;
mod warning;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

/// Finds which Microsoft hotfixes are missing from Windows files, offline
#[derive(Debug, Parser)]
#[command(
    name = "hotfixcheck",
    // The same name in help, even if the file is called `hotfixcheck.exe`.
    bin_name = "hotfixcheck",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    override_usage = "hotfixcheck PATH\n       hotfixcheck COMMAND [OPTIONS]",
    after_help = "\
Examples:
  hotfixcheck C:\\WINNT                        which fixes are missing there
  hotfixcheck disk.vmdk -o report.html        the same for a disk image, as a report for the browser
  hotfixcheck explain Q310626 C:\\WINNT        why this fix is missing
  hotfixcheck article Q265433                 what an article says

Use 'hotfixcheck help COMMAND' for the options of a command."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Scan(scan::Args),
    Explain(explain::Args),
    Identify(identify::Args),
    Inventory(inventory::Args),
    Judge(judge::Args),
    Article(article::Args),
    Extract(extract::Args),
    Catalog(catalog::Args),
    Diff(diff::Args),
    Completions(completions::Args),
    Man(pages::Args),
}

/// The exit code when nothing could be assessed: usage, unreadable root, broken catalogue, report not written.
const COULD_NOT_RUN: u8 = 2;

/// The width of help if the terminal does not report its own.
const HELP_COLUMNS: usize = 80;

/// Accepts `hotfixcheck PATH` like `hotfixcheck scan PATH`, and `hotfixcheck --kb Q265433 PATH`, too.
fn with_scan(mut args: Vec<OsString>) -> Vec<OsString> {
    let Some(first) = args.get(1) else { return args };
    let text = first.to_string_lossy();
    let is_command = Cli::command().find_subcommand(&*text).is_some() || text == "help";
    let own = ["-h", "--help", "-V", "--version"].contains(&&*text);
    let is_path = text.contains(['/', '\\', ':', '.']) || Path::new(first).exists();
    if !is_command && !own && (is_path || text.starts_with('-')) {
        args.insert(1, "scan".into());
    }
    args
}

/// The message for a first word that is neither a command nor similar to one, nor a path; `None` for any other error.
fn neither(error: &clap::Error) -> Option<String> {
    let first = std::env::args().nth(1)?;
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let word = error.get(ContextKind::InvalidSubcommand).map(ToString::to_string).filter(|word| *word == first)?;
    let meant = roots::meant(Path::new(&word));
    if meant.is_none() && error.get(ContextKind::SuggestedSubcommand).is_some() {
        return None;
    }
    let todo = meant.unwrap_or_else(|| "see 'hotfixcheck --help'".to_owned());
    Some(format!("'{word}' is neither a command nor a file or folder here; {todo}"))
}

/// Reads the command line and runs the command.
pub(crate) fn main() -> ExitCode {
    hotfixcheck::hush_caught_panics();
    let mut command = Cli::command();
    if std::env::var("COLUMNS").is_ok_and(|columns| columns.trim() == "0") {
        // Some terminals report zero columns: help would then have one word a line.
        command = command.term_width(HELP_COLUMNS);
    }
    let matches = command.try_get_matches_from(with_scan(std::env::args_os().collect()));
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            if let Some(what) = neither(&error) {
                warning::warn(&what);
                return ExitCode::from(COULD_NOT_RUN);
            }
            // An error of printing is ignored, because nobody reads the help.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(COULD_NOT_RUN));
        }
    };
    let result = match cli.command {
        Command::Scan(args) => scan::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Identify(args) => identify::run(args),
        Command::Inventory(args) => inventory::run(args),
        Command::Judge(args) => judge::run(args),
        Command::Article(args) => article::run(args),
        Command::Extract(args) => extract::run(args),
        Command::Catalog(args) => catalog::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Completions(args) => completions::run(&args, &mut Cli::command()),
        Command::Man(args) => pages::run(&args, Cli::command()),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            warning::warn(&warning::chain(&error));
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}
