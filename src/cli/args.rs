//! Options that several commands share, as parsed by clap; `plan` validates them.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use hotfixcheck::Machine;
use hotfixcheck::assess;
use hotfixcheck::inventory::PathGlob;
use hotfixcheck::inventory::import;
use hotfixcheck::report;
use hotfixcheck_articles::Severity;
use jiff::civil::Date;

/// Headings of the help text.
const INPUT: &str = "Input";
const SELECTION: &str = "Selection";
const SYSTEM: &str = "System";
const OUTPUT: &str = "Output";
pub(super) const POLICY: &str = "Policy";
const CATALOGUE: &str = "Catalogue";

/// Which catalogue to use.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = CATALOGUE)]
pub(super) struct CatalogArgs {
    /// Use this catalogue instead of the built-in one
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub catalog: Option<PathBuf>,
    /// Use this catalogue in addition; may be repeated
    ///
    /// For an article that is in both catalogues, the rows of this one replace the others; its service packs and builds
    /// replace those of the same product. A warning lists what was replaced. Rows that 'catalog add' read from a
    /// package replace nothing: they are added.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub add_catalog: Vec<PathBuf>,
}

/// Which system the files come from.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = SYSTEM)]
pub(super) struct SystemArgs {
    /// Windows version [default: from the registry below PATH, else from its kernel files]
    ///
    /// "Windows NT 4.0", nt4, win2k, "Windows XP SP3", "2008 R2", "Windows 10 22H2", with --service-pack where the
    /// system has several and the name says none.
    /// PATH=NAME is for one tree or Windows folder of several; may be repeated. Needed to judge articles that name only
    /// a service pack.
    #[arg(long, value_name = "[PATH=]NAME", hide_short_help = true)]
    pub os: Vec<String>,
    /// Service pack of --os: RTM (none), 4, SP6a; PATH=N for one of several systems
    #[arg(long, value_name = "[PATH=]N", requires = "os", hide_short_help = true)]
    pub service_pack: Vec<String>,
}

/// What counts, beyond the verdicts.
#[derive(Debug, clap::Args)]
pub(super) struct PolicyArgs {
    /// Use only files whose path below PATH matches; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = SELECTION, hide_short_help = true)]
    pub include: Vec<PathGlob>,
    /// Leave out files and folders whose path below PATH matches; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = SELECTION, hide_short_help = true)]
    pub exclude: Vec<PathGlob>,
    /// Read this configuration file
    ///
    /// [default: the nearest hotfixcheck.toml, in the working folder or above it]
    #[arg(long, value_name = "FILE", help_heading = POLICY, hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, conflicts_with = "config", help_heading = POLICY, hide_short_help = true)]
    pub no_config: bool,
    /// Date used to check if waivers have expired [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day, help_heading = POLICY, hide_short_help = true)]
    pub today: Option<Date>,
}

/// Parses a date such as 2027-01-31.
///
/// # Errors
/// A message for any other text.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let wrong = || format!("invalid date '{text}': expected YYYY-MM-DD, as in 2027-01-31");
    let shaped = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if shaped { text.parse().map_err(|_| wrong()) } else { Err(wrong()) }
}

/// What to do with the report.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = OUTPUT)]
pub(super) struct OutputArgs {
    /// Report format [default: by the extension of -o, else table]
    ///
    /// Repeat it for several reports from one scan, each with its own -o, in the same order.
    #[arg(short, long, value_enum, value_name = "FORMAT", ignore_case = true)]
    pub format: Vec<ReportFormatArg>,
    /// Write the report to this file; '-' is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Short for --format json
    #[arg(long, conflicts_with_all = ["format", "summary", "one_line"])]
    pub json: bool,
    /// Short for --format summary: the numbers, without the articles
    #[arg(long, conflicts_with_all = ["format", "one_line"])]
    pub summary: bool,
    /// Short for --format one-line
    #[arg(long, conflicts_with = "format", hide_short_help = true)]
    pub one_line: bool,
    /// Print nothing on standard output; use the exit code
    #[arg(short, long)]
    pub quiet: bool,
    /// Show no progress bar
    #[arg(long, hide_short_help = true)]
    pub no_progress: bool,
}

impl OutputArgs {
    /// The options of a command that writes no report.
    pub(super) fn none() -> Self {
        Self {
            format: Vec::new(),
            output: Vec::new(),
            json: false,
            summary: false,
            one_line: false,
            quiet: true,
            no_progress: true,
        }
    }

    /// The formats that were asked for, by name or by a short option.
    pub(super) fn formats(&self) -> Vec<ReportFormatArg> {
        use report::ReportFormat::{Json, OneLine, Summary};
        let short = [(self.json, Json), (self.summary, Summary), (self.one_line, OneLine)];
        let short = short.into_iter().filter(|(asked, _)| *asked).map(|(_, format)| ReportFormatArg(format));
        self.format.iter().copied().chain(short).collect()
    }
}

/// Where to look.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = INPUT)]
pub(super) struct TreeArgs {
    /// Folder, disk image, ISO image, cabinet or file with Windows files
    ///
    /// A folder inside an image is written 'cd.iso:/I386'. Disk images: raw, VHD, VHDX, VDI, VMDK, qcow2, E01. A
    /// snapshot that 'hotfixcheck inventory' made is read as with --inventory.
    ///
    /// [default: 'paths' of hotfixcheck.toml, else on Windows %SystemRoot%\System32]
    #[arg(value_name = "PATH", help_heading = None)]
    pub paths: Vec<PathBuf>,
    /// Also look for Windows binaries under other names, by their contents (listed, not judged)
    #[arg(long, conflicts_with = "inventory", hide_short_help = true)]
    pub sniff: bool,
    /// Judge an inventory file instead of a folder; may be repeated
    ///
    /// A snapshot of 'hotfixcheck inventory', or a list of another tool; '-' is standard input. Several files, or a
    /// folder of them, give one report with a row for each host.
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub inventory: Vec<PathBuf>,
    /// Inventory format [default: detected from the contents]
    #[arg(long, value_enum, value_name = "FORMAT", hide_short_help = true)]
    pub inventory_format: Option<InventoryFormatArg>,
    /// Use only the files of a list that are below this folder, as the list writes it: 'E:\cases\17'
    ///
    /// Reports show paths from there on. [default: the folder that contains the Windows folder, if the list has only
    /// one]
    #[arg(long, value_name = "PREFIX", hide_short_help = true)]
    pub root: Option<String>,
    /// Processor to assume for files whose processor the inventory does not state
    #[arg(long, value_enum, value_name = "MACHINE", hide_short_help = true)]
    pub machine: Option<MachineArg>,
    /// List of installed updates, as the machine itself reports them
    ///
    /// The output of 'reg export' of the hotfix keys, systeminfo, 'wmic qfe' or Get-HotFix. The list alone proves
    /// nothing: it is compared with the files of the inventory, and a warning names each contradiction.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub hotfixes: Option<PathBuf>,
}

/// The format of an inventory.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum InventoryFormatArg {
    /// A snapshot of hotfixcheck inventory
    Snapshot,
    /// Sysinternals sigcheck -c or -ct
    Sigcheck,
    /// Rows of the osquery table file, as JSON
    Osquery,
    /// PowerShell Get-Item or Get-ChildItem with VersionInfo, as JSON or CSV
    Powershell,
    /// Output of filever.exe
    Filever,
    /// Rows of Velociraptor that name files, as CSV or JSON
    Velociraptor,
    /// The list that MFTECmd (KAPE) makes of a volume's file table
    Mftecmd,
    /// Your own list: a header with 'path' and other columns (docs/inventories.md)
    Csv,
}

impl From<InventoryFormatArg> for import::InventoryFormat {
    fn from(format: InventoryFormatArg) -> Self {
        match format {
            InventoryFormatArg::Snapshot => Self::Snapshot,
            InventoryFormatArg::Sigcheck => Self::Sigcheck,
            InventoryFormatArg::Osquery => Self::Osquery,
            InventoryFormatArg::Powershell => Self::PowerShell,
            InventoryFormatArg::Filever => Self::Filever,
            InventoryFormatArg::Velociraptor => Self::Velociraptor,
            InventoryFormatArg::Mftecmd => Self::Mftecmd,
            InventoryFormatArg::Csv => Self::Csv,
        }
    }
}

/// A processor.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)] // The names are those of reports.
pub enum MachineArg {
    I386,
    Alpha,
    Mips,
    Ppc,
    Ia64,
    X64,
    Arm,
    Arm64,
}

impl From<MachineArg> for Machine {
    fn from(machine: MachineArg) -> Self {
        match machine {
            MachineArg::I386 => Self::I386,
            MachineArg::Alpha => Self::Alpha,
            MachineArg::Mips => Self::Mips,
            MachineArg::Ppc => Self::Ppc,
            MachineArg::Ia64 => Self::Ia64,
            MachineArg::X64 => Self::X64,
            MachineArg::Arm => Self::Arm,
            MachineArg::Arm64 => Self::Arm64,
        }
    }
}

/// The format of an answer that is not a report.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum AnswerFormat {
    /// Text for people
    #[default]
    #[value(alias = "text", alias = "txt")]
    Table,
    /// For programs
    Json,
}

/// The format of a report, as a word of the command line.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReportFormatArg(pub report::ReportFormat);

impl ValueEnum for ReportFormatArg {
    fn value_variants<'a>() -> &'a [Self] {
        const VARIANTS: [ReportFormatArg; report::ReportFormat::ALL.len()] = {
            let mut all = [ReportFormatArg(report::ReportFormat::Table); report::ReportFormat::ALL.len()];
            let mut place = 0;
            while place < all.len() {
                all[place] = ReportFormatArg(report::ReportFormat::ALL[place]);
                place += 1;
            }
            all
        };
        &VARIANTS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()).help(self.0.purpose()).aliases(self.0.aliases()))
    }
}

/// The lowest verdict that counts as a finding.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum FailOn {
    /// Missing and half-installed fixes
    #[default]
    Missing,
    /// Also fixes that are likely missing
    LikelyMissing,
    /// Also fixes with the verdict unknown
    Unknown,
    /// Never exit with code 1
    Never,
}

impl From<FailOn> for assess::FailOn {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Missing => Self::Missing,
            FailOn::LikelyMissing => Self::LikelyMissing,
            FailOn::Unknown => Self::Unknown,
            FailOn::Never => Self::Never,
        }
    }
}

/// The vendor's rating of an update.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SeverityArg {
    /// Every rated article
    Low,
    /// Moderate, important and critical
    Moderate,
    /// Important and critical
    Important,
    /// Critical only
    Critical,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Self {
        match severity {
            SeverityArg::Low => Self::Low,
            SeverityArg::Moderate => Self::Moderate,
            SeverityArg::Important => Self::Important,
            SeverityArg::Critical => Self::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_inventories_have_the_names_that_lines_of_hosts_give() {
        let known = InventoryFormatArg::value_variants().iter().map(|format| {
            let name = format.to_possible_value().map(|value| value.get_name().to_owned());
            (name, import::InventoryFormat::from(*format))
        });
        let expected = import::InventoryFormat::ALL.map(|format| (Some(format.name().to_owned()), format));
        assert_eq!(known.collect::<Vec<_>>(), expected);
    }
}
