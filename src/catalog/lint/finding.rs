//! The findings of a check of a catalogue.

use std::fmt;

use crate::KbId;

/// One suspicious fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub code: Code,
    /// The article.
    pub id: KbId,
    /// The line of the article; 0 where the finding is not about a line.
    pub line: u32,
    /// The details.
    pub detail: String,
}

/// The kinds of suspicious facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// The article announces files, but no row was read.
    AnnouncedButEmpty,
    /// The article links to a file that lists the update's files, and has no row itself.
    FilesElsewhere,
    /// A table of files and versions that gave no row, and why.
    TableWithoutRows,
    /// Translations of one bulletin state different versions of a file; this version was left out.
    TranslationsDiffer,
    /// A line inside a table or list that could not be read.
    RejectedLine,
    /// A row's date is after the article's last change.
    DateAfterArticle,
    /// Rows of one article agree in file, version, machine, language and section, and state different sizes.
    ConflictingRows,
    /// A later date with an earlier version of one file, machine and line.
    VersionBackwards,
    /// Two articles name one file, product and branch with different versions within a month.
    VersionsInOneMonth,
    /// Articles that the vendor says replace each other in a circle.
    ReplacesInCircle,
    /// An article or bulletin that replaces a newer one.
    ReplacesNewer,
    /// An id of a vulnerability that cannot exist.
    OddCve,
    /// A build with a product that does not have this build.
    OddBuild,
    /// A platform that does not name a machine.
    UnknownPlatform,
    /// A version that is not a sequence of numbers.
    OddVersion,
    /// A file in a table that is not a file name with an extension, so that no file can match it.
    OddFileName,
}

impl Code {
    /// Every code, in the order of the report.
    pub const ALL: [Self; 16] = [
        Self::AnnouncedButEmpty,
        Self::FilesElsewhere,
        Self::TableWithoutRows,
        Self::TranslationsDiffer,
        Self::RejectedLine,
        Self::DateAfterArticle,
        Self::ConflictingRows,
        Self::VersionBackwards,
        Self::VersionsInOneMonth,
        Self::ReplacesInCircle,
        Self::ReplacesNewer,
        Self::OddCve,
        Self::OddBuild,
        Self::UnknownPlatform,
        Self::OddVersion,
        Self::OddFileName,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnnouncedButEmpty => "announced-but-empty",
            Self::FilesElsewhere => "files-elsewhere",
            Self::TableWithoutRows => "table-without-rows",
            Self::TranslationsDiffer => "translations-differ",
            Self::RejectedLine => "rejected-line",
            Self::DateAfterArticle => "date-after-article",
            Self::ConflictingRows => "conflicting-rows",
            Self::VersionBackwards => "version-backwards",
            Self::VersionsInOneMonth => "versions-in-one-month",
            Self::ReplacesInCircle => "replaces-in-circle",
            Self::ReplacesNewer => "replaces-newer",
            Self::OddCve => "odd-cve",
            Self::OddBuild => "odd-build",
            Self::UnknownPlatform => "unknown-platform",
            Self::OddVersion => "odd-version",
            Self::OddFileName => "odd-file-name",
        }
    }

    /// Its meaning, in a few words.
    pub fn description(self) -> &'static str {
        match self {
            Self::AnnouncedButEmpty => "the article announces files, but no row was read",
            Self::FilesElsewhere => "the article's file list is somewhere else",
            Self::TableWithoutRows => "a table of files and versions gave no row",
            Self::TranslationsDiffer => "translations of a bulletin give different versions of a file",
            Self::RejectedLine => "a line of a table could not be read",
            Self::DateAfterArticle => "a file is newer than the article that lists it",
            Self::ConflictingRows => "two rows for one file give different sizes",
            Self::VersionBackwards => "a later file date has an earlier version",
            Self::VersionsInOneMonth => "two articles of one month give a file different versions",
            Self::ReplacesInCircle => "articles replace each other",
            Self::ReplacesNewer => "an article replaces a newer one",
            Self::OddCve => "the id of a vulnerability cannot be right",
            Self::OddBuild => "the build is not one of its product",
            Self::UnknownPlatform => "the platform is not a known processor",
            Self::OddVersion => "the version is not a sequence of numbers",
            Self::OddFileName => "the file name is not valid",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = if self.line == 0 { String::new() } else { format!(" line {}", self.line) };
        write!(f, "{}{line}: {}: {}", self.id, self.code.name(), self.detail)
    }
}
