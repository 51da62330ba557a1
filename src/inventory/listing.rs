//! What a walk keeps of the files that it meets.

use std::path::Path;

use super::candidate::{Candidate, Interest};
use super::system::HiveFiles;
use super::{Place, Problem, Progress, RelativePath};

/// A file that matters.
pub(super) struct Met<'m> {
    pub root: usize,
    /// The root's own path, whose last folders may say where the walk begins; empty for an image.
    pub above: &'m Path,
    /// The root is this file itself.
    pub is_root: bool,
    pub path: RelativePath,
    pub place: Place,
    pub size: Option<u64>,
    pub modified: Option<i64>,
}

/// The files that matter so far.
pub(super) struct Listing<'p> {
    pub files_seen: u64,
    pub problems: Vec<Problem>,
    pub candidates: Vec<Candidate>,
    pub hives: HiveFiles,
    progress: &'p (dyn Fn(Progress) + Sync),
}

impl<'p> Listing<'p> {
    pub(super) fn new(progress: &'p (dyn Fn(Progress) + Sync)) -> Self {
        let (problems, candidates, hives) = (Vec::new(), Vec::new(), HiveFiles::default());
        Self { files_seen: 0, problems, candidates, hives, progress }
    }

    /// Counts a file, and keeps it if its name matters; only then is more asked of it.
    pub(super) fn see<'m>(
        &mut self,
        name: Option<&str>,
        wanted: &impl Fn(&str) -> bool,
        met: impl FnOnce() -> Met<'m>,
    ) {
        self.files_seen += 1;
        (self.progress)(Progress::Listed(self.files_seen));
        let Some(name) = name.map(str::to_lowercase) else { return };
        let (hive, interest) = (HiveFiles::is_name(&name), Interest::of(&name, wanted));
        if !hive && interest.is_none() {
            return;
        }
        let Met { root, above, is_root, path, place, size, modified } = met();
        if hive {
            self.hives.offer(root, above, &path, &place);
        }
        self.candidates.extend(interest.map(|interest| Candidate {
            root,
            is_root,
            path,
            place,
            size,
            modified,
            interest,
        }));
    }
}
