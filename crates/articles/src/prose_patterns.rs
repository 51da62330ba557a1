//! Patterns of the sentences that state which version of which file corrects a problem.

use std::sync::LazyLock;

use regex::{Regex, bytes};

use super::guarded::{Guarded, guarded};
use super::vocabulary::{byte_pattern, pattern};

/// Extensions of the files that sentences state.
macro_rules! extensions {
    () => {
        "dll|exe|sys|ocx|vxd|drv|386|cpl|ovl|ax|mod|com|wpc|nlm|tsk|prg|app|ocm|bin|mdb|asp|hlp|inf|tlb|olb|flt|cnv|acm|pdr|mpd|dmm|lib|sct|js|vbs|xla|wiz|mde|dot|oca|dep|fll|plb|xed|xec|cex|loa"
    };
}
macro_rules! file {
    () => {
        concat!(r"([A-Za-z0-9_~$-]{1,40}\.(?i-u:", extensions!(), "))")
    };
}
macro_rules! version {
    () => {
        r"([0-9]+(?:\.[0-9]+[a-z]?){1,4}(?:\(sp[0-9]\))?)"
    };
}
macro_rules! date {
    () => {
        r"([0-9]{1,2}[-/] ?[0-9]{1,2}[-/][0-9]{2,4}|[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}|[0-9]{1,2}[- ][A-Z][a-z]{2,8}[- ][0-9]{2,4})"
    };
}

/// Text within a sentence: the dot of a product's version does not end it ("Visual C++ 4.0", Q141398).
macro_rules! gap {
    ($most:literal) => {
        concat!(r"(?:[^.]|\.[0-9]){0,", $most, "}?")
    };
}

/// "To work around this problem, use X version N or later" (Q73322): a later version of the same file is the fix.
pub(crate) static LATER_AROUND: LazyLock<Regex> = pattern!(concat!(
    r"^ ?To work around (?:this|the) problem, (?:use|install|obtain|upgrade to|update to) (?:the )?",
    file!(),
    r" (?:file )?(?:to )?version ",
    version!(),
    r" or (?:later|newer|greater|higher)(?-u:\b)"
));
/// "Newer versions (version N) of X do not have this problem" (Q158552), "in versions N or later of X, this problem has been
/// resolved" (Q136050).
pub(crate) static LATER_OF_AROUND: LazyLock<Regex> = pattern!(concat!(
    r"^ ?(?:(?:Newer|Later) versions \((?:version )?",
    version!(),
    r"\) of (?:the )?",
    file!(),
    r"(?: file)? do not have (?:this|the) problem|In versions? ",
    version!(),
    r" (?:or|and) (?:later|newer|higher|greater) of (?:the )?",
    file!(),
    r"(?: file)?, (?:this|the) (?:problem|issue) (?:is|was|has been) (?:corrected|fixed|resolved))(?-u:\b)",
));
/// The version of the file that was named last: "versions stamped N or later correct this problem" (Q83426), "the version
/// that corrects the problem is version N" (Q84114), "an updated version of the DLL (N or later) resolves the issue"
/// (Q230294).
pub(crate) static REFERRED: LazyLock<Regex> = pattern!(concat!(
    r"(?:\bVersions stamped ",
    version!(),
    r" or later (?:correct|fix|resolve) this|\bThe version that (?:corrects|fixes|resolves) (?:the|this) [^.]{0,60}(?:problem|issue) is (?:version )?",
    version!(),
    r"|\bAn? (?:updated|new|newer|corrected) version of (?:the|this) (?:DLL|file|driver) \((?:version )?",
    version!(),
    r" or (?:later|newer|higher|greater)\) (?:corrects|fixes|resolves) (?:the|this))"
));
/// "The version N driver replaces the version M driver", if the paragraph names the driver's file (Q97904).
pub(crate) static REPLACES_OLDER: LazyLock<Regex> =
    pattern!(concat!(r"[Vv]ersion ", version!(), r" (?:driver|file) replaces (?:the )?version [0-9]"));
pub(crate) static DRIVER_VERSION: LazyLock<Regex> =
    pattern!(concat!(file!(), r" (?:[a-z]+ ){0,2}?(?:driver|file) version ", version!(), r"(?-u:\b)"));

/// What a RESOLUTION tells the reader to do with a version of a file.
pub(crate) static IMPERATIVE: LazyLock<bytes::Regex> =
    byte_pattern!(concat!(r"^(?:NOTE: )?(?:Use|Install|Obtain|Upgrade|Update|Get) (?:\S+ ){0,3}?", file!()));

pub(crate) static FILE_VERSION: LazyLock<Regex> = pattern!(concat!(
    file!(),
    r"\)?,?[;:]? +(?:\([^)]{0,60}\),? )?(?:file |driver )?(?:to )?\(?(?:file )?(?:[Vv]ersion|[Vv]er\.?|[Vv]\.?)s? ?\(?",
    version!()
));
pub(crate) static VERSION_OF_FILE: LazyLock<Regex> = pattern!(concat!(
    r"(?i-u:version)s? v?",
    version!(),
    r"(?: \([^)]*\))? (?:and later |or later )?of (?:the )?(?:[^ ]+ ){0,3}?\(?",
    file!()
));
/// "Fixed in the N version of X" (Q113673), "fixed in the library (X, N)" (Q124897): the version without its word.
pub(crate) static BARE_VERSION: LazyLock<Regex> = pattern!(concat!(
    r"\b(?:corrected|fixed|resolved) in (?:the ",
    version!(),
    r" version of (?:the )?",
    file!(),
    r"|(?:the|a|an) (?:[A-Za-z0-9.-]+ ){1,10}\(",
    file!(),
    r", ([0-9]+(?:\.[0-9]+){2,3})\))"
));
/// "The version of X that corrects this behavior is version N", "the corrected version of X that comes with Y is N".
pub(crate) static FIXED_VERSION_IS: Guarded = guarded!(
    r" is (?:version )?[0-9]",
    concat!(
        r"(?:(?:[Cc]orrected|[Ff]ixed|[Uu]pdated) version of (?:the )?",
        file!(),
        r"(?: file)?",
        gap!("60"),
        r"|[Vv]ersion of (?:the )?",
        file!(),
        r"(?: file)? that (?:corrects|fixes|resolves)",
        gap!("60"),
        r"|[Vv]ersion (?:of|for) the (?:updated|new|corrected|fixed) ",
        file!(),
        r"(?: file)?",
        gap!("60"),
        r"|[Tt]he (?:new|updated|corrected|fixed) ",
        file!(),
        r"(?: file)?) is (?:version )?",
        version!()
    )
);
/// "After you install the update, the file version of X is N", "if the version of X is earlier than N, install the
/// hotfix": N has the fix.
pub(crate) static AFTER_UPDATE: Guarded = guarded!(
    r"fter you (?:install|apply) |f the (?:file )?version",
    concat!(
        r"(?:[Aa]fter you (?:install|apply) (?:the|this) (?:security |software |[^ .]{1,40}\.(?i-u:exe) )?(?:update|hot ?fix|fix|patch), the (?:file )?version(?: number)? of (?:the )?",
        file!(),
        r"(?: file)? (?:is|should be) (?:at least )?(?:version )?|[Ii]f the (?:file )?version(?: number)? of (?:the )?",
        file!(),
        r"(?: file)? is (?:earlier|older|lower) than (?:version )?)",
        version!(),
        r"(?:(?:,? or (?:later|greater|higher|newer)(?: versions?)?)?\.? *$|, (?:you (?:must|should|need to|have to) )?(?:install|apply|obtain) (?:the|this)(?-u:\b))"
    )
);
/// "The X executable file is actually version N" (Q107446), "the option is available on version N or later of X" (Q216408),
/// "the SP2 X should be 10240 bytes dated D version N" (Q151613), "if the X file version is N or later, Y does not cause …"
/// (Q246423), "install the Z driver version N X file" (Q133201).
pub(crate) static OTHER_WORDS: Guarded = guarded!(
    r" is actually version | (?:on|in|with) version | should be | version is |driver version |btain a version of ",
    concat!(
        r"(?:[Tt]he ",
        file!(),
        r"(?: executable| program)?(?: file)? is actually version ",
        version!(),
        r"|\bis (?:available|supported) (?:on|in|with) version ",
        version!(),
        r" (?:or|and) later of (?:the )?",
        file!(),
        r"|[Tt]he (?:SP[0-9][a-z]?|updated|new|corrected|fixed) ",
        file!(),
        r"(?: file)? should be (?:[0-9,]{3,12} bytes,? )?(?:dated [0-9][-/0-9]{5,9},? )?version ",
        version!(),
        r"|[Ii]f the ",
        file!(),
        r"(?: file)? version is ",
        version!(),
        r" or (?:later|higher|greater|newer), ",
        gap!("90"),
        r" (?:does not|no longer) |[Ii]nstall the (?:[A-Za-z]+ ){1,4}driver version ",
        version!(),
        " ",
        file!(),
        r" file\.|[Oo]btain a version of (?:the )?",
        file!(),
        r"(?: file)? with a (?:file )?version(?: number)? of ",
        version!(),
        r")"
    )
);
/// "Obtain a version of X with a file version of N": the file with the fix, even if the article calls it a workaround
/// (Q201414).
pub(crate) static OBTAIN_VERSION: LazyLock<bytes::Regex> =
    byte_pattern!(r"\b[Oo]btain a version of [^,;]{3,60} with a (?:file )?version\b");
/// "The file version for all other updated files … is version N" (Q176577).
pub(crate) static ALL_OTHERS: LazyLock<Regex> =
    pattern!(concat!(r"[Ff]ile version (?:for|of) all other updated files[^.]{0,60} is (?:version )?", version!()));
/// "Check the version of the X file. The time stamp should be D or later." (Q261093), "check the date of the X. It should be
/// dated D or later." (Q122761, whose date was broken at a hyphen)
pub(crate) static STAMPED: LazyLock<Regex> = pattern!(concat!(
    r"[Cc]heck the (?:version|date|time ?stamp) of the ",
    file!(),
    r"(?: file)?\. (?:The (?:time|date) ?stamp should be|It should be dated) ",
    date!(),
    r" or later"
));
/// Every version that an article, in lower case, mentions with a file.
pub(crate) static MENTIONED: LazyLock<Regex> = pattern!(concat!(
    r"(?-u:\b)(?:(?:version )?",
    version!(),
    r"(?: version)? of (?:the )?",
    file!(),
    "|",
    file!(),
    r"(?: file)?,? \(?(?:file )?(?:version )?",
    version!(),
    r")"
));
/// "Version N or later of X contains the fix".
pub(crate) static VERSION_CONTAINS: LazyLock<Regex> = pattern!(concat!(
    r"^ ?Version ",
    version!(),
    r" (?:(?:or|and) (?:later|newer|higher|greater) )?of (?:the )?",
    file!(),
    r"(?: file)? contains (?:the|this) (?:fix|correction)\.? *$"
));
/// The requirement of a RESOLUTION: "make sure that X is version N or later", "verify that the version number of the X
/// application (…) is N or later", "X should be version N or greater" (Q171928, Q128148, Q257267, Q234859).
pub(crate) static REQUIRED: Guarded = guarded!(
    r"(?i)sure|certain|verify|check|confirm|should be |the required ",
    concat!(
        r"(?:(?i-u:make sure|be sure|be certain|make certain|verify|ensure|check|confirm)(?: that)? (?:the |your )?(?:(?:file )?version(?: number)? of (?:the )?)?",
        file!(),
        r"(?: file| program| application)?(?: \([^)]{0,80}\))?(?: (?:file )?version(?: number)?)? (?:is|has) (?:at least )?(?:(?:file )?version (?:number )?)?|",
        file!(),
        gap!("80"),
        r" should be (?:at least )?version |[Tt]he required ",
        file!(),
        r" is version |",
        file!(),
        r"(?: file)?, and (?:check|verify|make sure)(?: that)? (?:the|its) (?:file )?version(?: number)?(?: of (?:this|the) file)? is )",
        version!(),
        r"(?:,? or (?:later|greater|higher|newer)(?-u:\b))?"
    )
);
/// The continuation of such a sentence: another file, or another version of the file for another system.
pub(crate) static REQUIRED_TOO: LazyLock<Regex> = pattern!(concat!(
    r"^[^.]{0,80}?(?:,|,? and|,? or) (?:that )?(?:the )?(?:version of (?:the )?)?(?:",
    file!(),
    r"(?: file)? (?:is|be) )?(?:at least )?(?:version )?",
    version!(),
    r"(?:,? or (?:later|greater|higher|newer)(?-u:\b))?"
));
/// "… in the library that ships with a product (X, version N)": the file with the fix, not one with the problem
/// (Q130719).
pub(crate) static IN_BRACKETS: LazyLock<Regex> =
    pattern!(concat!(r"\(", file!(), r",? version ", version!(), r"\)\.?$"));
/// "The X program's option is implemented in version N"; not version N of another program.
pub(crate) static FIXED_IN: Guarded = guarded!(
    r"ed in version ",
    concat!(
        file!(),
        gap!("60"),
        r" (?:is|was|has been) (?:implemented|corrected|fixed|resolved) in version ",
        version!(),
        r"(?:[,;]|\.?$|\. )"
    )
);
pub(crate) static BARE_NAME: LazyLock<Regex> =
    pattern!(concat!(r"\b(?:corrected|fixed|resolved) in ([A-Z][A-Z0-9_]{2,11}) version ", version!()));
/// "The driver must have the matching version of X (N)" (Q279401).
pub(crate) static MATCHING: LazyLock<Regex> =
    pattern!(concat!(r"matching version of (?:the )?", file!(), r" \(", version!(), r"\)"));
/// "The download contains X version N", in an article called "Updated X …" (Q112025).
pub(crate) static CONTAINS: LazyLock<Regex> =
    pattern!(concat!(r"(?i-u:\.exe) (?:file )?contains (?:the )?", file!(), " version ", version!()));
/// "Replace X with a patched version dated D".
pub(crate) static REPLACED_DATED: LazyLock<Regex> = pattern!(concat!(
    r"\b[Rr]eplace (?:the )?(?:[^ ]+\\)?",
    file!(),
    r"(?: file)? with (?:an?|the) (?:[A-Za-z]+ )?version",
    gap!("60"),
    " dated ",
    date!()
));
/// "Microsoft has released new versions of the X (N) and Y (M) files" (Q128079), "replace X (N) and Y (N) with X (M) and
/// Y (M)" (Q191735): the words before the files, and a file with its version.
pub(crate) static RELEASED: LazyLock<Regex> = pattern!(concat!(
    r"\b(?:has|have) released (?:an? )?(?:new|newer|updated|corrected) versions? of (?:the )?|\b[Rr]eplace (?:the )?",
    file!(),
    r" \([0-9][0-9.]*\)(?:(?:,|,? and) (?:the )?[^ ,]+ \([0-9][0-9.]*\)){0,8} with (?:the )?"
));
pub(crate) static FILE_IN_RELEASE: LazyLock<Regex> =
    pattern!(concat!(r"^(?:(?:,|,? and) (?:the )?)?", file!(), r" \((?:version )?([0-9]+(?:\.[0-9]+){2,3})\)"));
/// "Copy the newer (dated D) X file" (Q239110).
pub(crate) static NEWER_DATED: LazyLock<Regex> = pattern!(concat!(
    r"\b(?:[Cc]opy|[Ii]nstall|[Uu]se) the (?:newer|new|updated|corrected) \(dated ",
    date!(),
    r"\) ",
    file!()
));
pub(crate) static FILE_DATED: LazyLock<Regex> = pattern!(concat!(
    file!(),
    r"\)?,? (?:file |that is |which is |with an? (?:[A-Za-z]+ )?version |upgrade )?\(?(?:dated|date[- ]stamped) "
));
pub(crate) static DATED: LazyLock<Regex> = pattern!(concat!(
    r"^\)?[,;]? ?\(?(?:and )?(?:is )?(?:the modified )?(?:dated|date(?:[- ]stamped)?|(?:with|and) a (?:file )?date of)(?: of the file is)? ",
    date!()
));
pub(crate) static SIZED: LazyLock<Regex> = pattern!(
    r"^\)?[,;]? ?\(?(?:and )?(?:(?:with )?a (?:decompressed )?(?:file )?size of )?(?:(?:file )?size:? )?([0-9]{1,3}(?:,?[0-9]{3})+) bytes\b"
);
pub(crate) static FILE_NAME: LazyLock<Regex> = pattern!(concat!(r"\b", file!(), r"\b"));
/// A file right before another one, if the version applies to both: "upgrades A.EXE and B.EXE to version N".
pub(crate) static FILE_BEFORE: LazyLock<Regex> =
    pattern!(concat!(file!(), r"\)?,? and (?:the )?(?:[A-Za-z ]{0,30}\()?$"));
/// The continuation of a statement.
pub(crate) static NEXT: LazyLock<Regex> =
    pattern!(concat!(r"^(?:,|,? and|, and) (?:the )?(?:", file!(), "|", version!(), r"\b)"));
/// The continuation with a version that stands before its own file: "versions N and later of A and M and later of B".
pub(crate) static NEXT_OF_FILE: LazyLock<Regex> = pattern!(concat!(
    r"^(?:,|,? and|, and) (?:versions? )?",
    version!(),
    r"(?: (?:and|or) (?:later|newer|higher|greater))? of (?:the )?",
    file!(),
    r"(?-u:\b)"
));
/// The continuation with a file and its own version in brackets: "A (version N), B (M), and C (M)".
pub(crate) static NEXT_WITH_VERSION: LazyLock<Regex> =
    pattern!(concat!(r"^\)?(?:,|,? and|, and) (?:the )?", file!(), r" \((?:version )?([0-9]+(?:\.[0-9]+){2,3})\)"));
pub(crate) static DATED_OF: LazyLock<Regex> = pattern!(concat!(r"^ with a date of ", date!()));
pub(crate) static OWN_VERSION: LazyLock<bytes::Regex> = byte_pattern!(r"^,? (?:\(|(?:file )?(?:to )?[Vv]ersion)");
/// A title that names an update of a file.
pub(crate) static TITLE: LazyLock<Regex> = pattern!(concat!(file!(), r" (?:[Vv]ersion )?", version!(), r" [Uu]pdate$"));

/// An extension in lower case as a number, which is faster to compare.
pub(crate) fn packed(extension: &[u8]) -> u32 {
    extension.iter().fold(0, |packed, b| packed << 8 | u32::from(b.to_ascii_lowercase()))
}

/// The extensions of [`FILE_NAME`] in order, for the quick check.
pub(crate) static EXTENSIONS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut all: Vec<u32> = extensions!().split('|').map(|extension| packed(extension.as_bytes())).collect();
    all.sort_unstable();
    all
});
