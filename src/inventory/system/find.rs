//! Finds the hives in a tree, and the system that each belongs to.

use std::collections::BTreeMap;
use std::path::Path;

use super::{HiveKind, System};
use crate::inventory::{Place, RelativePath};
use hotfixcheck_winfiles::bytes::ReadAt;
use hotfixcheck_winfiles::hive::{Hive, HiveError, Replay, Replayed, replay};

/// The hives that a walk finds: `System32/config/software` and `System32/config/system`, in any case, also if the walk
/// begins at the volume, at System32 or at the folder itself. Copies elsewhere (`repair`, `RegBack`) are not used.
#[derive(Default)]
pub struct HiveFiles {
    /// The file of each hive, by root and folder.
    systems: BTreeMap<(usize, RelativePath), BTreeMap<HiveKind, Files>>,
    /// The registry of the running Windows, where a root contains it.
    #[cfg(windows)]
    running: Vec<System>,
}

/// A hive and its logs, by their names in lower case.
#[derive(Default)]
struct Files {
    hive: Option<Candidate>,
    logs: BTreeMap<String, Place>,
}

struct Candidate {
    path: RelativePath,
    place: Place,
    /// It is below `System32`: a file there that is not a hive is damaged, not a file of another program.
    certain: bool,
}

impl HiveFiles {
    /// Whether a file of this lower-case name can be a hive.
    pub fn is_name(name: &str) -> bool {
        kind(name).is_some()
    }

    /// Checks one regular file of a walk: its root, the path of the root itself, its path below the root, and how it
    /// can be opened.
    pub fn offer(&mut self, root: usize, above: &Path, path: &RelativePath, place: &Place) {
        let below: Vec<String> = path.components().map(|component| component.to_lowercase()).collect();
        let Some((name, below)) = below.split_last() else { return };
        let Some((kind, is_log)) = kind(name) else { return };
        let mut names: Vec<String> =
            above.components().map(|component| component.as_os_str().to_string_lossy().to_lowercase()).collect();
        names.extend_from_slice(below);
        let certain = match names.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [.., "system32", "config"] => true,
            // If the walk begins at or below it, System32 may have been mounted or copied under any name.
            [.., "config"] if below.len() <= 1 => false,
            _ => return,
        };
        let files = self.systems.entry((root, path.parent())).or_default().entry(kind).or_default();
        // Several accessors of a collector may have read one file: the last one by name is used, as for other files.
        let is_last = |known: &Place| matches!((known, place), (Place::File(known), Place::File(own)) if known < own);
        if is_log {
            let log = files.logs.entry(name.clone()).or_insert_with(|| place.clone());
            if is_last(log) {
                *log = place.clone();
            }
            return;
        }
        // A case-sensitive file system may hold both spellings: the first one in byte order is used.
        let is_earlier = |known: &Candidate| known.path < *path || (known.path == *path && !is_last(&known.place));
        let earlier = files.hive.as_ref().is_some_and(is_earlier);
        if !earlier {
            files.hive = Some(Candidate { path: path.clone(), place: place.clone(), certain });
        }
    }

    /// Reads the registry of the running Windows if this root contains it: its hives cannot be opened, and only
    /// administrators may list their folder. Returns that folder.
    #[cfg(windows)]
    pub fn offer_running(&mut self, root: usize, root_path: &Path) -> Option<RelativePath> {
        let (below, read) = super::running::below(root_path)?;
        let folder = RelativePath::new(&below);
        let same = |other: &RelativePath| other.as_bytes().eq_ignore_ascii_case(folder.as_bytes());
        self.systems.retain(|(of, path), _| *of != root || !same(path));
        self.running.push(System { root, folder: folder.clone(), ..read });
        Some(folder)
    }

    /// Reads the facts in the hives, system by system, by root and folder. A file that is not a hive counts only in a
    /// folder that holds nothing but hives.
    pub fn read(self) -> Vec<System> {
        let mut systems = Vec::new();
        for ((root, folder), mut files) in self.systems {
            files.retain(|_, files| files.hive.as_ref().is_some_and(|hive| hive.certain || hive.is_hive()));
            if files.is_empty() {
                continue;
            }
            let mut doubts = Vec::new();
            let mut open = |kind| {
                let (file, replay) = match files.get(&kind)?.open()? {
                    Ok(opened) => opened,
                    Err(error) => {
                        doubts.push((kind, error.to_string()));
                        return None;
                    }
                };
                match &replay {
                    Replay::Refused { why } => {
                        doubts.push((kind, format!("its last changes were not written to it, and are lost: {why}")));
                    }
                    Replay::Applied { lost: Some(why), .. } => {
                        doubts.push((kind, format!("only some of its last changes could be applied: {why}")));
                    }
                    _ => {}
                }
                Some((file, matches!(replay, Replay::Applied { .. })))
            };
            let (software, system) = (open(HiveKind::Software), open(HiveKind::System));
            let replayed = [(HiveKind::Software, &software), (HiveKind::System, &system)]
                .map(|(kind, opened)| (kind, opened.as_ref().is_some_and(|(_, replayed)| *replayed)));
            let hives = System::from_hives(software.map(|(file, _)| file), system.map(|(file, _)| file));
            let mut read = System { root, folder, ..hives };
            for (kind, condition) in &mut read.hives {
                condition.replayed = replayed.contains(&(*kind, true));
            }
            for (kind, what) in doubts {
                read.problem(kind.name(), what);
            }
            systems.push(read);
        }
        #[cfg(windows)]
        {
            systems.extend(self.running);
            systems.sort_by(|a, b| (a.root, &a.folder).cmp(&(b.root, &b.folder)));
        }
        systems
    }
}

/// An open hive, and the result of replaying its logs.
type OpenHive<'f> = (Replayed<Box<dyn ReadAt + 'f>>, Replay);

impl Files {
    /// Opens the hive with its logs applied; `None` where there is no hive.
    fn open(&self) -> Option<Result<OpenHive<'_>, HiveError>> {
        let hive = self.hive.as_ref()?;
        let failed = |error: std::io::Error| HiveError::Io(error.to_string());
        let (mut logs, mut unopened) = (Vec::new(), Vec::new());
        for (name, place) in &self.logs {
            match place.open() {
                Ok(log) => logs.push((name.clone(), log)),
                Err(error) => unopened.push(format!("{name}: {error}")),
            }
        }
        let opened = hive.place.open().map_err(failed).and_then(|file| replay(file, &logs));
        Some(opened.map(|(file, replay)| match replay {
            Replay::Refused { why } if !unopened.is_empty() => {
                (file, Replay::Refused { why: format!("{}; {why}", unopened.join("; ")) })
            }
            other => (file, other),
        }))
    }
}

impl Candidate {
    fn is_hive(&self) -> bool {
        self.place.open().is_ok_and(|file| !matches!(Hive::open(file), Err(HiveError::NotAHive)))
    }
}

/// Which hive a file with this lower-case name is, and whether it is a log of it.
fn kind(name: &str) -> Option<(HiveKind, bool)> {
    // A quick check, since this runs for every file of a tree.
    if !name.starts_with('s') {
        return None;
    }
    let (stem, is_log) = match name.rsplit_once('.') {
        Some((stem, "log" | "log1" | "log2")) => (stem, true),
        Some(_) => return None,
        None => (name, false),
    };
    match stem {
        "software" => Some((HiveKind::Software, is_log)),
        "system" => Some((HiveKind::System, is_log)),
        _ => None,
    }
}
