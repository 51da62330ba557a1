//! The `completions` command: prints the completion script of a shell.

use clap::{Command, ValueEnum};
use clap_complete::Shell;

use super::error::CliError;
use super::output::Output;

/// Print a completion script for your shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hotfixcheck completions bash > ~/.local/share/bash-completion/completions/hotfixcheck
  hotfixcheck completions zsh > \"${fpath[1]}/_hotfixcheck\"
  hotfixcheck completions fish > ~/.config/fish/completions/hotfixcheck.fish
  hotfixcheck completions powershell | Out-String | Invoke-Expression")]
pub(super) struct Args {
    /// Shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Name,
}

/// A shell.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Name {
    /// GNU Bash
    Bash,
    /// The Z shell
    Zsh,
    /// fish
    Fish,
    /// Windows PowerShell and PowerShell
    Powershell,
}

/// Writes the shell's script.
pub(super) fn run(args: &Args, program: &mut Command) -> Result<u8, CliError> {
    let shell = match args.shell {
        Name::Bash => Shell::Bash,
        Name::Zsh => Shell::Zsh,
        Name::Fish => Shell::Fish,
        Name::Powershell => Shell::PowerShell,
    };
    let mut bytes = Vec::new();
    clap_complete::generate(shell, program, env!("CARGO_PKG_NAME"), &mut bytes);
    Output::open(None, false)?.write(&bytes)?;
    Ok(0)
}
