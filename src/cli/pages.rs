//! The `man` command: writes the manual pages, which are made from the same descriptions as the help texts.

use std::path::PathBuf;

use clap::Command;

use super::error::CliError;
use super::output::Output;

/// Print the manual page, or write one for each command
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hotfixcheck man | man -l -
  hotfixcheck man --out-dir /usr/local/share/man/man1")]
pub(super) struct Args {
    /// Write a page for each command to this folder, created if missing
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
}

/// Writes the pages.
pub(super) fn run(args: &Args, program: Command) -> Result<u8, CliError> {
    // No page is written for `help`.
    let mut program = without_help(program);
    program.build();
    let Some(folder) = &args.out_dir else {
        Output::open(None, false)?.write(&page(&program, program.get_name())?)?;
        return Ok(0);
    };
    let failed = |source| CliError::Output { path: folder.clone(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut pages = vec![(program.get_name().to_owned(), program.clone())];
    while let Some((name, command)) = pages.pop() {
        let path = folder.join(format!("{name}.1"));
        Output::open(Some(&path), false)?.write(&page(&command, &name)?)?;
        pages.extend(command.get_subcommands().map(|inner| (format!("{name}-{}", inner.get_name()), inner.clone())));
    }
    Ok(0)
}

fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

/// A page in roff. It contains no date: the same program writes the same page.
fn page(command: &Command, name: &str) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    let page = clap_mangen::Man::new(command.clone()).title(name.to_uppercase()).manual("hotfixcheck manual");
    page.render(&mut bytes).map_err(|source| CliError::Output { path: format!("{name}.1").into(), source })?;
    Ok(bytes)
}
