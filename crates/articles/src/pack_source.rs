//! The words between "corrected in" and the pack. In: those words, in lower case. Out: whether the pack itself is what corrects the
//! problem, not something of it, for it or before it: "in a beta of", "by removing", "in the symbols of".

use std::sync::LazyLock;

use regex::Regex;

use super::vocabulary::pattern;

/// Words that may stand there: they say nothing of the pack.
static PLAIN: LazyLock<Regex> = pattern!(
    r"^(?:[\s,(/&:]*(?:english(?:-language)? versions?|all language versions|both (?:the )?intel and (?:the )?alpha versions?|40-bit and 128-bit versions?|and|or|either|both|also|in|of|with|by|for|from|on|to|the|an?|any|all|microsoft|u\.s\.|us|release|general|latest|installing|applying|using|upgrading|obtaining|however|versions?|[0-9][0-9.]*[a-z]?|sms|nt|windows?|service|packs?|including|starting|beginning|since|as|new|released|recent|current|final|retail|shipping|standard|enterprise|full|original|either|post-|server|workstation)?[\s,)/:&-]*)*$"
);

/// A file of the pack: "the version of Ntfs.sys that is included in", "the Oracle ODBC driver that ships with".
static FILE: LazyLock<Regex> = pattern!(
    r"(?-u:\b)(?:[a-z0-9_]+\.(?:dll|exe|sys|ocx|hlp|inf|scr|drv|cpl|vxd|com)|drivers?|converters?|linker|spooler|hal|file|dcomcnfg)(?-u:\b)(?:[^a-z]|file|that|which|is|are|was|were|also|now|available|included|contained|ships?|shipped|released|supplied|provided|from|in|with|the|microsoft|new|u\.s\.|version|[0-9.]+)*(?: in| with| from| in the| with the| from the)(?: microsoft| u\.s\.| windows?)? ?\(?$"
);

/// A version of another product that has the correction, too (Q192295), and a pack that contains the first one (Q279401).
static BESIDE: LazyLock<Regex> = pattern!(
    r"^(?: (?:[a-z]+ ){1,4}(?:version )?[0-9][0-9.]* or |\)?,? which is (?:also )?included (?:in|with) (?:the |microsoft )*)$"
);

/// Words by which the correction is not to have the pack or its file.
static AGAINST: LazyLock<Regex> = pattern!(
    r"(?-u:\b)(?:remov|uninstall|delet|revert|restor|downgrad|replac|going|returning|rolling|avoid|disabl|before|prior|until|without|instead|rather|beta|pre-?release|internal|candidate|test|evaluation|interim|private|not)(?-u:\w*)"
);

/// True if the pack after these words is the one that corrects the problem.
pub(crate) fn is_pack_itself(before: &str) -> bool {
    !AGAINST.is_match(before) && (PLAIN.is_match(before) || FILE.is_match(before) || BESIDE.is_match(before))
}

#[cfg(test)]
mod tests {
    use super::is_pack_itself;

    /// Issue 13: what stands between "corrected in" and the pack was not read.
    #[test]
    fn words_before_a_pack_say_whether_it_is_the_pack() {
        for words in [
            " ",
            " the u.s. release of ",
            " either installing ",
            " microsoft ",
            " ntfs.sys in ",
            " version 5.01.4511 of the dblist32.ocx file that ships in ",
            " the oracle odbc driver included with ",
            " the file ndis.sys contained in ",
            " the version of the spooler that is included in ",
        ] {
            assert!(is_pack_itself(words), "{words}");
        }
        for words in [
            " removing ",
            " going back to ",
            " an internal build of ",
            " a fix that is based on ",
            " an add-on to ",
            " the fix below, which replaces the file of ",
            " the japanese version of ",
            " the resource kit for ",
            " the symbols of ",
            " replacing ntfs.sys with the one from ",
            " nothing in ",
        ] {
            assert!(!is_pack_itself(words), "{words}");
        }
    }
}
