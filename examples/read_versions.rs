//! Prints what the version resources below the given folders say, for comparison with other tools:
//!
//!     cargo run --release --example read_versions -- FOLDER... > versions.tsv
//!     python3 scripts/compare_with_pefile.py versions.tsv
//!
//! One line per binary, tab-separated: path, machine, fixed file version, fixed product version, `FileVersion` string
//! (control characters as spaces), outcome, format (`pe`, `ne`, `le`, `lx`; behind `packed` for a packed file).
//! Executables that could not be read are named on stderr.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use hotfixcheck::binary::packed::{self, PackedError};
use hotfixcheck::binary::{Binary, BinaryError, Format, Reader, VersionOutcome};
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
            match read(&mut reader, entry.path()) {
                Ok((binary, packing)) => {
                    if print(&mut out, entry.path(), &binary, packing).is_err() {
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

/// What the file says of itself, and what it was packed in.
fn read(reader: &mut Reader, path: &Path) -> Result<(Binary, &'static str), BinaryError> {
    let file = File::open(path).map_err(|error| BinaryError::Io(error.to_string()))?;
    match reader.read(&file) {
        Err(BinaryError::NotExecutable) => match packed::unpack(&file) {
            Err(PackedError::NotPacked) => Err(BinaryError::NotExecutable),
            unpacked => Ok((reader.read(&unpacked?.bytes)?, "packed ")),
        },
        answer => Ok((answer?, "")),
    }
}

fn print(out: &mut impl Write, path: &Path, binary: &Binary, packing: &str) -> io::Result<()> {
    let format = match binary.format {
        Format::Pe => "pe",
        Format::Ne => "ne",
        Format::Le => "le",
        Format::Lx => "lx",
    };
    write!(out, "{}\t0x{:04x}\t", path.display(), binary.machine_raw)?;
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
