//! A file's name as a table writes it -> the name on disk: without full-width letters, marks around it, and characters
//! that no name has.

use std::borrow::Cow;

use hotfixcheck_types::Extension;

use super::cells;

/// The name that a table's cell or word means. `None` if it has characters that no file name of the archives and
/// bulletins has (`b.dll = x`, a letter of another alphabet): its row would name a file that does not exist, and would
/// silently never match.
pub(crate) fn on_disk(written: &str) -> Option<Cow<'_, str>> {
    let name = match narrow(written) {
        Cow::Borrowed(text) => Cow::Borrowed(without_marks(text)),
        Cow::Owned(text) => Cow::Owned(without_marks(&text).to_owned()),
    };
    is_plain(&name).then_some(name)
}

/// The name on disk of a file that a table names as its package does, and the processor that this name states:
/// `Xlsrv.dll.x86` (MS10-017), `Mssrch.dll_0001.x64` (MS10-072), `Msmapi32.dll_0001_1033`, `Emsui32.dll_0005_eng`
/// (MS06-003), `gdiplus.dll.` and an id. `None` for other names.
pub(crate) fn in_package(name: &str) -> Option<(&str, Option<&'static str>)> {
    let machine = |end: &str| match end.to_ascii_lowercase().as_str() {
        "x86" => Some("x86"),
        "x64" | "amd64" => Some("x64"),
        "ia64" => Some("IA-64"),
        _ => None,
    };
    let is_id =
        |end: &str| end.len() >= 30 && end.contains('_') && end.bytes().all(|b| b.is_ascii_hexdigit() || b == b'_');
    let (rest, platform) = match name.rsplit_once('.') {
        Some((rest, end)) if machine(end).is_some() => (rest, machine(end)),
        Some((rest, end)) if is_id(end) => (rest, None),
        _ => (name, None),
    };
    let is_number = |end: &str| {
        (3..=4).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_digit()) || end.eq_ignore_ascii_case("eng")
    };
    let (stem, extension) = rest.rsplit_once('.')?;
    let mut own = extension;
    while let Some((before, _)) = own.rsplit_once('_').filter(|(_, end)| is_number(end)) {
        own = before;
    }
    let on_disk = &rest[..stem.len() + 1 + own.len()];
    // Resources in many languages (`Spscore.rsx_1026`) have other names on disk.
    let known = Extension::named(own).is_written_with_more();
    (known && on_disk.len() < name.len() && cells::is_file_name(on_disk)).then_some((on_disk, platform))
}

/// Programs whose names have a blank (MS07-049).
const SPACED: [&str; 2] = ["virtual pc.exe", "virtual server.exe"];

/// Full-width letters, digits and marks in their usual form: `ｂ．ｄｌｌ` is `b.dll`.
pub(crate) fn narrow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(|c| narrow_char(c) != c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow_char).collect())
}

/// U+FF01 to U+FF5E are the characters of ASCII, in the same order.
fn narrow_char(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// A name without the marks with which no name begins or ends: `~b.dll`, `→ b.dll`, `b.dll!`, `(b.dll)`, `_b.dll_`.
/// Packed files end with an underscore (`VER.DL_`), and some names begin with one (`_IDisp9x.dll`).
pub(crate) fn without_marks(text: &str) -> &str {
    let at_edge =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '%' | '{' | '}' | '\\' | '/' | '<' | '>' | '.');
    let text = text.trim_matches(|c: char| !at_edge(c));
    let slanted = text.strip_prefix('_').and_then(|inner| inner.strip_suffix('_'));
    let whole = |inner: &&str| inner.rsplit_once('.').is_some_and(|(_, extension)| extension.len() >= 3);
    slanted.filter(|inner| whole(inner) && cells::is_file_name(inner)).unwrap_or(text)
}

/// True for a name with only characters that occur in names of the archives, after any path before it
/// (`%EXSRVROOT%\Bin\Imcmsg.dll`, `<ntroot>\symbols\exe\snaservr.dbg`).
fn is_plain(name: &str) -> bool {
    let last = name.rsplit(['\\', '/']).next().unwrap_or(name);
    let known = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | ' ' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ')
    };
    // `Virtual pc.exe` is a name. Text after an extension is not part of a name (`abc.dll 1`), and nearly no program's
    // name has a blank: a page broke it, or a word precedes it (`ab cd.dll`, `File abcd.dll`).
    let spaced = || {
        let is_program = Extension::of(last).is_written_with_more();
        last.rsplit(' ').next().is_some_and(cells::is_file_name)
            && (!is_program || SPACED.iter().any(|name| last.eq_ignore_ascii_case(name)))
    };
    // `Wininet.` (MS04-025 de-de): Windows gives no file such a name, and which extension is meant is not said.
    let cut = last.ends_with('.');
    // `b..dll`
    let doubled = || last.rsplit_once('.').is_some_and(|(stem, _)| stem.ends_with('.'));
    last.len() >= 2 && !cut && last.chars().all(known) && (!last.contains(' ') || spaced()) && !doubled()
}

#[cfg(test)]
mod tests {
    use super::{in_package, on_disk};

    #[test]
    fn names_inside_packages_are_those_on_disk() {
        for (written, name, platform) in [
            ("Xlsrv.dll.x86", "Xlsrv.dll", Some("x86")),
            ("Mssrch.dll_0001.x64", "Mssrch.dll", Some("x64")),
            ("owssvr.dll_0001", "owssvr.dll", None),
            ("Portal.dll_001", "Portal.dll", None),
            ("MSPUB.EXE_1033", "MSPUB.EXE", None),
            ("Msmapi32.dll_0001_1033", "Msmapi32.dll", None),
            ("Emsui32.dll_0005_eng", "Emsui32.dll", None),
            ("gdiplus.dll.4540efcf_1234_567f_be99_9b9aaf99e9b9", "gdiplus.dll", None),
        ] {
            assert_eq!(in_package(written), Some((name, platform)), "{written}");
        }
        for written in ["b.dll", "abc_0001.dll", "VER.DL_", "kernel32.dll.mui", "setup.x86", "a.b_001x"] {
            assert_eq!(in_package(written), None, "{written}");
        }
    }

    #[test]
    fn marks_around_a_name_are_cut_and_full_width_letters_are_folded() {
        for (written, name) in [
            ("b.dll", "b.dll"),
            ("~b.dll", "b.dll"),
            ("\u{2192} b.dll", "b.dll"),
            ("_b.dll_", "b.dll"),
            ("(b.dll)", "b.dll"),
            ("*b.dll", "b.dll"),
            ("b.dll!", "b.dll"),
            ("b.dll?", "b.dll"),
            ("\u{ff42}\u{ff0e}\u{ff44}\u{ff4c}\u{ff4c}", "b.dll"),
            ("\u{ff42}.dll", "b.dll"),
            // Names that the archives do have.
            ("VER.DL_", "VER.DL_"),
            ("_IDisp9x.dll", "_IDisp9x.dll"),
            ("Virtual pc.exe", "Virtual pc.exe"),
            ("Ntldr", "Ntldr"),
            ("%EXSRVROOT%\\Bin\\Imcmsg.dll", "%EXSRVROOT%\\Bin\\Imcmsg.dll"),
            ("<ntroot>\\symbols\\exe\\snaservr.dbg", "<ntroot>\\symbols\\exe\\snaservr.dbg"),
            ("Package_1~31bf3856ad364e35~x86~~6.0.1.4.mum", "Package_1~31bf3856ad364e35~x86~~6.0.1.4.mum"),
        ] {
            assert_eq!(on_disk(written).as_deref(), Some(name), "{written}");
        }
    }

    #[test]
    fn what_no_name_of_the_archives_holds_is_no_name() {
        for written in [
            "b.dll = x",
            "b.d\u{406}l",
            "a.dll&b.dll",
            "b..dll",
            "Lamp.",
            "b dll",
            "abc.dll 1",
            "ab cd.dll",
            "File abcd.dll",
            "b\u{2192}c.dll",
            "",
            "~",
            "b",
        ] {
            assert_eq!(on_disk(written), None, "{written}");
        }
    }
}
