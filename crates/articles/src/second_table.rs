//! A second table below the fix table. A sentence of its own above it, which neither announces files of the fix nor says for which
//! product they are, introduces other files: "The original release of Windows 7 has the following files:".

use std::sync::LazyLock;

use regex::bytes;

use super::announcement::normalise;
use super::binding::paragraph_above;
use super::columns::is_ruler;
use super::document::{Document, Line};
use super::fix::{Fix, FixKind};
use super::folder::branch_heading;
use super::found::Placed;
use super::heading::{
    PRODUCT, has_fact, heading_text, is_command, is_generic, is_heading, is_wrapped_heading, narrows,
    says_file_information,
};
use super::language::{edition, is_english, language_of, names_language};
use super::names::named;
use super::vocabulary::{self, Kind, byte_pattern};
use hotfixcheck_types::Machine;

/// How many headings may be between a table and the sentence that introduces it.
const MAX_HEADINGS: usize = 4;

/// Sentences that say that the files are those of the fix, over text in lower case with single spaces.
static OF_FIX: LazyLock<bytes::Regex> = byte_pattern!(concat!(
    r"\battributes\b|\bor later\b|\bor newer\b|\bshould have\b|\bfile information\b|\bfile details\b",
    r"|\b(?:hot ?fix|fix|fixes|update|updates|patch|qfe|rollup|correction|upgrade|package)\b[^:]{0,120}\b(?:contains?|includes?|consists? of|installs?|updates|has|have|comprises|involves|available|is|are)\b",
    r"|\b(?:updated|corrected|fixed|replacement|revised|patched|new|newer) (?:\S+ ){0,3}(?:files?|versions?|components?|drivers?|dlls?|binary|binaries)\b",
    r"|\b(?:files?|dlls?|drivers?|components?|modules?)\b[^:]{0,80}\b(?:updated|corrected|fixed|changed|modified|revised|patched)\b",
    r"|\b(?:obtain|download|install|copy|apply) (?:the|this|these)\b",
    // The files of a package: "The following files are installed by Secupd2.exe:" (Q165402).
    r"|\S\.exe\b[^:]{0,60}\b(?:contains?|includes?|installs?|updates?)\b|\binstalled (?:by|when you (?:run|install)) (?:the )?\S+\.exe\b",
));

/// Sentences that say for which systems the files are: "The following files are for Windows 2000 Service Pack 3:".
static FOR_SYSTEMS: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:for|on|running|using|if you (?:have|use|run)|with)\b (?:[^ :]+ ){0,6}[^:]{0,40}\b(?:windows|nt|server|exchange|sql|iis|office|outlook|explorer|systems?|computers?|clients?|servers?|workstations?|alpha|intel|x86|x64|itanium|ia-?64|mips|powerpc|service pack|sp ?\d|version|edition)\b"
);

/// Words of sentences about other files, whatever else they say.
static OF_OTHERS: LazyLock<bytes::Regex> = byte_pattern!(
    r"\breplaces? the following\b|\bif your (?:file|version|dll|copy|driver)\b|\boriginal (?:release|version|files?)\b|\bnot (?:installed|the fix|corrected|fixed|changed|affected)\b|\bunchanged\b|\bremove\b|\buninstall(?:s|ed|ing)?\b|\bcompar(?:e|ed|ison)\b|\bbefore\b|\bearlier (?:files?|versions?|release)\b|\bolder\b|\bproblem\b[^.:]{0,40}\b(?:occurs?|exists?)\b|\bcaus(?:e|es|ed) (?:this|the) problem\b|\bas (?:a |an )?(?:example|reference)\b|\bsupersedes? the\b|\bdo not (?:use|install|apply) th(?:is|e)\b"
);

/// The same also for headings.
static OF_NO_FIX: LazyLock<bytes::Regex> = byte_pattern!(
    r"\bfor reference\b|\bcannot be installed\b|\bknown issue\b|\bbeta\b|\bunaffected\b|\bmust not\b|\bwithdrawn\b|\bmodules? loaded\b|\bchecked build\b|\bdebug\b|\blanguage pack\b|\bcomparison\b"
);

/// Headings of files in a fix, whatever their words: `Files that are installed`, `Versions that contain the fix`, `Package
/// contents`. Those of other files are known by `no_fix_words`.
static OF_FILES: LazyLock<bytes::Regex> = byte_pattern!(
    r"\bfiles?\b|\bversions? that\b|\bversions$|\bcontents$|^manifest$|^notes?$|\brtm\b|\bupdate$|\bdateien\b|\bfichiers\b|\barchivos\b|\barquivos\b"
);

/// Why a second table of files is not read: it may be of other files than the fix's.
pub(crate) const NOT_UNDERSTOOD: &str = "a second table of the same files under words that are not understood";

/// True for a table that is introduced as one of other files than the fix's. `end` is the line after the fix table above it.
pub(crate) fn is_of_others(document: &Document<'_>, end: usize, at: usize) -> bool {
    let lines = &document.lines;
    let (mut i, mut headings) = (at, 0);
    while i > end && headings <= MAX_HEADINGS {
        let (start, stop) = paragraph_above(lines, end, i);
        if start == stop {
            return false;
        }
        i = start;
        let rest: Vec<&str> = lines[start..stop].iter().map(Line::trimmed).filter(|line| !is_ruler(line)).collect();
        let Some(first) = rest.first() else { continue };
        let is_title = lines[start].heading > 0 || rest.len() == 1 && (is_heading(first) || is_command(first));
        if is_title || is_wrapped_heading(&rest) {
            let lower = normalise(&rest);
            if OF_NO_FIX.is_match(lower.as_bytes()) && !lower.contains("attributes or later") {
                return true;
            }
            headings += 1;
            continue;
        }
        return introduces_others(&rest);
    }
    false
}

/// True for a second table of a file that the fix has, right below a heading or a sentence with a colon that is not
/// understood: it names no product, service pack, processor, branch, language or edition, and does not say that these are
/// the files of the fix. `end` is the line after the fix table above.
pub(crate) fn is_not_understood(
    document: &Document<'_>,
    end: usize,
    at: usize,
    rows: &[Placed],
    fixes: &[Fix],
) -> bool {
    rows.iter().any(|placed| fixes.iter().any(|fix| is_same_file(placed, fix)))
        && words_above(document, end, at).is_some_and(|(text, above)| {
            // A component below the name of its product.
            let of_product =
                |above: usize| words_above(document, end, above).is_some_and(|(text, _)| is_product(&text));
            !is_understood(&text) && (is_of_others(document, end, at) || !of_product(above))
        })
}

/// True for a row of a file that the fix has with another version for the same processor.
fn is_same_file(placed: &Placed, fix: &Fix) -> bool {
    let row = &placed.row;
    let platform = row.platform.as_deref().or(placed.binding.platform.as_deref());
    let machine = platform.and_then(Machine::from_platform_text);
    let language = row.language.as_deref().or(placed.binding.language.as_deref());
    fix.kind == FixKind::Table
        && row.file.eq_ignore_ascii_case(&fix.file)
        && row.version.as_deref() != fix.version.as_deref()
        && (machine.is_none() || fix.machine.is_none() || machine == fix.machine)
        && (language == fix.language.as_deref() || language.is_none_or(is_english))
}

/// The heading, or the sentence with a colon, that is right above a table and below line `end`, with its first line.
fn words_above(document: &Document<'_>, end: usize, at: usize) -> Option<(String, usize)> {
    let lines = &document.lines;
    let mut i = at;
    while i > end {
        let (start, stop) = paragraph_above(lines, end, i);
        if start == stop {
            return None;
        }
        i = start;
        let rest: Vec<&str> = lines[start..stop].iter().map(Line::trimmed).filter(|line| !is_ruler(line)).collect();
        let [.., last] = rest.as_slice() else { continue };
        if lines[start].code || rest.len() == 1 && lines[start].heading == 0 && is_command(last) {
            continue;
        }
        let whole = rest.join(" ");
        let is_title = lines[start].heading > 0 || rest.len() == 1 && is_heading(last);
        return (whole.len() <= MAX_TITLE && !whole.starts_with(['|', '-', '*']) && (is_title || last.ends_with(':')))
            .then_some((whole, start));
    }
    None
}

/// The longest heading or sentence of this kind, in bytes.
const MAX_TITLE: usize = 300;

/// Words that name no product by themselves.
static NO_PRODUCT: LazyLock<bytes::Regex> =
    byte_pattern!(r"(?i)\b(?:versions?|releases?|released|components?|drivers?|rtm)\b");

/// The number of a release alone: `Version 5.0` (Q195970).
static RELEASE: LazyLock<bytes::Regex> = byte_pattern!(r"(?i)\bversion +[0-9]");

fn is_understood(text: &str) -> bool {
    let bare = heading_text(text.trim_matches(['*', ' ']));
    let lower = normalise(&[bare]);
    // "These are the files of Windows 7 Service Pack 1:" is no name of a product.
    let refers = ["following", "these"].iter().any(|word| lower.contains(word));
    let introduces = refers || text.trim_end().ends_with(':');
    let is_sentence = refers || VERB.is_match(lower.as_bytes());
    let is_of_others = is_sentence && OF_OTHERS.is_match(lower.as_bytes()) || OF_NO_FIX.is_match(lower.as_bytes());
    if is_of_others && !lower.contains("attributes or later") {
        return false;
    }
    // Only English sentences are understood.
    if !bare.is_ascii()
        || narrows(bare)
        || names_language(bare)
        || language_of(bare).is_some()
        || edition(bare).is_some()
    {
        return true;
    }
    OF_FIX.is_match(lower.as_bytes())
        || says_file_information(&lower)
        || is_generic(bare)
        || vocabulary::find(Kind::Announces, &lower).is_some()
        || is_sentence && FOR_SYSTEMS.is_match(lower.as_bytes())
        || !is_sentence && (is_product(bare) || is_name(bare) || branch_heading(bare).is_some())
        || !introduces && OF_FILES.is_match(lower.as_bytes())
        || text.starts_with("Component")
}

/// True for words with capitals, as names of programs have them: `Baseline Security Analyzer`, `Wires`.
fn is_name(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.all(|word| word.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()))
}

/// True for words that name a product, or the systems of one.
fn is_product(text: &str) -> bool {
    PRODUCT.is_match(&NO_PRODUCT.replace_all(text.as_bytes(), &b" "[..]))
        || named(text).names_any()
        || RELEASE.is_match(text.as_bytes())
}

/// True for a paragraph that ends with a sentence which introduces files that are not those of the fix.
fn introduces_others(paragraph: &[&str]) -> bool {
    let whole = paragraph.join(" ");
    // Only English sentences are understood, and lists or rows introduce nothing.
    if !whole.is_ascii() || whole.starts_with(['|', '-', '*']) || whole.len() > MAX_PARAGRAPH {
        return false;
    }
    let text = normalise(paragraph);
    let is_mark = |mark: &str| text.trim_end_matches([':', '.', ' ']).rfind(mark).map_or(0, |at| at + mark.len());
    let sentence = &text[is_mark(". ").max(is_mark(": "))..];
    let introduces = sentence.ends_with(':')
        || ["following", "below", "these", "listed", "this table"].iter().any(|word| sentence.contains(word));
    let bytes = sentence.as_bytes();
    let bare = whole.trim_end_matches([':', '.', ' ']);
    let names = || narrows(bare) || names_language(bare) || is_english(bare) || language_of(&whole).is_some();
    let is_of_fix = || {
        OF_FIX.is_match(bytes)
            || FOR_SYSTEMS.is_match(bytes)
            || says_file_information(sentence)
            || vocabulary::find(Kind::Announces, sentence).is_some()
            // A heading with a colon that is too long for one, or whose words a sentence may have.
            || !VERB.is_match(bytes) && (PRODUCT.is_match(bytes) || !has_fact(sentence))
    };
    let is_announced = || !sentence.ends_with(':') || names() || is_of_fix();
    let is_of_others = OF_OTHERS.is_match(bytes) && !sentence.contains("attributes") || OF_NO_FIX.is_match(bytes);
    introduces && (is_of_others || !is_announced())
}

/// The verbs of sentences that introduce files.
static VERB: LazyLock<bytes::Regex> = byte_pattern!(
    r"\b(?:is|are|was|were|be|has|have|had|contains?|includes?|uses?|shows?|shipped|installed|needs?|requires?|ships?|occurs?|exists?|causes?|lists?|see|restores?)\b"
);

/// The longest paragraph that is read, in bytes.
const MAX_PARAGRAPH: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 13: what the sentence above a second table says decides.
    #[test]
    fn sentences_that_introduce_other_files() {
        for text in [
            "If you have one of the following versions, the fix is not installed:",
            "The original release of Windows 7 has the following files:",
            "This hotfix replaces the following files:",
            "These files contain the problem:",
            "Service Pack 6a contains this version:",
            "For comparison, Service Pack 5 has:",
            "Files that are installed by Windows NT 4.0 Service Pack 6a:",
            "The files that were shipped on the CD-ROM:",
            "Do not use the following version:",
            "The following version was withdrawn:",
            "The uninstall folder contains:",
            "To remove the fix, restore this file:",
            "You need this fix if your file is one of these:",
            "The third-party driver that causes this problem is:",
            "A computer in our test lab shows the following:",
            "The Resource Kit has these files:",
            "As an example, a computer with Windows 2000 has the following files:",
        ] {
            assert!(introduces_others(&[text]), "{text}");
        }
        for text in [
            "The English version of this fix should have the following file attributes or later:",
            "The French version of this hotfix has these files:",
            "The hotfix for Windows XP includes the following files:",
            "The following files are for Windows 2000 Service Pack 3:",
            "For Windows 2000 Service Pack 3:",
            "Windows NT Server 4.0, Terminal Server Edition:",
            "For all supported x64-based versions of Windows 7",
            "Windows XP SP2 and SP3, x86:",
            "On computers that are running Windows NT 4.0, the following files are installed:",
            "Corrected files:",
            "The fix, Q323756_w2k_sp4_x86_en.exe, contains the following files:",
            "The following files are installed by Secupd2.exe:",
            "The files below are of 64 bits.",
            "The updated files are listed below.",
            "Note that this hotfix requires Service Pack 3.",
            "Alpha:",
            "Die folgenden Dateien sind f\u{fc}r Windows XP:",
        ] {
            assert!(!introduces_others(&[text]), "{text}");
        }
    }
}
