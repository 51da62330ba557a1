//! Options that several commands share, as clap reads them; `plan` validates them.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use hotfixcheck::Machine;
use hotfixcheck::assess;
use hotfixcheck::inventory::PathGlob;
use hotfixcheck::inventory::import;
use hotfixcheck::report;
use jiff::civil::Date;

/// Which catalogue to use.
#[derive(Debug, clap::Args)]
pub(super) struct CatalogArgs {
    /// Use this catalogue instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub catalog: Option<PathBuf>,
    /// Add the articles of this catalogue; they replace those of the same id
    #[arg(long, value_name = "FILE")]
    pub add_catalog: Vec<PathBuf>,
}

/// Which system the files come from.
#[derive(Debug, clap::Args)]
pub(super) struct SystemArgs {
    /// The system the files come from: "Windows NT 4.0", nt4, XP, "2008 R2"; PATH=NAME for one tree or Windows folder of
    /// several; may be repeated [default: what the registry below PATH says, else the kernel files]
    #[arg(long, value_name = "[PATH=]NAME")]
    pub os: Vec<String>,
    /// Its service pack: RTM, 4, SP6a; not needed for systems without service packs
    #[arg(long, value_name = "[PATH=]N", requires = "os")]
    pub service_pack: Vec<String>,
}

/// What counts, beyond the verdicts.
#[derive(Debug, clap::Args)]
pub(super) struct PolicyArgs {
    /// Read this configuration file [default: the nearest hotfixcheck.toml, from the working folder upward]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, conflicts_with = "config")]
    pub no_config: bool,
    /// Judge only files whose path below PATH matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<PathGlob>,
    /// Leave out files and folders whose path below PATH matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<PathGlob>,
    /// The day that waivers are held against [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<Date>,
}

/// A day, written as in 2027-01-31.
///
/// # Errors
/// Anything else, in words.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let wrong = || format!("'{text}' is no day; write it as in 2027-01-31");
    let shaped = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if shaped { text.parse().map_err(|_| wrong()) } else { Err(wrong()) }
}

/// What to do with the report.
#[derive(Debug, clap::Args)]
pub(super) struct OutputArgs {
    /// The form of the report [default: table]; may be repeated, each with an -o of its own, in the same order
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Vec<ReportFormat>,
    /// Write the report to this file; - is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Print nothing on standard output: the exit code tells (a file given with -o is still written)
    #[arg(short, long)]
    pub quiet: bool,
    /// Show no progress bar
    #[arg(long)]
    pub no_progress: bool,
}

/// Where to look.
#[derive(Debug, clap::Args)]
pub(super) struct TreeArgs {
    /// Files or folders with Windows files: a system folder, a share, a disk image (raw, VHD, VHDX, VDI, VMDK, qcow2,
    /// E01), an ISO image, a cabinet; or a place in an image, as reports write it: cd.iso:/I386
    /// [default: the paths of the configuration file; on Windows the system folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Look into every file, whatever its name, and list the renamed copies of files that the catalogue knows: they are
    /// not judged
    #[arg(long, conflicts_with = "inventory")]
    pub sniff: bool,
    /// Judge this inventory instead of files: a snapshot that 'hotfixcheck inventory' made, or a list of another tool; -
    /// is standard input. Several of them, or a folder with them, are hosts of one report
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub inventory: Vec<PathBuf>,
    /// The form of the inventories [default: by their contents]
    #[arg(long, value_enum, value_name = "FORMAT", requires = "inventory")]
    pub inventory_format: Option<InventoryFormat>,
    /// The processor of files whose inventory does not tell it
    #[arg(long, value_enum, value_name = "MACHINE", requires = "inventory")]
    pub machine: Option<MachineArg>,
}

/// The form of an inventory.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum InventoryFormat {
    /// A snapshot of hotfixcheck inventory
    Snapshot,
    /// Sysinternals sigcheck -c or -ct
    Sigcheck,
    /// Rows of the osquery table file, as JSON
    Osquery,
    /// PowerShell Get-Item or Get-ChildItem with VersionInfo, as JSON or CSV
    Powershell,
    /// Listing of filever.exe
    Filever,
}

impl From<InventoryFormat> for import::Format {
    fn from(format: InventoryFormat) -> Self {
        match format {
            InventoryFormat::Snapshot => Self::Snapshot,
            InventoryFormat::Sigcheck => Self::Sigcheck,
            InventoryFormat::Osquery => Self::Osquery,
            InventoryFormat::Powershell => Self::PowerShell,
            InventoryFormat::Filever => Self::Filever,
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

/// The form of an answer that is no report.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

/// The form of a report, as a word of the command line.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReportFormat(pub report::Format);

impl ValueEnum for ReportFormat {
    fn value_variants<'a>() -> &'a [Self] {
        const VARIANTS: [ReportFormat; report::Format::ALL.len()] = {
            let mut all = [ReportFormat(report::Format::Table); report::Format::ALL.len()];
            let mut place = 0;
            while place < all.len() {
                all[place] = ReportFormat(report::Format::ALL[place]);
                place += 1;
            }
            all
        };
        &VARIANTS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()).help(self.0.purpose()))
    }
}

/// From which verdict on an article is a finding.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum FailOn {
    /// Missing and half-installed fixes
    #[default]
    Missing,
    /// Also those that are probably missing
    LikelyMissing,
    /// Also those that cannot be told
    Unknown,
    /// Nothing is a finding
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
