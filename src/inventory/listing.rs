//! What a walk keeps of the files that it meets.

use std::path::Path;

use rayon::prelude::*;

use super::candidate::{Candidate, Interest};
use super::system::HiveFiles;
use super::{Place, Problem, Progress, RelativePath, Wanted};
use crate::case::lower_case;

/// So many files are looked into at once: what is kept of a tree grows with the binaries in it, not with the files.
const BATCH: usize = 4096;

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
    /// Candidates that only their contents can make such.
    unsure: Vec<Candidate>,
    progress: &'p (dyn Fn(Progress) + Sync),
}

impl<'p> Listing<'p> {
    pub(super) fn new(progress: &'p (dyn Fn(Progress) + Sync)) -> Self {
        Self {
            files_seen: 0,
            problems: Vec::new(),
            candidates: Vec::new(),
            hives: HiveFiles::default(),
            unsure: Vec::new(),
            progress,
        }
    }

    /// Counts a file, and keeps it if it matters; only then is more asked of it. A name that is not UTF-8 is no name.
    pub(super) fn see<'m>(
        &mut self,
        name: Option<&str>,
        wanted: &Wanted<impl Fn(&str) -> bool>,
        met: impl FnOnce() -> Met<'m>,
    ) {
        self.count(1);
        if let Some(why) = Matter::of(name, wanted) {
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
        let Some(interest) = why.interest else { return };
        let candidate = Candidate { root, is_root, path, place, size, modified, interest };
        if interest != Interest::Contents {
            return self.candidates.push(candidate);
        }
        self.unsure.push(candidate);
        if self.unsure.len() >= BATCH {
            self.sniff();
        }
    }

    /// Looks into the files that only their contents can make candidates, on every core.
    pub(super) fn sniff(&mut self) {
        self.candidates.par_extend(self.unsure.par_drain(..).filter_map(Candidate::sniffed));
    }
}

/// Why a file matters.
#[derive(Clone, Copy)]
pub(super) struct Matter {
    hive: bool,
    interest: Option<Interest>,
}

impl Matter {
    /// `None` for a file that does not matter.
    pub(super) fn of(name: Option<&str>, wanted: &Wanted<impl Fn(&str) -> bool>) -> Option<Self> {
        let Some(name) = name else {
            return wanted.sniffs().then_some(Self { hive: false, interest: Some(Interest::Contents) });
        };
        let name = lower_case(name);
        let (hive, interest) = (HiveFiles::is_name(&name), Interest::of(&name, wanted));
        (hive || interest.is_some()).then_some(Self { hive, interest })
    }

    /// True if only its contents can make the file matter.
    pub(super) fn is_unsure(self) -> bool {
        !self.hive && self.interest == Some(Interest::Contents)
    }
}
