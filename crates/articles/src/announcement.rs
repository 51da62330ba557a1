//! The words that announce corrected files, and those that say that other files follow.

use std::sync::LazyLock;

use regex::bytes;

use super::blanks::push_words;
use super::vocabulary::byte_pattern;

/// Announcements of corrected files, over text in lower case with single spaces.
pub(crate) static ANNOUNCES: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"attributes or later|file attributes|should have (?:the following|these) (?:files?|dates?|times?|time ?stamps?|versions?|attributes|or later)\b",
    r"|\b(?:hot ?fix|fix|fixes|update|updates|patch|qfe|rollup|correction|upgrade)\b[^.:]{0,120}\b(?:contains?|includes?|consists? of|installs?|replaces?|updates|has|comprises|involves|are|is)\b[^.]{0,60}\b(?:following|these|below|listed)\b",
    r"|\bfollowing\b[^.:]{0,60}\b(?:updated|corrected|fixed|replacement|revised|patched|new) (?:\S+ ){0,3}(?:files?|versions?|components?|drivers?|dlls?)\b",
    r"|\bfollowing\b[^.:]{0,40}\b(?:files?|dlls?|drivers?|components?|modules?)\b[^.:]{0,60}\b(?:updated|corrected|fixed|replaced|changed|modified|revised|patched|incremented)\b",
    r"|\b(?:updated|corrected|fixed|revised|patched) (?:\S+ ){0,3}(?:files?|versions?|components?|drivers?|dlls?)\b[^.:]{0,80}:",
    r"|\b(?:hot ?fix|fix|update|patch)\b[^.]{0,40}\bfiles?\b[^.]{0,40}:",
    r"|\bfiles? (?:are|were|is) installed (?:by|when you (?:run|install))\b|\bfiles installed by the\b[^.:]{0,40}\bupdate\b",
    // The closing words of the support boilerplate, a component or "File details:" right above a table (Q214522, Q188647).
    r"|\bqualify for the specific update in question\.?(?: [^.]{0,60})?$|\bcomponents?: [^.]{0,80}$|\bfile details:$|\bfile information$",
    r"|\bto obtain the (?:hot ?)?fix\b",
    r"|\bto (?:resolve|correct|fix|eliminate) th(?:is|e) (?:problem|issue|behaviou?r), (?:please )?(?:obtain|download|install|copy) the following files?\b",
    r"|\bfollowing files? (?:is|are) (?:included|contained) in (?:the|this) (?:hot ?fix|fix|update|patch|qfe)\b",
    r"|\bfix(?:es)? (?:is|are) (?:included|contained|available) in\b",
    r"|\bupdated (?:\S+ )?files included in\b",
    // How to see whether an update is installed (Q231327).
    r"|\bcheck the following files to verify that the files are the correct ones\b",
));

/// Announcements that the files that follow are not the corrected ones.
pub(crate) static DENIES: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"several novell (?:\S+ )?files|previous version of this (?:hot)?fix|before (?:you )?(?:apply|install)|the original (?:update|fix|version)\b|(?:files?|versions?) (?:that )?(?:is|are) affected|affected (?:files|versions)",
    r"|older (?:files?|versions?)|original (?:files?|versions?)|self-extracting|file to download|will be extracted|\bfiles for [^:]{0,40}\b(?:sp|service pack) ?\d+[a-z]?:|sample (?:contains|includes|files)",
));

/// Announcements that count only before lines of attributes, because their words are too common to announce a table.
pub(crate) static ANNOUNCES_LIST: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"time ?stamps?\b|\b(?:corrected|fixed|resolved|addressed) (?:by|in|with) (?:the )?following\b|\bobtain the following\b",
    r"|\bupdated? (?:files?|versions?)\b",
    r"|\bis the correct file size and version information\b|\bthe versions that include the [^.:]{0,60} are:$",
    r"|\blist of the files in th(?:is|e) (?:hot ?fix|fix|update|patch)\b",
    r"|\bincludes the (?:latest|new|updated) versions? of the following\b",
    r"|\bmust be upgraded\b|\bfollowing versions of\b|\bfile information for the current\b",
    r"|\bhot ?fix(?:es)? (?:is )?available\b[^:]{0,20}\bfile size and date\b|\bpost[- ]service pack \d{1,2}:$",
    r"|\binclude the (?:hot ?)?fix\b.*\bcopy the following files?\b|\bfrom ms-dos, copy the following files?\b",
));

/// Words of lists of files that a product ships with: they correct nothing (Q88543, Q85421).
pub(crate) static OF_PRODUCT: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:are|is) (?:supplied|shipped) with\b|\bversion [0-9.]+ includes (?:new|newer|updated) versions\b"
);

/// Sources of files of another maker: `available through IBM`, `available on the Multi-Wave Innovations BBS`.
pub(crate) static OF_ANOTHER_MAKER: LazyLock<bytes::Regex> = byte_pattern!(
    r"\bavailable (?:only )?(?:through|from) (?:ibm|novell|compaq|digital|3com|intel|hewlett|the manufacturer|your hardware)\b|\bavailable on (?:the )?[a-z0-9][^.]{0,40} (?:bbs|bulletin board)\b|\bfrom [a-z0-9]+'s bulletin board\b"
);

/// Announcements of the contents of a download.
pub(crate) static ANNOUNCES_CONTENTS: LazyLock<bytes::Regex> = byte_pattern!(
    r"\byou should receive the following files?\b|\bfollowing files are included(?: in the \S+ file)?:|\S+\.exe file contains the following files?:"
);

/// What a program installs: "the X.exe file installs the following files" (Q223451), "this will install the following
/// files" (Q167121), "when you run the X.exe file, the following file is installed" (Q148336).
pub(crate) static INSTALLS: LazyLock<bytes::Regex> = byte_pattern!(
    r"\.exe file installs the following files|\bthis will install the following files?:? ?$|\bwhen you run (?:the )?[^ ]+\.exe(?: file)?, the following files? (?:is|are) installed:? ?$"
);

/// True for words that announce corrected files.
pub(crate) fn announces(text: &str) -> bool {
    ANNOUNCES.is_match(text.to_lowercase().as_bytes())
}

/// True if the sentence of an announcement, or one after it, is about other files ("the previous version of this fix
/// had …", Q229973). Files that must be installed before the fix are named in separate sentences (Q166750).
pub(crate) fn denied(text: &str, start: usize) -> bool {
    let begins = |mark: &str| text[..start].rfind(mark).unwrap_or(0);
    let sentence = begins(". ").max(begins(": "));
    DENIES.find_iter(text.as_bytes()).any(|d| d.start() >= sentence)
}

/// Lower case, one space between words.
pub(crate) fn normalise(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines.iter().filter(|l| !l.trim().is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        push_words(&mut out, line);
    }
    if out.is_ascii() {
        out.make_ascii_lowercase();
        out
    } else {
        out.chars().flat_map(char::to_lowercase).collect()
    }
}
