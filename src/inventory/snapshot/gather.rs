//! One pass over the file: keeps the wanted parts.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::form::{CollectedForm, CoverageForm, FileForm, ProblemForm, SystemForm, TreeForm};
use super::parts::{self, Block};
use super::versions::VersionForm;
use super::{Coverage, FileRecord, SCHEMA, SnapshotError};
use crate::inventory::copies::FolderKind;
use crate::inventory::document::Meter;
use crate::inventory::path::{RelativePath, file_name};
use crate::inventory::{Collected, Problem, System};

/// How many version blocks are held until it is known which of them the files need.
pub(super) const MAX_BLOCKS: usize = 1 << 16;
/// The limit for the size of the kept parts, in bytes of the file.
const MAX_KEPT_BYTES: u64 = 1 << 30;
/// The size that is assumed for a record besides its texts.
const RECORD_BYTES: u64 = 300;

/// True for the names of files that are kept: bare, in lower case.
pub(in crate::inventory) type WantedName<'w> = &'w dyn Fn(&str) -> bool;

/// Why a pass ended before the end of the document.
#[derive(Debug)]
pub(super) enum Stop {
    Failed(SnapshotError),
    /// The file states only now that it was made by sniffing: files that were left out may count.
    Sniffed,
}

/// The version blocks of a pass.
#[derive(Debug)]
pub(super) enum Blocks<'de> {
    /// All blocks.
    Held(Vec<VersionForm<'de>>),
    /// Too many to hold: only their number.
    Counted(usize),
}

impl Blocks<'_> {
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Held(blocks) => blocks.len(),
            Self::Counted(count) => *count,
        }
    }
}

/// The parts kept by a pass.
pub(super) struct Gathered<'w, 'de> {
    /// The wanted names; `None` for all files.
    wanted: Option<WantedName<'w>>,
    /// Counts the bytes of each record in the stream.
    meter: Meter,
    pub stop: Option<Stop>,
    pub schema: bool,
    pub roots: Option<Vec<PathBuf>>,
    pub coverage: Coverage,
    pub sniffed: bool,
    pub files_seen: Option<u64>,
    pub blocks: Option<Blocks<'de>>,
    pub files: Option<Vec<FileRecord>>,
    /// The version blocks that the files still need, by the indices of the files.
    pub lacking: Vec<(usize, usize, Block)>,
    /// The first file with the highest tree number, and the first one with the highest version block.
    pub highest_tree: Option<(usize, String)>,
    pub highest_block: Option<(usize, String)>,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
    pub systems: Vec<System>,
    pub collected: Vec<Collected>,
    kept_bytes: u64,
    copies: FolderKind,
}

impl<'w> Gathered<'w, '_> {
    pub(super) fn new(wanted: Option<WantedName<'w>>, is_sniffed: bool, meter: Meter) -> Self {
        Self {
            wanted,
            meter,
            stop: None,
            schema: false,
            roots: None,
            coverage: Coverage::Whole,
            sniffed: is_sniffed,
            files_seen: None,
            blocks: None,
            files: None,
            lacking: Vec::new(),
            highest_tree: None,
            highest_block: None,
            problems: Vec::new(),
            warnings: Vec::new(),
            systems: Vec::new(),
            collected: Vec::new(),
            kept_bytes: 0,
            copies: FolderKind::default(),
        }
    }

    /// Ends the pass: serde reports only that it failed, so the reason is stored.
    fn stopped<E: serde::de::Error>(&mut self, stop: Stop) -> E {
        self.stop = Some(stop);
        E::custom("stopped")
    }

    /// Reads a member that is not a list.
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "schema" => {
                let found: String = map.next_value()?;
                if found != SCHEMA {
                    return Err(self.stopped(Stop::Failed(SnapshotError::Schema { found })));
                }
                self.schema = true;
            }
            "coverage" => {
                let form: Option<CoverageForm> = map.next_value()?;
                self.coverage = form.map_or(Coverage::Whole, parts::coverage);
            }
            "sniffed" => {
                let is_late = self.files.is_some() && !self.sniffed;
                self.sniffed |= map.next_value::<bool>()?;
                if self.sniffed && is_late {
                    return Err(self.stopped(Stop::Sniffed));
                }
            }
            "files_seen" => self.files_seen = Some(map.next_value()?),
            _ => _ = map.next_value::<IgnoredAny>()?,
        }
        Ok(())
    }

    /// Counts the size of the kept parts.
    fn keep(&mut self, texts: usize) -> Result<(), SnapshotError> {
        self.kept_bytes += texts as u64 + RECORD_BYTES;
        if self.kept_bytes <= MAX_KEPT_BYTES {
            return Ok(());
        }
        let what = format!("its files with names of the catalogue take more than {MAX_KEPT_BYTES} bytes");
        Err(SnapshotError::Read(std::io::Error::other(what)))
    }

    fn file(&mut self, form: FileForm<'_>, place: usize) -> Result<(), SnapshotError> {
        // Checks it, whether the file counts or not.
        let raw = form.path_raw.is_some().then(|| parts::path(&form, place)).transpose()?;
        let at = || parts::place_of_file(place, &form.path);
        // A tree or block that is known to exist need not be remembered.
        if self.roots.as_ref().is_none_or(|roots| form.tree >= roots.len()) {
            note_higher(&mut self.highest_tree, form.tree, at);
        }
        if form.error.is_none()
            && let Some(block) = form.version
            && self.blocks.as_ref().is_none_or(|blocks| block >= blocks.count())
        {
            note_higher(&mut self.highest_block, block, at);
        }
        if let Some(wanted) = self.wanted.filter(|_| !self.sniffed) {
            let name = raw.as_ref().map_or_else(|| file_name(form.path.as_bytes()), RelativePath::file_name);
            if !FileRecord::may_count(name, form.origin, form.packed.is_some(), form.error.as_ref(), wanted) {
                return Ok(());
            }
        }
        self.keep(form.path.len())?;
        let path = raw.map_or_else(|| parts::path(&form, place), Ok)?;
        let copy = self.copies.of(&path);
        let (mut record, mut lacking) = parts::record(form, path, copy);
        if let Some(wanted) = self.wanted.filter(|_| !self.sniffed)
            && !record.counts(wanted, false)
        {
            return Ok(());
        }
        if let (Some(wanted), true, Some(Blocks::Held(blocks))) = (self.wanted, self.sniffed, &self.blocks) {
            // The name in the version resource counts, too.
            if let Some(block) = lacking.take_if(|block| block.place < blocks.len()) {
                fill(&mut record, place, &blocks[block.place], block.originals)?;
            }
            if lacking.is_none() && !record.counts(wanted, true) {
                return Ok(());
            }
        }
        let files = self.files.get_or_insert_default();
        self.lacking.extend(lacking.map(|block| (files.len(), place, block)));
        files.push(record);
        Ok(())
    }
}

/// Sets the version of a file.
pub(super) fn fill(
    record: &mut FileRecord,
    place: usize,
    block: &VersionForm<'_>,
    originals: super::versions::Originals,
) -> Result<(), SnapshotError> {
    use hotfixcheck_winfiles::binary::VersionOutcome;
    let info = block.info(originals).ok_or_else(|| {
        parts::part(parts::place_of_file(place, &record.path.to_string()), "originals: not one for each string table")
    })?;
    if let Ok(binary) = &mut record.binary {
        binary.version = VersionOutcome::Found(info);
    }
    Ok(())
}

fn note_higher(highest: &mut Option<(usize, String)>, number: usize, at: impl Fn() -> String) {
    if highest.as_ref().is_none_or(|(highest, _)| *highest < number) {
        *highest = Some((number, at()));
    }
}

impl<'de> DeserializeSeed<'de> for &mut Gathered<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

/// The members of a snapshot.
const MEMBERS: [&str; 11] = [
    "schema",
    "trees",
    "coverage",
    "sniffed",
    "files_seen",
    "versions",
    "files",
    "problems",
    "warnings",
    "systems",
    "collected",
];

impl<'de> Visitor<'de> for &mut Gathered<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snapshot")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let meter = self.meter.clone();
        let mut seen = [false; MEMBERS.len()];
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            meter.next_value();
            if let Some(place) = MEMBERS.iter().position(|member| *member == name)
                && std::mem::replace(&mut seen[place], true)
            {
                return Err(A::Error::duplicate_field(MEMBERS[place]));
            }
            let list = match &*name {
                "trees" => {
                    let mut roots = Vec::new();
                    let read = list(&mut map, &meter, |place, form: TreeForm<'de>| {
                        roots.push(parts::root(&form, place)?);
                        self.keep(form.path.len())
                    })?;
                    self.roots = Some(roots);
                    read
                }
                "versions" => {
                    // Their names decide for each file whether it counts.
                    let most = if self.sniffed { usize::MAX } else { MAX_BLOCKS };
                    self.blocks = Some(map.next_value_seed(AllBlocks { most, meter: &meter })?);
                    Ok(())
                }
                "files" => {
                    self.files = Some(Vec::new());
                    list(&mut map, &meter, |place, form: FileForm<'de>| self.file(form, place))?
                }
                "problems" => list(&mut map, &meter, |place, form: ProblemForm<'de>| {
                    self.keep(form.path.len() + form.what.len())?;
                    self.problems.push(parts::problem(form, place)?);
                    Ok(())
                })?,
                "warnings" => list(&mut map, &meter, |place, form: ProblemForm<'de>| {
                    self.keep(form.path.len() + form.what.len())?;
                    self.warnings.push(parts::problem(form, place)?);
                    Ok(())
                })?,
                "collected" => list(&mut map, &meter, |place, form: CollectedForm<'de>| {
                    self.keep(form.path.len() + form.name.len())?;
                    self.collected.push(parts::collected(form, place)?);
                    Ok(())
                })?,
                "systems" => list(&mut map, &meter, |place, form: SystemForm<'de>| {
                    self.systems.push(parts::system(form, place)?);
                    self.keep(0)
                })?,
                _ => {
                    self.member(&name, &mut map)?;
                    Ok(())
                }
            };
            if let Err(error) = list {
                return Err(self.stopped(Stop::Failed(error)));
            }
        }
        Ok(())
    }
}

/// Calls `read` with each item of a list; an error ends the list.
fn list<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    map: &mut A,
    meter: &Meter,
    read: impl FnMut(usize, T) -> Result<(), SnapshotError>,
) -> Result<Result<(), SnapshotError>, A::Error> {
    let mut failed = None;
    let end = map.next_value_seed(Each { read, meter, failed: &mut failed, item: PhantomData });
    match failed {
        Some(error) => Ok(Err(error)),
        None => end.map(Ok),
    }
}

struct Each<'s, T, F> {
    read: F,
    meter: &'s Meter,
    failed: &'s mut Option<SnapshotError>,
    item: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>, F: FnMut(usize, T) -> Result<(), SnapshotError>> DeserializeSeed<'de>
    for Each<'_, T, F>
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(usize, T) -> Result<(), SnapshotError>> Visitor<'de> for Each<'_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut place = 0;
        while let Some(item) = items.next_element::<T>()? {
            self.meter.next_value();
            if let Err(error) = (self.read)(place, item) {
                *self.failed = Some(error);
                return Err(A::Error::custom("stopped"));
            }
            place += 1;
        }
        Ok(())
    }
}

/// Reads the version blocks: all of them, or only their number if there are too many.
struct AllBlocks<'s> {
    most: usize,
    meter: &'s Meter,
}

impl<'de> DeserializeSeed<'de> for AllBlocks<'_> {
    type Value = Blocks<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Blocks<'de>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for AllBlocks<'_> {
    type Value = Blocks<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Blocks<'de>, A::Error> {
        let mut blocks = Vec::new();
        while blocks.len() < self.most {
            let Some(block) = items.next_element()? else { return Ok(Blocks::Held(blocks)) };
            self.meter.next_value();
            blocks.push(block);
        }
        let mut count = blocks.len();
        while items.next_element::<IgnoredAny>()?.is_some() {
            self.meter.next_value();
            count += 1;
        }
        Ok(if count == blocks.len() { Blocks::Held(blocks) } else { Blocks::Counted(count) })
    }
}
