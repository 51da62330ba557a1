//! Words by which a sentence says, or denies, that a file corrects the problem.

use std::sync::LazyLock;

use regex::bytes;

use super::vocabulary::byte_pattern;

/// Words that by themselves announce what corrects the problem.
static CORRECTED: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)\b(?:was|were|been|is|are|be|first|also|problem|bug|now) (?:first |also |now )?(?:corrected|fixed|resolved) (?:by|in|with)\b"
);

/// The end of every match of [`CORRECTED`]. Most sentences do not contain it, and this search is several times faster.
static CORRECTED_BY: LazyLock<bytes::Regex> = byte_pattern!(r"(?i)(?:corrected|fixed|resolved) (?:by|in|with)");

/// The position at which a sentence says that the problem was corrected in something.
pub(crate) fn corrected(sentence: &[u8]) -> Option<bytes::Match<'_>> {
    CORRECTED_BY.is_match(sentence).then(|| CORRECTED.find(sentence))?
}

/// Words after which a sentence names what corrects the problem.
pub(crate) static CORRECTS: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"(?i)\b(?:was|were|been|is|are|be|first|also|problem|bug|now) (?:first |also |now )?(?:corrected|fixed|resolved|addressed|solved|eliminated)\b",
    r"|\bto (?:resolve|correct|fix|solve|eliminate|address|remedy) (?:this|the|these)\b",
    r"|\b(?:obtain|install|use|get|download|upgrade to|update to|updated to|apply) (?:and install )?(?:the |an? )?(?:(?:new|newer|updated|latest|corrected|later|current|fixed|following) )",
    r"|\b(?:this|the) (?:hot)?(?:fix|update|patch|upgrade|(?:\S+ ){1,3}(?:patch|hot ?fix))\b[^.]{0,40}\b(?:updates|upgrades|installs|includes|contains|consists of)\b",
    r"|\b(?:has|have) released an? (?:new|newer|updated|corrected)\b|\bthere is an? (?:updated|corrected|fixed) version of\b",
    r"|\byou need to update\b|\bupdate your\b|\bwhich (?:upgrades|updates)\b|\binstalls an? (?:updated|new|corrected)\b",
    r"|\breplace\b[^.]* with\b|\bupgrade from .{5,120}? to\b|\bensure (?:that )?you are using version\b",
));

/// The same, for words after the file: "X version N or later is required to correct this problem".
pub(crate) static CORRECTS_BEFORE: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)\b(?:required|used|needed|updated|upgraded) to (?:correct|fix|resolve)\b|\bto (?:correct|fix|resolve) (?:this|the) problem\b|\bmust be (?:updated|upgraded)\b|\bmust be used (?:in conjunction )?with\b|\b(?:which|that) corrects\b|\bcorrects? the following\b|\bhas been made available\b|\bmust have the matching version\b|\bincorporates? the (?:above )?(?:fix|correction|workaround)\b|\b(?:and|or) later corrects?\b|\bthe (?:new|updated|corrected) version of [^ ]{1,40} \((?:dated|version) [^)]{1,30}\) (?:corrects|fixes|resolves|provides the following (?:changes|corrections|fixes))\b"
);

/// Words that say that a version contains the fix.
pub(crate) static INCORPORATES: LazyLock<bytes::Regex> =
    byte_pattern!(r"\bincorporates? the (?:above )?(?:fix|correction|workaround)\b");

/// Words before the name of the file to be replaced; the new file is named after it.
pub(crate) static NAMES_OLD_FIRST: LazyLock<bytes::Regex> = byte_pattern!(r"(?i)^(?:replace|upgrade from)");

/// "A new version of X (version N) is available": counts if the paragraph says that it fixes something.
pub(crate) static NEW_VERSION: LazyLock<bytes::Regex> = byte_pattern!(r"^An? (?:new|newer|updated) version of\b");
/// Words by which a paragraph says that something is fixed.
pub(crate) static FIXES: LazyLock<bytes::Regex> = byte_pattern!(r"\b(?:fixes|corrects|resolves)\b");

/// Sentences about files with the problem, about something to avoid, or about other makers' files.
pub(crate) static DENIES: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)\b(?:workaround|work around|reinstall|do not|does not (?:occur|happen)|confirmed|affected|happens|when you use|original|included with|ships with|shipped with|earlier version|older version|prior version|previous version|original version)\b"
);
/// Other makers, and words for them.
pub(crate) static FOREIGN: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)\b(?:third[- ]party|vendor|manufacturer|novell|logitech|syquest|compaq|artisoft|panasonic|iomega|bernoulli|quarterdeck|cemm|stamps\.com)\b"
);

/// A service pack that brings the file: a fix, even if the article calls it a workaround (Q132244).
pub(crate) static PACK_UPGRADES: LazyLock<bytes::Regex> =
    byte_pattern!(r"\b[Ii]nstall the [^.]{0,40}Service Pack(?: [0-9a-z]+)?, which (?:upgrades|updates)\b");
/// What follows a requirement: "if you have an earlier version of this file, contact …" (Q160766).
pub(crate) static EARLIER_OF_IT: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b[Ii]f you have an (?:earlier|older) version(?: of (?:this|the) file)?, [^.]{0,60}\b(?:obtain|updated?|replace|install|upgrade|contact)\b"
);

/// Words by which a sentence calls a file Microsoft's own, in articles that name other makers (Q131865, Q191735).
pub(crate) static OF_MICROSOFT: LazyLock<bytes::Regex> =
    byte_pattern!(r"\bMicrosoft\b|\bVisual Studio\b|\bWindows (?:NT|95|98|2000|for Workgroups)[^,]{0,24} file\b");
