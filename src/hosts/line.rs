//! Judges a line of JSON with a host and its inventory, and makes the line with its result.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::judge::{HostError, HostJudge, Judged};
use super::open;
use super::split::{Split, split};
use crate::Machine;
use crate::inventory::import::{self, ImportError, InventoryFormat, MAX_INVENTORY_BYTES};
use crate::inventory::snapshot::SnapshotError;
use crate::inventory::{Document, Snapshot};
use crate::message::message_of;
use crate::report::{JudgedLine, View};

/// The defaults for values that a line does not have.
#[derive(Clone, Copy, Debug, Default)]
pub struct Defaults {
    /// The format of inventories; `None` to detect it from the contents.
    pub format: Option<InventoryFormat>,
    /// The machine of files whose inventory does not record it.
    pub machine: Option<Machine>,
}

/// A line of input. Other members belong to the engine and are ignored.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    host: Option<&'a RawValue>,
    #[serde(borrow)]
    inventory: Option<&'a RawValue>,
    path: Option<PathBuf>,
    format: Option<String>,
    /// The text of a list of installed updates.
    hotfixes: Option<String>,
}

/// The name of a host. A number becomes its text, with every digit.
fn name_of(host: &RawValue) -> Option<String> {
    let text = host.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).ok(),
        Some(b'-' | b'0'..=b'9') => Some(text.to_owned()),
        _ => None,
    }
}

/// The message for a line that is not such a JSON object.
const NO_LINE: &str = r#"not a line {"host": …, "inventory": …} or {"host": …, "path": …}"#;
/// The byte order mark of UTF-8; below, those of UTF-16.
const MARK: &[u8] = b"\xef\xbb\xbf";
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

impl HostJudge {
    /// Judges a line; an error is in the result. `line`: its number, from 1.
    pub fn judge_line(&self, defaults: Defaults, line: u64, bytes: &[u8]) -> JudgedLine {
        if bytes.len() as u64 > MAX_INVENTORY_BYTES {
            let error = format!("the line is longer than {MAX_INVENTORY_BYTES} bytes");
            return JudgedLine { line, host: host_in(bytes), judged: Err(error) };
        }
        // PowerShell writes a byte order mark before a text.
        let text = bytes.trim_ascii();
        let text = if line == 1 { text.strip_prefix(MARK).unwrap_or(text) } else { text };
        if line == 1 && UTF_16.iter().any(|mark| text.starts_with(mark)) {
            let error = "the input is UTF-16: give it as UTF-8".to_owned();
            return JudgedLine { line, host: None, judged: Err(error) };
        }
        if text.first() != Some(&b'{') {
            let error = format!("{NO_LINE}: expected '{{'");
            return JudgedLine { line, host: host_in(bytes), judged: Err(error) };
        }
        if let Some(judged) = self.judge_split(defaults, line, text) {
            return judged;
        }
        match serde_json::from_slice::<Line<'_>>(text) {
            Ok(Line { host, inventory, path, format, hotfixes }) => {
                let name = host.and_then(name_of);
                let judged = match (host, &name) {
                    (Some(_), None) => Err("host: expected a text or a number".to_owned()),
                    _ => self.judge_source(defaults, inventory, path, format.as_deref(), hotfixes.as_deref()),
                };
                JudgedLine { line, host: name, judged }
            }
            Err(error) => {
                let at = error.to_string().replace(" at line 1 column ", " at column ");
                let error = format!("{NO_LINE}: {at}");
                JudgedLine { line, host: host_in(bytes), judged: Err(error) }
            }
        }
    }

    /// Judges a line with a snapshot or list as an object, which is then read once. `None` for any other, and where anything is
    /// wrong: its message counts from the beginning of the line.
    fn judge_split(&self, defaults: Defaults, line: u64, text: &[u8]) -> Option<JudgedLine> {
        let Split { inventory, rest } = split(std::str::from_utf8(text).ok()?)?;
        let Line { host, path: None, format, hotfixes, .. } = serde_json::from_str(&rest).ok()? else { return None };
        let name = host.map(|host| name_of(host).ok_or(())).transpose().ok()?;
        let format = format.as_deref().map(format_of).transpose().ok()?;
        let defaults = Defaults { format: format.or(defaults.format), ..defaults };
        let read = self.read(defaults, Document::Text(inventory)).ok()?;
        Some(JudgedLine { line, host: name, judged: self.judge_claimed(read, hotfixes.as_deref()) })
    }

    fn judge_source(
        &self,
        mut defaults: Defaults,
        inventory: Option<&RawValue>,
        path: Option<PathBuf>,
        format: Option<&str>,
        hotfixes: Option<&str>,
    ) -> Answer {
        if let Some(name) = format {
            defaults.format = Some(format_of(name)?);
        }
        match (inventory, path) {
            (Some(raw), None) => {
                let list: Option<String> = if raw.get().starts_with('"') {
                    Some(serde_json::from_str(raw.get()).map_err(|error| error.to_string())?)
                } else {
                    None
                };
                let bytes = list.as_deref().unwrap_or(raw.get()).as_bytes();
                self.judge_document(defaults, Document::Bytes(bytes), hotfixes)
            }
            (None, Some(path)) => self.judge_path(defaults, path, hotfixes),
            _ => Err("give either 'inventory' or 'path'".to_owned()),
        }
    }

    /// Judges an inventory. `hotfixes`: the text of a list of installed updates.
    ///
    /// # Errors
    /// The reason why it cannot be judged, in words.
    pub fn judge_document(&self, defaults: Defaults, document: Document<'_>, hotfixes: Option<&str>) -> Answer {
        let read = self.read(defaults, document).map_err(|error| message_of(&error))?;
        self.judge_claimed(read, hotfixes)
    }

    /// Judges a path: an inventory if a format is given or the file is a snapshot, or else a tree or an image.
    ///
    /// # Errors
    /// The reason why it cannot be judged, in words.
    pub fn judge_path(&self, defaults: Defaults, path: PathBuf, hotfixes: Option<&str>) -> Answer {
        if defaults.format.is_some() || open::is_snapshot(&path) {
            let read = open::open_document(&path, |document| self.read(defaults, document));
            let file = |source| HostError::File { path: path.clone(), source };
            let read = read.map_err(file).and_then(|read| {
                read.map_err(|error| match error {
                    ImportError::Read(source) | ImportError::Snapshot(SnapshotError::Read(source)) => file(source),
                    source => HostError::Import { path: path.clone(), source },
                })
            });
            return self.judge_claimed(read.map_err(|error| message_of(&error))?, hotfixes);
        }
        match hotfixes {
            Some(_) => Err("'hotfixes' is only valid with an inventory".to_owned()),
            None => answer(self.tree_for_line(path)),
        }
    }

    fn read(&self, Defaults { format, machine }: Defaults, document: Document<'_>) -> Result<Snapshot, ImportError> {
        let wanted = |name: &str| self.wants(name);
        let apart = self.apart();
        let how = import::Reading { format, wanted: Some(&wanted), apart: Some(&apart), ..import::Reading::default() };
        let mut snapshot = import::read_document(document, how)?;
        if let Some(machine) = machine {
            snapshot.assume_machine(machine);
        }
        Ok(snapshot)
    }

    fn judge_claimed(&self, mut snapshot: Snapshot, hotfixes: Option<&str>) -> Answer {
        if let Some(text) = hotfixes {
            let claims = import::claims(Document::Bytes(text.as_bytes()));
            claims.and_then(|claims| snapshot.claim(claims)).map_err(|error| message_of(&error))?;
        }
        answer(self.snapshot_for_line(snapshot))
    }
}

/// A report and further messages, or the error. A report with very many rows has only those that apply: a line shows no others.
pub type Answer = Result<(View, Vec<String>), String>;

fn answer(judged: Result<Judged, HostError>) -> Answer {
    judged.map(|judged| (judged.view, judged.warnings)).map_err(|error| message_of(&error))
}

/// The inventory format with this name.
///
/// # Errors
/// There is none; the message lists the known formats.
pub fn format_of(name: &str) -> Result<InventoryFormat, String> {
    InventoryFormat::from_name(name).ok_or_else(|| {
        let known = InventoryFormat::ALL.map(InventoryFormat::name).join(", ");
        format!("unknown format '{name}': use one of {known}")
    })
}

/// How much of an invalid line is searched for its host, at its beginning and at its end.
const SEEN_BYTES: usize = 65_536;

/// The host of a line that is not valid JSON, if it can be found: engines write it first or last.
fn host_in(line: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&line[..line.len().min(SEEN_BYTES)]);
    let tail = String::from_utf8_lossy(&line[line.len().saturating_sub(SEEN_BYTES)..]);
    let name = |(_, rest): (&str, &str)| {
        let rest = rest.trim_start().strip_prefix(':')?;
        let value = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>().next()?.ok()?;
        name_of(value)
    };
    head.split_once("\"host\"").and_then(name).or_else(|| tail.rsplit_once("\"host\"").and_then(name))
}
