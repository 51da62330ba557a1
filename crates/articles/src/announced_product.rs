//! The product that the sentence which announces a table names for its files: "The English version of the Windows 2000 fix should have
//! the following file attributes or later:". It counts where no heading stands above the table.

use std::sync::LazyLock;

use regex::bytes;

use super::document::Line;
use super::file_sentences;
use super::heading::names_products_only;
use super::vocabulary::byte_pattern;

/// The subject of a sentence that announces attributes, up to its verb.
static SUBJECT: LazyLock<bytes::Regex> = byte_pattern!(
    r"(?i)^(?P<subject>.{3,160}?) (?:should|must|has|have|will have|with)\b.{0,60}\b(?:attributes?|time ?stamps?|or later)\b"
);

/// The names of products in a subject, from the most to the least plain words.
static NAMED: [LazyLock<bytes::Regex>; 4] = [
    byte_pattern!(
        r"(?i)\bversions? of (?:the|this) (?P<of>.{2,100}?)(?: version)?(?: of the)? (?:hot ?fix|fix|update|patch)$"
    ),
    byte_pattern!(
        r"(?i)\b(?:hot ?fix|fix|update|patch|files?|versions?) for (?:computers (?:that are )?running )?(?P<of>.{2,100}?)$"
    ),
    byte_pattern!(
        r"(?i)^(?:on|for) (?P<of>.{2,80}?)(?:-based)?(?: (?:computers|systems|servers|workstations))?, (?:the|this)\b"
    ),
    byte_pattern!(r"(?i)^(?:the |this )?(?P<of>.{2,80}?)(?: (?:hot ?fix|fix|update|patch))?$"),
];

/// What a remark excludes: "this fix (it is not for Windows 2000)".
static EXCEPTED: LazyLock<bytes::Regex> =
    byte_pattern!(r"(?i)\((?:it|this|this fix|the fix) is not for (?P<of>[^()]{2,80})\)");

/// The product as a heading; `None` if the paragraph right above the table announces nothing or names no product for it.
pub(crate) fn of(lines: &[Line<'_>], paragraph: (usize, usize)) -> Option<String> {
    let (start, end) = paragraph;
    let text: Vec<&str> = lines[start..end].iter().map(Line::trimmed).collect();
    of_text(&text.join(" "))
}

fn of_text(paragraph: &str) -> Option<String> {
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let text = words.join(" ");
    let announces = |sentence: &str| {
        let lower = sentence.to_ascii_lowercase();
        ["attributes", "time stamp", "or later"].iter().any(|word| lower.contains(word))
    };
    let mut before: Option<&str> = None;
    for sentence in text.split_inclusive(". ").map(str::trim) {
        if announces(sentence) {
            return named(sentence).or_else(|| {
                let named = file_sentences::products(before?.trim_end_matches('.'))?;
                Some(named.to_owned())
            });
        }
        before = Some(sentence);
    }
    None
}

/// The product that a sentence names.
fn named(sentence: &str) -> Option<String> {
    if let Some(except) = EXCEPTED.captures(sentence.as_bytes()).and_then(|found| found.name("of")) {
        let name = sentence.get(except.range())?;
        return is_product(name).then(|| format!("All except {name}"));
    }
    let subject = SUBJECT.captures(sentence.as_bytes())?.name("subject")?;
    let subject = sentence.get(subject.range())?;
    let found = NAMED.iter().find_map(|pattern| {
        let of = pattern.captures(subject.as_bytes())?.name("of")?;
        let name = subject.get(of.range())?.trim_start_matches("Microsoft ");
        is_product(name).then_some(name)
    })?;
    Some(found.replace("-based", ""))
}

/// True for names of products, packs and releases alone that begin with a product.
fn is_product(name: &str) -> bool {
    const MORE: [&str; 8] = ["OEM", "Release", "Releases", "Gold", "(SP1)", "(SP2)", "(SP3)", "(SP4)"];
    let bare: Vec<&str> =
        name.split(' ').filter(|word| !MORE.iter().any(|more| more.eq_ignore_ascii_case(word))).collect();
    let bare = bare.join(" ").replace("-based", "");
    let begins = name.starts_with(|first: char| first.is_ascii_uppercase());
    begins && !name.starts_with("Service ") && names_products_only(&bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issue 13: the sentence above a table without a heading names its product.
    #[test]
    fn announcing_sentences_name_the_product_of_their_table() {
        for (sentence, product) in [
            (
                "The English version of the Windows 2000 fix should have the following file attributes or later:",
                "Windows 2000",
            ),
            (
                "The English version of this fix for Windows NT 4.0 should have the following file attributes or later:",
                "Windows NT 4.0",
            ),
            (
                "The English version of this fix for Windows NT Server Terminal Server Edition should have the following file attributes or later:",
                "Windows NT Server Terminal Server Edition",
            ),
            (
                "The English version of the Windows NT Server and Windows NT Workstation fix should have the following file attributes or later:",
                "Windows NT Server and Windows NT Workstation",
            ),
            (
                "The following files are for Windows 2000 Service Pack 3. The English version of this fix should have the following file attributes or later:",
                "Windows 2000 Service Pack 3",
            ),
            (
                "On Windows 2000-based computers, the English version of this fix should have the following file attributes or later:",
                "Windows 2000",
            ),
            (
                "This fix for Windows 95 and OEM Service Release 2 should have the following file attributes or later:",
                "Windows 95 and OEM Service Release 2",
            ),
            ("SMS 2.0 SP2 must have the following file attributes or later:", "SMS 2.0 SP2"),
            (
                "The English version of this fix (it is not for Windows 2000) should have the following file attributes or later:",
                "All except Windows 2000",
            ),
        ] {
            assert_eq!(of_text(sentence).as_deref(), Some(product), "{sentence}");
        }
        for sentence in [
            "The English version of this fix should have the following file attributes or later:",
            "The English version of the fix for this problem should have the following file attributes or later:",
            "The English version of this fix for the Alpha platform should have the following file attributes or later:",
            "This fix should have the following time stamp:",
            "This problem was corrected in Windows 2000 Service Pack 3.",
            "If you are running Windows NT 4.0, you must restart. This fix should have the following file attributes or later:",
            "The German version of this fix should have the following file attributes or later:",
        ] {
            assert_eq!(of_text(sentence), None, "{sentence}");
        }
    }
}
