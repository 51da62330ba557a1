//! Folders of packages: the service branch, the processor and the 32-bit files of a 64-bit package that they name, in a
//! column of their own or before the name of a file.

use std::borrow::Cow;

use hotfixcheck_types::Machine;

/// True for three letters one of which every such folder contains. The bit of small letters is set in both cases.
fn is_mark(letters: &[u8]) -> bool {
    matches!(letters, [a, b, c] if matches!(&[a | 32, b | 32, c | 32], b"gdr" | b"qfe" | b"ldr" | b"wow"))
}

/// The longest name of a branch with marks in it, in bytes: `Service Pack 2 GDR`.
const MAX_BRANCH: usize = 20;

/// The service branch that a package's folder names, and whether the folder contains the 32-bit files of a 64-bit
/// package: `SP2QFE`, `RTMGDR\WOW`, `SP1QFE\ip`, `update\SP2 GDR`. `None` for another folder.
pub(crate) fn folder_cell(text: &str) -> Option<(Option<Cow<'_, str>>, bool)> {
    if !text.as_bytes().windows(3).any(is_mark) {
        return None;
    }
    // A blank instead of the backslash: `RTMQFE WOW` (MS05-001).
    if let Some((before, last)) = text.trim().rsplit_once(' ')
        && last.eq_ignore_ascii_case("wow")
        && let Some(branch) = branch(before.trim_end())
    {
        return Some((Some(branch), true));
    }
    // `SP2 (GDR)`, `sp2/gdr`, `SP2GDR (x86)`.
    let bare = match text.trim().strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((before, cpu)) if Machine::from_platform_word(cpu).is_some() => before.trim_end(),
        _ => text.trim(),
    };
    let is_whole = |text: &str| text.len() <= MAX_BRANCH && is_branch(&joined(&text.to_ascii_lowercase()));
    if (bare.len() < text.trim().len() || bare.contains(['(', '/'])) && is_whole(bare) {
        return Some((Some(Cow::Owned(joined(bare).to_ascii_uppercase())), false));
    }
    let parts: Vec<&str> = parts_of(text).collect();
    let wow = |part: &str| part.eq_ignore_ascii_case("wow");
    let at = parts.iter().position(|part| wow(part) || branch(part).is_some())?;
    // A folder above that of the branch: `C:\SP2GDR`, `.\SP2GDR`, `update\SP2GDR`. With other slashes the parts may be
    // several names.
    let above = &parts[..at];
    let is_plain = |part: &&str| !part.contains(char::is_whitespace);
    let is_path = text.contains('\\') && !text.contains('/') || above.iter().all(|part| *part == ".");
    if !(above.is_empty() || is_path && above.iter().all(is_plain)) {
        return None;
    }
    let (first, below) = parts[at..].split_first()?;
    if wow(first) {
        return below.is_empty().then_some((None, true));
    }
    let in_wow = below.first().is_some_and(|part| wow(part));
    // `GDR/LDR` names two branches.
    let whole = below.is_empty() || in_wow && below.len() == 1;
    // Also `RTMGDR\WOW\LANG` (MS06-009).
    let inside = !below.is_empty() && text.contains('\\') && !text.contains('/');
    (whole || inside).then(|| (branch(first), in_wow))
}

/// A branch without the marks between its parts: `sp2gdr` of `sp2/gdr`.
fn joined(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '/' | '(' | ')' | '\u{a0}')).collect()
}

fn parts_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\\', '/']).map(str::trim).filter(|part| !part.is_empty())
}

/// The branch that a folder's name is: `SP2GDR`; `SP2 GDR`, `SP2_GDR`, `SP2-GDR` are the same.
fn branch(part: &str) -> Option<Cow<'_, str>> {
    let is_mark = |c: char| matches!(c, ' ' | '_' | '-' | '\u{a0}');
    let lower = part.to_ascii_lowercase();
    if is_branch(&lower) {
        return Some(Cow::Borrowed(part));
    }
    if part.len() > MAX_BRANCH || !part.contains(is_mark) {
        return None;
    }
    let bare: String = lower.chars().filter(|c| !is_mark(*c)).collect();
    let bare = bare.replacen("servicepack", "sp", 1);
    is_branch(&bare).then(|| Cow::Owned(bare.to_ascii_uppercase()))
}

fn is_branch(lower: &str) -> bool {
    let pack = ["gdr", "qfe", "ldr"].iter().find_map(|branch| lower.strip_suffix(branch));
    pack.is_some_and(|pack| {
        pack.is_empty()
            || pack == "rtm"
            || pack.strip_prefix("sp").is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The service branch of a heading that names nothing else: `SP2GDR`, `GDR service branch`.
pub(crate) fn branch_heading(text: &str) -> Option<Cow<'_, str>> {
    let lower = text.to_ascii_lowercase();
    let end = [" service branch", " branch", " version", " versions"].iter().find(|end| lower.ends_with(**end));
    let text = end.map_or(text, |end| &text[..text.len() - end.len()]);
    folder_cell(text)?.0
}

/// The facts of the folder before a file's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place<'p> {
    pub branch: Option<Cow<'p, str>>,
    pub platform: Option<&'p str>,
    /// True for the folder with the 32-bit files of a 64-bit package.
    pub of_wow_folder: bool,
    /// True for the 32-bit files of a 64-bit Windows.
    pub wow: bool,
}

impl<'p> Place<'p> {
    /// The facts of a name with its folder: `SP2GDR\abc.sys`, `amd64\abc.dll`. `None` for a name alone.
    pub(crate) fn of_name(path: &'p str) -> Option<Self> {
        let (folder, _) = path.rsplit_once(['\\', '/']).filter(|(folder, _)| !folder.is_empty())?;
        let (branch, of_wow_folder) = folder_cell(folder).unwrap_or_default();
        let wow = of_wow_folder || is_wow_place(folder);
        let machine = || parts_of(folder).find(|part| Machine::from_platform_word(part).is_some());
        Some(Self { branch, platform: if wow { None } else { machine() }, of_wow_folder, wow })
    }
}

/// True for a processor that means the 32-bit files of a 64-bit system.
pub(crate) fn is_wow(platform: &str) -> bool {
    let words = platform.split(|c: char| !c.is_ascii_alphanumeric());
    words.into_iter().any(|word| ["wow", "wow64"].iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// True for a folder that only a 64-bit Windows has, for its 32-bit files.
pub(crate) fn is_wow_place(folder: &str) -> bool {
    let lower = folder.to_ascii_lowercase();
    ["syswow64", "program files (x86)"].iter().any(|known| lower.contains(known))
}
