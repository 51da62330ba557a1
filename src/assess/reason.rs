//! Reason codes: why a verdict is what it is. Each is stable and described in `docs/verdicts.md`.

use super::Verdict;

/// The rule that decided, in the order in which the rules are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Is the file there?
    Presence,
    /// Can it be read?
    Reading,
    /// Is it made for the row's machine?
    Machine,
    /// Is it of the row's language?
    Language,
    /// Does the row state a version?
    Requirement,
    /// What do size, date, build time and other rows tell of a row without a version?
    Evidence,
    /// Is the file of the row's release line?
    Line,
    /// Is the row that of the file's service pack?
    ServicePack,
    /// Is the row that of the file's service branch?
    Branch,
    /// Which version is later?
    Version,
    /// Does the system's service pack contain the correction?
    Profile,
}

impl Rule {
    /// The name used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Reading => "reading",
            Self::Machine => "machine",
            Self::Language => "language",
            Self::Requirement => "requirement",
            Self::Evidence => "evidence",
            Self::Line => "line",
            Self::ServicePack => "service-pack",
            Self::Branch => "branch",
            Self::Version => "version",
            Self::Profile => "profile",
        }
    }
}

/// Declares the codes once: code, verdict, rule and description cannot drift apart.
macro_rules! reasons {
    ($($variant:ident $code:literal $verdict:ident $rule:ident $text:literal;)+) => {
        /// Why a verdict is what it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $(#[doc = $text] $variant,)+
        }

        impl Reason {
            /// Every reason, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The verdict that follows.
            pub fn verdict(self) -> Verdict {
                match self { $(Self::$variant => Verdict::$verdict,)+ }
            }

            /// The rule that decided.
            pub fn rule(self) -> Rule {
                match self { $(Self::$variant => Rule::$rule,)+ }
            }

            /// A sentence for people.
            pub fn description(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

reasons! {
    VersionEqual "version-equal" Fixed Version
        "The file's version is the one that the article demands.";
    VersionNewer "version-newer" Fixed Version
        "The file's version is later than the one that the article demands, inside the same release line.";
    LaterServicePack "later-service-pack" Fixed ServicePack
        "The file comes from a later service pack than every row of the article for it.";
    ServicePackInstalled "service-pack-installed" Fixed Profile
        "The system has the service pack that corrects the problem, or a later one.";
    SameSizeAndDate "same-size-and-date" LikelyFixed Evidence
        "The file has the size and the date that the article states; it states no version.";
    KnownBuildNewer "known-build-newer" LikelyFixed Evidence
        "Another article gives the version of the build that this row describes, and the file's is not earlier.";
    NeighbourNewer "neighbour-newer" LikelyFixed Evidence
        "The file's version is not earlier than a build's that another article dates after this row's.";
    BuiltLater "built-later" LikelyFixed Evidence
        "The file was built after the date that the article states; it states no version.";
    KernelOfServicePack "kernel-of-service-pack" LikelyFixed Profile
        "The system's kernel comes from the service pack that corrects the problem, or a later one.";
    VersionOlder "version-older" Missing Version
        "The file's version is earlier than the one that the article demands, inside the same release line.";
    EarlierServicePack "earlier-service-pack" Missing ServicePack
        "The file comes from an earlier service pack than every row of the article for it.";
    ServicePackOlder "service-pack-older" Missing Profile
        "The system's service pack is earlier than the one that corrects the problem.";
    KnownBuildOlder "known-build-older" LikelyMissing Evidence
        "Another article gives the version of the build that this row describes, and the file's is earlier.";
    NeighbourOlder "neighbour-older" LikelyMissing Evidence
        "The file's version is not later than a build's that another article dates before this row's.";
    BuiltEarlier "built-earlier" LikelyMissing Evidence
        "The file was built long before the date that the article states; it states no version.";
    DatedEarlier "dated-earlier" LikelyMissing Evidence
        "The file was last changed long before the date that the article states; it states no version.";
    KernelOlder "kernel-older" LikelyMissing Profile
        "The system's kernel comes from before the service pack that corrects the problem.";
    NoVersionInArticle "no-version-in-article" Unknown Requirement
        "The article states no version for this file, and nothing else tells.";
    AmbiguousVersion "ambiguous-version" Unknown Version
        "The file's version is the one that the article demands, but its size or build time is not.";
    VersionNotUnderstood "version-not-understood" Unknown Requirement
        "What the article prints as the version is not a version.";
    NoVersionInFile "no-version-in-file" Unknown Reading
        "The file has no version resource.";
    VersionCorrupt "version-corrupt" Unknown Reading
        "The file's version resource is damaged.";
    Unreadable "unreadable" Unknown Reading
        "The file could not be read, is truncated or contradicts itself.";
    EmptyFile "empty-file" Unknown Reading
        "The file is empty, where the article demands a version.";
    NotExecutable "not-executable" Unknown Reading
        "The file is no executable, where the article demands a version.";
    NotPe "not-pe" Unknown Reading
        "The file is an executable of a format that cannot be read, where the article demands a version.";
    VersionNotTold "version-not-told" Unknown Reading
        "The inventory does not tell the file's version, or only a string that is not the whole of it.";
    MachineNotTold "machine-not-told" Unknown Machine
        "The inventory does not tell the file's machine, and the row is not for every one.";
    LanguageNotTold "language-not-told" Unknown Language
        "The inventory does not tell the file's language, and the article has rows for several.";
    NotRecorded "not-recorded" Unknown Presence
        "The inventory does not record files of this kind.";
    NotComparable "not-comparable" Unknown Version
        "The file has no version with as many numbers as the one that the article demands.";
    VersionsDisagree "versions-disagree" Unknown Version
        "The file's fixed version and its version string lie on different sides of the one that the article demands.";
    RowsDiffer "rows-differ" Unknown Version
        "The article has several versions for this file, and nothing tells which one is meant for it.";
    BetweenServicePacks "between-service-packs" Unknown ServicePack
        "The article has rows for earlier and for later service packs than the file's, but none for its own.";
    NoRowForBranch "no-row-for-branch" Unknown Branch
        "The file's version is later, but it comes from another service branch than every row of the article for it.";
    BranchUnclear "branch-unclear" Unknown Branch
        "The article has rows for several service branches, and the file does not tell its own.";
    NoProfile "no-profile" Unknown Profile
        "The article names only a service pack, and the system's service pack is not known.";
    ProductUnknown "product-unknown" Unknown Profile
        "The article names only a service pack of a product whose service packs are not known.";
    FileAbsent "file-absent" NotApplicable Presence
        "There is no file of this name.";
    InactiveCopiesOnly "inactive-copies-only" NotApplicable Presence
        "There are only backups, installation sources or renamed copies of this file, no copy that runs.";
    OtherMachine "other-machine" NotApplicable Machine
        "The file is made for another machine than the row's.";
    OtherLanguage "other-language" NotApplicable Language
        "The row is for files of another language.";
    OtherRelease "other-release" NotApplicable Line
        "The file belongs to another release line than the row's.";
    OtherServicePack "other-service-pack" NotApplicable ServicePack
        "Another row of the article, for the file's own service pack, judges it.";
    OtherBranch "other-branch" NotApplicable Branch
        "Another row of the article, for the file's own service branch, judges it.";
    OtherProduct "other-product" NotApplicable Profile
        "The article or this part of it is for another product than the system's or the file's.";
}

impl Reason {
    /// True if the row was not judged because the file could not be read as what the article says it is, or because an
    /// inventory does not tell enough of it: the assessment is then incomplete.
    pub fn is_incomplete(self) -> bool {
        self.is_untold()
            || matches!(
                self,
                Self::Unreadable | Self::EmptyFile | Self::NotExecutable | Self::NotPe | Self::VersionCorrupt
            )
    }

    /// True if the row was not judged because an inventory does not tell enough of the file.
    pub fn is_untold(self) -> bool {
        matches!(self, Self::VersionNotTold | Self::MachineNotTold | Self::LanguageNotTold)
    }
}
