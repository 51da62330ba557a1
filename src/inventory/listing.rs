//! Keeps the wanted files that a walk finds.

use std::ffi::OsString;
use std::path::Path;

use rayon::prelude::*;

use super::folder::FolderPlace;
use super::interest::{Interest, Matter, Wanted};
use super::opening::{Candidate, Listed, Opener, Source};
use super::system::HiveFiles;
use super::{Collected, CopyKind, Place, Problem, RelativePath, copy_kind};

/// How many files are examined at once: memory then grows with the number of binaries in a tree, not with that of
/// files.
const BATCH: usize = 4096;

/// The progress of the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// This many regular files were found so far; listing continues.
    Listed(u64),
    /// Listing is complete, and this many files will be read.
    ToRead(u64),
    /// One more file was read, from any thread.
    Read,
}

/// The limit for the paths of files in images that are kept, in bytes: half a million paths of usual length. A hostile
/// volume can have millions of files in folders so deep that each path fills a page, and a report repeats paths. 64 MB
/// here are about 330 MB at the peak of a scan.
const MAX_PATH_BYTES: usize = 64 << 20;

/// A wanted file.
pub(super) struct Met<'m> {
    pub root: usize,
    /// The root's own path, whose last folders may show where the walk begins; empty for an image.
    pub above: &'m Path,
    /// The root is this file itself.
    pub is_root: bool,
    pub path: RelativePath,
    pub place: Place,
    pub size: Option<u64>,
    pub modified: Option<i64>,
}

/// The wanted files so far.
pub(super) struct Listing<'p> {
    pub files_seen: u64,
    pub problems: Vec<Problem>,
    /// Warnings about a volume that do not hide a file.
    pub warnings: Vec<Problem>,
    pub candidates: Vec<Candidate>,
    /// The folders of the candidates.
    pub folders: Vec<FolderPlace>,
    pub hives: HiveFiles,
    pub collected: Vec<Collected>,
    /// Candidates whose contents must be checked first.
    unsure: Vec<Candidate>,
    /// The total bytes of the paths of files in images, and whether the limit was exceeded.
    path_bytes: (usize, bool),
    progress: &'p (dyn Fn(Progress) + Sync),
}

impl<'p> Listing<'p> {
    pub(super) fn new(progress: &'p (dyn Fn(Progress) + Sync)) -> Self {
        Self {
            files_seen: 0,
            problems: Vec::new(),
            warnings: Vec::new(),
            candidates: Vec::new(),
            folders: Vec::new(),
            hives: HiveFiles::default(),
            collected: Vec::new(),
            unsure: Vec::new(),
            path_bytes: (0, false),
            progress,
        }
    }

    /// Counts a file, and keeps it if it is wanted; only then are its details read.
    pub(super) fn see<'m>(
        &mut self,
        name: Option<&str>,
        wanted: &Wanted<impl Fn(&str) -> bool>,
        met: impl FnOnce() -> Met<'m>,
    ) {
        self.count(1);
        // After the limit on paths, only hives are kept; the paths of other files are not even made.
        if let Some(why) = Matter::of(name, wanted)
            && (why.hive || !self.path_bytes.1)
        {
            self.keep(why, met());
        }
    }

    /// Counts files.
    pub(super) fn count(&mut self, files: u64) {
        self.files_seen += files;
        (self.progress)(Progress::Listed(self.files_seen));
    }

    /// Keeps a wanted file: one of an image, or the root itself.
    fn keep(&mut self, why: Matter, met: Met<'_>) {
        let Met { root, above, is_root, path, place, size, modified } = met;
        if why.hive {
            self.hives.offer(root, above, &path, &place);
        }
        let Some(interest) = why.interest else { return };
        self.path_bytes.0 += path.as_bytes().len();
        if self.path_bytes.0 > MAX_PATH_BYTES {
            if !std::mem::replace(&mut self.path_bytes.1, true) {
                let what = format!("the paths of its files have more than {MAX_PATH_BYTES} bytes: not all are read");
                self.problems.push(Problem { root, path, what });
            }
            return;
        }
        let copy = copy_kind(&path);
        let source = Source::At(Box::new(Listed { place, size, modified }));
        self.add(Candidate { root, is_root, path, source, copy, interest });
    }

    /// Keeps the wanted files of a folder, and why these do not run; `above` is the root's own path.
    pub(super) fn keep_files(
        &mut self,
        root: usize,
        above: &Path,
        folder: FolderPlace,
        files: Vec<(Matter, OsString)>,
        copy: Option<CopyKind>,
    ) {
        if files.is_empty() {
            return;
        }
        let index = self.folders.len();
        self.folders.push(folder);
        for (why, name) in files {
            let folder = &self.folders[index];
            let path = folder.below(&name);
            if why.hive {
                self.hives.offer(root, above, &path, &Place::File(folder.path.join(&name)));
            }
            let Some(interest) = why.interest else { continue };
            let is_path = name.as_encoded_bytes().contains(&b'\\');
            let copy = if is_path { copy_kind(&path) } else { copy };
            let source = Source::InFolder { folder: index, name };
            self.add(Candidate { root, is_root: false, path, source, copy, interest });
        }
    }

    /// Sets again which copies the files of an archive are, by the folders below the one that it was packed from: for
    /// the candidates from `from` on, below `components` folders.
    pub(super) fn rebase(&mut self, root: usize, from: usize, components: usize) {
        let new = self.candidates.iter_mut().skip(from);
        for candidate in new.chain(&mut self.unsure).filter(|candidate| candidate.root == root) {
            candidate.copy = copy_kind(&candidate.path.below(components));
        }
    }

    fn add(&mut self, candidate: Candidate) {
        if candidate.interest != Interest::Contents {
            return self.candidates.push(candidate);
        }
        self.unsure.push(candidate);
        if self.unsure.len() >= BATCH {
            self.sniff();
        }
    }

    /// Examines the files whose contents decide whether they are candidates, on every core.
    pub(super) fn sniff(&mut self) {
        let place = |file: &Candidate| file.packed().map(|(pack, place)| (file.root, pack, place));
        let is_packed = self.unsure.iter().any(|file| file.packed().is_some());
        let opener = || Opener::new(&self.folders);
        let look = |opener: &mut Opener<'_>, file: &Candidate| opener.open(file, Candidate::is_worth_reading);
        let worth: Vec<bool> = if is_packed {
            // Read one after another in their stored order, so that each pack is unpacked only once.
            self.unsure.sort_by_cached_key(place);
            let mut opener = opener();
            self.unsure.iter().map(|file| look(&mut opener, file)).collect()
        } else {
            self.unsure.par_iter().map_init(opener, |opener, file| look(opener, file)).collect()
        };
        self.candidates
            .extend(self.unsure.drain(..).zip(worth).filter_map(|(candidate, worth)| worth.then_some(candidate)));
    }
}
