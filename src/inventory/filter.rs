//! Which paths below the roots are included.

use super::collected::lasting;
use super::{Entry, Inventory, PathGlob, RelativePath};

/// Which paths below the roots are included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathFilter {
    /// Only files that match one of these; all if the list is empty.
    pub include: Vec<PathGlob>,
    /// No files that match one of these.
    pub exclude: Vec<PathGlob>,
}

impl PathFilter {
    /// True if it includes everything.
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// True for a file that is included.
    pub fn admits(&self, path: &RelativePath, lasting: &RelativePath) -> bool {
        (self.include.is_empty() || any(&self.include, path, lasting)) && !self.excludes(path, lasting)
    }

    /// True for a file or folder that is excluded. A folder that is only not included may still hold files that are.
    pub fn excludes(&self, path: &RelativePath, lasting: &RelativePath) -> bool {
        any(&self.exclude, path, lasting)
    }
}

/// True if a pattern matches the path (for an image, the path below the volume) or the lasting path.
fn any(globs: &[PathGlob], path: &RelativePath, lasting: &RelativePath) -> bool {
    globs.iter().any(|glob| glob.matches_file(path, lasting))
}

impl Inventory {
    /// Removes the files that the filter does not include, and returns how many of the [entries](Self::entries) these
    /// are. Problems and systems are removed only if they are excluded: a folder that is not included may hold files
    /// that are.
    pub fn retain(&mut self, filter: &PathFilter) -> usize {
        if filter.is_empty() {
            return 0;
        }
        let count = |entries: &[Entry]| entries.iter().map(Entry::count).sum::<usize>();
        let before = count(&self.entries);
        let (collected, roots) = (&self.collected, &self.roots);
        let excludes = |root, path: &RelativePath| filter.excludes(path, &lasting(collected, roots, root, path));
        self.entries.retain(|e| filter.admits(&e.path, &lasting(collected, roots, e.root, &e.path)));
        self.problems.retain(|problem| !excludes(problem.root, &problem.path));
        self.warnings.retain(|warning| !excludes(warning.root, &warning.path));
        self.systems.retain(|system| !excludes(system.root, &system.folder));
        before - count(&self.entries)
    }
}
