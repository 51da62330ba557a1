//! Packages of another product than the one whose files a bulletin lists: the commands of some parts of a page are copied
//! from the part above.

use std::collections::HashSet;

use super::names::named;

/// The beginnings of the names of packages, with a word that the heading of their files has.
///
/// `NDP1.1-KB830348-X86.exe` stands in the part of Picture It! (MS04-028 ja-jp).
const PRODUCTS: [(&str, &[&str]); 3] =
    [("ndp", &["framework", ".net", "net", "asp.net"]), ("vs", &["studio", ".net", "net"]), ("vfp", &["foxpro"])];

/// The words of which the heading of a package's files has one. `name` is the part before its update.
pub(crate) fn words_of(name: &str) -> Option<&'static [&'static str]> {
    let at = name.find(|c: char| c.is_ascii_digit())?;
    let (product, _) = name.split_at(at);
    PRODUCTS.iter().find(|(own, _)| product.eq_ignore_ascii_case(own)).map(|(_, words)| *words)
}

/// True for a heading that names programs, none of which is the one of a package.
pub(crate) fn is_other(words: &[&str], heading: &HashSet<String>, names_program: impl Fn() -> bool) -> bool {
    !words.iter().any(|word| heading.contains(*word)) && names_program()
}

/// True if an item of a list may be of a heading's product: it names the same product of another version, or one of
/// them names none. `Picture It! 2002` has only a year in common with `Project 2002` (MS04-028).
pub(crate) fn may_be_of<'c>(heading: &str, mut items: impl Iterator<Item = &'c str>) -> bool {
    let wanted = bases(heading);
    let fits = |own: HashSet<String>| own.is_empty() || own.iter().any(|base| wanted.contains(base));
    wanted.is_empty() || items.any(|item| fits(bases(item)))
}

/// The products that a text names, without their versions. Programs of Office and their viewers are corrected by its updates (`Word
/// Viewer 2003` of MS05-023).
fn bases(text: &str) -> HashSet<String> {
    const OFFICE: [&str; 10] = [
        "Word",
        "Excel",
        "PowerPoint",
        "Outlook",
        "Access",
        "Publisher",
        "FrontPage",
        "OneNote",
        "InfoPath",
        "Office XP",
    ];
    let named = named(text);
    let base = |name: &str| {
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
        let bare = bare.strip_suffix(" Viewer").unwrap_or(bare);
        if OFFICE.contains(&bare) { "Office".to_owned() } else { bare.to_owned() }
    };
    let programs: HashSet<String> = named.programs().map(base).collect();
    if programs.is_empty() { named.windows().map(|(name, ..)| name.to_owned()).collect() } else { programs }
}
