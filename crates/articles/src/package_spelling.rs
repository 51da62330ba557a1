//! Misprinted names of packages and updates in a bulletin's lines. They are corrected before anything is read from the lines.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::document::Line;
use super::vocabulary::pattern;

/// `KBKB873355` (MS05-005 de-de).
static DOUBLED: LazyLock<Regex> = pattern!(r"KBKB([0-9]{6,7})");

/// A blank or a long dash before the update of a package's name: `VS7.1- KB 841870-X86.exe` (MS04-017 ja-jp),
/// `Windows6.0-kb 931213-x86-enu` (MS07-032 it-it), `WindowsXP- KB931374-x86-ENU.exe` (MS08-003),
/// `StepByStepInteractiveTraining–kb923723-x86-enu` (MS07-005). A word before a dash with blanks around it is no name.
static APART: LazyLock<Regex> =
    pattern!(r"([A-Za-z0-9.])[-\x{2010}-\x{2013}][ \x{a0}]?(KB|kb|Kb)[ \x{a0}]?([0-9]{6,7}[-_])");

/// Corrects the names in the lines of a bulletin.
pub(crate) fn settle(lines: &mut [Line<'_>]) {
    for line in lines {
        if let Some(text) = respelled(&line.text) {
            line.text = Cow::Owned(text);
        }
    }
}

fn respelled(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    // Most ids are right after a hyphen, a bracket or a blank, and before a digit.
    let odd = |at: usize| {
        let (Some(k), Some(next)) = (at.checked_sub(1), bytes.get(at + 1)) else { return false };
        let before = k.checked_sub(1).and_then(|before| bytes.get(before));
        matches!(bytes[k], b'K' | b'k')
            && (matches!(next, b' ' | b'K' | 0xc2) || next.is_ascii_digit() && matches!(before, Some(b' ' | 0x80..)))
    };
    if !memchr::memchr2_iter(b'B', b'b', bytes).any(odd) {
        return None;
    }
    let single = DOUBLED.replace_all(text, "KB$1");
    let joined = APART.replace_all(&single, "$1-$2$3");
    (joined != text).then(|| joined.into_owned())
}

#[cfg(test)]
mod tests {
    use super::respelled;

    /// Issue 14.
    #[test]
    fn names_of_packages_are_respelled() {
        for (text, right) in [
            ("(KBKB900001)", "(KB900001)"),
            ("**VS7.1- KB 900001-X86.exe /q**", "**VS7.1-KB900001-X86.exe /q**"),
            ("Windows6.0-kb 900001-x86-enu", "Windows6.0-kb900001-x86-enu"),
            ("WindowsXP- KB900001-x86-ENU.exe", "WindowsXP-KB900001-x86-ENU.exe"),
            ("Training\u{2013}kb900001-x86-enu", "Training-kb900001-x86-enu"),
        ] {
            assert_eq!(respelled(text).as_deref(), Some(right));
        }
        for text in ["Hotfix \u{2013} KB900001", "Hotfix - KB900001-1", "(KB 900001)", "WindowsXP-KB900001-x86", "a KB"]
        {
            assert_eq!(respelled(text), None, "{text}");
        }
    }
}
