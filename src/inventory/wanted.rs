//! Which files of a tree are read.

/// Which files of a tree are read: those of some names, and perhaps those that only their contents tell.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<F> {
    accepts: F,
    sniffs: bool,
}

impl<F: Fn(&str) -> bool> Wanted<F> {
    /// The files whose name `accepts` takes: it gets bare file names in lower case.
    pub fn named(accepts: F) -> Self {
        Self { accepts, sniffs: false }
    }

    /// Whether the first bytes of every file are looked at: binaries of any other name are read, too, and count where
    /// their version resource gives them a wanted name; so are packed files and cabinets.
    #[must_use]
    pub fn sniffing(self, sniffs: bool) -> Self {
        Self { sniffs, ..self }
    }

    /// True for a wanted name, bare and in lower case.
    pub(super) fn accepts(&self, name: &str) -> bool {
        (self.accepts)(name)
    }

    /// Whether files of other names are looked at.
    pub(super) fn sniffs(&self) -> bool {
        self.sniffs
    }
}
