//! Prints what the version resources below the given folders say, for comparison with other tools:
//!
//!     cargo run --release --example read_versions -- FOLDER... > versions.tsv
//!     python3 scripts/compare_with_pefile.py versions.tsv
//!
//! One line per binary, tab-separated: path, machine, fixed file version, fixed product version, `FileVersion` string
//! (control characters as spaces), outcome, format (`pe`, `ne`, `le`, `lx`; behind `packed` for a packed file).
//! Executables that could not be read are named on stderr. Files are read as a scan reads them, on every core
//! (`RAYON_NUM_THREADS` for fewer).

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use hotfixcheck::binary::{Binary, BinaryError, Format, VersionOutcome};
use hotfixcheck::inventory::{Wanted, walk};

fn main() -> ExitCode {
    let roots: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if roots.is_empty() {
        eprintln!("usage: read_versions FOLDER...");
        return ExitCode::from(2);
    }
    let inventory = match walk(&roots, &Wanted::named(|_| true), &|_| {}) {
        Ok(inventory) => inventory,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    for problem in &inventory.problems {
        eprintln!("{}\t{}", roots[problem.root].join(problem.path.to_string()).display(), problem.what);
    }
    let mut out = BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let roots: Vec<String> = roots.iter().map(|root| root.join("").display().to_string()).collect();
    // Members of cabinets are no files of their own.
    for entry in inventory.entries.iter().filter(|entry| !entry.path.as_bytes().windows(2).any(|bytes| bytes == b":/"))
    {
        let path = (roots[entry.root].as_str(), entry.path.as_bytes());
        match &entry.binary {
            Ok(binary) => {
                let packing = if entry.packed_name.is_some() { "packed " } else { "" };
                if print(&mut out, path, binary, packing).is_err() {
                    return ExitCode::SUCCESS;
                }
            }
            Err(BinaryError::Empty | BinaryError::NotExecutable) => {}
            Err(error) => eprintln!("{}{}\t{error}", path.0, entry.path),
        }
    }
    let flushed = out.flush();
    // The process ends: nothing need be freed piece by piece.
    std::mem::forget(inventory);
    flushed.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, (root, path): (&str, &[u8]), binary: &Binary, packing: &str) -> io::Result<()> {
    let format = match binary.format {
        Format::Pe => "pe",
        Format::Ne => "ne",
        Format::Le => "le",
        Format::Lx => "lx",
    };
    out.write_all(root.as_bytes())?;
    out.write_all(path)?;
    write!(out, "\t0x{:04x}\t", binary.machine_raw)?;
    match &binary.version {
        VersionOutcome::Absent => writeln!(out, "\t\t\tabsent\t{packing}{format}"),
        VersionOutcome::Corrupt { detail } => writeln!(out, "\t\t\tcorrupt: {detail}\t{packing}{format}"),
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
                None => writeln!(out, "\tfound\t{packing}{format}"),
                Some(damage) => writeln!(out, "\tfound, damaged: {damage}\t{packing}{format}"),
            }
        }
    }
}
