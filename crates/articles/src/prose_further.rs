//! Sentences that state files with the fix in words of their own: several files of one version, what a file replaces, and
//! statements that two sentences share. No verb of `correction_words` decides here: each pattern is a whole statement.

use std::sync::LazyLock;

use regex::Regex;

use super::prose_patterns::FILE_NAME;
use super::prose_stated::Stated;
use super::vocabulary::pattern;

macro_rules! file {
    () => {
        r"([A-Za-z0-9_~$-]{1,40}\.[A-Za-z0-9]{2,3})"
    };
}
/// Three or four numbers: a shorter one is a product's.
macro_rules! version {
    () => {
        r"([0-9]+(?:\.[0-9]+[a-z]?){2,3})"
    };
}
macro_rules! or_later {
    () => {
        r"(?: (?:and|or) (?:later|newer|higher|greater))?"
    };
}

/// "Install the files A, B, and C, all version N": the words before the files, the files, their version.
static ALL_OF: LazyLock<Regex> = pattern!(concat!(
    r"\b(?:[Ii]nstall|[Cc]opy|[Oo]btain|[Aa]pply|[Uu]se|[Cc]onsists of|[Cc]ontains|[Ii]ncludes|(?:corrected|fixed|resolved) in)(?: the| new| updated| following)*(?: files?| versions of)?((?:,? (?:and )?(?:the )?[A-Za-z0-9_~$-]{1,40}\.[A-Za-z0-9]{2,3}){2,12}),? (?:all|each|both) (?:with |of |in |have |are |at )?(?:file )?version (?:number )?",
    version!(),
    r"(?-u:\b)"
));
/// "This problem does not occur with X version N": not "N or earlier".
static NOT_WITH: LazyLock<Regex> = pattern!(concat!(
    r"^ ?(?:This|The) (?:problem|issue|behavior|error) (?:does not|no longer) (?:occurs?|happens?|exists?|appears?) (?:with|in|if you (?:use|have)|when you (?:use|have)) (?:the )?(?:",
    file!(),
    r"(?: file)?,? version ",
    version!(),
    r"|version ",
    version!(),
    or_later!(),
    r" of (?:the )?",
    file!(),
    r"(?: file)?)",
    or_later!(),
    r"\.? *$"
));
/// "The hotfix replaces X version M with version N."
static REPLACES_BY: LazyLock<Regex> = pattern!(concat!(
    r"\b(?:[Hh]ot ?fix|[Ff]ix|[Uu]pdate|[Pp]atch|[Uu]pgrade) replaces (?:the )?",
    file!(),
    r"(?: file)?,? (?:version )?[0-9][0-9.]*[0-9],? (?:with|by) (?:the )?(?:version )?",
    version!(),
    r"(?-u:\b)"
));
/// "X version N or later fixes this problem; so does Y M."
static BOTH_FIX: LazyLock<Regex> = pattern!(concat!(
    r"^ ?(?:The )?",
    file!(),
    r"(?: file)?,? version ",
    version!(),
    or_later!(),
    r" (?:fixes|corrects|resolves|solves|eliminates) (?:this|the) (?:problem|issue|error|behavior)(?:[;,]? (?:so does|as does|as well as|and so does) (?:the )?",
    file!(),
    r"(?: file)?,? (?:version )?",
    version!(),
    r"(?-u:\b))?"
));
/// "Check the version of X. It should be N or higher."
static SHOULD_BE: LazyLock<Regex> = pattern!(concat!(
    r"\b(?:[Cc]heck|[Vv]erify|[Nn]ote|[Ss]ee|[Ll]ook at) the (?:file )?version(?: number)? of (?:the )?",
    file!(),
    r"(?: file)?\. (?:It|The (?:file )?version(?: number)?|This) (?:should|must) be (?:at least )?(?:version )?",
    version!(),
    r"(?-u:\b)"
));
/// "A problem in X version M. This was corrected in version N."
static CORRECTED_THERE: LazyLock<Regex> = pattern!(concat!(
    r"\b(?:problem|bug|error|defect) in (?:the )?",
    file!(),
    r"(?: file)?,? version [0-9][0-9.]*[0-9]\. (?:This|It|The) (?:problem |bug |error |issue )?(?:was|has been|is) (?:corrected|fixed|resolved) in version ",
    version!(),
    r"(?-u:\b)"
));
/// Titles that offer a file: "Updated X N Available", "FIX: Updated X (N) Now Available", "Version N of X Is Available".
static OFFERED: LazyLock<Regex> = pattern!(concat!(
    r"(?:^|: )(?:(?:New|Updated|Newer|Corrected) (?:[Vv]ersion of )?",
    file!(),
    r" \(?(?:[Vv]ersion )?",
    version!(),
    r"\)?|(?:New )?[Vv]ersion ",
    version!(),
    r" of (?:the )?",
    file!(),
    r")(?: [Ff]ile)?(?: [Ii]s)?(?: [Nn]ow)? [Aa]vailable"
));

/// The files of a sentence that is a whole statement.
pub(super) fn of_sentence(sentence: &str) -> Vec<Stated<'_>> {
    if let Some(found) = ALL_OF.captures(sentence)
        && let (Some(files), Some(version)) = (found.get(1), found.get(2))
    {
        if says_more(&sentence[version.end()..]) {
            return Vec::new();
        }
        let of_version = |file: regex::Match<'_>| {
            let at = files.start() + file.start();
            let file = &sentence[at..at + file.len()];
            Stated { file, version: Some(version.as_str()), date: None, size: None, at }
        };
        return FILE_NAME.find_iter(files.as_str()).map(of_version).collect();
    }
    [&NOT_WITH, &REPLACES_BY, &BOTH_FIX].into_iter().flat_map(|pattern| pairs(pattern, sentence)).collect()
}

/// The file that two sentences of a paragraph state together.
pub(super) fn across(paragraph: &str) -> Vec<Stated<'_>> {
    [&SHOULD_BE, &CORRECTED_THERE].into_iter().flat_map(|pattern| pairs(pattern, paragraph)).collect()
}

/// The file and version that a title offers.
pub(super) fn offered(title: &str) -> Option<Stated<'_>> {
    pairs(&OFFERED, title).into_iter().next()
}

/// True if the rest of a sentence names another version, file or system: half a statement must not fix an article.
fn says_more(rest: &str) -> bool {
    static MORE: LazyLock<Regex> = pattern!(r"[0-9]+\.[0-9]+\.[0-9]|\bWindows\b|\bearlier\b|\bService Pack\b|\bonly\b");
    let sentence = &rest[..rest.find(". ").unwrap_or(rest.len())];
    MORE.is_match(sentence) || FILE_NAME.is_match(sentence)
}

/// The groups of a match by twos: a file and its version, in either order.
fn pairs<'t>(pattern: &Regex, text: &'t str) -> Vec<Stated<'t>> {
    let Some(found) = pattern.captures(text) else { return Vec::new() };
    if found.get(0).is_some_and(|whole| says_more(&text[whole.end()..])) {
        return Vec::new();
    }
    let groups: Vec<regex::Match<'t>> = found.iter().skip(1).flatten().collect();
    let pair = |both: &[regex::Match<'t>]| {
        let [a, b] = both else { return None };
        let (file, version) = if FILE_NAME.is_match(a.as_str()) { (a, b) } else { (b, a) };
        let stated =
            Stated { file: file.as_str(), version: Some(version.as_str()), date: None, size: None, at: file.start() };
        FILE_NAME.is_match(file.as_str()).then_some(stated)
    };
    groups.chunks(2).filter_map(pair).collect()
}
