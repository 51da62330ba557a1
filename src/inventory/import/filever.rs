//! Listings of `filever.exe` (Windows NT resource kit, Windows 2000 and XP support tools).
//!
//! ```text
//! --a-- W32i   DLL ENU     5.0.2195.2100 shp    127,760 08-16-2000 tapisrv.exe
//!         Language        0x0409 (English (United States))
//!         FileVersion     5.00.2195.2100
//! ```
//!
//! The version on a file's own line is the fixed one. Indented lines are from `/v`. Dates are local and have no time:
//! they are not used.

use std::sync::LazyLock;

use regex::Regex;

use super::ImportError;
use super::lines::Lines;
use super::rows::{Files, Row, Stated, Version, filled, fixed};
use crate::Machine;
use crate::inventory::MachineClass;
use crate::inventory::document::Texts;
use crate::knowledge::Languages;
use hotfixcheck_winfiles::binary::{Format, StringTable};

/// The tool's name in errors.
const NAME: &str = "filever";

/// Attributes, other columns, size, date, name.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^\s*[-a-zA-Z]{5}\s+(\S.*?)\s+([0-9][0-9,.]*)\s+[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}\s+(\S.*?)\s*$";
    Regex::new(pattern).unwrap_or_else(|e| unreachable!("{e}"))
});

/// True for the line of a file.
pub(super) fn is_file(line: &str) -> bool {
    LINE.is_match(line)
}

/// The files of a listing.
pub(super) fn read(text: &Texts<'_>, languages: &Languages, files: &mut Files<'_>) -> Result<(), ImportError> {
    let mut lines = Lines::new(text.open()?);
    // The lines that follow may add details of the file.
    let mut file: Option<File> = None;
    let mut folder = String::new();
    let mut number = 0_u64;
    while let Some(line) = lines.next()? {
        number += 1;
        let failed = |what: String| super::error(NAME, format!("line {number}"), what);
        let line = line.replace('\u{a0}', " ");
        if let Some(parts) = LINE.captures(&line) {
            let next = File::of(&parts[1], &parts[2], &parts[3], &folder, languages).map_err(failed)?;
            if let Some(file) = file.replace(next) {
                files.add(file.row())?;
            }
        } else if line.trim().is_empty() || is_prompt(&line) {
            continue;
        } else if line.starts_with([' ', '\t']) {
            let Some(file) = &mut file else { return Err(failed("expected the line of a file".to_owned())) };
            file.detail(line.trim());
        } else if let Some(path) = folder_line(&line) {
            folder = path;
        } else {
            let shown: String = line.chars().take(60).collect();
            return Err(failed(format!("expected attributes, type, version, size, date and name, found '{shown}'")));
        }
    }
    file.map_or(Ok(()), |file| files.add(file.row()))
}

/// A file's line, with the details of the lines that follow.
struct File {
    path: String,
    size: u64,
    format: Format,
    machine: Stated,
    fixed: Option<[u16; 4]>,
    language: Option<u16>,
    strings: StringTable,
}

impl File {
    fn of(kind: &str, size: &str, name: &str, folder: &str, languages: &Languages) -> Result<Self, String> {
        let digits: String = size.chars().filter(char::is_ascii_digit).collect();
        let size = digits.parse().map_err(|_| format!("expected a size in bytes, found '{size}'"))?;
        let mut words = kind.split_whitespace();
        let (format, machine) = machine(words.next().unwrap_or_default());
        let words: Vec<&str> = words.collect();
        let version = words.iter().find(|word| word.contains('.'));
        let fixed = match version.map(|version| (version, fixed(version))) {
            None => None,
            Some((_, Some(numbers))) => Some(numbers),
            Some((other, None)) => return Err(format!("expected a version of four numbers, found '{other}'")),
        };
        // `DLL ENU`: the type, then the language; a type can be missing.
        let before = words.iter().take_while(|word| !word.contains('.'));
        let language = before.filter(|word| word.len() == 3).last().and_then(|word| languages.id(word));
        let path = if name.contains('\\') || folder.is_empty() { name.to_owned() } else { format!(r"{folder}\{name}") };
        Ok(Self { path, size, format, machine, fixed, language, strings: StringTable::default() })
    }

    /// `FileVersion     4.00`: the name is cut to fifteen characters.
    fn detail(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(char::is_whitespace) else { return };
        let value = filled(value);
        match name {
            "FileVersion" => self.strings.file_version = value,
            "ProductVersion" => self.strings.product_version = value,
            "OriginalFilename" | "OriginalFilenam" => self.strings.original_filename = value,
            "ProductName" => self.strings.product_name = value,
            "CompanyName" => self.strings.company_name = value,
            "Language" => {
                let id = value.as_deref().and_then(|value| value.strip_prefix("0x")?.get(..4).map(str::to_owned));
                self.language = id.and_then(|id| u16::from_str_radix(&id, 16).ok()).or(self.language);
            }
            _ => {}
        }
    }

    fn row(self) -> Row {
        let version = Version::new([self.fixed, None], self.strings, self.language);
        // A file without a version here may have none, or may not be a program.
        let version = if matches!(version, Version::Absent) { Version::NotTold } else { version };
        Row {
            path: self.path,
            size: Some(self.size),
            modified: None,
            built: None,
            format: self.format,
            machine: self.machine,
            version,
            fixed_stated: true,
        }
    }
}

/// `W32i`: Windows, 32 bit, Intel.
fn machine(word: &str) -> (Format, Stated) {
    match word {
        "W32i" => (Format::Pe, Stated::Machine(Machine::I386)),
        "W32a" => (Format::Pe, Stated::Machine(Machine::Alpha)),
        "W32m" => (Format::Pe, Stated::Machine(Machine::Mips)),
        "W32p" => (Format::Pe, Stated::Machine(Machine::Ppc)),
        _ if word.starts_with("W16") => (Format::Ne, Stated::Machine(Machine::I386)),
        _ if word.starts_with("W32") => (Format::Pe, Stated::Class(MachineClass::Bits32)),
        _ if word.starts_with("W64") => (Format::Pe, Stated::Class(MachineClass::Bits64)),
        _ => (Format::Pe, Stated::Class(MachineClass::Any)),
    }
}

/// `C:\>filever /v a.dll`: the command itself, in a log of the console.
fn is_prompt(line: &str) -> bool {
    line.split_once('>').is_some_and(|(before, after)| {
        before.contains(":\\") && after.trim_start().to_ascii_lowercase().starts_with("filever")
    })
}

/// `C:\WINNT\System32` or `C:\WINNT\System32\*.dll` on a line of its own.
fn folder_line(line: &str) -> Option<String> {
    let line = line.trim().trim_end_matches(':');
    let path = line.strip_prefix("Directory of ").unwrap_or(line).trim();
    let drive = path.get(1..3) == Some(":\\") && path.starts_with(|c: char| c.is_ascii_alphabetic());
    if !drive && !path.starts_with(r"\\") {
        return None;
    }
    let path = match path.rsplit_once('\\') {
        Some((folder, pattern)) if pattern.contains('*') => folder,
        _ => path.trim_end_matches('\\'),
    };
    Some(path.to_owned())
}
