//! The file format of a snapshot, as described in `docs/inventory.schema.json`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};

use super::Origin;
use crate::Machine;
use crate::inventory::system::{Facts, HiveKind, Hotfix, RegistryProblem};
use crate::inventory::{CopyKind, Unread, Unstated};
use hotfixcheck_winfiles::binary::Format;
use hotfixcheck_winfiles::packed::NameHint;

#[derive(Serialize)]
pub(super) struct ToolForm {
    pub name: &'static str,
    pub version: &'static str,
}

/// A path: `path_raw` holds its bytes in hexadecimal where they are not UTF-8.
#[derive(Serialize, Deserialize)]
pub(super) struct TreeForm<'a> {
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CoverageForm {
    #[serde(deserialize_with = "sorted")]
    pub extensions: BTreeSet<String>,
    #[serde(deserialize_with = "sorted")]
    pub names: BTreeSet<String>,
}

/// For `#[serde(deserialize_with)]`: names, which are mostly sorted already. One by one they would be searched for.
fn sorted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    Vec::<String>::deserialize(deserializer).map(BTreeSet::from_iter)
}

/// A file. Without `error` it is a binary; that has a version block (`version`), a damaged one (`corrupt`) or none.
#[derive(Serialize, Deserialize)]
pub(super) struct FileForm<'a> {
    #[serde(default, skip_serializing_if = "is_first")]
    pub tree: usize,
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<i64>,
    #[serde(default, skip_serializing_if = "is_file")]
    pub origin: Origin,
    /// For a member of a cabinet; for other files it follows from the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopyKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<PackingForm>,
    #[serde(default, skip_serializing_if = "is_pe")]
    pub format: Format,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_raw: Option<u16>,
    #[serde(rename = "untold", default, skip_serializing_if = "is_stated")]
    pub unstated: Unstated,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<u32>,
    /// The index of its version block in `versions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<usize>,
    /// The `OriginalFilename`, if all its string tables have the same.
    #[serde(default, skip_serializing_if = "Option::is_none", borrow, deserialize_with = "text")]
    pub original: Option<Cow<'a, str>>,
    /// The `OriginalFilename` of each string table, if they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub originals: Option<Vec<Option<String>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrupt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Unread>,
}

/// For `#[serde(deserialize_with)]`: a text that is part of the document, as far as it can be.
pub(super) fn text<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    #[derive(Deserialize)]
    struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);
    Ok(Option::<Borrowed<'a>>::deserialize(deserializer)?.map(|text| text.0))
}

/// A packed file; without a hint, it could not be unpacked.
#[derive(Serialize, Deserialize)]
pub(super) struct PackingForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<NameHint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ProblemForm<'a> {
    #[serde(default, skip_serializing_if = "is_first")]
    pub tree: usize,
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
    #[serde(borrow)]
    pub what: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CollectedForm<'a> {
    #[serde(default, skip_serializing_if = "is_first")]
    pub tree: usize,
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
    /// The name in lasting paths; empty for the only image.
    #[serde(default, skip_serializing_if = "str::is_empty", borrow)]
    pub name: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SystemForm<'a> {
    #[serde(default, skip_serializing_if = "is_first")]
    pub tree: usize,
    /// The folder of the hives.
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
    pub hives: Vec<HiveForm>,
    pub facts: Cow<'a, Facts>,
    pub hotfixes: Cow<'a, [Hotfix]>,
    pub problems: Cow<'a, [RegistryProblem]>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct HiveForm {
    pub hive: HiveKind,
    pub unfinished: bool,
    pub wrong_checksum: bool,
    pub truncated: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
}

fn is_first(tree: &usize) -> bool {
    *tree == 0
}

fn is_file(origin: &Origin) -> bool {
    *origin == Origin::File
}

fn is_stated(unstated: &Unstated) -> bool {
    *unstated == Unstated::default()
}

fn is_pe(format: &Format) -> bool {
    *format == Format::Pe
}

/// The usual value of the machine field for files of this format and machine, which need not be written.
pub(super) fn usual_field(format: Format, machine: Option<Machine>) -> u16 {
    match (format, machine) {
        (Format::Pe, Some(machine)) => match machine {
            Machine::I386 => 0x14c,
            Machine::Alpha => 0x184,
            Machine::Mips => 0x166,
            Machine::Ppc => 0x1f0,
            Machine::Ia64 => 0x200,
            Machine::X64 => 0x8664,
            Machine::Arm => 0x1c4,
            Machine::Arm64 => 0xaa64,
        },
        (Format::Le | Format::Lx, Some(_)) => 2,
        _ => 0,
    }
}

/// A path's bytes as text, and also in hexadecimal where the text is not exact.
pub(super) fn path(bytes: &[u8]) -> (Cow<'_, str>, Option<String>) {
    let text = String::from_utf8_lossy(bytes);
    let raw = matches!(text, Cow::Owned(_)).then(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect());
    (text, raw)
}

/// The bytes of a path; `None` if `raw` is not hexadecimal.
pub(super) fn path_bytes(text: &str, raw: Option<&str>) -> Option<Vec<u8>> {
    let Some(raw) = raw else { return Some(text.as_bytes().to_vec()) };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    };
    raw.as_bytes().chunks(2).map(pair).collect()
}
