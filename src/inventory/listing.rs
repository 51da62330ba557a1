//! What a walk keeps of the files that it meets.

use std::path::Path;

use super::candidate::{Candidate, Interest};
use super::system::HiveFiles;
use super::{Place, Problem, Progress, RelativePath};
use crate::case::lower_case;

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
        self.count(1);
        if let Some(why) = name.and_then(|name| Matter::of(name, wanted)) {
            self.keep(why, met());
        }
    }

    /// Counts files.
    pub(super) fn count(&mut self, files: u64) {
        self.files_seen += files;
        (self.progress)(Progress::Listed(self.files_seen));
    }

    /// Keeps a file that matters.
    pub(super) fn keep(&mut self, why: Matter, met: Met<'_>) {
        let Met { root, above, is_root, path, place, size, modified } = met;
        if why.hive {
            self.hives.offer(root, above, &path, &place);
        }
        self.candidates.extend(why.interest.map(|interest| Candidate {
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

/// Why a file matters.
pub(super) struct Matter {
    hive: bool,
    interest: Option<Interest>,
}

impl Matter {
    /// `None` for a file whose name does not matter.
    pub(super) fn of(name: &str, wanted: &impl Fn(&str) -> bool) -> Option<Self> {
        let name = lower_case(name);
        let (hive, interest) = (HiveFiles::is_name(&name), Interest::of(&name, wanted));
        (hive || interest.is_some()).then_some(Self { hive, interest })
    }
}
