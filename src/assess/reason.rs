//! Reason codes: why a verdict is what it is. Each is stable and described in `docs/verdicts.md`.

use super::verdict::Verdict;

/// The rule that decided, in the order in which the rules are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// Is there such a file?
    Presence,
    /// Can it be read?
    Reading,
    /// Is it made for the row's machine?
    Machine,
    /// Is it of the row's language?
    Language,
    /// Does the row state a version?
    Requirement,
    /// The row states no version: what do size, date, build time and other rows show?
    Evidence,
    /// Is the file of the row's release line?
    Line,
    /// Is the row for the file's service pack?
    ServicePack,
    /// Is the row for the file's service branch?
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

/// Declares each code once, so that code, verdict, rule and description stay consistent.
macro_rules! reasons {
    ($($variant:ident $code:literal $verdict:ident $rule:ident $text:literal;)+) => {
        /// Why a verdict is what it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
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
        "The file has exactly the version that the article requires.";
    VersionNewer "version-newer" Fixed Version
        "The file's version is newer than the one that the article requires, in the same release line.";
    LaterServicePack "later-service-pack" Fixed ServicePack
        "The file comes from a later service pack than all rows of the article for this file.";
    ServicePackInstalled "service-pack-installed" Fixed Profile
        "The system has the service pack that corrects the problem, or a later one.";
    BuildReached "build-reached" Fixed Profile
        "The system's or product's build has the update: it is the build that the update brings, or a later one.";
    VersionEqualAlone "version-equal-alone" LikelyFixed Version
        "The file has exactly the version that the article requires. Its build time, or both its size and its build time, are not known, so that it could be another build of this version.";
    SameSizeAndDate "same-size-and-date" LikelyFixed Evidence
        "The file has the size and the date that the article states. The article states no version.";
    KnownBuildNewer "known-build-newer" LikelyFixed Evidence
        "Another article gives the version of the build in this row. The file has this version or a newer one.";
    NeighbourNewer "neighbour-newer" LikelyFixed Evidence
        "Another article lists a build with a later date than this row. The file has the version of that build or a newer one.";
    BuiltLater "built-later" LikelyFixed Evidence
        "The file was built after the date that the article states. The article states no version.";
    KernelOfServicePack "kernel-of-service-pack" LikelyFixed Profile
        "The system's kernel comes from the service pack that corrects the problem, or from a later one.";
    FileOfServicePack "file-of-service-pack" LikelyFixed Profile
        "The article states no version for this file. The system has the service pack that corrects the problem, or a later one.";
    ProductOfServicePack "product-of-service-pack" LikelyFixed Profile
        "The product's main file comes from the service pack that corrects the problem, or from a later one.";
    LaterRollup "later-rollup" LikelyFixed Profile
        "The system has exactly the build of a later monthly rollup, and a rollup contains those before it.";
    InRollup "in-rollup" LikelyFixed Profile
        "The system has the monthly rollup of the update's day or a later one, which contains the update.";
    KernelOfBuild "kernel-of-build" LikelyFixed Profile
        "The system's kernel comes from the build that the update brings, or from a later one.";
    VersionOlder "version-older" Missing Version
        "The file's version is older than the one that the article requires, in the same release line.";
    EarlierServicePack "earlier-service-pack" Missing ServicePack
        "The file comes from an earlier service pack than all rows of the article for this file.";
    ServicePackOlder "service-pack-older" Missing Profile
        "The system's service pack is earlier than the one that corrects the problem.";
    BuildOlder "build-older" Missing Profile
        "The system's or product's build is older than the one that the update brings.";
    LaterUpdateNeeded "later-update-needed" Missing Profile
        "The correction is in a later cumulative update of the product than the installed one, or in an update of the branch into which the updates of the installed one bring it.";
    KnownBuildOlder "known-build-older" LikelyMissing Evidence
        "Another article gives the version of the build in this row. The file's version is older.";
    NeighbourOlder "neighbour-older" LikelyMissing Evidence
        "Another article lists a newer version with an earlier date than this row. So the file is older than the row.";
    BuiltEarlier "built-earlier" LikelyMissing Evidence
        "The file was built long before the date that the article states. The article states no version.";
    DatedEarlier "dated-earlier" LikelyMissing Evidence
        "The file was last changed long before the date that the article states. The article states no version.";
    KernelOlder "kernel-older" LikelyMissing Profile
        "The system's kernel comes from before the service pack that corrects the problem.";
    ProductOlder "product-older" LikelyMissing Profile
        "The product's main file comes from before the service pack that corrects the problem.";
    KernelOlderThanBuild "kernel-older-than-build" LikelyMissing Profile
        "The system's kernel is older than the build that the update brings.";
    RollupMissing "rollup-missing" LikelyMissing Profile
        "The system's build is older than that of the monthly rollup of the update's day, which contains the update.";
    NoVersionInArticle "no-version-in-article" Unknown Requirement
        "The article states no version for this file, and there is no other evidence.";
    ProductMayBeAbsent "product-may-be-absent" Unknown Line
        "The article is for a product that may not be there: other products bring this file, too.";
    AmbiguousVersion "ambiguous-version" Unknown Version
        "The version is equal, but the size or the build time differs from the article.";
    VersionNotUnderstood "version-not-understood" Unknown Requirement
        "The article's version cannot be understood.";
    NoVersionInFile "no-version-in-file" Unknown Reading
        "The file has no version.";
    VersionCorrupt "version-corrupt" Unknown Reading
        "The file is damaged: its version resource cannot be read, or its contents are lost.";
    Unreadable "unreadable" Unknown Reading
        "The file could not be read, is truncated or inconsistent.";
    EmptyFile "empty-file" Unknown Reading
        "The file is empty, but the article gives a version.";
    NotExecutable "not-executable" Unknown Reading
        "The file is not an executable, but the article gives a version.";
    NotPe "not-pe" Unknown Reading
        "The file is an executable of a format that cannot be read, but the article gives a version.";
    VersionNotStated "version-not-told" Unknown Reading
        "The inventory does not contain the file's version, or only a part of it.";
    MachineNotStated "machine-not-told" Unknown Machine
        "The inventory does not contain the file's processor, and the row is not for every processor.";
    LanguageNotStated "language-not-told" Unknown Language
        "The inventory does not contain the file's language, and the article has rows for several languages.";
    NotRecorded "not-recorded" Unknown Presence
        "The inventory does not record files of this kind.";
    NotComparable "not-comparable" Unknown Version
        "The file has no version with as many numbers as the required one.";
    VersionsDisagree "versions-disagree" Unknown Version
        "One of the file's two versions is older than the required one, the other is not.";
    RowsDiffer "rows-differ" Unknown Version
        "The article has several versions for this file, and it cannot be decided which one applies.";
    BetweenServicePacks "between-service-packs" Unknown ServicePack
        "The article has rows for earlier and for later service packs than the file's, but none for its own.";
    NoRowForBranch "no-row-for-branch" Unknown Branch
        "The file's version is newer, but it comes from another service branch than all rows of the article for this file.";
    BranchUnclear "branch-unclear" Unknown Branch
        "The article has rows for several service branches, and the file's branch is not known.";
    RowNotRead "row-not-read" Unknown Requirement
        "A line of the article's fix table could not be read. It may name another file.";
    NoFixStated "no-fix-stated" Unknown Requirement
        "The catalogue knows neither a corrected file nor a service pack or build of this article: it cannot be judged.";
    ServicePacksDiffer "service-packs-differ" Unknown Profile
        "The article names several service packs that correct the problem. The system has only the earlier one.";
    PackNotReleased "pack-not-released" Unknown Profile
        "The article names only a service pack that was never released.";
    PackNotNumbered "pack-not-numbered" Unknown Profile
        "The article names only the latest service pack of its time, without a number. The system has a service pack, but not the last one.";
    NoProfile "no-profile" Unknown Profile
        "The article names only a service pack, and the system is not known.";
    PackUnknown "service-pack-unknown" Unknown Profile
        "The article names only a service pack, and the system's service pack is not known.";
    BuildNotKnown "build-not-known" Unknown Profile
        "The article names only a build of a product, and the build of the system or product is not known.";
    LaterKernel "later-kernel" Unknown Profile
        "The system is of a later build than the update, but updates of this Windows are not all cumulative: it may lack this one.";
    Hotpatched "hotpatched" Unknown Profile
        "The system has a hotpatch, which has the corrections of this update or of the one before it, but not its build.";
    SupportEnded "support-ended" Unknown Profile
        "The article is for other builds (of SQL Server and Exchange also other versions), and later than the last update of the catalogue for the system's or product's own: it may lack the correction.";
    NoRowForSystem "no-row-for-system" Unknown Line
        "The article's product list names the system, but none of the rows that were read is for it. Or it is an update of the system that was asked for by `--cve`, and the vendor's advisories name it for others alone.";
    ProductUnknown "product-unknown" Unknown Profile
        "The article names only a service pack of a product whose installed service pack cannot be determined.";
    FileAbsent "file-absent" NotApplicable Presence
        "There is no file of this name.";
    InactiveCopiesOnly "inactive-copies-only" NotApplicable Presence
        "There are only backups, installation sources or renamed copies of this file, but no active copy.";
    UnchangedFile "unchanged-file" NotApplicable Requirement
        "The row is about a file as a release or service pack brought it: the fix does not change this file. The article's other rows decide.";
    InstallerFile "installer-file" NotApplicable Presence
        "Every package carries this file for its installer or messages: any later update brings the newest. The article's other rows decide.";
    OtherMachine "other-machine" NotApplicable Machine
        "The row is for another processor than that of the file or the system.";
    OtherLanguage "other-language" NotApplicable Language
        "The row is for files of another language.";
    OtherRelease "other-release" NotApplicable Line
        "The file belongs to another release line than the row.";
    OtherServicePack "other-service-pack" NotApplicable ServicePack
        "Another row of the article is for this service pack and is used instead.";
    OtherBranch "other-branch" NotApplicable Branch
        "Another row of the article is for this service branch and is used instead.";
    OtherBuild "other-build" NotApplicable Version
        "The file is exactly the build of another row of the article, which is used instead.";
    OtherOriginalName "other-original-name" NotApplicable Presence
        "Setup has renamed this file. The row of its original name is used instead.";
    OtherProduct "other-product" NotApplicable Profile
        "The article, or this part of it, is for another product than the system's or the file's.";
}

impl Reason {
    /// True if the row was not judged because the file could not be read, or because an inventory contains too little
    /// of it: the assessment is then incomplete.
    pub fn is_incomplete(self) -> bool {
        self.is_unstated()
            || matches!(
                self,
                Self::Unreadable | Self::EmptyFile | Self::NotExecutable | Self::NotPe | Self::VersionCorrupt
            )
    }

    /// True if the row was not judged because the inventory does not record enough about the file.
    pub fn is_unstated(self) -> bool {
        matches!(self, Self::VersionNotStated | Self::MachineNotStated | Self::LanguageNotStated)
    }

    /// True if a service pack could not be judged because the system, its service pack or the product is not known, or
    /// because the service pack was never released or has no number.
    pub fn lacks_profile(self) -> bool {
        matches!(
            self,
            Self::NoProfile
                | Self::PackUnknown
                | Self::ProductUnknown
                | Self::PackNotReleased
                | Self::PackNotNumbered
                | Self::BuildNotKnown
        )
    }
}
