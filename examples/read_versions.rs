//! Prints the version resources of the files below the given folders, for comparison with other tools:
//!
//!     cargo run --release --example read_versions -- FOLDER... > versions.tsv
//!     python3 scripts/compare_with_pefile.py versions.tsv
//!
//! One line per binary, tab-separated: path, machine, fixed file version, fixed product version, `FileVersion` string
//! (control characters as spaces), outcome, format (`pe`, `ne`, `le`, `lx`; after `packed` for a packed file).
//! Executables that could not be read are named on stderr. Files are read as in a scan, on every core
//! (`RAYON_NUM_THREADS` for fewer).

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use hotfixcheck::inventory::{Unread, Wanted, walk};
use hotfixcheck_winfiles::binary::{Binary, BinaryError, Format, VersionOutcome};

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
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let roots: Vec<String> = roots.iter().map(|root| root.join("").display().to_string()).collect();
    // Members of cabinets are not separate files.
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
            Err(Unread::Binary(BinaryError::Empty | BinaryError::NotExecutable)) => {}
            Err(error) => eprintln!("{}{}\t{error}", path.0, entry.path),
        }
    }
    let flushed = out.flush();
    // The process ends here, so nothing needs to be freed.
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
    // Thousands of lines are printed, so text is written without formatting.
    let line = |out: &mut dyn Write, pieces: &[&[u8]]| pieces.iter().try_for_each(|piece| out.write_all(piece));
    let digit = |place: u32| b"0123456789abcdef"[usize::from(binary.machine_raw >> (4 * place) & 0xf)];
    line(out, &[root.as_bytes(), path, b"\t0x", &[digit(3), digit(2), digit(1), digit(0)], b"\t"])?;
    let end = [packing.as_bytes(), format.as_bytes(), b"\n"].concat();
    match &binary.version {
        VersionOutcome::Absent => line(out, &[b"\t\t\tabsent\t", &end]),
        VersionOutcome::Corrupt { detail } => line(out, &[b"\t\t\tcorrupt: ", detail.as_bytes(), b"\t", &end]),
        VersionOutcome::Found(info) => {
            for version in [info.fixed_file, info.fixed_product] {
                match version {
                    Some(version) => write!(out, "{version}\t")?,
                    None => out.write_all(b"\t")?,
                }
            }
            let text = info.file_version_string().unwrap_or_default();
            out.write_all(text.replace(char::is_control, " ").as_bytes())?;
            match &info.damage {
                None => line(out, &[b"\tfound\t", &end]),
                Some(damage) => line(out, &[b"\tfound, damaged: ", damage.as_bytes(), b"\t", &end]),
            }
        }
    }
}
