//! Which files of a tree are hives, and of which system.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::{HiveKind, System};
use crate::hive::{Hive, HiveError};
use crate::inventory::RelativePath;

/// The hives that a walk meets: `System32/config/software` and `System32/config/system`, in any case, also where the
/// walk begins at the volume, at System32 or at the folder itself. Copies elsewhere (`repair`, `RegBack`) are not taken.
#[derive(Debug, Default)]
pub struct HiveFiles {
    /// By root and folder: the file of each hive.
    systems: BTreeMap<(usize, RelativePath), BTreeMap<HiveKind, Candidate>>,
    /// What the registry of the running Windows says, where a root holds it.
    #[cfg(windows)]
    running: Vec<System>,
}

#[derive(Debug)]
struct Candidate {
    place: PathBuf,
    /// Below `System32`: a file that is no hive is damaged, not another program's.
    certain: bool,
}

impl HiveFiles {
    /// Looks at one regular file of a walk: its root, and where it can be opened.
    pub fn offer(&mut self, root: usize, root_path: &Path, place: &Path) {
        let lower = |name: &OsStr| name.to_string_lossy().to_lowercase();
        let kind = match place.file_name().map(lower).as_deref() {
            Some("software") => HiveKind::Software,
            Some("system") => HiveKind::System,
            _ => return,
        };
        let Some(folder) = place.parent() else { return };
        let Ok(below) = folder.strip_prefix(root_path) else { return };
        let names: Vec<String> = folder.components().map(|component| lower(component.as_os_str())).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let certain = match names.as_slice() {
            [.., "system32", "config"] => true,
            // Where the walk begins no higher, System32 may have been mounted or copied under any name.
            [.., "config"] if below.components().count() <= 1 => false,
            _ => return,
        };
        let files = self.systems.entry((root, RelativePath::new(below))).or_default();
        // On a file system that tells case, two spellings may lie side by side: the first by bytes is taken.
        let candidate = Candidate { place: place.to_owned(), certain };
        let earlier = files.get(&kind).is_some_and(|known| known.place <= candidate.place);
        if !earlier {
            files.insert(kind, candidate);
        }
    }

    /// Asks the registry of the running Windows if this root holds it: nobody may open its hives, and only administrators
    /// may list their folder. Gives that folder.
    #[cfg(windows)]
    pub fn offer_running(&mut self, root: usize, root_path: &Path) -> Option<RelativePath> {
        let (below, read) = super::running::below(root_path)?;
        let folder = RelativePath::new(&below);
        let same = |other: &RelativePath| other.as_bytes().eq_ignore_ascii_case(folder.as_bytes());
        self.systems.retain(|(of, path), _| *of != root || !same(path));
        self.running.push(System { root, folder: folder.clone(), ..read });
        Some(folder)
    }

    /// Reads what the hives say, system by system, by root and folder. A file that is no hive at all counts only where
    /// nothing but a hive can lie.
    pub fn read(self) -> Vec<System> {
        let mut systems = Vec::new();
        for ((root, folder), mut files) in self.systems {
            files.retain(|_, file| file.certain || file.is_hive());
            if files.is_empty() {
                continue;
            }
            let mut unreadable = Vec::new();
            let mut open = |kind| {
                let file = files.get(&kind)?;
                File::open(&file.place).map_err(|error| unreadable.push((kind, error))).ok()
            };
            let (software, system) = (open(HiveKind::Software), open(HiveKind::System));
            let mut read = System { root, folder, ..System::from_hives(software, system) };
            for (kind, error) in unreadable {
                read.problem(kind.name(), HiveError::Io(error.to_string()));
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

impl Candidate {
    fn is_hive(&self) -> bool {
        File::open(&self.place).is_ok_and(|file| !matches!(Hive::open(file), Err(HiveError::NotAHive)))
    }
}
