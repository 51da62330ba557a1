//! PowerShell: `Get-Item` or `Get-ChildItem` piped through `Select-Object` and `ConvertTo-Json` or `ConvertTo-Csv`.
//!
//! A row is a `FileInfo` with its `VersionInfo`, a `FileVersionInfo` alone, or any selection of their properties under
//! their own names. `ConvertTo-Json` writes a `VersionInfo` below its depth limit as text, and `ConvertTo-Csv` always
//! does so; `FileVersionRaw` is an object or `5.1.2600.2180`. `FileVersion` is the string of the resource, the other
//! property is the fixed version.

use jiff::Timestamp;
use serde_json::Value;

use super::ImportError;
use super::json::{self, Object};
use super::rows::{Files, Row, Stated, Version, filled, fixed};
use super::table::{self, Line};
use crate::inventory::MachineClass;
use crate::inventory::document::Texts;
use crate::knowledge::Languages;
use hotfixcheck_winfiles::binary::{Format, StringTable};

/// The tool's name in errors.
const NAME: &str = "PowerShell";
/// A list must have one of these properties.
const PATHS: [&str; 4] = ["fullname", "filename", "pspath", "path"];
/// The properties about versions.
const VERSIONS: [&str; 4] = ["versioninfo", "fileversionraw", "fileversion", "filemajorpart"];

/// True for the line with the properties' names.
pub(super) fn is_header(line: &str) -> bool {
    let line = line.trim_start_matches('\u{feff}').replace('"', "").to_lowercase();
    let names: Vec<&str> = line.split([',', ';', '\t']).map(str::trim).collect();
    names.len() > 1 && PATHS.iter().any(|name| names.contains(name)) && VERSIONS.iter().any(|name| names.contains(name))
}

/// The files of a list in CSV.
pub(super) fn read_csv(text: &Texts<'_>, languages: &Languages, files: &mut Files<'_>) -> Result<(), ImportError> {
    table::rows(NAME, text, is_header, |_| Ok(()), |line| files.add(csv_row(line, languages)?))
}

/// The files of a list in JSON. Windows PowerShell wraps some arrays: `{"value":[…],"Count":2}`.
pub(super) fn read_json(text: &Texts<'_>, languages: &Languages, files: &mut Files<'_>) -> Result<(), ImportError> {
    json::rows(NAME, text, "value", |object| match json_row(&object, languages)? {
        Some(row) => files.add(row),
        None => Ok(()),
    })
}

/// The version properties of a row.
#[derive(Default)]
struct Properties {
    stated: bool,
    fixed: [Option<[u16; 4]>; 2],
    strings: StringTable,
    language: Option<String>,
}

impl Properties {
    /// Reads the text of `FileVersionInfo.ToString()`, one property a line. It does not contain the fixed version.
    fn of_text(text: &str) -> Self {
        let mut properties = Self { stated: true, ..Self::default() };
        for (name, value) in text.lines().filter_map(|line| line.split_once(':')) {
            let value = filled(value);
            match name.trim() {
                "OriginalFilename" => properties.strings.original_filename = value,
                "FileVersion" => properties.strings.file_version = value,
                "ProductVersion" => properties.strings.product_version = value,
                "Product" => properties.strings.product_name = value,
                "Language" => properties.language = value,
                _ => {}
            }
        }
        properties
    }

    fn version(self, languages: &Languages) -> Version {
        if !self.stated {
            return Version::NotTold;
        }
        // `English (United States)`, in the language of the system that wrote the list.
        let language = self.language.as_deref().and_then(|text| languages.id(text.split(" (").next().unwrap_or(text)));
        Version::new(self.fixed, self.strings, language)
    }
}

fn json_row(object: &Object<'_>, languages: &Languages) -> Result<Option<Row>, ImportError> {
    if object.get("PSIsContainer").and_then(Value::as_bool) == Some(true) {
        return Ok(None);
    }
    let nested = object.object("VersionInfo");
    let mut properties = match (&nested, object.get("VersionInfo")) {
        (Some(info), _) => json_properties(info)?,
        (None, Some(Value::String(text))) => Properties::of_text(text),
        (None, _) => Properties::default(),
    };
    let own = json_properties(object)?;
    if own.stated {
        properties = merge(properties, own);
    }
    let path = ["FullName", "FileName", "PSPath", "Path"].into_iter().find_map(|name| object.text(name).transpose());
    let path = path.or_else(|| nested.as_ref().and_then(|info| info.text("FileName").transpose())).transpose()?;
    let path = path.ok_or_else(|| object.error("there is no 'FullName'"))?;
    // JSON has local times with their zone, or milliseconds of UTC.
    let modified = match object.get("LastWriteTimeUtc").or_else(|| object.get("LastWriteTime")) {
        None => None,
        // Windows PowerShell adds properties to some dates: `{"value":"/Date(…)/","DateTime":"…"}`.
        Some(Value::Object(wrapped)) => wrapped.get("value").and_then(Value::as_str).and_then(seconds),
        Some(value) => value.as_str().and_then(seconds),
    };
    Ok(Some(row(path, object.size("Length")?, modified, properties, languages)))
}

fn json_properties(object: &Object<'_>) -> Result<Properties, ImportError> {
    let stated = VERSIONS.iter().skip(1).any(|name| object.get(name).is_some() || object.has(name));
    let fixed = |raw: &str, parts: &str| -> Result<Option<[u16; 4]>, ImportError> {
        if let Some(value) = object.get(raw) {
            return json_fixed(value).map(Some).ok_or_else(|| {
                object.error(format!("{raw}: expected Major, Minor, Build and Revision, or four numbers as text"))
            });
        }
        let part = |name: &str| object.number(&format!("{parts}{name}Part"));
        let four = [part("Major")?, part("Minor")?, part("Build")?, part("Private")?];
        Ok(numbers(four))
    };
    Ok(Properties {
        stated,
        fixed: [fixed("FileVersionRaw", "File")?, fixed("ProductVersionRaw", "Product")?],
        strings: StringTable {
            file_version: object.text("FileVersion")?,
            product_version: object.text("ProductVersion")?,
            original_filename: object.text("OriginalFilename")?,
            product_name: object.text("ProductName")?,
            company_name: object.text("CompanyName")?,
            ..StringTable::default()
        },
        language: object.text("Language")?,
    })
}

/// A `System.Version`.
fn json_fixed(value: &Value) -> Option<[u16; 4]> {
    match value {
        Value::String(text) => fixed(text),
        Value::Object(members) => {
            numbers(["Major", "Minor", "Build", "Revision"].map(|name| members.get(name).and_then(Value::as_i64)))
        }
        _ => None,
    }
}

fn numbers(four: [Option<i64>; 4]) -> Option<[u16; 4]> {
    let [major, minor, build, revision] = four.map(|number| number.and_then(|number| u16::try_from(number).ok()));
    Some([major?, minor?, build?, revision?])
}

/// The properties of both; the second wins where both have one.
fn merge(one: Properties, other: Properties) -> Properties {
    let [file, product] = one.fixed;
    let strings = StringTable {
        file_version: other.strings.file_version.or(one.strings.file_version),
        product_version: other.strings.product_version.or(one.strings.product_version),
        original_filename: other.strings.original_filename.or(one.strings.original_filename),
        product_name: other.strings.product_name.or(one.strings.product_name),
        company_name: other.strings.company_name.or(one.strings.company_name),
        ..StringTable::default()
    };
    Properties {
        stated: one.stated || other.stated,
        fixed: [other.fixed[0].or(file), other.fixed[1].or(product)],
        strings,
        language: other.language.or(one.language),
    }
}

fn csv_row(line: Line<'_>, languages: &Languages) -> Result<Row, ImportError> {
    let path = PATHS.iter().find_map(|name| line.path(name));
    let path = path.ok_or_else(|| line.error("there is no 'FullName'"))?;
    let mut properties = match filled(line.text("versioninfo")) {
        Some(text) => Properties::of_text(&text),
        None => Properties { stated: line.has("versioninfo"), ..Properties::default() },
    };
    let fixed = |raw: &str, parts: &str| -> Result<Option<[u16; 4]>, ImportError> {
        let text = line.text(raw);
        if !text.is_empty() {
            let four = fixed(text);
            return four.map(Some).ok_or_else(|| line.error(format!("{raw}: expected four numbers, found '{text}'")));
        }
        let part = |name: &str| line.text(&format!("{parts}{name}part")).parse().ok();
        Ok(numbers([part("major"), part("minor"), part("build"), part("private")]))
    };
    let own = Properties {
        stated: VERSIONS.iter().skip(1).any(|name| line.has(name)),
        fixed: [fixed("fileversionraw", "file")?, fixed("productversionraw", "product")?],
        strings: StringTable {
            file_version: filled(line.text("fileversion")),
            product_version: filled(line.text("productversion")),
            original_filename: filled(line.text("originalfilename")),
            product_name: filled(line.text("productname")),
            company_name: filled(line.text("companyname")),
            ..StringTable::default()
        },
        language: filled(line.text("language")),
    };
    properties = merge(properties, own);
    let size = match line.text("length") {
        "" => None,
        text => {
            Some(text.parse().map_err(|_| line.error(format!("Length: expected a size in bytes, found '{text}'")))?)
        }
    };
    Ok(row(path, size, seconds(line.text("lastwritetimeutc")), properties, languages))
}

fn row(path: String, size: Option<u64>, modified: Option<i64>, properties: Properties, languages: &Languages) -> Row {
    let machine = Stated::Class(MachineClass::Any);
    let fixed_stated = properties.fixed[0].is_some();
    Row {
        path,
        size,
        modified,
        built: None,
        format: Format::Pe,
        machine,
        version: properties.version(languages),
        fixed_stated,
    }
}

/// Seconds since 1970 UTC, from `/Date(1091577600000)/` (milliseconds; an offset after them does not matter) or
/// `2004-08-04T00:00:00Z`. `None` for anything else: other formats depend on the culture, and without a zone the time
/// is not known.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        let sign = usize::from(inner.starts_with('-'));
        let end = inner[sign..].find(['+', '-']).map_or(inner.len(), |at| at + sign);
        return inner[..end].parse::<i64>().ok().map(|milliseconds| milliseconds.div_euclid(1000));
    }
    // Rounded down, as for files.
    text.parse::<Timestamp>().ok().map(|moment| moment.as_nanosecond().div_euclid(1_000_000_000) as i64)
}
