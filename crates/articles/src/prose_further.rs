//! Sentences that state files with the fix in words of their own: several files of one version, what a file replaces, and
//! statements that two sentences share. No verb of `correction_words` decides here: each pattern is a whole statement.

use std::sync::LazyLock;

use regex::Regex;

use super::guarded::{Guarded, guarded};
use super::prose_patterns::FILE_NAME;
use super::prose_stated::{Stated, details};
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
        r"(?:,? \(?(?:and|or) (?:later|newer|higher|greater)\)?)?"
    };
}
macro_rules! fixes_this {
    () => {
        r" (?:fixes|corrects|resolves|solves|eliminates) (?:this|the) (?:problem|issue|error|behavior)"
    };
}

/// "Install the files A, B, and C, all version N": the words before the files, the files, their version.
static ALL_OF: Guarded = guarded!(
    r"(?:all|each|both) (?:with |of |in |have |are |at )?(?:file )?version ",
    concat!(
        r"\b(?:[Ii]nstall|[Cc]opy|[Oo]btain|[Aa]pply|[Uu]se|[Cc]onsists of|[Cc]ontains|[Ii]ncludes|(?:corrected|fixed|resolved) in)(?: the| new| updated| following)*(?: files?| versions of)?((?:,? (?:and )?(?:the )?[A-Za-z0-9_~$-]{1,40}\.[A-Za-z0-9]{2,3}){2,12}),? (?:all|each|both) (?:with |of |in |have |are |at )?(?:file )?version (?:number )?",
        version!(),
        r"(?-u:\b)"
    )
);
/// "This problem does not occur with X version N": not "N or earlier".
static NOT_WITH: Guarded = guarded!(
    r" does not | no longer ",
    concat!(
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
    )
);
/// "The hotfix replaces X version M with version N."
static REPLACES_BY: Guarded = guarded!(
    r" replaces ",
    concat!(
        r"\b(?:[Hh]ot ?fix|[Ff]ix|[Uu]pdate|[Pp]atch|[Uu]pgrade) replaces (?:the )?",
        file!(),
        r"(?: file)?,? (?:version )?[0-9][0-9.]*[0-9],? (?:with|by) (?:the )?(?:version )?",
        version!(),
        r"(?-u:\b)"
    )
);
/// "The fix updates X from version M to version N."
static UPDATES_TO: Guarded = guarded!(
    r" updates | upgrades ",
    concat!(
        r"\b(?:[Hh]ot ?fix|[Ff]ix|[Uu]pdate|[Pp]atch|[Uu]pgrade) (?:updates|upgrades) (?:the )?",
        file!(),
        r"(?: file)? from (?:version )?[0-9][0-9.]*[0-9] to (?:version )?",
        version!(),
        r"(?-u:\b)"
    )
);
/// "Verify that the version of the X file on your computer is N or higher", "make sure that you have at least version N of
/// X".
static VERIFIED: Guarded = guarded!(
    r" on (?:your|the) (?:computer|system|server|workstation|client) is |ou have at least version ",
    concat!(
        r"\b(?:[Vv]erify|[Mm]ake (?:sure|certain)|[Bb]e (?:sure|certain)|[Cc]onfirm|[Ee]nsure|[Cc]heck)(?: that)? (?:the (?:file )?version(?: number)? of (?:the |your )?",
        file!(),
        r"(?: file)?(?:,? (?:that is )?installed)? on (?:your|the) (?:computer|system|server|workstation|client) is (?:at least )?(?:version )?",
        version!(),
        or_later!(),
        r"|you have at least version ",
        version!(),
        r" of (?:the )?",
        file!(),
        r"(?: file)?)\.? *$"
    )
);
/// "The minimum version of X that contains this fix is N", "this problem is fixed in X builds N and later".
static CONTAINS_FIX: Guarded = guarded!(
    r"inimum version of | builds? ",
    concat!(
        r"(?:\b[Mm]inimum version of (?:the )?",
        file!(),
        r"(?: file)? (?:that|which) (?:contains|has|includes) (?:this|the) (?:fix|hot ?fix|correction) is (?:version )?",
        version!(),
        r"|\b(?:problem|issue|bug|error) (?:is|was|has been) (?:fixed|corrected|resolved) in (?:the )?",
        file!(),
        r"(?: file)?,? builds? ",
        version!(),
        or_later!(),
        r")\.? *$"
    )
);
/// "The updated X (N, dated D, S bytes) fixes this problem", "the fix consists of one file, X, with version number N and a
/// date of D": the file, its version, and what else is stated.
static WITH_DETAILS: Guarded = guarded!(
    r"^ ?The (?:updated|new|newer|corrected|fixed) |(?:one|a single) file, ",
    concat!(
        r"(?:^ ?The (?:updated|new|newer|corrected|fixed) ",
        file!(),
        r"(?: file)? \((?:version )?",
        version!(),
        r"([^()]{0,60})\)",
        fixes_this!(),
        r"|\b(?:hot ?fix|fix|update|patch) (?:consists of|contains) (?:one|a single) file, ",
        file!(),
        r", with (?:a )?(?:file )?version(?: number)?(?: of)? ",
        version!(),
        r"([^()]{0,60}?)\.? *$)"
    )
);
/// "Both X and Y must be version N or later for the fix to work."
static BOTH_MUST: LazyLock<Regex> = pattern!(concat!(
    r"\bBoth (?:the )?",
    file!(),
    r" and (?:the )?",
    file!(),
    r"(?: files?)? must (?:be|have) (?:at least )?version ",
    version!(),
    or_later!(),
    r"(?: for the (?:hot ?)?fix to work)?\.? *$"
));
/// The words before a list of files with their versions: "after you install the hotfix, the file versions are as follows: X N,
/// Y M, and Z L", "it installs the following: X vN and Y vM".
static LISTS: Guarded = guarded!(
    r"installs the following|ersions are",
    r"(?:\b[Aa]fter you (?:install|apply) (?:the|this) (?:hot ?fix|fix|update|patch), the (?:file )?versions are(?: as follows)?|\b(?:It|[Tt]h(?:e|is) (?:hot ?fix|fix|update|patch)) installs the following(?: files)?): ?"
);
static IN_LIST: LazyLock<Regex> =
    pattern!(concat!(r"^(?:,? and |, )?(?:the )?", file!(), r",? \(?(?:[Vv]ersion |v)?", version!(), r"\)?"));
/// "X version N or later fixes this problem; so does Y M."
static BOTH_FIX: Guarded = guarded!(
    r" fixes | corrects | resolves | solves | eliminates ",
    concat!(
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
    )
);
/// "Check the version of X. It should be N or higher."
static SHOULD_BE: Guarded = guarded!(
    r"(?:It|This|ersion|ersion number) (?:should|must) be ",
    concat!(
        r"\b(?:[Cc]heck|[Vv]erify|[Nn]ote|[Ss]ee|[Ll]ook at) the (?:file )?version(?: number)? of (?:the )?",
        file!(),
        r"(?: file)?\. (?:It|The (?:file )?version(?: number)?|This) (?:should|must) be (?:at least )?(?:version )?",
        version!(),
        r"(?-u:\b)"
    )
);
/// "The corrected file is X. Its version is N."
static ITS_VERSION: Guarded = guarded!(
    r"ed file is ",
    concat!(
        r"\b(?:[Cc]orrected|[Ff]ixed|[Uu]pdated) file is (?:the )?",
        file!(),
        r"\. (?:Its|The) (?:file )?version(?: number)? is (?:version )?",
        version!(),
        r"(?-u:\b)"
    )
);
/// "A problem in X version M. This was corrected in version N."
static CORRECTED_THERE: Guarded = guarded!(
    r"ed in version ",
    concat!(
        r"\b(?:problem|bug|error|defect) in (?:the )?",
        file!(),
        r"(?: file)?,? version [0-9][0-9.]*[0-9]\. (?:This|It|The) (?:problem |bug |error |issue )?(?:was|has been|is) (?:corrected|fixed|resolved) in version ",
        version!(),
        r"(?-u:\b)"
    )
);
/// Titles that offer a file: "Updated X N Available", "FIX: Updated X (N) Now Available", "Version N of X Is Available".
static OFFERED: Guarded = guarded!(
    r"vailable",
    concat!(
        r"(?:^|: )(?:(?:New|Updated|Newer|Corrected) (?:[Vv]ersion of )?",
        file!(),
        r" \(?(?:[Vv]ersion )?",
        version!(),
        r"\)?|(?:New )?[Vv]ersion ",
        version!(),
        r" of (?:the )?",
        file!(),
        r")(?: [Ff]ile)?(?: [Ii]s)?(?: [Nn]ow)? [Aa]vailable"
    )
);

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
    if let Some(found) = BOTH_MUST.captures(sentence)
        && let (Some(first), Some(second), Some(version)) = (found.get(1), found.get(2), found.get(3))
    {
        let of_version = |file: regex::Match<'_>| {
            let at = file.start();
            Stated {
                file: &sentence[at..file.end()],
                version: Some(&sentence[version.range()]),
                date: None,
                size: None,
                at,
            }
        };
        return [first, second].map(of_version).into_iter().filter(|stated| FILE_NAME.is_match(stated.file)).collect();
    }
    if let Some(stated) = with_details(sentence) {
        return vec![stated];
    }
    if let Some(begins) = LISTS.captures(sentence).and_then(|found| found.get(0)) {
        return listed(sentence, begins.end());
    }
    let patterns = [&NOT_WITH, &REPLACES_BY, &UPDATES_TO, &VERIFIED, &CONTAINS_FIX, &BOTH_FIX];
    patterns.into_iter().flat_map(|pattern| pairs(pattern, sentence)).collect()
}

/// A file with its version, date and size.
fn with_details(sentence: &str) -> Option<Stated<'_>> {
    let found = WITH_DETAILS.captures(sentence)?;
    let mut groups = found.iter().skip(1).flatten();
    let (file, version, rest) = (groups.next()?, groups.next()?, groups.next()?);
    if !FILE_NAME.is_match(file.as_str()) || says_more(rest.as_str()) {
        return None;
    }
    let (date, size) = details(rest.as_str());
    Some(Stated { file: file.as_str(), version: Some(version.as_str()), date, size, at: file.start() })
}

/// The files of a list to the end of its sentence, with their versions; none if something else follows.
fn listed(sentence: &str, from: usize) -> Vec<Stated<'_>> {
    let mut all = Vec::new();
    let mut at = from;
    while let Some(found) = IN_LIST.captures(&sentence[at..])
        && let (Some(whole), Some(file), Some(version)) = (found.get(0), found.get(1), found.get(2))
    {
        let (file, version) = (file.as_str(), version.as_str());
        all.push(Stated { file, version: Some(version), date: None, size: None, at: at + whole.start() });
        at += whole.end();
    }
    let ends = sentence[at..].trim_matches(['.', ' ']).is_empty();
    if ends && all.iter().all(|stated| FILE_NAME.is_match(stated.file)) { all } else { Vec::new() }
}

/// The file that two sentences of a paragraph state together.
pub(super) fn across(paragraph: &str) -> Vec<Stated<'_>> {
    [&SHOULD_BE, &ITS_VERSION, &CORRECTED_THERE].into_iter().flat_map(|pattern| pairs(pattern, paragraph)).collect()
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
fn pairs<'t>(pattern: &Guarded, text: &'t str) -> Vec<Stated<'t>> {
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
