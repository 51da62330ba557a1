//! Files that an article lists under their packed name and says to rename: "Rename Smsinst.dl_ to Smsinst.dll" (Q250381).
//! The row is that of the installed file. A packed file that stays one, in a folder that Windows is installed from, keeps
//! its name (Netlogon.dl_ of Q243643).

use std::sync::LazyLock;

use regex::Regex;

use super::found::Found;
use super::vocabulary::pattern;

/// "Rename Smsinst.dl_ to Smsinst.dll": both names.
static RENAME: LazyLock<Regex> =
    pattern!(r"(?i)\brename (?:the )?([a-z0-9_-]+\.[a-z0-9]{2}_)(?: file)? to ([a-z0-9_-]+\.[a-z0-9]{3})\b");

/// Gives rows with the name of a packed file the name that the text says to give it.
pub(crate) fn settle(found: &mut Found, text: &str) {
    let is_packed = |name: &str| name.ends_with('_') && name.rsplit_once('.').is_some_and(|(_, end)| end.len() == 3);
    // Few articles have any.
    if !found.fixes.iter().any(|fix| is_packed(&fix.file)) {
        return;
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for named in RENAME.captures_iter(&text) {
        let (packed, own) = (&named[1], &named[2]);
        let is_same = own.len() == packed.len()
            && own.get(..own.len() - 1).is_some_and(|stem| packed[..packed.len() - 1].eq_ignore_ascii_case(stem));
        let rows = found.fixes.iter_mut().filter(|fix| is_same && fix.file.eq_ignore_ascii_case(packed));
        rows.for_each(|fix| fix.file = own.to_owned().into());
    }
}
