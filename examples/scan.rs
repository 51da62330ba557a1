//! Scans a folder with the built-in catalogue and prints the report: `cargo run --example scan [FOLDER]`.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use hotfixcheck::assess::{Judge, KERNEL_FILES, Policy};
use hotfixcheck::catalog::{Catalog, FixIndex};
use hotfixcheck::inventory::{self, Wanted};
use hotfixcheck::knowledge::Knowledge;
use hotfixcheck::report::{self, Look, ReportFormat, RunInfo, View};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(|| "data/sample/nt4".into(), PathBuf::from);
    let catalog = Catalog::embedded()?;
    let knowledge = Knowledge::embedded()?;
    let index = FixIndex::new(&catalog);
    let wanted = Wanted::named(|name| index.knows(name) || KERNEL_FILES.contains(&name));
    let inventory = inventory::walk(&[folder], &wanted, &|_progress| {})?;
    let policy = Policy::default();
    let judge = Judge::new(&catalog, &inventory, &knowledge, &policy);
    let view = View::new(&judge, &RunInfo { catalogue: "built-in".to_owned(), ..RunInfo::default() });
    std::io::stdout().write_all(&report::render(&view, ReportFormat::Table, Look::PLAIN)?)?;
    // Computed from the assessment, not by a renderer.
    Ok(ExitCode::from(view.summary.exit_code))
}
