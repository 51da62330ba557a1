//! Writes a [`Snapshot`] as JSON, one fact a line.

use serde::Serialize;

use super::form::{
    CollectedForm, CoverageForm, FileForm, HiveForm, PackingForm, ProblemForm, SystemForm, ToolForm, TreeForm, path,
    usual_field,
};
use super::versions::{Originals, Versions};
use super::{Coverage, FileRecord, Origin, SCHEMA, Snapshot};
use crate::inventory::{Collected, Problem, System};
use hotfixcheck_winfiles::binary::VersionOutcome;

/// Writes the file format: JSON in UTF-8, one file a line. It contains no time of writing: the same snapshot gives the
/// same bytes.
///
/// # Errors
/// Never for a snapshot in memory; only those of the JSON writer.
pub fn write(snapshot: &Snapshot) -> Result<Vec<u8>, serde_json::Error> {
    let mut versions = Versions::default();
    let files: Vec<FileForm> = snapshot.files.iter().map(|file| file_form(file, &mut versions)).collect();
    let coverage = match &snapshot.coverage {
        Coverage::Whole => None,
        Coverage::Names(names) => {
            Some(CoverageForm { extensions: names.extensions.clone(), names: names.names.clone() })
        }
    };
    let trees: Vec<TreeForm> = snapshot
        .roots
        .iter()
        .map(|root| {
            let (path, path_raw) = path(root.as_os_str().as_encoded_bytes());
            TreeForm { path, path_raw }
        })
        .collect();
    let problems: Vec<ProblemForm> = snapshot.problems.iter().map(problem_form).collect();
    let warnings: Vec<ProblemForm> = snapshot.warnings.iter().map(problem_form).collect();
    let systems: Vec<SystemForm> = snapshot.systems.iter().map(system_form).collect();
    let collected: Vec<CollectedForm> = snapshot.collected.iter().map(collected_form).collect();

    let mut out = Out { bytes: b"{".to_vec() };
    out.member("schema", &SCHEMA)?;
    out.member("tool", &ToolForm { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })?;
    out.list("trees", &trees)?;
    out.member("coverage", &coverage)?;
    if snapshot.sniffed {
        out.member("sniffed", &true)?;
    }
    out.member("files_seen", &snapshot.files_seen)?;
    out.list("versions", &versions.blocks)?;
    out.list("files", &files)?;
    out.list("problems", &problems)?;
    if !warnings.is_empty() {
        out.list("warnings", &warnings)?;
    }
    out.list("systems", &systems)?;
    if !collected.is_empty() {
        out.list("collected", &collected)?;
    }
    out.bytes.extend(b"\n}\n");
    Ok(out.bytes)
}

/// An object while it is written.
struct Out {
    bytes: Vec<u8>,
}

impl Out {
    fn member(&mut self, name: &str, value: &impl Serialize) -> Result<(), serde_json::Error> {
        self.name(name)?;
        serde_json::to_writer(&mut self.bytes, value)
    }

    fn list(&mut self, name: &str, items: &[impl Serialize]) -> Result<(), serde_json::Error> {
        self.name(name)?;
        self.bytes.push(b'[');
        for (place, item) in items.iter().enumerate() {
            self.bytes.extend(if place == 0 { &b"\n"[..] } else { b",\n" });
            serde_json::to_writer(&mut self.bytes, item)?;
        }
        self.bytes.push(b']');
        Ok(())
    }

    fn name(&mut self, name: &str) -> Result<(), serde_json::Error> {
        self.bytes.extend(if self.bytes.len() == 1 { &b"\n"[..] } else { b",\n" });
        serde_json::to_writer(&mut self.bytes, name)?;
        self.bytes.push(b':');
        Ok(())
    }
}

fn file_form<'a>(file: &'a FileRecord, versions: &mut Versions<'a>) -> FileForm<'a> {
    let (path, path_raw) = path(file.path.as_bytes());
    let binary = file.binary.as_ref().ok();
    let (mut version, mut originals, mut corrupt) = (None, Originals::default(), None);
    match binary.map(|binary| &binary.version) {
        Some(VersionOutcome::Found(info)) => {
            let (place, names) = versions.place(info);
            (version, originals) = (Some(place), names);
        }
        Some(VersionOutcome::Corrupt { detail }) => corrupt = Some(detail.clone()),
        Some(VersionOutcome::Absent) | None => {}
    }
    let format = binary.map(|binary| binary.format).unwrap_or_default();
    let machine = binary.and_then(|binary| binary.machine);
    let field = binary.map(|binary| binary.machine_raw);
    FileForm {
        tree: file.root,
        path,
        path_raw,
        size: file.size,
        modified: file.modified,
        origin: file.origin,
        copy: file.copy.filter(|_| file.origin != Origin::File),
        packed: file
            .packing
            .as_ref()
            .map(|packing| PackingForm { hint: packing.hint.clone(), size: packing.unpacked_size }),
        format,
        machine,
        machine_raw: field.filter(|field| *field != usual_field(format, machine)),
        unstated: file.unstated,
        built: binary.and_then(|binary| binary.time_stamp),
        checksum: binary.and_then(|binary| binary.checksum),
        version,
        original: originals.all.map(Into::into),
        originals: originals.each,
        corrupt,
        error: file.binary.as_ref().err().cloned(),
    }
}

fn problem_form(problem: &Problem) -> ProblemForm<'_> {
    let (path, path_raw) = path(problem.path.as_bytes());
    ProblemForm { tree: problem.root, path, path_raw, what: problem.what.as_str().into() }
}

fn collected_form(collected: &Collected) -> CollectedForm<'_> {
    let (path, path_raw) = path(collected.path.as_bytes());
    CollectedForm { tree: collected.root, path, path_raw, name: collected.name.as_str().into() }
}

fn system_form(system: &System) -> SystemForm<'_> {
    let (path, path_raw) = path(system.folder.as_bytes());
    let hive = |(hive, condition): &(_, hotfixcheck_winfiles::hive::Condition)| HiveForm {
        hive: *hive,
        unfinished: condition.unfinished,
        wrong_checksum: condition.wrong_checksum,
        truncated: condition.truncated,
        replayed: condition.replayed,
    };
    SystemForm {
        tree: system.root,
        path,
        path_raw,
        hives: system.hives.iter().map(hive).collect(),
        facts: std::borrow::Cow::Borrowed(&system.facts),
        hotfixes: system.hotfixes.as_slice().into(),
        problems: system.problems.as_slice().into(),
    }
}
