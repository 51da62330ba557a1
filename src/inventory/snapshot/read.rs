//! Reads a [`Snapshot`] from JSON, as a stream: files without a wanted name are not kept, and each version block of a
//! kept file is parsed once.
//!
//! One pass is enough if there are at most [`gather::MAX_BLOCKS`] version blocks: they are held until it is known which
//! of them are needed. Otherwise a second pass reads the needed ones.

use serde::de::{DeserializeSeed, Error as _};
use serde_json::Deserializer;

use super::gather::{self, Blocks, Gathered, Stop, WantedName};
use super::needed::Needed;
use super::parts::{self, Block};
use super::{Snapshot, SnapshotError};
use crate::inventory::document::{Meter, Texts};
use crate::inventory::{Collected, Problem, System};

/// Reads the file format. Unknown members are ignored.
///
/// # Errors
/// A text that is not a snapshot of this version, with the line; a part that refers to something missing.
pub fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    read_from(Source::Bytes(bytes), None)
}

/// As [`read`], for a text that need not be in memory. With `wanted`, only the files are kept that [`Snapshot::select`]
/// would use for these names.
///
/// # Errors
/// Those of [`read`]; an I/O error, or a single value that is too large.
pub(in crate::inventory) fn read_text(
    text: &Texts<'_>,
    wanted: Option<WantedName<'_>>,
) -> Result<Snapshot, SnapshotError> {
    read_from(text.whole().map_or(Source::Text(text), Source::Whole), wanted)
}

/// The source of a pass.
enum Source<'s, 't> {
    Bytes(&'s [u8]),
    /// Known to be UTF-8.
    Whole(&'s str),
    Text(&'s Texts<'t>),
}

impl<'s> Source<'s, '_> {
    /// Makes one pass with the state that `state` makes from the meter.
    fn pass<S>(&self, state: impl FnOnce(Meter) -> S) -> Result<(S, Result<(), serde_json::Error>), SnapshotError>
    where
        for<'m> &'m mut S: DeserializeSeed<'s, Value = ()>,
    {
        match self {
            Self::Bytes(bytes) => {
                let mut state = state(Meter::default());
                let mut deserializer = Deserializer::from_slice(bytes);
                let read = state.deserialize(&mut deserializer).and_then(|()| deserializer.end());
                Ok((state, read))
            }
            Self::Whole(text) => {
                let mut state = state(Meter::default());
                let mut deserializer = Deserializer::from_str(text);
                let read = state.deserialize(&mut deserializer).and_then(|()| deserializer.end());
                Ok((state, read))
            }
            Self::Text(text) => {
                let reader = text.open()?;
                let mut state = state(reader.meter());
                let mut deserializer = Deserializer::from_reader(reader);
                let read = state.deserialize(&mut deserializer).and_then(|()| deserializer.end());
                Ok((state, read))
            }
        }
    }
}

fn read_from(source: Source<'_, '_>, wanted: Option<WantedName<'_>>) -> Result<Snapshot, SnapshotError> {
    let mut is_sniffed = false;
    let mut gathered = loop {
        let (mut gathered, read) = source.pass(|meter| Gathered::new(wanted, is_sniffed, meter))?;
        match (gathered.stop.take(), read) {
            (Some(Stop::Failed(error)), _) => return Err(error),
            (Some(Stop::Sniffed), _) => is_sniffed = true,
            (None, Err(error)) => return Err(error.into()),
            (None, Ok(())) => break gathered,
        }
    };
    let missing = |name: &'static str| SnapshotError::Json(serde_json::Error::missing_field(name));
    if !gathered.schema {
        return Err(missing("schema"));
    }
    let roots = gathered.roots.take().ok_or_else(|| missing("trees"))?;
    let files_seen = gathered.files_seen.ok_or_else(|| missing("files_seen"))?;
    let mut files = gathered.files.take().ok_or_else(|| missing("files"))?;
    check_trees(&gathered, roots.len())?;
    let blocks = gathered.blocks.take().unwrap_or(Blocks::Held(Vec::new()));
    if let Some((block, place)) = gathered.highest_block.take().filter(|(block, _)| *block >= blocks.count()) {
        return Err(parts::part(place, format!("version {block}: there are {}", blocks.count())));
    }
    let needed = match &blocks {
        Blocks::Held(_) => None,
        Blocks::Counted(_) => {
            let places = gathered.lacking.iter().map(|(.., block)| block.place);
            let (needed, read) = source.pass(|meter| Needed::new(places, meter))?;
            if !needed.is_complete {
                read?;
            }
            Some(needed)
        }
    };
    for (file, place, Block { place: block, originals }) in std::mem::take(&mut gathered.lacking) {
        let form = match (&blocks, &needed) {
            (Blocks::Held(held), _) => held.get(block),
            (_, Some(needed)) => needed.get(block),
            (Blocks::Counted(_), None) => None,
        };
        // A file that changes while it is read may have other blocks in the second pass.
        let form = form.ok_or_else(|| {
            parts::part(
                parts::place_of_file(place, &files[file].path.to_string()),
                "its version is gone: did the snapshot change?",
            )
        })?;
        gather::fill(&mut files[file], place, form, originals)?;
    }
    if let Some(wanted) = wanted.filter(|_| gathered.sniffed) {
        files.retain(|file| file.counts(wanted, true));
    }
    Ok(Snapshot {
        roots,
        coverage: gathered.coverage,
        sniffed: gathered.sniffed,
        files_seen,
        files,
        problems: gathered.problems,
        warnings: gathered.warnings,
        systems: gathered.systems,
        collected: gathered.collected,
    })
}

/// Checks that no item belongs to a missing tree.
fn check_trees(gathered: &Gathered<'_, '_>, trees: usize) -> Result<(), SnapshotError> {
    let files = gathered.highest_tree.iter().map(|(tree, place)| (*tree, place.clone()));
    let problem = |(place, problem): (usize, &Problem)| (problem.root, format!("problems[{place}] ({})", problem.path));
    let problems = gathered.problems.iter().enumerate().map(problem);
    let warnings = gathered.warnings.iter().enumerate().map(problem);
    let system = |(place, system): (usize, &System)| (system.root, format!("systems[{place}] ({})", system.folder));
    let systems = gathered.systems.iter().enumerate().map(system);
    let one = |(place, one): (usize, &Collected)| (one.root, format!("collected[{place}] ({})", one.path));
    let collected = gathered.collected.iter().enumerate().map(one);
    match files.chain(problems).chain(warnings).chain(systems).chain(collected).find(|(tree, _)| *tree >= trees) {
        Some((tree, place)) => Err(parts::part(place, format!("tree {tree}: there are {trees}"))),
        None => Ok(()),
    }
}
