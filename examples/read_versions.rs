//! Prints what the version resources below the given folders say, for comparison with other tools:
//!
//!     cargo run --release --example read_versions -- FOLDER... > versions.tsv
//!     python3 scripts/compare_with_pefile.py versions.tsv
//!
//! One line per PE file, tab-separated: path, machine, fixed file version, fixed product version, `FileVersion`
//! string (control characters as spaces), outcome. Executables that could not be read are named on stderr.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use hotfixcheck::binary::{Binary, BinaryError, Reader, VersionOutcome};
use walkdir::WalkDir;

fn main() -> ExitCode {
    let roots: Vec<_> = std::env::args_os().skip(1).collect();
    if roots.is_empty() {
        eprintln!("usage: read_versions FOLDER...");
        return ExitCode::from(2);
    }
    let mut reader = Reader::new();
    let mut out = BufWriter::with_capacity(1 << 18, io::stdout().lock());
    for root in roots {
        for entry in WalkDir::new(root) {
            let entry = match entry {
                Ok(entry) if entry.file_type().is_file() => entry,
                Ok(_) => continue,
                Err(error) => {
                    eprintln!("{error}");
                    continue;
                }
            };
            let result = match File::open(entry.path()) {
                Ok(file) => reader.read(&file),
                Err(error) => Err(BinaryError::Io(error.to_string())),
            };
            match result {
                Ok(binary) => {
                    if print(&mut out, entry.path(), &binary).is_err() {
                        return ExitCode::SUCCESS;
                    }
                }
                Err(BinaryError::Empty | BinaryError::NotExecutable) => {}
                Err(error) => eprintln!("{}\t{error}", entry.path().display()),
            }
        }
    }
    out.flush().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, path: &Path, binary: &Binary) -> io::Result<()> {
    write!(out, "{}\t0x{:04x}\t", path.display(), binary.machine_raw)?;
    match &binary.version {
        VersionOutcome::Absent => writeln!(out, "\t\t\tabsent"),
        VersionOutcome::Corrupt { detail } => writeln!(out, "\t\t\tcorrupt: {detail}"),
        VersionOutcome::Found(info) => {
            for version in [info.fixed_file, info.fixed_product] {
                match version {
                    Some(version) => write!(out, "{version}\t")?,
                    None => write!(out, "\t")?,
                }
            }
            let text = info.file_version_string().unwrap_or_default();
            for piece in text.split_inclusive(char::is_control) {
                match piece.strip_suffix(char::is_control) {
                    Some(rest) => write!(out, "{rest} ")?,
                    None => write!(out, "{piece}")?,
                }
            }
            match &info.damage {
                None => writeln!(out, "\tfound"),
                Some(damage) => writeln!(out, "\tfound, damaged: {damage}"),
            }
        }
    }
}
