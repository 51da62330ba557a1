//! Scans a folder with the built-in catalogue and prints the report: `cargo run --example scan [FOLDER]`.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use hotfixcheck::assess::{Judge, KERNEL_FILES, Policy, Relevant};
use hotfixcheck::catalog::{CompiledCatalog, OpenCatalog};
use hotfixcheck::inventory::{self, Wanted};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{self, Look, ReportFormat, RunInfo, View};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(|| "data/sample/nt4".into(), PathBuf::from);
    let catalog = OpenCatalog::of_compiled(CompiledCatalog::built_in()?);
    let knowledge = Knowledge::embedded()?;
    let wanted = Wanted::named(|name| catalog.knows(name) || KERNEL_FILES.contains(&name));
    let inventory = inventory::walk(&[folder], &wanted, &|_progress| {})?;
    let policy = Policy::default();
    let relevant = Relevant::of(&catalog, &inventory, &knowledge, &policy)?;
    let judge = Judge::new(&relevant, &inventory, &knowledge, &policy);
    let view = View::new(&judge, &RunInfo { catalogue: "built-in".to_owned(), ..RunInfo::default() });
    std::io::stdout().write_all(&report::render(&view, ReportFormat::Table, Look::PLAIN)?)?;
    // The exit code comes from the assessment, not from the rendering.
    Ok(ExitCode::from(view.summary.exit_code))
}
